"""A weekly roster: how many people work each schedule, so that what is required is covered best."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final, NamedTuple

import numpy as np

from ccsim.kernel.layout import Floats, Ints
from ccsim.model.schedule_programme import ScheduleProgramme
from ccsim.model.weekly_schedules import SLOTS, WeeklySchedule

#: Bounds of the steps of the price as shares of what is required, and the gain of one agent more in each step: a
#: shortfall counts 1, a little more where it is deep; a surplus costs a little, more where it is above the mean.
_BELOW: Final = ((0.5, 1.08), (0.8, 1.04), (1.0, 1.0))
_ABOVE: Final = (-0.01, -0.04)
#: Least surplus that is taken for even, as a share of what is required.
_EVEN: Final = 0.2
#: Moves of one person that are tried after rounding, at most so many a schedule.
_MOVES: Final = 4


@dataclass(frozen=True, slots=True)
class Roster:
    """What the people of a pool work in a typical week, and how good it is."""

    schedules: tuple[WeeklySchedule, ...]
    """Weekly schedules by pattern, start and days."""
    people: Ints
    """[schedules] People on each."""
    required: Floats
    """[slots] Agents required, half hours of the site's week from Monday 00:00."""
    scheduled: Floats
    """[slots] Mean agents on the line: breaks, blocks and mean absence taken off."""
    price: float
    """What it is judged by, agent hours a week: the shortfall, up to 1.08 times where it is deep, and up to 0.04 of
    the surplus. 0: exactly what is required."""
    bound: float
    """Least price that any roster of these schedules can have: that of the linear programme, people not whole."""

    @property
    def shortfall(self) -> float:
        """Agent hours a week by which the line is short of what is required, hour by hour."""
        return float(np.maximum(_by_hour(self.required) - _by_hour(self.scheduled), 0.0).sum())


class Wanted(NamedTuple):
    """What is wanted of the roster of a pool."""

    schedules: tuple[WeeklySchedule, ...]
    """What people may work; not empty."""
    cover: Floats
    """[schedules, slots] Mean number on the line of one person on each schedule."""
    required: Floats
    """[slots] Agents."""
    headcount: int
    """People, every one of whom works a schedule."""
    shares: Mapping[str, float]
    """Part of the headcount by pattern, where it is given."""
    people: Mapping[str, int] | None = None
    """People by pattern, where they are given in place of shares: their sum is the headcount."""


def build_rosters(wanted: Iterable[Wanted]) -> list[Roster]:
    """The rosters of pools: whole numbers of people on schedules, closest to what is required.

    The sum of shortfalls is made small first, then its depth and the unevenness of the surplus: a linear programme
    (Dantzig 1954) by HiGHS, rounded by largest remainders, then single people are moved while it helps. The same on
    every run, whatever the number of threads.
    """
    wanted = list(wanted)
    keys = [_digest(one) for one in wanted]
    new = {key: one for key, one in zip(keys, wanted, strict=True) if key not in _MADE}
    made = {key: _MADE[key] for key in keys if key not in new}
    if new:
        with ThreadPoolExecutor(os.cpu_count()) as threads:  # nothing but solving: Python they would do in turn
            begun = [(key, problem, threads.submit(problem.solve)) for key, problem in _posed(new)]
            for key, problem, solved in begun:
                solved.result()
                made[key] = _fixed(problem.roster())
        _keep({key: made[key] for key in new})
    return [made[key] for key in keys]


_MADE: Final[dict[bytes, Roster]] = {}
"""Rosters that were made, by the digest of what was wanted: points of a sweep mostly want the same."""
_MOST_MADE: Final = 512
"""So many are kept, the last ones."""
_MAKING: Final = Lock()


def _posed(wanted: Mapping[bytes, Wanted]) -> Iterator[tuple[bytes, _Problem]]:
    return ((key, _Problem(one)) for key, one in wanted.items())


def _digest(wanted: Wanted) -> bytes:
    """Digest of everything that a roster follows from."""
    given = None if wanted.people is None else sorted(wanted.people.items())
    told = (wanted.schedules, wanted.cover.shape, wanted.headcount, sorted(wanted.shares.items()), given)
    made = hashlib.sha256(repr(told).encode())
    made.update(np.ascontiguousarray(wanted.cover).data)
    made.update(np.ascontiguousarray(wanted.required).data)
    return made.digest()


def _fixed(roster: Roster) -> Roster:
    """The same, of its own and read only: it may be handed out again."""
    made = replace(roster, required=roster.required.copy())
    for values in (made.people, made.required, made.scheduled):
        values.flags.writeable = False
    return made


def _keep(rosters: Mapping[bytes, Roster]) -> None:
    with _MAKING:
        _MADE.update(rosters)
        for key in list(_MADE)[: max(len(_MADE) - _MOST_MADE, 0)]:
            del _MADE[key]


def build_roster(
    schedules: Sequence[WeeklySchedule], cover: Floats, required: Floats, headcount: int, shares: Mapping[str, float]
) -> Roster:
    """The roster of one pool; arguments are the fields of `Wanted`."""
    return build_rosters([Wanted(tuple(schedules), cover, required, headcount, shares)])[0]


