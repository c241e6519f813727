"""The planner's questions turned round: how many agents for a goal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from ccsim.theory.arguments import (
    MOST_AGENTS,
    inner_share,
    not_negative,
    positive,
    refuse,
    share,
    whole,
)
from ccsim.theory.erlang_c import erlang_c
from ccsim.theory.impatient import mmn_g
from ccsim.theory.laws import Exponential, Law
from ccsim.theory.measures import QueueMeasures

#: Service levels that a goal may name: methods of QueueMeasures.
SERVICE_LEVELS = ("sl_offered", "sl_entered", "sl_served", "sl_excl_short_ab", "sl_all_le")
_ROUNDED = 1 + 1e-12  # 5.4 erlangs on 9 agents are 60 %, in floating point a hair more
#: Means of the wait that a goal may name: fields of QueueMeasures.
MEAN_WAITS = ("mean_wait_offered", "mean_wait_entered", "mean_wait_answered")


def fewest_agents(
    queue: Callable[[int], QueueMeasures],
    meets: Callable[[QueueMeasures], bool],
    least: int = 1,
    most: int = MOST_AGENTS,
) -> int:
    """Smallest number of agents from `least` to `most` at which a queue meets a goal.

    `queue(agents)` gives the measures; `meets(measures)` says whether the goal is met and must stay true
    once it is. ValueError if `most` agents do not meet it.
    """
    refuse(whole("least", least), whole("most", most))
    failed, agents, step = least - 1, least, 1
    while not meets(queue(agents)):
        if agents >= most:
            raise ValueError(f"goal: cannot be met with {most} agents")
        failed, agents, step = agents, min(agents + step, most), step * 2
    while agents - failed > 1:
        middle = (failed + agents) // 2
        if meets(queue(middle)):
            agents = middle
        else:
            failed = middle
    return agents


def agents_by_interval(
    queue: Callable[[float, int], QueueMeasures],
    rates: Sequence[float],
    meets: Callable[[QueueMeasures], bool],
    most: int = MOST_AGENTS,
) -> list[int]:
    """Fewest agents in each interval, each in a steady state of its own, for goals of any kind and number.

    `queue(rate, agents)` gives the measures at an arrival rate; `rates` are those of the intervals; `meets(measures)`
    as in `fewest_agents`; 0 agents where nobody comes. With `erlang_a` and a service level this is the planner's
    table by half hour (stationary independent period by period; Green, Kolesar and Soares 2001). ValueError if `most`
    agents do not meet it in an interval, or a rate is below 0.
    """
    refuse(*(not_negative(f"rates[{place}]", rate) for place, rate in enumerate(rates)))
    return [fewest_agents(partial(queue, rate), meets, most=most) if rate > 0 else 0 for rate in rates]


def agents_for_service_level(
    arrival_rate: float,
    mean_service: float,
    target: float,
    within: float,
    *,
    patience: Law | float | None = None,
    lines: int | None = None,
    p_zero: float = 0.0,
    rule: str = "sl_offered",
    max_occupancy: float = 1.0,
) -> int:
    """Fewest agents that answer at least a share `target` of contacts within a time.

    `target` between 0 and 1; `within` (>= 0) and the other times in one unit; `patience` a law, the mean of
    an exponential one, or None: nobody leaves (Erlang C); `lines` and `p_zero` as in `mmnk`; `rule` one of
    `SERVICE_LEVELS`; the occupancy stays at or below `max_occupancy`. ValueError for impossible arguments
    or a goal that the lines forbid. Source: the formula of the queue, searched.
    """
    refuse(
        inner_share("target", target),
        not_negative("within", within),
        inner_share("max_occupancy", max_occupancy) if max_occupancy != 1 else None,
        _one_of("rule", rule, SERVICE_LEVELS),
    )

    def meets(found: QueueMeasures) -> bool:
        return bool(getattr(found, rule)(within) >= target and found.occupancy <= max_occupancy * _ROUNDED)

    return _fewest(arrival_rate, mean_service, patience, lines, p_zero, meets)


def agents_for_mean_wait(
    arrival_rate: float,
    mean_service: float,
    at_most: float,
    *,
    patience: Law | float | None = None,
    lines: int | None = None,
    p_zero: float = 0.0,
    measure: str = "mean_wait_offered",
) -> int:
    """Fewest agents whose mean wait is at most `at_most` (> 0).

    `measure` is one of `MEAN_WAITS`; the other arguments and the errors as in `agents_for_service_level`.
    """
    refuse(positive("at_most", at_most), _one_of("measure", measure, MEAN_WAITS))
    return _fewest(
        arrival_rate, mean_service, patience, lines, p_zero, lambda found: getattr(found, measure) <= at_most
    )


def agents_for_abandonment(
    arrival_rate: float, mean_service: float, at_most: float, *, patience: Law | float, p_zero: float = 0.0
) -> int:
    """Fewest agents at which at most a share `at_most` (between 0 and 1) of contacts abandon.

    The other arguments and the errors as in `agents_for_service_level`.
    """
    refuse(inner_share("at_most", at_most))
    return _fewest(arrival_rate, mean_service, patience, None, p_zero, lambda found: found.p_abandon <= at_most)


def agents_for_blocking(arrival_rate: float, mean_service: float, at_most: float) -> int:
    """Fewest agents without a queue that turn away at most a share `at_most` (between 0 and 1): Erlang B.

    ValueError for impossible arguments, or if `MOST_AGENTS` do not do. Source: Erlang (1917).
    """
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("mean_service", mean_service),
        inner_share("at_most", at_most),
    )
    load = arrival_rate * mean_service
    agents, blocked = 0, 1.0
    while blocked > at_most or agents < 1:
        if agents >= MOST_AGENTS:
            raise ValueError(f"goal: cannot be met with {MOST_AGENTS} agents")
        agents += 1
        blocked = load * blocked / (agents + load * blocked)
    return agents


def scheduled_agents(agents: int, shrinkage: float) -> int:
    """People to schedule so that `agents` are on the line when a share `shrinkage` (0 to below 1) is not.

    ValueError for impossible arguments.
    """
    refuse(
        whole("agents", agents, least=0),
        share("shrinkage", shrinkage) or (inner_share("shrinkage", shrinkage) if shrinkage == 1 else None),
    )
    # A quotient that is whole but for rounding is that whole number.
    return math.ceil(agents / (1 - shrinkage) * (1 - 1e-12))


def _fewest(
    arrival_rate: float,
    mean_service: float,
    patience: Law | float | None,
    lines: int | None,
    p_zero: float,
    meets: Callable[[QueueMeasures], bool],
) -> int:
    """Search from the fewest agents that the queue allows."""
    refuse(
        not_negative("arrival_rate", arrival_rate),
        positive("mean_service", mean_service),
        share("p_zero", p_zero),
        None if lines is None else whole("lines", lines),
        None if patience is None or isinstance(patience, Law) else positive("patience", patience),
    )
    law = patience if patience is None or isinstance(patience, Law) else Exponential(patience)
    endless = law is None and lines is None

    def queue(agents: int) -> QueueMeasures:
        if endless and p_zero == 0:
            return erlang_c(arrival_rate, mean_service, agents)
        return mmn_g(arrival_rate, mean_service, agents, law, lines=lines, p_zero=p_zero)

    load = arrival_rate * mean_service * (1 - p_zero)
    least = math.floor(load * (1 + 1e-12)) + 1 if endless else 1
    return fewest_agents(queue, meets, least=least, most=MOST_AGENTS if lines is None else lines)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str | None:
    return None if value in known else f"{name}: expected one of {', '.join(known)}, got {value!r}"
