"""Customers who come back by another channel after a queue of another workflow, to which a time-out led them."""

from __future__ import annotations

import pytest

from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from ccsim.records.tables import QUEUE_SUMS
from tests.support.engines import compare
from tests.support.stories import script

REPLICATIONS = 8

#: Nobody answers `calls`: all wait on in `general` at once, whose returns are by email.
TEXT = """
horizon: {start: 2026-01-05, length: 1d, drain: 1d, interval: 1d}
handle_time: {law: exponential, mean: 2m}
channels: {phone: {}, email: {kind: deferred}}
workflows:
  calls: {max_wait: {after: 0s, then: {workflow: general}}}
  general:
    fcr: 60%
    returns: {after_unresolved: {share: 50%, after: 1h, channels: {phone: {email: 100%}}}}
demand:
  calls: {per_minute: 1, channels: {phone: 100%, EMAIL}}
  general: {per_minute: 1, channels: {phone: 100%, email: 0%}}
pools:
  few: {workflows: [calls], channels: phone, staffing: [[00:00, 0], [23:59, 1]]}
  many: {staffing: 40, workflows: [general]}
  mail: {staffing: 40, channels: email}
"""
TEXT_WITH = TEXT.replace("EMAIL", "email: 0%")


def test_they_come_back_to_their_own_workflow() -> None:
    """A return is a contact of the workflow in which the case opened: a fifth of the calls come back by email, which
    resolves them; of those of `general` a fifth of the emails write again."""
    model = compile_model(script(TEXT_WITH))
    names = {row[0]: row[1] for row in model.names["queues"]}
    columns = [column.name for column in QUEUE_SUMS[1:]]
    cases, further = dict.fromkeys(names.values(), 0), dict.fromkeys(names.values(), 0)
    for replication in range(REPLICATIONS):
        for row in simulate(model, seed=2, replication=replication).tables["queue_sums"].tolist():
            told = dict(zip(columns, row, strict=False))  # then the thresholds
            cases[names[row[0]]] += told["arrived"] - told["repeated"]
            further[names[row[0]]] += told["further_contacts"]
    assert cases["calls.email/t1"] == cases["general.email/t1"] == 0
    # so many more contacts a case, and their variance: a Bernoulli, and a geometric sum of them
    for volume, more, variance in (("calls", 0.2, 0.16), ("general", 0.25, 0.3125)):
        n = cases[f"{volume}.phone/t1"]
        assert n > 5000
        assert abs(further[f"{volume}.phone/t1"] / n - more) < 4 * (variance / n) ** 0.5


@pytest.mark.parametrize("seed", [1, 2])
def test_both_engines_bring_them_back_alike(seed: int) -> None:
    compare(compile_model(script(TEXT_WITH.replace("length: 1d", "length: 3h"))), seed)


def test_a_channel_that_nobody_takes_them_on_is_a_fault() -> None:
    with pytest.raises(ScenarioError) as refused:
        script(TEXT.replace(", EMAIL", ""))
    [fault] = refused.value.faults
    assert "customers of demand calls come back by email, but nothing of that workflow" in fault.message
    assert fault.key == "workflows.general.returns.after_unresolved.channels.phone"
