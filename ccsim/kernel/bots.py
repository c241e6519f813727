"""Sessions with a bot: a contact meets it before it joins a queue of agents."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import BOT, HANDLE, OUTCOME
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.contacts import come_back, lose
from ccsim.kernel.deflections import brought_in
from ccsim.kernel.draw import time_of, uniforms_of
from ccsim.kernel.events import push
from ccsim.kernel.kinds import KIND_BOT
from ccsim.kernel.layout import NONE
from ccsim.kernel.lines import give_back, open_case, write_visit
from ccsim.records import outcomes


@kernel_step
def has_bot(rules: Rules, state: State, i: int) -> bool:
    """Whether a contact may meet a bot before it joins its queue."""
    if rules.bots.share.shape[0] == 0:
        return False
    return rules.kinds.rows[rules.queues.rows[state.slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], KIND_BOT] >= 0


@kernel_call
def meet_bot(rules: Rules, state: State, i: int, now: int) -> int:
    """A contact comes to a bot: the slot if it goes straight to agents, NONE if a session begins or it is turned away.

    The session is a visit of its own, before the first with agents: these have the random numbers that they would have
    without a bot.
    """
    slots, bots = state.slots, rules.bots
    bot = rules.kinds.rows[rules.queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND], KIND_BOT]
    if now < bots.start[bot]:
        return i
    share = bots.share[bot] * brought_in(bots.start[bot], bots.ramp[bot], now)
    slots[i, layout.VISIT_PLACE] |= layout.SESSION
    u_meets, _ = uniforms_of(state, i, BOT)
    full = state.sessions[bot] >= bots.most[bot]
    if u_meets >= share or (full and bots.turns_away[bot] == 0):
        slots[i, layout.VISIT_PLACE] ^= layout.SESSION
        if u_meets < share:
            slots[i, layout.VISIT_WAITED] |= layout.SESSIONS_FULL
        return i
    slots[i, layout.VISIT_PHASE] = layout.IN_SESSION
    slots[i, layout.VISIT_JOINED] = now
    slots[i, layout.VISIT_LEFT] = now
    slots[i, layout.VISIT_AGENT] = NONE
    slots[i, layout.VISIT_LINE] = NONE
    slots[i, layout.VISIT_BACK] = 0
    if full:
        slots[i, layout.VISIT_WAITED] |= layout.SESSIONS_FULL
        lose(rules, state, i, outcomes.BLOCKED, now)
        return NONE
    state.sessions[bot] += 1
    u, _ = uniforms_of(state, i, HANDLE)
    push(state, now + int(time_of(rules, state, i, bots.session_law[bot], u, HANDLE) + 0.5), layout.END_SESSION, i)
    return NONE


@kernel_call
def end_session(rules: Rules, state: State, i: int, now: int) -> int:
    """A session ends: the slot if the contact goes on to agents, else NONE."""
    slots, bots = state.slots, rules.bots
    kind = rules.queues.rows[slots[i, layout.VISIT_QUEUE], layout.QUEUE_KIND]
    bot = rules.kinds.rows[kind, KIND_BOT]
    state.sessions[bot] -= 1
    slots[i, layout.VISIT_TALKED] = now
    u, u_back = uniforms_of(state, i, OUTCOME)
    _, u_then = uniforms_of(state, i, BOT)
    # contained from below, left from above: more containment takes from the hand-offs, and from no other end
    outcome = outcomes.HANDED_OFF
    if u < bots.contained[bot]:
        outcome = outcomes.CONTAINED
        if u_then < bots.falsely_contained[bot]:
            outcome = outcomes.FALSELY_CONTAINED
            if u_back < rules.kinds.back_share[kind, layout.AFTER_CONTAINED]:
                come_back(rules, state, i, layout.AFTER_CONTAINED, now)
    elif u >= 1.0 - bots.left[bot]:
        outcome = outcomes.LEFT_BOT
    elif u_then < bots.context[bot]:
        slots[i, layout.VISIT_WAITED] |= layout.WITH_CONTEXT
    slots[i, layout.VISIT_OUTCOME] = outcome
    write_visit(state, i, now)
    if outcome == outcomes.HANDED_OFF:
        open_case(state, i)
        slots[i, layout.VISIT_PLACE] ^= layout.SESSION
        slots[i, layout.VISIT_WAITED] |= layout.FROM_BOT
        return i
    state.registers[layout.REGISTER_COUNTED] -= slots[i, layout.VISIT_COUNTED] & layout.COUNTS > 0
    give_back(slots, state.registers, i)
    return NONE
