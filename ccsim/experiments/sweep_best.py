"""Which point of a finished sweep is the best by a KPI among those that meet some conditions, with its interval."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ccsim.errors import CcsimError
from ccsim.experiments.sweep_parts import influence_in, with_arrays
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.verdicts import Verdict, verdict_of, verdict_of_all
from ccsim.metrics.paired import difference_row, simultaneous
from ccsim.results.parquet import plain_rows
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import lines_in, read_sweep
from ccsim.results.text import ends_of, plain
from ccsim.text import scalars
from ccsim.text.faults import near

_CONDITION: Final = re.compile(r"\s*([a-z0-9_]+)\s*(>=|<=)\s*(.+?)\s*")

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Where:
    """A limit that a KPI of everything is to keep."""

    kpi: str
    least: bool
    """Whether it is a lower limit."""
    limit: float
    """In the KPI's unit."""

    def __str__(self) -> str:
        limit = plain(self.limit, KPIS[self.kpi].unit.partition("/")[0].replace("money", ""))
        return f"{self.kpi} {'>=' if self.least else '<='} {limit.strip()}"

    def verdict(self, row: Row | None) -> Verdict:
        """That of a goal with this limit; inconclusive where the KPI has no value."""
        ends = None if row is None else ends_of(row, "value_")
        low, high = ends or (None, None)
        limits = {"at_least": self.limit, "at_most": None} if self.least else {"at_least": None, "at_most": self.limit}
        value = None if row is None else row["value"]
        return verdict_of({"estimate": value, "low": low, "high": high, "note": ""} | limits)[0]


@dataclass(frozen=True, slots=True)
class BestPoint:
    """The best point of a sweep by a KPI, among those that are shown to meet all conditions."""

    kpi: str
    sweep: Sweep
    asked: tuple[str, ...]
    """The conditions in words; nothing: the goals of the scenario as written."""
    met: tuple[int, ...]
    """Points that are shown to meet them, the best first."""
    perhaps: tuple[int, ...]
    """Points whose intervals hold a limit."""
    beside: tuple[Row, ...]
    """The other points that meet them, in the order of `met`: `point`, and the paired difference from the best as in
    `difference_row`, with intervals that hold for all of them at once."""
    of: int
    """Points that were asked."""

    @property
    def alike(self) -> tuple[int, ...]:
        """Points that meet them and are not significantly worse than the best."""
        return tuple(row["point"] for row in self.beside if row["good"] != "worse")


