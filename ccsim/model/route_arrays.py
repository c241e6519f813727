"""Queues, classes, pools and groups as arrays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ccsim.centre.assists import helped_by
from ccsim.centre.eligible import language_pace
from ccsim.centre.legs import transfers_of
from ccsim.centre.precedence import balking_of, callback_of, handle_time_of
from ccsim.draws.keys import vendor_word
from ccsim.errors import Fault, ScenarioError
from ccsim.kernel import layout, offers
from ccsim.kernel.arrays import Announced, Callbacks, Classes, Comebacks, Groups, Pools, Queues, WorkingClocks
from ccsim.kernel.cache_lines import records
from ccsim.kernel.kinds import KIND_WIDTH, OF_ROWS, OF_SHARES, SHARE_WIDTH, Kinds
from ccsim.kernel.layout import FAR, Floats, Ints
from ccsim.language.channels import Channel
from ccsim.language.pools import Pool
from ccsim.language.scenario import Scenario
from ccsim.language.skills import Skill
from ccsim.model.announced import AnnouncedWaits
from ccsim.model.callbacks import CallbackOffers, needed_clocks, window_of
from ccsim.model.comebacks import comebacks_of
from ccsim.model.kind_values import kind_values
from ccsim.model.law_rows import LawRows
from ccsim.model.misroutes import goes_on_to, handled_as_found_out, misrouted_from
from ccsim.model.routes import Class, Queue, Routes
from ccsim.model.working_clocks import WorkingClock

#: Slowest speed of a contact in hand: below it work could outlast 64 bits of microseconds.
_SLOWEST = 0.001


def _ragged(rows: list[list[int]]) -> tuple[Ints, Ints]:
    """First row and number of rows of each list, and all of them one after the other."""
    bounds: list[tuple[int, int]] = []
    flat: list[int] = []
    for row in rows:
        bounds.append((len(flat), len(row)))
        flat.extend(row)
    return np.array(bounds, np.int64).reshape(-1, 2), np.array(flat or [layout.NONE], np.int64)


def _dense(keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], int]:
    return {key: i for i, key in enumerate(sorted(set(keys)))}


def _opening(made: Class) -> dict[int, int]:
    """Overflow steps that open to somebody, numbered from 0: the kernel simulates no event for the others."""
    return {step: number for number, step in enumerate(sorted({0} | {entry.step for entry in made.entries}))}


def class_arrays(routes: Routes, seats: Seats, working: WorkingClocks) -> Classes:
    """Classes of equal routing as arrays of the kernel; `working`: the clocks of `needed_clocks`."""
    pool_rank = {name: rank for rank, name in enumerate(routes.pool_names)}
    by_deadline = "deadline" in routes.scenario.routing.choose_contact
    clocks = {clock: i for i, clock in enumerate(needed_clocks(routes))}
    rows = records(len(routes.classes), layout.CLASS_WIDTH)
    entries: list[tuple[int, int, int]] = []
    steps: list[int] = []
    places: list[tuple[int, int]] = []
    barred: list[int] = []
    for i, made in enumerate(routes.classes):
        rows[i, layout.CLASS_LIVE] = made.live
        due = made.due if by_deadline else None
        rows[i, layout.CLASS_SHIFT] = (due.time if due else 0) - made.wait_credit
        rows[i, layout.CLASS_CLOCK] = clocks[due.clock] if due and due.clock else layout.NONE
        rows[i, layout.CLASS_LAID] = made.laid_down
        rows[i, layout.CLASS_CALLBACKS] = routes.callback_line.get(i, layout.NONE)
        rows[i, layout.CLASS_OF_CALLBACKS] = made.callbacks
        rows[i, layout.CLASS_UNITS] = made.units
        rows[i, [layout.CLASS_POOLS, layout.CLASS_POOLS_N]] = len(entries), len(made.entries)
        opens = _opening(made)
        rows[i, [layout.CLASS_OVERFLOWS, layout.CLASS_OVERFLOWS_N]] = len(steps), len(opens) - 1
        rows[i, [layout.CLASS_SEATS, layout.CLASS_SEATS_N]] = len(places), len(seats.of_class[i])
        rows[i, [layout.CLASS_BARRED, layout.CLASS_BARRED_N]] = len(barred), len(made.barred)
        dense = _dense([(entry.step, entry.rank) for entry in made.entries])
        entries.extend(
            (pool_rank[entry.pool], dense[entry.step, entry.rank], opens[entry.step]) for entry in made.entries
        )
        steps.extend(made.steps[step - 1] for step in opens if step > 0)
        places.extend(seats.of_class[i])
        barred.extend(pool_rank[name] for name in made.barred)
    return Classes(
        rows=rows,
        pools=np.array(entries or [(layout.NONE,) * layout.ENTRY_WIDTH], np.int64),
        overflow_after=np.array(steps or [layout.NONE], np.int64),
        seats=np.array(places or [(0, 0)], np.int64),
        barred=np.array(barred or [layout.NONE], np.int64),
        working=working,
    )


def _urgency(rule: str, made: Class, level: int) -> tuple[Any, ...]:
    """Sort key of a class on the list of a pool: live before deferred, then the named criteria."""
    order: tuple[Any, ...] = (not made.live,)
    for word in rule.split("_then_"):
        if word == "priority":
            order += (made.priority,)
        elif word == "level":
            order += (level,)
    return order


@dataclass(frozen=True, slots=True)
class Seats:
    """The lists of lines of all pools, and where each class has its places on them."""

    served: list[list[tuple[int, int, int]]]
    words: list[tuple[int, int]]
    of_class: list[list[tuple[int, int]]]


def seats_of(routes: Routes) -> Seats:
    """Every pool's lines in order of urgency."""
    rule = routes.scenario.routing.choose_contact
    served: dict[str, list[tuple[tuple[Any, ...], int, int]]] = {name: [] for name in routes.pool_names}
    for row, made in enumerate(routes.classes):
        opens = _opening(made)
        for entry in made.entries:
            served[entry.pool].append((_urgency(rule, made, entry.level), row, opens[entry.step]))
    seats = Seats([], [], [[] for _ in routes.classes])
    word = 0
    for name in routes.pool_names:
        mine = sorted(served[name])
        dense = _dense([key for key, _, _ in mine])
        seats.served.append([(row, dense[key], step) for key, row, step in mine])
        words = -(-len(mine) // layout.SEATS)
        seats.words.append((word, words))
        for place, (_, row, _) in enumerate(mine):
            seats.of_class[row].append((word + place // layout.SEATS, 1 << place % layout.SEATS))
        word += words
    return seats


def pool_arrays(routes: Routes, seats: Seats, agents: Ints, absence: Floats, laws: LawRows) -> Pools:
    """Pools as arrays."""
    bounds = [(0, 0, 0)]
    for mine in seats.served:
        live = sum(routes.classes[row].live for row, _, _ in mine)  # they are the first
        bounds.append((sum(bounds[-1][:2]), len(mine), live))
    served = [row for mine in seats.served for row in mine]
    channels = [routes.scenario.channels.get(name, Channel()) for name in routes.channels]
    most = max((channel.concurrency for channel in channels), default=1)
    _check_speeds(routes.channels, channels)
    speed = np.full((max(len(channels), 1), most), 1_000_000, np.int64)
    for i, channel in enumerate(channels):
        for held in range(most):
            speed[i, held] = int(channel.speed[min(held, len(channel.speed) - 1)] * 1_000_000 + 0.5)
    pace = np.ones((len(routes.pools), max(len(routes.works), 1)), np.float64)
    usual = Skill()
    for i, pool in enumerate(routes.pools):
        for j, (workflow, language, severe) in enumerate(routes.works):
            skill = usual if pool.skills is None else pool.skills.get(workflow, usual)
            pace[i, j] = pool.handle_time * skill.handle_time * severe * language_pace(routes.scenario, pool, language)
    shares = [
        any(c.concurrency > 1 for name, c in zip(routes.channels, channels, strict=True) if _handles(pool, name))
        for pool in routes.pools
    ]
    lays_down = [
        any(c.interruptible for name, c in zip(routes.channels, channels, strict=True) if _handles(pool, name))
        for pool in routes.pools
    ]
    return Pools(
        agents=agents,
        lines=np.array(bounds[1:], np.int64).reshape(-1, 3),
        served=np.array(served or [(layout.NONE,) * layout.SERVED_WIDTH], np.int64).reshape(-1, layout.SERVED_WIDTH),
        words=np.array(seats.words, np.int64).reshape(-1, 2),
        keep_free=np.array([pool.keep_free for pool in routes.pools], np.int64),
        pace=pace,
        capacity=np.full(len(routes.pools), routes.capacity, np.int64),
        shares=np.array(shares, np.int64),
        lays_down=np.array(lays_down, np.int64),
        breaks=np.array([_breaks(pool, laws) for pool in routes.pools], np.int64).reshape(-1, layout.BREAKS_WIDTH),
        absence=absence,
        speed=speed,
    )


def _breaks(pool: Pool, laws: LawRows) -> list[int]:
    """The breaks at random of a pool, BREAKS_WIDTH columns."""
    row = [layout.NONE] * layout.BREAKS_WIDTH
    if pool.breaks is not None:
        row[layout.BREAKS_EVERY] = laws.row(pool.breaks.every)
        row[layout.BREAKS_LENGTH] = laws.row(pool.breaks.length)
        row[layout.BREAKS_IDLE] = int(pool.breaks.when == "idle")
        row[layout.BREAKS_PAID] = int(pool.breaks.paid)
    return row


def _check_speeds(names: list[str], channels: list[Channel]) -> None:
    slow = [name for name, channel in zip(names, channels, strict=True) if min(channel.speed) < _SLOWEST]
    if slow:
        raise ScenarioError([Fault(f"expected speeds of at least {_SLOWEST}", f"channels.{n}.speed") for n in slow])


def _handles(pool: Pool, channel: str) -> bool:
    return pool.channels is None or channel in pool.channels


def group_arrays(routes: Routes) -> Groups:
    """Queue groups as arrays."""
    groups = [entry_point.group for entry_point in routes.entry_points]
    rows = [
        [row for row, made in enumerate(routes.classes) if made.live and i in made.groups]
        for i in range(len(routes.entry_points))
    ]
    bounds, lines = _ragged(rows or [[]])
    return Groups(
        lines=np.array([FAR if g.lines is None else g.lines for g in groups] or [FAR], np.int64),
        max_waiting=np.array([FAR if g.max_waiting is None else g.max_waiting for g in groups] or [FAR], np.int64),
        clears=np.array([g.at_closing == "clear" for g in groups] or [False], np.int64),
        first_line=bounds,
        line_rows=lines,
    )


def queue_arrays(routes: Routes, laws: LawRows) -> tuple[Queues, Kinds, Announced, Callbacks, Comebacks, list[Queue]]:
    """Queues, their kinds, and how customers of these come back, as arrays; and a queue of each kind."""
    scenario, queues = routes.scenario, routes.queues
    place_of = {(*_block(queue), queue.kind.workflow, queue.kind.tier): i for i, queue in enumerate(queues)}
    works = {work: i for i, work in enumerate(routes.works)}
    kinds = _Kinds(routes, laws, needed_clocks(routes))
    firsts = set(routes.homes())
    told = {
        turn.line
        for queue, turns in zip(queues, routes.turns, strict=True)
        if balking_of(queue.workflow, queue.channel) or callback_of(queue.workflow, queue.channel)
        for turn in turns
    }
    rows = np.zeros((len(queues), layout.QUEUE_WIDTH), np.int64)
    transfers: list[list[int]] = []
    faults, found_out = [], list[int]()
    for i, queue in enumerate(queues):
        wrong = misrouted_from(routes, queue)
        known = (i in firsts and _recorded(scenario, queue)) or handled_as_found_out(routes, queue)
        kind = kinds.row(queue, first=i in firsts, counted=not told.isdisjoint(turn.line for turn in routes.turns[i]))
        if kinds.values[kind]["talk_law"] == layout.NONE and not known:
            why = f"{queue.name} has no handle time: say `handle_time:`"
            faults.append(Fault(why, f"workflows.{queue.kind.workflow}"))
        elif kinds.values[kind]["talk_law"] == layout.NONE and kinds.announces(kind):
            why = f"{queue.name} announces a wait, for which it needs a mean handle time: say `handle_time:`"
            faults.append(Fault(why, f"workflows.{queue.kind.workflow}"))
        if kinds.values[kind]["from_forecast"] and not known and scenario.demand[queue.stream.volume].aht is None:
            why = f"{queue.name} takes its handle time from a forecast that says none: give the volume an `aht:`"
            faults.append(Fault(why, f"demand.{queue.stream.volume}"))
        goes = goes_on_to(routes, queue)
        transfers.append([place_of[*_block(queue), *to] for to in (*goes, *(leg for leg, _ in wrong))])
        found_out += transfers[i][len(goes) :]
        rows[i, layout.QUEUE_STREAM] = queue.stream_rank
        rows[i, layout.QUEUE_KIND] = kind
        rows[i, layout.QUEUE_WORK] = works[queue.kind.workflow, queue.kind.language, queue.pace]
    for i in found_out:  # what is found out is not resolved there
        kinds.values[rows[i, layout.QUEUE_KIND]]["decides"] = 1
    if faults:
        raise ScenarioError(faults)
    lines, line = _ragged([[turn.line for turn in turns] for turns in routes.turns])
    first, transfer = _ragged(transfers)
    groups, group = _ragged([list(queue.groups) for queue in queues])
    rows[:, [layout.QUEUE_LINES, layout.QUEUE_LINES_N]] = lines
    rows[:, layout.QUEUE_TRANSFERS] = first[:, 0]
    rows[:, [layout.QUEUE_GROUPS, layout.QUEUE_GROUPS_N]] = groups
    turns = [turn for turns in routes.turns for turn in turns]
    made = Queues(
        rows,
        line,
        np.array([turn.share for turn in turns], np.float64),
        np.array([vendor_word(turn.vendor) for turn in turns], np.int64),
        transfer,
        group,
    )
    offers, comebacks = kinds.callbacks.arrays(), comebacks_of(routes, kinds.queues)
    return made, kinds.arrays(), kinds.told.arrays(), offers, comebacks, kinds.queues


def _block(queue: Queue) -> tuple[int, str]:
    """What queues share between which a contact moves."""
    return queue.stream_rank, queue.severity


def _recorded(scenario: Scenario, queue: Queue) -> bool:
    """Whether every talk of a stream is recorded."""
    volume = scenario.demand[queue.stream.volume]
    trace = volume.trace
    return trace is not None and not volume.backlog and bool(trace.talk) and min(trace.talk) >= 0


class _Kinds:
    """Kinds of queues, each once."""

    def __init__(self, routes: Routes, laws: LawRows, clocks: Iterable[WorkingClock]) -> None:
        self.routes, self.laws = routes, laws
        self.never = laws.never()
        self.channels = {name: i for i, name in enumerate(routes.channels)}
        self.bots = sorted(routes.scenario.bots)
        self.values: list[dict[str, Any]] = []
        self.told = AnnouncedWaits(laws)
        self.callbacks = CallbackOffers(laws, {clock: i for i, clock in enumerate(clocks)})
        self.until: list[float] = []
        self.queues: list[Queue] = []  # one of each kind
        self._rows: dict[tuple[object, ...], int] = {}

    def row(self, queue: Queue, *, first: bool, counted: bool) -> int:
        """Row of a queue's kind; `counted`: whether somebody is told how many wait on its lines."""
        limited = counted or any(
            self.routes.entry_points[g].group.lines is not None
            or self.routes.entry_points[g].group.max_waiting is not None
            for g in queue.groups
        )
        window = window_of(self.routes, queue)
        channels = queue.kind.channel, queue.stream.channel
        found = (first, limited, queue.bot, window, queue.handed_on, helped_by(self.routes.scenario, queue.stream))
        key = (id(queue.tier), id(queue.workflow), queue.kind.tier, *channels, *found)
        if key not in self._rows:
            self._rows[key] = len(self.values)
            self.queues.append(queue)
            values = kind_values(self.routes, queue, self.laws, self.never, limited=limited)
            goes = transfers_of(self.routes.scenario, queue.kind.workflow, queue.kind.tier)
            values["transfers"] = len(self.until)
            values["channel"] = self.channels[queue.kind.channel]
            answers = queue.channel.peers
            values["peers"] = answers.share if first else 0.0
            values["peers_law"] = layout.NONE if answers.after is None else self.laws.row(answers.after)
            values["bot"] = layout.NONE if queue.bot is None else self.bots.index(queue.bot)
            if goes:  # the last one takes what rounding leaves
                self.until.extend([*itertools.accumulate(share for _, share in goes[:-1]), 1.0])
            self.values.append(values)
            handle = handle_time_of(self.routes.scenario, queue.workflow, queue.tier, queue.channel, queue.kind.channel)
            self.told.add(queue, handle)
            self.callbacks.add(queue, window)
        return self._rows[key]

    def announces(self, kind: int) -> bool:
        """Whether a wait is announced, or looked at for an offer."""
        offered = self.callbacks.rows[kind][offers.OFFER_HOW] == offers.OFFER_ANNOUNCED
        return offered or self.told.rows[kind][layout.TOLD_HOW] != layout.TOLD_NOTHING

    def arrays(self) -> Kinds:
        """All rows as arrays."""
        rows = records(len(self.values), KIND_WIDTH)
        shares = records(len(self.values), SHARE_WIDTH).view(np.float64)
        for kind, values in enumerate(self.values):
            rows[kind, : len(OF_ROWS)] = [values[name] for name in OF_ROWS]
            shares[kind, : len(OF_SHARES)] = [values[name] for name in OF_SHARES]
        return Kinds(
            rows=rows,
            shares=shares,
            transfer_until=np.array(self.until or [1.0], np.float64),
            back_share=np.array([values["back_share"] for values in self.values], np.float64),
            back_law=np.array([values["back_law"] for values in self.values], np.int64),
            back_most=np.array([values["back_most"] for values in self.values], np.int64),
        )
