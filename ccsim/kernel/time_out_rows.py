"""What the kernel knows of queue time-outs that lead to another queue."""

from __future__ import annotations

from typing import Final, NamedTuple

from ccsim.kernel.layout import Ints

# What is kept of a visit in a scenario with such time-outs, in the row of its slot; all but the end of patience of
# visits that come from another queue alone.
TIMED_PATIENCE: Final = 0  # when the patience of its customer ends, FAR if never; known once it stands in a line
TIMED_JOINED: Final = 1  # when it joined its queue: its place in line may go by an earlier instant
TIMED_PLACE: Final = 2  # that instant, which VISIT_JOINED has while it stands there
TIMED_BEFORE: Final = 3  # wait in the queues before
TIMED_WIDTH: Final = 4


class TimeOuts(NamedTuple):
    """Where contacts wait on after the longest wait in a queue; of no queue where that leads nowhere."""

    to: Ints
    """[queues] Queue that they join, NONE: they leave."""
    goes_on: Ints
    """[queues] 1 if their place there is by when they got theirs in this queue."""
