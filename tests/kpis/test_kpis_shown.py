"""Where KPIs are shown: said with each KPI, nowhere else."""

import ast
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

import ccsim
from ccsim.kpis.definitions import KPIS
from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import PLACES, Place, ShownIn
from ccsim.kpis.shown import lines_in, lines_of, names_in

PACKAGE = Path(ccsim.__file__).parent

COLUMNS = "columns, outcomes and tables, some of which are called like the KPI that is made of them"
LANGUAGE = "words of the scenario language"
OWN_WORDS = "a section or a sentence about this very KPI, in words and pictures that no other KPI has"
HEADS = "heads or units: agents are counted"

NOT_LISTS = (
    ("records/", {"backlog", "blocked", "by_peers", "closed", "held_back", "moved_on", "resolved", "shrinkage",
                  "waited"}, COLUMNS),
    ("kernel/", {"blocked", "held_back", "resolved", "waited"}, COLUMNS),
    ("engine/", {"backlog", "shrinkage", "waited"}, COLUMNS),
    ("results/", {"backlog", "shrinkage"}, COLUMNS),
    ("metrics/", {"backlog", "shrinkage"}, COLUMNS),
    ("metrics/assigned.py", {"callbacks_reached"}, COLUMNS),
    ("report/compare_freed.py", {"agents_required", "agents_scheduled", "containment", "employed"}, OWN_WORDS),
    ("report/compare_freed.py", {"agents"}, HEADS),
    ("experiments/staffing_model.py", {"occupancy"}, OWN_WORDS),
    ("experiments/until_text.py", {"agents"}, HEADS),
    ("report/sweep_page.py", {"agents"}, HEADS),
    ("experiments/drivers_found.py", {"aht", "fcr", "resolved", "shrinkage"}, LANGUAGE),
    ("metrics/surges.py", {"service_level"}, OWN_WORDS),
    ("metrics/bridge.py", {"occupancy", "shrinkage"}, OWN_WORDS),
    ("scenario/checks/goals.py", {"service_level"}, OWN_WORDS),
    ("report/first_contact.py", {"fcr"}, OWN_WORDS),
    ("report/charts.py", {"by_peers", "handed_off", "left_bot", "requeued", "resolved"}, COLUMNS),
    ("report/flow_map.py", {"handed_off"}, COLUMNS),
    ("report/loop.py", {"repeat_rate"}, OWN_WORDS),
    ("language/satisfaction.py", {"csat", "handed_off", "nps"}, LANGUAGE),
    ("language/linear_satisfaction.py", {"nps"}, LANGUAGE),
    ("language/demand.py", {"backlog"}, LANGUAGE),
    ("language/bots.py", {"containment", "false_containment", "handed_off", "session_time"}, LANGUAGE),
    ("language/quality.py", {"csat"}, LANGUAGE),
    ("language/scenario.py", {"csat", "nps"}, LANGUAGE),
    ("language/goals.py", {"resolved_in_time"}, LANGUAGE),
    ("report/satisfaction.py", {"csat", "csat_score"}, OWN_WORDS),
    ("report/backlog.py", {"backlog"}, COLUMNS),
    ("report/flow_section.py", {"handed_off", "requeued"}, COLUMNS),
    ("report/money.py", {"shrinkage"}, COLUMNS),
    ("report/whereabouts.py", {"handed_off", "requeued"}, COLUMNS),
    ("report/workbook_money.py", {"shrinkage"}, COLUMNS),
    ("commands/check_text.py", {"shrinkage"}, LANGUAGE),
    ("commands/explain_route.py", {"balking"}, LANGUAGE),
    ("kernel/sums.py", {"callbacks", "callbacks_reached"}, COLUMNS),
    ("kernel/day_sums.py", {"callbacks_reached"}, COLUMNS),
    ("records/", {"callbacks", "callbacks_reached", "handed_off", "left_bot", "requeued", "sessions_full"}, COLUMNS),
    ("kernel/", {"handed_off", "left_bot", "sessions_full"}, COLUMNS),
    ("model/", {"resolved"}, LANGUAGE),
    ("centre/", {"resolved"}, LANGUAGE),
    ("report/method.py", {"occupancy"}, LANGUAGE),
    ("language/", {"absence", "agents", "aht", "balking", "closed", "fcr", "occupancy", "overtime", "resolved",
                   "service_level"}, LANGUAGE),
    ("scenario/", {"agents", "aht", "backlog", "balking", "fcr", "resolved", "shrinkage"}, LANGUAGE),
    ("theory/", {"agents", "shrinkage"}, "arguments and answers of formulas"),
    ("report/overview.py", {"agents"}, HEADS),
    ("report/overview.py", {"arrived_per_day"}, OWN_WORDS),
    ("report/sections.py", {"agents", "agents_required", "agents_scheduled", "understaffing"}, OWN_WORDS),
    ("report/sections.py", {"backlog", "backlog_over_24h"}, OWN_WORDS),
    ("report/sections.py", {"cost_per_contact"}, OWN_WORDS),
    ("report/sections.py", {"held_back", "held_back_wait"}, OWN_WORDS),
    ("report/sentences.py", {"deadline_met"}, OWN_WORDS),
    ("report/splits.py", {"agents"}, HEADS),
    ("report/workbook_splits.py", {"agents"}, HEADS),
    ("report/workbook_time.py", {"agents"}, HEADS),
    ("report/compare_sizes.py", {"agents"}, OWN_WORDS),
    ("metrics/standing.py", {"agents"}, "what the cheapest is found by where there are no prices"),
    ("experiments/staffing_kept.py", {"agents"}, "name of a table"),
    ("results/staff_columns.py", {"agents"}, "unit, and name of a table"),
    ("report/workbook_staff.py", {"agents"}, "unit of a column"),
    ("export/", {"agents", "by_peers", "overtime", "resolved"}, COLUMNS),
    ("new/", {"absence"}, LANGUAGE),
)  # fmt: skip
"""Where the name of a KPI is written outside its declaration, and why that is no list of what is shown."""


