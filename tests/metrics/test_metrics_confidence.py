import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ccsim.metrics.confidence import exact_count, exact_share, hall, reaches, skewness_of, wilson
from ccsim.metrics.estimates import estimate
from ccsim.metrics.quantiles import GRID, quantiles
from ccsim.metrics.ratios import ratios
from ccsim.metrics.waits import Waits
from ccsim.results.bins import bin_of_wait
from ccsim.results.tables import Assembler
from tests.support.stand_in.desk import MEASURED, desk_model, fake_replication, fake_run
from tests.support.stand_in.engine import THRESHOLDS, FakeSimulated, empty_tables


def test_wilson_stays_inside_and_matches_scipy():
    for k, n in [(0, 5), (5, 5), (17, 20), (1, 1000)]:
        low, high = wilson(k, n, 0.95)
        exact = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert (low, high) == (pytest.approx(exact.low, abs=1e-12), pytest.approx(exact.high, abs=1e-12))
        assert 0 <= low <= k / n <= high <= 1


def test_exact_limits_are_those_of_the_binomial_and_the_poisson_law():
    for k, n in [(0, 5), (5, 5), (17, 20), (1, 1000)]:
        exact = stats.binomtest(k, n).proportion_ci(0.95, method="exact")
        low, high = exact_share(k, n, 0.95)
        assert (float(low), float(high)) == (pytest.approx(exact.low, abs=1e-12), pytest.approx(exact.high, abs=1e-12))
        low, high = exact_count(k, 0.95)
        assert stats.poisson.cdf(k, high) == pytest.approx(0.025)
        assert low == 0 if k == 0 else stats.poisson.sf(k - 1, low) == pytest.approx(0.025)


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(3, 60), st.floats(1, 8), st.floats(-1, 1))
def test_halls_statistic_at_the_ends_is_the_quantile(n, quantile, a):
    """The transformed statistic of Hall (1992) is the quantile at either end; without skewness it is Student's."""
    g = a * np.sqrt(n)
    for t, q in ((hall(quantile, g, n), quantile), (-hall(quantile, -g, n), -quantile)):
        assert t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6 == pytest.approx(q, abs=1e-9)
    assert hall(quantile, 0.0, n) == pytest.approx(quantile)
    below, above = reaches(quantile, g, n)
    assert 0.8 * quantile <= below <= 1.5 * quantile
    tiny = 1e-9 * quantile
    assert (
        above >= quantile - tiny and below <= quantile + tiny
    ) or a < 0  # a long tail above is seen too little of: the end is farther there
    assert reaches(quantile, -g, n) == (above, below)
    assert reaches(quantile, g, n, 2.0)[1] >= above


def test_skewness_is_that_of_scipy_and_nothing_of_two():
    moves = np.random.default_rng(4).exponential(size=(3, 9))
    moves -= moves.mean(axis=1, keepdims=True)
    standard = moves / moves.std(axis=1, ddof=1, keepdims=True)
    assert skewness_of(standard) == pytest.approx(stats.skew(moves, axis=1, bias=False))
    assert skewness_of(np.array([1.0, -1.0])) == 0


def test_estimates_are_ratios_of_sums_not_means_of_ratios():
    run = fake_run(5)
    frame = run.tables["queue_sums"]
    pooled = frame["wait_answered_us"].sum() / frame["answered"].sum() / 1e6
    assert run.estimate("asa")["estimate"] == pytest.approx(pooled, rel=1e-14)


def test_level_and_method_are_as_asked_for():
    run = fake_run(5)
    row = {}
    for level, method in ((0.95, "jackknife"), (0.5, "jackknife"), (0.95, "delta")):
        frame = estimate(run.tables, run.measured, kpis=["asa"], scopes=["all"], level=level, method=method)
        row[level, method] = frame.iloc[0]
    wide, narrow, delta = row.values()
    assert wide["high"] - wide["low"] > 2 * (narrow["high"] - narrow["low"])
    assert delta["standard_error"] == pytest.approx(wide["standard_error"], rel=0.3)
    assert delta["standard_error"] != wide["standard_error"]
    assert (wide["method"], delta["method"]) == tuple(
        f"{how} of the logarithm; 5 replications are few" for how in ("jackknife", "delta")
    )


def waits_of(replications: int, queue: int | None = None) -> list[np.ndarray]:
    """Answered waits by replication as the stand-in drew them, up to their bin."""
    made = []
    for r in range(replications):
        rows = fake_replication(r).tables["waits"]
        made.append([(b, n) for q, b, n in rows.tolist() if queue in (None, q)])
    return made


def test_wait_quantiles_are_those_of_all_waits_and_have_an_interval():
    run = fake_run(6)
    frame = run.tables["waits"]
    bins = np.sort(np.repeat(frame["bin"], frame["answered"]))
    for percent in (50, 80, 90, 95, 99):
        row = run.estimate(f"wait_p{percent}")
        rank = int(np.ceil(percent / 100 * len(bins))) - 1
        assert bin_of_wait(int(row["estimate"] * 1e6)) == bins[rank]
        assert row["low"] <= row["estimate"] <= row["high"]
        assert row["method"].startswith("Woodruff")


