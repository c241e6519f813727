"""Columns of numbers: decimal and thousands signs as the whole column shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ccsim.tables.columns import Column, ReadTexts, Unsure, Wrong, column_of
from ccsim.text.tree import shown

MOST_NUMBER: Final = 1e15
SIGNS_FOR_NONE: Final = frozenset(
    {"-", "–", "—", "−", "--", "n/a", "na", "#n/a", "n.a.", "nan", "null", "none", "nil", "."}
)
"""What stands in a cell that has no number, in small letters."""
_ERROR: Final = re.compile(r"#(?:DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|WERT!|ZAHL!|BEZUG!|¡VALOR!|VALEUR!|#+)")
_SHAPE: Final = re.compile(r"(\()?([-+−]?)([^()%−]*[^()%−\s-])(-?)\s?(%?)(\))?")
_DIGITS: Final = r"[-+−]?[0-9][0-9.,'’ \u00a0\u2009\u202f]*"
_CURRENCY: Final = (
    "(?:[A-Z]{0,2}[$€£¥₹₩₽₺₪₫฿₴₦₱₵]|(?:AED|AUD|BRL|CAD|CHF|CNY|CZK|DKK|EGP|EUR|GBP|HKD|HUF|IDR|ILS|INR|JPY|KRW|MXN|MYR"
    "|NOK|NZD|PHP|PLN|RON|SAR|SEK|SGD|THB|TRY|TWD|USD|VND|ZAR|kr|zł|Kč|Ft|Rs|Fr)[.]?)"
)
_MONEY: Final = re.compile(rf"[-+−(]?({_CURRENCY})\s*({_DIGITS})\)?|\(?({_DIGITS})({_CURRENCY})\)?")
_WITH_UNIT: Final = re.compile(rf"({_DIGITS})([^\W\d_]+\.?)")
_SPACES: Final = str.maketrans("", "", " \u00a0\u2009\u202f'’")
_NAMES: Final = {".": "point", ",": "comma"}


def _reading(decimal: str, group: str) -> re.Pattern[str]:
    """Numbers with a decimal sign, whose digits may be grouped by the other sign, a space or an apostrophe."""
    decimal, group = re.escape(decimal), re.escape(group)
    grouped = "|".join(f"(?:{sign}[0-9]{{3}})+" for sign in (group, " ", "\u00a0", "\u2009", "\u202f", "'", "’"))
    indian = rf"[1-9][0-9]?(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}"
    plain = rf"(?:[0-9]+(?:{decimal}[0-9]*)?|{decimal}[0-9]+)(?:[eE][-+]?[0-9]{{1,2}})?"
    return re.compile(rf"{plain}|(?:[1-9][0-9]{{0,2}}(?:{grouped})|{indian})(?:{decimal}[0-9]*)?")


_READINGS: Final = {".": _reading(".", ","), ",": _reading(",", ".")}
"""Numbers by their decimal sign."""


@dataclass(frozen=True, slots=True)
class NumberText:
    """A text taken apart: digits and signs, whether it is below 0, whether it is in percent."""

    body: str
    negative: bool
    percent: bool

    def value(self, decimal: str) -> float:
        body = self.body.translate(_SPACES)
        body = body.replace(",", "") if decimal == "." else body.replace(".", "").replace(",", ".")
        value = float(f"{body}e-2" if self.percent and "e" not in body.lower() else body)
        return -value if self.negative else value


def numbers(
    cells: Sequence[str],
    *,
    decimal: str | None = None,
    blank_is_zero: bool = False,
    percent: bool = False,
    thousands: str = "",
) -> Column[float]:
    """Numbers of a column: `12.5`, `12,5`, `1,125`, `1.125,5`, `1 125`, `1'125`, `(5)` and `5-` below 0.

    `decimal`: the decimal sign, `.` or `,`, where it is stated. `blank_is_zero`: blank cells, and signs for none such
    as `-`, are 0 and not none. `percent`: shares are wanted, `12.5%` is 0.125; without it a percentage is a fault.
    `thousands`: `,` where the file shows that commas group digits (`Table.thousands`).
    Raises `Ambiguous` where each number with a sign might be grouped or not, as in a column of 1.125 and 1.180.
    """
    read = partial(read_numbers, decimal=decimal, percent=percent, thousands=thousands, blank_is_zero=blank_is_zero)
    return column_of(cells, read, 0.0 if blank_is_zero else None)


def read_numbers(
    texts: Sequence[str],
    *,
    decimal: str | None = None,
    blank_is_zero: bool = False,
    percent: bool = False,
    thousands: str = "",
) -> ReadTexts[float]:
    """The numbers of different texts; see `numbers`. Raises `Unsure` where each may be grouped or not."""
    wrong: dict[str, Wrong] = {}
    none: list[str] = []
    parts: dict[str, NumberText] = {}
    for text in texts:
        if text.lower() in SIGNS_FOR_NONE:
            none.append(text)
            continue
        part = taken_apart(text)
        if isinstance(part, Wrong):
            wrong[text] = part
        elif part.percent and not percent:
            wrong[text] = Wrong("percent", f"{shown(text)} is a percentage where a number is wanted")
        else:
            parts[text] = part
    if any(part.percent for part in parts.values()):
        for text in [text for text, part in parts.items() if not part.percent and part.body.strip("0.,")]:
            del parts[text]
            wrong[text] = Wrong(
                "no percent", f"{shown(text)} has no percent sign, which other cells of the column have"
            )
    found = decimal or _decimal_of(parts, thousands)
    values: dict[str, float | None] = {}
    for text, part in parts.items():
        if not _READINGS[found].fullmatch(part.body):
            why = f"{shown(text)} does not fit the others, whose decimal sign is a {_NAMES[found]}"
            wrong[text] = Wrong("decimal", why)
        elif abs(value := part.value(found)) > MOST_NUMBER:
            wrong[text] = Wrong("large", f"{shown(text)} is too large a number")
        else:
            values[text] = value
    how = _how([part for text, part in parts.items() if text in values], found, decimal is None and thousands == ",")
    values.update(dict.fromkeys(none, 0.0 if blank_is_zero else None))
    return ReadTexts(values, wrong, how, none, "0" if blank_is_zero else "blank")


def taken_apart(text: str) -> NumberText | Wrong:
    """A text that may be a number taken apart, or why it is none."""
    if _ERROR.fullmatch(text):
        return Wrong("error", f"{shown(text)} is an error that the spreadsheet shows, not a number")
    match = _SHAPE.fullmatch(text) if len(text) <= 60 else None
    if match:
        opened, sign, body, after, share, closed = match.groups()
        fits = any(reading.fullmatch(body) for reading in _READINGS.values())
        if fits and (opened is None) == (closed is None) and bool(sign) + bool(after) + bool(opened) <= 1:
            return NumberText(body, sign in ("-", "−") or bool(after) or opened is not None, bool(share))
    return _no_number(text)


def _no_number(text: str) -> Wrong:
    """Why a text is no number: money and units are told as what they are."""
    match = _MONEY.fullmatch(text) if len(text) <= 60 else None
    if match:
        sign, amount = match[1] or match[4], (match[2] or match[3]).strip()
        why = f"{shown(text)} is an amount of money; here a plain number like {amount} is wanted, without {shown(sign)}"
        return Wrong("money", why)
    match = _WITH_UNIT.fullmatch(text) if len(text) <= 60 else None
    if match:
        number, unit = match[1].strip(), shown(match[2])
        why = f"{shown(text)} has a unit; here a plain number like {number} is wanted, without {unit}"
        return Wrong("unit", why)
    return Wrong("none", f"{shown(text)} is no number")


def _decimal_of(parts: Mapping[str, NumberText], thousands: str) -> str:
    """The decimal sign that most texts of a column need; a point where none needs either and none differs."""
    need = dict.fromkeys(_READINGS, 0)
    either = ""
    for text, part in parts.items():
        fitting = [sign for sign, reading in _READINGS.items() if reading.fullmatch(part.body)]
        if len(fitting) == 1:
            need[fitting[0]] += 1
        elif not either and part.value(".") != part.value(","):
            either = text
    if need["."] != need[","]:
        return max(need, key=need.__getitem__)
    if not either or thousands == ",":
        return "."
    raise Unsure(_both(parts[either].body), (either,))


def _both(body: str) -> str:
    """Both readings of a number whose only sign has three digits after it."""
    sign, other = (",", ".") if "," in body else (".", ",")
    before, after = body.split(sign)
    small = f"{before} and {after} thousandths" if after.strip("0") else f"just {before}"
    return (
        f'{body} is {before}{after} if the {_NAMES[sign]} stands between thousands (say decimal: "{other}"), '
        f'or {small} if it is the decimal sign (say decimal: "{sign}")'
    )


def _how(parts: list[NumberText], decimal: str, by_file: bool) -> str:
    """The form of numbers in words."""
    if not parts:
        return ""
    bodies = [part.body for part in parts]
    group = "," if decimal == "." else "."
    what = "percentages" if any(part.percent for part in parts) else "numbers"
    said = []
    for names, like in (
        (f"a decimal {_NAMES[decimal]}", next((body for body in bodies if decimal in body), "")),
        (f"a {_NAMES[group]} between thousands", next((body for body in bodies if group in body), "")),
        ("a space between thousands", next((body for body in bodies if re.search(r"\s", body)), "")),
        ("an apostrophe between thousands", next((body for body in bodies if "'" in body or "’" in body), "")),
    ):
        if like:
            said.append(f"{names}, like {like}")
    how = f"{what} with {', and '.join(said)}" if said else what
    if by_file and any("," in body for body in bodies):
        how += " (no number of the file has a decimal comma)"
    return how
