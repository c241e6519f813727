"""Contacts that an agent hands on at once: they see what it is, and do not do the whole handling."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call
from ccsim.draws.keys import OUTCOME
from ccsim.kernel import layout
from ccsim.kernel.arrays import Rules, State
from ccsim.kernel.draw import uniforms_of
from ccsim.kernel.kinds import SHARE_ESCALATED, SHARE_HANDED_ON
from ccsim.kernel.misroutes import own_queue
from ccsim.kernel.quality import quality_at


@kernel_call
def is_handed_on(rules: Rules, state: State, i: int, agent: int, kind: int) -> bool:
    """Whether the agent hands an answered visit on at once: it is one of those that they will escalate."""
    if own_queue(rules, state, i) >= 0:
        return False
    escalated = rules.kinds.shares[kind, SHARE_ESCALATED]
    if rules.quality.escalated.shape[0] > 0:
        escalated, _, _, _ = quality_at(rules.quality, agent, kind, state.slots[i, layout.VISIT_LEFT])
    u, _ = uniforms_of(state, i, OUTCOME)
    return u < escalated * rules.kinds.shares[kind, SHARE_HANDED_ON]
