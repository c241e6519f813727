"""Goals by day, week and month, chosen days and hours, the calendar of reports: what is read, what is refused."""

import pytest

from ccsim import api
from ccsim.errors import CcsimError
from ccsim.language.goals import Goal, question_of
from ccsim.scenario.diff import differences
from tests.support.scenario_texts import only_fault, scenario

TWO_WEEKS = "{start: 2026-06-01, length: 2w}"
GOAL = "kpi: abandonment, at_most: 5%"


def goals(*said: str) -> str:
    return f"[{', '.join(f'{{{one}}}' for one in said)}]"


def test_what_is_written_is_read():
    read = scenario(
        horizon=TWO_WEEKS,
        goals=goals(
            f"{GOAL}, by: day",
            f"{GOAL}, worst: week, days: mon-wed",
            f"{GOAL}, days: [2026-06-09, sat], hours: 09:00-12:00",
            f"{GOAL}, days: [2026-06-09..2026-06-12, sun]",
        ),
        report="{time_zone: Asia/Manila, days: 2026-06-10, hours: {wed: 08:00-10:00}, full_time_week: 38.5h}",
    )
    by, worst, chosen, stretch = read.goals
    assert (by.by, by.worst, by.days, by.hours) == ("day", None, (), None)
    assert (worst.worst, worst.days) == ("week", ("mon", "tue", "wed"))
    assert chosen.days == ("sat", "2026-06-09")
    assert question_of(by) == "abandonment on every day"
    assert question_of(worst) == "abandonment in the worst week, on mon-wed"
    assert question_of(chosen) == "abandonment on sat and 2026-06-09, 09:00-12:00"
    assert stretch.days == ("sun", "2026-06-09", "2026-06-10", "2026-06-11", "2026-06-12")
    assert question_of(stretch) == "abandonment on sun and 2026-06-09 to 2026-06-12"
    assert read.report.full_time_week == 38.5 * 3_600_000_000


def test_goals_that_differ_in_time_are_different_questions():
    a, b = (scenario(horizon=TWO_WEEKS, goals=goals(f"{GOAL}, by: {kind}")) for kind in ("day", "week"))
    told = [str(change) for change in differences(a, b)]
    assert any("on every day" in one for one in told)
    assert any("in every week" in one for one in told)


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        (f"{GOAL}, by: year", "goals.0.by", "expected one of day, week, month, got 'year'"),
        (f"{GOAL}, by: day, worst: day", "goals.0.worst", "not both"),
        ("kpi: wait_p95, at_most: 5s, by: day", "goals.0.by", "wait_p95 is not known by time"),
        ("kpi: backlog, at_most: 5, days: mon", "goals.0.days", "backlog is not known by time"),
        ("kpi: cost_per_day, channel: phone, at_most: 5, by: day", "goals.0.by", "cost_per_day by channel is not"),
        ("kpi: occupancy, at_least: 60%, at_most: 85%, worst: day", "goals.0", "of two limits no period is the worst"),
        (f"{GOAL}, by: month", "goals.0.by", "no whole month is counted, only 2026-06-01 to 2026-06-14 UTC"),
        (f"{GOAL}, days: []", "goals.0.days", "expected days like 2026-06-16"),
        (f"{GOAL}, days: 2026-06-09..2026-06-08", "goals.0.days", "a range of dates that ends after it starts"),
        (f"{GOAL}, days: 2026-06-31", "goals.0.days", "expected a date that exists"),
        (f"{GOAL}, days: fryday", "goals.0.days", "expected days like mon"),
        (f"{GOAL}, days: [2026-06-02, [mon]]", "goals.0.days", "expected days like 2026-06-16"),
        (f"{GOAL}, days: 2026-07-01", "goals.0.days", "is not in the counted time, 2026-06-01 to 2026-06-14"),
        (f"{GOAL}, hours: 09:10-12:00", "goals.0.hours", "09:10 UTC lies inside a report interval of 30m"),
        (f"{GOAL}, hours: 25:00-26:00", "goals.0.hours", "expected a time of day"),
        (f"{GOAL}, days: 2026-06-02, hours: {{mon: 09:00-12:00}}", "goals.0.days", "is never in the counted time"),
    ],
)  # fmt: skip
def test_what_no_goal_can_ask(said, key, why):
    fault = only_fault(horizon=TWO_WEEKS, goals=goals(said), channels="{phone: {}}",
                       demand="{calls: {per_minute: 4.2, profile: flat, channel: phone}}")  # fmt: skip
    assert fault.key == key
    assert why in fault.message


