"""The load that a scenario's demand is expected to lay on its pools in a typical week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from ccsim.centre.assists import mean_pace
from ccsim.centre.eligible import Eligibility, EligiblePools, language_pace
from ccsim.centre.legs import Kind, queue_kinds
from ccsim.centre.preferred import Entry
from ccsim.centre.shapes import Shapes, shapes_of
from ccsim.centre.streams import Stream
from ccsim.kernel.layout import Floats, Ints
from ccsim.language.channels import Channel
from ccsim.language.scenario import Scenario
from ccsim.language.skills import Skill
from ccsim.language.tenure import pace_by_tenure
from ccsim.model.entry_point_hours import EntryPointHours
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, StaffedPool, local_week, offset_of, utc_week
from ccsim.model.typical_week import TypicalWeek
from ccsim.model.visits_by_kind import VisitsByKind
from ccsim.model.weekly_schedules import SLOT, SLOTS
from ccsim.units import HOUR

#: Weight of a pool for each step that it is less preferred, and the least: the better pools get more, none nothing.
_LESS: Final = 0.5
_LEAST: Final = 0.1
#: Rounds in which the loads of pools that serve the same queues are made even.
_ROUNDS: Final = 12
#: Half hours that are taken together while that is done.
_COARSE: Final = 4


@dataclass(frozen=True, slots=True)
class Load:
    """Expected load of pools, in the order of the staffed pools."""

    live: Floats
    """[pools, slots] Erlangs of live contacts, by the week of the pool's clock."""
    handle: Floats
    """[pools, slots] Mean handle time of these in microseconds; 0 without load."""
    deferred: Floats
    """[pools] Hours of deferred work in a week."""


class _Work(NamedTuple):
    """Work by row; the visits of a row may go to the same pools, in the same order, at the same pace."""

    contacts: Floats
    """[rows, slots] Visits by half hour of the week, UTC."""
    work: Floats
    """[rows, slots] Agent time that they take at the usual pace, microseconds."""
    row: Ints
    """[pairs] Row of each pair of a row and a pool that may serve it, by row and then by pool."""
    pool: Ints
    """[pairs] Its pool."""
    prior: Floats
    """[pairs] How much the pool is preferred, above 0."""
    pace: Floats
    """[pairs] Factor on the time of the row's visits."""


class Known(NamedTuple):
    """What other parts of compiling have made already and load may share."""

    streams: list[Stream]
    eligibility: Eligibility
    shapes: Shapes


def expected_load(
    scenario: Scenario,
    streams: list[Stream],
    staffed_pools: list[StaffedPool],
    clocks: Clocks,
    span: Span,
    known: Known | None = None,
) -> Load:
    """Load of every pool on average week of the counted length.

    Contacts of every stream by their shape, returns and escalations included, each visit with its mean handle time,
    are divided among the pools that may take them at once: by the shares of vendors, then so that pools that serve
    the same queues end about equally loaded for their hours, the preferred ones first. At hours at which none of them
    can be there, pools of later overflow steps stand in; live contacts outside opening hours are nobody's load.
    """
    offsets = [offset_of(staffed.clock, span) for staffed in staffed_pools]
    opened = _weeks([utc_week(staffed.open, at) for staffed, at in zip(staffed_pools, offsets, strict=True)])
    opened = np.asarray(opened > 0.5, np.float64)
    hours = np.array([staffed.hours for staffed in staffed_pools])
    live, deferred = _expected_work(
        scenario,
        streams,
        staffed_pools,
        opened,
        clocks,
        span,
        known or Known(streams, Eligibility(scenario), shapes_of(scenario)),
    )
    weights = _balanced(live, deferred, opened, hours)
    time, visits = _live_by_pool(live, weights, opened)
    time, visits = (
        _weeks([local_week(row, at) for row, at in zip(rows, offsets, strict=True)]) for rows in (time, visits)
    )
    handle = np.divide(time, visits, out=np.zeros_like(time), where=visits > 0.0)
    return Load(time / SLOT, handle, _deferred_by_pool(deferred, weights) / HOUR)


def _weeks(rows: list[Floats]) -> Floats:
    return np.array(rows, np.float64).reshape(-1, SLOTS)


