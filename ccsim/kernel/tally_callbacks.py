"""What has come of offers of callbacks."""

from __future__ import annotations

from ccsim.draws.jit import kernel_call
from ccsim.kernel import layout, sums
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import count
from ccsim.kernel.sums import Tally
from ccsim.records import outcomes


@kernel_call
def count_callback(tally: Tally, log: Ints, i: int, row: int, queue: int, wait: int) -> None:
    """The sums of a visit whose customer was offered a callback."""
    count(tally, row, queue, sums.COHORT_CALLBACKS_OFFERED, 1)
    if log[i, layout.LOG_WAITED] & layout.CALLBACK > 0:
        count(tally, row, queue, sums.COHORT_CALLBACKS, 1)
        unanswered = log[i, layout.LOG_WAITED] // layout.ATTEMPT
        count(tally, row, queue, sums.COHORT_CALLBACK_ATTEMPTS, unanswered + (log[i, layout.LOG_AGENT] >= 0))
        if log[i, layout.LOG_OUTCOME] != outcomes.OPEN_WAITING:
            count(tally, row, queue, sums.COHORT_WAIT_OTHER, log[i, layout.LOG_ON_PHONE])
        if log[i, layout.LOG_AGENT] >= 0:
            count(tally, row, queue, sums.COHORT_CALLBACKS_REACHED, 1)
            count(tally, row, queue, sums.COHORT_WAIT_CALLBACK, wait - log[i, layout.LOG_ON_PHONE])
