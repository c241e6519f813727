"""Vendors, who employ agents."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import DictForm
from ccsim.language.premiums import Premiums
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.language.shrinkage import SHRINKAGE, WorkedShare
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Money, Name, Ratio, Share
from ccsim.text.tree import Map
from ccsim.units import DAY


def _vendor(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if values.get("minimum_hours_per_week") and not values.get("paid_hour"):
        place = node.entries["minimum_hours_per_week"].place
        at = joined(key, "minimum_hours_per_week")
        return rd.fault("needs `paid_hour:` of the vendor, the price of the hours that are missing", place, at)
    return values


class Vendor(Section):
    """A company that employs pools, or the house itself."""

    kind: Literal["in_house", "bpo"] = "bpo"
    """In-house, or an outsourcer."""
    paid_hour: Money = field(default=0.0, label="price of a paid hour")
    """Price of a paid hour, for pools that do not name their own."""
    premiums: Premiums = field(default_factory=Premiums, label="premium for")
    """What is added to it at night, on weekends, ..."""
    billed_in: Duration = field(default=0, most=DAY, label="step of a billed stay")
    """Step in which the paid time of a stay, from signing in to signing out, is billed: `15m` bills 7 h 50 min as 8 h.
    Unpaid breaks are no paid time. What rounding adds costs the plain price, where the stay ends. Default: as it
    is."""
    minimum_hours_per_week: Ratio = field(
        default=0.0, form=quantity("number", most=10_000_000.0), label="billed at least, hours a week", shows="number"
    )
    """Hours with premiums that are billed at least, in proportion to the counted time; what is missing costs the
    vendor's `paid_hour`, and its pools bear it in proportion to their hours."""
    shrinkage: dict[Name, Share | WorkedShare] | None = field(default=None, form=SHRINKAGE)
    """Shrinkage of pools that do not name their own, by cause; see `pools.NAME.shrinkage`."""


VENDORS: Final = DictForm(form_for(Vendor, finish=_vendor, lenient=True), of="vendors", most=1_000)
