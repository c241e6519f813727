"""What moved satisfaction: lines of a run's page that add up, by hand; CSAT by who answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim import api
from ccsim.records.satisfaction import FACTORS
from ccsim.report.facts import Facts
from ccsim.report.satisfaction import BASE, CHANCE, satisfaction_section
from ccsim.results.run import Run

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1d, drain: 1d}
run: {replications: 3, seed: 4}
vendors: {acme: {}, own: {}}
workflows: {calls: {tiers: {t1: {handle_time: {mean: 3m}, resolved: 70%}}, returns: {after_unresolved: 50%}}}
demand: {calls: {per_hour: 100, channel: phone}}
pools:
  first: {staffing: 4, vendor: acme}
  second: {staffing: 2, vendor: own}
"""
RATED = "satisfaction: {vendors: {acme: -0.4}, response: 25%}\n"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    path = tmp_path_factory.mktemp("rated") / "desk.yaml"
    text = DESK.replace("after_unresolved: 50%", "after_unresolved: {share: 50%, after: 1h}")
    path.write_text(text + RATED, encoding="utf-8")
    return api.run(path)


def test_the_lines_add_up_to_the_share_of_the_satisfied(run: Run) -> None:
    section = satisfaction_section(Facts(run))
    [table] = section.tables
    names = [row[0].text for row in table.rows]
    values = [row[1].value for row in table.rows]
    assert names[0] == BASE
    assert names[-1] == CHANCE
    assert {"Wait", "Not resolved", "Repeat contact", "Vendor and pool"} == set(names[1:-1])
    sums = run.tables["ratings"].sum()
    csat = 100 * sums["satisfied"] / sums["rated"]
    total = table.total[1].value
    assert total is not None
    assert sum(value for value in values if value is not None) == pytest.approx(total, abs=1e-9)
    assert total == pytest.approx(csat, abs=0.005001)
    written = [float(row[1].text.replace("\N{MINUS SIGN}", "-")) for row in table.rows]
    assert sum(written) == pytest.approx(float(table.total[1].text), abs=1e-9)
    wait = 100 * sums["wait_e9"] / 1e9 / sums["rated"]
    assert values[names.index("Wait")] == pytest.approx(wait, abs=0.02)
    assert len(section.charts[0].data) == len(names) - 1


def test_parts_add_up_in_every_row_of_the_table(run: Run) -> None:
    ratings = run.tables["ratings"]
    parts = sum(ratings[f"{factor.name}_e9"] for factor in FACTORS)
    assert (ratings["base_e9"] + parts == ratings["expected_e9"]).all()


def test_satisfaction_by_vendor_is_that_of_its_pools(run: Run) -> None:
    ratings = run.tables["ratings"]
    for vendor, pool in (("acme", 0), ("own", 1)):
        mine = ratings[ratings["pool"] == pool]
        for kpi, top, bottom in (("csat", "satisfied", "rated"), ("csat_score", "score", "rated"),
                                 ("csat_measured", "responded_satisfied", "responded")):  # fmt: skip
            row = run.estimate(kpi, "vendor", vendor)
            assert row["estimate"] == pytest.approx(mine[top].sum() / mine[bottom].sum())
            assert row["low"] < row["estimate"] < row["high"]
    assert run.estimate("csat", "vendor", "acme")["estimate"] < run.estimate("csat", "vendor", "own")["estimate"]
    nps = run.estimate("nps")
    whole = ratings.sum()
    expected = 100 * (whole["promoters"] - whole["detractors"]) / whole["rated"]
    assert nps["estimate"] == pytest.approx(expected)
    assert nps["unit"] == "points"


def test_ratings_in_points_are_told_by_their_mean(tmp_path: Path) -> None:
    path = tmp_path / "desk.yaml"
    text = DESK.replace("after_unresolved: 50%", "after_unresolved: {share: 50%, after: 1h}")
    said = "satisfaction: {base: 4.6, moved_by: {wait: {per: 1m, by: -0.2}, unresolved: -1.2, repeat: -0.6}}\n"
    path.write_text(text + said, encoding="utf-8")
    run = api.run(path)
    section = satisfaction_section(Facts(run))
    assert section.said.startswith("CSAT, mean rating is ")
    [table] = section.tables
    assert table.rows[0][0].text == BASE
    assert table.rows[0][1].text == "4.600"
    sums = run.tables["ratings"].sum()
    assert {row[0].text for row in table.rows} == {BASE, "Wait", "Not resolved", "Repeat contact", CHANCE}
    total = table.total[1].value
    assert total == pytest.approx(sums["score"] / sums["rated"], abs=0.0005001)
    assert sum(row[1].value or 0.0 for row in table.rows) == pytest.approx(total, abs=1e-9)


def test_nothing_is_told_where_nothing_is_rated(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("plain") / "desk.yaml"
    path.write_text(DESK.replace(", returns: {after_unresolved: 50%}", ""), encoding="utf-8")
    plain = api.run(path)
    assert not satisfaction_section(Facts(plain))
    row = plain.estimate("csat")
    assert row["estimate"] is None
    assert row["note"].startswith("nothing is rated")
