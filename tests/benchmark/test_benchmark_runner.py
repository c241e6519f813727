"""The benchmark says what it measured, beside what was aimed at. No test depends on speed."""

import dataclasses
import json
import math
import subprocess
import sys
import types
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from experiments.benchmark import __main__ as runner
from experiments.benchmark import first_answer, flagship, fresh, older, parts, sweeps, whole_runs
from experiments.benchmark.clock import Lap, in_turn, ratios
from experiments.benchmark.figures import Figure, Skipped, number, table
from experiments.benchmark.machine import facts, peak_memory
from experiments.benchmark.peers.shape import W1, W2, W2_PATIENCE, Shape
from experiments.benchmark.plan import Plan
from experiments.benchmark.subject import REPOSITORY, SCENARIOS, Ccsim, contacts_of
from experiments.benchmark.watch import watching


class Fake:
    """A simulator that simulates nothing."""

    def __init__(self) -> None:
        self.prepared: list[tuple[str, tuple[str, ...]]] = []
        self.simulated: list[int] = []

    def prepare(self, scenario: Path, settings: Sequence[str] = ()) -> Any:
        assert scenario.exists()
        self.prepared.append((scenario.name, tuple(settings)))
        return scenario.stem

    def simulate(self, model: Any, seed: int = 1, replication: int = 0) -> int:
        self.simulated.append(replication)
        return 100

    def replicate(self, model: Any, replications: int, workers: int) -> int:
        return 100 * replications


def seen(
    scenario: Path, settings: Sequence[str], *, replications: int = 1, cache: Path | None = None
) -> dict[str, Any]:
    return {
        "import_s": 1.0, "prepare_s": 0.1, "replications_s": [0.5] * replications, "contacts": 9, "tables": 10**6,
        "before": 10**8,
        "peak": 2 * 10**8, "process_s": 2.0, "import_wall_s": 1.0, "read_wall_s": 0.1, "compile_wall_s": 0.2,
        "compile_again_wall_s": 0.2, "compile_again_s": 0.3,
    }  # fmt: skip


@pytest.fixture
def plan(monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr(fresh, "measure", seen)
    monkeypatch.setattr(whole_runs, "peak_of_run", lambda scenario, replications: 600_000_000 + replications)
    ran = first_answer.Process(wall=5.0, cpu=5.0, told=2.0, page=4.0, simulated=1.0)
    monkeypatch.setattr(first_answer, "run_of", lambda root, scenario, *, quick, of=None: ran)
    monkeypatch.setattr(first_answer, "process_of", lambda command, of, root: first_answer.Process(1.0, 1.0))
    monkeypatch.setattr(flagship, "SCENARIO", SCENARIOS / "day12.yaml")  # the real one takes half a minute
    monkeypatch.setattr(sweeps, "REPLICATIONS", 2)
    return Plan(Fake(), rounds=2, contacts=1000, peer_contacts=200, largest=10_000, replications=6)


MADE: dict[str, list[Figure] | Skipped] = {}
"""Parts that were measured: half a minute of peers is enough once."""


def measured(name: str, plan: Plan) -> list[Figure] | Skipped:
    if name not in MADE:
        MADE[name] = parts.PARTS[name](plan)
    return MADE[name]


@pytest.mark.parametrize("name", parts.PARTS)
def test_every_part_returns_finite_figures_or_says_why_not(name: str, plan: Plan) -> None:
    found = measured(name, plan)
    if isinstance(found, Skipped):
        assert name in ("a", "older")
        assert found.reason
        return
    assert found
    assert all(math.isfinite(value) for figure in found for value in figure.values)
    assert table(found)


def test_the_aims_are_those_of_the_issue(plan: Plan) -> None:
    aims = {
        (figure.part[:3], figure.unit, figure.aim)
        for name in ("b", "c", "growth", "threads")
        for figure in measured(name, plan)  # type: ignore[union-attr]
        if figure.aim is not None
    }
    assert aims == {
        ("(b)", "contacts/s/core", 5e6), ("(b)", "times", 100),
        ("(c)", "contacts/s/core", 3e6), ("(c)", "times", 40),
        ("gro", "times", 0.8), ("thr", "times", 1.7),
    }  # fmt: skip


def test_a_simulate_is_warmed_up_and_never_repeated(plan: Plan) -> None:
    program = plan.simulate(SCENARIOS / "w1.yaml", times=2)
    program()
    program()
    assert plan.subject.simulated == [0, 1, 2, 3, 4]  # type: ignore[attr-defined]


def test_programs_take_turns() -> None:
    order: list[str] = []

    def note(name: str) -> int:
        order.append(name)
        return 1

    laps = in_turn({"a": lambda: note("a"), "b": lambda: note("b")}, 3)
    assert order == ["a", "b"] * 3
    assert [len(of) for of in laps.values()] == [3, 3]


def test_ratios_are_taken_round_by_round() -> None:
    fast = [Lap(100, 1.0, 1.0), Lap(100, 2.0, 2.0)]
    slow = [Lap(10, 1.0, 1.0), Lap(10, 4.0, 4.0)]
    assert ratios(fast, slow) == [10.0, 20.0]


def test_an_aim_is_judged_by_the_median_and_its_side() -> None:
    assert Figure("p", "n", "u", (1.0, 2.0, 9.0), 2.0).verdict == "met"
    assert Figure("p", "n", "u", (1.0, 2.0, 9.0), 2.1).verdict == "missed"
    assert Figure("p", "n", "u", (1.0, 2.0, 9.0), 2.1, "at most").verdict == "met"
    assert Figure("p", "n", "u", (1.0,)).verdict == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [(4_912_345, "4.91 M"), (45_321, "45,300"), (640, "640"), (1.784, "1.78"), (0.0123, "0.0123")],
)
def test_numbers_are_short(value: float, text: str) -> None:
    assert number(value) == text


