"""Changes of a stretch of time: added, multiplied, or a value in place of the old."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, Final

from ccsim.language.derive import quantity
from ccsim.language.forms import Form, ListForm, ScalarForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section
from ccsim.language.section_forms import Key, SectionForm
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import LocalTime
from ccsim.text.tree import Map, shown
from ccsim.units import DAY, HOUR, MINUTE, SECOND, WEEK

PER: Final = {"second": SECOND, "minute": MINUTE, "hour": HOUR, "day": DAY, "week": WEEK}
_RATE: Final = re.compile(rf"(?P<number>{scalars.NUMBER}) ?per (?P<per>second|minute|hour|day|week)")


def rate(text: str) -> float:
    """Contacts per microsecond in `12 per minute`."""
    match = _RATE.fullmatch(text) if len(text) <= 60 else None
    if not match:
        hint = f"; say per what, as in {text} per minute" if re.fullmatch(scalars.NUMBER, text) else ""
        if text.endswith("%"):
            hint = "; a share more or less is a factor, like x1.1 or x0.9"
        raise scalars.Misread(f"expected a rate like 12 per minute, got {shown(text)}{hint}")
    return scalars.number(match["number"]) / PER[match["per"]]


def agents(text: str) -> float:
    """A whole number of agents."""
    value = scalars.count(text)
    if value > MOST_AGENTS:
        raise scalars.Misread(f"expected at most {MOST_AGENTS:,} agents, got {shown(text)}")
    return float(value)


MOST_AGENTS: Final = 1_000_000


def _signed(text: str, parse: Any) -> float:
    sign = -1.0 if text.startswith("-") else 1.0
    return sign * float(parse(text[1:] if text[:1] in "+-" else text))


def _change(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not {"add", "times", "set_to"} & values.keys():
        return rd.fault("expected add, times or set_to", node.place, key)
    if rd.start is None or rd.simulated is None:
        return BAD
    end = rd.start + rd.simulated
    start = values.setdefault("start", LocalTime(rd.start.isoformat()))
    # A day more than is simulated: clock changes can make local time run ahead.
    until = values.setdefault("end", LocalTime((end + timedelta(days=1)).isoformat()))
    if start >= until:
        return rd.fault("expected the stretch to end after it starts", node.place, joined(key, "end"))
    if datetime.fromisoformat(until) <= rd.start or datetime.fromisoformat(start) >= end + timedelta(days=1):
        simulated = f"{rd.start.isoformat(' ', 'minutes')} to {end.isoformat(' ', 'minutes')}"
        rd.warn(f"the stretch lies outside the simulated time, {simulated}: it changes nothing", node.place, key)
    return values


class Change(Section):
    """A change of one stretch of local time, made by a variant or `--set`."""

    start: LocalTime
    """From."""
    end: LocalTime
    """End, exclusive."""
    add: float = 0.0
    """Added to the value: agents, or contacts per microsecond."""
    times: float = 1.0
    """Multiplies the value, before anything is added."""
    set_to: float | None = None
    """Replaces the value, before it is multiplied or added to."""


def _changes_form(value: Form, amount: Form, title: str) -> Form:
    whole = "; without it, the start of the horizon"
    keys = {
        "start": Key(quantity("local_time"), "From, local time" + whole + "."),
        "end": Key(quantity("local_time"), "End, exclusive; without it, the end of the run."),
        "add": Key(amount, "Added."),
        "times": Key(quantity("factor"), "Multiplies the value, before anything is added."),
        "set_to": Key(value, "Replaces the value, before it is multiplied or added to."),
    }
    return ListForm(SectionForm(Change, keys, finish=_change, title=title))


AGENTS: Final = ScalarForm(agents, "a whole number of agents", {"type": ["integer", "string"], "minimum": 0})
RATE: Final = ScalarForm(
    rate,
    "a rate like 12 per minute",
    {"type": "string", "pattern": f"^{_RATE.pattern}$".replace("?P<number>", "?:").replace("?P<per>", "?:")},
)


STAFFING_CHANGES: Final = _changes_form(
    AGENTS,
    ScalarForm(
        lambda text: _signed(text, agents),
        "a whole number of agents, + or -",
        {"type": ["integer", "string"]},
    ),
    "StaffingChange",
)


RATE_CHANGES: Final = _changes_form(
    RATE,
    ScalarForm(lambda text: _signed(text, rate), "a rate like 12 per minute, + or -", {"type": "string"}),
    "RateChange",
)
