"""Overrides: variants and `--set`, one dotted key at a time, each checked against the language and logged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ccsim.language.changes import rate
from ccsim.language.currencies import in_unit_of
from ccsim.language.demand import SHAPED, SOURCES
from ccsim.language.forms import DictForm, EitherForm, Form, ListForm
from ccsim.language.names import Names
from ccsim.language.reading import Reading
from ccsim.language.scenario import SCENARIO
from ccsim.text import scalars
from ccsim.text.deltas import Delta, changed, delta_of
from ccsim.text.faults import Faults, near, nearest
from ccsim.text.merge import Applied, deletes
from ccsim.text.paths import Path, joined, parse_path
from ccsim.text.stretch import parse_stretch
from ccsim.text.tree import Entry, Items, Leaf, Map, Node, Place, flow, kind_of, shown

_SLIP: Final = 0.8
"""Likeness of names from which on a new one may be meant for another: a letter too many or too few."""


@dataclass(frozen=True, slots=True)
class Override:
    """One value for one key."""

    by: str
    """`variant NAME` or `--set`."""
    key: str
    place: Place
    """Where the key stands."""
    value: Node


_NO_STRETCH: Final = "only pools.NAME.staffing and demand.NAME.rate can be changed for a stretch of time; "
_COUNT_IT: Final = "for other keys say a variant that counts it alone, with a `horizon:` of its own"
_PEOPLE_FOR_A_TIME: Final = (
    "people who come or go are a pool of their own, with `from:` and `until:`; who is away for some days is one with "
    "`leave_on:`"
)
_FORMER_FORECAST: Final = "intervals"
"""The old key of a volume's `forecast`."""


class Stop(Exception):  # noqa: N818
    """The override cannot be applied; the fault has been noted."""


def apply(root: Map, override: Override, faults: Faults, applied: list[Applied]) -> Map:
    """The tree with one override applied and logged; unchanged where it has a fault."""
    try:
        return _Application(root, override, faults, applied).run()
    except Stop:
        return root


