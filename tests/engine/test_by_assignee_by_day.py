"""By vendor, site and pool and by day: held against the log of visits, and against the whole counted time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import CcsimError, ScenarioError
from ccsim.kpis.definitions import KPIS
from ccsim.records.outcomes import OUTCOMES
from ccsim.units import DAY, HOUR
from tests.engine.desks import VENDOR_DESK

ZONE = "America/New_York"
GOALS = """goals:
  - {kpi: abandonment, vendor: partner, at_most: 60%, by: day}
  - {kpi: fcr, vendor: own, at_least: 50%, worst: day}
  - {kpi: service_level, pool: tech, at_least: 50%, days: [2026-03-03]}
  - {kpi: aht, site: sofia, at_most: 9m, by: day}
satisfaction: {base: 4.6}
"""
TEXT = VENDOR_DESK.split("goals:")[0].replace("length: 20h", "length: 60h") + GOALS
KPIS_BY_ANSWERER = [name for name, kpi in KPIS.items() if kpi.by_answerer]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("desk") / "desk.yaml"
    path.write_text(f"{TEXT}report: {{time_zone: {ZONE}}}\n", "utf-8")
    return api.run(path, replications=2, seed=3, visits=True)


@pytest.fixture(scope="module")
def by_day(run):
    return api.by_period(run, KPIS_BY_ANSWERER, periods=("day",), scopes=("vendor", "owner", "site", "pool"))


def _visits(run) -> pd.DataFrame:
    """Counted visits that joined a queue in the counted time, with the report's date."""
    visits, queues, pools = run.tables["visits"], run.tables["queues"], run.tables["pools"]
    since, zone = run.measured.warm_up, ZoneInfo(ZONE)
    visits = visits[(visits["counted"] == 1) & (visits["joined_us"] < since + run.measured.length)].copy()
    start = datetime(2026, 3, 2, tzinfo=UTC)
    times = [start + timedelta(microseconds=at) for at in visits["joined_us"].tolist()]
    visits["day"] = [time.astimezone(zone).date().isoformat() for time in times]
    visits["what"] = [OUTCOMES[code] for code in visits["outcome"]]
    visits["workflow"] = queues["workflow"].to_numpy()[visits["queue"]]
    names = pools["name"].to_numpy()
    visits["by"] = [names[pool] if pool >= 0 else "" for pool in visits["pool"]]
    return visits


def _told(by_day: pd.DataFrame, kpi: str, scope: str, name: str) -> dict[str, tuple[float, float]]:
    rows = by_day[(by_day["kpi"] == kpi) & (by_day["scope"] == scope) & (by_day["name"] == name)]
    return {
        day: (top, bottom)
        for day, top, bottom in zip(rows["start"], rows["numerator"], rows["denominator"], strict=True)
    }


def test_days_are_those_of_the_reports_clock_and_of_the_log(run, by_day):
    visits = _visits(run)
    tech = visits[visits["workflow"] == "tech"]
    lost = tech[tech["what"] == "abandoned"].groupby("day").size()
    offered = tech.groupby("day").size()
    told = _told(by_day, "abandonment", "pool", "tech")
    assert list(told) == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"]
    assert {day: (top, bottom) for day, (top, bottom) in told.items() if bottom} == {
        day: (lost.get(day, 0), offered[day]) for day in offered.index
    }
    ended = visits[(visits["by"] == "slow") & (visits["what"] != "open_in_hand")]
    time = (ended["wrapped_us"] - ended["left_us"]).groupby(ended["day"]).sum() / 1e6
    for day, (top, bottom) in _told(by_day, "aht", "pool", "slow").items():
        mine = ended["day"] == day
        assert (top, bottom) == (pytest.approx(time.get(day, 0)), mine.sum())


def test_days_add_up_to_the_whole(run, by_day):
    """But for visits that joined after the counted time, of which there are few."""
    sums = run.tables["assigned_sums"]
    after = sums[sums["day"] > 3]["offered"].sum()
    assert 0 <= after < 0.02 * sums["offered"].sum()
    seen = set()
    for (kpi, scope, name), rows in by_day.groupby(["kpi", "scope", "name"]):
        whole = run.estimate(kpi, scope, name)
        for column in ("numerator", "denominator"):
            difference = whole[column] - rows[column].sum()
            assert abs(difference) <= after * (3600 if kpi in ("aht", "mean_talk") else 5) + 1e-6, (kpi, scope, name)
        seen.add(kpi)
    assert seen == set(KPIS_BY_ANSWERER)
    assert len({name for name in seen if by_day.query("kpi == @name")["denominator"].sum() > 0}) > 15


def test_goals_in_time_judge_them(run, by_day):
    by, worst, one, aht = run.goals
    days = {day: top / bottom for day, (top, bottom) in _told(by_day, "abandonment", "vendor", "partner").items()}
    whole = {day: value for day, value in days.items() if day in ("2026-03-02", "2026-03-03")}
    assert by["estimate"] == pytest.approx(max(whole.values()))
    assert by["time"]["judged"] == worst["time"]["judged"] == aht["time"]["judged"] == 2
    top, bottom = _told(by_day, "service_level", "pool", "tech")["2026-03-03"]
    assert one["estimate"] == pytest.approx(top / bottom)


def test_they_are_not_known_by_the_hour(run, tmp_path):
    with pytest.raises(CcsimError, match="kept by day"):
        api.by_interval(run, "abandonment", within={"vendor": "own"}, every=HOUR)
    with pytest.raises(CcsimError, match="kept by day"):
        api.by_interval(run, "abandonment", within={"vendor": "own"}, every=DAY)  # its days begin at another hour
    path = tmp_path / "desk.yaml"
    path.write_text(TEXT.replace("by: day}", "by: day, hours: 08:00-12:00}"), "utf-8")
    with pytest.raises(ScenarioError, match="abandonment by vendor is kept by day: leave out `hours`"):
        api.load(path)
