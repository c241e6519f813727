"""Intervals made again in plain Python, number by number, from the words of `docs/decisions/009-intervals.md`."""

import math
from dataclasses import replace
from itertools import chain

import numpy as np
import pytest
from scipy import stats

from ccsim.kpis.definitions import KPIS
from ccsim.metrics.estimates import estimate
from ccsim.metrics.paired import Confidence, difference_of, needed, simultaneous
from ccsim.metrics.quantiles import quantiles
from ccsim.metrics.ratios import ratio_moves, ratios
from ccsim.metrics.waits import Moments, Waits
from ccsim.results.bins import bin_of_wait, lower_edge_ms, width_ms
from tests.support.stand_in.desk import MEASURED, fake_run

SCALES = {
    "logit": (lambda p: math.log(p / (1 - p)), lambda p: 1 / (p * (1 - p)), lambda v: 1 / (1 + math.exp(-v))),
    "log": (math.log, lambda v: 1 / v, math.exp),
    "plain": (lambda v: v, lambda v: 1.0, lambda v: v),
}


def moments_of(moves):
    """Standard error of a sum of moves' mean, and their skewness."""
    n = len(moves)
    variance = sum(move * move for move in moves) / (n - 1)
    if variance == 0:
        return 0.0, 0.0
    cubes = sum((move / math.sqrt(variance)) ** 3 for move in moves)
    return math.sqrt(variance / n), n / ((n - 1) * (n - 2)) * cubes if n > 2 else 0.0


def hall(quantile, skewness, n):
    """By bisection of Hall's statistic, which rises."""
    a = skewness / math.sqrt(n)
    low, high = -100.0, 100.0
    for _ in range(200):
        t = (low + high) / 2
        below = t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6 < quantile
        low, high = (t, high) if below else (low, t)
    return low


def reach(quantile, skewness, n, longest):
    return min(max(hall(quantile, skewness, n), 0.8 * quantile), longest * quantile)


def pseudo(whole, left_out):
    """Pseudo-values less their mean; the value of the whole has no part in it."""
    n, mean = len(left_out), sum(left_out) / len(left_out)
    return [(n - 1) * (mean - one) for one in left_out]


def linear(x, y):
    """Moves of a ratio by the delta method."""
    r, mean = sum(x) / sum(y), sum(y) / len(y)
    return [(a - r * b) / mean for a, b in zip(x, y, strict=True)]


def ends(value, left_out, delta, level, scale, method):
    """Both ends; `left_out`: whether there is a value for every replication, and the values."""
    inside = {"logit": lambda v: 0 <= v <= 1, "log": lambda v: v >= 0, "plain": lambda v: True}[scale]
    if scale != "plain" and not (value > 0 and (scale == "log" or value < 1) and all(map(inside, left_out[1]))):
        scale = "plain"
    there, slope, back = SCALES[scale]
    bound = {"logit": (0, 1), "log": (0,), "plain": ()}[scale]
    moves = [move * slope(value) for move in delta]
    if method == "jackknife" and left_out[0] and not any(one in bound for one in left_out[1]):
        moves = pseudo(there(value), [there(one) for one in left_out[1]])
    error, skewness = moments_of(moves)
    n, longest = len(moves), 2.0 if scale == "plain" else 1.5
    q = float(stats.t.ppf(0.5 + level / 2, n - 1))
    low = back(there(value) - reach(q, skewness, n, longest) * error)
    return min(low, value), max(back(there(value) + reach(q, -skewness, n, longest) * error), value)


