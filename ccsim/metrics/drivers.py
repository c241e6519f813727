"""Effects of inputs that were moved one at a time: on each goal and on the cost, ranked, with what is significant."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.errors import CcsimError
from ccsim.kpis.definitions import MAIN_COST
from ccsim.kpis.shown import names_in
from ccsim.metrics.paired import LEVEL, title_of
from ccsim.results.parquet import plain_rows
from ccsim.special_functions import stdtr

if TYPE_CHECKING:
    import pandas as pd

    from ccsim.results.sweep import Sweep

SIDES: Final = ("low", "high")
EFFECTS: Final = (
    "target", "kpi", "scope", "name", "threshold_s", "unit", "rank", "driver", "kind", "end", "value", "point",
    "base", "result", "difference", "low", "high", "standard_error", "p_value", "significant", "note",
)  # fmt: skip
"""Columns of the effects: a row for each target, input and end of it. `low` and `high` are the paired 95 % interval;
`p_value` is adjusted (Holm) for all effects on the target."""

Row = dict[str, Any]


def is_of_drivers(made: Sweep) -> bool:
    """Whether a sweep moved one input at a time."""
    return bool(made.provenance.get("drivers"))


def effects(made: Sweep, kpis: Sequence[str] = ()) -> pd.DataFrame:
    """The effects of a sweep that `ccsim.experiments.drivers` made, by target and rank; columns `EFFECTS`.

    Targets are cost, the goals, and `kpis`. An input's rank on a target is by its larger effect, of both ends.
    `CcsimError` if the sweep moved something else.
    """
    import pandas as pd

    return pd.DataFrame([row for one in by_target(made, kpis) for row in one[1]], columns=list(EFFECTS))


def by_target(made: Sweep, kpis: Sequence[str] = ()) -> Iterator[tuple[str, list[Row]]]:
    """Title of each target, and its effects by rank; one that nothing is known of is left out."""
    if not is_of_drivers(made):
        raise CcsimError(f"{made.name}: is no sweep of drivers: its points do not move one input at a time")
    rows = plain_rows(made.kpis)
    goals = [row for row in plain_rows(made.goals) if row["point"] == 0]
    wanted: list[tuple[str, str, str]] = [(MAIN_COST, "all", "all")]
    wanted += [(goal["kpi"], "goal", str(goal["goal"])) for goal in goals]
    wanted += [(kpi, "all", "all") for kpi in [*(() if goals else names_in("sweep without goals")), *kpis]]
    seen = set()
    for kpi, scope, name in wanted:
        found = {
            row["point"]: row for row in reversed(rows) if (row["kpi"], row["scope"], row["name"]) == (kpi, scope, name)
        }
        if (
            (kpi, scope, name) in seen
            or not found
            or (kpi == MAIN_COST and not any(r["value"] for r in found.values()))
        ):
            continue
        seen.add((kpi, scope, name))
        title = _title(kpi, next(iter(found.values())), goals[int(name)] if scope == "goal" else None)
        yield title, list(_ranked(title, found, made.provenance["drivers"]))


def _title(kpi: str, row: Row, goal: Row | None) -> str:
    where = goal["asked"].partition("(")[2].partition(")")[0] if goal else ""
    return f"{title_of(kpi, row['threshold_s'])}{f' ({where})' if where else ''}"


def _ranked(title: str, found: Mapping[int, Row], told: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    rows: list[list[Row]] = []
    for one in told:
        sides = []
        for end, words in zip(SIDES, one["ends"], strict=True):
            point = one[end]
            row = None if point is None else found.get(point)
            if row is not None:
                sides.append(_effect(title, one, end, words, row))
        if sides:
            rows.append(sides)
    _adjust([row for sides in rows for row in sides])
    rows.sort(key=lambda sides: -max(_size(row) for row in sides))  # stable: equal ones stay as they are told
    for rank, sides in enumerate(rows, 1):
        yield from (row | {"rank": rank} for row in sides)


def _size(row: Row) -> float:
    return -1.0 if row["difference"] is None else abs(row["difference"])


def _effect(title: str, one: Mapping[str, Any], end: str, words: str, row: Row) -> Row:
    same = ("kpi", "scope", "name", "threshold_s", "unit", "point", "base", "difference", "low", "high",
            "standard_error", "note")  # fmt: skip
    made = {key: row[key] for key in same}
    about = {"target": title, "driver": one["driver"], "kind": one["kind"], "end": end, "value": words}
    return made | about | {"result": row["value"], "p_value": _p_value(row)}


def _p_value(row: Row) -> float | None:
    """Of Student's paired test that there is no effect; None where there is none to test."""
    if row["difference"] is None or row["verdict"] == "missing":
        return None
    if row["verdict"] == "equal":
        return 1.0
    if not row["standard_error"]:
        return None if row["standard_error"] is None else 0.0
    t = abs(row["difference"]) / row["standard_error"]
    return 2 * float(stdtr(row["replications"] - 1, -t))


def _adjust(rows: Sequence[Row]) -> None:
    """Make p-values hold for all effects on a target at once (Holm, Scandinavian Journal of Statistics 6, 1979)."""
    tested = sorted((row for row in rows if row["p_value"] is not None), key=lambda row: row["p_value"])
    least = 0.0
    for place, row in enumerate(tested):
        least = max(least, min(1.0, row["p_value"] * (len(tested) - place)))
        row["p_value"] = least
    for row in rows:
        known = row["p_value"] is not None and math.isfinite(row["p_value"])
        row["significant"] = bool(known and row["p_value"] < 1 - LEVEL)
