"""The law of the wait that an arriving contact is offered, when waiting contacts may leave."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ccsim.theory.erlang_b import blocking_for_loads
from ccsim.theory.laws import Floats, Law
from ccsim.theory.panels import NODES, RUNNING, TAIL, WEIGHTS

#: The density is followed until it has fallen to exp(-this) of its peak, the end of floats: service levels in deep
#: overload lie far to the left of the peak, rare blocking far to the right.
_DROP = 700.0
#: Narrowest and first panel, in the shortest time of the queue.
_FLOOR, _FIRST = 1e-11, 1e-4
_NOISE = 1e4


@dataclass(frozen=True)
class Queue:
    """A queue before it is solved: rates, agents, places to wait (None: no limit), patience."""

    arrival_rate: float
    service_rate: float
    """Of all agents together."""
    places: int | None
    law: Law | None
    p_zero: float

    def left(self, x: Floats) -> Floats:
        """Share of those who find no agent free that would leave within x."""
        return self.p_zero + (1 - self.p_zero) * (self.law.cdf(x) if self.law else np.zeros_like(x))

    def stayed(self, x: Floats) -> Floats:
        """Share of those who find no agent free that would still be there after x."""
        return (1 - self.p_zero) * (self.law.survival(x) if self.law else np.ones_like(x))

    def time_in_queue(self, x: Floats) -> Floats:
        """Mean time in queue of those offered a wait of x."""
        return (1 - self.p_zero) * (self.law.integrated_survival(x) if self.law else x)

    def time_before_leaving(self, order: int, x: Floats) -> Floats:
        """Mean of time in queue**order of those offered a wait of x, the answered counted as 0."""
        return (1 - self.p_zero) * (self.law.partial_moment(order, x) if self.law else np.zeros_like(x))

    def slope(self, x: Floats, left: Floats) -> Floats:
        """Derivative of the log density; `left` is left(x).

        The density at x is proportional to exp(-service_rate x) times the sum over k below `places` of z**k
        / k!, z = arrival_rate x the integrated survival of the patience.
        """
        joining = self.arrival_rate * self.stayed(x)
        # Near the critical load the first form keeps the digits of a tiny share that is lost, else the second.
        few = (self.arrival_rate - self.service_rate) - self.arrival_rate * left
        if self.places is None:
            return np.where(left < 0.5, few, joining - self.service_rate)
        full, room = self.last_place(x)
        return np.where((left < 0.5) & (full < 0.5), few - joining * full, joining * room - self.service_rate)

    def last_place(self, x: Floats) -> tuple[Floats, Floats]:
        """Weight of the last place among all places, given an offered wait of x, and of the others."""
        assert self.places is not None
        return blocking_for_loads(self.arrival_rate * self.time_in_queue(x), self.places - 1)


@dataclass(frozen=True, eq=False)
class OfferedWait:
    """The density on panels, divided by its peak; sums of `weights` x f(`x`) are integrals."""

    queue: Queue
    x: Floats
    weights: Floats
    lefts: Floats
    """Left end of each panel, rising."""
    rights: Floats
    log_lefts: Floats
    """Log of the density at the left ends."""
    log_peak: float
    """Log of peak / density at 0; infinite if 0 is too far below the peak to be reached."""

    def split(self, at: float) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
        """Nodes and weights below and above a time, one panel cut there."""
        i = int(np.searchsorted(self.rights, at, side="right"))
        order = len(NODES)
        below = (self.x[: i * order], self.weights[: i * order])
        if i == len(self.rights) or at <= self.lefts[i]:
            return below, (self.x[i * order :], self.weights[i * order :])
        first = _panel(self.queue, self.lefts[i], at - self.lefts[i])
        second = _panel(self.queue, at, self.rights[i] - at)
        log_left = self.log_lefts[i]
        rest = (self.x[(i + 1) * order :], self.weights[(i + 1) * order :])
        return (
            _joined(below, first.measure(log_left)),
            _joined(second.measure(log_left + first.rise), rest),
        )


@dataclass(frozen=True, eq=False)
class _Panel:
    left: float
    width: float
    x: Floats
    logs: Floats
    """Log density less that at the left end, at the nodes."""
    rise: float
    """The same at the right end."""
    rough: float
    """What the nodes miss over what may be missed: resolved up to 1."""

    def measure(self, log_left: float) -> tuple[Floats, Floats]:
        return self.x, (self.width / 2) * WEIGHTS * np.exp(self.logs + log_left)


def _joined(a: tuple[Floats, Floats], b: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    return np.concatenate((a[0], b[0])), np.concatenate((a[1], b[1]))


def _panel(queue: Queue, left: float, width: float) -> _Panel:
    x = left + (width / 2) * (NODES + 1)
    gone = queue.left(x)
    slope = queue.slope(x, gone)
    logs = (width / 2) * (RUNNING @ slope)
    rise = float((width / 2) * (WEIGHTS @ slope))
    top = max(float(logs.max()), rise, 0.0)
    shape = np.exp(logs - top)
    tails = np.abs(TAIL @ np.stack((slope, gone, shape), axis=1)).max(axis=0)
    rounding = 1e-15 * (queue.law.steepness if queue.law else 1.0)
    noise = queue.service_rate * 1e-15 + queue.arrival_rate * rounding
    missed = (width * tails[0], tails[1], tails[2])
    allowed = (1e-13 + width * noise, rounding + 1e-12 * float(gone.max()), 1e-11)
    rough = max(float(miss / allow) for miss, allow in zip(missed, allowed, strict=True))
    # A density that has vanished before the first node looks as smooth as one that is not there.
    return _Panel(left, width, x, logs, rise, rough if top - float(logs.max()) < 2 else math.inf)


def solve(queue: Queue) -> OfferedWait:
    """Follow the log-concave density from its peak to both sides, on panels as wide as 24 nodes resolve.

    ValueError if the queue would grow for ever.
    """
    peak = _peak(queue)
    breaks = [b for b in (queue.law.breaks if queue.law else ()) if b > 0]
    down = _walk(queue, peak, sorted((b for b in breaks if b < peak), reverse=True), forward=False)
    up = _walk(queue, peak, sorted(b for b in breaks if b > peak), forward=True)
    panels = [*reversed(down.panels), *up.panels]
    logs = np.array([*reversed(down.log_lefts), *up.log_lefts])
    top = max(float((p.logs + log).max()) for p, log in zip(panels, logs, strict=True))
    parts = [p.measure(log - top) for p, log in zip(panels, logs, strict=True)]
    return OfferedWait(
        queue=queue,
        x=np.concatenate([x for x, _ in parts]),
        weights=np.concatenate([w for _, w in parts]),
        lefts=np.array([p.left for p in panels]),
        rights=np.array([p.left + p.width for p in panels]),
        log_lefts=logs - top,
        log_peak=top - float(logs[0]) if panels[0].left == 0 else math.inf,
    )


@dataclass
class _Side:
    panels: list[_Panel] = field(default_factory=list)
    log_lefts: list[float] = field(default_factory=list)


def _walk(queue: Queue, start: float, breaks: list[float], forward: bool) -> _Side:
    """Lay panels from the peak in one direction until the density has vanished or time 0 is reached."""
    side = _Side()
    times = [1 / queue.service_rate, *([1 / queue.arrival_rate] if queue.arrival_rate > 0 else [])]
    least = max(_FLOOR * min([*times, *([queue.law.scale] if queue.law else [])]), 1e-14 * start)
    at, log, top, width, steady = start, 0.0, 0.0, least * (_FIRST / _FLOOR), True
    wider: _Panel | None = None
    stops = iter([*breaks, math.inf if forward else 0.0])
    stop = next(stops)
    while at > 0 or forward:
        room = abs(stop - at)
        step = room if room <= width * 1.1 else width
        panel = _panel(queue, at if forward else max(at - step, 0.0), step)
        if panel.rough > 1 and step > least:
            if wider is None or panel.rough < wider.rough / 2 or wider.rough > _NOISE:
                width, steady, wider = step / 2, False, panel
                continue
            # Half the width sees as much: it is the rounding of the patience law, and the wider panel will do.
            panel, step, steady = wider, wider.width, True
        width, steady, wider = (max(width, step) * (2 if steady else 1), True, None)
        if step == room:
            at, stop = stop, next(stops, math.inf)
        else:
            at += step if forward else -step
        side.panels.append(panel)
        side.log_lefts.append(log if forward else log - panel.rise)
        top = max(top, float(panel.logs.max()) + side.log_lefts[-1])
        log += panel.rise if forward else -panel.rise
        if log < top - _DROP:
            break
        _refuse_endless(queue, at)
    return side


def _peak(queue: Queue) -> float:
    """Where the log-concave density is highest: the root of its falling slope, or 0."""

    def slope(x: float) -> float:
        at = np.array([x])
        return float(queue.slope(at, queue.left(at))[0])

    if slope(0.0) <= 0:
        return 0.0
    high = queue.law.scale if queue.law else 1 / queue.service_rate
    while slope(high) >= 0:
        high *= 4
        _refuse_endless(queue, high)
    return _root(slope, high)


def _refuse_endless(queue: Queue, at: float) -> None:
    if at * queue.service_rate > 1e200:
        raise ValueError(
            "agents: too few: those who would wait for ever are more than the agents can answer,"
            " so the queue would never end"
        )


def _root(falls: Callable[[float], float], high: float) -> float:
    low = 0.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if falls(middle) > 0:
            low = middle
        else:
            high = middle
    return high
