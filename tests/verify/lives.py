"""What only the visits of whole cases tell: how many contacts they had, who is away, how long they are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.records.outcomes import OUTCOMES

from .sums import Rows, Simulated, Sums, Vector, VisitReader

Mask = NDArray[np.bool_]

_FOR_EVER = np.int64(2**62)
_OPEN = [OUTCOMES.index(name) for name in OUTCOMES if name.startswith("open_")]


@dataclass(frozen=True)
class Lives:
    """The visits of one chunk, in order of case, contact and visit."""

    simulated: Simulated
    columns: dict[str, Rows]
    first: Mask
    """Where a case begins."""
    fresh: Mask
    """Where a contact begins."""
    case: Rows
    """Number of the case of every row."""

    def __getitem__(self, name: str) -> Rows:
        return self.columns[name]

    def was(self, *outcomes: str) -> Mask:
        """Rows with one of some outcomes."""
        return np.isin(self["outcome"], [OUTCOMES.index(name) for name in outcomes])

    def count(self, mask: Mask) -> Vector:
        """Rows by replication."""
        size = self.simulated.replications
        return np.bincount(self["replication"][mask], minlength=size).astype(np.float64)

    def sum(self, values: NDArray[np.generic], mask: Mask) -> Vector:
        """Sum of values of some rows by replication."""
        size = self.simulated.replications
        found: Vector = np.bincount(
            self["replication"][mask], weights=np.asarray(values, dtype=np.float64)[mask], minlength=size
        )
        return found

    def each_case(self, mask: Mask) -> Mask:
        """For every row whether its case has a row of the mask."""
        found: Mask = (np.bincount(self.case, weights=mask) > 0)[self.case]
        return found

    @property
    def counted(self) -> Mask:
        """Rows of cases that opened in the counted time."""
        mask: Mask = (self["counted"] == 1)[np.flatnonzero(self.first)][self.case]
        return mask

    @property
    def ends(self) -> Rows:
        """End of talk, or of the session; open ones end never."""
        return np.where(np.isin(self["outcome"], _OPEN), _FOR_EVER, self["ended_us"])

    @property
    def last(self) -> Mask:
        """Where a case ends, as far as it was simulated."""
        return np.append(self.first[1:], True)


NAMES = (
    "replication", "queue", "case_queue", "date", "number", "contact", "visit", "counted", "joined_us", "left_us",
    "ended_us", "wrapped_us", "pool", "waited", "callback", "hung_up_us", "outcome", "returning", "rating",
)  # fmt: skip


def lives_of(simulated: Simulated) -> Lives:
    """The visits, sorted."""
    table = simulated.tables["visits"]
    columns = {name: table.column(name) for name in NAMES}
    keys = ("visit", "contact", "number", "date", "case_queue", "replication")
    order = np.lexsort([columns[name] for name in keys])
    columns = {name: values[order] for name, values in columns.items()}
    first = _changes([columns[name] for name in keys[2:]])
    fresh = first | _changes([columns["contact"]])
    return Lives(simulated, columns, first, fresh, np.cumsum(first) - 1)


def _changes(columns: Sequence[Rows]) -> Mask:
    changed = np.zeros(len(columns[0]), dtype=bool)
    changed[:1] = True
    for column in columns:
        changed[1:] |= column[1:] != column[:-1]
    return changed


def overlap(start: Rows, end: Rows, low: int, high: int) -> Rows:
    """Time of [start, end) within [low, high)."""
    return np.maximum(np.minimum(end, high) - np.maximum(start, low), 0)


def both(*readers: VisitReader) -> VisitReader:
    """Several readers as one."""

    def read(simulated: Simulated) -> Sums:
        sums: Sums = {}
        for reader in readers:
            sums |= reader(simulated)
        return sums

    return read


def contacts_by_case(most: int) -> VisitReader:
    """`cases3`: counted cases with three contacts, up to `most`; `attempt3`: counted contacts that are the third of
    their case, `attempt3_blocked` those turned away, and `attempt3@1` those of the second day."""
    day = 86_400_000_000

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        number = np.bincount(lives.case, weights=lives.fresh).astype(np.int64)[lives.case]
        opened = lives.first & (lives["counted"] == 1)
        blocked = lives.was("blocked")
        counted = lives.fresh & (lives["counted"] == 1)
        place = (lives["joined_us"] - simulated.warm_up) // day
        sums: Sums = {"cases_read": lives.count(opened)}
        for k in range(1, most + 1):
            sums[f"cases{k}"] = lives.count(opened & (number == k))
            mine = counted & (lives["contact"] == k - 1)
            sums[f"attempt{k}"] = lives.count(mine)
            sums[f"attempt{k}_blocked"] = lives.count(mine & blocked)
            for d in range(-(-simulated.length // day)):
                sums[f"attempt{k}@{d}"] = lives.count(mine & (place == d))
        return sums

    return read


def comebacks() -> VisitReader:
    """`away_us`: time of those who are to come back, in the counted time; `back_abandoned`: counted visits that ended
    so and bring on a return; `from_phone_to_chat`: counted returns by volumes after and before."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        low, high = simulated.warm_up, simulated.warm_up + simulated.length
        back = lives["returning"] == 1
        joined = lives["joined_us"]
        until = np.where(lives.last, _FOR_EVER, np.append(joined[1:], 0))
        sums: Sums = {"away_us": lives.sum(overlap(lives.ends, until, low, high), back)}
        for name in ("abandoned", "blocked", "closed", "unresolved", "resolved", "falsely_contained"):
            sums[f"back_{name}"] = lives.count(back & lives.was(name) & (lives["counted"] == 1))
        again = lives.fresh & ~lives.first & (lives["counted"] == 1)
        before = np.append(-1, lives["queue"][:-1])
        for one, i in simulated.queues.items():
            for other, j in simulated.queues.items():
                mine = again & (before == i) & (lives["queue"] == j)
                sums[f"from_{one.split('/')[0]}_to_{other.split('/')[0]}"] = lives.count(mine)
        return sums

    return read


