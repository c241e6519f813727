"""Uncertain inputs with several faults: all of them are told at once, each at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.experiments.drawn import uncertainty_of
from ccsim.scenario import loads

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1d, drain: 1h}
handle_time: {law: exponential, mean: 4m}
patience: {law: exponential, mean: 3m}
demand: {calls: {per_hour: 30}}
pools: {desk: {staffing: 5}}
uncertain:
"""


def told(inputs: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(DESK + inputs)
    assert all(one.line for one in caught.value.faults)
    return [(one.key, one.message) for one in caught.value.faults]


def test_rules_across_keys_do_not_wait_for_other_keys() -> None:
    law = "{law: normal, mean: 1, sd: -3%, least: 2, most: 1}"
    found = told(
        f"  a: {{of: currency, times: {law}, add: {{low: 1, high: 0}}, moves_with: {{b: 1.5, q: 0.2}}}}\n"
        "  b: {of: run.seed}\n"
    )
    keys = [key for key, _ in found]
    assert sorted(keys) == sorted(
        [
            "uncertain.a",
            "uncertain.a.of",
            "uncertain.a.times",
            "uncertain.a.times",
            "uncertain.a.add",
            "uncertain.a.moves_with.b",
            "uncertain.a.moves_with.q",
            "uncertain.b",
            "uncertain.b.of",
        ]
    )


def test_a_key_that_is_none_is_told_once() -> None:
    assert [key for key, _ in told("  a: {of: demand.calls.rate, time: {low: 1, high: 2}}\n")] == ["uncertain.a.time"]


def test_laws_and_correlations_that_nothing_is_drawn_from_are_told_at_once(tmp_path: Path) -> None:
    law = "times: {low: 0.9, high: 1.1}"
    (tmp_path / "desk.yaml").write_text(
        DESK
        + f"  a: {{of: demand.calls.rate, {law}, moves_with: {{b: 0.9, c: 0.9}}}}\n"
        + f"  b: {{of: handle_time.mean, {law}, moves_with: {{c: -0.9}}}}\n"
        + f"  c: {{of: patience.mean, {law}}}\n"
        + "  d: {of: pools.desk.staffing, times: {law: normal, mean: 1, sd: 50%}}\n"
        + "  e: {of: pools.desk.staffing, times: {low: 0.5, high: 1, least: 2}}\n"
    )
    with pytest.raises(ScenarioError) as caught:
        uncertainty_of(str(tmp_path / "desk.yaml"), (), ())
    keys = [one.key for one in caught.value.faults]
    assert keys == ["uncertain.a.moves_with", "uncertain.d.times", "uncertain.e.times"]


def test_what_a_key_needs_beside_it_is_told_beside_other_faults() -> None:
    volume = "per_hour: many, day_factor: {cv: x, correlation: 0.5}"
    text = DESK.replace("per_hour: 30", volume).replace("uncertain:\n", "")
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    keys = {one.key for one in caught.value.faults}
    assert keys == {"demand.calls.per_hour", "demand.calls.day_factor.cv", "demand.calls.day_factor.correlation"}
