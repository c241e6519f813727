"""Views for the usual questions: ratios as sums over sums, by the formulas of the KPIs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ccsim.export.columns import MEAN, Measure, View, plain_name
from ccsim.export.questions import SAID, questions
from ccsim.export.star import ANSWERED, DUE, facts
from ccsim.kpis.definitions import kpis_of, scopes_of
from ccsim.kpis.kpi import Kpi
from ccsim.metrics.sums import RECORDED
from ccsim.metrics.terms import terms_of
from ccsim.records.tables import threshold_label
from ccsim.results.held_tables import select
from ccsim.results.run import Run
from ccsim.units import HOUR


@dataclass(frozen=True, slots=True)
class _Cell:
    """One column of a view of KPIs."""

    name: str
    sql: str
    unit: str
    meaning: str


class KpiColumns:
    """KPIs as sums over sums of the star."""

    def __init__(self, runs: Sequence[Run], thresholds: tuple[int, ...]) -> None:
        """Runs of the alternatives, with one rule of service level, and their thresholds in microseconds."""
        known = kpis_of(runs[0].measured.rule)
        left_out: set[str] = set()
        if not any(any(run.measured.paid_hour.values()) or run.measured.translations for run in runs):
            left_out |= {name for name, kpi in known.items() if kpi.in_money}
        if not any(len(run.tables["workforce_plan"]) for run in runs):
            left_out |= {name for name, kpi in known.items() if kpi.table == "workforce_plan"}
        self.kpis = [kpi for name, kpi in known.items() if name not in left_out and kpi.kind == "ratio"]
        self.surveyed = any(select(run.tables, "queue_sums", ["responded"])["responded"].any() for run in runs)
        """Whether anybody answers a survey; else what surveys tell is not known, though its sums are 0."""
        self.thresholds = thresholds
        self.of = {fact.name: fact.measures for fact in facts(thresholds)}

    def cells(self, fact: str, scope: str, *, whole: bool) -> list[_Cell]:
        """KPIs that a fact can tell when it is split by a scope.

        Parameters
        ----------
        fact
            Name of the fact, called `f` in the view.
        scope
            `all`, `channel`, `site`, ...
        whole
            Whether it is of the whole counted time, so that KPIs by its length can be told.
        """
        by_pool, of_surges = fact.startswith("fact_pool"), fact == SURGES
        measures = {measure.source.strip('"'): measure for measure in self.of[fact]}
        measures["due"] = DUE
        if by_pool:
            measures |= {one.source.strip('"'): one for one in ANSWERED if one in self.of[fact]}
        made = []
        for one in self.kpis:
            kpi = one.by(scope)
            if (
                kpi.of_surges != of_surges
                or not (of_surges or kpi.table in RECORDED)
                or kpi.by_pool != by_pool
                or (scope != "all" and scope not in scopes_of(one))
            ):
                continue
            for threshold in self.thresholds if kpi.by_threshold else (None,):
                cell = self._cell(kpi, measures, threshold, whole=whole)
                if cell is not None:
                    made.append(cell)
        return made

    def _cell(self, kpi: Kpi, measures: Mapping[str, Measure], threshold: int | None, *, whole: bool) -> _Cell | None:
        sides = []
        divisors = []
        for formula in (kpi.numerator, kpi.denominator):
            terms = terms_of(formula, threshold)
            if any(term.column != "length" and term.column not in measures for term in terms):
                return None
            if any(term.column == "length" for term in terms):
                if not whole:
                    return None
                sides.append("any_value(s.counted_h)")
                divisors.append(HOUR)
                continue
            signs = ("-" if term.sign < 0 else "+" for term in terms)
            sums = (f"sum(f.{measures[term.column].mean.name})" for term in terms)
            sides.append(" ".join(f"{sign} {one}" for sign, one in zip(signs, sums, strict=True)).removeprefix("+ "))
            divisors.append(measures[terms[0].column].divisor)
        factor = kpi.scale * divisors[0] / divisors[1]
        times = "" if round(factor, 12) == 1 else f" * {factor:.17g}"
        formula = kpi.formula if threshold is None else kpi.formula.replace("_T", f"_{threshold_label(threshold)}")
        sql = f"({sides[0]}) / nullif({sides[1]}, 0){times}" if self.surveyed or not kpi.of_surveys else "NULL::DOUBLE"
        return _Cell(kpi_column(kpi, threshold), sql, kpi.unit, f"{kpi.title}: {formula}")


def kpi_column(kpi: Kpi, threshold: int | None = None) -> str:
    """Name of a KPI's column in a view: its name, its threshold, its unit where the name does not say it."""
    label = "" if threshold is None else f"_{plain_name(threshold_label(threshold))}"
    units = {
        "agents": "agents", "contacts/day": "day", "cases/day": "day", "contacts/case": "case", "ratio": "ratio",
        "of 5": "score",
    }  # fmt: skip
    unit = units.get(kpi.unit, kpi.unit)
    unit = "amount" if kpi.in_money else unit
    said = kpi.name.endswith(f"_{unit}") or kpi.name == unit or kpi.name.startswith(f"{unit}_")
    return f"{kpi.name}{label}" if said else f"{kpi.name}{label}_{unit}"


