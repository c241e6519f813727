"""The kernel and the plain engine on the same arrivals."""

from __future__ import annotations

from ccsim.draws.keys import FIRST_OF_BACKLOG
from ccsim.kernel import layout
from ccsim.model import Model
from tests.engine.kept_logs import Kept, play_and_keep
from tests.engine.plain_engine import PlainEngine


def compare(model: Model, seed: int, replication: int = 0) -> Kept:
    """What the kernel played, after every visit and span of agent time was found to be the plain engine's."""
    kept = play_and_keep(model, seed=seed, replication=replication)
    visits, spans = ([tuple(row) for row in rows.tolist()] for rows in (kept.log, kept.spans))
    stream = model.rules.queues.rows[:, layout.QUEUE_STREAM]
    arrivals = sorted(
        (row[layout.LOG_JOINED], int(stream[row[layout.LOG_QUEUE]]), row[layout.LOG_DATE], row[layout.LOG_NUMBER])
        for row in visits
        if row[layout.LOG_OUTCOME] < layout.PART_HELD
        and row[layout.LOG_PLACE] == 0
        and row[layout.LOG_NUMBER] < FIRST_OF_BACKLOG
    )
    plain = PlainEngine(model, seed, replication, arrivals)
    assert plain.play() == kept.tables["replications"][0, 5]
    assert sorted(visits) == sorted(plain.visits)
    assert sorted(spans) == sorted(plain.spans)
    return kept
