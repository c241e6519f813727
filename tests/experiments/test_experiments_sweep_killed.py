"""The store of a sweep: killed at any instant nothing noted is lost, and the tables are those of one without a stop."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

import pytest

from ccsim import api
from ccsim.errors import DamagedError, OutputError, WriteError
from ccsim.experiments import sweep as simulating
from ccsim.experiments.asked import Effort, SweepAsked
from ccsim.experiments.replicate import Stop
from ccsim.experiments.sweep import Stored, UnfinishedSweep, simulate_sweep
from ccsim.experiments.sweep_factors import factors_of
from ccsim.experiments.sweep_parts import simulate_task
from ccsim.experiments.sweep_plan import plan_sweep
from ccsim.results import sweep_store
from ccsim.results.sweep_store import SweepFolder, read_sweep
from tests.support.processes import environment
from tests.support.sweep_desk import DESK

VARY = {"pools.a.staffing": "2..5", "vendors.own.paid_hour": "20,25"}
"""Four scenarios are simulated, the one as written among them."""
TASKS = 4

KILLED = """
import os, signal, sys
from ccsim import api
from ccsim.results import sweep_store
when, place = int(sys.argv[1]), sys.argv[2]
seen = 0
def die():
    os.kill(os.getpid(), signal.SIGKILL)
def counted(name):
    before = getattr(sweep_store.SweepFolder, name)
    def one(self, *given):
        global seen
        if name == place and (seen == when or name == "store"):
            die()
        made = before(self, *given)
        seen += name == "keep"
        if place == "kept" and name == "keep" and seen == when:
            die()
        return made
    setattr(sweep_store.SweepFolder, name, one)
for name in ("keep", "_note", "store"):
    counted(name)
api.sweep("desk.yaml", {"pools.a.staffing": "2..5", "vendors.own.paid_hour": "20,25"}, replications=2, workers=1,
          out="out", resume=True)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


def swept(**given):
    return api.sweep("desk.yaml", VARY, **({"replications": 2, "workers": 1, "out": "out"} | given))


@cache
def whole() -> str:
    """Digest of a sweep that nothing stopped."""
    return swept(out=None).digest


def plan():
    factors, _ = factors_of([f"{key}={values}" for key, values in VARY.items()])
    return plan_sweep(SweepAsked(["desk.yaml"], factors, effort=Effort(2, workers=1)))


