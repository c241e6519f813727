import itertools
import math

import numpy as np
import pytest
from fake_play import queue_row, run_of_rows

from ccsim.metrics.decide import ERROR, Until, confidence_at, looks, pairs_of, reached
from ccsim.metrics.paired import difference_of, simultaneous
from ccsim.metrics.paired_influence import Played
from ccsim.metrics.sums import Sums
from ccsim.scenario.sections import Goal

MOST = 300


@pytest.mark.parametrize("most", [2, 9, 10, 11, 100, 5000])
def test_looks_rise_and_end_at_the_cap(most):
    grid = list(looks(most))
    assert grid == sorted(set(grid))
    assert grid[-1] == most
    assert grid[0] == min(10, most)


def test_the_errors_of_all_looks_pairs_and_goals_add_up_to_no_more_than_the_stated_error():
    spent = sum(7 * ERROR / confidence_at(look, 7).shares for look in range(1, 10_000))
    assert 0.99 * ERROR < spent <= ERROR


def influence(top, bottom):
    ratio = top.sum() / bottom.sum()
    return ratio, (top - ratio * bottom) / bottom.mean()


def normal(luck, n):
    shared = luck.normal(size=n)
    return [(shared + luck.normal(size=n), np.ones(n)) for _ in range(2)]


def skewed(luck, n):
    shared = luck.exponential(size=n)
    return [(shared + luck.exponential(size=n) ** 2, np.ones(n)) for _ in range(2)]


def ratio(luck, n):
    contacts = luck.poisson(50, size=n).astype(float)
    return [(luck.binomial(contacts.astype(int), 0.05).astype(float), contacts) for _ in range(2)]


def decides(pair, confidence):
    """Whether a rule ever decides a pair of a base and a variant."""
    for number, n in enumerate(looks(MOST), 1):
        (base, a), (variant, b) = (influence(top[:n], bottom[:n]) for top, bottom in pair)
        if difference_of(base, variant, a, b, confidence(number)).verdict in ("higher", "lower"):
            return True
    return False


@pytest.mark.parametrize("law", [normal, skewed, ratio])
def test_null_pairs_are_decided_no_more_often_than_stated(law):
    luck, pairs = np.random.default_rng(7), 1000
    false = sum(decides(law(luck, MOST), lambda k: confidence_at(k, 1)) for _ in range(pairs))
    assert false / pairs <= ERROR + 2 * math.sqrt(ERROR * (1 - ERROR) / pairs)


def test_looking_again_and_again_without_spending_would_not_keep_it():
    luck, pairs = np.random.default_rng(7), 400
    false = sum(decides(normal(luck, MOST), lambda k: simultaneous(1)) for _ in range(pairs))
    assert false / pairs > 2 * ERROR


def test_a_real_difference_is_decided():
    luck, found = np.random.default_rng(9), 0
    for _ in range(100):
        (base, ones), (variant, _) = normal(luck, MOST)
        found += decides([(base, ones), (variant + 0.5, ones)], lambda k: confidence_at(k, 4))
    assert found >= 99


def desk(percents):
    rows = [queue_row(offered=1000, answered=1000, answered_within_20s=p, wait_answered_us=10**9) for p in percents]
    run = run_of_rows(*rows)
    return Played(Sums(run.tables, run.measured))


GOALS = [Goal(kpi="service_level", at_least=0.8), Goal(kpi="asa", at_most=1)]


def test_decided_waits_for_every_goal_of_every_variant():
    base, better, unclear = desk([800, 820, 790]), desk([900, 921, 889]), desk([801, 819, 795])
    sure, rule = confidence_at(1, 1), Until("decided")
    assert reached(rule, GOALS, base, {"b": better}, sure)  # the ASA is equal: there is nothing to decide
    assert not reached(rule, GOALS, base, {"b": better, "u": unclear}, sure)
    assert reached(rule, GOALS, base, {"b": base}, sure)


def test_precision_waits_for_the_width_of_the_difference():
    base, variant = desk([800, 820, 790]), desk([805, 815, 795])
    made = pairs_of(GOALS, base, {"v": variant}, simultaneous(1))["v", 0]
    width = (made.high - made.low) / 2 / made_base(variant)
    for factor, expected in ((0.99, False), (1.01, True)):
        assert reached(Until("precision", width * factor), GOALS, base, {"v": variant}, simultaneous(1)) is expected


def made_base(one):
    return float(one.sums.tables["queue_sums"]["answered_within_20s"].sum()) / 3000


def test_a_goal_without_a_value_is_never_reached():
    nothing = run_of_rows(queue_row(), queue_row())
    none = Played(Sums(nothing.tables, nothing.measured))
    for rule in (Until("decided"), Until("precision", 0.9)):
        assert not reached(rule, GOALS, none, {"v": none}, simultaneous(1))


def test_looks_never_end_before_the_cap_of_a_long_play():
    assert len(list(itertools.islice(looks(10**9), 100))) == 47