class _Application:
    """Applies one override to a tree."""

    def __init__(self, root: Map, override: Override, faults: Faults, applied: list[Applied]) -> None:
        self.root = root
        self.override = override
        self.applied = applied
        self.rd = Reading(faults, Names(root))
        try:
            self.path = self.as_written(parse_path(override.key))
        except ValueError as error:
            self.refuse(str(error), override.place)

    def as_written(self, path: Path) -> Path:
        """The key with each renamed part called as the scenario calls it, so that one value replaces the other."""
        node: Node | None = self.root
        form: Form | None = SCENARIO
        parts: list[str] = []
        for part in path.parts:
            other = form.other_name(part) if form else ""
            called = other if other and step(node, part) is None and step(node, other) is not None else part
            parts.append(called)
            node, form = step(node, called), form_below(form, called, self.rd)
        return Path(tuple(parts), path.stretch)

    def refuse(self, message: str, place: Place | None = None, key: str | None = None) -> None:
        self.rd.fault(message, place or self.override.value.place, key or self.override.key)
        raise Stop

    def run(self) -> Map:
        parts = self.path.parts
        kind = _curve(parts)
        if self.path.stretch is not None:
            if kind is None:
                self.refuse(_NO_STRETCH + (_PEOPLE_FOR_A_TIME if _people(parts) else _COUNT_IT), self.override.place)
            return self.change(parts[:2], kind or "", self.stretch(self.path.stretch))
        if kind == "rate":
            self.find(parts[:2])
            return self.rate(parts[:2])
        value = self.override.value
        if len(parts) == 2 and isinstance(value, Map) and self.is_new(*parts):
            return self.add(*parts, value)
        old = self.find(parts)
        if deletes(value):
            if old is None:
                self.refuse("there is nothing to delete: the scenario has no such key")
            return self.put(parts, None, old)
        if parts[0] == "currencies":
            value = in_unit_of(old, value)
        delta = None if _signed(parts) else delta_of(value)
        if delta is not None and parts == ("demand",) and isinstance(old, Map):
            each = ", ".join(f"demand.{name}.rate: {delta}" for name in old.entries)
            self.refuse(f"{delta} changes one volume, whatever its source, by its key `rate`: {each}")
        if delta is None:
            root = self.put(parts, value, old)
            return root if kind is None else self.without_changes(root, parts[:2])
        if old is None:
            self.refuse(f"{delta} changes a value, but the scenario leaves this key at its default; give a value")
        assert old is not None
        if kind == "staffing" and _is_csv(old):
            return self.change(parts[:2], kind, {})
        if kind == "staffing" and delta.sign > 0 and nobody_at_times(old):
            self.rd.warn(
                f"{delta} is added also while the pool has nobody: for some hours alone say them, like "
                f"{self.override.key}[2026-03-04 14:00..15:00]: {delta}, or write the curve; x1.1 leaves 0 at 0",
                self.override.place,
                self.override.key,
            )
        return self.put(parts, self.changed(old, delta, whole=kind == "staffing" or _people(parts)), old)

    def is_new(self, section: str, name: str) -> bool:
        """Whether a key names what a section does not have and may be given: a pool, a goal after the last."""
        form = SCENARIO.keys[section].form if section in SCENARIO.keys else None
        node = self.root.get(section)
        if isinstance(form, ListForm):
            count = len(node.items) if isinstance(node, Items) else 0
            return name == str(count) and (node is None or isinstance(node, Items))
        return isinstance(form, DictForm) and step(node, name) is None and (node is None or isinstance(node, Map))

    def add(self, section: str, name: str, value: Map) -> Map:
        """Put something new into a section, and tell where it may be a slip of the pen."""
        node = self.root.get(section)
        self.log("nothing", flow(value), None)
        if isinstance(SCENARIO.keys[section].form, ListForm):
            items = node.items if isinstance(node, Items) else ()
            return with_value(self.root, (section,), Items((*items, value), self.override.place), value.place)
        for other in nearest(name, written_keys(node), _SLIP):
            said = f"'{name}' is new in {section}; did you mean '{other}'?"
            self.rd.warn(said, self.override.place, self.override.key)
        return with_value(self.root, (section, name), value, self.override.place)

    def changed(self, old: Node, delta: Delta, *, whole: bool = False) -> Node:
        try:
            return changed(old, delta, whole=whole)
        except scalars.Misread as misread:
            self.refuse(str(misread))
            raise Stop from None

    def stretch(self, text: str) -> dict[str, str]:
        try:
            start, end = parse_stretch(text)
        except scalars.Misread as misread:
            self.refuse(str(misread), self.override.place)
            raise Stop from None
        return {"start": start, "end": end}

    def rate(self, stream: tuple[str, ...]) -> Map:
        """Override `demand.NAME.rate`: whatever source the stream has."""
        node = _at(self.root, stream)
        if not isinstance(node, Map):
            self.refuse("there is no rate to change", self.override.place)
            raise Stop
        source = next((name for name in (*SOURCES, _FORMER_FORECAST) if name in node.entries), None)
        delta = delta_of(self.override.value)
        if source == "trace":
            self.refuse("a trace is replayed as recorded; it cannot be changed", self.override.place)
        if delta is None:
            return self.new_rate(stream, node)
        if source is None:
            self.refuse("the stream has no rate to change")
        if source in ("forecast", _FORMER_FORECAST) or " per " in delta.text:
            return self.change(stream, "rate", {})
        parts = (*stream, source or "")
        old = _at(self.root, parts)
        assert old is not None
        return self.put(parts, self.changed(old, delta), old)

    def new_rate(self, stream: tuple[str, ...], node: Map) -> Map:
        """A rate like `12 per minute` in place of the stream's source."""
        value = self.override.value
        text = value.text if isinstance(value, Leaf) else ""
        try:
            rate(text)
        except scalars.Misread as misread:
            self.refuse(str(misread))
        amount, unit = text.split("per")
        leaf = Leaf(amount.strip(), True, value.place)
        dropped = {"rates", "forecast", _FORMER_FORECAST, "interpolate", "profile", *SHAPED} | {
            s for s in SOURCES if s.startswith("per_")
        }
        entries = {name: entry for name, entry in node.entries.items() if name not in dropped}
        entries[f"per_{unit.strip()}"] = Entry(leaf, self.override.place)
        old = {name: entry for name, entry in node.entries.items() if name in dropped}
        self.log(flow(Map(old, node.place)) if old else None, f"{text}", node.place)
        return self.without_changes(with_value(self.root, stream, Map(entries, node.place), value.place), stream)

    def change(self, owner: tuple[str, ...], kind: str, stretch: dict[str, str]) -> Map:
        """Append a change of a curve to the `changes` of its pool or stream."""
        self.find((*owner, "changes"))
        holder = _at(self.root, owner)
        source = (
            "staffing"
            if kind == "staffing"
            else next((s for s in SOURCES if isinstance(holder, Map) and s in holder.entries), "")
        )
        if not isinstance(holder, Map) or source not in holder.entries or source == "trace":
            self.refuse(f"there is no {kind} to change", self.override.place)
            raise Stop
        value = self.override.value
        delta = delta_of(value)
        if isinstance(value, Leaf) and delta is None:
            said = {"set_to": value}
        elif delta is not None:
            sign = {1: "", -1: "-", 0: ""}[delta.sign]
            said = {"add" if delta.sign else "times": Leaf(sign + delta.text, True, value.place)}
        else:
            self.refuse(f"expected a value, or a change like +2 or x1.1, got {kind_of(value)}")
            raise Stop
        written = {name: Leaf(text, True, self.override.place) for name, text in stretch.items()} | said
        item = Map({name: Entry(node, self.override.place) for name, node in written.items()}, self.override.place)
        old = holder.get("changes")
        items = old.items if isinstance(old, Items) else ()
        curve = holder.entries[source].node
        self.log(flow(curve), flow(value), curve.place)
        return with_value(self.root, (*owner, "changes"), Items((*items, item), self.override.place), value.place)

    def without_changes(self, root: Map, owner: tuple[str, ...]) -> Map:
        """The tree without the changes that earlier overrides made to a curve that is now replaced; they are told."""
        old = _at(root, (*owner, "changes"))
        if old is None:
            return root
        lost = ", ".join(flow(one) for one in old.items) if isinstance(old, Items) else flow(old)
        said = f"replaces the whole curve, so earlier changes of it no longer hold: {lost}; let this come first"
        self.rd.warn(said, self.override.place, self.override.key)
        return with_value(root, (*owner, "changes"), None, self.override.place)

    def put(self, parts: tuple[str, ...], value: Node | None, old: Node | None) -> Map:
        self.log(flow(old) if old else None, flow(value) if value else None, old.place if old else None)
        return with_value(self.root, parts, value, self.override.place)

    def log(self, old: str | None, new: str | None, old_place: Place | None) -> None:
        place = self.override.value.place
        self.applied.append(Applied(self.override.by, str(self.path), old, new, place, old_place))

    def find(self, parts: tuple[str, ...]) -> Node | None:
        """The value at a key, None where the language knows the key but nothing is written; else a fault."""
        node: Node | None = self.root
        form: Form | None = SCENARIO
        at = ""
        for depth, part in enumerate(parts):
            if isinstance(node, Leaf):
                self.refuse(
                    f"{at or 'the scenario'} is {kind_of(node)}; there is no key '{part}' in it",
                    self.override.place,
                )
            below = step(node, part)
            if below is not None:
                node, form = below, form_below(form, part, self.rd)
                at = joined(at, part)
                continue
            for missing in parts[depth:]:
                named = [] if isinstance(node, Items) and not missing.isdecimal() else written_keys(node)
                known = [*named, *(form.known(self.rd) if form else ())]
                meant = form.meant(missing) if form else ""
                child = form.child(missing, self.rd) if form else None
                if isinstance(node, Items) and child is not None and not missing.isdecimal():
                    self.refuse(_as_a_map(at, node, missing, self.override.value), self.override.place)
                form = None if isinstance(node, Items) else child
                if form is None:
                    where = f"there is no key {shown(missing)}" + (f" in {at}" if at else "")
                    hint = f"; {meant}" if meant else self.nested(missing, at) or near(missing, known)
                    self.refuse(where + hint, self.override.place)
                node, at = None, joined(at, missing)
            return None
        return node

    def nested(self, name: str, at: str) -> str:
        """Where a first part of a key is the name of something in a section: `desk.staffing` for a pool."""
        sections = self.root.entries.items() if not at else ()
        found = [key for key, entry in sections if step(entry.node, name) is not None and not name.isdecimal()]
        return f"; did you mean {' or '.join(joined(key, name) for key in found)}?" if found else ""


