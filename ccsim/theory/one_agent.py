"""One agent, any law of the handle time (M/G/1): Pollaczek and Khinchine, and priorities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ccsim.theory.arguments import not_negative, positive, refuse
from ccsim.theory.erlang_c import too_much_load


@dataclass(frozen=True, kw_only=True)
class OneAgentQueue:
    """Long-run measures of one agent whose contacts wait as long as it takes; times in the call's unit."""

    p_wait: float
    """Share of contacts that wait; also the occupancy."""
    mean_wait: float
    """Mean wait of all contacts, zeros included."""
    mean_queue: float
    """Mean number of waiting contacts."""
    mean_in_system: float
    """Mean number of contacts waiting or with the agent."""
    wait_squared: float | None
    """Mean of the squared wait, first come first served; None without a third moment."""
    var_wait: float | None
    """Variance of the wait, first come first served; None without a third moment."""

    @property
    def sd_wait(self) -> float | None:
        """Standard deviation of the wait, first come first served; None without a third moment."""
        return None if self.var_wait is None else math.sqrt(self.var_wait)


def mg1(
    arrival_rate: float, mean_service: float, second_moment: float, third_moment: float | None = None
) -> OneAgentQueue:
    """Random arrivals, one agent, handle times of any law, by their moments.

    `arrival_rate` (>= 0) a unit of time; `mean_service` (> 0), `second_moment` (>= mean**2) and
    `third_moment` (>= second**2/mean) are means of the handle time, of its square and its cube, in that
    unit (`Law.moment(1)`, `(2)`, `(3)`). ValueError for impossible arguments or a load of 1 or more.
    Sources: Pollaczek (1930), Khinchine (1932); second moment of the wait: Takacs (1962).
    """
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("mean_service", mean_service),
        positive("second_moment", second_moment),
        None if third_moment is None else positive("third_moment", third_moment),
    )
    load = float(arrival_rate) * mean_service
    refuse(
        too_much_load(load, 1),
        _too_small("second_moment", second_moment, mean_service**2),
        None if third_moment is None else _too_small("third_moment", third_moment, second_moment**2 / mean_service),
    )
    spare = 1.0 - load
    wait = arrival_rate * second_moment / (2 * spare)
    rest = None if third_moment is None else arrival_rate * third_moment / (3 * spare)
    return OneAgentQueue(
        p_wait=load,
        mean_wait=wait,
        mean_queue=arrival_rate * wait,
        mean_in_system=arrival_rate * wait + load,
        wait_squared=None if rest is None else 2 * wait**2 + rest,
        var_wait=None if rest is None else wait**2 + rest,
    )


@dataclass(frozen=True, kw_only=True)
class PriorityQueue:
    """Long-run measures of classes in a fixed order of priority, highest first; times in the call's unit."""

    p_wait: float
    """Share of contacts that wait, the same in every class."""
    mean_wait: tuple[float, ...]
    """Mean wait by class, zeros included."""
    mean_queue: tuple[float, ...]
    """Mean number of waiting contacts by class."""
    mean_wait_all: float
    """Mean wait of all contacts."""


def mg1_priorities(
    arrival_rates: Sequence[float], mean_services: Sequence[float], second_moments: Sequence[float]
) -> PriorityQueue:
    """One agent and classes in order of priority; the contact in hand is not interrupted.

    One entry a class, highest priority first: arrival rate (>= 0) a unit of time, mean handle time (> 0)
    and mean of its square (>= mean**2), any laws. ValueError for impossible arguments or a total load of 1
    or more. Source: Cobham (1954).
    """
    loads = _class_loads(arrival_rates, mean_services, second_moments)
    residual = sum(rate * square for rate, square in zip(arrival_rates, second_moments, strict=True)) / 2
    return by_priority(arrival_rates, loads, residual, sum(loads))


def mg1_preemptive_sojourns(
    arrival_rates: Sequence[float], mean_services: Sequence[float], second_moments: Sequence[float]
) -> tuple[float, ...]:
    """Mean time in system by class when a higher class interrupts the contact in hand, resumed later.

    Arguments and errors as in `mg1_priorities`. Source: Miller (1960), as in Kleinrock (1976), volume 2,
    section 3.6.
    """
    loads = _class_loads(arrival_rates, mean_services, second_moments)
    sojourns, above, residual = [], 0.0, 0.0
    for rate, mean, square, load in zip(arrival_rates, mean_services, second_moments, loads, strict=True):
        residual += rate * square / 2
        below = above + load
        sojourns.append(mean / (1 - above) + residual / ((1 - above) * (1 - below)))
        above = below
    return tuple(sojourns)


def by_priority(
    arrival_rates: Sequence[float], loads: Sequence[float], residual: float, p_wait: float
) -> PriorityQueue:
    """Mean waits from the mean time until an agent is free and the capacity that each class takes."""
    waits, above = [], 0.0
    for load in loads:
        waits.append(residual / ((1 - above) * (1 - above - load)))
        above += load
    queues = tuple(rate * wait for rate, wait in zip(arrival_rates, waits, strict=True))
    arrivals = sum(arrival_rates)
    return PriorityQueue(
        p_wait=p_wait,
        mean_wait=tuple(waits),
        mean_queue=queues,
        mean_wait_all=sum(queues) / arrivals if arrivals > 0 else 0.0,
    )


def _class_loads(rates: Sequence[float], means: Sequence[float], squares: Sequence[float]) -> list[float]:
    if not len(rates) == len(means) == len(squares) > 0:
        raise ValueError(
            "arrival_rates, mean_services, second_moments: expected as many entries each, one a class,"
            f" got {len(rates)}, {len(means)} and {len(squares)}"
        )
    refuse(*(not_negative(f"arrival_rates[{i}]", rate) for i, rate in enumerate(rates)))
    refuse(*(positive(f"mean_services[{i}]", mean) for i, mean in enumerate(means)))
    refuse(*(positive(f"second_moments[{i}]", square) for i, square in enumerate(squares)))
    refuse(*(_too_small(f"second_moments[{i}]", squares[i], means[i] ** 2) for i in range(len(means))))
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    refuse(too_much_load(sum(loads), 1))
    return loads


def _too_small(name: str, value: float, least: float) -> str | None:
    if value < least * (1 - 1e-9):
        return f"{name}: expected at least {least:.6g} with these lower moments, got {value!r}"
    return None
