"""A contact on its way to an agent, step by step: found, waiting, leaving, turned away, offered further."""

from __future__ import annotations

from ccsim.draws.law_codes import LONGEST
from ccsim.kernel import layout
from ccsim.records import outcomes
from tests.kernel.small_centre import MINUTE, PHONE, SECOND, Centre

DESK = PHONE + "pools: {desk: {staffing: 2}}\n"
OVERFLOW = """
demand: {calls: {per_minute: 1}}
handle_time: {law: constant, value: 1m}
workflows: {calls: {pools: [near], overflow: [{after: 20s, pools: [far]}, {after: 50s, pools: [last]}]}}
pools: {near: {staffing: 1}, far: {staffing: 1}, last: {staffing: 1}}
"""


def test_a_contact_that_arrives_finds_the_agent_who_has_been_idle_the_longest() -> None:
    centre = Centre(DESK)
    agents = centre.comes_on(now=5), centre.comes_on(now=7)
    first, second = centre.arrives(10 * SECOND), centre.arrives(11 * SECOND)
    assert centre.visit(first, "PHASE", "AGENT", "LEFT", "WAITED") == (layout.TALKING, agents[0], 10 * SECOND, 0)
    assert centre.visit(second, "PHASE", "AGENT", "LEFT", "WAITED") == (layout.TALKING, agents[1], 11 * SECOND, 0)
    assert centre.events()[0] == (10 * SECOND + MINUTE, layout.END_TALK, first)
    assert centre.agent(agents[0], "HELD", "LISTED") == (1, 0)


def test_a_contact_that_finds_nobody_waits_at_the_end_of_its_line() -> None:
    centre = Centre(DESK)
    first, second = centre.arrives(SECOND), centre.arrives(2 * SECOND)
    assert centre.visit(second, "PHASE", "WAITED", "PREV", "LEAVES") == (layout.WAITING, 1, first, layout.FAR)
    line = centre.state.lines[0]
    assert line[[layout.LINE_HEAD, layout.LINE_TAIL, layout.LINE_COUNT]].tolist() == [first, second, 2]
    assert centre.state.registers[layout.REGISTER_WAITING] == 2
    assert centre.events() == []  # nobody leaves, so nothing need happen


def test_patience_that_ends_loses_a_waiting_visit_at_its_instant() -> None:
    centre = Centre(DESK + "patience: {law: constant, value: 30s}\n")
    i = centre.arrives(SECOND)
    assert centre.visit(i, "LEAVES") == (31 * SECOND,)
    centre.step("advance._settle_pending", i, 31 * SECOND)
    assert centre.logged("LEFT", "TALKED", "OUTCOME", "AGENT") == [
        (31 * SECOND,) * 2 + (outcomes.ABANDONED, layout.NONE)
    ]
    assert centre.state.lines[0, layout.LINE_COUNT] == 0
    assert centre.visit(i, "PHASE") == (layout.FREE,)


def test_the_longest_wait_ends_before_patience_and_moves_the_visit_on() -> None:
    centre = Centre(DESK + "patience: {law: constant, value: 30s}\nchannels: {phone: {max_wait: 20s}}\n")
    i = centre.arrives(SECOND)
    assert centre.visit(i, "LEAVES", "MOVES_ON") == (21 * SECOND, 1)


def test_the_end_of_patience_is_nothing_to_a_visit_that_is_talking() -> None:
    centre = Centre(DESK)
    centre.comes_on()
    i = centre.arrives(SECOND)
    centre.state.slots[i, layout.VISIT_EVENTS] += 1  # the event that is taken here
    assert centre.step("advance._take_rare_event", layout.PATIENCE, i, 5 * SECOND) == layout.NONE
    assert centre.visit(i, "PHASE", "EVENTS") == (layout.TALKING, 1)


def test_an_agent_who_looks_is_told_of_a_visit_that_has_left_before_any_other() -> None:
    centre = Centre(DESK + "patience: {law: constant, value: 30s}\n")
    gone, waits = centre.arrives(SECOND), centre.arrives(20 * SECOND)
    centre.step("agents.staff_up", 0, 40 * SECOND)
    agent = int(centre.state.registers[layout.PENDING_LOOK])
    assert centre.step("routing.find_contact", agent, 40 * SECOND) == (layout.NONE, gone)
    centre.settle(40 * SECOND)
    assert centre.logged("LEFT", "OUTCOME") == [(31 * SECOND, outcomes.ABANDONED)]
    assert centre.visit(waits, "PHASE", "LEFT", "AGENT") == (layout.TALKING, 40 * SECOND, agent)


def test_an_overflow_step_opens_offers_the_visit_and_names_the_next_one() -> None:
    centre = Centre(OVERFLOW)
    i = centre.arrives(SECOND)
    assert centre.events() == [(21 * SECOND, layout.OVERFLOW, i)]
    centre.step("contacts.open_overflow", i)
    assert centre.visit(i, "OVERFLOW") == (1,)
    assert centre.state.lines[0, layout.LINE_OVERFLOW] == 1
    assert (51 * SECOND, layout.OVERFLOW, i) in centre.events()
    assert centre.state.registers[layout.PENDING_OFFER] == i


