"""Shift patterns as they are written."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import keys_of, quantity
from ccsim.language.forms import DictForm, Key, ListForm, ScalarForm, SectionForm
from ccsim.language.places import PatternBreak, ShiftPattern
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section
from ccsim.language.written.days import DaysForm
from ccsim.language.written.handling import place_of
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Map, shown
from ccsim.units import DAY, MINUTE


def _break(text: str) -> PatternBreak:
    """A break like `15m`, or `30m unpaid`."""
    length, space, word = text.partition(" ")
    if space and word not in ("paid", "unpaid"):
        raise scalars.Misread(f"expected a break like 15m or 30m unpaid, got {shown(text)}")
    micros = scalars.duration(length)
    if not 0 < micros < DAY or micros % MINUTE:
        raise scalars.Misread(f"expected a break of whole minutes like 15m, got {shown(text)}")
    return PatternBreak(length=micros, paid=word != "unpaid")


BREAK: Final = ScalarForm(
    _break,
    "a break like 15m, or 30m unpaid",
    {"type": "string", "pattern": f"^{scalars.DURATION}( (paid|unpaid))?$"},
)


class _Split(Section):
    """The gap of a split shift."""

    after: int
    """Time from the start of the shift to the gap."""
    gap: int
    """Length of the gap; unpaid."""


def _whole_minutes(text: str) -> int:
    micros = scalars.duration(text)
    if not 0 < micros < DAY or micros % MINUTE:
        raise scalars.Misread(f"expected a time of whole minutes like 4h, got {shown(text)}")
    return micros


_MINUTES: Final = ScalarForm(
    _whole_minutes, "a time of whole minutes like 4h", {"type": "string", "pattern": f"^{scalars.DURATION}$"}
)
_SPLIT: Final = SectionForm(
    _Split,
    {name: Key(_MINUTES, info, required=True) for name, info in _Split.model_fields.items()},
    title="Split",
)


def _start(text: str) -> int:
    micros = scalars.time_of_day(text)
    if micros >= DAY or micros % MINUTE:
        raise scalars.Misread(f"expected a start of a shift like 07:30, got {shown(text)}")
    return micros


_START: Final = ScalarForm(
    _start, "a start of a shift like 07:30", {"type": "string", "pattern": f"^{scalars.TIME_OF_DAY}$"}
)


def _pattern(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    split = values.pop("split", None)
    if split is not None:
        values["split_after"], values["split_gap"] = split.after, split.gap
    pattern = ShiftPattern(**values)
    length = scalars.duration_text(pattern.length)
    ok = True

    def refuse(message: str, name: str) -> None:
        nonlocal ok
        ok = False
        rd.fault(message, place_of(node, name), joined(key, name))

    paid_breaks = sum(pause.length for pause in pattern.breaks if pause.paid)
    if pattern.length > DAY:
        refuse(f"a shift of {length} with its breaks is longer than a day", "paid")
    if paid_breaks >= pattern.paid:
        paid = scalars.duration_text(pattern.paid)
        refuse(f"{scalars.duration_text(paid_breaks)} of paid breaks fill a shift of {paid} paid", "breaks")
    if split is not None and split.after + split.gap >= pattern.length:
        refuse(f"the gap lies at the end or beyond the end of a shift of {length}", "split")
    if len(pattern.days) < pattern.work_days:
        days = f"{len(pattern.days)} day{'s' if len(pattern.days) > 1 else ''}"
        at = "work_days" if "work_days" in values else "days"
        refuse(f"{pattern.work_days} shifts a week do not fit on {days}", at)
    return values if ok else BAD


def _pattern_form() -> SectionForm:
    keys = keys_of(
        ShiftPattern,
        {},
        without=("split_after", "split_gap"),
        forms={
            "paid": _MINUTES,
            "starts": ListForm(_START, one_will_do=True, least=1, most=96, distinct=True),
            "breaks": ListForm(BREAK, most=20),
            "work_days": quantity("count", least=1, most=7),
            "days": DaysForm(),
        },
    )
    keys["days"] = keys["days"].but(default="daily")
    keys["split"] = Key(_SPLIT, "The gap of a split shift, like `{after: 4h, gap: 3h}`; unpaid.")
    return SectionForm(ShiftPattern, keys, finish=_pattern, lenient=True)


PATTERNS: Final = DictForm(_pattern_form(), of="patterns", most=1_000)
