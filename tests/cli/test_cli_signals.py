"""Ctrl-C and SIGTERM to a real `run` and `compare` in mid-simulate: it ends, says so, and keeps what was finished."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ccsim import api
from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from tests.cli.real_process import BRAKED, DESK, ENDLESS, ended, names, simulate_of, started, wait_for

STOPS = [(signal.SIGINT, 130, "1"), (signal.SIGTERM, 143, "2")]
"""What is sent, the exit code, and the number of workers."""
RUN = ("run", "desk.yaml", "--out", "out", "--no-report")
COMPARE = ("compare", "desk.yaml", "desk.yaml:more", "--out", "out", "--no-report", "--replications", "30")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(DESK)
    return tmp_path


@pytest.mark.parametrize(("sent", "code", "workers"), STOPS)
def test_a_stopped_run_keeps_what_is_finished_and_says_so_once(
    place: Path, sent: signal.Signals, code: int, workers: str
) -> None:
    deaf = sent != signal.SIGINT  # as every process is to Ctrl-C that a script starts with `&`
    ignore = (lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if deaf else None
    process = started(place, *RUN, *ENDLESS, "--workers", workers, preexec_fn=ignore)
    simulate_of(process, place)
    if deaf:
        process.send_signal(signal.SIGINT)
    process.send_signal(sent)
    returned, out, err = ended(process)
    run = Run.read(place / "out")
    assert returned == code, err
    assert err.splitlines() == ["go", f"stopped: {run.replications} of 200000 replications were finished and are kept"]
    assert "Results: out" in out
    assert run.stopped
    assert run.digest == api.run(place / "desk.yaml", replications=run.replications).digest
    assert names(place) == ["desk.yaml", "out"]


@pytest.mark.parametrize(("sent", "code", "workers"), [pytest.param(*STOPS[0], marks=pytest.mark.verify), STOPS[1]])
def test_a_stopped_comparison_is_gone_on_with_and_gives_the_same(
    place: Path, sent: signal.Signals, code: int, workers: str
) -> None:
    process = started(place, *COMPARE, "--workers", workers, code=BRAKED)
    wait_for(lambda: list(place.glob("out/.desk-more.*.partial/replications.parquet")), process)
    process.send_signal(sent)
    returned, out, err = ended(process)
    assert (returned, out) == (code, ""), err
    assert err.splitlines()[-1] == ("stopped: 1 of 2 alternatives are finished and kept; the same command resumes")
    assert "stopped" not in "".join(err.splitlines()[:-1])
    assert [one for one in names(place / "out") if "partial" in one] == []
    assert ".out.lock" not in names(place)
    returned, _, err = ended(started(place, *COMPARE, "--workers", workers))
    assert returned == 0, err
    assert "desk (1 of 2): already simulated, used as it is" in err
    whole = api.compare(place / "desk.yaml", f"{place / 'desk.yaml'}:more", replications=30)
    digests = [one.digest for one in whole.alternatives]
    assert [one.digest for one in Comparison.read(place / "out").alternatives] == digests


def test_a_comparison_that_simulates_until_it_is_decided_keeps_its_pairs(place: Path) -> None:
    until = ("--until", "precision=0.001%", "--max-replications", "200000")
    process = started(place, *COMPARE[:-2], *until)
    simulate_of(process, place / "out", "desk-more")
    process.send_signal(signal.SIGTERM)
    returned, out, err = ended(process)
    assert returned == 143, err
    assert "it was stopped" in out
    assert Comparison.read(place / "out").replications >= 2


@pytest.mark.parametrize(
    ("words", "pause"),
    [((*RUN, *ENDLESS), 0.02), pytest.param((*COMPARE[:-2], *ENDLESS), 0.0, marks=pytest.mark.verify)],
)
def test_a_hail_of_ctrl_c_ends_it_without_a_traceback(place: Path, words: tuple[str, ...], pause: float) -> None:
    process = started(place, *words)
    simulate_of(process, *((place,) if words[0] == "run" else (place / "out", "desk")))
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(pause)
    returned, _, err = ended(process)
    assert returned == 130, err
    assert "stopped" in err


@pytest.mark.parametrize(("words", "longest"), [(("check", "desk.yaml"), 0.2), ((*RUN, *ENDLESS), 1.5)])
def test_ctrl_c_at_any_moment_is_no_traceback(place: Path, words: tuple[str, ...], longest: float) -> None:
    chance = random.Random(3)
    for _ in range(4):
        process = started(place, *words, "--force" if words[0] == "run" else "--json")
        assert process.stderr is not None
        assert process.stderr.readline() == b"go\n"
        time.sleep(chance.random() * longest)
        process.send_signal(signal.SIGINT)
        returned, _, err = ended(process)
        assert returned == 130 or (words[0] == "check" and returned == 0), err


def test_ctrl_c_while_a_class_is_made_is_a_stop() -> None:
    """Python 3.11 wraps what is raised in `__set_name__`."""
    code = (
        "from ccsim.exits import guarded\n"
        "def command():\n"
        "    try:\n"
        "        raise KeyboardInterrupt\n"
        "    except KeyboardInterrupt as stop:\n"
        "        raise RuntimeError('Error calling __set_name__') from stop\n"
        "guarded(command)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "stopped\n")


def test_a_ctrl_c_that_gets_lost_on_the_way_still_stops_a_run(place: Path) -> None:
    """C code may clear it: whoever asks for an attribute, and takes any error for none."""
    code = (
        "import os, signal, sys; from ccsim.interrupts import listen; listen()\n"
        "try:\n    os.kill(os.getpid(), signal.SIGINT)\nexcept KeyboardInterrupt:\n    pass\n"
        "from ccsim import api; api.run('desk.yaml', replications=1); print('it ran')"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=place, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (130, ""), done.stderr
