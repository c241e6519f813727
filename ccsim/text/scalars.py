"""How the text of one scalar is read: numbers, durations, shares, times, dates. Exact, or a clear no."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from ccsim.text import slips
from ccsim.text.quantities import LocalTime
from ccsim.text.tree import shown
from ccsim.units import DAY, HOUR, MILLISECOND, MINUTE, SECOND, WEEK


class Misread(ValueError):  # noqa: N818
    """The text is not what was expected; the message says what was found and what would do."""


MOST_COUNT: Final = 2**63 - 1
MOST_NUMBER: Final = 10**15
LONGEST: Final = 36_525 * DAY
"""No duration is longer than a hundred years."""

UNITS: Final = {
    "w": WEEK,
    "d": DAY,
    "h": HOUR,
    "m": MINUTE,
    "min": MINUTE,
    "s": SECOND,
    "ms": MILLISECOND,
    "us": 1,
}

_WHOLE: Final = r"(?:0|[1-9][0-9]{0,2}(?:_[0-9]{3})+|[1-9][0-9]*)"
NUMBER: Final = rf"(?:{_WHOLE}(?:\.[0-9]+)?|\.[0-9]+)"
DURATION: Final = rf"{NUMBER} ?(?:w|d|h|min|ms|us|m|s)(?: ?{NUMBER} ?(?:w|d|h|min|ms|us|m|s))*"
TIME_OF_DAY: Final = r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?"
DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
LOCAL_TIME: Final = rf"{DATE}(?:[T ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?)?"

_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_NUMBER: Final = re.compile(rf"(?P<mantissa>{NUMBER})(?:[eE](?P<exponent>[+-]?[0-9]{{1,3}}))?")
_PLAIN_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_PLAIN_PERCENT: Final = re.compile(r"(?:0|[1-9][0-9]*)(?:\.[0-9]+)?%")
_PLAIN_DURATION: Final = re.compile(r"([1-9][0-9]{0,3}|0(?=\.))(?:\.([0-9]{1,9}))?(d|h|m|s|ms)")
_WHOLE_NUMBER: Final = re.compile(_WHOLE)
_PART: Final = re.compile(rf"({NUMBER}) ?(w|d|h|min|ms|us|m|s) ?")
_DURATION: Final = re.compile(DURATION)
_TIME_OF_DAY: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_LOCAL_TIME: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?)?"
)
_MINUTES: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{3}(?:[0-9]{3})?)?)?"
)
_NEGATIVE: Final = re.compile(rf"-{NUMBER}.*")


def exact(text: str, expected: str = "a number") -> Fraction:
    """A number as written: `0.8`, `84_000`, `1e-3`. Never negative, infinite or not a number."""
    match = _NUMBER.fullmatch(text) if len(text) <= 60 else None
    if not match:
        raise Misread(f"expected {expected}, got {shown(text)}{_odd_number(text)}")
    value = Fraction(match["mantissa"].replace("_", ""))
    if match["exponent"]:
        exponent = int(match["exponent"])
        if abs(exponent) > 30:
            raise Misread(f"expected {expected}, got {shown(text)}, which is out of range")
        value *= Fraction(10) ** exponent
    if value > MOST_NUMBER:
        raise Misread(f"expected {expected}, got {shown(text)}, which is too large")
    return value


def _odd_number(text: str) -> str:
    """Why a text that looks like a number is none."""
    if _NEGATIVE.fullmatch(text):
        return "; it must not be negative"
    if text.lower() in ("true", "false", "yes", "no", "on", "off"):
        return "; a word is not a number"
    if text.lower().lstrip("+-.") in ("nan", "inf", "infinity"):
        return "; it must be finite"
    if re.fullmatch(r"0[xXoObB][0-9a-fA-F_]+|0[0-9_]+(\.[0-9]+)?", text):
        return "; write it in decimal digits without leading zeros"
    if re.fullmatch(r"[0-9]+(_[0-9]*)+(\.[0-9_]*)?", text):
        return "; underscores stand between groups of three digits, as in 84_000"
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        return "; group digits with underscores, as in 84_000"
    if re.fullmatch(r"[0-9]+,[0-9]+", text):
        return "; the decimal sign is a point"
    if any(c.isdigit() and not c.isascii() for c in text):
        return "; write the digits 0 to 9"
    if re.fullmatch(r"[+-] +[0-9].*|[0-9]+[+-]", text):
        return f"; a change has its sign in front and no space: {text.strip('0123456789')[:1]}{text.strip('+- ')}"
    if text.startswith("+"):
        return "; leave out the plus"
    meant = slips.number_meant(text)
    return f"; write {meant}" if meant else ""


def number(text: str, expected: str = "a number") -> float:
    """A number of 0 or more; the nearest float to what is written."""
    if len(text) <= 15 and _PLAIN_NUMBER.fullmatch(text):
        return float(text)
    match = _NUMBER.fullmatch(text) if len(text) <= 60 else None
    if match and abs(int(match["exponent"] or 0)) <= 30:
        value = float(text.replace("_", ""))
        if value < MOST_NUMBER:
            return value
    return float(exact(text, expected))


def factor(text: str) -> float:
    """A positive number, `1.25` or `125%`."""
    value = ratio(text, "a positive number")
    if value <= 0:
        raise Misread(f"expected a positive number, got {shown(text)}")
    return value


def ratio(text: str, expected: str = "a ratio like 0.7 or 70%") -> float:
    """A ratio, `0.7` or `70%`; may exceed 1."""
    if len(text) <= 6 and _PLAIN_PERCENT.fullmatch(text):
        return float(text[:-1] + "e-2")
    if text.endswith("%") and not _NEGATIVE.fullmatch(text):
        value = exact(text[:-1].rstrip(), expected) / 100
    else:
        value = exact(text, expected)
    if value > 10**6:
        raise Misread(f"expected {expected}, got {shown(text)}, which is too large")
    return float(value)


def share(text: str) -> float:
    """A share from 0 to 1, `80%` or `0.8`."""
    value = ratio(text, "a share like 80% or 0.8")
    if value > 1:
        hint = "" if text.endswith("%") else f"; for a percentage write {text}%"
        raise Misread(f"expected a share of at most 100%, got {shown(text)}{hint}")
    return value


def count(text: str) -> int:
    """A whole number of 0 or more, `84_000`."""
    if _WHOLE_NUMBER.fullmatch(text) and len(text) <= 40:
        value = int(text.replace("_", ""))
        if value > MOST_COUNT:
            raise Misread(f"expected a whole number, got {shown(text)}, which is too large")
        return value
    if len(text) <= 40 and re.fullmatch(rf"{NUMBER}", text):
        raise Misread(f"expected a whole number, got {shown(text)}")
    raise Misread(f"expected a whole number, got {shown(text)}{_odd_number(text)}")


def duration(text: str) -> int:
    """Microseconds in a duration with units, `90s`, `6m30s`, `1.5h`; exact."""
    plain = _PLAIN_DURATION.fullmatch(text)
    if plain:
        digits = plain[2] or ""
        power: int = 10 ** len(digits)
        micros, rest = divmod(int(plain[1] + digits) * UNITS[plain[3]], power)
        if not rest:
            return micros
    if len(text) > 60 or not _DURATION.fullmatch(text):
        raise Misread(f"expected a duration like 90s or 6m30s, got {shown(text)}{_odd_duration(text)}")
    total: Fraction | int = 0
    smallest = 2 * WEEK
    for amount, unit in _PART.findall(text):
        if UNITS[unit] >= smallest:
            raise Misread(f"expected units from large to small, each once, as in 1h30m, got {shown(text)}")
        smallest = UNITS[unit]
        whole, _, digits = amount.replace("_", "").partition(".")
        micros = int(whole + digits) * smallest
        total += Fraction(micros, 10 ** len(digits)) if digits else micros
    if total > LONGEST:
        raise Misread(f"expected a duration of at most 100 years, got {shown(text)}")
    if total.denominator != 1:
        raise Misread(f"expected a duration in whole microseconds, got {shown(text)}")
    return int(total)


def _odd_duration(text: str) -> str:
    if re.fullmatch(NUMBER, text):
        return f"; a duration needs a unit, as in {text}s or {text}m"
    if _NEGATIVE.fullmatch(text):
        return "; it must not be negative"
    if meant := slips.duration_meant(text):
        return f"; write {meant}"
    if len(text) <= 60 and _DURATION.fullmatch(text.lower()):
        return f"; units are small letters: {text.lower()}"
    if re.fullmatch(rf"{NUMBER} ?[A-Za-z]+", text):
        return "; units are w, d, h, m, s, ms, us"
    return ""


def time_of_day(text: str) -> int:
    """Microseconds since local midnight, from `09:30`, `09:30:15` or `24:00`."""
    match = _TIME_OF_DAY.fullmatch(text)
    if not match:
        raise Misread(f"expected a time of day like 09:30, got {shown(text)}")
    hours, minutes, seconds = int(match[1]), int(match[2]), int(match[3] or 0)
    value = hours * HOUR + minutes * MINUTE + seconds * SECOND
    if minutes > 59 or seconds > 59 or value > DAY:
        raise Misread(f"expected a time of day from 00:00 to 24:00, got {shown(text)}")
    return value


def instant(text: str) -> datetime:
    """A local date or date with time, `2026-03-02` or `2026-03-02 14:00`; the hour may be 24."""
    if _MINUTES.fullmatch(text):
        try:
            value = datetime.fromisoformat(text)
            if 1900 <= value.year <= 2200:
                return value
        except ValueError:
            pass  # the hour may be 24; what is wrong otherwise is said below
    match = _LOCAL_TIME.fullmatch(text)
    if not match:
        raise Misread(f"expected a local time like 2026-03-02 or 2026-03-02 14:00, got {shown(text)}{_as_date(text)}")
    year, month, day, hour, minute, second = (int(match[i] or 0) for i in range(1, 7))
    micros = int((match[7] or "").ljust(6, "0"))
    try:
        if hour == 24 and minute == second == micros == 0:
            value = datetime(year, month, day) + timedelta(days=1)
        else:
            value = datetime(year, month, day, hour, minute, second, micros)
    except (ValueError, OverflowError):
        raise Misread(f"expected a date and time that exist, got {shown(text)}") from None
    return _in_range(value, text)


def _in_range(value: datetime, text: str) -> datetime:
    if not 1900 <= value.year <= 2200:
        raise Misread(f"expected a year from 1900 to 2200, got {shown(text)}")
    return value


def _as_date(text: str) -> str:
    """How a date in another order is written."""
    meant = slips.date_meant(text)
    return f"; write {meant}" if meant else ""


def local_time(text: str) -> LocalTime:
    """A local instant as ISO text."""
    return LocalTime(instant(text).isoformat())


def date_of(text: str) -> date:
    """A date, `2026-12-24`."""
    match = _DATE.fullmatch(text)
    if not match:
        raise Misread(f"expected a date like 2026-12-24, got {shown(text)}{_as_date(text)}")
    try:
        value = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise Misread(f"expected a date that exists, got {shown(text)}") from None
    _in_range(datetime(value.year, 1, 1), text)
    return value


WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY: Final = f"({'|'.join(WEEKDAYS)})"
"""Pattern of one of them."""
SHORT_WEEKDAYS: Final = tuple(day.title() for day in WEEKDAYS)
"""Days of the week as they are shown, `Mon` first."""


def weekdays(text: str) -> tuple[int, ...]:
    """Days of the week, Monday 0, from `mon`, `mon-fri` (`fri-mon` goes over Sunday) or `daily`."""
    words = text.lower()
    if words == "daily":
        return tuple(range(7))
    first, dash, last = words.partition("-")
    if first not in WEEKDAYS or (dash and last not in WEEKDAYS):
        tight = "".join(words.split()).replace("\N{EN DASH}", "-")
        hint = f"; write {tight}" if tight != words and set(tight.split("-")) <= {*WEEKDAYS, "daily"} else ""
        raise Misread(f"expected days like mon, mon-fri or daily, got {shown(text)}{hint}")
    start = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last) - start) % 7 + 1 if dash else 1
    return tuple((start + i) % 7 for i in range(length))


MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SHORT_MONTHS: Final = tuple(month.title() for month in MONTHS)
"""Months as they are shown, `Jan` first."""


def months(text: str) -> tuple[int, ...]:
    """Months of the year, January 0, from `dec` or `jun-aug` (`nov-feb` goes over the turn of the year)."""
    first, dash, last = text.lower().partition("-")
    if first not in MONTHS or (dash and last not in MONTHS):
        raise Misread(f"expected months like dec or jun-aug, got {shown(text)}")
    start = MONTHS.index(first)
    length = (MONTHS.index(last) - start) % 12 + 1 if dash else 1
    return tuple((start + i) % 12 for i in range(length))


PERIODS: Final = {"day": DAY, "week": WEEK, "month": 365.25 / 12 * DAY, "year": 365.25 * DAY}
TREND: Final = rf"[+-]?{NUMBER} ?% per (?:day|week|month|year)"
_TREND: Final = re.compile(rf"([+-]?)({NUMBER}) ?% per (day|week|month|year)")


def trend(text: str) -> float:
    """Growth of the logarithm per microsecond, from compound growth like `0.5% per week` or `-2% per month`."""
    match = _TREND.fullmatch(text) if len(text) <= 60 else None
    if not match:
        hint = f"; say per what, as in {text} per month" if re.fullmatch(rf"[+-]?{NUMBER} ?%", text) else ""
        raise Misread(f"expected a trend like 0.5% per week, got {shown(text)}{hint}")
    growth = ratio(match[2] + "%") * (-1 if match[1] == "-" else 1)
    if not -0.9 <= growth <= 10:
        raise Misread(f"expected a trend from -90% to 1000% per {match[3]}, got {shown(text)}")
    return math.log1p(growth) / PERIODS[match[3]]


def truth(text: str) -> bool:
    """`yes` or `no` (also `true`, `false`)."""
    if text in ("yes", "true"):
        return True
    if text in ("no", "false"):
        return False
    raise Misread(f"expected yes or no, got {shown(text)}")


def duration_text(micros: int) -> str:
    """The shortest exact text of a duration, `6m30s`."""
    if micros == 0:
        return "0s"
    parts = []
    for unit in ("w", "d", "h", "m", "s", "ms", "us"):
        amount, micros = divmod(micros, UNITS[unit])
        if amount:
            parts.append(f"{amount}{unit}")
    return "".join(parts)


def clock_text(micros: int) -> str:
    """A time of day, `09:30`; with its seconds where it has some, `09:30:15`."""
    seconds = micros // UNITS["s"]
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return text if seconds % 60 == 0 else f"{text}:{seconds % 60:02d}"
