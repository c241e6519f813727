"""How severe a case is: drawn once, and all its contacts join queues of that severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.draws.philox import uniforms
from ccsim.kernel import layout

if TYPE_CHECKING:
    from ccsim.engine.reference.centre import Centre

Case = tuple[int, int, int]
"""Stream in which it opened, local date, number."""


def first_queue(centre: Centre, stream: int, case: Case) -> int:
    """The queue that a contact of a case joins first in a stream."""
    rules = centre.model.rules
    queue = int(rules.first_queue[stream])
    if not len(rules.severities.rows):
        return queue
    row = rules.severities.rows[stream].tolist()
    until = rules.severities.until[row[layout.SEVERITY_UNTIL] :][: row[layout.SEVERITY_N]].tolist()
    home, date, number = case
    u = uniforms(*centre.draws.streams[home], date, number, 0, keys.SEVERITY)[0]
    which = sum(u >= share for share in until[:-1])
    begins = rules.severities.begins[row[layout.SEVERITY_UNTIL] + which] if until else 0
    return int(queue + which * row[layout.SEVERITY_QUEUES] + begins)
