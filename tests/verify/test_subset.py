"""Every family once or twice with few contacts: the part of `make verify` that is in `make test`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .__main__ import main
from .backend import Scenario
from .cases import REFERENCE, Library
from .report import lines_of, summary
from .runner import Answer, Effort, answer

SUBSET = (
    "EB04", "EC01", "EA02", "EA23", "MK09", "MK13", "MG14", "MG17", "PH05", "MD03", "M104", "GI01",
    "PR05", "PN01", "DI03", "VM03", "NM01", "XM01", "WM05", "TT01", "BL01", "CH02", "TI02", "RT01", "DF11",
    "TR01", "TR10", "DT01", "DT02", "DT03", "DT04", "DT05", "DT08", "DT10", "SR01", "SR02", "SR12", "PB13",
    "RE02", "RE09", "RE15", "CA04", "CA08", "BO05", "BO07", "CB01", "CK01", "CK03", "CK05", "BK02", "SA02", "SA03",
    "XF01", "XF04", "XF07",
)  # fmt: skip
"""Cases that are simulated here."""

LIBRARY = Library(REFERENCE)
ANSWERS: dict[str, Answer] = {}


@pytest.mark.parametrize("name", SUBSET)
def test_the_engine_agrees_with_the_reference(name: str) -> None:
    case = next(c for c in LIBRARY.cases if c.id == name)
    found = ANSWERS[name] = answer(case, LIBRARY, Scenario, Effort(workers=2, quick=True))
    assert not found.refused
    assert not found.failed, "\n".join(lines_of(found, quiet=True))
    assert found.results


def test_the_subset_as_a_whole_is_neither_biased_nor_vague() -> None:
    if len(ANSWERS) < len(SUBSET):
        pytest.skip("only with the whole subset")
    total = summary(list(ANSWERS.values()))
    # fewer and shorter replications than `make verify`, so a wider range for the mean z^2
    assert 0.5 < total["mean_z_squared_by_case"] < 1.6
    assert total["exact"] > 150


def test_other_files_of_the_same_families_are_simulated(tmp_path: Path) -> None:
    shutil.copy(REFERENCE / "trace.json", tmp_path / "more.json")
    assert main(["--cases", str(tmp_path), "--json", str(tmp_path / "out.txt"), "--workers", "1"]) == 0
    found = json.loads((tmp_path / "out.txt").read_text())
    assert found["summary"]["failed"] == 0
    assert found["summary"]["exact"] == len(found["measures"]) > 100


def test_an_expected_value_that_is_wrong_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = json.loads((REFERENCE / "trace.json").read_text())[:1]
    rows[0]["expected"][1]["wait"] += 1e-6
    (tmp_path / "wrong.json").write_text(json.dumps(rows))
    assert main(["--cases", str(tmp_path), "--quiet"]) == 1
    shown = capsys.readouterr().out
    assert "FAIL" in shown
    assert "failed: 1 measures in 1 cases" in shown


def test_a_folder_without_cases_is_said(tmp_path: Path) -> None:
    assert main(["--cases", str(tmp_path)]) == 2
