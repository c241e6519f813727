"""A desk on the phone that offers callbacks, for stories."""

from __future__ import annotations

from ccsim.records.tables import QUEUE_SUMS
from tests.support.stories import Story

DESK = """\
handle_time: {{law: constant, value: 60s}}
channels: {{phone: {{patience: never, callback: {callback}}}}}
demand: {{calls: {{trace: calls.csv}}}}
pools: {{desk: {{staffing: {agents}{more}}}}}
"""


def desk(callback: str, *, agents: int = 1, more: str = "") -> str:
    return DESK.format(callback=callback, agents=agents, more=more)


def sums_of(story: Story, *names: str) -> list[int]:
    found = {column.name: int(story.tables["queue_sums"][0, i]) for i, column in enumerate(QUEUE_SUMS[1:])}
    return [found[name] for name in names]
