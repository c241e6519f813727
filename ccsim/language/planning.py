"""How many agents are required: the planner's rule for rosters and reports."""

from __future__ import annotations

from typing import Final, Literal

from ccsim.language.derive import KINDS, form_for
from ccsim.language.forms import ScalarForm
from ccsim.language.section import Section, field
from ccsim.text import scalars
from ccsim.text.quantities import Duration, Share
from ccsim.text.tree import shown


def _share_between(text: str) -> float:
    """A share above 0 and below 100 %."""
    value = scalars.share(text)
    if not 0 < value < 1:
        raise scalars.Misread(f"expected a share above 0% and below 100%, got {shown(text)}")
    return value


class Planning(Section):
    """How required agents are computed from the expected demand, for rosters and for reports."""

    required: Literal["erlang_c", "square_root", "workload"] = field(default="erlang_c", label="method")
    """Method for live work: the agents that Erlang C requires for `answered` within `within`; the load plus its square
    root; or load / `occupancy`. Occupancy never exceeds `occupancy`. Deferred work is spread evenly over the pool's
    open hours."""
    answered: Share = field(
        default=0.8,
        form=ScalarForm(_share_between, "a share above 0% and below 100%", KINDS["share"][2]),
        label="share to be answered in time",
    )
    """Share of live contacts to be answered within `within`, for Erlang C."""
    within: Duration = field(default=20_000_000, label="time to answer")
    """Answer time for that share."""
    occupancy: Share = field(default=0.85, above=0, label="highest occupancy")
    """Highest planned occupancy."""


PLANNING: Final = form_for(Planning)