def _expected_work(
    scenario: Scenario,
    streams: list[Stream],
    staffed_pools: list[StaffedPool],
    opened: Floats,
    clocks: Clocks,
    span: Span,
    known: Known,
) -> tuple[_Work, _Work]:
    """Live and deferred work."""
    week = TypicalWeek(scenario, clocks, span, known.shapes)
    entry_points = EntryPointHours(scenario, clocks, span)
    visits = VisitsByKind(scenario, streams, week)
    live, deferred = _Collector(scenario, staffed_pools), _Collector(scenario, staffed_pools)
    for kind, joined in queue_kinds(scenario, streams).items():
        collector = live if scenario.channels.get(kind.channel, Channel()).kind == "live" else deferred
        coming = visits.of(kind, joined)
        eligible, entry_row = known.eligibility.pools_for(kind), entry_points.row_of(kind)
        for (handle, _), rates in coming.rates.items():
            if handle > 0.0:
                collector.add(kind, eligible, rates, handle, {}, entry_row)
        if any(coming.hand_overs.values()):
            collector.add(kind, eligible, {}, 0.0, coming.hand_overs, entry_row)
    always = np.ones_like(opened)
    return (
        live.work(week.weeks, entry_points.masks, opened),
        deferred.work(week.weeks, entry_points.masks, always),
    )


class _Collector:
    """Adds up work by the pools that may do it."""

    def __init__(self, scenario: Scenario, staffed_pools: list[StaffedPool]) -> None:
        self._scenario = scenario
        self._rank = {staffed.name: rank for rank, staffed in enumerate(staffed_pools)}
        self._rows: dict[tuple[bytes, ...], int] = {}
        self._entry_points: list[int] = []
        self._choices: list[tuple[Floats, Floats, Floats]] = []
        self._contacts: dict[tuple[int, int], float] = {}
        self._work: dict[tuple[int, int], float] = {}
        self._made: dict[tuple[int, str, str, int], list[tuple[int, float]]] = {}

    def add(
        self,
        kind: Kind,
        eligible: EligiblePools,
        rates: Mapping[tuple[int, int], float],
        handle: float,
        together: Mapping[int, float],
        entry_points: int,
    ) -> None:
        """Visits of a kind in open hours: how often they come, by the row of the typical week that they follow and the
        row that, times `handle`, is their work; `together`: their hand-overs, by the row that they follow."""
        key = (id(eligible), kind.workflow, kind.language, entry_points)
        if key not in self._made:
            self._made[key] = [
                (self._row(kind, entries, entry_points), eligible.shares.get(vendor, 1.0))
                for vendor, entries in eligible.by_vendor.items()
                if entries
            ]
        for row, share in self._made[key]:
            for (week, takes), often in rates.items():
                times = often * share
                self._contacts[row, week] = self._contacts.get((row, week), 0.0) + times
                self._work[row, takes] = self._work.get((row, takes), 0.0) + times * handle
            for week, work in together.items():
                self._work[row, week] = self._work.get((row, week), 0.0) + work * share

    def _row(self, kind: Kind, entries: tuple[Entry, ...], entry_points: int) -> int:
        prior, later, pace = np.zeros((3, len(self._rank)))
        ranks = sorted({entry.rank for entry in entries if entry.step == 0})
        orders = sorted({(entry.step, entry.rank) for entry in entries})
        for entry in entries:
            pool = self._rank[entry.pool]
            if entry.step == 0:
                prior[pool] = max(_LESS ** ranks.index(entry.rank), _LEAST)
            later[pool] = max(_LESS ** orders.index((entry.step, entry.rank)), _LEAST)
            pace[pool] = self._pace(entry, kind)
        key = (prior.tobytes(), later.tobytes(), pace.tobytes(), bytes(str(entry_points), "ascii"))
        if key not in self._rows:
            self._rows[key] = len(self._choices)
            self._choices.append((prior, later, pace))
            self._entry_points.append(entry_points)
        return self._rows[key]

    def _pace(self, entry: Entry, kind: Kind) -> float:
        pool = self._scenario.pools[entry.pool]
        skill = Skill() if pool.skills is None else pool.skills.get(kind.workflow, Skill())
        own = pool.handle_time * skill.handle_time * language_pace(self._scenario, pool, kind.language)
        own *= pace_by_tenure(pool.tenure) if pool.tenure else 1.0
        return own * mean_pace(self._scenario, entry.pool, kind)

    def work(self, weeks: Floats, masks: Floats, opened: Floats) -> _Work:
        """Work by row; hours at which no pool that is open at once can be there are rows of their own, for all
        pools."""
        rows = len(self._choices)
        both = np.stack([_added_up(one, weeks, rows) for one in (self._contacts, self._work)])
        contacts, work = both * masks[self._entry_points]
        prior, later, pace = np.array(self._choices).reshape(-1, 3, len(self._rank)).transpose(1, 0, 2)
        row_of, pool_of = np.nonzero(prior)
        manned = _sums(opened[pool_of], row_of, rows) > 0.0
        alone = np.flatnonzero((work * ~manned).any(axis=1))
        prior, pace = np.vstack([prior, later[alone]]), np.vstack([pace, pace[alone]])
        row_of, pool_of = np.nonzero(prior)
        return _Work(
            np.vstack([contacts * manned, (contacts * ~manned)[alone]]),
            np.vstack([work * manned, (work * ~manned)[alone]]),
            row_of,
            pool_of,
            prior[row_of, pool_of],
            pace[row_of, pool_of],
        )


