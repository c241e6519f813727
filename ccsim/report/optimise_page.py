"""The page of a search: the front with intervals, the certified plans, what was not looked at, a variant to paste."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from ccsim.metrics.paired import title_of
from ccsim.report.drawing import figures_last
from ccsim.report.numbers import shown_in
from ccsim.report.optimise_told import SearchTold, asked_of
from ccsim.report.page import check_page_place, put_page, render_page
from ccsim.report.parts import Chart, Column, Table, word
from ccsim.report.study_page import definitions_of, left_out, made_by
from ccsim.report.sweep_page import curve, number_first
from ccsim.report.sweep_told import AS_WRITTEN
from ccsim.results.sweep import Sweep

TEMPLATE: Final = Path(__file__).parent / "optimise.html"


def optimise_page(made: Sweep) -> str:
    """The page of a search as HTML; the same search gives the same text."""
    with figures_last() as figures:
        return figures.put_into(_page(made))


def write_optimise_report(made: Sweep, path: Path) -> None:
    """Write the page of a search, whole or not at all; `OutputError` if that cannot be done."""
    check_page_place(path)
    put_page(optimise_page(made), path)


def _question(objectives: Sequence[tuple[str, str]]) -> str:
    text = asked_of(objectives)
    return f"{text[:1].upper()}{text[1:]}"


def _page(made: Sweep) -> str:
    told = SearchTold(made)
    kpis = [one["kpi"] for one in told.search["objectives"]] + [goal["kpi"] for goal in told.told.first_goals]
    return render_page(
        TEMPLATE,
        title=f"{made.name}: search",
        question=_question(told.objectives),
        summary=told.head(),
        warnings=left_out(made),
        answer=told.lead(),
        picture=_front(told),
        plans=_table(told),
        unseen=list(told.not_looked_at()),
        variants="\n".join(told.variants()) if told.answer else "",
        simulated=[
            ("Sampler", told.search["sampler"]),
            *made_by(made),
        ],
        definitions=definitions_of(kpis),
    )


def _table(told: SearchTold) -> Table:
    heads, *rows = told.table()
    words = 2 + len(told.search["decisions"])
    columns = [Column(head, words=0 < i < words) for i, head in enumerate(heads)]
    cells = [[word(cell) if i < words else number_first(cell) for i, cell in enumerate(row)] for row in rows]
    return Table("Certified plans", columns, cells)


def _front(told: SearchTold) -> Chart | None:
    """The first two objectives against each other; None where there is one, or values of fewer than two plans."""
    if len(told.search["objectives"]) < 2:
        return None
    found = []
    base = {"point": 0, "standing": AS_WRITTEN, "objectives": told.search["as_written"]}
    for plan in (base, *told.plans):
        ends = []
        for one in plan["objectives"][:2]:
            if one["value"] is None:
                break
            factor = shown_in(one["unit"]).factor
            low, high = (one["value"] if end is None else end for end in (one["value_low"], one["value_high"]))
            ends += [one["value"] * factor, low * factor, high * factor]
        if len(ends) == 6:
            line = plan["standing"] if plan["standing"] in (AS_WRITTEN, "front") else "other certified plans"
            found.append((plan["point"], line, *ends))
    if len(found) < 2:
        return None
    names = ["point", "line", "cost", "cost_low", "cost_high", "service", "service_low", "service_high"]
    data = pd.DataFrame(found, columns=names).sort_values("cost", kind="stable", ignore_index=True)
    first, second = told.search["as_written"][:2]
    titles = [title_of(one["kpi"], one["threshold_s"]) for one in (first, second)]
    units = [shown_in(one["unit"]).unit for one in (first, second)]
    said = f"{titles[1]} against {titles[0]}"
    labels = (f"{titles[0]}, {units[0]}", f"{titles[1]}, {units[1]}")
    svg = curve("front", data, labels, [], said)
    shown = {f"cost{end}": units[0] for end in ("", "_low", "_high")}
    shown |= {f"service{end}": units[1] for end in ("", "_low", "_high")}
    note = "Dots with 95 % intervals, from fresh replications; the ring is the scenario as written."
    return Chart(said, svg, "", note, data, units=shown)
