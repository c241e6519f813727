"""The texts of a table column by column, at little more memory than its file takes."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from operator import gt
from typing import Final, TypeVar

T = TypeVar("T")

_END: Final = "\x1f"
"""Stands between packed texts: a control character, which no text that is read has."""
_FEW: Final = 50_000
_WIDTHS: Final = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32))


class Cells(list[str]):
    """The text of every row, where those that repeat are kept once."""

    def __init__(self, texts: list[str], codes: array[int]) -> None:
        super().__init__(map(texts.__getitem__, codes))
        self.texts = texts
        """The different texts, in the order in which they first stand."""
        self.codes = codes
        """Which of them each row has."""


class Texts:
    """The stripped texts of one column.

    Texts that repeat are kept once, with a number a row; where most differ, they are packed into long strings.
    """

    def __init__(self) -> None:
        self._known = _Known()
        self._codes = array("B")
        self._packed: list[str] | None = None
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def extend(self, raw: Sequence[str]) -> None:
        """Add the texts of further rows."""
        self._rows += len(raw)
        if self._packed is not None:
            self._packed.append(_END.join(map(str.strip, raw)))
            return
        codes = list(map(self._known.__getitem__, raw))
        number = len(self._known.texts)
        if self._codes.typecode != "I":
            width = next(code for code, most in _WIDTHS if number <= most)
            if width != self._codes.typecode:
                self._codes = array(width, self._codes)
        self._codes.extend(array(self._codes.typecode, codes))
        if number > _FEW and 2 * number > self._rows:
            texts = list(map(self._known.texts.__getitem__, self._codes))
            self._packed = [_END.join(texts[at : at + _FEW]) for at in range(0, len(texts), _FEW)]
            self._codes, self._known = array("B"), _Known()

    def close(self) -> None:
        """No more rows come: what only adding them needs is let go."""
        self._known.clear()

    def all(self) -> list[str]:
        """The text of every row."""
        if self._packed is not None:
            return list(chain.from_iterable(piece.split(_END) for piece in self._packed))
        return Cells(self._known.texts, self._codes)

    def different(self) -> Iterable[str]:
        """The different texts, in the order in which they first stand; where most differ, all."""
        return self._known.texts if self._packed is None else self.all()

    def rows_of(self, texts: set[str]) -> list[int]:
        """The rows that have one of some texts."""
        if self._packed is not None:
            return [row for row, text in enumerate(self.all()) if text in texts]
        codes = {code for code, text in enumerate(self._known.texts) if text in texts}
        return [row for row, code in enumerate(self._codes) if code in codes] if codes else []

    def __getitem__(self, row: int) -> str:
        if self._packed is None:
            return self._known.texts[self._codes[row]]
        at = row
        for piece in self._packed:
            size = piece.count(_END) + 1
            if at < size:
                return piece.split(_END)[at]
            at -= size
        raise IndexError(row)


def rows_by_text(cells: Sequence[str]) -> dict[str, Sequence[int]]:
    """The rows of each text, in order: a range where texts take turns, or stand in one block each."""
    if not isinstance(cells, Cells):
        found: dict[str, list[int]] = {}
        for row, text in enumerate(cells):
            found.setdefault(text, []).append(row)
        return dict(found)
    texts, codes = cells.texts, cells.codes
    rows, number = len(codes), len(texts)
    if rows % number == 0 and codes.tobytes() == codes[:number].tobytes() * (rows // number):
        return {text: range(at, rows, number) for at, text in enumerate(texts)}
    if not any(map(gt, codes, islice(codes, 1, None))):
        ends = [bisect_right(codes, code) for code in range(number)]
        return dict(zip(texts, map(range, [0, *ends], ends), strict=True))
    lists: list[list[int]] = [[] for _ in texts]
    adds = [one.append for one in lists]
    for row, code in enumerate(codes):
        adds[code](row)
    return dict(zip(texts, lists, strict=True))


def picked(values: Sequence[T], rows: Sequence[int]) -> Sequence[T]:
    """The values of some rows."""
    return values[rows.start : rows.stop : rows.step] if isinstance(rows, range) else [values[row] for row in rows]


class _Known(dict[str, int]):
    """Numbers of texts; a text that is new gets the next, the same with and without space around it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def __missing__(self, raw: str) -> int:
        text = raw.strip()
        if text != raw:
            code = self[text]
        else:
            code = len(self.texts)
            self.texts.append(text)
        self[raw] = code
        return code
