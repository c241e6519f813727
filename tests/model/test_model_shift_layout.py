"""Where a block of absence may lie in a shift: with its margins where it can, else wherever there is room."""

import math

from ccsim.model import shift_layout
from ccsim.units import HOUR

LENGTH = 8 * HOUR
PAUSE = (LENGTH // 2 - HOUR // 2, LENGTH // 2 + HOUR // 2)
MARGIN = shift_layout._MARGIN
ABOVE_ONE = math.nextafter(1.0, 2.0)


def test_a_block_that_fits_exactly_keeps_its_margins() -> None:
    block = PAUSE[0] - MARGIN
    for phase in (0.0, 0.5, 0.99):
        assert shift_layout._place(LENGTH, block, [PAUSE], phase) == 0
    assert shift_layout._place(LENGTH, LENGTH, [], 0.5) == 0  # the whole shift
    assert shift_layout._place(LENGTH, LENGTH + 1, [], 0.5) is None


def test_a_phase_that_rounding_has_left_above_the_last_room_is_its_last_start() -> None:
    block = PAUSE[0] - MARGIN - HOUR
    first, last = shift_layout._rooms(LENGTH, block, [PAUSE], MARGIN)
    assert last == (PAUSE[1] + MARGIN, LENGTH - block)
    assert first[1] < last[0] < last[1]
    # of all the starts, and a little more: less would be found in a room
    assert shift_layout._place(LENGTH, block, [PAUSE], ABOVE_ONE) == last[1]
