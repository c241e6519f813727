"""Markets, where customers are, and causes, why they get in touch."""

from __future__ import annotations

from typing import Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, NameForm, names_of
from ccsim.language.section import Section, field
from ccsim.language.shares import SplitForm
from ccsim.language.special_days import SpecialDay, SpecialDaysForm
from ccsim.language.zones import CALENDAR, ZONE, ZonedForm
from ccsim.text.quantities import LocalTime, Name, Share


class Market(Section):
    """A market: where customers are."""

    region: Name = field(form=NameForm(offers="regions"))
    """Its region. Sites in the same region serve it first (see `routing`)."""
    time_zone: str = field(form=ZONE)
    """Time zone of its profiles, surges and holidays."""
    holidays: str | None = field(default=None, form=CALENDAR, label="public holidays")
    """Calendar of public holidays: a country (`DE`) or a part of one (`DE-BY`). Without one there are no holidays."""
    special_days: dict[str, SpecialDay] = field(
        default_factory=dict, form=SpecialDaysForm(hours=False), label="special day"
    )
    """Dates that are a public holiday though the calendar does not have them (`holiday`), or none though it does
    (`workday`): `{2026-12-24: holiday}`. Volumes meet them by their `holidays`."""
    languages: dict[Name, Share] = field(default_factory=dict, form=SplitForm("languages"))
    """Shares of the customers' languages, 100 % together."""
    residency: tuple[Name, ...] | None = field(
        default=None,
        form=names_of("regions"),
        label="regions that may serve it",
        none="all",
    )
    """Residency: the regions whose sites may handle its contacts. Default: every region."""


MARKETS: Final = ZonedForm(form_for(Market, lenient=True), of="markets")


class Cause(Section):
    """A cause: why customers get in touch."""

    kind: Literal["defect", "policy", "how_to", "other"] = "other"
    """Kind of cause."""
    fixed: LocalTime | None = None
    """When the cause is fixed, in local time of the market; from then on it brings no more contacts."""
    remaining: Share = field(default=0.0, label="remaining once fixed")
    """Share of its contacts that still come after it is fixed."""


CAUSES: Final = DictForm(form_for(Cause, lenient=True), of="causes", most=1_000)
