"""Tables of KPIs by channel, workflow, market, site, ...: live and deferred work side by side, never mixed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from ccsim.kpis.definitions import BOT_SCOPE, KPIS
from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import KpiLine, Work
from ccsim.kpis.shown import lines_in
from ccsim.metrics.estimates import Asked, all_of
from ccsim.metrics.parts import labels, tells
from ccsim.metrics.sums import Codes
from ccsim.report.facts import Facts, Row
from ccsim.report.numbers import shown_in
from ccsim.report.parts import Cell, Column, Table, word

Made = tuple[Column, Sequence[Cell]]
"""A column and its cells, one for each part of a scope."""

WORK_TITLES: Final[Mapping[Work, str]] = {"live": "Live work", "deferred": "Deferred work", "every": ""}
"""Heads above the columns of each kind of work."""

QUEUE_SPLITS: Final = {
    "channel": "By channel",
    "workflow": "By workflow",
    "tier": "By tier",
    "language": "By language",
    "market": "By market",
    "region": "By region of the market",
    "segment": "By segment",
    "severity": "By severity",
    "cause": "By cause",
}
"""What contacts are split by, with the title of its table."""

POOL_SPLITS: Final = {"site": "By site", "vendor": "By vendor", "pool": "By pool"}
"""What agents are split by, with the title of its table."""

FEW_QUEUES: Final = 24
"""With more queues than this none has a row of its own."""
MOST_ROWS: Final = 150
"""Longer tables are cut; the run's CSV has every row."""


UNNAMED: Final = ("all", "any", "none")
"""Names of the part for which a scenario states nothing."""
_NAMES: Final = {"in_house": "in-house", "bpo": "outsourced"} | dict.fromkeys(UNNAMED, "not stated")


NO_POOL: Final = "bots and assists"
"""What is paid beside the pools, where every pool has a part of its own."""


def named(part: str) -> str:
    """A part's name as people read it."""
    return _NAMES.get(part, part)


def payee(facts: Facts, scope: str, part: str) -> str:
    """Who is paid, as people read it, of a scope of pools: the unnamed part may hold bots and assists alone."""
    column = {"owner": "vendor", "pool": "name"}.get(scope, scope)
    pools = facts.tables["pools"]
    if part in UNNAMED and column in pools and not set(pools[column].astype(str)) & set(UNNAMED):
        return NO_POOL
    return named(part)


