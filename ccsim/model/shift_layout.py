"""A shift of a pattern from start to end: where its breaks and its blocks away from contacts lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ccsim.errors import Fault, ScenarioError
from ccsim.kernel.layout import Ints
from ccsim.scenario.sections import ShiftPattern
from ccsim.units import MINUTE

#: Causes of shrinkage that take whole days; every other one is a block in each shift.
WHOLE_DAYS: Final = ("absence", "leave")
BREAK: Final = "break"
#: Ways in which people of equal shifts spread their breaks and blocks.
_WAYS: Final = 32
#: Breaks move by so many steps, at most a third of the work between them, so that not all go at once.
_STEPS: Final = (0, 1, -1, 2, -2)
_STEP: Final = 15 * MINUTE
#: Work that a block leaves between itself and a break where it can: breaks that touch are one.
_MARGIN: Final = 10 * MINUTE
#: Shortest piece of a block that has to be cut.
_SHORTEST: Final = 5 * MINUTE
_GOLDEN: Final = 0.6180339887498949


class Away(NamedTuple):
    """Time off the line in a shift."""

    cause: str
    length: int
    """Microseconds."""
    paid: bool


@dataclass(frozen=True, slots=True)
class ShiftLayout:
    """How a shift of one pattern is worked by the people of one pool."""

    length: int
    """From start to end, microseconds."""
    paid: int
    """Paid time, microseconds."""
    away: tuple[Away, ...]
    """Breaks in order, the gap of a split shift, then blocks."""
    at: Ints
    """[ways, away] Start of each, since the start of the shift; people and days take turns at the ways."""
    gap: int | None
    """Which of `away` is the gap of a split shift."""

    @property
    def on_line(self) -> int:
        """Time on the line, microseconds."""
        return self.length - sum(one.length for one in self.away)

    def paid_after(self, elapsed: int) -> int:
        """Paid time that is left when part of the shift is over, microseconds."""
        unpaid = sum(
            min(max(elapsed - int(start), 0), one.length)
            for one, start in zip(self.away, self.at[0], strict=True)
            if not one.paid
        )
        return max(self.paid - elapsed + unpaid, 0)


def block_lengths(pattern: ShiftPattern, shrinkage: Mapping[str, float]) -> list[tuple[str, int]]:
    """Blocks of one shift by cause: the cause's share of the paid time, to the minute."""
    return [
        (cause, length)
        for cause, share in sorted(shrinkage.items())
        if cause not in WHOLE_DAYS and (length := int(share * pattern.paid / MINUTE + 0.5) * MINUTE) > 0
    ]


def lay_out(name: str, pattern: ShiftPattern, shrinkage: Mapping[str, float]) -> ShiftLayout:
    """The layout of a pattern's shifts for people with a shrinkage.

    Breaks divide the work into equal parts, moved a little from person to person; each cause has one block in a shift
    (more where none is long enough between two breaks), spread over the shift from person to person, beside breaks
    and other blocks. `ScenarioError` if they do not fit into the shift.
    """
    blocks = block_lengths(pattern, shrinkage)
    ways = _WAYS if blocks else len(_STEPS) if pattern.breaks else 1
    work = pattern.paid - sum(pause.length for pause in pattern.breaks if pause.paid)
    fits = work - sum(length for _, length in blocks) > 0
    while fits:
        order = sorted(range(len(blocks)), key=lambda i: (-blocks[i][1], i))
        rows = [_one_way(way, pattern, blocks, order) for way in range(ways)]
        if all(row is not None for row in rows):
            break
        longest = max(length for _, length in blocks)
        fits = longest >= 2 * _SHORTEST
        blocks = [piece for block in blocks for piece in (_halves(*block) if block[1] > longest // 2 else (block,))]
    if not fits:
        raise ScenarioError(
            [Fault("expected breaks and blocks of shrinkage that leave work to do", f"shift_patterns.{name}")]
        )
    away = [Away(BREAK, pause.length, pause.paid) for pause in pattern.breaks]
    gap = None if pattern.split_after is None else len(away)
    if gap is not None:
        away.append(Away(BREAK, pattern.split_gap, False))
    away += [Away(cause, length, True) for cause, length in blocks]
    at = np.array(rows, np.int64).reshape(ways, len(away))
    return ShiftLayout(pattern.length, pattern.paid, tuple(away), at, gap)


def _halves(cause: str, length: int) -> tuple[tuple[str, int], tuple[str, int]]:
    half = length // 2 // MINUTE * MINUTE
    return (cause, length - half), (cause, half)


def _one_way(way: int, pattern: ShiftPattern, blocks: list[tuple[str, int]], order: list[int]) -> list[int] | None:
    """Starts of breaks, gap and blocks in one way; None where a block does not fit."""
    starts = _breaks(pattern, _STEPS[way % len(_STEPS)])
    taken = [(start, start + pause.length) for start, pause in zip(starts, pattern.breaks, strict=True)]
    if pattern.split_after is not None:
        starts.append(pattern.split_after)
        taken.append((pattern.split_after, pattern.split_after + pattern.split_gap))
    placed = [0] * len(blocks)
    for place, i in enumerate(order):
        phase = ((way + 0.5) * _GOLDEN + place / len(blocks)) % 1.0
        start = _place(pattern.length, blocks[i][1], taken, phase)
        if start is None:
            return None
        placed[i] = start
        taken.append((start, start + blocks[i][1]))
    return starts + placed


def _breaks(pattern: ShiftPattern, step: int) -> list[int]:
    """Starts of the breaks: equal parts of work between them, all moved by some steps."""
    whole = pattern.length - pattern.split_gap
    part = (whole - sum(pause.length for pause in pattern.breaks)) // (len(pattern.breaks) + 1)
    moved = max(min(step * _STEP, part // 3), -(part // 3))
    starts = []
    at = part + moved
    for pause in pattern.breaks:
        start = at // MINUTE * MINUTE
        if pattern.split_after is not None and start + pause.length > pattern.split_after:
            start = pattern.split_after - pause.length if start < pattern.split_after else start + pattern.split_gap
        starts.append(start)
        at += pause.length + part
    return starts


def _place(length: int, block: int, taken: list[tuple[int, int]], phase: float) -> int | None:
    """Where a block starts: at a share `phase` of all starts that leave room, on the minute."""
    for margin in (_MARGIN, 0):
        rooms = [(low, high) for low, high in _rooms(length, block, taken, margin) if low <= high]
        if not rooms:
            continue
        at = phase * sum(high - low for low, high in rooms)
        for low, high in rooms:
            if at <= high - low:
                return min(-(-(low + int(at)) // MINUTE) * MINUTE, high)
            at -= high - low
        return rooms[-1][1]
    return None


def _rooms(length: int, block: int, taken: list[tuple[int, int]], margin: int) -> Iterator[tuple[int, int]]:
    """First and last start of a block in each stretch of work."""
    at = 0
    for since, until in sorted(taken):
        yield (at + margin if at else 0), since - margin - block
        at = until
    yield (at + margin if at else 0), length - block
