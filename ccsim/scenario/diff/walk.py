"""Two parts of a scenario side by side, setting by setting, and what each change is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from ccsim.language.changes import Change
from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import Volume
from ccsim.language.headcount import PeopleBounds
from ccsim.language.hours import WeekHours
from ccsim.language.pools import Pool
from ccsim.language.rosters import PublishedRoster
from ccsim.language.routing import OverflowStep
from ccsim.language.section import FieldInfo, Section
from ccsim.language.shifts import Shift
from ccsim.language.special_days import SpecialDay
from ccsim.language.words import instant, kind_of, number
from ccsim.language.workflows import Tier, Workflow
from ccsim.scenario.diff.grids import more, rate_change, staffing_change
from ccsim.scenario.diff.same import same
from ccsim.scenario.diff.text import pair, text_of
from ccsim.scenario.diff.words import counted
from ccsim.text.paths import joined
from ccsim.units import HOUR

MOST_PARTS: Final = 12
"""Shares and items of a list that one sentence names; the others are counted."""


class Found(NamedTuple):
    """One change of one setting."""

    key: str
    label: str
    """What the setting is called; empty where the change says it."""
    change: str
    before: str
    after: str
    results: bool = True
    """Whether it may change a result."""

    @property
    def what(self) -> str:
        """Label and change in a sentence."""
        if not self.label:
            return self.change
        return f"{self.label}{'' if ' -> ' in self.change and ', ' not in self.change else ':'} {self.change}"


class At(NamedTuple):
    """Where in a scenario two values stand."""

    key: str
    label: str = ""
    field: FieldInfo | None = None
    """The field that holds them."""
    kind: str = ""
    results: bool = True

    @property
    def unit(self) -> str:
        """Of what the values are amounts; empty for other values."""
        return self.field.unit if self.field else ""

    def of(self, section: type[Section], name: str) -> bool:
        """Whether the values are those of a field of a section."""
        return self.field is section.model_fields[name]

    def below(self, field: FieldInfo) -> At:
        """A field of the section that stands here."""
        key = self.key
        for part in (field.key or field.name).split("."):
            key = joined(key, part)
        label = f"{self.label} {field.words}".strip()
        return At(key, label, field, kind_of(field), self.results and not field.silent)

    def found(self, before: str, after: str, change: str = "") -> Found:
        """A change here."""
        return Found(self.key, self.label, change or f"{before} -> {after}", before, after, self.results)


class Walk:
    """Walks through two values in step; `currencies` are the units of their money."""

    def __init__(self, currencies: tuple[str, str]) -> None:
        self.currencies = currencies

    def values(self, a: Any, b: Any, at: At) -> Iterator[Found]:
        """Every change between two values; at least one where they are not the same."""
        if same(a, b):
            return
        if type(a) is not type(b):
            yield self._whole(a, b, at)
        elif isinstance(a, Grid) and at.of(Pool, "staffing"):
            yield at._replace(label="").found(*self._pair(a, b, at), staffing_change(a, b))
        elif isinstance(a, RateCurve):
            yield from self._rate(a, b, at)
        elif isinstance(a, Volume) and _source(a) != _source(b):
            yield from self._other_source(a, b, at)
        elif isinstance(a, Section) and not isinstance(a, (Grid, WeekHours, PublishedRoster, SpecialDay, PeopleBounds)):
            yield from self.section(a, b, at)
        elif isinstance(a, dict):
            yield from self._map(a, b, at)
        elif isinstance(a, tuple):
            yield from self._list(a, b, at)
        elif at.unit:
            yield at._replace(label="").found(*self._pair(a, b, at), _amount(a, b, at.unit))
        else:
            yield self._whole(a, b, at)

    def section(self, a: Section, b: Section, at: At, without: tuple[str, ...] = ()) -> Iterator[Found]:
        """Every change between two sections of one type, field by field."""
        for name, field in type(a).model_fields.items():
            old, new = getattr(a, name), getattr(b, name)
            if name not in without and not same(old, new):
                yield from self.values(old, new, at.below(field))

    def _pair(self, a: Any, b: Any, at: At) -> tuple[str, str]:
        return pair(a, b, at.kind, self.currencies, at.field.none if at.field else "none")

    def _whole(self, a: Any, b: Any, at: At) -> Found:
        return at.found(*self._pair(a, b, at))

    def _rate(self, a: RateCurve, b: RateCurve, at: At) -> Iterator[Found]:
        if not same(a.grid, b.grid):
            yield at._replace(label="").found(*self._pair(a, b, at), rate_change(a.grid, b.grid))
        if a.interpolate != b.interpolate:
            here = at.below(RateCurve.model_fields["interpolate"])
            yield self._whole(a.interpolate, b.interpolate, here)

    def _other_source(self, a: Volume, b: Volume, at: At) -> Iterator[Found]:
        """A volume that comes from something else: a profile, a curve, a trace."""
        yield at._replace(label="demand").found(*pair(_source_text(a), _source_text(b)))
        yield from self.section(a, b, at, without=_SOURCES)

    def _map(self, a: dict[str, Any], b: dict[str, Any], at: At) -> Iterator[Found]:
        values = [*a.values(), *b.values()]
        if any(isinstance(value, (Section, dict)) for value in values):
            yield from self._named(a, b, at)
        else:
            yield self._shares(a, b, at)

    def _named(self, a: dict[str, Any], b: dict[str, Any], at: At) -> Iterator[Found]:
        """Parts with names: those that are new, those that are gone, and what changed in the others."""
        odd = {
            name: text_of(part[name], at.kind, currency)
            for part, other, currency in ((a, b, self.currencies[0]), (b, a, self.currencies[1]))
            for name in part.keys() - other.keys()
        }
        if "" in odd.values():
            bare = [tuple(name for name in sorted(part) if odd.get(name, "") == "") for part in (a, b)]
            yield at.found(", ".join(bare[0]), ", ".join(bare[1]), self._members(*bare))
        for name in sorted(a.keys() | b.keys()):
            label = "" if at.of(Workflow, "tiers") else at.label
            here = At(joined(at.key, name), f"{label} {name}".strip(), at.field, at.kind, at.results)
            if name not in odd:
                yield from self.values(a[name], b[name], here)
            elif odd[name]:
                yield self.odd(a.get(name), b.get(name), here)
        if any(isinstance(value, Tier) for value in a.values()) and a.keys() == b.keys() and list(a) != list(b):
            yield at._replace(label="order of tiers").found(", ".join(a), ", ".join(b))

    def _shares(self, a: dict[str, Any], b: dict[str, Any], at: At) -> Found:
        """A change of several shares in one sentence, the largest first."""
        names = [name for name in {**b, **a} if a.get(name) != b.get(name)]
        names.sort(key=lambda name: (-(b.get(name) or 0), name))
        plain = at._replace(field=None)
        parts = [f"{name} {' -> '.join(self._pair(a.get(name), b.get(name), plain))}" for name in names]
        return at.found(*self._pair(a, b, at), _some(parts))

    def _list(self, a: tuple[Any, ...], b: tuple[Any, ...], at: At) -> Iterator[Found]:
        places = at.field.places if at.field else ()
        if places and len(a) == len(b) == len(places):
            yield self._shares(dict(zip(places, a, strict=True)), dict(zip(places, b, strict=True)), at)
        elif any(isinstance(item, Section) for item in (*a, *b)):
            yield from self._items(a, b, at)
        elif at.kind == "name" and not (at.field and at.field.ordered):
            yield at.found(*self._pair(a, b, at), self._members(a, b))
        else:
            yield self._whole(a, b, at)

    def _members(self, a: tuple[str, ...], b: tuple[str, ...]) -> str:
        added = [name for name in b if name not in a]
        gone = [name for name in a if name not in b]
        parts = [f"{_some(added)} added"] if added else []
        parts += [f"{_some(gone)} taken away"] if gone else []
        moved = [name for name in a if name in b] != [name for name in b if name in a]
        return ", ".join([*parts, "another order"] if moved else parts)

    def _items(self, a: tuple[Any, ...], b: tuple[Any, ...], at: At) -> Iterator[Found]:
        """Items of a list: those that are the same thing one by one, else those that are new and gone."""
        old, new = self._by_thing(a, at), self._by_thing(b, at)
        places = {thing: place for items in (old, new) for thing, (place, _) in items.items()}
        moved = _moved(old, new)
        found = False
        for thing in sorted(places, key=lambda thing: (places[thing], thing)):
            here = At(f"{at.key}.{places[thing]}", thing.partition("\n")[0], at.field, "", at.results)
            before, after = old.get(thing), new.get(moved.get(thing, thing))
            if thing in moved.values():
                continue
            for one in self._item(before and before[1], after and after[1], here):
                found = True
                yield one
        kept = [[thing for thing in items if thing in old and thing in new] for items in (old, new)]
        implied = found and all(isinstance(item, OverflowStep) for item in (*a, *b))
        if not found or (kept[0] != kept[1] and not implied):
            yield at.found("as written", "another order", "the same in another order")

    def _item(self, a: Any, b: Any, at: At) -> Iterator[Found]:
        if a is not None and b is not None:
            yield from self.values(a, b, at)
        elif isinstance(a or b, Change):
            text = _change_text(a or b, at)
            here = at._replace(label="")
            yield here.found("", text, text) if a is None else here.found(text, "", f"no longer {text}")
        else:
            yield self.odd(a, b, at)

    def odd(self, a: Any, b: Any, at: At) -> Found:
        """A part that only one of the two has; the other is None."""
        text = text_of(b, at.kind, self.currencies[1]) if a is None else text_of(a, at.kind, self.currencies[0])
        word = "new" if a is None else "gone"
        sides = ("", text or "as by default") if a is None else (text or "as by default", "")
        return at.found(*sides, f"{word}: {text}" if text else word)

    def _by_thing(self, items: tuple[Section, ...], at: At) -> dict[str, tuple[int, Section]]:
        """Place and item by what each item is about; of several about the same thing each has a key of its own."""
        found: dict[str, tuple[int, Section]] = {}
        for place, item in enumerate(items):
            thing = f"{at.label} {_thing(item, place, at)}".strip()
            while thing in found:
                thing += "\nagain"
            found[thing] = (place, item)
        return found


_SOURCES: Final = ("per_week", "counts", "rate", "trace", "profile")


def _source(volume: Volume) -> list[bool]:
    """Where the demand of a volume comes from."""
    return [getattr(volume, name) is not None for name in _SOURCES]


def _source_text(volume: Volume) -> str:
    if volume.per_week is not None:
        return f"{number(volume.per_week)} contacts a week by a profile"
    if volume.counts is not None:
        return f"{number(sum(volume.counts.values))} contacts by day, from a file, by a profile"
    return "recorded contacts" if volume.trace is not None else text_of(volume.rate)


def _thing(item: Section, place: int, at: At) -> str:
    """What an item of a list is about: two items about the same thing are compared."""
    if isinstance(item, OverflowStep):
        return f"to {item.language or item.to.replace('_', ' ')}"
    if isinstance(item, Shift):
        on = f"on {', '.join(item.on)}" if item.on else text_of(item.days, "weekdays")
        return f"at {text_of(item.start, 'time_of_day')} {on}"
    return _change_text(item, at) if isinstance(item, Change) else str(place + 1)


def _moved(old: dict[str, tuple[int, Section]], new: dict[str, tuple[int, Section]]) -> dict[str, str]:
    """Shifts that come at another time: those that are only in the one list and those only in the other, in order."""
    gone, come = ([thing for thing in a if thing not in b] for a, b in ((old, new), (new, old)))
    shifts = all(isinstance(item, Shift) for _, item in (*old.values(), *new.values()))
    return dict(zip(gone, come, strict=False)) if shifts else {}


def _amount(a: float, b: float, unit: str) -> str:
    if isinstance(a, int) and isinstance(b, int):
        word = "more" if b > a else "fewer"
        return f"{counted(f'{abs(b - a):,}', unit)} {word} ({a:,} -> {b:,})"
    return more(a, b, unit)


def _some(parts: list[str]) -> str:
    rest = len(parts) - MOST_PARTS
    return ", ".join(parts[:MOST_PARTS]) + (f" and {rest} more" if rest > 0 else "")


def _change_text(change: Change, at: At) -> str:
    """A change of a stretch of time."""
    say: Callable[[float], str] = number
    unit = "agents"
    if at.of(Volume, "changes"):
        unit = "contacts an hour"

        def say(value: float) -> str:
            return number(float(f"{value * HOUR:.9g}"))

    parts = [f"set to {say(change.set_to)} {unit}"] if change.set_to is not None else []
    parts += [f"times {number(change.times)}"] if change.times != 1.0 else []
    parts += [f"{counted(say(abs(change.add)), unit)} {'more' if change.add > 0 else 'fewer'}"] if change.add else []
    return f"{', '.join(parts) or 'nothing'} from {instant(change.start)} to {instant(change.end)}"
