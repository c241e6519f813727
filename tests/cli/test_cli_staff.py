"""`ccsim staff`: its table, its document, its exit codes, lines to paste, and what is left when it is stopped."""

import json
import signal

import pytest

from ccsim.experiments import staffing_trials
from tests.cli.real_process import ended, started, wait_for
from tests.cli.small_centre import ccsim
from tests.support.staffing_desks import ONE_POOL, SPECIALISTS, written


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_table_a_certificate_and_lines_to_paste(place):
    written(place, ONE_POOL)
    done = ccsim("staff", "desk.yaml", "--max-replications", 80)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "one-pool: the cheapest people that meet the goal, with a confidence of 95 %"
    assert lines[2].split() == ["Pool", "now", "found", "people", "one", "person", "less"]
    assert lines[3].startswith("desk    9     16      16  misses Service level, 20s: 7")
    assert lines[4].startswith("all     9     16      16  +7 compared with now")
    assert lines[6] == "Certificate: 80 fresh replications"
    assert lines[7].startswith("  pass  Service level, 20s  at least 80 %  8")
    assert done.stderr.splitlines()[0] == "first guess: offered load, skills and the square-root rule"
    pasted = lines[lines.index("variants:") :]
    assert pasted == ["variants:", "  staff:", "    pools.desk.staffing: 16"]
    with (place / "desk.yaml").open("a") as file:
        file.write("\n".join(pasted) + "\n")
    assert ccsim("check", "desk.yaml:staff").exit_code == 0
    assert "up to 16 agents" in ccsim("check", "desk.yaml:staff").stdout


def test_the_document_says_the_same(place):
    written(place, SPECIALISTS)
    asked = ("staff", "desk.yaml", "--pools", "generalists", "--max-replications", 40, "--json", "--quiet")
    done = ccsim(*asked)
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    said = json.loads(done.stdout)
    assert said["certified"] is True
    assert [(one["pool"], one["now"], one["found"], one["most"]) for one in said["pools"]] == [
        ("generalists", 5, 6, said["pools"][0]["most"])
    ]
    assert said["cost_a_day"] == pytest.approx(6 * 23 * 24)
    assert said["certificate"]["verdict"] == "pass"
    assert said["certificate"]["people"] == {"generalists": 6}
    assert 0 < said["certificate"]["all_goals"]["low"] < said["certificate"]["all_goals"]["share"] <= 1
    assert said["cheaper"][0]["one_less"] == "generalists"
    assert said["cheaper"][0]["verdict"] == "fail"


def test_goals_that_cannot_be_met_are_told_with_the_pool_that_binds(place):
    written(place, SPECIALISTS)
    bounds = ("--between", "generalists=1..4", "--between", "specialists=1..4")
    done = ccsim("staff", "desk.yaml", *bounds, "--max-replications", 20, "--quiet")
    assert done.exit_code == 1
    assert "no plan was found within the bounds that meets all goals" in done.stdout
    assert "Service level, 20s (workflow b) binds: more people in generalists would help most (its bound: 4)" in (
        done.stdout
    )


def test_faults_of_the_question_are_told_at_once(place):
    written(place, SPECIALISTS)
    done = ccsim("staff", "desk.yaml", "--pools", "generalist,nobody")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-2:] == [
        "there is no pool 'generalist'; did you mean 'generalists'?",
        "there is no pool 'nobody'; known: generalists, specialists",
    ]
    assert ccsim("staff", "desk.yaml", "--confidence", "often").exit_code == 2
    assert ccsim("staff", "desk.yaml", "--between", "generalists").exit_code == 2
    assert ccsim("staff", "nowhere.yaml").exit_code == 2


def test_stopped_it_prints_the_best_so_far_and_that_it_is_not_certified(place, monkeypatch):
    written(place, ONE_POOL)
    simulate = staffing_trials.Trials.of

    def stopped(self, heads, replications):
        if self.seed != 2026:
            raise KeyboardInterrupt
        return simulate(self, heads, replications)

    monkeypatch.setattr(staffing_trials.Trials, "of", stopped)
    done = ccsim("staff", "desk.yaml", "--max-replications", 40, "--seed", 2026)
    assert done.exit_code == 130
    assert done.stdout.splitlines()[0] == "one-pool: stopped; the best so far, not certified"
    assert "pools.desk.staffing: 1" in done.stdout
    assert "Certificate" not in done.stdout


def test_pools_without_a_price_are_told_where_others_have_one(place):
    written(place, SPECIALISTS, (", paid_hour: 18", ""))
    done = ccsim("staff", "desk.yaml", "--between", "specialists=1..4", "--max-replications", 20, "--quiet")
    assert done.exit_code in (0, 4), done.output
    assert (
        "Without a price, so people cost nothing here: specialists; give a `paid_hour`, or see --pools" in done.stdout
    )


def test_ctrl_c_in_the_certificate_of_a_real_process(place):
    written(place, ONE_POOL)
    with (place / "said.txt").open("wb") as said:
        process = started(place, "staff", "desk.yaml", "--max-replications", "20000", stderr=said)
    wait_for(lambda: "certificate 1" in (place / "said.txt").read_text(), process)
    process.send_signal(signal.SIGINT)
    code, out, _ = ended(process)
    assert code == 130
    assert out.splitlines()[0] == "one-pool: stopped; the best so far, not certified"
    assert "    pools.desk.staffing: 16" in out
