"""How much work a visit is: talk and wrap-up, settled when an agent takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.law_codes import LONGEST
from ccsim.engine.reference.announced import forecast_of
from ccsim.engine.reference.callbacks import nobody_answers
from ccsim.engine.reference.draws import APART, rounded
from ccsim.kernel.layout import NONE

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def work_of(visit: Visit, pace: float) -> tuple[int, int]:
    """Talk and wrap-up of a visit with an agent of a pace, microseconds at full speed."""
    facts, draws, traces = visit.facts, visit.centre.draws, visit.centre.model.rules.traces
    visit.unanswered = nobody_answers(visit)
    if visit.unanswered and facts.callback is not None:
        return facts.callback.unanswered, 0
    if is_handed_on(visit):
        return facts.handed_after, 0
    u_talk, u_wrap = draws.of(visit, keys.HANDLE)
    own = visit.is_callback and facts.callback is not None and facts.callback.talk_law != NONE
    if own and facts.callback is not None:
        talk_law, wrap_law, wrap_share = facts.callback.talk_law, facts.callback.wrap_law, facts.callback.wrap_share
    else:
        talk_law, wrap_law, wrap_share = facts.talk_law, facts.wrap_law, facts.wrap_share
    wrong = visit.wrong
    if wrong is not None and wrong.talk_law != NONE:
        talk_law, wrap_law, wrap_share = wrong.talk_law, wrong.wrap_law, wrong.wrap_share
    recorded = visit.trace >= 0 and not own and wrong is None
    talk = int(traces.talk[visit.trace]) if recorded else NONE
    wrap = int(traces.wrap_up[visit.trace]) if recorded else NONE
    if talk < 0:
        drawn = draws.time(visit, talk_law, u_talk, keys.HANDLE)
        if facts.from_forecast and not own and (wrong is None or wrong.talk_law == NONE):
            drawn = min(drawn * (forecast_of(visit) / (1.0 + wrap_share)), LONGEST)
        talk = rounded(drawn * pace)
    if wrap < 0 and wrap_law >= 0:
        wrap = rounded(draws.time(visit, wrap_law, u_wrap, keys.HANDLE + APART) * pace)
    elif wrap < 0:
        wrap = rounded(talk * wrap_share)
    return talk, wrap


def is_handed_on(visit: Visit) -> bool:
    """Whether the agent hands the contact on at once: it is one of those that they will escalate."""
    if not visit.facts.handed_on or visit.wrong is not None or visit.agent is None:
        return False
    escalated = visit.agent.team.quality_of(visit.agent, visit.facts, visit.left)[0]
    return visit.centre.draws.of(visit, keys.OUTCOME)[0] < escalated * visit.facts.handed_on


def until_peers_answer(visit: Visit) -> int:
    """Time until other customers answer a contact."""
    law, draws = visit.facts.peers_law, visit.centre.draws
    return 0 if law == NONE else rounded(draws.time(visit, law, draws.of(visit, keys.PEERS)[1], keys.PEERS))
