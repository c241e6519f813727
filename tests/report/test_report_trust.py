"""The checks of a run: each must find the fault that it looks for, and keep quiet without it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ccsim.report.facts import Facts
from ccsim.report.trust import Check, checks, summary
from ccsim.report.waiting import paired, periods_of
from ccsim.results.run import Run
from ccsim.results.text import few
from ccsim.units import DAY, HOUR, WEEK
from tests.support.stand_in.centre import MEASURED, centre_run, lab_run


def found(run: Run, **tables: pd.DataFrame) -> dict[str, Check]:
    """Checks by key, of a run with some of its tables replaced."""
    changed = replace(run, tables={**{name: run.tables[name] for name in run.tables}, **tables})
    return {check.key: check for check in checks(Facts(changed))}


def with_change(run: Run, table: str, column: str, change: Any) -> pd.DataFrame:
    frame = run.tables[table].copy()
    frame[column] = change(frame).astype("int64")
    return frame


def test_a_sound_run_passes(run: Run) -> None:
    sound = with_change(run, "replications", "end_us", lambda f: f["end_us"] - HOUR)
    verdicts = {key: check.verdict for key, check in found(run, replications=sound).items()}
    assert verdicts == {
        "precision": "look", "warm-up": "fine", "conservation": "fine", "little": "fine", "open": "fine",
        "caps": "fine", "growth": "fine", "warnings": "fine", "inputs": "note",
    }  # fmt: skip


def test_few_replications_are_a_reason_for_doubt(run: Run) -> None:
    said = found(run)["precision"].said
    assert said.endswith(few(6))
    assert few(6)


@pytest.mark.parametrize("key", ["drain", "run_out"])
def test_a_drain_period_at_its_limit_is_found_by_either_name_of_its_key(run: Run, key: str) -> None:
    """Runs of before it was renamed have `run_out`."""
    limit = with_change(run, "replications", "end_us", lambda f: 0 * f["end_us"] + MEASURED.warm_up + MEASURED.length)
    scenario = {**run.provenance["scenario"], "horizon": {key: 0}}
    cut = replace(run, provenance={**run.provenance, "scenario": scenario})
    assert found(cut, replications=limit)["caps"].said.startswith("The drain period reached its limit of 0s in ")


def test_warnings_of_the_check_are_told_on_the_page(run: Run) -> None:
    remarks = [
        {"kind": "warning", "key": "pools.desk", "said": "nobody from 18:00"},
        {"kind": "assumed", "key": "patience", "said": "exponential"},
    ]
    warned = replace(run, provenance={**run.provenance, "remarks": remarks})
    check = found(warned)["warnings"]
    assert check.verdict == "look"
    assert check.said == "1 warning: pools.desk: nobody from 18:00."


@pytest.mark.parametrize("column", ["answered", "abandoned", "resolved", "arrived", "escalated", "by_peers"])
def test_one_lost_visit_is_found(run: Run, column: str) -> None:
    frame = run.tables["queue_sums"].copy()
    frame.loc[5, column] += 1
    check = found(run, queue_sums=frame)["conservation"]
    assert check.verdict == "look"
    assert "by 1 visits" in check.said


def test_a_queue_and_a_pool_that_disagree_are_found(run: Run) -> None:
    frame = run.tables["routes"].copy()
    frame.loc[0, "answered"] += 1
    assert "pools answered" in found(run, routes=frame)["conservation"].said


def test_an_area_that_is_not_the_waits_is_found(run: Run) -> None:
    live = run.tables["queues"]["kind"].to_numpy() == "live"
    more = with_change(
        run, "queue_sums", "waiting_us", lambda f: f["waiting_us"] * np.where(live[f["queue"]], 1.05, 1.0)
    )
    check = found(run, queue_sums=more)["little"]
    assert check.verdict == "look"
    assert "live 5 % apart" in check.said
    little = with_change(run, "queue_sums", "waiting_us", lambda f: f["waiting_us"] * 1.004)
    assert found(run, queue_sums=little)["little"].verdict == "fine"


def test_visits_that_wait_at_the_end_excuse_the_area(run: Run) -> None:
    frame = with_change(run, "queue_sums", "waiting_us", lambda f: f["waiting_us"] * 1.05)
    frame["open_waiting"] = 3
    check = found(run, queue_sums=frame)["little"]
    assert check.verdict == "open"
    assert "were still waiting when the run ended" in check.said


def test_a_first_week_that_differs_points_to_the_warm_up(run: Run) -> None:
    half = with_change(
        run, "flow_calendar", "waiting_us", lambda f: f["waiting_us"] * np.where(f["interval"] < 7 * 24, 0.5, 1.0)
    )
    check = found(run, flow_calendar=half)["warm-up"]
    assert check.verdict == "look"
    assert "First week against the others" in check.said
    less = with_change(
        run, "flow_intervals", "arrived", lambda f: f["arrived"] * np.where(f["interval"] < 7 * 24, 0.8, 1.0)
    )
    both = found(run, flow_calendar=half, flow_intervals=less)["warm-up"]
    assert both.verdict == "open"
    assert "demand in it differs by -2" in both.said


def test_a_queue_without_bound_is_found_and_named(run: Run) -> None:
    flows = run.tables["flows"]
    chat = flows["channel"].to_numpy() == "chat"
    rising = with_change(
        run,
        "flow_calendar",
        "waiting_us",
        lambda f: f["waiting_us"] + np.where(chat[f["flow"]], f["interval"].astype("int64") * HOUR, 0),
    )
    check = found(run, flow_calendar=rising)["growth"]
    assert check.verdict == "look"
    assert check.said.startswith("Queues grow: chat from ")
    assert "phone" not in check.said


def test_one_replication_leaves_open_what_it_cannot_tell() -> None:
    run = centre_run(1)
    got = found(run)
    assert got["precision"].verdict == "open"
    assert got["warm-up"].verdict == "open"
    assert got["conservation"].verdict == "fine"


def test_limits_that_were_hit_are_named(run: Run) -> None:
    got = found(run)
    assert got["caps"].verdict == "look"
    assert "limit of 3d in 6 replications" in got["caps"].said
    stopped = replace(run, provenance={**run.provenance, "stopped": True, "replications_asked": 40})
    assert "Stopped after 6 of 40 replications" in found(stopped)["caps"].said
    many = with_change(run, "replications", "open_at_end", lambda f: f["contacts"] // 50)
    assert found(run, replications=many)["open"].verdict == "look"


def test_doubts_come_first_and_the_summary_names_them(run: Run) -> None:
    many = checks(Facts(run))
    assert [check.verdict for check in many] == ["look", "look", *["fine"] * 6, "note"]
    assert summary(many) == (
        "6 of 8 checks are fine; please check precision, limits. The inputs themselves are assumptions."
    )


def test_a_short_laboratory_run_says_what_cannot_be_told() -> None:
    got = found(lab_run())
    assert got["warm-up"].verdict == got["growth"].verdict == "open"
    assert "Less than two days" in got["warm-up"].said
    assert got["conservation"].verdict == got["little"].verdict == "fine"


def test_periods_are_whole_weeks_or_days() -> None:
    week = periods_of(MEASURED.length)
    assert week is not None
    assert (week.name, week.count) == ("week", 2)
    days = periods_of(2 * WEEK - HOUR)
    assert days is not None
    assert (days.name, days.count) == ("day", 13)
    assert periods_of(2 * DAY - 1) is None


def test_paired_differences_have_students_interval() -> None:
    made = paired(np.array([1.0, 2.0, 3.0]))
    assert made.half is not None
    assert made.mean == 2.0
    assert made.half == pytest.approx(4.302653 / np.sqrt(3), rel=1e-5)
    assert made.holds_zero
    wider = paired(np.array([1.0, 2.0, 3.0]), tests=2).half
    assert wider is not None
    assert wider > made.half
    assert paired(np.array([1.0])).half is None
