"""The verb of a notebook for people; what is heavy is imported when it is called."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Path
    from ccsim.experiments.progress import Progress
    from ccsim.experiments.replicate import Stop
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.experiments.staffing_trials import Trial


def staff(
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
    out: Path | None = None,
    force: bool = False,
    allow_outside: bool = False,
    anyway: bool = False,
    progress: Progress | None = None,
    stop: Stop | None = None,
    say: Callable[[str], None] | None = None,
    told: Callable[[Trial, int], None] | None = None,
    command: Sequence[str] | None = None,
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
    out
        Folder to keep answer and tables in, also of every plan and of the agents on duty, as `ccsim staff --out` does;
        `ccsim.api.report` makes its page and workbook. Default: not stored.
    force
        Replace a search that is in `out`. `OutputError` before the search where something else is there.
    settings, workers, allow_outside, anyway, command
        As in `ccsim.api.run`.
    progress, stop, say, told
        Told of replications, asked to stop early, told in words of each phase, told of each look at a plan and how many
        replications it took.

    Ctrl-C ends it with the best plan so far, not certified. `CcsimError` for a scenario without goals, and bad input.
    """
    from ccsim.experiments.staffing import search_for_people
    from ccsim.experiments.staffing_asked import PeopleAsked, Watch
    from ccsim.experiments.staffing_duty import agents_on_duty
    from ccsim.experiments.staffing_kept import kept_search
    from ccsim.results.staff_store import StaffFolder
    from ccsim.text.within import files_from_outside

    asked = PeopleAsked(source, pools, between or {}, level, probability, most, seed, settings, workers, anyway)
    place = None if out is None else StaffFolder(out, force=force)
    began = time.monotonic()
    with files_from_outside(allow_outside):
        found = search_for_people(asked, Watch(progress, stop, say, told)).whole()
        if place is not None:
            agents, elapsed = agents_on_duty(found), time.monotonic() - began
            place.store(kept_search(found, "", settings, elapsed=elapsed, agents=agents, command=command))
    return found
