"""Deadlines of deferred work: by the clock, or in working time."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import Form, Schema
from ccsim.language.hours import WeekHours, hours_text
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.special_days import DATED_HOURS, SpecialDay, SpecialDaysForm, special_days_text, split_dated
from ccsim.language.zones import CALENDAR
from ccsim.text.paths import joined
from ccsim.text.quantities import Duration
from ccsim.text.scalars import duration_text
from ccsim.text.tree import Leaf, Map, Node

MOST_WEEKS: Final = 520
"""Weeks of its hours that a deadline in working time may take."""


class WorkingTime(Section):
    """A deadline in working time: it runs only in certain hours of the week."""

    working: Duration = field(above=0, label="working time")
    """Working time within which the contact is to be answered."""
    hours: WeekHours | None = field(default=None, form=DATED_HOURS, none="the opening hours of its queue group")
    """Hours in which the time runs, in local time of the contact's market; dates may stand beside the weekdays,
    `{mon-fri: 09:00-17:00, 2026-12-24: closed}`. Default: the opening hours of its queue group, by their clock and with
    its special days."""
    special_days: dict[str, SpecialDay] = field(
        default_factory=dict, form=SpecialDaysForm(words=False), label="special day"
    )
    """Hours of single dates in place of those of their weekdays: `{2026-12-24: 09:00-12:00, 2026-12-28: closed}`."""
    holidays: str | None = field(default=None, form=CALENDAR, label="public holidays")
    """Calendar of public holidays, on which the time stands still from midnight to midnight: a country (`DE`) or a part
    of one (`DE-BY`)."""


def too_long(working: int, hours: WeekHours) -> str:
    """What is wrong with so much working time in these hours; empty if nothing is."""
    week = sum(end - start for start, end in hours.spans)
    if working <= MOST_WEEKS * week:
        return ""
    takes = f"{duration_text(working)} of working time takes {working // week:,} weeks of {hours_text(hours)}"
    return f"{takes}; expected at most {MOST_WEEKS} weeks"


def _dated(values: dict[str, Any], key: str, rd: Reading) -> None:
    """Dates among the hours become special days; without hours there is no week that they change."""
    if "hours" in values:
        split_dated(values, key, rd)


def _working(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if values.get("special_days") and "hours" not in values and "hours" not in node.entries:
        why = "say the `hours:` of the week, too; those of a queue group have its own special days"
        return rd.fault(why, node.entries["special_days"].node.place, joined(key, "special_days"))
    wrong = too_long(values["working"], values["hours"]) if "hours" in values else ""
    if wrong:
        return rd.fault(wrong, node.entries["working"].node.place, joined(key, "working"))
    return values


_DURATION: Final = quantity("duration")
_WORKING: Final = form_for(
    WorkingTime, finish=_working, early=_dated, says="a map like {working: 8h, hours: {mon-fri: 08:00-17:00}}"
)


class DeadlineForm(Form):
    """A deadline by the clock, or in working time."""

    says = "a duration like 24h, or working time like {working: 8h, hours: {mon-fri: 08:00-17:00}}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            return _DURATION.read(node, key, rd)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        made = _WORKING.read(node, key, rd)
        return made if isinstance(made, WorkingTime) else BAD

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [_DURATION.schema(defs), _WORKING.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _WORKING.child(name, rd)

    def known(self, rd: Reading) -> list[str]:
        return list(_WORKING.known(rd))

    def parts(self) -> tuple[Form, ...]:
        return (_WORKING,)


DEADLINE: Final = DeadlineForm()


def deadline_text(deadline: int | WorkingTime) -> str:
    """A deadline in words: `8h`, `8h of working time (mon-fri 08:00-17:00, holidays DE)`."""
    if isinstance(deadline, int):
        return duration_text(deadline)
    said = hours_text(deadline.hours) if deadline.hours else "the opening hours of its queue group"
    said += f", {special_days_text(deadline.special_days)}" if deadline.special_days else ""
    said += f", holidays {deadline.holidays}" if deadline.holidays else ""
    return f"{duration_text(deadline.working)} of working time ({said})"
