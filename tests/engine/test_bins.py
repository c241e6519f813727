"""The kernel and the tables count waits in the same bins."""

from __future__ import annotations

from ccsim.kernel.sum_rows import bin_of_wait
from ccsim.kernel.sums import WAIT_BINS
from ccsim.results import bins


def test_one_set_of_bins() -> None:
    assert WAIT_BINS == bins.BINS
    edges = [bins.lower_edge_ms(b) * 1000 for b in range(bins.BINS)]
    waits = [edge + more for edge in edges for more in (-1, 0, 999) if edge + more >= 0]  # both sides of every edge
    assert [bin_of_wait(wait) for wait in waits] == [bins.bin_of_wait(wait) for wait in waits]