def _as_a_map(at: str, listed: Items, name: str, value: Node) -> str:
    """Why a key cannot be put into a list, whose section takes a map, too."""
    others = [text for item in listed.items if (text := flow(item)) != name]
    said = ", ".join([*(f"{one}: ..." for one in others), f"{name}: {flow(value)}"])
    return f"{at} is written as a list, so say it as a whole: `{at}: {{{said}}}`"


def _curve(parts: Sequence[str]) -> str | None:
    """Which curve a key names: `staffing`, `rate`, or None."""
    if len(parts) == 3 and (parts[0], parts[2]) == ("pools", "staffing"):
        return "staffing"
    return "rate" if len(parts) == 3 and (parts[0], parts[2]) == ("demand", "rate") else None


def _people(parts: Sequence[str]) -> bool:
    """Whether a key counts people, of whom there are whole ones only."""
    of_shift = parts[2:3] == ("shifts",) and (parts[-1] == "agents" or len(parts) == 4)
    return parts[0] == "pools" and (parts[2:] == ("headcount",) or of_shift)


def _signed(parts: Sequence[str]) -> bool:
    """Whether a value at a key has a sign of its own: `-2% per month` is a trend, not a change of one."""
    return len(parts) == 3 and (parts[0], parts[2]) == ("demand", "trend")


