import numpy as np
import pytest
from fake_play import MEASURED, THRESHOLDS, FakeModel, FakePlayed, empty_tables, fake_play, fake_run
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from ccsim.metrics.confidence import delta_ratios, jackknife_ratios, ratios, student, wilson
from ccsim.metrics.estimates import estimate
from ccsim.results.bins import bin_of_wait
from ccsim.results.tables import Assembler


def test_with_equal_denominators_the_interval_is_students_of_the_mean():
    x = np.array([[3.0, 5.0, 8.0, 4.0]])
    made = delta_ratios(x, np.full((1, 4), 2.0))
    assert made.estimate[0] == pytest.approx(x.mean() / 2)
    assert made.error[0] == pytest.approx(stats.sem(x[0] / 2))
    low, high = stats.t.interval(0.95, 3, loc=x.mean() / 2, scale=stats.sem(x[0] / 2))
    assert made.estimate[0] + student(0.95, 4) * made.error[0] == pytest.approx(high)
    assert made.estimate[0] - student(0.95, 4) * made.error[0] == pytest.approx(low)
    assert jackknife_ratios(x, np.full((1, 4), 2.0)).error[0] == pytest.approx(made.error[0])


def test_a_ratio_by_hand():
    made = delta_ratios(np.array([[1.0, 2.0]]), np.array([[2.0, 2.0]]))
    assert made.estimate[0] == 0.75
    assert made.error[0] == pytest.approx(np.sqrt(2 * (0.5**2 + 0.5**2)) / 4)


@settings(derandomize=True, max_examples=60)
@given(st.integers(2, 30), st.integers(0, 10_000), st.floats(0.001, 1000))
def test_the_interval_does_not_depend_on_order_or_scale(n, seed, scale):
    rng = np.random.default_rng(seed)
    y = rng.integers(1, 50, (1, n)).astype(float)
    x = rng.binomial(y.astype(int), 0.7).astype(float)
    order = rng.permutation(n)
    a, b = delta_ratios(x, y), delta_ratios(x[:, order] * scale, y[:, order] * scale)
    assert a.estimate[0] == pytest.approx(b.estimate[0])
    assert a.error[0] == pytest.approx(b.error[0], abs=1e-12)


def test_delta_and_jackknife_agree_on_many_replications_and_cover():
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(400):
        y = rng.poisson(200, (1, 20)).astype(float)
        x = rng.binomial(y.astype(int), 0.8).astype(float)
        d, j = delta_ratios(x, y), jackknife_ratios(x, y)
        assert j.error[0] == pytest.approx(d.error[0], rel=0.1)
        hits += abs(d.estimate[0] - 0.8) <= student(0.95, 20) * d.error[0]
    assert 0.92 <= hits / 400 <= 0.98


def test_what_cannot_be_divided_is_not_known():
    made = delta_ratios(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[0.0, 0.0], [1.0, 1.0]]))
    assert made.known.tolist() == [False, True]
    assert np.isfinite(made.estimate).all()
    assert np.isfinite(made.error).all()
    alone = jackknife_ratios(np.array([[1.0, 0.0]]), np.array([[2.0, 0.0]]))
    assert alone.known.tolist() == [True]
    assert alone.has_error.tolist() == [False]
    single = ratios(np.array([[1.0]]), np.array([[2.0]]), "jackknife")
    assert (single.known[0], single.has_error[0]) == (True, False)


def test_wilson_stays_inside_and_matches_scipy():
    for k, n in [(0, 5), (5, 5), (17, 20), (1, 1000)]:
        low, high = wilson(k, n, 0.95)
        exact = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        assert (low, high) == (pytest.approx(exact.low, abs=1e-12), pytest.approx(exact.high, abs=1e-12))
        assert 0 <= low <= k / n <= high <= 1


def test_estimates_are_ratios_of_sums_not_means_of_ratios():
    run = fake_run(5)
    frame = run.tables["queue_sums"]
    pooled = frame["wait_answered_us"].sum() / frame["answered"].sum() / 1e6
    assert run.estimate("asa")["estimate"] == pytest.approx(pooled, rel=1e-14)


def test_level_and_method_are_as_asked_for():
    run = fake_run(5)
    row = {}
    for level, method in ((0.95, "delta"), (0.5, "delta"), (0.95, "jackknife")):
        frame = estimate(run.tables, run.measured, kpis=["asa"], scopes=["all"], level=level, method=method)
        row[level, method] = frame.iloc[0]
    wide, narrow, jack = row.values()
    assert wide["high"] - wide["low"] > 2 * (narrow["high"] - narrow["low"])
    assert jack["standard_error"] == pytest.approx(wide["standard_error"], rel=0.3)
    assert jack["standard_error"] != wide["standard_error"]
    assert jack["method"] == "jackknife"


def waits_of(replications: int, queue: int | None = None) -> list[np.ndarray]:
    """Answered waits by replication as the stand-in drew them, up to their bin."""
    made = []
    for r in range(replications):
        rows = fake_play(r).tables["waits"]
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
        assert row["method"] == "Woodruff"


def test_woodruffs_interval_covers_the_true_quantile():
    def waits(seed):
        rng = np.random.default_rng(seed)
        made = Assembler(FakeModel().names, None, THRESHOLDS)
        for _ in range(15):
            bins = [bin_of_wait(int(w)) for w in rng.exponential(20e6 * rng.gamma(50, 1 / 50), 100)]
            held, counts = np.unique(bins, return_counts=True)
            rows = np.column_stack([np.zeros(len(held), dtype=np.int64), held, counts])
            made.add(FakePlayed(empty_tables() | {"waits": rows}))
        return made.finish()[0]

    true = 20 * -np.log(0.2)  # of the mean law; the gamma factor's spread moves it by less than 1 %
    rows = [estimate(waits(s), MEASURED, kpis=["wait_p80"], scopes=["all"]).iloc[0] for s in range(80)]
    hits = sum(row["low"] <= true <= row["high"] for row in rows)
    assert 70 <= hits <= 79


def test_the_spread_of_waits_is_exact_even_where_it_is_tiny():
    from fake_play import queue_row, run_of_rows

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
