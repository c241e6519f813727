"""Which scenarios can be compared, and under which names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import Any, Final

from ccsim.errors import CcsimError, Remark
from ccsim.experiments.no_replications import faults_by_time, without_replications
from ccsim.experiments.plan import ModelLike, Plan
from ccsim.experiments.prepared import Prepared
from ccsim.experiments.replicate import Simulator
from ccsim.language.scenario import Scenario
from ccsim.metrics.goals import kpi_of_goal, scope_of
from ccsim.metrics.parts import codes_within
from ccsim.records.tables import threshold_label
from ccsim.results.comparison_store import FILES
from ccsim.results.measured import Measured
from ccsim.scenario.diff import differences
from ccsim.text.scalars import duration_text


class NotComparable(CcsimError):  # noqa: N818
    """Scenarios between which a difference would mean nothing; the text says why."""


_THRESHOLDS: Final = "service level thresholds (service_level.within, and goals)"


@dataclass(frozen=True, slots=True)
class Contestant:
    """The base or a variant, ready to be simulated."""

    plan: Plan
    model: ModelLike
    simulate: Simulator
    changes: tuple[str, ...] = ()
    """How it differs from the base, in the planner's words."""

    @property
    def folder(self) -> str:
        """Name of its run's folder."""
        return folder_of(self.plan.name)


def folder_of(name: str) -> str:
    """The folder of an alternative's run: its name, with a dash for what a folder's name should not have."""
    return re.sub(r"[^\w.-]+", "-", name)


def contestant(base: Prepared, one: Prepared) -> Contestant:
    """One that is ready to be simulated, with the seed of the base, and how it differs from it."""
    one = one.drawn_as(base.plan.seed, one.plan.replications)
    changes = changes_between(base.scenario, one.scenario)
    unrelated = _unrelated(base.scenario, one.scenario, (base.plan.name, one.plan.name))
    plan = replace(one.plan, remarks=(*one.plan.remarks, *unrelated, *_own_goals(base.plan, one.plan)))
    return Contestant(plan, one.model, one.simulator(base.plan.seed), changes)


def changes_between(base: Scenario, one: Scenario) -> tuple[str, ...]:
    """How one scenario differs from another in what may change a result, in the planner's words."""
    found = differences(base, one)
    return tuple(str(change) for change in found if change.results and change.key.split(".")[0] != "run")


def _unrelated(base: Scenario, one: Scenario, names: tuple[str, str]) -> list[Remark]:
    """A warning where most volumes of two scenarios have no namesake: the same random numbers then go to other
    contacts."""
    both = len(base.demand.keys() & one.demand.keys())
    fewer = min(len(base.demand), len(one.demand))
    if 2 * both >= fewer:
        return []
    share = f"no volume of {names[1]} is" if not both else f"only {both} of the volumes of {names[1]} are"
    other = sorted(one.demand.keys() - base.demand.keys())
    listed = ", ".join(other[:3]) + (", ..." if len(other) > 3 else "")
    why = "this compares two contact centres, not two ways to run one"
    return [Remark(f"{share} in {names[0]} (new: {listed}): {why}, and pairing saves little", "demand")]


def _own_goals(base: Plan, one: Plan) -> list[Remark]:
    """A warning where a variant has goals by which nothing is judged, as the base does not have them."""
    own = [f"goals.{number} ({goal.kpi})" for number, goal in enumerate(one.goals) if goal not in base.goals]
    if not own:
        return []
    why = "a comparison judges all by the goals of its base; `ccsim run` judges by its own"
    return [Remark(f"{one.name} has {', '.join(own)}, and {base.name} has not: {why}", "goals")]


