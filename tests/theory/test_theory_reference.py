"""Every reference case of the families that have a formula, at the tolerance of the case."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccsim import theory as th

REFERENCE = Path(__file__).parents[1] / "reference"

#: Names of the cases that differ from those of ccsim.
NAMES = {
    "p_wait_offered": "p_wait",
    "p_ab": "p_abandon",
    "p_served": "p_answered",
    "mean_wait": "mean_wait_offered",
    "mean_wait_served": "mean_wait_answered",
    "mean_offered_wait_V": "mean_virtual_wait",
    "wait_var": "var_wait",
    "p_served_le": "answered_within",
    "p_ab_le": "abandoned_within",
}
#: Residuals of the reference's own checks.
SKIPPED = {"check", "check_w"}


def cases(family: str) -> list[dict]:
    return json.loads((REFERENCE / f"{family}.json").read_text(encoding="utf-8"))


def each(*families: str) -> pytest.MarkDecorator:
    found = [case for family in families for case in cases(family)]
    assert found
    return pytest.mark.parametrize("case", found, ids=lambda case: case["id"])


def law_of(text: str) -> th.Law:
    name, inside = re.fullmatch(r"(\w+)\((.*)\)", text).groups()
    parts = [part.strip() for part in inside.split(",")]
    named = {part.split("=")[0]: float(part.split("=")[1]) for part in parts if "=" in part}
    bare = [float(part) for part in parts if "=" not in part]
    laws = {
        "det": th.Constant,
        "unif": th.Uniform,
        "gamma": th.Gamma,
        "lognormal": th.Lognormal,
        "hyperexp": th.Hyperexponential,
        "weibull": th.Weibull,
        "exp": th.Exponential,
    }
    return laws[name](*bare, **named)


def queue_of(case: dict) -> th.QueueMeasures:
    model = case["model"]
    base = (model["lam"], model["mean_service"], model["servers"])
    match case["family"]:
        case "erlang_b":
            return th.erlang_b(*base)
        case "erlang_c":
            return th.erlang_c(*base)
        case "erlang_a":
            return th.erlang_a(*base, model["mean_patience"])
        case "mmnk":
            return th.mmnk(*base, model["max_in_system"], model["mean_patience"], model["p_patience_zero"])
        case _:
            return th.mmn_g(*base, law_of(model["patience"]), p_zero=model["p_patience_zero"])


def compared(queue: th.QueueMeasures, expected: dict) -> Iterator[tuple[str, float, float]]:
    for name, value in expected.items():
        if name in SKIPPED:
            continue
        if name == "dist":
            for within, values in value.items():
                for level, want in values.items():
                    yield f"{level}({within})", getattr(queue, NAMES.get(level, level))(float(within)), want
        elif name == "sl":
            for within, want in value.items():
                yield f"sl({within})", queue.sl_offered(float(within)), want
        elif name == "wait_p90":
            yield name, queue.wait_percentile(0.9), value
        else:
            yield name, getattr(queue, NAMES.get(name, name)), value


@each("erlang_b", "erlang_c", "erlang_a", "mmnk", "mmn_g")
def test_queue_meets_the_reference(case):
    rtol = case["tolerance"]["analytic_rtol"]
    queue = queue_of(case)
    for name, got, want in compared(queue, case["expected"]):
        assert got == pytest.approx(want, rel=rtol, abs=1e-16), name


@each("mg1")
def test_one_agent_meets_the_reference(case):
    model, want = case["model"], case["expected"]
    moments = {"det": (1, 1, 1), "exp": (1, 2, 6), "lognormal": (1, 5, 125), "erlang2": (1, 1.5, 3)}
    if model["service"].split()[0] not in moments:
        pytest.skip(f"service law {model['service']}")
    queue = th.mg1(model["lam"], *moments[model["service"].split()[0]])
    assert queue.mean_wait == pytest.approx(want["mean_wait"], rel=1e-9)
    assert queue.wait_squared == pytest.approx(want["ew2"], rel=1e-9)
    assert queue.sd_wait == pytest.approx(want["sd_wait"], rel=1e-9)
    assert queue.p_wait == pytest.approx(want["p_wait"], rel=1e-9)


@each("mg1_priority")
def test_priorities_before_one_agent_meet_the_reference(case):
    model, want = case["model"], case["expected"]
    arguments = (model["lams"], model["mean_service"], model["second_moment"])
    queue = th.mg1_priorities(*arguments)
    assert queue.mean_wait == pytest.approx(want["mean_wait"], rel=1e-9)
    assert queue.mean_wait_all == pytest.approx(want["mean_wait_all"], rel=1e-9)
    assert th.mg1_preemptive_sojourns(*arguments) == pytest.approx(want["preemptive_resume_sojourn"], rel=1e-9)


@each("mmn_priority")
def test_priorities_before_many_agents_meet_the_reference(case):
    model, want = case["model"], case["expected"]
    queue = th.mmn_priorities(model["lams"], model["mean_service"], model["servers"])
    for name in ("p_wait", "mean_wait", "mean_wait_all", "mean_queue"):
        assert getattr(queue, name) == pytest.approx(want[name], rel=1e-9), name


@each("mdc")
def test_constant_service_meets_the_reference(case):
    model = case["model"]
    queue = th.mdn(model["lam"], model["det_service"], model["servers"])
    for name, ours in (("p_wait",) * 2, ("mean_wait",) * 2, ("mean_queue",) * 2, ("p0", "p_empty")):
        want = case["expected"][name]
        assert getattr(queue, ours) == pytest.approx(want, rel=case["tolerance"]["analytic_rtol"]), name


def test_offered_load_that_moves_meets_the_reference():
    (case,) = [case for case in cases("transient") if case["id"] == "TR10"]
    laws = {
        "exp(2)": th.Exponential(2),
        "det(2)": th.Constant(2),
        "lognormal mean2 cv1": th.Lognormal(2, 1),
        "uniform(0,4)": th.Uniform(0, 4),
    }
    for name, values in case["expected"].items():
        times = [float(t) for t in values]
        got = th.offered_load(lambda t: 20 + 8 * math.sin(2 * math.pi * t / 60), laws[name], times)
        assert list(got) == pytest.approx(list(values.values()), rel=case["tolerance"]["analytic_rtol"])


def published(identity: str) -> dict:
    (case,) = [case for case in cases("published") if case["id"] == identity]
    return case["published"]


def test_published_comparison_of_erlang_c_and_a():
    want = published("PB01")
    c, a = th.erlang_c(48, 1, 50), th.erlang_a(48, 1, 50, 2)
    less = th.erlang_c(48 * (1 - 0.031), 1, 50)
    for queue, values in ((c, want["erlang_c"]), (less, want["erlang_c_lambda_reduced_3_1pct"])):
        assert queue.mean_wait_answered * 60 == pytest.approx(values["asa_s"], abs=0.1)
        assert queue.wait_percentile(0.9) * 60 == pytest.approx(values["wait_p90_s"], abs=0.1)
        assert queue.mean_queue == pytest.approx(values["mean_queue"], abs=0.5)
        assert queue.occupancy == pytest.approx(values["occupancy"], abs=0.005)
    values = want["erlang_a"]
    assert a.p_abandon == pytest.approx(values["fraction_abandon"], abs=5e-4)
    assert a.mean_wait_offered * 60 == pytest.approx(values["mean_wait_s"], abs=0.05)
    assert a.wait_percentile(0.9) * 60 == pytest.approx(values["wait_p90_s"], abs=0.1)
    assert a.mean_queue == pytest.approx(values["mean_queue"], abs=0.5)
    assert a.occupancy == pytest.approx(values["occupancy"], abs=0.005)


def test_published_pyworkforce_values():
    want = published("PB07")
    rate = 100 / 30
    for agents in (14, 15):
        queue, values = th.erlang_c(rate, 3, agents), want[f"erlang_c_{agents}"]
        assert queue.p_wait == pytest.approx(values["p_wait"], abs=5e-4)
        assert queue.sl_offered(0.33) == pytest.approx(values["sl"], abs=5e-4)
        assert queue.occupancy == pytest.approx(values["occupancy"], abs=5e-4)
        assert th.scheduled_agents(agents, 0.3) == values["positions_with_30pct_shrinkage"]
    queue, values = th.erlang_a(rate, 3, 14, 5), want["erlang_a_14"]
    assert queue.p_wait == pytest.approx(values["p_wait"], abs=5e-6)
    assert queue.p_abandon == pytest.approx(values["p_ab"], abs=5e-7)
    assert queue.occupancy == pytest.approx(values["occupancy"], abs=5e-7)
    assert queue.mean_wait_offered == pytest.approx(values["mean_wait_all_offered_min"], abs=5e-7)
    level = values["sl_served_within_T_over_offered"]
    assert queue.sl_offered(1 / 3) == pytest.approx(level, abs=5e-7)
    assert th.erlang_b(1, 1, 1).p_block == pytest.approx(want["erlang_b"]["a1_n1"], rel=1e-12)
    assert th.erlang_b(1, 1, 2).p_block == pytest.approx(want["erlang_b"]["a1_n2"], rel=1e-12)


def test_other_published_values():
    want = published("PB08")
    assert th.erlang_c(3.5, 3, 13).mean_wait_offered * 60 == pytest.approx(want["erlang_c_13_mean_wait_s"], abs=0.01)
    for agents in (13, 9):
        queue = th.erlang_a(3.5, 3, agents, 5)
        value = want[f"erlang_a_{agents}_patience5_mean_wait_s"]
        assert queue.mean_wait_offered * 60 == pytest.approx(value, abs=0.01)
    for agents, wait in zip((3, 4), published("PB10")["exact_mean_wait"], strict=True):
        assert th.erlang_c(0.2, 10, agents).mean_wait_offered == pytest.approx(wait, abs=1e-7)
    limited, values = th.mmnk(3, 1 / 4, 2, 3), published("PB11")
    assert limited.mean_in_system == pytest.approx(values["mean_in_system"], rel=1e-9)
    assert limited.p_block == pytest.approx(values["p_reject"], rel=1e-9)
    single, values = th.erlang_c(1, 0.8, 1), published("PB14")
    assert single.mean_queue == pytest.approx(values["mean_queue"], rel=1e-9)
    assert single.mean_wait_offered == pytest.approx(values["mean_wait"], rel=1e-9)
    assert single.p_empty == pytest.approx(values["p"][0], rel=1e-9)
