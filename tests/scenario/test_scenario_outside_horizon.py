"""A shorter horizon is a first try, not a fault: what lies outside it is told and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.model import compile_model
from ccsim.scenario.load import Loaded, read_text
from ccsim.units import SECOND

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 2d, drain: 0s}
handle_time: {value: 1m}
demand: {calls: {per_hour: 6}}
pools: {desk: {staffing: 1}}
"""


def told(loaded: Loaded) -> list[tuple[str, str]]:
    return [(one.key, one.message) for one in loaded.remarks if one.kind == "warning"]


@pytest.mark.parametrize(
    ("surge", "said"),
    [
        ("{at: 2026-03-05 00:00, for: 2h, times: 3}", "it begins after the end of the run: it changes nothing"),
        ("{at: 2026-03-04 23:59, for: 2h, times: 3}", ""),  # a day of room: the clocks of the markets differ
        ("{at: 2026-02-28 20:00, for: 4h, times: 3}", "it is over before the run begins: it changes nothing"),
        ("{at: 2026-03-02 20:00, for: 4h, times: 3}", ""),
    ],
)
def test_surges(surge: str, said: str) -> None:
    loaded = read_text(DESK + f"surges: {{launch: {surge}}}\n")
    assert told(loaded) == ([("surges.launch.at", said)] if said else [])
    if said:
        assert expected(loaded) == expected(read_text(DESK))


def expected(loaded: Loaded) -> list[float]:
    """Contacts of the local days of the first stream."""
    model = compile_model(loaded.scenario)
    return [float(scale) for opening in model.openings for scale in opening.scale]


@pytest.mark.parametrize("key", ["pools.desk.staffing", "demand.calls.rate"])
@pytest.mark.parametrize("day", ["2027-01-01", "2026-03-01", "2026-03-05"])
def test_changes_of_a_stretch(key: str, day: str) -> None:
    loaded = read_text(DESK, settings=[f"{key}[{day}]=x2"])
    ((where, said),) = told(loaded)
    assert where.startswith(key.removesuffix(".staffing").removesuffix(".rate"))
    stretch = "2026-03-02 00:00 to 2026-03-04 00:00"
    assert said == f"the stretch lies outside the simulated time, {stretch}: it changes nothing"
    assert told(read_text(DESK, settings=[f"{key}[2026-03-03]=x2"])) == []


def test_rows_of_a_trace_before_the_start_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = "time,talk\n2026-03-01 23:59,60\n2026-03-01 23:59:59,60\n2026-03-02 00:00,30\n2026-03-02 01:00,90\n"
    (tmp_path / "trace.csv").write_text(rows)
    text = DESK.replace("{per_hour: 6}", "{trace: trace.csv}")
    loaded = read_text(text, base_dir=tmp_path)
    trace = loaded.scenario.demand["calls"].trace
    assert trace is not None
    assert (trace.time, trace.talk) == ((0, 3600 * SECOND), (30 * SECOND, 90 * SECOND))
    said = "2 rows lie before the start of the horizon, 2026-03-02 00:00:00: they are left out"
    assert ("demand.calls.trace", said) in told(loaded)
    (tmp_path / "trace.csv").write_text("".join(rows.splitlines(keepends=True)[i] for i in (0, 1, 3)))
    said = "1 row lies before the start of the horizon, 2026-03-02 00:00:00: it is left out"
    assert ("demand.calls.trace", said) in told(read_text(text, base_dir=tmp_path))


@pytest.mark.parametrize(
    ("key", "never"), [("pools.desk", "nobody of the pool ever works"), ("demand.calls", "nothing of it ever comes")]
)
@pytest.mark.parametrize(
    ("word", "day", "said"),
    [
        ("from", "2026-03-06", "lies after the end of the run, 2026-03-04"),
        ("from", "2026-03-04", ""),  # a day of room: clocks differ
        ("from", "2026-01-01", ""),
        ("until", "2026-03-01", "lies before the run begins, 2026-03-02"),
        ("until", "2026-03-02", ""),
        ("until", "2027-01-01", ""),
    ],
)
def test_dates_from_and_until(key: str, never: str, word: str, day: str, said: str) -> None:
    loaded = read_text(DESK, settings=[f"{key}.{word}={day}"])
    expected = [(f"{key}.{word}", f"{day} {said}: {never}")] if said else []
    assert [one for one in told(loaded) if one[0].endswith(word)] == expected