def line_up(base: Contestant, variants: Sequence[Contestant], *, replications: int | None = None) -> list[Contestant]:
    """The base and its variants with the base's seed, replications and goals, under names that differ.

    `NotComparable` with every reason.

    Parameters
    ----------
    replications
        Default: the base's.
    """
    if not variants:
        raise NotComparable("there is nothing to compare with: name a variant, or another scenario")
    replications = base.plan.replications if replications is None else replications
    if replications < 2:
        raise NotComparable("a comparison needs at least 2 replications: one shows no random variation")
    faults = [
        f"{one.plan.name} cannot be compared with {base.plan.name}: {reason}"
        for one in variants
        for reason in [
            *reasons(base.plan.measured, one.plan.measured),
            *drain_reasons(base.plan.scenario, one.plan.scenario),
        ]
    ]
    if faults:
        raise NotComparable("\n".join(faults))
    each = (base, *variants)
    names = told_apart([(one.plan.name, next(iter(one.plan.files or ()), "")) for one in each])
    made = [
        replace(
            one,
            plan=replace(one.plan, name=name, seed=base.plan.seed, replications=replications, goals=base.plan.goals),
        )
        for one, name in zip(each, names, strict=True)
    ]
    torn = [fault for one in made for fault in faults_by_time(one.plan, one.model)]
    if torn:
        raise NotComparable("\n".join(torn))
    return made


def told_apart(named: Sequence[tuple[str, str]]) -> list[str]:
    """Names of alternatives that differ, and whose folders do, from their own names and the files or folders that they
    come from: the first keeps its own, a namesake is called by its file, and by a number where that does not do.
    """
    made: list[str] = []
    taken = {name.casefold() for name in FILES}
    for own, file in named:
        tries = [own, Path(file).stem, f"{own}-{Path(file).stem}"] if file else [own]
        numbered = (f"{own}-{number}" for number in count(2))
        name = next(one for one in chain(tries, numbered) if one and folder_of(one).casefold() not in taken)
        taken.add(folder_of(name).casefold())
        made.append(name)
    return made


def check_decidable(contestants: Sequence[Contestant]) -> None:
    """`NotComparable` if a goal is about a part that one of them does not have: it would be waited for in vain."""
    faults = []
    for one in contestants:
        sums = without_replications(one.plan, one.model)
        for number, goal in enumerate(one.plan.goals):
            scope = scope_of(goal)
            kpi, _ = kpi_of_goal(goal, one.plan.measured)
            if (codes_within(sums, kpi, scope) < 0).all():
                part = " and ".join(f"{what} {name}" for what, name in scope.items())
                faults.append(f"--until waits for goals.{number} ({goal.kpi}), and {one.plan.name} has no {part}")
    if faults:
        raise NotComparable("\n".join(faults))


def reasons(base: Measured, variant: Measured) -> list[str]:
    """Why two runs cannot be compared; nothing if they can."""
    pairs = (
        ("horizon, it starts at", f"{base.start} {base.time_zone}", f"{variant.start} {variant.time_zone}"),
        ("warm-up", duration_text(base.warm_up), duration_text(variant.warm_up)),
        ("horizon, its length is", duration_text(base.length), duration_text(variant.length)),
        ("report interval", duration_text(base.interval), duration_text(variant.interval)),
        ("time zone of the report", base.report_zone or base.time_zone, variant.report_zone or variant.time_zone),
        ("currency", base.currency, variant.currency),
        ("rule of service level", base.rule, variant.rule),
        (_THRESHOLDS, _within(base), _within(variant)),
        ("short abandon", duration_text(base.short_abandon), duration_text(variant.short_abandon)),
        ("time to resolve", duration_text(base.resolved_within), duration_text(variant.resolved_within)),
        ("repeat window", duration_text(base.repeat_window), duration_text(variant.repeat_window)),
    )
    remedies = {_THRESHOLDS: "; give all a `service_level: {within: ...}` that names every one of them"}
    return [
        f"different {what}: {theirs}, not {ours}{remedies.get(what, '')}"
        for what, ours, theirs in pairs
        if ours != theirs
    ]


def _within(measured: Measured) -> str:
    return " and ".join(threshold_label(t) for t in measured.thresholds)


def drain_reasons(base: Mapping[str, Any] | None, variant: Mapping[str, Any] | None) -> list[str]:
    """Why two canonical scenarios cannot be compared by their drain periods; nothing if they can."""
    ours, theirs = (_horizon(scenario).get("drain") for scenario in (base, variant))
    return [] if ours == theirs else [f"different drain period: {_told(theirs)}, not {_told(ours)}"]


def _horizon(scenario: Mapping[str, Any] | None) -> Mapping[str, Any]:
    found = (scenario or {}).get("horizon", {})
    return found if isinstance(found, Mapping) else {}


def _told(micros: Any) -> str:
    return duration_text(micros) if isinstance(micros, int) else "none"
