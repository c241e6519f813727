"""Make a state, and make room in one."""

from __future__ import annotations

import numpy as np

from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.cache_lines import records, twice
from ccsim.kernel.kinds import KIND_BOT, SHARE_ESCALATED, SHARE_TRANSFERRED, SHARE_WARM
from ccsim.kernel.layout import FAR, NONE, Ints
from ccsim.kernel.time_out_rows import TIMED_WIDTH

#: Rows of the visits' log: small enough to stay in the second-level cache until they are summed.
LOG_ROWS = 2_048
SPAN_ROWS = 8_192
SLOT_ROWS = 1_024
EVENT_ROWS = 1_024


def new_state(
    rules: Rules,
    plan: Ints,
    agent_pool: Ints,
    agent_twin: Ints,
    stepped: Ints,
    open_at_start: Ints,
    source_keys: Ints,
    pool_keys: Ints,
    *,
    slot_rows: int = SLOT_ROWS,
    log_rows: int = LOG_ROWS,
    event_rows: int = EVENT_ROWS,
) -> State:
    """An empty contact centre at the start of the horizon: nobody signed in, nothing arrived.

    Small `slot_rows`, `log_rows` or `event_rows` make for more pauses, never for another result.
    """
    streams, pools = rules.first_queue.shape[0], rules.pools.keep_free.shape[0]
    registers = np.zeros(layout.REGISTERS, np.int64)
    registers[[layout.PENDING_JOIN, layout.PENDING_LOOK, layout.PENDING_CLEAR, layout.PENDING_OFFER]] = NONE
    registers[layout.REGISTER_PLAN_N] = plan.shape[0]
    slots = records(slot_rows, layout.VISIT_WIDTH)
    _chain(slots, registers, 0)
    agents, pool_state = _agents_and_pools(rules, agent_pool, agent_twin, stepped)
    lines = records(rules.classes.rows.shape[0], layout.LINE_WIDTH)
    lines[:, [layout.LINE_HEAD, layout.LINE_TAIL]] = NONE
    groups = np.zeros((open_at_start.shape[0], layout.GROUP_WIDTH), np.int64)
    groups[:, layout.GROUP_OPEN] = open_at_start
    sources = _sources(rules)
    return State(
        registers=registers,
        events=records(event_rows, layout.EVENT_WIDTH),
        dues=records(event_rows, layout.EVENT_WIDTH),
        slots=slots,
        laid=records(slot_rows if rules.classes.rows[:, layout.CLASS_LAID].any() else 1, layout.LAID_WIDTH),
        cases=records(slot_rows if _follows(rules) else 1, layout.CASE_WIDTH),
        warm=records(slot_rows if (rules.kinds.shares[:, SHARE_WARM] > 0).any() else 1, layout.WARM_WIDTH),
        lived=records(slot_rows if _goes_on(rules) and rules.translated.shape[0] > 0 else 1, layout.LIVED_WIDTH),
        timed=records(slot_rows if rules.time_outs.to.size else 1, TIMED_WIDTH),
        agents=agents,
        pools=pool_state,
        listed=np.full((pools * (int(rules.pools.capacity[0]) + 1), 2), NONE, np.int64),
        lines=lines,
        heads=np.zeros(lines.shape[0], np.int64),
        waiting=np.zeros(max(int(rules.pools.words.sum(axis=1).max(initial=0)), 1), np.int64),
        groups=groups,
        sessions=np.zeros(max(rules.bots.share.shape[0], 1), np.int64),
        sources=sources,
        source_keys=source_keys,
        pool_keys=pool_keys,
        source_sum=records(streams, 4).view(np.float64),
        winners=_tournament(sources),
        plan=plan,
        log=np.zeros((log_rows, layout.LOG_WIDTH), np.int64),
        spans=np.zeros((SPAN_ROWS, layout.SPAN_WIDTH), np.int64),
    )


def _follows(rules: Rules) -> bool:
    """Whether a case may be more than one visit."""
    back, met = rules.kinds.back_share > 0, rules.kinds.rows[:, KIND_BOT] >= 0
    return bool(back.any() or met.any()) or _goes_on(rules)


