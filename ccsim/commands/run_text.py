"""What `ccsim run` prints: goals first, then the main KPIs, then where the results are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ccsim.metrics.kpis import KPIS
from ccsim.metrics.text import half_width, plain, shown
from ccsim.results.parquet import plain_rows
from ccsim.results.run import Run

MAIN: Final = (
    "arrived_per_day",
    "service_level",
    "mean_wait",
    "asa",
    "wait_p95",
    "abandonment",
    "blocked",
    "closed",
    "aht",
    "agents",
    "occupancy",
    "escalation_rate",
    "repeat_rate",
    "cost_per_contact",
)
"""KPIs that are printed, in this order."""

ONLY_IF_ANY: Final = ("blocked", "closed", "escalation_rate", "repeat_rate")
"""Of these, those that are left out where they are 0."""

_GREEN, _RED, _PLAIN = "\033[32m", "\033[31m", "\033[0m"


def document(run: Run) -> dict[str, Any]:
    """The run as one JSON document: what it is, its goals, its estimates."""
    return {
        "run": run.name,
        "folder": None if run.folder is None else str(run.folder),
        "digest": run.digest,
        "seed": run.provenance.get("seed"),
        "replications": run.replications,
        "stopped": run.stopped,
        "goals": list(run.goals),
        "estimates": plain_rows(run.estimates),
    }


def lines(run: Run, *, colour: bool = False) -> Iterator[str]:
    """The run for people, line by line."""
    colour = colour and not os.environ.get("NO_COLOR")
    if run.goals:
        yield "Goals"
        yield from _aligned([_goal(goal) for goal in run.goals], colour=colour)
        yield ""
    plays = f"{run.replications} replication{'s' * (run.replications != 1)}"
    how = ", 95 % intervals" if run.replications > 1 else ", no intervals"
    yield f"{run.name}: {plays}{how}, seed {run.provenance.get('seed')}"
    yield from _aligned(list(_main(run)))
    left = int(run.tables["replications"]["open_at_end"].sum())
    if left:
        yield f"  {left} contacts had not ended when play ended; ratios leave them out"
    yield ""
    yield f"Results: {run.folder}" if run.folder is not None else "Results were not stored"
    yield f"Digest:  {run.digest}"


def _main(run: Run) -> Iterator[list[str]]:
    rows = [row for row in plain_rows(run.estimates) if row["scope"] == "all" and row["kpi"] in MAIN]
    rows.sort(key=lambda row: (MAIN.index(row["kpi"]), row["threshold_s"] or 0))
    for row in rows:
        if row["estimate"] is None and row["kpi"] == "cost_per_contact":
            continue
        if row["kpi"] in ONLY_IF_ANY and not row["estimate"]:
            continue
        value = shown(row["estimate"], half_width(row), row["unit"])
        note = row["note"] if row["estimate"] is None else ""
        yield [f"  {_title(row['kpi'], row['threshold_s'])}", value, note or _rule(row)]


def _title(kpi: str, threshold_s: float | None) -> str:
    title = KPIS[kpi].title
    return title if threshold_s is None else f"{title}, {threshold_s:g} s"


def _rule(row: Mapping[str, Any]) -> str:
    return str(row["method"]).partition(";")[0] if row["threshold_s"] is not None else ""


def _goal(goal: Mapping[str, Any]) -> list[str]:
    verdict = {True: "  pass", False: "  FAIL", None: "  not known"}[goal["met"]]
    scope = " ".join(f"{what} {name}" for what, name in goal["scope"].items())
    title = _title(goal["kpi"], goal["threshold_s"]) + (f" ({scope})" if scope else "")
    limits = [
        f"{word} {plain(goal[key], goal['unit'])}"
        for key, word in (("at_least", "at least"), ("at_most", "at most"))
        if goal[key] is not None
    ]
    value = shown(goal["estimate"], half_width(goal), goal["unit"])
    if goal["probability"] is None:
        chance = goal["note"]
    else:
        count = round(goal["probability"] * goal["replications"])
        chance = f"met in {count} of {goal['replications']} replications"
    return [verdict, title, " and ".join(limits), value, chance, _rule(goal)]


def _aligned(rows: Sequence[Sequence[str]], *, colour: bool = False) -> Iterator[str]:
    """Columns under each other; the verdict in colour where asked for."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        if colour:
            paint = {"pass": _GREEN, "FAIL": _RED}.get(row[0].strip())
            if paint:
                line = line.replace(row[0].strip(), f"{paint}{row[0].strip()}{_PLAIN}", 1)
        yield line
