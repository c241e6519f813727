"""Cases: by when they are to be resolved, and how long a further contact is a repeat of the first."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.deadlines import DEADLINE, WorkingTime
from ccsim.language.derive import form_for
from ccsim.language.reading import Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration
from ccsim.text.tree import Map
from ccsim.units import DAY


class Cases(Section):
    """How the resolution of cases is counted: a customer's issue with all its contacts; nothing here changes what is
    simulated."""

    resolved_within: Duration | WorkingTime = field(default=DAY, form=DEADLINE, label="time to resolve")
    """Time from the arrival of the first contact within which a case is to be resolved, for the KPI `resolved_in_time`;
    exactly that long counts as within. In YAML `24h`, or working time as for a deadline, with its `hours`."""
    repeat_window: Duration = field(default=7 * DAY, above=0, label="repeat window")
    """For the KPI `fcr_measured`: a contact within this time after the end of the first is a repeat contact."""


def _cases(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    limit = values.get("resolved_within")
    if isinstance(limit, WorkingTime) and limit.hours is None:
        place = node.entries["resolved_within"].node.place
        return rd.fault(
            "say the hours, like {working: 24h, hours: {mon-fri: 09:00-17:00}}", place, joined(key, "resolved_within")
        )
    return values


CASES: Final = form_for(Cases, finish=_cases)
