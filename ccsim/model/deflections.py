"""Deflections as arrays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ccsim.centre.deflections import begins_at, deflections_of
from ccsim.centre.streams import Stream
from ccsim.kernel.arrays import Deflections
from ccsim.kernel.layout import FAR
from ccsim.language.scenario import Scenario


def deflection_arrays(scenario: Scenario, streams: Sequence[Stream]) -> Deflections:
    """The deflections of streams in order of rank."""
    found = [deflections_of(scenario, stream) for stream in streams] if scenario.deflections else [[] for _ in streams]
    counts = [len(of_stream) for of_stream in found]
    rows = [one for of_stream in found for one in of_stream]
    begins = [begins_at(scenario, one.start) for one in rows]
    return Deflections(
        of_stream=np.stack((np.cumsum(counts) - counts, counts), axis=1).astype(np.int64).reshape(-1, 2),
        share=np.array([one.share for one in rows], np.float64),
        start=np.array([-FAR if at is None else at for at in begins], np.int64),
        ramp=np.array([one.ramp for one in rows], np.int64),
    )
