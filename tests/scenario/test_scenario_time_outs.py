"""Queue time-outs that lead to another queue, as they are written, explained and refused."""

from __future__ import annotations

import pytest

from ccsim.commands.explain_route import route_lines
from ccsim.errors import ScenarioError
from ccsim.language.time_outs import TimeOut, WaitsOn
from ccsim.scenario import loads
from ccsim.units import MINUTE

BODY = """
scenario: time-outs
horizon: {start: 2026-01-05, length: 1d}
patience: 3m
handle_time: 4m
CHANNELS
workflows:
  calls: {tiers: {t1: {escalated: 5%}, t2: {}}CALLS}
  other: {aht: 3mOTHER}
demand: {calls: {per_day: 100}, other: {per_day: 50}}
pools: {desk: {tier: [t1, t2], skills: {calls: {}, other: {}}, staffing: 3}}
"""


def body(channels: str = "", calls: str = "", other: str = "") -> str:
    text = BODY.replace("CHANNELS", f"channels: {{{channels}}}" if channels else "")
    return text.replace("CALLS", calls and f", max_wait: {calls}").replace("OTHER", other and f", max_wait: {other}")


def faults(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as found:
        loads(text)
    return [str(fault) for fault in found.value.faults]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("5m", TimeOut(after=5 * MINUTE)),
        ("{after: 5m}", TimeOut(after=5 * MINUTE)),
        ("{after: 5m, then: disconnect}", TimeOut(after=5 * MINUTE)),
        ("{after: 5m, then: {tier: t2}}", TimeOut(after=5 * MINUTE, then=WaitsOn(tier="t2"))),
        (
            "{after: 5m, then: {workflow: other}, wait: goes_on}",
            TimeOut(after=5 * MINUTE, then=WaitsOn(workflow="other"), wait="goes_on"),
        ),
    ],
)
def test_ways_to_say_it(said: str, meant: TimeOut) -> None:
    assert loads(body(calls=said)).workflows["calls"].max_wait == meant


def test_a_workflow_that_only_time_outs_lead_to_has_goals() -> None:
    def asked(calls: str) -> str:
        goals = "goals: [{kpi: abandonment, workflow: other, at_most: 5%}]\n"
        return body(calls=calls).replace(", other: {per_day: 50}}", "}") + goals

    assert loads(asked("{after: 5m, then: {workflow: other}}")).goals[0].workflow == "other"
    assert any("no stream has this workflow" in one for one in faults(asked("5m")))


WRONG = {
    "no such tier": (body("phone: {max_wait: {after: 5m, then: {tier: t2}}}"), "other has no tier t2; known: t1"),
    "first tier": (body(calls="{after: 5m, then: {tier: t1}}"), "t1 is the first tier of calls"),
    "misspelt": (body(calls="{after: 5m, then: {workflow: othr}}"), "did you mean 'other'"),
    "itself": (body(other="{after: 5m, then: {workflow: other}}"), "in that workflow already"),
    "both": (body(calls="{after: 5m, then: {tier: t2, workflow: other}}"), "got both"),
    "neither": (body(calls="{after: 5m, then: {}}"), "got none of them"),
    "another word": (body(calls="{after: 5m, then: voicemail}"), "expected disconnect, or a map"),
    "wait alone": (body(calls="{after: 5m, wait: goes_on}"), "belongs to a `then:`"),
    "no time": (body(calls="{then: {tier: t2}}"), "after: is missing"),
    "circle": (
        body(calls="{after: 5m, then: {workflow: other}}", other="{after: 5m, then: {workflow: calls}}"),
        "(calls t1 -> other t1 -> calls t1)",
    ),
    "deferred": (
        body("mail: {kind: deferred, max_wait: {after: 5m, then: {workflow: other}}}"),
        "work of a deferred channel waits in its queue",
    ),
    "as a case": (
        body("mail: {kind: deferred}", calls="{after: 5m, then: {tier: t2}}").replace(
            "t1: {escalated: 5%}", "t1: {escalated: 5%, escalated_as: mail}"
        ),
        "has contacts as deferred work",
    ),
    "nobody there": (
        body(calls="{after: 5m, then: {workflow: other}}")
        .replace(", other: {}}", "}")
        .replace(", other: {per_day: 50}", ""),
        "contacts of calls t1 wait on there after their `max_wait`",
    ),
    "no handle time there": (
        body(calls="{after: 5m, then: {workflow: other}}")
        .replace("other: {aht: 3m}", "other: {}")
        .replace(", other: {per_day: 50}", "")
        .replace("handle_time: 4m\n", "")
        .replace("calls: {tiers", "calls: {handle_time: 4m, tiers"),
        "handle time",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_refused(name: str) -> None:
    text, said = WRONG[name]
    found = faults(text)
    assert any(said in fault for fault in found), found
    assert any("max_wait" in fault for fault in found) or name == "no handle time there", found


def test_a_workflow_may_end_what_its_channel_says() -> None:
    channels = "phone: {max_wait: {after: 5m, then: {tier: t2}}}"
    assert loads(body(channels, other="{after: 9m, then: disconnect}")).workflows["other"].max_wait


def test_the_route_is_explained() -> None:
    scenario = loads(body(calls="{after: 5m, then: {workflow: other}, wait: goes_on}"))
    told = "\n".join(route_lines(scenario, "calls"))
    assert "time-out  after 5m it waits on in other t1, its place there by when it joined this one" in told
    assert "other t1: contacts wait on here after the time-out of another queue" in told
