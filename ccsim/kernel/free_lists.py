"""Lists of the agents of a pool who have room, by how much of their capacity is in use."""

from __future__ import annotations

from ccsim.draws.jit import kernel_step
from ccsim.kernel import layout
from ccsim.kernel.layout import NONE, Ints


@kernel_step
def list_agent(agents: Ints, pools: Ints, listed: Ints, capacity: int, a: int) -> None:
    """Put an agent who has room on the list of those with the same use of capacity, which is in order of its change."""
    pool = agents[a, layout.AGENT_POOL]
    row = pool * (capacity + 1) + agents[a, layout.AGENT_USED]
    before, after = listed[row, 1], NONE
    # nearly always the end is the place: only one who was about to leave and stays has waited longer than others
    while before >= 0 and agents[before, layout.AGENT_SINCE] > agents[a, layout.AGENT_SINCE]:
        before, after = agents[before, layout.AGENT_PREV], before
    agents[a, layout.AGENT_LISTED] = 1
    agents[a, layout.AGENT_PREV] = before
    agents[a, layout.AGENT_NEXT] = after
    if before >= 0:
        agents[before, layout.AGENT_NEXT] = a
    else:
        listed[row, 0] = a
        pools[pool, layout.POOL_OPEN] |= 1 << agents[a, layout.AGENT_USED]
    if after >= 0:
        agents[after, layout.AGENT_PREV] = a
    else:
        listed[row, 1] = a
    if agents[a, layout.AGENT_HELD] == 0:
        pools[pool, layout.POOL_IDLE] += 1


@kernel_step
def unlist_agent(agents: Ints, pools: Ints, listed: Ints, capacity: int, a: int) -> None:
    """Take an agent off the lists of the pool."""
    if agents[a, layout.AGENT_LISTED] == 0:
        return
    pool = agents[a, layout.AGENT_POOL]
    if agents[a, layout.AGENT_LISTED] == layout.LOOKING:  # free, but on no list yet
        agents[a, layout.AGENT_LISTED] = 0
        return
    row = pool * (capacity + 1) + agents[a, layout.AGENT_USED]
    before, after = agents[a, layout.AGENT_PREV], agents[a, layout.AGENT_NEXT]
    agents[a, layout.AGENT_LISTED] = 0
    if before >= 0:
        agents[before, layout.AGENT_NEXT] = after
    else:
        listed[row, 0] = after
    if after >= 0:
        agents[after, layout.AGENT_PREV] = before
    else:
        listed[row, 1] = before
    if listed[row, 0] < 0:
        pools[pool, layout.POOL_OPEN] &= ~(1 << agents[a, layout.AGENT_USED])
    if agents[a, layout.AGENT_HELD] == 0:
        pools[pool, layout.POOL_IDLE] -= 1
