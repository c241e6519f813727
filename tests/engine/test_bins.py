"""The kernel and the tables count waits in the same bins."""

from __future__ import annotations

from ccsim.kernel.tally import WAIT_BINS, bin_of_wait
from ccsim.results import bins


def test_one_set_of_bins() -> None:
    assert WAIT_BINS == bins.BINS
    waits = [
        edge * 1000 + more for b in range(0, bins.BINS, 7) for edge in (bins.lower_edge_ms(b),) for more in (0, 999)
    ]
    assert [bin_of_wait(wait) for wait in waits] == [bins.bin_of_wait(wait) for wait in waits]
