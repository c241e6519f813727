"""Shifts of named agents: when they sign in and out, on weekdays or on single dates."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.changes import MOST_AGENTS
from ccsim.language.days import DaysForm
from ccsim.language.derive import form_for, keys_of
from ccsim.language.forms import DictForm, EitherForm, ListForm, NameForm
from ccsim.language.headcount import ON_PATTERN
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.special_days import DATES, told_outside
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, TimeOfDay
from ccsim.text.tree import Items, Leaf, Map, Node
from ccsim.units import DAY


def _times(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether a shift says in one way how long it is and on which days; an `end` is made a length by the clock."""
    ok = True
    at = joined(key, "length")
    if "length" not in values and "end" not in values:
        rd.fault("is missing: expected a duration like 8h, or `end: 17:00` in its place", node.place, at)
        ok = False
    elif "length" in values and "end" in values:
        rd.fault("say `length` or `end`, not both", node.entries["length"].place, at)
        ok = False
    elif "end" in values:
        start, end = values["start"], values["end"] % DAY
        values["length"] = end - start if end > start else end - start + DAY
    if "on" in values and "days" in values:
        rd.fault("say `on` or `days`, not both", node.entries["on"].place, joined(key, "on"))
        ok = False
    elif "on" in values:
        values["days"] = ()
        told_outside(node.entries["on"], joined(key, "on"), rd)
    return ok


def _shift(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    ok = _times(values, node, key, rd)
    if not ok:
        return BAD
    breaks = sorted(values.get("breaks", ()), key=lambda pause: pause.after)
    end = 0
    for pause in breaks:
        if pause.after < end:
            rd.fault("two breaks overlap", node.entries["breaks"].node.place, joined(key, "breaks"))
            ok = False
        end = pause.after + pause.length
    if end > values["length"]:
        over = f"a break ends {scalars.duration_text(end)} after the start of a shift of "
        over += scalars.duration_text(values["length"])
        rd.fault(over, node.entries["breaks"].node.place, joined(key, "breaks"))
        ok = False
    if breaks:
        values["breaks"] = tuple(breaks)
    return values if ok else BAD


class Break(Section):
    """A break in a shift."""

    after: Duration
    """Planned start, from the start of the shift."""
    length: Duration = field(above=0)
    """Length. A break begins once active contacts have ended, and is then taken in full."""
    paid: bool = True
    """Whether it is paid."""


form_for(Break)


class Shift(Section):
    """A shift of agents who sign in at the same time."""

    agents: Count = field(least=1, most=MOST_AGENTS, unit="agents")
    """Agents on this shift."""
    start: TimeOfDay = field(most=DAY - 1)
    """Local sign-in time."""
    length: Duration = field(above=0, most=DAY)
    """From sign-in to the planned end, breaks included. Give this or `end`."""
    end: TimeOfDay | None = field(default=None, label="end by the clock")
    """Planned end by the clock in place of a length, on the next day if it is not after the start: `17:00`. When clocks
    change in the shift, it is an hour longer or shorter."""
    breaks: tuple[Break, ...] = ()
    """Breaks in order, without overlap, inside the shift."""
    days: tuple[int, ...] = field(
        default=(0, 1, 2, 3, 4, 5, 6), form=DaysForm(), default_says="daily", shows="weekdays"
    )
    """Weekdays (Monday 0) on which it starts. In YAML `mon-fri`, `[sat, sun]`."""
    on: tuple[str, ...] = field(default=(), form=DATES)
    """Dates on which it starts, in place of weekdays: `2026-12-24`, or a list. On a date that a shift of the pool
    names, the shifts of its weekday are not worked."""


_SHIFT: Final = form_for(Shift, also={"length": keys_of(Shift)["length"].optional()}, finish=_shift)


class ShiftsForm(EitherForm):
    """Shifts of named agents, or the patterns that a roster is built from: names, or a map with the people on each."""

    def __init__(self) -> None:
        named = ListForm(NameForm("patterns"), one_will_do=True, least=1, most=50, distinct=True)
        super().__init__(
            (ListForm(_SHIFT, least=1), DictForm(ON_PATTERN, of="patterns", least=1, most=50), named),
            _by_name,
            "shifts like [{agents: 5, start: 09:00, length: 8h}], or with `headcount` names of shift patterns, or "
            "people by shift pattern like {early: 8, late: 5}",
        )


def _by_name(node: Node) -> int:
    """0: maps; 1: people by name; 2: names."""
    if isinstance(node, Map):
        return 0 if "agents" in node.entries else 1  # a shift that lacks its list
    items = node.items if isinstance(node, Items) else (node,)
    return 2 if items and isinstance(items[0], Leaf) else 0
