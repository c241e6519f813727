"""Rows of the dimensions: what the tables of names and the stored scenario say, alike for all alternatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

import pandas as pd

from ccsim.export.prices import prices_of_run
from ccsim.export.times import Frame, day_key, day_parts, moment_of, offsets
from ccsim.metrics.bot_cost import with_bots
from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import OUTCOME_MEANINGS, OUTCOMES, TOLD_AS
from ccsim.records.tables import AGE_BANDS
from ccsim.results import bins
from ccsim.results.run import Run
from ccsim.units import HOUR, MINUTE, SECOND

Row = tuple[Any, ...]

NONE: Final = "none"
"""Site or vendor of a pool without."""

_PARTS: Final = (
    "workflow", "market", "segment", "severity", "channel", "language", "cause", "region", "tier", "bot", "kind",
)  # fmt: skip


@dataclass(frozen=True)
class Exported:
    """A run, and what it is among others."""

    key: int
    """`scenario_key`."""
    run: Run
    changes: tuple[str, ...] = ()
    """How it differs from the base."""

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The scenario as canonical plain values; empty where the run has none."""
        found: Mapping[str, Any] = self.run.provenance.get("scenario") or {}
        return found

    def zone(self, section: str, name: str) -> str:
        """Clock of a market or of a site; the scenario's where it has none."""
        own = (self.scenario.get(section) or {}).get(name) or {}
        return str(own.get("time_zone") or self.run.measured.time_zone)


@dataclass
class Conformed:
    """Rows that are alike in several alternatives, each with one key."""

    keys: dict[Row, int] = field(default_factory=dict)

    def key(self, row: Row) -> int:
        """Key of a row; a new one for a new row."""
        return self.keys.setdefault(row, len(self.keys))

    @property
    def rows(self) -> list[Row]:
        """Rows with their keys before them, in the order of the keys."""
        return [(number, *row) for row, number in self.keys.items()]


@dataclass
class NameKeys:
    """Dimensions of names, and for each alternative the keys of its ids."""

    queues: Conformed = field(default_factory=Conformed)
    flows: Conformed = field(default_factory=Conformed)
    pools: Conformed = field(default_factory=Conformed)
    sites: Conformed = field(default_factory=Conformed)
    vendors: Conformed = field(default_factory=Conformed)
    causes: Conformed = field(default_factory=Conformed)
    surges: Conformed = field(default_factory=Conformed)
    prices: list[Row] = field(default_factory=list)

    def add(self, one: Exported) -> dict[str, list[Row]]:
        """Take the names of an alternative.

        Returns
        -------
        dict
            By `queue`, `flow`, `pool`, `vendor`, `cause`, `surge`: rows of id, key, and for queues and flows also
            whether they have a deadline and their zone, for pools their zone.
        """
        tables = one.run.tables
        kinds = dict(zip(tables["vendors"]["name"], tables["vendors"]["kind"], strict=True))
        maps: dict[str, list[Row]] = {"flow": self._flows(one)}
        maps["queue"] = self._queues(one, [key for _, key, _, _ in maps["flow"]])
        vendor_keys = {name: self.vendors.key((name, kind)) for name, kind in kinds.items()}
        maps["vendor"] = list(enumerate(vendor_keys.values()))
        maps["pool"] = list(self._pools(one, kinds))
        maps["cause"] = [(i, self.causes.key((name,))) for i, name in enumerate(tables["shrinkage_causes"]["name"])]
        surges = ((two.surge, two.asked, two.target and two.target / HOUR) for two in one.run.measured.restored)
        maps["surge"] = [(i, self.surges.key(row)) for i, row in enumerate(surges)]
        paid = with_bots(tables["pools"], one.run.measured)["name"]
        pool_keys = {name: key for name, (_, key, _) in zip(paid, maps["pool"], strict=True)}
        for line in prices_of_run(one.run.measured, one.scenario):
            keys = vendor_keys.get(line.vendor), pool_keys.get(line.pool)
            self.prices.append((len(self.prices), one.key, *keys, line.what, line.when, line.value, line.unit))
        return maps

    def _flows(self, one: Exported) -> list[Row]:
        queues, flows = one.run.tables["queues"], one.run.tables["flows"]
        sums = Sums(one.run.tables, one.run.measured)
        due = sums.with_deadline("flow_intervals").tolist()
        zones: dict[int, set[str]] = {}
        for flow, market in zip(queues["flow"], queues["market"], strict=True):
            zones.setdefault(int(flow), set()).add(one.zone("markets", market))
        made = []
        for i, row in enumerate(_rows(flows, ("name", "volume", *_PARTS))):
            of_flow = zones.get(i, set())
            zone = of_flow.pop() if len(of_flow) == 1 else one.run.measured.time_zone
            made.append((i, self.flows.key((*row, zone, int(due[i]))), int(due[i]), zone))
        return made

    def _queues(self, one: Exported, flow_keys: Sequence[int]) -> list[Row]:
        queues = one.run.tables["queues"]
        due = Sums(one.run.tables, one.run.measured).with_deadline("queue_sums").tolist()
        made = []
        for i, row in enumerate(_rows(queues, ("name", "flow", "stream", "volume", *_PARTS))):
            name, flow, *parts = row
            zone = one.zone("markets", row[5])
            made.append((i, self.queues.key((name, flow_keys[flow], *parts, zone, int(due[i]))), int(due[i]), zone))
        return made

    def _pools(self, one: Exported, kinds: Mapping[str, str]) -> Iterator[Row]:
        sites = one.scenario.get("sites") or {}
        columns = ("name", "tier", "site", "vendor", "region", "languages", "headcount")
        for i, row in enumerate(_rows(with_bots(one.run.tables["pools"], one.run.measured), columns)):
            name, tier, site, vendor, region, languages, headcount = row
            kind, zone = kinds.get(vendor, NONE), one.zone("sites", site)
            site_key = self.sites.key((site, region, zone, _calendar(sites.get(site))))
            vendor_key = self.vendors.key((vendor, kind))
            whole = (name, tier, site_key, site, vendor_key, vendor, kind, region, languages, zone, headcount)
            yield i, self.pools.key(whole), zone


