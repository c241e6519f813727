"""Work in a copy of a command's process: its answer, its faults, its end."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no copies are made elsewhere")

HEAD = """
import os, signal, sys, threading, time
from ccsim import copies, interrupts
from ccsim.errors import CcsimError
interrupts.listen()
copies.default_workers = lambda: 2
held = [1, 2]
"""


def said(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", HEAD + code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def test_a_copy_has_what_the_process_holds_and_gives_its_answer() -> None:
    code = """
with copies.Copy() as copy:
    print(copy.begin(lambda: (os.getpid(), sum(held))), copy.begun)
    pid, total = copy.answer()
    print(pid != os.getpid(), total, copy.begun)
"""
    assert said(code) == ["True True", "True 3 False"]


def test_what_a_copy_raises_is_raised_where_its_answer_is_asked_for() -> None:
    code = """
def fault(): raise CcsimError("no room")
for work in (fault, lambda: 1 / 0, lambda: os.kill(os.getpid(), signal.SIGKILL)):
    with copies.Copy() as copy:
        copy.begin(work)
        try: copy.answer()
        except Exception as error: print(type(error).__name__, error)
"""
    assert said(code) == [
        "CcsimError no room",
        "RuntimeError ZeroDivisionError: division by zero",
        "CopyEndedError its process has ended with -9",
    ]


def test_a_copy_goes_with_the_context_and_with_the_process() -> None:
    code = """
read, write = os.pipe()
def work():
    os.write(write, b"%d\\n" % os.getpid())
    time.sleep(600)
def lives(pid):
    try: os.kill(pid, 0)
    except ProcessLookupError: return False
    return True
with copies.Copy() as copy:
    copy.begin(work)
    pid = int(os.read(read, 20))
    print(lives(pid))
print(lives(pid))
"""
    assert said(code) == ["True", "False"]
    process = subprocess.Popen([sys.executable, "-c", HEAD + ENDLESS], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as lines:
        assert lines.readline()
        process.kill()
        process.wait()
        assert lines.read() == b""  # it ends when the last who holds the pipe has gone: the copy, too


ENDLESS = """
def work():
    print("at work", flush=True)
    time.sleep(600)
copies.Copy().begin(work)
signal.pause()
"""


def test_no_copy_is_made_beside_threads_nor_of_a_program_that_uses_ccsim() -> None:
    code = """
stop = threading.Event()
other = threading.Thread(target=stop.wait)
other.start()
print(copies.Copy().begin(int))
stop.set()
other.join()
copies.default_workers = lambda: 1
print(copies.Copy().begin(int))
copies.default_workers = lambda: 2
sys.excepthook = sys.__excepthook__
print(copies.Copy().begin(int))
"""
    assert said(code) == ["False", "False", "False"]
