"""The price of what is paid by the month: a deflection, an assist, a triage; an assist by the hour, too."""

from __future__ import annotations

from ccsim.language.derive import form_for
from ccsim.language.section import Section, field
from ccsim.text.quantities import Money


class MonthlyPrice(Section):
    """What it costs."""

    month: Money = field(default=0.0, label="price of a month")
    """Price of a month of 365/12 days, in proportion to the counted time; also before it begins."""

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing."""
        return self.month == 0.0


class AssistPrice(MonthlyPrice):
    """What an assist costs."""

    month: Money = field(default=0.0, label="price of a month")
    """Price of a month of 365/12 days, in proportion to the counted time; also before it begins."""
    hour: Money = field(default=0.0, label="price of an agent hour")
    """Price of an hour in which an agent of its pools is signed in, whatever contacts they handle, from `from` on: in
    the report intervals that begin then or later."""

    @property
    def is_free(self) -> bool:
        """Whether it costs nothing."""
        return self.month == 0.0 and self.hour == 0.0


form_for(MonthlyPrice)
form_for(AssistPrice)
