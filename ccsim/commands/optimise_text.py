"""What `ccsim optimise --dry-run` prints: the decisions, and how much there is to simulate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ccsim.experiments.optimise_asked import cells_in
from ccsim.experiments.progress import short_time
from ccsim.results.summary import aligned

if TYPE_CHECKING:
    from ccsim.experiments.optimise import DecisionSearch


def plan_document(search: DecisionSearch) -> dict[str, Any]:
    """What would be simulated, as one JSON document."""
    return {
        "search": search.base.name,
        "objectives": [{"sense": one.sense, "kpi": one.kpi} for one in search.objectives],
        "decisions": [{"key": one.key, "values": list(one.values)} for one in search.decisions],
        "grid": cells_in(search.decisions),
        "plans": search.plans,
        "priced": list(search.priced),
        "simulated_plans_at_most": search.simulated,
        "certified_at_most": search.certified,
        "replications": search.base.replications,
        "seed": search.base.seed,
        "replications_at_most": search.replications_in_all,
        "workers": search.base.workers,
        "foreseen_seconds": search.seconds,
    }


def plan_lines(search: DecisionSearch) -> Iterator[str]:
    """What would be simulated, for people."""
    base = search.base
    asked = " and ".join(f"{one.sense} {one.kpi}" for one in search.objectives)
    yield f"{base.name}: {asked}; seed {base.seed}"
    yield (
        f"{search.plans} of {cells_in(search.decisions):,} plans are to be tried with {base.replications} replications "
        f"each, and at most {search.certified} simulated again; at most {search.replications_in_all:,} replications"
    )
    if search.priced:
        yield f"prices alone are priced, not simulated: {', '.join(search.priced)}"
    yield f"at most {short_time(search.seconds)} on {base.workers} worker{'s' * (base.workers != 1)}"
    yield ""
    rows = [[one.key, str(len(one.values)), one.values[0], one.values[-1]] for one in search.decisions]
    yield from aligned([["decision", "values", "first", "last"], *rows])
