"""Stories of pools that are reserved for a segment: who serves whom, how it is told, and what is refused."""

from __future__ import annotations

import pytest

from ccsim.commands.explain_route import route_lines
from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.load import read_text
from tests.support.stories import script, tell

TWO = """\
segments: {premium: {}, basic: {}}
workflows: {calls: {}}
demand:
  gold: {workflow: calls, segment: premium, trace: gold.csv}
  rest: {workflow: calls, segment: basic, trace: rest.csv}
pools: {open: {staffing: 1}, vip: {staffing: 1, segments: premium}}
"""


def test_a_reserved_pool_serves_its_segment_alone() -> None:
    story = tell(TWO, gold="time talk | 10 60 | 11 60", rest="time talk | 0 60 | 1 60 | 2 60")
    # vip is free all the while that three basic callers wait for one agent; both premium callers go to vip, the
    # second once the first has ended: the open pool has older callers
    assert story.lives("left pool", "gold") == [(10, "vip"), (70, "vip")]
    assert story.lives("left pool", "rest") == [(0, "open"), (60, "open"), (120, "open")]


def test_a_reserved_pool_does_not_hold_a_contact_back() -> None:
    """Held back is who waits for residency or certification: not having the segment is like not having the skill."""
    story = tell(TWO, gold="time talk | 900 60", rest="time talk | 0 60 | 1 60")
    assert story.lives("waited", "rest") == [(0,), (1,)]


def test_pools_of_several_segments_and_of_the_rest() -> None:
    text = TWO.replace("segments: premium}", "segments: [premium, basic]}")
    story = tell(text, gold="time talk | 10 60", rest="time talk | 0 60 | 1 60")
    assert story.lives("left pool", "rest") == [(0, "open"), (1, "vip")]
    assert story.lives("left pool", "gold") == [(60, "open")]


def test_what_nobody_serves_is_refused() -> None:
    text = TWO.replace("open: {staffing: 1}, ", "")
    with pytest.raises(ScenarioError) as caught:
        script(text, gold="time talk | 0 60", rest="time talk | 0 60")
    (fault,) = caught.value.faults
    assert fault.key == "demand.rest"
    assert fault.message == (
        "no pool can serve it: none takes workflow calls at tier t1 on channel phone for segment basic "
        "(others are reserved for premium)"
    )


RATES = """
scenario: reserved
horizon: {start: 2026-03-02, length: 1d}
segments: {premium: {}}
demand: {calls: {per_hour: 6, segments: {premium: 20%, all: 80%}}}
handle_time: 4m
pools: {open: {staffing: 10}, vip: {staffing: 2, segments: premium}}
"""


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    return [f"{fault.key}: {fault.message}" for fault in caught.value.faults]


def test_an_unknown_segment_and_a_pool_without_contacts_are_refused() -> None:
    assert faults(RATES.replace("segments: premium}", "segments: premum}"))[0].startswith(
        "pools.vip.segments: there is no segment 'premum'; did you mean 'premium'?"
    )
    assert faults(RATES.replace("{premium: 20%, all: 80%}", "{all: 100%}")) == [
        "pools.vip: no contacts are routed to this pool: no stream has its workflows, tiers, channels, languages, "
        "segments and severities"
    ]


def test_the_cover_of_a_segment_is_that_of_its_own_pools() -> None:
    """Basic callers have nobody at night although the premium agents are there."""
    text = RATES.replace("open: {staffing: 10}", "open: {staffing: [[00:00, 0], [08:00, 10], [20:00, 0]]}")
    told = [remark.message for remark in read_text(text).remarks if "nobody is on the line" in remark.message]
    assert len(told) == 1
    assert "calls.all" in told[0]
    assert not any("nobody is on the line" in remark.message for remark in read_text(RATES).remarks)


def test_explain_route_tells_who_is_reserved() -> None:
    scenario = loads(RATES)
    premium, rest = (route_lines(scenario, f"calls.{name}") for name in ("premium", "all"))
    assert [line.split()[1] for line in premium if line.startswith("    1.")] == ["open", "vip"]
    assert [line.split()[1] for line in rest if line.startswith("    1.")] == ["open"]
    assert "  reserved  vip; serves only premium" in premium
    assert "  reserved  vip; serves only premium" in rest
