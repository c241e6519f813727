"""Checks of those who work: rosters, sites, skills."""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from ccsim.language.hours import WeekHours, hours_text
from ccsim.language.pools import Pool
from ccsim.language.quality import Quality
from ccsim.language.shares import TOLERANCE, percent
from ccsim.language.shift_patterns import ShiftPattern
from ccsim.language.shrinkage import WHOLE_DAYS, block_shares, rostered_shares, shrinkage_of
from ccsim.language.special_days import special_day_text
from ccsim.scenario.checks.whole import Whole
from ccsim.text.scalars import clock_text, duration_text
from ccsim.units import DAY, WEEK


def preferences(whole: Whole) -> None:
    """Pools that a workflow names have its skill and one of its tiers."""
    for name, workflow in whole.workflows.items():
        groups = [(("pools", str(at)), group) for at, group in enumerate(workflow.pools)]
        groups += [(("overflow", str(at)), step.pools) for at, step in enumerate(workflow.overflow)]
        for where, group in groups:
            for pool_name in group:
                pool = whole.pools.get(pool_name)
                if pool is None or whole.spoilt("pools", pool_name):
                    continue
                if pool.skills is not None and name not in pool.skills:
                    skills = ", ".join(sorted(pool.skills))
                    message = f"pool {pool_name} does not have the skill {name}; it has {skills}"
                    whole.fault(message, "workflows", name, *where)
                elif not set(pool.tier) & set(whole.tiers(name)):
                    message = f"pool {pool_name} takes tiers {', '.join(pool.tier)}, of which {name} has none"
                    whole.fault(message, "workflows", name, *where)


def rosters(whole: Whole) -> None:
    """The patterns of a pool fit its site, its shrinkage and one another."""
    outside: dict[tuple[str, str], str] = {}
    for name, pool in whole.pools.items():
        if pool.headcount is None or whole.spoilt("pools", name):
            continue
        patterns = {
            pattern: whole.scenario.shift_patterns[pattern]
            for pattern in pool.patterns
            if pattern in whole.scenario.shift_patterns and not whole.spoilt("shift_patterns", pattern)
        }
        _shares(whole, name, pool, patterns)
        _blocks(whole, name, pool, patterns)
        site = whole.scenario.sites.get(pool.site or "")
        if site is None or site.hours is None or whole.spoilt("sites", pool.site or ""):
            continue
        for at, pattern in enumerate(pool.patterns):
            if pattern in patterns:
                key = (pattern, pool.site or "")
                if key not in outside:
                    outside[key] = _outside(patterns[pattern], site.hours)
                if outside[key]:
                    why = f"pattern {pattern} at site {pool.site}: {outside[key]}"
                    whole.fault(why, "pools", name, "shifts", str(at) if pool.people_on is None else pattern)


def published(whole: Whole) -> None:
    """Only whole days away come on top of a published roster, which says the rest itself."""
    for name, pool in whole.pools.items():
        if pool.roster is None or whole.spoilt("pools", name):
            continue
        said, vendor = shrinkage_of(whole.scenario, pool)
        blocks = [cause for cause, share in rostered_shares(said).items() if cause not in WHOLE_DAYS and share > 0.0]
        if not blocks:
            continue
        causes = ", ".join(blocks)
        if vendor:
            why = f"pool {name}: its published roster says when people are away in a shift; of the shrinkage of vendor "
            whole.assume(f"{why}{vendor} only whole days come on top, not {causes}", "pools", name, "roster")
        else:
            whole.fault(
                f"a published roster says itself when people are away in a shift: {causes} would be taken off twice; "
                f"leave {'them' if len(blocks) > 1 else 'it'} out, or write such time as rows of the roster. Only "
                f"{' and '.join(WHOLE_DAYS)} come on top",
                *("pools", name, "shrinkage"),
            )


