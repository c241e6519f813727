"""A scenario as plain data, the same however it was written; and its digest."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from ccsim.language.curves import Grid
from ccsim.language.files import TableFile
from ccsim.language.hours import WeekHours
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
