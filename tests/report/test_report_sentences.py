"""The result in a sentence: pass, fail or inconclusive, and what that rests on."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from ccsim.kpis.verdicts import verdict_of
from ccsim.report import sentences
from ccsim.report.facts import Facts
from ccsim.results.run import Run
from tests.support.stand_in.centre import centre_run


def judged(low: float | None, high: float | None, **given: Any) -> dict[str, Any]:
    found = {
        "kpi": "service_level", "scope": {"channel": "phone"}, "threshold_s": 20.0, "at_least": 0.8, "at_most": None,
        "estimate": None if low is None else (low + (high or low)) / 2, "low": low, "high": high,
        "unit": "share", "method": "delta", "probability": 0.5, "probability_low": 0.2, "probability_high": 0.8,
        "replications": 6, "note": "",
    } | given  # fmt: skip
    verdict, why = verdict_of(found)
    return found | {"verdict": verdict, "why": why}


def answer(run: Run, *goals: dict[str, Any]) -> str:
    return sentences.answer(Facts(replace(run, goals=goals)))


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (judged(0.81, 0.85), "pass"),
        (judged(0.80, 0.85), "pass"),
        (judged(0.79, 0.85), "inconclusive"),
        (judged(0.70, 0.79), "fail"),
        (judged(0.70, 0.80), "inconclusive"),
        (judged(None, None), "inconclusive"),
        (judged(0.01, 0.05, at_least=None, at_most=0.05), "pass"),
        (judged(0.06, 0.08, at_least=None, at_most=0.05), "fail"),
        (judged(0.05, 0.08, at_least=None, at_most=0.05), "inconclusive"),
        (judged(0.81, 0.85, at_most=0.9), "pass"),
        (judged(0.91, 0.95, at_most=0.9), "fail"),
    ],
)
def test_a_verdict_is_that_of_the_whole_interval(goal: dict[str, Any], expected: str) -> None:
    assert goal["verdict"] == expected


def test_the_answer_counts_names_and_says_what_it_rests_on(run: Run) -> None:
    good, bad = judged(0.81, 0.85), judged(0.06, 0.08, kpi="abandonment", at_least=None, at_most=0.05)
    close, unknown = judged(0.79, 0.85), judged(None, None, kpi="occupancy", scope={"pool": "x"})
    one_side = "The 95 % intervals over 6 replications are clearly on one side of every limit."
    assert answer(run, good) == f"The goal passes. {one_side}"
    assert answer(run, good, good) == f"Both goals pass. {one_side}"
    assert answer(run, bad, bad, bad) == f"All 3 goals fail. {one_side}"
    assert answer(run, good, bad) == f"1 of 2 goals passes; abandonment (phone) fails. {one_side}"
    simulate_more = "With 6 replications its interval reaches the limit: run more replications."
    assert answer(run, close) == f"The goal is inconclusive. {simulate_more}"
    assert answer(run, bad, close) == (
        f"None of 2 goals passes; abandonment (phone) fails; service level (phone) is inconclusive. {simulate_more}"
    )
    assert answer(run, good, unknown) == f"1 of 2 goals passes; occupancy (x) is inconclusive. {one_side}"


def test_without_goals_or_with_one_replication() -> None:
    alone = centre_run(1)
    assert "One replication has no interval" in sentences.answer(Facts(alone))
    said = sentences.answer(Facts(replace(alone, goals=())))
    assert said.startswith("No goals were set. ")
    assert "chat contacts were answered within 20 s" in said


def test_a_target_in_words() -> None:
    assert sentences.goal_target(judged(0.8, 0.9)) == "at least 80 % within 20 s"
    wait = judged(1, 2, kpi="asa", unit="s", at_least=None, at_most=1800.0, threshold_s=None)
    assert sentences.goal_target(wait) == "at most 30 min"
    assert sentences.goal_chance(judged(0.8, 0.9)) == "3 of 6"
    assert sentences.chance_interval(judged(0.8, 0.9)) == "20 to 80 %"


def data(values: list[float], weights: list[float]) -> pd.DataFrame:
    times = [f"{hour:02d}:00" for hour in range(len(values))]
    return pd.DataFrame({"step": range(len(values)), "time": times, "estimate": values, "weight": weights})


def test_worst_times_are_those_with_contacts() -> None:
    found = data([0.9, 0.6, 0.1, 0.95], [50, 100, 0.1, 50])
    said = sentences.service_by_time("phone", found, "time of the day", (0.8, "goal"))
    assert (
        said
        == "phone: lowest at 01:00 (60 %); 50 % of the contacts arrive at a time of the day when it is below the goal."
    )
    assert "highest at 03:00 (95 %)" in sentences.service_by_time("phone", found, "time of the day", None)
    days = found.assign(time=["Mon 2 Mar", "Tue 3 Mar", "Wed 4 Mar", "Thu 5 Mar"])
    said = sentences.service_by_time("phone", days, "day", (0.8, "goal"))
    assert said == "phone: lowest on Tue 3 Mar (60 %); 50 % of the contacts arrive on a day when it is below the goal."
    assert sentences.highest_by_time("phone", days, "day", "s", 1.0) == "phone: highest on Thu 5 Mar (0.95 s)."
    assert "at or above the goal on every day" in sentences.service_by_time("phone", found, "day", (0.5, "goal"))
    assert (
        sentences.highest_by_time("phone", found, "time of the day", "%", 100.0) == "phone: highest at 03:00 (95.0 %)."
    )
    assert sentences.service_by_time("phone", found.iloc[:0], "day", None) == ""


def test_a_backlog_that_grows_is_said_to_grow() -> None:
    bands = ("young", "old")
    rows = pd.DataFrame({"young": [10.0 * n for n in range(9)], "old": [5.0] * 9})
    rows["total"] = rows.sum(axis=1)
    assert ("The backlog grows: 15 in the first third of the time, 75 in the last.") in sentences.backlog(
        rows, bands, bands[1:]
    )
    flat = pd.DataFrame({"young": [10.0] * 9, "old": [30.0] * 9, "total": [40.0] * 9})
    assert sentences.backlog(flat, bands, bands[1:]) == (
        "At midnight 40 deferred visits are waiting on average, 75 % of them for a day or longer."
    )


def test_staffing_names_the_worst_hour() -> None:
    frame = pd.DataFrame({"time": ["08:00", "09:00"], "required": [10.0, 20.0], "scheduled": [12.0, 14.0]})
    cover = SimpleNamespace(required=1000.0, scheduled=900.0, present=850.0, over=20.0, short=120.0, short_share=0.12)
    said = sentences.staffing(cover, frame, "time of the day")  # type: ignore[arg-type]
    assert "12 % of the required hours are not scheduled" in said
    assert "the largest shortfall is 6 agents, at 09:00" in said
