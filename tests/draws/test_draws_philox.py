"""Philox and keys: known answers, the open interval, and rng that hangs on names alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from ccsim.draws import keys
from ccsim.draws.jit import kernel_entry
from ccsim.draws.normal import normal_quantile
from ccsim.draws.philox import philox, two_uniforms, uniforms
from ccsim.errors import CcsimError

words = st.integers(0, 2**32 - 1)

# Salmon, Moraes, Dror and Shaw, Random123, kat_vectors: counter, key, answer.
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_known_answers(counter: str, key: str, answer: str) -> None:
    given_words = [np.uint64(int(word, 16)) for word in (counter + " " + key).split()]
    assert [f"{int(word):08x}" for word in philox(*given_words)] == answer.split()


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_a_uniform_is_the_middle_of_one_of_2_to_the_52_cells(counter: str, key: str, answer: str) -> None:
    date, number, place, decision = (int(word, 16) for word in counter.split())
    k0, k1 = (int(word, 16) for word in key.split())
    a, b, c, d = (int(word, 16) for word in answer.split())
    found = uniforms(k0, k1, date, number, place, decision)
    assert found == (((a << 20 | b >> 12) + 0.5) / 2**52, ((c << 20 | d >> 12) + 0.5) / 2**52)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(words, words, words, words, words, words)
def test_uniforms_lie_strictly_inside(k0: int, k1: int, date: int, number: int, place: int, decision: int) -> None:
    for u in uniforms(k0, k1, date, number, place, decision):
        assert 0.0 < u < 1.0


def test_the_outermost_cells_lie_strictly_inside() -> None:
    assert (0 + 0.5) / 2**52 > 0.0
    assert ((2**52 - 1) + 0.5) / 2**52 < 1.0


@kernel_entry
def _fill(k0: int, k1: int, out: np.ndarray) -> None:
    for i in range(out.shape[0]):
        u, v = two_uniforms(k0, k1, 20_000 + i // 1000, i % 1000, 0, 1 << 16)
        out[i, 0] = u
        out[i, 1] = v


def test_uniforms_are_flat_and_neighbours_are_not_alike() -> None:
    out = np.empty((100_000, 2))
    _fill(*keys.stream_key(2026, 0, keys.STREAM, "calls"), out)
    n = len(out)
    counts, _ = np.histogramdd(out, bins=16, range=[(0, 1), (0, 1)])
    chi_square = ((counts - n / 256) ** 2 / (n / 256)).sum()
    assert abs(chi_square - 255) < 4.5 * np.sqrt(2 * 255)
    for one, other in ((out[:, 0], out[:, 1]), (out[:-1, 0], out[1:, 0]), (out[:-1000, 0], out[1000:, 0])):
        assert abs(np.corrcoef(one, other)[0, 1]) < 4.5 / np.sqrt(n)
    assert len(np.unique(out)) == out.size


@settings(derandomize=True, max_examples=200, deadline=None)
@given(words, words, st.tuples(words, words, words, words), st.integers(0, 3), st.integers(0, 31))
def test_one_bit_of_the_counter_changes_both_uniforms(
    k0: int, k1: int, counter: tuple[int, int, int, int], word: int, bit: int
) -> None:
    other = list(counter)
    other[word] ^= 1 << bit
    u, v = uniforms(k0, k1, *counter)
    x, y = uniforms(k0, k1, *other)
    assert u != x
    assert v != y


def test_a_key_depends_on_its_arguments_alone() -> None:
    asked = [(seed, r, kind, name) for seed in (0, 7) for r in (0, 1) for kind in "ab" for name in ("x", "y")]
    forward = {a: keys.stream_key(*a) for a in asked}
    backward = {a: keys.stream_key(*a) for a in reversed(asked)}
    assert forward == backward
    assert len(set(forward.values())) == len(asked)
    assert all(0 <= word < 2**32 for key in forward.values() for word in key)


@pytest.mark.parametrize(("seed", "replication"), [(0, 0), (1 << 31, 3), ((1 << 63) + (1 << 32) + 5, (1 << 32) - 1)])
def test_keys_of_many_are_the_key_of_each(seed: int, replication: int) -> None:
    names = ("calls", "", "calls.de", "Anrufe \u00fc")
    found = keys.stream_keys(seed, replication, keys.POOL, names)
    assert [tuple(key) for key in found.tolist()] == [
        keys.stream_key(seed, replication, keys.POOL, name) for name in names
    ]
    assert keys.stream_keys(seed, replication, keys.POOL, ()).shape == (0, 2)


@pytest.mark.parametrize("bit", [0, 31, 32, 62, 63])
def test_every_bit_of_the_seed_counts(bit: int) -> None:
    assert keys.stream_key(1 << bit, 0, keys.STREAM, "calls") != keys.stream_key(0, 0, keys.STREAM, "calls")


def test_kind_and_name_do_not_run_together() -> None:
    assert keys.name_hash("a", "bc") != keys.name_hash("ab", "c")
    assert keys.name_hash("ab", "") != keys.name_hash("a", "b")


def test_decisions_do_not_overlap() -> None:
    decisions = [keys.ARRIVAL, keys.PATIENCE, keys.HANDLE, keys.OUTCOME, keys.RETURN, keys.ROUTE]
    assert len({d >> 16 for d in decisions}) == len(decisions)
    assert all(d & 0xFFFF == 0 and d < 2**32 for d in decisions)


def test_names_that_share_a_hash_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    keys.check_collisions(keys.STREAM, ["a", "b", "a"])
    monkeypatch.setattr(keys, "name_hash", lambda kind, name: len(name))
    keys.check_collisions(keys.STREAM, ["a", "bb", "a"])
    with pytest.raises(CcsimError, match="'bb' and 'cc' share a 64-bit hash"):
        keys.check_collisions(keys.STREAM, ["a", "bb", "cc"])


def test_normal_quantile_is_that_of_scipy() -> None:
    inside = np.linspace(0.0005, 0.9995, 2001)
    tails = 2.0 ** -np.arange(2.0, 53.5, 0.25)
    edges = [0.5, np.nextafter(0.5, 0), np.nextafter(0.5, 1), 0.075, 0.925, np.exp(-25.0), 2.0**-53]
    for u in [*inside, *tails, *edges]:
        wanted = float(ndtri(u))
        assert abs(normal_quantile(u) - wanted) <= 1e-14 * abs(wanted), u


def test_normal_quantile_is_odd() -> None:
    for u in (0.25, 0.0625, 2.0**-10, 2.0**-30, 2.0**-50):
        assert normal_quantile(1.0 - u) == -normal_quantile(u)
    assert normal_quantile(0.5) == 0.0
