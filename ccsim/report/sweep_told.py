"""A sweep in words and cells, for the terminal and the page: its answer, and a row for each point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.kpis.shown import names_in
from ccsim.kpis.verdicts import BRIEF, verdict_of_goals
from ccsim.metrics.paired import title_of
from ccsim.results.parquet import plain_rows
from ccsim.results.sweep import Sweep
from ccsim.results.text import (
    difference_text,
    ends_of,
    limits_of,
    short,
    shown,
)
from ccsim.text.paths import parse_path

WITHOUT_GOALS: Final = names_in("sweep without goals")
"""KPIs of the table where the scenario has no goals."""
AS_WRITTEN: Final = "as written"

Row = Mapping[str, Any]


class SweepTold:
    """The tables of a sweep, by point."""

    def __init__(self, made: Sweep) -> None:
        self.made = made
        self.keys = made.keys()
        self.best = str(made.provenance.get("best") or MAIN_COST)
        self.plot: Mapping[str, str] = made.provenance.get("plot") or {}
        self.points: dict[int, dict[str, str]] = {}
        self.names: dict[int, str] = {}
        for row in plain_rows(made.points):
            self.points.setdefault(row["point"], {}).update({row["key"]: row["value"]} if row["key"] else {})
            self.names[row["point"]] = row["scenario"]
        self.several = len(set(self.names.values())) > 1
        self.goals: dict[int, list[Row]] = {}
        for row in plain_rows(made.goals):
            self.goals.setdefault(row["point"], []).append(row)
        self.kpis: dict[int, list[Row]] = {}
        for row in plain_rows(made.kpis):
            self.kpis.setdefault(row["point"], []).append(row)
        self.people: dict[int, list[Row]] = {}
        for row in plain_rows(made.people):
            self.people.setdefault(row["point"], []).append(row)

    def row(self, point: int, kpi: str) -> Row | None:
        """A KPI of everything; of a service level the first threshold."""
        return next((row for row in self.kpis.get(point, ()) if row["kpi"] == kpi and row["scope"] == "all"), None)

    @property
    def first_goals(self) -> list[Row]:
        """Goals of the scenario as written, or of another point where that has none."""
        return self.goals.get(0) or next(iter(self.goals.values()), [])

    def goal_row(self, point: int, goal: int) -> Row | None:
        """The KPI that a goal is about."""
        rows = self.kpis.get(point, ())
        return next((row for row in rows if (row["scope"], row["name"]) == ("goal", str(goal))), None)

    def line_of(self, point: int) -> str:
        """The curve that a point is on: its scenario where there are several, and its values of all keys but the
        first."""
        if not self.points[point] and point == 0:
            return AS_WRITTEN
        values = [f"{key.rpartition('.')[2]} {self.points[point].get(key, '')}".strip() for key in self.line_keys]
        return ", ".join(([self.names[point]] if self.several else []) + values)

    @property
    def along(self) -> str:
        """The key along whose values a curve goes: the first that has no lines of its own."""
        return next((key for key in self.keys if key != self.plot.get("line")), "")

    @property
    def line_keys(self) -> list[str]:
        """Keys of which each value has a curve of its own."""
        return [key for key in self.keys if key != self.along]

    @property
    def lines_told(self) -> bool:
        """Whether curves differ by more than the first key."""
        return len(self.keys) > 1

    def heads(self, point: int) -> list[str]:
        """Number and values of a point."""
        values = self.points[point]
        said = [values.get(key, "") for key in self.keys]
        if not values and said:
            said[0] = AS_WRITTEN
        people = [people_text([one_moved(row) for row in self.people.get(point, ())])] if self.people else []
        return [str(point), *([self.names[point]] if self.several else []), *said, *people]

    @property
    def titles(self) -> list[str]:
        """Heads of these columns."""
        return ["point", *(["scenario"] if self.several else []), *self.keys, *(["people"] if self.people else [])]

    def people_notes(self) -> Iterator[str]:
        """What did not work out where people follow the work, each once with its points."""
        found: dict[str, list[int]] = {}
        for point, rows in self.people.items():
            for row in rows:
                if row["note"]:
                    said = row["note"] if row["key"] else f"pool {row['pool']}: {row['note']}"
                    found.setdefault(said, []).append(point)
        for said, points in found.items():
            each = sorted(set(points))
            yield f"people of point{'s' * (len(each) > 1)} {', '.join(map(str, each))}: {said}"

    @property
    def costs(self) -> bool:
        """Whether anything costs anything."""
        return any((self.row(point, MAIN_COST) or {}).get("value") for point in self.points)

    def met(self) -> list[int]:
        """Points at which every goal passes, where there are goals."""
        return [point for point, goals in self.goals.items() if verdict_of_goals(goals) == "pass"]

    def answer(self) -> Iterator[str]:
        """Which points meet all goals, and the cheapest of them."""
        first = self.first_goals
        if not first:
            return
        met = self.met()
        what = "the goal" if len(first) == 1 else "both goals" if len(first) == 2 else f"all {len(first)} goals"
        if not met:
            yield f"No point is shown to meet {what}."
            return
        yield f"{len(met)} of {len(self.points)} points {'is' if len(met) == 1 else 'are'} shown to meet {what}."
        if self.best == MAIN_COST and not self.costs:
            return
        line = self.plot.get("line")
        if not line:
            yield f"{self._best_of(met)}."
            return
        for value, points in self.made.points_by(line).items():
            there = [point for point in points if point in met]
            said = self._best_of(there) if there else "None of them"
            yield f"With {line}={value}: {said[0].lower()}{said[1:]}."

    def _best_of(self, met: Sequence[int]) -> str:
        """The cheapest of some points, or the best by the KPI that the question names."""
        kpi = KPIS[self.best]
        sign = -1.0 if kpi.better == "higher" else 1.0
        best = min(met, key=lambda point: sign * float((self.row(point, self.best) or {}).get("value") or 0.0))
        said = ", ".join(f"{key}={value}" for key, value in self.points[best].items()) or AS_WRITTEN
        value = _short(self.row(best, self.best))
        if self.best == MAIN_COST:
            return f"The cheapest of them by its mean: point {best} ({said}), {value} a day"
        return f"The {kpi.better[:-2]}est {kpi.title.lower()} of them by its mean: point {best} ({said}), {value}"

    def table(self, most: int) -> Iterator[list[str]]:
        """Cost with its difference, then the goals with their verdicts."""
        goals = self.first_goals
        titles = [asked_in_short(goal) for goal in goals] or [KPIS[kpi].title for kpi in WITHOUT_GOALS]
        yield [*self.titles, *([KPIS[MAIN_COST].title, "difference"] if self.costs else []), *titles]
        for point in list(self.points)[:most]:
            cells = self.heads(point)
            if point in self.made.parked:
                yield [*cells, "parked"] + [""] * (len(titles) - 1 + 2 * self.costs)
                continue
            if self.costs:
                cells += [_short(self.row(point, MAIN_COST)), _moved(self.row(point, MAIN_COST), point)]
            if goals:
                cells += [_judged(goal) for goal in self.goals[point]]
            else:
                cells += [_short(self.row(point, kpi)) for kpi in WITHOUT_GOALS]
            yield cells

    def kpis_by_head(self) -> dict[str, str]:
        """KPIs of the heads of `table`, so that they lead to what they mean."""
        goals = {asked_in_short(goal): str(goal["kpi"]) for goal in self.first_goals}
        return {KPIS[kpi].title: kpi for kpi in (MAIN_COST, *WITHOUT_GOALS)} | goals

    def shown(self, point: int, kpi: str) -> str:
        """A KPI of everything with its interval."""
        return _value(self.row(point, kpi))

    def apart(self, row: Row, kpi: str) -> str:
        """A paired difference from another point, with its interval and unit; shares in points."""
        unit = KPIS[kpi].unit
        money = next((str(one["unit"]) for rows in self.kpis.values() for one in rows if one["kpi"] == kpi), unit)
        said = "points" if unit == "share" else money.partition("/")[0]
        moved = _moved({**row, "unit": unit}, -1)
        return f"{moved} {said}"

    def of_kpi(self, kpi: str, most: int) -> Iterator[list[str]]:
        """One KPI of everything at each point, with its difference."""
        yield [*self.titles, KPIS[kpi].title, "difference", ""]
        for point in list(self.points)[:most]:
            row = self.row(point, kpi)
            good = "" if row is None else row["good"] or ("?" if row["verdict"] == "not decided" else "")
            yield [*self.heads(point), _value(row), _moved(row, point), good]

    def indices(self, kpis: Sequence[str] = ()) -> Iterator[tuple[str, list[list[str]]]]:
        """Sobol indices of the cost, the goals and `kpis`: a title and a table each, the largest total index first."""
        if self.made.indices is None:
            return
        wanted = [(MAIN_COST, "all", "all")] if self.costs else []
        wanted += [(goal["kpi"], "goal", str(goal["goal"])) for goal in self.first_goals]
        wanted += [(kpi, "all", "all") for kpi in (*(() if self.first_goals else WITHOUT_GOALS), *kpis)]
        every = plain_rows(self.made.indices)
        for key in dict.fromkeys(wanted):
            rows = [row for row in every if (row["kpi"], row["scope"], row["name"]) == key]
            rows = [row for row in rows if row["threshold_s"] == rows[0]["threshold_s"]]
            if rows:
                yield _of_indices(rows)


def _of_indices(rows: Sequence[Row]) -> tuple[str, list[list[str]]]:
    first, unit = rows[0], rows[0]["unit"].partition("/")[0]
    title = title_of(first["kpi"], first["threshold_s"])
    if first["first"] is None:
        return f"{title}: {first['note']}", []
    mean, sd, noise = (short(first[name], None, unit) for name in ("mean", "sd", "noise_sd"))
    cells = [["factor", "alone", "with all others"]]
    cells += [[row["key"], _index(row, "first"), _index(row, "total")] for row in sorted(rows, key=_by_total)]
    return f"{title}: {mean} on average; the factors spread it by {sd}, one replication by {noise}", cells


def _by_total(row: Row) -> float:
    return -float(row["total"])


def _index(row: Row, name: str) -> str:
    return shown(row[name], ends_of(row, f"{name}_"), "share").removesuffix(" in every replication")


MOVED_SHOWN: Final = 3
"""Pools whose people are told in a cell."""


def one_moved(row: Row) -> str:
    """How the people of one pool, or on a shift of it, follow: `a 2 to 3`; nothing where they stay."""
    if row["before"] is None or row["before"] == row["after"]:
        return ""
    parts = parse_path(row["key"]).parts
    shift = "" if parts[2] != "shifts" else parts[3] if len(parts) == 4 else f"shift {int(parts[3]) + 1}"
    return f"{' '.join([row['pool'], *([shift] if shift else [])])} {row['before']:,.0f} to {row['after']:,.0f}"


def people_text(moved: Sequence[str]) -> str:
    """Pools that moved, in a cell."""
    found = [one for one in moved if one]
    more = len(found) - MOVED_SHOWN
    return ", ".join(found[:MOVED_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _value(row: Row | None) -> str:
    return "-" if row is None else shown(row["value"], ends_of(row, "value_"), row["unit"].partition("/")[0])


def _short(row: Row | None) -> str:
    """A value with the digits that its interval justifies."""
    return "-" if row is None else short(row["value"], ends_of(row, "value_"), row["unit"].partition("/")[0])


def asked_in_short(goal: Row) -> str:
    """What a goal asks: `Abandonment (channel phone) <= 5 %`."""
    limits = limits_of(goal).replace("at least", ">=").replace("at most", "<=")
    where = goal["asked"].partition("(")[2].partition(")")[0]
    return f"{title_of(goal['kpi'], goal['threshold_s'])}{f' ({where})' if where else ''} {limits}"


def _judged(goal: Row) -> str:
    return f"{short(goal['estimate'], ends_of(goal), goal['unit'].partition('/')[0])} {BRIEF[goal['verdict']]}"


def _moved(row: Row | None, point: int) -> str:
    if row is None or point == 0 or row["difference"] is None:
        return ""
    return "none" if row["verdict"] == "equal" else difference_text(row)
