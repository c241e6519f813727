"""A shift of a pattern from start to end: where its breaks and its blocks away from contacts lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ccsim.errors import Fault, ScenarioError
from ccsim.kernel.layout import Ints
from ccsim.language.shift_patterns import ShiftPattern
from ccsim.language.shrinkage import block_shares
from ccsim.units import MINUTE

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
    """Microseconds; of a block the longest, as some ways have a minute less."""
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
    lengths: Ints
    """[ways, away] Length of each, microseconds; over all ways a block has its share to a 32nd of a minute."""
    gap: int | None
    """Which of `away` is the gap of a split shift."""

    @property
    def on_line(self) -> int:
        """Time on the line on average over the ways, microseconds."""
        return self.length - round(float(self.lengths.sum(axis=1).mean()))

    def paid_after(self, elapsed: int) -> int:
        """Paid time that is left when part of the shift is over, microseconds."""
        unpaid = sum(
            min(max(elapsed - int(start), 0), one.length)
            for one, start in zip(self.away, self.at[0], strict=True)
            if not one.paid
        )
        return max(self.paid - elapsed + unpaid, 0)


class Block(NamedTuple):
    """Time away for a cause that lies in one piece."""

    cause: str
    length: int
    """Whole minutes, microseconds."""
    shorter: int
    """Ways in which it is a minute shorter."""


def blocks_of(pattern: ShiftPattern, shrinkage: Mapping[str, float]) -> list[Block]:
    """Blocks of one shift that is worked, by cause; whole minutes that have the cause's share over all ways."""
    found = []
    for cause, share in sorted(block_shares(shrinkage).items()):
        ways = round(share * pattern.paid / MINUTE * _WAYS)  # minutes of all ways together
        if ways > 0:
            minutes = -(-ways // _WAYS)
            found.append(Block(cause, minutes * MINUTE, minutes * _WAYS - ways))
    return found


def lay_out(name: str, pattern: ShiftPattern, shrinkage: Mapping[str, float]) -> ShiftLayout:
    """The layout of a pattern's shifts for people with a shrinkage: shares of the rostered time by cause.

    Breaks divide the work into equal parts, moved a little from person to person; each cause has one block in a shift
    (more where none is long enough between two breaks), spread over the shift from person to person, beside breaks
    and other blocks. `ScenarioError` if they do not fit into the shift.
    """
    blocks = blocks_of(pattern, shrinkage)
    ways = _WAYS if blocks else len(_STEPS) if pattern.breaks else 1
    work = pattern.paid - sum(pause.length for pause in pattern.breaks if pause.paid)
    fits = work - sum(block.length for block in blocks) > 0
    while fits:
        order = sorted(range(len(blocks)), key=lambda i: (-blocks[i].length, i))
        rows = [_one_way(way, pattern, blocks, order) for way in range(ways)]
        if all(row is not None for row in rows):
            break
        longest = max(block.length for block in blocks)
        fits = longest >= 2 * _SHORTEST
        blocks = [piece for block in blocks for piece in (_halves(block) if block.length > longest // 2 else (block,))]
    if not fits:
        raise ScenarioError(
            [Fault("expected breaks and blocks of shrinkage that leave work to do", f"shift_patterns.{name}")]
        )
    away = [Away(BREAK, pause.length, pause.paid) for pause in pattern.breaks]
    gap = None if pattern.split_after is None else len(away)
    if gap is not None:
        away.append(Away(BREAK, pattern.split_gap, False))
    fixed = len(away)
    away += [Away(block.cause, block.length, True) for block in blocks]
    at = np.array(rows, np.int64).reshape(ways, len(away))
    lengths = np.tile(np.array([one.length for one in away], np.int64), (ways, 1))
    for number, block in enumerate(blocks):
        lengths[:, fixed + number] -= _spread(block.shorter, number) * MINUTE
    return ShiftLayout(pattern.length, pattern.paid, tuple(away), at, lengths, gap)


def _spread(ways: int, number: int) -> Ints:
    """[_WAYS] 1 in so many of the ways, as evenly as can be; begun elsewhere for every block."""
    turn = (np.arange(_WAYS) + 7 * number) % _WAYS
    return np.asarray((turn + 1) * ways // _WAYS - turn * ways // _WAYS, np.int64)


def _halves(block: Block) -> tuple[Block, Block]:
    half = block.length // 2 // MINUTE * MINUTE
    return Block(block.cause, block.length - half, block.shorter), Block(block.cause, half, 0)


def _one_way(way: int, pattern: ShiftPattern, blocks: list[Block], order: list[int]) -> list[int] | None:
    """Starts of breaks, gap and blocks in one way; None where a block does not fit."""
    starts = _breaks(pattern, _STEPS[way % len(_STEPS)])
    taken = [(start, start + pause.length) for start, pause in zip(starts, pattern.breaks, strict=True)]
    if pattern.split_after is not None:
        starts.append(pattern.split_after)
        taken.append((pattern.split_after, pattern.split_after + pattern.split_gap))
    placed = [0] * len(blocks)
    for place, i in enumerate(order):
        phase = ((way + 0.5) * _GOLDEN + place / len(blocks)) % 1.0
        start = _place(pattern.length, blocks[i].length, taken, phase)
        if start is None:
            return None
        placed[i] = start
        taken.append((start, start + blocks[i].length))
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
