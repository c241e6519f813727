"""Texts and helpers for the tests of the scenario language."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import Fault, ScenarioError
from ccsim.scenario import Scenario, loads

HERE = Path(__file__).parent
CENTRE = HERE / "centre.yaml"

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
