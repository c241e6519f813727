"""Warm transfers in the language: what is read, what is refused and told, what `explain` and plans say."""

from __future__ import annotations

from typing import Any

import pytest

from ccsim.centre.journeys import journey
from ccsim.centre.legs import queue_kinds
from ccsim.centre.streams import streams_of
from ccsim.centre.warm import hand_over_work, hand_overs, warm_findings
from ccsim.commands.explain_route import route_lines
from ccsim.errors import ScenarioError
from ccsim.language.laws import Constant, Exponential
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from ccsim.scenario import read_text

MINUTE = 60_000_000


def text(tiers: str, *, demand: str = "per_hour: 6", patience: str = "5m", pools: str = "", more: str = "") -> str:
    return (
        "scenario: warm\nhorizon: {start: 2026-01-05, length: 1d}\n"
        f"demand: {{calls: {{{demand}}}}}\npatience: {patience}\nhandle_time: {{value: 5m}}\n"
        f"workflows: {{calls: {{tiers: {{{tiers}}}}}}}\n"
        f"pools: {{{pools or 'a: {tier: t1, staffing: 3}, b: {tier: t2, staffing: 3}'}}}\n{more}"
    )


def read(tiers: str, **more: Any) -> Scenario:
    return read_text(text(tiers, **more), name="s.yaml").scenario


def remarks(tiers: str, **more: Any) -> list[str]:
    return [str(one) for one in read_text(text(tiers, **more), name="s.yaml").remarks if one.kind != "assumed"]


def faults(tiers: str, **more: Any) -> list[str]:
    with pytest.raises(ScenarioError) as told:
        read(tiers, **more)
    return str(told.value).split("\n")


def test_short_and_long_forms() -> None:
    tier = read("t1: {escalated: 20%, warm: 100%, hand_over: 90s}, t2: {}").workflows["calls"].tiers["t1"]
    assert (tier.warm, tier.hand_over, tier.resolved) == (1.0, Constant(value=90_000_000), 0.8)
    said = "t1: {escalated: 20%, warm: {phone: 60%}, hand_over: {law: exponential, mean: 2m}}, t2: {}"
    tier = read(said).workflows["calls"].tiers["t1"]
    assert (tier.warm_by_channel, tier.hand_over) == ({"phone": 0.6}, Exponential(mean=2 * MINUTE))


EMAIL = {"demand": "channels: {phone: 50%, email: 50%}, per_hour: 6", "more": "channels: {email: {kind: deferred}}\n"}
CHATS = {
    "demand": "channels: {phone: 20%, chat: 80%}, per_hour: 6",
    "more": "channels: {chat: {concurrency: 2, speed: [1, 0.8]}}\n",
}


@pytest.mark.parametrize(
    ("tiers", "more", "key", "why"),
    [
        ("t1: {escalated: 20%, warm: 100%}, t2: {}", {}, "warm", "`warm` needs `hand_over`: how long both agents are"),
        ("t1: {escalated: 20%, hand_over: 9s}, t2: {}", {}, "hand_over", "`hand_over` needs `warm`"),
        ("t1: {escalated: 20%, warm: yes, hand_over: 9s}, t2: {}", {}, "warm", "expected a share like 80%"),
        ("t1: {escalated: 20%, warm: 120%, hand_over: 9s}, t2: {}", {}, "warm", "a share of at most 100%, got '120%'"),
        ("t1: {escalated: 20%, warm: 9%, hand_over: -9s}, t2: {}", {}, "hand_over", "it must not be negative"),
        ("t1: {escalated: 20%, warm: 9%, hand_over: 90}, t2: {}", {}, "hand_over", "a duration needs a unit"),
        ("t1: {escalated: 20%, warm: {fax: 9%}, hand_over: 9s}, t2: {}", {}, "warm.fax", "there is no channel 'fax'"),
        (
            "t1: {escalated: 20%, warm: 100%, hand_over: 90s}, t2: {}", EMAIL, "warm",
            "on email (it is deferred: nobody is there to stay with); say `warm: {phone: 100%}`",
        ),
        (
            "t1: {escalated: 20%, warm: {chat: 10%}, hand_over: 90s}, t2: {}", CHATS, "warm",
            "on chat (its agents hold up to 2 contacts at once)",
        ),
    ],
)  # fmt: skip
def test_what_is_refused(tiers: str, more: dict[str, str], key: str, why: str) -> None:
    (found,) = faults(tiers, **more)
    assert f"workflows.calls.tiers.t1.{key}: " in found
    assert why in found
    assert found.startswith("s.yaml:6:")


