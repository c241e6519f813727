"""Breaks at random, step by step: due, waiting for the contact in hand or for an idle moment, given up."""

from __future__ import annotations

import pytest

from ccsim.kernel import handling, layout
from tests.kernel.small_centre import MINUTE, PHONE, SECOND, Centre

DUE, LONG = 10 * MINUTE, 3 * MINUTE


def desk(when: str = "idle", staffing: int = 1, paid: str = "yes", channel: str = "") -> Centre:
    """Agents whose breaks are due ten minutes after they came on the line and last three."""
    breaks = f"{{every: {{value: 10m}}, length: 3m, when: {when}, paid: {paid}}}"
    demand = PHONE.replace("per_minute: 1", f"per_minute: 1{channel and ', channel: chat'}") + channel
    return Centre(f"{demand}pools: {{desk: {{staffing: {staffing}, breaks: {breaks}}}}}\n")


CHAT = "channels: {chat: {concurrency: 2}}\n"


def due(centre: Centre, agent: int, now: int) -> None:
    """The event that a break is due."""
    assert centre.step("advance._take_rare_event", layout.BREAK_DUE, agent, now) == layout.NONE
    centre.settle(now)


def test_who_signs_in_has_a_break_to_come() -> None:
    centre = desk()
    agent = centre.comes_on(now=MINUTE)
    assert centre.agent(agent, "NEXT_BREAK", "AT_RANDOM", "BREAK") == (MINUTE + DUE, 0, 0)
    assert centre.events() == [(MINUTE + DUE, layout.BREAK_DUE, agent)]


def test_in_a_pool_without_breaks_nobody_has_one_to_come() -> None:
    centre = Centre(PHONE + "pools: {desk: {staffing: 1}}\n")
    agent = centre.comes_on()
    assert centre.agent(agent, "NEXT_BREAK") == (layout.FAR,)
    assert centre.events() == []
    assert centre.rules.pools.breaks.tolist() == [[layout.NONE] * layout.BREAKS_WIDTH]


@pytest.mark.parametrize("when", ["idle", "after_contact"])
@pytest.mark.parametrize(("paid", "span"), [("yes", layout.PAID_BREAK), ("no", layout.UNPAID_BREAK)])
def test_an_idle_agent_takes_it_at_once_and_has_another_to_come(when: str, paid: str, span: int) -> None:
    centre = desk(when, paid=paid)
    agent = centre.comes_on()
    due(centre, agent, DUE)
    assert centre.agent(agent, "STATE", "LISTED", "BREAK", "NEXT_BREAK") == (
        layout.ON_BREAK,
        0,
        DUE + LONG,
        layout.FAR,
    )
    assert centre.state.pools[0, [layout.POOL_SIGNED, layout.POOL_IDLE]].tolist() == [1, 0]
    centre.step("agents.end_break", agent, DUE + LONG)
    centre.settle(DUE + LONG)
    assert centre.agent(agent, "STATE", "LISTED", "NEXT_BREAK") == (layout.ON, 1, 2 * DUE + LONG)
    assert centre.agent(agent, "BREAK", "AT_RANDOM") == (0, 0)
    assert centre.spans() == [(layout.SIGNED, 0, DUE), (span, DUE, DUE + LONG)]


def test_a_break_when_idle_waits_until_nobody_waits() -> None:
    centre = desk()
    agent = centre.comes_on()
    first, second = centre.arrives(DUE - SECOND), centre.arrives(DUE)
    due(centre, agent, DUE)
    assert centre.agent(agent, "STATE", "LEAVING", "BREAK") == (layout.ON, 0, LONG)
    end = DUE - SECOND + MINUTE
    centre.step("handling.finish", first, end)
    centre.settle(end)
    assert centre.visit(second, "AGENT", "LEFT") == (agent, end)
    centre.step("handling.finish", second, end + MINUTE)
    centre.settle(end + MINUTE)
    assert centre.agent(agent, "STATE", "BREAK") == (layout.ON_BREAK, end + MINUTE + LONG)


