"""The command diff."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccsim.cli import app

DESK = """\
scenario: desk
title: One desk
currency: EUR
horizon: {start: 2026-01-01, length: 20h}
goals: [{kpi: abandonment, at_most: 5%}]
demand: {calls: {per_minute: 4.2}}
handle_time: {mean: 2m}
patience: {law: exponential, mean: 1m}
pools: {desk: {staffing: 12}}
variants:
  more: {pools.desk.staffing: +2}
  kinder: {on: more, goals.0.at_most: 4%}
  nothing: {pools.desk.staffing: 12}
"""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["diff", *(str(word) for word in words)])


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.yaml"
    path.write_text(DESK)
    return path


def test_a_file_is_equal_to_itself(desk: Path) -> None:
    for other in (desk, f"{desk}:nothing"):
        done = run(desk, other)
        assert (done.exit_code, done.stderr) == (0, "")
        assert done.stdout == f"{desk} and {other} are equal\n"


def test_a_variant_is_told_by_section(desk: Path) -> None:
    done = run(desk, f"{desk}:kinder")
    assert (done.exit_code, done.stderr) == (1, "")
    assert done.stdout.splitlines() == [
        f"{desk} -> {desk}:kinder: 2 differences",
        "  Pools / desk: 2 agents more at all times (12 -> 14)",
        "These change no result:",
        "  Goals / abandonment: at most 5 % -> 4 %",
    ]


def test_settings_change_the_second(desk: Path) -> None:
    done = run(f"{desk}:more", f"{desk}:more", "--set", "handle_time.mean=+30s", "--set", "title=x")
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"{desk}:more -> {desk}:more --set handle_time.mean=+30s --set title=x: 2 differences",
        "  Handle time / talk mean: 2m -> 2m30s",
        "These change no result:",
        "  Scenario / title: One desk -> x",
    ]
    assert run(f"{desk}:more", desk, "--set", "pools.desk.staffing=14").exit_code == 0


def test_a_file_that_extends_another(tmp_path: Path, desk: Path) -> None:
    child = tmp_path / "child.yaml"
    child.write_text("extends: desk.yaml\npools: {desk: {paid_hour: 30}}\n")
    assert run(desk, child).stdout.splitlines() == [
        f"{desk} -> {child}: 1 difference",
        "  Pools / desk: price of a paid hour the vendor's -> 30.00 EUR",
    ]


def test_as_json(desk: Path) -> None:
    done = run(desk, f"{desk}:kinder", "--json")
    document = json.loads(done.stdout)
    assert done.exit_code == 1
    assert {key: value for key, value in document.items() if key != "differences"} == {
        "ok": True,
        "a": str(desk),
        "b": f"{desk}:kinder",
        "equal": False,
        "same_results": False,
    }
    assert document["differences"][1] == {
        "section": "Pools",
        "name": "desk",
        "key": "pools.desk.staffing",
        "what": "2 agents more at all times (12 -> 14)",
        "before": "12 agents",
        "after": "14 agents",
        "results": True,
    }
    equal = json.loads(run(desk, desk, "--json").stdout)
    assert (equal["equal"], equal["same_results"], equal["differences"]) == (True, True, [])
    title = json.loads(run(desk, desk, "--set", "title=x", "--json").stdout)
    assert (title["equal"], title["same_results"]) == (False, True)


def test_faults_of_both_are_told_at_once(tmp_path: Path, desk: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(DESK.replace("12}", "many}"))
    for words in ((bad, desk, "--set", "run.seed=x"), (desk, bad), (f"{desk}:mor", bad)):
        done = run(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert "pools.desk.staffing" in done.stderr
        assert "Traceback" not in done.stderr
    assert len(run(bad, desk, "--set", "run.seed=x").stderr.splitlines()) == 2
    assert "there is no variant 'mor'" in run(f"{desk}:mor", desk).stderr
    document = json.loads(run(desk, bad, "--json").stdout)
    assert (document["ok"], [fault["key"] for fault in document["faults"]]) == (False, ["pools.desk.staffing"])


@pytest.mark.parametrize("words", [(), ("one.yaml",), ("nowhere.yaml", "nowhere.yaml"), (".", "."), ("", "")])
def test_bad_input_exits_2_without_a_traceback(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.stderr


def test_the_command_loads_nothing_heavy(desk: Path) -> None:
    code = (
        "import sys; from ccsim.cli import main; sys.argv = ['ccsim', *sys.argv[1:]]\n"
        "try: main()\n"
        "except SystemExit as end: assert end.code == 1, end.code\n"
        "heavy = {'numpy', 'pandas', 'numba', 'scipy', 'matplotlib', 'simpy'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    words = ["diff", str(desk), f"{desk}:kinder"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
