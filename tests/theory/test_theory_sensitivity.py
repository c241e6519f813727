"""Variance shares against exact ones, noise kept apart from inputs, tornados, bridges.

The figures of the first two functions are of an own quadrature, cross-checked elsewhere with 2^18 sampled points.
"""

import math

import numpy as np
import pytest
from scipy import stats

from ccsim import theory
from ccsim.theory.sobol import saltelli_design, variance_split


def yearly_cost(contacts, aht, shrinkage, wage):
    work = contacts * aht / 3600
    return (work + 0.8 * work**0.5) / (1 - shrinkage) * wage * 8760


def with_a_bot(contained, false, contact, returns, session):
    cost = session + (1 - contained) * contact + contained * false * returns * contact
    return cost / (1 - contained * false * (1 - returns))


CASES = {
    "staffing": (
        yearly_cost,
        {"contacts": (900.0, 1300.0), "aht": (380.0, 480.0), "shrinkage": (0.22, 0.36), "wage": (13.0, 17.0)},
        (26094753.216281228, 4036242.300493616),
        (0.4311886135281121, 0.1763307246258351, 0.13649063655805185, 0.24768981418686495),
        (0.43705584658135965, 0.17985051609361402, 0.13930125634495505, 0.25212168567910376),
    ),
    "bot": (
        with_a_bot,
        {"contained": (0.2, 0.5), "false": (0.05, 0.45), "contact": (4.0, 6.5), "returns": (0.5, 1.0),
         "session": (0.1, 0.4)},
        (4.0966689784968935, 0.6779520141444791),
        (0.27292256829393796, 0.09075367214973303, 0.6065509137593221, 0.00047911859969817215, 0.017068430685537362),
        (0.28340452830520957, 0.09762385398147033, 0.613531907412864, 0.0007058913818227541, 0.017074852266502516),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_exact_shares_are_those_of_an_own_quadrature(case):
    function, inputs, (mean, sd), first, total = CASES[case]
    made = theory.exact_variance_shares(function, inputs, nodes=14)
    assert (made.mean, made.sd) == pytest.approx((mean, sd), rel=1e-9)
    assert list(made.first.values()) == pytest.approx(first, abs=1e-10)
    assert list(made.total.values()) == pytest.approx(total, abs=1e-10)
    interactions = [sum(share for pair, share in made.second.items() if name in pair) for name in inputs]
    beyond_pairs = np.array(total) - np.array(first) - interactions
    assert (beyond_pairs > -1e-12).all()
    assert (beyond_pairs < 1e-3).all()


@pytest.mark.parametrize("case", CASES)
def test_sampled_shares_lie_near_the_exact_ones_and_in_their_intervals(case):
    function, inputs, (mean, sd), first, total = CASES[case]
    made = theory.variance_shares(function, inputs)
    assert (made.mean, made.sd) == pytest.approx((mean, sd), rel=1e-4)
    for name, one, whole in zip(inputs, first, total, strict=True):
        assert made.first[name] == pytest.approx(one, abs=2e-3)
        assert made.total[name] == pytest.approx(whole, abs=2e-3)
        assert made.first_ends[name][0] < one < made.first_ends[name][1]
        assert made.total_ends[name][0] < whole < made.total_ends[name][1]


def test_any_distribution_does_and_a_function_of_numbers_too():
    inputs = {"x": stats.norm(3, 2), "y": stats.triang(0.5, 0, 6), "z": (0.0, 1.0)}  # variances 4, 1.5, 1/12
    made = theory.variance_shares(lambda x, y, z: x + 2 * y + 0 * math.ceil(z), inputs, points=4096)
    assert made.mean == pytest.approx(9, abs=0.01)
    assert made.first["x"] == pytest.approx(4 / 10, abs=0.03)
    assert made.total["y"] == pytest.approx(6 / 10, abs=0.03)
    assert made.total["z"] == 0


def noisy(points, replications, spread, seed, common):
    """Results of x + 2 y, z without effect, with noise of which a part is common to all points; and their moves."""
    unit = saltelli_design(3, points, seed)
    rng = np.random.default_rng(seed)
    own = rng.normal(size=(5, points, replications)) * spread
    shared = rng.normal(size=replications) * spread
    each = (unit[..., 0] + 2 * unit[..., 1])[..., None] + (shared * (1 + unit[..., :1]) if common else own)
    return each.mean(axis=2), each - each.mean(axis=2, keepdims=True)


@pytest.mark.parametrize("common", [False, True], ids=["independent", "common random numbers"])
def test_noise_is_in_no_share(common):
    """x and y have 1/5 and 4/5 of the variance 5/12; noise of one replication has up to eight times as much."""
    found = []
    for seed in range(60):
        values, moves = noisy(64, 12, 0.8, seed, common)
        made = variance_split(values, moves)
        found.append([made.variance, *(one.value for one in made.first), made.total[2].value, made.noise])
    mean, error = np.mean(found, axis=0), np.std(found, axis=0) / math.sqrt(60)
    want = [5 / 12, 1 / 5, 4 / 5, 0, 0]
    # The noise at x is a multiple of 1 + x: E(1 + x)^2 = 7/3.
    noise = 0.64 * (7 / 3 if common else 1)
    assert (np.abs(mean[:5] - want) < 4 * error[:5] + 0.02).all(), (mean, error)
    assert mean[5] == pytest.approx(noise, abs=5 * error[5])


def test_intervals_of_noisy_shares_cover():
    inside = []
    for seed in range(100):
        values, moves = noisy(32, 10, 0.5, seed, common=False)
        made = variance_split(values, moves)
        pairs = zip((*made.first, *made.total), (0.2, 0.8, 0.0, 0.2, 0.8, 0.0), strict=True)
        inside.append([one.low <= true <= one.high for one, true in pairs])
    assert (np.mean(inside, axis=0) >= 0.88).all()


def of_a_sum(*weights):
    """The function, and its first-order and total indices."""
    parts = np.array(weights, dtype=float) ** 2
    return (lambda u: (u * np.array(weights)).sum(axis=-1)), parts / parts.sum(), parts / parts.sum()


def of_a_product(*slopes):
    """The product of 1 + c (u - 1/2): what inputs do together is a good part of its variance."""
    own = np.array(slopes) ** 2 / 12
    whole = np.prod(1 + own) - 1
    together = own / (1 + own) * (1 + whole)
    return (lambda u: np.prod(1 + np.array(slopes) * (u - 0.5), axis=-1)), own / whole, together / whole


@pytest.mark.parametrize("points", [16, 64])
@pytest.mark.parametrize(
    "exact",
    [of_a_sum(1, 2, 5), of_a_sum(5, 1, 1, 1, 1, 1), of_a_sum(*range(1, 13)), of_a_product(0.5, 0.5, 1.5)],
    ids=["three added", "six added", "twelve added", "three multiplied"],
)
def test_intervals_cover_each_index_of_few_points(exact, points):
    """In 100 designs. A Sobol sequence of so few points covered some of these indices in 21 to 56 of 100."""
    function, first, total = exact
    inside = []
    for seed in range(100):
        made = variance_split(function(saltelli_design(len(first), points, seed)))
        pairs = zip((*made.first, *made.total), (*first, *total), strict=True)
        inside.append([one.low <= true <= one.high for one, true in pairs])
    each = np.mean(inside, axis=0)
    assert each.min() >= 0.82  # of many indices the least, each of 100 designs
    assert each.mean() >= 0.9


def test_what_does_not_move_has_no_shares():
    made = variance_split(np.full((4, 8), 3.0), np.zeros((4, 8, 5)))
    assert (made.mean, made.sd, made.first, made.total) == (3.0, 0.0, (), ())
    assert theory.variance_shares(lambda x: 7.0, {"x": (0, 1)}).first == {}
    assert theory.exact_variance_shares(lambda x: 7.0, {"x": (0, 1)}).total == {}


@pytest.mark.parametrize(
    ("inputs", "more", "why"),
    [
        ({}, {}, "at least one"),
        ({"x": (1.0, 1.0)}, {}, "low < high"),
        ({"x": (0.0, 1.0)}, {"points": 100}, "power of two"),
        ({"x": (-1.0, 1.0)}, {}, "not finite"),
    ],
)
def test_bad_input_says_what_would_do(inputs, more, why):
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match=why):
        theory.variance_shares(lambda x: np.sqrt(x), inputs, **more)


def test_a_tornado_is_sorted_by_reach():
    function, inputs, *_ = CASES["staffing"]
    made = theory.one_at_a_time(function, inputs)
    assert list(made) == ["contacts", "wage", "aht", "shrinkage"]
    assert made["contacts"] == pytest.approx((21430151.207790006, 30582261.4380672), rel=1e-12)
    assert made["shrinkage"] == pytest.approx((23678766.564605873, 28858496.750613406), rel=1e-12)


def test_a_bridge_adds_up_whatever_the_order():
    def cost(volume, aht, shrinkage, occupancy, rate):
        return volume * aht / 3600 / occupancy / (1 - shrinkage) * rate

    base = {"volume": 84000, "aht": 420.0, "shrinkage": 0.3, "occupancy": 0.82, "rate": 14.2}
    new = {"volume": 91000, "aht": 405.0, "shrinkage": 0.33, "occupancy": 0.8, "rate": 14.9}
    made = theory.bridge(cost, base, new)
    steps = (20203.252032520366, -9380.081300813064, 11340.098289042595, 6615.057335274876, 13369.869402985089)
    means = (21046.811894541537, -9577.549782843893, 11523.243728006328, 6497.592164937473, 12658.097754368417)
    assert tuple(made.in_order.values()) == pytest.approx(steps, rel=1e-9)
    assert tuple(made.shapley.values()) == pytest.approx(means, rel=1e-9)
    other = theory.bridge(cost, base, new, order=["rate", "occupancy", "shrinkage", "aht", "volume"])
    assert list(other.in_order) == ["rate", "occupancy", "shrinkage", "aht", "volume"]
    assert other.shapley == pytest.approx(made.shapley, rel=1e-12)
    for one in (made, other):
        assert math.fsum(one.in_order.values()) == pytest.approx(one.difference, abs=1e-9)
        assert math.fsum(one.shapley.values()) == pytest.approx(one.difference, abs=1e-9)
    with pytest.raises(ValueError, match="the same drivers"):
        theory.bridge(cost, base, {**new, "more": 1.0})
    with pytest.raises(ValueError, match="the same drivers"):
        theory.bridge(cost, base, new, order=["rate"])