def plain_ratio(x, y, level, scale, counted="", method="jackknife"):
    """Estimate, low, high, standard error; None where there is none."""
    whole, bottom = sum(x), sum(y)
    if bottom == 0:
        return None, None, None, None
    value = whole / bottom
    pairs = [(a, b) for a, b in zip(x, y, strict=True) if a or b]
    if len(pairs) < 2 or sum(b != 0 for b in y) < 2:
        return value, None, None, None
    x, y = zip(*pairs, strict=True)
    delta = linear(x, y)
    possible = all(bottom != b for b in y)
    left_out = [(whole - a) / (bottom - b if bottom != b else 1.0) for a, b in pairs]
    plain = delta if method == "delta" or not possible else pseudo(value, left_out)
    error = moments_of(plain)[0]
    low = high = value
    if error > 1e-12 * abs(value):
        low, high = ends(value, (possible, left_out), delta, level, scale, method)
        if scale == "log" and high > 1000 * abs(value):
            return value, None, None, None
    else:
        error = 0.0
    events = whole if counted == "rate" else min(whole, bottom - whole)
    everything = counted == "share" and whole == bottom
    few = (whole == 0 or everything or (error and events < 10)) and whole >= 0 and bottom > 0
    if counted == "share" and few and whole <= bottom:
        exact = stats.binomtest(round(whole), round(bottom)).proportion_ci(level, method="exact")
        low, high = min(low, exact.low), max(high, exact.high)
    elif counted == "rate" and few:
        k, tail = round(whole), (1 - level) / 2
        low = min(low, stats.chi2.ppf(tail, 2 * k) / 2 / bottom if k else 0.0)
        high = max(high, stats.chi2.isf(tail, 2 * k + 2) / 2 / bottom)
    return value, low, high, error


def cases():
    """Numerators and denominators of every kind: dense, sparse, none, all, one only, below 0, far apart."""
    rng = np.random.default_rng(11)
    for n in (1, 2, 3, 4, 7, 20):
        y = rng.integers(1, 60, n)
        yield rng.binomial(y, 0.6), y
        yield rng.binomial(y, 0.03), y
        yield rng.binomial(y, 0.97), y
        yield y, y
        yield 0 * y, y
        yield 0 * y, 0 * y
        yield rng.binomial(y, 0.5), np.where(np.arange(n) == 0, y, 0)
        sparse = y * (rng.random(n) < 0.5)
        yield rng.binomial(sparse, 0.4), sparse
        yield rng.integers(-5, 20, n), y
        yield rng.integers(0, 900, n), y
        yield np.where(np.arange(n) == 0, 0, 5000), y
        yield np.full(n, 4), np.full(n, 8)
        yield np.where(np.arange(n) == 0, 3, 0), np.full(n, 50)
        yield np.full(n, 5) + (np.arange(n) == n - 1), np.full(n, 50)
    for events in (9, 10, 11):
        yield np.array([events - 4, 4]), np.array([300, 200])
        yield np.array([300 - events + 4, 196]), np.array([300, 200])


@pytest.mark.parametrize("method", ["jackknife", "delta"])
@pytest.mark.parametrize(
    ("scale", "counted"), [("logit", "share"), ("logit", ""), ("log", "rate"), ("log", ""), ("plain", "")]
)
def test_intervals_of_ratios(scale, counted, method):
    for level in (0.95, 0.6):
        for x, y in cases():
            x, y = x.astype(float), y.astype(float)
            made = ratios(x[None], y[None], level, scale, counted=counted, method=method)
            value, low, high, error = plain_ratio(x.tolist(), y.tolist(), level, scale, counted, method)
            said = (x, y, level)
            assert made.known[0] == (value is not None), said
            assert made.estimate[0] == (value or 0.0), said
            assert made.has_interval[0] == (low is not None), said
            found = made.low[0], made.high[0], made.error[0]
            assert found == pytest.approx((low or 0.0, high or 0.0, error or 0.0), rel=1e-7, abs=1e-9), said


def test_many_parts_at_once_are_each_as_alone():
    pairs = [(x.astype(float), y.astype(float)) for x, y in cases() if len(x) == 7]
    together = ratios(np.array([x for x, _ in pairs]), np.array([y for _, y in pairs]), 0.95, "logit", counted="share")
    moves = ratio_moves(np.array([x for x, _ in pairs]), np.array([y for _, y in pairs]))
    for i, (x, y) in enumerate(pairs):
        alone = ratios(x[None], y[None], 0.95, "logit", counted="share")
        for name in ("estimate", "known", "low", "high", "error", "has_interval", "how", "note"):
            assert getattr(together, name)[i] == getattr(alone, name)[0], (name, x, y)
        assert moves.moves[i].sum() == pytest.approx(0, abs=1e-9)
        assert moves.used[i] == sum(1 for a, b in zip(x, y, strict=True) if a or b)


