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


def test_a_copy_takes_what_is_given_later_and_whoever_gives_it_waits_for_nothing() -> None:
    code = """
later, other = copies.Handover(), copies.Handover()
with copies.Copy() as copy:
    copy.begin(lambda: (len(later.take()), other.take()), awaits=(later, other))
    later.give("x" * 1_000_000)  # more than a pipe holds
    other.give(held)
    print(copy.answer())
with copies.Copy() as copy:
    later = copies.Handover()
    copy.begin(lambda: os._exit(3), awaits=(later,))
    try: copy.answer()
    except CcsimError as error: print(error)
    later.give("nobody takes it")
with copies.Copy() as copy:
    later = copies.Handover()
    copy.begin(later.take, awaits=(later,))
    later.close()
    later.close()
    try: copy.answer()
    except CcsimError as error: print(error)
print(len(os.listdir("/proc/self/fd")) - before)
"""
    assert said('before = len(os.listdir("/proc/self/fd"))\n' + code) == [
        "(1000000, [1, 2])",
        "its process has ended with 3",
        "what it waited for was not made",
        "0",
    ]


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_every_figure_of_a_page_is_drawn_once_by_whoever_is_free(workers: int) -> None:
    code = f"""
from markupsafe import Markup
from ccsim.report import drawing
drawing.default_workers = copies.default_workers = lambda: {workers}
first = os.getpid()
read, write = os.pipe()
@drawing.drawn_last
def figure(number):
    os.write(write, b"%d %d," % (number, os.getpid() != first))
    return Markup(f"<svg>{{number}}</svg>")
with drawing.figures_last() as figures:
    page = "".join(figure(number) for number in range(30))
    figures.begin()
    if {workers} > 1:
        said = os.read(read, 10_000)  # a copy has drawn something
    else:
        said = b""
    page += str(figure(30))
    print(figures.put_into(page))
drawn = [one.split() for one in (said + os.read(read, 10_000)).decode().split(",") if one]
print(sorted(int(number) for number, _ in drawn) == list(range(31)), any(int(aside) for _, aside in drawn))
"""
    assert said(code) == ["".join(f"<svg>{number}</svg>" for number in range(31)), f"True {workers > 1}"]


def test_arrays_of_an_answer_are_whole_aligned_and_free_to_change() -> None:
    code = """
import numpy as np
given = {"a": np.arange(5, dtype=np.int8), "empty": np.zeros((0, 3)), "b": np.arange(12.0).reshape(3, 4), "c": "text"}
with copies.Copy() as copy:
    copy.begin(lambda: (given, [given["b"]] * 2))
    found, twice = copy.answer()
print(all(np.array_equal(found[name], given[name]) for name in given), found["b"].ctypes.data % 64)
found["b"] += 1
print(found["b"].sum() - given["b"].sum(), twice[0] is found["b"], found["empty"].shape)
"""
    assert said(code) == ["True 0", "12.0 True (0, 3)"]


def test_work_beside_is_done_once_and_its_faults_are_those_of_the_work() -> None:
    code = """
class Odd(CcsimError): pass
def fault(): raise Odd("no room")
for worth in (True, False):
    with copies.Beside(lambda: os.getpid(), worth=worth) as beside:
        print((beside.made() == os.getpid()) is not worth)
    for work in (fault, lambda: 1 / 0):
        with copies.Beside(work, worth=worth) as beside:
            try: beside.made()
            except Exception as error: print(type(error).__name__, error)
"""
    assert said(code) == ["True", "Odd no room", "ZeroDivisionError division by zero"] * 2
