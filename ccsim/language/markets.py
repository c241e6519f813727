"""Markets, where customers are, and causes, why they get in touch."""

from __future__ import annotations

from typing import Final, Literal

from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, names_of
from ccsim.language.section import Section, field
from ccsim.language.shares import SplitForm
from ccsim.language.zones import CALENDAR, ZONE, ZonedForm
from ccsim.text.quantities import LocalTime, Name, Share


class Market(Section):
    """Where customers are."""

    region: Name
    """Region: sites of the same region are near."""
    time_zone: str = field(form=ZONE)
    """Zone of its profiles, launches and holidays."""
    holidays: str | None = field(default=None, form=CALENDAR, label="public holidays")
    """Calendar of public holidays: a country (`DE`) or a part of one (`DE-BY`); none: no holidays."""
    languages: dict[Name, Share] = field(default_factory=dict, form=SplitForm("languages"))
    """Shares of the customers' languages, 100 % together."""
    residency: tuple[Name, ...] | None = field(
        default=None,
        form=names_of("regions"),
        label="regions that may serve it",
        none="all",
    )
    """Regions whose sites may handle its contacts; none: every region."""


MARKETS: Final = ZonedForm(form_for(Market, lenient=True), of="markets")


class Cause(Section):
    """Why customers get in touch."""

    kind: Literal["defect", "policy", "how_to", "other"] = "other"
    """Kind of cause."""
    fixed: LocalTime | None = None
    """Local time of the market from which it makes no more contacts."""
    remaining: Share = field(default=0.0, label="remaining once fixed")
    """Share of its contacts that still come once it is fixed."""


CAUSES: Final = DictForm(form_for(Cause, lenient=True), of="causes", most=1_000)
