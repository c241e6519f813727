"""People whom a bot sets free, from the agents that each alternative requires."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim import api
from ccsim.report.compare_freed import freed_section
from ccsim.report.compare_page import compare_page
from ccsim.report.compared import Compared
from ccsim.results.comparison import Comparison

TEXT = """\
scenario: desk
currency: GBP
horizon: {start: 2026-09-07, length: 5d, drain: 1d}
run: {replications: 2, seed: 7}
patience: {mean: 3m}
workflows:
  orders: {handle_time: {mean: 8m, cv: 0.7}}
demand:
  chats: {workflow: orders, channel: chat, per_week: 3_000, profile: business_day}
pools:
  desk: {staffing: [[00:00, 2], [08:00, 12], [20:00, 2]], workflows: [orders], paid_hour: 21}
variants:
  bot: {bots.helper: {channels: [chat], session: 2m, contained: 40%, price: {session: 0.30}}}
  fewer_chats: {demand.chats.per_week: 2_700}
  better: {on: bot, bots.helper.contained: 60%}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    file = tmp_path_factory.mktemp("freed") / "desk.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return api.compare(str(file), f"{file}:bot", f"{file}:better")


def test_people_set_free_are_the_difference_of_agents_required(made: Comparison) -> None:
    (table,) = freed_section(Compared(made)).tables
    heads = [(column.title, column.unit) for column in table.columns]
    assert heads[1:] == [
        ("Agents required", "agents"),
        ("Set free", "agents"),
        ("Set free", "people employed"),
        ("Paid for them", "GBP a day"),
        ("Bots cost more", "GBP a day"),
        ("Net saving", "GBP a day"),
    ]
    base, bot, better = ([cell.value for cell in row[1:]] for row in table.rows)
    required = [run.estimate("agents_required")["estimate"] for run in made.runs.values()]
    scheduled = made.base.estimate("agents_scheduled")["estimate"]
    people = made.base.estimate("employed")["estimate"]
    paid = made.base.estimate("cost_per_day")["estimate"]
    assert base == [required[0]] + [None] * 5
    for told, needs, run in zip((bot, better), required[1:], list(made.runs.values())[1:], strict=True):
        less = required[0] - needs
        sessions = run.estimate("sessions_per_day")["estimate"]
        assert told[:4] == pytest.approx([needs, less, less * people / scheduled, less * paid / scheduled])
        assert told[4] == pytest.approx(sessions * 0.30)
        assert told[5] == pytest.approx(told[3] - told[4])
    assert 0 < bot[1] < better[1]


def test_the_page_tells_people_set_free_by_that_name(made: Comparison) -> None:
    page = compare_page(made)
    assert "People set free at the same service" in page
    assert 'href="#kpi-agents_required"' in page


def test_without_a_bot_nobody_is_set_free(tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(TEXT, encoding="utf-8")
    made = api.compare(str(file), f"{file}:fewer_chats")
    assert not freed_section(Compared(made))
    assert "set free" not in compare_page(made)
