"""The cheapest staff that meets every goal, found on common random numbers and certified on fresh ones."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from ccsim.errors import CcsimError
from ccsim.experiments.prepared import Path, read_source
from ccsim.experiments.staffing_asked import PeopleAsked, Watch
from ccsim.experiments.staffing_found import FoundStaff
from ccsim.experiments.staffing_joint import enough_for
from ccsim.experiments.staffing_many import FEW, LOOK, MANY, most_replications
from ccsim.experiments.staffing_pools import Lever, kept_manned, levers_of
from ccsim.experiments.staffing_run import ERRS, SWAPS, PeopleSearch
from ccsim.experiments.staffing_trials import FIRST, Trial, Trials
from ccsim.metrics.estimates import LEVEL

if TYPE_CHECKING:
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.replicate import Stop

log: Final = logging.getLogger("ccsim.staff")


def staff(
    source: Path,
    *,
    pools: Sequence[str] = (),
    between: Mapping[str, tuple[int, int]] | None = None,
    level: float = LEVEL,
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
) -> FoundStaff:
    """Find the cheapest people by pool with which every goal of a scenario passes.

    A plan passes if the interval of every goal's mean meets its limit, as `ccsim.metrics.verdicts` says, with a level
    that holds for all goals at once. The answer is certified with replications of other seeds; a plan that these do
    not confirm is never returned as certified, and each further certificate is asked for with half the error of the
    one before, so that all of them together err at most with `1 - level`.

    Parameters
    ----------
    source
        File of the scenario, `FILE:VARIANT`.
    pools, between
        Pools that may change, and their bounds; see `levers_of`.
    level
        Confidence, above 0 and below 1.
    probability
        A plan passes in place of this if one replication meets all goals at once with at least this probability: its
        exact interval (Clopper and Pearson, 1934) is at or above it. Above 0 and below 1.
    seed
        Default: the scenario's.
    most
        Replications of a plan at most, and of each certificate, >= 2; default as in `most_replications`, fewer where
        many pools may change.
    settings, workers, anyway
        As in `ccsim.api.run`.
    progress, stop, say, told
        Told of replications, asked to stop early, told in words of each phase, told of each look at a plan and how many
        replications it took.

    Ctrl-C ends it with the best plan so far, not certified. `CcsimError` for a scenario without goals, and bad input.
    """
    asked = PeopleAsked(source, pools, between or {}, level, probability, most, seed, settings, workers, anyway)
    return search_for_people(asked, Watch(progress, stop, say, told)).whole()


def search_for_people(asked: PeopleAsked, watch: Watch, *, errs: float = ERRS) -> PeopleSearch:
    """The search before anything but today's plan is simulated; errors as of `staff`, `errs` as of `PeopleSearch`."""
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
