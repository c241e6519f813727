"""What a file holds before the horizon and after it."""

from __future__ import annotations

from collections.abc import Sequence

from ccsim.language.placing import Placed
from ccsim.text.clock import local_text, wall_time
from ccsim.text.scalars import duration_text
from ccsim.units import DAY


def outside_amount(placed: Placed, values: Sequence[float], since: int, until: int) -> float:
    """Sum of the values of cells that lie wholly outside a time; times and cells as in `Placed`."""
    return sum(_before(placed, values, since)) + sum(_after(placed, values, until))


def cut_days(placed: Placed, values: Sequence[float], since: int, until: int) -> str:
    """What is lost of the dates on which a time begins and ends, in words; empty where nothing is.

    A horizon that begins at 08:00 is of a day whose rows begin then: what stands before may have been moved by a clock.
    """
    lost = []
    if since % DAY and (head := sum(_before(placed, values, since, since // DAY * DAY))):
        lost.append(f"{head:,.1f} contacts lie before its begin at {local_text(wall_time(since))}")
    end = -(-until // DAY) * DAY
    if until % DAY and (tail := sum(_after(placed, values, until, end))):
        lost.append(f"{tail:,.1f} contacts lie after its end at {local_text(wall_time(until))}")
    return " and ".join(lost)


def shut_said(placed: Placed, since: int, until: int) -> str:
    """What is told of times of the horizon before the first row and after the last that are taken as closed."""
    parts = ((placed.rows_from - since, f"before {local_text(wall_time(placed.rows_from))}"),
             (until - placed.rows_until, f"from {local_text(wall_time(placed.rows_until))} on"))  # fmt: skip
    shut = [f"{duration_text(length)} {when}" for length, when in parts if length > 0]
    return f"closed for {' and '.join(shut)}, as the file has no row then" if shut else ""


def _before(placed: Placed, values: Sequence[float], until: int, since: int | None = None) -> Sequence[float]:
    """Values of cells before a time, from another one on if that is given."""
    low = 0 if since is None else max(-((placed.first - since) // placed.width), 0)
    return values[low : max((until - placed.first) // placed.width, 0)]


def _after(placed: Placed, values: Sequence[float], since: int, until: int | None = None) -> Sequence[float]:
    """Values of cells after a time, until another one if that is given."""
    high = len(values) if until is None else max((until - placed.first) // placed.width, 0)
    return values[max(-((placed.first - since) // placed.width), 0) : high]
