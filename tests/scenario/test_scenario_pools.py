"""Pools: staffing, shifts, skills; and opening hours."""

# One row a case.
# ruff: noqa: E501

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.language.curves import Grid
from ccsim.language.hours import week_of
from ccsim.language.pools import Pool
from ccsim.language.shifts import Break, Shift
from ccsim.language.skills import Skill
from ccsim.units import DAY, HOUR, MINUTE, WEEK
from tests.support.scenario_texts import only_fault, scenario


def pool(text: str, base_dir: Path | None = None, **parts: str) -> Pool:
    return scenario(base_dir, pools="{desk: " + text + "}", **parts).pools["desk"]


def test_staffing_is_a_number_steps_a_grid_or_a_csv(tmp_path: Path) -> None:
    assert pool("{staffing: 12}").staffing == Grid(every=DAY, values=(12.0,))
    steps = pool("{staffing: [[00:00, 12], [02:00, 3], [03:00, 12]]}").staffing
    assert steps == Grid(every=HOUR, values=(12.0, 12.0, 3.0, *(12.0,) * 21))
    dated = pool("{staffing: {every: 30m, values: [1, 2], start: 2026-01-01 09:00}}").staffing
    assert dated == Grid(every=30 * MINUTE, values=(1.0, 2.0), start="2026-01-01T09:00:00")
    (tmp_path / "plan.csv").write_text("start,agents\n2026-01-01,3\n2026-01-01 00:15,4\n")
    assert pool("{staffing: plan.csv}", tmp_path).staffing == Grid(
        every=15 * MINUTE, values=(3.0, 4.0), start="2026-01-01T00:00:00"
    )


def test_shifts() -> None:
    found = pool(
        "{shifts: [{agents: 3, start: 22:00, length: 8h, days: [fri, sat], "
        "breaks: [{after: 4h, length: 30m, paid: no}, {after: 2h, length: 15m}]}]}"
    )
    breaks = (Break(after=2 * HOUR, length=15 * MINUTE), Break(after=4 * HOUR, length=30 * MINUTE, paid=False))
    assert found.shifts == (Shift(agents=3, start=22 * HOUR, length=8 * HOUR, breaks=breaks, days=(4, 5)),)
    assert found.staffing is None


def test_skills_tiers_and_deferred_work() -> None:
    found = pool(
        "{staffing: 1, skills: {calls: 2, mail: {level: 1, handle_time: 125%}}, deferred: {keep_free: 2}}",
        demand="{calls: {per_minute: 1}, mail: {per_minute: 1}}",
    )
    assert found.skills == {"calls": Skill(level=2), "mail": Skill(level=1, handle_time=1.25)}
    assert found.keep_free == 2
    assert pool("{staffing: 1, workflows: calls}").skills == {"calls": Skill()}
    assert pool("{staffing: 1, tier: t1}").tier == ("t1",)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ("{}", "", "got none of them"),
        ("{staffing: 2, shifts: [{agents: 1, start: 09:00, length: 8h}]}", "", "got staffing and shifts"),
        ("{staffing: 0}", "staffing", "no agents at any time"),
        ("{staffing: [[00:00, 0], [08:00, 0]]}", "staffing", "no agents at any time"),
        ("{staffing: -1}", "staffing", "must not be negative"),
        ("{staffing: 2.5}", "staffing", "a whole number, got '2.5'"),
        ("{staffing: 1e999}", "staffing", "expected a whole number"),
        ("{staffing: 2_000_000}", "staffing", "at most 1,000,000 agents"),
        ("{staffing: [[08:00, 3]]}", "staffing.0", "first step at 00:00"),
        ("{staffing: {every: 1h, values: [1]}}", "staffing.values", "span 1h"),
        ("{staffing: nowhere.csv}", "staffing", "no such file"),
        ("{stafing: 2}", "stafing", "did you mean 'staffing'"),
        ("{staffing: 2, workflows: [calls], skills: {calls: 1}}", "workflows", "not both"),
        ("{staffing: 2, skills: {cals: 1}}", "skills.cals", "did you mean 'calls'"),
        ("{staffing: 2, skills: {calls: 0}}", "skills.calls", "at least 1"),
        ("{staffing: 2, skills: {}}", "skills", "at least 1"),
        ("{staffing: 2, channels: [fax]}", "channels.0", "there is no channel 'fax'"),
        ("{staffing: 2, channels: [phone, phone]}", "channels.1", "appears twice"),
        ("{staffing: 2, tier: t7}", "tier", "there is no tier 't7'"),
        ("{staffing: 2, handle_time: 0}", "handle_time", "positive"),
        ("{staffing: 2, paid_hour: -3}", "paid_hour", "negative"),
        ("{staffing: 2, deferred: {keep: 1}}", "deferred.keep", "did you mean 'keep_free'"),
        ("{shifts: []}", "shifts", "at least 1"),
        ("{shifts: [{agents: 0, start: 09:00, length: 8h}]}", "shifts.0.agents", "at least 1"),
        ("{shifts: [{agents: 1, start: 24:00, length: 8h}]}", "shifts.0.start", "time of day"),
        ("{shifts: [{agents: 1, start: 09:00, length: 25h}]}", "shifts.0.length", "at most 1d"),
        ("{shifts: [{agents: 1, start: 09:00}]}", "shifts.0.length", "is missing"),
        ("{shifts: [{agents: 1, start: 09:00, length: 8h, days: mon-fry}]}", "shifts.0.days", "days like"),
        ("{shifts: [{agents: 1, start: 09:00, length: 8h, breaks: [{after: 7h50m, length: 15m}]}]}", "shifts.0.breaks",
         "ends 8h5m after the start of a shift of 8h"),
        ("{shifts: [{agents: 1, start: 09:00, length: 8h, breaks: [{after: 2h, length: 1h}, {after: 2h30m, length: 1h}]}]}",
         "shifts.0.breaks", "overlap"),
        ("{shifts: [{agents: 1, start: 09:00, length: 8h, breaks: [{after: 2h, length: 0s}]}]}", "shifts.0.breaks.0.length",
         "above 0s"),
        ("{shifts: [{agents: 1, start: 09:00, length: 8h}], changes: [{add: 1}]}", "changes", "needs `staffing:`"),
    ],
)  # fmt: skip
def test_faulty_pools_are_told(text: str, key: str, said: str) -> None:
    fault = only_fault(pools="{desk: " + text + "}")
    assert fault.key == f"pools.desk.{key}".rstrip(".")
    assert said in fault.message
    assert fault.line > 0


