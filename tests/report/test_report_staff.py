"""The page and the workbook of a search for people: answer, people, goals, cheaper plans, values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim.cli import app
from ccsim.errors import DamagedError, OutputError
from ccsim.experiments.staffing_kept import kept_search
from ccsim.report.staff_figures import trade_off
from ccsim.report.staff_page import staff_page
from ccsim.report.workbook import workbook_bytes
from ccsim.results.staff import KeptStaff
from ccsim.results.staff_store import StaffFolder, read_staff
from tests.report.page_reader import Outline, inner_links, text_of
from tests.support.found_staff import found_decisions, found_staff, not_found
from tests.support.workbook_reader import pages_of


@pytest.fixture(scope="module")
def made() -> KeptStaff:
    return kept_search(found_staff(), "", (), elapsed=1.0)


def test_the_page_says_the_answer_people_goals_and_what_cheaper_plans_miss(made: KeptStaff) -> None:
    page = staff_page(made)
    assert page == staff_page(made)
    text = text_of(page)
    assert "21 people (leeds 10, sofia 11) for 2,412 GBP a day: the cheapest people found that meet both goals" in text
    assert "That is 20 GBP a day more than the 20 people of today." in text
    assert "leeds 12 10 \N{MINUS SIGN}2 135 1,620 1,350 1 to 40 may miss Abandonment: 4.7 % ± 1.1 %" in text
    assert "all 20 21 +1 2,392 2,412" in text
    assert "Service level, 20s (channel phone) at least 80 % 86.9 % ± 0.8 % pass 86 % ± 2 % pass" in text
    assert "The plan: 160 fresh replications. Beside it the plan of today: 20 replications." in text
    assert "Abandonment binds: both plans with one person less miss it or may miss it." in text
    assert "The plan of today may miss Abandonment: 4 % ± 2 %." in text
    assert "leeds 9 (-1) 2,276 135 may miss Abandonment: 4.7 % ± 1.1 % 80 fresh" in text
    assert "again with 160 fresh replications" in text
    assert "pools.leeds.headcount: 10" in text
    assert page.count("<svg") == 1
    outline = Outline(page)
    assert not outline.open
    assert {"kpi-abandonment", "kpi-service_level"} <= inner_links(outline) <= set(outline.ids)
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def test_the_figure_has_every_plan_once_by_the_goal_that_is_missed_most(made: KeptStaff) -> None:
    chart = trade_off(made)
    assert chart is not None
    assert chart.data is not None
    assert chart.title == "Cost against Abandonment"
    rows = chart.data.set_index("role")
    assert rows.loc["found", "customers"] == rows.loc["beside", "customers"].iloc[0] == "fresh"
    assert rows.loc["found", "high"] - rows.loc["found", "low"] == pytest.approx(20 / 160**0.5)
    assert rows.loc["now", "customers"] == "search"
    assert rows.loc["now", "high"] - rows.loc["now", "low"] == pytest.approx(20 / 20**0.5)  # the longest look
    assert chart.data["cost"].is_monotonic_increasing
    assert chart.data["cost"].is_unique
    assert ">today<" in chart.svg
    assert ">the answer<" in chart.svg


def test_a_probability_is_asked_for_in_place_of_means() -> None:
    page = text_of(staff_page(kept_search(found_staff(at_once=0.8), "", (), elapsed=1.0)))
    assert "Cost against All goals in one replication" in page
    assert re.search(r"All goals in one replication at least 80 % 87.5 % ± 0.8 % pass", page)
    assert "exact interval (Clopper and Pearson)" in page


def test_values_of_decisions_are_compared_and_those_not_looked_at_named() -> None:
    kept = kept_search(found_decisions(), "the cheapest share", (), elapsed=1.0)
    page = staff_page(kept)
    text = text_of(page)
    assert "<h1>the cheapest share</h1>" in page
    assert "20% - not looked at 30% 2,624 leeds 13, sofia 9 looked at 40% 2,412 leeds 10, sofia 11 the best" in text
    assert "50% - no plan" in text
    assert "The plan of today, with routing.vendor_share.calls.partner = 40%, may miss Abandonment" in text
    assert "routing.vendor_share.calls.partner: 40%" in text
    assert page.count("<svg") == 2
    values = pages_of(workbook_bytes(kept))["Values"]
    assert values.column("State") == ["not looked at", "looked at", "best", "no plan"]


def test_where_no_plan_was_found_the_nearest_is_shown() -> None:
    text = text_of(staff_page(kept_search(not_found(), "", (), elapsed=1.0)))
    assert "No plan was found within the bounds that meets all goals; the one that comes nearest is shown." in text
    assert "Nearest plan" in text
    assert "To paste" not in text
    assert "No plan was certified" in text


def test_people_without_prices_are_counted() -> None:
    kept = kept_search(found_staff(priced=False, costs=(1.0, 1.0)), "", (), elapsed=1.0)
    text = text_of(staff_page(kept))
    assert "21 people (leeds 10, sofia 11): the cheapest" in text
    assert "That is 1 more than the 20 people of today." in text
    assert "GBP" not in text
    assert "People against Abandonment" in text
    assert not [one for one in pages_of(workbook_bytes(kept))["People"].head if "Cost" in one]


def test_the_workbook_has_the_same_tables_with_numbers_as_numbers(made: KeptStaff) -> None:
    pages = pages_of(workbook_bytes(made))
    assert workbook_bytes(made) == workbook_bytes(made)
    assert [*pages] == [
        "About",
        "Contents",
        "People",
        "Goals",
        "Plans",
        "People of plans",
        "KPI definitions",
        "Provenance",
    ]
    assert pages["People"].column("Found (people)") == [10, 11]
    assert pages["People"].column("Cost found (GBP per day)") == [1350, pytest.approx(1061.5)]
    plans = pages["Plans"]
    assert plans.column("Planned cost of the people (GBP per day)") == made.plans["cost"].tolist()
    found = plans.column("Which").index("found")
    assert plans.column("All goals met (%)")[found] == pytest.approx(made.plans["all_goals"][found])
    estimates = pages["Goals"].column("Estimate")
    assert estimates == pytest.approx(made.goals_of_plans["estimate"].tolist())


def agents(weeks: int = 4, pools: int = 2) -> list[dict[str, object]]:
    """Two agents of three from 8 to 9 on Mondays, three of three on Fridays; in another week one."""
    found: list[dict[str, object]] = []
    for week, many, people in (("2026-09-07", 1, (1.0, 1.0)), ("2026-09-14", weeks - 1, (2.0, 3.0))):
        found += [
            {"week": week, "weeks": many, "day": day, "time": time, "pool": f"pool{pool}", "required": 3.0,
             "rostered": 3.0, "scheduled": there}
            for pool in range(pools)
            for day, there in zip(("Mon", "Fri"), people, strict=True)
            for time in ("08:00", "08:30")
        ]  # fmt: skip
    return found


def test_agents_on_duty_are_drawn_for_the_week_that_most_are_like_and_stand_in_the_workbook() -> None:
    kept = kept_search(found_staff(), "", (), elapsed=1.0, agents=agents())
    page = staff_page(kept)
    section = page.partition('id="agents"')[2].partition("</section>")[0]
    assert section.count("<svg") == 2
    text = text_of(section)
    assert "In 4 of 8 intervals a pool is more than half an agent below what is required; the most in pool0" in text
    assert "A week like that of 2026-09-14; agents.csv also has those that differ, from 2026-09-07 on." in text
    sheet = pages_of(workbook_bytes(kept))["Agents on duty"]
    assert sheet.column("On duty (agents)") == kept.agents["scheduled"].tolist()
    assert sheet.column("Week of")[0] == "2026-09-07"


def test_of_many_pools_the_largest_are_drawn() -> None:
    kept = kept_search(found_staff(), "", (), elapsed=1.0, agents=agents(pools=45))
    section = staff_page(kept).partition('id="agents"')[2].partition("</section>")[0]
    assert section.count("<svg") == 40
    assert "The 40 largest pools; agents.csv has all 45." in section


def test_a_folder_is_read_back_and_reported_again(made: KeptStaff, tmp_path: Path) -> None:
    place = tmp_path / "found"
    stored = StaffFolder(place).store(made)
    assert read_staff(place).digest == made.digest
    done = CliRunner().invoke(app, ["report", str(place), "--xlsx"])
    assert done.exit_code == 0, done.output
    assert (place / "report.html").read_text("utf-8") == staff_page(made)
    assert (place / "report.xlsx").read_bytes() == workbook_bytes(stored)
    assert CliRunner().invoke(app, ["report", str(place), "--days", "2026-09-07"]).exit_code == 2


def test_a_taken_place_is_kept_and_a_changed_table_is_told(made: KeptStaff, tmp_path: Path) -> None:
    place = tmp_path / "found"
    StaffFolder(place).store(made)
    with pytest.raises(OutputError, match="exists already; choose another --out, or --force"):
        StaffFolder(place)
    other = kept_search(not_found(), "", (), elapsed=1.0)
    StaffFolder(place, force=True).store(other)
    assert read_staff(place).digest == other.digest != made.digest
    assert [one.name for one in tmp_path.iterdir()] == ["found"]
    (tmp_path / "mine").mkdir()
    with pytest.raises(OutputError, match="holds no search for people"):
        StaffFolder(tmp_path / "mine", force=True)
    StaffFolder(tmp_path / "else").store(made)
    (place / "plans.parquet").write_bytes((tmp_path / "else" / "plans.parquet").read_bytes())
    with pytest.raises(DamagedError, match="not those that were made"):
        read_staff(place)
