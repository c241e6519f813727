"""Checks of what never ends, and of numbers that nothing can count."""

from __future__ import annotations

from typing import Final

from ccsim.centre.endless import findings
from ccsim.scenario.checks.whole import Whole


def endless(whole: Whole) -> None:
    """Contacts that go in circles, handle times beyond the end of the replication, more contacts than can be
    counted."""
    if whole.faults.count:  # partial: what is written may not be what is meant
        return
    for found in findings(whole.scenario):
        say = {"fault": whole.fault, "refused": whole.refuse, "warning": whole.warn}[found.weight]
        say(found.message, *found.parts)


CHECKS: Final = (endless,)
