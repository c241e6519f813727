"""ccsim and its peers simulate the same centre, or their speeds could not be compared."""

import math
from statistics import fmean, stdev

import numpy as np
import pytest

from ccsim.engine import simulate
from experiments.benchmark.peers import many_pools
from experiments.benchmark.peers.shape import W2_PATIENCE, tally
from experiments.benchmark.subject import SCENARIOS, Ccsim, contacts_of

SMALL = (
    "horizon.length=1000m",
    "horizon.warm_up=60m",
    *(f"pools.g{g}.staffing=2" for g in range(20)),
    *(f"demand.t{t}.per_minute=0.8" for t in range(10)),
)


@pytest.mark.parametrize("name", ["w1", "w2", "w2_patience", "day12"])
def test_every_scenario_simulates_about_its_planned_contacts(name: str) -> None:
    subject = Ccsim()
    contacts = subject.simulate(subject.prepare(SCENARIOS / f"{name}.yaml", ["horizon.length=60m"]))
    planned = 60 * (4.2 if name == "day12" else 100)
    assert planned - 4 * math.sqrt(planned) < contacts  # and those who arrive until the last of these has ended
    assert contacts < 4 * planned


def test_replicate_counts_the_contacts_of_every_replication() -> None:
    subject = Ccsim()
    model = subject.prepare(SCENARIOS / "day12.yaml", ["horizon.length=60m"])
    one_by_one = sum(subject.simulate(model, replication=r) for r in range(5))
    assert subject.replicate(model, 5, 1) == subject.replicate(model, 5, 2) == one_by_one


def test_ccsim_and_a_peer_agree_on_a_small_w2() -> None:
    from ccsim.records.tables import QUEUE_SUMS

    names = [column.name for column in QUEUE_SUMS][1:]
    model = Ccsim().prepare(SCENARIOS / "w2_patience.yaml", SMALL)
    ours = []
    for replication in range(20):
        simulated = simulate(model, seed=7, replication=replication)
        sums = dict(zip(names, simulated.tables["queue_sums"][:, : len(names)].sum(axis=0), strict=True))
        wait = (sums["wait_answered_us"] + sums["wait_abandoned_us"]) / 6e7
        assert contacts_of(simulated) >= sums["offered"]
        ours.append((sums["offered"], sums["abandoned"], wait))
    shape = W2_PATIENCE.scaled(0.08)
    assert {agents for agents, _ in shape.pools} == {2}
    tallies = [tally(many_pools.plain_loop(shape, 8500, seed), after=60.0) for seed in range(20)]
    theirs = [(t.contacts, t.abandoned, t.wait) for t in tallies]
    ours_of, theirs_of = np.array(ours, float), np.array(theirs, float)
    for column in (1, 2):
        common = theirs_of[:, column].sum() / theirs_of[:, 0].sum()
        a = ours_of[:, column] - common * ours_of[:, 0]
        b = theirs_of[:, column] - common * theirs_of[:, 0]
        error = math.hypot(stdev(a), stdev(b)) / math.sqrt(20)
        assert abs(fmean(a) - fmean(b)) < 4 * error
        assert common * 8000 > 20
