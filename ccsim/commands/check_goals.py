"""`ccsim check-goals`: do the goals of a stored run pass, fail, or is it not yet known?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccsim.commands.options import Json
from ccsim.commands.output import ending, reading, say
from ccsim.errors import CcsimError
from ccsim.exits import OF_VERDICT
from ccsim.kpis.verdicts import verdict_of_goals

if TYPE_CHECKING:
    from ccsim.results.run import Run


def check_goals(
    run: Annotated[Path, typer.Argument(help="Folder of a run.", show_default=False)],
    junit: Annotated[Path | None, typer.Option(help="Also write a JUnit file, for continuous integration.")] = None,
    as_json: Json = False,
) -> None:
    """Judge every goal by its interval: pass, fail, or inconclusive where the interval straddles the limit.

    The simulator is not loaded. Exit code 0: all pass; 2: no run there, or a run without goals; 3: a goal fails; 4:
    none fails, but one is inconclusive; 5: the folder is damaged.
    """
    from ccsim.results.junit import check_junit_place, write_junit
    from ccsim.results.run import Run

    with ending():
        with reading(run):
            made = Run.read(run)
        if not made.goals:
            raise CcsimError(f"{run}: the run has no goals")
        if junit is not None:
            check_junit_place(junit)
        with reading(run):
            judged = _judged(made)
            cases = [_case(one) for one in judged]
        if junit is not None:
            write_junit(junit, made.name, cases)
    if as_json:
        document = {"run": made.name, "digest": made.digest, "replications": made.replications, "goals": judged}
        say(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        for one in judged:
            say(f"{one['verdict'].upper() if one['verdict'] == 'fail' else one['verdict']:12}  {_line(one)}")
    if code := OF_VERDICT[verdict_of_goals(judged)]:
        raise typer.Exit(code)


def _judged(run: Run) -> list[dict[str, Any]]:
    from ccsim.metrics.paired import title_of
    from ccsim.results.text import limits_of

    judged = []
    for goal in run.goals:
        scope = "".join(f" ({what} {name})" for what, name in goal["scope"].items())
        name = f"{title_of(goal['kpi'], goal['threshold_s'])}{scope}, {limits_of(goal)}"
        judged.append({"name": name} | goal)
    return judged


def _case(one: dict[str, Any]) -> Any:
    from ccsim.results.junit import Case

    return Case(one["name"], one["verdict"], _found(one))


def _line(one: dict[str, Any]) -> str:
    return f"{one['name']}: {_found(one)}"


def _found(one: dict[str, Any]) -> str:
    from ccsim.results.text import ends_of, period_of, shown

    value = shown(one["estimate"], ends_of(one), one["unit"])
    return "; ".join(filter(None, (value, period_of(one), one["why"])))
