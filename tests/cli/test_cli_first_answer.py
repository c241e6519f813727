"""The first answer of a run: goals and KPIs are printed before anything else is loaded, made or written."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from ccsim import api
from ccsim.start import plain_run
from tests.cli.real_process import STAND_IN, ended, started
from tests.support.stand_in.desk import SCENARIO

LATE = ("matplotlib", "jinja2", "typer", "rich", "pydantic", "xlsxwriter", "ccsim.report", "ccsim.cli")
WATCHED = f"""
import json
from pathlib import Path
from ccsim.commands import run_made
def watched(text, *, say=run_made.say, **how):
    if not how:
        loaded = [name for name in {LATE!r} if name in sys.modules]
        written = sorted(one.name for one in Path("out").glob("*")) if Path("out").exists() else []
        print(json.dumps({{"says": text, "loaded": loaded, "written": written}}), file=sys.stderr)
    say(text, **how)
run_made.say = watched
{STAND_IN}
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "desk.yaml").write_text(SCENARIO)
    return tmp_path


def test_goals_and_kpis_are_printed_before_anything_else_is_loaded_or_written(place: Path) -> None:
    returned, out, err = ended(started(place, "run", "desk.yaml", "--out", "out", code=WATCHED))
    assert returned == 0, err
    first, last = (json.loads(line) for line in err.splitlines() if line.startswith("{"))
    assert "Goals" in first["says"]
    assert "Service level" in first["says"]
    assert (first["loaded"], first["written"]) == ([], [])
    assert "Results: out" in last["says"]
    assert "run.json" in last["written"]
    assert out == f"{first['says']}\n{last['says']}\nReport:  out/report.html\n"


def test_json_is_one_document_that_knows_the_folder(place: Path) -> None:
    returned, out, err = ended(started(place, "run", "desk.yaml", "--out", "out", "--json", code=STAND_IN))
    assert returned == 0, err
    found = json.loads(out)
    assert found["folder"] == "out"
    assert len(found["estimates"]) == len(api.read(place / "out").estimates)
    assert (place / "out" / "report.html").exists()


def test_the_page_that_a_copy_makes_is_the_page_of_the_stored_run(place: Path) -> None:
    returned, _, err = ended(started(place, "run", "desk.yaml", "--out", "out", code=STAND_IN))
    assert returned == 0, err
    again = api.report(place / "out", place / "again.html")
    assert again.read_bytes() == (place / "out" / "report.html").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="no copies are made elsewhere")
def test_a_copy_that_is_killed_is_told_and_the_run_is_kept(place: Path) -> None:
    killed = f"""
import os
from ccsim import copies
from ccsim.report import run_page
copies.default_workers = lambda: 2
run_page.run_page = lambda run, estimates, sums: os.kill(os.getpid(), 9)
{STAND_IN}
"""
    returned, out, err = ended(started(place, "run", "desk.yaml", "--out", "out", code=killed))
    assert returned == 0
    assert "report: not made: its process has ended with -9; `ccsim report out` makes it" in err
    assert "Report:" not in out
    assert api.read(place / "out").replications == 4


PREPARED_IN = """
import os
from ccsim import api, copies
copies.default_workers = lambda: {workers}
first = os.getpid()
def prepare(*of, made=api.prepare, **given):
    aside = os.getpid() != first
    print("prepared", "aside" if aside else "here", file=sys.stderr, flush=True)
    if aside: {first}
    return made(*of, **given)
api.prepare = prepare
"""


@pytest.mark.skipif(sys.platform != "linux", reason="no copies are made elsewhere")
@pytest.mark.parametrize(
    ("workers", "first", "said"),
    [
        (1, "pass", ["here"]),
        (2, "pass", ["aside"]),
        (2, "os.kill(os.getpid(), 9)", ["aside", "here"]),
        (2, "raise ValueError('odd')", ["aside", "here"]),
        (2, "return lambda: None", ["aside", "here"]),  # nothing that could be handed over
    ],
)
def test_a_run_is_the_same_whoever_prepares_it(place: Path, workers: int, first: str, said: list[str]) -> None:
    code = PREPARED_IN.format(workers=workers, first=first) + STAND_IN
    returned, _, err = ended(started(place, "run", "desk.yaml", "--out", "out", "--no-report", code=code))
    assert (returned, [line for line in err.splitlines() if line.startswith("prepared")]) == (
        0,
        [f"prepared {one}" for one in said],
    )
    alone = PREPARED_IN.format(workers=1, first="pass") + STAND_IN
    returned, _, _ = ended(started(place, "run", "desk.yaml", "--out", "alone", "--no-report", code=alone))
    assert returned == 0
    found, expected = (json.loads((place / name / "run.json").read_text()) for name in ("out", "alone"))
    for record in (found, expected):
        record["provenance"] = {"scenario": record["provenance"]["scenario"], "files": record["provenance"]["files"]}
    assert found == expected


@pytest.mark.skipif(sys.platform != "linux", reason="no copies are made elsewhere")
@pytest.mark.parametrize("workers", [1, 2])
def test_faults_are_told_alike_whoever_finds_them(place: Path, workers: int) -> None:
    (place / "desk.yaml").write_text(f"{SCENARIO}\nhorizn: 3d\ntime_zon: UTC\n")
    code = PREPARED_IN.format(workers=workers, first="pass") + STAND_IN
    returned, out, err = ended(started(place, "run", "desk.yaml", "--out", "out", code=code))
    assert (returned, out, (place / "out").exists()) == (2, "", False)
    assert [line for line in err.splitlines() if line.startswith("prepared")] == [
        f"prepared {'aside' if workers == 2 else 'here'}"
    ]
    assert "'horizn'" in err
    assert "'time_zon'" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["run", "a.yaml"], {"scenario": "a.yaml", "variants": [], "settings": []}),
        (
            ["run", "a.yaml", "--variant", "x", "--set=a=b", "--seed", "0", "--workers=2", "--replications", "12"],
            {"scenario": "a.yaml", "variants": ["x"], "settings": ["a=b"], "seed": 0, "workers": 2, "replications": 12},
        ),
        (
            ["run", "--json", "--force", "--quiet", "--no-report", "--require-goals", "a.yaml", "--out", "x/y"],
            {
                "scenario": "a.yaml", "variants": [], "settings": [], "as_json": True, "force": True, "quiet": True,
                "report": False, "require_goals": True, "out": Path("x/y"),
            },
        ),
        (["run", "a.yaml", "--replications", "0"], None),
        (["run", "a.yaml", "--seed", "-1"], None),
        (["run", "a.yaml", "--seed", "1_0"], None),
        (["run", "a.yaml", "--seed", "1", "--seed", "2"], None),
        (["run", "a.yaml", "--report", "--no-report"], None),
        (["run", "a.yaml", "--allow-outside"], None),
        (["run", "a.yaml", "--out"], None),
        (["run", "a.yaml", "b.yaml"], None),
        (["run", "--help"], None),
        (["run"], None),
        (["check", "a.yaml"], None),
    ],
)  # fmt: skip
def test_a_plain_run_is_understood_and_all_else_is_left_to_the_command_line(words: list[str], found: object) -> None:
    assert plain_run(words) == found
