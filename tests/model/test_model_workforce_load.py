"""The load that is expected on each pool: conserved, shared by eligible pools, vendors and hours."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ccsim.centre.streams import streams_of
from ccsim.model.load import expected_load
from ccsim.model.local_time import utc_micros
from ccsim.model.model import Span
from ccsim.model.staffed_pools import Clocks, local_week, make_staffed_pools, utc_week
from ccsim.model.visits import visits_of
from ccsim.model.weekly_schedules import SLOTS
from ccsim.scenario import loads
from ccsim.units import HOUR, MINUTE
from tests.support.planned_load import HEAD, loaded


def test_one_pool_gets_all_of_it() -> None:
    live, deferred, found = loaded(
        "demand: {calls: {per_week: 1000, profile: evening}}\npools: {desk: {staffing: 9}}\n"
    )
    assert live["desk"] == pytest.approx(1000 * 0.1)
    assert deferred["desk"] == 0.0
    assert found.handle[found.live > 0] == pytest.approx(6.0 * MINUTE)


def test_hand_overs_are_work_of_both_tiers() -> None:
    tiers = "{t1: {escalated: 20%, warm: 50%, hand_over: 3m}, t2: {}}"
    live, _, found = loaded(
        f"demand: {{calls: {{per_week: 1000, profile: flat}}}}\nworkflows: {{calls: {{tiers: {tiers}}}}}\n"
        "pools: {desk: {tier: t1, staffing: 9}, experts: {tier: t2, staffing: 9}}\n"
    )
    assert live["desk"] == pytest.approx(1000 * 0.1 + 100 * 0.05)
    assert live["experts"] == pytest.approx(200 * 0.1 + 100 * 0.05)
    assert found.handle[1] == pytest.approx(7.5 * MINUTE)


def test_equal_pools_share_by_their_hours() -> None:
    live, _, _ = loaded(
        "demand: {calls: {per_week: 1000, profile: flat}}\n"
        "pools: {a: {staffing: 3}, b: {staffing: 6}, c: {staffing: [[00:00, 0], [12:00, 6]]}}\n"
    )
    assert sum(live.values()) == pytest.approx(100.0)
    assert live["b"] / live["a"] == pytest.approx(2.0, rel=0.01)
    assert live["c"] / live["a"] == pytest.approx(1.0, rel=0.05)  # as many agent hours, half of the day


def test_a_chain_of_skills_is_balanced() -> None:
    live, _, _ = loaded(
        "demand: {x: {per_week: 1000, profile: flat}, y: {per_week: 200, profile: flat}}\n"
        "pools: {a: {staffing: 3, workflows: [x]}, b: {staffing: 3, workflows: [x, y]}}\n"
    )
    assert live["a"] == pytest.approx(60.0, rel=0.05)
    assert live["b"] == pytest.approx(60.0, rel=0.05)


def test_hours_without_one_pool_go_to_the_others() -> None:
    _, _, found = loaded(
        "demand: {calls: {per_week: 1000, profile: flat}}\n"
        "pools: {a: {staffing: 3}, b: {staffing: [[00:00, 0], [08:00, 3], [16:00, 0]]}}\n"
    )
    by_day = found.live.reshape(2, 7, 48)
    assert by_day[1, :, :16].sum() == by_day[1, :, 32:].sum() == 0.0
    assert by_day.sum(axis=0) == pytest.approx(np.full((7, 48), 100 / 168))


def test_vendors_get_their_shares() -> None:
    live, _, _ = loaded(
        "demand: {calls: {per_week: 1000, profile: flat}}\n"
        "vendors: {x: {paid_hour: 10}, y: {paid_hour: 20}}\n"
        "pools: {a: {staffing: 3, vendor: x}, b: {staffing: 3, vendor: y}, c: {staffing: 9, vendor: y}}\n"
        "routing: {vendor_share: {calls: {x: 70%, y: 30%}}}\n"
    )
    assert live["a"] == pytest.approx(70.0)
    assert live["c"] / live["b"] == pytest.approx(3.0, rel=0.01)


REGIONS = """\
markets: {de: {region: EMEA, time_zone: Europe/Berlin}, us: {region: NA, time_zone: America/New_York}}
sites:
  k: {region: EMEA, time_zone: Europe/Warsaw, hours: 24x7}
  t: {region: NA, time_zone: America/New_York, hours: 24x7}
demand: {calls: {per_week: 1000, profile: flat, markets: {de: 80%%, us: 20%%}}}
pools: {k: {staffing: %s, site: k}, t: {staffing: 4, site: t}}
routing: {prefer: same_region%s}
"""


def test_with_overflow_the_region_keeps_its_own() -> None:
    live, _, _ = loaded(REGIONS % ("4", ", overflow: [{after: 60s, to: any_region}]"))
    assert (live["k"], live["t"]) == (pytest.approx(80.0), pytest.approx(20.0))


def test_a_later_ring_stands_in_where_the_first_is_closed() -> None:
    live, _, found = loaded(REGIONS % ("[[00:00, 0], [12:00, 4]]", ", overflow: [{after: 60s, to: any_region}]"))
    assert (live["k"], live["t"]) == (pytest.approx(40.0), pytest.approx(60.0))
    assert (found.live[0].reshape(7, 48)[:, :24] == 0.0).all()  # by the clock of the site


def test_preference_without_overflow_leans_but_balances() -> None:
    live, _, _ = loaded(REGIONS % ("4", ""))
    assert live["k"] == pytest.approx(50.0, rel=0.05)


def test_escalation_transfer_returns_and_peers() -> None:
    scenario = loads(
        HEAD
        + """\
