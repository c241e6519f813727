"""What reports are about: the calendar that they go by, the days that they look at, the working week of one FTE."""

from __future__ import annotations

from typing import Final

from ccsim.language.chosen_time import CHOSEN_DAYS
from ccsim.language.derive import form_for
from ccsim.language.hours import WeekHours
from ccsim.language.section import Section, field
from ccsim.language.zones import ZONE
from ccsim.text.quantities import Duration
from ccsim.units import HOUR, WEEK


class Report(Section):
    """The calendar of reports, and what they look at; nothing here changes what is simulated."""

    time_zone: str = field(default="", form=ZONE, none="the scenario's", default_says="the scenario's")
    """Time zone whose days, weeks and months are told and judged."""
    days: tuple[str, ...] = field(default=(), form=CHOSEN_DAYS, none="every day")
    """Days that the page looks at on their own: dates, days of the week, or both."""
    hours: WeekHours | None = field(default=None, none="all hours")
    """Hours that the page looks at on their own, on those days, in this section's `time_zone`."""
    full_time_week: Duration = field(default=40 * HOUR, above=0, most=WEEK, label="full-time week")
    """Paid hours of one full-time equivalent (FTE) in a week."""


REPORT: Final = form_for(
    Report, instead={"losses": "all that customers lose on the `days` is told, by market and hour; leave it out"}
)
