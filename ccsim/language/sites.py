"""Sites, where agents sit."""

from __future__ import annotations

from typing import Final

from ccsim.language.derive import form_for
from ccsim.language.hours import WeekHours
from ccsim.language.section import Needs, Section, field
from ccsim.language.zones import CALENDAR, ZONE, ZonedForm
from ccsim.text.quantities import Name, Share


class Site(Section):
    """A place where agents work."""

    region: Name
    """Region."""
    time_zone: str = field(form=ZONE)
    """Zone of its hours and shifts."""
    hours: WeekHours
    """When it is open; shifts lie inside."""
    holidays: str | None = field(default=None, form=CALENDAR, label="public holidays")
    """Calendar of its public holidays: a country (`PH`) or a part of one (`US-TX`); none: it works on all days."""
    on_holidays: Share = field(
        default=0.0, label="roster at work on public holidays", needs=Needs("holidays", "the calendar of the site")
    )
    """Share of the roster that works on its public holidays; the others are paid and away."""


SITES: Final = ZonedForm(form_for(Site, lenient=True), of="sites")
