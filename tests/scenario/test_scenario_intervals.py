"""CSV files of volumes by interval: several volumes in a file, gaps and duplicates, and what a clock explains."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ccsim.centre.expected import expected_contacts
from ccsim.errors import ScenarioError
from ccsim.scenario import Scenario, loads
from ccsim.units import MINUTE

TEXT = """\
scenario: intervals
horizon: {{start: {day}, length: 2d, drain: 0s}}
time_zone: {zone}
handle_time: 1m
demand: {{{demand}}}
pools: {{desk: {{staffing: 1}}}}
"""


def read(
    folder: Path, rows: list[str], *, zone: str = "UTC", header: str = "start,contacts", demand: str = "", day: str = ""
) -> Scenario:
    (folder / "plan.csv").write_text("\n".join([header, *rows]) + "\n")
    demand = demand or "calls: {forecast: {file: plan.csv, outside: 0}}"
    return loads(TEXT.format(zone=zone, demand=demand, day=day or rows[0][:10]), base_dir=folder)


def fault(folder: Path, rows: list[str], **more: str) -> tuple[str, str]:
    """Line and column of the only fault, and its message."""
    with pytest.raises(ScenarioError) as caught:
        read(folder, rows, **more)
    (only,) = caught.value.faults
    assert only.file == str(folder / "plan.csv")
    return f"{only.line}:{only.column}", only.message


def values(scenario: Scenario, name: str = "calls") -> list[float]:
    """Contacts of the cells."""
    rate = scenario.demand[name].rate
    assert rate is not None
    return [round(value * rate.grid.every, 9) for value in rate.grid.values]


def second(scenario: Scenario, name: str = "calls") -> dict[str, float]:
    """Contacts of the second passage of a repeated hour by time of day."""
    rate = scenario.demand[name].rate
    assert rate is not None
    assert rate.grid.start is not None
    start = datetime.fromisoformat(rate.grid.start)
    width = timedelta(microseconds=rate.grid.every)
    return {f"{start + one.cell * width:%H:%M}": round(one.value * rate.grid.every, 9) for one in rate.grid.repeated}


def times(since: str, until: str, minutes: int) -> list[str]:
    start, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
    count = (end - start) // timedelta(minutes=minutes)
    return [(start + timedelta(minutes=minutes * n)).isoformat(" ") for n in range(count)]


def ones(stamps: list[str]) -> list[str]:
    return [f"{stamp},1" for stamp in stamps]


#: Zone, date, cells in minutes, cells that do not exist, cells that the clock shows twice.
GAPS = [
    ("Europe/Berlin", "2026-03-29", 60, ["02:00"]),
    ("Europe/Berlin", "2026-03-29", 15, ["02:00", "02:15", "02:30", "02:45"]),
    ("America/New_York", "2026-03-08", 30, ["02:00", "02:30"]),
    ("Australia/Lord_Howe", "2026-10-04", 30, ["02:00"]),
    ("Africa/Casablanca", "2026-03-22", 30, ["02:00", "02:30"]),
]
FOLDS = [
    ("Europe/Berlin", "2026-10-25", 60, ["02:00"]),
    ("America/New_York", "2026-11-01", 30, ["01:00", "01:30"]),
    ("Australia/Lord_Howe", "2026-04-05", 30, ["01:30"]),
    ("Africa/Casablanca", "2026-02-15", 30, ["02:00", "02:30"]),
]


def day_of(day: str, minutes: int) -> list[str]:
    return times(day, (datetime.fromisoformat(day) + timedelta(days=1)).isoformat(), minutes)


@pytest.mark.parametrize(("zone", "day", "minutes", "missing"), GAPS)
def test_rows_that_a_gap_of_the_clock_explains_may_be_missing(
    tmp_path: Path, zone: str, day: str, minutes: int, missing: list[str]
) -> None:
    stamps = [stamp for stamp in day_of(day, minutes) if stamp[11:16] not in missing]
    found = read(tmp_path, ones(stamps), zone=zone)
    whole = [0.0 if stamp[11:16] in missing else 1.0 for stamp in day_of(day, minutes)]
    assert values(found) == whole
    assert expected_contacts(found)["calls"] == pytest.approx(len(stamps))


@pytest.mark.parametrize(("zone", "day", "minutes", "missing"), GAPS)
def test_the_same_rows_missing_elsewhere_are_a_fault(
    tmp_path: Path, zone: str, day: str, minutes: int, missing: list[str]
) -> None:
    stamps = day_of(day, minutes)
    gap = [stamp for stamp in stamps if stamp[11:16] not in missing]
    line = stamps.index(next(s for s in stamps if s[11:16] == missing[0])) + 2
    after = gap[line - 2]
    place, message = fault(tmp_path, ones(gap), zone="UTC")
    assert place == f"{line}:1"
    assert "no row: " + ", ".join(f"{day} {time}" for time in missing) in message
    more = [stamp for stamp in gap if stamp != after]
    place, message = fault(tmp_path, ones(more), zone=zone)
    assert place == f"{line}:1"
    assert f"no row: {after[:16]}" in message


@pytest.mark.parametrize(("zone", "day", "minutes", "twice"), FOLDS)
@pytest.mark.parametrize("chronological", [True, False])
def test_a_repeated_hour_given_twice_has_a_value_for_each_passage(
    tmp_path: Path, zone: str, day: str, minutes: int, twice: list[str], chronological: bool
) -> None:
    stamps = day_of(day, minutes)
    again = [stamp for stamp in stamps if stamp[11:16] in twice]
    last = max(stamps.index(stamp) for stamp in again) + 1
    rows = ones(stamps[:last]) + [f"{stamp},0.5" for stamp in again] + ones(stamps[last:])
    if not chronological:
        rows.sort(key=lambda row: row[:19])
    found = read(tmp_path, rows, zone=zone)
    assert values(found) == [1.0] * len(stamps)
    assert second(found) == {stamp[11:16]: 0.5 for stamp in again}
    assert expected_contacts(found)["calls"] == pytest.approx(len(stamps) + 0.5 * len(again))
    assert second(read(tmp_path, ones(stamps), zone=zone)) == {}
    assert values(read(tmp_path, ones(stamps), zone=zone)) == [1.0] * len(stamps)


@pytest.mark.parametrize(("zone", "day", "minutes", "twice"), FOLDS)
def test_rows_given_twice_elsewhere_or_thrice_are_faults(
    tmp_path: Path, zone: str, day: str, minutes: int, twice: list[str]
) -> None:
    stamps = day_of(day, minutes)
    at = stamps.index(next(stamp for stamp in stamps if stamp[11:16] == twice[0]))
    rows = stamps[: at + 1] + stamps[at:]
    place, message = fault(tmp_path, ones(rows), zone="UTC")
    assert place == f"{at + 3}:1"
    assert message.startswith("the same interval again: ")
    thrice = [*stamps[: at + 1], stamps[at], *stamps[at:]]
    assert fault(tmp_path, ones(thrice), zone=zone)[0] == f"{at + 4}:1"
    noon = stamps.index(next(stamp for stamp in stamps if stamp[11:16] == "12:00"))
    assert fault(tmp_path, ones(stamps[: noon + 1] + stamps[noon:]), zone=zone)[0] == f"{noon + 3}:1"


def test_a_cell_that_is_only_partly_in_the_gap_may_not_be_missing(tmp_path: Path) -> None:
    stamps = [stamp for stamp in day_of("2026-10-04", 60) if stamp[11:16] != "02:00"]
    place, message = fault(tmp_path, ones(stamps), zone="Australia/Lord_Howe")
    assert place == "4:1"
    assert message.startswith("an interval has no row: 2026-10-04 02:00")


def test_a_line_through_a_gap_is_refused(tmp_path: Path) -> None:
    stamps = [stamp for stamp in day_of("2026-03-29", 60) if stamp[11:16] != "02:00"]
    demand = "calls: {forecast: {file: plan.csv, outside: 0}, interpolate: linear}"
    header = "start,per_minute"
    assert fault(tmp_path, ones(stamps), zone="Europe/Berlin", demand=demand, header=header)[0] == "4:1"
    assert values(read(tmp_path, ones(stamps), zone="Europe/Berlin", header=header))[2] == 0.0


MARKETS = (
    "calls: {forecast: {file: plan.csv, outside: 0}, markets: {a: 0.5, b: 0.5}}}\n"
    "markets: {a: {region: r, time_zone: Europe/Berlin}, b: {region: r, time_zone: %s}"
)


def test_the_clocks_of_all_markets_must_explain_it(tmp_path: Path) -> None:
    stamps = [stamp for stamp in day_of("2026-03-29", 60) if stamp[11:16] != "02:00"]
    assert values(read(tmp_path, ones(stamps), demand=MARKETS % "Europe/Paris"))[2] == 0.0
    assert fault(tmp_path, ones(stamps), demand=MARKETS % "Asia/Tokyo")[0] == "4:1"


def test_several_volumes_share_a_file(tmp_path: Path) -> None:
    rows = ["2026-03-02 09:00,a,1", "2026-03-02 09:00,b,5", "2026-03-02 09:30,a,2", "2026-03-02 09:30,b,6"]
    demand = (
        "a: {forecast: {file: plan.csv, outside: 0}}, b: {forecast: {file: plan.csv, outside: 0}}, c: {per_hour: 1}"
    )
    found = read(tmp_path, rows, header="start,stream,contacts", demand=demand)
    assert values(found, "a") == [1.0, 2.0]
    assert values(found, "b") == [5.0, 6.0]
    assert found.demand["a"].rate.grid.every == 30 * MINUTE  # type: ignore[union-attr]


def test_a_volume_without_rows_is_told_with_the_names_that_have_some(tmp_path: Path) -> None:
    rows = ["2026-03-02 09:00,call,1", "2026-03-02 09:30,call,2", "2026-03-02 10:00,post,2"]
    place, message = fault(tmp_path, rows, header="start,stream,contacts")
    assert place == "1:1"
    assert message == (
        "no row of the column 'stream' is called 'calls'; did you mean 'call'?; say which rows are its own with `name:`"
    )
    place, message = fault(tmp_path, ["2026-03-02,x,1", "2026-03-03,yy,1"], header="start,stream,contacts")
    assert message == (
        "no row of the column 'stream' is called 'calls'; known: x, yy; say which rows are its own with `name:`"
    )


def test_faults_are_told_in_the_rows_of_the_volume(tmp_path: Path) -> None:
    rows = ["2026-03-02 09:00,b,1", "2026-03-02 09:00,calls,1", "2026-03-02 09:30,b,1", "2026-03-02 10:00,calls,1"]
    rows += ["2026-03-02 10:00,b,1", "2026-03-02 12:00,calls,1"]
    place, message = fault(tmp_path, rows, header="start,stream,contacts")
    assert place == "7:1"
    assert message.startswith("an interval has no row: 2026-03-02 11:00; say `missing: 0`")


def test_times_that_fall_are_a_fault(tmp_path: Path) -> None:
    stamps = times("2026-03-02", "2026-03-02 06:00", 60)
    place, message = fault(tmp_path, ones([*stamps, stamps[2]]))
    assert (place, message[:15]) == ("8:1", "the same interv")


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    stamps = times("2026-03-02", "2026-03-03", 60)
    del stamps[20], stamps[10]
    stamps.insert(3, stamps[3])
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, ones(stamps))
    said = [(fault.line, fault.message) for fault in caught.value.faults]
    assert [line for line, _ in said] == [6, 13]
    assert said[0][1].startswith("the same interval again: 2026-03-02 03:00")
    assert said[1][1].startswith("2 intervals have no row: 2026-03-02 10:00, 2026-03-02 20:00")


def test_a_trace_of_a_market_is_in_its_time(tmp_path: Path) -> None:
    demand = "calls: {trace: plan.csv, market: a}}\nmarkets: {a: {region: r, time_zone: Asia/Tokyo}"
    rows = ["2026-03-02 09:00", "2026-03-02 10:30", "2026-03-02T03:00:00Z", "14400"]
    found = read(tmp_path, rows, header="time", demand=demand, day="2026-03-02")
    trace = found.demand["calls"].trace
    assert trace is not None
    assert [time // (60 * MINUTE) for time in trace.time] == [0, 1, 3, 4]
