"""Sheets by channel, workflow, market, site, ...: a row for each part, two columns for each KPI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ccsim.kpis.places import Work
from ccsim.kpis.shown import lines_in
from ccsim.metrics.parts import labels, tells
from ccsim.report.facts import Facts, Row
from ccsim.report.splits import Splits
from ccsim.report.workbook_sheet import Cell, Column, Sheet, triple, with_ends
from ccsim.units import SECOND

OF_CONTACTS: Final = {
    "kind": "By kind of work",
    "channel": "By channel",
    "workflow": "By workflow",
    "tier": "By tier",
    "language": "By language",
    "market": "By market",
    "region": "By region of market",
    "segment": "By segment",
    "severity": "By severity",
    "cause": "By cause",
}
"""What contacts are split by, with the name of its sheet."""

OF_AGENTS: Final = {"site": "By site", "owner": "By owner", "vendor": "By vendor", "pool": "By pool"}
"""What agents are split by, with the name of its sheet."""

Triple = tuple[list[Column], list[tuple[Cell, Cell, Cell]]]
"""Two columns, and their two cells for each part."""


def split_sheets(facts: Facts) -> Iterator[Sheet]:
    """A sheet for every dimension that has more than one part."""
    made = _Made(facts)
    for scope, name in OF_CONTACTS.items():
        yield from made.sheet(scope, name, by_pool=False)
    for scope, name in OF_AGENTS.items():
        yield from made.sheet(scope, name, by_pool=True)
    for scope, name in OF_AGENTS.items():
        yield from made.sheet_by_channel(scope, name)


class _Made:
    """Makes sheets from a run's sums and estimates."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._thresholds = facts.measured.thresholds
        self._splits = {t: Splits(facts, t) for t in (None, *self._thresholds)}

    def sheet(self, scope: str, name: str, *, by_pool: bool) -> Iterator[Sheet]:
        sums = self._facts.sums
        if not tells(sums, scope, by_pool=by_pool):
            return
        names, _ = labels(sums, scope, by_pool=by_pool)
        if len(names) < 2:
            return
        triples = [one for one in self._triples(scope, names, by_pool=by_pool) if any(cells[0] for cells in one[1])]
        columns = [Column(scope.capitalize()), *(column for heads, _ in triples for column in heads)]
        rows = [[part, *(cell for _, cells in triples for cell in cells[i])] for i, part in enumerate(names)]
        yield Sheet(name, f"A {scope}: KPIs of its {'agents' if by_pool else 'contacts'}", columns, rows)

    def sheet_by_channel(self, scope: str, name: str) -> Iterator[Sheet]:
        """Parts on each channel, as the run estimated them."""
        joint = f"{scope}+channel"
        found = [row for row in self._facts.rows if row["scope"] == joint]
        parts = list(dict.fromkeys(row["name"] for row in found))
        columns, cells = [Column(f"{scope.capitalize()}+channel")], [list[Cell]([part]) for part in parts]
        for line in lines_in("workbook of agents"):
            for threshold in self._thresholds if self._facts.kpis[line.kpi].by_threshold else (None,):
                within = None if threshold is None else threshold / SECOND
                mine = {r["name"]: r for r in found if r["kpi"] == line.kpi and r["threshold_s"] == within}
                if any(row["estimate"] for row in mine.values()):
                    rows = [mine.get(part) for part in parts]
                    columns += triple(self._title(line.kpi, "every", threshold), _unit(rows))
                    for cell, row in zip(cells, rows, strict=True):
                        cell += with_ends(row)
        if parts:
            yield Sheet(f"{name} and channel", f"A {scope} on a channel: KPIs of its contacts", columns, cells)

    def _triples(self, scope: str, names: Sequence[str], *, by_pool: bool) -> Iterator[Triple]:
        for line in lines_in("workbook of agents" if by_pool else "workbook of contacts"):
            kpi = self._facts.kpis[line.kpi]
            if kpi.in_money:  # as the run estimated it, which knows whom it is allocated to
                found = self._facts.parts(kpi.name, scope)
                costs: list[Row | None] = [found.get(part) for part in names]
                yield triple(kpi.title, _unit(costs)), [with_ends(row) for row in costs]
                continue
            for threshold in self._thresholds if kpi.by_threshold else (None,):
                rows = self._splits[threshold].rows(kpi, scope, line.work)
                yield triple(self._title(kpi.name, line.work, threshold), _unit(rows)), [with_ends(row) for row in rows]

    def _title(self, kpi: str, work: Work, threshold: int | None) -> str:
        title = self._facts.kpis[kpi].title
        if threshold is not None:
            title += f" within {threshold / 1e6:g} s"
        return f"{title}, {work}" if work != "every" and self._facts.mixed else title


def _unit(rows: Sequence[Row | None]) -> str:
    return next((str(row["unit"]) for row in rows if row is not None), "")
