"""How a visit is handled, and what comes of it, by who handles it and when."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel.arrays import QualityRows
from ccsim.kernel.layout import Floats


@kernel_step
def _date_of(rows: QualityRows, when: int) -> tuple[int, float]:
    """Last date up to an instant, and how far it lies on the way to the next one."""
    last = rows.since.shape[0] - 1
    date = last
    while date > 0 and when < rows.since[date]:
        date -= 1
    if date == 0 or date == last:
        return date, 0.0
    return date, (when - rows.since[date]) / (rows.since[date + 1] - rows.since[date])


@kernel_step
def _between(values: Floats, row: int, kind: int, date: int, part: float) -> float:
    """A value of a date, or on the way to that of the next."""
    value = values[row, kind, date]
    if part > 0.0:
        value += part * (values[row, kind, date + 1] - value)
    return value


@kernel_call
def pace_at(rows: QualityRows, agent: int, kind: int, when: int) -> float:
    """Factor on talk and wrap-up of a visit that an agent answers at an instant."""
    date, part = _date_of(rows, when)
    return _between(rows.pace, rows.of_agent[agent], kind, date, part)


@kernel_call
def quality_at(rows: QualityRows, agent: int, kind: int, when: int) -> tuple[float, float, float, float]:
    """Of a visit that an agent answers at an instant: escalated share, uniform numbers from and until which it is
    resolved, transferred share."""
    date, part = _date_of(rows, when)
    row = rows.of_agent[agent]
    return (
        _between(rows.escalated, row, kind, date, part),
        _between(rows.resolved_from, row, kind, date, part),
        _between(rows.resolved_until, row, kind, date, part),
        _between(rows.transferred, row, kind, date, part),
    )
