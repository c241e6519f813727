"""Sites and vendors as they are written."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import keys_of, quantity, section_form
from ccsim.language.forms import DictForm, Form, Key, Schema, SectionForm, WordForm
from ccsim.language.places import Premiums, Site, Vendor, WorkedShare
from ccsim.language.queue_groups import WeekHours
from ccsim.language.reading import BAD, Reading
from ccsim.language.shrinkage import rostered_shares
from ccsim.language.written.hours import HoursForm
from ccsim.language.written.premiums import PREMIUMS
from ccsim.language.written.shares import percent
from ccsim.language.written.zones import CALENDAR, ZONE, ZonedForm
from ccsim.text.paths import joined
from ccsim.text.tree import Leaf, Map, Node
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
SITES: Final = ZonedForm(SITE, of="sites")


class AwayForm(Form):
    """A share of the rostered time, or of the worked time where it is said so."""

    says = "a share like 6%, or {share: 6%, of: worked}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            return _SHARE.read(node, key, rd)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        values = {"of": "rostered"} | _AWAY.values(node, key, rd)
        if BAD in values.values():
            return BAD
        return values["share"] if values["of"] == "rostered" else WorkedShare(share=values["share"])

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [_SHARE.schema(defs), _AWAY.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _AWAY.keys[name].form if name in _AWAY.keys else None

    def known(self, rd: Reading) -> list[str]:
        return list(_AWAY.keys)

    def parts(self) -> tuple[Form, ...]:
        return (_AWAY,)


_SHARE: Final = quantity("share")
_AWAY: Final = SectionForm(
    WorkedShare,
    {
        "share": Key(_SHARE, "Share of the rostered or of the worked time.", required=True),
        "of": Key(WordForm(("rostered", "worked")), "Of which time; default the rostered.", default="rostered"),
    },
)


class ShrinkageForm(DictForm):
    """Paid time away by cause; less than the whole of it."""

    def __init__(self) -> None:
        super().__init__(AwayForm(), most=50)
        self.says = "shares by cause like {absence: 6%, training: 3%}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        shares = super().read(node, key, rd)
        if shares is BAD or rd.faults.count > before:
            return BAD
        if sum(rostered_shares(shares).values()) >= 1:
            away = percent(sum(rostered_shares(shares).values()))
            return rd.fault(f"{away} of the paid time is away; expected less than 100%", node.place, key)
        return shares


SHRINKAGE: Final = ShrinkageForm()


def _vendor(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if values.get("minimum_hours_per_week") and not values.get("paid_hour"):
        place = node.entries["minimum_hours_per_week"].place
        at = joined(key, "minimum_hours_per_week")
        return rd.fault("needs `paid_hour:` of the vendor, the price of the hours that are missing", place, at)
    return values


VENDOR: Final = SectionForm(
    Vendor,
    keys_of(
        Vendor,
        {Premiums: PREMIUMS},
        forms={
            "shrinkage": SHRINKAGE,
            "billed_in": quantity("duration", most=DAY),
            "minimum_hours_per_week": quantity("number", most=10_000_000.0),
        },
    ),
    finish=_vendor,
    lenient=True,
)
VENDORS: Final = DictForm(VENDOR, of="vendors", most=1_000)
