"""How many agents are required: the planner's rule for rosters and reports."""

from __future__ import annotations

from typing import Annotated, Literal

from ccsim.language.section import Field, Section
from ccsim.text.quantities import Duration, Share


class Planning(Section):
    """How many agents the expected demand of a pool requires, for rosters and for the report."""

    required: Literal["erlang_c", "square_root", "workload"] = "erlang_c"
    """Method for live work: agents that Erlang C gives for `answered` within `within`; load plus its square root;
    or load / `occupancy`. Never more than `occupancy` allows. Deferred work is spread over the pool's open hours."""
    answered: Annotated[Share, Field(gt=0, lt=1)] = 0.8
    """Share of live contacts to be answered within `within`."""
    within: Duration = 20_000_000
    """Wait that this share is measured at."""
    occupancy: Annotated[Share, Field(gt=0)] = 0.85
    """Highest occupancy that is planned for."""