def billed_by_activity(whole: Whole) -> None:
    """Where a vendor bills stays in steps, people who change between pools have several stays a shift."""
    told: set[str] = set()
    for name, pool in whole.pools.items():
        if pool.roster is None or not pool.roster.group_of or whole.spoilt("vendors") or pool.roster.group_of in told:
            continue
        vendor = whole.scenario.vendors.get(pool.vendor or "")
        if vendor is not None and vendor.billed_in:
            told.add(pool.roster.group_of)
            whole.warn(
                f"vendor {pool.vendor} bills stays in steps of {duration_text(vendor.billed_in)}, and each activity is "
                "a stay of its own: every change of activity is rounded up",
                *("pools", name, "roster"),
            )


def dated_shifts(whole: Whole) -> None:
    """Shifts of single dates lie within the hours that their site has on those dates."""
    for name, pool in whole.pools.items():
        site = whole.scenario.sites.get(pool.site or "")
        if site is None or whole.spoilt("pools", name) or whole.spoilt("sites", pool.site or ""):
            continue
        for number, shift in enumerate(pool.shifts):
            for day in shift.on:
                special = site.special_days.get(day)
                end = shift.start + shift.length
                if special is None or special.spans is None:
                    continue
                if not any(opens <= shift.start and end <= closes for opens, closes in special.spans):
                    here = special_day_text(special)
                    why = f"site {pool.site} is {'' if special.closed else 'open '}{here} on {day}: the shift is cut"
                    whole.warn(why, "pools", name, "shifts", str(number), "on")


def parts_of_rosters(whole: Whole) -> None:
    """A date on which a part of the roster works is of sites whose pools have rosters."""
    for name, pool in whole.pools.items():
        site = whole.scenario.sites.get(pool.site or "")
        if (
            site is None
            or pool.headcount is not None
            or whole.spoilt("pools", name)
            or whole.spoilt("sites", pool.site or "")
        ):
            continue
        for day, special in site.special_days.items():
            if special.at_work is not None:
                share = f"{special.at_work:g}"
                instead = (
                    f'"pools.{name}.staffing[{day}]": x{share}' if pool.staffing is not None else "shifts with `on:`"
                )
                why = (
                    f"pool {name} has no headcount of which a part could work; say {instead} in a variant, or `closed`"
                )
                whole.fault(why, "sites", pool.site or "", "special_days", day)


def absences(whole: Whole) -> None:
    """No two pools have the same random-number stream."""
    taken: dict[str, str] = {}
    for name, pool in sorted(whole.pools.items(), key=lambda item: (item[1].draws_as is not None, item[0])):
        own = pool.draws_as or name
        people = (pool.roster.group_of if pool.roster is not None else "") or name
        if taken.setdefault(own, people) != people:
            whole.fault(f"{taken[own]} already uses the random-number stream {own}", "pools", name, "draws_as")


@lru_cache(maxsize=512)
def _outside(pattern: ShiftPattern, hours: WeekHours) -> str:
    """Why a pattern does not fit the hours of a site, naming its starts; empty where it fits."""
    if hours.spans == ((0, WEEK),):
        return ""
    # Spans of two weeks: a shift may begin on Sunday and end on Monday.
    spans = [*hours.spans, *((opens + WEEK, closes + WEEK) for opens, closes in hours.spans)]
    opens_at = [opens for opens, _ in spans]
    length = pattern.length
    good_days: set[int] = set()
    bad_starts = []
    for start in pattern.starts:
        fits = False
        for day in pattern.days if spans else ():
            at = day * DAY + start
            number = bisect_right(opens_at, at)
            if number == 0:
                at += WEEK
                number = bisect_right(opens_at, at)
            if at + length <= spans[number - 1][1]:
                good_days.add(day)
                fits = True
        if not fits:
            bad_starts.append(f"{clock_text(start)}-{clock_text((start + length) % DAY)}")
    if bad_starts:
        shifts, lie = ("the shift", "lies") if len(bad_starts) == 1 else ("the shifts", "lie")
        return f"{shifts} {', '.join(bad_starts)} {lie} outside its hours, {hours_text(hours)}, on every day"
    if len(good_days) < pattern.work_days:
        days = f"{len(good_days)} day{'s' if len(good_days) > 1 else ''}"
        return f"{pattern.work_days} shifts a week do not fit its hours, {hours_text(hours)}, which allow {days}"
    return ""


