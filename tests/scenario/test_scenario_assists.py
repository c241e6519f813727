"""Assists in a scenario's text: what is read, what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads, read, to_canonical

TEXT = """
scenario: centre
horizon: {start: 2026-03-02, length: 7d}
workflows: {orders: {handle_time: {value: 4m}, fcr: 80%%}, other: {handle_time: 1m}}
demand: {orders: {per_hour: 60}}
vendors: {own: {kind: in_house}, partner: {}}
pools: {desk: {vendor: own, staffing: 10, skills: {orders: {}}}}
assists: {%s}
"""


def test_a_factor_alone_is_the_effect() -> None:
    short, long = (
        loads(TEXT % f"copilot: {{handle_time: 0.9, resolved: {said}}}") for said in ("1.05", "{times: 1.05}")
    )
    assert to_canonical(short) == to_canonical(long)
    assert short.assists["copilot"].handle_time == 0.9


@pytest.mark.parametrize(
    ("said", "key", "message"),
    [
        ("a: {handle_time: 0.9, ramp: 3d}", "a.ramp", "needs `from:` beside it"),
        ("a: {handle_time: 20}", "a.handle_time", "at most"),
        ("a: {resolved: {add: 300%}}", "a.resolved.add", "at most 100% either way"),
        ("a: {handle_time: 0.9, pools: [dsk]}", "a.pools", "did you mean 'desk'?"),
        ("a: {handle_time: 0.9, vendors: [helper]}", "a.vendors", "there is no vendor"),
        ("desk: {handle_time: 0.9, price: {month: 3}}", "desk", "a pool has this name already"),
    ],
)
def test_what_is_not_meant_is_refused(said: str, key: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(TEXT % said)
    faults = caught.value.faults
    assert any(fault.key.startswith(f"assists.{key}") and message in fault.message for fault in faults), faults


@pytest.mark.parametrize(
    ("said", "key", "message"),
    [
        ("a: {handle_time: 0.9, from: 2027-01-01}", "a.from", "begins after the end of the run"),
        ("a: {pools: [desk]}", "a", "it changes nothing; say handle_time"),
        ("a: {handle_time: 0.9, vendors: [partner]}", "a.vendors", "none of its pools is of its vendors"),
        ("a: {handle_time: 0.9, workflows: [other]}", "a.workflows", "none of its pools has the skill"),
    ],
)
def test_what_helps_nobody_is_told(said: str, key: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "centre.yaml"
    path.write_text(TEXT % said, encoding="utf-8")
    told = {remark.key: remark.message for remark in read(path).remarks}
    assert message in told[f"assists.{key}"]
