"""Places where KPIs are shown: each KPI says in its declaration in which, under which head, and of which work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Work = Literal["every", "live", "deferred"]
"""Kinds of work; waits of live and of deferred work are never mixed."""

Place = Literal[
    "main KPIs",
    "terminal by channel",
    "terminal by vendor",
    "first numbers",
    "key figures",
    "by time",
    "by day",
    "by period",
    "by week",
    "contacts",
    "agents",
    "cost",
    "bots",
    "workbook by day",
    "workbook of contacts",
    "workbook of agents",
    "trade-off",
    "best variants",
    "no goals",
    "sweep without goals",
]

PLACES: Final[dict[Place, str]] = {
    "main KPIs": "main KPIs of a run, in the terminal and in Python",
    "terminal by channel": "table by channel of `ccsim run`",
    "terminal by vendor": "table by vendor of `ccsim run`",
    "first numbers": "first numbers of a run's page",
    "key figures": "key figures of a page, side by side in a comparison",
    "by time": "figures through the week",
    "by day": "figures day by day",
    "by period": "tables by day, week and month",
    "by week": "a page's tables by week and month",
    "contacts": "tables of contacts by channel, market, ...",
    "agents": "tables of agents by site, vendor, pool",
    "cost": "tables of cost",
    "bots": "table of bots",
    "workbook by day": "workbook, by day",
    "workbook of contacts": "workbook, contacts by channel, market, ...",
    "workbook of agents": "workbook, agents by site, vendor, pool",
    "trade-off": "table of `ccsim compare`",
    "best variants": "first numbers of a comparison's page, after cost and goals",
    "no goals": "a comparison without goals in Python",
    "sweep without goals": "a sweep, and what moves a result, without goals",
}
"""Every place, in the words of the reference."""


@dataclass(frozen=True, slots=True)
class ShownIn:
    """That a KPI is shown in a place, where the place alone does not say how."""

    place: Place
    head: str = ""
    """Head of its column or line, `{threshold}` for its threshold; empty: the KPI's title."""
    work: Work | None = None
    """Work that it is shown of; None: the work that the KPI is of."""
    after: str = ""
    """KPI that it follows there; empty: where it is declared."""
    about: str = ""
    """Words beside the number, `{threshold}` and `{rule}` for those of the scenario."""


@dataclass(frozen=True, slots=True)
class KpiLine:
    """A KPI as a place shows it: its column, line or number."""

    kpi: str
    head: str
    work: Work
    about: str
