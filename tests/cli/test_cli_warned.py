"""What is probably not meant is told before a run is simulated, kept with it and shown on its page."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from ccsim.cli import app

OVER = """\
scenario: overloaded
horizon: {start: 2026-03-02, length: 1d, drain: 2h}
handle_time: {law: exponential, mean: 646s}
patience: 3m
demand: {calls: {per_hour: 88.68}}
pools: {desk: {staffing: 14}}
run: {replications: 2}
"""
SAID = "15.9 erlangs for 14 agents, more work than agents: at least 12 % will abandon"


def test_overload_is_told_by_run_kept_and_on_the_page(tmp_path: Path) -> None:
    plan, out = tmp_path / "plan.yaml", tmp_path / "out"
    plan.write_text(OVER)
    ran = CliRunner().invoke(app, ["run", str(plan), "--out", str(out)])
    assert ran.exit_code == 0
    assert f"{plan}:6:15: warning: pools.desk: {SAID}" in ran.stderr
    assert SAID not in ran.stdout
    remarks = json.loads((out / "run.json").read_text())["provenance"]["remarks"]
    assert {"kind": "warning", "key": "pools.desk", "said": SAID} in remarks
    page = (out / "report.html").read_text()
    assert SAID in page
    assert "3m is taken as exponential patience with that mean" in page


def test_overload_is_told_by_compare(tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(OVER + "variants: {more: {pools.desk.staffing: 20}}\n")
    words = ["compare", str(plan), f"{plan}:more", "--out", str(tmp_path / "out"), "--no-report"]
    ran = CliRunner().invoke(app, words)
    assert ran.exit_code == 0
    assert ran.stderr.count(SAID) == 1