def test_woodruffs_interval_covers_the_true_quantile():
    def waits(seed):
        rng = np.random.default_rng(seed)
        made = Assembler(desk_model().names, None, THRESHOLDS)
        for _ in range(15):
            bins = [bin_of_wait(int(w)) for w in rng.exponential(20e6 * rng.gamma(50, 1 / 50), 100)]
            held, counts = np.unique(bins, return_counts=True)
            rows = np.column_stack([np.zeros(len(held), dtype=np.int64), held, counts])
            made.add(FakeSimulated(empty_tables() | {"waits": rows}))
        return made.finish()[0]

    true = 20 * -np.log(0.2)  # of the mean law; the gamma factor's spread moves it by less than 1 %
    rows = [estimate(waits(s), MEASURED, kpis=["wait_p80"], scopes=["all"]).iloc[0] for s in range(160)]
    hits = sum(row["low"] <= true <= row["high"] for row in rows)
    assert 144 <= hits <= 159


def test_the_spread_of_waits_is_exact_even_where_it_is_tiny():
    from tests.support.stand_in.desk import queue_row, run_of_rows

    waits = [3_600_000_000, 3_600_000_001, 3_600_000_005]
    rows = queue_row(
        answered=3,
        offered=3,
        wait_answered_us=sum(waits),
        wait_answered_sq_hi=sum(w * w >> 40 for w in waits),
        wait_answered_sq_lo=sum(w * w & ((1 << 40) - 1) for w in waits),
    )
    assert run_of_rows(rows).estimate("wait_sd")["estimate"] == pytest.approx(np.std([0, 1, 5]) / 1e6)
    both = run_of_rows(rows, rows).estimate("wait_sd")
    assert both["standard_error"] == pytest.approx(0, abs=1e-9)


def test_the_spreads_error_is_that_of_the_jackknife():
    run = fake_run(12)
    frame = run.tables["queue_sums"].groupby("replication").sum()
    n = frame["answered"].to_numpy(dtype=float)
    s = frame["wait_answered_us"].to_numpy(dtype=float) / 1e6
    q = (frame["wait_answered_sq_hi"] * 2.0**40 + frame["wait_answered_sq_lo"]).to_numpy(dtype=float) / 1e12

    def sd(keep):
        return np.sqrt(q[keep].sum() / n[keep].sum() - (s[keep].sum() / n[keep].sum()) ** 2)

    left = np.array([sd(np.arange(12) != i) for i in range(12)])
    jackknife = np.sqrt(11 / 12 * ((left - left.mean()) ** 2).sum())
    row = run.estimate("wait_sd")
    assert row["estimate"] == pytest.approx(sd(np.arange(12) >= 0), rel=1e-9)
    assert row["standard_error"] == pytest.approx(jackknife, rel=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_a_quantiles_interval_begins_and_ends_where_the_share_below_a_wait_begins_and_ends_to_hold_it(seed):
    """Bin by bin: before its lower end the share below is certainly too small, at its upper end certainly large
    enough."""
    rng = np.random.default_rng(seed)
    rows = [
        (r, bin_of_wait(int(w)))
        for r in range(8)
        for w in np.maximum(rng.exponential(9e6 * rng.lognormal(0, 1), rng.poisson(80)) - 4e6, 0)
    ]
    replication, bins = np.array(sorted(rows, key=lambda row: row[1])).T
    held, counts = np.unique(bins, return_counts=True)
    answered = np.bincount(replication, minlength=8).astype(float)
    waits = Waits(held, counts, bins, replication, np.ones(len(bins)), answered)
    assert len(held) > 2 * GRID
    below = np.array([np.bincount(replication[bins <= b], minlength=8) for b in held], dtype=float)
    made = ratios(below, np.repeat(answered[None, :], len(held), axis=0), 0.95, "logit", counted="share")
    for share in (0.5, 0.8, 0.95):
        (found,) = next(quantiles([waits], [share], 0.95))
        assert found.low <= found.value <= found.high
        first, last = (np.searchsorted(held, bin_of_wait(int(end * 1e6))) for end in (found.low, found.high))
        assert made.high[first] >= share
        assert first == 0 or made.high[first - 1] < share
        assert made.low[last] >= share or found.at_longest
        assert made.low[last - 1] < share


def test_quantiles_of_many_parts_are_those_of_each_alone(monkeypatch):
    rng = np.random.default_rng(5)
    parts = []
    for size in (300, 1, 0, 40, 700):
        drawn = zip(rng.integers(0, 6, size), rng.exponential(8e6, size), strict=True)
        waits = [(int(r), bin_of_wait(int(w))) for r, w in drawn]
        replication, bins = np.array(sorted(waits, key=lambda row: row[1]), dtype=np.int64).reshape(-1, 2).T
        held, counts = np.unique(bins, return_counts=True)
        answered = np.bincount(replication, minlength=6).astype(float)
        parts.append(Waits(held, counts, bins, replication, np.ones(len(bins)), answered))
    shares = (0.9, 0.5)
    alone = [[next(quantiles([one], [share], 0.95))[0] for share in shares] for one in parts]
    assert alone[2][0].value is None
    assert alone[1][0].low is None
    assert alone[0][0].low < alone[0][0].value < alone[0][0].high
    assert alone[0][1].value < alone[0][0].value
    assert list(quantiles(parts, shares, 0.95)) == alone
    monkeypatch.setattr("ccsim.metrics.quantiles.ROOM", 1)  # one part after the other
    assert list(quantiles(iter(parts), shares, 0.95)) == alone
