"""A sweep on the workers of a cluster: the same tables as on threads, also if workers are killed in its midst."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ccsim import api
from ccsim.errors import CcsimError
from ccsim.experiments.sweep_cluster import OtherWorker, ground, simulate_remotely, told_of
from ccsim.results.sweep_store import read_sweep
from tests.support.processes import environment
from tests.support.sweep_desk import DESK

VARY = {"pools.a.staffing": "2..9"}
TASKS = 8
SLOW = """
import os, time
from ccsim.experiments import sweep_cluster
from ccsim.experiments.sweep_parts import simulate_task as one
def simulate(task, plan, **given):
    time.sleep(0.3)
    if os.environ.get("POISON") and task.number == 4:
        if os.environ["POISON"] == "error":
            raise ZeroDivisionError("odd")
        os.kill(os.getpid(), 9)
    return one(task, plan, **given)
sweep_cluster.simulate_task = simulate
"""
"""Workers take their time, so that one can be killed in the midst of a sweep."""
SECONDS = 90


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "slow.py").write_text(SLOW)
    return tmp_path


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    address: str
    workers: list[subprocess.Popen[bytes]]


def until(found, what: str):
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if made := found():
            return made
        time.sleep(0.05)
    raise AssertionError(f"no {what} within {SECONDS} s")


@contextmanager
def process(*words: str, log: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    with (
        Path(log).open("wb") as file,
        subprocess.Popen(
            [sys.executable, "-m", *words], env=environment() | more, stdout=file, stderr=file, cwd=Path.cwd()
        ) as started,
    ):
        try:
            yield started
        finally:
            started.kill()


@contextmanager
def cluster(workers: int, **more: str) -> Iterator[Cluster]:
    quiet = {
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s",
        **more,
    }
    with ExitStack() as stack:
        words = "distributed.cli.dask_scheduler --host 127.0.0.1 --port 0 --dashboard-address 127.0.0.1:0"
        stack.enter_context(process(*words.split(), log="scheduler.log", **quiet))
        said = until(lambda: re.search(r"Scheduler at: +(tcp://\S+)", Path("scheduler.log").read_text()), "scheduler")
        words = f"distributed.cli.dask_worker {said[1]} --no-nanny --nthreads 1 --no-dashboard --preload slow.py"
        started = [
            stack.enter_context(process(*words.split(), log=f"worker-{number}.log", **quiet))
            for number in range(workers)
        ]
        for number in range(workers):
            until(lambda log=f"worker-{number}.log": "Registered to:" in Path(log).read_text(), "worker")
        yield Cluster(said[1], started)


def sweeping(address: str, *more: str) -> list[str]:
    words = ["ccsim", "sweep", "desk.yaml", "--replications", "2", "--out", "out", "--no-report"]
    words += [word for key, values in VARY.items() for word in ("--vary", f"{key}={values}")]
    code = "import sys; from ccsim.start import main; sys.argv = sys.argv[1:]; main()"
    return [sys.executable, "-c", code, *words, "--scheduler", address, *more]


def noted() -> int:
    return len(list(Path("out/parts").glob("0*.parquet")))


def test_a_worker_that_is_killed_in_mid_sweep_changes_nothing(place: Path) -> None:
    with cluster(2) as made:
        with subprocess.Popen(
            sweeping(made.address), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as sweep:
            until(lambda: noted() >= 2, "finished scenario")
            os.kill(made.workers[0].pid, signal.SIGKILL)
            assert noted() < TASKS
            said, told = sweep.communicate(timeout=SECONDS)
        assert sweep.returncode == 0, told
    assert "others do what it had in hand" in told
    assert "Results: out" in said
    assert read_sweep("out").digest == api.sweep("desk.yaml", VARY, replications=2, workers=1).digest


@pytest.mark.parametrize(
    ("poison", "workers", "why"),
    [
        pytest.param(
            *("error", 1, "point 4 failed 3 times (ZeroDivisionError: odd); it is parked"), marks=pytest.mark.verify
        ),
        (
            "kill",
            3,
            "point 4 failed 1 time (the worker that simulated it was killed 2 times; perhaps its machine has too",
        ),
    ],
)
def test_a_poisonous_task_is_parked_and_the_store_goes_on_with_threads(poison: str, workers: int, why: str) -> None:
    with cluster(workers, POISON=poison) as made:
        done = subprocess.run(
            sweeping(made.address), env=environment(), capture_output=True, text=True, timeout=SECONDS, check=False
        )
    assert done.returncode == 1, done.stderr
    assert why in done.stderr
    assert set(read_sweep("out").parked) == {4}
    again = api.sweep("desk.yaml", VARY, replications=2, out="out", resume=True)
    assert again.parked == {}
    assert again.digest == api.sweep("desk.yaml", VARY, replications=2, workers=1).digest


@pytest.mark.verify
def test_a_scheduler_that_dies_is_said_and_what_is_finished_is_kept() -> None:
    with ExitStack() as stack:
        made = stack.enter_context(cluster(1))
        with subprocess.Popen(
            sweeping(made.address), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as sweep:
            until(lambda: noted() >= 2, "finished scenario")
            stack.close()
            _, told = sweep.communicate(timeout=SECONDS)
    assert sweep.returncode == 2, told
    assert f"the scheduler at {made.address} was lost; finished scenarios are kept, and --resume goes on" in told
    assert "Traceback" not in told
    assert api.sweep("desk.yaml", VARY, replications=2, out="out", resume=True).parked == {}


def test_an_address_that_is_none_or_where_nobody_answers_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CcsimError, match="--scheduler: expected an address like tcp://desk-1:8786, got 'desk-1'"):
        api.sweep("desk.yaml", VARY, replications=2, scheduler="desk-1")
    done = subprocess.run(
        sweeping("tcp://127.0.0.1:9"), env=environment(), capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 2
    assert "--scheduler: no scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert "start one with `dask scheduler`" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(CcsimError, match=r"--scheduler: needs Dask's `distributed`: pip install 'ccsim\[cluster\]'"):
        api.sweep("desk.yaml", VARY, replications=2, scheduler="tcp://127.0.0.1:8786")


def test_it_is_imported_only_where_a_cluster_is_asked_for(place: Path) -> None:
    code = "import sys; from ccsim import api; api.sweep('desk.yaml', {'pools.a.staffing': [2]}, replications=2)\n"
    code += "assert not {'distributed', 'dask', 'tornado'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_a_worker_with_other_digits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ground() | {"numpy": "1.0", "processor": "abacus"}
    with pytest.raises(OtherWorker, match=r"a worker differs: it has numpy \S+, not 1.0; processor .*, not abacus"):
        simulate_remotely(b"", wanted)
    assert told_of(ZeroDivisionError("odd\nmore")) == ("ZeroDivisionError: odd", False)
