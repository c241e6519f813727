"""`ccsim compare`: play a base and its variants with the same luck, and say what differs and how surely."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ccsim.commands.options import Settings
from ccsim.commands.output import say
from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.results.comparison import Comparison

BAD_INPUT = 2
NOT_REACHED = 4
STOPPED = 130


def compare(
    base: Annotated[str, typer.Argument(help="File of the base; FILE:VARIANT for a variant.", show_default=False)],
    variants: Annotated[
        list[str] | None, typer.Argument(metavar="[VARIANT]...", help="What to compare it with.", show_default=False)
    ] = None,
    all_variants: Annotated[
        bool, typer.Option("--all-variants", help="Compare with every variant of the base's file.")
    ] = False,
    replications: Annotated[int | None, typer.Option(min=2, help="Paired plays. Default: the base's.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every draw. Default: the base's.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; the result does not depend on them. Default: processors.")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(metavar="decided|precision=5%", help="Play until the goals' KPIs are decided, or so precise."),
    ] = None,
    max_replications: Annotated[
        int | None, typer.Option(min=2, help="Most replications with --until. Default: 2000.")
    ] = None,
    max_time: Annotated[str | None, typer.Option(metavar="30m", help="Longest time with --until.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results; an unfinished one is gone on with. Default: runs/...")
    ] = None,
    set_: Settings = None,
    kpi: Annotated[
        list[str] | None, typer.Option("--kpi", metavar="KPI", help="Print this KPI, by every part; may be repeated.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Print every KPI of the whole, not only the main ones.")] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Make the page of the comparison, report.html in its folder.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and no tables.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the finished comparison that is in --out.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No talk on stderr but faults.")] = False,
) -> None:
    """Compare variants with a base on common random numbers: the same contacts have the same luck in all of them.

    All are played with the base's seed and replications, and judged by the base's goals. Exit code 0: it is done; 2:
    bad input, or what cannot be compared; 4: with --until, a cap was reached before; 130: stopped by Ctrl-C (what is
    finished is kept, and the same command with the same --out goes on).
    """
    try:
        _check_kpis(kpi or [])
        made = _compare(
            base, variants or [], all_variants, replications, seed, workers, until, max_replications, max_time, out,
            set_ or [], force, quiet,
        )  # fmt: skip
    except CcsimError as error:
        say(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt as stopped:
        say(str(stopped) or "stopped", err=True)
        raise typer.Exit(STOPPED) from None
    from ccsim.commands.compare_text import document, lines

    if as_json:
        say(json.dumps(document(made), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        say("\n".join(lines(made, kpis=kpi or [], every=all_)))
    if report and not _report(made, quiet=as_json):
        raise typer.Exit(STOPPED)
    if made.method.get("why") == "it was stopped":
        raise typer.Exit(STOPPED)
    if made.decided is False:
        raise typer.Exit(NOT_REACHED)


def _report(made: Comparison, *, quiet: bool) -> bool:
    """Make the page and say where it is, or why there is none; False if stopped. The comparison is kept anyway."""
    if made.folder is None:
        return True
    again = f"; `ccsim report {made.folder}` makes it"
    try:
        from ccsim.report.compare_page import write_compare_report
        from ccsim.report.run_page import NAME

        write_compare_report(made, made.folder / NAME)
    except KeyboardInterrupt:
        say(f"report: stopped{again}", err=True)
        return False
    except CcsimError as error:
        say(f"report: not made: {error}{again}", err=True)
    except Exception as error:  # noqa: BLE001 - the comparison is worth more than its page
        say(f"report: not made ({type(error).__name__}: {error}); the comparison is kept", err=True)
    else:
        if not quiet:
            say(f"Report:  {made.folder / NAME}")
    return True


def _check_kpis(kpis: list[str]) -> None:
    from difflib import get_close_matches

    from ccsim.metrics.kpis import KPIS

    faults = []
    for name in kpis:
        if name not in KPIS:
            near = get_close_matches(name, KPIS, n=1)
            faults.append(f"--kpi: there is no KPI {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    if faults:
        raise CcsimError("\n".join(faults))


def _compare(
    base: str,
    variants: list[str],
    all_variants: bool,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    until: str | None,
    max_replications: int | None,
    max_time: str | None,
    out: Path | None,
    settings: list[str],
    force: bool,
    quiet: bool,
) -> Comparison:
    from ccsim import api
    from ccsim.experiments.progress import Quiet, Talk
    from ccsim.results.comparison_store import ComparisonFolder
    from ccsim.results.store import free_place
    from ccsim.scenario.load import split_variants

    if out is None:
        file, _ = split_variants(base)
        out = free_place("runs", f"compare-{Path(file).stem}")
    else:
        ComparisonFolder(out, force=force)  # says no before anything is compiled

    def go(progress: Quiet | Talk) -> Comparison:
        return api.compare(
            base,
            *variants,
            all_variants=all_variants,
            replications=replications,
            seed=seed,
            until=until,
            max_replications=max_replications,
            max_time=max_time,
            workers=workers,
            out=out,
            force=force,
            settings=settings,
            progress=progress,
            command=sys.argv,
        )

    if quiet:
        return go(Quiet())
    with Talk() as talk:
        return go(talk)
