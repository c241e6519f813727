"""What a search for staff found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ccsim.experiments.prepared import Path
from ccsim.experiments.staffing_model import CuttingPlane, Heads
from ccsim.experiments.staffing_pools import Lever
from ccsim.experiments.staffing_trials import Trial


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A cheaper plan beside the one that was found, on the certificate's replications."""

    trial: Trial
    cost: float
    """Planned cost of its people a day, or their number where nobody has a price."""
    one_less: str = ""
    """The pool, or its shift, that has one person less; nothing for a swap."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A plan that fresh replications confirm."""

    found: Trial
    """As the search saw it."""
    certificate: Trial
    """On fresh replications."""
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class FoundStaff:
    """What a search for staff found."""

    name: str
    currency: str
    levers: tuple[Lever, ...]
    costs: tuple[float, ...]
    """Planned cost of one person a day by pool; 1 each where nobody has a price."""
    priced: bool
    """Whether `costs` are money."""
    level: float
    """Confidence that every goal's mean meets its limit, of all goals at once; that of the probability, where it is
    asked for."""
    probability: float | None
    """Probability that one replication meets all goals at once, where that was asked for in place of the means."""
    seed: int
    found: Trial | None
    """The cheapest plan, as the search saw it; None where no plan meets the goals within the bounds."""
    certificate: Trial | None
    """The same plan on fresh replications; None where there is none, or it was stopped before."""
    neighbours: tuple[Neighbour, ...]
    """Cheaper plans beside it, on the same fresh replications."""
    foreseen: Mapping[int, tuple[int, float]]
    """Where many pools change, and neighbours are not simulated: by place of the pool with one person less, the goal
    that loses most and what its value is foreseen to change by."""
    refuted: tuple[Trial, ...]
    """Plans that the search took for good and fresh replications did not confirm."""
    undecided: tuple[Trial, ...]
    """Cheaper plans of which the most replications could not tell."""
    now: Trial
    """Today's plan, at the first look."""
    nearest: Trial | None
    """Where no plan was found that meets the goals: the plan with the most people in every pool, or the one that came
    nearest where many pools change."""
    binding: CuttingPlane | None
    """And what one person more would add there."""
    stopped: bool
    plans: int
    """Plans that were simulated."""
    replications: int
    """Replications that were simulated, of all plans."""
    looked: tuple[Trial, ...] = ()
    """Every plan at the last look that the search took at it, all on the same customers; only those since the search
    became stricter, where a certificate made it so."""
    source: Path = ""
    settings: tuple[str, ...] = ()
    """What was searched, `FILE:VARIANT` and settings beside the people."""

    @property
    def now_heads(self) -> Heads:
        """Today's people."""
        return tuple(one.now for one in self.levers)

    @property
    def guessed(self) -> bool:
        """Whether `now` is a first guess: the scenario leaves the number of people of a pool to be found."""
        return any(one.searched for one in self.levers)

    @property
    def certified(self) -> bool:
        """Whether fresh replications confirm the plan that was found."""
        return self.certificate is not None and self.certificate.verdict == "pass"

    def cost_of(self, heads: Heads) -> float:
        """Planned cost of a plan's people a day."""
        return float(sum(cost * n for cost, n in zip(self.costs, heads, strict=True)))


def cost_of_plan(plan: Trial | None, costs: Iterable[float], *, priced: bool) -> float:
    """Cost a day of the whole centre with a plan, on the search's customers; infinite where there is none. Where nobody
    has a price, the number of people.

    Parameters
    ----------
    costs, priced
        As of `FoundStaff`.
    """
    if plan is None:
        return math.inf
    return plan.cost if priced else float(sum(cost * n for cost, n in zip(costs, plan.heads, strict=True)))
