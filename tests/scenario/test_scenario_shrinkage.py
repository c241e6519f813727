"""Shrinkage says its base: what causes take of the rostered time, and what they make together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.errors import ScenarioError
from ccsim.language.shrinkage import WorkedShare, block_shares, rostered_shares, shrinkage_of
from ccsim.scenario import loads
from ccsim.scenario.explain import explain
from ccsim.scenario.load import read_text

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
channels: {email: {kind: deferred}}
demand: {mails: {per_hour: 6, channel: email}}
handle_time: {law: exponential, mean: 4m}
shift_patterns: {day: {paid: 8h, starts: 09:00, days: daily}}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
vendors: {own: {kind: in_house, shrinkage: {leave: 8%, training: 4%}}}
pools:
  a: {site: here, vendor: own, headcount: 10, shifts: day}
  b: {site: here, vendor: own, headcount: 10, shifts: day, shrinkage: SHRINKAGE}
"""


def desk(shrinkage: str) -> str:
    return DESK.replace("SHRINKAGE", shrinkage)


def total(shrinkage: str) -> float:
    scenario = loads(desk(shrinkage))
    return sum(rostered_shares(shrinkage_of(scenario, scenario.pools["b"])[0]).values())


@pytest.mark.parametrize(
    ("shrinkage", "share"),
    [
        ("{leave: 10%, absence: 5%, training: 6%, coaching: 3%}", 0.24),
        ("{leave: 10%, absence: {share: 5%, of: worked}}", 1 - 0.9 * 0.95),
        ("{leave: 10%, training: {share: 6%, of: worked}}", 1 - 0.9 * 0.94),
        ("{leave: 10%, absence: {share: 5%, of: worked}, training: {share: 6%, of: worked}}", 1 - 0.9 * 0.95 * 0.94),
        ("{leave: {share: 10%, of: rostered}, training: 6%}", 0.16),
        ("{training: {share: 6%, of: worked}}", 0.06),
        ("{}", 0.0),
    ],
)
def test_what_causes_make_together(shrinkage: str, share: float) -> None:
    assert total(shrinkage) == pytest.approx(share, rel=1e-12, abs=1e-15)


shares = st.dictionaries(
    st.sampled_from(["absence", "leave", "training", "coaching", "meetings"]),
    st.one_of(st.floats(0, 0.15), st.floats(0, 0.15).map(lambda share: WorkedShare(share=share))),
)


@settings(derandomize=True, max_examples=200)
@given(shares)
def test_blocks_of_worked_shifts_make_the_share_of_the_rostered_time(said: dict[str, float | WorkedShare]) -> None:
    rostered = rostered_shares(said)
    there = 1 - sum(share for cause, share in rostered.items() if cause in ("absence", "leave"))
    blocks = block_shares(rostered)
    assert list(rostered) == list(said)
    for cause, share in said.items():
        if isinstance(share, WorkedShare) and cause not in ("absence", "leave"):
            assert blocks[cause] == pytest.approx(share.share)
        elif not isinstance(share, WorkedShare):
            assert rostered[cause] == share
        if cause in blocks:
            assert blocks[cause] * there == pytest.approx(rostered[cause])


@pytest.mark.parametrize(
    ("shrinkage", "key", "said"),
    [
        ("{absence: 60%, training: 43%}", "", "103% of the paid time is away"),
        ("{training: {of: worked}}", ".training.share", "is missing"),
        ("{training: {share: 5%, of: paid}}", ".training.of", "expected one of rostered, worked, got 'paid'"),
        ("{training: [5%]}", ".training", "expected a share like 6%, or {share: 6%, of: worked}, got a list"),
        ("{training: {share: 5%, off: worked}}", ".training.off", "did you mean 'of'?"),
        ("{absence: 60%, training: 39%}", "", "97.5% away (training 97.5% of a shift that is worked) fill the shifts"),
    ],
)
def test_bad_shrinkage_is_told(shrinkage: str, key: str, said: str) -> None:
    text = desk(shrinkage).replace("days: daily", "days: daily, breaks: [15m]")
    with pytest.raises(ScenarioError) as error:
        loads(text)
    assert [fault.key for fault in error.value.faults] == [f"pools.b.shrinkage{key}"]
    assert said in error.value.faults[0].message


@pytest.mark.parametrize("said", ["{2026-W10: 30%, 2026-W11: 40%}", "{2026-03-02: 30%}", "{week_1: 30%}", "weeks.csv"])
def test_shrinkage_by_week_is_told_how_to_be_said(said: str) -> None:
    """Weeks were taken for causes, which add up."""
    with pytest.raises(ScenarioError, match=r"pools\.b\.shrinkage: .* is no cause: .*`from:` and `until:`"):
        loads(desk(said))


def test_explain_names_the_vendor_that_a_pool_takes_it_from() -> None:
    loaded = read_text(desk("{training: 5%}"))
    assert [(part.key, part.value) for part in explain(loaded, "pools.a.shrinkage").parts] == [
        ("vendors.own.shrinkage.leave", "8%"),
        ("vendors.own.shrinkage.training", "4%"),
    ]
    assert explain(loaded, "pools.a.shrinkage.training").key == "vendors.own.shrinkage.training"
    assert explain(loaded, "pools.b.shrinkage").key == "pools.b.shrinkage"


def test_check_prints_what_it_leaves() -> None:
    from ccsim.commands.check_text import facts_of, summary

    lines = summary(facts_of(read_text(desk("{training: {share: 5%, of: worked}}"))))
    ends = "rostered people at work on average, before breaks"
    assert [line for line in lines if "shrinkage" in line] == [
        f"  shrinkage vendor own: 12% of the rostered time (leave 8%, training 4%): 8.8 of 10 {ends}",
        f"  shrinkage pool b: 5% of the rostered time (training 5%): 9.5 of 10 {ends}",
    ]