def test_an_agent_of_a_later_step_is_found_only_once_it_is_open() -> None:
    centre = Centre(OVERFLOW)
    far = centre.comes_on(pool=[name for _, name, *_ in centre.model.names["pools"]].index("far"))
    i = centre.arrives(SECOND)
    assert centre.step("routing.find_agent", i, 2 * SECOND) == layout.NONE
    centre.step("contacts.open_overflow", i)
    centre.settle(21 * SECOND)
    assert centre.visit(i, "PHASE", "AGENT", "LEFT") == (layout.TALKING, far, 21 * SECOND)


def test_a_closed_group_turns_a_visit_away_and_a_full_one_blocks_it() -> None:
    centre = Centre(DESK + "queue_groups: {main: {channels: [phone], lines: 1}}\n")
    waits = centre.arrives(SECOND)
    centre.arrives(2 * SECOND)
    assert centre.visit(waits, "PHASE") == (layout.WAITING,)
    centre.state.groups[0, layout.GROUP_OPEN] = 0
    centre.arrives(3 * SECOND)
    assert centre.logged("OUTCOME", "LEFT") == [(outcomes.BLOCKED, 2 * SECOND), (outcomes.CLOSED, 3 * SECOND)]
    assert centre.state.groups[0, [layout.GROUP_SYSTEM, layout.GROUP_WAITING]].tolist() == [1, 1]


def test_a_group_counts_those_who_wait_and_talk_until_they_leave() -> None:
    centre = Centre(DESK + "queue_groups: {main: {channels: [phone], lines: 9}}\n")
    counted = centre.state.groups[0, : layout.GROUP_OPEN]
    assert (layout.GROUP_SYSTEM, layout.GROUP_WAITING) == (0, 1)
    waits, leaves = centre.arrives(SECOND), centre.arrives(2 * SECOND)
    assert counted.tolist() == [2, 2]
    centre.step("contacts.lose", leaves, outcomes.ABANDONED, 3 * SECOND)
    assert counted.tolist() == [1, 1]
    centre.comes_on(now=4 * SECOND)
    assert counted.tolist() == [1, 0]
    centre.step("handling.end_talk", waits, 4 * SECOND + MINUTE)
    assert counted.tolist() == [0, 0]


def test_each_overflow_step_opens_at_its_own_time() -> None:
    centre = Centre(OVERFLOW)
    i = centre.arrives(SECOND)
    assert [centre.step("contacts.opens_now", i, at * SECOND) for at in (20, 21, 51)] == [False, True, False]
    centre.step("contacts.open_overflow", i)
    assert [centre.step("contacts.opens_now", i, at * SECOND) for at in (21, 50, 51)] == [False, False, True]


def test_a_step_that_opens_to_a_visit_behind_the_head_says_nothing_of_the_line() -> None:
    centre = Centre(OVERFLOW)
    gone, head = centre.arrives(SECOND), centre.arrives(2 * SECOND)
    centre.state.slots[gone, layout.VISIT_EVENTS] = 0  # as if its step had opened: the slot is free as it leaves
    centre.step("contacts.lose", gone, outcomes.ABANDONED, 3 * SECOND)
    later = centre.arrives(4 * SECOND)  # in a slot before that of the head
    assert later < head == centre.state.lines[0, layout.LINE_HEAD]
    centre.step("contacts.open_overflow", later)
    assert centre.visit(later, "OVERFLOW") == (1,)
    assert centre.state.lines[0, layout.LINE_OVERFLOW] == 0
    centre.step("contacts.open_overflow", head)
    assert centre.state.lines[0, layout.LINE_OVERFLOW] == 1


def test_the_community_is_asked_about_the_first_visit_of_every_contact_also_of_a_return() -> None:
    centre = Centre(DESK + "channels: {phone: {peers: 100%}}\n")
    i = centre.arrives(SECOND)
    assert centre.logged("OUTCOME") == [(outcomes.BY_PEERS,)]
    for place, asked in ((0, True), (1 << 16, True), (1, False), (1 << 16 | 1, False)):
        centre.state.slots[i, layout.VISIT_PLACE] = place
        assert (centre.step("contacts.enter", i, 2 * SECOND) == outcomes.BY_PEERS) is asked, place


def test_the_longest_patience_never_ends() -> None:
    centre = Centre(DESK)
    i = centre.arrives(SECOND)
    assert centre.step("contacts.leaves_at", i, MINUTE, 30 * SECOND) == 90 * SECOND
    for patience in (LONGEST - MINUTE, LONGEST, layout.FAR):
        assert centre.step("contacts.leaves_at", i, MINUTE, patience) == layout.FAR
    assert centre.step("contacts.leaves_at", i, MINUTE, LONGEST - MINUTE - 1) == LONGEST - 1