def test_all_faults_at_once() -> None:
    found = faults("t1: {escalated: 20%, warm: 120%, hand_over: -9s}, t2: {warm: 10%}")
    assert len(found) == 3


def test_channels_that_cannot_are_no_matter_where_nobody_is_handed_over() -> None:
    for more in (EMAIL, CHATS):
        assert remarks("t1: {escalated: 20%, warm: {phone: 100%}, hand_over: 90s}, t2: {}", **more) == []


def test_what_is_told() -> None:
    (found,) = remarks("t1: {warm: 100%, hand_over: 90s}, t2: {}")
    assert "nobody is handed over: nothing is `escalated`" in found


BOTH = "a: {tier: [t1, t2], staffing: 3}"


@pytest.mark.parametrize(
    ("pools", "patience", "more", "weights"),
    [
        ("", "never", "", []),
        (BOTH, "never", "", ["refused"]),
        (BOTH, "5m", "", ["warning"]),
        (BOTH, "never", "channels: {phone: {max_wait: 4m}}\n", ["warning"]),
        (f"{BOTH}, b: {{tier: t2, staffing: 1}}", "never", "", []),
        (f"{BOTH}, b: {{tier: [t1, t2], staffing: 1}}", "never", "", ["refused"]),
    ],
)
def test_agents_who_might_all_wait_for_one_another(pools: str, patience: str, more: str, weights: list[str]) -> None:
    tiers = "t1: {escalated: 20%, warm: 100%, hand_over: 90s}, t2: {}"
    scenario = read(tiers, pools=pools, patience=patience, more=more)
    assert [one.weight for one in warm_findings(scenario)] == weights
    told = [one for one in remarks(tiers, pools=pools, patience=patience, more=more) if "stay with customers" in one]
    assert len(told) == len(weights)
    assert all(("--anyway" in one) == (weight == "refused") for one, weight in zip(told, weights, strict=True))


def test_two_workflows_whose_tiers_wait_for_one_another() -> None:
    """Front desks of each are the experts of the other: both may be full of agents who stay."""
    flows = (
        "workflows:\n"
        "  x: {tiers: {t1: {escalated: 20%, warm: 100%, hand_over: 9s}, t2: {}}, pools: [p, q]}\n"
        "  y: {tiers: {t1: {escalated: 20%, warm: 100%, hand_over: 9s}, t2: {}}, pools: [p, q]}\n"
    )
    body = (
        "scenario: w\nhorizon: {start: 2026-01-05, length: 1d}\npatience: never\nhandle_time: {value: 5m}\n"
        + flows
        + "demand: {x: {per_hour: 6}, y: {per_hour: 6}}\npools: {p: {tier: [t1, t2], staffing: 2}, "
        "q: {tier: [t1, t2], staffing: 2}}\n"
    )
    found = list(warm_findings(read_text(body, name="s.yaml").scenario))
    assert [(one.weight, one.parts[1]) for one in found] == [("refused", "x"), ("refused", "y")]


def test_a_scenario_made_in_python_is_refused_too() -> None:
    scenario = read("t1: {escalated: 20%, warm: 100%, hand_over: 90s}, t2: {}")
    flow = scenario.workflows["calls"]
    bare = flow.tiers["t1"].model_copy(update={"hand_over": None})
    wrong = scenario.model_copy(
        update={"workflows": {"calls": flow.model_copy(update={"tiers": {**flow.tiers, "t1": bare}})}}
    )
    with pytest.raises(ScenarioError, match="it has no `hand_over`"):
        compile_model(wrong)


def test_the_route_says_it() -> None:
    said = "t1: {escalated: 20%, warm: 60%, hand_over: {law: exponential, mean: 2m}}, t2: {}"
    lines = route_lines(read(said), "calls")
    warm = "60 % of these handed over warm (hand-over: exponential, mean 2m)"
    assert f"calls t2: 20 % of what t1 handles goes on to it, {warm}" in lines


def test_expected_work_has_the_hand_over_at_both_tiers() -> None:
    scenario = read(
        "t1: {escalated: 20%, warm: 50%, hand_over: 2m}, t2: {escalated: 50%, warm: 100%, hand_over: 1m}, t3: {}",
        pools="a: {tier: [t1, t2, t3], staffing: 3}",
    )
    visits = journey(scenario, "calls", "phone").visits
    work = {
        kind.tier: hand_over_work(hand_overs(scenario, kind), visits) / MINUTE
        for kind in queue_kinds(scenario, streams_of(scenario))
    }
    assert work == pytest.approx({"t1": 0.2, "t2": 0.2 + 0.1, "t3": 0.1})
