"""Vendors, who employ agents."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.currencies import IN_CURRENCY
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import DictForm, WordForm
from ccsim.language.premiums import Premiums
from ccsim.language.quality import IN_QUALITY, QUALITY, Quality
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.language.shrinkage import SHRINKAGE, WorkedShare
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration, Money, Name, Ratio, Share
from ccsim.text.tree import Map
from ccsim.units import DAY

_KINDS: Final = dict.fromkeys(("own", "internal", "captive", "company"), "in_house") | dict.fromkeys(
    ("outsourcer", "outsourced", "partner", "external"), "bpo"
)


def _vendor(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if values.get("minimum_hours_per_week") and not values.get("paid_hour"):
        place = node.entries["minimum_hours_per_week"].place
        at = joined(key, "minimum_hours_per_week")
        return rd.fault("needs `paid_hour:` of the vendor, the price of the hours that are missing", place, at)
    return values


class Vendor(Section):
    """A company that employs agents: an outsourcer, or your own company."""

    kind: Literal["in_house", "bpo"] = field(
        default="bpo", form=WordForm(("in_house", "bpo"), also={"vendor": "bpo"}, instead=_KINDS)
    )
    """Your own company, or an outsourcer: `bpo`, or `vendor`, which means the same."""
    paid_hour: Money = field(default=0.0, label="price of a paid hour")
    """Price of a paid hour, for pools that give none."""
    premiums: Premiums = field(default_factory=Premiums, label="premium for")
    """What is added to it at night, at weekends, on holidays, ..."""
    billed_in: Duration = field(default=0, most=DAY, label="step of a billed stay")
    """Rounding step for the billed time of a stay, from sign-in to sign-out: `15m` bills 7 h 50 min as 8 h.
    Unpaid breaks are not billed. What rounding adds is billed at the plain price, at the end of the stay.
    Default: no rounding."""
    minimum_hours_per_week: Ratio = field(
        default=0.0, form=quantity("number", most=10_000_000.0), label="billed at least, hours a week", shows="number"
    )
    """Fewest hours a week that are billed (premiums counted as hours), in proportion to the counted time. Hours that
    are missing cost the vendor's `paid_hour`, shared by its pools in proportion to their hours."""
    quality: Quality | None = field(default=None, form=QUALITY, none="as the tier says")
    """Quality of the work of all its pools, see `pools.NAME.quality`."""
    shrinkage: dict[Name, Share | WorkedShare] | None = field(default=None, form=SHRINKAGE)
    """Shrinkage by cause, for pools that give none; see `pools.NAME.shrinkage`."""


_INSTEAD: Final = {
    "contract": "say its prices as `paid_hour`, `premiums`, `billed_in` and `minimum_hours_per_week`; what it promises "
    "are `goals` with `vendor:`; bonus, malus and prices by contact are not calculated",
    "currency": IN_CURRENCY,
    "overtime": "say it in `premiums`",
}
VENDORS: Final = DictForm(
    form_for(Vendor, finish=_vendor, lenient=True, instead=IN_QUALITY | _INSTEAD), of="vendors", most=1_000
)
