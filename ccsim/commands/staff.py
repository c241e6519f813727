"""`ccsim staff`: the cheapest people by pool that meet all goals, with a certificate from fresh replications."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from ccsim.commands import options
from ccsim.commands.output import ending, say, tell
from ccsim.commands.own_page import make_page, make_workbook
from ccsim.errors import CcsimError
from ccsim.exits import NOT_POSSIBLE, NOT_REACHED, STOPPED

if TYPE_CHECKING:
    from ccsim.commands.staff_asked import StaffAsked
    from ccsim.experiments.progress import Talk
    from ccsim.experiments.staffing_decisions import FoundDecisions
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.experiments.staffing_trials import Trial
    from ccsim.results.staff_store import StaffFolder

LINE_EVERY: Final = 10.0
"""Seconds between two lines of progress."""


def staff(
    scenario: options.ScenarioFile,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            metavar="KEY=A..B:N|KEY=V1,V2",
            help="A decision, such as a vendor's share, and its values: the cheapest people are searched at each that "
            "may be the best; may be repeated.",
        ),
    ] = None,
    pools: Annotated[
        str | None, typer.Option(metavar="A,B", help="Change only these pools. Default: all that have a head count.")
    ] = None,
    between: Annotated[
        list[str] | None,
        typer.Option(metavar="POOL=10..80", help="Least and most people of a pool; may be repeated. Default: from 1."),
    ] = None,
    confidence: Annotated[
        str | None,
        typer.Option(
            metavar="95%", help="How sure it must be that the means of all goals meet their limits. Default: 95%."
        ),
    ] = None,
    probability: Annotated[
        str | None,
        typer.Option(
            metavar="90%",
            help="Ask for the probability that one replication meets all goals at once, in place of their means.",
        ),
    ] = None,
    max_replications: Annotated[
        int | None,
        typer.Option(
            min=2, help="Most replications of a plan, and those of the certificate. Default: 160; 32 from 12 pools on."
        ),
    ] = None,
    save: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write the plan as a variant to a file that extends the scenario, or into the scenario's own file.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the answer, its tables, page and workbook. Default: the answer is only printed."),
    ] = None,
    report: Annotated[
        bool, typer.Option("--report/--no-report", help="Make page and workbook of the search in --out.")
    ] = True,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the file of --save, and the search in --out, if they exist.")
    ] = False,
    seed: options.Seed = None,
    workers: options.Workers = None,
    set_: options.Settings = None,
    as_json: options.JsonInstead = False,
    anyway: options.Anyway = False,
    quiet: options.Quiet = False,
    allow_outside: options.AllowOutside = False,
) -> None:
    """Find the cheapest people by pool, in whole people on real rosters, that meet all goals of the scenario.

    FILE:NAME may name a question among the scenario's `searches:`, which says what may change and which goals to keep.
    A plan meets the goals if the interval of every goal's mean meets its limit, or, with --probability, if one
    replication meets all goals at once with that probability. The plan that is found is simulated again with fresh
    random numbers, and so is each with one person less; a plan that these refute is never the answer.

    Exit code 0: found and certified; 1: no plan within the bounds meets the goals; 2: bad input; 4: no plan was
    certified; 130 or 143: stopped (the best so far is printed, not certified).
    """
    from ccsim.commands.staff_asked import asked_of
    from ccsim.commands.staff_save import Saved
    from ccsim.experiments.staffing_asked import PeopleAsked
    from ccsim.experiments.staffing_pools import read_between

    began = time.monotonic()
    try:
        given = PeopleAsked(
            scenario,
            [one.strip() for one in (pools or "").split(",") if one.strip()],
            read_between(between or []),
            probability=None if probability is None else options.share_of(probability, "--probability"),
            most=max_replications,
            seed=seed,
            settings=set_ or [],
            workers=workers,
            anyway=anyway,
        )
        level = None if confidence is None else options.share_of(confidence, "--confidence")
        asked = asked_of(given, vary or [], level)
        saved = None if save is None else Saved(save, str(asked.people.source), force=force)
        place = None if out is None else _free(out, force=force)
        made = _searched(asked, quiet=quiet)
    except CcsimError as error:
        say(str(error), err=True)
        raise typer.Exit(error.exit_code) from None
    _tell(asked, made, as_json=as_json)
    answer = asked.answer_of(made)
    if saved is not None and answer.found is not None:
        run = saved.write(answer, asked.saved_with(made))
        say(f"saved: ccsim run {run}", err=True)
    if place is not None:
        _keep(asked, made, place, elapsed=time.monotonic() - began, report=report, quiet=as_json)
    if code := _code(made, answer):
        raise typer.Exit(code)


def _code(made: FoundStaff | FoundDecisions, answer: FoundStaff) -> int:
    if made.stopped:
        return STOPPED
    if answer.found is None:
        return NOT_POSSIBLE
    return 0 if made.certified else NOT_REACHED


def _searched(asked: StaffAsked, *, quiet: bool) -> FoundStaff | FoundDecisions:
    from ccsim.experiments.progress import Talk
    from ccsim.experiments.staffing_asked import Watch

    if quiet:
        return asked.searched(Watch(), None)
    with Talk() as talk:
        told = _Told(talk)
        return asked.searched(Watch(say=told.phase, told=told.look), told.done)


def _free(out: Path, *, force: bool) -> StaffFolder:
    from ccsim.results.staff_store import StaffFolder

    return StaffFolder(out, force=force)


def _keep(
    asked: StaffAsked,
    made: FoundStaff | FoundDecisions,
    place: StaffFolder,
    *,
    elapsed: float,
    report: bool,
    quiet: bool,
) -> None:
    """Store the search, and make its page and workbook."""
    from ccsim.experiments.staffing_duty import agents_on_duty
    from ccsim.experiments.staffing_kept import kept_search

    with ending():
        agents = agents_on_duty(asked.answer_of(made))
        kept = place.store(kept_search(made, asked.text, asked.given, elapsed=elapsed, agents=agents))
    if not quiet:
        say(f"Results: {place.shown}")
    if report and not (make_page(kept, "search", quiet=quiet) and make_workbook(kept, "search", quiet=quiet)):
        raise typer.Exit(STOPPED)


def _tell(asked: StaffAsked, made: FoundStaff | FoundDecisions, *, as_json: bool) -> None:
    from ccsim.experiments import staffing_decisions_said, staffing_said
    from ccsim.experiments.staffing_decisions import FoundDecisions

    if isinstance(made, FoundDecisions):
        over = made
        tell(
            lambda: staffing_decisions_said.document(over, asked.text),
            lambda: staffing_decisions_said.lines(over, asked.text, asked.given),
            as_json=as_json,
        )
        return
    alone = made
    tell(
        lambda: staffing_said.document(alone) | ({"question": asked.text} if asked.text else {}),
        lambda: (*([asked.text] if asked.text else []), *staffing_said.lines(alone, asked.given)),
        as_json=as_json,
    )


class _Told:
    """Lines of progress: every phase, and now and then how far it is."""

    def __init__(self, talk: Talk) -> None:
        self._talk, self._began = talk, time.monotonic()
        self._said = self._began
        self._plans = self._replications = 0
        self._values: tuple[int, int] | None = None

    def phase(self, text: str) -> None:
        self._talk.say(text)

    def done(self, values: int, of: int) -> None:
        """So many values of decisions are done, of so many."""
        self._values = values, of

    def look(self, trial: Trial, more: int) -> None:
        """A look at a plan, with so many replications more."""
        self._plans += more == trial.replications
        self._replications += more
        if time.monotonic() - self._said >= LINE_EVERY:
            self._said = time.monotonic()
            self._talk.say(self._line())

    def _line(self) -> str:
        """How far it is. How long a search will take is not known before its end, so nothing is said of that."""
        from ccsim.experiments.progress import short_time

        values = "" if self._values is None else f"{self._values[0]} of at most {self._values[1]} values, "
        since = short_time(self._said - self._began)
        return f"{values}{self._plans:,} plans and {self._replications:,} replications in {since}"
