"""What `--until` waits for, as a planner writes it."""

from __future__ import annotations

import math
from typing import Final

from ccsim.errors import CcsimError
from ccsim.metrics.decide import Until
from ccsim.text.scalars import Misread, duration, ratio

MOST_REPLICATIONS: Final = 200
"""Cap where none is named."""


def until_rule(text: str, *, most_replications: int | None = None, most_time: str | None = None) -> Until:
    """Read `decided` or `precision=5%`, with its caps.

    Parameters
    ----------
    most_replications
        Replications of each alternative, >= 2; default `MOST_REPLICATIONS`. Fewer than those of the first look
        (`ccsim.metrics.decide.FIRST`) are played all, and looked at once.
    most_time
        A duration, `30m`; default none.

    Raises
    ------
    CcsimError
        It is neither, or a cap that cannot be.
    """
    most = MOST_REPLICATIONS if most_replications is None else most_replications
    if most < 2:
        raise CcsimError("--max-replications: a comparison needs at least 2")
    seconds = math.inf if most_time is None else _seconds(most_time)
    what, equals, width = text.partition("=")
    if what == "decided" and not equals:
        return Until("decided", most_replications=most, most_seconds=seconds)
    if what == "precision" and equals:
        return Until("precision", _width(width), most_replications=most, most_seconds=seconds)
    raise CcsimError(f"--until: expected decided, or precision=5%, got {text!r}")


def _seconds(text: str) -> float:
    try:
        micros = duration(text)
    except Misread as misread:
        raise CcsimError(f"--max-time: {misread}") from None
    if micros <= 0:
        raise CcsimError("--max-time: expected a duration above 0")
    return micros / 1e6


def _width(text: str) -> float:
    try:
        width = ratio(text)
    except Misread as misread:
        raise CcsimError(f"--until precision: {misread}") from None
    if not 0 < width < 1:
        raise CcsimError(f"--until precision: expected more than 0 % and less than 100 %, got {text!r}")
    return width
