"""What `ccsim run` does, once its words are understood."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ccsim.commands.output import flush, say
from ccsim.commands.own_page import make_page
from ccsim.commands.page_aside import PageAside, page_loads
from ccsim.errors import CcsimError
from ccsim.exits import DONE, OF_VERDICT, STOPPED
from ccsim.kpis.verdicts import verdict_of_goals

if TYPE_CHECKING:
    from ccsim.api import Prepared
    from ccsim.experiments.plan import FirstWord
    from ccsim.metrics.sums import Sums
    from ccsim.results.run import Run

SLOW: Final = (
    "the reference engine is slow, some thousand contacts a second: it is for small studies;"
    " without --engine reference the results are the same"
)

PRINTED_SECONDS: Final = 0.2
"""Wait for the first lines to be printed; where nobody takes them, the tables are written meanwhile."""


def ran(
    scenario: str,
    *,
    variants: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    settings: Sequence[str] = (),
    visits: bool = False,
    report: bool = True,
    as_json: bool = False,
    require_goals: bool = False,
    force: bool = False,
    anyway: bool = False,
    engine: str = "kernel",
    quiet: bool = False,
) -> int:
    """Check, simulate, tell and store a scenario and make its page; the exit code. Parameters as the command's
    options."""
    with PageAside() as aside:
        word = _FirstWord(as_json=as_json, aside=aside if report else None)
        try:
            prepared, place = _check(
                scenario,
                out,
                force=force,
                replications=replications,
                seed=seed,
                workers=workers,
                visits=visits,
                variants=variants,
                settings=settings,
                anyway=anyway,
                engine=engine,
            )
            for remark in prepared.plan.remarks:
                if remark.kind == "warning":
                    say(str(remark), err=True)
            if prepared.plan.engine == "reference":
                say(SLOW, err=True)
            made = _simulate(prepared, place, word, force=force, quiet=quiet)
        except CcsimError as error:
            say(str(error), err=True)
            return error.exit_code
        except KeyboardInterrupt as stopped:
            why = "nothing was finished, nothing" if str(stopped) else "at once, before it was stored: nothing"
            say(f"stopped: {why} is kept", err=True)
            return STOPPED
        word.end(made)
        if report and not make_page(made, "run", quiet=as_json, aside=aside):
            return STOPPED
    if made.stopped:
        return STOPPED
    return OF_VERDICT[verdict_of_goals(made.goals)] if require_goals else DONE


def _check(scenario: str, out: Path | None, *, force: bool, **given: Any) -> tuple[Prepared, Path]:
    """Everything that can be wrong, before anything is simulated or written; all faults at once."""
    from ccsim.commands.prepared_aside import prepared_aside
    from ccsim.results.places import check_place, free_place

    faults: list[str] = []
    prepared = None
    try:
        prepared = prepared_aside(scenario, command=sys.argv, **given)
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


def _simulate(prepared: Prepared, place: Path, word: _FirstWord, *, force: bool, quiet: bool) -> Run:
    from ccsim.experiments import progress

    if quiet:
        return prepared.simulate(out=place, force=force, warn=progress.say, first=word.asked())
    with progress.Talk() as talk:
        return prepared.simulate(out=place, force=force, progress=talk, warn=talk.say, first=word.asked())


class _FirstWord:
    """Prints goals and KPIs before the run is stored, and where it is after that.

    A run is worth more than its lines, so these hold up nothing: a thread of their own prints them, and what goes wrong
    (nobody reads any more, a full disk) is raised once the run is stored.
    """

    def __init__(self, *, as_json: bool, aside: PageAside | None) -> None:
        self._as_json, self._aside = as_json, aside
        self._wrong: Exception | None = None
        self._printing: threading.Thread | None = None

    def asked(self) -> FirstWord:
        from ccsim.commands.run_text import KPIS_TOLD, SCOPES_TOLD
        from ccsim.experiments.plan import FirstWord

        meanwhile = () if self._aside is None else page_loads()
        return FirstWord(KPIS_TOLD, SCOPES_TOLD, meanwhile, self._begin, self._tell, self._whole)

    def _begin(self, run: Run, sums: Sums) -> None:
        if self._aside is not None:
            self._aside.begin_page(run, sums)

    def _tell(self, run: Run) -> None:
        from ccsim.commands.run_text import first_lines

        lines = [] if self._as_json else first_lines(run, colour=sys.stdout.isatty())
        text = "\n".join(lines)
        if self._as_json:
            return
        self._printing = threading.Thread(target=self._print, args=(text,), daemon=True)
        self._printing.start()
        self._printing.join(PRINTED_SECONDS)

    def _print(self, text: str) -> None:
        try:
            say(text)
            flush()
        except Exception as error:  # noqa: BLE001 - raised at the end
            self._wrong = error

    def _whole(self, run: Run) -> None:
        if self._aside is not None:
            self._aside.estimated(run.estimates)

    def end(self, run: Run) -> None:
        from ccsim.commands.run_text import document, last_lines

        if self._as_json:
            say(json.dumps(document(run), indent=1, ensure_ascii=False, allow_nan=False))
            return
        if self._printing is not None:
            self._printing.join()
        if self._wrong is not None:
            raise self._wrong
        say("\n".join(last_lines(run)))
        flush()
