"""The command line as a process of its own on a small desk, and signs of how far it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.processes import environment

DESK = """\
scenario: desk
horizon: {start: 2026-01-01, length: 4h}
demand: {calls: {per_minute: 1}}
handle_time: {law: exponential, mean: 2m}
pools: {desk: {staffing: 4, paid_hour: 20.0}}
run: {replications: 20, seed: 11}
goals:
  - {kpi: asa, at_most: 40s}
variants:
  more: {pools.desk.staffing: 6}
"""
START = "from ccsim.start import main; print('go', file=sys.stderr, flush=True); main()"
BRAKED = f"""
import time, ccsim.engine
def braked(*model, simulate=ccsim.engine.simulate, seen=set(), **how):
    seen.add(id(model[0]))
    time.sleep(0.2 if len(seen) > 1 and how["replication"] > 3 else 0)
    return simulate(*model, **how)
ccsim.engine.simulate = braked
{START}
"""
"""The second alternative goes slowly after a few replications, so that it is sure to be caught at it."""
STAND_IN = f"""
from tests.support.stand_in.desk import replace_engine
replace_engine(sys.modules)
{START}
"""
"""The stand-in for the engine, where what is simulated does not matter."""
ENDLESS = ("--replications", "200000")
"""Minutes of simulate on any machine."""
LIMIT = 120
"""Seconds until a test gives up: nothing is judged by the time it takes."""


def started(place: Path, *words: str | bytes, code: str = START, **more: Any) -> subprocess.Popen[bytes]:
    """The command line in a process group of its own; its stdout and stderr are pipes unless told otherwise."""
    command = [sys.executable, "-c", f"import sys; {code}" if code == START else f"import sys\n{code}", *words]
    usual = {"stdout": -1, "stderr": -1, "env": environment()}
    return subprocess.Popen(command, cwd=place, start_new_session=True, **(usual | more))


def wait_for(sign: Callable[[], object], process: subprocess.Popen[bytes]) -> None:
    """Wait until there is a sign that the process is as far as a test wants it."""
    end = time.monotonic() + LIMIT
    while not sign():
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            said = process.stderr.read().decode() if process.stderr else ""
            raise AssertionError(f"no sign of it; it ended with {process.returncode} and said {said}")
        time.sleep(0.005)


def simulate_of(process: subprocess.Popen[bytes], place: Path, name: str = "out") -> None:
    """Wait until some replications are in the draft of a run that the process makes."""
    rows = place / f".{name}.{process.pid}.partial" / "replications.parquet"
    wait_for(lambda: rows.exists() and rows.stat().st_size > 5_000, process)


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a process that ends by itself, is told no traceback and leaves nobody behind."""
    try:
        out, err = process.communicate(timeout=LIMIT)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    said = (err or b"").decode()
    assert "Traceback" not in said, said
    end = time.monotonic() + LIMIT
    while alive(process.pid) and time.monotonic() < end:  # whoever was told to end may need a moment on a busy machine
        time.sleep(0.01)
    assert not alive(process.pid)
    return process.returncode, (out or b"").decode(), said


def alive(group: int) -> bool:
    """Whether anybody of a process group still lives."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def names(place: Path) -> list[str]:
    """What is in a folder."""
    return sorted(one.name for one in place.iterdir())
