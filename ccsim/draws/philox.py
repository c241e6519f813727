"""Philox4x32-10: a draw is a pure function of a key and a counter (Salmon, Moraes, Dror and Shaw, SC 2011)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ccsim.draws.jit import kernel_call, kernel_entry, kernel_step

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_MASK = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_20 = np.uint64(20)
_HALF_STEP = 2.0**-53
_STEP = 2.0**-52


@kernel_step
def _ten_rounds(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _32) ^ c1 ^ k0
        c1 = p1 & _MASK
        c2 = (p0 >> _32) ^ c3 ^ k1
        c3 = p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@kernel_entry
def philox(
    c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64, k0: np.uint64, k1: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Four 32-bit words (as uint64) of a 128-bit counter under a 64-bit key, all given as 32-bit words."""
    return _ten_rounds(c0, c1, c2, c3, k0, k1)


@kernel_entry
def mix(seed: np.uint64, replication: np.uint64, hashes: NDArray[np.uint64], out: NDArray[np.int64]) -> None:
    """Two 32-bit words `out[i]` for each hash: of the block that a seed and a replication are under it."""
    for i in range(hashes.shape[0]):
        low, high = np.uint64(hashes[i] & _MASK), np.uint64(hashes[i] >> _32)
        words = _ten_rounds(seed & _MASK, seed >> _32, replication, np.uint64(0), low, high)
        out[i, 0], out[i, 1] = words[0], words[1]


@kernel_call
def two_uniforms(k0: int, k1: int, date: int, number: int, place: int, decision: int) -> tuple[float, float]:
    """Two independent uniforms, strictly between 0 and 1 (52 bits each); for compiled callers.

    `date`, `number`, `place` and `decision` are the four words of the counter, each modulo 2^32.
    """
    a, b, c, d = _ten_rounds(
        np.uint64(date & 0xFFFFFFFF),
        np.uint64(number & 0xFFFFFFFF),
        np.uint64(place & 0xFFFFFFFF),
        np.uint64(decision),
        np.uint64(k0),
        np.uint64(k1),
    )
    return (
        float((a << _20) | (b >> np.uint64(12))) * _STEP + _HALF_STEP,
        float((c << _20) | (d >> np.uint64(12))) * _STEP + _HALF_STEP,
    )


@kernel_entry
def uniforms(k0: int, k1: int, date: int, number: int, place: int, decision: int) -> tuple[float, float]:
    """The same two uniforms for Python callers."""
    return two_uniforms(k0, k1, date, number, place, decision)
