"""What must hold between formulas, and against chains solved state by state."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, special

from ccsim import theory as th
from ccsim.theory.erlang_b import free_weight

AGENTS = (1, 2, 12, 300, 4000)
LOADS = (1e-6, 0.5, 0.97, 1.0, 1.3, 50.0)
PATIENCE = (1e-9, 0.01, 1.0, 300.0, 1e9)

LAWS = [
    th.Exponential(0.7),
    th.Gamma(1, 0.2),
    th.Gamma(1, 400),
    th.Weibull(1, 0.3),
    th.Weibull(2, 8),
    th.Lognormal(1, 8),
    th.Lognormal(1, 0.02),
    th.Hyperexponential(0.6, 1e-5, 50),
    th.Uniform(0, 1),
    th.Uniform(0.99, 1),
    th.Constant(1e-6),
    th.Constant(2),
    th.Constant(1e6),
    th.Uniform(1e5, 1e6),
]


def chain(rate, service, agents, lines, patience, p_zero=0.0):
    """Probabilities of 0, 1, ... in system, by the ratios of neighbours."""
    joining = rate * (1 - p_zero)
    theta = 0.0 if patience is None else 1 / patience
    if lines is None:
        ahead = max((joining - agents / service) / theta, 0) + 60 * math.sqrt(joining / theta) + 400
        lines = agents + int(ahead)
    n = np.arange(1, lines + 1)
    up = np.where(n <= agents, rate, joining)
    down = np.minimum(n, agents) / service + np.maximum(n - agents, 0) * theta
    logs = np.concatenate(([0.0], np.cumsum(np.log(up / down))))
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


@pytest.mark.parametrize("agents", [1, 3, 40, 1500])
@pytest.mark.parametrize("load", [0.3, 0.98, 1.0, 1.6])
@pytest.mark.parametrize(("patience", "places"), [(0.05, None), (2.0, None), (3.0, 7), (None, 1), (None, 60)])
@pytest.mark.parametrize("p_zero", [0.0, 0.2])
def test_states_agree_with_the_chain(agents, load, patience, places, p_zero):
    rate, lines = load * agents, None if places is None else agents + places
    queue = th.mmnk(rate, 1.0, agents, lines, patience, p_zero)
    p = chain(rate, 1.0, agents, lines, patience, p_zero)
    n = np.arange(len(p))
    blocked = p[-1] if places is not None else 0.0
    assert queue.p_wait == pytest.approx(p[agents:].sum() - blocked, rel=1e-9)
    assert queue.p_block == pytest.approx(blocked, rel=1e-9)
    assert queue.mean_queue == pytest.approx((p * np.maximum(n - agents, 0)).sum(), rel=1e-9)
    assert queue.busy == pytest.approx((p * np.minimum(n, agents)).sum(), rel=1e-9)
    assert queue.mean_in_system == pytest.approx((p * n).sum(), rel=1e-9)
    assert queue.p_empty == pytest.approx(p[0], rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("rate", "agents", "patience", "lines"),
    [(9, 10, 2, None), (15, 10, 0.5, None), (12, 10, 3, 25), (1, 1, 4, 3), (3050, 3000, 1.5, None)],
)
@pytest.mark.parametrize("within", [0.0, 0.01, 0.2, 1.0, 5.0])
def test_service_levels_agree_with_beta_laws_of_the_place_in_line(rate, agents, patience, lines, within):
    # exp(-wait/patience) of the k-th in line is a beta variable: the wait is a sum of exponential stages.
    queue = th.mmnk(rate, 1.0, agents, lines, patience)
    p = chain(rate, 1.0, agents, lines, patience)
    k = np.arange(len(p) - agents - (lines is not None))
    c, reached = agents * patience, -math.expm1(-within / patience)
    waits = p[agents : agents + len(k)]
    answered = p[:agents].sum() + (waits * c / (c + k + 1) * special.betainc(k + 1, c + 1, reached)).sum()
    leaving = reached * special.betaincc(k + 1, c, reached) + special.betainc(k + 1, c, reached)
    leaving -= c / (c + k + 1) * special.betainc(k + 1, c + 1, reached)
    assert queue.answered_within(within) == pytest.approx(answered, rel=1e-9)
    assert queue.abandoned_within(within) == pytest.approx((waits * leaving).sum(), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("agents", AGENTS)
@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("patience", PATIENCE)
def test_erlang_a_keeps_its_identities_at_any_size(agents, load, patience):
    rate = load * agents
    queue = th.erlang_a(rate, 1.0, agents, patience)
    assert queue.p_answered + queue.p_abandon == pytest.approx(1, rel=1e-12)
    assert queue.p_abandon * patience == pytest.approx(queue.mean_wait_offered, rel=1e-9)
    assert queue.mean_queue == pytest.approx(rate * queue.mean_wait_offered, rel=1e-12)
    parts = queue.mean_wait_answered * queue.p_answered
    if queue.p_abandon > 0:
        parts += queue.mean_wait_abandoned * queue.p_abandon
    assert parts == pytest.approx(queue.mean_wait_offered, rel=1e-9)
    for within in (0.0, 1e-9, 0.1, 1e7):
        assert 0 <= queue.answered_within(within) <= queue.p_answered
        assert 0 <= queue.abandoned_within(within) <= queue.p_abandon
    assert queue.answered_within(1e13) == pytest.approx(queue.p_answered, rel=1e-12)
    assert queue.abandoned_within(1e13) == pytest.approx(queue.p_abandon, rel=1e-12)


@pytest.mark.parametrize("law", LAWS, ids=repr)
@pytest.mark.parametrize(("rate", "agents"), [(90, 100), (100, 100), (170, 100), (2, 1), (1e-5, 1)])
@pytest.mark.parametrize(("p_zero", "places"), [(0.0, None), (0.15, None), (0.1, 5)])
def test_any_patience_keeps_the_balance_of_flows(law, rate, agents, p_zero, places):
    lines = None if places is None else agents + places
    queue = th.mmn_g(rate, 1.0, agents, law, lines=lines, p_zero=p_zero)
    assert queue.p_answered + queue.p_abandon + queue.p_block == pytest.approx(1, rel=1e-12)
    # What goes in to agents equals what comes out, the states below `agents` taken from the chain.
    full = (1 - queue.p_all_busy) / free_weight(rate, agents)
    busy = rate * (1 - queue.p_all_busy) + agents * (queue.p_all_busy - full)
    assert queue.busy == pytest.approx(busy, rel=1e-9)


@pytest.mark.parametrize(
    "same",
    [
        th.Gamma(2, 1),
        th.Weibull(2, 1),
        th.Hyperexponential(0.3, 2, 2),
        th.FromSurvival(lambda x: np.exp(-x / 2), 2.0),
        th.FromSurvival(
            lambda x: np.exp(-x / 2),
            1.0,
            integral=lambda x: -2 * np.expm1(-x / 2),
            share_within=lambda x: -np.expm1(-x / 2),
        ),
    ],
    ids=("gamma", "weibull", "hyperexponential", "survival", "survival and integral"),
)
@pytest.mark.parametrize("lines", [None, 14])
def test_general_patience_with_exponential_law_is_erlang_a(same, lines):
    want, got = th.mmnk(11, 1, 10, lines, 2), th.mmn_g(11, 1, 10, same, lines=lines)
    for name in th.QueueMeasures.__dataclass_fields__:
        assert getattr(got, name) == pytest.approx(getattr(want, name), rel=1e-9), name
    for within in (0, 0.3, 2):
        assert got.sl_all_le(within) == pytest.approx(want.sl_all_le(within), rel=1e-9)


def test_an_atom_in_the_law_is_a_share_that_leaves_at_once():
    law = th.FromSurvival(lambda x: 0.9 * np.exp(-x / 2), 2.0)
    want, got = th.erlang_a(11, 1, 10, 2, p_zero=0.1), th.mmn_g(11, 1, 10, law)
    assert got.p_abandon == pytest.approx(want.p_abandon, rel=1e-10)
    assert got.abandoned_within(0) == pytest.approx(0.1 * want.p_wait, rel=1e-10)


def test_erlang_a_tends_to_erlang_c_and_b():
    c, patient = th.erlang_c(9, 1, 10), th.erlang_a(9, 1, 10, 1e12)
    for name in ("p_wait", "mean_wait_offered", "mean_wait_answered", "mean_queue", "var_wait", "p_empty"):
        assert getattr(patient, name) == pytest.approx(getattr(c, name), rel=1e-9), name
    assert patient.wait_percentile(0.9) == pytest.approx(c.wait_percentile(0.9), rel=1e-9)
    b, hasty = th.erlang_b(9, 1, 10), th.erlang_a(9, 1, 10, 1e-12)
    assert hasty.p_abandon == pytest.approx(b.p_block, rel=1e-9)
    assert hasty.p_empty == pytest.approx(b.p_empty, rel=1e-9)


def test_without_places_everything_is_erlang_b():
    b = th.erlang_b(12, 1, 10)
    for queue in (th.mmnk(12, 1, 10, 10), th.mmnk(12, 1, 10, 10, 3.0, 0.2)):
        for name in th.QueueMeasures.__dataclass_fields__:
            assert getattr(queue, name) == getattr(b, name), name
        assert queue.sl_offered(1) == b.p_answered
        assert queue.abandoned_within(1) == 0
    all_leave = th.mmnk(12, 1, 10, p_zero=1.0)
    assert all_leave.p_abandon == pytest.approx(b.p_block, rel=1e-12)


def test_without_limits_mmnk_is_erlang_c():
    want, got = th.erlang_c(9, 1, 10), th.mmnk(9, 1, 10)
    for name in th.QueueMeasures.__dataclass_fields__:
        value = getattr(want, name)
        assert getattr(got, name) == (None if value is None else pytest.approx(value, rel=1e-10)), name
    assert got.sl_offered(0.4) == pytest.approx(want.sl_offered(0.4), rel=1e-11)
    assert th.mmnk(9, 1, 10, 4000).p_wait == pytest.approx(want.p_wait, rel=1e-10)


def test_single_agent_closed_forms():
    loss = th.mmnk(3, 1, 1, 4)
    p = np.array([3.0**k for k in range(5)])
    p /= p.sum()
    assert loss.p_block == pytest.approx(p[4], rel=1e-12)
    assert loss.mean_queue == pytest.approx((p * np.maximum(np.arange(5) - 1, 0)).sum(), rel=1e-12)
    assert th.erlang_c(0.8, 1, 1).p_wait == pytest.approx(0.8, rel=1e-14)


@pytest.mark.parametrize("law", [th.Exponential(1.5), th.Uniform(0.5, 2), th.Lognormal(1, 1.5)], ids=repr)
def test_variance_and_means_follow_from_the_law_of_the_wait(law):
    queue = th.mmn_g(11, 1, 10, law, p_zero=0.05, lines=30)
    entered = 1 - queue.p_block

    def beyond(t):
        return 1 - queue.sl_all_le(t) / entered

    points = [0.25, 0.5, 1, 2]
    mean = integrate.quad(beyond, 0, 12, points=points, limit=200, epsabs=1e-10)[0]
    second = integrate.quad(lambda t: 2 * t * beyond(t), 0, 12, points=points, limit=200, epsabs=1e-10)[0]
    assert queue.mean_wait_entered == pytest.approx(mean, rel=1e-6)
    assert queue.var_wait == pytest.approx(second - mean**2, rel=1e-6)


def test_percentiles_invert_the_service_level():
    for queue in (th.erlang_c(48, 1, 50), th.erlang_a(48, 1, 50, 2), th.mmnk(55, 1, 50, 60)):
        entered = queue.p_answered + queue.p_abandon
        for share in (0.6, 0.9, 0.999):
            t = queue.wait_percentile(share)
            assert queue.sl_all_le(t) / entered == pytest.approx(share, rel=1e-9)
            t = queue.answered_wait_percentile(share)
            assert queue.sl_served(t) == pytest.approx(share, rel=1e-9)
    assert th.erlang_c(1, 1, 50).wait_percentile(0.5) == 0
    assert th.mmn_g(60, 1, 50, th.Constant(0.3)).wait_percentile(0.999) == pytest.approx(0.3, rel=1e-12)


def test_priorities_conserve_the_work():
    rates, means, squares = [0.1, 0.3, 0.2], [1.0, 0.5, 2.0], [1.5, 0.5, 9.0]
    one = th.mg1_priorities(rates, means, squares)
    loads = np.array(rates) * means
    fifo = (np.array(rates) @ squares) / 2 / (1 - loads.sum())
    assert (loads * one.mean_wait).sum() == pytest.approx(loads.sum() * fifo, rel=1e-12)
    many = th.mmn_priorities([2, 3, 4], 1.0, 10)
    assert many.mean_wait_all == pytest.approx(th.erlang_c(9, 1, 10).mean_wait_offered, rel=1e-12)
    assert sum(many.mean_queue) == pytest.approx(th.erlang_c(9, 1, 10).mean_queue, rel=1e-12)
    exponential = th.mmn_priorities([0.2, 0.3], 1.0, 1)
    assert exponential.mean_wait == pytest.approx(th.mg1_priorities([0.2, 0.3], [1, 1], [2, 2]).mean_wait)


def test_one_agent_with_exponential_service_is_erlang_c():
    law = th.Exponential(1.0)
    queue, c = th.mg1(0.8, law.moment(1), law.moment(2), law.moment(3)), th.erlang_c(0.8, 1, 1)
    assert queue.mean_wait == pytest.approx(c.mean_wait_offered, rel=1e-12)
    assert queue.var_wait == pytest.approx(c.var_wait, rel=1e-12)
    assert th.mg1(0.8, 1, 2).var_wait is None
    assert th.mg1(0.8, 1, 2).sd_wait is None


@pytest.mark.parametrize(("load", "agents"), [(0.1, 1), (0.9, 1), (1.2, 2), (18.5, 20), (480, 500)])
def test_constant_service_by_roots_and_by_sums(load, agents, monkeypatch):
    sums = th.mdn(load, 1.0, agents)
    monkeypatch.setattr("ccsim.theory.many_agents._MOST_TERMS", 0)
    roots = th.mdn(load, 1.0, agents)
    assert roots.p_wait == pytest.approx(sums.p_wait, rel=1e-9)
    assert roots.mean_queue == pytest.approx(sums.mean_queue, rel=1e-8)
    if agents == 1:
        assert sums.mean_wait == pytest.approx(th.mg1(load, 1, 1).mean_wait, rel=1e-10)
        assert sums.p_empty == pytest.approx(1 - load, rel=1e-12)
    assert sums.mean_wait < th.erlang_c(load, 1, agents).mean_wait_offered


def test_nobody_comes():
    queues = (
        th.erlang_b(0, 1, 3),
        th.erlang_c(0, 1, 3),
        th.erlang_a(0, 1, 3, 2),
        th.mmnk(0, 1, 3, 5),
        th.mmnk(0, 1, 3, 3),
    )
    for queue in queues:
        assert queue.p_answered == queue.p_empty == queue.sl_offered(0) == queue.sl_served(0) == 1
        assert queue.occupancy == queue.mean_wait_offered == queue.mean_queue == queue.p_wait == 0
        assert queue.wait_percentile(0.99) == 0
    assert th.mdn(0, 1, 3).p_empty == 1
    assert th.mg1(0, 1, 2).mean_wait == 0
    assert th.mmn_priorities([0, 0], 1, 2).mean_wait_all == 0


def test_insensitive_to_scale_of_time():
    minutes, seconds = th.erlang_a(48, 1, 50, 2), th.erlang_a(48 / 60, 60, 50, 120)
    assert seconds.p_abandon == pytest.approx(minutes.p_abandon, rel=1e-10)
    assert seconds.mean_wait_answered == pytest.approx(60 * minutes.mean_wait_answered, rel=1e-10)
    assert seconds.sl_offered(20) == pytest.approx(minutes.sl_offered(1 / 3), rel=1e-10)
