"""Outcomes that are alike, for compiled code: what the registry says of where visits end, a bit for each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ccsim.draws.jit import kernel_step
from ccsim.records import outcomes


def _bits(names: Sequence[str]) -> int:
    """Bits of some outcomes."""
    return sum(1 << outcomes.outcome(name) for name in names)


NOT_OFFERED: Final = _bits(outcomes.NOT_OFFERED)
STILL_OPEN: Final = _bits(outcomes.STILL_OPEN)
GOES_ON: Final = _bits(outcomes.GOES_ON)
RESOLVES: Final = _bits(outcomes.RESOLVES)
ENDED_WITH_BOT: Final = _bits(outcomes.ENDED_WITH_BOT)


@kernel_step
def is_one_of(bits: int, outcome: int) -> bool:
    """Whether an outcome is one of some: a shift, where a search of a tuple is a loop."""
    return (bits >> outcome) & 1 == 1
