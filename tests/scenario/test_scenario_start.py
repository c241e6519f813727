"""The quick way to `ccsim check` and the command line agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ccsim.start import PlainCheck, plain_check
from tests.support.files import GLOBE
from tests.support.imports import COMMANDS, HEAVY, loaded_by
from tests.support.scenario_texts import LAB


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["check", "a.yaml"], PlainCheck("a.yaml")),
        (["check", "a.yaml", "--json"], PlainCheck("a.yaml", as_json=True)),
        (["check", "--variant", "x", "a.yaml", "--set", "a=b"], PlainCheck("a.yaml", ["x"], ["a=b"])),
        (["check", "a.yaml", "--variant=x", "--set=a=b", "--set", "c=d"], PlainCheck("a.yaml", ["x"], ["a=b", "c=d"])),
        (["check"], None),
        (["check", "--help"], None),
        (["check", "a.yaml", "b.yaml"], None),
        (["check", "a.yaml", "--variant"], None),
        (["check", "a.yaml", "--fast"], None),
        (["check", "--", "a.yaml"], None),
        (["run", "a.yaml"], None),
        ([], None),
    ],
)  # fmt: skip
def test_plain_words(words: list[str], found: PlainCheck | None) -> None:
    assert plain_check(words) == found


def both(*words: str) -> tuple[int, str, str]:
    """What both ways give, which must be the same."""
    found = []
    for module in ("start", "cli"):
        code = f"import sys; from ccsim.{module} import main; sys.argv = ['ccsim', *sys.argv[1:]]; main()"
        done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
        found.append((done.returncode, done.stdout, done.stderr))
    assert found[0] == found[1]
    return found[0]


def test_both_ways_say_the_same(tmp_path: Path) -> None:
    assert both("check", str(GLOBE))[0] == 0
    assert both("check", str(GLOBE), "--json", "--variant", "more")[0] == 0
    (tmp_path / "bad.yaml").write_text(LAB.replace("mean: 2m", "maen: 2m"))
    code, out, err = both("check", str(tmp_path / "bad.yaml"))
    assert (code, out) == (2, "")
    assert "did you mean 'mean'" in err
    assert both("check", "nowhere.yaml")[0] == 2
    assert both("check", str(GLOBE), "--fast")[0] == 2
    assert both("check", "--help")[0] == 0


def test_check_loads_nothing_heavy() -> None:
    assert "holidays: DE" in GLOBE.read_text()
    assert not loaded_by("check", str(GLOBE)) & (HEAVY | COMMANDS)
