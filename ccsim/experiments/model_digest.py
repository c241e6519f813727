"""What a compiled scenario runs by, as one digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

import numpy as np

_PLAIN: Final = {type(None), bool, int, float, str}


def digest_of_model(model: Any) -> tuple[str, int]:
    """Digest of everything that a compiled scenario runs by, and its bytes: equal models simulate the same contacts.

    Prices are not in a model: what costs alone depend on need not be named anywhere.
    """
    made = hashlib.sha256()
    size = _add(made, model)
    return made.hexdigest(), size


def _add(made: Any, value: Any) -> int:
    if isinstance(value, np.ndarray):
        made.update(f"{value.dtype.str}{value.shape}".encode())
        if value.dtype == object:
            return _add(made, value.tolist())
        made.update(np.ascontiguousarray(value).data)
        return int(value.nbytes)
    if is_dataclass(value) and not isinstance(value, type):
        made.update(type(value).__name__.encode())
        return sum(_add(made, getattr(value, one.name)) for one in fields(value))
    if isinstance(value, Mapping):
        return _add(made, sorted(value.items(), key=lambda pair: str(pair[0])))
    if isinstance(value, (list, tuple)):
        if _PLAIN.issuperset(map(type, value)):  # a row of a table: all at once
            made.update(f"{type(value).__name__}{value!r};".encode())
            return 64 * len(value)
        made.update(f"{type(value).__name__}{len(value)}".encode())
        return sum(_add(made, one) for one in value)
    if value is None or isinstance(value, (bool, int, float, str, np.generic)):
        made.update(f"{type(value).__name__}{value!r};".encode())
        return 64
    raise TypeError(f"{type(value).__name__} in a model")
