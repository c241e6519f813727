"""The page of a sweep: its answer, the curve with the scenario as written, all points, odd names, what is missing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.report.optimise_page import _question
from ccsim.report.sweep_heatmap import heatmaps, lattice_of
from ccsim.report.sweep_page import frontier, sweep_page, trade_curve
from ccsim.report.sweep_told import SweepTold
from ccsim.results.sweep import Sweep
from ccsim.results.sweep_store import read_sweep
from tests.support.sweep_desk import DESK


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    folder = tmp_path_factory.mktemp("swept")
    (folder / "desk.yaml").write_text(DESK)
    vary = {"pools.a.staffing": "2..3", "vendors.own.paid_hour": [20, 25]}
    return api.sweep(folder / "desk.yaml", vary, replications=2, out=folder / "out")


def test_the_page_has_answer_curve_and_all_points(made: Sweep) -> None:
    page = sweep_page(made)
    assert page == sweep_page(made)
    assert "<h1>What do pools.a.staffing and vendors.own.paid_hour do?</h1>" in page
    assert " ".join(SweepTold(made).answer()) in page
    rows = re.findall(r'<tr>\s*<th scope="row">(\d+)</th>\s*<td class="words">([^<]*)</td>', page)
    assert rows == [("0", "as written"), ("1", "2"), ("2", "2"), ("3", "3"), ("4", "3")]
    assert page.count("<svg") == 3  # the curve, and a heatmap of service and of cost
    assert "as written" in page[page.index("<svg") : page.index("</svg>")]
    assert made.digest in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_one_factor_does_something_and_numbers_lead_to_what_they_mean(tmp_path: Path) -> None:
    (tmp_path / "desk.yaml").write_text(DESK)
    made = api.sweep(tmp_path / "desk.yaml", {"pools.a.staffing": "2..3"}, replications=2, out=tmp_path / "out")
    page = sweep_page(made)
    assert "<h1>What does pools.a.staffing do?</h1>" in page
    links = set(re.findall(r'href="#(kpi-[a-z_]+)"', page))
    assert {"kpi-cost_per_day", "kpi-service_level"} <= links
    assert links <= set(re.findall(r'<dt id="([^"]+)"', page))


def test_the_curve_draws_the_kpis_of_the_table(made: Sweep) -> None:
    curve = trade_curve(SweepTold(made))
    assert curve is not None
    assert curve.data is not None
    for row in curve.data.to_dict("records"):
        cost = made.kpi(row["point"], "cost_per_day")
        served = made.kpi(row["point"], "service_level", "goal", "0")
        assert (row["cost"], row["cost_low"], row["cost_high"]) == (
            cost["value"],
            cost["value_low"],
            cost["value_high"],
        )
        assert row["service"] == pytest.approx(served["value"] * 100)
    assert curve.data["line"].tolist() == ["as written", "paid_hour 20", "paid_hour 25", "paid_hour 20", "paid_hour 25"]


def test_without_prices_it_is_drawn_against_agents(made: Sweep) -> None:
    priceless = made.kpis.copy()
    priceless.loc[priceless["kpi"] == "cost_per_day", "value"] = 0.0
    curve = trade_curve(SweepTold(replace(made, kpis=priceless)))
    assert curve is not None
    assert "against agents" in curve.title


def test_hostile_texts_parked_points_and_no_goals_are_shown_as_they_are(made: Sweep) -> None:
    odd = replace(
        made,
        parked={4: "ValueError: <b>"},
        kpis=made.kpis[made.kpis["point"] != 4],
        goals=made.goals[made.goals["point"] != 4],
        provenance={**made.provenance, "question": "<script>alert(1)</script>"},
    )
    page = sweep_page(odd)
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in page
    assert "Point 4 failed and is left out: ValueError: &lt;b&gt;" in page
    none = replace(made, goals=made.goals[:0])
    assert "Occupancy" in sweep_page(none)
    nothing = replace(made, goals=made.goals[:0], kpis=made.kpis[:0], parked=dict.fromkeys(range(5), "odd"))
    assert "<svg" not in sweep_page(nothing)


def test_the_command_makes_it_again(made: Sweep, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(made.folder), "--out", str(tmp_path / "page.html")])
    assert (done.exit_code, done.stdout) == (0, f"Report: {tmp_path / 'page.html'}\n")
    assert (tmp_path / "page.html").read_text("utf-8") == sweep_page(read_sweep(str(made.folder)))
    done = CliRunner().invoke(app, ["report", str(made.folder), "--days", "mon-fri"])
    assert done.exit_code == 2
    assert "is a sweep, which keeps no times" in done.stderr


def test_the_frontier_is_what_nothing_cheaper_serves_as_well() -> None:
    names = ["point", "cost", "service"]
    rows = [(0, 5, 90.0), (1, 3, 80.0), (2, 4, 79.0), (3, 5, 91.0), (4, 5, 91.0), (5, 9, 91.0), (6, 9, 95.0)]
    assert frontier(pd.DataFrame(rows, columns=names), rises=True) == [1, 3, 6]
    # of waits less is better: no point of the frontier is dominated, every other one is
    lower = frontier(pd.DataFrame(rows, columns=names), rises=False)
    assert lower == [1, 2]
    for point, cost, service in rows:
        beaten = any(c <= cost and s <= service and (c, s) != (cost, service) for _, c, s in rows)
        assert beaten == (point not in lower)


def test_two_factors_have_a_heatmap_of_service_and_cost_at_each_combination(made: Sweep) -> None:
    told = SweepTold(made)
    served, cost = heatmaps(told)
    assert served.title == "Service level, 20s >= 70 % by pools.a.staffing and vendors.own.paid_hour"
    assert cost.data is not None
    assert cost.data[["point", "pools.a.staffing", "vendors.own.paid_hour"]].to_numpy().tolist() == [
        [1, "2", "20"], [2, "2", "25"], [3, "3", "20"], [4, "3", "25"]
    ]  # fmt: skip
    for row in cost.data.to_dict("records"):
        assert row["value"] == made.kpi(row["point"], "cost_per_day")["value"]
        assert row["meets all goals"] == (row["point"] in told.met())
    # half a lattice is none, and neither are three factors
    points = made.points
    assert lattice_of(SweepTold(replace(made, points=points[points["point"] != 4]))) is None
    third = points.assign(key="k" + points["key"].astype(str)).where(points["key"] != "", points)
    assert lattice_of(SweepTold(replace(made, points=pd.concat([points, third])))) is None


def test_the_workbook_has_every_point_kpi_and_goal(made: Sweep, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(made.folder), "--out", str(tmp_path / "page.html"), "--xlsx"])
    assert done.stdout == f"Report: {tmp_path / 'page.html'}\nWorkbook: {tmp_path / 'page.xlsx'}\n"
    workbook = CalamineWorkbook.from_path(tmp_path / "page.xlsx")
    assert workbook.sheet_names == ["About", "Contents", "Points", "KPIs", "Goals", "KPI definitions", "Provenance"]
    head, *rows = workbook.get_sheet_by_name("Points").to_python()
    assert head[:4] == ["point", "pools.a.staffing", "vendors.own.paid_hour", "Cost a day (USD per day)"]
    costs = [made.kpi(point, "cost_per_day")["value"] for point in range(5)]
    assert [row[3] for row in rows] == pytest.approx(costs, rel=1e-14)  # the writer keeps 16 digits
    assert rows[0][1:3] == ["as written", ""]
    assert len(workbook.get_sheet_by_name("Goals").to_python()) == 1 + len(made.goals)
    kept = made.kpis[made.kpis["scope"] != "goal"]
    assert len(workbook.get_sheet_by_name("KPIs").to_python()) == 1 + len(kept)
    again = api.report(made, tmp_path / "again.xlsx")
    assert again.read_bytes() == (tmp_path / "page.xlsx").read_bytes()


def test_a_search_asks_for_its_objectives_in_one_sentence() -> None:
    asked = _question([("minimise", "cost_per_day"), ("maximise", "service_level")])
    assert asked == "Minimise cost_per_day and maximise service_level"