# Waits


def waits_of(rows):
    """`Waits` of lists of waits (us), one a replication, as the tables hold them."""
    cells = sorted({(bin_of_wait(w), r) for r, waits in enumerate(rows) for w in waits})
    counts = [sum(bin_of_wait(w) == b for w in rows[r]) for b, r in cells]
    bins = sorted({b for b, _ in cells})
    whole = [sum(n for (b, _), n in zip(cells, counts, strict=True) if b == one) for one in bins]
    return Waits(
        np.array(bins, np.int64), np.array(whole, np.int64), np.array([b for b, _ in cells], np.int64),
        np.array([r for _, r in cells], np.int64), np.array(counts, float), np.array([float(len(w)) for w in rows]),
    )  # fmt: skip


def quantile(waits, share):
    """The smallest wait that a share does not exceed, spread evenly in its bin."""
    ordered = sorted(bin_of_wait(w) for w in waits)
    rank = min(max(math.ceil(share * len(ordered) - 1e-9), 1), len(ordered))
    index = ordered[rank - 1]
    within = (rank - sum(b < index for b in ordered) - 0.5) / ordered.count(index)
    return (lower_edge_ms(index) + (width_ms(index) - 1) * within) / 1000


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8, 0.95])
def test_quantiles_of_waits(share):
    rng = np.random.default_rng(5)
    rows = [(rng.exponential(20e6, n) * (rng.random(n) < 0.8)).astype(int).tolist() for n in (40, 25, 0, 60, 33)]
    pooled = list(chain(*rows))
    (found,) = next(quantiles([waits_of(rows)], [share], 0.9))
    assert found.value == pytest.approx(quantile(pooled, share))
    ordered = sorted(bin_of_wait(w) for w in pooled)
    last = ordered[math.ceil(share * len(ordered) - 1e-9) - 1]
    below = [float(sum(bin_of_wait(w) <= last for w in some)) for some in rows]
    assert waits_of(rows).below(share).tolist() == below
    at, low, high, _ = plain_ratio(below, [float(len(some)) for some in rows], 0.9, "logit", "share")
    there, _, back = SCALES["logit"]
    near = [quantile(pooled, back(there(share) + there(end) - there(at))) for end in (low, high)]
    assert found.error == pytest.approx((near[1] - near[0]) / (2 * stats.t.ppf(0.95, 4)))
    assert 0 <= found.low <= found.value <= found.high <= max(pooled) / 1e6 * 1.01
    each = waits_of(rows).quantile_by_replication(share)
    assert each == [pytest.approx(quantile(some, share)) if some else None for some in rows]


def test_spreads_of_waits():
    rng = np.random.default_rng(6)
    rows = [rng.exponential(30e6, n).astype(int).tolist() for n in (30, 0, 12, 50, 9)]
    made = Moments([len(w) for w in rows], [sum(w) for w in rows], [sum(v * v for v in w) for w in rows])
    pooled = list(chain(*rows))
    sd = float(np.std(pooled)) / 1e6
    taken = [some for some in rows if some]
    left_out = [float(np.std(list(chain(*(o for o in taken if o is not some))))) / 1e6 for some in taken]
    mean, square = float(np.mean(pooled)), float(np.mean(np.square(np.array(pooled, float))))
    delta = [
        ((sum(v * v for v in w) - square * len(w)) - 2 * mean * (sum(w) - mean * len(w)))
        * len(taken) / len(pooled) / (2 * sd * 1e12)
        for w in taken
    ]  # fmt: skip
    found = made.spread(0.9)
    low, high = ends(sd, (True, left_out), delta, 0.9, "log", "jackknife")
    assert (found.value, found.low, found.high) == pytest.approx((sd, low, high), rel=1e-6)
    assert found.error == pytest.approx(moments_of(delta)[0], rel=1e-6)
    assert found.how == "jackknife of the logarithm"
    assert made.by_replication() == [pytest.approx(float(np.std(w)) / 1e6) if w else None for w in rows]
    alone = Moments([3, 0], [6, 0], [14, 0]).spread(0.9)
    assert (alone.value, alone.low) == (pytest.approx(math.sqrt(14 / 3 - 4) / 1e6), None)
    with pytest.raises(ValueError, match="cannot add up"):
        Moments([2], [4], [7]).sd()


