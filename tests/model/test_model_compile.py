"""From a scenario to arrays: ranks by name, classes, laws kept once, faults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ccsim.errors import ScenarioError
from ccsim.kernel import layout
from ccsim.kernel.kinds import KIND_CHANNEL, KIND_TALK_LAW
from ccsim.kernel.state import longest_replication
from ccsim.language.channels import Channel, Segment
from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import Volume
from ccsim.language.handling import HandleTime
from ccsim.language.horizon import Horizon
from ccsim.language.hours import WeekHours
from ccsim.language.laws import Constant
from ccsim.language.pools import Pool
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.scenario import Scenario
from ccsim.language.skills import Skill
from ccsim.language.traces import Trace
from ccsim.language.workflows import Tier, Workflow
from ccsim.model import Model, compile_model
from ccsim.units import DAY, HOUR, MINUTE
from tests.support.stories import script

TALK = HandleTime(talk=Constant(value=MINUTE))
RATE = RateCurve(grid=Grid(every=DAY, values=(1 / HOUR,)))
STAFFED = Grid(every=DAY, values=(1.0,))


def compiled(**parts: object) -> Model:
    whole = {
        "scenario": "small",
        "horizon": Horizon(start="2026-03-02T00:00:00", length=DAY, drain=DAY, interval=HOUR),
        "handle_time": TALK,
        "demand": {"b": Volume(workflow="w", rate=RATE), "a": Volume(workflow="w", rate=RATE)},
        "pools": {"z": Pool(staffing=STAFFED), "y": Pool(staffing=STAFFED)},
        **parts,
    }
    return compile_model(Scenario(**whole))


HOURS = WeekHours(spans=((0, DAY),))


def talk_laws(model: Model) -> list[int]:
    kinds: list[int] = model.rules.kinds.rows[model.rules.queues.rows[:, layout.QUEUE_KIND], KIND_TALK_LAW].tolist()
    return kinds


def lines(model: Model) -> list[int]:
    return model.rules.queues.line.tolist()


def test_ranks_are_by_name() -> None:
    model = compiled()
    assert [queue[1] for queue in model.names["queues"]] == ["a/t1", "b/t1"]
    assert model.streams == ("a", "b")
    assert [pool[1] for pool in model.names["pools"]] == ["y", "z"]


def test_equal_queues_share_a_line() -> None:
    assert lines(compiled()) == [0, 0]


@pytest.mark.parametrize(
    "parts",
    [
        {"segments": {"gold": Segment(priority=1)}, "demand": {"segment": "gold"}},
        {"segments": {"gold": Segment(wait_credit=MINUTE)}, "demand": {"segment": "gold"}},
        {"channels": {"chat": Channel(concurrency=2, speed=(1.0, 1.0))}, "demand": {"channel": "chat"}},
        {"channels": {"mail": Channel(kind="deferred")}, "demand": {"channel": "mail"}},
        {"workflows": {"v": Workflow(pools=(("y",), ("z",)))}, "demand": {"workflow": "v"}},
        {"workflows": {"v": Workflow(pools=(("y",),))}, "demand": {"workflow": "v"}},
        {"workflows": {"v": Workflow(priority=3)}, "demand": {"workflow": "v"}},
        {
            "queue_groups": {"door": QueueGroup(workflows=("v",), hours=HOURS, at_closing="clear")},
            "demand": {"workflow": "v"},
        },
        {
            "pools": {"y": Pool(staffing=STAFFED, skills={"w": Skill(), "v": Skill(level=2)})},
            "demand": {"workflow": "v"},
        },
    ],
)
def test_queues_that_differ_in_routing_do_not_share_a_line(parts: dict[str, dict[str, object]]) -> None:
    other = Volume(**{"workflow": "w", "rate": RATE, **parts["demand"]})
    model = compiled(**{**parts, "demand": {"a": Volume(workflow="w", rate=RATE), "b": other}})
    assert lines(model) == [0, 1]


def test_queues_that_differ_in_what_does_not_matter_to_agents_share_a_line() -> None:
    model = compiled(
        workflows={"v": Workflow(handle_time=HandleTime(talk=Constant(value=HOUR)))},
        demand={
            "a": Volume(workflow="w", rate=RATE, market="de", language="de"),
            "b": Volume(workflow="v", rate=RATE, market="fr"),
        },
    )
    assert lines(model) == [0, 0]
    first, second = talk_laws(model)
    assert first != second


def test_a_law_is_kept_once() -> None:
    model = compiled()
    first, second = talk_laws(model)
    assert first == second
    # never and the talk
    assert len(model.rules.laws.code) == 2


def test_the_nearest_handle_time_goes_first() -> None:
    def talk(minutes: int) -> HandleTime:
        return HandleTime(talk=Constant(value=minutes * MINUTE))

    tier = Tier(handle_time=talk(2), by_channel={"chat": talk(1)}, escalated=0.5, resolved=0.5)
    model = compiled(
        handle_time=talk(6),
        channels={"fax": Channel(handle_time=talk(5))},
        workflows={
            "w": Workflow(tiers={"t1": tier, "t2": Tier()}, handle_time=talk(4), by_channel={"chat": talk(3)}),
            "v": Workflow(),
        },
        demand={
            "a": Volume(workflow="w", channel="chat", rate=RATE),
            "b": Volume(workflow="w", channel="fax", rate=RATE),
            "c": Volume(workflow="v", channel="fax", rate=RATE),
            "d": Volume(workflow="v", rate=RATE),
        },
        pools={"y": Pool(staffing=STAFFED, tier=("t1", "t2"))},
    )
    means = model.rules.laws.par[talk_laws(model), 0] / MINUTE
    named = {queue[1]: mean for queue, mean in zip(model.names["queues"], means, strict=True)}
    assert named == {"a/t1": 1, "a/t2": 3, "b/t1": 2, "b/t2": 4, "c/t1": 5, "d/t1": 6}


def test_a_queue_that_no_pool_serves_and_all_of_them() -> None:
    with pytest.raises(ScenarioError) as caught:
        compiled(pools={"y": Pool(staffing=STAFFED, tier=("t2",))})
    assert [fault.message for fault in caught.value.faults] == [
        f"no pool serves {name}/t1 (workflow, tier, channel, language): give one the skill" for name in "ab"
    ]


def test_a_queue_without_a_handle_time() -> None:
    with pytest.raises(ScenarioError, match="a/t1 has no handle time: say `handle_time:`"):
        compiled(handle_time=None)


def test_recorded_talk_is_a_handle_time_for_the_first_tier_only() -> None:
    traced = Volume(workflow="w", trace=Trace(time=(0, 1), talk=(5, 6)))
    assert talk_laws(compiled(handle_time=None, demand={"a": traced})) == [-1]
    gaps = Volume(workflow="w", trace=Trace(time=(0, 1), talk=(5, -1)))
    with pytest.raises(ScenarioError, match="no handle time"):
        compiled(handle_time=None, demand={"a": gaps})
    tiers = Workflow(tiers={"t1": Tier(escalated=0.5, resolved=0.5), "t2": Tier()})
    with pytest.raises(ScenarioError, match="a/t2 has no handle time"):
        compiled(
            handle_time=None,
            demand={"a": traced},
            workflows={"w": tiers},
            pools={"y": Pool(staffing=STAFFED, tier=("t1", "t2"))},
        )


def test_a_trace_has_dates_and_numbers_of_its_local_days() -> None:
    trace = Trace(time=(0, 22 * HOUR, 23 * HOUR, 23 * HOUR, 47 * HOUR), talk=(1, 2, -1, 4, 5))
    model = compiled(
        time_zone="Europe/Berlin",
        horizon=Horizon(start="2026-03-29T00:00:00", length=2 * DAY, drain=DAY, interval=HOUR),
        demand={"a": Volume(workflow="w", trace=trace)},
    )
    rows = model.rules.traces
    assert (rows.date - rows.date[0]).tolist() == [0, 0, 1, 1, 2]
    assert rows.number.tolist() == [0, 1, 0, 1, 0]
    assert rows.talk.tolist() == [1, 2, -1, 4, 5]
    assert rows.wrap_up.tolist() == [0, 0, -1, 0, 0]


def test_the_curve_of_a_plain_day_is_kept_once() -> None:
    horizon = Horizon(start="2026-03-25T00:00:00", length=10 * DAY, drain=0, interval=HOUR)
    model = compiled(horizon=horizon, time_zone="Europe/Berlin")
    days = model.rules.days
    assert len(days.curve_pieces) == 2  # plain days, and the day of 23 hours
    assert len(days.curve) == 2 * 11  # the horizon ends at 01:00 of the eleventh
    volume = days.piece_until[days.curve_pieces[:, 0] + days.curve_pieces[:, 1] - 1]
    assert np.allclose(volume, 24.0)
    assert sorted({opening.time for opening in model.openings}) == [opening.time for opening in model.openings]


def test_the_model_of_a_turned_scenario_is_the_same() -> None:
    one = compiled()
    other = compiled(
        demand={"a": Volume(workflow="w", rate=RATE), "b": Volume(workflow="w", rate=RATE)},
        pools={"y": Pool(staffing=STAFFED), "z": Pool(staffing=STAFFED)},
    )
    assert one.names["queues"] == other.names["queues"]
    assert one.names["pools"] == other.names["pools"]
    for name in ("queues", "classes", "pools", "groups", "days", "laws"):
        for x, y in zip(_arrays(getattr(one.rules, name)), _arrays(getattr(other.rules, name)), strict=True):
            np.testing.assert_array_equal(x, y)


def _arrays(rules: tuple[Any, ...]) -> list[np.ndarray]:
    """Arrays of rules, those of rules within them too."""
    return [array for one in rules for array in (_arrays(one) if isinstance(one, tuple) else [one])]


def test_units_of_mixed_concurrency() -> None:
    model = compiled(
        channels={
            "chat": Channel(concurrency=3, speed=(1.0, 0.7, 0.5)),
            "text": Channel(concurrency=2, speed=(1.0, 0.8)),
        },
        demand={
            "a": Volume(workflow="w", channel="chat", rate=RATE),
            "b": Volume(workflow="w", rate=RATE),
            "c": Volume(workflow="w", channel="text", rate=RATE),
        },
    )
    assert model.rules.pools.capacity.tolist() == [6, 6]
    assert model.rules.classes.rows[model.rules.queues.line, layout.CLASS_UNITS].tolist() == [2, 6, 3]
    speed = model.rules.pools.speed[model.rules.kinds.rows[model.rules.queues.rows[:, layout.QUEUE_KIND], KIND_CHANNEL]]
    assert speed.tolist() == [[1_000_000, 700_000, 500_000], [1_000_000] * 3, [1_000_000, 800_000, 800_000]]


def test_a_horizon_too_long_for_its_streams_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tournament of arrivals holds time x places + stream in 64 bits: 2.2 years with 65,536 streams."""
    assert longest_replication(1) == layout.FAR
    assert longest_replication(65_536) > 2 * 365 * DAY > longest_replication(65_537)
    desk = script("handle_time: 1m\ndemand: {calls: {per_hour: 1}}\npools: {desk: {staffing: 1}}")
    compile_model(desk)
    monkeypatch.setattr("ccsim.model.compile.longest_replication", lambda streams: DAY)
    with pytest.raises(ScenarioError, match="too long for 1 streams"):
        compile_model(desk)
