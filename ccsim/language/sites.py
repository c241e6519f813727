"""Sites, where agents sit."""

from __future__ import annotations

from typing import Final

from ccsim.language.derive import form_for
from ccsim.language.hours import WeekHours
from ccsim.language.section import Needs, Section, field
from ccsim.language.zones import CALENDAR, ZONE, ZonedForm
from ccsim.text.quantities import Name, Share


class Site(Section):
    """A site: a place where agents work."""

    region: Name
    """Region."""
    time_zone: str = field(form=ZONE)
    """Time zone of its hours and shifts."""
    hours: WeekHours
    """Opening hours; shifts must lie within them."""
    holidays: str | None = field(default=None, form=CALENDAR, label="public holidays")
    """Calendar of its public holidays: a country (`PH`) or a part of one (`US-TX`). Without one it works on all
    days."""
    on_holidays: Share = field(
        default=0.0, label="roster at work on public holidays", needs=Needs("holidays", "the calendar of the site")
    )
    """Share of the roster that works on the site's public holidays; the others are away, paid."""


SITES: Final = ZonedForm(form_for(Site, lenient=True), of="sites")
