"""The forms in which dates are written, and which of them a whole column has."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final

from ccsim.tables.columns import ReadTexts, Unsure, Wrong
from ccsim.tables.month_names import DAY_NUMBERS, MONTH_NUMBERS, plain
from ccsim.tables.ways import Between, Way, pick
from ccsim.text.tree import shown

DAY_FIRST: Final = "day first"
MONTH_FIRST: Final = "month first"
ISO: Final = "iso"
EXCEL: Final = "excel"
"""Day numbers of Excel."""
_YEARS: Final = range(1900, 2201)
_EXCEL_START: Final = date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)
"""Days of Excel that are taken for dates: 1954 to 2119."""
_LONG: Final = 1100
"""ReadDates that dates with a year of two digits may span before the year is looked for elsewhere."""

_YMD: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_SIGNED: Final = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_DIGITS: Final = re.compile(r"[0-9]{8}")
_APART: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_DAY_NAMED: Final = re.compile(
    r"([0-9]{1,2})(?:\.|st|nd|rd|th)?[-/. ]?(?:de )?([^\W\d_]+)\.?,?[-/. ]?(?:de )?([0-9]{4}|[0-9]{2})"
)
_MONTH_NAMED: Final = re.compile(r"([^\W\d_]+)\.?[- ]([0-9]{1,2})(?:st|nd|rd|th)?(?:, ?|[- ])([0-9]{4})")
_YEAR_NAMED: Final = re.compile(r"([0-9]{4})[- ]([^\W\d_]+)[- ]([0-9]{1,2})")
_MONTH: Final = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})|([0-9]{1,2})[-/.]([0-9]{4})")
_MONTH_IN_WORDS: Final = re.compile(r"([^\W\d_]+)\.?,?[-/. ](?:de )?([0-9]{4})|([0-9]{4})[-/. ]([^\W\d_]+)\.?")
_WEEK: Final = re.compile(
    r"([0-9]{4})[-/ ]?(?:W|KW|CW|WK|S)[- ]?([0-9]{1,2})|(?:W|KW|CW|WK|S)[- ]?([0-9]{1,2})[-/ ,]+([0-9]{4})", re.I
)
_SERIAL: Final = re.compile(r"([0-9]{5})(?:[.,]0*)?")
_OF_WEEK: Final = re.compile(r"([^\W\d_]+(?:-feira)?)\.?,? +(.+)")
_MONTHS: Final = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October")
_MONTHS_LATE: Final = ("November", "December")


def read_days(texts: Collection[str], stated: str | None) -> ReadTexts[date]:
    """The dates of texts, by the one form that most have. Raises `Unsure` where two forms fit and differ."""
    ways = _stated_ways(stated)
    try:
        picked = pick(texts, ways)
        if picked is None:
            return ReadTexts({}, {text: _no_date(text, "") for text in texts}, "")
        _year_first_too(picked.way, picked.values, ways)
    except Between as between:
        raise Unsure(_told(between), (between.text,)) from None
    way, values = picked.way, picked.values
    example = _telling(values)
    how = f"dates {way.name}, like {example}" if way.name else f"dates like {example}"
    if _APART.fullmatch(example) and len(re.split("[-/.]", example)[-1]) == 2:
        how += ", with years of two digits of 1969 to 2068"
    return ReadTexts(values, {text: _no_date(text, example) for text in texts if text not in values}, how)


def _told(between: Between[date]) -> str:
    """Both readings of a date, and what to state."""
    readings = [f"{_in_words(value, way.say)} {way.name}" for way, value in between.readings]
    says = " or ".join(way.say if " " in way.say else f'"{way.say}"' for way, _ in between.readings)
    return f"{between.text} is {' or '.join(readings)}; say date: {says}"


def _in_words(value: date, say: str) -> str:
    month = (_MONTHS + _MONTHS_LATE)[value.month - 1]
    return f"{month} {value.day}, {value.year}" if say == MONTH_FIRST else f"{value.day} {month} {value.year}"


def _no_date(text: str, example: str) -> Wrong:
    if not example:
        return Wrong(
            "none", f"{shown(text)} is no date of a form that is known; a pattern such as %d/%m/%Y may be stated"
        )
    if _YMD.fullmatch(text) or _APART.fullmatch(text):
        return Wrong("other", f"{shown(text)} is no date that exists in the form of the others, like {example}")
    return Wrong("none", f"{shown(text)} is no date like {example}")


def _telling(values: dict[str, date]) -> str:
    """A text of which one sees which part is the day."""
    return next((text for text, value in values.items() if value.day > 12), next(iter(values)))


def stated_pattern(stated: str) -> str:
    """A `strptime` pattern that is stated for dates. Raises `ValueError` for one that does not give a whole date."""
    day = datetime(2026, 11, 23, tzinfo=UTC)
    try:
        if (
            "%" in stated
            and "%Z" not in stated
            and datetime.strptime(day.strftime(stated), stated).date() == day.date()
        ):
            return stated
    except ValueError:
        pass
    expected = "expected day first, month first, iso, excel, or a pattern of a whole date such as %d/%m/%Y"
    raise ValueError(f"{expected}, got {shown(stated)}")


def _stated_ways(stated: str | None) -> list[Way[date]]:
    if stated is None:
        return _WAYS
    if stated in (DAY_FIRST, MONTH_FIRST):
        other = MONTH_FIRST if stated == DAY_FIRST else DAY_FIRST
        return [way for way in _WAYS if way.say != other and not way.say.startswith("%")]
    if stated in (ISO, EXCEL):
        return [way for way in _WAYS if way.say == stated]
    return [Way("", partial(_by_pattern, stated_pattern(stated)))]


def at_pattern(pattern: str, text: str) -> datetime | None:
    """The date and time of a text by a `strptime` pattern; none where it does not fit, or the year is out of reach."""
    try:
        found = datetime.strptime(text, pattern)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _by_pattern(pattern: str, text: str) -> date | None:
    found = at_pattern(pattern, text)
    return None if found is None else found.date()


def _year_first_too(way: Way[date], values: dict[str, date], ways: list[Way[date]]) -> None:
    """Raise `Between` for dates of two-digit years that span years, where with the year first they span less."""
    span = (max(values.values()) - min(values.values())).days
    sample = next(iter(values))
    match = _APART.fullmatch(sample)
    if span < _LONG or not match or len(match[4]) != 2:
        return
    for other in ways:
        if other.say.startswith("%y"):
            read = {text: value for text in values if (value := other.read(text)) is not None}
            if len(read) == len(values) and (max(read.values()) - min(read.values())).days < span:
                text = next(text for text in values if values[text] != read[text])
                raise Between(text, [(way, values[text]), (other, read[text])])


def _day(year_text: str, month: int, day: int) -> date | None:
    year = int(year_text)
    if len(year_text) == 2:
        year += 2000 if year < 69 else 1900
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _weekly(read: Callable[[str], date | None]) -> Callable[[str], date | None]:
    """The same way with the day of the week before the date, which must be right."""

    def read_weekly(text: str) -> date | None:
        value = read(text)
        if value is not None or not text[:1].isalpha():
            return value
        match = _OF_WEEK.fullmatch(text)
        weekday = DAY_NUMBERS.get(plain(match[1])) if match else None
        if match is None or weekday is None:
            return None
        value = read(match[2])
        return value if value is not None and value.weekday() == weekday else None

    return read_weekly


def _iso(text: str) -> date | None:
    if match := _YMD.fullmatch(text):
        return _day(match[1], int(match[3]), int(match[4]))
    match = _SIGNED.fullmatch(text)
    return _day(match[1], int(match[2]), int(match[3])) if match else None


def _compact(order: str, text: str) -> date | None:
    if not _DIGITS.fullmatch(text):
        return None
    if order == "ymd":
        return _day(text[:4], int(text[4:6]), int(text[6:]))
    first, second, year = int(text[:2]), int(text[2:4]), text[4:]
    return _day(year, second, first) if order == "dmy" else _day(year, first, second)


def _apart(order: str, sign: str, digits: int, text: str) -> date | None:
    match = _APART.fullmatch(text)
    if not match or match[2] != sign or len(match[4]) != digits:
        return None
    first, second = int(match[1]), int(match[3])
    if order == "ymd":
        return _day(match[1], second, int(match[4])) if len(match[1]) == 2 else None
    return _day(match[4], second, first) if order == "dmy" else _day(match[4], first, second)


def _named(text: str) -> date | None:
    if match := _DAY_NAMED.fullmatch(text):
        day, name, year = match.groups()
    elif match := _MONTH_NAMED.fullmatch(text):
        name, day, year = match.groups()
    elif match := _YEAR_NAMED.fullmatch(text):
        year, name, day = match.groups()
    else:
        return None
    month = MONTH_NUMBERS.get(plain(name))
    return _day(year, month, int(day)) if month else None


def _month(text: str) -> date | None:
    """The first day of a month: `2026-03`, `03/2026`, `Mar 2026`."""
    if match := _MONTH.fullmatch(text):
        month = int(match[2] or match[3])
        return _day(match[1] or match[4], month, 1)
    match = _MONTH_IN_WORDS.fullmatch(text)
    number = MONTH_NUMBERS.get(plain(match[1] or match[4])) if match else None
    return _day(match[2] or match[3], number, 1) if match and number else None


def _iso_week(text: str) -> date | None:
    """The Monday of a week of the ISO calendar: `2026-W10`, `KW 10/2026`."""
    match = _WEEK.fullmatch(text)
    if not match:
        return None
    try:
        return date.fromisocalendar(int(match[1] or match[4]), int(match[2] or match[3]), 1)
    except ValueError:
        return None


def serial_day(text: str) -> date | None:
    """The date of a day number of Excel, `46083`."""
    match = _SERIAL.fullmatch(text)
    if not match or int(match[1]) not in _SERIALS:
        return None
    return _EXCEL_START + timedelta(days=int(match[1]))


def _ways() -> list[Way[date]]:
    day, month, year = "with the day first", "with the month first", "with the year first"
    ways = [
        Way("", _weekly(_iso), say=ISO),
        Way("", partial(_compact, "ymd"), say=ISO),
        Way(day, partial(_compact, "dmy"), say=DAY_FIRST),
        Way(month, partial(_compact, "mdy"), say=MONTH_FIRST),
        Way("", _weekly(_named)),
        Way("of months", _month),
        Way("of ISO weeks, each its Monday", _iso_week),
        Way("as day numbers of Excel", serial_day, say=EXCEL),
    ]
    for sign in "/-.":
        for digits in (4, 2):
            # no country writes 03.14.2026: with points the day is first unless that does not fit
            later = int(sign == ".")
            ways.append(Way(day, _weekly(partial(_apart, "dmy", sign, digits)), say=DAY_FIRST))
            ways.append(Way(month, _weekly(partial(_apart, "mdy", sign, digits)), later, MONTH_FIRST))
        pattern = f"%y{sign}%m{sign}%d"
        ways.append(Way(year, _weekly(partial(_apart, "ymd", sign, 2)), int(sign != "-"), pattern))
    return ways


_WAYS: Final = _ways()