def _added_up(often: Mapping[tuple[int, int], float], weeks: Floats, rows: int) -> Floats:
    """[rows, slots] Weeks added up by row, each as often as it comes there."""
    places = sorted(often)
    row_of, week_of = np.array(places, np.int64).reshape(-1, 2).T
    times = np.array([often[place] for place in places]).reshape(-1, 1)
    return _sums(times * weeks[week_of], row_of, rows)


def _balanced(live: _Work, deferred: _Work, opened: Floats, hours: Floats) -> Floats:
    """[pools] Weights by which pools draw work, so that the time that falls to them suits their hours."""
    weights = np.where(hours > 0.0, hours / max(float(hours.max(initial=0.0)), 1e-9), 0.0)
    coarse = live._replace(contacts=_coarse(live.contacts), work=_coarse(live.work))  # only totals are asked for
    opened = _coarse(opened) / _COARSE
    for _ in range(_ROUNDS):
        time = _live_by_pool(coarse, weights, opened)[0].sum(axis=1) + _deferred_by_pool(deferred, weights)
        busy = np.divide(time, hours, out=np.zeros_like(time), where=hours > 0.0)
        usual = float(np.median(busy[busy > 0.0])) if (busy > 0.0).any() else 0.0
        ratio = np.divide(usual, busy, out=np.ones_like(busy), where=busy > 0.0)
        weights = weights * np.clip(ratio, 0.25, 4.0) ** 0.7
    return weights


def _coarse(week: Floats) -> Floats:
    """[..., slots / _COARSE] Sums of neighbouring half hours."""
    return np.asarray(week.reshape(*week.shape[:-1], SLOTS // _COARSE, _COARSE).sum(axis=-1))


def _live_by_pool(work: _Work, weights: Floats, opened: Floats) -> tuple[Floats, Floats]:
    """[pools, slots] Agent time and visits that fall to each pool, by UTC."""
    drawn = work.prior * weights[work.pool]
    all_drawn = _sums(drawn[:, None] * opened[work.pool], work.row, len(work.work))
    portion = np.divide(1.0, all_drawn, out=np.zeros_like(all_drawn), where=all_drawn > 0.0)
    time, visits = (work.work * portion)[work.row], (work.contacts * portion)[work.row]
    pools = len(weights)
    time = _sums((drawn * work.pace)[:, None] * time, work.pool, pools)
    return time * opened, _sums(drawn[:, None] * visits, work.pool, pools) * opened


def _deferred_by_pool(work: _Work, weights: Floats) -> Floats:
    """[pools] Agent time of deferred work in a week that falls to each pool."""
    drawn = work.prior * weights[work.pool]
    total = _sums(drawn[:, None], work.row, len(work.work))[:, 0]
    portion = np.divide(work.work.sum(axis=1), total, out=np.zeros_like(total), where=total > 0.0)
    return _sums((drawn * work.pace * portion[work.row])[:, None], work.pool, len(weights))[:, 0]


def _sums(values: Floats, places: Ints, count: int) -> Floats:
    """[count, slots] Sums of the rows of `values` that have each place.

    Not a matrix product: few pairs are not 0, and threads of a BLAS cost more than they save on tables so small.
    """
    order = np.argsort(places, kind="stable")
    found, first = np.unique(places[order], return_index=True)
    sums = np.zeros((count, values.shape[1]))
    if found.size:
        sums[found] = np.add.reduceat(values[order], first, axis=0)
    return sums
