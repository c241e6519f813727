"""The planner's rule for required agents, as it is written."""

from __future__ import annotations

from typing import Final

from ccsim.language.derive import KINDS, quantity, section_form
from ccsim.language.forms import ScalarForm
from ccsim.language.planning import Planning
from ccsim.text import scalars
from ccsim.text.tree import shown


def _share_between(text: str) -> float:
    """A share above 0 and below 100 %."""
    value = scalars.share(text)
    if not 0 < value < 1:
        raise scalars.Misread(f"expected a share above 0% and below 100%, got {shown(text)}")
    return value


PLANNING: Final = section_form(
    Planning,
    {},
    forms={
        "answered": ScalarForm(_share_between, "a share above 0% and below 100%", KINDS["share"][2]),
        "occupancy": quantity("share", above=0),
    },
)
