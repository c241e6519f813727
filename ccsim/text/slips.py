"""What was probably meant by a text that is no duration, date, number or stretch of hours: as it would be written."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {
    **dict.fromkeys(("week", "wk"), "w"),
    "day": "d",
    **dict.fromkeys(("hour", "hr"), "h"),
    **dict.fromkeys(("minute", "min"), "m"),
    **dict.fromkeys(("second", "sec"), "s"),
}
_COUNTED: Final = re.compile(
    r"([0-9][0-9_]*) ?(?:FTEs?|HC|agents?|people|persons?|seats?|calls?|contacts?)", re.IGNORECASE
)
_IN_WORDS: Final = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([a-z]+?)s?", re.IGNORECASE)
_BY_CLOCK: Final = re.compile(r"([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?")
_DATE: Final = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})(.*)")
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})(.*)")
_HOUR: Final = r"([0-9]{1,2})(?:[:.h]([0-5][0-9])|h)? ?([ap])?\.?m?\.?"
_HOURS: Final = re.compile(rf"{_HOUR} ?[-\N{{EN DASH}}\N{{EM DASH}}] ?{_HOUR}", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(?:[ \N{NO-BREAK SPACE}'\N{RIGHT SINGLE QUOTATION MARK}][0-9]{3})+")


def duration_meant(text: str) -> str:
    """`2m` of `2 minutes`, `20h, or 20m` of `20:00`; empty where nothing is known."""
    words = _IN_WORDS.fullmatch(text)
    if words and (unit := _UNITS.get(words[2].lower())):
        return words[1] + unit
    clock = _BY_CLOCK.fullmatch(text)
    if not clock:
        return ""
    parts = [int(part) for part in clock.groups() if part is not None]
    if len(parts) == 3:
        return _spelt(parts, "hms")
    return f"{_spelt(parts, 'hm')} (hours and minutes), or {_spelt(parts, 'ms')}"


def _spelt(parts: list[int], units: str) -> str:
    return "".join(f"{part}{unit}" for part, unit in zip(parts, units, strict=True) if part) or f"0{units[-1]}"


def date_meant(text: str) -> str:
    """`2026-03-14` of `14.03.2026`, both of `03/02/2026`; empty where nothing is known."""
    ordered = _YEAR_FIRST.fullmatch(text)
    if ordered:
        return f"{ordered[1]}-{int(ordered[2]):02}-{int(ordered[3]):02}{ordered[4]}"
    found = _DATE.fullmatch(text)
    if not found:
        return ""
    first, second, rest = int(found[1]), int(found[3]), found[5]
    day_first, month_first = (f"{found[4]}-{second:02}-{first:02}{rest}", f"{found[4]}-{first:02}-{second:02}{rest}")
    if found[2] == "." or first > 12 or first == second:
        return day_first
    return month_first if second > 12 else f"{day_first} (day first), or {month_first} (month first)"


def hours_meant(text: str) -> str:
    """`07:00-21:00` of `7am-9pm`, `07.00-21.00`, `7-21`; empty where nothing is known."""
    found = _HOURS.fullmatch(text)
    if not found:
        return ""
    start, end = (_time(*found.group(at, at + 1, at + 2)) for at in (1, 4))
    return f"{start}-{end}" if start and end and start != end else ""


def _time(hour: str, minute: str | None, half: str | None) -> str:
    value = int(hour)
    if half:
        value = value % 12 + (12 if half.lower() == "p" else 0) if 1 <= value <= 12 else 25
    return f"{value:02}:{minute or '00'}" if value <= 24 else ""


def number_meant(text: str) -> str:
    """`12_000` of `12 000`, `12'000` and `12k`; empty where nothing is known."""
    if _THOUSANDS.fullmatch(text):
        return re.sub(r"[^0-9]", "_", text)
    short = re.fullmatch(r"([0-9]+)(?:\.([0-9]{1,3}))?( ?[kK])", text)
    if short:
        return f"{int(short[1] + (short[2] or '').ljust(3, '0')):_}"
    counted = _COUNTED.fullmatch(text)
    return counted[1] if counted else ""


def thousands_meant(text: str) -> str:
    """`12_000` of `12.000`, where a point may stand between thousands: nobody writes a decimal that ends in 0 so."""
    return text.replace(".", "_") if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{2}0", text) else ""
