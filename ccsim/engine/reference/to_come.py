"""A contact that is to come, after its customer has left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ccsim.engine.reference.visit import Visit


@dataclass(frozen=True, slots=True, eq=False)
class ToCome:
    """A contact that is to come: the customer of a visit comes back."""

    after: Visit
    place: int
    due: int
    handled: int
    """Contacts of the case until then that reached an agent."""
