"""Sites, where agents sit."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import NameForm
from ccsim.language.hours import WeekHours
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.language.special_days import DATED_HOURS, SpecialDay, SpecialDaysForm, split_dated
from ccsim.language.zones import CALENDAR, ZONE, ZonedForm
from ccsim.text.paths import joined
from ccsim.text.quantities import Name, Share
from ccsim.text.tree import Map


class Site(Section):
    """A site: a place where agents work."""

    region: Name = field(form=NameForm(offers="regions"))
    """Region."""
    time_zone: str = field(form=ZONE)
    """Time zone of its hours and shifts."""
    hours: WeekHours = field(form=DATED_HOURS)
    """Opening hours; shifts must lie within them. Dates may stand beside the weekdays, `{mon-fri: 08:00-18:00,
    2026-12-24: 08:00-12:00}`; they are special days."""
    holidays: str | None = field(default=None, form=CALENDAR, label="public holidays")
    """Calendar of its public holidays: a country (`PH`) or a part of one (`US-TX`). Without one it works on all
    days."""
    special_days: dict[str, SpecialDay] = field(
        default_factory=dict, form=SpecialDaysForm(shares=True), label="special day"
    )
    """What holds on single dates in place of their weekdays and of public holidays: `08:00-12:00`, `closed`, `holiday`
    (a public holiday that the calendar does not have), `workday` (none, whatever the calendar says) or the share of
    the roster that works, `20%`, as in an outage; the others are then away, paid. Outside the
    hours of a date nobody works, and is not paid. On a date that opens though its weekday never does, people work as
    on the closed special day next to it, else as on the last day before it that has hours."""
    on_holidays: Share = field(default=0.0, label="roster at work on public holidays")
    """Share of the roster that works on the site's public holidays; the others are away, paid."""


def _site(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    own = any(day.holiday for day in values.get("special_days", {}).values())
    if "on_holidays" in values and "holidays" not in values and not own:
        why = "needs `holidays:`, the calendar of the site, or a date that is a `holiday` in `special_days:`"
        return rd.fault(why, node.entries["on_holidays"].place, joined(key, "on_holidays"))
    return values


SITES: Final = ZonedForm(form_for(Site, finish=_site, early=split_dated, lenient=True), of="sites")
