"""What only the visits of whole cases tell: how many contacts they had, who is away, how long they are open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ccsim.records.outcomes import OUTCOMES

from .sums import Played, Rows, Sums, Vector, VisitReader

Mask = NDArray[np.bool_]

_FOR_EVER = np.int64(2**62)
_OPEN = [OUTCOMES.index(name) for name in OUTCOMES if name.startswith("open_")]


@dataclass(frozen=True)
class Lives:
    """The visits of one chunk, in order of case, contact and visit."""

    played: Played
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
        size = self.played.replications
        return np.bincount(self["replication"][mask], minlength=size).astype(np.float64)

    def sum(self, values: NDArray[np.generic], mask: Mask) -> Vector:
        """Sum of values of some rows by replication."""
        size = self.played.replications
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
        """Where a case ends, as far as it was played."""
        return np.append(self.first[1:], True)


NAMES = (
    "replication", "queue", "case_queue", "date", "number", "contact", "visit", "counted", "joined_us", "left_us",
    "ended_us", "wrapped_us", "pool", "waited", "callback", "outcome", "returning",
)  # fmt: skip


def lives_of(played: Played) -> Lives:
    """The visits, sorted."""
    table = played.tables["visits"]
    columns = {name: table.column(name) for name in NAMES}
    keys = ("visit", "contact", "number", "date", "case_queue", "replication")
    order = np.lexsort([columns[name] for name in keys])
    columns = {name: values[order] for name, values in columns.items()}
    first = _changes([columns[name] for name in keys[2:]])
    fresh = first | _changes([columns["contact"]])
    return Lives(played, columns, first, fresh, np.cumsum(first) - 1)


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

    def read(played: Played) -> Sums:
        sums: Sums = {}
        for reader in readers:
            sums |= reader(played)
        return sums

    return read


def contacts_by_case(most: int) -> VisitReader:
    """`cases3`: counted cases with three contacts, up to `most`; `attempt3`: counted contacts that are the third of
    their case, `attempt3_blocked` those turned away, and `attempt3@1` those of the second day."""
    day = 86_400_000_000

    def read(played: Played) -> Sums:
        lives = lives_of(played)
        number = np.bincount(lives.case, weights=lives.fresh).astype(np.int64)[lives.case]
        opened = lives.first & (lives["counted"] == 1)
        blocked = lives.was("blocked")
        counted = lives.fresh & (lives["counted"] == 1)
        place = (lives["joined_us"] - played.warm_up) // day
        sums: Sums = {"cases_read": lives.count(opened)}
        for k in range(1, most + 1):
            sums[f"cases{k}"] = lives.count(opened & (number == k))
            mine = counted & (lives["contact"] == k - 1)
            sums[f"attempt{k}"] = lives.count(mine)
            sums[f"attempt{k}_blocked"] = lives.count(mine & blocked)
            for d in range(-(-played.length // day)):
                sums[f"attempt{k}@{d}"] = lives.count(mine & (place == d))
        return sums

    return read


def comebacks() -> VisitReader:
    """`away_us`: time of those who are to come back, in the counted time; `back_abandoned`: counted visits that ended
    so and bring on a return; `from_phone_to_chat`: counted returns by volumes after and before."""

    def read(played: Played) -> Sums:
        lives = lives_of(played)
        low, high = played.warm_up, played.warm_up + played.length
        back = lives["returning"] == 1
        joined = lives["joined_us"]
        until = np.where(lives.last, _FOR_EVER, np.append(joined[1:], 0))
        sums: Sums = {"away_us": lives.sum(overlap(lives.ends, until, low, high), back)}
        for name in ("abandoned", "blocked", "closed", "unresolved", "resolved", "falsely_contained"):
            sums[f"back_{name}"] = lives.count(back & lives.was(name) & (lives["counted"] == 1))
        again = lives.fresh & ~lives.first & (lives["counted"] == 1)
        before = np.append(-1, lives["queue"][:-1])
        for one, i in played.queues.items():
            for other, j in played.queues.items():
                mine = again & (before == i) & (lives["queue"] == j)
                sums[f"from_{one.split('/')[0]}_to_{other.split('/')[0]}"] = lives.count(mine)
        return sums

    return read


def open_cases(edges: Sequence[float]) -> VisitReader:
    """`open0`, `open1`, ...: time in which cases were open at an age between two edges (microseconds), in the counted
    time. A case ends with its last contact, at the end of talk."""

    def read(played: Played) -> Sums:
        lives = lives_of(played)
        low, high = played.warm_up, played.warm_up + played.length
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

    def read(played: Played) -> Sums:
        lives = lives_of(played)
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

    def read(played: Played) -> Sums:
        lives = lives_of(played)
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
        for name, queue in played.queues.items():
            sums[f"visits_{name.split('/')[-1]}"] = lives.count(counted & (lives["queue"] == queue))
        return sums

    return read
