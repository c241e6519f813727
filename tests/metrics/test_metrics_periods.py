"""KPIs by day, week and month: made of sums by interval that add up to the whole."""

from dataclasses import replace

import numpy as np
import pytest

from ccsim import api
from ccsim.centre.periods import ChosenTime
from ccsim.errors import CcsimError
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.shown import names_in
from ccsim.metrics.estimates import estimate
from ccsim.metrics.periods import by_period, sums_of_chosen
from ccsim.metrics.steps import kept_by_interval
from ccsim.metrics.sums import Sums
from ccsim.results.period_columns import PERIOD_ESTIMATES
from ccsim.units import DAY, HOUR
from tests.support.stand_in.desk import FOUR_DAYS, INTERVALS, fake_replication, fake_run
from tests.support.stand_in.engine import FakeSimulated


def later(replication):
    """A replication in which some visits of counted contacts joined after the counted time."""
    tables = dict(fake_replication(replication).tables)
    rows = tables["flow_intervals"].copy()
    rows[-3:, 0] = INTERVALS
    return FakeSimulated(tables | {"flow_intervals": rows})


def rows_of(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.reset_index(drop=True)


@pytest.fixture(scope="module")
def run():
    return fake_run(4, measured=FOUR_DAYS)


@pytest.fixture(scope="module")
def frame(run):
    return by_period(run.tables, run.measured)


def test_periods_lie_on_the_calendar_and_partial_ones_are_told(frame):
    days = rows_of(frame, period="day", kpi="abandonment", scope="all")
    assert days["start"].tolist() == ["2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert days["whole"].tolist() == [0, 1, 1, 1, 0]
    assert days["counted_hours"].tolist() == [12, 24, 24, 24, 12]
    weeks = rows_of(frame, period="week", kpi="abandonment", scope="all")
    assert weeks["start"].tolist() == ["2026-02-23", "2026-03-02"]
    assert rows_of(frame, period="month", kpi="abandonment", scope="all")["start"].tolist() == ["2026-03"]
    assert [column.name for column in PERIOD_ESTIMATES] == frame.columns.tolist()


CLOCKS_CHANGE = """
scenario: desk
time_zone: Europe/Berlin
horizon: {start: START, length: 3d, interval: 1h}
demand: {calls: {per_minute: 1, profile: flat}}
handle_time: 3m
patience: 2m
vendors: {own: {kind: in_house, paid_hour: 20}}
pools: {house: {vendor: own, staffing: 4}}
"""


@pytest.mark.parametrize(("start", "hours"), [("2026-03-28", [24, 23, 24]), ("2026-10-24", [24, 25, 24])])
def test_what_is_told_a_day_is_per_24_hours_where_clocks_change_too(tmp_path, start, hours):
    (tmp_path / "desk.yaml").write_text(CLOCKS_CHANGE.replace("START", start))
    run = api.run(tmp_path / "desk.yaml", replications=2)
    days = rows_of(api.by_period(run, ["arrived_per_day", "cost_per_day"], periods=["day"]), scope="all")
    assert days["counted_hours"].tolist() == hours * 2
    cost = rows_of(days, kpi="cost_per_day")["estimate"].to_numpy(float)
    assert cost == pytest.approx([4 * 20 * 24] * 3)  # what the day costs is four times 20 for each of its hours
    queue = run.tables["flow_intervals"]
    since = np.cumsum([0, *hours])
    for row, begin, end in zip(rows_of(days, kpi="arrived_per_day").itertuples(), since, since[1:], strict=False):
        came = queue[(queue["interval"] >= begin) & (queue["interval"] < end)]["arrived"].sum() / 2
        assert row.estimate == pytest.approx(came * 24 / (end - begin))


@pytest.mark.parametrize("kind", ["day", "week", "month"])
def test_sums_of_periods_add_up_to_the_totals_exactly(run, frame, kind):
    estimates = run.estimates.set_index(["kpi", "scope", "name", "threshold_s"])
    mine = rows_of(frame, period=kind).groupby(["kpi", "scope", "name", "threshold_s"], dropna=False)
    checked = 0
    for key, rows in mine:
        whole = estimates.loc[[key]].iloc[0]
        for column in ("numerator", "denominator"):
            parts, total = rows[column].to_numpy(float), float(whole[column])
            if key[0] == "fte" or (key[0].startswith("cost") and column == "numerator"):
                assert parts.sum() == pytest.approx(total, rel=1e-12), key  # no whole numbers of anything
            else:  # whole visits and microseconds
                assert sum(round(part * 1e6) for part in parts) == round(total * 1e6), key
        checked += 1
    assert checked > 40


def test_visits_that_joined_after_the_counted_time_are_all_that_is_missing():
    run = fake_run(3, simulate=later, measured=FOUR_DAYS)
    table = run.tables["flow_intervals"]
    after = table[table["interval"] >= INTERVALS]
    days = rows_of(by_period(run.tables, run.measured, kpis=["asa"]), period="day", scope="all")
    assert days["denominator"].sum() + after["answered"].sum() == run.estimate("asa")["denominator"]
    assert after["answered"].sum() > 0


def test_one_day_is_what_its_intervals_say(run, frame):
    table = run.tables["flow_intervals"]
    monday = table[table["interval"].isin([1, 2]) & (table["flow"] == 2)]
    row = rows_of(frame, period="day", start="2026-03-02", kpi="abandonment", scope="channel", name="email").iloc[0]
    assert row["estimate"] == monday["abandoned"].sum() / monday["offered"].sum()
    each = monday.groupby("replication")[["abandoned", "offered"]].sum()
    assert row["low"] < row["estimate"] < row["high"]
    assert (each["abandoned"] / each["offered"]).between(0, 1).all()


def test_a_week_in_another_zone_has_other_days(run):
    fiji = replace(run.measured, report_zone="Pacific/Fiji")  # where Sunday noon in UTC is midnight
    there = by_period(run.tables, fiji, kpis=["asa"], kinds=["day"], scopes=["all"])
    assert there["start"].tolist() == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert there["whole"].all()


def test_a_midnight_inside_a_report_interval_is_an_error(run):
    torn = replace(run.measured, report_zone="Asia/Kolkata")
    with pytest.raises(CcsimError, match="the midnight of 2026-03-02 Asia/Kolkata lies inside a report interval"):
        by_period(run.tables, torn)


def test_people_and_fte_by_period(run, frame):
    pools = run.tables["pool_intervals"]
    monday = pools[pools["interval"].isin([1, 2]) & (pools["pool"] == 0)]
    row = rows_of(frame, period="day", start="2026-03-02", kpi="fte", scope="site", name="manila").iloc[0]
    paid_hours_a_day = monday["paid_us"].sum() / 3.6e9 / 4
    assert row["estimate"] == pytest.approx(paid_hours_a_day * 7 / 40)
    people = rows_of(frame, period="week", kpi="employed", scope="vendor")
    assert dict(zip(people["name"], people["estimate"], strict=True)) == {"northwind": 30, "house": 12}
    assert run.estimate("employed")["estimate"] == 42
    other = replace(run.measured, full_time_week=35 * HOUR)
    mine = rows_of(by_period(run.tables, other, kpis=["fte"], scopes=["site"]), period="day", name="manila")
    assert mine["estimate"][1] == pytest.approx(paid_hours_a_day * 7 / 35)


def test_what_kpis_say_of_themselves_is_what_the_tables_hold():
    for kpi in KPIS.values():
        if kpi.kind == "ratio":
            assert kpi.kept_by_time == kept_by_interval(kpi), kpi.name
    assert all(KPIS[name].kept_by_time for name in names_in("by period"))
    assert not KPIS["cost_per_day"].by("channel").kept_by_time


@pytest.mark.parametrize("kpi", ["wait_p95", "backlog", "cost_per_resolution", "no_such"])
def test_a_kpi_that_is_not_kept_by_interval_is_an_error(run, kpi):
    with pytest.raises(CcsimError, match=f"{kpi}: not known by time"):
        by_period(run.tables, run.measured, kpis=[kpi])


def test_chosen_time_is_a_run_of_its_own(run):
    everything = sums_of_chosen(Sums(run.tables, run.measured), ChosenTime())
    whole = estimate(run.tables, run.measured, kpis=["asa", "occupancy", "waited"])
    mine = estimate(run.tables, run.measured, kpis=["asa", "occupancy", "waited"], sums=everything)
    for column in ("estimate", "low", "high", "numerator"):
        assert mine[column].to_numpy(float) == pytest.approx(whole[column].to_numpy(float), rel=1e-12)
    morning = ChosenTime(("mon",), ((0, 12 * HOUR),))
    sums = sums_of_chosen(Sums(run.tables, run.measured), morning)
    table = run.tables["flow_intervals"]
    first = table[table["interval"] == 1]
    row = estimate(run.tables, run.measured, kpis=["abandonment"], scopes=["all"], sums=sums).iloc[0]
    assert row["estimate"] == first["abandoned"].sum() / first["offered"].sum()
    with pytest.raises(CcsimError, match="not in the counted time"):
        sums_of_chosen(Sums(run.tables, run.measured), ChosenTime(("2026-06-16",)))
    with pytest.raises(CcsimError, match="inside a report interval"):
        sums_of_chosen(Sums(run.tables, run.measured), ChosenTime((), ((9 * HOUR, 12 * HOUR),)))


def test_a_chunk_at_a_time_gives_the_same(run, frame, monkeypatch):
    monkeypatch.setattr("ccsim.metrics.steps.READ_BYTES", 0)
    again = by_period(run.tables, run.measured)
    assert again.equals(frame)


def test_stored_and_read_again(run, frame, tmp_path):
    stored = run.write(tmp_path / "run")
    assert stored.periods().equals(frame)
    again = type(run).read(tmp_path / "run")
    assert again.periods().equals(frame)
    assert (tmp_path / "run" / "estimates_by_period.csv").read_text().count("\n") == len(frame) + 1
    assert not np.isnan(frame["numerator"].to_numpy(float)).any()
    assert DAY == 24 * HOUR
