"""Chosen days and hours, and periods of the calendar, as they are written and told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal

from ccsim.language.forms import Form, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.language.words import weekdays_text
from ccsim.text import scalars
from ccsim.text.stretch import DATES, dates_in
from ccsim.text.tree import Items, Leaf, Node

PeriodKind = Literal["day", "week", "month"]

MOST_DAYS: Final = 1_000
"""Most items of a list of days."""


def days_of(text: str) -> tuple[str, ...]:
    """The days that one item names: `mon-fri` is five weekdays, `2026-06-16..2026-06-19` four dates."""
    if text[:1].isdigit():
        return dates_in(text)
    return tuple(scalars.WEEKDAYS[day] for day in scalars.weekdays(text))


def in_order(days: Sequence[str]) -> tuple[str, ...]:
    """Weekdays in their order, then dates, each once."""
    known = set(days)
    weekdays = [day for day in scalars.WEEKDAYS if day in known]
    return (*weekdays, *sorted(known.difference(weekdays)))


class ChosenDaysForm(Form):
    """Dates and days of the week."""

    says = "days like 2026-06-16, 2026-06-16..2026-06-19, mon-fri, or [mon, 2026-06-16]"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        items = node.items if isinstance(node, Items) else (node,)
        if not items:
            return rd.expected(self.says, node, key)
        if len(items) > MOST_DAYS:
            return rd.fault(f"expected at most {MOST_DAYS:,} days in the list", node.place, key)
        days: list[str] = []
        bad = False
        for item in items:
            if not isinstance(item, Leaf) or item.empty:
                rd.expected(self.says, item, key)
                bad = True
                continue
            try:
                days.extend(days_of(item.text))
            except scalars.Misread as misread:
                rd.fault(str(misread), item.place, key)
                bad = True
        return BAD if bad else in_order(days)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        day = scalars.WEEKDAY
        one: Schema = {"type": "string", "pattern": f"^({day}(-{day})?|daily|{DATES})$"}
        return {"anyOf": [one, {"type": "array", "minItems": 1, "maxItems": MOST_DAYS, "items": one}]}


CHOSEN_DAYS: Final = ChosenDaysForm()

MOST_TOLD: Final = 3
"""Dates, or stretches of them, that a sentence names; the others are counted."""


def days_text(days: Sequence[str]) -> str:
    """Chosen days in short: `mon-fri`, `2026-06-16 and 2026-06-17`, `2026-06-16 to 2026-06-19`."""
    weekdays = tuple(scalars.WEEKDAYS.index(day) for day in days if day in scalars.WEEKDAYS)
    runs: list[list[date]] = []
    for day in (date.fromisoformat(day) for day in days if day not in scalars.WEEKDAYS):
        if not runs or day - runs[-1][-1] > timedelta(days=1):
            runs.append([])
        runs[-1].append(day)
    dates = [told for run in runs for told in _run_told(run)]
    if len(dates) > MOST_TOLD:
        dates = [*dates[:MOST_TOLD], f"{len(dates) - MOST_TOLD} more"]
    parts = ([weekdays_text(weekdays)] if weekdays else []) + dates
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _run_told(run: Sequence[date]) -> list[str]:
    """Dates that follow one another: three or more by the first and the last."""
    return [f"{run[0]} to {run[-1]}"] if len(run) > 2 else [str(day) for day in run]


def when_text(by: str | None, worst: str | None, days: Sequence[str], hours: str) -> str:
    """When a goal holds, to stand behind its target: `on every day`, `in the worst week, on mon-fri`; or nothing.

    Parameters
    ----------
    by, worst
        Kind of the periods of which each, or the worst one, is judged.
    days
        Chosen days; empty: all.
    hours
        Chosen hours in words; empty: all.
    """
    parts = []
    if by or worst:
        kind = by or worst
        parts.append(f"{'on' if kind == 'day' else 'in'} {'every' if by else 'the worst'} {kind}")
    if days:
        parts.append(f"on {days_text(days)}")
    if hours:
        parts.append(hours)
    return ", ".join(parts)
