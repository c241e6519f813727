"""Values of a scenario as a planner reads them: `6m30s`, `70 %`, `lognormal, mean 6m, CV 0.7`."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any, Final, Literal, get_args, get_origin

from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import Profile
from ccsim.language.laws import HandleTime, Patience
from ccsim.language.queue_groups import WeekHours
from ccsim.language.section import MISSING, Section
from ccsim.scenario.diff.grids import grid_text, weights_text
from ccsim.scenario.diff.words import FIRST, KINDS, NONE, UNITS, label_of
from ccsim.text.quantities import LocalTime, Quantity
from ccsim.text.scalars import WEEKDAYS, duration_text
from ccsim.units import DAY, HOUR, MINUTE, SECOND, WEEK

MOST_ITEMS: Final = 8
"""Longer lists are told by their length."""
LONGEST: Final = 160
"""Longer texts are cut."""


def kind_of(section: type[Section], field: str) -> str:
    """The kind of quantity of a field, or of what its list or map holds; empty for plain text and sections."""
    name = f"{section.__name__}.{field}"
    if name not in _KINDS:
        _KINDS[name] = _kind(section.model_fields[field].annotation)
    return _KINDS[name]


_KINDS: Final = dict(KINDS)


def _kind(annotation: Any) -> str:
    if isinstance(annotation, Quantity):
        return annotation.kind
    if annotation is LocalTime:
        return "local_time"
    if annotation is float:
        return "number"
    if get_origin(annotation) is Literal:
        return "word"
    return next((kind for kind in map(_kind, reversed(get_args(annotation))) if kind), "")


def none_of(field: str) -> str:
    """What it means that a field `Section.name` has no value."""
    return NONE.get(field, "none")


def text_of(value: Any, kind: str = "", currency: str = "", none: str = "none") -> str:
    """A value in words, at most a line; `currency` is the unit of money."""
    text = _whole(value, kind, currency, none)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def pair(
    before: Any, after: Any, kind: str = "", currencies: tuple[str, str] = ("", ""), none: str = "none"
) -> tuple[str, str]:
    """Two values that differ in words that differ."""
    first, second = (
        text_of(value, kind, currency, none) for value, currency in zip((before, after), currencies, strict=True)
    )
    if first != second:
        return first, second
    if isinstance(before, (int, float)) and isinstance(after, (int, float)):
        return f"{first} ({before!r})", f"{second} ({after!r})"
    return first, f"{second}, other in detail"


def _whole(value: Any, kind: str, currency: str, none: str) -> str:
    if value is None:
        return none
    if kind == "weekdays":
        return weekdays_text(value)
    if kind == "recorded":
        return f"{len(value):,} values"
    if kind == "weights":
        return weights_text(value)
    if isinstance(value, Section):
        return section_text(value, currency)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_in_list(value[name], kind, currency)}".rstrip() for name in sorted(value)) or "none"
    if isinstance(value, tuple):
        if len(value) > MOST_ITEMS and isinstance(value[0], (int, float, Section)):
            mean = f", mean {duration_text(sum(value) // len(value))}" if kind == "duration" else ""
            return f"{len(value):,} values{mean}"
        return ", ".join(_in_list(item, kind, currency) for item in value) or "none"
    return _scalar(value, kind, currency)


def _in_list(value: Any, kind: str, currency: str) -> str:
    text = _whole(value, kind, currency, "none")
    return f"({text})" if text and isinstance(value, (Section, tuple, dict)) and ", " in text else text


def _scalar(value: Any, kind: str, currency: str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "duration":
        return duration_text(value)
    if kind in ("share", "ratio"):
        return percent(value)
    if kind == "money":
        return f"{money(value)} {currency}".rstrip()
    if kind == "time_of_day":
        return clock(value)
    if kind == "local_time":
        return instant(value)
    if kind == "seed":
        return str(value)
    if kind == "trend":
        return f"{percent(math.expm1(value * WEEK))} a week" if value else "none"
    if isinstance(value, (int, float)):
        return number(value)
    return str(value).replace("_", " ") if kind == "word" else str(value) or "none"


def section_text(section: Section, currency: str = "") -> str:
    """What a section says beside its defaults, in one line."""
    if isinstance(section, WeekHours):
        return hours_text(section)
    if isinstance(section, Grid):
        return grid_text(section)
    if isinstance(section, RateCurve):
        return grid_text(section.grid, rate=True)
    if isinstance(section, Profile):
        return f"{weights_text(section.hours)}, on {WEEKDAYS[section.weekdays.index(max(section.weekdays))]}"
    if isinstance(section, Patience) and not section.zero:
        return "without end" if section.time is None else section_text(section.time, currency)
    if isinstance(section, HandleTime) and section.wrap_up is None and not section.wrap_up_share:
        return section_text(section.talk, currency)
    return ", ".join(part for name in _in_order(section) if (part := _part(section, name, currency)))


def _in_order(section: Section) -> list[str]:
    first = FIRST.get(type(section).__name__, ())
    return [*first, *(name for name in section.model_fields if name not in first)]


def _part(section: Section, name: str, currency: str) -> str:
    """One field in words; empty where it says nothing new."""
    value, info = getattr(section, name), section.model_fields[name]
    field = f"{type(section).__name__}.{name}"
    if name in ("law", "value"):
        return _law_part(section, name)
    default = info.default_factory() if info.default_factory else info.default
    if value is None or value in ((), {}) or (default is not MISSING and value == default):
        return ""
    kind = kind_of(type(section), name)
    text = _in_list(value, kind, currency)
    if field in UNITS:
        return f"{text} {UNITS[field]}"
    return f"{label_of(field)} {text}".strip()


def _law_part(law: Section, name: str) -> str:
    """The name of a law; a time that is always the same stands alone."""
    if name == "value":
        return f"always {duration_text(law.value)}"  # type: ignore[attr-defined]
    return "" if "value" in law.model_fields else str(law.law)  # type: ignore[attr-defined]


def number(value: float) -> str:
    """A number without a unit, thousands apart, at most six digits behind them."""
    return f"{int(value):,}" if value == int(value) and abs(value) < 1e15 else f"{value:,.6g}"


def percent(value: float) -> str:
    """A share or ratio in per cent, six digits at most."""
    return f"{float(f'{value * 100:.6g}'):,.10g} %"


def money(value: float) -> str:
    """An amount with two decimals, or more where it has more."""
    return f"{value:,.2f}" if round(value, 2) == value else number(value)


def clock(micros: int) -> str:
    """A time of day, `09:30`."""
    text = f"{micros // HOUR:02d}:{micros // MINUTE % 60:02d}"
    return text if micros % MINUTE == 0 else f"{text}:{micros // SECOND % 60:02d}"


def instant(text: str) -> str:
    """A local time, `2026-03-02 14:00`; a date where it is midnight."""
    at = datetime.fromisoformat(text)
    if at.second or at.microsecond:
        return at.isoformat(" ")
    return at.isoformat(" ", "minutes") if at.hour or at.minute else at.date().isoformat()


def weekdays_text(days: tuple[int, ...]) -> str:
    """Days of the week: `mon-fri`, `mon, wed`."""
    if len(set(days)) == 7:
        return "daily"
    runs: list[list[int]] = []
    for day in sorted(set(days)):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "") for run in runs)


def hours_text(hours: WeekHours) -> str:
    """Opening hours: `mon-fri 08:00-19:00, sat 09:00-17:00`."""
    if sum(end - start for start, end in hours.spans) >= WEEK:
        return "24x7"
    by_text: dict[str, list[int]] = {}
    of_day: dict[int, list[str]] = {}
    for start, end in hours.spans:
        day = start // DAY
        until = clock(end - day * DAY) if end <= (day + 1) * DAY else clock(end % DAY)
        if end - start > DAY:
            until = f"{WEEKDAYS[end // DAY % 7]} {until}"
        of_day.setdefault(day, []).append(f"{clock(start - day * DAY)}-{until}")
    for day, stretches in of_day.items():
        by_text.setdefault(" and ".join(stretches), []).append(day)
    return ", ".join(f"{weekdays_text(tuple(days))} {text}" for text, days in by_text.items())
