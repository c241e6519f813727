"""Streams: rates, grids, CSV files and recorded traces."""

# One row a case.
# ruff: noqa: E501

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.centre.expected import expected_contacts
from ccsim.language.curves import grid_of_steps
from ccsim.language.demand import Volume
from ccsim.language.traces import Trace
from ccsim.scenario import Scenario
from ccsim.units import DAY, HOUR, MINUTE, SECOND, WEEK
from tests.support.scenario_texts import only_fault, scenario


def stream(text: str, base_dir: Path | None = None, **parts: str) -> Volume:
    return scenario(base_dir, demand="{calls: " + text + "}", **parts).demand["calls"]


def rates(one: Volume) -> tuple[float, ...]:
    assert one.rate is not None
    return one.rate.grid.values


@pytest.mark.parametrize(
    ("text", "unit"),
    [("per_second: 4.2", SECOND), ("per_minute: 4.2", MINUTE), ("per_hour: 4.2", HOUR), ("per_day: 4.2", DAY),
     ("per_week: 4.2", WEEK)],
)  # fmt: skip
def test_flat_rates_are_contacts_per_microsecond(text: str, unit: int) -> None:
    assert rates(stream("{" + text + "}")) == (4.2 / unit,)


def test_defaults_of_a_stream() -> None:
    one = stream("{per_week: 84_000}")
    assert (one.workflow, one.channel, one.segment, one.market, one.language) == ("calls", "phone", "all", "all", None)
    assert rates(one) == (84_000.0 / WEEK,)


def test_values_on_a_grid() -> None:
    values = ", ".join(str(n) for n in range(48))
    one = stream("{rates: {per: hour, every: 30m, values: [" + values + "], interpolate: linear}}")
    assert one.rate is not None
    assert one.rate.interpolate == "linear"
    assert one.rate.grid.every == 30 * MINUTE
    assert rates(one) == tuple(n / HOUR for n in range(48))
    dated = stream("{rates: {per: minute, every: 1s, values: [1, 2, 3], start: 2026-01-01 09:00}}")
    assert dated.rate is not None
    assert (dated.rate.grid.start, dated.rate.grid.every) == ("2026-01-01T09:00:00", SECOND)


def test_steps_become_the_widest_grid() -> None:
    one = stream("{rates: {per: minute, steps: [[00:00, 1.0], [00:30, 1.5], [04:00, 0]]}}")
    assert one.rate is not None
    assert one.rate.grid.every == 30 * MINUTE
    assert rates(one) == tuple(value / MINUTE for value in [1.0] + [1.5] * 7 + [0.0] * 40)


def test_linear_steps_close_the_day() -> None:
    one = stream("{rates: {per: minute, steps: [[00:00, 0], [08:00, 2], [16:00, 2]], interpolate: linear}}")
    assert one.rate is not None
    assert one.rate.grid.every == 8 * HOUR
    assert rates(one) == (0.0, 2 / MINUTE, 2 / MINUTE)
    odd = stream("{rates: {per: minute, steps: [[00:00, 0], [06:00, 6], [08:00, 4]], interpolate: linear}}")
    assert [value * MINUTE for value in rates(odd)] == pytest.approx([0, 2, 4, 6, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5])


@given(st.lists(st.integers(1, 86_399), max_size=6, unique=True), st.booleans())
@settings(derandomize=True, max_examples=60)
def test_steps_stand_at_starts_of_cells(starts: list[int], linear: bool) -> None:
    steps = [(second * SECOND, float(second % 7)) for second in [0, *sorted(starts)]]
    grid = grid_of_steps(steps, linear=linear)
    assert grid.every == math.gcd(DAY, *(time for time, _ in steps))
    assert grid.every * len(grid.values) == DAY
    for time, value in steps:
        assert grid.values[time // grid.every] == value
    if not linear:
        assert set(grid.values) == {value for _, value in steps}


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("12", "", "a map like {per_minute: 4.2}, got '12'"),
        ("{}", "", "got none of them"),
        ("{per_minute: 1, per_hour: 60}", "", "got per_minute and per_hour"),
        ("{per_minut: 1}", "per_minut", "did you mean 'per_minute'"),
        ("{per_minute: -1}", "per_minute", "must not be negative"),
        ("{per_minute: 80%}", "per_minute", "expected a number"),
        ("{per_minute: 1, profile: bell}", "profile", "there is no profile 'bell'"),
        ("{rates: {per: minute, every: 1h, values: [1, 2]}}", "rates.values", "2 values every 1h span 2h"),
        ("{rates: {per: minute, every: 1h, values: [1, -2], start: 2026-01-01}}", "rates.values.1", "negative"),
        ("{rates: {per: minute, every: 500ms, values: [1], start: 2026-01-01}}", "rates.every", "at least 1s"),
        ("{rates: {per: fortnight, every: 1h, values: [1]}}", "rates.per", "one of second, minute"),
        ("{rates: {per: minute}}", "rates.every", "expected steps, or every and values"),
        ("{rates: {per: minute, every: 1h, steps: [[00:00, 1]]}}", "rates.every", "belongs to `values`"),
        ("{rates: {per: minute, steps: [[01:00, 1]]}}", "rates.steps.0", "first step at 00:00"),
        ("{rates: {per: minute, steps: [[00:00, 1], [02:00, 2], [02:00, 3]]}}", "rates.steps.2", "rising order"),
        ("{rates: {per: minute, steps: [[00:00, 1], [24:00, 2]]}}", "rates.steps.1", "before 24:00"),
        ("{rates: {per: minute, steps: [[00:00]]}}", "rates.steps.0", "a step like [09:30, 12], got [00:00]"),
        ("{rates: {per: minute, steps: []}}", "rates.steps", "steps of a day"),
        ("{per_minute: 1, day_cv: 9%, day_factor: {cv: 9%}}", "day_cv", "not both"),
        ("{per_minute: 1, day_factor: 9%}", "day_factor", "a map with cv"),
        ("{per_minute: 1, interpolate: linear}", "interpolate", "belongs to `forecast`"),
        ("{per_minute: 1, segment: vip}", "segment", "there is no segment 'vip'"),
        ("{per_minute: 1, channel: 'two words'}", "channel", "a name of letters"),
        ("{forecast: nowhere.csv}", "forecast", "no such file"),
        ("{forecast: .}", "forecast", "expected a file like calls.csv or a name of `files`"),
        ("{trace: [a.csv]}", "trace", "a file like calls.csv"),
    ],
)
def test_faulty_streams_are_told(text: str, key: str, said: str) -> None:
    fault = only_fault(demand="{calls: " + text + "}")
    assert fault.key == f"demand.calls.{key}".rstrip(".")
    assert said in fault.message


