"""A peer that is compared for speed must first be right."""

import math
from collections.abc import Callable
from statistics import fmean, stdev

import pytest

from experiments.benchmark.peers import many_pools, one_pool
from experiments.benchmark.peers.shape import Row, Shape, Tally, tally

PeerProgram = Callable[[Shape, int, int], list[Row]]

SMALL = Shape(per_minute=1.7, pools=((8, (0,)),), service=5.0, patience=3.0)
EVERYBODY = Shape(per_minute=1.7, pools=((3, (0, 1, 2)), (1, (2, 0, 1)), (4, (1, 2, 0))), types=3)
SKILLS = Shape(
    per_minute=1.7,
    types=4,
    pools=tuple((2, (g % 4, (g + 1) % 4)) for g in range(4)),
    service_cv=1.0,
    patience=3.0,
)
ALL = [pytest.param(f, SMALL, id=f"one pool: {n}") for n, f in one_pool.PROGRAMS.items()] + [
    pytest.param(f, EVERYBODY, id=f"many pools: {n}") for n, f in many_pools.PROGRAMS.items()
]


def erlang_a(rate: float, service: float, patience: float, agents: int) -> tuple[float, float]:
    """Abandonment and mean wait of all (minutes) by the balance of births and deaths."""
    weights = [1.0]
    while weights[-1] > 1e-18 * max(weights) or len(weights) <= agents:
        k = len(weights)
        leaving = min(k, agents) / service + max(0, k - agents) / patience
        weights.append(weights[-1] * rate / leaving)
    waiting = sum(max(0, k - agents) * w for k, w in enumerate(weights)) / sum(weights)
    return waiting / patience / rate, waiting / rate


def simulate(program: PeerProgram, shape: Shape, seeds: range, contacts: int = 2500) -> list[Tally]:
    return [tally(program(shape, contacts, seed), after=60.0) for seed in seeds]


def z_of(differences: list[float]) -> float:
    return fmean(differences) / (stdev(differences) / math.sqrt(len(differences)))


@pytest.mark.parametrize(("program", "shape"), ALL)
def test_a_peer_agrees_with_erlang_a(program: PeerProgram, shape: Shape) -> None:
    agents = sum(agents for agents, _ in shape.pools)
    assert shape.patience is not None
    abandonment, wait = erlang_a(shape.per_minute, shape.service, shape.patience, agents)
    tallies = simulate(program, shape, range(20))
    assert abs(z_of([t.abandoned - abandonment * t.contacts for t in tallies])) < 4
    assert abs(z_of([t.wait - wait * t.contacts for t in tallies])) < 4


def test_a_wrong_patience_would_be_noticed() -> None:
    _, wait = erlang_a(1.7, 5.0, 3.3, 8)
    tallies = simulate(one_pool.plain_loop, SMALL, range(100))
    assert abs(z_of([t.wait - wait * t.contacts for t in tallies])) > 4


@pytest.mark.parametrize("program", many_pools.PROGRAMS.values(), ids=many_pools.PROGRAMS)
def test_peers_agree_where_skills_differ(program: PeerProgram) -> None:
    reference = simulate(many_pools.plain_loop, SKILLS, range(1000, 1060))
    wait = sum(t.wait for t in reference) / sum(t.contacts for t in reference)
    theirs = [t.wait - wait * t.contacts for t in simulate(program, SKILLS, range(20))]
    spread = [t.wait - wait * t.contacts for t in reference]
    error = math.hypot(stdev(theirs) / math.sqrt(len(theirs)), stdev(spread) / math.sqrt(len(spread)))
    assert abs(fmean(theirs)) < 4 * error


def busy(log: list[Row], pool: int, instant: float) -> int:
    return sum(row[4] == pool and row[2] <= instant < row[3] for row in log)


@pytest.mark.parametrize("patience", [None, 3.0])
@pytest.mark.parametrize("program", many_pools.PROGRAMS.values(), ids=many_pools.PROGRAMS)
def test_nobody_waits_beside_an_idle_agent_and_the_oldest_goes_first(
    program: PeerProgram, patience: float | None
) -> None:
    shape = Shape(SKILLS.per_minute, SKILLS.pools, SKILLS.types, service_cv=1.0, patience=patience)
    log = program(shape, 500, 7)
    pools_of = many_pools.serving(shape)
    waited = [row for row in log if row[2] > row[1]]
    assert len(waited) > 100
    for kind, joined, *_ in waited:
        assert all(busy(log, pool, joined) == shape.pools[pool][0] for pool in pools_of[kind])
    for _, joined, left, _, pool in waited:
        if pool >= 0:
            kinds = shape.pools[pool][1]
            assert not [row for row in waited if row[0] in kinds and row[1] < joined and row[2] > left]


@pytest.mark.parametrize("program", many_pools.PROGRAMS.values(), ids=many_pools.PROGRAMS)
def test_the_longest_idle_agent_is_taken(program: PeerProgram) -> None:
    log = program(SKILLS, 500, 11)
    pools_of = many_pools.serving(SKILLS)
    taken = {(row[4], row[2]) for row in log if row[2] > row[1] and row[4] >= 0}
    became_idle = [sorted(r[3] for r in log if r[4] == p and (p, r[3]) not in taken) for p in range(4)]

    def idle_since(pool: int, instant: float) -> float:
        idle = SKILLS.pools[pool][0] - busy([r for r in log if r[2] < instant], pool, instant)
        if not idle:
            return math.inf
        past = [t for t in became_idle[pool] if t < instant]
        return past[-idle] if len(past) >= idle else 0.0

    at_once = [row for row in log if row[2] == row[1] and row[4] >= 0]
    assert len(at_once) > 100
    for kind, joined, _, _, pool in at_once:
        assert idle_since(pool, joined) == min(idle_since(p, joined) for p in pools_of[kind])


@pytest.mark.parametrize(("program", "shape"), ALL)
def test_every_contact_has_one_row(program: PeerProgram, shape: Shape) -> None:
    log = program(shape, 300, 3)
    assert len(log) == 300
    assert all(joined <= left <= ended for _, joined, left, ended, _ in log)
    assert all((pool == -1) == (left == ended) for _, _, left, ended, pool in log)


def test_lognormal_service_has_its_mean_and_cv() -> None:
    import random

    draw = Shape(1.0, ((1, (0,)),), service=5.0, service_cv=1.0).service_law(random.Random(5))
    times = [draw() for _ in range(40_000)]
    assert fmean(times) == pytest.approx(5.0, rel=0.03)
    assert stdev(times) / fmean(times) == pytest.approx(1.0, rel=0.06)
