"""Breaks at random: due some time after an agent came on the line, taken with nothing in hand."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.kernel import layout
from ccsim.kernel.agents import go_on_break, owe_break
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import length_of_break
from ccsim.kernel.events import push
from ccsim.kernel.layout import FAR


@kernel_step
def _begin(rules: Rules, state: State, a: int, now: int) -> None:
    """An agent with nothing in hand goes on the break that is due."""
    owe_break(rules, state, a)
    go_on_break(state.agents, state.pools, state.spans, state.registers, a, now)
    push(state, state.agents[a, layout.AGENT_BREAK], layout.END_BREAK, a)


@kernel_call
def fall_due(rules: Rules, state: State, a: int, now: int) -> None:
    """A break at random is due: it begins now, or once nothing is in hand, or once nobody waits either.

    Nothing if the agent has been off the line since it was drawn, or planned time away waits to begin: that comes in
    its place.
    """
    agents = state.agents
    if agents[a, layout.AGENT_STATE] != layout.ON or agents[a, layout.AGENT_NEXT_BREAK] != now:
        return
    agents[a, layout.AGENT_NEXT_BREAK] = FAR
    if agents[a, layout.AGENT_LEAVING] == layout.PAUSES:
        return
    agents[a, layout.AGENT_BREAK] = length_of_break(rules, state, a)
    agents[a, layout.AGENT_AT_RANDOM] = 1
    if agents[a, layout.AGENT_HELD] == 0:
        _begin(rules, state, a, now)
    elif (
        agents[a, layout.AGENT_LEAVING] == 0
        and rules.pools.breaks[agents[a, layout.AGENT_POOL], layout.BREAKS_IDLE] == 0
    ):
        owe_break(rules, state, a)


@kernel_call
def take_if_idle(rules: Rules, state: State, a: int, now: int) -> None:
    """An agent who looked for work and found none takes the break at random that is due, with nothing in hand."""
    if state.agents[a, layout.AGENT_HELD] > 0:
        return
    if state.registers[layout.PENDING_JOIN] >= 0:
        # somebody is about to join, from this agent's own hand maybe: the agent is free for them, then looks again
        state.registers[layout.PENDING_LOOK] = a
        return
    _begin(rules, state, a, now)
