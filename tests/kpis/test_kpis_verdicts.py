import pytest

from ccsim.metrics.verdicts import verdict_of


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
