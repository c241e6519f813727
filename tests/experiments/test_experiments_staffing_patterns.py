"""How many people work each shift pattern is searched: the plan is that of going through all, each at its own price."""

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from ccsim import api
from ccsim.commands.staff_asked import asked_of
from ccsim.errors import CcsimError
from ccsim.experiments.drivers_found import drivers_found
from ccsim.experiments.staffing_asked import PeopleAsked
from ccsim.experiments.staffing_call import staff
from ccsim.experiments.staffing_guess import by_shift
from ccsim.experiments.staffing_pools import Lever, kept_manned, levers_of
from ccsim.report.sweep_told import one_moved
from ccsim.results.parquet import plain_rows
from ccsim.scenario import load
from ccsim.scenario.load import read
from ccsim.theory.impatient import erlang_a
from tests.support.staffing_desks import TWO_PATTERNS, written

PRICES = {"day": 8 * 20, "late": 8 * 20 + 4 * 20 * 0.5}


def service(day, late):
    """Service level of a plan: Erlang A in each of its blocks of four hours, which are long beside a call."""
    blocks = ((1.7, day), (3.4, day + late), (1.0, late))
    return sum(rate * erlang_a(rate, 4.0, n, 2.5).sl_offered(1 / 3) for rate, n in blocks if n) / 6.1


def cheapest():
    plans = ((day, late) for day in range(20) for late in range(20) if service(day, late) >= 0.81)
    return min(plans, key=lambda plan: plan[0] * PRICES["day"] + plan[1] * PRICES["late"])


def test_the_people_on_each_pattern_are_those_of_going_through_all_plans(tmp_path):
    found = staff(written(tmp_path, TWO_PATTERNS), most=80)
    assert found.found.heads == cheapest() == (12, 4)
    assert found.certified
    assert [one.name for one in found.levers] == ["desk day", "desk late"]
    assert [one.key for one in found.levers] == ["pools.desk.shifts.day", "pools.desk.shifts.late"]
    assert found.costs == pytest.approx(list(PRICES.values()), rel=0.02)  # and who works on past the end
    assert found.costs[1] / found.costs[0] == pytest.approx(PRICES["late"] / PRICES["day"], rel=0.01)
    assert {one.one_less for one in found.neighbours} >= {"desk day", "desk late"}


@pytest.mark.verify
def test_going_through_all_plans_by_simulation_finds_the_same(tmp_path):
    file, means = written(tmp_path, TWO_PATTERNS), {}
    for day in range(9, 15):
        for late in range(2, 8):
            plan = [f"pools.desk.shifts.day={day}", f"pools.desk.shifts.late={late}"]
            run = api.run(file, settings=plan, replications=40)
            means[day, late] = run.estimate("service_level")["estimate"]
    able = [plan for plan, mean in means.items() if mean >= 0.81]
    assert min(able, key=lambda plan: plan[0] * PRICES["day"] + plan[1] * PRICES["late"]) == (12, 4)


def test_of_some_patterns_the_others_stay(tmp_path):
    file = written(tmp_path, TWO_PATTERNS, ("day: auto", "day: 12"))
    (late,) = levers_of(load(file))
    assert (late.name, late.stay, late.stay_hours) == ("desk late", 12, 12 * late.hours)
    found = staff(file, most=40)
    assert found.found.heads == (4,)
    assert found.costs == pytest.approx([PRICES["late"]], rel=0.03)  # not what those on days are paid


def test_a_pattern_without_whom_nobody_could_answer_keeps_a_person(tmp_path):
    file = written(tmp_path, TWO_PATTERNS, ("day: auto", "day: {min: 0}"))
    assert [one.least for one in levers_of(load(file))] == [0, 0]
    found = staff(file, most=20, between={"desk": (0, 2)})
    assert found.found is None
    assert [one.least for one in found.levers] == [1, 1]  # calls come while days alone, and lates alone, are there


def test_the_last_to_go_without_anybody_is_the_one_that_is_guessed_to_need_it():
    levers = [Lever("desk", "day", 3, 0, 9), Lever("desk", "late", 5, 0, 9), Lever("desk", "night", 0, 0, 9)]
    asked = []

    def fits(settings):
        asked.append(settings)
        return "late=1" in settings

    assert kept_manned(levers, fits) == [levers[0], replace(levers[1], least=1), levers[2]]
    assert asked == [["day=0", "late=0", "night=0"], ["day=0", "late=1", "night=0"]]


def test_levers_are_named_by_pool_or_by_pattern(tmp_path):
    file = load(written(tmp_path, TWO_PATTERNS, ("{day: auto, late: {min: 0, max: 20}}", "{day: 9, late: 8}")))
    assert [(one.name, one.now, one.least, one.most) for one in levers_of(file)] == [
        ("desk day", 9, 1, 0),
        ("desk late", 8, 1, 0),
    ]
    (late,) = levers_of(file, ["desk late"], {"desk late": (0, 5)})
    assert (late.name, late.least, late.most, late.stay) == ("desk late", 0, 5, 9)
    with pytest.raises(
        CcsimError, match=r"there is no pool 'desk lat'; did you mean 'desk late' or 'desk day' or 'desk'\?"
    ):
        levers_of(file, ["desk lat"])
    with pytest.raises(CcsimError, match=r"at least 0, and no less than that, got 5\.\.2"):
        levers_of(file, between={"desk late": (5, 2)})
    with pytest.raises(CcsimError, match="'desk day' has bounds, but is not among --pools"):
        levers_of(file, ["desk late"], {"desk day": (1, 5)})


