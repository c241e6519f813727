import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.results.bins import BINS, LONGEST_MS, bin_of_wait, lower_edge_ms, quantile_seconds, width_ms


def test_bins_tile_the_waits_without_gap_or_overlap():
    edges = [lower_edge_ms(b) for b in range(BINS)]
    assert edges[:130] == [*range(130)]
    assert all(lower_edge_ms(b) + width_ms(b) == lower_edge_ms(b + 1) for b in range(BINS - 1))
    assert lower_edge_ms(BINS - 1) + width_ms(BINS - 1) - 1 == LONGEST_MS
    assert bin_of_wait(LONGEST_MS * 1000 + 999) == BINS - 1


@settings(derandomize=True, max_examples=300)
@given(st.integers(0, 1 << 45))
def test_a_wait_lies_in_its_bin_which_is_narrow(micros):
    b, ms = bin_of_wait(micros), micros // 1000
    assert lower_edge_ms(b) <= ms < lower_edge_ms(b) + width_ms(b)
    assert width_ms(b) == 1 or width_ms(b) <= 0.008 * ms


@settings(derandomize=True, max_examples=100)
@given(
    st.lists(st.integers(0, 4_000_000_000), min_size=1, max_size=60),
    st.sampled_from([0.0, 0.5, 0.8, 0.99, 1.0]),
)
def test_a_quantile_is_the_inverse_of_the_empirical_distribution_up_to_a_bin(waits, share):
    bins, counts = np.unique([bin_of_wait(w) for w in waits], return_counts=True)
    exact = np.quantile(waits, share, method="inverted_cdf") / 1e6
    found = quantile_seconds(bins, counts, share)
    assert found == pytest.approx(exact, rel=0.008, abs=0.001)


def test_the_quantile_of_nothing_is_missing():
    assert quantile_seconds(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 0.5) is None


def test_a_wait_of_nothing_has_quantile_zero():
    assert quantile_seconds(np.array([0]), np.array([7]), 0.99) == 0.0
