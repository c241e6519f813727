"""The page of a comparison: what each variant does, with intervals, and nothing from elsewhere."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.experiments.compare import compare
from ccsim.report.compare_answer import answer, question
from ccsim.report.compare_page import compare_page
from ccsim.report.compare_sizes import cost_words
from ccsim.report.compare_words import changes_in_short, sentence
from ccsim.report.compared import Compared, about, percent, title_of
from ccsim.report.workbook import workbook_bytes
from ccsim.results.comparison import Comparison
from tests.report.contestants import contestant
from tests.report.page_reader import Outline, inner_links, text_of
from tests.support.stand_in.centre import GOALS
from tests.support.workbook_reader import pages_of, parts_of


@pytest.fixture(scope="module")
def page(made: Comparison) -> str:
    return compare_page(made)


def test_it_says_what_changed_what_it_does_with_intervals(page: str) -> None:
    seen = text_of(page)
    assert "2 variants compared" in seen
    assert "Demand / ads: -20 %" in seen
    assert "no difference that changes results" in seen
    assert re.search(r"less .*sure", seen)
    assert "4 paired replications" in seen
    assert "centre, less or same: which meets all 4 goals at the least cost?" in seen
    assert "(Bonferroni)" in seen


def test_two_equal_alternatives_have_no_difference(made: Comparison) -> None:
    compared = Compared(made)
    same = made.variants[1]
    assert cost_words(compared, same) == "costs the same"
    assert "; costs the same" in sentence(compared, same)
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
    first = page[: page.index("<nav")]
    assert first.count("best ") >= 3 * (len(GOALS) + 1)
    assert first.count(", won ") == 3 * (len(GOALS) + 1)
    assert {"#best", "#won", "#interval", "#not-decided"} <= set(re.findall(r'href="(#[^"]*)"', first))


def test_the_first_screen_has_three_numbers_a_picture_and_what_to_trust(page: str) -> None:
    first = page[: page.index("<nav")]
    assert first.count('class="tile"') == 3
    assert first.count("<svg") == 1
    assert first.count('<details class="check') == 10
    assert re.search(r'<p class="big">-?[\d,.]+<span class="of"> [±(]', first)
    for tile in first.split('class="tile"')[1:]:
        assert 'href="#kpi-' in tile
    charts = page[page.index('id="differences"') : page.index('id="goals"')]
    assert charts.count("<svg") == charts.count("download=") == len(GOALS) + 2


def test_sentences_are_short(made: Comparison) -> None:
    compared = Compared(made)
    for variant in made.variants:
        assert len(sentence(compared, variant).split()) <= 60
    assert len(answer(compared).split()) <= 60
    assert answer(compared).count(". ") <= 2


def test_equal_is_said_only_of_variants_that_are_equal_in_everything(made: Comparison) -> None:
    equal = replace(made, differences=made.differences.assign(verdict="equal"))
    assert answer(Compared(equal)) == "All variants give the same results as centre."


def test_a_variant_that_could_be_anothers_keeps_its_whole_name(made: Comparison) -> None:
    first, second, third = made.alternatives
    runs = {**made.runs, "less": made.runs[second.name]}
    twins = replace(made, alternatives=(first, second, replace(third, name="less")), runs=runs)
    compared = Compared(twins)
    assert [compared.short(one) for one in twins.alternatives] == ["centre", "centre+less", "less"]


def test_changes_in_short() -> None:
    assert changes_in_short(()) == "no difference that changes results"
    assert changes_in_short(("Pools / a: x", "Routing: y")) == "Pools / a: x; Routing: y"
    many = [f"Pools / p{i}: 1 more" for i in range(5)]
    assert changes_in_short(many) == "Pools: 5 changes (p0, p1, p2, ...)"
    assert changes_in_short([*many[:4], "Horizon: longer"]) == f"{'; '.join(many[:4])}; Horizon: longer"
    assert changes_in_short([f"Routing: {n}" for n in range(5)]) == "Routing: 5 changes"


def test_small_words() -> None:
    assert title_of(20.0, "service level (phone)") == "service level within 20 s (phone)"
    assert title_of(None, "ASA") == "ASA"
    assert [about(n) for n in (1, 41, 464, 1408)] == ["1", "41", "460", "1,400"]
    assert [percent(p) for p in (None, 0.0, 0.001, 0.5, 0.999, 1.0)] == ["-", "0", "<1", "50", ">99", "100"]


def test_the_question_names_few_and_counts_many(made: Comparison) -> None:
    assert question(Compared(made)) == "centre, less or same: which meets all 4 goals at the least cost?"
    alone = replace(made, alternatives=made.alternatives[:2])
    assert question(Compared(alone)) == "centre or less: which meets all 4 goals at the least cost?"


def test_more_variants_than_fit_are_said_to_be_left_out(made: Comparison) -> None:
    many = compare(contestant("centre"), [contestant(f"centre+v{i}", 1 - i / 100) for i in range(8)])
    text = compare_page(many)
    assert Outline(text).open == []
    assert "2 more variants are in the table of goals below." in text
    assert "Which of 9 alternatives meets all 4 goals at the least cost?" in text
    assert text[text.index('id="goals"') : text.index('id="method"')].count("v7") >= len(GOALS)


def test_the_workbook_holds_every_difference(made: Comparison) -> None:
    content = workbook_bytes(made)
    assert workbook_bytes(made) == content
    pages = pages_of(content)
    assert list(pages) == [
        "About", "Contents", "Alternatives", "What differs", "Goals", "Best", "Differences", "KPI definitions",
        "Provenance",
    ]  # fmt: skip
    for name, page in pages.items():
        assert page.frozen.endswith("2"), name
        assert page.frozen != "A2", name
        assert page.filtered.startswith("A1:"), name
        assert len(set(page.head)) == len(page.head), name
        assert page.rows, name
    rows = made.differences[made.differences["scope"] != "flow"].reset_index(drop=True)
    sheet = pages["Differences"]
    assert len(sheet.rows) == len(rows)
    for i in (0, len(rows) // 2, len(rows) - 1):
        assert sheet.column("KPI")[i] == rows["kpi"][i]
        for head, column in (("Base", "base"), ("Difference", "difference"), ("High", "high")):
            wanted = rows[column][i]
            assert sheet.column(head)[i] == (None if pd.isna(wanted) else pytest.approx(float(wanted)))
    goals = pages["Goals"]
    assert len(goals.rows) == 3 * (len(GOALS) + 1)
    assert set(goals.column("Verdict")) <= {"pass", "fail", "inconclusive"}
    assert sum(goals.column("Won (%)")[:3]) == pytest.approx(1)  # type: ignore[arg-type]
    assert pages["What differs"].column("Change from the base") == ["-20 %", "no difference that changes results"]
    answers = dict(zip(pages["About"].column("Item"), pages["About"].column("Value"), strict=True))
    assert answers["Answer"] == answer(Compared(made))


def test_nothing_in_the_workbook_of_a_comparison_is_live(made: Comparison) -> None:
    first, second, third = made.alternatives
    evil = ('=HYPERLINK("http://example.org")', "@SUM(A1): -1+2", "<r>Pools</r> / +1: =2")
    made = replace(made, alternatives=(first, replace(second, changes=evil), third))
    parts = parts_of(workbook_bytes(made))
    assert not any(b"<f>" in text or b"<f " in text for text in parts.values())
    assert not any("externalLink" in name for name in parts)
    assert not any(b'TargetMode="External"' in text for text in parts.values())


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
    both = CliRunner().invoke(app, ["report", str(tmp_path / "out"), "--xlsx"])
    assert both.exit_code == 0, both.output
    assert "report.xlsx" in both.output
    assert (tmp_path / "out" / "report.xlsx").read_bytes() == workbook_bytes(Comparison.read(tmp_path / "out"))
    (tmp_path / "out" / "report.xlsx").write_text("mine")
    assert CliRunner().invoke(app, ["report", str(tmp_path / "out"), "--xlsx"]).exit_code == 2
    assert (tmp_path / "out" / "report.xlsx").read_text() == "mine"


def test_a_comparison_without_goals_shows_service_level() -> None:
    bare = compare(contestant("centre", goals=()), [contestant("centre+less", 0.8, goals=())])
    text = compare_page(bare)
    assert "service level" in text_of(text)
    assert 'id="goals"' not in text
    assert "Goals by alternative" not in text
    assert "No goals are set" in answer(Compared(bare))
    assert "Goals" not in pages_of(workbook_bytes(bare))
    assert Outline(text).open == []
