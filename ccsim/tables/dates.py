"""Columns of dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Final

from ccsim.tables.columns import Column, ReadTexts, Unsure, Wrong, column_of
from ccsim.tables.day_forms import read_days
from ccsim.tables.kinds import kind_of
from ccsim.text.tree import shown

_MIDNIGHT: Final = re.compile(r"(.+?)[T ] ?(?:0?0:00(?::00(?:\.0+)?)?|12:00(?::00)? [AaPp][Mm])")


def dates(cells: Sequence[str], stated: str | None = None) -> Column[date]:
    """Dates of a column: `2026-03-02`, `20260302`, `02.03.2026`, `3/2/2026`, `2 Mar 2026`, `46083` of Excel.

    `stated`: `day first`, `month first`, `iso`, `excel` (day numbers of Excel), or a pattern of `strptime` such as
    `%d/%m/%Y`; else the column shows it. Midnight after a date is left out. Raises `Ambiguous` where two forms fit all
    cells and give different dates, `ValueError` for another `stated`.
    """
    return column_of(cells, partial(read_dates, stated=stated))


def read_dates(texts: Sequence[str], stated: str | None = None) -> ReadTexts[date]:
    """The dates of different texts; see `dates`. Raises `Unsure` where two forms fit all."""
    days = {text: match[1] if (match := _MIDNIGHT.fullmatch(text)) else text for text in texts}
    try:
        read = read_days(dict.fromkeys(days.values()), stated)
    except Unsure as unsure:
        raise Unsure(str(unsure), (text for text, day in days.items() if day in unsure.texts)) from None
    values = {text: read.values[day] for text, day in days.items() if day in read.values}
    wrong = {text: read.wrong[day] for text, day in days.items() if day in read.wrong}
    for text in wrong:
        if kind_of(text) == "instant":
            wrong[text] = Wrong("time", f"{shown(text)} holds a time too, where a date is wanted")
    return ReadTexts(values, wrong, read.how)