def counts_people(parts: Sequence[str]) -> bool:
    """Whether a key counts people or agents, of whom there are whole ones only."""
    return _curve(parts) == "staffing" or _people(parts)


def nobody_at_times(staffing: Node) -> bool:
    """Whether a curve of agents that is written out has nobody at some time."""
    if isinstance(staffing, Map):
        found = [entry.node for name, entry in staffing.entries.items() if name in ("values", "steps")]
        return any(nobody_at_times(one) for one in found)
    values = staffing.items if isinstance(staffing, Items) else ()
    last = [one.items[-1] if isinstance(one, Items) and one.items else one for one in values]
    return any(isinstance(one, Leaf) and one.text.strip() == "0" for one in last)


def _is_csv(node: Node) -> bool:
    return isinstance(node, Leaf) and node.text.lower().endswith((".csv", ".csv.gz"))


def written_keys(node: Node | None) -> list[str]:
    """Keys of a map, numbers of a list."""
    if isinstance(node, Items):
        return [str(number) for number in range(len(node.items))]
    return list(node.entries) if isinstance(node, Map) else []


def step(node: Node | None, part: str) -> Node | None:
    """The value one key further down, or None."""
    if isinstance(node, Map):
        return node.get(part)
    if isinstance(node, Items) and part.isdecimal() and len(part) < 8 and int(part) < len(node.items):
        return node.items[int(part)]
    return None


def _at(root: Node, parts: Sequence[str]) -> Node | None:
    node: Node | None = root
    for part in parts:
        node = step(node, part)
    return node


def form_below(form: Form | None, part: str, rd: Reading) -> Form | None:
    """The form of a value that is written under a key."""
    if isinstance(form, DictForm):
        return form.value
    if isinstance(form, ListForm):
        return form.item if part.isdecimal() or form.one_will_do else None
    if isinstance(form, EitherForm):
        for choice in form.forms:
            below = form_below(choice, part, rd)
            if below is not None:
                return below
        return None
    return form.child(part, rd) if form else None


def with_value(node: Node | None, parts: Sequence[str], value: Node | None, place: Place) -> Map:
    """The tree with a value put at a key (None deletes it); maps on the way are made as needed."""
    changed_node = _put(node, parts, value, place)
    assert isinstance(changed_node, Map)
    return changed_node


def _put(node: Node | None, parts: Sequence[str], value: Node | None, place: Place) -> Node | None:
    if not parts:
        return value
    part = parts[0]
    if isinstance(node, Items):
        items = list(node.items)
        new = _put(items[int(part)], parts[1:], value, place)
        items[int(part) : int(part) + 1] = [] if new is None else [new]
        return Items(tuple(items), node.place)
    entries = dict(node.entries) if isinstance(node, Map) else {}
    old = entries.get(part)
    new = _put(old.node if old else None, parts[1:], value, place)
    if new is None:
        entries.pop(part, None)
    else:
        entries[part] = Entry(new, old.place if old else place)
    return Map(entries, node.place if isinstance(node, Map) else place)
