"""Whether two parts of a scenario say the same: order counts in lists and for tiers, and nowhere else."""

from __future__ import annotations

from typing import Any

from ccsim.language.section import Section
from ccsim.language.workflows import Workflow


def same(a: Any, b: Any) -> bool:
    """Whether two values have the same canonical form."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, Section):
        if isinstance(a, Workflow) and list(a.tiers) != list(b.tiers):
            return False
        return all(same(getattr(a, name), getattr(b, name)) for name in type(a).model_fields)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[name], b[name]) for name in a)
    if isinstance(a, tuple):
        if len(a) != len(b):
            return False
        plain = not a or isinstance(a[0], (int, float, str))
        return a == b if plain else all(map(same, a, b))
    return bool(a == b)
