"""Rows of sums, chosen and copied to rows of tables."""

from __future__ import annotations

import numpy as np

from ccsim.kernel.table_rows import copy_columns, put_within, rows_in_use


def _sums(seed: int, columns: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.integers(-2, 3, (60, columns)) * (rng.random((60, columns)) < 0.2)


def _from(columns: list[int]) -> np.ndarray:
    """Columns, of which it does not matter here where they go."""
    return np.array([(column, -1) for column in columns], np.int64).reshape(-1, 2)


def test_the_columns_of_the_rows_are_copied_and_no_others() -> None:
    often, rare = _sums(1, 6), _sums(2, 4)
    rows = np.array([5, 0, 59, 5, 17])
    out = np.full((5, 7), -9, np.int64)
    copy_columns(often, rare, rows, np.array([[0, 2], [5, 1]]), np.array([[3, 6]]), out)
    wanted = np.full((5, 7), -9, np.int64)
    wanted[:, 2], wanted[:, 1], wanted[:, 6] = often[rows, 0], often[rows, 5], rare[rows, 3]
    assert out.tolist() == wanted.tolist()


def test_rows_with_a_sum_that_is_not_0_are_found_in_their_order() -> None:
    often, rare = _sums(3, 6), _sums(4, 4)
    rows = np.random.default_rng(5).permutation(60)[:50]
    out = np.empty_like(rows)
    for of_often, of_rare in (([0, 3], [2]), ([4], []), ([], [1, 3]), ([], [])):
        found = rows_in_use(often, rare, rows, _from(of_often), _from(of_rare), out)
        used = often[:, of_often].any(axis=1) | rare[:, of_rare].any(axis=1)
        assert out[:found].tolist() == rows[used[rows]].tolist()
    assert found == 0


def test_what_is_within_each_threshold_is_all_but_what_is_beyond() -> None:
    """Two kinds, of the second some without a wait; waits of 0, 1, 2 and 3, beyond as many of three thresholds."""
    answered, abandoned, without = [7, 4, 2, 1], [5, 0, 3, 2], 6
    row = [sum(answered), sum(abandoned) + without, without]
    for t in range(3):
        row += [answered[t + 1], abandoned[t + 1]]
    table = np.array([row, [0] * len(row)])
    put_within(table, 3, 3, np.array([[0, -1], [1, 2]]))
    assert table[0].tolist() == [14, 16, 6, 7, 5, 11, 5, 13, 8]
    assert not table[1].any()
