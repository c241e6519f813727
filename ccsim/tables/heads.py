"""Where a table begins: titles above it, its head, and whether it has one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from ccsim.tables.kinds import kind_of

MOST_TITLES: Final = 20
_NO_HEAD: Final = "the first line is no head"
_COUNTS_UP: Final = "the first line is taken for the head: its numbers rise evenly"
_OF_TIME: Final = ("date", "time", "instant")
_TOTALS: Final = (
    r"(?:(?:(?:grand|sub|overall|general)[- ]?)?totals?|totals? general|sums?|averages?|avg\.?|summe|gesamt|"
    r"gesamtsumme|gesamtergebnis|ergebnis|teilergebnis|insgesamt|zwischensumme|mittelwert|durchschnitt|somme|"
    r"total général|totaux|moyenne|totale|totali|totale complessivo|suma|suma końcowa|razem|totales|promedio|soma|"
    r"total geral|média|totaal|eindtotaal|subtotaal|gemiddelde|summa|totalsumma|hovedtotal|genel toplam|toplam|"
    r"合計|総計|总计|总和|合计|합계|총합계)"
)
_DAY: Final = r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}"
_TOTAL: Final = re.compile(
    rf"{_TOTALS}(?: ?[:=] ?[-+]?[0-9][0-9.,'’ %]*| {_DAY})?|{_DAY} {_TOTALS}",
    re.IGNORECASE,
)


def is_total(text: str) -> bool:
    """Whether the first cell of a row says that it holds totals (or averages) of the others, or one: `Total: 1,234`.

    Those of a date too: `Total 2026-03-02`, `02.03.2026 Ergebnis`.
    """
    if len(text) >= 40 or (text[:1].isdigit() and not text[-1:].isalpha()):
        return False
    return _TOTAL.fullmatch(text.rstrip(": ")) is not None


def filled(row: Sequence[str]) -> int:
    """How many cells a row has up to the last that is not blank."""
    return max((at + 1 for at, cell in enumerate(row) if cell), default=0)


def titles_above(rows: Sequence[Sequence[str]]) -> int:
    """How many rows of titles stand above the head, blank rows counted; 0 where that is not safe to say.

    Safe: they have one cell (two, where the table has four columns or more), the row below them is full and its
    names stand over values.
    """
    widths = Counter(width for width in map(filled, rows) if width)
    if not widths:
        return 0
    width = max(widths, key=lambda one: (widths[one], one))
    most = 2 if width >= 4 else 1
    if width < 2:
        return 0
    apart = _titles_above_a_blank(rows, width)
    if apart:
        return apart
    for at, row in enumerate(rows[: MOST_TITLES + 1]):
        cells = sum(1 for cell in row if cell)
        if cells <= most and (cells < width):
            continue
        if not at or cells < filled(row) or filled(row) < width:
            return 0
        below = [one for one in rows[at + 1 :] if any(one)]
        return at if _evidence(row, below)[0] else 0
    return 0


def _titles_above_a_blank(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many rows of titles stand above a blank row and a full head below it, themselves no head with its rows."""
    blank = next((at for at, row in enumerate(rows[:MOST_TITLES]) if not any(row)), 0)
    head = next((at for at, row in enumerate(rows[: MOST_TITLES + 1]) if at > blank and any(row)), 0)
    if not blank or not head or sum(map(bool, rows[head])) < width or filled(rows[head]) != width:
        return 0
    if any(sum(map(bool, row)) > 2 for row in rows[:blank]) or _evidence(rows[0], rows[1:blank])[0]:
        return 0
    return head if _evidence(rows[head], [row for row in rows[head + 1 :] if any(row)])[0] else 0


def has_head(rows: Sequence[Sequence[str]]) -> tuple[bool, str]:
    """Whether the first of some rows names the columns, and a word on it where that is not plain.

    It does where a name stands over values, or a time over numbers; it does not where a value stands over values of
    the same kind. Where nothing tells, it does if all its cells are different texts.
    """
    first, below = rows[0], [row for row in rows[1:] if any(row)]
    named, valued, timed = _evidence(first, below)
    if timed:
        return False, _NO_HEAD
    if named:
        return True, ""
    if valued:
        return (True, _COUNTS_UP) if _counts_up(first) else (False, _NO_HEAD)
    names = [cell for cell in first if cell]
    if len(set(names)) == len(names) and all(kind_of(name) in ("text", "") for name in names):
        return True, ""
    return False, _NO_HEAD


def _evidence(first: Sequence[str], below: Sequence[Sequence[str]]) -> tuple[bool, bool, bool]:
    """Whether a name stands over values; a value over values of its kind; a date or time over such."""
    named = valued = timed = False
    for at, name in enumerate(first):
        kind = kind_of(name)
        kinds = Counter(kind_of(row[at]) for row in below if at < len(row))
        kinds.pop("", None)
        if not kinds or not kind:
            continue
        usual, often = kinds.most_common(1)[0]
        if 2 * often < kinds.total() or usual == "text":
            continue
        named = named or kind == "text" or (kind in _OF_TIME and usual == "number")
        valued = valued or kind == usual
        timed = timed or (kind == usual and kind in _OF_TIME)
    return named, valued, timed


def _counts_up(first: Sequence[str]) -> bool:
    """Whether a row names columns by numbers that rise evenly, as hours or weeks do, from the second cell on."""
    names = list(first[1 : filled(first)])
    if (
        len(names) < 4
        or kind_of(first[0]) not in ("text", "")
        or not all(re.fullmatch("[0-9]{1,4}", name) for name in names)
    ):
        return False
    if all(len(name) == 4 for name in names):  # 0900, 0930
        minutes = [int(name[:2]) * 60 + int(name[2:]) for name in names]
    else:
        minutes = [int(name) for name in names]
    step = minutes[1] - minutes[0]
    return step > 0 and all(b - a == step for a, b in pairwise(minutes))
