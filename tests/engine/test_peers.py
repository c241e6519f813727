"""Other customers who answer after a while: the time until a case is resolved, and nothing else."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from ccsim.records.tables import QUEUE_SUMS
from ccsim.scenario import to_canonical
from tests.support.engines import compare
from tests.support.stories import script, tell

COLUMN = {column.name: i - 1 for i, column in enumerate(QUEUE_SUMS)}
TEXT = """
horizon: {start: 2026-03-02, length: 4d, drain: 1d, interval: 1h}
handle_time: 1m
workflows: {help: {fcr: 80%%, returns: {after_unresolved: {share: 60%%, after: 5h}}}}
channels: {forum: {kind: deferred, peers: %s}}
demand: {posts: {workflow: help, channel: forum, per_day: 1500, profile: flat}}
pools: {desk: {staffing: 3}}
"""
SLOW = "{share: 60%, after: {law: exponential, mean: 10h}}"


def test_the_case_is_resolved_when_they_answer() -> None:
    body = (
        "handle_time: 1s\nchannels: {forum: {kind: deferred, peers: {share: 100%, after: {value: 30h}}}}\n"
        "demand: {posts: {trace: posts.csv, channel: forum, workflow: help}}\npools: {desk: {staffing: 1}}\n"
    )
    story = tell(body, posts="time | 0 | 10")
    assert story.lives("joined left ended wrapped outcome") == [
        (0, 0, 108_000, 108_000, "by_peers"),
        (10, 10, 108_010, 108_010, "by_peers"),
    ]
    sums = story.tables["queue_sums"][0]
    names = ("arrived", "by_peers", "cases_late", "resolution_ms", "cases_open", "cases_given_up")
    assert [sums[COLUMN[name]] for name in names] == [2, 2, 2, 216_000_000, 0, 0]


def test_the_time_to_resolution_has_their_delay() -> None:
    """Of those that they answer a share exp(-24/10) is resolved later than within 24 h."""
    text = TEXT.replace("60%%, after: 5h", "0%%, after: 5h") % SLOW.replace("60%", "100%")
    rows = [
        simulate(compile_model(script(text)), seed=4, replication=r).tables["queue_sums"].sum(axis=0) for r in range(4)
    ]
    sums = np.sum(rows, axis=0)
    n = sums[COLUMN["by_peers"]]
    assert n == sums[COLUMN["arrived"]] > 20_000
    late = math.exp(-2.4)
    assert abs(sums[COLUMN["cases_late"]] / n - late) < 4 * math.sqrt(late * (1 - late) / n)
    assert abs(sums[COLUMN["resolution_ms"]] / n / 3.6e6 - 10) < 4 * 10 / math.sqrt(n)


def test_the_delay_changes_nothing_but_when_cases_are_resolved() -> None:
    at_once, later = (simulate(compile_model(script(TEXT % said)), seed=2, replication=0) for said in ("60%", SLOW))
    columns = [COLUMN[name] for name in ("cases_late", "resolution_ms")]
    sums = [np.delete(run.tables["queue_sums"], columns, axis=1) for run in (at_once, later)]
    assert np.array_equal(*sums)
    assert later.tables["queue_sums"][0, columns[1]] > at_once.tables["queue_sums"][0, columns[1]]
    assert np.array_equal(at_once.tables["pool_intervals"], later.tables["pool_intervals"])


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_resolve_at_the_same_time(seed: int) -> None:
    compare(compile_model(script(TEXT.replace("1500", "400") % SLOW)), seed)


def test_what_is_said_of_them() -> None:
    short, long = (to_canonical(script(TEXT % said)) for said in ("60%", "{share: 60%}"))
    assert short == long
    for said, key in (("{share: 160%}", "share"), ("{share: 60%, after: -3h}", "after"), ("{shar: 60%}", "shar")):
        with pytest.raises(ScenarioError) as caught:
            script(TEXT % said)
        assert any(fault.key.startswith(f"channels.forum.peers.{key}") for fault in caught.value.faults)
