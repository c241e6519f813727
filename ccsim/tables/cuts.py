"""Where date, time and offset stand in the text of an instant: asked once for each shape that texts have."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple

from ccsim.tables.columns import MOST_TEXT
from ccsim.tables.kinds import kind_of

Kind = Literal["split", "date", "number", "range", "blank", "long"]
Pieces = Callable[[], Iterable[Sequence[str]]]
"""Gives the texts of a column some thousands at a time, as often as it is asked."""

NOTHING: Final = 0
"""Number of the text that is not there."""
MOST_PARTS: Final = 200_000
"""More different dates, or times without parts of a second, than there can be."""
_MOST_SHAPES: Final = 10_000
_END: Final = "\x1f"
_DIGITS: Final = str.maketrans("123456789", "0" * 9)
_NUMBER: Final = re.compile(r"0+(?:[.,]0*)?")
_CLOCK: Final = r"0{1,2}(?::00){1,2}(?P<part>[.,]0{1,9})?(?: ?[AaPp]\.?[Mm]\.?)?|0{1,2} ?[AaPp]\.?[Mm]\.?"
_SPLIT: Final = re.compile(
    rf"(?P<day>.+?)(?:T|,? +|_)(?P<time>{_CLOCK}|0000|000000|0{{1,2}}[.h]00)"
    r"(?: ?(?P<offset>Z|UTC|GMT|[-+]00(?::?00)?))?"
)
_RANGE: Final = re.compile(r".* 0{1,2}:00 ?-00:00")
_MONTH: Final = re.compile(r"[^\W\d_]{3,10}\.? 0000")
_FAST: Final = re.compile(r"0000-00-00[T ]00:00.*")


class Cut(NamedTuple):
    """How texts of one shape are taken apart."""

    kind: Kind
    day: slice = slice(0)
    time: slice = slice(0)
    after: slice = slice(0)
    """What belongs to the time behind its part of a second: ` PM`."""
    part: slice = slice(0)
    """Digits of the part of a second."""
    offset: slice = slice(0)
    iso: bool = False
    """Whether the date is written as in ISO, the time after it."""


def shape_of(text: str) -> str:
    """A text with each of its digits as 0."""
    return text.translate(_DIGITS)


def cut_of(text: str) -> Cut:
    """How a text, or the shape of one, is taken apart."""
    shape = shape_of(text)
    if not shape:
        return Cut("blank")
    if len(shape) > MOST_TEXT:
        return Cut("long")
    if _NUMBER.fullmatch(shape) and len(shape) != 8:
        return Cut("number")
    if _RANGE.fullmatch(shape):
        return Cut("range")
    match = _SPLIT.fullmatch(shape) if kind_of(shape) != "date" and not _MONTH.fullmatch(shape) else None
    if match is None:
        return Cut("date", slice(len(shape)))
    part, time = match.span("part"), match.span("time")
    return Cut(
        "split",
        slice(*match.span("day")),
        slice(time[0], part[0] if match["part"] else time[1]),
        slice(part[1], time[1]) if match["part"] else slice(0),
        slice(part[0] + 1, part[1]) if match["part"] else slice(0),
        slice(*match.span("offset")) if match["offset"] else slice(0),
        _FAST.fullmatch(shape) is not None,
    )


class _Cuts(dict[str, Cut]):
    """Cuts by shape."""

    def __init__(self, *, no_numbers: bool) -> None:
        """`no_numbers`: what looks like a number is taken for a date."""
        super().__init__()
        self._no_numbers = no_numbers

    def __missing__(self, shape: str) -> Cut:
        cut = cut_of(shape)
        if self._no_numbers and cut.kind == "number":
            cut = Cut("date", slice(len(shape)))
        if len(self) < _MOST_SHAPES:
            self[shape] = cut
        return cut


class _Numbered(dict[str, int]):
    """Numbers of texts from 1 on; beyond so many of them that cannot be right, all have 0."""

    def __missing__(self, text: str) -> int:
        if len(self) >= MOST_PARTS:
            return NOTHING
        number = self[text] = len(self) + 1
        return number


class Parts:
    """The parts of the texts of a column as numbers, row by row; a text is taken apart when it comes and not kept."""

    def __init__(self, pieces: Pieces, *, no_numbers: bool) -> None:
        """`no_numbers`: what looks like a number is taken for a date."""
        self.days, self.times, self.offsets = _Numbered(), _Numbered(), _Numbered()
        self.day_of, self.time_of, self.offset_of = array("I"), array("I"), array("I")
        """By row: 0 where there is none."""
        self.part_of: array[int] | None = None
        """Microseconds of a part of a second by row; none: no text has any."""
        self.shapes: dict[str, Cut] = _Cuts(no_numbers=no_numbers)
        self.filled = self.numbers = self.iso = 0
        """How many texts may be values; are one number; have a date as in ISO."""
        for piece in pieces():
            shapes = shape_of(_END.join(piece)).split(_END)  # all at once: a sixth of the time
            if len(shapes) != len(piece):
                shapes = list(map(shape_of, piece))
            if len(set(shapes)) == 1:
                self._add_alike(piece, self.shapes[shapes[0]])
            else:
                self._add(piece, shapes)

    def _add_alike(self, texts: Sequence[str], cut: Cut) -> None:
        """Add texts of one shape, a column of parts after the other."""
        self._count(cut, len(texts))
        before = len(self.day_of)
        _extend(self.day_of, texts, cut.day, self.days)
        _extend(self.offset_of, texts, cut.offset, self.offsets)
        if cut.after.stop:
            self.time_of.extend(map(self.times.__getitem__, [text[cut.time] + text[cut.after] for text in texts]))
        else:
            _extend(self.time_of, texts, cut.time, self.times)
        if cut.part.stop:
            self._parts(before).extend(map(micros, [text[cut.part] for text in texts]))
        elif self.part_of is not None:
            self.part_of.extend(bytes(len(texts)))  # a 0 each

    def _add(self, texts: Sequence[str], shapes: Sequence[str]) -> None:
        days, times, offsets = self.days, self.times, self.offsets
        for text, shape in zip(texts, shapes, strict=True):
            cut = self.shapes[shape]
            self._count(cut, 1)
            self.day_of.append(days[text[cut.day]] if cut.day.stop else NOTHING)
            self.time_of.append(times[text[cut.time] + text[cut.after]] if cut.time.stop else NOTHING)
            self.offset_of.append(offsets[text[cut.offset]] if cut.offset.stop else NOTHING)
            if cut.part.stop:
                self._parts(len(self.day_of) - 1).append(micros(text[cut.part]))
            elif self.part_of is not None:
                self.part_of.append(0)

    def _count(self, cut: Cut, rows: int) -> None:
        if cut.kind not in ("blank", "long"):
            self.filled += rows
        if cut.kind == "number":
            self.numbers += rows
        if cut.iso:
            self.iso += rows

    def _parts(self, rows: int) -> array[int]:
        """The parts of a second; at first those of so many rows without any."""
        if self.part_of is None:
            self.part_of = array("I", bytes(rows * array("I").itemsize))
        return self.part_of


def _extend(numbers: array[int], texts: Sequence[str], part: slice, known: dict[str, int]) -> None:
    """Add the numbers of a part of some texts; 0 for each where they have no such part."""
    if part.stop:
        numbers.extend(map(known.__getitem__, [text[part] for text in texts]))
    else:
        numbers.frombytes(bytes(len(texts) * numbers.itemsize))


def micros(digits: str) -> int:
    """Microseconds of the digits behind the point of a second; beyond microseconds they are cut off."""
    return int(digits[:6].ljust(6, "0"))