def _shares(whole: Whole, name: str, pool: Pool, patterns: dict[str, ShiftPattern]) -> None:
    """Patterns with shares leave room for the others."""
    said = [pattern.share for pattern in patterns.values() if pattern.share is not None]
    if len(patterns) < len(pool.patterns) or not said or pool.people_on is not None:
        return
    if sum(said) > 1 + TOLERANCE:
        why = f"the shares of its patterns add up to {percent(sum(said))}; they must not exceed 100%"
        whole.fault(why, "pools", name, "shifts")
    elif len(said) == len(patterns) and sum(said) < 1 - TOLERANCE:
        why = f"the shares of its patterns add up to {percent(sum(said))} and no other pattern takes the rest"
        whole.fault(why, "pools", name, "shifts")


def _blocks(whole: Whole, name: str, pool: Pool, patterns: dict[str, ShiftPattern]) -> None:
    """Paid breaks and blocks of shrinkage leave some of each shift."""
    said, inherited = shrinkage_of(whole.scenario, pool)
    shares = block_shares(rostered_shares(said))
    share = sum(shares.values())
    for pattern_name, pattern in patterns.items():
        breaks = sum(pause.length for pause in pattern.breaks if pause.paid)
        blocks = round(share * pattern.paid)
        if breaks + blocks >= pattern.paid:
            parts = ", ".join(f"{cause} {percent(value)}" for cause, value in shares.items())
            whole.fault(
                f"{duration_text(breaks)} of breaks and {percent(share)} away ({parts} of a shift that "
                f"is worked) fill the shifts of pattern {pattern_name}, {duration_text(pattern.paid)} paid",
                *("pools", name, "shifts" if inherited else "shrinkage"),
            )


def rated(whole: Whole) -> None:
    """Quality that moves ratings has ratings to move."""
    if whole.scenario.satisfaction is not None or whole.spoilt("satisfaction"):
        return
    told: dict[tuple[str, ...], Quality | None] = {
        ("vendors", name): vendor.quality for name, vendor in whole.scenario.vendors.items()
    }
    for name, pool in whole.pools.items():
        told["pools", name] = pool.quality
        told |= {("pools", name, "skills", at): one.quality for at, one in (pool.skills or {}).items()}
        told |= {("pools", name, "tenure", at): one.quality for at, one in pool.tenure.items()}
    for key, quality in told.items():
        if quality is not None and quality.satisfaction and not whole.spoilt(*key):
            whole.warn("nothing is rated, so it changes nothing; say `satisfaction:`", *key, "quality", "satisfaction")


def added_at_all_times(whole: Whole) -> None:
    """People who are added to a file's curve for the whole time, also where it has nobody."""
    horizon = whole.scenario.horizon
    if horizon is None or whole.spoilt("horizon"):
        return
    begin = datetime.fromisoformat(horizon.start)
    end = begin + timedelta(microseconds=horizon.warm_up + horizon.length)
    for name, pool in whole.pools.items():
        if pool.staffing is None or 0.0 not in pool.staffing.values or whole.spoilt("pools", name):
            continue
        for at, change in enumerate(pool.changes):
            since, until = datetime.fromisoformat(change.start), datetime.fromisoformat(change.end)
            if change.add > 0 and since <= begin and until >= end:
                whole.warn(
                    f"+{change.add:g} is added also while the pool has nobody: for some hours alone say them, like "
                    f"pools.{name}.staffing[2026-03-04 14:00..15:00]: +{change.add:g}; x1.1 leaves 0 at 0",
                    *("pools", name, "changes", str(at)),
                )


CHECKS: Final = (
    rated,
    preferences,
    rosters,
    published,
    billed_by_activity,
    dated_shifts,
    parts_of_rosters,
    absences,
    added_at_all_times,
)
