"""Markets and causes as they are written."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from ccsim.scenario.derive import section_form
from ccsim.scenario.forms import DictForm, ListForm, NameForm
from ccsim.scenario.reading import BAD, Reading
from ccsim.scenario.sections import Cause, Market
from ccsim.scenario.tree import Node
from ccsim.scenario.written.shares import SplitForm
from ccsim.scenario.written.zones import CALENDAR, ZONE

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


class MarketsForm(DictForm):
    """Markets; later readers of local times use their zones."""

    def __init__(self) -> None:
        super().__init__(MARKET, of="markets", most=1_000)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        markets = super().read(node, key, rd)
        for name, market in {} if markets is BAD else markets.items():
            if market.time_zone:
                rd.zones[name] = ZoneInfo(market.time_zone)
        return markets


MARKETS: Final = MarketsForm()

CAUSES: Final = DictForm(section_form(Cause, {}, lenient=True), of="causes", most=1_000)
