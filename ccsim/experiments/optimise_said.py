"""What a search found, as plain values for JSON: each certified plan, what was tried, and what was not looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.experiments.optimise_asked import Objective, cells_in
from ccsim.experiments.optimise_front import (
    TriedPlan,
    beats,
    difference,
    dominates,
    line_of,
    pairs_of,
)
from ccsim.experiments.sweep_parts import SimulatedPoint
from ccsim.kpis.verdicts import verdict_of_goals
from ccsim.metrics.paired import Confidence
from ccsim.scenario import to_canonical
from ccsim.text.paths import joined

if TYPE_CHECKING:
    from ccsim.experiments.optimise import DecisionSearch

Row = dict[str, Any]
DECISIONS: Final = {
    "pools": ("headcount", "staffing", "patterns"),
    "sites": ("hours",),
    "channels": ("concurrency",),
    "bots": ("contains",),
    "deflections": ("share",),
    "routing": ("vendor_share",),
    "demand": ("vendor_share",),
}
"""Keys that somebody decides on, by section."""


def answer_of(
    search: DecisionSearch,
    tried: Sequence[TriedPlan],
    chosen: Sequence[TriedPlan],
    parts: Mapping[int, SimulatedPoint],
    more: int,
) -> Row:
    """Everything that is told of a search.

    Parameters
    ----------
    tried, chosen
        All trials, and those that were certified: points 1, 2, ... of the certificate.
    parts
        Points of the certificate that have results.
    more
        Plans that the search could not tell from the chosen and that were not certified.
    """
    plans = _plans(search.objectives, chosen, parts)
    answer = [one for one in plans if one["standing"] in ("best", "front")]
    cells = {number: one.cell for number, one in enumerate(chosen, 1)}
    best = [cells[one["point"]] for one in answer]
    return {
        "objectives": [{"kpi": one.kpi, "sense": one.sense} for one in search.objectives],
        "decisions": [
            {"key": one.key, "values": len(one.values), "first": one.values[0], "last": one.values[-1]}
            for one in search.decisions
        ],
        "plans": plans,
        "as_written": _objectives(search.objectives, None, parts.get(0), Confidence(0.05, 1)),
        "trials": [_trial(one, search.objectives) for one in tried],
        "replications": search.base.replications,
        "not_looked_at": {
            "grid": cells_in(search.decisions),
            "tried": len(tried),
            "refused": sum(one.part is None for one in tried),
            "not_certified": more,
            "at_ends": list(_at_ends(search, best)),
            "binding": _binding(search, tried, [one for n, one in enumerate(chosen, 1) if cells[n] in best]),
            "not_varied": not_varied(to_canonical(search.scenario), [one.key for one in search.decisions]),
        },
    }


def _plans(
    objectives: Sequence[Objective], chosen: Sequence[TriedPlan], parts: Mapping[int, SimulatedPoint]
) -> list[Row]:
    numbers = [number for number, _ in enumerate(chosen, 1) if number in parts]
    verdicts = {n: verdict_of_goals(parts[n].goals) for n in numbers}
    known = [n for n in numbers if all(line_of(parts[n], one.kpi)["value"] is not None for one in objectives)]
    passing = [n for n in known if verdicts[n] == "pass"]
    confidence = pairs_of(len(passing), len(objectives))
    beaten = {n: next((m for m in passing if beats(parts[m], parts[n], objectives, confidence)), None) for n in passing}
    front = [n for n in passing if beaten[n] is None]
    first = objectives[0]
    best = min(front, key=lambda n: (first.sign * line_of(parts[n], first.kpi)["value"], n), default=None)
    with_base = Confidence(0.05, max(len(chosen) * len(objectives), 1))
    rows = []
    for number, one in enumerate(chosen, 1):
        standing = "no results"
        if number in known:
            standing = {"fail": "misses a goal", "inconclusive": "not certain"}.get(verdicts[number], "front")
        if number in passing and beaten[number] is not None:
            standing = f"beaten by {beaten[number]}"
        elif standing == "front" and len(objectives) == 1:
            standing = "best" if number == best else "as good within noise"
        row = {"point": number, "trial": one.number, "values": dict(one.values), "standing": standing}
        rows.append(row | {"objectives": _objectives(objectives, parts.get(0), parts.get(number), with_base)})
    return rows


def _objectives(
    objectives: Sequence[Objective], base: SimulatedPoint | None, part: SimulatedPoint | None, confidence: Confidence
) -> list[Row]:
    """Each objective with its interval, and its difference to the scenario as written."""
    rows = []
    for one in objectives:
        line = {} if part is None else line_of(part, one.kpi)
        row = {name: line.get(name) for name in ("value", "value_low", "value_high", "unit", "threshold_s")}
        found = None if base is None or part is None else difference(base, part, one.kpi, confidence)
        row |= {
            "difference": None if found is None else found.difference,
            "low": None if found is None else found.low,
            "high": None if found is None else found.high,
            "verdict": "" if found is None else found.verdict,
        }
        rows.append({"kpi": one.kpi} | row)
    return rows


def _trial(one: TriedPlan, objectives: Sequence[Objective]) -> Row:
    found = [None if one.part is None else line_of(one.part, objective.kpi)["value"] for objective in objectives]
    met = one.verdict if one.part is not None else ""
    return {"trial": one.number, "values": dict(one.values), "objectives": found, "goals": met, "why": one.why}


def _at_ends(search: DecisionSearch, best: Sequence[tuple[int, ...]]) -> Iterator[Row]:
    """Ranges at whose end plans of the answer lie: outside may be better ones."""
    for place, one in enumerate(search.decisions):
        for end in (0, len(one.values) - 1) if one.ordered else ():
            many = sum(cell[place] == end for cell in best)
            if many:
                yield {"key": one.key, "value": one.values[end], "plans": many, "of": len(best)}


def _binding(search: DecisionSearch, tried: Sequence[TriedPlan], answer: Sequence[TriedPlan]) -> list[Row]:
    """Constraints, and how many tried plans each keeps out that no plan of the answer dominates by its means."""
    known = [losses for one in answer if (losses := one.losses(search.objectives)) is not None]
    kept_out: dict[str, int] = {}
    for one in tried:
        losses = one.losses(search.objectives)
        if one.part is None or losses is None or any(dominates(other, losses) or other == losses for other in known):
            continue
        for goal in one.part.goals:
            if goal["verdict"] != "pass":
                kept_out[goal["asked"]] = kept_out.get(goal["asked"], 0) + 1
    return [{"goal": goal, "plans": many} for goal, many in kept_out.items()]


def not_varied(scenario: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """Keys of a canonical scenario that somebody decides on, and that the search left as they are."""
    found = []
    for section, names in DECISIONS.items():
        held = scenario.get(section) or {}
        places = [(section, held)] if section == "routing" else [(joined(section, n), held[n]) for n in held]
        for place, values in places:
            found += [f"{place}.{name}" for name in names if isinstance(values, Mapping) and values.get(name)]
    return [one for one in found if not any(_covers(key, one) for key in keys)]


def _covers(key: str, other: str) -> bool:
    """Whether a key that was varied is another one, or above or below it."""
    a, b = (re.sub(r"\[.*\]$", "", one) for one in (key, other))
    return a == b or a.startswith(f"{b}.") or b.startswith(f"{a}.")
