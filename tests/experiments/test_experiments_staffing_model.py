"""The programmes that pick plans agree with going through all plans; margins have the right side."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.errors import CcsimError
from ccsim.experiments.staffing_guess import OfferedWork, divided, people_for
from ccsim.experiments.staffing_model import CuttingPlane, Side, Space, moves_from, reach, sides_of
from ccsim.experiments.staffing_pools import Lever, read_between, settings_of
from ccsim.language.goals import Goal


def test_margins_are_above_zero_where_a_goal_is_met():
    for scale, limit in (("logit", 0.8), ("log", 20.0), ("plain", 0.5)):
        assert Side(0, 1, limit, scale).margin(limit * 1.1) > 0 > Side(0, 1, limit, scale).margin(limit * 0.9)
        assert Side(0, -1, limit, scale).margin(limit * 1.1) < 0 < Side(0, -1, limit, scale).margin(limit * 0.9)
        assert Side(0, 1, limit, scale).margin(limit) == 0


def test_sides_know_their_scale_and_whether_people_help():
    goals = [
        Goal(kpi="service_level", at_least=0.8),
        Goal(kpi="asa", at_most=20.0),
        Goal(kpi="cost_per_contact", at_most=4.0),
        Goal(kpi="occupancy", at_least=0.7, at_most=0.85),
    ]
    found = sides_of(goals)
    assert [(one.goal, one.sign, one.scale, one.people_help) for one in found] == [
        (0, 1, "logit", True),
        (1, -1, "log", True),
        (2, -1, "log", False),
        (3, 1, "logit", False),
        (3, -1, "logit", False),
    ]


class Drawn:
    """A small problem, drawn."""

    def __init__(self, draw):
        pools = draw(st.integers(1, 3))
        whole = st.integers(-6, 6)
        self.costs = np.array([draw(st.integers(1, 9)) for _ in range(pools)], float)
        self.around = tuple(draw(st.integers(1, 5)) for _ in range(pools))
        self.space = Space(self.costs, (1,) * pools, (6,) * pools)
        self.cuts = [
            CuttingPlane(
                tuple(draw(st.integers(1, 6)) for _ in range(pools)),
                np.array([draw(whole) / 2], float),
                np.array([[draw(whole) / 3 for _ in range(pools)]], float),
            )
            for _ in range(draw(st.integers(1, 3)))
        ]
        for _ in range(draw(st.integers(0, 3))):
            self.space.bar(tuple(draw(st.integers(1, 6)) for _ in range(pools)), lacks_people=draw(st.booleans()))

    def plans(self):
        for heads in product(range(1, 7), repeat=len(self.costs)):
            near = all(abs(n - m) <= reach(m) for n, m in zip(heads, self.around, strict=True))
            under = any(all(n <= m for n, m in zip(heads, low, strict=True)) for low in self.space.dominated)
            if near and not under and heads not in self.space.barred:
                yield heads


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_programmes_agree_with_going_through_all_plans(data):
    drawn = Drawn(data.draw)
    space, cuts = drawn.space, drawn.cuts
    allowed = [heads for heads in drawn.plans() if all((cut.at(heads) >= -1e-7).all() for cut in cuts)]
    found = space.cheapest(cuts, drawn.around)
    if found is None:
        assert not [heads for heads in allowed if all((cut.at(heads) >= 1e-7).all() for cut in cuts)]
    else:
        assert found in allowed
        assert space.cost(found) == pytest.approx(min(map(space.cost, allowed)))
    below = float(data.draw(st.integers(5, 60)))
    likeliest = space.likeliest(cuts, below, drawn.around)
    cheaper = [heads for heads in drawn.plans() if space.cost(heads) < below - 1e-9]
    if likeliest is None:
        assert not cheaper
    else:
        assert likeliest[0] in cheaper
        least = max(min(float((cut.at(heads) / cut.persons).min()) for cut in cuts) for heads in cheaper)
        assert likeliest[1] == pytest.approx(least, abs=1e-4)


def test_neighbours_cost_less_and_stay_within_the_bounds():
    space = Space(np.array([31.0, 21.5]), (1, 1), (9, 9))
    assert set(moves_from((3, 5), space)) == {(2, 5), (3, 4), (2, 6), (1, 6), (4, 3)}
    assert set(moves_from((1, 9), space)) == {(1, 8), (2, 7)}
    assert moves_from((1, 1), space) == []


def test_work_goes_to_the_cheaper_pool_with_the_skill_and_people_take_it():
    pace = np.array([[1.0, 1.3], [0.0, 1.0]])
    demand = OfferedWork(np.array([100.0, 50.0]), pace, np.array([10.0, 10.0]), np.zeros(2), 100.0)
    assert divided(demand, np.array([20.0, 14.0])).tolist() == pytest.approx([0.0, 180.0])  # 1.3 x 14 is less than 20
    assert divided(demand, np.array([18.0, 14.0])).tolist() == pytest.approx([100.0, 50.0])
    assert people_for(np.array([0.0, 180.0]), demand).tolist() == [0.0, 32.0]  # 18, and the root of 18 x 10


def test_people_who_stay_take_what_they_can_first():
    demand = OfferedWork(np.array([100.0]), np.array([[1.0, 1.0]]), np.array([0.0, 10.0]), np.array([60.0, 0.0]), 100.0)
    assert divided(demand, np.array([1.0, 5.0])).tolist() == pytest.approx([60.0, 40.0])


def test_settings_say_what_differs_and_bounds_are_read():
    levers = [Lever("desk", "pools.desk.headcount", 5, 1, 0), Lever("b.c", 'pools."b.c".staffing', 3, 1, 9)]
    assert settings_of(levers, (5, 4)) == ['pools."b.c".staffing=4']
    assert levers[0].within(8).most == 26
    assert levers[1].within(8).most == 9
    assert read_between(["desk=2..30", "b.c = 1 .. 4"]) == {"desk": (2, 30), "b.c": (1, 4)}
    with pytest.raises(CcsimError, match=r"expected POOL=LEAST\.\.MOST"):
        read_between(["desk=2-30"])