def noted() -> list[int]:
    with sqlite3.connect("out/tasks.sqlite") as base:
        found = [number for (number,) in base.execute("SELECT number FROM tasks WHERE state = 'done' ORDER BY number")]
    base.close()
    return found


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the tasks that are simulated."""
    numbers: list[int] = []

    def simulate(task, *given, **more):
        numbers.append(task.number)
        return simulate_task(task, *given, **more)

    monkeypatch.setattr(simulating, "simulate_task", simulate)
    return numbers


ONE_MORE, BETWEEN_FILE_AND_NOTE = (1, "kept"), (1, "_note")
"""Killed once one more is noted; while one more is kept, its file written and not yet noted."""


@pytest.mark.parametrize(
    "kills",
    [
        [(*ONE_MORE, 1), (*BETWEEN_FILE_AND_NOTE, 2)],
        pytest.param(
            [(*BETWEEN_FILE_AND_NOTE, n) for n in (1, 2, 3)] + [(0, "store", 4)] * 2, marks=pytest.mark.verify
        ),
    ],
)
def test_killed_at_any_instant_it_loses_nothing_that_was_noted(
    place: Path, simulated: list[int], kills: list[tuple[int, str, int]]
) -> None:
    want = whole()
    for when, where, kept in kills:
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(when), where], env=environment(), capture_output=True, check=False
        )
        assert done.returncode == -signal.SIGKILL, done.stderr.decode()
        assert len(noted()) == kept
        with pytest.raises(OutputError, match="was not finished; the same `ccsim sweep` with --resume goes on"):
            read_sweep("out")
    simulated.clear()
    made = swept(resume=True)
    assert len(simulated) == TASKS - kept
    assert made.digest == want
    assert read_sweep("out").digest == want
    assert not [one.name for one in place.rglob(".*")]


def test_finished_work_is_never_done_again(simulated: list[int]) -> None:
    first = swept()
    simulated.clear()
    assert swept(resume=True).digest == first.digest
    assert simulated == []


CHANGES = [
    ({"seed": 9}, r"seed \(4, not 9\)"),
    ({"replications": 3}, r"replications \(2, not 3\)"),
    ({"settings": ["pools.b.staffing=2"]}, "scenarios"),
    ({"kpis": ["agents"]}, "KPIs"),
]


def test_another_plan_is_refused_with_what_differs() -> None:
    with SweepFolder("out") as folder:
        folder.begin(plan().asked())
    for change, told in CHANGES:
        with pytest.raises(OutputError, match=f"out: holds another sweep; it differs in {told}; choose another --out"):
            swept(resume=True, **change)
    with pytest.raises(OutputError, match="holds a sweep; --resume goes on with it, or choose another --out"):
        swept()


def test_another_version_of_a_source_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with SweepFolder("out") as folder:
        folder.begin(plan().asked())
    from ccsim.experiments import sweep_plan

    monkeypatch.setattr(sweep_plan, "versions", lambda: {"ccsim": "9"})
    with pytest.raises(OutputError, match="it differs in versions;"):
        swept(resume=True)


def test_a_second_sweep_on_the_same_store_is_told_whose_it_is() -> None:
    with SweepFolder("out") as folder:
        folder.begin(plan().asked())
        with pytest.raises(
            OutputError, match=f"process {os.getpid()} is writing there; wait for it, or choose another"
        ):
            swept(resume=True)
    assert swept(resume=True).folder == Path("out")


def test_a_parked_task_is_tried_again_by_the_next_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    want = whole()

    def simulate(task, *given, **more):
        if task.number == 3:
            raise OSError("odd")
        return simulate_task(task, *given, **more)

    with monkeypatch.context() as patch:
        patch.setattr(simulating, "simulate_task", simulate)
        made = swept()
    assert set(made.parked) == {3, 4}
    assert read_sweep("out").parked == made.parked
    again = swept(resume=True)
    assert again.parked == {}
    assert again.digest == want


def test_a_full_disk_is_said_and_the_store_goes_on_later(monkeypatch: pytest.MonkeyPatch) -> None:
    want = whole()
    writes, write = [], sweep_store.pq.write_table

    def full(table, where, **how):
        writes.append(where)
        if len(writes) > 2:
            raise OSError(28, "No space left on device")
        write(table, where, **how)

    with monkeypatch.context() as patch:
        patch.setattr(sweep_store.pq, "write_table", full)
        with pytest.raises(WriteError) as caught:
            swept()
    assert str(caught.value) == (
        "out: could not be written: No space left on device; 2 finished scenarios are kept, and --resume goes on"
    )
    assert len(noted()) == 2
    assert swept(resume=True).digest == want


def test_a_database_that_is_read_only_or_full_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self, *row):
        raise sqlite3.OperationalError("attempt to write a readonly database")

    with monkeypatch.context() as patch:
        patch.setattr(SweepFolder, "_note", refused)
        with pytest.raises(WriteError, match="out: could not be written: attempt to write a readonly database"):
            swept()
    assert swept(resume=True).digest == whole()


def test_a_damaged_part_is_simulated_again_and_damaged_tables_are_told(place: Path, simulated: list[int]) -> None:
    want = swept().digest
    assert len(simulated) == TASKS
    simulated.clear()
    part = sorted((place / "out" / "parts").iterdir())[1]
    part.write_bytes(part.read_bytes()[:-100])
    assert swept(resume=True).digest == want
    assert len(simulated) == 1
    (place / "out" / "goals.parquet").write_bytes((place / "out" / "points.parquet").read_bytes())
    with pytest.raises(DamagedError, match="out: "):
        read_sweep("out")


def test_a_stop_keeps_what_is_finished_and_says_how_to_go_on() -> None:
    stop = Stop()

    def simulate(task, *given, **more):
        made = simulate_task(task, *given, **more)
        if task.number == 3:
            stop.ask()
        return made

    want = whole()
    asked = plan()
    with SweepFolder("out") as folder:
        folder.begin(asked.asked())
        with pytest.raises(UnfinishedSweep) as caught:
            simulate_sweep(asked, keeps=Stored(folder), stop=stop, simulate=simulate)
    kept = len(noted())
    assert str(caught.value) == (
        f"stopped: {kept} of {TASKS} scenarios are simulated and kept; the same command with --resume goes on"
    )
    assert 0 < kept < TASKS
    assert swept(resume=True).digest == want
    with pytest.raises(UnfinishedSweep, match="stopped: nothing is kept"):
        simulate_sweep(asked, stop=stop)


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_goes_on(place: Path) -> None:
    words = ["sweep", "desk.yaml", "--replications", "2", "--workers", "1", "--out", "out"]
    words += [word for key, values in VARY.items() for word in ("--vary", f"{key}={values}")]
    code = "import sys; from ccsim.experiments import sweep; one = sweep.simulate_task\n"
    code += "def slow(*a, **k):\n    import time\n    made = one(*a, **k)\n    time.sleep(0.5)\n    return made\n"
    code += "sweep.simulate_task = slow; from ccsim.start import main; sys.argv = ['ccsim', *sys.argv[1:]]; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until = time.monotonic() + 120
        while not list((place / "out" / "parts").glob("0*.parquet")) and time.monotonic() < until:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    found = re.search(
        r"stopped: (\d) of 4 scenarios are simulated and kept; the same command with --resume goes on", told
    )
    assert found is not None, told
    assert len(noted()) == int(found[1]) in (1, 2)
    assert swept(resume=True).digest == whole()


def test_a_folder_of_something_else_stays_as_it_is(place: Path) -> None:
    (place / "out").mkdir()
    (place / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="out: exists already"):
        swept(resume=True)
    assert [one.name for one in (place / "out").iterdir()] == ["mine.txt"]