def test_intervals_from_a_csv(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text(
        "start,contacts\n2026-01-01 09:00,30\n2026-01-01 09:30,45.5\n2026-01-01T10:00,0\n"
    )
    (tmp_path / "minute.csv").write_text("per_minute,start\r\n1,2026-01-01\r\n2,2026-01-01 00:00:15\r\n")
    one = stream("{forecast: day.csv}", tmp_path)
    assert one.rate is not None
    assert (one.rate.grid.start, one.rate.grid.every) == ("2026-01-01T09:00:00", 30 * MINUTE)
    assert rates(one) == (30 / (30 * MINUTE), 45.5 / (30 * MINUTE), 0.0)
    linear = stream("{forecast: minute.csv, interpolate: linear}", tmp_path)
    assert linear.rate is not None
    assert (linear.rate.interpolate, linear.rate.grid.every) == ("linear", 15 * SECOND)
    assert rates(linear) == (1 / MINUTE, 2 / MINUTE)


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ("", "1:1", "the file is empty"),
        ("start,contacts\n2026-01-01 00:00,1\n", "2:1", "one row does not tell how wide an interval is"),
        ("start,contact\n2026-01-01 00:00,1\n2026-01-01 01:00,1\n", "1:1", "the file has 'start', 'contact'"),
        ("contacts\n1\n2\n", "1:1", "no column is called `start`"),
        ("start,contacts\n2026-01-01 00:00,1\n2026-01-01 01:00\n", "3:1", "an empty cell in the column 'contacts'"),
        ("start,contacts\n2026-01-01 00:00,1\n2026-01-01 01:00,-1\n", "3:1", "0 or more, got -1"),
        ("start,contacts\n2026-01-01 00:00,1\nyesterday,1\n", "3:1", "'yesterday' is no date"),
        ("start,contacts\n2026-01-01 00:00,1\n2026-01-01 00:00,1\n", "2:1", "one row does not tell"),
        ("start,contacts\n2026-01-01,1\n2026-01-01 00:00:00.5,1\n", "2:1", "from 1 s"),
        ("start,contacts\n2026-01-01 00:00,1\n2026-01-01 01:00,1\n2026-01-01 02:20,1\n", "4:1", "out of step"),
    ],
)
def test_faulty_interval_files_are_told(tmp_path: Path, content: str, place: str, said: str) -> None:
    path = tmp_path / "day.csv"
    path.write_text(content)
    fault = only_fault(tmp_path, demand="{calls: {forecast: day.csv}}")
    assert fault.file == str(path)
    assert f"{fault.line}:{fault.column}" == place
    assert fault.key == "demand.calls.forecast"
    assert said in fault.message


def test_contacts_cannot_be_linear(tmp_path: Path) -> None:
    (tmp_path / "day.csv").write_text("start,contacts\n2026-01-01 00:00,1\n2026-01-01 01:00,1\n")
    demand = "{calls: {forecast: {file: day.csv, outside: 0}, interpolate: linear}}"
    fault = only_fault(tmp_path, demand=demand)
    assert "linear needs a column `per_minute`" in fault.message


def trace(tmp_path: Path, content: str, **parts: str) -> Trace:
    (tmp_path / "trace.csv").write_text(content)
    found = stream("{trace: trace.csv}", tmp_path, **parts).trace
    assert found is not None
    return found


