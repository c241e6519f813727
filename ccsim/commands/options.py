"""Arguments and options of the commands: one home for each, so that they read alike everywhere.

Where `run` and `compare` say the same thing of other things (replications, paired replications), the two stand side by
side.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ccsim.errors import CcsimError


def share_of(text: str, option: str) -> float:
    """The share that an option says, `95%` or `0.95`; `CcsimError` that names the option."""
    from ccsim.text import scalars

    try:
        return scalars.share(text)
    except ValueError as error:
        raise CcsimError(f"{option}: {error}") from None


def _allow_outside(context: typer.Context, allowed: bool) -> bool:
    """Let scenarios read files from outside until the command ends."""
    from ccsim.text.within import files_from_outside

    context.with_resource(files_from_outside(allowed))
    return allowed


# ---- what is simulated
# -------------------------------------------------------------------------------------------------

ScenarioFile = Annotated[
    str, typer.Argument(help="File of the scenario; FILE:VARIANT for a variant.", show_default=False)
]
Variants = Annotated[
    list[str] | None, typer.Option("--variant", help="A named variant; may be repeated, later ones are applied on top.")
]
Settings = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one value; may be repeated.")
]
BaseFile = Annotated[
    str, typer.Argument(help="File of the base; FILE:VARIANT for a variant; or a run's folder.", show_default=False)
]
VariantFiles = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[VARIANT]...",
        help="What to compare it with: variants of its file, by name; other files, FILE:VARIANT; runs' folders.",
        show_default=False,
    ),
]
AllVariants = Annotated[bool, typer.Option("--all-variants", help="Compare with every variant of the base's file.")]


Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        metavar="KEY=A..B:N|KEY=V1,V2",
        help="A key that is varied: a range and its number of values, or a list; may be repeated: every combination.",
    ),
]

FollowWork = Annotated[
    str,
    typer.Option(
        "--staff",
        metavar="keep occupancy|keep goals",
        help="People follow the work: in proportion to it, or the cheapest at each point that meet all goals.",
    ),
]

FollowOccupancy = Annotated[
    str,
    typer.Option(
        "--staff",
        metavar="'keep occupancy'",
        help="People follow the work that an input moves, in whole people. Default: they stay, and volume, handle time "
        "or a bot move the cost little.",
    ),
]

# ---- how often, with which random numbers
# -------------------------------------------------------------------------------------

Replications = Annotated[int | None, typer.Option(min=1, help="Independent replications. Default: the scenario's.")]
PairedReplications = Annotated[int | None, typer.Option(min=2, help="Paired replications. Default: the base's.")]
Seed = Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers. Default: the scenario's.")]
BaseSeed = Annotated[int | None, typer.Option(min=0, help="Seed of all random numbers. Default: the base's.")]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Threads; results do not depend on them. Default: one per processor.")
]
UntilWhat = Annotated[
    str | None,
    typer.Option(
        metavar="decided|precision=5%|best=KPI,within=N",
        help="Add replications until it is decided which meet all goals and which is the cheapest, until the "
        "differences on the goals are as precise as this, or until one is chosen as the best by a KPI, where "
        "differences within N do not matter (cost_per_day,within=500).",
    ),
]
UntilPoints = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="decided|precision=5%",
        help="Give each point as many replications as it takes: until it is decided whether it meets all goals, or "
        "until the KPIs of the goals are as precise as this. --replications are then those of the first look.",
    ),
]
MaxReplications = Annotated[int | None, typer.Option(min=2, help="Most replications with --until. Default: 200.")]
MaxTime = Annotated[str | None, typer.Option(metavar="30m", help="Longest time with --until.")]

Scheduler = Annotated[
    str,
    typer.Option(
        metavar="tcp://HOST:PORT",
        help="Simulate on the workers of a Dask cluster, with the same results. Default: this machine.",
    ),
]
Processes = Annotated[
    bool | None,
    typer.Option(
        "--processes/--threads",
        help="Whether each worker is a process or a thread; the results are the same. Default: what is faster.",
    ),
]

# ---- where it goes --------------------------------------------------------------------------------------------------

RunOut = Annotated[
    Path | None, typer.Option(help="Folder for the results. Default: runs/SCENARIO-VARIANT-N, N from 1.")
]
ComparisonOut = Annotated[
    Path | None,
    typer.Option(help="Folder for the results; an unfinished comparison there is resumed. Default: runs/..."),
]
SweepOut = Annotated[Path | None, typer.Option(help="Folder for the results. Default: runs/sweep-SCENARIO-N.")]
DriversOut = Annotated[Path | None, typer.Option(help="Folder for the results. Default: runs/drivers-SCENARIO-N.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with the sweep that is in --out; what is finished is not run again.")
]
ResumeSearch = Annotated[
    bool, typer.Option("--resume", help="Go on with the search in --out; nothing is simulated twice.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Check everything, print what would be run and how long; run nothing.")
]
AllowOutside = Annotated[
    bool,
    typer.Option(
        "--allow-outside", help="Let scenarios read files from outside their own folder.", callback=_allow_outside
    ),
]
Anyway = Annotated[
    bool,
    typer.Option(
        "--anyway", help="Run even if it is expected never to end, to take over a day, or not to fit in memory."
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="kernel|reference",
        help="What simulates it: the compiled kernel, or the reference engine in plain SimPy: slow, same results.",
    ),
]
ForceRun = Annotated[bool, typer.Option("--force", help="Replace the run that is in --out.")]
ForceComparison = Annotated[bool, typer.Option("--force", help="Replace the finished comparison that is in --out.")]
Visits = Annotated[bool, typer.Option("--visits", help="Keep one row per visit (visits.parquet).")]
RunPage = Annotated[
    bool, typer.Option("--report/--no-report", help="Make the page of the run, report.html in its folder.")
]
ComparisonPage = Annotated[
    bool, typer.Option("--report/--no-report", help="Make the page of the comparison, report.html in its folder.")
]
SweepPage = Annotated[
    bool, typer.Option("--report/--no-report", help="Make the page of the sweep, report.html in its folder.")
]
SearchPage = Annotated[
    bool, typer.Option("--report/--no-report", help="Make the page of the search, report.html in its folder.")
]

Best = Annotated[
    str | None,
    typer.Option(
        "--best",
        metavar="KPI",
        help="Of a finished sweep (name its folder): the best point by this KPI that meets --where, or all goals.",
    ),
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        "--where", metavar="'KPI >= LIMIT'", help="With --best: a limit that a point is shown to keep; may be repeated."
    ),
]

# ---- what is said of it ---------------------------------------------------------------------------------------------

Kpis = Annotated[
    list[str] | None, typer.Option("--kpi", metavar="KPI", help="Print this KPI, by every split; may be repeated.")
]
KeptKpis = Annotated[
    list[str] | None,
    typer.Option("--kpi", metavar="KPI", help="Keep this KPI, too, and print it point by point; may be repeated."),
]
EveryKpi = Annotated[bool, typer.Option("--all", help="Print every KPI of the whole, not only the main ones.")]
Days = Annotated[
    list[str] | None,
    typer.Option(metavar="2026-06-16|mon-fri", help="Look at these days on their own; may be repeated."),
]
Hours = Annotated[str | None, typer.Option(metavar="09:00-12:00", help="Look at these hours of the days.")]
RequireGoals = Annotated[
    bool, typer.Option("--require-goals", help="Exit with 3 if a goal fails, with 4 if one is inconclusive.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing on stderr but errors.")]
JsonInstead = Annotated[bool, typer.Option("--json", help="Print one JSON document and no tables.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
