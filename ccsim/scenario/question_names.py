"""The questions of a scenario's file as they are written: taken out of its tree, their names checked."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.language.forms import NAME
from ccsim.language.questions import QUESTION_WORDS, QUESTIONS
from ccsim.text.faults import Faults
from ccsim.text.paths import joined
from ccsim.text.tree import Entry, Map, Node, kind_of, shown


def split_off(root: Map) -> tuple[Map, Map]:
    """The tree of the scenario without its questions, and these by section."""
    asked = {name: entry for name, entry in root.entries.items() if name in QUESTIONS}
    rest = {name: entry for name, entry in root.entries.items() if name not in QUESTIONS}
    return Map(rest, root.place), Map(asked, root.place)


def written_questions(asked: Map) -> Iterator[tuple[str, str, Entry]]:
    """Section, name and text of every question."""
    for section, entry in asked.entries.items():
        for name, one in entry.node.entries.items() if isinstance(entry.node, Map) else ():
            yield section, name, one


def check_names(asked: Map, variants: Node | None, faults: Faults) -> None:
    """Note questions whose names will not do: `FILE:NAME` is to say one thing."""
    for section, entry in asked.entries.items():
        if not isinstance(entry.node, Map):
            what = f"expected a map from names to questions, got {kind_of(entry.node)}"
            faults.add(what, entry.node.place, section)
    taken = (
        {name: ("variant", one.place) for name, one in variants.entries.items()} if isinstance(variants, Map) else {}
    )
    for section, name, one in written_questions(asked):
        key = joined(section, name)
        if not NAME.fullmatch(name):
            faults.add(f"expected a name of letters, digits and _ . + -, got {shown(name)}", one.place, key)
        elif name in taken:
            what, place = taken[name]
            other = f"a {what} in line {place.line}" if place.source == one.place.source else f"a {what} ({place})"
            faults.add(f"{shown(name)} is the name of {other}, too: FILE:{name} is to mean one thing", one.place, key)
        taken.setdefault(name, (QUESTION_WORDS[section], one.place))
