"""`ccsim staff --out`: a folder with answer, tables, page and workbook; a taken place is told before the search.

The search is made by hand; nothing is simulated.
"""

import json

import pytest

from ccsim.commands.staff_asked import StaffAsked
from ccsim.experiments import staffing_duty
from ccsim.results.staff_columns import TABLES_OF_STAFF
from ccsim.results.staff_store import read_staff
from tests.cli.small_centre import ccsim
from tests.support.found_staff import found_decisions, found_staff, not_found
from tests.support.staffing_desks import SPECIALISTS, written

TABLES = {f"{name}{end}" for name in TABLES_OF_STAFF for end in (".csv", ".parquet")}


@pytest.fixture
def searched(tmp_path, monkeypatch):
    """How often it was searched; what the search finds is put into `made`."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SPECIALISTS)
    state = {"made": found_staff(), "times": 0}

    def search(self, watch, done):
        state["times"] += 1
        return state["made"]

    monkeypatch.setattr(StaffAsked, "searched", search)
    monkeypatch.setattr(staffing_duty, "agents_on_duty", lambda _: [])  # of people made by hand there is no roster
    return state


def test_the_folder_has_answer_tables_page_and_workbook(searched, tmp_path):
    done = ccsim("staff", "desk.yaml", "--quiet", "--out", "runs/found", "--set", "run.seed=3")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-3:] == [
        "Results: runs/found",
        "Report:  runs/found/report.html",
        "Workbook: runs/found/report.xlsx",
    ]
    folder = tmp_path / "runs" / "found"
    assert {one.name for one in folder.iterdir()} == {"staff.json", "report.html", "report.xlsx", *TABLES}
    kept = read_staff(folder)
    assert kept.people["found"].tolist() == [10, 11]
    assert kept.told["variant"][:3] == ["variants:", "  staff:", "    run.seed: 3"]
    printed = ccsim("staff", "desk.yaml", "--quiet", "--json")
    assert json.loads(printed.stdout) == kept.told["answer"]
    assert {one.name for one in (tmp_path / "runs").iterdir()} == {"found"}  # without --out nothing is kept


def test_json_is_alone_on_stdout_also_with_a_folder(searched):
    done = ccsim("staff", "desk.yaml", "--quiet", "--json", "--out", "found", "--no-report")
    assert json.loads(done.stdout)["certified"] is True
    assert not [one for one in ("report.html", "report.xlsx") if (read_staff("found").folder / one).exists()]


def test_a_taken_folder_is_told_before_the_search_and_replaced_with_force(searched, tmp_path):
    assert ccsim("staff", "desk.yaml", "--quiet", "--out", "found").exit_code == 0
    first = read_staff("found").digest
    searched["made"] = found_decisions()
    refused = ccsim("staff", "desk.yaml", "--quiet", "--out", "found")
    assert refused.exit_code == 2
    assert refused.stderr == "found: exists already; choose another --out, or --force to replace the search\n"
    assert searched["times"] == 1
    (tmp_path / "mine").mkdir()
    foreign = ccsim("staff", "desk.yaml", "--quiet", "--out", "mine", "--force")
    assert foreign.exit_code == 2
    assert "mine: exists already and holds no search for people" in foreign.stderr
    assert ccsim("staff", "desk.yaml", "--quiet", "--out", "found", "--force").exit_code == 0
    assert read_staff("found").digest != first


def test_a_search_that_found_nothing_is_kept_with_its_exit_code(searched):
    searched["made"] = not_found()
    done = ccsim("staff", "desk.yaml", "--quiet", "--out", "found")
    assert done.exit_code == 1
    assert read_staff("found").told["lead"].startswith("No plan was found within the bounds that meets all goals")


def test_a_page_that_cannot_be_made_does_not_end_the_command(searched, monkeypatch):
    from ccsim.report import staff_page

    monkeypatch.setattr(staff_page, "write_staff_report", lambda *_: 1 / 0)
    done = ccsim("staff", "desk.yaml", "--quiet", "--out", "found")
    assert done.exit_code == 0
    assert done.stderr == "report: not made (ZeroDivisionError: division by zero); the search is kept\n"
    assert (read_staff("found").folder / "report.xlsx").exists()
