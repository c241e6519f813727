"""The announced wait, and who leaves at once when they hear it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.law_codes import LONGEST
from ccsim.engine.reference.draws import rounded
from ccsim.kernel import layout

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def announced_wait(visit: Visit) -> int:
    """(Number already waiting in line + 1) x mean handle time / agents on the line."""
    line, teams = visit.line, visit.centre.teams
    able = 0.0
    for pool, _, step in line.eligible:
        if step == 0:
            team = teams[pool]
            on = sum(agent.state == "on" for agent in team.agents)
            able += team.capacity // line.units * on / team.paces[visit.facts.work]
    if able == 0.0:
        return LONGEST
    mean = visit.facts.mean_handle
    if visit.facts.from_forecast:
        mean *= forecast_of(visit)
    return min(rounded((len(line.visits) + 1) * mean / able), LONGEST)


def balks(visit: Visit, patience: int) -> bool:
    """Whether a customer of a patience (FAR: endless) leaves at once at the announced wait."""
    balking, draws = visit.facts.balking, visit.centre.draws
    if balking is None:
        return False
    wait = announced_wait(visit)
    if balking.own_patience:
        return wait > patience
    u = draws.of(visit, keys.BALK)[0]
    if balking.law != layout.NONE:
        return wait > min(rounded(draws.time(visit, balking.law, u, keys.BALK)), LONGEST)
    return u < max((share for above, share in balking.steps if wait > above), default=0.0)


def forecast_of(visit: Visit) -> float:
    """Mean handle time that the forecast says for the instant of joining: the last row that holds by then."""
    means = visit.centre.model.rules.handle_means
    first, count = means.of_stream[visit.facts.stream].tolist()
    known = [row for row in range(first, first + count) if means.since[row] <= visit.joined]
    return float(means.mean[max(known, default=first)])