def test_all_that_are_to_be_found_are_searched_or_said(tmp_path):
    file = load(written(tmp_path, TWO_PATTERNS))
    assert [(one.name, one.least, one.most) for one in levers_of(file)] == [("desk day", 1, 0), ("desk late", 0, 20)]
    with pytest.raises(CcsimError, match="'desk day' has no number of people yet"):
        levers_of(file, ["desk late"])


def test_a_question_says_bounds_of_a_pattern(tmp_path):
    question = "searches: {lates: {change: {pools.desk.shifts.late: 0..7}}}\n"
    file = written(tmp_path, TWO_PATTERNS + question, ("{day: auto, late: {min: 0, max: 20}}", "{day: 12, late: 8}"))
    asked = asked_of(PeopleAsked(f"{file}:lates"))
    people = asked.people
    assert (people.pools, people.between, asked.decisions) == (("desk late",), {"desk late": (0, 7)}, {})
    (late,) = levers_of(load(file), people.pools, people.between)
    assert (late.least, late.most) == (0, 7)


def test_the_first_guess_of_a_pool_is_divided_among_those_who_change():
    levers = [Lever("desk", "day", 6, 1, 0, hours=8.0), Lever("desk", "half", 3, 1, 0, hours=4.0)]
    assert by_shift(levers, [0, 0], np.array([18.0])).tolist() == [12.0, 6.0]
    beside = [replace(levers[0], stay=3, stay_hours=12.0)]  # nine people of 60 hours; 18 of 120, of which 12 stay
    assert by_shift(beside, [0], np.array([18.0])).tolist() == [14.0]
    nobody = [replace(levers[0], now=0, stay=3, stay_hours=12.0)]
    assert by_shift(nobody, [0], np.array([18.0])).tolist() == [0.0]


def test_people_on_patterns_follow_the_work_and_are_moved_one_by_one(tmp_path):
    file = written(tmp_path, TWO_PATTERNS, ("{day: auto, late: {min: 0, max: 20}}", "{day: 12, late: 5}"))
    swept = api.sweep(file, {"demand.calls.rate": "x0.5"}, staff="keep occupancy", replications=2)
    assert [one_moved(row) for row in plain_rows(swept.people)] == ["desk day 12 to 6", "desk late 5 to 3"]
    found = drivers_found(read(file).tree, Fraction(1, 10), ["people"])
    assert [(one.name, one.ends) for one in found] == [
        ("people desk day", ("11", "13")),
        ("people desk late", ("4", "6")),
    ]


DESKS = [0.6, 0.8, 1.0, 1.2, 1.4, 1.6]
"""So many times the contacts of `TWO_PATTERNS` come to each of six desks."""


def six_desks():
    """Six desks that share nothing, each on both patterns, with one goal for all of them together."""
    rates = {f"desk_{n}": [round(rate * times) for rate in (102, 204, 60)] for n, times in enumerate(DESKS)}
    demand = [
        f"  {name}: {{rates: {{per: hour, every: 4h, values: {[0, 0, *some, 0]}}}}}" for name, some in rates.items()
    ]
    head, rest = TWO_PATTERNS.split("demand:")
    between = rest[rest.index("sites:") : rest.index("pools:")]
    people = "shifts: {day: auto, late: {min: 0}}"
    pools = [f"  {name}: {{site: hall, vendor: own, workflows: [{name}], {people}}}" for name in rates]
    workflows = [f"  {name}: {{pools: [{name}]}}" for name in rates]
    lines = [head + "demand:", *demand, "workflows:", *workflows, between + "pools:", *pools]
    return "\n".join([*lines, rest[rest.index("goals:") :]])


def cheapest_of_six():
    """The least cost a day with which Erlang A has 81 % of all contacts answered in time: what each desk answers at
    each cost, and of all of them together by dynamic programming."""
    best = {0: 0.0}
    for times in DESKS:
        rates = [round(rate * times) / 60 for rate in (102, 204, 60)]
        service = [[erlang_a(rate, 4.0, n, 2.5).sl_offered(1 / 3) * rate for n in range(1, 45)] for rate in rates]
        one = {}
        for day, late in itertools.product(range(1, 25), range(1, 16)):
            cost = day * PRICES["day"] + late * PRICES["late"]
            good = service[0][day - 1] + service[1][day + late - 1] + service[2][late - 1]
            one[cost] = max(one.get(cost, 0.0), good)
        more = {}
        for (cost, good), (added, also) in itertools.product(best.items(), one.items()):
            more[cost + added] = max(more.get(cost + added, 0.0), good + also)
        best = more
    offered = sum(round(rate * times) / 60 for times in DESKS for rate in (102, 204, 60))
    return min(cost for cost, good in best.items() if good >= 0.81 * offered)


@pytest.mark.verify
def test_patterns_of_many_pools_are_near_the_cheapest(tmp_path):
    found = staff(written(tmp_path, six_desks()))
    assert len(found.levers) == 12
    assert found.certified
    cost = sum(n * PRICES[one.shift] for one, n in zip(found.levers, found.found.heads, strict=True))
    assert 1.0 <= cost / cheapest_of_six() <= 1.02
