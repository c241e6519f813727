"""What is around a command fails: a pipe that nobody reads, a full disk, names that are not text."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ccsim.report.page import write_page
from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from tests.cli.real_process import STAND_IN, ended, names, started, wait_for
from tests.support.stand_in.desk import SCENARIO

RUN = ("run", "desk.yaml", "--out", "out", "--no-report")
COMPARE = ("compare", "desk.yaml", "desk.yaml:more", "--out", "out", "--no-report", "--quiet")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    return tmp_path


@pytest.fixture
def full_pipe() -> Iterator[int]:
    """The end to write to of a pipe that is full and that nobody reads."""
    read, write = os.pipe()
    flags = fcntl.fcntl(write, fcntl.F_GETFL)
    fcntl.fcntl(write, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    try:
        while True:
            os.write(write, b"." * 512)
    except BlockingIOError:
        fcntl.fcntl(write, fcntl.F_SETFL, flags)
    yield write
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("as_json", [(), ("--json",)])  # the document is longer than what Python holds back
def test_ctrl_c_ends_a_command_whose_output_nobody_reads(place: Path, full_pipe: int, as_json: tuple[str, ...]) -> None:
    process = started(place, *RUN, *as_json, code=STAND_IN, stdout=full_pipe)
    wait_for((place / "out" / "run.json").exists, process)
    time.sleep(0.5)  # it is most likely at its output now; if it is not, it has to end all the same
    process.send_signal(signal.SIGINT)
    returned, _, err = ended(process)
    assert (returned, err) == (130, "go\nstopped\n")
    assert Run.read(place / "out").replications == 4


@pytest.mark.parametrize("words", [(*RUN, "--json"), COMPARE])
def test_a_reader_that_has_gone_ends_it_quietly_and_the_result_is_kept(place: Path, words: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    process = started(place, *words, code=STAND_IN, stdout=write)
    os.close(write)
    returned, _, err = ended(process)
    assert (returned, err) == (141, "go\n")
    assert (Run if words[0] == "run" else Comparison).read(place / "out").replications == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_under_stdout_is_told_and_the_run_is_kept(place: Path) -> None:
    with Path("/dev/full").open("w") as full:
        returned, _, err = ended(started(place, *RUN, code=STAND_IN, stdout=full))
    assert (returned, err) == (5, "go\nstdout: could not be read or written: No space left on device\n")
    assert Run.read(place / "out").replications == 4


def no_file_longer(size: int) -> Callable[[], None]:
    """As a full disk: writing more than so many bytes to a file is an error."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", [1_000, 7_000])
def test_a_run_that_does_not_fit_is_told_and_leaves_nothing(place: Path, size: int) -> None:
    returned, out, err = ended(started(place, *RUN, code=STAND_IN, preexec_fn=no_file_longer(size)))
    assert (returned, out) == (5, ""), err
    assert err.startswith("go\nout: could not be written: ")
    assert "File too large" in err
    assert len(err.splitlines()) == 2
    assert names(place) == ["desk.yaml"]


def test_a_comparison_that_does_not_fit_leaves_the_old_one(place: Path) -> None:
    assert ended(started(place, *COMPARE, code=STAND_IN))[0] == 0
    before = [one.digest for one in Comparison.read(place / "out").alternatives]
    again = started(place, *COMPARE, "--force", code=STAND_IN, preexec_fn=no_file_longer(7_000))
    returned, out, err = ended(again)
    assert (returned, out) == (5, ""), err
    assert "File too large" in err
    assert len(err.splitlines()) == 2
    assert [one.digest for one in Comparison.read(place / "out").alternatives] == before
    assert names(place) == [".out.new", "desk.yaml", "out"]
    assert names(place / ".out.new") == ["unfinished.json"]


def test_a_place_below_a_file_is_bad_input(place: Path) -> None:
    returned, _, err = ended(started(place, "run", "desk.yaml", "--out", "desk.yaml/out"))
    assert returned == 2
    assert "desk.yaml is not a folder" in err
    assert len(err.splitlines()) == 2


CAFE = os.fsdecode(b"caf\xe9")
"""A name that is not UTF-8: files may have such names, texts may not."""


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    try:
        (tmp_path / f"{CAFE}.yaml").write_text(SCENARIO)
    except (OSError, UnicodeError):
        pytest.skip("this disk has no such names")
    return tmp_path


def test_a_scenario_with_an_odd_name_is_checked_and_simulated(odd: Path) -> None:
    for words in (("check", f"{CAFE}.yaml"), ("check", f"{CAFE}.yaml", "--json")):
        returned, out, err = ended(started(odd, *words))
        assert (returned, err) == (0, "go\n")
        assert out
    returned, _, err = ended(started(odd, "check", f"{CAFE}.yml"))
    assert (returned, err) == (2, "go\ncaf\\udce9.yml: cannot be read: no such file\n")
    words = ("compare", f"{CAFE}.yaml", f"{CAFE}.yaml:more", "--no-report", "--quiet")
    returned, out, err = ended(started(odd, *words, code=STAND_IN))
    assert (returned, err) == (0, "go\n")
    assert "Results: runs/compare-caf-1" in out


def test_a_page_that_names_an_odd_file_is_written(tmp_path: Path) -> None:
    write_page(f"<p>{CAFE}", tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == "<p>caf?"


@pytest.mark.parametrize("words", [("run",), ("compare", f"{CAFE}.yaml:more")])
def test_a_place_with_an_odd_name_is_refused_before_anything_is_simulated(odd: Path, words: tuple[str, ...]) -> None:
    returned, _, err = ended(started(odd, words[0], f"{CAFE}.yaml", *words[1:], "--out", CAFE, code=STAND_IN))
    assert returned == 2
    assert err.endswith("caf\\udce9: has bytes in its path that are not UTF-8; choose another --out\n")
    assert len(err.splitlines()) == 2
    assert names(odd) == [f"{CAFE}.yaml"]


def test_a_run_that_was_moved_to_an_odd_name_is_told(odd: Path) -> None:
    (odd / CAFE).mkdir()
    (odd / CAFE / "run.json").write_text('{"format": "ccsim run", "format_version": 2}')
    returned, _, err = ended(started(odd, "check-goals", CAFE))
    assert (returned, err) == (2, "go\ncaf\\udce9: has bytes in its path that are not UTF-8; move it\n")
