"""Sites and vendors as they are written."""

from __future__ import annotations

from typing import Any, Final

from ccsim.scenario.derive import keys_of, quantity, section_form
from ccsim.scenario.forms import DictForm, SectionForm
from ccsim.scenario.paths import joined
from ccsim.scenario.reading import BAD, Reading
from ccsim.scenario.sections import Premiums, Site, Vendor, WeekHours
from ccsim.scenario.tree import Map, Node
from ccsim.scenario.written.hours import HoursForm
from ccsim.scenario.written.premiums import PREMIUMS
from ccsim.scenario.written.shares import percent
from ccsim.scenario.written.zones import CALENDAR, ZONE
from ccsim.units import DAY


def _site(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if "on_holidays" in values and "holidays" not in values:
        return rd.fault(
            "needs `holidays:`, the calendar of the site", node.entries["on_holidays"].place, joined(key, "on_holidays")
        )
    return values


SITE: Final = section_form(
    Site,
    {WeekHours: HoursForm()},
    forms={"time_zone": ZONE, "holidays": CALENDAR},
    finish=_site,
    lenient=True,
)
SITES: Final = DictForm(SITE, of="sites", most=1_000)


class ShrinkageForm(DictForm):
    """Paid time away by cause; less than the whole of it."""

    def __init__(self) -> None:
        super().__init__(quantity("share"), most=50)
        self.says = "shares by cause like {absence: 6%, training: 3%}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        shares = super().read(node, key, rd)
        if shares is BAD or rd.faults.count > before:
            return BAD
        if sum(shares.values()) >= 1:
            away = percent(sum(shares.values()))
            return rd.fault(f"{away} of the paid time is away; expected less than 100%", node.place, key)
        return shares


SHRINKAGE: Final = ShrinkageForm()

VENDOR: Final = SectionForm(
    Vendor,
    keys_of(
        Vendor,
        {Premiums: PREMIUMS},
        forms={
            "shrinkage": SHRINKAGE,
            "billed_in": quantity("duration", most=DAY),
            "minimum_hours_per_week": quantity("ratio", most=10_000_000.0),
        },
    ),
    lenient=True,
)
VENDORS: Final = DictForm(VENDOR, of="vendors", most=1_000)
