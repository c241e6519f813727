"""All goals at once with a probability: exact intervals, and searches on desks whose probability is known."""

import numpy as np
import pytest

from ccsim.errors import CcsimError
from ccsim.experiments.staffing_call import staff
from ccsim.experiments.staffing_joint import AllAtOnce, allowed_to_miss, enough_for, together
from ccsim.experiments.staffing_model import Side
from ccsim.metrics.confidence import exact_share
from tests.support.staffing_desks import ONE_POOL, written


def test_so_many_may_miss_and_not_one_more():
    for asked, n, level in ((0.9, 160, 0.975), (0.5, 40, 0.95), (0.99, 2000, 0.95)):
        missing = allowed_to_miss(asked, n, level)
        assert exact_share(n - missing, n, level)[0] >= asked
        assert exact_share(n - missing - 1, n, level)[0] < asked


def test_too_few_replications_are_refused_with_the_number_that_can():
    with pytest.raises(CcsimError, match="32 replications cannot show a probability of 90 %") as refused:
        enough_for(0.9, 32, 0.975)
    needed = int(str(refused.value).split("goal: ")[1].split(" can")[0])
    assert allowed_to_miss(0.9, needed, 0.975) >= 0 > allowed_to_miss(0.9, needed - 1, 0.975)
    enough_for(0.9, needed, 0.975)


def test_the_least_margin_of_a_replication_is_that_of_its_worst_goal():
    sides = [Side(0, 1, 0.8, "logit"), Side(1, -1, 60.0, "log")]
    values = [[0.9, 0.7, 0.9, None], [30.0, 30.0, 90.0, 30.0]]
    found = together(0.5, values, 1, sides, 0.95)
    assert found.margins[0] == pytest.approx(min(np.log(9) - np.log(4), np.log(2)))
    assert (found.margins[1:3] < 0).all()
    assert found.margins[3] == -5.0  # what cannot be made is missed by far
    assert (found.met, found.of) == (1, 4)


def test_the_verdict_is_that_of_the_exact_interval():
    def judged(met):
        low, high = exact_share(met, 100, 0.95)
        return AllAtOnce(0.8, met, 100, float(low), float(high), np.zeros(100)).verdict

    assert [judged(met) for met in (70, 80, 90)] == ["fail", "inconclusive", "pass"]


def test_a_higher_probability_takes_more_people(tmp_path):
    """16 agents have 82.9 % on average (Erlang A) and 15 have 76.0 %: the weeks scatter around that."""
    file = written(tmp_path, ONE_POOL)
    found = {asked: staff(file, most=80, probability=asked) for asked in (0.5, 0.9)}
    assert {asked: one.found.heads for asked, one in found.items()} == {0.5: (16,), 0.9: (17,)}
    for asked, one in found.items():
        sure = one.certificate.together
        assert one.certified
        assert sure.low >= asked
        assert all(beside.trial.verdict != "pass" for beside in one.neighbours)


@pytest.mark.verify
def test_a_certified_probability_holds_in_100_searches(tmp_path):
    """The truth from 4,000 replications of each plan; 2.5 % of the certificates may be wrong on either side."""
    from ccsim import api

    file = written(tmp_path, ONE_POOL)
    truth = {}
    for agents in (15, 16, 17, 18):
        run = api.run(file, settings=[f"pools.desk.staffing={agents}"], replications=4000)
        truth[agents] = run.goals[0]["probability"]
    found = [staff(file, most=80, probability=0.8, seed=seed) for seed in range(3000, 3100)]
    wrong = sum(one.certified and truth[one.found.heads[0]] < 0.8 for one in found)
    assert wrong <= 7
    assert sum(one.certified for one in found) >= 90


def test_a_probability_is_between_0_and_1(tmp_path):
    with pytest.raises(CcsimError, match="probability between 0 % and 100 %"):
        staff(written(tmp_path, ONE_POOL), probability=1.0)