def hours(text: str) -> tuple[tuple[float, float], ...]:
    found = scenario(queue_groups="{door: {hours: " + text + "}}").queue_groups["door"].hours
    assert found is not None
    return tuple((start / HOUR, end / HOUR) for start, end in found.spans)


def test_opening_hours() -> None:
    assert hours("24x7") == ((0, 168),)
    assert hours("00:00-24:00") == ((0, 168),)
    assert hours("07:00-24:00") == tuple((24 * d + 7, 24 * d + 24) for d in range(7))
    assert hours("{mon-fri: 07:00-24:00, sat: [20:00-24:00], sun: closed}") == (
        *((24 * d + 7, 24 * d + 24) for d in range(5)),
        (140, 144),
    )
    # Over midnight, and over the end of the week.
    assert hours("{sun: 22:00-06:00}") == ((166, 174),)
    assert hours("{sun: 22:00-06:00, mon: 06:00-08:00}") == ((166, 176),)
    assert hours("{mon-sun: [00:00-12:00, 12:00-24:00]}") == ((0, 168),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("7-24", "write 07:00-24:00"),
        ("07:00-07:00", "do not end as they start"),
        ("closed", "never opens"),
        ("{mon-fri: 07:00-20:00, fri: closed}", "fri has hours twice"),
        ("{weekdays: 07:00-20:00}", "days like mon"),
        ("{}", "hours like 24x7"),
        ("[]", "never opens"),
        ("{mon: {a: b}}", "got a map"),
    ],
)
def test_faulty_hours_are_told(text: str, said: str) -> None:
    assert said in only_fault(queue_groups="{door: {hours: " + text + "}}").message


@given(st.lists(st.tuples(st.integers(0, 167), st.integers(1, 24)), min_size=1, max_size=12))
@settings(derandomize=True, max_examples=200)
def test_a_week_covers_just_the_hours_that_were_said(spans: list[tuple[int, int]]) -> None:
    week = week_of([(start * HOUR, (start + length) * HOUR) for start, length in spans])
    said = {hour % 168 for start, length in spans for hour in range(start, start + length)}
    found = [hour % 168 for start, end in week for hour in range(start // HOUR, end // HOUR)]
    assert len(found) == len(set(found))
    assert set(found) == said
    assert list(week) == sorted(week)
    assert all(0 <= start < WEEK and start < end <= start + WEEK for start, end in week)
    assert all(later[0] > earlier[1] for earlier, later in pairwise(week))
