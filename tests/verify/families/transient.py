"""Days with changing rates and staffing, from an empty start to the last caller."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ..cases import Case, Library
from ..formulas import by_threshold, ratio, waits, within
from ..laws import MINUTE, CannotSay, Law, duration, exponential, function_of_time, law_of, mean_of, patience_of
from ..measures import Ask
from ..replications import Days, Simulation, micros_of, thresholds
from ..sums import Sums, Wanted
from ..visits import at_instants
from .recorded import clock
from .single import CALLS, DESK

RATE_STEP = 1.0
"""Seconds between the points of a rate that is given as a function of time."""


class Day:
    """What the model says of one day."""

    def __init__(self, model: dict[str, Any]) -> None:
        self.model = model
        self.edges = [float(t) for t in model.get("edges", [])] or [0.0, float(model["horizon"])]
        agents = model["agents"]
        self.agents = [int(n) for n in agents] if isinstance(agents, list) else [int(agents)] * (len(self.edges) - 1)
        if len(self.agents) != len(self.edges) - 1:
            raise CannotSay("staffing that does not match its intervals")
        self.end = self.edges[-1]
        self.mean = float(model["mean_service"]) if "mean_service" in model else 1 / float(model["mu"])
        theta = float(model.get("theta") or 0.0)
        bears = model.get("mean_patience")
        self.patience = float(bears) if bears else (1 / theta if theta else None)
        self.zero = float(model.get("p_patience_zero") or 0.0)
        times = model.get("T", [])
        self.times = [float(t) for t in (times if isinstance(times, list) else [times])]

    def staffing_at(self, t: float) -> int:
        """Agents planned just after an instant; after the last interval the last number."""
        place = sum(1 for edge in self.edges[1:-1] if edge <= t)
        return self.agents[place]

    def demand(self) -> tuple[dict[str, Any], float]:
        """The stream's rate, and the contacts of a day."""
        model = self.model
        if "lam_per_min" in model:
            rates = [float(r) for r in model["lam_per_min"]]
            steps: list[list[Any]] = [[clock(t), r] for t, r in zip(self.edges[:-1], rates, strict=True)]
            steps += self._night()
            total = sum(r * (b - a) for r, a, b in zip(rates, self.edges, self.edges[1:], strict=False))
            return {"rates": {"per": "minute", "steps": steps}}, total
        if isinstance(model["lam"], str):
            return curve(function_of_time(model["lam"]), self.end)
        rate = float(model["lam"])
        steps = [["00:00:00", rate], *self._night()]
        return {"rates": {"per": "minute", "steps": steps}}, rate * self.end

    def _night(self) -> list[list[Any]]:
        """No arrivals after the day's last interval."""
        if self.end > 1440:
            raise CannotSay("a day of more than 24 hours")
        return [[clock(self.end), 0]] if self.end < 1440 else []

    def scenario(self, talk: Law, cell: float, cv: float = 0.0, agents: int | None = None) -> dict[str, Any]:
        """The scenario of the day, reported in cells of so many minutes."""
        stream, _ = self.demand()
        if cv:
            stream["day_factor"] = {"cv": cv}
        steps = [[clock(t), n] for t, n in zip(self.edges[:-1], self.agents, strict=True)]
        said: dict[str, Any] = {
            "scenario": "day",
            "horizon": {
                "start": "2026-01-05",
                "length": duration(self.end * MINUTE),
                "drain": "1d",
                "interval": duration(cell * MINUTE),
            },
            "service_level": thresholds([micros_of(t) for t in self.times]),
            "handle_time": talk,
            "demand": {"calls": stream},
            "pools": {DESK: {"staffing": agents or (steps if len(steps) > 1 else self.agents[0])}},
        }
        bears = patience_of(exponential(self.patience) if self.patience else None, self.zero)
        if bears:
            said["patience"] = bears
        entry_points = {"queue_capacity": "max_waiting", "max_in_system": "lines", "lines": "lines"}
        for key, entry_point in entry_points.items():
            if self.model.get(key) is not None:
                said["queue_groups"] = {"door": {entry_point: int(self.model[key])}}
        return said


