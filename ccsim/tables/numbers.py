"""Columns of numbers and of durations: decimal and thousands signs as the whole column shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ccsim.tables.columns import Ambiguous, Column, Wrong, column, counted, distinct
from ccsim.text.tree import shown

MOST_NUMBER: Final = 1e15
_NONE: Final = frozenset({"-", "–", "—", "−", "--", "n/a", "na", "#n/a", "n.a.", "nan", "null", "none", "nil", "."})
"""What stands in a cell that has no number, in small letters."""
_ERROR: Final = re.compile(r"#(?:DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|WERT!|ZAHL!|BEZUG!|¡VALOR!|VALEUR!|#+)")
_SHAPE: Final = re.compile(r"(\()?([-+−]?)([^()%−]*[^()%−\s-])(-?)\s?(%?)(\))?")
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
class _Cell:
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
    wrong: dict[str, Wrong] = {}
    none: list[str] = []
    parts: dict[str, _Cell] = {}
    for text in distinct(cells):
        if text.lower() in _NONE:
            none.append(text)
            continue
        part = _apart(text)
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
    found = decimal or _decimal_of(parts, cells, thousands)
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
    how = (how + _none_told(cells, none, blank_is_zero)).removeprefix("; ")
    blank = 0.0 if blank_is_zero else None
    return column(cells, {"": blank, **values, **dict.fromkeys(none, blank)}, wrong, how)


def _apart(text: str) -> _Cell | Wrong:
    """A text that may be a number taken apart, or why it is none."""
    if _ERROR.fullmatch(text):
        return Wrong("error", f"{shown(text)} is an error that the spreadsheet shows, not a number")
    match = _SHAPE.fullmatch(text) if len(text) <= 60 else None
    if match:
        opened, sign, body, after, share, closed = match.groups()
        fits = any(reading.fullmatch(body) for reading in _READINGS.values())
        if fits and (opened is None) == (closed is None) and bool(sign) + bool(after) + bool(opened) <= 1:
            return _Cell(body, sign in ("-", "−") or bool(after) or opened is not None, bool(share))
    return Wrong("none", f"{shown(text)} is no number")


def _decimal_of(parts: Mapping[str, _Cell], cells: Sequence[str], thousands: str) -> str:
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
    raise Ambiguous(_both(parts[either].body), cells.index(either))


def _both(body: str) -> str:
    """Both readings of a number whose only sign has three digits after it."""
    sign, other = (",", ".") if "," in body else (".", ",")
    before, after = body.split(sign)
    small = f"{before} and {after} thousandths" if after.strip("0") else f"just {before}"
    return (
        f'{body} is {before}{after} if the {_NAMES[sign]} stands between thousands (say decimal: "{other}"), '
        f'or {small} if it is the decimal sign (say decimal: "{sign}")'
    )


def _how(parts: list[_Cell], decimal: str, by_file: bool) -> str:
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


def _none_told(cells: Sequence[str], none: list[str], zero: bool) -> str:
    """What is told of cells that have a sign for none."""
    if not none:
        return ""
    known = set(none)
    count = sum(1 for cell in cells if cell in known)
    verb = "is" if count == 1 else "are"
    signs = " or ".join(shown(text) for text in none[:3])
    return f"; {counted(count, 'cell')} with {signs} {verb} taken as {'0' if zero else 'blank'}"


_UNITS: Final = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 1),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden"), 1000),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), 60_000),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden"), 3_600_000),
    **dict.fromkeys(("d", "day", "days", "tag", "tage"), 86_400_000),
}
"""Milliseconds of the units of durations."""
_COLONS: Final = re.compile(
    r"(?:([0-9]{1,3})(?:\.| ?d(?:ays?)?,? | )(?=[0-9]{1,2}:[0-9]{2}:))?"
    r"([0-9]{1,4}):([0-9]{2})(?::([0-9]{2}))?(?:[.,]([0-9]{1,9}))?"
)
_AMOUNT: Final = re.compile(r"([0-9]+(?:[.,][0-9]+)?) ?([a-zA-Z]+)\.?,? ?")
_MINUTES: Final = re.compile(r"(?<![hH]:)\b(?:m{1,2}:ss|min:sec)\b", re.IGNORECASE)
_HOURS: Final = re.compile(r"\[?h{1,2}\]?:mm\b(?!:)", re.IGNORECASE)
MINUTES_AND_SECONDS: Final = "mm:ss"
HOURS_AND_MINUTES: Final = "h:mm"


def durations(
    cells: Sequence[str],
    unit: str = "s",
    *,
    decimal: str | None = None,
    thousands: str = "",
    stated: str | None = None,
    head: str = "",
) -> Column[float]:
    """Durations of a column in seconds: `240`, `4:00`, `00:04:15`, `4m15s`, `4 min`.

    `unit`: what numbers without a unit count, `ms`, `s`, `min`, `h` or `d`; `decimal` and `thousands` as in
    `numbers`. `stated`: what 4:00 is, `mm:ss` or `h:mm`, where nothing shows it: neither another cell (1:02:03, or
    75:30) nor `head`, the name of the column, as in `AHT (mm:ss)`.
    Raises `Ambiguous` for such a column, and `ValueError` for another `unit` or `stated`.
    """
    if unit not in _UNITS:
        raise ValueError(f"expected a unit of ms, s, min, h or d, got {shown(unit)}")
    if stated not in (None, MINUTES_AND_SECONDS, HOURS_AND_MINUTES):
        raise ValueError(f"expected {MINUTES_AND_SECONDS} or {HOURS_AND_MINUTES}, got {shown(stated or '')}")
    texts = distinct(cells)
    none = [text for text in texts if text.lower() in _NONE]
    clocks = {text: match for text in texts if (match := _COLONS.fullmatch(text))}
    worded = {text: seconds for text in texts if (seconds := _worded(text)) is not None}
    plain = [text for text in texts if isinstance(_apart(text), _Cell)]
    counts = [text for text in plain if text.strip("0.,")]
    if len(counts) >= max(len(clocks), len(worded)) and plain and not (counts == [] and (clocks or worded)):
        return _counted(cells, numbers(cells, decimal=decimal, thousands=thousands), counts, unit)
    values: dict[str, float | None] = {}
    if len(clocks) >= len(worded):
        form = _clock_form(clocks, cells, stated, head)
        values.update(
            {text: seconds for text, match in clocks.items() if (seconds := _seconds(match, form)) is not None}
        )
        how = f"durations as {form}" if form else "durations"
    else:
        values.update(worded)
        how = "durations"
    values.update(dict.fromkeys((text for text in plain if text not in counts), 0.0))
    example = next(iter(values), "4:00")
    missing = [text for text in texts if text not in values and text not in none]
    wrong = {text: Wrong("none", f"{shown(text)} is no duration like {example}") for text in missing}
    how = f"{how}, like {example}" if values else ""
    return column(cells, {**values, **dict.fromkeys(none)}, wrong, how + _none_told(cells, none, False))


def _counted(cells: Sequence[str], read: Column[float], counts: Sequence[str], unit: str) -> Column[float]:
    """Durations that are written as numbers of a unit. Raises `Ambiguous` for what looks like parts of a day."""
    if unit not in ("d", "day", "days") and counts and all(re.fullmatch(r"0[.,][0-9]{5,}", text) for text in counts):
        text = counts[0]
        seconds = float(text.replace(",", ".")) * 86_400
        told = f"{text} is {text} {unit}, or {seconds:.0f} seconds as a part of a day of Excel; say unit: d"
        raise Ambiguous(told, cells.index(text))
    factor = _UNITS[unit]
    values = [None if value is None else value * factor / 1000 for value in read.values]
    return replace(read, values=values, how=f"{read.how}, each of 1 {unit}" if read.how else "")


def _worded(text: str) -> float | None:
    """Seconds of `4m15s`, `4 min`, `1h 2m`; units from large to small."""
    total = 0.0
    last = 10**9
    at = 0
    for match in _AMOUNT.finditer(text):
        size = _UNITS.get(match[2].lower(), last)
        if match.start() != at or size >= last:
            return None
        total += float(match[1].replace(",", ".")) * size
        last, at = size, match.end()
    return total / 1000 if at == len(text) else None


def _clock_form(clocks: Mapping[str, re.Match[str]], cells: Sequence[str], stated: str | None, head: str) -> str:
    """What two numbers with a colon between are; empty where no cell has only two, or all are 0."""
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
    told = (
        f"{text} is {first} min {second} s or {first} h {second} min; say {MINUTES_AND_SECONDS} or {HOURS_AND_MINUTES}"
    )
    raise Ambiguous(told, cells.index(text))


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
