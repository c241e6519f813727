"""Shift patterns, of which rosters are built."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from ccsim.language.days import DaysForm
from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, ListForm, ScalarForm
from ccsim.language.handling import place_of
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, Short, field
from ccsim.language.section_forms import Key
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration, Share, TimeOfDay
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


def _whole_minutes(text: str) -> int:
    micros = scalars.duration(text)
    if not 0 < micros < DAY or micros % MINUTE:
        raise scalars.Misread(f"expected a time of whole minutes like 4h, got {shown(text)}")
    return micros


_MINUTES: Final = ScalarForm(
    _whole_minutes, "a time of whole minutes like 4h", {"type": "string", "pattern": f"^{scalars.DURATION}$"}
)


class _Split(Section):
    """Gap of a split shift."""

    after: int = field(form=_MINUTES)
    """Time from the start of the shift to the gap."""
    gap: int = field(form=_MINUTES)
    """Length of the gap; unpaid."""


_SPLIT: Final = form_for(_Split, title="Split")


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
        refuse(f"the gap lies at or after the end of a shift of {length}", "split")
    if len(pattern.days) < pattern.work_days:
        days = f"{len(pattern.days)} day{'s' if len(pattern.days) > 1 else ''}"
        at = "work_days" if "work_days" in values else "days"
        refuse(f"{pattern.work_days} shifts a week do not fit into {days}", at)
    return values if ok else BAD


class PatternBreak(Section):
    """Break of a shift pattern. Breaks divide the shift into equal parts; from person to person they shift by up to
    half an hour."""

    length: Duration = field(label="length")
    """Length."""
    paid: bool = True
    """Whether it is paid. In YAML `15m`, or `30m unpaid`."""


class ShiftPattern(Section):
    """Shift pattern: what a day and a week of work look like; the roster chooses starts and days off."""

    paid: Duration = field(form=_MINUTES, label="paid time")
    """Paid time of a shift: work and paid breaks."""
    starts: tuple[TimeOfDay, ...] = field(
        form=ListForm(_START, one_will_do=True, least=1, most=96, distinct=True),
        short=Short("start", _START, "The only start, in place of `starts`.", lambda start: (start,)),
    )
    """Possible starts, in the site's local time."""
    breaks: tuple[PatternBreak, ...] = field(default=(), form=ListForm(BREAK, most=20))
    """Breaks in order."""
    split_after: Duration | None = field(default=None, label="gap after", key="split.after", written=False)
    """Of a split shift: time from its start to the gap. In YAML `split: {after: 4h, gap: 3h}`."""
    split_gap: Duration = field(default=0, label="length of the gap", key="split.gap", written=False)
    """Length of the gap; unpaid."""
    work_days: Count = field(default=5, least=1, most=7, label="shifts a week")
    """Shifts a week per person; days off are consecutive and rotate."""
    days: tuple[int, ...] = field(
        default=(0, 1, 2, 3, 4, 5, 6), form=DaysForm(), default_says="daily", shows="weekdays"
    )
    """Weekdays (Monday 0) on which shifts may start. In YAML `mon-fri`."""
    share: Share | None = field(default=None, label="share of the headcount", none="as the roster decides")
    """Share of the pool's headcount on this pattern. Default: the roster decides."""

    @property
    def length(self) -> int:
        """From start to end, unpaid breaks and the gap of a split shift included, microseconds."""
        return self.paid + self.split_gap + sum(pause.length for pause in self.breaks if not pause.paid)

    told_first: ClassVar = ("paid", "starts")


PATTERNS: Final = DictForm(
    form_for(
        ShiftPattern,
        also={"split": Key(_SPLIT, "The gap of a split shift, like `{after: 4h, gap: 3h}`; unpaid.")},
        finish=_pattern,
        lenient=True,
    ),
    of="patterns",
    most=1_000,
)