def curve(rate: Callable[[float], float], end: float) -> tuple[dict[str, Any], float]:
    """A rate on a fine grid, linear between its points; it ends with the day."""
    step = RATE_STEP / 60
    points = round(end / step)
    values = [max(rate(i * step), 0.0) for i in range(points + 1)]
    said = {
        "rates": {
            "per": "minute",
            "every": f"{RATE_STEP:g}s",
            "interpolate": "linear",
            "start": "2026-01-05T00:00",
            "values": values,
        }
    }
    return said, (sum(values) - (values[0] + values[-1]) / 2) * step


def transient(case: Case, library: Library) -> list[Simulation]:
    """Every kind of day."""
    if "base" in case.model:
        return [_busy_day(case, library)]
    if "services" in case.model:
        return [_unlimited(case, text) for text in case.model["services"]]
    if "intervals" in case.expected:
        return [_by_interval(case)]
    return [_whole_day(case)]


COLUMNS = {"arrivals": "arrived", "served": "answered", "abandoned": "abandoned", "blocked": "blocked"}
"""Counts by arrival cohort."""


def _cohort(cells: list[str], path: tuple[str, ...]) -> Ask | None:
    """Measures of those who arrived in some cells (labels of the queue with the cell's number)."""
    name = path[0]

    def columns(*names: str) -> list[str]:
        return [f"{cell}.{column}" for cell in cells for column in names]

    if name in COLUMNS:
        return ratio(columns(COLUMNS[name]), "replications", "count")
    if name == "sum_wait_all":
        return ratio([w for cell in cells for w in waits(cell)], "replications", "count", 1 / MINUTE)
    if name == "sum_wait_served":
        return ratio(columns("wait_answered_us"), "replications", "count", 1 / MINUTE)
    if name == "mean_wait_offered":
        return ratio([w for cell in cells for w in waits(cell)], columns("came"), "count", 1 / MINUTE)
    if name == "mean_wait_served":
        return ratio(columns("wait_answered_us"), columns("answered"), "count", 1 / MINUTE)
    if len(path) < 2:
        return None
    micros = micros_of(path[1])
    served = [within(cell, micros) for cell in cells]
    left = [within(cell, micros, "abandoned") for cell in cells]
    if name == "served_le":
        return ratio(served, "replications", "count")
    if name == "abandoned_le":
        return ratio(left, "replications", "count")
    if name == "sl_offered":
        return ratio(served, columns("came"))
    if name == "sl_excl_short_ab":
        return ratio(served, [*columns("answered", "abandoned"), *(f"-{c}" for c in left)])
    return None


def _by_interval(case: Case) -> Simulation:
    day = Day(case.model)
    rows = case.expected["intervals"]
    cell = _common([row["t1"] - row["t0"] for row in rows])
    said = day.scenario(exponential(day.mean), cell)
    instants: dict[str, tuple[float, str]] = {f" {t}": (float(t), "after") for t in case.expected.get("at", {})}
    instants |= {f" end of {row['interval']}": (float(row["t1"]), "before") for row in rows}
    reader = at_instants(
        {name: micros_of(t) for name, (t, _) in instants.items()},
        {name: day.staffing_at(t) for name, (t, _) in instants.items()},
        {name: side for name, (_, side) in instants.items()},
        [(micros_of(row["t0"]), micros_of(row["t1"])) for row in rows],
    )

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        found: Ask | None = None
        if path[0] == "at":
            found = _at(f"at {path[1]}", path[2])
        elif path[0] == "intervals":
            row = rows[int(path[1])]
            first, last = round(row["t0"] / cell), round(row["t1"] / cell)
            numbers = list(range(first, last))
            if path[2] in ("interval", "t0", "t1", "agents"):
                return "part of the input"
            if path[2] == "by_arrival":
                found = _cohort([f"calls@{i}" for i in numbers], path[3:])
            else:
                found = _calendar(path[2], numbers, row["t1"] - row["t0"], int(path[1]), int(row["interval"]))
        elif path[0] == "totals" and path[1] == "by_arrival":
            found = _cohort(["calls"], path[2:])
        elif path[0] == "totals":
            found = _total(path[1], len(rows), int(rows[-1]["interval"]))
        return found or _why_not(path[-1])

    _, contacts = day.demand()
    wanted = Wanted(CALLS, by_interval=True, visits=reader)
    return Simulation("", said, ask, Days(contacts), wanted, visits=True, most_visits=4_000)


