"""Asks for the lines of memory that the next events will touch, while the present one is simulated.

Visits in hand and agents do not fit into the second-level cache beside the lists: without this each event would wait
for its lines one after another. What is asked for too early or in vain changes nothing.
"""

from __future__ import annotations

from typing import Final

from ccsim.draws.instructions import fetch
from ccsim.draws.jit import kernel_step
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.cache_lines import LINE
from ccsim.kernel.draw import stream_of_case
from ccsim.kernel.events import ROOT, WHO
from ccsim.kernel.fetch_record import fetch_record
from ccsim.kernel.sources import next_stream

_PLANNED: Final = 3
"""Rows of the plan ahead for whose agents is asked."""


@kernel_step
def fetch_next_events(rules: Rules, state: State) -> None:
    """Ask for the visit and agent of the first event on the list, and for the visits of those that may follow it."""
    first = state.events[ROOT, layout.EVENT_CODE]
    agent = first & WHO
    if first >> 32 <= layout.END_WRAP:
        fetch(rules.queues.rows, state.slots[first & WHO, layout.VISIT_QUEUE], 0)
        agent = state.slots[first & WHO, layout.VISIT_AGENT]
        fetch(state.source_keys, stream_of_case(state.slots, first & WHO), 0)
    fetch(state.agents, agent, 0)
    fetch(state.agents, agent, LINE)
    for row in range(ROOT + 1, ROOT + 5):
        fetch_record(state.slots, state.events[row, layout.EVENT_CODE] & WHO, layout.VISIT_WIDTH)


@kernel_step
def fetch_next_arrival(rules: Rules, state: State) -> None:
    """Ask for the source of the stream whose contact arrives next, and for the slot that it will have."""
    stream = next_stream(state.winners)
    fetch(state.sources, stream, 0)
    fetch(state.source_keys, stream, 0)
    fetch(state.source_sum, stream, 0)
    fetch(rules.queues.rows, rules.first_queue[stream], 0)
    fetch_record(state.slots, state.registers[layout.REGISTER_FREE], layout.VISIT_WIDTH)


@kernel_step
def fetch_planned(state: State, row: int) -> None:
    """Ask for the agent of a row of the plan that comes soon after this one."""
    later = row + _PLANNED
    if later < state.plan.shape[0]:
        fetch_record(state.agents, state.plan[later, layout.PLAN_WHO], layout.AGENT_WIDTH)
