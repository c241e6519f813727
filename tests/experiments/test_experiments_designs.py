"""Designs of studies: what must hold of Sobol points and of a Latin hypercube, whatever their seed."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import qmc

from ccsim.experiments import sweep_study
from ccsim.experiments.sweep_study import drawn
from ccsim.language.studies import Design, StudiedValues
from ccsim.text.ranges import span_of
from ccsim.text.tree import Place, Source


def unit_points(kind, points, dimensions, seed):
    return sweep_study.unit_points(Design(kind=kind, points=points, seed=seed), dimensions)


@pytest.mark.parametrize("kind", ["sobol", "latin_hypercube", "saltelli"])
def test_values_are_written_to_a_hundred_thousandth_of_the_range(kind):
    one = StudiedValues((), span_of("0.0", "1.0"), Place(Source("study.yaml", Path())))
    written = np.array(drawn([one, one], Design(kind=kind, points=32, seed=7)), dtype=float)
    assert written == pytest.approx(unit_points(kind, 32, 2, 7), abs=1e-5)


def test_a_saltelli_design_changes_one_factor_at_a_time():
    a, b, *mixed = unit_points("saltelli", 16, 3, 7).reshape(5, 16, 3)
    for sample in (a, b):
        assert (np.sort((sample * 16).astype(int), axis=0) == np.arange(16)[:, None]).all()
    for i, one in enumerate(mixed):
        assert (one[:, i] == b[:, i]).all()
        others = [k for k in range(3) if k != i]
        assert (one[:, others] == a[:, others]).all()


@pytest.mark.parametrize("seed", [0, 5, 2026])
@pytest.mark.parametrize("dimensions", [1, 2, 5])
@pytest.mark.parametrize("kind", ["sobol", "latin_hypercube"])
def test_each_part_of_each_factor_has_one_point(kind, dimensions, seed):
    for points in (4, 16, 64) if kind == "sobol" else (4, 20, 63):
        found = unit_points(kind, points, dimensions, seed)
        assert (np.sort((found * points).astype(int), axis=0) == np.arange(points)[:, None]).all()


@pytest.mark.parametrize("seed", [0, 5])
def test_two_factors_of_a_sobol_design_have_one_point_in_every_box(seed):
    found = unit_points("sobol", 64, 2, seed)
    for a in range(7):
        boxes = (found * [2**a, 2 ** (6 - a)]).astype(int)
        assert len(np.unique(boxes, axis=0)) == 64


def test_the_sequence_itself_is_that_of_joe_and_kuo():
    """The generator that designs scramble, unscrambled: direction numbers and order as published."""
    first = [[0, 0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75], [0.375, 0.375], [0.875, 0.875], [0.625, 0.125],
             [0.125, 0.625]]  # fmt: skip
    assert qmc.Sobol(2, scramble=False).random(8).tolist() == first
    fifth = [0.1875, 0.3125, 0.9375, 0.4375, 0.5625]
    assert qmc.Sobol(5, scramble=False).random(16)[8].tolist() == fifth


def test_a_latin_hypercube_tells_means_of_sums_better_than_plain_sampling():
    """The variance of the mean of an additive function is of smaller order than 1/N (Stein, 1987)."""
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    plain = (weights**2).sum() / 12
    spread = {}
    for points in (10, 40):
        means = [(unit_points("latin_hypercube", points, 4, seed) @ weights).mean() for seed in range(200)]
        spread[points] = np.var(means) / (plain / points)
    assert spread[10] < 0.05
    assert spread[40] < spread[10] / 4