def _why_not(name: str) -> str:
    if name in ("tail", "flow_check", "balance"):
        return "a residual of the reference's own computation"
    return "no table holds it"


def _common(widths: list[float]) -> float:
    """Widest cell that divides every interval, and the day."""
    return math.gcd(86_400, *(round(w * 60) for w in widths)) / 60


def _at(key: str, name: str) -> Ask | None:
    def variance(letter: str) -> Callable[[Sums], Any]:
        def formula(sums: Sums) -> Any:
            count = sums["replications"]
            mean = sums[f"{key}.{letter}"] / count
            return (sums[f"{key}.{letter}{letter}"] - count * mean**2) / (count - 1)

        return formula

    plain = {"EN": "n", "EQ": "q", "Ebusy": "b", "p_no_free": "full"}
    if name in plain:
        return ratio(f"{key}.{plain[name]}", "replications", "instant")
    if name == "VarN":
        return Ask(variance("n"), "instant")
    if name == "sdQ":
        queue = variance("q")
        return Ask(lambda sums: np.sqrt(np.maximum(queue(sums), 0)), "spread")
    return None


def _calendar(name: str, cells: list[int], width: float, place: int, number: int) -> Ask | None:
    """Measures of what happened in an interval, whenever the contacts arrived."""

    def each(form: str) -> list[str]:
        return [form.format(i) for i in cells]

    per_minute = 1 / (width * MINUTE)
    if name in ("arrivals", "blocked"):
        column = COLUMNS[name]
        return ratio(each("calls@{}." + column), "replications", "count")
    if name == "mean_queue":
        return ratio(each("calls@{}.waiting_us"), "replications", "count", per_minute)
    if name == "mean_busy":
        return ratio(each(DESK + "@{}:in_hand_us"), "replications", "mean", per_minute)
    if name == "p_no_free_server_arrivals":
        return ratio(each("calls@{}.waited") + each("calls@{}.blocked"), each("calls@{}.came"))
    if name == "occupancy_incl_surplus":
        return ratio(each(DESK + "@{}:in_hand_us"), each(DESK + "@{}:signed_in_us"))
    if name in ("abandons", "completions"):
        return ratio(f"{name}{place}", "replications", "instant")
    if name in ("eq_end", "eb_end"):
        return ratio(f"at end of {number}.{name[1]}", "replications", "instant")
    return None


def _total(name: str, rows: int, last: int) -> Ask | None:
    if name in ("arrivals", "blocked"):
        return ratio(f"calls.{COLUMNS[name]}", "replications", "count")
    if name in ("abandons", "completions"):
        return ratio([f"{name}{i}" for i in range(rows)], "replications", "count")
    if name in ("queue_at_close", "in_system_at_close"):
        return ratio(f"at end of {last}.{'q' if name[0] == 'q' else 'n'}", "replications", "instant")
    if name == "occupancy_incl_surplus":
        return ratio(f"{DESK}:in_hand_us", f"{DESK}:signed_in_us")
    if name == "occupancy_scheduled":
        return ratio(f"{DESK}:in_hand_us", f"{DESK}:planned_us")
    return None


def _day_sums(name: str, micros: int) -> Ask | None:
    """Measures of a whole day by the names of ContactCenters and SSJ."""
    good = [within("calls", micros), within("calls", micros, "abandoned")]
    if name in COLUMNS:
        return ratio(f"calls.{COLUMNS[name]}", "replications", "count")
    plain = {
        "in_target": ratio(good[0], "replications", "count"),
        "served_le_20s": ratio(good[0], "replications", "count"),
        "good_sl_count_all": ratio(good, "replications", "count"),
        "sum_wait_all_min": ratio(waits("calls"), "replications", "count", 1 / MINUTE),
        "prop_lost": ratio("calls.abandoned", "calls.came"),
        "prop_wait_lt_s": ratio(good, "calls.came"),
        "avg_wait_per_customer_s": ratio(waits("calls"), "calls.came", "count", 1e-6),
        "asa_served_min": ratio("calls.wait_answered_us", "calls.answered", "count", 1 / MINUTE),
        "occupancy": ratio(f"{DESK}:in_hand_us", f"{DESK}:planned_us"),
        "queue_at_close": ratio("at close.q", "replications", "instant"),
        "in_system_at_close": ratio("at close.n", "replications", "instant"),
    }
    if name == "sd_arrivals":

        def spread(sums: Sums) -> Any:
            count, total = sums["replications"], sums["calls.arrived"]
            return np.sqrt((sums["arrived squared"] - total**2 / count) / (count - 1))

        return Ask(spread, "moment")
    return plain.get(name) or by_threshold(name, "calls", micros)


