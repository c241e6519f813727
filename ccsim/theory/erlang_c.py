"""Erlang C: contacts wait as long as it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ccsim.theory.arguments import inner_share, not_negative, positive, refuse, whole
from ccsim.theory.erlang_b import free_weight, log_states
from ccsim.theory.measures import QueueMeasures, check_within


def delay_probability(offered_load: float, agents: int) -> float:
    """Share of contacts that wait when all of them wait as long as it takes (the Erlang C formula).

    `offered_load` from 0, below `agents`; `agents` a whole number from 1. ValueError otherwise: with more
    load than agents the queue grows for ever. Source: Erlang (1917).
    """
    refuse(not_negative("offered_load", offered_load), whole("agents", agents))
    refuse(too_much_load(offered_load, agents))
    return _delayed(float(offered_load), agents)


def too_much_load(load: float, agents: int) -> str | None:
    """Return a fault if a queue that nobody leaves would grow for ever."""
    if load >= agents:
        return f"agents: expected more than the load of {load:.6g}, got {agents}: the queue would never end"
    return None


def _delayed(load: float, agents: int) -> float:
    free = free_weight(load, agents)
    return 0.0 if math.isinf(free) else 1.0 / (1.0 + free * (1.0 - load / agents))


@dataclass(frozen=True, kw_only=True)
class PatientQueue(QueueMeasures):
    """Long-run measures of a queue that nobody leaves."""

    def answered_within(self, within: float) -> float:
        check_within(within)
        return 1.0 - self.p_wait * math.exp(-within / self._mean_delay)

    def abandoned_within(self, within: float) -> float:
        check_within(within)
        return 0.0

    def wait_percentile(self, share: float) -> float:
        """Wait within which that share (between 0 and 1) is answered."""
        refuse(inner_share("share", share))
        return max(self._mean_delay * math.log(self.p_wait / (1 - share)), 0.0) if self.p_wait > 0 else 0.0

    def answered_wait_percentile(self, share: float) -> float:
        """Wait within which that share (between 0 and 1) is answered."""
        return self.wait_percentile(share)

    @property
    def _mean_delay(self) -> float:
        return 1.0 / (self.agents / self.mean_service - self.arrival_rate)


def erlang_c(arrival_rate: float, mean_service: float, agents: int) -> PatientQueue:
    """Random arrivals, exponential handle times, contacts that wait as long as it takes (M/M/n).

    `arrival_rate` (>= 0) a unit of time, `mean_service` (> 0) in that unit, `agents` from 1 and above the
    offered load. ValueError for impossible arguments. First come first served. Source: Erlang (1917); law
    of the wait as in Cooper (1981), chapter 3.
    """
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("mean_service", mean_service),
        whole("agents", agents),
    )
    arrival_rate, mean_service, agents = float(arrival_rate), float(mean_service), int(agents)
    load = arrival_rate * mean_service
    spare = agents / mean_service - arrival_rate
    refuse(too_much_load(load if spare > 0 else max(load, agents), agents))
    p_wait = _delayed(load, agents)
    wait = p_wait / spare
    return PatientQueue(
        arrival_rate=arrival_rate,
        mean_service=mean_service,
        agents=agents,
        offered_load=load,
        p_wait=p_wait,
        p_block=0.0,
        p_abandon=0.0,
        p_answered=1.0,
        p_empty=math.exp(-log_states(load, agents, -math.log1p(-load / agents))),
        busy=load,
        occupancy=load / agents,
        mean_queue=arrival_rate * wait,
        mean_in_system=load + arrival_rate * wait,
        mean_wait_offered=wait,
        mean_wait_entered=wait,
        mean_wait_answered=wait,
        mean_wait_abandoned=None,
        mean_wait_delayed=1.0 / spare,
        mean_virtual_wait=wait,
        var_wait=wait * (2.0 - p_wait) / spare,
    )
