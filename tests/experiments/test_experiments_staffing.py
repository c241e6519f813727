"""The search for staff finds the plans that chains and formulas know, certifies them, and says where none does."""

import dataclasses

import pytest

from ccsim.errors import CcsimError
from ccsim.experiments import staffing_search, staffing_trials
from ccsim.experiments.fresh_seed import fresh_seed
from ccsim.experiments.staffing_asked import PeopleAsked
from ccsim.experiments.staffing_call import staff
from ccsim.experiments.staffing_decisions import staff_over
from ccsim.experiments.staffing_pools import levers_of
from ccsim.experiments.staffing_said import lines
from ccsim.scenario import load
from ccsim.theory.impatient import erlang_a
from tests.support.staffing_desks import ONE_POOL, SPECIALISTS, TWO_PACES, TWO_SHIFTS, written


def people(found):
    return {one.pool: n for one, n in zip(found.levers, found.found.heads, strict=True)}


def test_specialists_and_generalists(tmp_path):
    found = staff(written(tmp_path, SPECIALISTS), most=80)
    assert people(found) == {"specialists": 2, "generalists": 6}
    assert found.certified
    assert found.cost_of(found.found.heads) == pytest.approx(174 * 24)
    less = {one.one_less: one.trial.verdict for one in found.neighbours if one.one_less}
    assert less == {"generalists": "fail", "specialists": "fail"}
    assert all(one.cost < found.cost_of(found.found.heads) for one in found.neighbours)


def test_fast_and_dear_or_slow_and_cheap_where_swaps_one_for_one_do_not_reach_it(tmp_path):
    found = staff(written(tmp_path, TWO_PACES), most=80)
    assert people(found) == {"fast": 1, "slow": 9}
    assert found.certified


def test_the_same_again_whatever_the_workers(tmp_path):
    file = written(tmp_path, ONE_POOL)
    one, two = staff(file, most=40, workers=1), staff(file, most=40, workers=2)
    assert one == two


def least_by_erlang_a():
    return next(n for n in range(1, 99) if erlang_a(3.4, 4.0, n, 2.5).sl_offered(1 / 3) >= 0.8)


def wrong_ones(tmp_path, seeds):
    """Searches whose certified plan does not meet the goal in truth."""
    file, least = written(tmp_path, ONE_POOL), least_by_erlang_a()
    found = [staff(file, most=40, seed=seed) for seed in seeds]
    assert all(one.found is not None for one in found)
    assert sum(one.certified for one in found) >= 0.9 * len(found)
    assert sum(one.found.heads[0] == least for one in found) >= 0.5 * len(found)
    return sum(one.certified and one.found.heads[0] < least for one in found)


def test_what_is_certified_holds(tmp_path):
    assert wrong_ones(tmp_path, range(5)) <= 1  # 5 % are allowed: two of 5 would come up in 2 of 100 such tests


@pytest.mark.verify
def test_what_is_certified_holds_in_200_searches(tmp_path):
    assert wrong_ones(tmp_path, range(1000, 1200)) <= 18  # 5 % are 10, give or take 3


def test_a_plan_that_fresh_replications_refute_is_not_the_answer(tmp_path, monkeypatch):
    """The first certificate is simulated with customers who have no patience left: the search goes on from there."""
    file = written(tmp_path, ONE_POOL)
    plain = staff(file, most=40)
    judged = staffing_trials.Trials.of
    asked = []

    def refusing(self, heads, replications):
        trial = judged(self, heads, replications)
        if self.seed == staffing_trials.seed_of(1, 1) and heads == plain.found.heads:
            asked.append(heads)
            goals = tuple(dict(goal, verdict="fail") for goal in trial.goals)
            return dataclasses.replace(trial, goals=goals)
        return trial

    monkeypatch.setattr(staffing_trials.Trials, "of", refusing)
    found = staff(file, most=40, seed=1)
    assert asked
    assert [one.heads for one in found.refuted] == [plain.found.heads]
    assert found.certified
    assert found.found.heads[0] == plain.found.heads[0] + 1


def test_of_decisions_the_winner_alone_is_certified_and_mended_where_that_fails(tmp_path, monkeypatch):
    """The first certificate refutes the cheapest; the searches of the values have none of their own."""
    file, judged, seeds = written(tmp_path, ONE_POOL), staffing_trials.Trials.of, []
    first = fresh_seed("ccsim staff 3 decision 1")

    def refusing(self, heads, replications):
        trial = judged(self, heads, replications)
        if self.seed != 3:
            seeds.append(self.seed)
        if self.seed == first:
            trial = dataclasses.replace(trial, goals=tuple(dict(goal, verdict="fail") for goal in trial.goals))
        return trial

    monkeypatch.setattr(staffing_trials.Trials, "of", refusing)
    done = []
    rates = {"demand.calls.per_minute": ["3.4", "2.0", "1.0", "4.0"]}
    made = staff_over(PeopleAsked(file, most=40, seed=3), rates, done=lambda *told: done.append(told))
    assert made.certified
    assert [told[1] for told in done] == [4] * len(made.looked)
    assert made.best == (("demand.calls.per_minute", "1.0"),)
    assert set(seeds) == {first, fresh_seed("ccsim staff 3 decision 2")}
    assert [values for values, _ in made.refuted] == [made.best]
    assert made.answer.found.heads[0] == made.refuted[0][1].heads[0] + 1
    assert made.at_an_end == ()


