import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.results.bins import BINS, LONGEST_MS, bin_of_wait, lower_edge_ms, quantile_seconds, rank_of, width_ms


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


def test_a_bin_begins_at_its_lower_edge_and_ends_a_microsecond_before_the_next():
    edges = [lower_edge_ms(b) * 1000 for b in range(BINS)]
    assert [bin_of_wait(edge) for edge in edges] == [*range(BINS)]
    assert [bin_of_wait(edge - 1) for edge in edges[1:]] == [*range(BINS - 1)]
    assert [bin_of_wait(ms * 1000) for ms in (127, 128, 255, 256, 257, 258)] == [127, 128, 255, 256, 256, 257]


@pytest.mark.parametrize(
    ("share", "total", "rank"),
    [
        (0.5, 1, 1), (0.5, 2, 1), (0.5, 3, 2), (0.5, 10, 5), (0.5, 11, 6),
        (0.8, 5, 4), (0.8, 6, 5), (0.9, 10, 9), (0.9, 11, 10), (0.95, 20, 19), (0.95, 21, 20), (0.99, 100, 99),
        (0.99, 101, 100), (0.29, 100, 29), (0.07, 100, 7), (0.0, 5, 1), (1.0, 5, 5),
    ],
)  # fmt: skip
def test_a_rank_is_the_first_that_holds_the_share_neither_lower_nor_higher(share, total, rank):
    """0.29 x 100 and 0.07 x 100 are above 29 and 7 in binary arithmetic, which must not round them up."""
    assert rank_of(share, total) == rank


@pytest.mark.parametrize(("count", "rank"), [(9, 8), (10, 8), (11, 9), (14, 12), (15, 12), (16, 13)])
def test_a_quantile_is_the_wait_of_its_rank(count, rank):
    """The 80 % quantile of waits of 1, 2, 3, ... ms."""
    assert quantile_seconds(np.arange(1, count + 1), np.ones(count, dtype=np.int64), 0.8) == rank / 1000


def test_the_quantile_of_nothing_is_missing():
    assert quantile_seconds(np.array([], dtype=np.int64), np.array([], dtype=np.int64), 0.5) is None


def test_a_wait_of_nothing_has_quantile_zero():
    assert quantile_seconds(np.array([0]), np.array([7]), 0.99) == 0.0
