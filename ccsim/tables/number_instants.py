"""Instants that are written as one number: seconds since 1970, day numbers of Excel, 202603020800."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from ccsim.tables.cuts import Pieces, micros
from ccsim.tables.day_forms import EXCEL, serial_day
from ccsim.tables.times import fraction_of_day, is_coarse
from ccsim.text.clock import wall_us
from ccsim.units import HOUR, MINUTE, SECOND

NONE: Final = -(1 << 62)
"""No instant."""
_1970: Final = wall_us(date(1970, 1, 1))


@dataclass(frozen=True, slots=True)
class NumberWay:
    """A way to read a number as an instant."""

    name: str
    """In words: `as day numbers of Excel`."""
    shapes: re.Pattern[str]
    """Shapes of texts that it may fit."""
    read: Callable[[str], int]
    """Time as in `wall_us`; `NONE` if a text does not fit."""
    in_utc: bool = False


def read_ways(pieces: Pieces, shapes: Iterable[str], stated: str | None) -> list[tuple[NumberWay, array[int], int]]:
    """The ways that fit most texts of a column, their instants by row, and how many they fit; none if none fits any."""
    shapes = list(shapes)
    found: list[tuple[NumberWay, array[int], int]] = []
    for way in _WAYS:
        if (stated == EXCEL and way is not _EXCEL) or not any(map(way.shapes.fullmatch, shapes)):
            continue
        values = array("q")
        fits = way.shapes.fullmatch
        for piece in pieces():
            values.extend(way.read(text) if fits(text) else NONE for text in piece)
        count = len(values) - values.count(NONE)
        if count and count >= max((most for _, _, most in found), default=0):
            found = [one for one in found if one[2] == count]
            found.append((way, values, count))
    return found


def serial_us(text: str) -> int:
    """Time of a day number of Excel, `46083.375`, to the second, as in `wall_us`; `NONE` if it is none."""
    whole, sign, part = text.replace(",", ".").partition(".")
    day = serial_day(whole)
    us = fraction_of_day(f"0.{part or 0}") if sign else 0
    return NONE if day is None or us is None or is_coarse(text) else wall_us(day) + us


def _since_1970(digits: int, text: str) -> int:
    whole, _, part = text.partition(".")
    if digits == 13:
        return _1970 + int(whole) * 1000 + int(part[:3].ljust(3, "0") or 0)
    return _1970 + int(whole) * SECOND + (micros(part) if part else 0)


def _together(text: str) -> int:
    """`202603020800`, with seconds or without minutes too."""
    if text[:2] not in ("19", "20", "21"):
        return NONE
    day = _midnight(text[:8])
    hours, minutes, seconds = int(text[8:10]), int(text[10:12] or 0), int(text[12:] or 0)
    if day == NONE or hours > 23 or minutes > 59 or seconds > 59:
        return NONE
    return day + hours * HOUR + minutes * MINUTE + seconds * SECOND


@lru_cache(maxsize=4096)
def _midnight(digits: str) -> int:
    try:
        return wall_us(date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    except ValueError:
        return NONE


_EXCEL: Final = NumberWay("as day numbers of Excel", re.compile(r"[0-9]{5}(?:[.,][0-9]*)?"), serial_us)
_WAYS: Final = [
    NumberWay(
        "as seconds since 1970, UTC", re.compile(r"[0-9]{10}(?:\.[0-9]*)?"), lambda text: _since_1970(10, text), True
    ),
    NumberWay(
        "as milliseconds since 1970, UTC",
        re.compile(r"[0-9]{13}(?:\.[0-9]*)?"),
        lambda text: _since_1970(13, text),
        True,
    ),
    _EXCEL,
    NumberWay("without signs between", re.compile("[0-9]{10}|[0-9]{12}|[0-9]{14}"), _together),
]
