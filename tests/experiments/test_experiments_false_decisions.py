"""`--until decided` on pairs without a difference, through the whole of a comparison: it errs no more than it says.

The two desks of a null pair are equal in law and draw other luck: their volumes have other names. An hour with some
60 calls, of which about one in twenty abandons, is skewed and full of zeros, and the first look is at 20 of them.
"""

from __future__ import annotations

import pytest
from scipy.stats import binom

from ccsim import api
from ccsim.metrics.decide import ERROR
from ccsim.scenario import loads
from ccsim.language.scenario import Scenario

CAP = 45
"""Three looks: at 20, 30 and 45."""


def desk(volume: str, *, agents: int = 6) -> Scenario:
    return loads(f"""\
scenario: {volume}
horizon: {{start: 2026-03-02, length: 1h}}
handle_time: 5m
patience: {{value: 2m}}
demand: {{{volume}: {{workflow: calls, per_minute: 1}}}}
pools: {{desk: {{staffing: {agents}}}}}
goals: [{{kpi: abandonment, at_most: 5%}}]
""")


def false_decisions(sequences: int) -> int:
    """How many null pairs were decided, each played until decided or until the cap."""
    ours, theirs = desk("calls"), desk("other_calls")
    found, looks = 0, []
    for seed in range(sequences):
        made = api.compare(ours, theirs, until="decided", max_replications=CAP, seed=seed, workers=1)
        row = made.difference("abandonment")
        assert made.decided is (row["verdict"] != "not decided")
        assert made.decided or made.replications == CAP
        assert row["verdict"] != "equal"
        found += made.decided
        looks.append(made.method["looks"])
    assert [20, 30, 45] in looks
    return found


def most(sequences: int) -> int:
    """No more false decisions than these, with 99 %, where each has just the stated chance."""
    return int(binom.ppf(0.99, sequences, ERROR))


def test_null_pairs_are_decided_no_more_often_than_stated() -> None:
    assert false_decisions(40) <= most(40)


@pytest.mark.verify
def test_many_null_pairs_are_decided_no_more_often_than_stated(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("markexpr") != "verify":
        pytest.skip("minutes long: pytest -m verify")
    assert false_decisions(400) <= most(400)


def test_a_real_difference_is_decided_soon_and_the_right_way() -> None:
    for seed in range(5):
        made = api.compare(
            desk("calls"), desk("other_calls", agents=9), until="decided", max_replications=200, seed=seed, workers=1
        )
        assert made.decided
        assert made.replications < 200
        assert made.difference("abandonment")["verdict"] == "lower"
