"""Markets and causes as they are written."""

from __future__ import annotations

from typing import Final

from ccsim.language.contacts import Market
from ccsim.language.demand import Cause
from ccsim.language.derive import section_form
from ccsim.language.forms import DictForm, ListForm, NameForm
from ccsim.language.written.shares import SplitForm
from ccsim.language.written.zones import CALENDAR, ZONE, ZonedForm

MARKET: Final = section_form(
    Market,
    {},
    forms={
        "time_zone": ZONE,
        "holidays": CALENDAR,
        "languages": SplitForm("languages"),
        "residency": ListForm(NameForm("regions"), one_will_do=True, least=1, distinct=True),
    },
    lenient=True,
)
MARKETS: Final = ZonedForm(MARKET, of="markets")

CAUSES: Final = DictForm(section_form(Cause, {}, lenient=True), of="causes", most=1_000)
