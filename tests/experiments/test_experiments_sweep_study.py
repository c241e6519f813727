"""Studies: read, described to editors, swept; designs that draw points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.errors import ScenarioError
from ccsim.experiments.asked import Effort, SweepOptions
from ccsim.experiments.sweep_plan import plan_sweep
from ccsim.experiments.sweep_study import asked_by, drawn
from ccsim.language.studies import Design, StudiedValues
from ccsim.results.sweep_store import read_sweep
from ccsim.scenario.studies import is_study, read_study, study_markdown, study_schema
from ccsim.text.ranges import ends_of_range
from ccsim.text.tree import Place, Source
from tests.support.files import ROOT
from tests.support.sweep_desk import DESK

STUDY = """\
study: mix
question: Which price, and how many?
scenarios: [desk.yaml, desk.yaml:more]
over:
  pools.b.staffing: 1..2
  vendors.partner.paid_hour: [12, 14]
set: {demand.calls.per_minute: x0.5}
replications: 2
outputs: [occupancy]
by: [vendor]
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(DESK)
    (tmp_path / "study.yaml").write_text(STUDY)
    return tmp_path


def faults_of(text: str) -> str:
    Path("study.yaml").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        plan_sweep(asked_by("study.yaml"))
    return str(caught.value)


def test_a_study_is_swept_from_its_own_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "elsewhere").mkdir()
    monkeypatch.chdir(place / "elsewhere")
    done = CliRunner().invoke(app, ["sweep", "../study.yaml", "--out", "out", "--quiet"])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "mix: Which price, and how many?"
    assert lines[1].startswith("desk: 10 points on common random numbers, 2 replications each, seed 4; 6 points differ")
    assert any(line.startswith("5  ") and "desk+more" in line and "as written" in line for line in lines)
    assert any("Occupancy" in line for line in lines)
    made = read_sweep("out")
    assert made.settings(9) == {"pools.b.staffing": "2", "vendors.partner.paid_hour": "14"}
    assert {"vendor"} <= set(made.kpis["scope"])
    assert made.provenance["question"] == "mix: Which price, and how many?"


def test_what_the_command_says_goes_before_the_study(place: Path) -> None:
    plan = plan_sweep(asked_by("study.yaml", SweepOptions(effort=Effort(3, seed=8), kpis=["asa"])))
    assert (plan.replications, plan.seed, plan.kpis) == (3, 8, ("occupancy", "asa"))
    done = CliRunner().invoke(app, ["sweep", "study.yaml", "--vary", "k=1,2", "--dry-run"])
    assert (done.exit_code, done.stderr) == (2, "--vary: a study says this itself\n")
    assert is_study("study.yaml")
    assert not is_study("desk.yaml")
    assert not is_study("none.yaml")


def test_all_faults_of_a_study_have_place_key_and_remedy() -> None:
    text = faults_of(
        "study: mix\nscenario: desk.yaml\nover: {a.b: 1..x, c.d: 10%..30%, 'e..f': [1, 2], g.h: []}\n"
        "design: {kind: sobol, points: 12}\nreplications: 1\noutputs: [asaa]\n"
    )
    for line in (
        "study.yaml:2:1: scenario: unknown key 'scenario'; did you mean 'scenarios'?",
        "study.yaml:3:13: over.a.b: expected a range between two numbers, shares or times that are written alike",
        "over.e..f: expected names joined by dots, like pools.desk.staffing",
        "over.g.h: expected at least one value, got an empty list",
        "design.points: expected a power of two, like 8 or 16, got 12",
        "replications: expected a whole number of at least 2",
        "outputs.0: expected the name of a KPI, got 'asaa'; did you mean 'asa'?",
    ):
        assert line in text, text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("1..2", "0.1..0.2"), "study.yaml:5:21: over.pools.b.staffing: say how many values, like 10%..30%:3, or"),
        (("set:", "design: {points: 4}\nset:"), "design.points: a grid has all combinations"),
        (("set:", "design: {kind: latin_hypercube}\nset:"), "design.points: say how many points latin_hypercube draws"),
        (("1..2", "[1, two]"), "study.yaml:5:21: pools.b.staffing: expected a whole number, got 'two'"),
        (("pools.b.staffing", "pools.q.staffing"), "study.yaml:5:21: pools.q.staffing: there is no key 'q' in pools"),
        (("desk.yaml,", "none.yaml,"), "none.yaml: cannot be read"),
    ],
)
def test_faults_that_the_points_show_stand_at_the_factor(change: tuple[str, str], told: str) -> None:
    assert told in faults_of(STUDY.replace(*change))


def values(text: str) -> StudiedValues:
    if text.startswith("["):
        return StudiedValues(tuple(yaml.safe_load(text)), None, Place(Source("study.yaml", Path())))
    return StudiedValues((), ends_of_range(text), Place(Source("study.yaml", Path())))


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol"])
def test_drawn_points_fill_each_factor_evenly_and_are_the_same_for_a_seed(kind: Any) -> None:
    asked = [values("0..100%"), values("3..6"), values("[x, y]")]
    points = drawn(asked, Design(kind=kind, points=32, seed=3))
    assert points == drawn(asked, Design(kind=kind, points=32, seed=3))
    assert points != drawn(asked, Design(kind=kind, points=32, seed=4))
    shares = sorted(float(one[0].removesuffix("%")) for one in points)
    assert (np.floor(np.array(shares) / 100 * 32).astype(int) == np.arange(32)).all()  # one in each of 32 equal parts
    assert [[one[1] for one in points].count(str(n)) for n in range(3, 7)] == [8, 8, 8, 8]
    assert [one[2] for one in points].count("x") == 16


def test_a_study_without_its_name_is_told_as_one() -> None:
    """Not as a scenario that lacks everything; a scenario with a word too many stays one."""
    for over in ("over", "factors"):
        assert "study.yaml:1:1: study: is missing" in faults_of(f"scenarios: [desk.yaml]\n{over}: {{a.b: [1, 2]}}\n")
    Path("wrong.yaml").write_text("scenarios: desk\n")
    assert not is_study("wrong.yaml")


def test_a_drawn_study_is_planned(place: Path) -> None:
    design = "design: {kind: sobol, points: 4}\nset:"
    (place / "study.yaml").write_text(STUDY.replace("set:", design).replace("1..2", "1..4"))
    plan = plan_sweep(asked_by("study.yaml"))
    assert len(plan.points) == 2 * (1 + 4)
    assert {value for one in plan.points for key, value in one.values if key == "pools.b.staffing"} == set("1234")


def test_the_schema_takes_what_is_read_and_the_page_is_up_to_date() -> None:
    validator = jsonschema.Draft202012Validator(study_schema())
    assert list(validator.iter_errors(yaml.safe_load(STUDY))) == []
    for wrong in ({"factor": {}}, {"design": {"kind": "random"}}, {"replications": 1}):
        assert list(validator.iter_errors(yaml.safe_load(STUDY) | wrong))
    assert json.loads(CliRunner().invoke(app, ["schema", "--study"]).stdout) == study_schema()
    assert (ROOT / "docs" / "reference" / "studies.md").read_text("utf-8") == study_markdown()
    assert read_study("study.yaml").study == "mix"
