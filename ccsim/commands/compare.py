"""`ccsim compare`: simulate a base and its variants on common random numbers, and tell what differs, with intervals."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ccsim.commands import options
from ccsim.commands.output import ending, say, tell
from ccsim.commands.own_page import make_page
from ccsim.errors import CcsimError
from ccsim.exits import NOT_REACHED, STOPPED

if TYPE_CHECKING:
    from ccsim.results.comparison import Comparison


def compare(
    base: options.BaseFile,
    variants: options.VariantFiles = None,
    all_variants: options.AllVariants = False,
    replications: options.PairedReplications = None,
    seed: options.BaseSeed = None,
    workers: options.Workers = None,
    until: options.UntilWhat = None,
    max_replications: options.MaxReplications = None,
    max_time: options.MaxTime = None,
    out: options.ComparisonOut = None,
    set_: options.Settings = None,
    kpi: options.Kpis = None,
    all_: options.EveryKpi = False,
    days: options.Days = None,
    hours: options.Hours = None,
    report: options.ComparisonPage = True,
    as_json: options.JsonInstead = False,
    force: options.ForceComparison = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Compare variants with a base on common random numbers: the same contacts get the same random numbers in all of
    them.

    All are run with the base's seed and replications, and judged by the base's goals. With `--set` and no variant the
    base is compared with and without these settings. Folders of stored runs are compared as they are. Exit code 0:
    done; 2: bad input, or scenarios that cannot be compared; 4: with --until, a limit was reached first; 130 or 143:
    stopped (finished alternatives are kept, and the same command with the same --out resumes).
    """
    from ccsim.commands.chosen import as_settings, chosen_time, looking_at
    from ccsim.results.comparison import Comparison

    with ending():
        check_kpis(kpi or [])
        made = _compare(
            [base, *(variants or [])],
            out,
            force=force,
            quiet=quiet,
            all_variants=all_variants,
            replications=replications,
            seed=seed,
            until=until,
            max_replications=max_replications,
            max_time=max_time,
            workers=workers,
            settings=set_ or [],
            looks=as_settings(days or [], hours),
            anyway=anyway,
        )
        if (days or hours is not None) and Path(base).is_dir():
            looked_at = looking_at(made, chosen_time(days or [], hours))
            assert isinstance(looked_at, Comparison)
            made = looked_at
    from ccsim.commands.chosen import chosen_lines
    from ccsim.commands.compare_text import document, lines

    tell(lambda: document(made), lambda: lines(made, kpis=kpi or [], every=all_), as_json=as_json)
    if not as_json:
        for line in ("", *chosen_lines(made)) if not made.base.measured.chosen.everything else ():
            say(line)
    if report and not make_page(made, "comparison", quiet=as_json):
        raise typer.Exit(STOPPED)
    if made.method.get("why") == "it was stopped":
        raise typer.Exit(STOPPED)
    if made.decided is False:
        raise typer.Exit(NOT_REACHED)


def check_kpis(kpis: Sequence[str]) -> None:
    """`CcsimError` with every name of `--kpi` that is no KPI."""
    from difflib import get_close_matches

    from ccsim.kpis.definitions import KPIS

    faults = []
    for name in kpis:
        if name not in KPIS:
            near = get_close_matches(name, KPIS, n=1)
            faults.append(f"--kpi: there is no KPI {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    if faults:
        raise CcsimError("\n".join(faults))


def _compare(
    scenarios: list[str], out: Path | None, *, force: bool, quiet: bool, looks: list[str], **given: Any
) -> Comparison:
    from ccsim import api
    from ccsim.experiments.progress import Quiet, Talk
    from ccsim.results.comparison_store import ComparisonFolder
    from ccsim.results.places import free_place
    from ccsim.scenario.load import split_variants

    stored = [one for one in scenarios if Path(one).is_dir()]
    if stored:
        _check_stored(scenarios, stored, given)
    if out is None:
        file, _ = (scenarios[0], ()) if stored else split_variants(scenarios[0])
        name = Path(file).stem.encode("utf-8", "ignore").decode()  # a file's name may have odd bytes
        out = free_place("runs", f"compare-{name}")
    else:
        ComparisonFolder(out, force=force)  # says no before anything is compiled
    with nullcontext(Quiet()) if quiet else Talk() as progress:
        if stored:
            return api.compare_runs(*scenarios, out=out, force=force, command=sys.argv)
        given["settings"] = [*given["settings"], *looks]
        return api.compare(*scenarios, out=out, force=force, progress=progress, command=sys.argv, **given)


def _check_stored(scenarios: list[str], stored: list[str], given: dict[str, Any]) -> None:
    """Stored runs are compared with each other only, and were simulated already."""
    faults = [
        f"{one}: is no folder of a run; runs are compared with runs, scenarios with scenarios"
        for one in scenarios
        if one not in stored
    ]
    simulated = ("all_variants", "replications", "seed", "until", "max_replications", "max_time", "settings", "workers")
    faults += [
        f"--{name.replace('_', '-').replace('settings', 'set')}: says nothing of runs that have been simulated"
        for name in simulated
        if given[name]
    ]
    if faults:
        raise CcsimError("\n".join(faults))
