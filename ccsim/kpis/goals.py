"""What goals may ask: of which KPIs, limited to what, and in which kind of value."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, Literal

from ccsim.kpis.definitions import SURGE_SCOPES, scopes_of
from ccsim.kpis.kpi import Kpi

QUEUE_SCOPES: Final = ("workflow", "channel", "segment", "severity", "market", "language", "cause", "tier", "bot")
"""What a goal about queues may be limited to, in the order in which it is printed."""
POOL_SCOPES: Final = ("site", "vendor", "pool")
"""What a goal about pools may be limited to; a KPI that is split by pool alone goes by tier, too."""
WITH_POOLS: Final = ("workflow", "channel", "market", "language")
"""What a goal about contacts by who answered them may be limited to beside a site, a vendor or a pool."""
SCOPES: Final = (*QUEUE_SCOPES, *POOL_SCOPES, *SURGE_SCOPES)
IN_OTHER_WORDS: Final = {
    "first_contact_resolution": "fcr",
    "first_call_resolution": "fcr",
    "first_level_resolution": "flr",
    "average_handle_time": "aht",
    "average_speed_of_answer": "asa",
    "abandonment_rate": "abandonment",
    "abandon_rate": "abandonment",
    "sla": "service_level",
    "resolution_rate": "case_resolution",
    "reopened": "reopen_rate",
    "hand_off": "handed_off",
    "net_promoter_score": "nps",
}
"""Words of the trade that are no names of KPIs, and the KPI that is meant."""


def value_of(kpi: Kpi) -> Literal["share", "time", "money", "ratio", "score", "points"]:
    """In which kind of value a target is written; a share that may be above 1 is a ratio."""
    if kpi.unit in ("of 5", "points"):
        return "score" if kpi.unit == "of 5" else "points"
    if kpi.unit == "share":
        return "ratio" if kpi.above_one else "share"
    if kpi.unit == "s":
        return "time"
    return "money" if kpi.unit.startswith("money") else "ratio"


def scopes_of_goal(kpi: Kpi) -> tuple[str, ...]:
    """What a goal about a KPI may be limited to."""
    if kpi.by_pool and not kpi.allocated:
        return ("tier", *POOL_SCOPES)
    return tuple(scope for scope in SCOPES if scope in scopes_of(kpi))


def faults_of(
    kpi: Kpi, scopes: Collection[str], *, at_least: float | None, at_most: float | None, within: int | None
) -> Iterator[tuple[str, str]]:
    """What is wrong with a goal: the field (empty: the whole goal) and why.

    Parameters
    ----------
    scopes
        What it is limited to, of `SCOPES`.
    at_least, at_most
        Its targets, None where it has none.
    within
        Its threshold T in microseconds.
    """
    if at_least is None and at_most is None:
        yield "", "expected at_least or at_most"
    elif at_least is not None and at_most is not None and at_least > at_most:
        yield "", "expected at_least below at_most"
    if within is not None and not kpi.by_threshold:
        where = "; say `target` in the surge's `restored`" if kpi.of_surges else ""
        yield "within", f"belongs to service_level, not to {kpi.name}{where}"
    if kpi.of_surges:
        yield from _faults_of_surges(kpi, scopes)
    allowed = scopes_of_goal(kpi)
    strange = [scope for scope in SCOPES if scope in scopes and scope not in allowed]
    for scope in strange:
        yield scope, f"{kpi.name} is not counted by {scope}; by {', '.join(allowed)}"
    if (kpi.allocated or kpi.by_answerer) and not strange:
        by_queue, by_pool = ([one for one in of if one in scopes] for of in (QUEUE_SCOPES, POOL_SCOPES))
        together = WITH_POOLS if kpi.by_answerer else ()
        if by_pool and not set(by_queue) <= set(together):
            queues, pools = " and ".join(by_queue), " and ".join(by_pool)
            why = f"{kpi.name} is counted by {queues} or by {pools}, not by both together: say a goal for each"
            kept = f", or one by {pools} and {', '.join(WITH_POOLS[:-1])} or {WITH_POOLS[-1]}" if together else ""
            kept += ", which are kept together" if together else ""
            yield "", why + kept
        elif len(by_pool) > 1 and kpi.assigned:
            yield "", f"{kpi.name} is counted by {' or by '.join(by_pool)}, not by both together"


def _faults_of_surges(kpi: Kpi, scopes: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is wrong with a goal about surges."""
    if kpi.denominator == "restored":
        yield (
            "kpi",
            f"{kpi.name} has no mean of all replications where one is not restored; say `target: 4h` in the surge's "
            "`restored`, and judge restored_in_time, at_least: 90%",
        )
    if not set(SURGE_SCOPES) & set(scopes):
        yield "", "say `surge`: each surge is restored in a time of its own"


def time_faults(kpi: Kpi, scopes: Collection[str], said: Collection[str], *, band: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with when a goal is to hold: the field (empty: the whole goal) and why.

    Parameters
    ----------
    scopes
        What it is limited to, of `SCOPES`.
    said
        Those of `by`, `worst`, `days`, `hours` that it says.
    band
        Whether it has both targets.
    """
    if not said:
        return
    first = next(iter(said))
    by_pool = [scope for scope in scopes if kpi.by_answerer and scope in POOL_SCOPES]
    by_queue = [scope for scope in scopes if scope in QUEUE_SCOPES]
    shared = kpi.by(next(iter((*by_pool, *by_queue)), "all"), tuple((scope, "") for scope in by_queue))
    if not shared.kept_by_time:
        what = f"{kpi.name} by {' and '.join(scopes)}" if kpi.kept_by_time else kpi.name
        if shared.within:
            why = f"is kept for the whole counted time: leave out `{first}`, or {' and '.join(by_queue)}"
        else:
            why = "is not known by time: only KPIs are that are ratios of sums by interval"
        yield first, f"{what} {why}"
    elif shared.of_answerer and "hours" in said:
        parts = " and ".join(scope for scope in scopes if scope in POOL_SCOPES)
        yield "hours", f"{kpi.name} by {parts} is kept by day: leave out `hours`, or judge it by workflow or channel"
    if "by" in said and "worst" in said:
        yield "worst", "expected `by` (every period, on average) or `worst` (the worst of each replication), not both"
    if band and ("by" in said or "worst" in said):
        yield "", "expected at_least or at_most: of two limits no period is the worst one"
