"""People by shift pattern: the headcount is their sum, and so many work each."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.headcount import PatternBounds, PeopleBounds
from ccsim.model.offered import span_of
from ccsim.model.staffed_pools import Clocks
from ccsim.model.workforce import staff
from ccsim.scenario import loads, to_canonical
from ccsim.scenario.canonical import from_canonical

DESK = """scenario: desk
horizon: {start: 2026-01-05, length: 2w}
demand: {calls: {per_minute: 1, profile: flat}}
patience: {mean: 2m}
handle_time: {mean: 4m}
sites: {hall: {region: here, time_zone: UTC, hours: 24x7}}
vendors: {own: {kind: in_house}}
shift_patterns:
  day:  {paid: 12h, start: 08:00, work_days: 4, share: 10%}
  late: {paid: 12h, starts: [19:00, 20:00], work_days: 5}
pools: {desk: {site: hall, vendor: own, POOL}}
"""


def pool(text):
    return loads(DESK.replace("POOL", text)).pools["desk"]


def test_the_headcount_is_the_sum():
    found = pool("shifts: {late: 5, day: 8}")
    assert (found.headcount, found.people_on, found.patterns) == (13, {"late": 5, "day": 8}, ("late", "day"))
    assert found.searched is None
    assert pool("headcount: 13, shifts: {late: 5, day: 8}") == found
    assert pool("headcount: auto, shifts: {late: 5, day: 8}") == found


def test_a_pattern_without_anybody_is_none():
    text = DESK.replace("  late:", "  night: {paid: 12h, start: 20:00}\n  late:")
    found = loads(text.replace("POOL", "shifts: {late: 0, day: 8, night: 6}"))
    assert found.pools["desk"].patterns == ("day", "night")


def test_people_to_be_found():
    found = pool("shifts: {late: {min: 0, max: 9}, day: 8}")
    assert found.searched_on == {"late": PatternBounds(least=0, most=9)}
    assert found.searched == PeopleBounds(least=8)
    assert pool("headcount: auto, shifts: {late: auto, day: auto}").searched == PeopleBounds(least=2)


def only_fault(text):
    with pytest.raises(ScenarioError) as refused:
        loads(text)
    (fault,) = refused.value.faults
    return fault


@pytest.mark.parametrize(
    ("text", "key", "told"),
    [
        ("headcount: 12, shifts: {late: 5, day: 8}", "headcount", "13 people are on its shift patterns: say 13, or"),
        ("headcount: 12, shifts: {late: auto, day: 8}", "headcount", "are still to be found: say `headcount: auto`"),
        ("headcount: {min: 3}, shifts: {late: 5, day: 8}", "headcount", "say for each shift pattern between"),
        ("shifts: {late: 0, day: 0}", "shifts", "the pool has no agents at any time"),
        ("shifts: {lats: 5}", "shifts.lats", "there is no shift pattern 'lats'; did you mean 'late'"),
        ("shifts: {late: -1}", "shifts.late", "whole number"),
        ("shifts: {late: {min: 5, max: 2}}", "shifts.late", "expected min <= max"),
        ("shifts: {agents: 5, start: 08:00, length: 8h}", "shifts", "expected a list"),
        ("shifts: {}", "shifts", "at least 1 in the map"),
        ("staffing: 3, shifts: {late: 5, day: 5}", "", "got staffing and shifts"),
    ],
)
def test_what_is_refused(text, key, told):
    fault = only_fault(DESK.replace("POOL", text))
    assert fault.key == f"pools.desk.{key}".rstrip(".")
    assert told in fault.message


def test_a_pool_with_people_by_pattern_needs_a_site():
    fault = only_fault(DESK.replace("site: hall, vendor: own, POOL", "vendor: own, shifts: {late: 5, day: 5}"))
    assert (fault.key, fault.message) == ("pools.desk.site", "needs `site:`; say where they sit")


def test_so_many_work_each_pattern_whatever_its_share():
    scenario = loads(DESK.replace("POOL", "shifts: {late: 5, day: 8}"))
    span = span_of(scenario)
    roster = staff(scenario, ["desk"], Clocks(span.start_utc), span).rosters["desk"]
    people = {"day": 0, "late": 0}
    for schedule, n in zip(roster.schedules, roster.people, strict=True):
        people[schedule.pattern] += int(n)
    assert people == {"day": 8, "late": 5}


def test_the_canonical_form_has_them_only_where_they_are_said():
    plain = to_canonical(loads(DESK.replace("POOL", "headcount: 13, shifts: [late, day]")))
    assert {"people_on", "searched_on"}.isdisjoint(plain["pools"]["desk"])
    said = loads(DESK.replace("POOL", "shifts: {late: auto, day: 8}"))
    assert from_canonical(to_canonical(said)) == said


def test_changes_are_whole_people():
    scenario = DESK.replace("POOL", "shifts: {late: 5, day: 8}") + "variants: {more: {pools.desk.shifts.late: x1.1}}\n"
    assert loads(scenario, variants=["more"]).pools["desk"].people_on == {"late": 6, "day": 8}
