"""The result in a sentence: met or not, and how sure."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from fake_centre import fake_run

from ccsim.report import sentences
from ccsim.report.facts import Facts
from ccsim.results.run import Run


def judged(met: bool | None, low: float | None, high: float | None, **given: Any) -> dict[str, Any]:
    found = {
        "kpi": "service_level", "scope": {"channel": "phone"}, "threshold_s": 20.0, "at_least": 0.8, "at_most": None,
        "met": met, "estimate": None if low is None else (low + (high or low)) / 2, "low": low, "high": high,
        "unit": "share", "method": "delta", "probability": 0.5, "probability_low": 0.2, "probability_high": 0.8,
        "replications": 6, "note": "",
    }  # fmt: skip
    return found | given


def answer(run: Run, *goals: dict[str, Any]) -> str:
    return sentences.answer(Facts(replace(run, goals=goals)))


@pytest.mark.parametrize(
    ("goal", "expected"),
    [
        (judged(True, 0.81, 0.85), True),
        (judged(True, 0.79, 0.85), False),
        (judged(False, 0.70, 0.79), True),
        (judged(False, 0.70, 0.81), False),
        (judged(None, None, None), False),
        (judged(True, 0.01, 0.04, at_least=None, at_most=0.05), True),
        (judged(False, 0.06, 0.08, at_least=None, at_most=0.05), True),
        (judged(False, 0.04, 0.08, at_least=None, at_most=0.05), False),
        (judged(True, 0.81, 0.85, at_most=0.9), True),
    ],
)
def test_sure_is_an_interval_on_one_side(goal: dict[str, Any], expected: bool) -> None:
    assert sentences.sure(goal) is expected


def test_the_answer_counts_names_and_says_how_sure(run: Run) -> None:
    met, missed = judged(True, 0.81, 0.85), judged(False, 0.06, 0.08, kpi="abandonment", at_least=None, at_most=0.05)
    close, unknown = judged(True, 0.79, 0.85), judged(None, None, None, kpi="occupancy", scope={"pool": "x"})
    assert answer(run, met).startswith("The goal is met. This is sure")
    assert answer(run, met, met).startswith("Both goals are met.")
    assert answer(run, missed, missed, missed).startswith("All 3 goals are missed.")
    assert answer(run, met, missed).startswith("1 of 2 goals is met; missed: abandonment (phone). This is sure")
    assert "Too close to call: with 6 replications" in answer(run, close)
    assert "Too close to call with 6 replications: service level (phone)." in answer(run, missed, close)
    assert "not known: occupancy (x)" in answer(run, met, unknown)


def test_without_goals_or_with_one_replication() -> None:
    alone = fake_run(1)
    assert "One replication was played" in sentences.answer(Facts(alone))
    said = sentences.answer(Facts(replace(alone, goals=())))
    assert said.startswith("No goals were set.")
    assert "chat contacts were answered within 20 s" in said


def test_a_target_in_words() -> None:
    assert sentences.goal_target(judged(True, 0.8, 0.9)) == "at least 80 % within 20 s"
    wait = judged(True, 1, 2, kpi="asa", unit="s", at_least=None, at_most=1800.0, threshold_s=None)
    assert sentences.goal_target(wait) == "at most 30 min"
    assert sentences.goal_chance(judged(True, 0.8, 0.9)) == "3 of 6"
    assert sentences.chance_interval(judged(True, 0.8, 0.9)) == "20 to 80 %"


def data(values: list[float], weights: list[float]) -> pd.DataFrame:
    times = [f"{hour:02d}:00" for hour in range(len(values))]
    return pd.DataFrame({"step": range(len(values)), "time": times, "estimate": values, "weight": weights})


def test_worst_times_are_those_with_contacts() -> None:
    found = data([0.9, 0.6, 0.1, 0.95], [50, 100, 0.1, 50])
    said = sentences.service_by_time("phone", found, "time of the day", (0.8, "goal"))
    assert (
        said
        == "phone: lowest at 01:00 (60 %); 50 % of the contacts come at a time of the day when it is below the goal."
    )
    assert "highest at 03:00 (95 %)" in sentences.service_by_time("phone", found, "day", None)
    assert "at or above the goal at every day" in sentences.service_by_time("phone", found, "day", (0.5, "goal"))
    assert sentences.highest_by_time("phone", found, "%", 100.0) == "phone: highest at 03:00 (95.0 %)."
    assert sentences.service_by_time("phone", found.iloc[:0], "day", None) == ""


def test_a_backlog_that_grows_is_said_to_grow() -> None:
    bands = ("young", "old")
    rows = pd.DataFrame({"young": [10.0 * n for n in range(9)], "old": [5.0] * 9})
    rows["total"] = rows.sum(axis=1)
    assert "It grows: 15 in the first third of the time, 75 in the last." in sentences.backlog(rows, bands, bands[1:])
    flat = pd.DataFrame({"young": [10.0] * 9, "old": [30.0] * 9, "total": [40.0] * 9})
    assert sentences.backlog(flat, bands, bands[1:]) == (
        "At midnight 40 deferred visits wait in the mean, 75 % of them for a day or longer."
    )


def test_staffing_names_the_worst_hour() -> None:
    frame = pd.DataFrame({"time": ["08:00", "09:00"], "required": [10.0, 20.0], "scheduled": [12.0, 14.0]})
    cover = SimpleNamespace(required=1000.0, scheduled=900.0, present=850.0, over=20.0, short=120.0, short_share=0.12)
    said = sentences.staffing(cover, frame, "time of the day")  # type: ignore[arg-type]
    assert "12 % of the required hours are not scheduled" in said
    assert "most is missing at 09:00: 6 agents" in said
