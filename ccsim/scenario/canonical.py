"""A scenario as plain data, the same however it was written; its digest; and the scenario back from that data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from ccsim.language.curves import Grid
from ccsim.language.files import TableFile
from ccsim.language.hours import WeekHours
from ccsim.language.pools import Pool
from ccsim.language.rosters import PublishedRoster
from ccsim.language.scenario import Scenario
from ccsim.language.section import Section
from ccsim.language.workflows import Workflow

MOST_VALUES: Final = 2_000
"""Longer lists of numbers stand as their count and digest."""


def to_canonical(scenario: Scenario) -> dict[str, Any]:
    """Every setting as JSON-able data: maps sorted by name, durations in microseconds.

    Tiers, whose order means something, stand as a list of maps with their `name`. Lists of more than 2,000
    numbers (a recorded trace) stand as `{count, sha256}`.
    """
    plain = _plain(scenario)
    assert isinstance(plain, dict)
    return plain


def digest(scenario: Scenario) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(_json(to_canonical(scenario))).hexdigest()


def _json(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Workflow):
        plain = {name: _plain(getattr(value, name)) for name in sorted(type(value).model_fields) if name != "tiers"}
        plain["tiers"] = [{"name": name, **_plain(tier)} for name, tier in value.tiers.items()]
        return plain
    if isinstance(value, Section):
        plain = {name: _plain(getattr(value, name)) for name in sorted(type(value).model_fields)}
        if isinstance(value, Grid) and not value.repeated:
            del plain["repeated"]  # almost every grid: a line of its own would say nothing
        if isinstance(value, PublishedRoster):
            for name in ("groups", "group", "group_of"):
                if not plain[name]:
                    del plain[name]
        if isinstance(value, Pool):
            for name in ("searched", "people_on", "searched_on"):
                if plain[name] is None:
                    del plain[name]
        if isinstance(value, WeekHours) and not value.as_written:
            del plain["as_written"]
        if isinstance(value, TableFile) and value.durations is None:
            plain["durations"] = "seconds"  # the same whether it is said or not
        return plain
    if isinstance(value, dict):
        return {name: _plain(value[name]) for name in sorted(value)}
    if isinstance(value, tuple):
        if len(value) > MOST_VALUES and isinstance(value[0], (int, float)):
            return {"count": len(value), "sha256": hashlib.sha256(_json(list(value))).hexdigest()}
        return [_plain(item) for item in value]
    return value


def from_canonical(plain: Mapping[str, Any]) -> Scenario:
    """The scenario whose canonical form this is, as `to_canonical` made it or JSON gave it back.

    ValueError for data of another shape: of a version with other settings, or with a long list of which only the
    digest was kept.
    """
    made = _made(plain, Scenario)
    assert isinstance(made, Scenario)
    return made


def _made(value: Any, of: Any) -> Any:
    """A value of a type from its plain form."""
    origin, parts = get_origin(of), get_args(of)
    if origin is Annotated:
        return _made(value, parts[0])
    if origin in (Union, UnionType):
        return _made_one_of(value, parts)
    if isinstance(of, type) and issubclass(of, Section):
        return _made_section(value, of)
    if origin is dict and isinstance(value, Mapping):
        return {name: _made(inner, parts[1]) for name, inner in value.items()}
    if origin is tuple and isinstance(value, (list, tuple)):
        each = [parts[0]] * len(value) if parts[-1] is Ellipsis else list(parts)
        return tuple(_made(inner, one) for inner, one in zip(value, each, strict=True))
    simple = isinstance(value, (str, int, float, NoneType)) and origin in (None, Literal)
    if not simple or (origin is Literal and value not in parts) or (of is NoneType and value is not None):
        raise ValueError(f"{value!r} is no {of}")
    return value


def _made_one_of(value: Any, parts: tuple[Any, ...]) -> Any:
    """A value of the first of several types that it fits."""
    for one in parts:
        structured = isinstance(value, (Mapping, list, tuple))
        if structured == (get_origin(one) in (dict, tuple) or (isinstance(one, type) and issubclass(one, Section))):
            try:
                return _made(value, one)
            except ValueError:
                continue
    raise ValueError(f"{value!r} is none of {parts}")


def _made_section(value: Any, of: type[Section]) -> Section:
    if not isinstance(value, Mapping):
        raise ValueError(f"{value!r} is no {of.__name__}")
    given = dict(value)
    if of is Workflow:
        given["tiers"] = {tier["name"]: {k: v for k, v in tier.items() if k != "name"} for tier in given["tiers"]}
    if unknown := given.keys() - of.model_fields.keys():
        raise ValueError(f"{of.__name__} has no {', '.join(sorted(unknown))}")
    try:
        return of(**{name: _made(inner, of.model_fields[name].annotation) for name, inner in given.items()})
    except TypeError as error:
        raise ValueError(str(error)) from error
