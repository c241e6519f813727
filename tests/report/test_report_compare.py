"""The page of a comparison: what each variant does, how surely, and nothing from elsewhere."""

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from fake_centre import GOALS, MEASURED, SCENARIO, FakeModel, fake_play, goal
from test_report_page import Outline, inner_links, text_of
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.experiments.compare import compare
from ccsim.experiments.compare_alternatives import Contestant
from ccsim.experiments.runs import Plan
from ccsim.report.compare_page import compare_page
from ccsim.report.compared import Compared, answer, cost_words
from ccsim.results.comparison import Comparison

COSTLY = goal("cost_per_contact", at_most=10)


def contestant(name: str, volume: float = 1.0, *, goals=(*GOALS, COSTLY), changes: tuple[str, ...] = ()) -> Contestant:
    plan = Plan(
        name=name, measured=MEASURED, goals=goals, seed=7, replications=4, workers=1, scenario=SCENARIO,
        files={"fake.yaml": "ab" * 32}, holidays={}, command=["ccsim"],
    )  # fmt: skip
    return Contestant(plan, FakeModel(), partial(fake_play, volume=volume), changes)


@pytest.fixture(scope="module")
def made() -> Comparison:
    return compare(
        contestant("centre"),
        [contestant("centre+less", 0.8, changes=("Demand / ads: -20 %",)), contestant("centre+same")],
    )


@pytest.fixture(scope="module")
def page(made: Comparison) -> str:
    return compare_page(made)


def test_it_says_what_changed_what_it_does_and_how_surely(page: str) -> None:
    seen = text_of(page)
    assert "2 variants compared" in seen
    assert "Demand / ads: -20 %" in seen
    assert "no difference that changes results" in seen
    assert re.search(r"less .*sure", seen)
    assert "4 paired replications" in seen
    assert "(Bonferroni)" in seen


def test_two_equal_alternatives_have_no_difference(made: Comparison) -> None:
    compared = Compared(made)
    same = made.variants[1]
    assert cost_words(compared, same) == "costs the same"
    assert "same (" not in answer(compared)
    rows = made.differences[made.differences["variant"] == "centre+same"]
    assert set(rows["verdict"]) <= {"equal", "missing"}


def test_tags_are_closed_links_lead_somewhere_and_nothing_comes_from_elsewhere(page: str) -> None:
    outline = Outline(page)
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))
    assert inner_links(outline) <= set(outline.ids)
    assert not re.search(r"(?:src|href)\s*=\s*[\"'](?!#|data:text/csv;charset=utf-8,)", page)
    assert "Content-Security-Policy" in page
    assert not re.search(r"\b(nan|inf|None|Infinity)\b", text_of(page))


def test_every_goal_names_both_chances_apart(page: str) -> None:
    table = page[page.index('id="goals"') : page.index('id="method"')]
    assert "P(mean is best)" in table
    assert "% of replications" in table
    assert table.count("centre") >= len(GOALS) + 1


def test_the_same_comparison_gives_the_same_bytes(made: Comparison, page: str) -> None:
    assert compare_page(made) == page


def test_hostile_names_stay_text(made: Comparison) -> None:
    first, second, third = made.alternatives
    evil = replace(made, alternatives=(first, replace(second, changes=("<script>alert(1)</script>",)), third))
    assert "<script>alert" not in compare_page(evil)


def test_the_command_makes_it_from_a_stored_comparison(made: Comparison, page: str, tmp_path: Path) -> None:
    made.save(tmp_path / "out")
    done = CliRunner().invoke(app, ["report", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8") == page
    refused = CliRunner().invoke(app, ["report", str(tmp_path / "out"), "--xlsx"])
    assert refused.exit_code == 2
    assert "is a comparison" in refused.output


def test_a_comparison_without_goals_shows_service_level() -> None:
    bare = compare(contestant("centre", goals=()), [contestant("centre+less", 0.8, goals=())])
    text = compare_page(bare)
    assert "service level" in text_of(text)
    assert 'id="goals"' not in text
    assert Outline(text).open == []