def open_cases(edges: Sequence[float]) -> VisitReader:
    """`open0`, `open1`, ...: time in which cases were open at an age between two edges (microseconds), in the counted
    time. A case ends with its last contact, at the end of talk."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        low, high = simulated.warm_up, simulated.warm_up + simulated.length
        opened = lives["joined_us"][lives.first]
        closed = np.where(lives["returning"] == 1, _FOR_EVER, lives.ends)[lives.last]
        begins = lives.first
        sums: Sums = {}
        for i, (young, old) in enumerate(zip(edges, [*edges[1:], float(2**61)], strict=True)):
            time = np.zeros(len(begins))
            time[begins] = overlap(opened + int(young), np.minimum(closed, opened + int(old)), low, high)
            sums[f"open{i}"] = lives.sum(time, begins)
        return sums

    return read


def follow_ups(times: Sequence[float]) -> VisitReader:
    """`firsts`: counted cases; `alone0`, ...: those that no other contact follows within so many microseconds of the
    arrival of the first one."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        opened = lives.first & (lives["counted"] == 1)
        sums: Sums = {"firsts": lives.count(opened)}
        again = lives.fresh & (lives["contact"] == 1)
        gap = lives["joined_us"] - lives["joined_us"][lives.first][lives.case]
        for i, time in enumerate(times):
            sums[f"alone{i}"] = lives.count(opened & ~lives.each_case(again & (gap <= int(time))))
        return sums

    return read


