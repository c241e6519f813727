"""P10, P50 and P90 of KPIs by week, against sums by week and replication made here with numpy alone."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from ccsim import api
from ccsim.results.parquet import plain_rows
from ccsim.results.run import Run
from tests.support.workbook_reader import pages_of

REPLICATIONS = 8
DESK = f"""
scenario: desk
horizon: {{start: 2026-01-08, length: 13d, interval: 1h}}
demand: {{calls: {{per_minute: 0.5, profile: flat}}}}
handle_time: {{law: exponential, mean: 4m}}
patience: {{law: exponential, mean: 1m}}
vendors: {{own: {{kind: in_house, paid_hour: 20}}}}
pools: {{house: {{vendor: own, staffing: 3}}}}
run: {{replications: {REPLICATIONS}, seed: 5}}
goals: [{{kpi: service_level, at_least: 70%, within: 20s}}]
uncertain:
  volume: {{of: demand.*.rate, times: {{law: normal, mean: 1, sd: 10%}}}}
  wage: {{of: vendors.own.paid_hour, times: {{low: 0.9, high: 1.2}}}}
"""
HOUR_US = 3_600_000_000


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("spread")
    (folder / "desk.yaml").write_text(DESK)
    return api.run(folder / "desk.yaml", out=folder / "out")


def week_of(interval: int) -> str:
    """Monday of the week of an interval of an hour."""
    day = date(2026, 1, 8) + timedelta(hours=int(interval))
    return (day - timedelta(days=day.weekday())).isoformat()


def sums(run: Run, table: str, column: str) -> dict[str, np.ndarray]:
    """A column of a table by interval, by week, shape [replications]."""
    found: dict[str, np.ndarray] = {}
    frame = run.tables[table]
    frame = frame[(frame["interval"] >= 0) & (frame["interval"] < 13 * 24)]
    for interval, replication, value in zip(frame["interval"], frame["replication"], frame[column], strict=True):
        found.setdefault(week_of(interval), np.zeros(REPLICATIONS))[replication] += value
    return found


def by_hand(run: Run, week: str) -> dict[str, np.ndarray]:
    """KPIs of a week in each replication."""
    queue = {
        name: sums(run, "flow_intervals", name)[week]
        for name in ("arrived", "offered", "abandoned", "answered", "answered_within_20s", "balked", "open_waiting",
                     "talk_us", "wrap_up_us", "resolved", "escalated", "unresolved", "transferred")
    }  # fmt: skip
    pool = {name: sums(run, "pool_intervals", name)[week] for name in ("rated_us", "in_hand_us", "signed_in_us")}
    assert run.measured.drawn is not None
    cost = pool["rated_us"] / HOUR_US * np.array(run.measured.drawn.paid_hour["house"])
    days = {"2026-01-05": 4, "2026-01-12": 7, "2026-01-19": 2}[week]
    handled = queue["resolved"] + queue["escalated"] + queue["unresolved"] + queue["transferred"]
    answered = sums(run, "pool_intervals", "answered")[week]
    return {
        "arrived_per_day": queue["arrived"] / days,
        "service_level": queue["answered_within_20s"] / (queue["answered"] + queue["abandoned"] + queue["balked"]),
        "abandonment": queue["abandoned"] / (queue["offered"] - queue["open_waiting"]),
        "aht": (queue["talk_us"] + queue["wrap_up_us"]) / handled / 1e6,
        "occupancy": pool["in_hand_us"] / pool["signed_in_us"],
        "cost_per_day": cost / days,
        "cost_per_contact": cost / answered,
    }


@pytest.mark.parametrize("week", ["2026-01-05", "2026-01-12", "2026-01-19"])
def test_bands_by_week_are_quantiles_of_the_replications(run: Run, week: str) -> None:
    assert run.spread is not None
    rows = {row["kpi"]: row for row in plain_rows(run.spread) if row["start"] == week and not row["goal"]}
    for kpi, values in by_hand(run, week).items():
        row = rows[kpi]
        assert [row["p10"], row["p50"], row["p90"]] == pytest.approx(np.quantile(values, (0.1, 0.5, 0.9)), rel=1e-12)
        assert (row["mean"], row["sd"]) == pytest.approx((values.mean(), values.std(ddof=1)), rel=1e-9)
        assert row["replications"] == REPLICATIONS
        assert row["whole"] == (week == "2026-01-12")
    assert rows["cost_per_day"]["from_inputs"] == 1.0  # the same hours are paid, whoever calls


def test_every_kpi_of_the_whole_time_has_its_weeks_or_is_not_kept_by_week(run: Run) -> None:
    assert run.spread is not None
    weeks = run.spread[run.spread["period"] == "week"].groupby("kpi")["start"].nunique()
    whole = set(run.spread.loc[run.spread["period"] == "all", "kpi"])
    assert set(weeks.index) == whole
    assert (weeks == 3).all()
    assert {"fcr", "agents", "fte", "cost_per_contact"} <= whole


def test_page_and_workbook_mark_weeks_that_are_cut_short(run: Run, tmp_path: Path) -> None:
    text = api.report(run, tmp_path / "page.html").read_text("utf-8")
    table = text.partition("Main KPIs, week by week")[2].partition("</table>")[0]
    assert "Week of 2026-01-05, in part" in table
    assert "Week of 2026-01-12<" in table
    assert "Cost per contact" in table
    assert "Agents signed in" not in table  # the same in all replications

    sheet = pages_of(api.report(run, tmp_path / "bands.xlsx").read_bytes())["Between replications"]
    weeks = {row[1] for row in sheet.rows if row[2] == "Cost per contact"}
    assert weeks - {"", None} == {"2026-01-05, in part", "2026-01-12", "2026-01-19, in part"}


def test_many_weeks_are_drawn(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ccsim.report.spread_bands.MOST_IN_TABLE", 2)
    text = api.report(run, tmp_path / "page.html").read_text("utf-8")
    figure = text.partition("<h3>Main KPIs, week by week")[2].partition("</figure>")[0]
    assert figure.count("<svg") >= 7
    assert "An open dot: a week that is counted in part." in figure
