"""Values of a scenario as a planner reads them: `6m30s`, `70 %`, `lognormal, mean 6m, CV 0.7`."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.curves import Grid, RateCurve
from ccsim.language.handling import HandleTime, Patience
from ccsim.language.headcount import PeopleBounds
from ccsim.language.hours import WeekHours, hours_text
from ccsim.language.profiles import Profile
from ccsim.language.rosters import PublishedRoster
from ccsim.language.section import MISSING, Section
from ccsim.language.special_days import SpecialDay, special_day_text
from ccsim.language.words import kind_of, scalar_text, weekdays_text
from ccsim.scenario.diff.grids import aht_text, grid_text, weights_text
from ccsim.text.scalars import WEEKDAYS, duration_text
from ccsim.units import HOUR

MOST_ITEMS: Final = 8
"""Longer lists are told by their length."""
LONGEST: Final = 160
"""Longer texts are cut."""


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
    return first, f"{second}, different in detail"


def _whole(value: Any, kind: str, currency: str, none: str) -> str:
    if value is None:
        return none
    if kind == "weekdays":
        return weekdays_text(value)
    if kind == "recorded":
        return f"{len(value):,} values"
    if kind == "weights":
        return weights_text(value)
    if isinstance(value, Grid) and kind == "duration":
        return aht_text(value)
    if isinstance(value, Section):
        return section_text(value, currency)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_in_list(value[name], kind, currency)}".rstrip() for name in sorted(value)) or "none"
    if isinstance(value, tuple):
        if len(value) > MOST_ITEMS and isinstance(value[0], (int, float, Section)):
            mean = f", mean {duration_text(sum(value) // len(value))}" if kind == "duration" else ""
            return f"{len(value):,} values{mean}"
        return ", ".join(_in_list(item, kind, currency) for item in value) or "none"
    return scalar_text(value, kind, currency)


def _in_list(value: Any, kind: str, currency: str) -> str:
    text = _whole(value, kind, currency, "none")
    several = isinstance(value, (Section, tuple, dict)) and ", " in text
    return f"({text})" if several and not _in_brackets(text) else text


def _in_brackets(text: str) -> bool:
    """Whether one pair of brackets holds the whole text."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(text) - 1 and place > 0
    return False


def section_text(section: Section, currency: str = "") -> str:
    """What a section says beside its defaults, in one line."""
    if isinstance(section, WeekHours):
        return hours_text(section)
    if isinstance(section, SpecialDay):
        return special_day_text(section)
    if isinstance(section, PeopleBounds):
        return f"at least {section.least:,}, " + ("no bound" if section.most is None else f"at most {section.most:,}")
    if isinstance(section, Grid):
        return grid_text(section)
    if isinstance(section, PublishedRoster):
        return roster_text(section)
    if isinstance(section, RateCurve):
        return grid_text(section.grid, rate=True)
    if isinstance(section, Profile):
        return f"{weights_text(section.hours)}, on {WEEKDAYS[section.weekdays.index(max(section.weekdays))]}"
    if isinstance(section, Patience):
        time = "without end" if section.time is None else section_text(section.time, currency)
        return ", ".join(part for part in (time, _part(section, "zero", currency)) if part)
    if isinstance(section, HandleTime) and section.wrap_up is None and not section.wrap_up_share:
        return section_text(section.talk, currency)
    return ", ".join(part for name in _in_order(section) if (part := _part(section, name, currency)))


def roster_text(roster: PublishedRoster) -> str:
    """People, shifts and hours of a published roster."""
    line = sum(end - start for start, end in roster.on_line())
    shifts = len(set(roster.shift))
    return f"{len(roster.people):,} people, {shifts:,} shifts, {line / HOUR:,.1f} h on the line"


def _in_order(section: Section) -> list[str]:
    first = section.told_first
    return [*first, *(name for name in section.model_fields if name not in first)]


def _part(section: Section, name: str, currency: str) -> str:
    """One field in words; empty where it says nothing new."""
    value, info = getattr(section, name), section.model_fields[name]
    if name in ("law", "value"):
        return _law_part(section, name)
    default = info.default_factory() if info.default_factory else info.default
    if value is None or value in ((), {}) or (default is not MISSING and value == default):
        return ""
    text = _in_list(value, kind_of(info), currency)
    return f"{text} {info.unit}" if info.unit else f"{info.words} {text}".strip()


def _law_part(law: Section, name: str) -> str:
    """The name of a law; a time that is always the same stands alone."""
    if name == "value":
        return f"always {duration_text(law.value)}"  # type: ignore[attr-defined]
    return "" if "value" in law.model_fields else str(law.law).replace("_", " ")  # type: ignore[attr-defined]
