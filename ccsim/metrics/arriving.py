"""Sums of a run that is still being simulated: a long replication is added up as it arrives, while the next are
simulated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ccsim.kpis.definitions import kpis_of, scopes_of
from ccsim.kpis.kpi import ASSIGNED_TO, OF_SURGES, VISITS_OF, Kpi
from ccsim.kpis.shown import names_in
from ccsim.metrics.names_of_run import NamesOfRun
from ccsim.metrics.periods import PERIOD_SCOPES, SUMS_BY_DAY, sums_by_day, why_no_periods
from ccsim.metrics.steps import READ_BYTES, adds_up_by_row
from ccsim.metrics.sums import Sums
from ccsim.metrics.terms import terms_of
from ccsim.metrics.waits import MOMENTS
from ccsim.results.held_tables import Tables, Where, selected
from ccsim.results.measured import Measured
from ccsim.results.tables import columns_of

Whole = NDArray[np.int64]

LONG_VALUES: Final = 1_000_000
"""Values of a replication from which on it is added up as it arrives: it takes seconds to simulate, milliseconds to
add."""
MOST_BYTES: Final = 64_000_000
"""Sums that are kept of all replications; beyond that they are made of the tables, once these are whole."""
_NOT_HERE: Final = ("waits", "workforce_plan", OF_SURGES)
"""Tables whose sums are made otherwise, or are no more than a plan's."""


class Arriving:
    """Sums of replications, each added up alone; side by side they are those of the run.

    Only whole numbers are kept: these are the same to the last digit whatever is added up first.

    Parameters
    ----------
    named
        The tables of names and the plan, which all replications have in common.
    measured
        What is counted.
    """

    def __init__(self, named: Mapping[str, pd.DataFrame], measured: Measured) -> None:
        self._named, self._measured = named, measured
        self.names = NamesOfRun(named, measured)
        self._whole: dict[tuple[str, str], list[Whole]] = {}
        self._by_day: dict[tuple[str, str], list[Whole]] = {}
        self._kpis = kpis_of(measured.rule)
        self._taken = 0
        self._worth: bool | None = None
        """Whether it is worth it; None before the first replication."""

    def take(self, simulated: Mapping[str, Whole]) -> None:
        """Add the next replication up; `simulated` are its rows by table, without the column `replication`."""
        if self._worth is None:
            self._worth = sum(rows.size for rows in simulated.values()) >= LONG_VALUES
            if self._worth:
                self._ask()
        if not self._worth:
            return
        sums = Sums(_Arrays(self._named, simulated, self._measured.thresholds), self._measured, self.names)
        self._add(self._whole, sums)
        if self._by_day:
            by_day = sums_by_day(sums)
            by_day.prepare([self._kpis[name] for name in names_in("by period")])
            self._add(self._by_day, by_day)
        self._taken += 1
        if self._bytes(self._whole) > MOST_BYTES or self._bytes(self._by_day) > READ_BYTES:
            self._worth, self._whole, self._by_day = False, {}, {}

    def _ask(self) -> None:
        """Note what estimates, and those by period, will ask for."""
        thresholds = self._measured.thresholds
        every = [kpi.by(scope) for kpi in self._kpis.values() for scope in scopes_of(kpi) if not kpi.in_money]
        self._whole = {key: [] for key in _columns(every, thresholds) if key[0] not in _NOT_HERE}
        waiting = {table for table, _ in self._whole if table.startswith((ASSIGNED_TO, VISITS_OF))} | {"queue_sums"}
        self._whole |= {(table, column): [] for table in waiting for column in ("open_waiting", "open_due")}
        self._whole |= {("queue_sums", column): [] for column in MOMENTS}
        if not why_no_periods(self._measured):
            shown = [self._kpis[name].by(scope) for name in names_in("by period") for scope in PERIOD_SCOPES]
            self._by_day = {key: [] for key in _columns(shown, thresholds) if adds_up_by_row(*key, thresholds)}

    def _add(self, to: dict[tuple[str, str], list[Whole]], sums: Sums) -> None:
        for key, each in list(to.items()):
            made = sums.matrix(*key)
            if made.dtype == np.int64:
                each.append(made)
            else:
                del to[key]

    def _bytes(self, of: Mapping[Any, Sequence[Whole]]) -> int:
        return sum(one.nbytes for each in of.values() for one in each)

    def hand_to(self, sums: Sums) -> None:
        """Let the sums of the run know what was added up, where all of its replications were; and forget it here."""
        whole, by_day, self._whole, self._by_day = self._whole, self._by_day, {}, {}
        if not self._worth or self._taken != sums.replications:
            return
        sums.know(_side_by_side(whole))
        if by_day:
            known = sums_by_day(sums)
            known.know(_side_by_side(by_day))
            sums.memo[SUMS_BY_DAY] = known


def _side_by_side(of: dict[tuple[str, str], list[Whole]]) -> dict[tuple[str, str], Whole]:
    return {key: np.concatenate(of.pop(key), axis=1) for key in list(of)}


def _columns(kpis: Iterable[Kpi], thresholds: Sequence[int]) -> Iterator[tuple[str, str]]:
    """Table and column of every term of some formulas."""
    for kpi in kpis:
        for formula in (kpi.numerator, kpi.denominator):
            for threshold in thresholds if "_within_T" in formula else (None,):
                for term in terms_of(formula, threshold):
                    if term.column not in ("length", "full_time", "instants", "headcount_us"):
                        yield kpi.table, term.column


class _Arrays(Tables):
    """Tables of one replication as it was simulated: no column is copied that nobody asks for."""

    def __init__(
        self, named: Mapping[str, pd.DataFrame], simulated: Mapping[str, Whole], thresholds: tuple[int, ...]
    ) -> None:
        super().__init__(named)
        self._simulated, self._thresholds = simulated, thresholds

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name in self._simulated and name not in self._frames:
            self._frames[name] = self.select(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        return name in self._simulated or super().__contains__(name)

    def select(self, name: str, columns: Sequence[str] | None = None, where: Where | None = None) -> pd.DataFrame:
        if name not in self._simulated:
            return super().select(name, columns, where)
        rows = self._simulated[name]
        place = {column.name: i - 1 for i, column in enumerate(columns_of(name, self._thresholds))}
        wanted = list(dict.fromkeys([*(place if columns is None else columns), *(where or {})]))
        values = {one: rows[:, place[one]] if place[one] >= 0 else np.zeros(len(rows), np.int64) for one in wanted}
        frame = pd.DataFrame(values, copy=False)
        return selected(frame, columns, where) if where else frame  # as it is: a choice of columns would copy them

    def batches(self, name: str, columns: Sequence[str], where: Where | None = None) -> Iterator[pd.DataFrame]:
        yield self.select(name, columns, where)

    def short(self, name: str) -> bool:
        return True