def test_a_trace_in_seconds(tmp_path: Path) -> None:
    found = trace(tmp_path, "time,talk,wrap_up,patience\n0,60,,never\n1.5,,5,30\n1.5,0.25,0,\n")
    assert found == Trace(
        time=(0, 1_500_000, 1_500_000),
        talk=(60 * SECOND, -1, 250_000),
        wrap_up=(-1, 5 * SECOND, 0),
        patience=(-2, 30 * SECOND, -1),
        source="trace.csv",
    )


def test_a_trace_in_local_time_with_clock_changes(tmp_path: Path) -> None:
    berlin = {"time_zone": "Europe/Berlin", "horizon": "{start: 2026-03-29, length: 1d}"}
    found = trace(
        tmp_path,
        "time\n2026-03-29T01:59:59\n2026-03-29 02:30\n2026-03-29T03:30:00\n2026-03-29T01:45:00Z\n2026-03-29T04:00:00+02:00\n",
        **berlin,
    )
    hours = [micros / HOUR for micros in found.time]
    # 02:30 does not exist and moves forward to 03:30, which is 2.5 hours after midnight.
    assert hours == pytest.approx([1.99972, 2.5, 2.5, 2.75, 3.0], abs=1e-4)


def test_a_trace_of_several_streams(tmp_path: Path) -> None:
    (tmp_path / "all.csv").write_text("stream,time,handle_time\na,1,10\nb,2,20\na,3,30\nb,4,\n")
    both = scenario(tmp_path, demand="{a: {trace: all.csv}, b: {trace: all.csv}}").demand
    assert both["a"].trace == Trace(time=(SECOND, 3 * SECOND), talk=(10 * SECOND, 30 * SECOND), source="all.csv")
    assert both["b"].trace == Trace(time=(2 * SECOND, 4 * SECOND), talk=(20 * SECOND, -1), source="all.csv")


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("talk\n1\n", 1, "no column is called `time`; the file has 'talk'"),
        ("time,talk,handle_time\n1,1,1\n", 1, "not both"),
        ("time,wrap_up\n1,1\n", 1, "needs the column `talk`"),
        ("time\n-1\n", 2, "'-1' is below 0"),
        ("time\n\n\n1e9\n", 4, "'1e9' is no date and time"),
        ("time,talk\n1,-5\n", 2, "the column 'talk': '-5' is below 0, where a time of 0 or more is wanted"),
        ("time,talk\n1,never\n", 2, "'never' is no duration"),
        ("time,patience\n1,forever\n", 2, "the column 'patience': 'forever' is no duration"),
        ("time,stream\n1,calls\n2,cals\n", 3, "there is no stream 'cals'; did you mean 'calls'"),
        ("time,talk\n1,1\n,1\n", 3, "the row has no time"),
        ("time\n2026-01-01\n", 1, "holds dates alone; the time at which each contact came is wanted too"),
        ("date,time\n2026-01-01,09:00-09:30\n", 2, "'09:00-09:30' is an interval"),
    ],
)
def test_faulty_traces_are_told(tmp_path: Path, content: str, line: int, said: str) -> None:
    (tmp_path / "trace.csv").write_text(content)
    found = only_fault(tmp_path, demand="{calls: {trace: trace.csv}}")
    assert (found.file, found.line) == (str(tmp_path / "trace.csv"), line)
    assert said in found.message


def test_a_stream_without_rows_is_told(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("time,stream\n1,b\n")
    found = only_fault(tmp_path, demand="{a: {trace: trace.csv}, b: {per_minute: 1}}")
    assert "no row of the column 'stream' is called 'a'; known: b" in found.message


@pytest.mark.parametrize("extra", ["day_cv: 9%", "day_factor: {cv: 9%}", "changes: [{times: 1.1}]"])
def test_a_trace_is_replayed_as_recorded(tmp_path: Path, extra: str) -> None:
    (tmp_path / "trace.csv").write_text("time\n1\n")
    found = only_fault(tmp_path, demand="{calls: {trace: trace.csv, " + extra + "}}")
    assert "replayed as recorded" in found.message


def expected(one: Scenario) -> float:
    return sum(expected_contacts(one).values())


def test_expected_contacts(tmp_path: Path) -> None:
    assert expected(scenario()) == pytest.approx(4.2 * 60 * 20)
    steps = scenario(demand="{calls: {rates: {per: hour, steps: [[00:00, 6], [12:00, 18]]}}}")
    # 20 hours from 01:00: eleven at 6 an hour, nine at 18.
    assert expected(steps) == pytest.approx(11 * 6 + 9 * 18)
    line = scenario(demand="{calls: {rates: {per: hour, steps: [[00:00, 0], [12:00, 12]], interpolate: linear}}}")
    assert expected(line) == pytest.approx((1 + 12) / 2 * 11 + (12 + 3) / 2 * 9)
    (tmp_path / "trace.csv").write_text("time\n3599.9\n3600\n75599\n75600\n")
    assert expected(scenario(tmp_path, demand="{calls: {trace: trace.csv}}")) == 2
    (tmp_path / "day.csv").write_text("start,contacts\n2026-01-01 00:30,40\n2026-01-01 01:30,10\n")
    assert expected(scenario(tmp_path, demand="{calls: {forecast: day.csv}}")) == pytest.approx(30)
