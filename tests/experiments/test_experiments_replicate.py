import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.experiments import replicate as module
from ccsim.experiments.replicate import Stop, replicate
from ccsim.metrics.estimates import estimate
from ccsim.workers import default_workers
from tests.support.processes import environment
from tests.support.stand_in.desk import Slow, fake_replication, fake_run
from tests.support.stand_in.engine import FakeSimulated, empty_tables

NOTHING = FakeSimulated(empty_tables())


class Marked:
    """A simulated replication that knows its index."""

    def __init__(self, index):
        self.index, self.tables = index, NOTHING.tables


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_any_number_of_workers_gives_the_same_run(workers):
    plain = fake_run(9, workers=1, visits=True)
    other = fake_run(9, workers=workers, visits=True)
    assert other.digests == plain.digests
    assert other.estimates.equals(plain.estimates)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(st.integers(1, 40), st.integers(1, 5), st.integers(0, 1000))
def test_replications_are_taken_in_order_whatever_takes_longest(replications, workers, seed):
    taken = []

    def simulate(index):
        time.sleep((index * 7919 + seed) % 5 / 5000)
        return Marked(index)

    count = replicate(simulate, replications, lambda one: taken.append(one.index), workers=workers)
    assert taken == [*range(replications)]
    assert count == replications


def test_few_are_in_flight(monkeypatch):
    monkeypatch.setattr(module, "TASK_SECONDS", 0.0)
    begun, taken, most = [], [], []

    def simulate(index):
        begun.append(index)
        most.append(len(begun) - len(taken))
        return Marked(index)

    def take(one):
        time.sleep(0.001)
        taken.append(one.index)

    replicate(simulate, 100, take, workers=3)
    assert max(most) <= 3 + 1 + 1


def test_small_simulates_share_a_task_and_slow_ones_do_not(monkeypatch):
    sizes = []
    real = module._simulate_some

    def seen(simulate, first, size, stop):
        sizes.append(size)
        return real(simulate, first, size, stop)

    monkeypatch.setattr(module, "_simulate_some", seen)
    replicate(Marked, 3000, lambda one: None, workers=2)
    assert len(sizes) < 200
    assert max(sizes) <= module.LARGEST_TASK
    sizes.clear()
    monkeypatch.setattr(module, "TASK_SECONDS", 0.001)
    replicate(Slow(0.002), 6, lambda one: None, workers=2)
    assert sizes == [1] * 6


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_stopped_early_the_run_is_that_of_fewer_replications(workers):
    stop, said = Stop(), []

    def simulate(index):
        if index == 5:
            stop.ask()
        return fake_replication(index, visits=True)

    run = fake_run(2000, simulate=simulate, workers=workers, visits=True, stop=stop, warn=said.append)
    kept = run.replications
    assert 1 <= kept < 2000
    assert run.stopped
    assert run.digests == fake_run(kept, visits=True).digests
    assert said == [f"stopped: {kept} of 2000 replications were finished and are kept"]
    assert run.provenance["replications_asked"] == 2000
    assert "stopped" in repr(run)


def test_a_gap_is_never_kept():
    stop, taken = Stop(), []

    def simulate(index):
        if index == 2:
            stop.event.wait(5)  # slower than those after it
        if index == 3:
            stop.ask()
        return Marked(index)

    replicate(simulate, 10, lambda one: taken.append(one.index), workers=3, stop=stop)
    assert taken == [*range(len(taken))]
    assert len(taken) <= 4


def test_stopped_before_anything_was_finished_there_is_no_run():
    stop = Stop()
    stop.ask()
    with pytest.raises(KeyboardInterrupt):
        fake_run(5, stop=stop)


@pytest.mark.parametrize("workers", [1, 3])
def test_an_error_of_a_simulate_is_raised_and_stops_the_others(workers):
    begun = []

    def simulate(index):
        begun.append(index)
        if index == 3:
            raise RuntimeError("broken engine")
        time.sleep(0.001)
        return Marked(index)

    with pytest.raises(RuntimeError, match="broken engine"):
        replicate(simulate, 10_000, lambda one: None, workers=workers)
    assert len(begun) < 10_000


