"""Searches over many pools where deferred work piles up: work week by week, replications that differ, plans mended."""

from types import SimpleNamespace

import numpy as np
import pytest

from ccsim.experiments.staffing_call import staff
from ccsim.experiments.staffing_model import Side
from ccsim.experiments.staffing_response import BACKLOGS, Response
from ccsim.experiments.staffing_trials import Trials
from ccsim.experiments.staffing_weeks import UNLIKE, BusiestWeeks
from ccsim.records.tables import POOL_INTERVALS
from ccsim.units import DAY, WEEK
from tests.support.staffing_desks import mail_desks, many_desks, written


def of_days(days):
    """A replication of a pool: its rows by day, from agent days in hand and signed in."""
    names = [column.name for column in POOL_INTERVALS][1:]
    rows = np.zeros((len(days), len(names)), np.int64)
    for day, (in_hand, signed_in) in enumerate(days):
        rows[day, names.index("interval")] = day
        rows[day, names.index("in_hand_us")], rows[day, names.index("signed_in_us")] = in_hand * DAY, signed_in * DAY
    return SimpleNamespace(tables={"pool_intervals": rows})


def test_the_busiest_week_counts_and_half_of_what_is_kept_free_is_no_room():
    calm, full = [(6, 10)] * 7, [(8, 10)] * 7
    weeks = BusiestWeeks([0], DAY, 2 * WEEK)
    weeks.take(of_days(calm + full))
    assert weeks.needed([0], 1.0)[0] == pytest.approx(0.8)
    assert weeks.needed([0], 0.96)[0] == pytest.approx(0.8 / 0.96)
    weeks.take(of_days(calm + calm))
    assert weeks.needed([0], 1.0)[0] == pytest.approx(0.7 + UNLIKE * np.std([0.8, 0.6], ddof=1))
    kept = BusiestWeeks([2], DAY, 2 * WEEK)
    kept.take(of_days(calm + full))
    assert kept.needed([0], 1.0)[0] == pytest.approx(0.9)  # with 9 people 8 can be busy
    few = BusiestWeeks([2], DAY, WEEK)
    few.take(of_days([(1, 1)] * 7))  # nobody is there but those who are kept free
    assert few.needed([0], 1.0)[0] == pytest.approx(1.5)


def test_the_busiest_week_is_any_seven_days_in_a_row():
    rush = [(5, 10)] * 3 + [(9, 10)] * 7 + [(5, 10)] * 4  # from Thursday to Wednesday
    weeks = BusiestWeeks([0], DAY, 2 * WEEK)
    weeks.take(of_days(rush))
    assert weeks.needed([0], 1.0)[0] == pytest.approx(0.9)
    odd = BusiestWeeks([0], DAY, 13 * DAY)  # no two whole weeks: the second is not lost in the first
    odd.take(of_days([(5, 10)] * 6 + [(9, 10)] * 7))
    assert odd.needed([0], 1.0)[0] == pytest.approx(0.9)
    short = BusiestWeeks([0], DAY, 4 * DAY)
    short.take(of_days([(5, 10), (9, 10), (5, 10), (9, 10)]))
    assert short.needed([0], 1.0)[0] == pytest.approx(0.7)
    by_week = BusiestWeeks([0], WEEK, 3 * WEEK)  # a report by week has nothing finer
    by_week.take(of_days([(5, 10), (9, 10), (5, 10)]))
    assert by_week.needed([0], 1.0)[0] == pytest.approx(0.9)


@pytest.fixture
def one_late():
    """A pool whose mail is late in one of four replications, beside mail of others that is always alike."""
    made = Response([Side(0, 1, 0.9, "logit")], ["logit"], np.array([1.0]), np.eye(2)[:, :1], np.array([BACKLOGS]))
    bottoms = np.array([[[1000.0] * 4, [1000.0] * 4]])
    tops = np.array([[[995.0, 990.0, 995.0, 800.0], [955.0] * 4]])
    made.begin((20,), tops, bottoms)
    made.reserve = np.array([0.5])
    return made


def test_replications_are_foreseen_to_differ_more_with_fewer_people_and_less_with_more(one_late):
    fewer, same, more = one_late.calmer(np.array([[19.0], [20.0], [22.0]]))[:, 0]
    assert same == pytest.approx(1.0)
    assert more < 0.7
    assert fewer > 1.2
    value = one_late.values(np.array([[20.0]]))[0, 0]
    assert value == pytest.approx(0.95, abs=0.001)
    over = np.log(value / (1 - value)) - np.log(9)
    assert one_late.margins(np.array([[20.0]]))[0, 0] == pytest.approx(over - 0.5, abs=1e-6)


def test_what_is_in_time_everywhere_still_has_people_who_would_help(one_late):
    before = one_late.slopes.copy()
    whole = np.array([[[1000.0] * 4, [0.0] * 4]])
    one_late.learn((whole, whole), (whole, whole), np.array([[2.0], [0.0]]))
    assert one_late.slopes[0, 0, 0] > 0.25 * before[0, 0, 0]


def test_mail_that_piles_up_does_not_end_the_search(tmp_path):
    found = staff(written(tmp_path, mail_desks()))
    assert found.certified
    assert found.cost_of(found.found.heads) < found.cost_of(found.now_heads)
    late = found.certificate.goals[1]
    assert late["low"] >= 0.97


def test_a_plan_that_a_certificate_does_not_confirm_gets_more_people(tmp_path, monkeypatch):
    whole, looks = Trials.unless_refuted, []

    def looked_at(self, heads):
        looks.append(heads)
        return self.of(heads, 2) if len(looks) == 1 else whole(self, heads)  # two can confirm nothing

    monkeypatch.setattr(Trials, "unless_refuted", looked_at)
    found = staff(written(tmp_path, many_desks()))
    first, then = (np.array(heads) for heads in looks)
    assert [one.heads for one in found.refuted] == looks[:1]
    assert (then >= first).all()
    assert then.sum() > first.sum()
    assert found.certified
    assert found.found.heads == looks[1]
    assert found.certificate.goals[0]["low"] >= 0.8
