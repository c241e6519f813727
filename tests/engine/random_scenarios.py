"""Random small scenarios that use everything the kernel knows, on a coarse grid of times so that ties are common."""

from __future__ import annotations

from hypothesis import strategies as st

from ccsim.scenario.laws import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    HandleTime,
    Hyperexponential,
    Law,
    Lognormal,
    Patience,
    Triangular,
    Uniform,
    Weibull,
)
from ccsim.scenario.sections import (
    Break,
    Channel,
    DayFactor,
    Grid,
    Horizon,
    Overflow,
    Pool,
    QueueGroup,
    RateCurve,
    Return,
    Returns,
    Routing,
    RunPlan,
    Scenario,
    Segment,
    ServiceLevel,
    Shift,
    Skill,
    Stream,
    Tier,
    Trace,
    WeekHours,
    Workflow,
)
from ccsim.units import DAY, HOUR, MINUTE, SECOND

whole_seconds = st.integers(1, 600).map(lambda s: s * SECOND)
shares = st.sampled_from([0.0, 0.1, 0.3, 0.5])
factors = st.sampled_from([0.8, 1.0, 1.25])


@st.composite
def laws(draw: st.DrawFn) -> Law:
    mean = draw(whole_seconds)
    return draw(
        st.sampled_from(
            [
                Constant(value=mean),
                Constant(value=mean // 60 * 60),
                Exponential(mean=mean),
                Lognormal(mean=mean, cv=1.2),
                Gamma(mean=mean, shape=0.6),
                Gamma(mean=mean, shape=3.5),
                Weibull(mean=mean, shape=0.8),
                Erlang(mean=mean, k=3),
                Hyperexponential(p=0.3, m1=mean, m2=3 * mean),
                Uniform(low=0, high=mean),
                Triangular(low=mean // 2, mode=mean, high=2 * mean),
                Empirical(values=(SECOND, mean, 2 * mean)),
            ]
        )
    )


@st.composite
def handle_times(draw: st.DrawFn) -> HandleTime:
    kind = draw(st.integers(0, 2))
    if kind == 0:
        return HandleTime(talk=draw(laws()))
    if kind == 1:
        return HandleTime(talk=draw(laws()), wrap_up=draw(laws()))
    return HandleTime(talk=draw(laws()), wrap_up_share=0.25)


@st.composite
def patiences(draw: st.DrawFn) -> Patience:
    return Patience(time=draw(st.none() | laws()), zero=draw(shares))


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
def workflows(draw: st.DrawFn, pools: list[str]) -> Workflow:
    tiers: dict[str, Tier] = {}
    if draw(st.booleans()):
        escalated = draw(shares)
        tiers = {
            "t1": Tier(handle_time=draw(handle_times()), escalated=escalated, resolved=(1.0 - escalated) * 0.8),
            "t2": Tier(handle_time=draw(handle_times()), priority=draw(st.none() | st.integers(1, 3))),
        }
    overflow = ()
    if draw(st.booleans()) and len(pools) > 1:
        last = pools[-1]
        overflow = (Overflow(after=draw(whole_seconds), pools=(last,)),)
    ordered = draw(st.booleans())
    return Workflow(
        tiers=tiers,
        handle_time=draw(handle_times()),
        patience=draw(st.none() | patiences()),
        priority=draw(st.none() | st.integers(1, 3)),
        pools=tuple((p,) for p in pools[:-1]) if ordered and overflow else (),
        overflow=overflow,
        returns=draw(returns()),
    )


@st.composite
def shift_lists(draw: st.DrawFn) -> tuple[Shift, ...]:
    found = []
    for _ in range(draw(st.integers(1, 2))):
        length = draw(st.sampled_from([2 * HOUR, 5 * HOUR, 9 * HOUR]))
        breaks = ()
        if draw(st.booleans()):
            breaks = (Break(after=30 * MINUTE, length=15 * MINUTE, paid=draw(st.booleans())),)
        found.append(
            Shift(
                agents=draw(st.integers(1, 3)),
                start=draw(st.integers(0, 23)) * HOUR,
                length=length,
                breaks=breaks,
            )
        )
    return tuple(found)


@st.composite
def pools(draw: st.DrawFn, names: list[str]) -> Pool:
    skills = None
    if draw(st.booleans()):
        skills = {name: Skill(level=draw(st.integers(1, 2)), handle_time=draw(factors)) for name in names}
    shifts: tuple[Shift, ...] = ()
    staffing = None
    if draw(st.booleans()):
        shifts = draw(shift_lists())
    else:
        values = draw(st.lists(st.integers(0, 5), min_size=4, max_size=4))
        staffing = Grid(every=DAY // 4, values=tuple(float(v) for v in (values if any(values) else [2] * 4)))
    return Pool(
        tier=("t1", "t2"),
        skills=skills,
        staffing=staffing,
        shifts=shifts,
        keep_free=draw(st.integers(0, 2)),
        handle_time=draw(factors),
        paid_hour=draw(st.sampled_from([0.0, 10.0, 20.0])),
    )


@st.composite
def streams(draw: st.DrawFn, workflow: str, channel: str, segment: str) -> Stream:
    common = {"workflow": workflow, "channel": channel, "segment": segment}
    if draw(st.integers(0, 3)) == 0:
        times = sorted(draw(st.lists(st.integers(0, 6 * 60), min_size=1, max_size=20)))
        return Stream(
            **common,
            trace=Trace(
                time=tuple(t * MINUTE for t in times),
                talk=tuple(draw(st.sampled_from([-1, MINUTE, 2 * MINUTE])) for _ in times),
                patience=tuple(draw(st.sampled_from([-1, -2, 0, MINUTE])) for _ in times),
            ),
        )
    values = tuple(v / HOUR for v in draw(st.lists(st.integers(0, 40), min_size=4, max_size=4)))
    return Stream(
        **common,
        rate=RateCurve(
            grid=Grid(every=DAY // 4, values=values), interpolate=draw(st.sampled_from(["constant", "linear"]))
        ),
        day_factor=draw(st.sampled_from([None, DayFactor(cv=0.3), DayFactor(cv=0.3, shared="weather")])),
    )


@st.composite
def groups(draw: st.DrawFn) -> QueueGroup:
    return QueueGroup(
        lines=draw(st.none() | st.integers(1, 6)),
        max_waiting=draw(st.none() | st.integers(0, 4)),
        hours=draw(
            st.sampled_from([None, WeekHours(spans=tuple((d * DAY + 2 * HOUR, d * DAY + 20 * HOUR) for d in range(7)))])
        ),
        at_closing=draw(st.sampled_from(["serve", "clear"])),
    )


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """A scenario of about a day with up to three workflows, three channels, three pools and a door."""
    work = ["a", "b", "c"][: draw(st.integers(1, 3))]
    pool_names = ["p", "q", "r"][: draw(st.integers(1, 3))]
    channels = {
        "phone": Channel(max_wait=draw(st.none() | whole_seconds), patience=draw(st.none() | patiences())),
        "chat": Channel(concurrency=3, speed=draw(st.sampled_from([(1.0, 0.7, 0.5), (1.0, 1.0, 1.0)]))),
        "text": Channel(concurrency=2, speed=(1.0, 0.8)),
        "email": Channel(kind="deferred", deadline=draw(whole_seconds)),
    }
    used = draw(st.sampled_from([["phone"], ["phone", "email"], ["phone", "chat", "email"], ["chat", "text", "phone"]]))
    demand = {
        f"{name}_{channel}": draw(streams(name, channel, draw(st.sampled_from(["all", "gold"]))))
        for name in work
        for channel in used
    }
    return Scenario(
        scenario="random",
        time_zone=draw(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu"])),
        horizon=Horizon(
            start=draw(st.sampled_from(["2026-03-28T18:00:00", "2026-10-24T20:00:00", "2026-06-01T00:00:00"])),
            warm_up=draw(st.sampled_from([0, 2 * HOUR])),
            length=draw(st.sampled_from([6 * HOUR, 26 * HOUR])),
            run_out=DAY,
            interval=30 * MINUTE,
        ),
        run=RunPlan(replications=1, seed=draw(st.integers(0, 2**40))),
        service_level=ServiceLevel(within=(20 * SECOND, 60 * SECOND)),
        patience=draw(st.none() | patiences()),
        segments={"gold": Segment(priority=1, head_start=draw(whole_seconds))},
        channels=channels,
        workflows={name: draw(workflows(pool_names)) for name in work},
        demand=demand,
        pools={name: draw(pools(work)) for name in pool_names},
        queue_groups={"door": draw(groups())} if draw(st.booleans()) else {},
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
