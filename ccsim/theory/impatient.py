"""Queues whose contacts may leave, or be turned away: Erlang A and its relatives."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from ccsim.theory.arguments import not_negative, positive, refuse, share, whole
from ccsim.theory.erlang_b import erlang_b, free_weight, log_states
from ccsim.theory.laws import Exponential, Law
from ccsim.theory.measures import QueueMeasures, check_within
from ccsim.theory.offered_wait import OfferedWait, Queue, solve


@dataclass(frozen=True, kw_only=True)
class ImpatientQueue(QueueMeasures):
    """Long-run measures of a queue whose contacts may leave or be turned away."""

    _wait: OfferedWait = field(repr=False, compare=False)
    _p_free: float = field(repr=False)
    """Share of the offered that find an agent free."""
    _unit: float = field(repr=False, compare=False)
    """Share of the offered for each unit of weight of the offered wait."""

    def answered_within(self, within: float) -> float:
        check_within(within)
        (x, weights), _ = self._wait.split(within)
        return min(self._p_free + self._unit * float(weights @ self._wait.queue.stayed(x)), self.p_answered)

    def abandoned_within(self, within: float) -> float:
        check_within(within)
        (x, weights), (_, beyond) = self._wait.split(within)
        queue = self._wait.queue
        gone = float(queue.left(np.array([float(within)]))[0])
        left = float(weights @ queue.left(x)) + gone * float(beyond.sum())
        return min(self._unit * left, self.p_abandon)


def erlang_a(
    arrival_rate: float, mean_service: float, agents: int, mean_patience: float, p_zero: float = 0.0
) -> ImpatientQueue:
    """Random arrivals, exponential handle times and exponential patience (M/M/n+M, the Palm model).

    Rates a unit of time, `mean_service` and `mean_patience` (> 0) in that unit, `agents` from 1; a share
    `p_zero` leaves at once when nobody is free. Any load is allowed. ValueError for impossible arguments.
    Source: Palm (1946); Garnett, Mandelbaum and Reiman (2002).
    """
    refuse(positive("mean_patience", mean_patience))
    return mmn_g(arrival_rate, mean_service, agents, Exponential(mean_patience), p_zero=p_zero)


def mmnk(
    arrival_rate: float,
    mean_service: float,
    agents: int,
    lines: int | None = None,
    mean_patience: float | None = None,
    p_zero: float = 0.0,
) -> QueueMeasures:
    """Random arrivals, exponential handle times, a limited number of lines, perhaps patience (M/M/n/K+M).

    `lines` (>= `agents`; None: no limit) is the most contacts in the system, beyond which they are turned
    away; `mean_patience` (> 0; None: they wait as long as it takes) of an exponential patience; `p_zero` as
    in `erlang_a`. Without lines, patience or p_zero this is Erlang C and needs more agents than load.
    ValueError for impossible arguments. Source: Palm (1946); Riordan (1962); balking: Ancker and Gafarian
    (1963).
    """
    if mean_patience is not None:
        refuse(positive("mean_patience", mean_patience))
    law = None if mean_patience is None else Exponential(mean_patience)
    return mmn_g(arrival_rate, mean_service, agents, law, lines=lines, p_zero=p_zero)


def mmn_g(
    arrival_rate: float,
    mean_service: float,
    agents: int,
    patience: Law | None,
    lines: int | None = None,
    p_zero: float = 0.0,
) -> ImpatientQueue:
    """Random arrivals, exponential handle times and patience of any law (M/M/n+G, M/M/n/K+G).

    `patience` is a law of `ccsim.theory` (None: they wait as long as it takes), of which a share `p_zero` is
    replaced by patience 0; the rest as in `mmnk`. Relative error about 1e-11. ValueError for impossible
    arguments, or where the queue would grow for ever. Sources: Baccelli and Hebuterne (1981); Zeltyn and
    Mandelbaum (2005); with lines: Movaghar (1998).
    """
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("mean_service", mean_service),
        whole("agents", agents),
        share("p_zero", p_zero),
        None if lines is None else whole("lines", lines, least=agents if isinstance(agents, int) else 1),
    )
    arrival_rate, mean_service, agents = float(arrival_rate), float(mean_service), int(agents)
    places = None if lines is None else int(lines) - agents
    queue = Queue(arrival_rate, agents / mean_service, places, patience, float(p_zero))
    if places == 0:
        return _without_places(arrival_rate, mean_service, agents, queue)
    return _measures(arrival_rate, mean_service, agents, solve(queue))


def _measures(arrival_rate: float, mean_service: float, agents: int, wait: OfferedWait) -> ImpatientQueue:
    """Sum the density into shares and means; weights are relative to the peak of the density."""
    queue, x, weights = wait.queue, wait.x, wait.weights * wait.queue.service_rate
    load = arrival_rate * mean_service
    stayed = queue.stayed(x)
    waiting = float(weights.sum())
    full = (
        0.0
        if queue.places is None
        else float(weights @ (stayed * queue.last_place(x)[0])) * arrival_rate / queue.service_rate
    )
    weight = free_weight(load, agents)
    free = math.inf if math.isinf(weight) else weight * math.exp(-wait.log_peak)
    total = waiting + full + free
    p_free = 1.0 if math.isinf(free) else free / total
    gone = queue.time_before_leaving(1, x)
    answered_wait, left_wait = float(weights @ (x * stayed)), float(weights @ gone)
    squares = float(weights @ (x * x * stayed)) + float(weights @ queue.time_before_leaving(2, x))
    left = float(weights @ queue.left(x))
    p_answered = p_free + float(weights @ stayed) / total
    p_entered = p_answered + left / total
    mean = (answered_wait + left_wait) / total
    return ImpatientQueue(
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        agents=agents,
        offered_load=load,
        p_wait=waiting / total,
        p_block=full / total,
        p_abandon=left / total,
        p_answered=p_answered,
        p_empty=_p_empty(load, agents, waiting + full, wait.log_peak),
        busy=load * p_answered,
        occupancy=load * p_answered / agents,
        mean_queue=arrival_rate * mean,
        mean_in_system=load * p_answered + arrival_rate * mean,
        mean_wait_offered=mean,
        mean_wait_entered=mean / p_entered,
        mean_wait_answered=answered_wait / total / p_answered,
        mean_wait_abandoned=left_wait / left if left > 0 else None,
        mean_wait_delayed=(answered_wait + left_wait) / waiting,
        mean_virtual_wait=float(weights @ x) / total / p_entered,
        var_wait=max(squares / total / p_entered - (mean / p_entered) ** 2, 0.0),
        _wait=wait,
        _p_free=p_free,
        _unit=queue.service_rate / total,
    )


def _p_empty(load: float, agents: int, beyond: float, log_peak: float) -> float:
    return math.exp(-log_states(load, agents, math.log(beyond) + log_peak)) if load > 0 else 1.0


def _without_places(arrival_rate: float, mean_service: float, agents: int, queue: Queue) -> ImpatientQueue:
    """As many lines as agents: Erlang B, in the form of the other queues."""
    loss = erlang_b(arrival_rate, mean_service, agents)
    none = np.zeros(0)
    wait = OfferedWait(queue, none, none, none, none, none, 0.0)
    values = {name: getattr(loss, name) for name in QueueMeasures.__dataclass_fields__}
    return ImpatientQueue(**values, _wait=wait, _p_free=loss.p_answered, _unit=0.0)
