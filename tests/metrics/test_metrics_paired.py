import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import skew

from ccsim.metrics.paired import Confidence, difference_of, differences, needed, simultaneous
from ccsim.metrics.paired_influence import Line, Simulated
from ccsim.metrics.ratios import ratios
from ccsim.metrics.sums import Sums
from ccsim.results.parquet import plain_rows
from tests.support.stand_in.desk import desk_model, fake_replication, fake_run, queue_row, run_of_rows


def simulated(run):
    return Simulated(Sums(run.tables, run.measured))


def level(percents):
    rows = [queue_row(offered=100, answered=100, answered_within_20s=p, wait_answered_us=10**8) for p in percents]
    return simulated(run_of_rows(*rows))


def row_of(rows, kpi, **keys):
    wanted = {"scope": "all", "name": "all"} | keys
    found = [row for row in rows if row["kpi"] == kpi and all(row[k] == v for k, v in wanted.items())]
    assert len(found) == 1
    return found[0]


def test_every_influence_has_the_standard_error_and_value_of_the_estimate():
    run = fake_run(7)
    mine = simulated(run)
    known = {(r["kpi"], r["scope"], r["name"], r["threshold_s"]): r for r in plain_rows(run.estimates)}
    seen = 0
    for line in mine.lines(None, None):
        found = mine.influence(line)
        threshold = None if line.threshold is None else line.threshold / 1e6
        for i, name in enumerate(found.names):
            row = known[line.kpi, line.scope, name, threshold]
            if row["estimate"] is None:
                assert not found.known[i]
                continue
            assert found.values[i] == row["estimate"]
            error = math.sqrt(float((found.moves[i] ** 2).sum()) / (7 * 6))
            expected = 0.0 if row["standard_error"] is None else row["standard_error"]
            assert error == pytest.approx(expected, rel=1e-6, abs=1e-9), (line, name)
            assert found.moves[i].sum() == pytest.approx(0, abs=1e-6 * max(abs(found.values[i]), 1))
            seen += 1
    assert seen > 200


def test_a_difference_is_what_paper_and_pencil_say():
    base = level([80, 70, 90])
    rows = differences(base, {"v": level([84, 73, 95])}, simultaneous(1))
    row = row_of(rows, "service_level", threshold_s=20.0)
    assert row["base"] == pytest.approx(0.80)
    assert row["value"] == pytest.approx(0.84)
    assert row["difference"] == pytest.approx(0.04)
    # differences 0.04, 0.03, 0.05: spread 0.01, Student 4.303 with 2 degrees of freedom
    assert row["standard_error"] == pytest.approx(0.01 / math.sqrt(3))
    assert row["high"] - row["difference"] == pytest.approx(4.302653 * 0.01 / math.sqrt(3), rel=1e-6)
    assert (row["verdict"], row["good"], row["more_replications"]) == ("higher", "better", 0)
    assert row["pairing_saved"] == pytest.approx((0.01 + 0.0121 + 0.0001 / 3) / 0.0001, rel=0.01)
    own = base.sums.tables["queue_sums"]["answered_within_20s"].to_numpy()
    one = ratios(own[None, :].astype(float), np.full((1, 3), 100.0), 0.95, "logit")
    assert (row["base_low"], row["base_high"]) == (one.low[0], one.high[0])


def test_the_same_simulates_are_equal_everywhere_and_nothing_is_to_decide():
    rows = differences(simulated(fake_run(4)), {"v": simulated(fake_run(4))}, simultaneous(1))
    assert {row["verdict"] for row in rows} <= {"equal", "missing"}
    assert all(row["more_replications"] in (0, None) for row in rows)
    assert all(row["pairing_saved"] is None for row in rows)


def test_intervals_widen_with_the_number_of_variants_only():
    base, one = level([80, 70, 90]), level([84, 73, 95])
    alone = row_of(differences(base, {"v": one}, simultaneous(1)), "service_level", threshold_s=20.0)
    among = differences(base, {"v": one, "w": one, "x": one}, simultaneous(3))
    among = row_of(among, "service_level", threshold_s=20.0, variant="v")
    assert among["high"] - among["low"] > alone["high"] - alone["low"]
    assert among["difference"] == alone["difference"]
    assert simultaneous(4).quantile(10) == pytest.approx(Confidence(0.05 / 4, 1).quantile(10))


def test_a_part_that_only_one_has_is_missing_with_the_reason():
    pools = [
        (0, "desk", "t1", "manila", "northwind", "APAC", "en", 30),
        (1, "gurus", "t1", "x", "house", "NA", "any", 1),
    ]
    other = desk_model(names=desk_model().names | {"pools": pools})
    rows = differences(
        simulated(fake_run(3)), {"v": simulated(fake_run(3, model=other))}, simultaneous(1), kpis=["occupancy"]
    )
    ours, theirs = (row_of(rows, "occupancy", scope="pool", name=name) for name in ("experts", "gurus"))
    assert (ours["value"], ours["verdict"], ours["note"]) == (None, "missing", "only in the base")
    assert (theirs["base"], theirs["verdict"], theirs["note"]) == (None, "missing", "only in the variant")


def test_what_cannot_be_made_is_missing_and_one_replication_decides_nothing():
    nothing = simulated(run_of_rows(queue_row(), queue_row()))
    row = row_of(differences(nothing, {"v": nothing}, simultaneous(1), kpis=["asa"], scopes=["all"]), "asa")
    assert (row["verdict"], row["difference"]) == ("missing", None)
    assert "no value" in row["note"]
    one = differences(level([80]), {"v": level([90])}, simultaneous(1), kpis=["service_level"], scopes=["all"])
    row = row_of(one, "service_level", threshold_s=20.0)
    assert (row["verdict"], row["low"], row["more_replications"]) == ("not decided", None, None)