# Differences


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("n", [2, 3, 8, 30])
def test_differences(n, skewed):
    rng = np.random.default_rng(n)
    for shift in (0.0, 0.4, -0.4, 3.0, -3.0):
        a, b = rng.normal(size=n), rng.exponential(size=n) + 0.3 * rng.normal(size=n)
        a, b = a - a.mean(), b - b.mean()
        confidence = Confidence(0.08, 2, skewed)
        found = difference_of(10.0, 10.0 + shift, a, b, confidence)
        error, skewness = moments_of((b - a).tolist())
        q = float(stats.t.ppf(1 - 0.08 / 2 / 2, n - 1))
        away = skewness if shift > 0 else -skewness if shift < 0 else -abs(skewness)
        near, far = (reach(q, sign * away, n, 2.0) for sign in (1, -1))
        if skewed:
            near, far = max(hall(q, away, n), q), max(far, q)
        below, above = (near, far) if shift > 0 else (far, near) if shift < 0 else (near, near)
        assert found.difference == pytest.approx(shift)
        assert (found.low, found.high, found.error) == pytest.approx(
            (shift - below * error, shift + above * error, error), rel=1e-7
        )
        decided = found.low > 0 or found.high < 0
        assert found.verdict == (("higher" if shift > 0 else "lower") if decided else "not decided")
        assert found.saved == pytest.approx((np.var(a) + np.var(b)) / np.var(b - a))
        if decided:
            assert found.more == 0
        elif shift == 0:
            assert found.more is None


def test_needed_is_the_smallest_number_that_is_enough():
    confidence = Confidence(0.05, 1)
    for spread, half in ((1.0, 0.5), (2.0, 0.11), (1.0, 0.9)):
        enough = [n for n in range(4, 3000) if confidence.reach(n, 0.5) * spread <= half * math.sqrt(n)]
        assert needed(spread, half, 4, confidence, 0.5) == enough[0] - 4
    assert needed(1.0, 0.0, 4, confidence) is None
    assert needed(1.0, 1e-6, 4, confidence) is None
    assert needed(0.0, 1.0, 4, confidence) == 0
    assert simultaneous(0) == simultaneous(1) == Confidence(pytest.approx(0.05), 1)
    assert simultaneous(3, 0.9) == Confidence(pytest.approx(0.1), 3)


# Estimates


def test_every_ratio_of_a_run_has_the_interval_of_its_sums():
    run = fake_run(4, measured=replace(MEASURED, thresholds=(20_000_000,)))
    checked = 0
    for kpi in KPIS.values():
        if kpi.table != "queue_sums" or kpi.kind != "ratio" or kpi.unit.startswith("money"):
            continue
        frame = run.tables["queue_sums"].groupby("replication").sum()
        names = dict.fromkeys(
            [*kpi.numerator.replace("-", "+").split("+"), *kpi.denominator.replace("-", "+").split("+")]
        )
        if not {name.strip() for name in names} <= set(frame.columns):
            continue
        x, y = (frame.eval(formula).to_numpy(float).tolist() for formula in (kpi.numerator, kpi.denominator))
        if not any(y):  # no bot works here
            continue
        row = estimate(run.tables, run.measured, kpis=[kpi.name], scopes=["all"], level=0.8).iloc[0]
        found = plain_ratio(x, y, 0.8, kpi.interval_scale, kpi.counted)
        for name, value in zip(("estimate", "low", "high", "standard_error"), found, strict=True):
            assert row[name] == pytest.approx(value * kpi.scale, rel=1e-7), (kpi.name, name)
        seconds = [1e-6 if formula.endswith("_us") else 1.0 for formula in (kpi.numerator, kpi.denominator)]
        assert (row["numerator"], row["denominator"]) == pytest.approx((sum(x) * seconds[0], sum(y) * seconds[1]))
        assert row["replications"] == 4
        checked += 1
    assert checked > 12
