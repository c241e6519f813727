import math

import numpy as np
import pytest

from ccsim.language.goals import Goal
from ccsim.metrics import best as module
from ccsim.metrics.best import best
from ccsim.metrics.paired_influence import Simulated
from ccsim.metrics.sums import Sums
from tests.support.stand_in.desk import fake_run, queue_row, run_of_rows


def level(percents):
    rows = [queue_row(offered=1000, answered=1000, answered_within_20s=p, wait_answered_us=p * 10**6) for p in percents]
    run = run_of_rows(*rows)
    return Simulated(Sums(run.tables, run.measured))


def of(rows, alternative, goal=0):
    return next(row for row in rows if (row["alternative"], row["goal"]) == (alternative, goal))


HIGH = Goal(kpi="service_level", at_least=0.8)
LOW = Goal(kpi="asa", at_most=0.5)


def test_the_probability_is_that_of_the_normal_law_and_the_share_is_counted():
    rng = np.random.default_rng(3)
    base = rng.integers(600, 900, size=60)
    variant = base + rng.integers(-40, 48, size=60)
    rows = best([HIGH], {"base": level(base), "variant": level(variant)})
    apart = variant - base
    expected = 0.5 * (1 + math.erf(apart.mean() / (apart.std(ddof=1) / math.sqrt(60)) / math.sqrt(2)))
    assert of(rows, "variant")["probability_best"] == pytest.approx(expected, abs=0.02)
    assert 0.6 < expected < 0.999
    won = ((apart > 0) + 0.5 * (apart == 0)).mean()
    assert of(rows, "variant")["share_won"] == pytest.approx(won)
    assert of(rows, "base")["share_won"] == pytest.approx(1 - won)
    assert of(rows, "base")["probability_best"] + of(rows, "variant")["probability_best"] == pytest.approx(1)


def test_a_goal_of_at_most_wants_the_lowest():
    rows = best([HIGH, LOW], {"a": level([800, 810, 820]), "b": level([700, 710, 715])})
    assert of(rows, "a", 0)["probability_best"] == 1
    assert of(rows, "b", 1)["probability_best"] == 1
    assert of(rows, "b", 1)["share_won"] == 1


def test_a_band_wants_the_nearest_and_ties_are_shared():
    band = Goal(kpi="service_level", at_least=0.6, at_most=0.9)
    rows = best([band], {"in": level([700, 720]), "also_in": level([800, 810]), "out": level([950, 960])})
    assert [of(rows, name)["probability_best"] for name in ("in", "also_in", "out")] == [0.5, 0.5, 0]
    assert [of(rows, name)["share_won"] for name in ("in", "also_in", "out")] == [0.5, 0.5, 0]


def test_equal_alternatives_share_everything():
    same = [Simulated(Sums(run.tables, run.measured)) for run in (fake_run(4), fake_run(4), fake_run(4))]
    goals = [
        HIGH,
        LOW,
        Goal(kpi="wait_p95", at_most=1),
        Goal(kpi="wait_sd", at_most=1),
        Goal(kpi="occupancy", at_most=0.9),
    ]
    for row in best(goals, dict(zip("abc", same, strict=True))):
        assert row["probability_best"] == pytest.approx(1 / 3)
        assert row["share_won"] == pytest.approx(1 / 3)


def test_who_has_no_value_takes_no_part():
    nothing = run_of_rows(queue_row(), queue_row())
    rows = best([HIGH], {"a": level([800, 700]), "none": Simulated(Sums(nothing.tables, nothing.measured))})
    assert of(rows, "a")["probability_best"] == 1
    assert (of(rows, "none")["probability_best"], of(rows, "none")["share_won"]) == (None, None)


def test_one_replication_has_no_probability_but_a_winner():
    rows = best([HIGH], {"a": level([800]), "b": level([700])})
    assert of(rows, "a")["probability_best"] is None
    assert of(rows, "a")["share_won"] == 1


def test_the_same_replications_give_the_same_probabilities():
    given = {"a": level([800, 700, 650]), "b": level([790, 720, 640])}
    assert best([HIGH, LOW], given) == best([HIGH, LOW], given)


@pytest.mark.parametrize("chunk", [2_000_000, 30_001, 10**9])
def test_the_bootstrap_has_its_size_whatever_the_chunks(chunk, monkeypatch):
    """`DRAWS` samples of n - 1 replications, the same ones for every alternative and every size of a chunk."""
    taken = []

    def spied(one, counts, plain=module.resampled):
        taken.append(counts)
        return plain(one, counts)

    monkeypatch.setattr(module, "_CHUNK", chunk)
    monkeypatch.setattr(module, "resampled", spied)
    rows = best([HIGH], {"a": level([800, 700, 760, 790]), "b": level([790, 720, 770, 780])})
    samples = np.concatenate(taken[::2])
    assert samples.shape == (module.DRAWS, 4)
    assert (samples.sum(axis=1) == 3).all()
    assert all(np.array_equal(a, b) for a, b in zip(taken[::2], taken[1::2], strict=True))
    assert samples.mean(axis=0) == pytest.approx(0.75, abs=0.03)
    assert of(rows, "a")["probability_best"] * module.DRAWS % 0.5 == pytest.approx(0, abs=1e-6)
