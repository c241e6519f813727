"""Random small scenarios that use everything the kernel knows, on a coarse grid of times so that ties are common."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ccsim.language.balking import Balking, BalkingStep
from ccsim.language.callback import Callback
from ccsim.language.channels import Channel, Segment
from ccsim.language.curves import Grid, RateCurve
from ccsim.language.demand import DayFactor, Volume
from ccsim.language.goals import ServiceLevel
from ccsim.language.handling import FromForecast, HandleTime, Patience
from ccsim.language.horizon import Horizon, RunPlan
from ccsim.language.hours import WeekHours
from ccsim.language.markets import Market
from ccsim.language.queue_groups import QueueGroup
from ccsim.language.routing import OverflowStep, Routing, Translation
from ccsim.language.scenario import Scenario
from ccsim.language.time_outs import TimeOut
from ccsim.language.traces import Trace
from ccsim.language.vendors import Vendor
from ccsim.language.workflows import Return, Returns, Tier, Workflow, WorkflowOverflowStep
from ccsim.units import DAY, HOUR, MINUTE, SECOND
from tests.support.random_bots import assists, bots, deflections, peers
from tests.support.random_deferred import deadlines, with_backlogs, with_interruptions
from tests.support.random_laws import laws, shares, whole_seconds
from tests.support.random_pools import PATTERN, homes, placed, pools, sites, special_days
from tests.support.random_returns import with_mixes


@st.composite
def handle_times(draw: st.DrawFn) -> HandleTime:
    kind = draw(st.integers(0, 3))
    if kind == 0:
        return HandleTime(talk=draw(laws()))
    if kind == 3:
        talk = FromForecast(cv=draw(st.sampled_from([None, 0.0, 0.7])))
        return HandleTime(talk=talk, wrap_up_share=draw(st.sampled_from([0.0, 0.25])))
    if kind == 1:
        return HandleTime(talk=draw(laws()), wrap_up=draw(laws()))
    return HandleTime(talk=draw(laws()), wrap_up_share=0.25)


@st.composite
def forecasts(draw: st.DrawFn) -> Grid:
    """Handle times of a forecast: of every day, or of the dates around those that are simulated."""
    start = draw(st.sampled_from([None, "2026-03-28T12:00:00", "2026-10-24T22:00:00", "2026-06-01T06:30:00"]))
    cells = 24 if start is None else draw(st.integers(1, 30))
    times = draw(st.lists(st.sampled_from([0.0, 60.0, 90.0, 300.0]), min_size=cells, max_size=cells))
    times[draw(st.integers(0, cells - 1))] = 120.0
    return Grid(every=HOUR, start=start, values=tuple(time * SECOND for time in times))


@st.composite
def patiences(draw: st.DrawFn) -> Patience:
    return Patience(time=draw(st.none() | laws()), zero=draw(shares))


@st.composite
def balkings(draw: st.DrawFn) -> Balking:
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return Balking(own_patience=True)
    if kind == 1:
        return Balking(tolerates=draw(laws()))
    steps = sorted(draw(st.sets(whole_seconds, min_size=1, max_size=3)))
    return Balking(
        steps=tuple(
            BalkingStep(above=above, share=share)
            for above, share in zip(steps, sorted(draw(shares) for _ in steps), strict=True)
        )
    )


_CALLED_IN_THE_DAY = WeekHours(
    spans=tuple((d * DAY + since, d * DAY + since + 2 * HOUR) for d in range(7) for since in (9 * HOUR, 14 * HOUR))
)
_CALLED_BY_NIGHT = WeekHours(spans=tuple((d * DAY + 20 * HOUR, d * DAY + 31 * HOUR) for d in range(7)))


@st.composite
def callbacks(draw: st.DrawFn) -> Callback:
    how: dict[str, Any] = {}
    if (kind := draw(st.integers(0, 2))) == 0:
        how = {"announced": draw(whole_seconds)}
    elif kind == 1:
        how = {"waiting": draw(st.integers(0, 3)), "counts": draw(st.sampled_from(["all", "live"]))}
    if not how or draw(st.booleans()):
        how["after"] = draw(st.sampled_from([SECOND, 20 * SECOND, MINUTE, 2 * MINUTE]))
    served = ["keeps_place", "loses_place", "when_idle"] if "after" in how else ["keeps_place", "when_idle"]
    return Callback(
        **how,
        accepted=draw(shares),
        served=draw(st.sampled_from(served)),
        hours=draw(st.sampled_from([None, None, _CALLED_IN_THE_DAY, _CALLED_BY_NIGHT])),
        answered=draw(shares),
        attempts=draw(st.integers(1, 3)),
        unanswered=draw(whole_seconds),
        between=draw(whole_seconds),
        expires=draw(st.none() | whole_seconds),
        handle_time=draw(st.none() | st.builds(HandleTime, talk=laws(), wrap_up=st.none() | laws())),
    )


@st.composite
def returns(draw: st.DrawFn) -> Returns:
    def one() -> Return | None:
        if draw(st.integers(0, 2)) > 0:
            return None
        return Return(share=draw(shares), after=draw(laws()), attempts=draw(st.none() | st.integers(1, 3)))

    return Returns(
        after_abandon=one(), after_blocked=one(), after_closed=one(), after_unresolved=one(), after_resolved=one()
    )


@st.composite
def workflows(draw: st.DrawFn, pools: list[str], others: tuple[str, ...] = ()) -> Workflow:
    tiers: dict[str, Tier] = {}
    if draw(st.booleans()):
        escalated = draw(shares)
        transfers = {other: draw(st.sampled_from([0.0, 0.1, 0.2])) for other in others}
        tiers = {
            "t1": Tier(
                handle_time=draw(handle_times()),
                escalated=escalated,
                transfers=transfers,
                resolved=(1.0 - escalated - sum(transfers.values())) * 0.8,
            ),
            "t2": Tier(
                handle_time=draw(handle_times()),
                sent_back=draw(st.sampled_from([0.0, 0.25])),
                priority=draw(st.none() | st.integers(1, 3)),
                certification=draw(st.sampled_from([None, "payments"])) if others else None,
            ),
        }
    overflow = ()
    if draw(st.booleans()) and len(pools) > 1:
        last = pools[-1]
        overflow = (WorkflowOverflowStep(after=draw(whole_seconds), pools=(last,)),)
    ordered = draw(st.booleans())
    return Workflow(
        tiers=tiers,
        handle_time=draw(handle_times()),
        patience=draw(st.none() | patiences()),
        balking=draw(st.none() | balkings()),
        callback=draw(st.none() | callbacks()),
        priority=draw(st.none() | st.integers(1, 3)),
        deadline=draw(st.none() | deadlines()),
        pools=tuple((p,) for p in pools[:-1]) if ordered and overflow else (),
        overflow=overflow,
        returns=draw(returns()),
    )


@st.composite
def streams(draw: st.DrawFn, workflow: str, channel: str, segment: str, markets: bool = False) -> Volume:
    common: dict[str, Any] = {"workflow": workflow, "channel": channel, "segment": segment, "aht": draw(forecasts())}
    if draw(st.integers(0, 3)) == 0:
        if markets:
            common |= {"market": draw(st.sampled_from(["us", "de"])), "language": "en"}
        times = sorted(draw(st.lists(st.integers(0, 6 * 60), min_size=1, max_size=20)))
        return Volume(
            **common,
            trace=Trace(
                time=tuple(t * MINUTE for t in times),
                talk=tuple(draw(st.sampled_from([-1, MINUTE, 2 * MINUTE])) for _ in times),
                patience=tuple(draw(st.sampled_from([-1, -2, 0, MINUTE])) for _ in times),
            ),
        )
    values = tuple(v / HOUR for v in draw(st.lists(st.integers(0, 40), min_size=4, max_size=4)))
    if markets:
        common |= {"markets": {"us": 0.6, "de": 0.4}}
    return Volume(
        **common,
        rate=RateCurve(
            grid=Grid(every=DAY // 4, values=values), interpolate=draw(st.sampled_from(["constant", "linear"]))
        ),
        day_factor=draw(
            st.sampled_from(
                [
                    None,
                    DayFactor(cv=0.3),
                    DayFactor(cv=0.3, shared="weather"),
                    DayFactor(cv=0.3, shared="weather", correlation=0.5),
                ]
            )
        ),
    )


@st.composite
def groups(draw: st.DrawFn, markets: bool = False) -> QueueGroup:
    hours = draw(
        st.sampled_from([None, WeekHours(spans=tuple((d * DAY + 2 * HOUR, d * DAY + 20 * HOUR) for d in range(7)))])
    )
    return QueueGroup(
        clock=draw(st.sampled_from(["scenario", "market"])) if markets else "scenario",
        languages=draw(st.sampled_from([None, ("en",)])) if markets else None,
        lines=draw(st.none() | st.integers(1, 6)),
        max_waiting=draw(st.none() | st.integers(0, 4)),
        hours=hours,
        special_days={} if hours is None else draw(special_days()),
        at_closing=draw(st.sampled_from(["serve", "clear"])),
    )


@st.composite
def steps(draw: st.DrawFn, shared: bool) -> tuple[OverflowStep, ...]:
    """Overflow steps of a scenario, in any order of what they open."""
    english = OverflowStep(
        after=SECOND, to="language", language="en", translated=Translation(handle_time=1.5, price=0.2)
    )
    kinds = [OverflowStep(after=SECOND, to="any_region"), english]
    kinds += [OverflowStep(after=SECOND, to="any_vendor")] if shared else []
    chosen = draw(st.permutations(kinds))[: draw(st.integers(0, len(kinds)))]
    after = 0
    found = []
    for step in chosen:
        after += draw(whole_seconds)
        found.append(step.model_copy(update={"after": after}))
    return tuple(found)


@st.composite
def globes(draw: st.DrawFn) -> Scenario:
    """A scenario with markets, languages, sites, vendors and their shares, overflow steps, transfers, certification,
    peers."""
    base = draw(scenarios())
    work = list(base.workflows)
    pool_names = [*base.pools, "z_home"]
    channels = base.channels | {"forum": Channel(kind="deferred", peers=draw(peers()))}
    demand = {
        name: draw(streams(volume.workflow, volume.channel, volume.segment, markets=True))
        for name, volume in base.demand.items()
    }
    if draw(st.booleans()):
        demand["forum"] = draw(streams(work[0], "forum", "all", markets=True))
    with_shares = draw(st.booleans())
    entry_points = {"door": draw(groups(markets=True))} if draw(st.booleans()) else {}
    globe = base.model_copy(
        update={
            "markets": {
                "us": Market(
                    region="NA",
                    time_zone="America/New_York",
                    languages={"en": 0.8, "es": 0.2},
                    residency=draw(st.sampled_from([None, ("NA",)])),
                ),
                "de": Market(region="EMEA", time_zone="Europe/Berlin", languages={"de": 0.9, "en": 0.1}),
            },
            "sites": draw(sites()),
            "vendors": {"own": Vendor(kind="in_house", paid_hour=30.0), "helper": Vendor(paid_hour=12.0)},
            "shift_patterns": {"day": PATTERN},
            "channels": with_interruptions(draw, channels, entry_points),
            "demand": with_backlogs(draw, demand, base.horizon.warm_up, entry_points),
            "workflows": {
                name: draw(workflows(pool_names, tuple(other for other in work if other != name))) for name in work
            },
            "pools": {name: draw(placed(pool)) for name, pool in base.pools.items()} | {"z_home": draw(homes())},
            "queue_groups": entry_points,
            "routing": base.routing.model_copy(
                update={
                    "prefer": draw(
                        st.sampled_from([(), ("same_region",), ("in_house_first", "cheapest"), ("proficiency",)])
                    ),
                    "overflow": draw(steps(with_shares)),
                    "vendor_share": {work[0]: {"own": 0.7, "helper": 0.3}} if with_shares else {},
                }
            ),
        }
    )
    return with_mixes(draw, globe)


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario of about a day with up to three workflows, three channels, three pools and a queue group."""
    work = ["a", "b", "c"][: draw(st.integers(1, 3))]
    pool_names = ["p", "q", "r"][: draw(st.integers(1, 3))]
    channels = {
        "phone": Channel(
            max_wait=draw(st.none() | st.builds(TimeOut, after=whole_seconds)),
            patience=draw(st.none() | patiences()),
            balking=draw(st.none() | balkings()),
        ),
        "chat": Channel(concurrency=3, speed=draw(st.sampled_from([(1.0, 0.7, 0.5), (1.0, 1.0, 1.0)]))),
        "text": Channel(concurrency=2, speed=(1.0, 0.8)),
        "email": Channel(kind="deferred", deadline=draw(deadlines())),
    }
    used = draw(st.sampled_from([["phone"], ["phone", "email"], ["phone", "chat", "email"], ["chat", "text", "phone"]]))
    demand = {
        f"{name}_{channel}": draw(streams(name, channel, draw(st.sampled_from(["all", "gold"]))))
        for name in work
        for channel in used
    }
    warm_up = draw(st.sampled_from([0, 2 * HOUR]))
    entry_points = {"door": draw(groups())} if draw(st.booleans()) else {}
    made = Scenario(
        scenario="random",
        time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"])),
        horizon=Horizon(
            start=draw(st.sampled_from(["2026-03-28T18:00:00", "2026-10-24T20:00:00", "2026-06-01T00:00:00"])),
            warm_up=warm_up,
            length=draw(st.sampled_from([6 * HOUR, 26 * HOUR])),
            drain=DAY,
            interval=30 * MINUTE,
        ),
        run=RunPlan(replications=1, seed=draw(st.integers(0, 2**40))),
        service_level=ServiceLevel(within=(20 * SECOND, 60 * SECOND)),
        patience=draw(st.none() | patiences()),
        segments={"gold": Segment(priority=1, wait_credit=draw(whole_seconds), deadline=draw(st.none() | deadlines()))},
        channels=with_interruptions(draw, channels, entry_points),
        workflows={name: draw(workflows(pool_names)) for name in work},
        demand=with_backlogs(draw, demand, warm_up, entry_points),
        pools={name: draw(pools(work)) for name in pool_names},
        queue_groups=entry_points,
        bots=draw(bots(used)),
        deflections=draw(deflections(work, used)),
        assists=draw(assists(work, used, pool_names)),
        routing=Routing(
            choose_agent=draw(
                st.sampled_from(
                    [
                        ("longest_idle",),
                        ("fewest_in_hand",),
                        ("least_occupied",),
                        ("random",),
                        ("best_skill", "longest_idle"),
                        ("cheapest", "best_skill", "random"),
                    ]
                )
            ),
            choose_contact=draw(
                st.sampled_from(
                    [
                        "oldest",
                        "priority_then_oldest",
                        "level_then_oldest",
                        "priority_then_level_then_oldest",
                        "earliest_deadline",
                    ]
                )
            ),
        ),
    )
    return with_mixes(draw, made)
