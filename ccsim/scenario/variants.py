"""Named changes of a scenario: which overrides a variant stands for, and in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ccsim.language.forms import NAME
from ccsim.language.names import Names
from ccsim.language.questions import QUESTION_COMMANDS, QUESTION_WORDS, QUESTIONS
from ccsim.language.reading import Reading
from ccsim.language.studies import KEEP_GOALS, KEEP_OCCUPANCY, STAFF, STAFF_OF_VARIANT
from ccsim.scenario.overrides import Override
from ccsim.text.faults import Faults, near
from ccsim.text.paths import joined, parse_path
from ccsim.text.tree import Items, Leaf, Map, Node, Place, kind_of, shown

MOST_VARIANTS: Final = 1_000
MOST_CHANGES: Final = 2_000
"""Most keys that one variant changes."""
STAFF_KEY: Final = "staff"
"""Key of a variant that asks people to follow its work."""
_MEANT_FOR_STAFF: Final = frozenset((STAFF_KEY, "people", "staffing", "headcount"))


def overrides_of(
    variants: Map | None, chosen: Sequence[str], place: Place, faults: Faults, asked: Mapping[str, str]
) -> list[Override]:
    """The overrides of the chosen variants in order; what one builds on comes before it, each once. `asked`: sections
    of questions by their names, which are no variants.
    """
    known = variants.entries if variants else {}
    found: list[Override] = []
    done: set[str] = set()
    for name in chosen:
        if name in asked and name not in known:
            section = asked[name]
            command = f"`ccsim {QUESTION_COMMANDS[section]} FILE:{name}`"
            why = f"{shown(name)} is a {QUESTION_WORDS[section]}, no variant: {command} answers it"
            faults.add(why, place, section)
        elif name not in known:
            faults.add(f"there is no variant {shown(name)}{near(name, known)}", place, "variants")
        elif variants:
            found.extend(override for one in _in_order(name, variants, done) for override in _own(one, variants))
    return found


def with_bases(by: str, variants: Map) -> set[str]:
    """By which names overrides of a variant and of all that it builds on go; `by`: that of its own."""
    return {f"variant {name}" for name in _in_order(by.partition(" ")[2], variants, set())}


def key_of_staff(asked: Override) -> str:
    """The key, from the root of the file, by which a variant asks people to follow."""
    return joined(joined("variants", asked.by.partition(" ")[2]), STAFF_KEY)


def _in_order(name: str, variants: Map, done: set[str]) -> list[str]:
    """A variant after all that it builds on, less those that were done before."""
    ordered: list[str] = []
    todo = [(name, False)]
    while todo:
        name, ready = todo.pop()
        if ready:
            ordered.append(name)
        elif name not in done and name in variants.entries:
            done.add(name)
            todo.append((name, True))
            todo.extend((base.text, False) for base in reversed(_bases(variants.entries[name].node)))
    return ordered


def _own(name: str, variants: Map) -> list[Override]:
    """What a variant changes itself, and last that people follow, which its reader has yet to work out."""
    node = variants.entries[name].node
    entries = node.entries if isinstance(node, Map) else {}
    said = [Override(f"variant {name}", key, entry.place, entry.node) for key, entry in entries.items() if key != "on"]
    return sorted(said, key=lambda one: one.key == STAFF_KEY)


def _bases(node: Node) -> list[Leaf]:
    on = node.get("on") if isinstance(node, Map) else None
    items = on.items if isinstance(on, Items) else (on,)
    return [item for item in items if isinstance(item, Leaf)]


def check_variants(variants: Node | None, faults: Faults) -> None:
    """Note what is wrong with the variants of a scenario, chosen or not, short of applying them."""
    if variants is None:
        return
    if not isinstance(variants, Map):
        faults.add(f"expected a map from names to changes, got {kind_of(variants)}", variants.place, "variants")
        return
    if len(variants.entries) > MOST_VARIANTS:
        faults.add(f"expected at most {MOST_VARIANTS:,} variants", variants.place, "variants")
        return
    for name, entry in variants.entries.items():
        key = joined("variants", name)
        if not NAME.fullmatch(name):
            faults.add(f"expected a name of letters, digits and _ . + -, got {shown(name)}", entry.place, key)
        if not isinstance(entry.node, Map):
            faults.add(f"expected a map from dotted keys to values, got {kind_of(entry.node)}", entry.node.place, key)
            continue
        _check_variant(entry.node, name, key, variants, faults)


def _check_variant(node: Map, name: str, key: str, variants: Map, faults: Faults) -> None:
    on = node.get("on")
    if on is not None and (len(_bases(node)) != (len(on.items) if isinstance(on, Items) else 1)):
        faults.add(f"expected the name of a variant, got {kind_of(on)}", on.place, joined(key, "on"))
    for base in _bases(node):
        if base.text not in variants.entries:
            what = f"there is no variant {shown(base.text)}{near(base.text, variants.entries)}"
            faults.add(what, base.place, joined(key, "on"))
        elif _leads_to(base.text, name, variants):
            faults.add(f"{name} builds on itself", base.place, joined(key, "on"))
    if len(node.entries) > MOST_CHANGES:
        faults.add(f"expected at most {MOST_CHANGES:,} changes", node.place, key)
        return
    for path, entry in node.entries.items():
        if path == STAFF_KEY:
            _check_staff(entry.node, name, joined(key, path), faults)
            continue
        if (misplaced := _staff_elsewhere(path, entry.node)) is not None:
            why = f"people follow the work of a variant by its key `{STAFF_KEY}: {KEEP_OCCUPANCY}`, for all its pools"
            faults.add(why, misplaced.place, joined(key, path))
            continue
        try:
            parts = parse_path(path).parts
        except ValueError as error:
            faults.add(str(error), entry.place, key)
            continue
        if parts[0] in ("extends", "variants", *QUESTIONS):
            faults.add(f"a variant cannot change `{parts[0]}`", entry.place, key)


def _check_staff(node: Node, variant: str, key: str, faults: Faults) -> None:
    if isinstance(node, Leaf) and STAFF.instead.get(node.text, node.text) == KEEP_GOALS:
        why = f"a variant searches no people: `ccsim staff FILE:{variant}` finds those that keep the goals; or say"
        faults.add(f"{why} `{STAFF_KEY}: {KEEP_OCCUPANCY}`", node.place, key)
        return
    STAFF_OF_VARIANT.read(node, key, Reading(faults, Names(Map({}, node.place))))


def _staff_elsewhere(path: str, node: Node) -> Leaf | None:
    """What asks people to follow the work under another key than `staff`, or in a map of pools."""
    if isinstance(node, Map):
        within = [(name, entry.node) for name, entry in node.entries.items()] if path.startswith("pools") else []
        return next((found for name, one in within if (found := _staff_elsewhere(f"{path}.{name}", one))), None)
    asks = isinstance(node, Leaf) and (node.text in STAFF.words or node.text in STAFF.instead)
    last = path.rpartition(".")[2]
    return node if isinstance(node, Leaf) and asks and (last in _MEANT_FOR_STAFF or "." not in path) else None


def _leads_to(start: str, goal: str, variants: Map) -> bool:
    """Whether a variant builds, over any number of steps, on another."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name == goal:
            return True
        entry = variants.entries.get(name)
        if name not in seen and entry and isinstance(entry.node, Map):
            seen.add(name)
            todo.extend(base.text for base in _bases(entry.node))
    return False