def where_of(text: str) -> Where:
    """A condition like `service_level >= 80%`; `CcsimError` with what would do."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise CcsimError(f"--where: expected a limit like 'service_level >= 80%', got '{text}'")
    kpi, sign, limit = found.groups()
    _check_kpi("--where", kpi)
    unit, share = KPIS[kpi].unit, scalars.ratio if KPIS[kpi].above_one else scalars.share
    read: Callable[[str], float] = share if unit == "share" else _seconds if unit == "s" else _plain_number
    try:
        return Where(kpi, sign == ">=", read(limit))
    except ValueError as error:
        raise CcsimError(f"--where: {kpi}: {error}") from None


def _seconds(text: str) -> float:
    return scalars.duration(text) / 1e6


def _plain_number(text: str) -> float:
    return scalars.number(text.replace(",", ""))


def _check_kpi(option: str, kpi: str) -> None:
    if kpi not in KPIS:
        raise CcsimError(f"{option}: there is no KPI '{kpi}'{near(kpi, KPIS)}")


def best_of_lines(made: Sweep, kpi: str, line: str = "") -> dict[str, BestPoint]:
    """The best point of a finished sweep by a KPI, by the values of a key where one is named; `line`: that key, whose
    values nobody chooses. Else one, of all points."""
    if not line:
        return {"": _best_of(made, kpi, (), None)}
    return {
        f"{line}={value}": _best_of(made, kpi, (), frozenset(points)) for value, points in made.points_by(line).items()
    }


def best_point(folder: str | os.PathLike[str], kpi: str, where: Sequence[str] = ()) -> BestPoint:
    """The best point of a finished sweep.

    Parameters
    ----------
    folder
        The sweep's folder.
    kpi
        By which KPI of everything; the lower or the higher, as is better.
    where
        Limits that the whole interval of a KPI has to keep, like `service_level >= 80%`. Default: all goals pass.

    `CcsimError` for bad input, and for KPIs that the sweep did not keep.
    """
    _check_kpi("--best", kpi)
    if KPIS[kpi].better == "neither":
        raise CcsimError(f"--best: of {kpi} neither the lower nor the higher is better")
    conditions = [where_of(one) for one in where]
    return _best_of(read_sweep(folder), kpi, conditions, None)


def _best_of(made: Sweep, kpi: str, conditions: Sequence[Where], among: frozenset[int] | None) -> BestPoint:
    """The best of some points, or of all."""
    rows = rows_by_point(made)
    for option, name in (("--best", kpi), *(("--where", one.kpi) for one in conditions)):
        if not any(name in found for found in rows.values()):
            raise CcsimError(f"{option}: the sweep did not keep {name}; run it with --kpi {name}")
    verdicts = _verdicts(made, rows, conditions)
    verdicts = {p: one for p, one in verdicts.items() if among is None or p in among}
    met = [p for p, one in verdicts.items() if one == "pass" and _known(rows[p].get(kpi))]
    perhaps = [p for p, one in verdicts.items() if p not in met and one != "fail"]
    sign = 1.0 if KPIS[kpi].better == "lower" else -1.0
    met.sort(key=lambda point: (sign * rows[point][kpi]["value"], point))
    beside = _beside(made.folder, kpi, met) if len(met) > 1 and made.folder is not None else ()
    return BestPoint(kpi, made, tuple(map(str, conditions)), tuple(met), tuple(perhaps), tuple(beside), len(verdicts))


def rows_by_point(made: Sweep) -> dict[int, dict[str, Row]]:
    """KPIs of everything by point and name; of a service level the first threshold."""
    found: dict[int, dict[str, Row]] = {point: {} for point in made.points["point"].unique().tolist()}
    kpis = made.kpis
    for row in plain_rows(kpis[kpis["scope"] == "all"]):
        found[row["point"]].setdefault(row["kpi"], row)
    return found


def _known(row: Row | None) -> bool:
    return row is not None and row["value"] is not None


def _verdicts(made: Sweep, rows: Mapping[int, Mapping[str, Row]], conditions: Sequence[Where]) -> dict[int, Verdict]:
    """Verdict of all conditions, or of all goals where there are none, of each point that was simulated."""
    verdicts: dict[int, list[str]] = {
        point: [one.verdict(found.get(one.kpi)) for one in conditions] for point, found in rows.items() if found
    }
    for row in plain_rows(made.goals) if not conditions else ():
        verdicts[row["point"]].append(row["verdict"])
    return {point: verdict_of_all(found) for point, found in verdicts.items()}


def _beside(folder: str | os.PathLike[str], kpi: str, met: Sequence[int]) -> list[Row]:
    """Each other point less the best one, on the same replications."""
    lines: dict[int, dict[int, Row]] = {point: {} for point in met}
    for line in lines_in(folder, kpi):
        if line["point"] in lines:
            lines[line["point"]].setdefault(line["replications"], with_arrays(line))
    confidence, best, rows = simultaneous(len(met) - 1), lines[met[0]], []
    for point in met[1:]:
        both = max(best.keys() & lines[point].keys())  # points may have been looked at more or less often
        ours, theirs = influence_in(best[both]), influence_in(lines[point][both])
        rows.append({"point": point} | difference_row(KPIS[kpi].better, ours, 0, theirs, 0, confidence))
    return rows
