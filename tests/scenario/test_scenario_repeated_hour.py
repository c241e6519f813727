"""Files of the two nights on which clocks change: what is simulated in each passage of an hour that clocks show
twice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from ccsim import api
from ccsim.centre.expected import expected_contacts
from ccsim.centre.pieces import local_pieces, repeated_pieces, volume_between
from ccsim.centre.shapes import Shapes
from ccsim.centre.streams import streams_of
from ccsim.errors import Remark, ScenarioError
from ccsim.model.curves import real_pieces
from ccsim.model.local_time import LocalClock
from ccsim.scenario import Scenario, loads
from ccsim.scenario.canonical import digest, to_canonical
from ccsim.scenario.diff.grids import rate_change, staffing_change
from ccsim.scenario.load import read_text
from ccsim.units import MINUTE

BASE = """\
scenario: night
time_zone: {zone}
horizon: {{start: {day}, length: {length}, interval: 30m, drain: 2h}}
handle_time: {{law: exponential, mean: 4m}}
patience: {{law: exponential, mean: 3m}}
demand: {{calls: {{{volume}}}}}
pools: {{desk: {{{pool}}}}}
"""
#: New York on 2026-11-01, as `date +%H%M` shows it: contacts and agents of the two passages.
NIGHT = [("00:00", 30, 6), ("00:30", 28, 6), ("01:00", 24, 5), ("01:30", 22, 5), ("01:00", 10, 3), ("01:30", 8, 3)]
NIGHT += [("02:00", 12, 3), ("02:30", 10, 3), ("03:00", 8, 2), ("03:30", 6, 2)]
CONTACTS = [contacts for _, contacts, _ in NIGHT]
AGENTS = [agents for *_, agents in NIGHT]


def file(folder: Path, name: str, column: str, rows: list[tuple[str, object]], day: str = "2026-11-01") -> None:
    lines = [f"{day} {time},{value}" for time, value in rows]
    (folder / name).write_text("\n".join([f"start,{column}", *lines]) + "\n")


def scenario(
    folder: Path,
    *,
    zone: str = "America/New_York",
    day: str = "2026-11-01",
    length: str = "5h",
    volume: str = "per_hour: 1",
    pool: str = "staffing: 1",
    more: str = "",
) -> Scenario:
    return loads(BASE.format(zone=zone, day=day, length=length, volume=volume, pool=pool) + more, base_dir=folder)


def remarks(folder: Path, **more: str) -> list[Remark]:
    text = BASE.format(
        zone="America/New_York",
        day="2026-11-01",
        length="5h",
        **{"volume": "per_hour: 1", "pool": "staffing: 1", **more},
    )
    found = read_text(text, base_dir=folder).remarks
    return [remark for remark in found if ".csv" in remark.message and remark.kind != "read"]


def arrivals(made: Scenario, minutes: int = 30) -> list[float]:
    """Expected contacts in each stretch of real time of the first day, from midnight on."""
    shapes = Shapes(made)
    (stream,) = streams_of(made)
    shape = shapes.of(stream)
    start = datetime.fromisoformat(made.horizon.start)
    day = LocalClock(shape.time_zone, int(start.timestamp()) * 1_000_000).day(start.date())
    factor, curve = shapes.on(shape, day.day)
    pieces = real_pieces(curve.pieces, day, keep_volume=True, again=curve.again)
    width = minutes * MINUTE
    return [factor * volume_between(pieces, at, at + width) for at in range(0, day.length, width)]


def staffing(made: Scenario, minutes: int = 30) -> list[float]:
    """Agents at the start of each stretch of real time of the first day."""
    pool = made.pools["desk"]
    assert pool.staffing is not None
    zone = made.sites[pool.site].time_zone if pool.site else made.time_zone
    start = datetime.fromisoformat(made.horizon.start)
    day = LocalClock(zone, int(start.timestamp()) * 1_000_000).day(start.date())
    again = repeated_pieces(pool.staffing, pool.changes, day.day)
    pieces = real_pieces(local_pieces(pool.staffing, False, pool.changes, day.day), day, False, again)
    return [
        next((p.value for p in pieces if p.start <= at < p.end), 0.0) for at in range(0, day.length, minutes * MINUTE)
    ]


PAIRED = [NIGHT[i] for i in (0, 1, 2, 4, 3, 5, 6, 7, 8, 9)]


@pytest.mark.parametrize("rows", [NIGHT, PAIRED], ids=["in order of time", "sorted by the clock"])
def test_each_passage_has_its_own_contacts(tmp_path: Path, rows: list[tuple[str, int, int]]) -> None:
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in rows])
    made = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}")
    assert arrivals(made)[:10] == pytest.approx(CONTACTS, rel=1e-12)
    assert sum(arrivals(made)) == pytest.approx(158, rel=1e-12)
    assert expected_contacts(made)["calls"] == pytest.approx(158, rel=1e-12)


@pytest.mark.parametrize("rows", [NIGHT, PAIRED], ids=["in order of time", "sorted by the clock"])
def test_each_passage_has_its_own_agents(tmp_path: Path, rows: list[tuple[str, int, int]]) -> None:
    file(tmp_path, "s.csv", "agents", [(time, agents) for time, _, agents in rows])
    assert staffing(scenario(tmp_path, pool="staffing: {file: s.csv, outside: 0}"))[:12] == [*AGENTS, 0, 0]


def test_the_engine_simulates_each_passage_apart(tmp_path: Path) -> None:
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in NIGHT])
    file(tmp_path, "s.csv", "agents", [(time, agents) for time, _, agents in NIGHT])
    made = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}", pool="staffing: {file: s.csv, outside: 0}")
    simulated = 400
    tables = api.run(made, replications=simulated, workers=1).tables
    arrived = tables["flow_intervals"].groupby("interval")["arrived"].sum()
    for count, wanted in zip(arrived, CONTACTS, strict=True):
        assert abs(count - wanted * simulated) < 4.5 * (wanted * simulated) ** 0.5
    assert (tables["workforce_plan"]["scheduled_us"] / (30 * MINUTE)).tolist() == AGENTS
    # Agents that leave finish what they do: never fewer than planned, and on the quiet side no more.
    simulated_us = tables["pool_intervals"].groupby("interval")["paid_us"].sum()
    assert simulated_us.tolist() == pytest.approx([agents * 30 * MINUTE * simulated for agents in AGENTS], rel=0.06)


def test_the_hour_given_once_is_shared_evenly_and_staffed_twice(tmp_path: Path) -> None:
    once = [NIGHT[i] for i in (0, 1, 2, 3, 6, 7, 8, 9)]
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in once])
    file(tmp_path, "s.csv", "agents", [(time, agents) for time, _, agents in once])
    made = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}", pool="staffing: {file: s.csv, outside: 0}")
    assert arrivals(made)[:10] == pytest.approx([30, 28, 12, 11, 12, 11, 12, 10, 8, 6], rel=1e-12)
    assert staffing(made)[:10] == [6, 6, 5, 5, 5, 5, 3, 3, 2, 2]
    said = remarks(tmp_path, volume="forecast: {file: v.csv, outside: 0}", pool="staffing: {file: s.csv, outside: 0}")
    assert [(one.kind, one.key) for one in said] == [
        ("assumed", "demand.calls.forecast"),
        ("assumed", "pools.desk.staffing"),
    ]
    assert ("2026-11-01 01:00 and 01:30 stand once, though clocks show it twice: the amount is split evenly") in said[
        0
    ].message
    assert "the agents are there in both passages" in said[1].message


def test_it_is_said_which_row_is_which_passage(tmp_path: Path) -> None:
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in NIGHT])
    (said,) = remarks(tmp_path, volume="forecast: {file: v.csv, outside: 0}")
    assert said.kind == "assumed"
    assert said.message.endswith(
        "2026-11-01 01:00 and 01:30 stand twice, as clocks are put back: the first row is taken for the first passage"
    )


def test_rates_by_minute_are_those_of_each_passage(tmp_path: Path) -> None:
    file(tmp_path, "v.csv", "per_minute", [(time, contacts / 30) for time, contacts, _ in NIGHT])
    made = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}")
    assert arrivals(made)[:10] == pytest.approx(CONTACTS, rel=1e-12)


#: Zone, night, minutes of a row, stamps (in order of real time), real minutes that each row covers.
NIGHTS = [
    ("Europe/Berlin", "2026-10-25", 60, ["00:00", "01:00", "02:00", "02:00", "03:00"], [60] * 5),
    ("Europe/Berlin", "2026-10-25", 30, ["01:30", "02:00", "02:30", "02:00", "02:30", "03:00"], [30] * 6),
    ("Australia/Lord_Howe", "2026-04-05", 30, ["01:00", "01:30", "01:30", "02:00"], [30] * 4),
    ("Australia/Lord_Howe", "2026-04-05", 15, ["01:15", "01:30", "01:45", "01:30", "01:45", "02:00"], [15] * 6),
    # Rows wider than what is repeated: clocks are put back at 02:00, within the first of the two.
    ("Australia/Lord_Howe", "2026-04-05", 60, ["00:30", "01:30", "01:30", "02:30"], [60, 30, 60, 60]),
    ("America/New_York", "2026-11-01", 90, ["00:00", "01:30", "01:30", "03:00"], None),
    ("Atlantic/Azores", "2026-10-25", 30, ["00:00", "00:30", "00:00", "00:30", "01:00"], [30] * 5),
    ("America/Nuuk", "2026-10-24", 30, ["22:30", "23:00", "23:30", "23:00", "23:30"], [30] * 5),
]


@pytest.mark.parametrize(("zone", "day", "minutes", "stamps", "real"), NIGHTS)
def test_every_zone_keeps_its_passages_apart(
    tmp_path: Path, zone: str, day: str, minutes: int, stamps: list[str], real: list[int] | None
) -> None:
    amounts = [float(7 * n + 5) for n in range(len(stamps))]
    file(tmp_path, "v.csv", "contacts", list(zip(stamps, amounts, strict=True)), day)
    made = scenario(tmp_path, zone=zone, day=day, length="26h", volume="forecast: {file: v.csv, outside: 0}")
    assert expected_contacts(made)["calls"] == pytest.approx(sum(amounts), rel=1e-12)
    if real is None:  # 00:00 to 01:30 holds the hour from 01:00 on twice: only the sums are sure
        assert sum(arrivals(made)) == pytest.approx(sum(amounts), rel=1e-12)
        return
    hour, minute = (int(part) for part in stamps[0].split(":"))
    at = 60 * hour + minute
    simulated = arrivals(made, 5)
    assert sum(simulated[: at // 5]) == 0.0
    for amount, lasts in zip(amounts, real, strict=True):
        within = simulated[at // 5 : (at + lasts) // 5]
        assert within == pytest.approx([amount * 5 / lasts] * (lasts // 5), rel=1e-9)
        at += lasts
    assert sum(simulated[at // 5 :]) == 0.0


def test_staffing_follows_the_clock_of_its_site(tmp_path: Path) -> None:
    site = "sites: {york: {region: us, time_zone: America/New_York, hours: 00:00-24:00}}\n"
    file(tmp_path, "s.csv", "agents", [(time, agents) for time, _, agents in NIGHT])
    made = scenario(
        tmp_path, zone="UTC", day="2026-11-01 04:00", pool="staffing: {file: s.csv, outside: 0}, site: york", more=site
    )
    assert staffing(made)[:10] == AGENTS
    with pytest.raises(ScenarioError) as caught:
        scenario(tmp_path, zone="UTC", pool="staffing: {file: s.csv, outside: 0}", more=site)
    assert caught.value.faults[0].message.startswith("the same interval again: 2026-11-01 01:00")


def test_staffing_may_leave_out_the_hour_that_does_not_exist(tmp_path: Path) -> None:
    rows = [("00:00", 6), ("00:30", 6), ("01:00", 4), ("01:30", 4), ("03:00", 3), ("03:30", 3), ("04:00", 2)]
    file(tmp_path, "s.csv", "agents", rows, "2026-03-08")
    made = scenario(tmp_path, day="2026-03-08", pool="staffing: {file: s.csv, outside: 0}")
    assert staffing(made)[:8] == [6, 6, 4, 4, 3, 3, 2, 0]
    assert made.pools["desk"].staffing.values[4:6] == (4, 4)  # type: ignore[union-attr]
    with pytest.raises(ScenarioError, match="2 intervals have no row: 2026-03-08 02:00, 2026-03-08 02:30"):
        scenario(tmp_path, day="2026-03-08", zone="UTC", pool="staffing: {file: s.csv, outside: 0}")


def test_faults_of_staffing_are_told_beside_those_of_other_keys(tmp_path: Path) -> None:
    file(tmp_path, "s.csv", "agents", [("00:00", 6), ("00:30", "many"), ("01:00", 3)])
    with pytest.raises(ScenarioError) as caught:
        scenario(tmp_path, pool="staffing: {file: s.csv, outside: 0}, tier: 7 8")
    assert {fault.key for fault in caught.value.faults} == {"pools.desk.staffing", "pools.desk.tier"}


def test_half_of_a_repeated_hour_given_twice_is_a_fault(tmp_path: Path) -> None:
    rows = [("00:30", 1), ("01:00", 1), ("01:30", 1), ("01:00", 1), ("02:00", 1)]
    file(tmp_path, "v.csv", "contacts", rows)
    with pytest.raises(ScenarioError) as caught:
        scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}")
    (only,) = caught.value.faults
    assert (only.line, only.key) == (4, "demand.calls.forecast")
    assert only.message == "2026-11-01 01:30 is there once, though other rows of that repeated hour are there twice"


def test_changes_and_surges_act_on_both_passages(tmp_path: Path) -> None:
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in NIGHT])
    file(tmp_path, "s.csv", "agents", [(time, agents) for time, _, agents in NIGHT])
    hour = "start: 2026-11-01 01:30, end: 2026-11-01 02:00"
    made = scenario(
        tmp_path,
        volume=f"forecast: {{file: v.csv, outside: 0}}, changes: [{{{hour}, times: 2}}]",
        pool=f"staffing: {{file: s.csv, outside: 0}}, changes: [{{{hour}, add: 4}}]",
    )
    assert arrivals(made)[:10] == pytest.approx([30, 28, 24, 44, 10, 16, 12, 10, 8, 6], rel=1e-12)
    assert staffing(made)[:10] == [6, 6, 5, 9, 3, 7, 3, 3, 2, 2]
    surge = "surges: {rush: {at: 2026-11-01 01:00, for: 30m, times: 3}}\n"
    surged = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}", more=surge)
    assert arrivals(surged)[2] == pytest.approx(72, rel=1e-6)
    assert arrivals(surged)[4] == pytest.approx(30, rel=1e-6)


def test_a_counted_length_may_end_between_the_passages(tmp_path: Path) -> None:
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in NIGHT])
    for length, wanted in (("1h30m", 82), ("2h", 104), ("2h30m", 114), ("3h", 122), ("3h30m", 134)):
        made = scenario(tmp_path, length=length, volume="forecast: {file: v.csv, outside: 0}")
        assert expected_contacts(made)["calls"] == pytest.approx(wanted, rel=1e-12)


def test_a_digest_and_a_diff_know_the_second_passage(tmp_path: Path) -> None:
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in NIGHT])
    one = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}")
    file(tmp_path, "v.csv", "contacts", [(time, contacts) for time, contacts, _ in PAIRED])
    assert digest(scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}")) == digest(one)
    file(tmp_path, "v.csv", "contacts", [(time, contacts + (contacts == 10)) for time, contacts, _ in NIGHT])
    other = scenario(tmp_path, volume="forecast: {file: v.csv, outside: 0}")
    assert digest(other) != digest(one)
    assert "repeated" not in str(to_canonical(scenario(tmp_path))), "a grid without it has the digest that it had"
    a, b = one.demand["calls"].rate, other.demand["calls"].rate
    assert a is not None
    assert b is not None
    assert rate_change(a.grid, b.grid).startswith("1.27 % more contacts (158 -> 160)")
    file(tmp_path, "s.csv", "agents", [(time, agents) for time, _, agents in NIGHT])
    before = scenario(tmp_path, pool="staffing: {file: s.csv, outside: 0}").pools["desk"].staffing
    file(tmp_path, "s.csv", "agents", [(time, 4 if n == 4 else agents) for n, (time, _, agents) in enumerate(NIGHT)])
    after = scenario(tmp_path, pool="staffing: {file: s.csv, outside: 0}").pools["desk"].staffing
    assert before is not None
    assert after is not None
    told = "different agents in the hour that clocks show twice, from 2026-11-01 01:00"
    assert staffing_change(before, after) == told
