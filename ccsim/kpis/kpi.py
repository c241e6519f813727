"""What a KPI is: a ratio of sums with its unit, its meaning and the places where it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal

from ccsim.kpis.places import Place, ShownIn, Work

Unit = Literal[
    "share",
    "ratio",
    "s",
    "contacts",
    "agents",
    "people",
    "FTE",
    "contacts/day",
    "cases/day",
    "contacts/case",
    "money/day",
    "money/contact",
    "money/case",
    "of 5",
    "points",
]
Table = Literal[
    "queue_sums",
    "pool_sums",
    "workforce_plan",
    "backlog",
    "waits",
    "assigned_to_owner",
    "assigned_to_vendor",
    "assigned_to_site",
    "assigned_to_pool",
    "visits_of_owner",
    "visits_of_vendor",
    "visits_of_site",
    "visits_of_pool",
    "surges",
]

COHORT: Final = "cohort: counted at the time at which the visit joined its queue"
CALENDAR: Final = "calendar: what happened in the counted time"
PLANNED: Final = "planned: known from the plan, before the simulation"
OF_EACH_SURGE: Final = "of every surge that says when service is restored, once a replication"

POOL_SCOPES_OF_COST: Final = ("owner", "vendor", "site", "pool")
"""What a cost is split by as it is paid; by every other part it is allocated (see `ccsim.metrics.cost`)."""

ASSIGNED_TO: Final = "assigned_to_"
"""Tables of visits that were assigned to a part of a scope, such as `assigned_to_vendor`."""
VISITS_OF: Final = "visits_of_"
"""The same, with the visits that the part answered of queues whose visits are not assigned."""

TABLES_OF_ASSIGNED: Final[dict[str, dict[str, Table]]] = {
    ASSIGNED_TO: {
        "owner": "assigned_to_owner",
        "vendor": "assigned_to_vendor",
        "site": "assigned_to_site",
        "pool": "assigned_to_pool",
    },
    VISITS_OF: {
        "owner": "visits_of_owner",
        "vendor": "visits_of_vendor",
        "site": "visits_of_site",
        "pool": "visits_of_pool",
    },
}
"""These tables by what they are of, and scope."""

LIMITED_TO: Final = " within "
"""Between the name of a table of visits by who answered and what alone counts of them, as `channel=phone market=us`."""

Limits = tuple[tuple[str, str], ...]
"""Scopes of queues and the only name of each that counts, in order of the scopes."""

OF_POOLS: Final = ("pool_sums", "workforce_plan", *(one for of in TABLES_OF_ASSIGNED.values() for one in of.values()))
"""Tables of pools; the others are of queues, or of flows of queues."""
OF_FLOWS: Final = ("waits", "backlog")
OF_SURGES: Final = "surges"
"""Sums of surges that say when service is restored; they are made of sums by interval."""


@dataclass(frozen=True, slots=True)
class Kpi:
    """One KPI: a ratio of two sums (or a quantile of, or a spread around, such a ratio), and where it is shown."""

    name: str
    title: str
    unit: Unit
    numerator: str
    denominator: str
    meaning: str
    better: Literal["higher", "lower", "neither"]
    """Which way is better for the customer or the payer."""
    table: Table = "queue_sums"
    """Table of the columns of its formulas."""
    scale: float = 1.0
    """The ratio is multiplied by this: microseconds to seconds, per microsecond to per day."""
    kind: Literal["ratio", "quantile", "spread"] = "ratio"
    share: float = 0.0
    """Of a quantile: the share of contacts that do not exceed it."""
    rule: str = ""
    """Of a service level: its rule."""
    above_one: bool = False
    """Of a share: whether it can be above 1 (work in hand of people who are not paid for it)."""
    allocated: str = ""
    """Of a cost: the numerator where it is split by queues, with the same denominator of `queue_sums`."""
    by_answerer: bool = False
    """Whether it is split by who answered, too: its columns of `queue_sums` then are those of `routes` or `ratings`, by
    pool."""
    assigned: Literal["", "assigned_to_", "visits_of_"] = ""
    """Of one that is split by who answered: whether a visit counts for whom it was assigned to instead, and which
    visits count; see `ccsim.metrics.assigned`."""
    first_answered: tuple[str, str] | None = None
    """Of one that is split by who answered: its formula where a case counts for the pool of its first visit that an
    agent answered, in columns of `first_answers`."""
    of_answerer: bool = False
    """Whether it is that of visits by the pool that answered them, made by `by` of one that is split so."""
    within: Limits = ()
    """Of that: the only workflow, channel, market or language whose visits, cases (where they opened) and ratings
    count; empty: all."""
    as_score: str = ""
    """KPI that a plain number from 1 to 5 in a goal about this share is about."""
    work: Work = "every"
    """The work that it says something of; one of live work is shown of live work alone where there is deferred, too."""
    listed: Literal["always", "if known", "if any"] = "always"
    """When a list of a few KPIs has it: always, only where there is an estimate, or only where that is not 0 either."""
    shown: tuple[Place | ShownIn, ...] = ()
    """Places where it is shown."""

    @property
    def formula(self) -> str:
        """What is computed, in columns of its table; the squares of a spread are those of single visits."""
        top, bottom = _grouped(self.numerator), _grouped(self.denominator)
        if self.kind == "quantile":
            return f"smallest w with ({top} with a wait <= w) / {bottom} >= {self.share:g}"
        if self.kind == "spread":
            return f"square root of (sum of squares of {top} / {bottom} - ({top} / {bottom})^2)"
        return f"{top} / {bottom}"

    def tells(self, estimates: Iterable[float | None]) -> bool:
        """Whether a table of many KPIs has it: it is known, and 0 everywhere only where no value is worse than 0."""
        known = [estimate for estimate in estimates if estimate is not None]
        return any(known) or (bool(known) and self.better == "higher" and self.listed != "if any")

    @property
    def by_pool(self) -> bool:
        """Whether it is split by pool rather than by queue."""
        return self.table in OF_POOLS

    @property
    def kept_by_time(self) -> bool:
        """Whether it is a ratio of sums that are kept by interval, so that it is known by day, week, month and hour.

        One of visits by who answered them is kept by day, so it is not known by hour; cases and ratings by who answered
        and channel, workflow, market or language are kept for the whole counted time.
        """
        if self.of_answerer:
            whole_time = self.within and (self.first_answered is not None or self.of_ratings)
            return self.kind == "ratio" and not whole_time
        elsewhere = {"allocated_cost", "bot_cost", "resolved"} if self.by_pool or self.in_money else set()
        divided = self.kind == "ratio" and self.table not in (*OF_FLOWS, OF_SURGES)
        return divided and not elsewhere & {self.numerator, self.denominator}

    @property
    def of_surges(self) -> bool:
        """Whether it is of surges, neither of queues nor of pools."""
        return self.table == OF_SURGES

    @property
    def source(self) -> str:
        """Table of its formulas, with what alone counts of it where not everything does: what sums know them by."""
        return source_within(self.table, self.within)

    @property
    def by_threshold(self) -> bool:
        """Whether there is one for every threshold T."""
        return "_within_T" in self.numerator

    @property
    def in_money(self) -> bool:
        """Whether it is a cost."""
        return self.unit.startswith("money")

    @property
    def of_ratings(self) -> bool:
        """Whether it is about what customers think of contacts, see `ccsim.records.satisfaction`."""
        return self.denominator in ("rated", "responded")

    @property
    def of_surveys(self) -> bool:
        """Whether it is about the answers to a survey."""
        return "responded" in (self.numerator, self.denominator)

    @property
    def interval_scale(self) -> Literal["logit", "log", "plain"]:
        """Scale on which its interval is made: shares on the logit, what may be below 0 as it is, all others on the
        logarithm."""
        if self.unit == "points":
            return "plain"
        return "logit" if self.unit == "share" else "log"

    @property
    def counted(self) -> Literal["", "share", "rate"]:
        """Whether it counts events: of contacts (a share), or in a time (a rate); empty for times and money."""
        if self.unit in ("contacts/day", "cases/day"):
            return "rate"
        return "share" if self.unit == "share" and not self.numerator.endswith("_us") else ""

    @property
    def anchor(self) -> str:
        """Which contacts or time it counts."""
        if self.table == "workforce_plan":
            return PLANNED
        if self.of_surges:
            return OF_EACH_SURGE
        calendar = (self.table in ("pool_sums", "backlog") and not self.of_answerer) or self.numerator == "waiting_us"
        return CALENDAR if calendar else COHORT

    def by(self, scope: str, within: Limits = ()) -> Kpi:
        """The KPI with the formula that it has when it is split by a scope.

        `within`: what alone counts, where it is split by who answered.
        """
        if self.by_answerer and scope in POOL_SCOPES_OF_COST:
            made = replace(self, table="pool_sums", by_answerer=False, of_answerer=True, within=within)
            if self.assigned:
                return replace(made, table=TABLES_OF_ASSIGNED[self.assigned][scope])
            return (
                made
                if self.first_answered is None
                else replace(made, numerator=self.first_answered[0], denominator=self.first_answered[1])
            )
        if not self.allocated or scope == "all" or scope in POOL_SCOPES_OF_COST:
            return self
        return replace(self, numerator=self.allocated, table="queue_sums", allocated="")


def source_within(table: str, within: Limits) -> str:
    """What sums know a table of visits by who answered by, where only some of them count; see `Kpi.source`."""
    return f"{table}{LIMITED_TO}{' '.join(map('='.join, within))}" if within else table


def limits_of(source: str) -> tuple[str, Limits]:
    """The table that a source is of, and what alone counts of it: the other way round of `source_within`."""
    table, _, said = source.partition(LIMITED_TO)
    return table, tuple((scope, name) for scope, _, name in (one.partition("=") for one in said.split()))


def _grouped(formula: str) -> str:
    return f"({formula})" if " " in formula else formula
