"""Deflections in a scenario's text: what is read, what is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads, read
from ccsim.units import DAY

TEXT = """
scenario: centre
horizon: {start: 2026-03-02, length: 7d}
causes: {how_to: {}, defect: {}}
workflows: {orders: {handle_time: {value: 4m}}}
demand: {orders: {per_hour: 60, causes: {how_to: 50%%, defect: 50%%}}}
pools: {desk: {staffing: 10}}
bots: {robot: {channels: [phone], session: {value: 1m}, contained: 10%%}}
deflections: {%s}
"""


def test_what_is_said_is_read() -> None:
    page = loads(
        TEXT % "page: {causes: how_to, share: 15%, from: 2026-03-04, ramp: 4w, price: {month: 2_000}}"
    ).deflections["page"]
    assert (page.share, page.causes, page.ramp, page.price.month) == (0.15, ("how_to",), 28 * DAY, 2000.0)
    assert page.start == "2026-03-04T00:00:00"


@pytest.mark.parametrize(
    ("said", "key", "message"),
    [
        ("page: {share: 120%}", "page.share", "at most"),
        ("page: {causes: [how_to]}", "page", "share"),
        ("page: {share: 5%, ramp: 3d}", "page.ramp", "needs `from:` beside it"),
        ("page: {share: 5%, causes: [howto]}", "page.causes", "did you mean 'how_to'?"),
        ("page: {share: 5%, causes: [how_to], channels: [phone], workflows: [orders], markets: [uk]}", "page.markets",
         "there is no market"),
        ("page: {share: 5%, segments: [all], causes: [all]}", "page", "there is no cause"),
        ("robot: {share: 5%, price: {month: 3}}", "robot", "a bot has this name already"),
    ],
)  # fmt: skip
def test_what_is_not_meant_is_refused(said: str, key: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        loads(TEXT % said)
    faults = caught.value.faults
    assert any(fault.key.startswith(f"deflections.{key}") and message in fault.message for fault in faults), faults


def test_a_scope_without_demand_and_a_date_after_the_end_are_told(tmp_path: Path) -> None:
    path = tmp_path / "centre.yaml"
    path.write_text(TEXT % "page: {share: 5%, from: 2027-01-01}", encoding="utf-8")
    told = {remark.key: remark.message for remark in read(path).remarks}
    assert "begins after the end of the run" in told["deflections.page.from"]
    with pytest.raises(ScenarioError, match="no volume has these workflows, causes"):
        loads(
            TEXT.replace("{orders: {handle_time", "{other: {handle_time: 1m}, orders: {handle_time")
            % "page: {share: 5%, workflows: [other], causes: [how_to]}"
        )
