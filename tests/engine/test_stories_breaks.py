"""Stories of breaks at random, with times that are no chance; and what agents, pools and bills make of them."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.kernel import layout
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from tests.engine.statistics_oracle import Recount
from tests.support.engines import compare
from tests.support.stories import POOL, script, tell

NINE = 9 * 3600
DESK = """\
horizon: {start: 2026-01-05, length: 1h, drain: 0s, interval: 15m}
demand: {calls: {trace: calls.csv}}
"""


def desk(when: str = "idle", more: str = "", staffing: str = "1", every: str = "{value: 10m}") -> str:
    return (
        f"{DESK}pools: {{desk: {{staffing: {staffing}, breaks: {{every: {every}, length: 3m, when: {when}{more}}}}}}}\n"
    )


def on_shift(shift: str, when: str = "idle") -> str:
    breaks = f"breaks: {{every: {{value: 10m}}, length: 3m, when: {when}}}"
    return f"demand: {{calls: {{trace: calls.csv}}}}\npools: {{desk: {{shifts: [{{{shift}}}], {breaks}}}}}\n"


def test_a_break_when_idle_waits_until_nobody_waits_and_is_then_taken_whole() -> None:
    story = tell(desk(), calls="time talk | 590 60 | 595 30 | 700 10 | 1460 10")
    # Due at 600; in hand until 650, then who waits until 680; a break until 860. The next is due at 1460, and begins
    # then: a contact that arrives at that instant comes after it.
    assert story.lives("left") == [(590,), (650,), (860,), (1640,)]
    assert story.hours("signed_in break paid", "desk")[:2] == [
        (0, 12, 3, 15),
        (1, 12, 3, 15),
    ]


def test_a_break_after_contact_begins_though_somebody_waits() -> None:
    story = tell(desk("after_contact"), calls="time talk | 590 60 | 595 30 | 700 10")
    assert story.lives("left") == [(590,), (830,), (860,)]


def test_an_agent_with_chats_in_hand_goes_when_the_last_has_ended() -> None:
    chats = "channels: {chat: {concurrency: 2, speed: [1, 1]}}\n"
    body = desk("after_contact").replace("calls: {", "calls: {channel: chat, ") + chats
    story = tell(body, calls="time talk | 580 60 | 590 100 | 650 5")
    assert story.lives("left") == [(580,), (590,), (690 + 180,)]
    story = tell(body.replace("after_contact", "idle"), calls="time talk | 580 60 | 590 100 | 650 5")
    assert story.lives("left") == [(580,), (590,), (650,)]
    assert story.hours("break", "desk")[0] == (0, 3)


def test_a_break_ends_with_the_shift_and_each_shift_begins_anew() -> None:
    story = tell(on_shift("agents: 1, start: 09:00, length: 12m"), calls=f"time talk | {NINE + 590} 5")
    assert story.hours("signed_in break paid overtime", "desk") == [(36, 10, 2, 12, 0)]
    # nothing is due nine minutes after signing in, however long the agents have been away
    story = tell(on_shift("agents: 1, start: 09:00, length: 9m"), calls=f"time talk | {NINE} 5")
    assert story.total("break", "desk") == 0


def test_no_break_begins_after_the_planned_end() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 9m59s", "after_contact")
    story = tell(body, calls=f"time talk | {NINE + 590} 60 | {NINE + 600} 5")
    assert story.lives("left outcome")[0] == (NINE + 590, "resolved")
    assert [story.total(what, "desk") for what in ("break", "overtime")] == pytest.approx([0, 51 / 60])


def test_planned_breaks_come_in_place_of_one_that_is_due() -> None:
    """And from their end the time to the next one counts."""
    body = on_shift("agents: 1, start: 09:00, length: 1h, breaks: [{after: 10m30s, length: 5m}]")
    story = tell(body, calls=f"time talk | {NINE + 590} 60 | {NINE + 40 * 60} 1")
    # due at 09:10, planned at 09:10:30; in hand until 09:10:50, back at 09:15:50; then 09:25:50-09:28:50,
    # 09:38:50-09:41:50 and 09:51:50-09:54:50
    assert story.total("break", "desk") == pytest.approx(5 + 3 * 3)
    assert story.lives("left") == [(NINE + 590,), (NINE + 41 * 60 + 50,)]


def test_one_that_is_taken_gives_way_to_a_planned_break() -> None:
    body = on_shift("agents: 1, start: 09:00, length: 20m, breaks: [{after: 11m, length: 5m}]")
    story = tell(body, calls="time talk | 0 1")
    assert story.total("break", "desk") == 1 + 5


def test_where_staffing_falls_one_on_a_break_goes_home() -> None:
    staffing = "[[00:00, 2], [00:11, 1], [00:12, 2]]"
    story = tell(desk(staffing=staffing), calls="time talk | 0 630 | 665 1 | 730 500 | 731 1")
    # Agent 1 is on a break from 600, agent 0 from 630. At 660 agent 0 goes, the first by number; the one who comes at
    # 720 is agent 0 again, and agent 1 is back at 780.
    assert story.lives("left agent") == [(0, 0), (720, 0), (730, 0), (780, 1)]
    assert all(row[1] == 0 for row in story.hours("overtime signed_in", "desk"))
    assert story.hours("signed_in break", "desk")[0] == pytest.approx((0, 10.5 + 3 + 10 + 2, 0.5 + 3))


def test_a_case_may_be_laid_down_by_who_would_go_on_a_break() -> None:
    cases = "channels: {case: {kind: deferred, interruptible: yes}}\n"
    body = desk("after_contact", staffing="[[00:00, 1], [00:15, 0], [00:30, 1]]")
    body = body.replace("calls: {", "calls: {channel: case, ") + cases
    story = tell(body, calls="time talk | 0 3000")
    assert story.hours("signed_in break", "desk") == [(0, 15, 0), (2, 15, 0), (3, 15, 0)]


BUSY = """\
horizon: {start: 2026-03-06 20:00, warm_up: 2h, length: 20h, drain: 2h, interval: 1h}
handle_time: {mean: 4m}
patience: {mean: 3m}
channels: {chat: {concurrency: 3, speed: [1, 0.8, 0.6]}}
demand:
  calls: {per_hour: 50}
  chats: {channel: chat, per_hour: 30}
