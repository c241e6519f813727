"""What `--until` waits for, as a planner writes it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from ccsim.errors import CcsimError
from ccsim.kpis.definitions import KPIS
from ccsim.metrics.decide import FIRST, Until
from ccsim.text.scalars import Misread, duration, number, ratio

if TYPE_CHECKING:
    from ccsim.language.goals import Goal
    from ccsim.results.measured import Measured

MOST_REPLICATIONS: Final = 200
"""Cap where none is named."""


def until_rule(text: str, *, most_replications: int | None = None, most_time: str | None = None) -> Until:
    """Read `decided`, `precision=5%` or `best=cost_per_day,within=500`, with its caps.

    Parameters
    ----------
    most_replications
        Replications of each alternative, >= 2; default `MOST_REPLICATIONS`. Fewer than those of the first look
        (`ccsim.metrics.decide.FIRST`) are simulated all, and looked at once.
    most_time
        A duration, `30m`; default none.

    Raises
    ------
    CcsimError
        It is none of them, a KPI that alternatives cannot be ranked by, or a cap that cannot be.
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
    if what == "best" and equals:
        kpi, zone = _ranked(width)
        return Until("best", kpi=kpi, zone=zone, most_replications=most, most_seconds=seconds)
    raise CcsimError(f"--until: expected decided, precision=5%, or best=cost_per_day,within=500, got {text!r}")


def until_of_points(
    text: str | None, *, replications: int | None = None, most_replications: int | None = None
) -> Until | None:
    """What each point of a sweep waits for: `decided` (whether it meets all goals) or `precision=5%` (of its own
    KPIs of the goals). None: for nothing, as all have the same replications. Errors as of `until_rule`, and where a cap
    has no rule.

    Parameters
    ----------
    replications
        Those of the first look, at least `ccsim.metrics.decide.FIRST`; default that.
    """
    if text is None:
        if most_replications is not None:
            raise CcsimError("--max-replications: says how many --until may take; give --until, or --replications")
        return None
    until = until_rule(text, most_replications=most_replications)
    if until.what == "best":
        raise CcsimError("--until best: a sweep has decided or precision=5%; ask a finished one with --best KPI")
    first = FIRST if replications is None else replications
    if first < FIRST:
        raise CcsimError(f"--replications: with --until those of the first look, at least {FIRST}, got {first}")
    if first > until.most_replications:
        raise CcsimError(f"--replications: {first} is more than --max-replications ({until.most_replications})")
    return replace(until, first=first)


def check_until(until: Until, goals: Sequence[Goal], measured: Iterable[Measured]) -> None:
    """`CcsimError` where a rule cannot be waited for: there are no goals, or prices are drawn beforehand."""
    if until.what != "best" and not goals:
        raise CcsimError("--until waits for the KPIs of the base's goals, and the base has none")
    if any(one.drawn is not None for one in measured):
        raise CcsimError(
            "prices are uncertain inputs, and are drawn beforehand: give --replications in place of --until"
        )


def _ranked(text: str) -> tuple[str, float]:
    """KPI and indifference zone of `cost_per_day,within=500`."""
    name, _, said = text.partition(",")
    what, _, zone = said.partition("=")
    if what != "within":
        raise CcsimError(
            f"--until best: expected a KPI and the least difference that matters, as best=cost_per_day,within=500, "
            f"got {text!r}"
        )
    ranked = {
        kpi: one
        for kpi, one in KPIS.items()
        if one.better != "neither" and one.kind == "ratio" and not one.by_threshold
    }
    if name not in ranked:
        near = get_close_matches(name, ranked, n=1)
        why = "is no KPI that alternatives can be ranked by" if name in KPIS else "is no KPI"
        raise CcsimError(f"--until best: {name!r} {why}" + (f"; did you mean {near[0]!r}?" if near else ""))
    unit = ranked[name].unit
    try:
        if unit == "share":
            least = ratio(zone)
        else:
            least = duration(zone) / 1e6 if unit == "s" else number(zone)
    except Misread as misread:
        raise CcsimError(f"--until best: within: {misread}") from None
    if not least > 0:
        raise CcsimError(f"--until best: within: expected more than 0, got {zone!r}")
    return name, least


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
