"""Which event is next, and in which order what is pending is settled."""

from __future__ import annotations

import pytest

from ccsim.kernel import advance, handling, layout, room
from ccsim.kernel.events import ROOT
from ccsim.kernel.state import LOG_ROWS
from ccsim.records import outcomes
from tests.kernel.small_centre import MINUTE, PHONE, SECOND, Centre

DESK = PHONE + "pools: {desk: {staffing: 1}}\n"
NOW = 10 * SECOND


def ready(*, plan: int | None = None, event: int | None = None, due: bool = False, arrival: bool = False) -> Centre:
    """A centre with some of its four lists due at `NOW`: the plan, an event of a kind, a return, an arrival."""
    centre = Centre(DESK)
    state, registers = centre.state, centre.state.registers
    registers[layout.REGISTER_PLAN_N] = 0 if plan is None else 1
    if plan is not None:
        state.plan[0, [layout.PLAN_TIME, layout.PLAN_WHAT]] = NOW, plan
    if event is not None:
        registers[layout.REGISTER_EVENTS_N] = 1
        state.events[ROOT] = NOW, event << 32
    if due:
        registers[layout.REGISTER_DUES_N] = 1
        state.dues[ROOT] = NOW, layout.DUE << 32
    if arrival:
        state.sources[0, layout.SOURCE_TIME] = NOW
    return centre


@pytest.mark.parametrize(
    ("first", "lists"),
    [
        (layout.ARRIVAL, {"arrival": True}),
        (layout.DUE, {"arrival": True, "due": True}),
        (layout.PATIENCE, {"arrival": True, "due": True, "event": layout.PATIENCE}),
        (layout.PLANNED, {"arrival": True, "due": True, "event": layout.PATIENCE, "plan": layout.OPENS}),
        (layout.PLANNED, {"event": layout.END_BREAK, "plan": layout.SIGN_OUT}),
        (layout.END_BREAK, {"event": layout.END_BREAK, "plan": layout.CLOSES}),
        (layout.PLANNED, {"event": layout.BREAK_DUE, "plan": layout.CLOSES}),
        (layout.BREAK_DUE, {"arrival": True, "event": layout.BREAK_DUE}),
        (layout.END_WRAP, {"arrival": True, "event": layout.END_WRAP, "plan": layout.SIGN_OUT}),
    ],
)
def test_at_one_instant_the_smaller_kind_goes_first(first: int, lists: dict[str, int]) -> None:
    centre = ready(**lists)  # type: ignore[arg-type]
    assert advance._next_kind(centre.state, NOW + 1) == first
    assert centre.state.registers[layout.REGISTER_NOW] == NOW


def test_nothing_is_next_at_or_after_the_instant_that_is_asked_for() -> None:
    centre = ready(arrival=True)
    assert advance._next_kind(centre.state, NOW) == layout.NONE
    assert centre.state.registers[layout.REGISTER_NOW] == 0


def test_an_arrival_is_pending_and_its_source_moves_on() -> None:
    centre = Centre(DESK)
    centre.state.source_sum[0, :3] = 0.0, 1e-9, 0.5
    centre.step("advance._take_event", layout.ARRIVAL, NOW)
    assert centre.state.registers[layout.REGISTER_SIMULATED] == 1
    i = int(centre.state.registers[layout.PENDING_JOIN])
    assert centre.visit(i, "QUEUE", "PLACE", "COUNTED", "NUMBER") == (
        0,
        0,
        layout.CONTACT_COUNTS | layout.CASE_COUNTS,
        0,
    )
    assert centre.state.sources[0, layout.SOURCE_NUMBER] == 1


def test_a_group_that_closes_clears_its_line_one_by_one() -> None:
    centre = Centre(DESK + "queue_groups: {main: {channels: [phone], hours: 08:00-18:00, at_closing: clear}}\n")
    centre.state.groups[0, layout.GROUP_OPEN] = 1
    first, second = centre.arrives(SECOND), centre.arrives(2 * SECOND)
    centre.state.plan[0, [layout.PLAN_WHAT, layout.PLAN_WHO]] = layout.CLOSES, 0
    centre.state.registers[layout.REGISTER_PLAN_AT] = 0
    centre.step("advance._take_plan_row", NOW)
    assert centre.state.groups[0, layout.GROUP_OPEN] == 0
    assert centre.step("advance._next_to_clear") == first
    centre.step("advance._settle_pending", layout.NONE, NOW)
    assert centre.step("advance._next_to_clear") == second
    centre.settle(NOW)
    assert centre.logged("LEFT", "OUTCOME") == [(NOW, outcomes.CLEARED)] * 2


@pytest.mark.parametrize(
    ("register", "value", "reason"),
    [
        ("REGISTER_LOG_N", LOG_ROWS - layout.LOG_ROOM, layout.REACHED),
        ("REGISTER_LOG_N", LOG_ROWS - layout.LOG_ROOM + 1, layout.LOG_FULL),
        ("REGISTER_SPAN_N", 8_192 - layout.SPAN_ROOM + 1, layout.LOG_FULL),
        ("REGISTER_FREE_N", layout.SLOT_ROOM, layout.REACHED),
        ("REGISTER_FREE_N", layout.SLOT_ROOM - 1, layout.SLOTS_FULL),
        ("REGISTER_EVENTS_N", 1_024 - layout.EVENT_ROOM, layout.REACHED),
        ("REGISTER_EVENTS_N", 1_024 - layout.EVENT_ROOM + 1, layout.EVENTS_FULL),
        ("REGISTER_DUES_N", 1_024 - layout.EVENT_ROOM + 1, layout.EVENTS_FULL),
    ],
)
def test_a_step_is_not_begun_without_room_for_it(register: str, value: int, reason: int) -> None:
    centre = Centre(DESK)
    centre.state.registers[getattr(layout, register)] = value
    assert room.what_is_full(centre.state) == reason
    assert room.steps_with_room(centre.state) == (1 if reason == layout.REACHED else 0)
    assert centre.step("advance.advance", MINUTE) == reason


def test_an_escalated_visit_joins_before_the_agent_who_sent_it_on_chooses() -> None:
    centre = Centre(DESK)
    agent = centre.comes_on()
    sent, waits = centre.arrives(0), centre.arrives(SECOND)
    handling._send_on(centre.rules, centre.state, sent, 0, 0)
    joins = int(centre.state.registers[layout.PENDING_JOIN])
    centre.step("handling.finish", sent, NOW)
    centre.step("advance._settle_pending", layout.NONE, NOW)
    assert centre.visit(joins, "PHASE", "PLACE") == (layout.WAITING, 1)  # it has not passed the one that waits
    centre.settle(NOW)
    assert centre.visit(waits, "PHASE", "AGENT") == (layout.TALKING, agent)
