"""Where agents sit and who employs them: sites, vendors, the patterns of their shifts."""

from __future__ import annotations

from typing import Annotated, Literal

from ccsim.language.queue_groups import WeekHours
from ccsim.language.section import Field, Section
from ccsim.text.quantities import Count, Duration, Money, Name, Ratio, Share, TimeOfDay


class Site(Section):
    """A place where agents work."""

    region: Name
    """Region."""
    time_zone: str
    """Zone of its hours and shifts."""
    hours: WeekHours
    """When it is open; shifts lie inside."""
    holidays: str | None = None
    """Calendar of its public holidays: a country (`PH`) or a part of one (`US-TX`); none: it works on all days."""
    on_holidays: Share = 0.0
    """Share of the roster that works on its public holidays; the others are paid and away."""


class PremiumWindow(Section):
    """Hours of the week that cost more. In YAML the days with their hours, and `times` or `add`:
    `{mon-thu: 17:00-08:00, times: 1.5}`."""

    hours: WeekHours
    """Hours of the site's clock; `mon: 17:00-08:00` ends on Tuesday morning."""
    extra: Ratio
    """What is added to the rate. In YAML `add: 50%`, or `times: 1.5`."""


class Premiums(Section):
    """What is added to the hourly rate, for time that is worked (paid breaks and training in it too); whole days away
    are paid without."""

    night: Ratio = 0.0
    """Hours from 22:00 to 06:00 of the site's clock. In YAML also `{from: 21:00, to: 07:00, add: 25%}`, which becomes
    one of `hours`."""
    weekend: Ratio = 0.0
    """Saturdays and Sundays of the site's clock."""
    holiday: Ratio = 0.0
    """Public holidays of the site that are worked."""
    overtime: Ratio = 0.0
    """Time after the planned end of a shift."""
    hours: tuple[PremiumWindow, ...] = ()
    """Other hours of the week that cost more, as on a rate card."""
    combine: Literal["add", "highest"] = "add"
    """What applies together: all of it added up, or the highest alone."""


class WorkedShare(Section):
    """Shrinkage by a cause, of the time that is worked: of what whole days away leave. In YAML
    `{share: 10%, of: worked}`."""

    share: Share
    """Share of the worked time."""


class Vendor(Section):
    """A company that employs pools, or the house itself."""

    kind: Literal["in_house", "bpo"] = "bpo"
    """In-house, or an outsourcer."""
    paid_hour: Money = 0.0
    """Price of a paid hour, for pools that do not name their own."""
    premiums: Premiums = Field(default_factory=Premiums)
    """What is added to it at night, on weekends, ..."""
    billed_in: Duration = 0
    """Step in which the paid time of a stay, from signing in to signing out, is billed: `15m` bills 7 h 50 min as 8 h.
    Unpaid breaks are no paid time. What rounding adds costs the plain price, where the stay ends. Default: as it
    is."""
    minimum_hours_per_week: Ratio = 0.0
    """Hours with premiums that are billed at least, in proportion to the counted time; what is missing costs the
    vendor's `paid_hour`, and its pools bear it in proportion to their hours."""
    shrinkage: dict[Name, Share | WorkedShare] | None = None
    """Shrinkage of pools that do not name their own, by cause; see `pools.NAME.shrinkage`."""


class PatternBreak(Section):
    """A break of a shift pattern; breaks divide the shift into equal parts, moved by up to half an hour from person to
    person."""

    length: Duration
    """Length."""
    paid: bool = True
    """Whether it is paid. In YAML `15m`, or `30m unpaid`."""


class ShiftPattern(Section):
    """How a day and a week of work look; the roster chooses starts and days off."""

    paid: Annotated[Duration, Field(gt=0)]
    """Paid time of a shift: work and paid breaks."""
    starts: tuple[TimeOfDay, ...]
    """Possible starts, by the site's clock."""
    breaks: tuple[PatternBreak, ...] = ()
    """Breaks in order."""
    split_after: Duration | None = None
    """Of a split shift: time from its start to the gap. In YAML `split: {after: 4h, gap: 3h}`."""
    split_gap: Duration = 0
    """Length of the gap; unpaid."""
    work_days: Annotated[Count, Field(ge=1, le=7)] = 5
    """Shifts a week of one agent; the days off lie together and rotate."""
    days: tuple[Annotated[int, Field(ge=0, le=6)], ...] = (0, 1, 2, 3, 4, 5, 6)
    """Weekdays on which it may start, Monday 0. In YAML `mon-fri`."""
    share: Share | None = None
    """Share of the pool's headcount on this pattern; none: the roster decides."""

    @property
    def length(self) -> int:
        """From start to end, unpaid breaks and the gap of a split shift included, microseconds."""
        return self.paid + self.split_gap + sum(pause.length for pause in self.breaks if not pause.paid)
