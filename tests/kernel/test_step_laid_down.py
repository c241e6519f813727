"""A contact that is laid down as its agent's shift ends, step by step."""

from __future__ import annotations

from ccsim.kernel import layout
from ccsim.records import outcomes
from tests.kernel.small_centre import MINUTE, Centre

CASES = """
demand: {cases: {per_hour: 1, channel: case}}
handle_time: 10m
channels: {case: {kind: deferred, interruptible: yes}}
pools: {desk: {staffing: 2}}
"""


def in_line(centre: Centre) -> list[int]:
    found, i = [], int(centre.state.lines[0, layout.LINE_HEAD])
    while i >= 0:
        found.append(i)
        i = int(centre.state.slots[i, layout.VISIT_NEXT])
    return found


def test_what_is_laid_down_stands_before_those_who_came_later_with_what_is_left() -> None:
    centre = Centre(CASES)
    one, two = centre.comes_on(), centre.comes_on()
    first, second, third = (centre.arrives(at * MINUTE) for at in (1, 2, 3))
    centre.step("laid_down.lay_down", two, 5 * MINUTE)
    centre.step("laid_down.lay_down", one, 6 * MINUTE)
    assert in_line(centre) == [first, second, third]
    assert [int(centre.state.laid[i, layout.LAID_REST]) for i in (first, second)] == [5 * MINUTE, 7 * MINUTE]
    assert centre.agent(one, "HELD", "USED", "SINCE", "BUSY") == (0, 0, 6 * MINUTE, 5 * MINUTE)
    assert centre.visit(first, "PHASE", "LEAVES", "LEFT") == (layout.WAITING, layout.FAR, MINUTE)
    assert centre.logged("OUTCOME", "AGENT", "LEFT", "WRAPPED") == [
        (layout.PART_HELD, two, 2 * MINUTE, 5 * MINUTE),
        (layout.PART_HELD, one, MINUTE, 6 * MINUTE),
    ]


def test_who_takes_it_up_does_what_is_left() -> None:
    centre = Centre(CASES)
    agent = centre.comes_on()
    i = centre.arrives(MINUTE)
    centre.step("laid_down.lay_down", agent, 4 * MINUTE)
    centre.settle(4 * MINUTE)  # nobody else is there
    other = centre.comes_on(now=20 * MINUTE)
    assert centre.visit(i, "PHASE", "AGENT", "LEFT", "END") == (layout.TALKING, other, MINUTE, 27 * MINUTE)
    assert int(centre.state.laid[i, layout.LAID_TALK]) == 16 * MINUTE
    # the event of the first end is stale, that of the new one ends it
    centre.step("advance._end_phase", layout.END_TALK, i, 11 * MINUTE)
    assert centre.visit(i, "PHASE") == (layout.TALKING,)
    centre.step("advance._end_phase", layout.END_TALK, i, 27 * MINUTE)
    assert centre.logged("OUTCOME", "JOINED", "LEFT", "TALKED", "WRAPPED", "AGENT", "WAITED") == [
        (layout.PART_HELD, MINUTE, MINUTE, 0, 4 * MINUTE, agent, 0),
        (layout.PART_WAITED, 4 * MINUTE, 20 * MINUTE, 0, 20 * MINUTE, layout.NONE, 0),
        (outcomes.RESOLVED, MINUTE, MINUTE, 27 * MINUTE, 27 * MINUTE, other, 0),
        (layout.PART_WHOLE, MINUTE, MINUTE, 16 * MINUTE, 20 * MINUTE, other, 0),
    ]


def test_where_staffing_falls_one_lays_down_and_goes() -> None:
    centre = Centre(CASES)
    agents = centre.comes_on(), centre.comes_on()
    first = centre.arrives(MINUTE)
    assert not centre.step("laid_down.one_goes", 0, 2 * MINUTE)  # one idles: that one goes as ever
    centre.arrives(2 * MINUTE)
    assert centre.step("laid_down.one_goes", 0, 3 * MINUTE)
    assert centre.agent(agents[0], "STATE") == (layout.OFF,)
    assert in_line(centre) == [first]


def test_other_work_is_not_laid_down() -> None:
    centre = Centre(CASES.replace(", interruptible: yes", ""))
    agent = centre.comes_on()
    i = centre.arrives(MINUTE)
    centre.step("laid_down.lay_down", agent, 2 * MINUTE)
    assert centre.visit(i, "PHASE") == (layout.TALKING,)
    assert not centre.rules.pools.lays_down.any()
    assert centre.state.laid.shape[0] == 1
