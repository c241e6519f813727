"""Several types on one pool, the first type first, nobody interrupted."""

from __future__ import annotations

from typing import Any

from ..cases import Case
from ..formulas import named
from ..laws import MINUTE, Law, by_moments, mean_of, second_moment
from ..measures import Ask
from ..replications import Simulation, Steady, relaxation
from ..sums import ALL, Wanted
from .single import WHY_NOT


def mg1_priority(case: Case) -> list[Simulation]:
    """Any law with the stated moments: mean waits depend on nothing else."""
    model = case.model
    moments = zip(model["mean_service"], model["second_moment"], strict=True)
    return [_simulate(case, [by_moments(mean, second) for mean, second in moments])]


def mmn_priority(case: Case) -> list[Simulation]:
    """Exponential, one mean for all."""
    means = case.model["mean_service"]
    each = means if isinstance(means, list) else [means] * len(case.model["lams"])
    return [_simulate(case, [by_moments(float(mean), 2 * float(mean) ** 2) for mean in each])]


def _simulate(case: Case, laws: list[Law]) -> Simulation:
    rates, servers = case.model["lams"], int(case.model["servers"])
    types = [f"c{i}" for i in range(len(rates))]
    said: dict[str, Any] = {
        "scenario": "priority",
        "workflows": {
            t: {"handle_time": law, "priority": i + 1} for i, (t, law) in enumerate(zip(types, laws, strict=True))
        },
        "demand": {t: {"per_minute": rate} for t, rate in zip(types, rates, strict=True)},
        "pools": {"desk": {"staffing": servers}},
        "routing": {"choose_contact": "priority_then_oldest"},
    }

    def ask(path: tuple[str, ...]) -> Ask | str | None:
        if path[0] in WHY_NOT:
            return WHY_NOT[path[0]]
        label = ALL if len(path) == 1 else types[int(path[1])]
        return named(path[0], label, MINUTE, "desk") or "no table holds it"

    total = sum(rates)
    handle = sum(r * mean_of(law) for r, law in zip(rates, laws, strict=True)) / total
    second = sum(r * second_moment(law) for r, law in zip(rates, laws, strict=True)) / total
    load = total * handle / servers
    before = sum(r * mean_of(law) for r, law in zip(rates[:-1], laws[:-1], strict=True)) / servers
    # the lowest class sees a server that is taken away by the others
    relax = relaxation(total, second, servers, load, handle) / max(1 - before, 0.05)
    labels = {t: (f"{t}/t1",) for t in types}
    return Simulation("", said, ask, Steady(total, relax, handle), Wanted(labels))
