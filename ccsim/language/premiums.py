"""Premiums of a rate card."""

from __future__ import annotations

from typing import Any, Final, Literal

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import Form, ListForm, Schema
from ccsim.language.hours import HoursForm, WeekHours
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Ratio
from ccsim.text.scalars import WEEKDAYS, clock_text
from ccsim.text.tree import Leaf, Map, Node, shown
from ccsim.units import DAY, WEEK

MOST: Final = 10.0
"""Highest premium: eleven times the price."""


_ADD: Final = quantity("ratio", most=MOST)
_TIMES: Final = quantity("factor", least=1.0, most=MOST + 1)
_TIME: Final = quantity("time_of_day")


class _DaysForm(HoursForm):
    """Days with their hours, of a window of premiums."""

    says = "days with their hours, like mon-thu: 17:00-08:00"
    never = "expected hours like 17:00-08:00, got none: all its days say closed"


_HOURS: Final = _DaysForm()


def _extra(node: Map, key: str, rd: Reading) -> float | Bad:
    """What a window adds to the rate, from the one of `add` and `times` that is written."""
    written = [name for name in ("add", "times") if name in node.entries]
    if len(written) != 1:
        got = "both" if written else "neither"
        return rd.fault(f"expected `add: 50%` or `times: 1.5`, got {got}", node.place, key)
    form = _ADD if written[0] == "add" else _TIMES
    value = form.read(node.entries[written[0]].node, joined(key, written[0]), rd)
    return value if isinstance(value, Bad) else float(value) - (written[0] == "times")


def _said(form: Form, defs: dict[str, Schema], what: str) -> Schema:
    return {**form.schema(defs), "description": what}


def _amounts(defs: dict[str, Schema]) -> Schema:
    return {
        "add": _said(_ADD, defs, "What is added to the price: 50%."),
        "times": _said(_TIMES, defs, "Factor of the price: 1.5. Give this or `add`."),
    }


class WindowForm(Form):
    """Hours of the week that cost more: days with their hours, and what is added."""

    says = "days with their hours and times or add, like {mon-thu: 17:00-08:00, times: 1.5}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        extra = _extra(node, key, rd)
        days = {name: entry for name, entry in node.entries.items() if name not in ("add", "times")}
        if not days:
            return rd.fault("expected days with their hours, like mon-thu: 17:00-08:00, got none", node.place, key)
        hours = _HOURS.read(Map(days, node.place), key, rd)
        if isinstance(extra, Bad) or isinstance(hours, Bad):
            return BAD
        return PremiumWindow(hours=hours, extra=extra)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        by_day = _HOURS.schema(defs)["anyOf"][-1]
        return {
            "type": "object",
            "properties": _amounts(defs),
            "patternProperties": by_day["patternProperties"],
            "additionalProperties": False,
        }

    def known(self, rd: Reading) -> list[str]:
        return ["add", "times", "mon-fri", "sat-sun"]


class NightForm(Form):
    """What nights add: from 22:00 to 06:00, or from and to the hours that are written."""

    says = "a ratio like 25%, or {from: 21:00, to: 07:00, add: 25%}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            return _ADD.read(node, key, rd)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        known = ("from", "to", "add", "times")
        strange = [
            rd.fault(f"unknown key {shown(name)}; say `add`", entry.place, joined(key, name))
            if name in ("of", "premium", "extra", "share", "rate")
            else rd.unknown("unknown key", name, known, entry.place, joined(key, name))
            for name, entry in node.entries.items()
            if name not in known
        ]
        ends: list[Any] = []
        for name in ("from", "to"):
            entry = node.entries.get(name)
            if entry is None:
                ends.append(rd.fault(f"is missing: expected {_TIME.says}", node.place, joined(key, name)))
            else:
                ends.append(_TIME.read(entry.node, joined(key, name), rd))
        extra = BAD if strange else _extra(node, key, rd)
        if strange or isinstance(extra, Bad) or BAD in ends:
            return BAD
        since, until = ends
        if since % DAY == until % DAY:
            return rd.fault("expected a night that does not end as it begins", node.place, key)
        since %= DAY
        until += DAY if until <= since else 0
        spans = tuple((day * DAY + since, day * DAY + until) for day in range(7))
        return PremiumWindow(hours=WeekHours(spans=spans), extra=extra)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        ends = {
            "from": _said(_TIME, defs, "When the night begins, in the site's local time."),
            "to": _said(_TIME, defs, "When it ends, on the same or the next day."),
        }
        window: Schema = {
            "type": "object",
            "properties": ends | _amounts(defs),
            "required": ["from", "to"],
            "additionalProperties": False,
        }
        return {"anyOf": [_ADD.schema(defs), window]}

    def known(self, rd: Reading) -> list[str]:
        return ["from", "to", "add", "times"]


def _premiums(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    """A night with hours of its own is one of the windows."""
    if isinstance(values.get("night"), PremiumWindow):
        values["hours"] = (values.pop("night"), *values.get("hours", ()))
    windows: tuple[PremiumWindow, ...] = values.get("hours", ())
    for since, until in _left_out(windows):
        day, hours = WEEKDAYS[since // DAY], f"{clock_text(0)}-{clock_text(until - since)}"
        rd.assume(
            f"{day} {hours} costs the plain price: hours over midnight end the next morning; to have it, "
            f"name it too: `{day}: [{hours}, ...]`",
            node.entries["hours"].place if "hours" in node.entries else node.place,
            joined(key, "hours"),
        )
    return values


def _left_out(windows: tuple[PremiumWindow, ...]) -> list[tuple[int, int]]:
    """Early hours of a day whose evening a window covers until the next morning, and that no window covers itself."""
    spans = [span for window in windows for span in window.hours.spans]
    found = []
    for since, until in spans:
        morning = since // DAY * DAY
        length = until - morning - DAY
        covered = any(one <= at < other for one, other in spans for at in (morning, morning + WEEK))
        if 0 < length <= DAY // 2 and not covered:
            found.append((morning, morning + length))
    return found


class PremiumWindow(Section):
    """Hours of the week that cost more. In YAML the days with their hours, and `times` or `add`:
    `{mon-thu: 17:00-08:00, times: 1.5}`."""

    hours: WeekHours
    """Hours in the site's local time; `mon: 17:00-08:00` ends on Tuesday morning."""
    extra: Ratio = field(label="added")
    """What is added to the rate. In YAML `add: 50%`, or `times: 1.5`."""


class Premiums(Section):
    """What is added to the hourly rate for time worked, paid breaks and training included; whole days away are paid
    without premium."""

    night: Ratio = field(default=0.0, form=NightForm())
    """Hours from 22:00 to 06:00, in the site's local time. In YAML also `{from: 21:00, to: 07:00, add: 25%}`, which
    becomes one of `hours`."""
    weekend: Ratio = field(default=0.0, most=MOST, label="weekends")
    """Saturdays and Sundays, in the site's local time."""
    holiday: Ratio = field(default=0.0, most=MOST, label="public holidays")
    """Time worked on the site's public holidays."""
    overtime: Ratio = field(default=0.0, most=MOST)
    """Overtime: time worked after the planned end of a shift."""
    hours: tuple[PremiumWindow, ...] = field(
        default=(), form=ListForm(WindowForm(), one_will_do=True, most=50), label="hours of the week"
    )
    """Other hours of the week that cost more, as a rate card lists them."""
    combine: Literal["add", "highest"] = field(default="add", label="premiums that apply together")
    """How premiums that apply at the same time combine: added up, or only the highest."""


form_for(Premiums, finish=_premiums)
