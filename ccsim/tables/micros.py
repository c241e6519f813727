"""Columns as microseconds row by row, for files of millions of contacts."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from ccsim.tables.columns import (
    MOST_TEXT,
    Ambiguous,
    Misread,
    ReadTexts,
    Unsure,
    Wrong,
    distinct,
    how_told,
    misread,
    too_long,
)
from ccsim.tables.durations import DurationsWritten, milliseconds, read_durations
from ccsim.tables.number_instants import NONE
from ccsim.tables.numbers import read_numbers
from ccsim.tables.store import Cells
from ccsim.text.scalars import LONGEST
from ccsim.text.tree import shown
from ccsim.units import SECOND

MOST_DIFFERENT: Final = 200_000
"""More different texts than this are not kept one by one where that can be avoided."""
_END: Final = "\x1f"
_PLAIN: Final = {sign: re.compile(f"[0-9{sign}{_END}]*") for sign in ".,"}
_DECIMAL: Final = {
    sign: re.compile(rf"(?:^|{_END})(?:0[0-9]*|[0-9]{{4,}})?[{sign}]|[{sign}](?:[0-9]{{0,2}}|[0-9]{{4,}})(?:$|{_END})")
    for sign in ".,"
}
"""A number in which a sign can only be the decimal one: 1.125 may be grouped, 0.125, 1.5 and 1125.125 may not."""


@dataclass(slots=True)
class MicrosRows:
    """The values of a column row by row."""

    values: array[int]
    """Microseconds, or what a word stands for; `NONE` for a blank cell and one that could not be read."""
    how: str
    """The form in words."""
    faults: list[Misread]


def durations_by_row(cells: Cells, written: DurationsWritten, words: Mapping[str, int] | None = None) -> MicrosRows:
    """The durations of a column in microseconds, to the nearest; see `durations`.

    `words`: texts in small letters with values of their own, like `never`. Durations below 0 or of more than a
    hundred years are faults. Raises `Ambiguous` as `durations` does.
    """
    different = cells.different(MOST_DIFFERENT)
    plain = _plain(cells, written) if different is None else None
    if plain is not None:
        return plain
    return _by_text(cells, different, partial(_read_durations, written=written, words=words or {}))


def _read_durations(texts: list[str], written: DurationsWritten, words: Mapping[str, int]) -> ReadTexts[int]:
    """Durations as whole microseconds, and words with their values."""
    meant = {text: words[word] for text in texts if (word := text.lower()) in words}
    found = read_durations([text for text in texts if text not in meant], written)
    us: dict[str, int | None] = {
        text: None if seconds is None else round(seconds * SECOND) for text, seconds in found.values.items()
    }
    beyond = {text: _beyond(text, at) for text, at in us.items() if at is not None and not 0 <= at <= LONGEST}
    values = {text: at for text, at in us.items() if text not in beyond} | meant
    return ReadTexts(values, {**found.wrong, **beyond}, found.how, found.none)


def _by_text(
    cells: Cells,
    different: list[str] | None,
    read: Callable[[list[str]], ReadTexts[int]],
) -> MicrosRows:
    if different is None:
        different = list(dict.fromkeys(_every(cells)))
    try:
        found = read(distinct(different))
    except Unsure as unsure:
        raise _ambiguous(cells, unsure) from None
    wrong = {text: too_long(text) for text in different if len(text) > MOST_TEXT} | dict(found.wrong)
    us = {"": NONE, **dict.fromkeys(wrong, NONE)}
    us.update({text: NONE if value is None else value for text, value in found.values.items()})
    values = array("q")
    for piece in cells.pieces():
        values.extend(map(us.__getitem__, piece))
    faults = misread(enumerate(_every(cells)), wrong.get) if wrong else []
    return MicrosRows(values, how_told(found, _every(cells)), faults)


def _ambiguous(cells: Cells, unsure: Unsure) -> Ambiguous:
    return Ambiguous(str(unsure), next(row for row, text in enumerate(_every(cells)) if text in unsure.texts))


def _plain(cells: Cells, written: DurationsWritten) -> MicrosRows | None:
    """A column of very many different plain numbers, read without keeping their texts; none where it is not plain."""
    sign = written.decimal or ("," if next(cells.holding(","), "") else ".")
    if written.unit is None or (sign == "," and written.thousands):
        return None
    factor = milliseconds(written.unit)
    decided = written.decimal is not None
    unsure = ""
    values = array("q")
    for piece in cells.pieces():
        joined = _END.join(piece)
        if not _PLAIN[sign].fullmatch(joined):
            return None
        if sign in joined and not decided:
            decided = _DECIMAL[sign].search(joined) is not None
            unsure = unsure or next(text for text in piece if sign in text)
        try:
            texts = joined.replace(sign, ".").split(_END)
            values.extend(NONE if not text else round(float(text) * factor / 1000 * SECOND) for text in texts)
        except (ValueError, OverflowError):
            return None
    most = max(values, default=0)
    if not written.unit_stated and most < SECOND:
        return None
    if unsure and not decided:
        try:
            read_numbers([unsure])
        except Unsure as two:
            raise _ambiguous(cells, two) from None
    how = f"numbers with a decimal {'comma' if sign == ',' else 'point'}, like {unsure}" if unsure else "numbers"
    faults = _too_long(cells, values) if most > LONGEST else []
    return MicrosRows(values, f"{how}, each of 1 {written.unit}", faults)


def _too_long(cells: Cells, values: array[int]) -> list[Misread]:
    """Faults of numbers beyond a hundred years."""
    beyond = ((row, text) for row, text in enumerate(_every(cells)) if values[row] > LONGEST)
    return misread(beyond, lambda text: _beyond(text, LONGEST + 1))


def _beyond(text: str, us: int) -> Wrong:
    if us < 0:
        return Wrong("negative", f"{shown(text)} is below 0, where a time of 0 or more is wanted")
    return Wrong("long time", f"{shown(text)} is more than 100 years")


def _every(cells: Cells) -> Iterator[str]:
    """The text of every row."""
    return chain.from_iterable(cells.pieces())
