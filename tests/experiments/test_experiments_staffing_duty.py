"""Agents on duty of the plan that was found, against the plan of a run of it; a search that is kept by `api.staff`."""

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import OutputError
from ccsim.experiments.staffing_duty import agents_on_duty, rows_of_plan
from ccsim.results.staff_store import read_staff

DESK = """
scenario: desk
time_zone: Europe/London
horizon: {start: 2026-09-07, length: 19d, interval: 30m}
run: {seed: 3}
goals: [{kpi: service_level, at_least: 60%, within: 20s}]
patience: {law: exponential, mean: 3m}
handle_time: {law: exponential, mean: 4m}
demand: {calls: {per_week: 1_500, profile: business_day}}
queue_groups: {door: {hours: {mon-fri: 08:00-20:00}}}
vendors: {own: {kind: in_house, paid_hour: 21, shrinkage: {leave: 8%, training: 3%}}}
sites:
  leeds: {region: uk, time_zone: Europe/London, hours: {mon-fri: 07:00-21:00}, special_days: {2026-09-16: closed}}
shift_patterns:
  early: {paid: 8h, starts: [07:30, 08:00], breaks: [15m, 30m unpaid, 15m], days: mon-fri}
  late: {paid: 8h, starts: [11:30], breaks: [15m, 30m unpaid, 15m], days: mon-fri}
pools: {leeds: {site: leeds, vendor: own, headcount: 5, shifts: [early, late]}}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("duty")
    (place / "desk.yaml").write_text(DESK)
    return place


def test_agents_on_duty_are_those_of_a_run_of_the_plan_and_api_staff_keeps_them(folder: Path) -> None:
    found = api.staff(folder / "desk.yaml", between={"leeds": (4, 9)}, most=20, out=folder / "people", workers=2)
    assert found.found is not None
    kept = read_staff(folder / "people")
    assert kept.people["found"].tolist() == list(found.found.heads)
    assert kept.agents["weeks"].drop_duplicates().tolist() == [
        2,
        1,
    ]  # the third week is as the first, as far as it goes

    heads = f"pools.leeds.headcount={found.found.heads[0]}"
    run = api.run(folder / "desk.yaml", settings=[heads], replications=1)
    plan = run.tables["workforce_plan"].set_index("interval")
    told = kept.agents.set_index(["week", "day", "time"])
    of: dict[tuple[str, str, str], list[np.ndarray]] = {}
    for at in range(19 * 48):
        local = datetime(2026, 9, 7) + timedelta(minutes=30 * at)
        week = "2026-09-14" if local.date().isocalendar()[1] == 38 else "2026-09-07"
        key = (week, f"{local:%a}", f"{local:%H:%M}")
        of.setdefault(key, []).append(plan.loc[at, ["required_us", "rostered_us", "scheduled_us"]].to_numpy(float))
    wanted = {key: np.mean(each, axis=0) / 1.8e9 for key, each in of.items() if np.any(each)}
    assert set(wanted) == set(told.index)
    for key, want in wanted.items():
        assert told.loc[key, ["required", "rostered", "scheduled"]].to_numpy(float) == pytest.approx(want)
    assert told.loc[("2026-09-14", "Wed", "10:00"), "required"] > 0  # though the site is closed
    assert told.loc[("2026-09-14", "Wed", "10:00"), "scheduled"] == 0

    with pytest.raises(OutputError, match="exists already"):
        api.staff(folder / "desk.yaml", out=folder / "people")
    text = api.report(folder / "people").read_text("utf-8")
    assert "Agents on duty by pool and interval" in text
    assert "A week like that of 2026-09-07; agents.csv also has those that differ, from 2026-09-14 on." in text
    assert pd.read_csv(folder / "people" / "agents.csv")["scheduled"].tolist() == kept.agents["scheduled"].tolist()


def test_without_a_plan_nobody_is_on_duty(folder: Path) -> None:
    found = api.staff(folder / "desk.yaml", between={"leeds": (1, 1)}, most=10)
    assert found.found is None
    assert agents_on_duty(found) == []


def test_the_hour_that_comes_twice_is_a_mean_and_weeks_in_part_join_those_that_they_are_like(folder: Path) -> None:
    settings = ["horizon.start=2026-10-21", "horizon.length=8d", "sites.leeds.special_days=~"]
    measured = api.prepare(folder / "desk.yaml", settings=settings).plan.measured
    intervals = np.arange(8 * 48 + 2)  # one day has 25 hours
    assert len(intervals) * 1_800_000_000 == measured.length
    plan = np.zeros((len(intervals), 5), np.int64)
    plan[:, 0], plan[:, 2], plan[:, 3], plan[:, 4] = intervals, 1_800_000_000, 3_600_000_000, 3_600_000_000
    rows = rows_of_plan(plan, ["leeds"], measured)

    assert len(rows) == 7 * 48  # Wednesday to Sunday, and Monday to Wednesday: one week
    assert {(row["week"], row["weeks"]) for row in rows} == {("2026-10-19", 2)}
    assert {(row["required"], row["rostered"], row["scheduled"]) for row in rows} == {(1.0, 2.0, 2.0)}
