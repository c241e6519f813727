import pytest

from ccsim import exits
from ccsim.kpis.verdicts import excess, meets_all, verdict_of, verdict_of_all, verdict_of_difference, verdict_of_goals


def goal(estimate, low, high, at_least=None, at_most=None, note=""):
    return {"estimate": estimate, "low": low, "high": high, "at_least": at_least, "at_most": at_most, "note": note}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (goal(0.85, 0.8, 0.9, at_least=0.8), "pass"),
        (goal(0.85, 0.799, 0.9, at_least=0.8), "inconclusive"),
        (goal(0.75, 0.7, 0.8, at_least=0.8), "inconclusive"),
        (goal(0.75, 0.7, 0.799, at_least=0.8), "fail"),
        (goal(10, 8, 12, at_most=12), "pass"),
        (goal(10, 8, 12, at_most=11.9), "inconclusive"),
        (goal(10, 8, 12, at_most=7.9), "fail"),
        (goal(10, 8, 12, at_least=8, at_most=12), "pass"),
        (goal(10, 8, 12, at_least=9, at_most=12), "inconclusive"),
        (goal(10, 8, 12, at_least=1, at_most=7), "fail"),
        (goal(10, 8, 12, at_least=13, at_most=20), "fail"),
        (goal(10, 8, 12, at_least=9, at_most=11), "inconclusive"),
        (goal(10, 10, 10, at_most=10), "pass"),
        (goal(10, None, None, at_most=20), "inconclusive"),
        (goal(None, None, None, at_most=20, note="nobody was answered"), "inconclusive"),
    ],
)
def test_the_whole_interval_decides(found, expected):
    verdict, why = verdict_of(found)
    assert verdict == expected
    assert (why == "") is (verdict == "pass")
    if found["estimate"] is None:
        assert why == "nobody was answered"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], "pass"),
        (["pass", "pass"], "pass"),
        (["pass", "inconclusive"], "inconclusive"),
        (["inconclusive", "fail", "pass"], "fail"),
    ],
)
def test_one_verdict_of_several_goals_and_its_exit_code(verdicts, expected):
    goals = [{"verdict": one} for one in verdicts]
    assert verdict_of_all(verdicts) == verdict_of_goals(goals) == expected
    assert exits.OF_VERDICT[verdict_of_goals(goals)] == {"pass": 0, "fail": 3, "inconclusive": 4}[expected]


@pytest.mark.parametrize(
    ("verdicts", "likely", "expected"),
    [
        (["pass", "pass"], 0.3, "yes"),
        (["pass", "fail"], 0.9, "no"),
        (["pass", "inconclusive"], 0.5, "probably"),
        (["pass", "inconclusive"], 0.499, "probably not"),
        (["pass", "inconclusive"], None, "unknown"),
        ([], None, "unknown"),
        ([], 0.7, "unknown"),
    ],
)
def test_all_goals_are_met_probably_met_or_not(verdicts, likely, expected):
    assert meets_all([{"verdict": one} for one in verdicts], likely) == expected


def test_the_worse_end_of_an_interval_misses_a_limit_by_parts_of_the_limit():
    assert excess(60, 70, at_least=80, at_most=None) == pytest.approx(0.25)
    assert excess(60, 90, at_least=None, at_most=80) == pytest.approx(0.125)
    assert excess(60, 90, at_least=50, at_most=80) == pytest.approx(0.125)
    assert excess(0.2, 0.3, at_least=0, at_most=None) == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0.1, 2, "higher"), (-2, -0.1, "lower"), (0, 2, "not decided"), (-2, 0, "not decided"), (-1, 1, "not decided")],
)
def test_a_difference_is_decided_where_its_interval_leaves_0_out(low, high, expected):
    assert verdict_of_difference(low, high) == expected
