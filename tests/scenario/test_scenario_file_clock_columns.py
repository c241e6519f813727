"""Files whose rows say their time in two columns, hour and minute, or date and time in a column called `time`."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.load import Loaded, read_text
from ccsim.units import HOUR, MINUTE

DESK = """
scenario: desk
time_zone: ZONE
horizon: {start: START, length: 1d, drain: 1h}
handle_time: {mean: 4m, cv: 1}
patience: {law: exponential, mean: 3m}
demand: {calls: {forecast: {file: calls.csv, date: day first, columns: {COLUMNS}}}}
pools: {desk: {staffing: 9}}
"""


def read(folder: Path, rows: list[str], columns: str, start: str = "2026-03-02", zone: str = "UTC") -> Loaded:
    (folder / "calls.csv").write_text("\n".join(rows), encoding="utf-8")
    text = DESK.replace("COLUMNS", columns).replace("START", start).replace("ZONE", zone)
    return read_text(text, base_dir=folder)


def counts(loaded: Loaded) -> tuple[int, list[float]]:
    """Microseconds of an interval, and contacts of each."""
    rate = loaded.scenario.demand["calls"].rate
    assert rate is not None
    return rate.grid.every, [value * rate.grid.every for value in rate.grid.values]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("Date,Hour,Minute,Calls", "contacts: Calls"),
        ("Date,H,M,Calls", "contacts: Calls, time: H, minute: M"),
        ("Date,heure,minute,appels", "contacts: appels, time: heure"),
    ],
)
def test_hour_and_minute_stand_in_two_columns(tmp_path: Path, head: str, columns: str) -> None:
    rows = [f"02/03/2026,{hour},{minute},{hour + minute / 100}" for hour in range(24) for minute in (0, 15, 30, 45)]
    loaded = read(tmp_path, [head, *rows], columns)
    every, values = counts(loaded)
    assert every == 15 * MINUTE
    assert values == pytest.approx([hour + minute / 100 for hour in range(24) for minute in (0, 15, 30, 45)])
    assert any("hours and minutes of the time of day" in one.message for one in loaded.remarks)


def test_a_column_of_minutes_beside_times_is_left_alone(tmp_path: Path) -> None:
    rows = [f"02/03/2026,{hour:02}:00,7,{hour}" for hour in range(24)]
    assert counts(read(tmp_path, ["Date,Time,Minute,Calls", *rows], "contacts: Calls")) == (
        HOUR,
        pytest.approx(list(range(24))),
    )


@pytest.mark.parametrize("pair", ["24,0", "7,60", "7.5,0", "-1,0"])
def test_what_is_no_hour_or_minute_is_told_at_its_row(tmp_path: Path, pair: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(
            tmp_path,
            ["Date,Hour,Minute,Calls", "02/03/2026,0,0,1", f"02/03/2026,{pair},5"],
            "contacts: Calls, minute: Minute",
        )
    (fault,) = caught.value.faults
    assert "expected an hour from 0 to 23 and a minute from 0 to 59" in fault.message
    assert fault.line == 3


@pytest.mark.parametrize("what", ["time", "start"])
def test_times_that_bear_their_dates_may_be_called_time(tmp_path: Path, what: str) -> None:
    """Clocks in Sydney are put back on 5 April 2026: the day has 25 hours, of which 02:00 and 02:30 come twice."""
    from datetime import UTC, datetime, timedelta
    from zoneinfo import ZoneInfo

    zone, first = ZoneInfo("Australia/Sydney"), datetime(2026, 4, 4, 13, tzinfo=UTC)
    local = [(first + timedelta(minutes=30 * number)).astimezone(zone) for number in range(50)]
    for form in ("%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z"):
        rows = [f"{at.strftime(form)},{number + 10}" for number, at in enumerate(local)]
        loaded = read(
            tmp_path,
            ["Interval Start,Offered", *rows],
            f"{what}: Interval Start, contacts: Offered",
            "2026-04-05",
            zone.key,
        )
        assert any("1,725.0 contacts" in one.message for one in loaded.remarks), loaded.remarks  # 10 + ... + 59


def test_a_scenario_of_the_text_alone_reads_no_file() -> None:
    with pytest.raises(ScenarioError, match="no such file"):
        loads(DESK.replace("COLUMNS", "contacts: Calls").replace("START", "2026-03-02").replace("ZONE", "UTC"))
