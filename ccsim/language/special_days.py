"""Special days: what holds on one date in place of its weekday. Other hours, closed, a public holiday more or less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, NamedTuple

from ccsim.language.derive import quantity
from ccsim.language.forms import Form, ScalarForm, Schema
from ccsim.language.hours import HoursForm, Span, WeekHours, day_spans_text, merged
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section
from ccsim.language.words import percent
from ccsim.text import scalars, stretch
from ccsim.text.paths import joined
from ccsim.text.quantities import Share, TimeOfDay
from ccsim.text.stretch import MOST_DATES, dates_in
from ccsim.text.tree import Entry, Items, Leaf, Map, Node, Place
from ccsim.units import DAY, WEEK

HOLIDAYS: Final = {"holiday": True, "workday": False}
"""Words for a date that is a public holiday though no calendar says so, and for one that is none."""


class DatesForm(Form):
    """Different dates: one, a range, or a list of such; read as ISO texts."""

    says = "a date like 2026-12-24, a range like 2026-12-24..2026-12-31, or a list of such"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        items = node.items if isinstance(node, Items) else (node,)
        if not 1 <= len(items) <= MOST_DATES:
            return rd.fault(f"expected 1 to {MOST_DATES:,} dates in the list, got {len(items)}", node.place, key)
        found: dict[str, None] = {}
        before = rd.faults.count
        for number, item in enumerate(items):
            at = f"{key}.{number}" if isinstance(node, Items) else key
            days = _DATES.read(item, at, rd)
            twice = [] if days is BAD else [day for day in days if day in found]
            if twice:
                rd.fault(f"{twice[0]} appears twice in the list", item.place, at)
            elif days is not BAD:
                found.update(dict.fromkeys(days))
        return BAD if rd.faults.count > before else tuple(found)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        one = _DATES.schema(defs)
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


_DATES: Final = ScalarForm(
    dates_in,
    "a date like 2026-12-24, or a range like 2026-12-24..2026-12-31",
    {"type": "string", "pattern": f"^{stretch.DATES}$"},
)
DATES: Final = DatesForm()


class SpecialDay(Section):
    """What holds on one date."""

    spans: tuple[tuple[TimeOfDay, TimeOfDay], ...] | None = None
    """Open from and until, since midnight of the date, in place of its weekday's hours; an end may lie on the next
    day. Empty: closed. None: the hours of its weekday."""
    holiday: bool | None = None
    """Whether it is a public holiday. None: as the calendar says."""
    at_work: Share | None = None
    """Share of the roster that works; the others are away, paid. None: all, or as many as on a public holiday."""

    @property
    def closed(self) -> bool:
        """Whether nothing opens on the date."""
        return self.spans == ()


def special_day_text(day: SpecialDay) -> str:
    """A special day in short: `closed`, `08:00-12:00`, `holiday`."""
    if day.spans is not None:
        return day_spans_text(day.spans)
    if day.at_work is not None:
        return f"{percent(day.at_work)} of the roster at work"
    return "holiday" if day.holiday else "workday"


def special_days_text(days: Mapping[str, SpecialDay], most: int = 3) -> str:
    """Special days in short, dates in a row that are alike as a range: `2026-12-24 08:00-12:00, 2026-12-28..2026-12-31
    closed`; at most some of them."""
    runs: list[tuple[list[str], str]] = []
    for name in sorted(days):
        text = special_day_text(days[name])
        before = (date.fromisoformat(name) - timedelta(days=1)).isoformat()
        if runs and runs[-1][0][-1] == before and runs[-1][1] == text:
            runs[-1][0].append(name)
        else:
            runs.append(([name], text))
    said = [f"{dates[0]}{'..' + dates[-1] if len(dates) > 1 else ''} {text}" for dates, text in runs[:most]]
    rest = sum(len(dates) for dates, _ in runs[most:])
    return ", ".join(said) + (f" and {rest} more special days" if rest else "")


_SHARE: Final = quantity("share")


class _DayForm(HoursForm):
    """What may stand at one date."""

    def __init__(self, hours: bool, words: bool, shares: bool) -> None:
        said = ["hours like 08:00-12:00, or closed"] if hours else []
        said += ["the share of the roster at work like 20%"] if shares else []
        self.says = "; or ".join([*said, *(["holiday, or workday"] if words else [])])
        self.hours = hours
        self.words = words
        self.shares = shares

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if self.words and isinstance(node, Leaf) and node.text in HOLIDAYS:
            return SpecialDay(holiday=HOLIDAYS[node.text])
        if self.shares and isinstance(node, Leaf) and node.text.endswith("%"):
            return self._share(node, key, rd)
        if not self.hours:
            return rd.expected(self.says, node, key)
        spans = self._spans(node, key, rd)
        return BAD if isinstance(spans, Bad) else SpecialDay(spans=merged(spans))

    def _share(self, node: Leaf, key: str, rd: Reading) -> Any:
        share = _SHARE.read(node, key, rd)
        if share is BAD:
            return BAD
        return SpecialDay(at_work=share) if share > 0.0 else rd.fault("nobody works: say closed", node.place, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        found = [self.spans_schema()] if self.hours else []
        if self.words:
            found.append({"enum": list(HOLIDAYS)})
        if self.shares:
            found.append({"type": "string", "pattern": f"^{scalars.NUMBER} ?%$"})
        return {"anyOf": found}


class SpecialDaysForm(Form):
    """Dates and what holds on them."""

    def __init__(self, *, hours: bool = True, words: bool = True, shares: bool = False) -> None:
        self.day = _DayForm(hours, words, shares)
        self.says = f"dates, each with {self.day.says}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        found = {name: self.day.read(entry.node, joined(key, name), rd) for name, entry in node.entries.items()}
        dates = dates_of(node.entries, key, rd)
        if isinstance(dates, Bad) or BAD in found.values():
            return BAD
        return {day: found[name] for name, days in dates.items() for day in days}

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {
            "type": "object",
            "patternProperties": {f"^{stretch.DATES}$": self.day.schema(defs)},
            "additionalProperties": False,
        }

    def child(self, name: str, rd: Reading) -> Form | None:
        try:
            dates_in(name)
        except scalars.Misread:
            return None
        return self.day

    def known(self, rd: Reading) -> list[str]:
        return ["2026-12-24"]


def dates_of(entries: Mapping[str, Entry], key: str, rd: Reading) -> dict[str, tuple[str, ...]] | Bad:
    """ISO dates by the keys that say them; those that are not simulated are remarked on together."""
    found: dict[str, tuple[str, ...]] = {}
    told: dict[str, str] = {}
    before = rd.faults.count
    for name, entry in entries.items():
        at = joined(key, name)
        try:
            found[name] = dates_in(name)
        except scalars.Misread as misread:
            rd.fault(str(misread), entry.place, at)
            continue
        twice = [day for day in found[name] if day in told]
        if twice:
            here = "" if twice[0] == name else "here and "
            rd.fault(f"{twice[0]} stands {here}in {told[twice[0]]}; say it once", entry.place, at)
        told.update(dict.fromkeys(found[name], name))
    if rd.faults.count > before:
        return BAD
    outside = [name for name, days in found.items() if not any(_is_simulated(day, rd) for day in days)]
    if outside:
        _remark_outside(outside, entries[outside[0]].place, joined(key, outside[0]), rd)
    return found


def told_outside(entry: Entry, key: str, rd: Reading) -> None:
    """Note the dates and ranges of a list that are not simulated."""
    items = entry.node.items if isinstance(entry.node, Items) else (entry.node,)
    said = [item.text for item in items if isinstance(item, Leaf)]
    outside = [text for text in said if not any(_is_simulated(day, rd) for day in dates_in(text))]
    if outside:
        _remark_outside(outside, entry.node.place, key, rd)


def _is_simulated(day: str, rd: Reading) -> bool:
    """Whether a local date may be simulated, whatever the zone; yes where the horizon is unknown."""
    if rd.start is None or rd.simulated is None:
        return True
    room = timedelta(days=1)
    return (rd.start - room).date() <= date.fromisoformat(day) <= (rd.start + rd.simulated + room).date()


def _remark_outside(outside: Sequence[str], place: Place, key: str, rd: Reading) -> None:
    """Note that dates are not simulated: they change nothing."""
    assert rd.start is not None
    assert rd.simulated is not None
    more = f" and {len(outside) - 1} more of these dates" if len(outside) > 1 else ""
    until: datetime = rd.start + rd.simulated
    verb, they = ("lie", "they change") if more else ("lies", "it changes")
    rd.warn(
        f"{outside[0]}{more} {verb} outside the simulated time, {rd.start.date()} to {until.date()}: {they} nothing",
        place,
        key,
    )


class DatedHours(NamedTuple):
    """Hours of a week as they are written, with dates beside the weekdays."""

    week: WeekHours
    days: dict[str, SpecialDay]
    places: dict[str, Place]
    """Where the dates stand."""


class DatedHoursForm(HoursForm):
    """Opening hours of a week, and of dates beside the weekdays."""

    says = "hours like 24x7, 07:00-24:00, or {mon-fri: 07:00-24:00, sat: 10:00-16:00, 2026-12-24: 07:00-12:00}"
    days = SpecialDaysForm(words=False)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return super().read(node, key, rd)
        # What looks like a date is read as one, so that one that does not exist is told as such.
        dated = {name: entry for name, entry in node.entries.items() if name[:2].isdigit()}
        if not dated:
            return super().read(node, key, rd)
        days = self.days.read(Map(dated, node.place), key, rd)
        weekly = {name: entry for name, entry in node.entries.items() if name not in dated}
        if not weekly:
            why = "only dates have hours; say those of the week too, like daily: 08:00-18:00, or daily: closed"
            return rd.fault(why, node.place, key)
        may_stay_closed = days is not BAD and any(day.spans for day in days.values())
        week = self.week(Map(weekly, node.place), key, rd, or_closed=may_stay_closed)
        if days is BAD or week is BAD:
            return BAD
        places = {day: entry.place for name, entry in dated.items() for day in dates_in(name)}
        return DatedHours(week, days, places)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        schema = super().schema(defs)
        schema["anyOf"][-1]["patternProperties"][f"^{stretch.DATES}$"] = self.days.day.schema(defs)
        return schema


DATED_HOURS: Final = DatedHoursForm()


def split_dated(values: dict[str, Any], key: str, rd: Reading) -> None:
    """Dates among the hours become special days; without hours of the week the week is open all the time."""
    hours = values.get("hours")
    days = values.get("special_days")
    if isinstance(hours, DatedHours):
        values["hours"] = hours.week
        own: Mapping[str, SpecialDay] = {} if days is None or days is BAD else days
        for name in sorted(own.keys() & hours.days.keys()):
            at = joined(joined(key, "hours"), name)
            values["hours"] = rd.fault("stands here and in special_days; say it once", hours.places[name], at)
        if days is not BAD:
            values["special_days"] = {**own, **hours.days}
    elif hours is None and "hours" not in values and days:
        values["hours"] = WeekHours(spans=((0, WEEK),))


def spans_on(hours: WeekHours | None, days: Mapping[str, SpecialDay], day: date) -> tuple[Span, ...]:
    """Open from and until, microseconds since midnight, of what opens on a date; ends may lie on a later day."""
    special = days.get(day.isoformat()) if days else None
    if special is not None and special.spans is not None:
        return special.spans
    return ((0, DAY),) if hours is None else hours.by_day[day.weekday()]
