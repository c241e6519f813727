"""How long a customer waits before they abandon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.law_codes import LONGEST
from ccsim.engine.reference.luck import rounded
from ccsim.engine.reference.to_come import patience_factor
from ccsim.kernel.layout import FAR

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


def patience_of(visit: Visit) -> int:
    """As recorded, or drawn: 0 for some, less on a return; FAR: endless."""
    facts, luck, traces = visit.facts, visit.centre.luck, visit.centre.model.rules.traces
    if visit.trace >= 0 and traces.patience[visit.trace] >= 0:
        return min(int(traces.patience[visit.trace]), LONGEST)
    if facts.patience_law < 0:
        return FAR
    u, u_zero = luck.of(visit, keys.PATIENCE)
    patience = luck.time(visit, facts.patience_law, u, keys.PATIENCE)
    patience = patience * patience_factor(visit) if patience < LONGEST else patience
    return 0 if u_zero < facts.zero else rounded(patience)
