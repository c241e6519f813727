"""Reads the questions of a scenario's file, one that is asked or all of them to be checked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ccsim.errors import Fault, ScenarioError
from ccsim.language.names import Names
from ccsim.language.questions import QUESTION_COMMANDS, QUESTION_WORDS, QUESTIONS, AskedSearch, AskedSweep, heads_of
from ccsim.language.reading import BAD, Reading
from ccsim.language.studies import StudiedValues
from ccsim.scenario.load import Opened, setting_label, split_variants
from ccsim.scenario.question_names import written_questions
from ccsim.text.faults import Faults
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Entry, Items, Leaf, Map


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that a file asks of its scenario."""

    file: str
    name: str
    said: AskedSweep | AskedSearch
    variants: tuple[str, ...]
    """Variants that the command names before it: `FILE:VARIANT:NAME`."""

    @property
    def base(self) -> str:
        """The scenario as written, with the variants that the command names."""
        return ":".join([self.file, *self.variants])

    @property
    def source(self) -> str:
        """The scenario that is asked about: with the variants of `on`, too."""
        return ":".join([self.base, *self.said.on])

    @property
    def text(self) -> str:
        """What heads the answer."""
        return f"{self.name}: {self.said.question}" if self.said.question else self.name


def question_of(path: str | os.PathLike[str], section: str) -> AskedQuestion | None:
    """The question that `FILE:NAME` names; None where it names none.

    `ScenarioError` with every fault of the question, and where it is one for another command.
    """
    file, named = split_variants(os.fspath(path))
    if not named:
        return None
    opened = Opened(file)
    found = {name: (kind, entry) for kind, name, entry in written_questions(opened.questions)}
    if named[-1] not in found:
        return None
    kind, entry = found[named[-1]]
    if kind != section:
        why = f"is a {QUESTION_WORDS[kind]}: ask it with `ccsim {QUESTION_COMMANDS[kind]} {':'.join([file, *named])}`"
        raise ScenarioError([Fault(why, joined(kind, named[-1]), file, entry.place.line, entry.place.column)])
    faults = Faults(opened.source.folder)
    said = _read(opened, kind, named[-1], entry, named[:-1], faults)
    faults.raise_if_any()
    assert isinstance(said, (AskedSweep, AskedSearch))
    return AskedQuestion(file, named[-1], said, tuple(named[:-1]))


def _read(
    opened: Opened, section: str, name: str, entry: Entry, variants: Sequence[str], faults: Faults
) -> AskedSweep | AskedSearch | None:
    """A question, its names looked up in the scenario that it is about; None after noting its faults."""
    known = [one for one in _on(entry) if one in opened.variants]
    tree = opened.loaded([*variants, *known]).tree
    names = Names(Map({**tree.entries, **opened.written_variants}, tree.place))
    made = QUESTIONS[section].value.read(entry.node, joined(section, name), Reading(faults, names))
    return None if made is BAD else made


def _on(entry: Entry) -> list[str]:
    """Variants that a question names, whatever else is wrong with it."""
    on = entry.node.get("on") if isinstance(entry.node, Map) else None
    return [one.text for one in (on.items if isinstance(on, Items) else (on,)) if isinstance(one, Leaf)]


def faults_of_questions(opened: Opened, settings: Sequence[str] = ()) -> Iterator[Fault]:
    """Every fault of all questions, each at its place: also those that a first or last value of a key would bring."""
    for section, name, entry in written_questions(opened.questions):
        faults = Faults(opened.source.folder)
        try:
            said = _read(opened, section, name, entry, (), faults)
            faults.raise_if_any()
            assert said is not None
            yield from _faults_of_values(opened, said, [*settings, *said.settings], joined(section, name))
        except ScenarioError as error:
            yield from error.faults


def _faults_of_values(
    opened: Opened, said: AskedSweep | AskedSearch, settings: Sequence[str], at: str
) -> Iterator[Fault]:
    """Faults of the scenario with what the question sets, and with the ends of the values of each key."""
    try:
        opened.loaded(said.on, settings)
    except ScenarioError as error:
        yield from (replace(one, message=f"{one.message} (asked by {at})") for one in error.faults)
        return
    for key, values in (said.over if isinstance(said, AskedSweep) else said.change).items():
        ends = _ends(key, values)
        told: set[Fault] = set()
        for value in ends:
            try:
                opened.loaded(said.on, [*settings, f"{key}={value}"])
            except ScenarioError as error:
                label = setting_label(f"{key}={value}")
                for one in error.faults:
                    place = values.place
                    here = one.file == label
                    placed = replace(one, file=place.source.name, line=place.line, column=place.column) if here else one
                    if placed not in told:
                        told.add(placed)
                        yield placed if here else replace(placed, message=f"{one.message} (with {key}={value})")


def _ends(key: str, values: StudiedValues) -> list[str]:
    """First and last value of a key, as `--set` takes them; nothing where a search for people says its bounds."""
    if heads_of(key) and parse_path(key).parts[2] == "shifts":
        return []
    if values.values:
        return list(dict.fromkeys((values.values[0], values.values[-1])))
    return [values.span.at(Fraction(0)), values.span.at(Fraction(1))] if values.span is not None else []
