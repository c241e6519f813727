"""Random pools: who works when, breaks at random, special days, and dates with shifts of their own."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ccsim.language.curves import Grid
from ccsim.language.hours import WeekHours
from ccsim.language.laws import Constant, Empirical, Erlang, Exponential, Gamma, Uniform
from ccsim.language.pools import Pool
from ccsim.language.quality import Quality, QualityEffect
from ccsim.language.random_breaks import RandomBreaks
from ccsim.language.shift_patterns import PatternBreak, ShiftPattern
from ccsim.language.shifts import Break, Shift
from ccsim.language.sites import Site
from ccsim.language.skills import Skill
from ccsim.language.special_days import SpecialDay
from ccsim.language.tenure import Tenure
from ccsim.units import DAY, HOUR, MINUTE, SECOND
from tests.support.random_laws import factors

DATES = ("2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25", "2026-06-01", "2026-06-02")
"""What is simulated: two dates for each start of a random scenario."""


@st.composite
def special_days(draw: st.DrawFn, words: bool = False) -> dict[str, SpecialDay]:
    """What holds on the dates that are simulated; `words`: a date may be a public holiday too."""
    said = [
        None,
        SpecialDay(spans=()),
        SpecialDay(spans=((5 * HOUR, 11 * HOUR),)),
        SpecialDay(spans=((0, 3 * HOUR), (19 * HOUR, 27 * HOUR))),
    ]
    said += [SpecialDay(holiday=True), SpecialDay(holiday=False)] if words else []
    days = {day: draw(st.sampled_from(said)) for day in DATES}
    return {day: one for day, one in days.items() if one is not None} if draw(st.booleans()) else {}


@st.composite
def breaks(draw: st.DrawFn) -> RandomBreaks:
    """Breaks at random, often due on whole minutes."""
    every = [Constant(value=20 * MINUTE), Exponential(mean=30 * MINUTE), Uniform(low=0, high=HOUR)]
    every += [Erlang(mean=40 * MINUTE, k=3), Gamma(mean=15 * MINUTE, shape=0.7)]
    length = [Constant(value=MINUTE), Constant(value=10 * MINUTE), Exponential(mean=5 * MINUTE)]
    length += [Empirical(values=(0, 30 * SECOND, 20 * MINUTE)), Gamma(mean=4 * MINUTE, shape=2.5)]
    return RandomBreaks(
        every=draw(st.sampled_from(every)),
        length=draw(st.sampled_from(length)),
        when=draw(st.sampled_from(["idle", "after_contact"])),
        paid=draw(st.booleans()),
    )


@st.composite
def shift_lists(draw: st.DrawFn) -> tuple[Shift, ...]:
    """One or two shifts of weekdays, perhaps one of single dates."""
    found = []
    on = draw(st.lists(st.sampled_from(DATES), min_size=1, max_size=4, unique=True)) if draw(st.booleans()) else []
    for number in range(draw(st.integers(1, 2)) + bool(on)):
        length = draw(st.sampled_from([2 * HOUR, 5 * HOUR, 9 * HOUR]))
        breaks = ()
        if draw(st.booleans()):
            breaks = (Break(after=30 * MINUTE, length=15 * MINUTE, paid=draw(st.booleans())),)
        found.append(
            Shift(
                agents=draw(st.integers(1, 3)),
                start=draw(st.integers(0, 23)) * HOUR,
                length=length,
                breaks=breaks,
                **({"on": tuple(on), "days": ()} if on and number == 0 else {}),
            )
        )
    return tuple(found)


@st.composite
def qualities(draw: st.DrawFn) -> Quality:
    """What a pool resolves, escalates and transfers beside its tier."""
    effects = st.builds(QualityEffect, times=st.sampled_from([0.5, 1.0, 1.2]), add=st.sampled_from([0.0, -0.1, 0.1]))
    return Quality(resolved=draw(effects), escalated=draw(effects), transferred=draw(effects))


@st.composite
def tenures(draw: st.DrawFn) -> dict[str, Tenure]:
    """Agents of a pool who handle contacts otherwise than the rest."""
    return {
        name: Tenure(share=share, handle_time=draw(factors), quality=draw(st.none() | qualities()))
        for name, share in draw(st.sampled_from([[("new", 0.3)], [("new", 0.5), ("learning", 0.5)]]))
    }


@st.composite
def pools(draw: st.DrawFn, names: list[str]) -> Pool:
    skills = None
    if draw(st.booleans()):
        skills = {
            name: Skill(
                level=draw(st.integers(1, 2)),
                handle_time=draw(factors),
                quality=draw(st.sampled_from([None, None, None, draw(qualities())])),
            )
            for name in names
        }
    shifts: tuple[Shift, ...] = ()
    leave: tuple[str, ...] = ()
    staffing = None
    if draw(st.booleans()):
        shifts = draw(shift_lists())
        dated = {day for shift in shifts for day in shift.on}
        leave = draw(st.sampled_from([(), (), tuple(day for day in DATES[1::2] if day not in dated)]))
    else:
        values = draw(st.lists(st.integers(0, 5), min_size=4, max_size=4))
        staffing = Grid(every=DAY // 4, values=tuple(float(v) for v in (values if any(values) else [2] * 4)))
    return Pool(
        tier=("t1", "t2"),
        skills=skills,
        staffing=staffing,
        shifts=shifts,
        leave_on=leave,
        breaks=draw(st.none() | breaks()),
        keep_free=draw(st.integers(0, 2)),
        quality=draw(st.sampled_from([None, None, draw(qualities())])),
        tenure=draw(st.sampled_from([{}, {}, draw(tenures())])),
        handle_time=draw(factors),
        paid_hour=draw(st.sampled_from([0.0, 10.0, 20.0])),
    )


ALL_WEEK = WeekHours(spans=((0, 7 * DAY),))
PATTERN = ShiftPattern(paid=8 * HOUR, starts=(0, 6 * HOUR, 14 * HOUR), breaks=(PatternBreak(length=15 * MINUTE),))


@st.composite
def placed(draw: st.DrawFn, pool: Pool) -> Pool:
    """A pool with a site, a vendor, languages and a certification, or without."""
    return pool.model_copy(
        update={
            "site": draw(st.sampled_from([None, "austin", "berlin"])),
            "vendor": draw(st.sampled_from([None, "own", "helper"])),
            "languages": draw(st.sampled_from([None, {"en": 0.8}, {"de": 1.0, "en": 0.9}, {"es": 1.0}])),
            "certifications": draw(st.sampled_from([(), ("payments",)])),
            "segments": draw(st.sampled_from([None, None, ("gold",), ("all", "gold")])),
        }
    )


@st.composite
def homes(draw: st.DrawFn) -> Pool:
    """A pool that may take everything, so that every visit has an eligible pool."""
    common: dict[str, Any] = {"tier": ("t1", "t2"), "site": "austin", "vendor": "own", "certifications": ("payments",)}
    common["breaks"] = draw(st.none() | breaks())
    if draw(st.booleans()):
        return Pool(**common, staffing=Grid(every=DAY, values=(float(draw(st.integers(1, 4))),)))
    return Pool(**common, headcount=5, patterns=("day",), shrinkage={"absence": 0.3, "leave": 0.1, "training": 0.1})


@st.composite
def sites(draw: st.DrawFn) -> dict[str, Site]:
    """Two sites that are open round the clock but for special days."""
    return {
        "austin": Site(
            region="NA",
            time_zone="America/Chicago",
            hours=ALL_WEEK,
            special_days=draw(special_days(words=True)),
            on_holidays=draw(st.sampled_from([0.0, 0.4])),
        ),
        "berlin": Site(
            region="EMEA",
            time_zone="Europe/Berlin",
            hours=ALL_WEEK,
            special_days=draw(special_days(words=True)),
        ),
    }
