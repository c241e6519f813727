"""Hours of a week in short, as `explain route` says when a pool is on shift."""

from __future__ import annotations

import pytest

from ccsim.commands.route_facts import _hours
from ccsim.centre.open_hours import ALWAYS, QUARTERS


def _bits(*spans: tuple[float, float]) -> int:
    bits = 0
    for start, end in spans:
        for at in range(int(start * 4), int(end * 4)):
            bits |= 1 << at % QUARTERS
    return bits


@pytest.mark.parametrize(
    ("bits", "said"),
    [
        (ALWAYS, "24x7"),
        (0, "never"),
        (_bits(*((day * 24 + 9, day * 24 + 17.5) for day in range(7))), "09:00-17:30"),
        (_bits(*((day * 24 + 19, day * 24 + 38) for day in range(7))), "19:00-14:00"),
        (_bits(*((day * 24 + 0, day * 24 + 24) for day in range(5))), "mon 00:00 to fri 24:00"),
        (
            _bits(*((day * 24 + 8, day * 24 + 20) for day in range(5)), (130, 136)),
            "mon-fri 08:00-20:00, sat 10:00-16:00",
        ),
        (
            _bits(*((d * 24 + h, d * 24 + h + 4) for d in (0, 2) for h in (7, 14))),
            "mon+wed 07:00-11:00 and 14:00-18:00",
        ),
        (_bits((6 * 24 + 22, 6 * 24 + 30)), "sun 22:00-06:00"),
        (
            _bits(*((day * 24 + day, day * 24 + day + 2) for day in range(7))),
            "mon 00:00-02:00, tue 01:00-03:00, wed 02:00-04:00 and 4 more",
        ),
    ],
)
def test_hours_in_short(bits: int, said: str) -> None:
    assert _hours(bits) == said
