"""A small event loop of one queue and one pool that fills the tables: it tests the harness without the engine."""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from ccsim.records.outcomes import OUTCOMES
from ccsim.records.outcomes import outcome as code_of
from ccsim.records.tables import threshold_columns
from ccsim.results.bins import bin_of_wait
from ccsim.results.tables import SIMULATED
from tests.support.stand_in.engine import places, rows_of

from .sums import Simulated, Table

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

    def simulate(self, seed: int, first: int, count: int, *, visits: bool, workers: int) -> Simulated:
        rows = [self._visits(np.random.default_rng([seed, first + r])) for r in range(count)]
        tables = self._tables(rows)
        if not visits:
            del tables["visits"]
        return Simulated(count, {LINE: 0}, [0], {"desk": 0}, tables, self.warm_up, self.length, self.interval)

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
        made = [self._rows(rows) for rows in parts]
        tables = {}
        for name in (*SIMULATED, "visits"):
            rows = [(number, row) for number, part in enumerate(made) for row in part.get(name, ())]
            if rows:
                cells = rows_of(name, *(row for _, row in rows), thresholds=self.thresholds)
                names = ("replication", *places(name, self.thresholds))
                tables[name] = Table(names, np.column_stack([[number for number, _ in rows], cells]))
        return tables

    def _rows(self, rows: list[tuple[int, int, int, int, int, int]]) -> dict[str, list[dict[str, int]]]:
        """Rows of one replication's tables, by the names of their cells; cells that are 0 may be missing."""
        out: dict[str, list[dict[str, int]]] = defaultdict(list)
        start, end = self.warm_up, self.warm_up + self.length
        cohorts: dict[int, dict[str, int]] = {}
        for joined, left, ended, pool, waited, code in rows:
            counted = start <= joined < end
            out["visits"].append(
                {"joined_us": joined, "left_us": left, "ended_us": ended, "wrapped_us": ended, "pool": pool,
                 "agent": pool, "waited": waited, "outcome": code, "counted": int(counted)}
            )  # fmt: skip
            if counted:
                cohort = cohorts.setdefault((joined - start) // self.interval, {})
                self._count(cohort, joined, left, ended, pool, waited, OUTCOMES[code])
                if pool >= 0:
                    held = {"answered": 1, "talk_us": ended - left, "served": 1, "held_us": ended - left}
                    out["waits"].append({"bin": bin_of_wait(left - joined), "answered": 1})
                    out["routes"].append(held | {"answered_at_once": int(not waited)})
        out["flow_intervals"] = [{"interval": interval} | sums for interval, sums in cohorts.items()]
        waiting = sum(_overlap(row[0], row[1], start, end) for row in rows)
        out["queue_sums"] = [_summed([{"waiting_us": waiting}, *cohorts.values()])]
        presence = []
        for interval in range(-(-self.length // self.interval)):
            a = start + interval * self.interval
            b = min(a + self.interval, end)
            waiting = sum(_overlap(row[0], row[1], a, b) for row in rows)
            out["flow_calendar"].append({"interval": interval, "waiting_us": waiting})
            busy = sum(_overlap(row[1], row[2], a, b) for row in rows if row[3] >= 0)
            answered = sum(1 for row in rows if row[3] >= 0 and a <= row[1] < b)
            here = dict.fromkeys(("planned_us", "signed_in_us", "paid_us", "rated_us"), self.agents * (b - a))
            here |= {"in_hand_us": busy, "held_us": busy, "answered": answered}
            out["pool_intervals"].append({"interval": interval} | here)
            presence.append(here)
        out["pool_sums"] = [_summed(presence)]
        out["replications"] = [{"contacts": len(rows), "cases": len(rows), "visits": len(rows), "end_us": end}]
        return out

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


def _summed(rows: list[dict[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for name, value in (cell for row in rows for cell in row.items()):
        sums[name] = sums.get(name, 0) + value
    return sums


def _row(joined: float, left: float, ended: float, pool: int, waited: int, outcome: str) -> Any:
    a, b, c = (round(t * 60e6) for t in (joined, left, ended))
    return a, b, c, pool, waited, code_of(outcome)


def _overlap(a: int, b: int, start: int, end: int) -> int:
    return max(0, min(b, end) - max(a, start))


def _micros(text: str) -> int:
    scale = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
    return round(float(text[:-1]) * scale[text[-1]])