def test_a_break_after_contact_waits_for_nobody() -> None:
    centre = desk("after_contact")
    agent = centre.comes_on()
    first, second = centre.arrives(DUE - SECOND), centre.arrives(DUE)
    due(centre, agent, DUE)
    assert centre.agent(agent, "STATE", "LEAVING", "BREAK") == (layout.ON, layout.PAUSES, LONG)
    centre.step("handling.finish", first, DUE + MINUTE)
    centre.settle(DUE + MINUTE)
    assert centre.agent(agent, "STATE") == (layout.ON_BREAK,)
    assert centre.visit(second, "PHASE") == (layout.WAITING,)


@pytest.mark.parametrize(("when", "takes"), [("idle", True), ("after_contact", False)])
def test_who_has_a_chat_in_hand_takes_another_only_where_the_break_waits_for_an_idle_moment(
    when: str, takes: bool
) -> None:
    centre = desk(when, channel=CHAT)
    agent = centre.comes_on()
    first = centre.arrives(DUE - SECOND)
    due(centre, agent, DUE)
    second = centre.arrives(DUE + SECOND)
    assert centre.visit(second, "PHASE") == (layout.TALKING if takes else layout.WAITING,)
    end = DUE - SECOND + MINUTE
    centre.step("handling.finish", first, end)
    centre.settle(end)
    assert centre.agent(agent, "STATE") == (layout.ON if takes else layout.ON_BREAK,)


def test_a_contact_about_to_join_goes_before_the_break() -> None:
    """One that is escalated as its agent finishes: the agent is free for it."""
    centre = desk()
    agent = centre.comes_on()
    i = centre.arrives(DUE - SECOND)
    due(centre, agent, DUE)
    end = DUE - SECOND + MINUTE
    handling._send_on(centre.rules, centre.state, i, 0, 0)
    joins = int(centre.state.registers[layout.PENDING_JOIN])
    centre.step("handling.finish", i, end)
    centre.settle(end)
    assert centre.visit(joins, "PHASE", "AGENT", "LEFT", "WAITED") == (layout.TALKING, agent, end, 0)
    centre.step("handling.finish", joins, end + MINUTE)
    centre.settle(end + MINUTE)
    assert centre.agent(agent, "STATE") == (layout.ON_BREAK,)


def test_who_has_gone_home_or_come_back_since_takes_none() -> None:
    centre = desk()
    agent = centre.comes_on()
    centre.step("agents.sign_out", agent, MINUTE)
    due(centre, agent, DUE)
    assert centre.agent(agent, "STATE") == (layout.OFF,)
    centre.comes_on(now=DUE + 1)
    due(centre, agent, DUE + 2)
    assert centre.agent(agent, "STATE", "NEXT_BREAK") == (layout.ON, 2 * DUE + 1)


@pytest.mark.parametrize("when", ["idle", "after_contact"])
def test_planned_time_away_comes_in_place_of_a_break_that_is_due(when: str) -> None:
    centre = desk(when)
    agent = centre.comes_on()
    i = centre.arrives(DUE - SECOND)
    due(centre, agent, DUE)
    centre.state.plan[0] = 0, layout.BREAK, agent, 15 * MINUTE, 1, 2
    assert not centre.step("agents.start_break", agent, DUE + SECOND, 0)
    assert centre.agent(agent, "LEAVING", "BREAK", "AT_RANDOM", "CAUSE") == (layout.PAUSES, 15 * MINUTE, 0, 2)
    centre.step("handling.finish", i, DUE + MINUTE)
    centre.settle(DUE + MINUTE)
    assert centre.agent(agent, "STATE", "BREAK") == (layout.ON_BREAK, DUE + 16 * MINUTE)


def test_a_break_that_is_due_while_planned_time_away_waits_is_dropped() -> None:
    centre = desk()
    agent = centre.comes_on()
    centre.arrives(DUE - SECOND)
    centre.state.plan[0] = 0, layout.BREAK, agent, 15 * MINUTE, 1, 2
    centre.step("agents.start_break", agent, DUE - 1, 0)
    due(centre, agent, DUE)
    assert centre.agent(agent, "BREAK", "AT_RANDOM", "NEXT_BREAK") == (15 * MINUTE, 0, layout.FAR)


