"""`ccsim run`: play a scenario, say how it did, and keep the results in a folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from ccsim.commands import options
from ccsim.commands.output import flush, say
from ccsim.commands.own_page import make_page
from ccsim.errors import CcsimError
from ccsim.exits import STOPPED, of_goals

if TYPE_CHECKING:
    from ccsim.api import Prepared
    from ccsim.experiments.runs import FirstWord
    from ccsim.results.run import Run


def run(
    scenario: options.ScenarioFile,
    variant: options.Variants = None,
    replications: options.Replications = None,
    seed: options.Seed = None,
    workers: options.Workers = None,
    out: options.RunOut = None,
    set_: options.Settings = None,
    visits: options.Visits = False,
    report: options.RunPage = True,
    as_json: options.JsonInstead = False,
    require_goals: options.RequireGoals = False,
    force: options.ForceRun = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Play a scenario, print its goals and main KPIs, and keep the results and a report in a folder.

    Exit code 0: it ran; 2: bad input, nothing was written; with --require-goals 3: a goal fails, 4: none fails, but one
    is inconclusive; 130 or 143: stopped, with what was finished kept.
    """
    word = None if as_json else _FirstWord()
    try:
        prepared, place = _check(
            scenario,
            out,
            force=force,
            replications=replications,
            seed=seed,
            workers=workers,
            visits=visits,
            variants=variant or [],
            settings=set_ or [],
            anyway=anyway,
        )
        for remark in prepared.plan.remarks:
            if remark.kind == "warning":
                say(str(remark), err=True)
        made = _play(prepared, place, word, force=force, quiet=quiet)
    except CcsimError as error:
        say(str(error), err=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt as stopped:
        why = "nothing was finished, nothing" if str(stopped) else "at once, before it was stored: nothing"
        say(f"stopped: {why} is kept", err=True)
        raise typer.Exit(STOPPED) from None
    if word is None:
        _print_json(made)
    else:
        word.end(made)
    if report and not make_page(made, "run", quiet=as_json):
        raise typer.Exit(STOPPED)
    if made.stopped:
        raise typer.Exit(STOPPED)
    if require_goals and (code := of_goals(made.goals)):
        raise typer.Exit(code)


def _check(scenario: str, out: Path | None, *, force: bool, **given: Any) -> tuple[Prepared, Path]:
    """Everything that can be wrong, before anything is played or written; all faults at once."""
    from ccsim import api
    from ccsim.results.store import check_place, free_place

    faults: list[str] = []
    prepared = None
    try:
        prepared = api.prepare(scenario, command=sys.argv, **given)
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


def _play(prepared: Prepared, place: Path, word: _FirstWord | None, *, force: bool, quiet: bool) -> Run:
    from ccsim.experiments import progress
    from ccsim.results.store import RunFolder

    first = None if word is None else word.asked()
    with RunFolder(place, force=force) as folder:
        if quiet:
            return prepared.play(folder=folder, warn=progress.say, first=first)
        with progress.Talk() as talk:
            return prepared.play(folder=folder, progress=talk, warn=talk.say, first=first)


class _FirstWord:
    """Prints goals and KPIs before the run is stored, and where it is after that.

    A run is worth more than its lines: what goes wrong with printing them (nobody reads any more, a full disk) is raised
    once the run is stored.
    """

    def __init__(self) -> None:
        self._wrong: Exception | None = None

    def asked(self) -> FirstWord:
        from ccsim.commands.run_text import KPIS_TOLD, SCOPES_TOLD
        from ccsim.experiments.runs import FirstWord

        return FirstWord(KPIS_TOLD, SCOPES_TOLD, self._tell)

    def _tell(self, run: Run) -> None:
        from ccsim.commands.run_text import first_lines

        try:
            say("\n".join(first_lines(run, colour=sys.stdout.isatty())))
            flush()
        except Exception as error:  # noqa: BLE001 - raised at the end
            self._wrong = error

    def end(self, run: Run) -> None:
        from ccsim.commands.run_text import last_lines

        if self._wrong is not None:
            raise self._wrong
        say("\n".join(last_lines(run)))
        flush()


def _print_json(run: Run) -> None:
    from ccsim.commands.run_text import document

    say(json.dumps(document(run), indent=1, ensure_ascii=False, allow_nan=False))
