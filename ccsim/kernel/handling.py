"""A contact in an agent's hand: the answer, shared attention, the end of talk, wrap-up."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import HANDLE, OUTCOME
from ccsim.draws.law_codes import LONGEST
from ccsim.kernel import layout, offers
from ccsim.kernel.agents import go_home, go_on_break, take_over, write_span
from ccsim.kernel.announced import forecast_mean
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.attention import FULL_SPEED, lasts, share_anew, speed_of
from ccsim.kernel.callbacks import leave_callbacks, nobody_answers, tries_again
from ccsim.kernel.contacts import come_back, lose
from ccsim.kernel.draw import time_of, uniforms_of
from ccsim.kernel.events import push
from ccsim.kernel.free_lists import list_agent, unlist_agent
from ccsim.kernel.handed_on import is_handed_on
from ccsim.kernel.kinds import (
    KIND_BOT,
    KIND_DECIDES,
    KIND_FROM_FORECAST,
    KIND_HANDED_AFTER,
    KIND_TALK_LAW,
    KIND_TRANSFERS,
    KIND_WRAP_LAW,
    SHARE_ESCALATED,
    SHARE_HANDED_ON,
    SHARE_RESOLVED,
    SHARE_TRANSFERRED,
    SHARE_WARM,
    SHARE_WRAP_UP,
)
from ccsim.kernel.laid_down import write_part, write_whole
from ccsim.kernel.layout import NONE
from ccsim.kernel.lines import count_in_groups, give_back, leave_line, somebody_waits, write_visit
from ccsim.kernel.lived import keep_lived, keeps_lived, write_rated
from ccsim.kernel.misroutes import own_queue, row_of_misroute
from ccsim.kernel.onward import next_visit
from ccsim.kernel.quality import pace_at, quality_at
from ccsim.kernel.warm import begin_hand_over, stay
from ccsim.records import outcomes

_WRAP_BLOCKS = 1 << 15


# The answer


@kernel_step
def answer(rules: Rules, state: State, i: int, a: int, now: int) -> None:
    """An agent with room takes a contact in hand."""
    slots = state.slots
    _count_answer(rules, state, i)
    if slots[i, layout.VISIT_WAITED] & layout.LAID_DOWN > 0:
        _take_up(rules, state, i, a, now)
        return
    slots[i, layout.VISIT_LEFT] = now
    talk, wrap = _work_of(rules, state, i, a)
    if slots[i, layout.VISIT_WAITED] & layout.HANDED_OVER > 0:
        talk += begin_hand_over(rules, state, i, now)
    slots[i, layout.VISIT_PHASE] = layout.TALKING
    slots[i, layout.VISIT_AGENT] = a
    slots[i, layout.VISIT_WRAP] = wrap
    _take_in_hand(rules, state, i, a, talk, layout.END_TALK, now)


@kernel_call
def _take_up(rules: Rules, state: State, i: int, a: int, now: int) -> None:
    """An agent goes on with a visit that was laid down."""
    slots, laid = state.slots, state.laid
    if state.registers[layout.PENDING_OFFER] == i:
        # laid down at this instant, and taken by the same person who begins another activity: nobody else may have it
        state.registers[layout.PENDING_OFFER] = NONE
    lay = laid[i, layout.LAID_AT]
    write_part(state, i, layout.PART_WAITED, NONE, lay, now, now)
    slots[i, layout.VISIT_PHASE] = laid[i, layout.LAID_PHASE]
    slots[i, layout.VISIT_AGENT] = a
    laid[i, layout.LAID_AT] = now
    kind = layout.END_TALK
    if laid[i, layout.LAID_PHASE] == layout.TALKING:
        laid[i, layout.LAID_TALK] += now - lay
    else:
        kind = layout.END_WRAP
        laid[i, layout.LAID_WRAP] += now - lay
        count_in_groups(rules.queues, state.groups, slots[i, layout.VISIT_QUEUE], -1, 0)
    _take_in_hand(rules, state, i, a, laid[i, layout.LAID_REST], kind, now)


@kernel_step
def _count_answer(rules: Rules, state: State, i: int) -> None:
    """Take a visit out of its line if it stands in one; groups count it as talking."""
    queues, slots = rules.queues, state.slots
    queue = slots[i, layout.VISIT_QUEUE]
    in_groups = queues.rows[queue, layout.QUEUE_GROUPS_N] > 0
    if slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        leave_callbacks(rules, state, i)
    elif slots[i, layout.VISIT_PHASE] == layout.WAITING:
        leave_line(rules.classes, state, i, slots[i, layout.VISIT_LINE])
        if in_groups:
            count_in_groups(queues, state.groups, queue, 0, -1)
    elif in_groups:
        count_in_groups(queues, state.groups, queue, 1, 0)


@kernel_step
def _work_of(rules: Rules, state: State, i: int, agent: int) -> tuple[int, int]:
    """Talk and wrap-up of a visit with an agent, microseconds at full speed."""
    # Both are settled at the answer: a wrap-up law draws from the same block as talk, and a share is of the talk.
    queues, kinds, traces = rules.queues, rules.kinds, rules.traces
    queue = state.slots[i, layout.VISIT_QUEUE]
    kind = queues.rows[queue, layout.QUEUE_KIND]
    pace = rules.pools.pace[state.agents[agent, layout.AGENT_POOL], queues.rows[queue, layout.QUEUE_WORK]]
    if rules.quality.pace.shape[0] > 0:
        pace *= pace_at(rules.quality, agent, kind, state.slots[i, layout.VISIT_LEFT])
    if state.slots[i, layout.VISIT_WAITED] & layout.WITH_CONTEXT != 0:
        pace *= rules.bots.pace[kinds.rows[kind, KIND_BOT]]
    u_talk, u_wrap = uniforms_of(state, i, HANDLE)
    trace = state.slots[i, layout.VISIT_TRACE]
    talk, wrap = NONE, NONE
    talk_law, wrap_law = kinds.rows[kind, KIND_TALK_LAW], kinds.rows[kind, KIND_WRAP_LAW]
    wrap_share = kinds.shares[kind, SHARE_WRAP_UP]
    from_forecast = kinds.rows[kind, KIND_FROM_FORECAST] == 1
    if state.slots[i, layout.VISIT_WAITED] & layout.CALLBACK > 0:
        offer = rules.callbacks.rows[kind]
        if nobody_answers(rules, state, i):
            return offer[offers.OFFER_UNANSWERED], 0
        if offer[offers.OFFER_TALK] >= 0:
            talk_law, wrap_law = offer[offers.OFFER_TALK], offer[offers.OFFER_WRAP]
            wrap_share, from_forecast, trace = rules.callbacks.wrap_share[kind], False, NONE
    if kinds.shares[kind, SHARE_HANDED_ON] > 0.0 and is_handed_on(rules, state, i, agent, kind):
        return kinds.rows[kind, KIND_HANDED_AFTER], 0
    own = own_queue(rules, state, i)
    if own >= 0:
        trace, row = NONE, row_of_misroute(rules, state, i, own)  # what is recorded is of its own queue
        if rules.misroutes.talk_law[row] >= 0:
            talk_law, wrap_law = rules.misroutes.talk_law[row], rules.misroutes.wrap_law[row]
            wrap_share, from_forecast = rules.misroutes.wrap_share[row], False
    if trace >= 0:
        talk = traces.talk[trace]
        wrap = traces.wrap_up[trace]
    if talk < 0:
        drawn = time_of(rules, state, i, talk_law, u_talk, HANDLE)
        if from_forecast:
            drawn = min(drawn * (forecast_mean(rules, state, i) / (1.0 + wrap_share)), float(LONGEST))
        talk = int(drawn * pace + 0.5)
    if wrap < 0:
        if wrap_law >= 0:
            wrap = int(time_of(rules, state, i, wrap_law, u_wrap, HANDLE + _WRAP_BLOCKS) * pace + 0.5)
        else:
            wrap = int(talk * wrap_share + 0.5)
    return talk, wrap


@kernel_step
def _take_in_hand(rules: Rules, state: State, i: int, a: int, work: int, kind: int, now: int) -> None:
    """An agent holds one contact more; when its work will end, by an event of a kind."""
    slots, agents = state.slots, state.agents
    capacity = rules.pools.capacity[0]
    unlist_agent(agents, state.pools, state.listed, capacity, a)
    if agents[a, layout.AGENT_HELD] == 0:
        agents[a, layout.AGENT_BUSY_SINCE] = now
    agents[a, layout.AGENT_HELD] += 1
    agents[a, layout.AGENT_USED] += rules.classes.rows[slots[i, layout.VISIT_LINE], layout.CLASS_UNITS]
    agents[a, layout.AGENT_SINCE] = now
    if rules.pools.shares[agents[a, layout.AGENT_POOL]] == 0:
        # one contact at a time, at full speed: no list in hand, no shares of attention to keep
        end = now + work
        agents[a, layout.AGENT_HAND] = i
        slots[i, layout.VISIT_END] = end
        push(state, end, kind, i)
        if state.registers[layout.PENDING_LOOK] == a:
            state.registers[layout.PENDING_LOOK] = NONE
        return
    if agents[a, layout.AGENT_USED] < capacity:
        list_agent(agents, state.pools, state.listed, capacity, a)
    slots[i, layout.VISIT_NEXT] = agents[a, layout.AGENT_HAND]
    agents[a, layout.AGENT_HAND] = i
    slots[i, layout.VISIT_REST] = work
    slots[i, layout.VISIT_SINCE] = now
    if agents[a, layout.AGENT_HELD] == 1 and speed_of(rules, state, i, 1) == FULL_SPEED:
        slots[i, layout.VISIT_PPM] = FULL_SPEED
        slots[i, layout.VISIT_END] = now + work
        push(state, now + work, kind, i)
        return
    slots[i, layout.VISIT_PPM] = 0  # no work done yet: sharing anew gives it its speed and its end
    slots[i, layout.VISIT_END] = NONE
    share_anew(rules, state, a, now)


# The end of talk


@kernel_step
def end_talk(rules: Rules, state: State, i: int, now: int) -> bool:
    """The customer leaves; whether the agent has done with the visit too."""
    slots, queues = state.slots, rules.queues
    if slots[i, layout.VISIT_WAITED] & layout.NO_ANSWER > 0:
        return True
    queue = slots[i, layout.VISIT_QUEUE]
    slots[i, layout.VISIT_TALKED] = now
    if queues.rows[queue, layout.QUEUE_GROUPS_N] > 0 and slots[i, layout.VISIT_WAITED] & layout.CALLBACK == 0:
        count_in_groups(queues, state.groups, queue, -1, 0)
    outcome = outcomes.RESOLVED
    if rules.kinds.rows[queues.rows[queue, layout.QUEUE_KIND], KIND_DECIDES] == 1:
        outcome = _decide_outcome(rules, state, i, now)
    slots[i, layout.VISIT_OUTCOME] = outcome
    if slots[i, layout.VISIT_PHASE] == layout.HOLDING:
        return False
    if slots[i, layout.VISIT_WRAP] == 0:
        return True
    _start_wrap_up(rules, state, i, now)
    return False


@kernel_step
def _decide_outcome(rules: Rules, state: State, i: int, now: int) -> int:
    """The outcome of an answered visit; what follows from it is on its way: a visit elsewhere, or a return."""
    queues, kinds = rules.queues, rules.kinds
    queue = state.slots[i, layout.VISIT_QUEUE]
    kind = queues.rows[queue, layout.QUEUE_KIND]
    own = own_queue(rules, state, i)
    if own >= 0:
        trace = state.slots[i, layout.VISIT_TRACE]
        _send_on(rules, state, i, own, 1)
        state.slots[state.registers[layout.PENDING_JOIN], layout.VISIT_TRACE] = trace
        return outcomes.TRANSFERRED
    u, u_back = uniforms_of(state, i, OUTCOME)
    escalated, transferred = kinds.shares[kind, SHARE_ESCALATED], kinds.shares[kind, SHARE_TRANSFERRED]
    since, until = escalated, escalated + kinds.shares[kind, SHARE_RESOLVED]
    if rules.quality.escalated.shape[0] > 0:
        agent, answered = state.slots[i, layout.VISIT_AGENT], state.slots[i, layout.VISIT_LEFT]
        escalated, since, until, transferred = quality_at(rules.quality, agent, kind, answered)
    # escalations from below, transfers from above: a larger share of one takes no visit from the other
    if u < escalated:
        _send_on(rules, state, i, queue + 1, 0)
        if kinds.shares[kind, SHARE_WARM] > 0.0:
            stay(rules, state, i, state.registers[layout.PENDING_JOIN], kind)
        return outcomes.ESCALATED
    if u >= 1.0 - transferred:
        part, goes = (1.0 - u) * (kinds.shares[kind, SHARE_TRANSFERRED] / transferred), 0
        while part > kinds.transfer_until[kinds.rows[kind, KIND_TRANSFERS] + goes]:
            goes += 1
        _send_on(rules, state, i, queues.transfer[queues.rows[queue, layout.QUEUE_TRANSFERS] + goes], 1)
        return outcomes.TRANSFERRED
    outcome, reason = outcomes.RESOLVED, layout.AFTER_RESOLVED
    if u < since or u >= until:
        outcome, reason = outcomes.UNRESOLVED, layout.AFTER_UNRESOLVED
    if u_back < kinds.back_share[kind, reason]:
        come_back(rules, state, i, reason, now)
    return outcome


@kernel_call
def end_hold(rules: Rules, state: State, i: int, now: int) -> bool:
    """The customer has been handed over, or is lost; whether the agent has done with the visit too."""
    state.slots[i, layout.VISIT_TALKED] = now
    if state.slots[i, layout.VISIT_WRAP] == 0:
        return True
    _start_wrap_up(rules, state, i, now)
    return False


@kernel_step
def _start_wrap_up(rules: Rules, state: State, i: int, now: int) -> None:
    """The agent writes up a visit, at the speed of its talk if attention is shared."""
    slots = state.slots
    wrap = slots[i, layout.VISIT_WRAP]
    slots[i, layout.VISIT_PHASE] = layout.WRAPPING
    if rules.pools.shares[state.agents[slots[i, layout.VISIT_AGENT], layout.AGENT_POOL]] == 0:
        end = now + wrap
    else:
        slots[i, layout.VISIT_REST] = wrap
        slots[i, layout.VISIT_SINCE] = now
        end = now + lasts(wrap, slots[i, layout.VISIT_PPM])
    slots[i, layout.VISIT_END] = end
    push(state, end, layout.END_WRAP, i)


@kernel_step
def _send_on(rules: Rules, state: State, i: int, queue: int, transferred: int) -> None:
    """The contact goes on to the next tier (0) or to another workflow (1): a new visit that is about to join."""
    j = next_visit(state, i, queue)
    if keeps_lived(state):
        keep_lived(rules, state, i, j, transferred)


# The end of the agent's work


@kernel_step
def finish(rules: Rules, state: State, i: int, now: int) -> None:
    """The agent has done with a visit: they leave, take their break, or look for work."""
    slots, agents = state.slots, state.agents
    a = slots[i, layout.VISIT_AGENT]
    pool, capacity = agents[a, layout.AGENT_POOL], rules.pools.capacity[0]
    unanswered = slots[i, layout.VISIT_WAITED] & layout.NO_ANSWER > 0
    row = NONE  # of its log, if it may say for how long the agent was busy
    if unanswered:
        since = slots[i, layout.VISIT_LEFT]
        write_part(state, i, layout.PART_HELD, a, since, since, now)
    else:
        if slots[i, layout.VISIT_LEFT] == agents[a, layout.AGENT_BUSY_SINCE]:
            row = state.registers[layout.REGISTER_LOG_N]
        write_visit(state, i, now)
        if keeps_lived(state):
            write_rated(state, i)
        if slots[i, layout.VISIT_WAITED] & layout.LAID_DOWN > 0:
            write_whole(state, i, state.laid[i, layout.LAID_AT], 1)
            row = NONE
        state.registers[layout.REGISTER_COUNTED] -= slots[i, layout.VISIT_COUNTED] & layout.COUNTS > 0
    if rules.pools.shares[pool] == 1:
        unlist_agent(agents, state.pools, state.listed, capacity, a)
        _take_out_of_hand(state, i, a)
    agents[a, layout.AGENT_HELD] -= 1
    agents[a, layout.AGENT_USED] -= rules.classes.rows[slots[i, layout.VISIT_LINE], layout.CLASS_UNITS]
    agents[a, layout.AGENT_SINCE] = now
    if not unanswered:
        give_back(slots, state.registers, i)
    elif not tries_again(rules, state, i, now):
        lose(rules, state, i, outcomes.NOT_REACHED, now)
    if agents[a, layout.AGENT_HELD] > 0:
        share_anew(rules, state, a, now)
    elif _goes_away(rules, state, a, row, now):
        return
    if agents[a, layout.AGENT_LEAVING] != 0:
        return
    if (
        state.registers[layout.PENDING_JOIN] < 0
        and not somebody_waits(rules.pools, state.waiting, pool)
        and agents[a, layout.AGENT_BREAK] == 0
    ):
        list_agent(agents, state.pools, state.listed, capacity, a)
    else:  # somebody waits, or is about to join and must not pass those who wait, or a break is due: first they look
        state.registers[layout.PENDING_LOOK] = a
        agents[a, layout.AGENT_LISTED] = layout.LOOKING


@kernel_step
def _take_out_of_hand(state: State, i: int, a: int) -> None:
    """Take a visit off the list of those that its agent holds."""
    slots = state.slots
    j = state.agents[a, layout.AGENT_HAND]
    if j == i:
        state.agents[a, layout.AGENT_HAND] = slots[i, layout.VISIT_NEXT]
        return
    while slots[j, layout.VISIT_NEXT] != i:
        j = slots[j, layout.VISIT_NEXT]
    slots[j, layout.VISIT_NEXT] = slots[i, layout.VISIT_NEXT]


@kernel_step
def _goes_away(rules: Rules, state: State, a: int, row: int, now: int) -> bool:
    """The last contact in hand has ended: whether a break or the end of the shift has waited for that.

    `row`: of the log, of the contact that was in hand as long as anything was; NONE if none was.
    """
    agents, registers = state.agents, state.registers
    pool = agents[a, layout.AGENT_POOL]
    agents[a, layout.AGENT_BUSY] += now - agents[a, layout.AGENT_BUSY_SINCE]
    if rules.pools.shares[pool] == 1:
        if row >= 0:
            state.log[row, layout.LOG_BUSY] = 1
        else:
            write_span(state.spans, registers, pool, layout.IN_HAND, agents[a, layout.AGENT_BUSY_SINCE], now, NONE)
    if agents[a, layout.AGENT_LEAVING] == layout.PAUSES and state.pools[pool, layout.POOL_LEAVING] == 0:
        go_on_break(agents, state.pools, state.spans, registers, a, now)
        push(state, agents[a, layout.AGENT_BREAK], layout.END_BREAK, a)
        return True
    if agents[a, layout.AGENT_LEAVING] == layout.LEAVES:
        go_home(agents, state.pools, state.spans, registers, a, now)
        take_over(rules, state, a, now)
        return True
    if state.pools[pool, layout.POOL_LEAVING] > 0:
        state.pools[pool, layout.POOL_LEAVING] -= 1
        go_home(agents, state.pools, state.spans, registers, a, now)
        return True
    return False
