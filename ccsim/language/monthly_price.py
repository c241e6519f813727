"""The price of what is paid by the month: a deflection, an assist, a triage."""

from __future__ import annotations

from ccsim.language.derive import form_for
from ccsim.language.section import Section, field
from ccsim.text.quantities import Money


class MonthlyPrice(Section):
    """What it costs."""

    month: Money = field(default=0.0, label="price of a month")
    """Price of a month of 365/12 days, in proportion to the counted time; also before it begins."""


form_for(MonthlyPrice)
