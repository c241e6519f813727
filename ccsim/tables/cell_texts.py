"""The text of a value that a workbook or a Parquet file holds, so that it is read as what is written in text is."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from ccsim.text.compose import ODD_CHARACTER

_THREE: Final = re.compile(r"\.[0-9]{3}$")
_MOST_KNOWN: Final = 200_000
_ZERO: Final = datetime(1899, 12, 31)
_FIRST_YEAR: Final = 1905
"""Dates before it are hours in a cell of a workbook that is shown as a time: 24:00 is stored as 1 January 1900."""
_SLIGHT: Final = 1000
"""Microseconds by which a time in a workbook may miss the second that is meant."""


def text_of(value: Any) -> str:
    """A value as plain text: dates and times as in ISO, numbers with a decimal point and never ambiguous."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float, Decimal)):
        return _number(value)
    if isinstance(value, datetime):
        return _hours(value - _ZERO) if value.year < _FIRST_YEAR else _at_second(value).isoformat(" ")
    if isinstance(value, date):
        if value.year < _FIRST_YEAR:
            return _hours(datetime(value.year, value.month, value.day) - _ZERO)
        return value.isoformat()
    if isinstance(value, time):
        at = _at_second(datetime(2000, 1, 1, value.hour, value.minute, value.second, value.microsecond))
        return "24:00:00" if at.day == 2 else at.time().isoformat()
    if isinstance(value, timedelta):
        return _hours(value)
    raise TypeError(type(value))


def clean_text_of(value: Any) -> str:
    """The same without control characters: each is the sign of an unknown one."""
    text = text_of(value)
    return text if text.isprintable() else ODD_CHARACTER.sub("\ufffd", text)


class KnownTexts(dict[Any, str]):
    """The texts of values that were met, so that each is made once; truth values are not asked for here."""

    def __missing__(self, value: Any) -> str:
        if len(self) > _MOST_KNOWN:
            self.clear()
        text = self[value] = clean_text_of(value)
        return text

    def of(self, value: Any) -> str:
        """The text of any value."""
        kind = value.__class__
        if kind is str:
            return value if value.isprintable() else clean_text_of(value)
        return clean_text_of(value) if kind is bool else self[value]  # as keys, true and 1 are the same


def _number(value: float | Decimal) -> str:
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        text = f"{value:.15g}"
    else:
        text = str(value)
    return text + "0" if _THREE.search(text) else text  # 1.125 might be read as 1125, 1.1250 may not


def _at_second(at: datetime) -> datetime:
    off = at.microsecond
    if off and min(off, 1_000_000 - off) <= _SLIGHT:
        return at + timedelta(microseconds=-off if off <= _SLIGHT else 1_000_000 - off)
    return at


def _hours(length: timedelta) -> str:
    """A length as hours, minutes and seconds, `30:05:00`; below 0 as minus seconds."""
    seconds = length.total_seconds()
    if seconds < 0:
        return _number(seconds)
    whole = round(seconds)
    if abs(seconds - whole) > 0.001:
        return _number(seconds)
    return f"{whole // 3600}:{whole % 3600 // 60:02}:{whole % 60:02}"
