"""Which scenarios can be compared, and under which names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ccsim.errors import CcsimError
from ccsim.experiments.replicate import Play
from ccsim.experiments.runs import ModelLike, Plan
from ccsim.results.comparison_store import FILES
from ccsim.results.measured import Measured
from ccsim.results.schema import threshold_label
from ccsim.scenario.scalars import duration_text


class NotComparable(CcsimError):  # noqa: N818
    """Scenarios between which a difference would mean nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """The base or a variant, ready to be played."""

    plan: Plan
    model: ModelLike
    play: Play
    changes: tuple[str, ...] = ()
    """How it differs from the base, in the planner's words."""

    @property
    def folder(self) -> str:
        """Name of its run's folder."""
        return self.plan.name.replace("+", "-")


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
    count = base.plan.replications if replications is None else replications
    if count < 2:
        raise NotComparable("a comparison needs at least 2 replications: one says nothing about luck")
    faults = [
        f"{one.plan.name} cannot be compared with {base.plan.name}: {reason}"
        for one in variants
        for reason in [*reasons(base.plan.measured, one.plan.measured), *_run_out(base.plan, one.plan)]
    ]
    if faults:
        raise NotComparable("\n".join(faults))
    made: list[Contestant] = []
    taken = set(FILES)
    for one in (base, *variants):
        name, number = one.plan.name, 1
        while name.replace("+", "-").casefold() in taken:
            number += 1
            name = f"{one.plan.name}-{number}"
        taken.add(name.replace("+", "-").casefold())
        plan = replace(one.plan, name=name, seed=base.plan.seed, replications=count, goals=base.plan.goals)
        made.append(replace(one, plan=plan))
    return made


def reasons(base: Measured, variant: Measured) -> list[str]:
    """Why two runs cannot be compared; nothing if they can."""
    pairs = (
        ("horizon, it starts at", f"{base.start} {base.time_zone}", f"{variant.start} {variant.time_zone}"),
        ("warm-up", duration_text(base.warm_up), duration_text(variant.warm_up)),
        ("horizon, its length is", duration_text(base.length), duration_text(variant.length)),
        ("report interval", duration_text(base.interval), duration_text(variant.interval)),
        ("currency", base.currency, variant.currency),
        ("rule of service level", base.rule, variant.rule),
        ("service level thresholds (service_level.within, and goals)", _within(base), _within(variant)),
        ("short abandon", duration_text(base.short_abandon), duration_text(variant.short_abandon)),
    )
    return [f"other {what}: {theirs}, not {ours}" for what, ours, theirs in pairs if ours != theirs]


def _within(measured: Measured) -> str:
    return " and ".join(threshold_label(t) for t in measured.thresholds)


def _run_out(base: Plan, variant: Plan) -> list[str]:
    ours, theirs = (_horizon(plan).get("run_out") for plan in (base, variant))
    return [] if ours == theirs else [f"other run-out: {_told(theirs)}, not {_told(ours)}"]


def _horizon(plan: Plan) -> Mapping[str, Any]:
    found = (plan.scenario or {}).get("horizon", {})
    return found if isinstance(found, Mapping) else {}


def _told(micros: Any) -> str:
    return duration_text(micros) if isinstance(micros, int) else "none"
