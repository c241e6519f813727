"""Seeds that follow from what they are for: nobody has seen their customers before."""

from __future__ import annotations

import hashlib


def fresh_seed(said: str) -> int:
    """Seed of replications that are for something, from 0 to 2^63 - 1; the same words give the same."""
    made = hashlib.sha256(said.encode()).digest()
    return int.from_bytes(made[:8], "big") >> 1