SURGES: Final = "fact_surge_total"
_COLUMNS: Final = {"kind": "work_kind", "owner": "vendor_kind"}
"""Columns of scopes that are not called like them."""
_QUEUE_SCOPES: Final = (
    "kind", "channel", "workflow", "market", "segment", "severity", "language", "cause", "region", "tier", "queue",
)  # fmt: skip
_POOL_SCOPES: Final = ("owner", "site", "vendor", "pool")
_DAYS: Final = {"channel": "fact_flow_day", "site": "fact_pool_day", "vendor": "fact_pool_day"}
"""Scopes that there are views by day of, and their facts."""


def _named(scope: str) -> str:
    return f"kpi_by_{_COLUMNS.get(scope, scope)}"


KPI_VIEWS: Final = (
    ("kpi_total", "everything: contacts"),
    ("kpi_agents_total", "everything: agents and cost"),
    *((_named(scope), f"{scope}: contacts") for scope in _QUEUE_SCOPES),
    *((_named(scope), f"{scope}: agents and cost") for scope in _POOL_SCOPES),
    *((f"{_named(scope)}_day", f"{scope} and day") for scope in _DAYS),
    (_named("surge"), "surge: when service is restored"),
)
"""Views of KPIs, and what they are split by."""
_SUMS_OF_QUEUES: Final = ("arrived", "offered", "answered", "abandoned")
_SUMS_OF_POOLS: Final = ("answered", "signed_in_h", "paid_h", "paid_cost")
_SUMS_OF_SURGES: Final = ("surges", "restored")
_SCENARIO: Final = "s.scenario_key, s.scenario_name"


def _kpi_view(ratios: KpiColumns, name: str, fact: str, scope: str, about: str) -> View:
    days = fact.endswith("_day")
    column = _COLUMNS.get(scope, f"{scope}_name")
    owner = next((one for one in ("pool", "flow", "surge") if fact.startswith(f"fact_{one}")), "queue")
    sums = {"pool": _SUMS_OF_POOLS, "surge": _SUMS_OF_SURGES}.get(owner, _SUMS_OF_QUEUES)
    cells = ratios.cells(fact, scope, whole=not days)
    parts = ([] if scope == "all" else [f"d.{column}"]) + (["t.day_date"] if days else [])
    day = " JOIN dim_day t USING (day_key)" if days else ""
    known = {measure.name: measure for measure in ratios.of[fact]}
    columns = [f"sum(f.{one}{MEAN}) AS {one}{MEAN}" for one in sums] + [f"{cell.sql} AS {cell.name}" for cell in cells]
    keys = ", ".join([_SCENARIO, *parts])
    sql = (
        f"SELECT {keys}, {', '.join(columns)} FROM {fact} f JOIN dim_scenario s USING (scenario_key) "
        f"JOIN dim_{owner} d USING ({owner}_key){day} GROUP BY {keys} ORDER BY {keys}"
    )
    said = {f"{one}{MEAN}": (known[one].unit, known[one].mean.meaning) for one in sums}
    said |= {cell.name: (cell.unit, cell.meaning) for cell in cells}
    return View(name, about, sql, SAID | {column: ("name", f"Part of the scope `{scope}`")} | said)


def views_of(runs: Sequence[Run], thresholds: tuple[int, ...], *, with_visits: bool) -> list[View]:
    """Every view of the star of some runs."""
    ratios = KpiColumns(runs, thresholds)
    made = [
        _kpi_view(ratios, "kpi_total", "fact_queue_total", "all", "KPIs of contacts over the whole counted time."),
        _kpi_view(ratios, "kpi_agents_total", "fact_pool_total", "all",
                  "KPIs of agents and cost over the whole counted time."),
    ]  # fmt: skip
    for scope in _QUEUE_SCOPES:
        about = f"KPIs of contacts by {scope} over the whole counted time."
        made.append(_kpi_view(ratios, _named(scope), "fact_queue_total", scope, about))
    for scope in _POOL_SCOPES:
        about = f"KPIs of agents and cost by {scope} over the whole counted time."
        made.append(_kpi_view(ratios, _named(scope), "fact_pool_total", scope, about))
    for scope, fact in _DAYS.items():
        about = f"KPIs by {scope} and day; contacts by the day on which they joined their queue."
        made.append(_kpi_view(ratios, f"{_named(scope)}_day", fact, scope, about))
    about = "Whether and when service is restored, by surge."
    made.append(_kpi_view(ratios, _named("surge"), SURGES, "surge", about))
    return [*made, *questions(thresholds, with_visits=with_visits)]
