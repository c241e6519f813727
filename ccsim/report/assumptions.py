"""The scenario's values in words, from the canonical form that a run keeps: what was put in, not measured.

What a field is called and of which kind its value is stands with the field, in `ccsim.language`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from ccsim.language.goals import Goal, question_of, target_of
from ccsim.language.hours import WeekHours, hours_text
from ccsim.language.scenario import Scenario
from ccsim.language.section import FieldInfo, Section
from ccsim.language.special_days import SpecialDay, special_day_text
from ccsim.language.words import kind_of, scalar_text, weekdays_text
from ccsim.units import HOUR

MOST_LINES: Final = 1_500
"""Longer sections are cut; run.json has every value."""
FEW: Final = 16
"""Longer lists of numbers are summed up."""
MOST_ON_A_LINE: Final = 6
_ON_A_LINE: Final = (WeekHours, SpecialDay)
"""Sections that have words of their own."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """One section of a scenario as text."""

    title: str
    text: str
    """Indented lines, `name: value`."""


class _Place:
    """What the language says of the values at a place: their type and their kind."""

    def __init__(
        self, annotation: Any, field: FieldInfo | None, per_hour: bool = False, of_forecast: bool = False
    ) -> None:
        self.annotation = annotation
        self.field = field
        self.per_hour = per_hour
        """Whether numbers are contacts per microsecond, told by the hour."""
        self.of_forecast = of_forecast
        """Whether values of a grid are handle times of a forecast, microseconds."""

    @classmethod
    def of(cls, field: FieldInfo) -> _Place:
        """Where the value of a field stands."""
        return cls(field.annotation, field)

    @property
    def kind(self) -> str:
        if self.of_forecast and self.field and self.field.name == "values":
            return "duration"
        return kind_of(self.field) if self.field else ""

    def below(self, field: FieldInfo) -> _Place:
        """A field of the section that stands here."""
        rates = self.per_hour or str(field) in ("Volume.rate", "Volume.changes")
        return _Place(field.annotation, field, rates, self.of_forecast or str(field) == "Volume.aht")

    def inside(self) -> _Place:
        """An item of the list or map that stands here."""
        for one in _alternatives(self.annotation):
            if get_origin(one) in (tuple, dict):
                place = 1 if get_origin(one) is dict else 0
                return _Place(get_args(one)[place], self.field, self.per_hour, self.of_forecast)
        return _Place(None, self.field, self.per_hour, self.of_forecast)

    def section(self, value: Any) -> type[Section] | None:
        """The section whose values stand here."""
        if not isinstance(value, Mapping):
            return None
        for one in _alternatives(self.annotation):
            if isinstance(one, type) and issubclass(one, Section) and _same_law(one, value):
                return one
        return None


def assumptions(scenario: Mapping[str, Any]) -> list[Assumed]:
    """The sections of a canonical scenario that say anything; values that are not set are left out.

    A scenario that another version kept may have keys that are unknown here: they are told as they stand.
    """
    found = []
    currency = str(scenario.get("currency") or "")
    for name, field in Scenario.model_fields.items():
        value: Any = scenario.get(name)
        if field.heading or not _said(value):
            continue
        told = _goals(value, currency) if name == "goals" else _Lines(currency).of(value, _Place.of(field))
        lines = list(told)
        cut = lines[:MOST_LINES]
        if len(lines) > len(cut):
            cut.append(f"... {len(lines) - len(cut)} more lines; run.json has every value")
        found.append(Assumed(field.title, "\n".join(cut)))
    return found


def _goals(goals: Sequence[Mapping[str, Any]], currency: str) -> Iterator[str]:
    for said in goals:
        known = {name: value for name, value in said.items() if name in Goal.model_fields}
        hours = known.get("hours")
        if isinstance(hours, Mapping):
            known["hours"] = WeekHours(spans=_spans(hours))
        goal = Goal(**known)
        yield f"- {question_of(goal)}: {target_of(goal, currency)}"


class _Lines:
    """Values as indented lines; `currency` is the unit of money."""

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def of(self, value: Any, place: _Place, depth: int = 0) -> Iterator[str]:
        """One line for what is short, a heading and further lines for what is not."""
        pad = "  " * depth
        section = place.section(value)
        if section in _ON_A_LINE or self._is_short(value):
            yield f"{pad}{self._text(value, place)}"
        elif isinstance(value, Mapping):
            for name, inner, below in _entries(value, place, section):
                if self._is_short(inner) or below.section(inner) in _ON_A_LINE:
                    yield f"{pad}{name}: {self._text(inner, below)}"
                else:
                    yield f"{pad}{name}:"
                    yield from self.of(inner, below, depth + 1)
        else:
            for number, inner in enumerate(value, 1):
                if isinstance(inner, Mapping) and "name" in inner:
                    yield f"{pad}- {inner['name']}:"
                    inner = {key: one for key, one in inner.items() if key != "name"}
                else:
                    yield f"{pad}- {number}:"
                yield from self.of(inner, place.inside(), depth + 1)

    def _is_short(self, value: Any) -> bool:
        """Whether a value fits on one line."""
        if isinstance(value, Mapping):
            said = [inner for inner in value.values() if _said(inner)]
            return len(said) <= MOST_ON_A_LINE and not any(isinstance(inner, (Mapping, list, tuple)) for inner in said)
        if isinstance(value, (list, tuple)):
            return not any(isinstance(inner, (Mapping, list, tuple)) for inner in value)
        return True

    def _text(self, value: Any, place: _Place) -> str:
        section = place.section(value)
        if section is WeekHours:
            return hours_text(WeekHours(spans=_spans(value)))
        if section is SpecialDay:
            return special_day_text(
                SpecialDay(spans=_spans(value), **{name: value.get(name) for name in ("holiday", "at_work")})
            )
        if isinstance(value, Mapping):
            parts = ((name, self._text(inner, below)) for name, inner, below in _entries(value, place, section))
            return ", ".join(text if name == "law" else f"{name} {text}" for name, text in parts)
        if isinstance(value, (list, tuple)):
            return self._list(value, place)
        if place.per_hour and place.kind == "number" and str(place.field) != "Change.times":
            return f"{scalar_text(float(f'{value * HOUR:.9g}'), 'number')} an hour"
        return scalar_text(value, place.kind, self.currency)

    def _list(self, values: Sequence[Any], place: _Place) -> str:
        if place.kind == "weekdays":
            return weekdays_text(tuple(values))
        names = place.field.places if place.field else ()
        if names and len(names) == len(values):
            return ", ".join(
                f"{name} {self._text(one, place.inside())}" for name, one in zip(names, values, strict=True)
            )
        if len(values) > FEW and all(isinstance(one, (int, float)) for one in values):
            low, high = (self._text(one, place.inside()) for one in (min(values), max(values)))
            return f"{len(values)} values from {low} to {high}"
        return ", ".join(self._text(one, place.inside()) for one in values)


def _entries(
    value: Mapping[str, Any], place: _Place, section: type[Section] | None
) -> Iterator[tuple[str, Any, _Place]]:
    """What a map says, each with its name and its place: fields in their order, names as they come."""
    fields = section.model_fields if section else {}
    for name in [*fields, *(name for name in value if name not in fields)]:
        if _said(value.get(name)):
            below = place.below(fields[name]) if name in fields else place.inside()
            yield fields[name].words or name if name in fields else name, value[name], below


def _alternatives(annotation: Any) -> Iterator[Any]:
    """The types that may stand at an annotation."""
    if get_origin(annotation) is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _alternatives(one)
    else:
        yield annotation


def _same_law(section: type[Section], value: Mapping[str, Any]) -> bool:
    law = section.model_fields.get("law")
    return law is None or law.default == value.get("law", law.default)


def _spans(value: Mapping[str, Any]) -> Any:
    """Spans of hours as they are kept; None where there are none to speak of."""
    spans = value.get("spans")
    return None if spans is None else tuple((start, end) for start, end in spans)


def _said(value: Any) -> bool:
    """Whether there is anything in a value."""
    if isinstance(value, Mapping):
        # Of a special day no spans say that it is closed.
        return any(_said(inner) for inner in value.values()) or value.get("spans") == []
    return value is not None and value not in ("", [], ())
