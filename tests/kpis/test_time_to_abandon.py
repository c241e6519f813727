"""The time to abandon of simulated desks beside what must come out."""

from pathlib import Path

import pytest

from ccsim import api, theory
from ccsim.report.facts import Facts
from ccsim.report.sections import key_figures
from ccsim.report.workbook_splits import split_sheets
from ccsim.results.run import Run

SHORT_DESK = """
scenario: desk
horizon: {{start: 2026-01-01, warm_up: 1h, length: 20h}}
channels: {{phone: {{kind: live}}, chat: {{kind: live}}}}
demand:
  calls: {{per_minute: 4.2, profile: flat, channel: phone}}
  chats: {{per_minute: 1, profile: flat, channel: chat}}
handle_time: {{law: exponential, mean: 2m}}
patience: {patience}
pools: {{desk: {{staffing: {agents}}}}}
"""


def simulated(folder: Path, patience: str, agents: int, replications: int) -> Run:
    path = folder / "desk.yaml"
    path.write_text(SHORT_DESK.format(patience=patience, agents=agents))
    return api.run(path, replications=replications, seed=3, workers=1, visits=True)


def test_who_all_bear_the_same_leave_after_exactly_that(tmp_path):
    run = simulated(tmp_path, "{value: 30s}", 8, 2)
    for scope, name in (("all", "all"), ("channel", "phone"), ("channel", "chat")):
        row = run.estimate("time_to_abandon", scope, name)
        assert row["denominator"] > 100
        assert (row["estimate"], row["low"], row["high"]) == pytest.approx((30.0, 30.0, 30.0), abs=1e-6)


def test_it_is_what_theory_says_of_erlang_a_and_what_the_visits_say(tmp_path):
    run = simulated(tmp_path, "{law: exponential, mean: 1m}", 12, 30)
    row = run.estimate("time_to_abandon")
    exact = theory.erlang_a(5.2, 2, 12, 1).mean_wait_abandoned
    assert exact is not None
    assert abs(row["estimate"] - 60 * exact) < 4 * row["standard_error"]
    assert row["standard_error"] < 0.03 * row["estimate"]

    visits = run.tables["visits"]
    left = visits[(visits["outcome"] == 3) & (visits["counted"] == 1)]  # abandoned
    waits = (left["left_us"] - left["joined_us"]) / 1e6
    assert row["denominator"] == len(waits)
    assert row["estimate"] == pytest.approx(waits.mean(), rel=1e-12)
    assert run.estimate("asa")["estimate"] != pytest.approx(row["estimate"], rel=0.05)


def test_it_is_shown_where_it_says(tmp_path):
    run = simulated(tmp_path, "{value: 30s}", 8, 2)
    facts = Facts(run)
    (table,) = key_figures(facts).tables
    names = [row[0].kpi for row in table.rows]
    assert names.index("time_to_abandon") == names.index("abandonment") + 1
    (sheet,) = (sheet for sheet in split_sheets(facts) if sheet.name == "By channel")
    assert any(column.title.startswith("Time to abandon") for column in sheet.columns)
    assert "time_to_abandon" not in str(run)


def test_nobody_leaves_no_time(tmp_path):
    run = simulated(tmp_path, "{value: 1d}", 20, 2)
    assert run.estimate("time_to_abandon")["estimate"] is None
    assert "time_to_abandon" not in [row[0].kpi for table in key_figures(Facts(run)).tables for row in table.rows]
