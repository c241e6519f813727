"""What `ccsim run` prints of uncertain inputs: how replications differ, what of it the inputs do, goals by week."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.shown import names_in
from ccsim.results.summary import aligned, within
from ccsim.results.text import limits_of, rounded, three_digits

if TYPE_CHECKING:
    from ccsim.results.run import Run

MOST_WEEKS: Final = 8
"""More weeks are in the table only."""

Row = dict[str, Any]


def spread_lines(run: Run) -> Iterator[str]:
    """Lines for a run with uncertain inputs; none without."""
    from ccsim.results.parquet import plain_rows

    if run.spread is None or run.inputs is None:
        return
    rows = plain_rows(run.spread)
    whole = [row for row in rows if row["period"] == "all"]
    goals = {int(row["goal"]): row for row in whole if row["goal"]}
    pairs = max((row["pairs"] for row in whole), default=0)
    names = ", ".join(dict.fromkeys(run.inputs["input"]))
    yield ""
    yield f"  uncertain: {names}; one replication is one of the years that may come"
    head = ["  by replication", "P10", "P50", "P90", "of the variance the inputs do" if pairs else ""]
    main = names_in("main KPIs")
    others = [row for row in whole if not row["goal"] and row["kpi"] in main and _differs(row, goals)]
    told = (*goals.values(), *others)
    table = [
        [f"  {_title(row)}", *(number_of(row[name], row["unit"]) for name in ("p10", "p50", "p90")), share_of(row)]
        for row in told
    ]
    yield from aligned([head, *table], [True, False, False, False, True])
    if pairs:
        yield f"  ({pairs} replications were simulated twice, with the same inputs and other contacts)"
    weeks = [row for row in rows if row["period"] == "week"]
    if len({row["start"] for row in weeks}) > 1:
        yield "  (by week: in spread.csv, and on the page)"
    yield from _by_week(run, weeks)


def _differs(row: Row, goals: dict[int, Row]) -> bool:
    """Whether a main KPI differs between replications, and is not told as that of a goal."""
    told = {(goal["kpi"], goal["scope"], goal["name"], goal["threshold_s"]) for goal in goals.values()}
    return bool(row["sd"]) and (row["kpi"], row["scope"], row["name"], row["threshold_s"]) not in told


def _by_week(run: Run, rows: list[Row]) -> Iterator[str]:
    weeks = list(dict.fromkeys(row["start"] for row in rows))
    if len(weeks) < 2:
        return
    for number, goal in enumerate(run.goals):
        mine = [row for row in rows if row["goal"] == str(number)]
        if not mine:
            continue
        yield ""
        table = [[f"  {_title(mine[0])} {limits_of(goal)}", "P10", "P50", "P90", "met"]]
        for row in mine[:MOST_WEEKS]:
            cells = [number_of(row[name], row["unit"]) for name in ("p10", "p50", "p90")]
            table.append([f"  {week_of(row)}", *cells, met_of(row)])
        yield from aligned(table, [True, False, False, False, True])
        if len(mine) > MOST_WEEKS:
            more = len(mine) - MOST_WEEKS
            yield f"  {more} more week{'s are' if more > 1 else ' is'} in spread.csv"


def week_of(row: Row) -> str:
    """A week in words."""
    return f"week of {row['start']}" + ("" if row["whole"] else ", in part")


def met_of(row: Row) -> str:
    """How probable it is that the goal's limit is met: `85 % (64 to 95 %)`."""
    if row["met"] is None:
        return "-"
    return f"{percent(row['met'])} % ({percent(row['met_low'])} to {percent(row['met_high'])} %)"


def share_of(row: Row) -> str:
    """The inputs' share of the variance, with its interval, or why there is none."""
    if row["from_inputs"] is None:
        return str(row["note"]) if row["pairs"] else ""
    told = f"{percent(row['from_inputs'])} %"
    if row["from_inputs_low"] == row["from_inputs_high"]:
        return f"{told}, {row['note']}" if row["note"] else told
    ends = f"({percent(row['from_inputs_low'])} to {percent(row['from_inputs_high'])} %)"
    return f"{told} {ends}" + (f", {row['note']}" if row["note"] else "")


def percent(share: float) -> str:
    """A share in whole per cent."""
    return rounded(share * 100, 0)


def number_of(value: float | None, unit: str) -> str:
    """A number with its unit."""
    if value is None:
        return "-"
    if unit == "share":
        return f"{rounded(value * 100, 1)} %"
    return f"{three_digits(value)} {unit}"


def _title(row: Row) -> str:
    about = "" if row["scope"] == "all" else f" ({row['name'].replace('+', ' ')})"
    return within(KPIS[row["kpi"]].title, row["threshold_s"]) + about


def spread_document(run: Run) -> dict[str, Any]:
    """The same for `--json`: every row of the table `spread`; nothing without uncertain inputs."""
    from ccsim.results.parquet import plain_rows

    if run.spread is None or run.inputs is None:
        return {}
    return {"uncertain": {"inputs": list(dict.fromkeys(run.inputs["input"])), "spread": plain_rows(run.spread)}}
