"""People employed: from headcount and patterns to the plan that is simulated."""

from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import pytest

from ccsim.errors import ScenarioError
from ccsim.kernel import layout
from ccsim.model.compile import compile_model
from ccsim.model.model import Model
from ccsim.scenario import loads
from ccsim.units import DAY, HOUR, MINUTE, WEEK
from tests.model.employed import HOLIDAY, REST, local, made, rows, sign_ins, text


def test_everybody_employed_works_his_days_of_every_week() -> None:
    found, _ = made(text())
    comes = sign_ins(found)
    assert sorted(comes) == list(range(20))
    for times in comes.values():
        assert [sum(time // WEEK == week for time in times) for week in (0, 1)] == [5, 5]
        assert len({time % DAY for time in times}) == 1  # one start
    assert found.agents.tolist() == [[0, 20]]
    assert found.stepped.tolist() == [0]
    assert found.rosters["desk"].people.sum() == 20


def test_days_off_lie_together_and_change_from_week_to_week() -> None:
    found, _ = made(text(length="7w", people=21))
    changed = 0
    for times in sign_ins(found).values():
        worked = {time // DAY for time in times}
        off = []
        for week in range(7):
            free = [day for day in range(7) if week * 7 + day not in worked]
            assert len(free) == 2
            assert free[1] - free[0] in (1, 6)
            off.append(tuple(free))
        changed += len(set(off)) > 1
    assert changed >= 15


def test_the_same_number_of_people_come_in_every_week() -> None:
    found, _ = made(text(length="4w", people=17))
    weeks = [
        Counter(int(t) % WEEK for t in rows(found, layout.SIGN_IN)[:, layout.PLAN_TIME] if t // WEEK == w)
        for w in range(4)
    ]
    assert weeks[0] == weeks[1] == weeks[2] == weeks[3]


def test_at_least_eleven_hours_of_rest() -> None:
    found, _ = made(
        text(length="5w", people=40, shifts="main, short", patterns="  short: {paid: 4h, starts: [06:00, 20:00]}\n")
    )
    signed_out = {}
    ends: dict[int, list[int]] = {}
    for row in rows(found, layout.SIGN_OUT):
        ends.setdefault(int(row[layout.PLAN_WHO]), []).append(int(row[layout.PLAN_TIME]))
    for agent, comes in sign_ins(found).items():
        for end in ends[agent]:
            later = [time for time in comes if time >= end]
            if later:
                signed_out[agent, end] = later[0] - end
    assert min(signed_out.values()) >= 11 * HOUR


def test_part_time_has_its_share_of_the_people() -> None:
    found, _ = made(
        text(people=40, shifts="main, half", patterns="  half: {paid: 4h, starts: [10:00, 18:00], share: 25%}\n")
    )
    lengths = Counter(int(row[layout.PLAN_VALUE] - row[layout.PLAN_TIME]) for row in rows(found, layout.SIGN_IN))
    assert lengths[4 * HOUR] == 10 * 10  # ten people, ten shifts in two weeks
    assert lengths[8 * HOUR] == 30 * 10


def test_fixed_days() -> None:
    found, span = made(text(pattern=", days: mon-fri", starts="08:00", length="3w", rest=REST))
    days = {local(span, int(t), "UTC").weekday() for t in rows(found, layout.SIGN_IN)[:, layout.PLAN_TIME]}
    assert days == {0, 1, 2, 3, 4}


# Shifts


def test_split_shifts_have_an_unpaid_gap() -> None:
    found, _ = made(text(starts="06:00, 07:00", pattern=", split: {after: 4h, gap: 3h}", rest=REST))
    gaps = rows(found, layout.BREAK)
    assert set(gaps[:, layout.PLAN_VALUE]) == {3 * HOUR}
    assert set(gaps[:, layout.PLAN_PAID]) == {0}
    assert {int(row[layout.PLAN_VALUE] - row[layout.PLAN_TIME]) for row in rows(found, layout.SIGN_IN)} == {11 * HOUR}
    assert set(rows(found, layout.SIGN_IN)[:, layout.PLAN_PAID]) == {8 * HOUR}
    rostered, scheduled = found.workforce_plan[::2, 3].sum(), found.workforce_plan[::2, 4].sum()
    assert rostered == scheduled == 20 * 10 * 8 * HOUR


def test_night_shifts_keep_their_length_when_clocks_change() -> None:
    found, span = made(
        text(zone="Europe/Berlin", site_zone="Europe/Berlin", starts="22:00", start="2026-03-23", people=7, rest=REST)
    )
    changed = 0
    for row in rows(found, layout.SIGN_IN):
        comes, goes = local(span, int(row[0]), "Europe/Berlin"), local(span, int(row[3]), "Europe/Berlin")
        assert row[3] - row[0] == 8 * HOUR or row[0] == 0
        if row[0] > 0:
            assert (comes.hour, comes.minute) == (22, 0)
            assert goes.hour == (7 if comes.date() == date(2026, 3, 28) else 6)
            changed += comes.date() == date(2026, 3, 28)
    assert changed == 5


def test_those_whose_shift_began_before_the_horizon_are_there_at_its_start() -> None:
    found, _ = made(text(starts="22:00", people=14, rest=REST, pool=", shrinkage: {training: 5%}"))
    first = [row for row in rows(found, layout.SIGN_IN) if row[layout.PLAN_TIME] == 0]
    assert len(first) == 10
    assert {int(row[layout.PLAN_VALUE]) for row in first} == {6 * HOUR}
    assert {int(row[layout.PLAN_PAID]) for row in first} == {6 * HOUR}  # what is left of it is paid
    assert found.plan[:, layout.PLAN_TIME].min() == 0


def test_shifts_follow_the_clock_of_the_site() -> None:
    found, span = made(text(site_zone="Asia/Kolkata", zone="America/New_York", starts="09:00", people=7, rest=REST))
    for time in rows(found, layout.SIGN_IN)[:, layout.PLAN_TIME]:
        moment = local(span, int(time), "Asia/Kolkata")
        assert (moment.hour, moment.minute) == (9, 0) or time == 0


def test_shifts_lie_inside_the_hours_of_the_site() -> None:
    hours = "{mon-fri: 07:00-21:00, sat: 09:00-17:00}"
    found, span = made(text(hours=hours, starts="07:00, 09:00, 13:00", people=30, rest=REST))
    for row in rows(found, layout.SIGN_IN):
        comes, goes = local(span, int(row[0]), "UTC"), local(span, int(row[3]), "UTC")
        if comes.weekday() == 5:
            assert (comes.hour, goes.hour) == (9, 17)
        else:
            assert comes.weekday() < 5
            assert comes.hour >= 7
            assert goes.hour <= 21


def test_a_pool_without_a_possible_shift_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"shift_patterns|pools\.desk"):
        made(text(hours="07:00-12:00"))


# Shrinkage


def test_planned_shrinkage_is_the_stated_share() -> None:
    found, _ = made(text(pool=", shrinkage: {absence: 6%, leave: 2%, training: 3%, meetings: 4%}", people=30))
    assert found.causes == ("break", "absence", "leave", "meetings", "training")
    assert found.absence.tolist() == [[0.0, 0.06, 0.02, 0.0, 0.0]]
    breaks = rows(found, layout.BREAK)
    away = {cause: breaks[breaks[:, layout.PLAN_CAUSE] == number] for number, cause in enumerate(found.causes)}
    shifts = len(rows(found, layout.SIGN_IN))
    assert shifts == 300
    blocks = {cause: int(away[cause][:, layout.PLAN_VALUE].sum()) for cause in ("training", "meetings")}
    assert blocks["training"] / shifts == pytest.approx(0.03 / 0.92 * 480 * MINUTE, rel=0.005)
    assert blocks["meetings"] / shifts == pytest.approx(0.04 / 0.92 * 480 * MINUTE, rel=0.005)
    assert set(away["training"][:, layout.PLAN_PAID]) == {1}
    assert len(away["absence"]) == len(away["leave"]) == 0
    scheduled = found.workforce_plan[:, 4].sum()
    assert scheduled == shifts * 480 * MINUTE - sum(blocks.values())
    assert found.planned_us.sum() == scheduled


def test_shrinkage_of_the_vendor_where_the_pool_has_none() -> None:
    found, _ = made(text(vendor=", shrinkage: {training: 10%}"))
    assert set(rows(found, layout.BREAK)[:, layout.PLAN_VALUE]) == {48 * MINUTE}


def test_breaks_of_patterns_are_paid_or_not() -> None:
    found, _ = made(text(pattern=", breaks: [15m, 30m unpaid, 15m]"))
    breaks = rows(found, layout.BREAK)
    assert Counter(zip(breaks[:, layout.PLAN_VALUE] // MINUTE, breaks[:, layout.PLAN_PAID], strict=True)) == {
        (15, 1): 400,
        (30, 0): 200,
    }
    assert {int(row[3] - row[0]) for row in rows(found, layout.SIGN_IN) if row[0] > 0} == {8 * HOUR + 30 * MINUTE}


def test_rows_lie_in_their_shift_and_in_order() -> None:
    found, _ = made(text(pattern=", breaks: [15m, 30m unpaid]", pool=", shrinkage: {training: 5%}", warm_up="3d"))
    times = found.plan[:, layout.PLAN_TIME]
    assert (np.diff(times) >= 0).all()
    until: dict[int, int] = {}
    back: dict[int, int] = {}
    for time, what, who, value, _, _ in found.plan.tolist():
        if what == layout.SIGN_IN:
            assert until.get(who, 0) <= time
            until[who], back[who] = value, time
        elif what == layout.BREAK:
            assert back[who] <= time
            assert time + value <= until[who]
            back[who] = time + value
        else:
            assert what == layout.SIGN_OUT
            assert time == until[who]


# Holidays


def test_on_a_holiday_only_a_share_of_the_people_of_that_day_work() -> None:
    found, span = made(text(site=", holidays: DE, on_holidays: 50%", people=40, **HOLIDAY))
    plain, _ = made(text(people=40, **HOLIDAY))
    comes = rows(found, layout.SIGN_IN)
    away = comes[comes[:, layout.PLAN_VALUE] == layout.NONE]
    on_day = [row for row in comes if local(span, int(row[0]), "Europe/Berlin").date() == date(2026, 5, 1)]
    assert len(comes) == len(rows(plain, layout.SIGN_IN))
    assert len(away) in (len(on_day) // 2, -(-len(on_day) // 2))
    assert {local(span, int(time), "Europe/Berlin").date() for time in away[:, 0]} == {date(2026, 5, 1)}
    assert set(away[:, layout.PLAN_PAID]) == {8 * HOUR}
    assert {found.causes[cause] for cause in away[:, layout.PLAN_CAUSE]} == {"leave"}
    signed = {(int(row[0]), int(row[2])) for row in away}
    assert not {(int(row[0]) - 8 * HOUR, int(row[2])) for row in rows(found, layout.SIGN_OUT)} & signed
    # every start keeps about its half
    by_start = Counter(local(span, int(time), "Europe/Berlin").hour for time in away[:, 0])
    all_starts = Counter(local(span, int(row[0]), "Europe/Berlin").hour for row in on_day)
    assert all(abs(by_start[hour] - count / 2) <= 1 for hour, count in all_starts.items())
    assert found.workforce_plan[:, 3].sum() == plain.workforce_plan[:, 3].sum()
    assert found.workforce_plan[:, 4].sum() == plain.workforce_plan[:, 4].sum() - len(away) * 8 * HOUR


def test_nobody_or_everybody_on_a_holiday() -> None:
    nobody, span = made(text(site=", holidays: DE", people=20, **HOLIDAY))
    comes = rows(nobody, layout.SIGN_IN)
    on_day = [row for row in comes if local(span, int(row[0]), "Europe/Berlin").date() == date(2026, 5, 1)]
    assert {int(row[layout.PLAN_VALUE]) for row in on_day} == {layout.NONE}
    everybody, _ = made(text(site=", holidays: DE, on_holidays: 100%", people=20, **HOLIDAY))
    assert (rows(everybody, layout.SIGN_IN)[:, layout.PLAN_VALUE] > 0).all()


# Required, rostered, scheduled


SEVERAL = """\
scenario: several
horizon: {{start: 2026-03-02, length: 2w, drain: 0s}}
handle_time: 5m
channels: {{mail: {{kind: deferred, deadline: 24h}}}}
demand:
  calls: {{per_week: 6000, profile: business_day}}
  post: {{workflow: calls, channel: mail, per_week: 900, profile: flat}}
sites: {{here: {{region: EMEA, time_zone: Europe/Berlin, hours: 24x7, holidays: DE}}}}
shift_patterns: {{main: {{paid: 8h, starts: [00:00, 06:00, 14:00, 22:00], breaks: [30m unpaid]}}}}
pools: {{{pools}}}
"""
POOLS = [
    "a: {site: here, headcount: 12, shifts: [main], shrinkage: {absence: 5%, coaching: 2%}}",
    "b: {site: here, headcount: 30, shifts: [main]}",
    "c: {staffing: 4}",
]


def several(pools: list[str]) -> Model:
    return compile_model(loads(SEVERAL.format(pools=", ".join(pools))))


def test_twice_and_in_another_order_the_plan_is_the_same() -> None:
    first, again, turned = several(POOLS), several(POOLS), several(POOLS[::-1])
    for other in (again, turned):
        assert (first.plan == other.plan).all()
        assert (first.planned_us == other.planned_us).all()
        assert (first.workforce_plan == other.workforce_plan).all()
    assert (first.rules.pools.absence == turned.rules.pools.absence).all()