@pytest.mark.parametrize(
    ("said", "key", "why"),
    [
        ("{time_zone: Mars/Olympus}", "report.time_zone", "there is no time zone"),
        ("{days: 2025-01-01}", "report.days", "2025-01-01 is not in the counted time"),
        ("{hours: 08:15-09:00}", "report.hours", "lies inside a report interval"),
        ("{full_time_week: 0h}", "report.full_time_week", "expected"),
        ("{full_time_week: 200h}", "report.full_time_week", "expected"),
        ("{day: mon}", "report.day", "unknown key"),
        ("[mon]", "report", "expected a map"),
    ],
)
def test_what_no_report_can_say(said, key, why):
    fault = only_fault(horizon=TWO_WEEKS, report=said)
    assert fault.key == key
    assert why in fault.message


def test_days_of_a_zone_whose_midnight_report_intervals_do_not_know():
    said = {"horizon": "{start: 2026-06-01, length: 2w, interval: 1h}", "report": "{time_zone: Asia/Kolkata}"}
    scenario(**said)  # nothing is judged by its days
    fault = only_fault(**said, goals=goals(f"{GOAL}, by: day"))
    assert "the midnight of 2026-06-02 Asia/Kolkata lies inside a report interval of 1h" in fault.message


def test_a_goal_in_time_is_not_about_a_part_of_a_volume():
    parts = {
        "horizon": TWO_WEEKS,
        "markets": "{uk: {region: e, time_zone: Europe/London, languages: {en: 100%}}, "
        "de: {region: e, time_zone: Europe/Berlin, languages: {de: 100%}}}",
        "demand": "{calls: {per_minute: 4.2, profile: flat, markets: {uk: 50%, de: 50%}}}",
        "pools": "{desk: {staffing: 12, languages: [en, de]}}",
    }
    fault = only_fault(**parts, goals=goals(f"{GOAL}, market: uk, by: day"))
    assert fault.key == "goals.0.market"
    assert "`by` needs market uk in volumes of its own" in fault.message
    scenario(**parts, goals=goals(f"{GOAL}, market: uk"))


@pytest.mark.parametrize(
    "goal",
    [
        Goal(kpi="wait_p95", at_most=3.0, by="day"),
        Goal(kpi="abandonment", at_most=0.1, days=("2030-01-01",)),
        Goal(kpi="abandonment", at_most=0.1, by="month"),
    ],
)
def test_a_goal_made_in_python_is_refused_before_anything_is_simulated(goal):
    made = scenario(horizon="{start: 2026-06-01, length: 2d}").model_copy(update={"goals": (goal,)})
    with pytest.raises(CcsimError, match=r"goals\.0"):
        api.prepare(made)


def test_a_variant_that_tears_what_a_goal_is_about_is_not_compared(tmp_path):
    (tmp_path / "desk.yaml").write_text(
        "scenario: desk\nhorizon: {start: 2026-06-01, length: 2d}\nhandle_time: 2m\n"
        "markets: {uk: {region: e, time_zone: Europe/London, languages: {en: 100%}}, "
        "us: {region: e, time_zone: Europe/London, languages: {en: 100%}}}\n"
        "demand: {calls: {per_minute: 1, profile: flat, market: uk}}\npools: {desk: {staffing: 4}}\n"
        f"goals: [{{{GOAL}, market: uk, by: day}}]\n"
    )
    (tmp_path / "both.yaml").write_text(
        "extends: desk.yaml\nscenario: both\ngoals: []\ndemand: {calls: {market: null, markets: {uk: 50%, us: 50%}}}\n"
    )
    with pytest.raises(
        CcsimError, match=r"both: goals\.0: abandonment by interval is kept by flow, and market uk holds"
    ):
        api.compare(tmp_path / "desk.yaml", tmp_path / "both.yaml", replications=2)