def written() -> Counter[tuple[str, str]]:
    """How often the name of a KPI is written in a module, by module and name."""
    found: Counter[tuple[str, str]] = Counter()
    for path in PACKAGE.rglob("*.py"):
        module = path.relative_to(PACKAGE).as_posix()
        if not module.startswith("kpis/"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in KPIS:
                    found[module, node.value] += 1
    return found


def test_no_module_names_kpis_but_for_a_reason():
    excused = {
        (module, name): (place, name)
        for module, name in written()
        for place, names, _ in NOT_LISTS
        if module.startswith(place) and name in names
    }
    assert sorted(set(written()) - set(excused)) == []
    stale = {(place, name) for place, names, _ in NOT_LISTS for name in names} - set(excused.values())
    assert sorted(stale) == []


def test_every_place_shows_something_and_has_words():
    assert set(PLACES) == set(get_args(Place))
    for place in PLACES:
        lines = lines_in(place)
        assert lines
        assert len({(line.kpi, line.work) for line in lines}) == len(lines)
        assert len({(line.head, line.work) for line in lines}) == len(lines)


def test_kpis_stand_in_a_place_as_they_are_declared_but_for_those_that_follow_another():
    order = list(KPIS)
    first, second, third = (KPIS[name] for name in ("abandonment", "aht", "occupancy"))
    assert order.index(first.name) < order.index(second.name) < order.index(third.name)

    def ordered(*kpis: Kpi) -> list[str]:
        return [line.kpi for line in lines_of(kpis, "trade-off")]

    plain = [replace(kpi, shown=("trade-off",)) for kpi in (first, second, third)]
    assert ordered(*plain) == [first.name, second.name, third.name]
    behind = replace(first, shown=(ShownIn("trade-off", after=second.name),))
    assert ordered(behind, *plain[1:]) == [second.name, first.name, third.name]
    chained = replace(third, shown=(ShownIn("trade-off", after=first.name),))
    assert ordered(chained, behind, plain[1]) == [second.name, first.name, third.name]
    assert ordered(plain[0], replace(second, shown=("cost",))) == [first.name]


def test_a_kpi_cannot_follow_one_that_is_not_there():
    lost = replace(KPIS["asa"], shown=(ShownIn("trade-off", after="wait_sd"),))
    with pytest.raises(ValueError, match="after wait_sd"):
        lines_of([*KPIS.values(), lost], "trade-off")


def test_a_line_has_its_own_head_and_work_or_those_of_the_kpi():
    kpi = replace(KPIS["asa"], shown=("contacts", ShownIn("contacts", "Mean wait", "deferred", about="of mail")))
    own, other = lines_of([kpi], "contacts")
    assert (own.head, own.work, own.about) == (kpi.title, "live", "")
    assert (other.head, other.work, other.about) == ("Mean wait", "deferred", "of mail")


def test_a_new_kpi_is_shown_where_it_says_and_nowhere_else():
    made = replace(KPIS["asa"], name="made", shown=("key figures", "workbook of contacts"))
    for place in PLACES:
        names = [line.kpi for line in lines_of([*KPIS.values(), made], place)]
        assert names.count("made") == (place in made.shown)
        assert [name for name in names if name != "made"] == list(names_in(place))


def test_what_is_0_says_something_only_where_nothing_is_worse():
    met, left, peers = KPIS["deadline_met"], KPIS["abandonment"], KPIS["by_peers"]
    assert met.tells([0.0, None])
    assert not met.tells([None])
    assert not left.tells([0.0, 0.0])
    assert left.tells([0.0, 0.1])
    assert not peers.tells([0.0])
    assert peers.tells([None, 0.2])


def test_formulas_are_told_by_their_sums():
    assert KPIS["abandonment"].formula == "abandoned / (offered - open_waiting)"
    assert KPIS["wait_p95"].formula == "smallest w with (answered with a wait <= w) / answered >= 0.95"
    assert KPIS["wait_sd"].formula.count("wait_answered_us / answered") == 2
