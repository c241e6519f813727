"""Agents, step by step: on the lists, signing in and out, breaks, with and without contacts in hand."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim.kernel import free_lists, layout
from ccsim.records import outcomes
from tests.kernel.small_centre import MINUTE, PHONE, SECOND, Centre

DESK = PHONE + "pools: {desk: {staffing: 2}}\n"
THREE = DESK.replace("staffing: 2", "staffing: 3")
CHAT = """
demand: {chats: {channel: chat, per_minute: 1}}
channels: {chat: {concurrency: 2, speed: [1.0, 0.5]}}
handle_time: {law: constant, value: 1m}
pools: {desk: {staffing: 1}}
"""
SHIFTS = PHONE + "pools: {desk: {shifts: [{start: 08:00, length: 8h, agents: 1}]}}\n"


def planned(centre: Centre, what: int, agent: int, value: int = 0, paid: int = 0) -> int:
    """Write a row of the plan; its number."""
    centre.state.plan[0] = 0, what, agent, value, paid, 0
    return 0


def test_an_agent_who_signs_in_is_on_a_list_and_looks_for_work() -> None:
    centre = Centre(DESK)
    waits = centre.arrives(SECOND)
    centre.step("agents.staff_up", 0, 5 * SECOND)
    agent = int(centre.state.registers[layout.PENDING_LOOK])
    assert centre.agent(agent, "STATE", "LISTED", "ON_SINCE") == (layout.ON, 1, 5 * SECOND)
    assert centre.state.pools[0, [layout.POOL_SIGNED, layout.POOL_IDLE, layout.POOL_OPEN]].tolist() == [1, 1, 1]
    centre.settle(5 * SECOND)
    assert centre.visit(waits, "AGENT", "LEFT") == (agent, 5 * SECOND)


def test_an_agent_who_signs_out_while_idle_goes_at_once() -> None:
    centre = Centre(DESK)
    agent = centre.comes_on()
    centre.step("agents.sign_out", agent, MINUTE)
    assert centre.agent(agent, "STATE", "LISTED") == (layout.OFF, 0)
    assert (layout.SIGNED, 0, MINUTE) in centre.spans()
    assert centre.state.pools[0, [layout.POOL_SIGNED, layout.POOL_IDLE, layout.POOL_OPEN]].tolist() == [0, 0, 0]


def test_an_agent_who_signs_out_while_talking_goes_when_the_contact_ends() -> None:
    centre = Centre(DESK)
    agent = centre.comes_on()
    centre.state.agents[agent, layout.AGENT_PLANNED_END] = 20 * SECOND
    i = centre.arrives(10 * SECOND)
    centre.step("agents.sign_out", agent, 20 * SECOND)
    assert centre.agent(agent, "STATE", "LEAVING") == (layout.ON, layout.LEAVES)
    end = 10 * SECOND + MINUTE
    assert centre.step("handling.end_talk", i, end)  # no wrap-up: the agent has done with it too
    centre.step("handling.finish", i, end)
    assert centre.agent(agent, "STATE", "HELD", "LISTED") == (layout.OFF, 0, 0)
    assert centre.spans()[:2] == [(layout.SIGNED, 0, end), (layout.OVERTIME, 20 * SECOND, end)]


def test_a_break_waits_for_the_contact_in_hand_and_is_taken_whole() -> None:
    centre = Centre(DESK)
    agent = centre.comes_on()
    i = centre.arrives(10 * SECOND)
    row = planned(centre, layout.BREAK, agent, value=5 * MINUTE, paid=1)
    assert not centre.step("agents.start_break", agent, 20 * SECOND, row)
    assert centre.agent(agent, "STATE", "LEAVING") == (layout.ON, layout.PAUSES)
    end = 10 * SECOND + MINUTE
    centre.step("handling.finish", i, end)
    assert centre.agent(agent, "STATE", "BREAK", "ON_SINCE") == (layout.ON_BREAK, end + 5 * MINUTE, end)
    assert (end + 5 * MINUTE, layout.END_BREAK, agent) in centre.events()
    centre.step("agents.end_break", agent, end + 5 * MINUTE)
    assert centre.agent(agent, "STATE", "LISTED") == (layout.ON, 1)
    assert (layout.PAID_BREAK, end, end + 5 * MINUTE) in centre.spans()


def test_the_end_of_a_break_that_was_made_longer_is_nothing() -> None:
    centre = Centre(DESK)
    agent = centre.comes_on()
    row = planned(centre, layout.BREAK, agent, value=5 * MINUTE)
    assert centre.step("agents.start_break", agent, MINUTE, row)
    assert centre.step("agents.start_break", agent, 2 * MINUTE, row)  # runs together with the first
    centre.step("agents.end_break", agent, 6 * MINUTE)
    assert centre.agent(agent, "STATE", "BREAK") == (layout.ON_BREAK, 11 * MINUTE)


def test_with_one_agent_less_the_one_who_has_been_idle_the_longest_goes() -> None:
    centre = Centre(DESK)
    first, second = centre.comes_on(now=1), centre.comes_on(now=2)
    centre.step("agents.staff_down", 0, MINUTE)
    assert (centre.agent(first, "STATE"), centre.agent(second, "STATE")) == ((layout.OFF,), (layout.ON,))


def test_with_one_agent_less_and_nobody_idle_whoever_finishes_first_goes() -> None:
    centre = Centre(DESK)
    first, second = centre.comes_on(now=1), centre.comes_on(now=2)
    taken, other = centre.arrives(3 * SECOND), centre.arrives(4 * SECOND)
    centre.step("agents.staff_down", 0, 5 * SECOND)
    assert centre.state.pools[0, layout.POOL_LEAVING] == 1
    centre.step("handling.finish", other, 30 * SECOND)
    assert centre.visit(taken, "AGENT") == (first,)
    assert (centre.agent(first, "STATE"), centre.agent(second, "STATE")) == ((layout.ON,), (layout.OFF,))
    assert centre.state.pools[0, layout.POOL_LEAVING] == 0


def test_one_agent_more_keeps_one_who_is_about_to_go() -> None:
    centre = Centre(CHAT)
    agent = centre.comes_on()
    centre.arrives(SECOND)
    centre.step("agents.staff_down", 0, 2 * SECOND)
    assert centre.agent(agent, "LEAVING", "LISTED") == (layout.LEAVES, 0)
    centre.step("agents.staff_up", 0, 3 * SECOND)
    assert centre.agent(agent, "LEAVING", "LISTED") == (0, 1)


@pytest.mark.parametrize("text", [DESK, CHAT], ids=["one contact each", "several contacts each"])
def test_one_agent_more_than_a_pool_has_is_nothing(text: str) -> None:
    centre = Centre(text)
    while centre.state.pools[0, layout.POOL_SIGNED] < centre.rules.pools.agents[0, 1]:
        centre.comes_on(now=1)
    before = [array.copy() for array in centre.state]
    centre.step("agents.staff_up", 0, MINUTE)
    assert all(np.array_equal(*pair) for pair in zip(centre.state, before, strict=True))


def test_two_contacts_in_hand_share_an_agents_attention() -> None:
    centre = Centre(CHAT)
    agent = centre.comes_on()
    first = centre.arrives(0)
    assert centre.visit(first, "END", "PPM") == (MINUTE, 1_000_000)
    assert centre.agent(agent, "LISTED", "USED") == (1, 1)
    second = centre.arrives(30 * SECOND)
    # half of the first is done; at half speed the rest takes a minute
    assert centre.visit(first, "END", "REST", "PPM") == (90 * SECOND, 30 * SECOND, 500_000)
    assert centre.visit(second, "END", "REST") == (150 * SECOND, MINUTE)
    assert centre.agent(agent, "LISTED", "HELD", "USED") == (0, 2, 2)
    centre.step("advance._end_phase", layout.END_TALK, first, 90 * SECOND)
    assert centre.visit(second, "END", "REST", "PPM") == (120 * SECOND, 30 * SECOND, 1_000_000)  # alone again


def test_who_is_faster_than_the_handle_time_alone_has_done_more_work_than_time_has_passed() -> None:
    centre = Centre(CHAT.replace("[1.0, 0.5]", "[2.0, 1.0]"))
    centre.comes_on()
    first = centre.arrives(0)
    assert centre.visit(first, "END", "PPM") == (30 * SECOND, 2_000_000)
    centre.arrives(10 * SECOND)  # 20 s of the first are done; 40 s are left, at the plain speed now
    assert centre.visit(first, "END", "REST", "PPM") == (50 * SECOND, 40 * SECOND, 1_000_000)


def test_the_end_that_shared_attention_has_moved_is_passed_over() -> None:
    centre = Centre(CHAT)
    centre.comes_on()
    first = centre.arrives(0)
    centre.arrives(30 * SECOND)
    assert centre.visit(first, "EVENTS") == (2,)
    centre.step("advance._end_phase", layout.END_TALK, first, MINUTE)  # where it was to end alone
    assert centre.visit(first, "PHASE", "EVENTS") == (layout.TALKING, 1)
    centre.step("advance._end_phase", layout.END_TALK, first, 90 * SECOND)
    assert centre.logged("TALKED", "OUTCOME") == [(90 * SECOND, outcomes.RESOLVED)]


def test_a_freed_agent_looks_first_where_somebody_waits() -> None:
    centre = Centre(DESK)
    agent = centre.comes_on()
    i, waits = centre.arrives(0), centre.arrives(SECOND)
    centre.step("handling.finish", i, MINUTE)
    assert centre.agent(agent, "LISTED") == (layout.LOOKING,)
    assert centre.state.registers[layout.PENDING_LOOK] == agent
    centre.settle(MINUTE)
    assert centre.visit(waits, "AGENT", "LEFT") == (agent, MINUTE)
    assert centre.state.registers[layout.PENDING_LOOK] == layout.NONE


def test_wrap_up_follows_talk_and_keeps_the_agent() -> None:
    centre = Centre(DESK.replace("{law: constant, value: 1m}", "{talk: {law: constant, value: 1m}, wrap_up: 50%}"))
    agent = centre.comes_on()
    i = centre.arrives(0)
    assert not centre.step("handling.end_talk", i, MINUTE)
    assert centre.visit(i, "PHASE", "TALKED", "END") == (layout.WRAPPING, MINUTE, 90 * SECOND)
    assert centre.agent(agent, "HELD", "LISTED") == (1, 0)
    assert (90 * SECOND, layout.END_WRAP, i) in centre.events()


def test_a_shift_signs_its_agent_in_with_the_planned_end() -> None:
    centre = Centre(SHIFTS)
    row = planned(centre, layout.SIGN_IN, 0, value=8 * 60 * MINUTE)
    centre.step("agents.sign_in", 0, MINUTE, row)
    assert centre.agent(0, "STATE", "PLANNED_END", "STARTED") == (layout.ON, 8 * 60 * MINUTE, MINUTE)


def test_who_is_away_all_day_does_not_sign_in() -> None:
    centre = Centre(SHIFTS)
    row = planned(centre, layout.SIGN_IN, 0, value=layout.NONE, paid=MINUTE)
    centre.step("agents.sign_in", 0, MINUTE, row)
    assert centre.agent(0, "STATE") == (layout.OFF,)
    assert centre.spans() == [(layout.ABSENT, MINUTE, 2 * MINUTE)]


def test_who_stays_has_their_old_place_on_the_list_and_those_behind_know_it() -> None:
    centre = Centre(THREE)
    first, second, third = (centre.comes_on(now=at * SECOND) for at in (1, 2, 3))
    lists = centre.state.agents, centre.state.pools, centre.state.listed, centre.rules.pools.capacity[0]
    free_lists.unlist_agent(*lists, second)
    free_lists.list_agent(*lists, second)
    assert [centre.agent(a, "PREV", "NEXT") for a in (first, second, third)] == [
        (layout.NONE, second), (first, third), (second, layout.NONE),
    ]  # fmt: skip
    free_lists.unlist_agent(*lists, third)
    assert centre.state.listed[0].tolist() == [first, second]
    assert centre.agent(second, "PREV", "NEXT") == (first, layout.NONE)


def test_a_shift_that_begins_while_a_break_is_waited_for_does_not_take_it_away() -> None:
    centre = Centre(SHIFTS)
    centre.step("agents.sign_in", 0, 0, planned(centre, layout.SIGN_IN, 0, value=30 * SECOND))
    centre.settle(0)
    i = centre.arrives(10 * SECOND)
    centre.step("agents.start_break", 0, 20 * SECOND, planned(centre, layout.BREAK, 0, value=5 * MINUTE))
    centre.step("agents.sign_in", 0, 30 * SECOND, planned(centre, layout.SIGN_IN, 0, value=60 * MINUTE))
    assert centre.agent(0, "LEAVING", "PLANNED_END", "LISTED") == (layout.PAUSES, 60 * MINUTE, 0)
    end = 10 * SECOND + MINUTE
    centre.step("handling.finish", i, end)
    assert centre.agent(0, "STATE", "BREAK") == (layout.ON_BREAK, end + 5 * MINUTE)


def test_the_row_of_a_visit_that_was_all_in_hand_says_how_long_the_agent_was_busy() -> None:
    centre = Centre(CHAT)
    agent = centre.comes_on()
    alone = centre.arrives(SECOND)
    centre.step("handling.finish", alone, MINUTE)
    assert centre.logged("LEFT", "WRAPPED", "BUSY") == [(SECOND, MINUTE, 1)]
    first, second = centre.arrives(2 * MINUTE), centre.arrives(3 * MINUTE)
    centre.step("handling.finish", first, 4 * MINUTE)  # the agent goes on with the other
    centre.step("handling.finish", second, 5 * MINUTE)
    assert centre.logged("BUSY")[1:] == [(0,), (0,)]
    assert centre.spans() == [(layout.IN_HAND, 2 * MINUTE, 5 * MINUTE)]
    outer, inner = centre.arrives(6 * MINUTE), centre.arrives(7 * MINUTE)
    centre.step("handling.finish", inner, 8 * MINUTE)
    centre.step("handling.finish", outer, 9 * MINUTE)  # in hand from the first to the last
    assert centre.logged("LEFT", "WRAPPED", "BUSY")[3:] == [(7 * MINUTE, 8 * MINUTE, 0), (6 * MINUTE, 9 * MINUTE, 1)]
    assert len(centre.spans()) == 1
    assert centre.agent(agent, "HELD", "BUSY") == (0, 7 * MINUTE - SECOND)


def test_in_a_pool_whose_agents_hold_one_contact_no_row_says_so() -> None:
    centre = Centre(DESK)
    centre.comes_on()
    centre.step("handling.finish", centre.arrives(SECOND), MINUTE)
    assert centre.logged("BUSY") == [(0,)]
    assert centre.spans() == []
