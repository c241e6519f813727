"""Asks for a record of several lines of the processor's cache."""

from __future__ import annotations

from ccsim.draws.instructions import fetch
from ccsim.draws.jit import kernel_step
from ccsim.kernel.cache_lines import LINE
from ccsim.kernel.layout import Ints


@kernel_step
def fetch_record(rows: Ints, row: int, width: int) -> None:
    """Ask for every line of a record of some width."""
    for column in range(0, width, LINE):
        fetch(rows, row, column)
