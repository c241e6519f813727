"""Texts and helpers for the tests of the scenario language."""

from __future__ import annotations

import math
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest

from ccsim.errors import Fault, ScenarioError
from ccsim.language.section import FieldInfo, Section
from ccsim.scenario import Scenario, loads
from ccsim.text.quantities import Quantity

LAB = """\
scenario: erlang-a
horizon: {start: 2026-01-01, warm_up: 1h, length: 20h}
demand:  {calls: {per_minute: 4.2, profile: flat}}
handle_time: {law: exponential, mean: 2m}
patience:    {law: exponential, mean: 1m}
pools:   {desk: {staffing: 12}}
run:     {replications: 100}
"""


def lab(**parts: str) -> str:
    """The laboratory scenario with some of its lines in other words; an empty text leaves the line out."""
    lines = dict(line.split(":", 1) for line in LAB.splitlines())
    for key, text in parts.items():
        lines.pop(key, None)
        if text:
            lines[key] = " " + text
    return "".join(f"{key}:{text}\n" for key, text in lines.items())


def scenario(base_dir: Path | None = None, **parts: str) -> Scenario:
    return loads(lab(**parts), base_dir=base_dir)


def conforms(value: Any, annotation: Any = None, key: str = "") -> None:
    """Whether a section holds just what its annotations say: types and bounds, all the way down."""
    if isinstance(value, Section):
        assert value.__dict__.keys() <= value.model_fields.keys()
        for name, info in value.model_fields.items():
            conforms(getattr(value, name), info.annotation, f"{key}.{name}")
            assert bounded(getattr(value, name), info), (key, name)
    if annotation is not None:
        assert fits(value, annotation), (key, value, annotation)


def fits(value: Any, annotation: Any) -> bool:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(value, dict):
        for name, item in value.items():
            conforms(item, None, name)
    if isinstance(value, tuple):
        for item in value:
            conforms(item)
    if origin is Annotated:
        return fits(value, arguments[0]) and all(within(value, bounds) for bounds in arguments[1:])
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is Literal:
        return value in arguments
    if origin is tuple and arguments[-1] is Ellipsis:
        return isinstance(value, tuple) and all(fits(item, arguments[0]) for item in value)
    if origin is tuple:
        return len(value) == len(arguments) and all(map(fits, value, arguments))
    if origin is dict:
        return isinstance(value, dict) and all(
            fits(name, arguments[0]) and fits(item, arguments[1]) for name, item in value.items()
        )
    kind = getattr(annotation, "__supertype__", annotation)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def within(value: Any, quantity: Any) -> bool:
    assert isinstance(quantity, Quantity)
    top = {"share": 1.0}.get(quantity.kind, math.inf)
    return isinstance(value, str) or (value > 0 if quantity.kind == "factor" else 0 <= value <= top)


def bounded(value: Any, info: FieldInfo) -> bool:
    """Whether the numbers of a field lie within the bounds that it names."""
    if isinstance(value, tuple):
        return all(bounded(one, info) for one in value)
    if not isinstance(value, (int, float)):
        return True
    least, above, most = info.least, info.above, info.most
    return (least is None or value >= least) and (above is None or value > above) and (most is None or value <= most)


def put(text: str, *changes: tuple[str, str]) -> str:
    """A text with words, wherever they stand, in place of others that it has."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def faults_of(text: str, **options: object) -> list[Fault]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, **options)  # type: ignore[arg-type]
    return caught.value.faults


def faults(base_dir: Path | None = None, **parts: str) -> list[Fault]:
    return faults_of(lab(**parts), base_dir=base_dir)


def only_fault(base_dir: Path | None = None, **parts: str) -> Fault:
    found = faults(base_dir, **parts)
    assert len(found) == 1, "\n".join(map(str, found))
    return found[0]