def test_the_command_prints_and_saves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh, "measure", seen)
    out = tmp_path / "new" / "speed.json"
    assert runner.main(["--quick", "--only", "threads,start", "--json", str(out)], Fake()) == 0
    saved = json.loads(out.read_text())
    assert {figure["part"] for figure in saved["figures"]} == {"threads (W1)", "start-up (W2)"}
    assert all(len(figure["runs"]) >= 1 for figure in saved["figures"])
    assert saved["machine"]["processor"]
    assert list(out.parent.iterdir()) == [out]
    shown = capsys.readouterr().out
    assert "two / one" in shown
    assert ">= 1.70" in shown


def test_a_page_gets_the_figures_between_its_marks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "measure", seen)
    page = tmp_path / "speed.md"
    page.write_text(f"# Speed\n{runner.MARKS[0]}\nold\n{runner.MARKS[1]}\nwords\n")
    assert runner.main(["--quick", "--only", "start", "--doc", str(page)], Fake()) == 0
    text = page.read_text()
    assert text.startswith("# Speed\n<!-- figures -->\n```text\n")
    assert text.endswith("```\n<!-- end of figures -->\nwords\n")
    assert "cold: import" in text
    assert "old\n" not in text.replace("cold", "")


def test_a_page_without_marks_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "measure", seen)
    page = tmp_path / "speed.md"
    page.write_text("# Speed\n")
    with pytest.raises(SystemExit, match="no marks"):
        runner.main(["--quick", "--only", "start", "--doc", str(page)], Fake())
    assert page.read_text() == "# Speed\n"


def test_the_flagship_has_marks_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plan: Plan) -> None:
    page = tmp_path / "speed.md"
    others = f"{runner.MARKS[0]}\nkept\n{runner.MARKS[1]}\n"
    page.write_text(
        f"# Speed\n{others}{runner.OWN_MARKS[flagship.TITLE][0]}\nold\n{runner.OWN_MARKS[flagship.TITLE][1]}\nwords\n"
    )
    found = [Figure("flagship: simulate", "new contacts", "contacts/s/core", (9e5,), 1e6)]
    monkeypatch.setitem(runner.PARTS, "flagship", lambda plan: found)
    assert runner.main(["--quick", "--only", "flagship", "--doc", str(page)], Fake()) == 0
    text = page.read_text()
    assert text.startswith(f"# Speed\n{others}{runner.OWN_MARKS[flagship.TITLE][0]}\n```text\n")
    assert "missed" in text
    assert "old" not in text


def test_the_flagship_is_measured_by_stage(plan: Plan) -> None:
    found = parts.PARTS["flagship"](plan)
    assert not isinstance(found, Skipped)
    aims = {figure.name: (figure.aim, figure.side) for figure in found if figure.aim is not None}
    assert aims["new contacts"] == (1e6, "at least")
    assert aims["check with all variants, whole process"] == (0.5, "at most")
    assert aims["compile the scenario, first in a process"] == (2.0, "at most")
    by_stage = {figure.name for figure in found if figure.part == "flagship: a replication by stage"}
    assert by_stage == {*flagship.REPLICATION, "together"}


@pytest.mark.parametrize("settings", [[], ["demand.calls.day_cv=30%", "horizon.warm_up=1d"]])
def test_arrivals_are_counted_from_the_sources(settings: list[str]) -> None:
    from ccsim.engine import simulate

    hours = ["time_zone=Asia/Tokyo", "horizon.start=2026-01-01 07:30", "horizon.length=40h", *settings]
    model = Ccsim().prepare(SCENARIOS / "day12.yaml", hours)  # every arrival is one visit
    arrivals = flagship.Arrivals()
    simulated = simulate(model, seed=3, replication=1, processes=(arrivals.watch,))
    assert arrivals.total() == contacts_of(simulated) > 5000


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert runner.main(["--only", "b,zebra"], Fake()) == 2
    assert "zebra" in capsys.readouterr().err


def test_the_machine_is_described() -> None:
    assert {"date", "processor", "cores", "python", "simpy"} <= set(facts())
    assert peak_memory() > 10**6


