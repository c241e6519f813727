"""What never ends, or cannot be counted, is told where it is written; what is merely unusual is not."""

from __future__ import annotations

import math

import pytest

from ccsim.centre.foresee import Foreseen, foresee, reasons_against
from ccsim.centre.journeys import journey
from ccsim.errors import ScenarioError
from ccsim.scenario import loads
from ccsim.scenario.load import read_text

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
demand: {calls: {per_minute: 2}}
handle_time: 5m
patience: 3m
pools: {desk: {staffing: 14}}
"""
CIRCLE = """
scenario: circle
horizon: {start: 2026-03-02, length: 1w}
demand: {a: {per_minute: 1}}
handle_time: 5m
workflows:
  a: {tiers: {t1: {transfers: {b: 100%}}}}
  b: {tiers: {t1: {escalated: 100%}, t2: {transfers: {a: SHARE}}}}
pools: {desk: {tier: [t1, t2], staffing: 14}}
"""


def refused(text: str, *settings: str) -> list[tuple[str, str]]:
    """Key and message of everything that `run` refuses."""
    return [(one.key, one.message) for one in read_text(text, settings=settings).remarks if one.refused]


@pytest.mark.parametrize(
    ("setting", "key", "said"),
    [
        ("handle_time=3650d", "handle_time", "a visit takes 521w3d on average"),
        ("channels.phone={handle_time: {talk: 1m, wrap_up: 20w}}", "channels.phone.handle_time", "a visit takes 20w1m"),
        (
            "workflows.calls={returns: {after_abandon: {share: 100%, after: 1ms}}}",
            "workflows.calls.returns.after_abandon",
            "tries again after 1ms",
        ),
    ],
)
def test_what_never_ends_is_told_where_it_is_written(setting: str, key: str, said: str) -> None:
    assert refused(DESK) == []
    found = refused(DESK, setting)
    assert [one for one, _ in found] == [key]
    assert said in found[0][1]
    assert "--anyway" in found[0][1]


@pytest.mark.parametrize(
    "setting",
    [
        "handle_time=10d",  # as long as warm-up, length and drain period: a visit may still end
        "workflows.calls={returns: {after_resolved: {share: 99%, after: 1h}}}",
        "workflows.calls={returns: {after_resolved: {share: 100%, after: 1h, attempts: 3}}}",
        "workflows.calls={returns: {after_abandon: {share: 100%, after: 10m}}}",
        "workflows.calls={returns: {after_closed: {share: 100%, after: 1h}}}",
        "demand.calls.per_minute=100_000",
    ],
)
def test_what_is_only_unusual_is_not(setting: str) -> None:
    assert refused(DESK, setting) == []


@pytest.mark.parametrize("rate", ["1e15", "1e9"])
def test_more_contacts_than_can_be_counted_are_a_fault(rate: str) -> None:
    with pytest.raises(ScenarioError, match=r"demand\.calls: some 1\.4e\+\d\d contacts .*2\^40"):
        loads(DESK, settings=[f"demand.calls.per_minute={rate}"])


def test_volumes_that_can_be_counted_one_by_one_but_not_together_are_a_fault() -> None:
    volumes = ", ".join(f"v{i}: {{workflow: calls, per_minute: 2e7}}" for i in range(5))
    with pytest.raises(ScenarioError, match="contacts together"):
        loads(DESK.replace("{calls: {per_minute: 2}}", "{" + volumes + "}"))


def test_a_circle_of_transfers_without_an_end_is_told_once_with_its_queues() -> None:
    found = refused(CIRCLE.replace("SHARE", "100%"))
    assert [key for key, _ in found] == ["workflows.a.tiers.t1.transfers"]
    assert "(a t1 -> b t1 -> b t2 -> a t1)" in found[0][1]
    assert refused(CIRCLE.replace("SHARE", "99.9%")) == []


def test_a_way_into_a_circle_need_not_be_certain() -> None:
    text = CIRCLE.replace("transfers: {b: 100%}", "transfers: {b: 1%}").replace("SHARE", "0%")
    looping = text.replace("transfers: {a: 0%}", "transfers: {c: 100%}").replace(
        "pools:", "  c: {tiers: {t1: {transfers: {b: 100%}}}}\npools:"
    )
    assert refused(text) == []
    assert len(refused(looping)) == 1  # one in a hundred comes there, and never ends


@pytest.mark.parametrize("share", [0.0, 0.25, 0.9, 0.999])
def test_visits_through_a_circle_are_a_geometric_sum(share: float) -> None:
    way = journey(loads(CIRCLE.replace("SHARE", str(share))), "a", "phone")
    rounds = 1 / (1 - share)  # (I - P)^-1 of the matrix of transfers P, first row
    assert way.visits == pytest.approx({("a", "t1"): rounds, ("b", "t1"): rounds, ("b", "t2"): rounds}, rel=1e-6)


def test_visits_through_tiers_and_transfers_solve_their_equations() -> None:
    text = CIRCLE.replace("transfers: {b: 100%}}}", "escalated: 20%, transfers: {b: 30%}}, t2: {transfers: {b: 10%}}}")
    way = journey(loads(text.replace("escalated: 100%", "escalated: 60%").replace("SHARE", "50%")), "a", "phone")
    a1, a2, b1, b2 = (way.visits[leg] for leg in (("a", "t1"), ("a", "t2"), ("b", "t1"), ("b", "t2")))
    assert a1 == pytest.approx(1 + 0.5 * b2)
    assert a2 == pytest.approx(0.2 * a1)
    assert b1 == pytest.approx(0.3 * a1 + 0.1 * a2)
    assert b2 == pytest.approx(0.6 * b1)


@pytest.mark.parametrize(("attempts", "contacts"), [("", 1 / (1 - 0.3)), (", attempts: 2", 1 + 0.3 + 0.09)])
def test_contacts_of_a_case_are_a_geometric_sum_of_its_returns(attempts: str, contacts: float) -> None:
    back = f"{{after_unresolved: {{share: 60%, after: 1h{attempts}}}}}"
    setting = f"workflows.calls={{tiers: {{t1: {{resolved: 50%}}}}, returns: {back}}}"
    scenario = loads(DESK, settings=[setting])
    assert journey(scenario, "calls", "phone").contacts == pytest.approx(contacts)
    seen = foresee(scenario)
    assert seen.contacts == pytest.approx(2 * 60 * 24 * 7)
    assert seen.visits == pytest.approx(seen.contacts * contacts)


def test_who_is_answered_by_peers_goes_no_further() -> None:
    text = CIRCLE.replace("SHARE", "0%").replace("pools:", "channels: {phone: {peers: 40%}}\npools:")
    seen = foresee(loads(text))
    assert seen.visits / seen.contacts == pytest.approx(0.4 + 0.6 * 3)


def test_memory_grows_with_the_intervals_of_the_report() -> None:
    long = ["horizon.length=13w"]
    coarse, fine = foresee(loads(DESK, settings=long)), foresee(loads(DESK, settings=[*long, "horizon.interval=1s"]))
    assert coarse.memory < 5e8
    assert 2e9 < fine.memory < 1e10  # 4.5 GB were measured
    assert reasons_against(coarse, 2_000_000_000) == []
    assert "horizon.interval" in reasons_against(fine, 2_000_000_000)[0]
    assert reasons_against(fine, None) == []


def test_memory_grows_with_those_who_wait_for_ever() -> None:
    crowd = ["demand.calls.per_minute=100_000", "patience="]
    forever = foresee(loads(DESK.replace("patience: 3m\n", ""), settings=crowd[:1]))
    leaving = foresee(loads(DESK, settings=crowd[:1]))
    assert foresee(loads(DESK)).waiting == 0
    assert forever.waiting == pytest.approx(forever.contacts, rel=1e-3)
    assert leaving.waiting == pytest.approx(100_000 * 3, rel=1e-3)  # Little: rate x patience
    assert forever.memory > 100 * leaving.memory


def test_more_than_a_day_is_told_before_it_is_simulated() -> None:
    many = foresee(loads(DESK, settings=["demand.calls.per_minute=1e6"]), replications=20, workers=2)
    assert many.too_long
    assert any("it would take 2 days" in one for one in reasons_against(many, None))
    assert not foresee(loads(DESK), replications=10_000, workers=1).too_long


def test_what_is_foreseen_reads_as_a_sentence() -> None:
    seen = foresee(loads(DESK), replications=1, workers=1)
    assert str(seen) == "about 20,160 visits a replication, 1 replication: some 6 s on 1 worker, 331 MB of memory"
    endless: Foreseen = foresee(loads(CIRCLE.replace("SHARE", "100%")))
    assert math.isinf(endless.visits)
    assert str(endless).startswith("visits without end a replication")