def test_a_break_gives_way_to_planned_time_away() -> None:
    centre = desk()
    agent = centre.comes_on()
    due(centre, agent, DUE)
    centre.state.plan[0] = 0, layout.BREAK, agent, 15 * MINUTE, 1, 2
    assert centre.step("agents.start_break", agent, DUE + MINUTE, 0)
    assert centre.agent(agent, "STATE", "BREAK", "AT_RANDOM") == (layout.ON_BREAK, DUE + 16 * MINUTE, 0)
    assert centre.spans()[-1] == (layout.PAID_BREAK, DUE, DUE + MINUTE)
    centre.step("agents.end_break", agent, DUE + LONG)  # the end of the one that gave way
    assert centre.agent(agent, "STATE") == (layout.ON_BREAK,)


def test_where_staffing_falls_one_on_a_break_goes_before_one_who_talks() -> None:
    centre = desk(staffing=3)
    talks, rests, idles = (centre.comes_on(now=at) for at in (1, 2, 3))
    centre.arrives(4)
    due(centre, rests, 2 + DUE)
    centre.step("agents.staff_down", 0, 3 + DUE)
    assert [centre.agent(a, "STATE")[0] for a in (talks, rests, idles)] == [layout.ON, layout.ON_BREAK, layout.OFF]
    centre.step("agents.staff_down", 0, 4 + DUE)
    assert [centre.agent(a, "STATE")[0] for a in (talks, rests)] == [layout.ON, layout.OFF]
    assert centre.spans()[-2:] == [(layout.PAID_BREAK, 2 + DUE, 4 + DUE), (layout.STAY, 2, 4 + DUE)]
    assert centre.state.pools[0, layout.POOL_LEAVING] == 0


def test_who_is_to_go_as_staffing_falls_goes_home_and_on_no_break() -> None:
    centre = desk("after_contact")
    agent = centre.comes_on()
    i = centre.arrives(DUE - SECOND)
    due(centre, agent, DUE)
    centre.step("agents.staff_down", 0, DUE + SECOND)
    assert centre.state.pools[0, layout.POOL_LEAVING] == 1
    centre.step("handling.finish", i, DUE + MINUTE)
    assert centre.agent(agent, "STATE") == (layout.OFF,)
    assert centre.state.pools[0, layout.POOL_LEAVING] == 0


@pytest.mark.parametrize("when", ["idle", "after_contact"])
@pytest.mark.parametrize("before", [True, False])
def test_who_was_to_go_and_stays_takes_the_break_that_fell_due(when: str, before: bool) -> None:
    centre = desk(when, channel=CHAT)
    agent = centre.comes_on()
    first = centre.arrives(DUE - SECOND)
    if before:
        due(centre, agent, DUE)
    centre.step("agents.staff_down", 0, DUE)
    assert centre.agent(agent, "LEAVING", "LISTED") == (layout.LEAVES, 0)
    if not before:
        due(centre, agent, DUE)
    assert centre.agent(agent, "LEAVING", "BREAK") == (layout.LEAVES, LONG)
    centre.step("agents.staff_up", 0, DUE + SECOND)
    centre.settle(DUE + SECOND)
    idle = when == "idle"
    assert centre.agent(agent, "LEAVING", "LISTED", "BREAK") == (0 if idle else layout.PAUSES, int(idle), LONG)
    centre.step("handling.finish", first, DUE + MINUTE)
    centre.settle(DUE + MINUTE)
    assert centre.agent(agent, "STATE", "BREAK") == (layout.ON_BREAK, DUE + MINUTE + LONG)


def test_one_agent_more_keeps_nobody_from_a_break() -> None:
    centre = desk("after_contact", staffing=2, channel=CHAT)
    agent = centre.comes_on()
    centre.arrives(DUE - SECOND)
    due(centre, agent, DUE)
    centre.step("agents.staff_up", 0, DUE + SECOND)
    assert centre.agent(agent, "LEAVING", "LISTED") == (layout.PAUSES, 0)
    assert centre.state.pools[0, layout.POOL_SIGNED] == 2