def test_nothing_is_nan_whatever_is_compared():
    for row in differences(
        simulated(fake_run(3)),
        {"v": simulated(fake_run(3, simulate=lambda r: fake_replication(r, seed=8)))},
        simultaneous(1),
    ):
        for value in row.values():
            assert not isinstance(value, float) or math.isfinite(value), row


@settings(derandomize=True, max_examples=60, deadline=None)
@given(st.floats(0.01, 100), st.floats(0.001, 10), st.integers(2, 500), st.integers(1, 20))
def test_so_many_more_replications_are_just_enough(spread, half, have, variants):
    confidence = simultaneous(variants)

    def narrow(n):
        return confidence.quantile(n) * spread <= half * math.sqrt(n)

    more = needed(spread, half, have, confidence)
    if more is None:
        assert spread / half > 1000
        return
    assert narrow(have + more)
    assert more == 0 or not narrow(have + more - 1)


def test_no_number_of_replications_decides_a_difference_of_nothing():
    assert needed(1.0, 0.0, 10, simultaneous(1)) is None
    assert needed(1.0, 1e-9, 10, simultaneous(1)) is None


def compared(moves, change, confidence):
    return difference_of(1.0, 1.0 + change, np.zeros(len(moves)), moves - moves.mean(), confidence)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.integers(2, 80), st.floats(0.1, 3), st.floats(-3, 3), st.integers(0, 2**32 - 1))
def test_a_decision_needs_students_statistic_and_halls(n, sigma, change, seed):
    moves, confidence = np.random.default_rng(seed).lognormal(0, sigma, size=n), Confidence(0.05, 2, skewed=True)
    made = compared(moves, change, confidence)
    q, t = confidence.quantile(n), change / (float(moves.std(ddof=1)) / math.sqrt(n))
    a = float(skew(moves, bias=False)) / math.sqrt(n) if n > 2 else 0.0
    hall = t + a * t**2 / 3 + a**2 * t**3 / 27 + a / 6
    sign = math.copysign(1, change)
    least = min(sign * t, sign * hall)
    if abs(least - q) > 1e-6 * q:
        assert (made.verdict in ("higher", "lower")) is (least > q)
    half = q * float(moves.std(ddof=1)) / math.sqrt(n)
    assert made.low <= change - half + 1e-9 * half
    assert made.high >= change + half - 1e-9 * half
    hall_alone = compared(moves, change, Confidence(0.05, 2))
    assert made.low <= hall_alone.low
    assert made.high >= hall_alone.high


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.integers(2, 60), st.sampled_from([-1.0, -0.3, 0.0, 0.2, 2.0]), st.integers(0, 2**32 - 1))
def test_an_exchanged_pair_is_judged_alike(n, change, seed):
    rng = np.random.default_rng(seed)
    a, b = (one - one.mean() for one in (rng.normal(size=n), rng.lognormal(0, 1.5, size=n)))
    confidence = Confidence(0.05, 2, skewed=True)
    one, other = difference_of(4.0, 4.0 + change, a, b, confidence), difference_of(4.0 + change, 4.0, b, a, confidence)
    assert (one.low, one.high, one.error, one.more) == (-other.high, -other.low, other.error, other.more)
    turned = {"higher": "lower", "lower": "higher"}
    assert other.verdict == turned.get(one.verdict, one.verdict)


@pytest.mark.parametrize("n", [2, 3, 20])
@pytest.mark.parametrize("moves", [0.0, 1e-200, 5.0])
def test_differences_that_are_all_equal_or_few_have_an_interval(n, moves):
    confidence = Confidence(0.05, 2, skewed=True)
    spread = np.zeros(n)
    spread[0], spread[-1] = moves, -moves
    for base, variant in ((0.0, 0.0), (1.0, 1.0), (1.0, 2.0)):
        made = difference_of(base, variant, np.zeros(n), spread, confidence)
        assert math.isfinite(made.low)
        assert math.isfinite(made.high)
        assert made.low <= variant - base <= made.high


@pytest.mark.parametrize("sign", [-1, 1])
def test_so_many_more_replications_decide_by_the_rule_itself(sign):
    """With so many more of the same spread and skewness it is decided, with one fewer it is not."""
    confidence, once = Confidence(0.05, 2, skewed=True), np.random.default_rng(3).exponential(size=20)
    more = compared(once, sign * 0.2, confidence).more
    assert more > 20
    spread, away = float(once.std(ddof=1)), sign * float(skew(once, bias=False))
    for replications, decided in ((20 + more, True), (19 + more, False)):
        assert (confidence.reach(replications, away) * spread <= 0.2 * math.sqrt(replications)) is decided


def test_simultaneous_intervals_cover_all_variants_as_often_as_they_say():
    rng = np.random.default_rng(1)
    confidence, missed, trials = simultaneous(3), 0, 2000
    for _ in range(trials):
        base = rng.normal(size=8)
        found = []
        for _ in range(3):
            variant = rng.normal(0.5, 1, size=8) + base
            made = difference_of(base.mean(), variant.mean(), base - base.mean(), variant - variant.mean(), confidence)
            found.append(made.low <= 0.5 <= made.high)
        missed += not all(found)
    assert missed / trials < 0.05 + 3 * math.sqrt(0.05 * 0.95 / trials)
    assert missed / trials > 0.02  # not so wide that they say nothing


def test_lines_do_not_repeat():
    lines = list(simulated(fake_run(2)).lines(None, None))
    assert len(lines) == len(set(lines))
    assert Line("service_level", "all", 20_000_000) in lines
