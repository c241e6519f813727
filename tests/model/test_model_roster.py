"""Weekly schedules, layouts of shifts and the roster that is chosen from them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.errors import ScenarioError
from ccsim.kernel.layout import Floats
from ccsim.language.hours import WeekHours
from ccsim.language.shift_patterns import ShiftPattern
from ccsim.language.sites import Site
from ccsim.model import roster as making
from ccsim.model.roster import Roster, build_roster
from ccsim.model.shift_layout import ShiftLayout, lay_out
from ccsim.model.weekly_schedules import SLOT, SLOTS, WeeklySchedule, cover_of, schedules_of
from ccsim.units import DAY, HOUR, MINUTE
from tests.model.shifts import BREAKS, pattern, week


def site(*spans: tuple[float, float]) -> Site:
    """Open from and until, hours since Monday."""
    hours = WeekHours(spans=tuple((int(a * HOUR), int(b * HOUR)) for a, b in spans))
    return Site(region="here", time_zone="UTC", hours=hours)


def daily(opens: float, closes: float, days: int = 7) -> Site:
    return site(*((24 * day + opens, 24 * day + closes) for day in range(days)))


def on_days(schedules: list[WeeklySchedule]) -> list[str]:
    return ["".join(str(day) for day in schedule.days) for schedule in schedules]


def rostered(
    shape: ShiftPattern, required: Floats, people: int, *, shares: dict[str, float] | None = None
) -> tuple[Roster, Floats]:
    schedules = schedules_of("p", shape, None)
    cover = cover_of(schedules, {"p": lay_out("p", shape, {})})
    return build_roster(schedules, cover, required, people, shares or {}), cover


# Weekly schedules


def test_five_days_of_seven_are_seven_schedules_with_days_off_together() -> None:
    schedules = schedules_of("p", pattern(8), None)
    assert on_days(schedules) == ["01234", "12345", "23456", "03456", "01456", "01256", "01236"]


def test_days_that_leave_no_choice() -> None:
    assert on_days(schedules_of("p", pattern(8, days="01234"), None)) == ["01234"]
    assert on_days(schedules_of("p", pattern(8, days="24", work=2), None)) == ["24"]
    assert on_days(schedules_of("p", pattern(8, work=7), None)) == ["0123456"]
    assert schedules_of("p", pattern(8, days="0123"), None) == []


def test_six_possible_days_keep_the_days_off_together() -> None:
    assert on_days(schedules_of("p", pattern(8, days="012345"), None)) == ["01234", "12345"]


def test_every_shift_lies_inside_the_hours_of_the_site() -> None:
    starts = {schedule.start // HOUR for schedule in schedules_of("p", pattern(6, 7, 13, 14), daily(7, 21))}
    assert starts == {7, 13}
    assert on_days(schedules_of("p", pattern(8), daily(7, 21, days=5))) == ["01234"]
    assert schedules_of("p", pattern(22), daily(7, 21)) == []


def test_a_night_shift_fits_where_days_join_and_over_the_end_of_the_week() -> None:
    assert len(schedules_of("p", pattern(22), site((0, 168)))) == 7
    assert len(schedules_of("p", pattern(22), daily(0, 24))) == 7
    # closed on saturdays: the night from friday is out, that from sunday goes over the end of the week
    closed_saturday = site(*((24 * day, 24 * day + 24) for day in (0, 1, 2, 3, 4, 6)))
    assert on_days(schedules_of("p", pattern(22), closed_saturday)) == ["01236"]


# Layouts


def mean_blocks(layout: ShiftLayout) -> dict[str, float]:
    """Minutes of blocks by cause, on average over the ways."""
    found: dict[str, float] = {}
    for one, length in zip(layout.away, layout.lengths.mean(axis=0), strict=True):
        if one.cause != "break":
            found[one.cause] = found.get(one.cause, 0.0) + float(length) / MINUTE
    return found


def spans(layout: ShiftLayout, way: int) -> list[tuple[int, int]]:
    starts = [int(start) for start in layout.at[way]]
    return sorted((start, start + one.length) for start, one in zip(starts, layout.away, strict=True))


def test_breaks_divide_the_first_way_into_equal_parts() -> None:
    layout = lay_out("p", pattern(8, breaks=BREAKS), {})
    # 7.5 h of work in four parts of 112 min
    assert [int(start) // MINUTE for start in layout.at[0]] == [112, 240, 382]
    assert layout.length == 8 * HOUR + 30 * MINUTE
    assert layout.on_line == 7 * HOUR + 30 * MINUTE


def test_a_split_shift_has_an_unpaid_gap() -> None:
    shape = pattern(7, breaks=BREAKS[:1]).model_copy(update={"split_after": 4 * HOUR, "split_gap": 3 * HOUR})
    layout = lay_out("p", shape, {})
    assert layout.length == 11 * HOUR
    assert layout.gap is not None
    assert (layout.away[layout.gap].length, layout.away[layout.gap].paid) == (3 * HOUR, False)
    assert int(layout.at[0, layout.gap]) == 4 * HOUR
    assert layout.on_line == layout.paid - 15 * MINUTE
    assert all(end <= 4 * HOUR or start >= 7 * HOUR for start, end in spans(layout, 0) if end - start < 3 * HOUR)


def test_planned_shrinkage_is_the_stated_share_of_the_rostered_time() -> None:
    layout = lay_out(
        "p", pattern(8, breaks=BREAKS), {"absence": 0.06, "leave": 0.1, "training": 0.03, "meetings": 0.041}
    )
    # of the shifts that are worked, 84 %: 17.142857 and 23.428571 min of 480, to a 32nd of a minute
    assert mean_blocks(layout) == {"training": 549 / 32, "meetings": 750 / 32}
    assert {length % MINUTE for length in layout.lengths.ravel().tolist()} == {0}


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.sampled_from([4.0, 6.0, 8.0, 10.0]),
    st.integers(0, 3),
    st.dictionaries(st.sampled_from(["coaching", "meetings", "training"]), st.floats(0.005, 0.1), max_size=3),
    st.booleans(),
)
def test_breaks_and_blocks_never_overlap(hours: float, breaks: int, shrinkage: dict[str, float], split: bool) -> None:
    shape = pattern(8, paid=hours, breaks=BREAKS[:breaks])
    if split:
        shape = shape.model_copy(update={"split_after": int(hours * HOUR) // 2, "split_gap": 2 * HOUR})
    layout = lay_out("p", shape, shrinkage)
    for way in range(len(layout.at)):
        at = 0
        for start, end in spans(layout, way):
            assert at <= start
            at = end
        assert at <= layout.length
    for cause, share in shrinkage.items():
        assert abs(mean_blocks(layout).get(cause, 0.0) * MINUTE - share * shape.paid) <= MINUTE / 64 + 1
    assert layout.on_line == pytest.approx(layout.length - layout.lengths.sum(axis=1).mean(), abs=1)


def test_people_do_not_all_go_at_the_same_time() -> None:
    layout = lay_out("p", pattern(8, breaks=BREAKS), {"training": 0.05})
    training = layout.at[:, -1]
    assert len(set(training.tolist())) > len(training) // 2
    away = np.zeros(layout.length // MINUTE)
    for start in training:
        away[int(start) // MINUTE : int(start) // MINUTE + 24] += 1
    assert away.max() <= len(training) / 4  # evenly: 24 of 510 minutes are 1 in 20


def test_a_long_block_is_cut_into_pieces_between_breaks() -> None:
    layout = lay_out("p", pattern(8, breaks=BREAKS), {"training": 0.5})
    pieces = [one.length for one in layout.away if one.cause == "training"]
    assert sum(pieces) == 4 * HOUR
    assert len(pieces) > 1


def test_shrinkage_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"shift_patterns\.p"):
        lay_out("p", pattern(8, breaks=BREAKS), {"training": 0.97})


@pytest.mark.parametrize("start", [0.0, 8.25, 22.5])
def test_the_cover_of_a_schedule_is_its_time_on_the_line(start: float) -> None:
    shape = pattern(start, breaks=BREAKS)
    layout = lay_out("p", shape, {"training": 0.05})
    schedules = schedules_of("p", shape, None)
    cover = cover_of(schedules, {"p": layout})
    assert cover.sum(axis=1) * SLOT / HOUR == pytest.approx([5 * layout.on_line / HOUR] * len(schedules))
    assert cover.min() >= 0.0
    assert cover.max() <= 1.0
    first = int(start * 2)
    assert cover[0, first] > 0.0
    assert cover[0, (first - 1) % SLOTS] == 0.0


# The roster


def test_a_hand_made_optimum_three_shifts_a_day() -> None:
    found, _ = rostered(pattern(0, 8, 16, work=7), week(2, 5, 3), 10)
    assert {
        schedule.start // HOUR: int(count) for schedule, count in zip(found.schedules, found.people, strict=True)
    } == {
        0: 2,
        8: 5,
        16: 3,
    }
    assert found.shortfall == pytest.approx(0.0, abs=1e-9)
    assert found.price == pytest.approx(0.0, abs=1e-9)
    assert found.bound == pytest.approx(0.0, abs=1e-9)


def test_a_hand_made_optimum_seven_people_one_on_each_rotation() -> None:
    found, _ = rostered(pattern(8), week(0, 5, 0), 7)
    assert found.people.tolist() == [1] * 7
    assert found.shortfall == 0.0


def test_a_hand_made_optimum_weekdays() -> None:
    required = week(0, 6, 0)
    required[5 * 48 :] = 0.0
    found, _ = rostered(pattern(8), required, 6)
    assert found.people.tolist() == [6, 0, 0, 0, 0, 0, 0]


def test_people_who_are_not_required_work_all_the_same_and_evenly() -> None:
    found, _ = rostered(pattern(0, 8, 16), np.zeros(SLOTS), 21)
    assert found.people.sum() == 21
    assert found.shortfall == 0.0
    assert found.scheduled.max() <= 7.0


def test_too_few_people_are_spread_by_what_is_required() -> None:
    found, _ = rostered(pattern(0, 8, 16, work=7), week(20, 60, 20), 50)
    by_start = {
        schedule.start // HOUR: int(count) for schedule, count in zip(found.schedules, found.people, strict=True)
    }
    # nobody is left alone: every third gets from 40 % of what it needs
    assert by_start[0] >= 8
    assert by_start[16] >= 8
    assert by_start[8] >= 24


def test_shares_of_patterns_are_kept() -> None:
    full, half = pattern(0, 8, 16), pattern(6, 10, 18, paid=4)
    schedules = [*schedules_of("full", full, None), *schedules_of("half", half, None)]
    cover = cover_of(schedules, {"full": lay_out("full", full, {}), "half": lay_out("half", half, {})})
    required = week(2, 9, 5)
    for share, people, wanted in ((0.2, 40, 8), (0.25, 10, 2), (0.0, 10, 0), (1.0, 10, 10)):
        found = build_roster(schedules, cover, required, people, {"half": share})
        halves = sum(
            int(n) for schedule, n in zip(found.schedules, found.people, strict=True) if schedule.pattern == "half"
        )
        assert halves == wanted or (share * people % 1 == 0.5 and abs(halves - wanted) <= 1)
        assert found.people.sum() == people


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 30), min_size=56, max_size=56), st.integers(0, 60), st.sampled_from([0.0, 0.06]))
def test_headcount_exact_and_never_better_than_the_bound(required: list[int], people: int, absent: float) -> None:
    shape = pattern(0, 7, 12, 16, 22, breaks=BREAKS)
    schedules = schedules_of("p", shape, None)
    cover = cover_of(schedules, {"p": lay_out("p", shape, {"training": 0.04})}) * (1 - absent)
    wanted = np.repeat(np.array(required, np.float64), 6)
    found = build_roster(schedules, cover, wanted, people, {})
    making._MADE.clear()
    again = build_roster(schedules, cover, wanted, people, {})
    assert int(found.people.sum()) == people
    assert found.people.min() >= 0
    assert found.price >= found.bound - 1e-6
    assert found.people.tolist() == again.people.tolist()
    assert found.scheduled == pytest.approx(found.people @ cover)
    short = np.maximum((wanted - found.people @ cover).reshape(-1, 2).mean(axis=1), 0)
    assert found.shortfall == pytest.approx(float(short.sum()))


def test_many_people_come_near_to_the_bound() -> None:
    shape = pattern(0, 6, 8, 10, 14, 22, breaks=BREAKS)
    busy = 60.0 + 50.0 * np.sin(np.arange(SLOTS) / 48 * 2 * np.pi) - 20.0 * (np.arange(SLOTS) >= 240)
    for people in (200, 300, 500):
        found, cover = rostered(shape, busy, people)
        hours = float((found.people @ cover).sum()) / 2
        assert found.bound <= found.price <= found.bound + 0.001 * hours


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 5), min_size=9, max_size=9), st.integers(1, 6))
def test_small_rosters_are_near_the_best_of_all(required: list[int], people: int) -> None:
    shape = pattern(0, 8, 12, 16, work=7)
    schedules = schedules_of("p", shape, None)
    cover = cover_of(schedules, {"p": lay_out("p", shape, {})})
    wanted = np.tile(np.repeat(np.array([*required[:6]], np.float64), 8), 7)
    found = build_roster(schedules, cover, wanted, people, {})
    short = [
        float(np.maximum(wanted - np.array(split) @ cover, 0).sum()) / 2
        for split in product(range(people + 1), repeat=len(schedules))
        if sum(split) == people
    ]
    # the price prefers less depth to the last hour of shortfall
    assert found.shortfall <= min(short) * 1.08 + 0.04 * 8 * 7 * people + 1e-6


def test_a_day_is_a_day() -> None:
    assert SLOTS * SLOT == 7 * DAY


def test_what_was_made_is_handed_out_again_only_for_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    shape = pattern(8)
    schedules = schedules_of("p", shape, None)
    cover, required = cover_of(schedules, {"p": lay_out("p", shape, {})}), np.ones(SLOTS)
    first = build_roster(schedules, cover, required, 5, {})
    posed: list[object] = []
    problem = making._Problem
    monkeypatch.setattr(making, "_Problem", lambda wanted: posed.append(wanted) or problem(wanted))
    assert build_roster(schedules, cover.copy(), required.copy(), 5, {}) is first
    assert not posed
    other = build_roster(schedules, cover, required, 6, {})
    required[3] += 1e-9
    build_roster(schedules, cover, required, 5, {})
    assert len(posed) == 2
    assert other.people.sum() == 6
    with pytest.raises(ValueError, match="read-only"):
        first.people[0] = 9