workflows:
  x:
    tiers: {t1: {resolved: 70%, escalated: 20%, transfers: {y: 5%}}, t2: {resolved: 50%}}
    returns: {after_unresolved: {share: 50%, after: 1h, attempts: 1}}
demand: {x: {per_week: 100, profile: flat}, y: {per_week: 1, profile: flat}}
pools: {a: {staffing: 3, tier: [t1, t2]}}
"""
    )
    (found,) = visits_of(scenario, "x", "phone").values()  # nobody comes back by another channel
    # unresolved: 5 % at the first tier, half of the 20 % at the second: 15 %, half of them come back once
    once = 1 + 0.5 * (0.05 + 0.2 * 0.5)
    assert found == {
        ("x", "t1"): pytest.approx(once),
        ("x", "t2"): pytest.approx(0.2 * once),
        ("y", "t1"): pytest.approx(0.05 * once),
    }
    _, deferred, _ = loaded(
        "channels: {forum: {kind: deferred, peers: 60%}}\n"
        "demand: {calls: {per_week: 1000, profile: flat, channel: forum}}\npools: {desk: {staffing: 9}}\n"
    )
    assert deferred["desk"] == pytest.approx(40.0)


def test_endless_transfers_end() -> None:
    scenario = loads(
        HEAD
        + "workflows: {x: {tiers: {t1: {resolved: 50%, transfers: {y: 50%}}}},"
        + " y: {tiers: {t1: {resolved: 50%, transfers: {x: 50%}}}}}\n"
        + "demand: {x: {per_week: 100, profile: flat}}\npools: {a: {staffing: 3}}\n"
    )
    (found,) = visits_of(scenario, "x", "phone").values()
    assert found["x", "t1"] == pytest.approx(4 / 3)
    assert found["y", "t1"] == pytest.approx(2 / 3)


def test_contacts_in_parallel_take_their_part_of_an_agent() -> None:
    live, _, found = loaded(
        "channels: {chat: {concurrency: 2, speed: [1.0, 0.75]}}\n"
        "demand: {calls: {per_week: 1000, profile: flat, channel: chat}}\npools: {desk: {staffing: 9}}\n"
    )
    assert live["desk"] == pytest.approx(100.0 / 1.5)
    assert found.handle.max() == pytest.approx(6 * MINUTE / 1.5)


def test_pace_skill_and_proficiency_lengthen_the_work() -> None:
    live, _, _ = loaded(
        "demand: {x: {per_week: 1000, profile: flat, language: de}}\n"
        "pools: {a: {staffing: 9, handle_time: 1.2, languages: {de: 80%}, skills: {x: {handle_time: 1.5}}}}\n"
    )
    assert live["a"] == pytest.approx(100 * 1.2 * 1.5 / 0.8)


def test_contacts_at_a_closed_door_are_nobodys_load() -> None:
    live, _, found = loaded(
        "queue_groups: {door: {hours: {mon-fri: 08:00-18:00}}}\n"
        "demand: {calls: {per_week: 1680, profile: flat}}\npools: {desk: {staffing: 9}}\n"
    )
    assert live["desk"] == pytest.approx(50 * 10 * 0.1)
    assert (found.live.reshape(7, 48)[5:] == 0.0).all()


def test_a_surge_counts_with_its_part_of_the_counted_length() -> None:
    live, _, _ = loaded(
        "surges: {launch: {at: 2026-03-02, for: 1w, times: 2}}\n"
        "demand: {calls: {per_week: 1000, profile: flat}}\npools: {desk: {staffing: 9}}\n"
    )
    assert live["desk"] == pytest.approx(150.0, rel=0.001)


def test_a_recorded_trace_is_a_load(tmp_path: object) -> None:
    times = "\n".join(f"2026-03-{day:02d} 10:00:00" for day in range(2, 16))
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "calls.csv").write_text(f"time\n{times}\n")
    (folder / "s.yaml").write_text(HEAD + "demand: {calls: {trace: calls.csv}}\npools: {desk: {staffing: 9}}\n")
    from ccsim.scenario import load

    scenario = load(folder / "s.yaml")
    start = utc_micros(datetime.fromisoformat(scenario.horizon.start), ZoneInfo("UTC"))
    span = Span(0, scenario.horizon.length, scenario.horizon.length, 30 * MINUTE, start)
    staffed_pools = make_staffed_pools(scenario, ["desk"], Clocks(start), span)
    found = expected_load(scenario, streams_of(scenario), staffed_pools, Clocks(start), span)
    assert found.live.sum() / 2 == pytest.approx(0.7)
    assert np.flatnonzero(found.live[0]).tolist() == [day * 48 + 20 for day in range(7)]


@pytest.mark.parametrize("offset", [0, 60, -300, 330, 345, -570])
def test_a_week_turned_to_a_clock_and_back(offset: int) -> None:
    week = np.arange(SLOTS, dtype=np.float64)
    turned = local_week(week, offset * MINUTE)
    assert turned.sum() == pytest.approx(week.sum())
    if offset % 30 == 0:
        assert (utc_week(turned, offset * MINUTE) == week).all()
        assert turned[(offset // 30) % SLOTS] == week[0]
    else:
        assert turned[12] == pytest.approx((week[0] + week[1]) / 2)  # 06:00 is 00:15 UTC


def test_a_day_of_the_week_has_24_hours() -> None:
    assert SLOTS == 7 * 24 * 2
    assert HOUR == 60 * MINUTE