def shape_of(name: str) -> Shape:
    """The scenario file as a peer's shape, read without ccsim."""
    content = yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text())
    streams = list(content["demand"])
    assert {stream["per_minute"] for stream in content["demand"].values()} == {100 / len(streams)}
    pools = tuple(
        (pool["staffing"], tuple(streams.index(s) for s in pool.get("workflows", streams)))
        for pool in content["pools"].values()
    )
    assert content["handle_time"]["mean"] == "5m"
    cv = {"exponential": None, "lognormal": 1.0}[content["handle_time"]["law"]]
    assert content["handle_time"].get("cv") == ("100%" if cv else None)
    patience = content.get("patience")
    assert patience in (None, {"law": "exponential", "mean": "3m"})
    return Shape(100.0, pools, len(streams), service_cv=cv, patience=3.0 if patience else None)


@pytest.mark.parametrize(("name", "shape"), [("w1", W1), ("w2", W2), ("w2_patience", W2_PATIENCE)])
def test_scenario_and_peer_are_the_same_centre(name: str, shape: Shape) -> None:
    assert shape_of(name) == shape


def test_a_stage_is_charged_its_own_time_only(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 10.0, 13.0, 20.0])  # outer begins, inner begins, inner ends, outer ends
    monkeypatch.setattr("experiments.benchmark.watch.time.thread_time", lambda: next(clock))
    with watching(
        {"outer": ("watched_by_test:outer",), "inner": ("watched_by_test:inner",)}, "watched_by_test"
    ) as watch:
        assert sys.modules["watched_by_test"].outer() == 7  # type: ignore[attr-defined]
    assert watch.seconds == {"outer": 17.0, "inner": 3.0}
    assert watch.calls == {"outer": 1, "inner": 1}
    assert not hasattr(sys.modules["watched_by_test"].inner, "__wrapped__")


@pytest.fixture(autouse=True)
def watched_module(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("watched_by_test")
    exec("def inner(): return 7\ndef outer(): return inner()", vars(module))
    monkeypatch.setitem(sys.modules, "watched_by_test", module)


def test_an_older_checkout_simulates_its_own_scenario_in_turn_with_this_one(
    tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    (other / "scenarios").mkdir(parents=True)
    (other / "scenarios" / "global_support.yaml").write_text("horizon: {run_out: 3d}\n")
    asked: list[tuple[Path, Path, str]] = []

    def started(root: Path, scenario: Path, settings: list[str]) -> older.Checkout:
        asked.append((root, scenario, settings[-1]))
        seconds = 2e-6 if root == other else 3e-6
        child = f"import sys\nprint(10, flush=True)\nfor _ in sys.stdin: print({seconds}, flush=True)"
        monkeypatch.setattr(older, "CHILD", child)
        return real(tmp_path, scenario, settings)

    real = older.started
    monkeypatch.setattr(older, "started", started)
    monkeypatch.setattr(older, "check_taken", lambda root: None)
    then, now, ratio = older.older(dataclasses.replace(plan, beside=other))  # type: ignore[misc]
    file = other / "scenarios" / "global_support.yaml"
    assert asked == [(root, file, "horizon.run_out=1h") for root in (other, REPOSITORY)]
    assert (then.median, now.median) == (pytest.approx(200.0), pytest.approx(300.0))
    assert ratio.median == pytest.approx(1.5)


def test_a_checkout_that_cannot_simulate_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(older, "CHILD", "raise SystemExit(3)")
    with pytest.raises(subprocess.CalledProcessError):
        older.started(tmp_path, tmp_path / "none.yaml", [])


def test_the_first_answer_is_what_was_printed_before_the_results_were_stored() -> None:
    lines = ("Goals", "", "asa", "", "Results: x", "Report:  y")
    code = f"import time\nfor line in {lines!r}:\n print(line)\n time.sleep(0.05)"
    made = first_answer.process_of([sys.executable, "-c", code], first_answer.environment(Path.cwd()), Path.cwd())
    assert 0 < made.told < made.page < made.wall
    assert made.page - made.told > 0.1  # three lines later, of 0.05 s each


def test_a_checkout_beside_is_measured_in_the_same_rounds(tmp_path: Path, plan: Plan) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(RuntimeError, match="Python takes"):  # there is no ccsim in it: the figures would be of another
        first_answer.first_answer(dataclasses.replace(plan, beside=other))
    (other / "ccsim").mkdir()
    (other / "ccsim" / "__init__.py").write_text("")
    found = first_answer.first_answer(dataclasses.replace(plan, beside=other))
    parts_seen = {figure.part for figure in found}
    assert "first answer: erlang_a" in parts_seen
    assert "first answer: erlang_a (beside)" in parts_seen
    assert "first answer: global_support of other" in parts_seen  # its file, run by this version
    fixed = next(figure for figure in found if figure.name == "all but the replications, to the page")
    assert fixed.median == 3.0  # the page at 4 s, 1 s of replications
