"""The texts of a table column by column, at little more memory than its file takes."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress, islice
from operator import gt
from typing import Final, TypeVar

T = TypeVar("T")

_END: Final = "\x1f"
"""Stands between packed texts: a control character, which no text that is read has."""
_FEW: Final = 50_000
_WIDTHS: Final = (("B", 1 << 8), ("H", 1 << 16), ("I", 1 << 32))
_NO_DIGIT_FIRST: Final = re.compile(f"(?:^|{_END})(?![0-9])")


class CodedTexts(list[str]):
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
        self._starts = array("I")
        self._rows = 0

    def __len__(self) -> int:
        return self._rows

    def extend(self, raw: Sequence[str]) -> None:
        """Add the texts of further rows."""
        if self._packed is not None:
            self._pack(map(str.strip, raw))
            self._rows += len(raw)
            return
        self._rows += len(raw)
        codes = list(map(self._known.__getitem__, raw))
        number = len(self._known.texts)
        if self._codes.typecode != "I":
            width = next(code for code, most in _WIDTHS if number <= most)
            if width != self._codes.typecode:
                self._codes = array(width, self._codes)
        self._codes.extend(array(self._codes.typecode, codes))
        if number > _FEW and 2 * number > self._rows:
            texts = list(map(self._known.texts.__getitem__, self._codes))
            self._packed, self._rows = [], 0
            for at in range(0, len(texts), _FEW):
                self._pack(texts[at : at + _FEW])
                self._rows = min(at + _FEW, len(texts))
            self._codes, self._known = array("B"), _Known()

    def _pack(self, texts: Iterable[str]) -> None:
        assert self._packed is not None
        self._packed.append(_END.join(texts))
        self._starts.append(self._rows)

    def close(self) -> None:
        """No more rows come: what only adding them needs is let go."""
        self._known.clear()

    def pieces(self) -> Iterator[list[str]]:
        """The text of every row, some thousands at a time. Texts that repeat share one object where few differ."""
        if self._packed is not None:
            yield from (piece.split(_END) for piece in self._packed)
            return
        of = self._known.texts.__getitem__
        for at in range(0, self._rows, _FEW):
            yield list(map(of, self._codes[at : at + _FEW]))

    def all(self) -> list[str]:
        """The text of every row."""
        if self._packed is not None:
            return list(chain.from_iterable(self.pieces()))
        return CodedTexts(self._known.texts, self._codes)

    def different(self) -> list[str] | None:
        """The different texts, in the order in which they first stand; none where most differ."""
        return self._known.texts if self._packed is None else None

    def holding(self, sign: str) -> Iterator[str]:
        """The different texts that hold a sign; where most differ, one may come again."""
        if self._packed is None:
            return (text for text in self._known.texts if sign in text)
        return (text for piece in self._packed if sign in piece for text in piece.split(_END) if sign in text)

    def rows_where(self, fits: Callable[[str], bool]) -> list[int]:
        """The rows whose text fits. Where most differ, those of a block of texts that all begin with a digit are not
        looked at."""
        if self._packed is None:
            codes = {code for code, text in enumerate(self._known.texts) if fits(text)}
            return [row for row, code in enumerate(self._codes) if code in codes] if codes else []
        return [
            first + at
            for first, piece in zip(self._starts, self._packed, strict=True)
            if _NO_DIGIT_FIRST.search(piece)
            for at, text in enumerate(piece.split(_END))
            if fits(text)
        ]

    def count(self, text: str) -> int:
        """How many rows have a text."""
        if self._packed is None:
            return self._codes.count(self._known.texts.index(text)) if text in self._known.texts else 0
        return sum(piece.split(_END).count(text) for piece in self._packed if text in piece)

    def __getitem__(self, row: int) -> str:
        if self._packed is None:
            return self._known.texts[self._codes[row]]
        at = bisect_right(self._starts, row) - 1
        return self._packed[at].split(_END)[row - self._starts[at]]


def rows_by_text(
    cells: Sequence[str], among: Sequence[int] | None = None, most: int | None = None
) -> Mapping[str, Sequence[int]]:
    """The rows of each text, in order: a range where texts take turns, or stand in one block each.

    `among`: only these rows. Where there are more than `most` texts it ends with the first row of one text more.
    """
    if among is not None or not isinstance(cells, CodedTexts) or (most is not None and len(cells.texts) > most):
        found: dict[str, array[int]] = {}
        for row in range(len(cells)) if among is None else among:
            text = cells[row]
            if text in found:
                found[text].append(row)
            else:
                found[text] = array("I", [row])
                if most is not None and len(found) > most:
                    break
        return found
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


class Cells:
    """The texts of one column, of the rows that count."""

    def __init__(self, texts: Texts, kept: array[int] | None, counts: bytearray) -> None:
        """`kept`: the rows that count, rising, and `counts`: 1 for each of them; `kept` none: all."""
        self._texts, self._kept, self._counts = texts, kept, counts

    def __len__(self) -> int:
        return len(self._texts) if self._kept is None else len(self._kept)

    def pieces(self) -> Iterator[list[str]]:
        """The text of every row, some thousands at a time."""
        if self._kept is None:
            yield from self._texts.pieces()
            return
        at = 0
        for piece in self._texts.pieces():
            yield list(compress(piece, self._counts[at : at + len(piece)]))
            at += len(piece)

    def all(self) -> list[str]:
        """The text of every row. Texts that repeat share one object as a rule."""
        every = self._texts.all()
        return every if self._kept is None else list(map(every.__getitem__, self._kept))

    def different(self, most: int) -> list[str] | None:
        """The different texts, in the order in which they first stand; none where there are more than `most`."""
        if self._kept is None and (known := self._texts.different()) is not None:
            return known if len(known) <= most else None
        found: dict[str, None] = {}
        for piece in self.pieces():
            found.update(dict.fromkeys(piece))
            if len(found) > most:
                return None
        return list(found)

    def holding(self, sign: str) -> Iterator[str]:
        """The different texts that hold a sign; where most differ, one may come again."""
        known = {text for piece in self.pieces() for text in piece if sign in text} if self._kept is not None else None
        return self._texts.holding(sign) if known is None else iter(known)

    def __getitem__(self, row: int) -> str:
        return self._texts[row if self._kept is None else self._kept[row]]
