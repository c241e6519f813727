"""A roster file that is written from named shifts simulates as they do, to the last figure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.model import compile_model
from ccsim.scenario import loads
from tests.support.engines import compare

TEXT = """\
scenario: same
time_zone: Europe/London
horizon: {{start: {start}, length: 3d, drain: 6h, interval: 30m}}
handle_time: {{law: exponential, mean: 5m}}
patience: {{law: exponential, mean: 3m}}
demand: {{calls: {{per_hour: 40}}}}
sites: {{here: {{region: emea, time_zone: {zone}, hours: 24x7}}}}
pools: {{desk: {{site: here, {plan}}}, night: {{staffing: 1}}}}
"""
MINUTES = timedelta(minutes=1)


def _small_hour(minute: int) -> bool:
    return 0 <= minute % 1_440 < 180


def _shifts(rng: np.random.Generator) -> list[dict[str, object]]:
    """Shifts of 2 to 10 hours, with breaks that may touch; nothing begins or ends at an hour that clocks may repeat."""
    found: list[dict[str, object]] = []
    for _ in range(int(rng.integers(2, 5))):
        start, agents = int(rng.integers(16, 92)) * 15, int(rng.integers(1, 4))
        length = int(rng.integers(8, 41)) * 15
        length += 180 if _small_hour(start + length) else 0
        breaks, at = [], 15
        while at + 45 < length and len(breaks) < 4:
            pause = int(rng.integers(1, 3)) * 15
            if not _small_hour(start + at) and not _small_hour(start + at + pause):
                breaks.append((at, pause, bool(rng.integers(2))))
            at += pause + int(rng.integers(0, 5)) * 30
        found.append({"agents": agents, "start": start, "length": length, "breaks": breaks})
    return found


def _written(shifts: list[dict[str, object]]) -> str:
    parts = []
    for one in shifts:
        breaks = ", ".join(
            f"{{after: {after}m, length: {length}m, paid: {'yes' if paid else 'no'}}}"
            for after, length, paid in one["breaks"]  # type: ignore[attr-defined]
        )
        start = int(str(one["start"]))
        parts.append(
            f"{{agents: {one['agents']}, start: '{start // 60:02}:{start % 60:02}', length: {one['length']}m, "
            f"breaks: [{breaks}]}}"
        )
    return f"shifts: [{', '.join(parts)}]"


def _file(shifts: list[dict[str, object]], first: datetime, zone: ZoneInfo, rng: np.random.Generator) -> str:
    """Rows by the local clock, in no order: breaks within shift rows for some agents, rows in turn for others."""
    rows, agent = [], 0
    for one in shifts:
        for _ in range(int(str(one["agents"]))):
            nested = bool(rng.integers(2))
            for day in range(-2, 6):
                midnight = first + timedelta(days=day)
                start = (midnight + int(str(one["start"])) * MINUTES).replace(tzinfo=zone).astimezone(UTC)
                end = start + int(str(one["length"])) * MINUTES
                stretches, at = [], start
                for after, length, paid in one["breaks"]:  # type: ignore[attr-defined]
                    away = start + after * MINUTES
                    stretches += [(at, away, "Phone"), (away, away + length * MINUTES, "Break" if paid else "BREAK")]
                    at = away + length * MINUTES
                stretches.append((at, end, "Phone"))
                if nested:
                    stretches = [(start, end, "Phone"), *(s for s in stretches if s[2] != "Phone")]
                for since, until, what in stretches:
                    if since < until:
                        low, high = (t.astimezone(zone) for t in (since, until))
                        rows.append(f"A{agent:03},{low:%d/%m/%Y},{low:%H:%M},{high:%H:%M},{what}")
            agent += 1
    return "\n".join(["Agent,Date,Start,End,Activity", *(rows[i] for i in rng.permutation(len(rows)))]) + "\n"


@pytest.mark.parametrize("seed", range(6))
def test_a_roster_written_from_shifts_gives_the_same_tables(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(seed)
    shifts = _shifts(rng)
    start = ("2026-03-27", "2026-10-23", "2026-06-12")[seed % 3]
    zone = ("Europe/London", "Asia/Kolkata")[seed % 2]
    first = datetime.fromisoformat(start)
    (tmp_path / "roster.csv").write_text(_file(shifts, first, ZoneInfo(zone), rng))
    roster = "roster: {file: roster.csv, date: day first, on_the_line: Phone, unpaid: BREAK}"
    tables = []
    for plan in (_written(shifts), roster):
        model = compile_model(loads(TEXT.format(start=start, zone=zone, plan=plan), base_dir=tmp_path))
        tables.append(simulate(model, seed=seed, replication=0, visits=True, check=True).tables)
    assert tables[0].keys() == tables[1].keys()
    for both in tables:
        both["replications"][:, 3] = 0  # events: two breaks of one kind that touch are one row of the plan
    for name, rows in tables[0].items():
        np.testing.assert_array_equal(rows, tables[1][name], err_msg=name)
    assert len(tables[0]["visits"]) > 1_000


@pytest.mark.parametrize("seed", range(3))
def test_the_reference_engine_simulates_a_roster_alike(seed: int, tmp_path: Path) -> None:
    rng = np.random.default_rng(100 + seed)
    shifts = _shifts(rng)
    (tmp_path / "roster.csv").write_text(_file(shifts, datetime(2026, 6, 12), ZoneInfo("UTC"), rng))
    plan = "roster: {file: roster.csv, date: day first, on_the_line: Phone, unpaid: BREAK}, shrinkage: {absence: 20%}"
    text = TEXT.format(start="2026-06-12", zone="UTC", plan=plan)
    kept = compare(compile_model(loads(text, base_dir=tmp_path)), seed)
    assert len(kept.log) > 1_000
