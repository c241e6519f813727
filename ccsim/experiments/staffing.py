"""The cheapest staff that meets every goal, found on common random numbers and certified on fresh ones."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from ccsim.errors import CcsimError
from ccsim.experiments.prepared import Path, read_source
from ccsim.experiments.staffing_asked import PeopleAsked, Watch
from ccsim.experiments.staffing_joint import enough_for
from ccsim.experiments.staffing_many import FEW, LOOK, MANY, most_replications
from ccsim.experiments.staffing_pools import Lever, kept_manned, levers_of
from ccsim.experiments.staffing_run import ERRS, SWAPS, PeopleSearch
from ccsim.experiments.staffing_trials import FIRST, Trials

log: Final = logging.getLogger("ccsim.staff")


def search_for_people(asked: PeopleAsked, watch: Watch, *, errs: float = ERRS) -> PeopleSearch:
    """The search before anything but today's plan is simulated: errors as of `staff` of `staffing_call`, `errs` as of
    `PeopleSearch`.
    """
    level, most, probability = asked.level, asked.most, asked.probability
    if not 0 < level < 1 or (most is not None and most < 2):
        raise CcsimError("expected a confidence between 0 % and 100 %, and at least 2 replications")
    if probability is not None and not 0 < probability < 1:
        raise CcsimError("expected a probability between 0 % and 100 %")
    scenario = read_source(asked.source, (), asked.settings).scenario
    if not scenario.goals:
        raise CcsimError("the scenario has no goals: say with `goals:` what the staff is to meet")
    levers = kept_manned(
        levers_of(scenario, asked.pools, asked.between),
        lambda more: _can_be_simulated(asked.source, [*asked.settings, *more]),
    )
    many = len(levers) >= MANY
    replications = most_replications(len(levers), most)
    if many and replications < FEW:
        raise CcsimError(
            f"a search over {len(levers)} pools needs at least {FEW} replications of a plan, got {replications}"
        )
    if probability is not None:
        enough_for(probability, replications, 1 - (1 - level) / 2)

    def trials_with(seed: int, level: float, levers: Sequence[Lever]) -> Trials:
        first = LOOK if many else FIRST
        return Trials(asked, levers, watch, level=level, seed=seed, most=replications, first=first)

    seed = scenario.run.seed if asked.seed is None else asked.seed
    return PeopleSearch(asked, levers, seed, replications, trials_with, watch.say or log.info, errs=errs)


def _can_be_simulated(source: Path, settings: Sequence[str]) -> bool:
    try:
        read_source(source, (), settings)
    except CcsimError:
        return False
    return True


def foreseen_looks(pools: int) -> int:
    """Looks at plans that a search of so many pools takes, roughly: four rounds of slopes with a few looks each, a
    descent, and a certificate; a replication for each group of pools and some rounds where they are many.
    """
    if pools >= MANY:
        return 45
    return 4 * 3 * (pools + 1) + 30 + 2 * (pools + SWAPS)