def _calendar(site: Any) -> str:
    return str((site or {}).get("holidays") or "")


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> Iterator[Row]:
    return zip(*(frame[name].tolist() for name in columns), strict=True)


def scenario_row(one: Exported, frame: Frame, schema: str) -> Row:
    """Row of `dim_scenario`; `schema`: where its facts stand."""
    run, measured, made = one.run, one.run.measured, one.run.provenance
    since, until = frame.counted_from, frame.counted_from + measured.length
    clock = frame.counted
    return (
        one.key, run.name, str(one.scenario.get("title") or one.scenario.get("scenario") or run.name),
        int(one.key == 0), "; ".join(one.changes), run.digest, str(made.get("scenario_sha256", "")), made.get("seed"),
        run.replications, measured.currency, measured.time_zone, _plain(moment_of(since)), _plain(moment_of(until)),
        _plain(clock.local(0)), _plain(clock.local(measured.length)), measured.length / HOUR,
        measured.backlog_instants, measured.interval / MINUTE, measured.rule, measured.short_abandon / SECOND,
        str((made.get("versions") or {}).get("ccsim", "")), str(made.get("recorded", "")), schema,
    )  # fmt: skip


def _plain(moment: Any) -> Any:
    return moment.replace(tzinfo=None)


def calendar_rows(frame: Frame) -> Iterator[Row]:
    """Rows of `dim_calendar`."""
    measured, clock = frame.measured, frame.counted
    for number in range(frame.last + 1):
        start = number * measured.interval
        at = frame.counted_from + start
        utc, local = _plain(moment_of(at)), clock.local(start)
        offset = local.utcoffset()
        assert offset is not None
        parts = day_parts(local.date())
        counted = int(start < measured.length)
        yield (
            number, utc, _plain(moment_of(at + measured.interval)), _plain(local), int(offset.total_seconds() // 60),
            *parts.values(), local.hour, f"{local:%H:%M}", counted,
        )  # fmt: skip


def day_rows(frame: Frame, holidays: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Rows of `dim_day`; public holidays as ISO dates by calendar."""
    midnights = {key for _, key in midnight_rows(frame)}
    for day, counted_h in frame.days():
        named = sorted(name for name, dates in holidays.items() if day.isoformat() in dates)
        yield (*day_parts(day).values(), counted_h, int(day_key(day) in midnights), "+".join(named))


def midnight_rows(frame: Frame) -> list[Row]:
    """Midnight of the backlog and the key of the day that it begins."""
    return [(i, day_key(frame.counted.local(at).date())) for i, at in enumerate(frame.measured.midnights)]


def offset_rows(zones: Sequence[str], frame: Frame) -> list[Row]:
    """Stretches of the clocks: zone, since, until, local time less UTC; microseconds."""
    return [(zone, *one) for zone in zones for one in offsets(zone, frame.begin, frame.until + 1)]


def outcome_rows() -> list[Row]:
    """Rows of `dim_outcome`."""
    return [(code, name, OUTCOME_MEANINGS[name], TOLD_AS[name]) for code, name in enumerate(OUTCOMES)]


def age_rows() -> list[Row]:
    """Rows of `dim_age_band`."""
    ends: list[tuple[int, int | None]] = [*pairwise(AGE_BANDS), (AGE_BANDS[-1], None)]
    names = (f"{low} h and more" if high is None else f"{low} to {high} h" for low, high in ends)
    return [(i, name, low, high) for i, (name, (low, high)) in enumerate(zip(names, ends, strict=True))]


def bin_rows(found: Sequence[int]) -> list[Row]:
    """Rows of `dim_wait_bin`, of bins that occur."""
    edges = ((b, bins.lower_edge_ms(b), bins.width_ms(b)) for b in sorted(found))
    return [(b, low / 1000, (low + width) / 1000) for b, low, width in edges]