CASES = "channels: {chat: {kind: deferred, interruptible: yes}}\n"


def test_where_staffing_falls_one_on_a_break_goes_before_a_case_is_laid_down() -> None:
    centre = desk(staffing=2, channel=CASES)
    agent, rests = centre.comes_on(), centre.comes_on()
    i = centre.arrives(1)
    due(centre, rests, DUE)
    assert not centre.step("laid_down.one_goes", 0, DUE + SECOND)
    centre.step("agents.staff_down", 0, DUE + SECOND)
    assert (centre.agent(agent, "STATE"), centre.agent(rests, "STATE")) == ((layout.ON,), (layout.OFF,))
    assert centre.visit(i, "PHASE") == (layout.TALKING,)


def test_who_waits_for_the_end_of_a_case_to_take_a_break_lays_it_down_and_goes() -> None:
    centre = desk("after_contact", channel=CASES)
    agent = centre.comes_on()
    i = centre.arrives(DUE - SECOND)
    due(centre, agent, DUE)
    assert centre.step("laid_down.one_goes", 0, DUE + SECOND)
    assert (centre.agent(agent, "STATE"), centre.visit(i, "PHASE")) == ((layout.OFF,), (layout.WAITING,))


def test_a_planned_break_that_the_end_of_a_shift_has_overtaken_is_not_owed_by_who_stays() -> None:
    centre = desk(channel=CHAT)
    agent = centre.comes_on()
    i = centre.arrives(SECOND)
    centre.state.plan[0] = 0, layout.BREAK, agent, 15 * MINUTE, 1, 0
    centre.step("agents.start_break", agent, 2 * SECOND, 0)
    centre.step("agents.sign_out", agent, 3 * SECOND)
    centre.state.plan[0] = 0, layout.SIGN_IN, agent, MINUTE, 0, 0
    centre.step("agents.sign_in", agent, 4 * SECOND, 0)
    assert centre.agent(agent, "LEAVING", "BREAK", "LISTED") == (0, 0, 1)
    centre.step("handling.finish", i, 5 * SECOND)
    centre.settle(5 * SECOND)
    assert centre.agent(agent, "STATE") == (layout.ON,)


def test_a_break_of_no_length_is_one_of_a_microsecond() -> None:
    """So that whoever comes back from it has gone."""
    breaks = "{every: {value: 10m}, length: {values: [0s, 0s, 3us]}}"
    centre = Centre(f"{PHONE}pools: {{desk: {{staffing: 9, breaks: {breaks}}}}}\n")
    lengths = []
    for _ in range(9):
        agent = centre.comes_on()
        due(centre, agent, DUE)
        lengths.append(centre.agent(agent, "BREAK")[0] - DUE)
    assert set(lengths) == {1, 3}


def test_what_an_agent_draws_goes_by_date_and_number() -> None:
    day = 24 * 60 * MINUTE
    centre = Centre(PHONE + "pools: {desk: {staffing: 2, breaks: {every: {mean: 1h}, length: {mean: 5m}}}}\n")

    def drawn(agent: int, now: int) -> tuple[int, int]:
        centre.step("agents.await_break", agent, now)
        return centre.agent(agent, "NEXT_BREAK")[0] - now, int(centre.step("draw.length_of_break", agent))

    first = [drawn(0, at) for at in (MINUTE, 2 * MINUTE, day, day + MINUTE)]
    assert len({time for pair in first for time in pair}) == 8
    assert all(abs(12 * length / time - 1) > 0.01 for time, length in first)  # not by one uniform
    assert [drawn(1, at) for at in (MINUTE, 2 * MINUTE)] != first[:2]
    centre.state.agents[0, layout.AGENT_DRAWN] = -layout.FAR
    # the second day begins anew, however many were drawn on the first, and whenever
    assert [drawn(0, at) for at in (7 * MINUTE, day + 9 * MINUTE, day + 10 * MINUTE)] == [first[0], *first[2:]]