def test_neighbours_that_pass_lead_the_certificate_down(tmp_path, monkeypatch):
    monkeypatch.setattr(staffing_search.Search, "descend", lambda self: None)
    found = staff(written(tmp_path, ONE_POOL), most=40)
    assert found.certified
    assert found.found.heads[0] == least_by_erlang_a()
    assert [one.trial.verdict for one in found.neighbours] == ["fail"]


def test_a_neighbour_that_passed_and_is_refuted_leaves_the_plan_that_was_confirmed(tmp_path, monkeypatch):
    monkeypatch.setattr(staffing_search.Search, "descend", lambda self: None)
    judged = staffing_trials.Trials.of

    def refusing(self, heads, replications):
        trial = judged(self, heads, replications)
        if self.seed == staffing_trials.seed_of(1, 2):
            trial = dataclasses.replace(trial, goals=tuple(dict(goal, verdict="fail") for goal in trial.goals))
        return trial

    monkeypatch.setattr(staffing_trials.Trials, "of", refusing)
    found = staff(written(tmp_path, ONE_POOL), most=40, seed=1)
    assert found.certified
    assert found.certificate.heads == found.found.heads
    assert found.found.heads[0] > least_by_erlang_a()
    assert [one.heads[0] for one in found.refuted] == [found.found.heads[0] - 1]
    assert any("passed here, refuted by other customers" in line for line in lines(found))


def test_goals_that_the_bounds_forbid_are_told_with_what_binds(tmp_path):
    found = staff(written(tmp_path, SPECIALISTS), most=40, between={"generalists": (1, 4), "specialists": (1, 4)})
    assert found.found is None
    assert not found.certified
    assert found.nearest.heads == (4, 4)
    assert found.nearest.missed() == [1]
    generalists, specialists = found.binding.slopes[1]
    assert generalists > 2 * abs(specialists)


def test_goals_of_cost_stand_against_goals_of_service(tmp_path):
    cheap = ("goals:\n", "goals:\n  - {kpi: cost_per_contact, at_most: 1.20}\n")
    found = staff(written(tmp_path, TWO_PACES, cheap), most=20, between={"fast": (1, 2), "slow": (7, 10)})
    assert found.found is None
    enough = ("goals:\n", "goals:\n  - {kpi: cost_per_contact, at_most: 2.60}\n")
    found = staff(written(tmp_path, TWO_PACES, enough), most=80, between={"fast": (1, 6), "slow": (1, 12)})
    assert people(found) == {"fast": 1, "slow": 9}


def test_pools_that_stay_are_kept(tmp_path):
    found = staff(written(tmp_path, SPECIALISTS), most=40, pools=["generalists"])
    assert people(found) == {"generalists": 6}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"pools": ["generalist"]}, "there is no pool 'generalist'; did you mean 'generalists'?"),
        ({"between": {"generalists": (5, 3)}}, "expected at least 1, and no less than that, got 5..3"),
        ({"between": {"generalists": (0, 3)}}, "expected at least 1"),
        ({"pools": ["generalists"], "between": {"specialists": (1, 3)}}, "is not among --pools"),
        ({"level": 1.0}, "confidence between 0 % and 100 %"),
        ({"most": 1}, "at least 2 replications"),
    ],
)
def test_bad_questions_are_refused(tmp_path, asked, told):
    with pytest.raises(CcsimError, match=told.replace("?", r"\?")):
        staff(written(tmp_path, SPECIALISTS), **asked)


def test_people_of_each_shift_are_found(tmp_path):
    file = written(tmp_path, TWO_SHIFTS)
    with pytest.raises(CcsimError, match="no pool has a headcount"):
        staff(file)
    found = staff(file, pools=["desk"], most=40)
    first, second = found.found.heads
    assert found.certified
    assert 7 <= first <= 11
    assert 13 <= second <= 18
    assert second > first + 3
    assert [one.name for one in found.levers] == ["desk 08:00", "desk 12:00"]
    assert [one.key for one in found.levers] == ["pools.desk.shifts.0.agents", "pools.desk.shifts.1.agents"]
    assert found.costs == pytest.approx([4 * 20, 3.75 * 20], rel=0.03)  # and who works on past the end
    assert found.costs[0] / found.costs[1] == pytest.approx(4 / 3.75)


def test_without_goals_there_is_nothing_to_meet(tmp_path):
    file = written(tmp_path, ONE_POOL.split("goals:")[0])
    with pytest.raises(CcsimError, match="the scenario has no goals"):
        staff(file)


def test_a_staffing_by_time_is_no_number_of_people(tmp_path):
    file = written(tmp_path, ONE_POOL, ("staffing: 9", "staffing: [[00:00, 9], [12:00, 11]]"))
    with pytest.raises(CcsimError, match="no pool has a headcount"):
        staff(file)
    with pytest.raises(CcsimError, match="pool 'desk': its plan is a staffing by time"):
        staff(file, pools=["desk"])


def test_a_staffing_with_changes_of_some_hours_is_no_number_of_people(tmp_path):
    """Another number would replace them: an outage that is one of them would be searched away."""
    outage = "variants: {outage: {'pools.desk.staffing[2026-01-01 12:00..18:00]': 2}}\n"
    file = written(tmp_path, ONE_POOL + outage)
    assert [one.pool for one in levers_of(load(file))] == ["desk"]
    with pytest.raises(CcsimError, match="pool 'desk': its plan is a staffing by time"):
        staff(f"{file}:outage", pools=["desk"])
