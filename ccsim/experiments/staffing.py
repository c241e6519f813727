"""The cheapest staff that meets every goal, found on common random numbers and certified on fresh ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ccsim.errors import CcsimError
from ccsim.experiments.prepared import Path, read_source
from ccsim.experiments.staffing_joint import enough_for
from ccsim.experiments.staffing_many import FEW, LOOK, MANY, most_replications
from ccsim.experiments.staffing_pools import Lever, kept_manned, levers_of
from ccsim.experiments.staffing_run import SWAPS, PeopleSearch
from ccsim.experiments.staffing_trials import FIRST, Trial, Trials

if TYPE_CHECKING:
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.replicate import Stop

log: Final = logging.getLogger("ccsim.staff")


def search_for_people(
    source: Path,
    *,
    pools: Sequence[str] = (),
    between: Mapping[str, tuple[int, int]] | None = None,
    level: float = 0.95,
    probability: float | None = None,
    seed: int | None = None,
    most: int | None = None,
    settings: Sequence[str] = (),
    workers: int | None = None,
    anyway: bool = False,
    progress: Progress | None = None,
    stop: Stop | None = None,
    say: Callable[[str], None] | None = None,
    told: Callable[[Trial, int], None] | None = None,
    errs: float = 2.0,
) -> PeopleSearch:
    """The search before anything but today's plan is simulated; parameters and errors as of
    `ccsim.experiments.staffing_call.staff`, `errs` as of `PeopleSearch`.
    """
    if not 0 < level < 1 or (most is not None and most < 2):
        raise CcsimError("expected a confidence between 0 % and 100 %, and at least 2 replications")
    if probability is not None and not 0 < probability < 1:
        raise CcsimError("expected a probability between 0 % and 100 %")
    scenario = read_source(source, (), settings).scenario
    if not scenario.goals:
        raise CcsimError("the scenario has no goals: say with `goals:` what the staff is to meet")
    levers = kept_manned(
        levers_of(scenario, pools, between), lambda more: _can_be_simulated(source, [*settings, *more])
    )
    chosen = scenario.run.seed if seed is None else seed
    phase = log.info if say is None else say

    many = len(levers) >= MANY
    replications = most_replications(len(levers), most)
    if many and replications < FEW:
        raise CcsimError(
            f"a search over {len(levers)} pools needs at least {FEW} replications of a plan, got {replications}"
        )
    if probability is not None:
        enough_for(probability, replications, 1 - (1 - level) / 2)

    def trials_with(seed: int, level: float, levers: Sequence[Lever]) -> Trials:
        return Trials(
            source,
            levers,
            level=level,
            seed=seed,
            most=replications,
            probability=probability,
            first=LOOK if many else FIRST,
            settings=settings,
            workers=workers,
            anyway=anyway,
            progress=progress,
            stop=stop,
            told=told,
        )

    return PeopleSearch(source, levers, level, chosen, replications, trials_with, phase, settings, anyway, errs=errs)


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