class _Problem:
    """A roster on its way: posed, solved, made whole."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._groups = _groups(wanted)
        hours, required = _by_hour(wanted.cover), _by_hour(wanted.required)
        manned = hours.any(axis=0)
        self._hours = hours[:, manned]
        self._price = _Price(required[manned], wanted.headcount * float(self._hours.sum(axis=1).mean()))
        self._programme = ScheduleProgramme(self._hours, self._price.knots, self._price.gains, self._groups)

    def solve(self) -> None:
        """Solve the linear programme; meanwhile other threads run."""
        self._programme.solve()

    def roster(self) -> Roster:
        """The solution, rounded and improved."""
        wanted, hours, price = self._wanted, self._hours, self._price
        exact = self._programme.people()
        people = np.zeros(len(wanted.schedules), np.int64)
        for members, count in self._groups:
            people[members] = _rounded(exact[members], count)
        for members, count in self._groups:
            if count > 0 and len(members) > 1:
                _improve(people, members, hours, price)
        bound = float(price.of(exact @ hours))
        scheduled = people @ wanted.cover
        return Roster(wanted.schedules, people, wanted.required, scheduled, float(price.of(people @ hours)), bound)


def _by_hour(week: Floats) -> Floats:
    """[..., hours] Means of a week of half hours."""
    return np.asarray(week.reshape(*week.shape[:-1], SLOTS // 2, 2).mean(axis=-1))


def _groups(wanted: Wanted) -> list[tuple[Ints, int]]:
    """Weekly schedules among which people are free to move, and how many people they have."""
    headcount, people = wanted.headcount, wanted.people
    shares = wanted.shares if people is None else {name: n / max(headcount, 1) for name, n in people.items()}
    rows: dict[str, list[int]] = {}
    for row, schedule in enumerate(wanted.schedules):
        rows.setdefault(schedule.pattern if schedule.pattern in shares else "", []).append(row)
    names = sorted(rows)
    given = np.array([shares.get(name, 0.0) for name in names])
    if "" in rows:
        given[names.index("")] = max(1.0 - given.sum(), 0.0)
    weights = given if given.sum() > 0.0 else np.ones(len(names))
    counts = _rounded(weights / weights.sum() * headcount, headcount)
    return [(np.array(rows[name], np.int64), int(count)) for name, count in zip(names, counts, strict=True)]


def _rounded(exact: Floats, total: int) -> Ints:
    """Whole numbers near to `exact` with a given sum: largest remainders, the first of equals."""
    steady = np.round(exact, 9)
    low = np.floor(steady).astype(np.int64)
    left = total - int(low.sum())
    order = np.argsort(-(steady - low), kind="stable")
    if left >= 0:
        low[order[:left]] += 1
    return low


class _Price:
    """What a week costs: a convex function of the number on the line in each hour."""

    def __init__(self, required: Floats, available: float) -> None:
        """`available`: agent hours that there are for all the hours together."""
        scale = np.maximum(required, max(float(required.mean()), 1.0) / 2)
        even = max((available - float(required.sum())) / float(scale.sum()), _EVEN)
        below = np.outer([share for share, _ in _BELOW], required)
        self.knots = np.vstack([below, required + even * scale])
        self.gains = np.array([*(gain for _, gain in _BELOW), *_ABOVE])
        #: change of the slope at each knot; the first step's slope holds from 0
        self._bends = self.gains[:-1] - self.gains[1:]
        widths = np.diff(np.vstack([np.zeros(len(required)), below]), axis=0)
        self._nobody = float((self.gains[: len(_BELOW)] @ widths).sum())

    def of(self, line: Floats) -> Floats:
        """[...] Price of lines [..., hours]."""
        found = self._nobody - self.gains[0] * line.sum(axis=-1)
        above = np.empty_like(line)
        for bend, knot in zip(self._bends, self.knots, strict=True):
            if bend != 0.0:
                np.maximum(np.subtract(line, knot, out=above), 0.0, out=above)
                found = found + bend * above.sum(axis=-1)
        return np.asarray(found)


def _improve(people: Ints, members: Ints, hours: Floats, price: _Price) -> None:
    """Move single people of one group while the price falls: from where one is missed least to where one helps most."""
    line = people @ hours
    now = float(price.of(line))
    for _ in range(_MOVES * len(members)):
        staffed = members[people[members] > 0]
        moves = [_leave_first(line, staffed, members, hours, price), _join_first(line, staffed, members, hours, price)]
        then, leaves, joins = min(moves)
        if then >= now - 1e-7:
            return
        people[leaves] -= 1
        people[joins] += 1
        line, now = line - hours[leaves] + hours[joins], then


def _leave_first(line: Floats, staffed: Ints, members: Ints, hours: Floats, price: _Price) -> tuple[float, int, int]:
    """Price after a move, and the schedules: the leaver is chosen first."""
    leaves = _best(price.of(line - hours[staffed]), staffed)
    prices = price.of(line - hours[leaves] + hours[members])
    joins = _best(prices, members)
    return float(prices.min()), leaves, joins


def _join_first(line: Floats, staffed: Ints, members: Ints, hours: Floats, price: _Price) -> tuple[float, int, int]:
    """The same, the newcomer is chosen first."""
    joins = _best(price.of(line + hours[members]), members)
    prices = price.of(line + hours[joins] - hours[staffed])
    return float(prices.min()), _best(prices, staffed), joins


def _best(prices: Floats, rows: Ints) -> int:
    """The row of the least price, the first of equals."""
    return int(rows[np.argmin(np.round(prices, 9))])