def reopenings() -> VisitReader:
    """Of counted cases: `visits_t1`, `visits_t2` (by tier of the queue), `ever_resolved`, `reopenings`,
    `reopened_once`, `resolved_at_t1` and `resolved_and_stayed` (both of the first contact)."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        counted, resolved = lives.counted, lives.was("resolved")
        opened = lives.first & counted
        again = resolved & (lives["returning"] == 1)
        first = lives["contact"] == 0
        sums: Sums = {
            "ever_resolved": lives.count(opened & lives.each_case(resolved)),
            "reopenings": lives.count(counted & again),
            "reopened_once": lives.count(opened & lives.each_case(again)),
            "resolved_and_stayed": lives.count(opened & lives.each_case(resolved & first & ~again)),
            "resolved_at_t1": lives.count(opened & lives.each_case(resolved & first & (lives["visit"] == 0))),
        }
        for name, queue in simulated.queues.items():
            sums[f"visits_{name.split('/')[-1]}"] = lives.count(counted & (lives["queue"] == queue))
        return sums

    return read


def sessions(levels: Sequence[int] = (), instants: Sequence[int] = ()) -> VisitReader:
    """`above16_us`: time of the counted time with more than 16 sessions in progress; `sessions_at0`, ...: sessions in
    progress at instants (microseconds), and `sessions_ended0`, ... those that ended since the instant before."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        low, high = simulated.warm_up, simulated.warm_up + simulated.length
        mine = lives["visit"] == -1
        begins, ends = lives["joined_us"], lives.ends
        sums: Sums = {}
        before = -1
        for i, at in enumerate(instants):
            sums[f"sessions_at{i}"] = lives.count(mine & (begins < at) & (ends >= at))
            sums[f"sessions_ended{i}"] = lives.count(mine & (ends < at) & (ends >= before))
            before = at
        if levels:
            owner = np.concatenate([lives["replication"][mine]] * 2)
            times = np.concatenate([begins[mine], ends[mine]])
            steps = np.repeat([1, -1], int(mine.sum()))
            order = np.lexsort((steps, times, owner))
            owner, times, steps = owner[order], times[order], steps[order]
            number = np.cumsum(steps)
            following = np.append(times[1:], high)
            following[np.append(owner[1:] != owner[:-1], True)] = high
            span = np.clip(following, low, high) - np.clip(times, low, high)
            for level in levels:
                time = np.bincount(owner, weights=span * (number > level), minlength=simulated.replications)
                sums[f"above{level}_us"] = time.astype(np.float64)
        return sums

    return read


def by_whom() -> VisitReader:
    """Of counted cases: `firsts`, `without_human` (no agent ever), `solved_by_bot` and `solved_by_agents` (the last
    contact decides)."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        opened = lives.first & (lives["counted"] == 1)
        stays = lives.last & (lives["returning"] == 0)
        return {
            "firsts": lives.count(opened),
            "without_human": lives.count(opened & ~lives.each_case(lives["pool"] >= 0)),
            "solved_by_bot": lives.count(opened & lives.each_case(stays & lives.was("contained"))),
            "solved_by_agents": lives.count(opened & lives.each_case(stays & lives.was("resolved"))),
        }

    return read


def callbacks() -> VisitReader:
    """Of accepted callbacks, in the counted time: `callbacks_waiting_us` from acceptance to being reached,
    `callbacks_held_us` with agents; and `reached_at_us`, the sum of the instants at which counted ones were reached."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        low, high = simulated.warm_up, simulated.warm_up + simulated.length
        mine = lives["callback"] == 2
        reached = mine & (lives["pool"] >= 0) & ~lives.was("not_reached", "expired")
        hung_up, left, wrapped = (lives[name] for name in ("hung_up_us", "left_us", "wrapped_us"))
        return {
            "callbacks_waiting_us": lives.sum(overlap(hung_up, left, low, high), mine),
            "callbacks_held_us": lives.sum(overlap(left, wrapped, low, high), reached),
            "reached_at_us": lives.sum(left, reached & (lives["counted"] == 1)),
        }

    return read


def ratings() -> VisitReader:
    """Of rated contacts: `rated_resolved`, `rated_unresolved` and `rated_at_once` (its last visit did not wait), and
    with `satisfied_` those of a rating of 4 or 5."""

    def read(simulated: Simulated) -> Sums:
        lives = lives_of(simulated)
        rated = lives["rating"] > 0
        happy = lives["rating"] >= 4
        groups = {name: rated & lives.was(name) for name in ("resolved", "unresolved")}
        groups["at_once"] = rated & (lives["waited"] == 0)
        sums: Sums = {}
        for name, mask in groups.items():
            sums[f"rated_{name}"] = lives.count(mask)
            sums[f"satisfied_{name}"] = lives.count(mask & happy)
        return sums

    return read
