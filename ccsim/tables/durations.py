"""Columns of durations: numbers of a unit, `h:mm:ss`, and amounts with their units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ccsim.tables.columns import Column, ReadTexts, Unsure, Wrong, column_of
from ccsim.tables.numbers import SIGNS_FOR_NONE, NumberText, read_numbers, taken_apart
from ccsim.text.tree import shown

MINUTES_AND_SECONDS: Final = "mm:ss"
HOURS_AND_MINUTES: Final = "h:mm"
_UNITS: Final = {
    **dict.fromkeys(("us", "µs"), 0.001),
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden"), 1000),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), 60_000),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"), 3_600_000),
    **dict.fromkeys(("d", "day", "days", "tag", "tage"), 86_400_000),
    **dict.fromkeys(("w", "week", "weeks"), 604_800_000),
}
"""Milliseconds of the units of durations."""
_COLONS: Final = re.compile(
    r"(?:([0-9]{1,3})(?:\.| ?d(?:ays?)?,? | )(?=[0-9]{1,2}:[0-9]{2}:))?"
    r"([0-9]{1,4}):([0-9]{2})(?::([0-9]{2}))?(?:[.,]([0-9]{1,9}))?"
)
_AMOUNT: Final = re.compile(r"([0-9]+(?:[.,'’\u00a0\u2009\u202f][0-9]+)*)\s?([a-zA-Zµ]+)\.?,? ?")
_MINUTES: Final = re.compile(r"(?<![hH]:)\b(?:m{1,2}:ss|min:sec)\b", re.IGNORECASE)
_HOURS: Final = re.compile(r"\[?h{1,2}\]?:mm\b(?!:)", re.IGNORECASE)
_PART: Final = re.compile("0[.,][0-9]{5,}")
"""What may be a part of a day."""
_HEAD_UNIT: Final = re.compile(
    r".*?(?:[(\[] ?(?:in )?(?P<bracketed>[a-zµ]+)\.? ?[)\]]|\bin (?P<worded>[a-zµ]+)"
    r"|[ _-](?P<last>seconds|secs?|ms|minutes|mins))",
    re.IGNORECASE,
)
"""A unit at the end of the name of a column; `min` without brackets may be the least."""
_OTHER_UNIT: Final = re.compile(r"[0-9][0-9.,]*\s?([a-zA-Z]+)\.?")

Amounts = list[tuple[str, float]]
"""Numbers as they are written, with the milliseconds of their units."""


@dataclass(frozen=True, slots=True)
class DurationsWritten:
    """What is known of how durations are written."""

    unit: str | None = "s"
    """What numbers without a unit count, `us`, `ms`, `s`, `min`, `h`, `d` or `w`; none: they are faults."""
    unit_stated: bool = False
    """Whether the unit is stated, so that 0.002951 is no part of a day."""
    decimal: str | None = None
    """As in `numbers`."""
    thousands: str = ""
    """As in `numbers`."""
    stated: str | None = None
    """What 4:00 is, `mm:ss` or `h:mm`, where neither another cell (1:02:03, or 75:30) nor the head shows it."""
    head: str = ""
    """Name of the column, like `AHT (mm:ss)`."""

    def __post_init__(self) -> None:
        """Raise `ValueError` for a unit, or a form of 4:00, that is not known."""
        if self.unit is not None:
            milliseconds(self.unit)
        if self.stated not in (None, MINUTES_AND_SECONDS, HOURS_AND_MINUTES):
            raise ValueError(f"expected {MINUTES_AND_SECONDS} or {HOURS_AND_MINUTES}, got {shown(self.stated or '')}")


def durations(cells: Sequence[str], written: DurationsWritten | None = None) -> Column[float]:
    """Durations of a column in seconds: `240`, `4:00`, `00:04:15`, `4m15s`, `4 min`.

    Raises `Ambiguous` where a cell may be two durations and nothing shows which.
    """
    return column_of(cells, partial(read_durations, written=written or DurationsWritten()))


def read_durations(texts: Sequence[str], written: DurationsWritten) -> ReadTexts[float]:
    """The durations of different texts in seconds; see `durations`. Raises `Unsure` where a text may be two."""
    decimal, thousands = written.decimal, written.thousands
    none = [text for text in texts if text.lower() in SIGNS_FOR_NONE]
    clocks = {text: match for text in texts if (match := _COLONS.fullmatch(text))}
    worded = {text: amounts for text in texts if (amounts := _amounts(text))}
    plain = [text for text in texts if isinstance(taken_apart(text), NumberText)]
    counts = [text for text in plain if text.strip("0.,")]
    values: dict[str, float | None]
    if plain and (counts or not (clocks or worded)) and len(counts) >= max(len(clocks), len(worded)):
        rest = [text for text in texts if text not in worded]
        found = _counted(read_numbers(rest, decimal=decimal, thousands=thousands), counts, written)
        values, wrong, how = dict(found.values), dict(found.wrong), found.how
        values.update(_with_units(worded, decimal, thousands, wrong))
        how += f", or of the unit behind them, like {next(iter(worded))}" if worded and how else ""
        return ReadTexts(values, wrong, how, none)
    values, wrong = dict.fromkeys((text for text in plain if text not in counts), 0.0), {}
    values.update(_with_units(worded, decimal, thousands, wrong))
    how = "durations"
    if len(clocks) >= len(worded):
        form = _clock_form(clocks, written.stated, written.head)
        values.update({text: read for text, match in clocks.items() if (read := _seconds(match, form)) is not None})
        how = f"durations as {form}" if form else how
    example = next((text for text in (clocks if len(clocks) >= len(worded) else worded) if text in values), "")
    how = f"{how}, like {example}" if example else ""
    values.update(dict.fromkeys(none))
    for text in texts:
        if text not in values and text not in wrong:
            wrong[text] = _no_duration(text, example or "4:00")
    return ReadTexts(values, wrong, how, none)


def _counted(read: ReadTexts[float], counts: Sequence[str], written: DurationsWritten) -> ReadTexts[float]:
    """Durations that are written as numbers of a unit. Raises `Unsure` for what looks like parts of a day."""
    unit = written.unit
    if unit is None:
        why = "{} has no unit; say which it is, like `unit: s`"
        wrong = {text: Wrong("no unit", why.format(shown(text))) for text in counts if text in read.values}
        values = {text: value for text, value in read.values.items() if text not in wrong}
        return ReadTexts(values, {**read.wrong, **wrong}, read.how if values else "", read.none)
    of_day = {text: float(text.replace(",", ".")) * 86_400 for text in counts if _PART.fullmatch(text)}
    text = next((text for text, seconds in of_day.items() if seconds >= 1), "")
    if text and not written.unit_stated and unit != "d" and len(of_day) == len(counts):
        told = f"{text} is {text} {unit}, or {of_day[text]:.0f} s as a part of a day of Excel"
        raise Unsure(f"{told}; say durations: seconds or days", (text,))
    factor = milliseconds(unit)
    values = {text: None if value is None else value * factor / 1000 for text, value in read.values.items()}
    return ReadTexts(values, read.wrong, f"{read.how}, each of 1 {unit}" if read.how else "", read.none)


def milliseconds(unit: str) -> float:
    """Milliseconds of a unit. Raises `ValueError` for one that is not known."""
    if unit not in _UNITS:
        raise ValueError(f"expected a unit of us, ms, s, min, h, d or w, got {shown(unit)}")
    return _UNITS[unit]


def unit_of_head(head: str) -> str | None:
    """The unit that the name of a column says: `AHT (min)`, `talk_seconds`; none where it says none."""
    match = _HEAD_UNIT.fullmatch(head.strip())
    unit = (match["bracketed"] or match["worded"] or match["last"]).lower() if match else ""
    return unit if unit in _UNITS else None


def _amounts(text: str) -> Amounts:
    """The amounts of `4m15s`, `4 min`, `1h 2m`, units from large to small; none for another text."""
    found: Amounts = []
    last = 1e12
    at = 0
    for match in _AMOUNT.finditer(text):
        size = _UNITS.get(match[2].lower(), last)
        if match.start() != at or size >= last:
            return []
        found.append((match[1], size))
        last, at = size, match.end()
    return found if at == len(text) else []


def _with_units(
    worded: Mapping[str, Amounts], decimal: str | None, thousands: str, wrong: dict[str, Wrong]
) -> dict[str, float | None]:
    """Seconds of amounts with units; the sign in their numbers is read over all of them."""
    bodies = dict.fromkeys(number for amounts in worded.values() for number, _ in amounts)
    try:
        read = read_numbers(list(bodies), decimal=decimal, thousands=thousands)
    except Unsure as unsure:
        having = [text for text, amounts in worded.items() if any(number in unsure.texts for number, _ in amounts)]
        raise Unsure(f"in {shown(having[0])}, {unsure}", having) from None
    values: dict[str, float | None] = {}
    for text, amounts in worded.items():
        bad = next((number for number, _ in amounts if number not in read.values), None)
        if bad is not None:
            wrong[text] = Wrong("amount", f"{shown(text)}: {read.wrong[bad].why}")
            continue
        values[text] = sum((read.values[number] or 0.0) * size for number, size in amounts) / 1000
    return values


def _no_duration(text: str, example: str) -> Wrong:
    number = taken_apart(text)
    if isinstance(number, Wrong) and number.cause in ("money", "error"):
        return number
    if isinstance(number, NumberText):
        return Wrong("no unit", f"{shown(text)} has no unit, as other cells of the column have, like {example}")
    match = _OTHER_UNIT.fullmatch(text)
    if match and match[1].lower() not in _UNITS:
        return Wrong(
            "unit", f"{shown(text)} has a unit that is none of time, {shown(match[1])}; s, sec, min or h would do"
        )
    return Wrong("none", f"{shown(text)} is no duration like {example}")


def _clock_form(clocks: Mapping[str, re.Match[str]], stated: str | None, head: str) -> str:
    """What two numbers with a colon between are; empty where no text has only two, or all are 0."""
    two = {text: match for text, match in clocks.items() if match[4] is None}
    if not any(int(match[2]) or int(match[3]) for match in two.values()):
        return ""
    if stated is not None:
        return stated
    long = any(match[4] is not None or int(match[2]) >= 60 or match[5] for match in clocks.values())
    if long or _MINUTES.search(head):
        return MINUTES_AND_SECONDS
    if _HOURS.search(head):
        return HOURS_AND_MINUTES
    text = next(text for text, match in two.items() if int(match[2]) or int(match[3]))
    first, second = int(two[text][2]), int(two[text][3])
    says = f"say durations: {MINUTES_AND_SECONDS} or {HOURS_AND_MINUTES}"
    raise Unsure(f"{text} is {first} min {second} s or {first} h {second} min; {says}", (text,))


def _seconds(match: re.Match[str], form: str) -> float | None:
    """Seconds of a duration with colons; none if its minutes or seconds are beyond 59."""
    days, first, second, third, part = match.groups()
    hours, minutes, seconds = int(first), int(second), int(third or 0)
    if third is None and form != HOURS_AND_MINUTES:
        hours, minutes, seconds = 0, hours, minutes
    elif minutes > 59:
        return None
    if seconds > 59:
        return None
    return float(int(days or 0) * 86_400 + hours * 3600 + minutes * 60 + seconds) + float(f"0.{part or 0}")