def _squared(sums: Sums) -> Sums:
    return {"arrived squared": sums["calls.arrived"] ** 2}


def _whole_day(case: Case) -> Simulation:
    """A day without intervals: totals only."""
    day = Day(case.model)
    reader = at_instants({" close": micros_of(day.end)}, {" close": day.agents[-1]}, {" close": "before"})
    said = day.scenario(exponential(day.mean), 30)
    micros = micros_of(day.times[0]) if day.times else 20_000_000

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        return _day_sums(path[0], micros) or "no table holds it"

    _, contacts = day.demand()
    wanted = Wanted(CALLS, visits=reader, derived=_squared)
    return Simulation("", said, ask, Days(contacts), wanted, visits=True, most_visits=3_000)


def _busy_day(case: Case, library: Library) -> Simulation:
    """A day of another case, with a random factor."""
    base = library.base(case.model["base"])
    if base is None:
        raise CannotSay(f"a case built on {case.model['base']}, which is not here")
    model = dict(base.model) | {k: v for k, v in case.model.items() if k in ("T", "agents")}
    day = Day(model)
    shape = re.search(r"shape\s*=?\s*([\d.]+)|\(\s*([\d.]+)", str(case.model["busyness"]))
    if shape is None:
        raise CannotSay(f"a day factor written {case.model['busyness']!r}")
    cv = 1 / math.sqrt(float(shape[1] or shape[2]))
    cell = _common([b - a for a, b in zip(day.edges, day.edges[1:], strict=False)])
    said = day.scenario(exponential(day.mean), cell, cv)
    micros = micros_of(day.times[0])

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] != "per_interval":
            return _day_sums(path[0], micros) or "no table holds it"
        first, last = (round(day.edges[int(path[1]) + i] / cell) for i in (0, 1))
        cells = [f"calls@{i}" for i in range(first, last)]
        if path[2] == "mean_queue":
            span = (last - first) * cell * MINUTE
            return ratio([f"{c}.waiting_us" for c in cells], "replications", "count", 1 / span)
        name = {"abandoned": ("abandoned",), "sum_wait": ("sum_wait_all",)}.get(path[2])
        if path[2] == "served_le":
            return ratio([within(c, micros) for c in cells], "replications", "count")
        return (_cohort(cells, name) if name else None) or "no table holds it"

    _, contacts = day.demand()
    wanted = Wanted(CALLS, by_interval=True, derived=_squared)
    return Simulation("", said, ask, Days(contacts), wanted)


def _unlimited(case: Case, text: str) -> Simulation:
    """More agents than callers: the number at work is that of Mt/G/inf."""
    times = [float(t) for t in case.expected[text]]
    rate = function_of_time(case.model["lam"])
    most = max(rate(i / 10) for i in range(round(max(times) * 10) + 1))
    law = law_of(text)
    end = math.ceil(max(times)) + 1
    agents = 200
    while agents < 4 * most * mean_of(law):
        agents *= 2
    day = Day({"lam": case.model["lam"], "horizon": end, "agents": agents, "mean_service": mean_of(law)})
    said = day.scenario(law, 30)
    reader = at_instants(
        {f" {t}": micros_of(t) for t in case.expected[text]},
        {f" {t}": agents for t in case.expected[text]},
        {f" {t}": "after" for t in case.expected[text]},
    )

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] != text:
            return None
        return ratio(f"at {path[1]}.b", "replications", "mean")

    _, contacts = day.demand()
    wanted = Wanted(CALLS, visits=reader)
    return Simulation(text, said, ask, Days(contacts, enough=2_000), wanted, visits=True, most_visits=2_000)