def test_an_error_while_taking_is_raised():
    def take(one):
        raise ValueError("broken take")

    with pytest.raises(ValueError, match="broken take"):
        replicate(Marked, 10, take, workers=2)


@pytest.mark.parametrize(("replications", "workers"), [(0, 1), (1, 0), (-1, 2)])
def test_nothing_to_do_is_refused(replications, workers):
    with pytest.raises(ValueError, match="at least one"):
        replicate(Marked, replications, lambda one: None, workers=workers)


def test_ctrl_c_keeps_what_is_finished_and_its_handler_is_put_back():
    before = signal.getsignal(signal.SIGINT)

    def simulate(index):
        if index == 4:
            os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.005)
        return fake_replication(index, volume=2)

    run = fake_run(1000, simulate=simulate, workers=2)
    assert run.stopped
    assert run.digests == fake_run(run.replications, simulate=lambda r: fake_replication(r, volume=2)).digests
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_is_an_ordinary_interrupt():
    def take(one):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        replicate(Marked, 5, take, workers=1)


def test_it_works_outside_the_main_thread():
    taken = []
    thread = threading.Thread(target=lambda: replicate(Marked, 7, taken.append, workers=2))
    thread.start()
    thread.join()
    assert len(taken) == 7


def test_ctrl_c_of_a_real_process_does_not_wait_for_a_long_simulate():
    code = """
        import os, signal, threading
        from ccsim.experiments.replicate import replicate
        from tests.support.stand_in.desk import fake_replication
        over = threading.Event()
        def simulate(r):
            if r == 2:
                os.kill(os.getpid(), signal.SIGINT)
                over.wait(60)  # for as long as the run goes on
            return fake_replication(r, volume=2)
        count = replicate(simulate, 50, lambda one: None, workers=2)
        over.set()
        print(count)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        capture_output=True,
        text=True,
        check=True,
        env=environment(),
    )
    assert int(done.stdout) <= 2
    assert done.stderr == ""


def test_workers_default_to_the_processors_of_the_process():
    assert 1 <= default_workers() <= (os.cpu_count() or 1)


def test_the_first_replications_of_a_run_are_a_shorter_run():
    long, short = fake_run(6), fake_run(4)
    tables = {n: f[f["replication"] < 4] if "replication" in f else f for n, f in long.tables.items()}
    assert estimate(tables, long.measured).equals(short.estimates)


def test_what_is_done_meanwhile_is_done_in_order_and_only_beside_long_replications(monkeypatch):
    done = []
    meanwhile = [lambda name=name: done.append(name) for name in "abc"]
    go_on = threading.Event()

    def simulate(index):
        while len(done) < 2 and not go_on.is_set():
            time.sleep(0.005)
        return Marked(index)

    monkeypatch.setattr(module, "WAKE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONG_SECONDS", 3600.0)
    threading.Timer(0.1, go_on.set).start()
    with module.Begun(simulate, 3, workers=1) as begun:
        assert begun.hand_to(lambda one: None, meanwhile=meanwhile) == 3
    assert done == []
    go_on.clear()
    monkeypatch.setattr(module, "LONG_SECONDS", 0.0)
    with module.Begun(simulate, 3, workers=1) as begun:
        assert begun.hand_to(lambda one: None, meanwhile=meanwhile) == 3
    assert done[:2] == ["a", "b"]


def test_an_error_of_what_is_done_meanwhile_ends_the_run(monkeypatch):
    def full():
        raise OSError("the disk is full")

    def simulate(index):
        time.sleep(0.05)
        return Marked(index)

    monkeypatch.setattr(module, "WAKE_SECONDS", 0.01)
    monkeypatch.setattr(module, "LONG_SECONDS", 0.0)
    with pytest.raises(OSError, match="full"), module.Begun(simulate, 2, workers=1) as begun:
        begun.hand_to(lambda one: None, meanwhile=[full])
