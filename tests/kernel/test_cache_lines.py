"""Records that begin at a line of the processor's cache."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.kernel import sums
from ccsim.kernel.cache_lines import in_lines, records, twice
from ccsim.records.day_tables import OF_FIRST_ANSWERS
from ccsim.records.tables import COHORT, OF_ROUTES

BYTES = 64


@pytest.mark.parametrize("width", [1, 3, 8, 24])
def test_records_begin_at_a_line_and_keep_what_they_have(width: int) -> None:
    made = records(5, width)
    made[:] = np.arange(5 * width).reshape(5, width)
    more = twice(made)
    assert made.ctypes.data % BYTES == more.ctypes.data % BYTES == 0
    assert more.flags.c_contiguous
    assert np.array_equal(more[:5], made)
    assert more.shape == (10, width)
    assert not more[5:].any()


def test_a_width_in_lines_is_the_next_multiple_of_eight() -> None:
    assert [in_lines(width) for width in (1, 8, 9, 16, 17)] == [8, 8, 16, 16, 24]


@pytest.mark.parametrize(
    ("places", "columns", "rare", "often"),
    [
        (sums.COHORT_PLACES, COHORT, sums.COHORT_RARE, sums.COHORT_THRESHOLDS),
        (
            (*sums.ROUTE_PLACES, *sums.FIRST_PLACES),
            (*OF_ROUTES, *OF_FIRST_ANSWERS),
            sums.ROUTE_RARE,
            sums.ROUTE_THRESHOLDS,
        ),
    ],
    ids=["cohort", "routes"],
)
def test_every_column_has_a_place_of_its_own(
    places: tuple[int, ...], columns: tuple[object, ...], rare: int, often: int
) -> None:
    assert len({*places}) == len(places) == len(columns)
    assert {place for place in places if place >= sums.RARE} == {*range(sums.RARE, sums.RARE + rare)}
    assert {place for place in places if place < sums.RARE} <= {*range(often)}
