"""A run in a few lines: its goals, then its main KPIs; on a terminal, in Python and in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.shown import names_in
from ccsim.results.text import ends_of, few, limits_of, period_of, shown

if TYPE_CHECKING:
    from ccsim.results.run import Run

Row = Mapping[str, Any]
Title = Callable[[str], str]
"""From the name of a KPI to how it is called."""


def summary(run: Run) -> str:
    """The run as text: how it was simulated, goals, main KPIs by the names that `run.estimate` takes."""
    goals = [goal_cells(goal) for goal in run.goals]
    warning = few(run.replications)
    return "\n".join(
        [_simulated(run), *([warning] if warning else []), *aligned(goals), *aligned(list(main_cells(run)))]
    )


def summary_html(run: Run) -> str:
    """The same as HTML, for a notebook."""
    parts = [f"<p>{escape(' '.join(filter(None, (_simulated(run), few(run.replications)))))}</p>"]
    for title, rows in (("Goals", [goal_cells(goal) for goal in run.goals]), ("Main KPIs", list(main_cells(run)))):
        if rows:
            lines = "".join(f"<tr>{''.join(f'<td>{escape(cell.strip())}</td>' for cell in row)}</tr>" for row in rows)
            parts.append(f"<table><caption>{title}</caption><tbody>{lines}</tbody></table>")
    return "".join(parts)


def _simulated(run: Run) -> str:
    how = "95 % intervals" if run.replications > 1 else "no intervals"
    replications = f"{run.replications} replication{'s' * (run.replications != 1)}"
    stopped = ", stopped" if run.stopped else ""
    return f"{run.name}: {replications}{stopped}, {how}, seed {run.provenance.get('seed')}, digest {run.digest[:12]}"


def goal_cells(goal: Row, title: Title = str) -> list[str]:
    """A goal against the run: verdict, KPI, target, estimate, how often it was met, the rule."""
    verdict = "  FAIL" if goal["verdict"] == "fail" else f"  {goal['verdict']}"
    scope = " ".join(f"{what} {name}" for what, name in goal["scope"].items())
    name = within(title(goal["kpi"]), goal["threshold_s"]) + (f" ({scope})" if scope else "")
    value = shown(goal["estimate"], ends_of(goal), goal["unit"])
    if goal["probability"] is None:
        chance = goal["note"]
    else:
        count = round(goal["probability"] * goal["replications"])
        chance = f"met in {count} of {goal['replications']} replications"
    told = "; ".join(filter(None, (_rule(goal), period_of(goal))))
    return [verdict, name, limits_of(goal), value, chance, told]


def main_cells(run: Run, title: Title = str) -> Iterator[list[str]]:
    """The main KPIs: name, estimate, and the rule or why there is no estimate."""
    for row in main_rows(run):
        value = shown(row["estimate"], ends_of(row), row["unit"])
        note = row["note"] if row["estimate"] is None else ""
        yield [f"  {within(title(row['kpi']), row['threshold_s'])}{work_said(row['scope'])}", value, note or _rule(row)]


def main_rows(run: Run) -> list[dict[str, Any]]:
    """Estimates of the main KPIs in their order, without those that say nothing of this run.

    Where there is live and deferred work, KPIs of live work are of that alone: the waits of others are of another kind.
    """
    from ccsim.results.parquet import plain_rows

    estimates, main = run.estimates, names_in("main KPIs")
    mixed = set(estimates.loc[estimates["scope"] == "kind", "name"]) == {"live", "deferred"}
    chosen = estimates[estimates["kpi"].isin(main) & estimates["scope"].isin(["all", "kind"])]
    wanted = {kpi: told_of(kpi, mixed=mixed) for kpi in main}
    rows = [row for row in plain_rows(chosen) if (row["scope"], row["name"]) == wanted[row["kpi"]] and _tells(row)]
    return sorted(rows, key=lambda row: (main.index(row["kpi"]), row["threshold_s"] or 0))


def told_of(kpi: str, *, mixed: bool) -> tuple[str, str]:
    """Scope and name of the work that a KPI is told of: with live and deferred work (`mixed`) never of both their
    waits together.
    """
    return ("kind", "live") if mixed and KPIS[kpi].work == "live" else ("all", "all")


def work_said(scope: str) -> str:
    """What stands behind the title of a KPI that is told of live work alone."""
    return " (live)" if scope == "kind" else ""


def _tells(row: Row) -> bool:
    """Whether a main KPI says anything of this run."""
    listed = KPIS[row["kpi"]].listed
    return listed == "always" or (row["estimate"] is not None if listed == "if known" else bool(row["estimate"]))


def within(title: str, threshold_s: float | None) -> str:
    """What a KPI is called, with its threshold where it has one."""
    return title if threshold_s is None else f"{title}, {threshold_s:g} s"


def _rule(row: Row) -> str:
    return str(row["method"]).partition(";")[0] if row["threshold_s"] is not None else ""


def aligned(rows: Sequence[Sequence[str]], words: Sequence[bool] | None = None) -> Iterator[str]:
    """Columns under each other; `words`: which are of words, to the left, others to the right; default all."""
    if not rows:
        return
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    put = [str.ljust if left else str.rjust for left in words or [True] * len(widths)]
    for row in rows:
        yield "  ".join(side(cell, width) for side, cell, width in zip(put, row, widths, strict=True)).rstrip()
