"""Tuples of arrays that are described once: compiled functions read them as they read the tuples themselves."""

from __future__ import annotations

import gc
from typing import NamedTuple

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from ccsim.draws import held as module
from ccsim.draws.held import held
from ccsim.draws.jit import kernel_entry


class Inner(NamedTuple):
    shares: NDArray[np.float64]
    cube: NDArray[np.int64]


class Outer(NamedTuple):
    counts: NDArray[np.int64]
    inner: Inner
    rows: NDArray[np.int64]


@kernel_entry
def add(outer: Outer, by: int) -> float:
    """Add to every row, and give a sum over all arrays."""
    for i in range(outer.rows.shape[0]):
        outer.rows[i, 1] += by
    last = outer.rows.shape[0] - 1
    return float(outer.counts[2] + outer.inner.shares[1] + outer.inner.cube[1, 0, 1] + outer.rows[last, 1])


@pytest.fixture(autouse=True)
def not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compiled for the tuples of these tests is not kept on the disk, where ccsim alone would look for them."""
    describe = module._Held.describe.py_func  # type: ignore[attr-defined]
    monkeypatch.setattr(module._Held, "describe", staticmethod(numba.njit(describe)))


def made(rows: int = 3) -> Outer:
    cube = np.arange(8, dtype=np.int64).reshape(2, 2, 2)
    return Outer(np.array([1, 2, 40]), Inner(np.array([0.25, 0.5]), cube), np.zeros((rows, 2), np.int64))


def test_what_is_held_is_read_and_written_as_the_tuple_itself() -> None:
    plain, kept = made(), made()
    ready = held(kept)
    for by in (3, 4):
        assert add(ready, by) == add(plain, by)
    assert kept.rows.tolist() == plain.rows.tolist() == [[0, 7]] * 3
    assert ready.rows is kept.rows
    assert len(ready) == 3
    assert ready[0] is kept.counts
    assert [one is two for one, two in zip(ready, kept, strict=True)] == [True] * 3
    assert ready._replace(counts=plain.counts).counts is plain.counts


def test_arrays_live_as_long_as_what_holds_them() -> None:
    ready = held(made(rows=5000))
    gc.collect()
    others = [made(rows=5000) for _ in range(20)]
    assert add(ready, 2) == 40 + 0.5 + 5 + 2
    assert not others[0].rows.any()


def test_what_is_held_is_held_once_and_its_type_is_known_by_its_arrays() -> None:
    ready = held(made())
    assert held(ready) is ready
    before = len(module._TYPES)
    held(made(rows=7))
    assert len(module._TYPES) == before
    fewer = made()._replace(rows=np.zeros((3, 2, 1), np.int64))  # of another shape: another type
    held(fewer)
    assert len(module._TYPES) == before + 1
