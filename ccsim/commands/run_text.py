"""What `ccsim run` prints: goals first, then the main KPIs, then where the results are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, Final

from ccsim.commands.restored_text import restored_lines
from ccsim.commands.spread_text import spread_document, spread_lines
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.places import KpiLine, Place
from ccsim.kpis.shown import lines_in, names_in
from ccsim.results.run import Run
from ccsim.results.summary import aligned, goal_cells, main_cells
from ccsim.results.text import ends_of, few, short

_PLACES: Final[tuple[Place, ...]] = ("main KPIs", "terminal by channel", "terminal by vendor")
KPIS_TOLD: Final = tuple(dict.fromkeys(name for place in _PLACES for name in names_in(place)))
"""KPIs that the lines of a run tell of."""
SCOPES_TOLD: Final = ("all", "kind", "channel", "vendor", "site")
"""Scopes that they tell of, or look at."""

_GREEN, _RED, _PLAIN = "\033[32m", "\033[31m", "\033[0m"


def document(run: Run) -> dict[str, Any]:
    """The run as one JSON document: what it is, its goals, its estimates."""
    from ccsim.metrics.restored import restored_table
    from ccsim.results.parquet import plain_rows

    return {
        "run": run.name,
        "folder": None if run.folder is None else str(run.folder),
        "digest": run.digest,
        "seed": run.provenance.get("seed"),
        "replications": run.replications,
        "few_replications": few(run.replications) or None,
        "stopped": run.stopped,
        "goals": list(run.goals),
        "estimates": plain_rows(run.estimates),
        "restored": plain_rows(restored_table(run.tables, run.measured)),
    } | spread_document(run)


def lines(run: Run, *, colour: bool = False) -> Iterator[str]:
    """The run for people, line by line."""
    yield from first_lines(run, colour=colour)
    yield from last_lines(run)


def first_lines(run: Run, *, colour: bool = False) -> Iterator[str]:
    """Goals and KPIs: what can be told of `KPIS_TOLD` and `SCOPES_TOLD` alone, before the run is stored."""
    colour = colour and not os.environ.get("NO_COLOR")
    if run.goals:
        yield "Goals"
        yield from _painted([goal_cells(goal, _title) for goal in run.goals], colour=colour)
        yield ""
    replications = f"{run.replications} replication{'s' * (run.replications != 1)}"
    how = ", 95 % intervals" if run.replications > 1 else ", no intervals"
    yield f"{run.name}: {replications}{how}, seed {run.provenance.get('seed')}"
    if few(run.replications):
        yield f"  {few(run.replications)}"
    yield from aligned(list(main_cells(run, _title)))
    yield from restored_lines(run)
    yield from _split(run, "channel", lines_in("terminal by channel"))
    yield from _split(run, "vendor", lines_in("terminal by vendor"))
    yield from spread_lines(run)
    left = int(run.tables["replications"]["open_at_end"].sum())
    if left:
        yield f"  {left} contacts had not ended when the run ended; ratios leave them out"


def last_lines(run: Run) -> Iterator[str]:
    """Where the results are."""
    yield ""
    yield f"Results: {run.folder}" if run.folder is not None else "Results were not stored"
    yield f"Digest:  {run.digest}"


def _split(run: Run, scope: str, columns: Sequence[KpiLine]) -> Iterator[str]:
    """A short table by one scope, for runs with sites; lines and columns without any value are left out."""
    from ccsim.results.parquet import plain_rows

    estimates = run.estimates
    if "site" not in set(estimates["scope"]):
        return
    mine = estimates[(estimates["scope"] == scope) & estimates["kpi"].isin([line.kpi for line in columns])]
    cells: dict[tuple[str, str], str] = {}
    for row in plain_rows(mine):
        if (row["name"], row["kpi"]) not in cells:  # the first threshold
            cells[row["name"], row["kpi"]] = short(row["estimate"], ends_of(row), row["unit"].partition("/")[0])
    queues = run.tables["queues"]
    for name in queues.loc[queues["kind"] == "deferred", "channel"].unique():
        for line in columns:
            if KPIS[line.kpi].by_threshold:
                cells.pop((str(name), line.kpi), None)  # seconds are no measure of deferred work
    names = sorted({row["name"] for row in plain_rows(mine) if row["estimate"]})
    if len(names) < 2:
        return
    kept = [line for line in columns if any(cells.get((name, line.kpi), "-") != "-" for name in names)]
    yield ""
    head = [f"  by {scope}", *(line.head for line in kept)]
    table = [[f"  {name}", *(_bare(cells.get((name, line.kpi), "-")) for line in kept)] for name in names]
    yield from aligned([head, *table], [True] + [False] * len(kept))


def _bare(text: str) -> str:
    """Without units that the head of the column says already."""
    return text.removesuffix(" contacts").removesuffix(" agents")


def _title(kpi: str) -> str:
    return KPIS[kpi].title


def _painted(rows: Sequence[Sequence[str]], *, colour: bool) -> Iterator[str]:
    """Goals under each other; the verdict in colour where asked for."""
    for row, line in zip(rows, aligned(rows), strict=True):
        verdict = row[0].strip()
        paint = {"pass": _GREEN, "FAIL": _RED}.get(verdict) if colour else None
        yield line.replace(verdict, f"{paint}{verdict}{_PLAIN}", 1) if paint else line
