"""Every setting of a typed scenario, and the scenario with one of them changed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from ccsim.language.section import Section
from ccsim.scenario.diff.text import kind_of
from ccsim.units import SECOND

Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = (), kind: str = "") -> Iterator[tuple[Path, str]]:
    """Where the scalars are, and what they measure; where a part could be set and is not; where a list could end."""
    if isinstance(value, Section):
        for name in type(value).model_fields:
            yield from leaves(getattr(value, name), (*path, name), kind_of(type(value).model_fields[name]))
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*path, name), kind)
            yield (*path, name), "drop"
    elif isinstance(value, tuple) and value:
        yield from (leaf for place, item in enumerate(value) for leaf in leaves(item, (*path, place), kind))
        if path[-1] != "values" and "spans" not in path[:-1]:
            yield path, "shorter"
            if value != value[::-1]:
                yield path, "turned"
    elif value is not None and value != ():
        yield path, kind


def changed(value: Any, path: Path, kind: str) -> Any:
    """The value with what stands at a path changed."""
    if not path:
        return other(value, kind)
    first, *rest = path
    if isinstance(value, Section):
        return value.model_copy(update={first: changed(getattr(value, str(first)), tuple(rest), kind)})
    if isinstance(value, dict):
        if kind == "drop" and not rest:
            return {name: item for name, item in value.items() if name != first}
        return {name: changed(item, tuple(rest), kind) if name == first else item for name, item in value.items()}
    return tuple(changed(item, tuple(rest), kind) if place == first else item for place, item in enumerate(value))


def other(value: Any, kind: str) -> Any:
    """Another value of the same kind, as near as such values are told apart."""
    if kind == "turned":
        return value[::-1]
    if kind == "shorter":
        return value[:-1]
    if isinstance(value, bool):
        return not value
    if kind == "local_time":
        return value.replace("2026", "2027")
    if kind == "weekdays":
        return (value + 1) % 7
    if isinstance(value, int):
        return value + SECOND if kind == "time_of_day" else value + 1
    return value * (1 + 1e-9) + 1e-12 if isinstance(value, float) else value + "x"


def shuffled(value: Any, rng: random.Random, key: str = "") -> Any:
    """The value with its maps in another order, but for tiers, whose order means something."""
    if isinstance(value, Section):
        parts = {name: shuffled(getattr(value, name), rng, name) for name in type(value).model_fields}
        return value.model_copy(update=parts)
    if isinstance(value, dict):
        names = list(value)
        if key != "tiers":
            rng.shuffle(names)
        return {name: shuffled(value[name], rng) for name in names}
    if isinstance(value, tuple) and any(isinstance(item, Section) for item in value):
        return tuple(shuffled(item, rng) for item in value)
    return value
