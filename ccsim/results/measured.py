"""What a run measured: the counted time, the thresholds and the prices that its ratios need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from ccsim.centre.periods import ChosenTime, CountedTime
from ccsim.records.tables import threshold_label
from ccsim.units import HOUR


@dataclass(frozen=True, slots=True)
class Restore:
    """When service counts as restored after a surge."""

    surge: str
    at: int
    """Beginning of the surge, microseconds since the end of the warm-up; may be below 0."""
    scope: Mapping[str, str]
    """Whose service level, by column of the table `queues`: `{"workflow": "support"}`; empty: of all."""
    within: int
    """Threshold, microseconds."""
    at_least: float
    """Service level of a report interval, from 0 to 1."""
    holds: int
    """Microseconds of report intervals with contacts for which it must hold, > 0."""
    asked: str
    """The same in words."""
    target: int | None = None
    """Microseconds after the beginning of the surge in which it is to be restored; None: the counted time."""


@dataclass(frozen=True, slots=True)
class DrawnPrices:
    """Prices that are not the same in all replications, by replication; what is missing costs what `Measured` says."""

    paid_hour: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Price of a paid hour by pool."""
    minimum_hours: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    """Hours that are billed at least, and the price of those that are missing, by vendor."""
    bots: Mapping[str, tuple[tuple[float, float, float], ...]] = field(default_factory=dict)
    """Prices of a session, of a contained session, and of the counted time, by bot."""

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> DrawnPrices:
        """The prices again, from plain values."""
        return cls(
            paid_hour={name: tuple(prices) for name, prices in values.get("paid_hour", {}).items()},
            minimum_hours={
                name: tuple((least, price) for least, price in prices)
                for name, prices in values.get("minimum_hours", {}).items()
            },
            bots={
                name: tuple((session, contained, whole) for session, contained, whole in prices)
                for name, prices in values.get("bots", {}).items()
            },
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """The frame of a run's tables, kept in `run.json`: a stored run is judged without its simulator."""

    start: str
    """First instant of the horizon (warm-up included), ISO text in `time_zone`."""
    time_zone: str
    """IANA name."""
    warm_up: int
    """Microseconds simulated before anything is counted."""
    length: int
    """Microseconds that are counted, > 0."""
    interval: int
    """Microseconds of a report interval, > 0."""
    thresholds: tuple[int, ...]
    """Service level thresholds in microseconds."""
    rule: str
    """Rule of the KPI `service_level`."""
    short_abandon: int
    """An abandon within these microseconds is short."""
    currency: str = "USD"
    """ISO code of money."""
    paid_hour: Mapping[str, float] = field(default_factory=dict)
    """Price of a paid hour by pool; a pool that is missing costs nothing."""
    translations: tuple[tuple[str, float], ...] = ()
    """Language and price of a translated visit, by the overflow steps of `routing.overflow` in order. A pool that
    does not speak the customer's language answers by the first of these languages that it speaks."""
    concurrency: Mapping[str, int] = field(default_factory=dict)
    """Contacts that fill an agent, by channel; 1 where a channel is missing."""
    minimum_hours: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Hours that are billed at least in the counted time, and the price of those that are missing, by vendor."""
    bots: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    """Price of a session, of a contained session, and what the bot costs in the counted time whatever it does, by
    bot; one that is missing costs nothing. Deflections and assists, which have no sessions, are among
    them."""
    goes_to: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = field(default_factory=dict)
    """Of those of `bots` that have no sessions: the column of sums in proportion to which queues bear the cost, and
    which queues these are: names by column of the table `queues`."""
    by_agent_hour: Mapping[str, tuple[float, tuple[str, ...], int]] = field(default_factory=dict)
    """Of those of `bots` that are paid by the hour in which agents who have them are signed in: the price of an hour,
    the pools, and from when on, microseconds since the end of the warm-up."""
    deadlines: Mapping[str, int] = field(default_factory=dict)
    """Microseconds to answer deferred work in, by channel; of a deadline in working time the working time."""
    segment_deadlines: Mapping[str, int] = field(default_factory=dict)
    """The same by segment; it overrides the channel's."""
    workflow_deadlines: Mapping[str, int] = field(default_factory=dict)
    """The same by workflow; it overrides both."""
    severity_deadlines: Mapping[str, int] = field(default_factory=dict)
    """The same by volume and severity, `orders.sev1`; it overrides all of these."""
    escalation_deadlines: Mapping[str, int] = field(default_factory=dict)
    """The same by workflow and tier, `orders/t2`, of work that was escalated without its customers; it overrides all
    but that of the severity."""
    resolved_within: int = 24 * HOUR
    """Microseconds within which a case is to be resolved; of working time the working time."""
    repeat_window: int = 7 * 24 * HOUR
    """Microseconds after the end of a first contact within which another one is a repeat contact."""
    planning: str = ""
    """How many agents are required: the method in a sentence."""
    report_zone: str = ""
    """IANA name of the zone whose days, weeks and months are told and judged; empty: `time_zone`."""
    chosen: ChosenTime = field(default_factory=ChosenTime)
    """Days and hours that the report looks at on their own; everything where none are."""
    restored: tuple[Restore, ...] = ()
    """When service counts as restored after surges, by name of the surge."""
    full_time_week: int = 40 * HOUR
    """Paid microseconds of one full-time equivalent in a week, > 0."""
    drawn: DrawnPrices | None = None
    """Prices that are uncertain inputs, replication by replication; none: all cost the same in all of them."""

    @property
    def has_deadlines(self) -> bool:
        """Whether any deferred work may have a deadline."""
        said = self.deadlines, self.segment_deadlines, self.workflow_deadlines, self.severity_deadlines
        return any((*said, self.escalation_deadlines))

    @property
    def backlog_instants(self) -> int:
        """Midnights of the scenario's clock in the counted time, both ends included: when the backlog is counted."""
        return len(self.midnights)

    @property
    def midnights(self) -> tuple[int, ...]:
        """These midnights, microseconds since the end of the warm-up."""
        return self.counted(self.time_zone).midnights()

    def counted(self, zone: str = "") -> CountedTime:
        """The counted time on the clock of a zone (IANA name); default that of the report."""
        named = zone or self.report_zone
        return CountedTime.of(self.start, self.time_zone, warm_up=self.warm_up, length=self.length, zone=named)

    @property
    def labels(self) -> tuple[str, ...]:
        """Thresholds as they stand in column names: `20s`."""
        return tuple(threshold_label(t) for t in self.thresholds)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {
            "thresholds": list(self.thresholds),
            "paid_hour": dict(self.paid_hour),
            "translations": [list(one) for one in self.translations],
            "concurrency": dict(self.concurrency),
            "minimum_hours": {vendor: list(pair) for vendor, pair in self.minimum_hours.items()},
            "bots": {bot: list(prices) for bot, prices in self.bots.items()},
            "goes_to": {name: [by, {k: list(v) for k, v in to.items()}] for name, (by, to) in self.goes_to.items()},
            "by_agent_hour": {name: [price, list(of), at] for name, (price, of, at) in self.by_agent_hour.items()},
            "deadlines": dict(self.deadlines),
            "segment_deadlines": dict(self.segment_deadlines),
            "workflow_deadlines": dict(self.workflow_deadlines),
            "severity_deadlines": dict(self.severity_deadlines),
            "escalation_deadlines": dict(self.escalation_deadlines),
            "chosen": self.chosen.as_dict(),
            "restored": [asdict(one) | {"scope": dict(one.scope)} for one in self.restored],
        }
        return asdict(self) | plain

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Measured:
        """The frame again, from `as_dict`; unknown keys are left out, missing ones raise TypeError."""
        known = {f.name for f in fields(cls)}
        taken = {key: value for key, value in values.items() if key in known}
        tuples = {
            "thresholds": tuple(taken["thresholds"]),
            "translations": tuple((language, price) for language, price in taken.get("translations", ())),
            "minimum_hours": {vendor: tuple(pair) for vendor, pair in taken.get("minimum_hours", {}).items()},
            "bots": {bot: tuple(prices) for bot, prices in taken.get("bots", {}).items()},
            "goes_to": {
                name: (by, {key: tuple(names) for key, names in to.items()})
                for name, (by, to) in taken.get("goes_to", {}).items()
            },
            "by_agent_hour": {
                name: (price, tuple(of), at) for name, (price, of, at) in taken.get("by_agent_hour", {}).items()
            },
            "chosen": ChosenTime.from_dict(taken.get("chosen", {})),
            "restored": tuple(Restore(**one) for one in taken.get("restored", ())),
            "drawn": DrawnPrices.from_dict(taken["drawn"]) if taken.get("drawn") else None,
        }
        return cls(**(taken | tuples))
