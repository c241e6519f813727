"""What customers do at the announced wait, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ccsim.centre.precedence import balking_of
from ccsim.kernel import layout
from ccsim.kernel.arrays import Announced
from ccsim.language.handling import HandleTime, mean_handle
from ccsim.model.law_rows import LawRows
from ccsim.model.routes import Queue


@dataclass
class AnnouncedWaits:
    """The announced waits of kinds of queues, one after the other."""

    laws: LawRows
    rows: list[list[int]] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    above: list[int] = field(default_factory=list)
    share: list[float] = field(default_factory=list)

    def add(self, queue: Queue, handle: HandleTime | None) -> None:
        """A further kind of queues; `handle`: its handle time."""
        balking = balking_of(queue.workflow, queue.channel)
        row = [layout.TOLD_NOTHING, layout.NONE, 0]
        if balking is not None and balking.steps:
            row = [layout.TOLD_SHARES, len(self.above), len(balking.steps)]
            self.above.extend(step.above for step in balking.steps)
            self.share.extend(step.share for step in balking.steps)
        elif balking is not None and balking.tolerates is not None:
            row = [layout.TOLD_LAW, self.laws.row(balking.tolerates), 0]
        elif balking is not None:
            row = [layout.TOLD_PATIENCE, layout.NONE, 0]
        self.rows.append(row)
        # of a forecast: of mean 1, times what the forecast says
        self.means.append(0.0 if handle is None else mean_handle(handle, 1.0))

    def arrays(self) -> Announced:
        """All kinds as arrays."""
        return Announced(
            np.array(self.rows, np.int64).reshape(-1, layout.TOLD_WIDTH),
            np.array(self.means, np.float64),
            np.array(self.above or [layout.NONE], np.int64),
            np.array(self.share or [0.0], np.float64),
        )
