"""The verb of a notebook for comparisons; what is heavy is imported when it is called."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Path
    from ccsim.experiments.progress import Progress
    from ccsim.language.scenario import Scenario
    from ccsim.results.comparison import Comparison


def compare(
    base: Scenario | Path,
    *variants: Scenario | Path,
    all_variants: bool = False,
    replications: int | None = None,
    seed: int | None = None,
    until: str | None = None,
    max_replications: int | None = None,
    max_time: str | None = None,
    workers: int | None = None,
    out: Path | None = None,
    force: bool = False,
    settings: Sequence[str] = (),
    allow_outside: bool = False,
    anyway: bool = False,
    progress: Progress | None = None,
    command: Sequence[str] | None = None,
) -> Comparison:
    """Simulate a base and its variants on common random numbers, and tell what differs, with intervals.

    All are run with the base's seed and replications, and judged by its goals. Everything is checked before
    anything is simulated or written.

    Parameters
    ----------
    base, variants
        Scenarios, or files (`FILE:VARIANT`); a variant of the base's file by its name alone, too.
    all_variants
        Compare with every variant of the base's file, each alone.
    replications, seed
        Default: the base's `run`.
    until
        `decided` (which of them meet all goals, and which of those is the cheapest), or `precision=5%` (half-width of
        the differences in the KPIs of the goals): run so many replications as that takes, at most `max_replications`
        (200) and `max_time` (`30m`).
    out
        Folder to store the comparison and its runs in; default: not stored. A comparison there that was not
        finished is resumed.
    force
        Replace a finished comparison that is in `out`.
    settings
        `key=value` settings. Alone with a base they are what it is compared with: with and without them. With variants,
        and for what a report looks at (`report.`), they hold for all. All are then given as files.
    workers, allow_outside, anyway
        As in `run`.

    Raises
    ------
    CcsimError
        A fault of any of them, or the reason why they cannot be compared.
    """
    from ccsim.experiments.compare import compare as compare_all
    from ccsim.experiments.compare_alternatives import contestant
    from ccsim.experiments.prepared import prepare_compared
    from ccsim.experiments.until_rule import until_rule
    from ccsim.text.within import files_from_outside

    if until is None and (max_replications is not None or max_time is not None):
        raise CcsimError("caps of replications and time need until")
    if until is not None and replications is not None:
        raise CcsimError("with until, give max_replications: it runs as many as it takes")
    rule = None if until is None else until_rule(until, most_replications=max_replications, most_time=max_time)
    with files_from_outside(allow_outside):
        asked = {"replications": replications, "seed": seed, "workers": workers, "anyway": anyway}
        first, *others = prepare_compared(base, variants, all_variants=all_variants, settings=settings, **asked)
    return compare_all(
        contestant(first, first),
        [contestant(first, one) for one in others],
        replications=replications,
        until=rule,
        out=None if out is None else os.fspath(out),
        force=force,
        workers=workers,
        progress=progress,
        command=command,
    )
