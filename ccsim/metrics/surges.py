"""Sums of surges: when service is restored after each, replication by replication."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ccsim.kpis.definitions import kpis_of
from ccsim.metrics.terms import terms_of
from ccsim.results.held_tables import batches
from ccsim.results.measured import Restore

if TYPE_CHECKING:
    from ccsim.metrics.sums import Sums

Whole = NDArray[np.int64]


def times_to_restore(sums: Sums, restore: Restore) -> list[int | None]:
    """Microseconds from the beginning of a surge until service is restored, by replication.

    It is the start of the first report interval, the one of the beginning included, from which on the service level is
    at least what is asked in every report interval with contacts, as many of these as make up the stated time.
    Intervals without contacts are left out. It is 0 where the service level never fell, and None where it does not hold
    again within the counted time.
    """
    measured = sums.measured
    kpi = kpis_of(measured.rule)["service_level"]
    sides = [terms_of(formula, restore.within) for formula in (kpi.numerator, kpi.denominator)]
    columns = list(dict.fromkeys(term.column for side in sides for term in side))
    count = -(-measured.length // measured.interval)
    cells = np.zeros((len(columns), count, sums.replications), dtype=np.int64)
    flows = _flows_of(sums, restore.scope)
    for frame in batches(sums.tables, "flow_intervals", ["interval", "flow", "replication", *columns], {"flow": flows}):
        interval = frame["interval"].to_numpy(np.int64)
        counted = (interval >= 0) & (interval < count) & frame["flow"].isin(flows).to_numpy(dtype=bool)
        where = interval[counted], frame["replication"].to_numpy(np.int64)[counted]
        for cell, column in zip(cells, columns, strict=True):
            np.add.at(cell, where, frame[column].to_numpy(np.int64)[counted])
    met, of = (sum(term.sign * cells[columns.index(term.column)] for term in side) for side in sides)
    starts = np.arange(count, dtype=np.int64) * measured.interval - restore.at
    needed = -(-restore.holds // measured.interval)
    there = starts > -measured.interval
    return [
        _time_of(met[:, one], of[:, one], starts, there & (of[:, one] > 0), needed, restore.at_least)
        for one in range(sums.replications)
    ]


def _flows_of(sums: Sums, scope: Mapping[str, str]) -> list[int]:
    """The flows whose queues are in a scope; the scenario's check holds that none is in it by half."""
    inside = np.ones(len(sums.queues), dtype=bool)
    for what, name in scope.items():
        inside &= (sums.queues[what] == name).to_numpy(dtype=bool)
    return sorted(set(sums.queues["flow"].to_numpy(np.int64)[inside].tolist()))


def _time_of(
    met: Whole, of: Whole, starts: Whole, counts: NDArray[np.bool_], needed: int, at_least: float
) -> int | None:
    """Time from the surge to the first of so many intervals in a row, of those that count, that meet the level."""
    there = np.flatnonzero(counts)
    held = 0
    for place, at in enumerate(there):
        held = held + 1 if met[at] >= at_least * of[at] - 1e-9 else 0
        if held == needed:
            return max(int(starts[there[place - needed + 1]]), 0)
    return None


def is_in_time(restore: Restore, time: int | None) -> bool:
    """Whether service is restored in the time in which it is to be; never where it is not restored."""
    return time is not None and (restore.target is None or time <= restore.target)


def sums_of_surges(sums: Sums) -> Mapping[str, Whole]:
    """Sums by column, shape [surges, replications], of those that say when service is restored, by name.

    A replication in which service is not restored counts as 1 surge that is neither restored nor restored in time; it
    has no time, and none is made up for it.
    """
    asked = sums.measured.restored
    shape = (len(asked), sums.replications)
    made = {
        name: np.zeros(shape, dtype=np.int64) for name in ("restored", "restored_within_target", "time_to_restore_us")
    }
    for i, restore in enumerate(asked):
        for j, time in enumerate(times_to_restore(sums, restore)):
            if time is not None:
                made["restored"][i, j] = 1
                made["restored_within_target"][i, j] = is_in_time(restore, time)
                made["time_to_restore_us"][i, j] = time
    return made | {"surges": np.ones(shape, dtype=np.int64)}
