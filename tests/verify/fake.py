"""A small event loop of one queue and one pool that fills the tables: it tests the harness without the engine."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import TABLES, threshold_columns
from ccsim.results.bins import bin_of_wait
from ccsim.results.tables import PLAYED, columns_of

from .sums import Played, Table

LINE = "calls/t1"


class FakeScenario:
    """Exponential times, staffing that never changes, lines or none."""

    def __init__(self, said: Mapping[str, Any], files: Mapping[str, str], *, slower: float = 1.0) -> None:
        horizon = said["horizon"]
        self.warm_up, self.length = (_micros(horizon.get(k, "0s")) for k in ("warm_up", "length"))
        self.interval = _micros(horizon["interval"])
        self.rate = said["demand"]["calls"]["per_minute"]
        talk = said["handle_time"]
        talk = talk.get("talk", talk)
        self.mean = _micros(talk["mean"]) / 60e6 * slower
        self.agents = said["pools"]["desk"]["staffing"]
        bears = said.get("patience")
        self.patience = _micros(bears["mean"]) / 60e6 if bears and "mean" in bears else None
        self.zero = bears.get("zero", 0.0) if bears else 0.0
        self.lines = said.get("queue_groups", {}).get("door", {}).get("lines")
        self.thresholds = tuple(_micros(t) for t in said["service_level"]["within"])

    def play(self, seed: int, first: int, count: int, *, visits: bool, workers: int) -> Played:
        rows = [self._visits(np.random.default_rng([seed, first + r])) for r in range(count)]
        tables = self._tables(rows)
        if not visits:
            del tables["visits"]
        return Played(count, {LINE: 0}, [0], {"desk": 0}, tables, self.warm_up, self.length, self.interval)

    def _visits(self, random: np.random.Generator) -> list[tuple[int, int, int, int, int, int]]:
        """(joined, left, ended, pool, waited, outcome) of every visit, in minutes turned to microseconds."""
        done: list[tuple[int, int, int, int, int, int]] = []
        free, line = self.agents, deque[tuple[float, float]]()
        ends: list[float] = []
        now, stop = 0.0, (self.warm_up + self.length) / 60e6
        while True:
            now += random.exponential(1 / self.rate)
            while ends and ends[0] <= min(now, 1e12):
                at = heapq.heappop(ends)
                free += 1
                free -= self._serve(random, line, at, ends, done)
            if now >= stop:
                break
            if free:
                free -= 1
                end = now + random.exponential(self.mean)
                heapq.heappush(ends, end)
                done.append(_row(now, now, end, 0, 0, "resolved"))
                continue
            while line and min(b for _, b in line) <= now:
                self._leave(line, now, done)
            if self.lines is not None and self.agents + len(line) >= self.lines:
                done.append(_row(now, now, now, -1, 0, "blocked"))
            elif random.random() < self.zero:
                done.append(_row(now, now, now, -1, 1, "abandoned"))
            else:
                line.append((now, now + random.exponential(self.patience) if self.patience else 1e15))
        return done

    def _leave(self, line: deque[tuple[float, float]], now: float, done: list[Any]) -> None:
        for joined, bears in [x for x in line if x[1] <= now]:
            line.remove((joined, bears))
            done.append(_row(joined, bears, bears, -1, 1, "abandoned"))

    def _serve(self, random: np.random.Generator, line: Any, at: float, ends: list[float], done: list[Any]) -> int:
        self._leave(line, at, done)
        if not line:
            return 0
        joined, _ = line.popleft()
        end = at + random.exponential(self.mean)
        heapq.heappush(ends, end)
        done.append(_row(joined, at, end, 0, 1, "resolved"))
        return 1

    def _tables(self, parts: list[list[tuple[int, int, int, int, int, int]]]) -> dict[str, Table]:
        out: dict[str, list[list[int]]] = {name: [] for name in TABLES}
        start, end = self.warm_up, self.warm_up + self.length
        for number, rows in enumerate(parts):
            line: dict[tuple[int, int], dict[str, int]] = {}
            cells = range(-(-self.length // self.interval))
            for joined, left, ended, pool, waited, outcome in rows:
                counted = start <= joined < end
                visit = {
                    "replication": number, "queue": 0, "joined_us": joined, "left_us": left, "ended_us": ended,
                    "wrapped_us": ended, "pool": pool, "agent": pool, "waited": waited, "outcome": outcome,
                    "counted": int(counted),
                }  # fmt: skip
                out["visits"].append([visit.get(c.name, 0) for c in TABLES["visits"]])
                if counted:
                    cell = line.setdefault((number, (joined - start) // self.interval), {})
                    self._count(cell, joined, left, ended, pool, waited, OUTCOMES[outcome])
                    if pool >= 0:
                        out["waits"].append([number, 0, bin_of_wait(left - joined), 1])
                        direct = int(not waited)
                        out["routes"].append([number, 0, 0, 1, direct, ended - left, 0, 1, ended - left])
            keys = {"replication": number, "queue": 0, "flow": 0}
            for (_, cell_number), sums in line.items():
                columns = columns_of("flow_intervals", self.thresholds)
                out["flow_intervals"].append(
                    [(keys | {"interval": cell_number} | sums).get(c.name, 0) for c in columns]
                )
            whole = {"waiting_us": sum(_overlap(r[0], r[1], start, end) for r in rows)}
            for sums in line.values():
                for name, value in sums.items():
                    whole[name] = whole.get(name, 0) + value
            columns = columns_of("queue_sums", self.thresholds)
            out["queue_sums"].append([(keys | whole).get(c.name, 0) for c in columns])
            whole_pool = dict.fromkeys([c.name for c in TABLES["pool_sums"]], 0) | {"replication": number}
            for i in cells:
                a, b = start + i * self.interval, min(start + (i + 1) * self.interval, end)
                waiting = sum(_overlap(r[0], r[1], a, b) for r in rows)
                busy = sum(_overlap(r[1], r[2], a, b) for r in rows if r[3] >= 0)
                answered = sum(1 for r in rows if r[3] >= 0 and a <= r[1] < b)
                out["flow_calendar"].append([number, i, 0, waiting])
                present = self.agents * (b - a)
                here = {"planned_us": present, "signed_in_us": present, "in_hand_us": busy, "held_us": busy}
                here |= {"paid_us": present, "rated_us": present, "answered": answered}
                place = {"replication": number, "interval": i}
                out["pool_intervals"].append([(place | here).get(c.name, 0) for c in TABLES["pool_intervals"]])
                for name, value in here.items():
                    whole_pool[name] += value
            out["pool_sums"].append(list(whole_pool.values()))
            out["replications"].append([number, len(rows), len(rows), 0, 0, len(rows), end])
        return {
            name: Table(_names(name, self.thresholds), np.array(rows, dtype=np.int64).reshape(len(rows), -1))
            for name, rows in out.items()
            if name in (*PLAYED, "visits") and rows
        }

    def _count(
        self, cell: dict[str, int], joined: int, left: int, ended: int, pool: int, waited: int, outcome: str
    ) -> None:
        wait = left - joined
        names = ["arrived"]
        names += ["blocked"] if outcome == "blocked" else ["offered", *["waited"] * waited]
        if outcome == "blocked":
            wait = 0
        elif pool >= 0:
            names += ["answered"]
            cell["wait_answered_us"] = cell.get("wait_answered_us", 0) + wait
            cell["wait_answered_sq_hi"] = cell.get("wait_answered_sq_hi", 0) + wait * wait // 2**40
            cell["wait_answered_sq_lo"] = cell.get("wait_answered_sq_lo", 0) + wait * wait % 2**40
            cell["talk_us"] = cell.get("talk_us", 0) + ended - left
        else:
            names += ["abandoned"]
            cell["wait_abandoned_us"] = cell.get("wait_abandoned_us", 0) + wait
        if outcome != "blocked":
            what = "answered" if pool >= 0 else "abandoned"
            extra = threshold_columns(self.thresholds)
            names += [
                c.name
                for c, t in zip(extra, [t for t in self.thresholds for _ in "ab"], strict=True)
                if c.name.startswith(what) and wait <= t
            ]
        for name in names:
            cell[name] = cell.get(name, 0) + 1


def _names(table: str, thresholds: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(c.name for c in columns_of(table, thresholds))


def _row(joined: float, left: float, ended: float, pool: int, waited: int, outcome: str) -> Any:
    a, b, c = (round(t * 60e6) for t in (joined, left, ended))
    return a, b, c, pool, waited, OUTCOMES.index(outcome)


def _overlap(a: int, b: int, start: int, end: int) -> int:
    return max(0, min(b, end) - max(a, start))


def _micros(text: str) -> int:
    scale = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
    return round(float(text[:-1]) * scale[text[-1]])
