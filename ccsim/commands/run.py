"""`ccsim run`: play a scenario, say how it did, and keep the results in a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccsim.commands.options import ScenarioFile, Settings, Variants
from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.api import Prepared
    from ccsim.results.run import Run

BAD_INPUT = 2
GOAL_MISSED = 3
STOPPED = 130


def run(
    scenario: ScenarioFile,
    variant: Variants = None,
    replications: Annotated[int | None, typer.Option(min=1, help="Independent plays. Default: the scenario's.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of every draw. Default: the scenario's.")] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="Threads; the result does not depend on them. Default: processors."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the results. Default: runs/SCENARIO-VARIANT-N, N from 1.")
    ] = None,
    set_: Settings = None,
    visits: Annotated[bool, typer.Option("--visits", help="Keep one row a visit (visits.parquet).")] = False,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Make the page of the run, report.html in its folder.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document and no tables.")] = False,
    require_goals: Annotated[bool, typer.Option("--require-goals", help="Exit with 3 if a goal is missed.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the run that is in --out.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No talk on stderr but faults.")] = False,
) -> None:
    """Play a scenario, print its goals and main KPIs, and keep the results and a report in a folder.

    Exit code 0: it ran; 2: bad input, nothing was written; 3: a goal was missed (with --require-goals); 130:
    stopped by Ctrl-C, with what was finished kept.
    """
    try:
        prepared, place = _check(
            scenario, variant or [], set_ or [], replications, seed, workers, out, force=force, visits=visits
        )
        made = _play(prepared, place, force=force, quiet=quiet)
    except CcsimError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt:
        print("stopped: nothing was finished, nothing is kept", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    _print(made, as_json=as_json)
    if report and not _report(made, quiet=as_json):
        raise typer.Exit(STOPPED)
    if made.stopped:
        raise typer.Exit(STOPPED)
    if require_goals and not made.goals_met:
        raise typer.Exit(GOAL_MISSED)


def _check(
    scenario: str,
    variants: list[str],
    settings: list[str],
    replications: int | None,
    seed: int | None,
    workers: int | None,
    out: Path | None,
    *,
    force: bool,
    visits: bool,
) -> tuple[Prepared, Path]:
    """Everything that can be wrong, before anything is played or written; all faults at once."""
    from ccsim import api
    from ccsim.results.store import check_place, free_place

    faults: list[str] = []
    prepared = None
    try:
        prepared = api.prepare(
            scenario,
            replications=replications,
            seed=seed,
            workers=workers,
            visits=visits,
            variants=variants,
            settings=settings,
            command=sys.argv,
        )
    except CcsimError as error:
        faults.append(str(error))
    if out is None and prepared is not None:
        out = free_place("runs", prepared.plan.name.replace("+", "-"))
    if out is not None:
        try:
            check_place(out, force=force)
        except CcsimError as error:
            faults.append(str(error))
    if faults or prepared is None or out is None:
        raise CcsimError("\n".join(faults))
    return prepared, out


def _play(prepared: Prepared, place: Path, *, force: bool, quiet: bool) -> Run:
    from ccsim.experiments.progress import Talk, say
    from ccsim.results.store import RunFolder

    with RunFolder(place, force=force) as folder:
        if quiet:
            return prepared.play(folder=folder, warn=say)
        with Talk() as talk:
            return prepared.play(folder=folder, progress=talk, warn=talk.say)


def _print(run: Run, *, as_json: bool) -> None:
    from ccsim.commands.run_text import document, lines

    if as_json:
        text = json.dumps(document(run), indent=1, ensure_ascii=False, allow_nan=False)
    else:
        text = "\n".join(lines(run, colour=sys.stdout.isatty()))
    _emit(text)


def _report(run: Run, *, quiet: bool) -> bool:
    """Make the page of a stored run and say where it is, or why there is none; False if stopped by Ctrl-C.

    The run is kept whatever happens here, so nothing that goes wrong with its page may end the command.
    """
    if run.folder is None:
        return True
    again = f"; `ccsim report {run.folder}` makes it"
    try:
        from ccsim.report.run_page import NAME, write_report

        place = run.folder / NAME
        write_report(run, place)
    except KeyboardInterrupt:
        _emit(f"report: stopped{again}", sys.stderr)
        return False
    except CcsimError as error:
        _emit(f"report: not made: {error}{again}", sys.stderr)
    except Exception as error:  # noqa: BLE001 - the run is worth more than its page
        _emit(f"report: not made ({type(error).__name__}: {error}); the run is kept", sys.stderr)
    else:
        if not quiet:
            _emit(f"Report:  {place}")
    return True


def _emit(text: str, stream: Any = None) -> None:
    """Print; on a terminal that cannot show every sign, with plainer ones."""
    stream = sys.stdout if stream is None else stream
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.replace("±", "+/-").encode(encoding, "replace").decode(encoding)
    print(text, file=stream)
