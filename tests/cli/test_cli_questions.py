"""Questions of a scenario's file are asked by `FILE:NAME`; the answer is that of the same words as options."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from ccsim.experiments.staffing_asked import PeopleAsked
from ccsim.experiments.staffing_decisions import next_place, staff_over
from ccsim.results.sweep_store import read_sweep
from tests.cli.small_centre import ccsim
from tests.support.staffing_desks import ONE_POOL, written
from tests.support.sweep_desk import DESK

KEEP = "[{kpi: service_level, at_least: 1%, within: 20s}]"
ASKED = f"""\
sweeps:
  price:
    question: Which price, and how many?
    over: {{pools.b.staffing: 1..2, vendors.partner.paid_hour: [12, 14]}}
    best: {{minimise: cost_per_contact, keep: {KEEP}}}
    plot: {{y: occupancy, line: vendors.partner.paid_hour}}
  with_more: {{on: more, over: {{pools.b.staffing: [1, 2]}}}}
  even:
    {{on: more, over: {{vendors.own.paid_hour: {{from: 5, to: 40}}}}, find: {{cost_per_day: base}}, replications: 5,
      max_replications: 10}}
searches:
  people: {{keep: {KEEP}, change: {{pools.b.staffing: 1..3}}, max_replications: 10}}
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("desk.yaml").write_text(DESK + ASKED)
    return tmp_path


def test_a_sweep_is_that_of_the_same_options_and_tells_the_best_of_each_line() -> None:
    done = ccsim("sweep", "desk.yaml:price", "--out", "asked", "--quiet")
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0] == "price: Which price, and how many?"
    assert "With vendors.partner.paid_hour=12:" in lines
    assert "With vendors.partner.paid_hour=14:" in lines
    assert sum("The lowest cost per contact of them: point" in line for line in lines) == 2
    varied = ("--vary", "pools.b.staffing=1..2", "--vary", "vendors.partner.paid_hour=12,14")
    told = ("--kpi", "cost_per_contact", "--kpi", "occupancy", "--set", f"goals={KEEP}", "--no-report", "--quiet")
    assert ccsim("sweep", "desk.yaml", *varied, *told, "--out", "typed").exit_code == 0
    assert read_sweep("asked").digest == read_sweep("typed").digest
    page = Path("asked/report.html").read_text()
    assert "Occupancy against cost a day" in page
    for price in (12, 14):
        assert f"With vendors.partner.paid_hour={price}: the lowest cost per contact of them by its mean: point" in page


def test_a_variant_that_is_asked_about_is_told_against_the_scenario_without_it() -> None:
    done = ccsim("sweep", "desk.yaml:with_more", "--dry-run", "--json", "--quiet")
    points = json.loads(done.stdout)["points"]
    assert [(one["scenario"], one["values"]) for one in points] == [
        ("desk", {}),
        ("desk+more", {}),
        ("desk+more", {"pools.b.staffing": "1"}),
        ("desk+more", {"pools.b.staffing": "2"}),
    ]


def test_a_break_even_is_that_of_the_same_options() -> None:
    done = ccsim("solve", "desk.yaml:even", "--json", "--quiet", "--no-report", "--out", "asked")
    vary = ("--vary", "vendors.own.paid_hour=5..40", "--until", "cost_per_day = base", "--replications", 5)
    vary = (*vary, "--max-replications", 10)
    typed = ccsim("solve", "desk.yaml:more", *vary, "--json", "--quiet", "--no-report", "--out", "typed")
    assert done.exit_code == typed.exit_code
    assert done.stdout.replace("asked", "typed") == typed.stdout


def test_people_are_searched_within_bounds_for_the_goals_that_are_kept() -> None:
    done = ccsim("staff", "desk.yaml:people", "--json", "--quiet")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert [(one["pool"], one["least"], one["most"], one["found"]) for one in said["pools"]] == [("b", 1, 3, 1)]
    assert [goal["at_least"] for goal in said["certificate"]["goals"]] == [0.01]


def test_a_difference_of_questions_changes_no_result(place: Path) -> None:
    Path("other.yaml").write_text(DESK + ASKED.replace("replications: 5", "replications: 6"))
    done = ccsim("diff", "desk.yaml", "other.yaml")
    assert done.stdout.splitlines()[:2] == ["desk.yaml -> other.yaml: 1 difference", "These change no result:"]
    assert "Sweeps / even: changed" in done.stdout
    assert json.loads(ccsim("diff", "desk.yaml", "other.yaml", "--json").stdout)["same_results"] is True
    assert "  sweeps    price, with_more, even" in ccsim("check", "desk.yaml").stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sweep", "desk.yaml:people"), "searches.people: is a search: ask it with `ccsim staff desk.yaml:people`"),
        (("sweep", "desk.yaml:price", "--vary", "pools.a.staffing=1,2"), "--vary: a question says this itself"),
        (("solve", "desk.yaml:price"), "desk.yaml:price: has no `find:`, like find: {cost_per_day: base}"),
        (("solve", "desk.yaml"), "--until: is missing; or name a question of `sweeps`: FILE:NAME"),
        (("staff", "desk.yaml:people", "--pools", "a"), "--pools: the question people says this itself"),
        (("run", "desk.yaml:price"), "'price' is a sweep, no variant: `ccsim sweep FILE:price` answers it"),
        (("staff", "desk.yaml", "--vary", "pools.q.paid_hour=1,2"), "there is no key 'q' in pools"),
    ],
)
def test_what_does_not_go_together_is_told(words: tuple[str, ...], said: str) -> None:
    done = ccsim(*words)
    assert done.exit_code == 2
    assert said in done.stderr


@pytest.mark.parametrize("count", [1, 2, 3, 9, 16])
def test_the_lowest_of_a_row_that_falls_and_rises_is_found_with_few_looks(count: int) -> None:
    for lowest in range(count):
        for able in ((0, count), (lowest, count), (0, lowest + 1)):  # plans may meet the goals on one side alone
            costs = [
                abs(i - lowest) + 0.25 * (i > lowest) if able[0] <= i < able[1] else float("inf") for i in range(count)
            ]
            known = {count // 2: costs[count // 2]}
            while (place := next_place(known, count)) is not None:
                assert place not in known
                known[place] = costs[place]
            assert min(known, key=known.__getitem__) == lowest
            if able == (0, count) and count > 3:
                assert len(known) <= 2 * count.bit_length() - 1


def test_decisions_are_searched_with_the_people_and_certified(place: Path) -> None:
    written(place, ONE_POOL)
    values = ["3.0", "2.6", "1.8", "1.4", "0.9", "0.6"]
    made = staff_over(PeopleAsked("desk.yaml", most=20), {"demand.calls.per_minute": values})
    assert made.certified
    assert made.best == (("demand.calls.per_minute", "0.6"),)
    assert made.answer.level == 0.95
    looked = [values.index(decided[0][1]) for decided, _ in made.looked]
    people = [one.found.heads[0] for _, one in made.looked if one.found is not None]
    assert looked == sorted(looked)
    assert all(a > b for a, b in pairwise(people))
    assert {one[0][1] for one in made.not_looked} == set(values) - {values[i] for i in looked}
    assert made.not_looked
    done = ccsim("staff", "desk.yaml", "--vary", "demand.calls.per_minute=1.2,0.6", "--max-replications", 20, "--quiet")
    assert done.exit_code == 0, done.output
    assert "    demand.calls.per_minute: 0.6" in done.stdout.splitlines()