class Splits:
    """Makes tables by dimension from a run's sums and estimates."""

    def __init__(self, facts: Facts, threshold: int | None) -> None:
        self._facts = facts
        self.sums = facts.sums
        self.threshold = threshold
        self._is_live = (self.sums.queues["kind"] == "live").to_numpy(dtype=bool)
        self._rows: dict[tuple[str, str, Work], Sequence[Row]] = {}

    @property
    def queue_scopes(self) -> dict[str, str]:
        """What contacts are split by, with the title of its table: single queues too where they are few."""
        return QUEUE_SPLITS | ({"queue": "By queue"} if len(self.sums.queues) <= FEW_QUEUES else {})

    def prepare(self) -> None:
        """Make all that the tables need but costs, and so no estimates: at once, which takes less time."""
        places = [(scope, "contacts") for scope in self.queue_scopes] + [(scope, "agents") for scope in POOL_SPLITS]
        wanted = [
            (self._facts.kpis[line.kpi], scope, line.work)
            for scope, place in places
            if len(self.names(scope)) > 1
            for line in lines_in(place)
            if not self._facts.kpis[line.kpi].in_money
        ]
        made = all_of(self.sums, [self._asked(*one) for one in wanted])
        for (kpi, scope, work), rows in zip(wanted, made, strict=True):
            self._rows[kpi.name, scope, work] = rows

    def names(self, scope: str) -> list[str]:
        """Names of the parts of a scope."""
        by_pool = scope in POOL_SPLITS
        return labels(self.sums, scope, by_pool=by_pool)[0] if tells(self.sums, scope, by_pool=by_pool) else []

    def of_queues(self, scope: str, title: str) -> Table | None:
        """KPIs of contacts by a dimension; None where it has a single part."""
        return self._table(scope, title, lines_in("contacts"), ())

    def of_pools(self, scope: str, title: str, first: Sequence[Made] = ()) -> Table | None:
        """KPIs of agents by a dimension, after some columns of others; None where it has a single part."""
        return self._table(scope, title, lines_in("agents"), first)

    def of_bots(self) -> Table | None:
        """KPIs of each bot; None where nobody meets one."""
        names = [name for name in labels(self.sums, BOT_SCOPE, by_pool=False)[0] if name not in UNNAMED]
        if not names:
            return None
        known = labels(self.sums, BOT_SCOPE, by_pool=False)[0]
        made = [
            (column, [cells[known.index(name)] for name in names])
            for column, cells in self._made(BOT_SCOPE, known, lines_in("bots"))
            if _tells(column, cells)
        ]
        rows = [[word(name), *(cells[i] for _, cells in made)] for i, name in enumerate(names)]
        return Table("By bot", [Column("bot", words=True), *(column for column, _ in made)], rows) if made else None

    def _table(self, scope: str, title: str, lines: Sequence[KpiLine], first: Sequence[Made]) -> Table | None:
        names = self.names(scope)
        if len(names) < 2:
            return None
        made = [*first, *self._made(scope, names, lines)]
        kept = [(column, cells) for column, cells in made if _tells(column, cells)]
        if not kept:
            return None
        order = _largest_first(kept[0][1]) if scope == "pool" else range(len(names))
        if scope in POOL_SPLITS:  # bots and assists are paid like pools, but nobody works there
            people = set(self._facts.tables["pools"]["name" if scope == "pool" else scope].astype(str))
            order = [i for i in order if names[i] in people]
        rows = [[word(named(names[i])), *(cells[i] for _, cells in kept)] for i in order]
        cut = f"The first {MOST_ROWS} of {len(rows)}; estimates.csv has all." if len(rows) > MOST_ROWS else ""
        return Table(title, [Column(scope, words=True), *(c for c, _ in kept)], rows[:MOST_ROWS], note=cut)

    def _made(self, scope: str, names: Sequence[str], lines: Sequence[KpiLine]) -> Iterator[Made]:
        """Columns of KPIs: a cost as the run estimated it, which knows how it is allocated, all others from sums."""
        for line in lines:
            kpi = self._facts.kpis[line.kpi]
            title = line.head.format(threshold=self._threshold_text())
            if not kpi.in_money:
                yield _column(title, kpi.name, self.rows(kpi, scope, line.work), WORK_TITLES[line.work])
            elif found := self._facts.parts(kpi.name, scope):
                yield _column(title, kpi.name, [found.get(name) for name in names])

    def rows(self, kpi: Kpi, scope: str, work: Work = "every") -> Sequence[Row]:
        """Estimates of a KPI for every part of a scope, of live or deferred work only where asked for."""
        key = (kpi.name, scope, work)
        if key not in self._rows:
            self._rows[key] = all_of(self.sums, [self._asked(kpi, scope, work)])[0]
        return self._rows[key]

    def _asked(self, kpi: Kpi, scope: str, work: Work) -> Asked:
        kpi = kpi.by(scope)
        names, codes = labels(self.sums, scope, by_pool=kpi.by_pool)
        if work != "every" and not kpi.by_pool:
            codes = self._of_work(codes, work)
        return Asked(kpi, codes, len(names), self.threshold if kpi.by_threshold else None)

    def _of_work(self, codes: Codes, work: Work) -> Codes:
        wanted = self._is_live if work == "live" else ~self._is_live
        return np.where(wanted, codes, -1).astype(np.int64)

    def _threshold_text(self) -> str:
        return "T" if self.threshold is None else f"{self.threshold / 1e6:g} s"


def _tells(column: Column, cells: Sequence[Cell]) -> bool:
    """Whether a column says anything; of rare things, whether they happen at all."""
    values = [cell.value for cell in cells if cell.value is not None]
    return any(values) if column.kpi in KPIS and KPIS[column.kpi].listed == "if any" else bool(values)


def _column(title: str, kpi: str, rows: Sequence[Row | None], group: str = "") -> Made:
    known = [row for row in rows if row is not None and row["estimate"] is not None]
    unit = known[0]["unit"] if known else ""
    shown = shown_in(unit, [row["estimate"] for row in known])
    return Column(title, shown.unit, kpi, group=group), [shown.of(row) for row in rows]


def _largest_first(cells: Sequence[Cell]) -> list[int]:
    key: Callable[[int], tuple[float, int]] = lambda i: (-(cells[i].value or 0.0), i)  # noqa: E731
    return sorted(range(len(cells)), key=key)
