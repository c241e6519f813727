"""What a queue has in common with others of its kind: laws, shares and times of its visits."""

from __future__ import annotations

from typing import Any

from ccsim.centre.legs import tiers_of
from ccsim.centre.precedence import handle_time_of, patience_of
from ccsim.centre.return_channels import resolved_on, share_after
from ccsim.kernel import layout
from ccsim.kernel.layout import FAR
from ccsim.language.handling import FromForecast, HandleTime
from ccsim.language.laws import Exponential, Law, Lognormal
from ccsim.model.comebacks import returns_after
from ccsim.model.law_rows import LawRows
from ccsim.model.routes import Queue, Routes
from ccsim.model.time_outs import time_out_at
from ccsim.model.warm import follows_warm, warm_values


def kind_values(routes: Routes, queue: Queue, laws: LawRows, never: int, *, limited: bool) -> dict[str, Any]:
    """By field of `Kinds`, for one queue.

    `never` is the row of the law of customers who never leave; `limited`: whether its contacts may be turned away.
    """
    scenario = routes.scenario
    last = list(tiers_of(scenario, queue.kind.workflow))[-1]
    handle = handle_time_of(scenario, queue.workflow, queue.tier, queue.channel, queue.kind.channel)
    patience = patience_of(scenario, queue.workflow, queue.channel)
    returns, out = returns_after(routes, queue), time_out_at(scenario, queue)
    back = returns[layout.AFTER_ABANDON] is not None
    goes_on = queue.tier.escalated + queue.tier.transferred
    resolved = min(resolved_on(queue.tier, queue.kind.channel), 1.0 - goes_on)
    return {
        "talk_law": laws.row(_talk_law(handle)) if handle else layout.NONE,
        "wrap_law": laws.row(handle.wrap_up) if handle else layout.NONE,
        "wrap_share": handle.wrap_up_share if handle else 0.0,
        "from_forecast": int(handle is not None and isinstance(handle.talk, FromForecast)),
        "patience_law": layout.NONE
        if patience is None
        else never
        if patience.time is None
        else laws.row(patience.time),
        "zero": patience.zero if patience else 0.0,
        "max_wait": out.after,
        "escalated": 0.0 if queue.kind.tier == last else queue.tier.escalated,
        "handed_on": 0.0 if queue.handed_on is None else queue.handed_on.share,
        "handed_after": 0 if queue.handed_on is None else queue.handed_on.after,
        **warm_values(scenario, queue, laws),
        "transferred": queue.tier.transferred,
        "resolved": 1.0 if resolved + goes_on > 1.0 - 1e-12 else resolved,
        "decides": int(
            goes_on > 0.0
            or resolved < 1.0
            or any(returns[reason] is not None for reason in (layout.AFTER_RESOLVED, layout.AFTER_UNRESOLVED))
        ),
        "instant": int(limited or back or out.to is not None or follows_warm(scenario, queue)),
        "back_share": [0.0 if r is None else share_after(r, queue.stream.channel) for r in returns],
        "back_law": [layout.NONE if r is None else laws.row(r.after) for r in returns],
        "back_most": [FAR if r is None or r.attempts is None else r.attempts for r in returns],
    }


def _talk_law(handle: HandleTime) -> Law:
    """The law of talk; where a forecast says the mean, its law around a mean of 1."""
    talk = handle.talk
    if not isinstance(talk, FromForecast):
        return talk
    return Exponential(mean=1) if talk.cv is None else Lognormal(mean=1, cv=talk.cv)
