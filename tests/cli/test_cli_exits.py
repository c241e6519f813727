"""Whatever goes wrong, a command ends with a line and an exit code of its own, never with a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim.cli import app

RAISES = """
import sys
from ccsim import cli
import numpy as np

@cli.app.command("fail")
def fail():
    print("some words")
    {statement}

cli.main()
"""


def ended(code: str, *words: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *words], stderr=subprocess.PIPE, text=True, check=False, **({"stdout": -1} | more)
    )


@pytest.mark.parametrize(
    ("statement", "code", "says"),
    [
        ("raise MemoryError", 6, "out of memory"),
        ("np.ones(1 << 57)", 6, "out of memory"),
        ("raise OSError(28, 'No space left on device', 'out/a.parquet')", 5, "out/a.parquet: could not be read or wri"),
        ("open('/nowhere/at/all')", 5, "/nowhere/at/all: "),
        ("raise BrokenPipeError(32, 'Broken pipe')", 141, ""),
        ("raise cli.typer.Exit(3)", 3, ""),
    ],
)
def test_a_fault_has_a_line_and_a_code(statement: str, code: int, says: str) -> None:
    done = ended(RAISES.format(statement=statement), "fail")
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == bool(says)


def test_the_traceback_of_an_unexpected_fault_is_in_a_file(tmp_path: Path) -> None:
    code = RAISES.format(statement="1 / 0")
    done = ended(code, "fail", env=os.environ | {"TMPDIR": str(tmp_path)})
    (file,) = tmp_path.glob("ccsim-fault-*.txt")
    assert done.returncode == 70
    assert done.stderr.splitlines() == [
        f"unexpected fault, please report it: ZeroDivisionError: division by zero (where: {file})"
    ]
    assert "Traceback" in file.read_text()
    done = ended(code, "fail", env=os.environ | {"CCSIM_DEBUG": "1"})
    assert done.returncode == 70
    assert "Traceback" in done.stderr


START = "from ccsim.start import main; main()"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["schema"], ["--help"]])
def test_a_full_stdout_is_told(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = ended(START, *words, stdout=full)
    assert done.returncode == 5, done.stderr
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr


@pytest.mark.parametrize("words", [["schema"], ["--help"]])
def test_a_pipe_that_is_closed_ends_quietly(words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = ended(START, *words, stdout=write)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


@pytest.mark.parametrize(
    "command", ["run", "compare", "check", "check-goals", "report", "diff", "explain", "schema", "export"]
)
def test_the_help_names_every_exit_code(command: str) -> None:
    said = " ".join(CliRunner().invoke(app, [command, "--help"]).stdout.split())
    own = {"run": "3 130", "compare": "4 130", "check-goals": "3 4"}.get(command, "")
    for code in f"0 2 5 6 70 130 141 143 {own}".split():
        assert re.search(rf"\b{code}(:| or 143:)", said), (code, said)