def _goes_on(rules: Rules) -> bool:
    """Whether a contact may be more than one visit with agents."""
    moves = (rules.kinds.shares[:, SHARE_ESCALATED] > 0).any() or (rules.kinds.shares[:, SHARE_TRANSFERRED] > 0).any()
    return bool(moves or rules.misroutes.first.size or rules.time_outs.to.size)


def _agents_and_pools(rules: Rules, agent_pool: Ints, agent_twin: Ints, stepped: Ints) -> tuple[Ints, Ints]:
    """Nobody is signed in; a pool with staffing has a list of its agent rows, taken as its curve rises."""
    agents = records(max(agent_pool.shape[0], 1), layout.AGENT_WIDTH)
    agents[:, [layout.AGENT_HAND, layout.AGENT_NEXT, layout.AGENT_PREV, layout.AGENT_NEXT_ROW]] = NONE
    agents[:, layout.AGENT_DRAWN] = -FAR
    agents[: agent_pool.shape[0], layout.AGENT_POOL] = agent_pool
    agents[:, layout.AGENT_TWIN] = NONE
    agents[: agent_twin.shape[0], layout.AGENT_TWIN] = agent_twin
    pools = np.zeros((rules.pools.keep_free.shape[0], layout.POOL_WIDTH), np.int64)
    pools[:, layout.POOL_FREE] = NONE
    for pool in np.flatnonzero(stepped):
        first, n = (int(v) for v in rules.pools.agents[pool])
        if n > 0:
            agents[first : first + n - 1, layout.AGENT_NEXT] = np.arange(first + 1, first + n)
            pools[pool, layout.POOL_FREE] = first
    return agents, pools


def _sources(rules: Rules) -> Ints:
    """Traces stand at their first contact; the days of all other streams are opened one by one."""
    sources = records(rules.first_queue.shape[0], layout.SOURCE_WIDTH)
    sources[:, layout.SOURCE_TIME] = FAR
    sources[:, layout.SOURCE_ROW] = NONE
    for stream in np.flatnonzero(rules.traces.of_stream[:, 1]):
        row = rules.traces.of_stream[stream, 0]
        sources[stream, layout.SOURCE_ROW] = row
        sources[stream, layout.SOURCE_TIME] = rules.traces.time[row]
    return sources


def _leaves(streams: int) -> int:
    """Places in the tournament of the sources: a power of 2."""
    leaves: int = 1 << max(streams - 1, 0).bit_length()
    return leaves


def longest_replication(streams: int) -> int:
    """Longest horizon that so many streams can be simulated for, microseconds: a year for 65,536 of them and more."""
    return FAR // _leaves(streams)


def _tournament(sources: Ints) -> Ints:
    """All matches: the earlier arrival wins, then the smaller rank; places without a stream never win."""
    streams = sources.shape[0]
    leaves = _leaves(streams)
    winners = np.full(2 * leaves, FAR, np.int64)
    winners[leaves : leaves + streams] = np.minimum(sources[:, layout.SOURCE_TIME], FAR // leaves) * leaves + np.arange(
        streams
    )
    first = leaves
    while first > 1:  # a round of matches at a time
        first //= 2
        winners[first : 2 * first] = winners[2 * first : 4 * first].reshape(-1, 2).min(axis=1)
    return winners


def _chain(slots: Ints, registers: Ints, first: int) -> None:
    """Put the slots from `first` on before the free ones."""
    n = slots.shape[0] - first
    slots[first:, layout.VISIT_NEXT] = np.arange(first + 1, slots.shape[0] + 1)
    slots[-1, layout.VISIT_NEXT] = registers[layout.REGISTER_FREE] if registers[layout.REGISTER_FREE_N] > 0 else NONE
    registers[layout.REGISTER_FREE] = first
    registers[layout.REGISTER_FREE_N] += n


def with_more_slots(state: State) -> State:
    """The same state with twice the slots."""
    slots = twice(state.slots)
    _chain(slots, state.registers, state.slots.shape[0])
    laid, cases, warm, lived, timed = (
        twice(rows) if rows.shape[0] == state.slots.shape[0] else rows
        for rows in (state.laid, state.cases, state.warm, state.lived, state.timed)
    )
    return state._replace(slots=slots, laid=laid, cases=cases, warm=warm, lived=lived, timed=timed)


def with_more_events(state: State) -> State:
    """The same state with room for twice the events."""
    return state._replace(events=twice(state.events), dues=twice(state.dues))