sites: {here: {region: EMEA, time_zone: Europe/Berlin, hours: 24x7}}
vendors: {partner: {paid_hour: 20, premiums: {night: 33.3333%, weekend: 10%, overtime: 50%}, billed_in: 15m}}
pools:
  a_curve: {site: here, vendor: partner, channels: phone, staffing: {every: 1h, values: [VALUES]}, BREAKS}
  b_chats: {site: here, vendor: partner, channels: chat, staffing: {every: 1h, values: [VALUES]}, BREAKS}
  c_shifts:
    site: here
    vendor: partner
    shifts:
      - {agents: 3, start: 20:00, length: 8h, breaks: [{after: 2h, length: 15m}, {after: 4h, length: 30m, paid: no}]}
      - {agents: 3, start: 04:00, length: 9h}
    BREAKS
"""


def busy(breaks: str) -> Scenario:
    values = ", ".join(str(2 + (7 * hour) % 3) for hour in range(24))
    return script(BUSY.replace("VALUES", values).replace("BREAKS", breaks))


@pytest.mark.parametrize("when", ["idle", "after_contact"])
@pytest.mark.parametrize("paid", ["yes", "no"])
def test_a_busy_centre_simulates_as_the_reference_engine_and_its_sums_are_those_of_its_logs(
    when: str, paid: str
) -> None:
    model = compile_model(busy(f"breaks: {{every: {{mean: 30m}}, length: {{mean: 4m}}, when: {when}, paid: {paid}}}"))
    kept = compare(model, 5)
    taken = kept.spans[:, layout.SPAN_WHAT] == (layout.PAID_BREAK if paid == "yes" else layout.UNPAID_BREAK)
    assert taken.sum() > 100
    recount = Recount(model, kept.log, kept.spans).tables()
    for table in ("pool_intervals", "pool_sums", "shrinkage"):
        assert [tuple(row) for row in kept.tables[table].tolist()] == recount[table]
    stepped = kept.tables["pool_intervals"][np.isin(kept.tables["pool_intervals"][:, 1], (0, 1))]
    there = stepped[:, POOL["signed_in_us"]] + stepped[:, POOL["break_us"]]
    np.testing.assert_array_equal(stepped[:, POOL["overtime_us"]], there - stepped[:, POOL["planned_us"]])
    assert (stepped[:, POOL["overtime_us"]] >= 0).all()


def test_paid_breaks_leave_the_plan_and_the_bill_as_they_are() -> None:
    """Nobody calls, so nobody works overtime: paid hours and their price are those of the plan."""

    def bill(breaks: str) -> dict[str, np.ndarray]:
        text = BUSY.replace("VALUES", ", ".join(["3"] * 24)).replace("BREAKS", breaks)
        text = text.replace("per_hour: 50", "per_hour: 0").replace("per_hour: 30", "per_hour: 0")
        table = simulate(compile_model(script(text)), seed=1, replication=0).tables["pool_intervals"]
        return {name: table[:, at] for name, at in POOL.items()}

    plain, paid = bill("tier: t1"), bill("breaks: {every: {mean: 30m}, length: 5m}")
    for name in ("planned_us", "paid_us", "rated_us", "overtime_us"):
        np.testing.assert_array_equal(plain[name], paid[name])
    more = paid["break_us"] - plain["break_us"]
    assert more.sum() > 0
    np.testing.assert_array_equal(paid["signed_in_us"], plain["signed_in_us"] - more)
    unpaid = bill("breaks: {every: {mean: 30m}, length: 5m, paid: no}")
    np.testing.assert_array_equal(unpaid["paid_us"], plain["paid_us"] - more)
    assert (unpaid["overtime_us"] == 0).all()
    np.testing.assert_array_equal(unpaid["planned_us"], plain["planned_us"])


TWO = """\
horizon: {start: 2026-01-05, length: 2d, drain: 1d, interval: 1h}
handle_time: {mean: 4m}
demand: {calls: {per_hour: 20}, mails: {per_hour: 20}}
"""
MAILS = "b: {workflows: [mails], staffing: 2, breaks: {every: {mean: 1h}, length: {mean: 5m}}}"


def simulated(*pools: str) -> dict[str, np.ndarray]:
    """Visits of the mails, and time away of the second pool, by name."""
    body = TWO + "pools:\n" + "".join(f"  {pool}\n" for pool in pools)
    tables = simulate(compile_model(script(body)), seed=3, replication=1, visits=True).tables
    away = tables["shrinkage"]
    return {"visits": tables["visits"][tables["visits"][:, 0] == 1], "away": away[away[:, 0] == 1]}


def test_breaks_of_a_pool_change_nothing_elsewhere_whatever_the_order() -> None:
    calls = "a: {workflows: [calls], staffing: 2}"
    alone = simulated(calls, MAILS)
    assert alone["away"][0, 2] > 0
    too = calls.replace("}", ", breaks: {every: {mean: 20m}, length: 3m}}")
    for other in (simulated(too, MAILS), simulated(MAILS, too)):
        for name, rows in alone.items():
            np.testing.assert_array_equal(other[name], rows)


def test_a_renamed_pool_keeps_its_breaks() -> None:
    calls = "a: {workflows: [calls], staffing: 2}"
    alone = simulated(calls, MAILS)["away"]
    renamed = MAILS.replace("b:", "c:", 1)
    np.testing.assert_array_equal(simulated(calls, renamed.replace("staffing", "draws_as: b, staffing"))["away"], alone)
    assert simulated(calls, renamed)["away"].tolist() != alone.tolist()


def test_breaks_that_are_never_due_change_nothing() -> None:
    without, never = (
        simulate(compile_model(busy(breaks)), seed=2, replication=0, visits=True).tables
        for breaks in ("tier: t1", "breaks: {every: {value: 5000w}, length: 3m, when: after_contact}")
    )
    for name, rows in without.items():
        np.testing.assert_array_equal(never[name], rows)
