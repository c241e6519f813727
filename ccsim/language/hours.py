"""Opening hours: `24x7`, `07:00-24:00`, or by day of the week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final

from ccsim.language.forms import Form, Schema
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section
from ccsim.text import scalars, slips
from ccsim.text.paths import joined
from ccsim.text.quantities import TimeOfDay
from ccsim.text.tree import Items, Leaf, Map, Node, shown
from ccsim.units import DAY, HOUR, WEEK

Span = tuple[int, int]


_WITH_DAYS: Final = re.compile(rf"(?P<days>{scalars.WEEKDAY}\S*):? +(?P<hours>[0-9:]+ ?- ?[0-9:]+)")
_SPAN: Final = re.compile(r"([0-9]+:[0-9:]+) ?- ?([0-9]+:[0-9:]+)")


def day_spans(text: str) -> list[Span]:
    """Spans of one day from midnight, in `07:00-24:00` (may end on the next day), `24h` or `closed`."""
    if text == "closed":
        return []
    if text == "24h":
        return [(0, DAY)]
    match = _SPAN.fullmatch(text)
    if by_day := _WITH_DAYS.fullmatch(text):
        said = f"{{{by_day['days']}: {by_day['hours']}}}"
        raise scalars.Misread(f"days with their hours are a map, like {said}, got {shown(text)}")
    if not match:
        meant = slips.hours_meant(text)
        hint = f"; write {meant}" if meant else ""
        raise scalars.Misread(f"expected hours like 07:00-24:00, or closed, got {shown(text)}{hint}")
    start, end = scalars.time_of_day(match[1]), scalars.time_of_day(match[2])
    if start in (end, DAY):
        raise scalars.Misread(f"expected hours like 07:00-24:00 that do not end as they start, got {shown(text)}")
    return [(start, end if end > start else end + DAY)]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Spans sorted, those that touch or overlap as one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def week_of(spans: list[Span]) -> tuple[Span, ...]:
    """Spans of a week from Monday 00:00, sorted and merged; an end may lie in the next week."""
    found = list(merged(spans))
    # The last span may reach over Sunday midnight into the first ones.
    while len(found) > 1 and found[-1][1] - WEEK >= found[0][0]:
        first = found.pop(0)
        found[-1] = (found[-1][0], max(found[-1][1], first[1] + WEEK))
    if len(found) == 1 and found[0][1] - found[0][0] >= WEEK:
        return ((0, WEEK),)
    return tuple(found)


def _pieces(spans: Iterable[Span]) -> Iterator[tuple[int, Span]]:
    """Spans of a week cut where the days change: the weekday of each piece, and the piece since its midnight.

    A night that ends by noon is not cut: it belongs to the day on which it began.
    """
    for start, end in spans:
        while start < end:
            day = start // DAY
            until = end if end - day * DAY <= DAY + 12 * HOUR else (day + 1) * DAY
            yield day % 7, (start - day * DAY, until - day * DAY)
            start = until


@lru_cache(maxsize=1_024)
def _by_day(spans: tuple[Span, ...], as_written: tuple[Span, ...]) -> tuple[tuple[Span, ...], ...]:
    found: list[list[Span]] = [[] for _ in range(7)]
    for start, end in as_written:
        found[start // DAY].append((start % DAY, start % DAY + end - start))
    for day, piece in () if as_written else _pieces(spans):
        found[day].append(piece)
    return tuple(tuple(sorted(day)) for day in found)


class HoursForm(Form):
    """Opening hours of a week."""

    says = "hours like 24x7, 07:00-24:00, or {mon-fri: 07:00-24:00, sat: 10:00-16:00, sun: closed}"
    never = "it never opens"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text == "24x7":
            return WeekHours(spans=((0, WEEK),))
        return self.week(node, key, rd)

    def week(self, node: Node, key: str, rd: Reading, *, or_closed: bool = False) -> Any:
        """The hours of a week; `or_closed`: they need not open."""
        by_day = self._by_day(node, key, rd)
        if isinstance(by_day, Bad):
            return BAD
        written = [(day * DAY + s, day * DAY + e) for day in sorted(by_day) for s, e in merged(by_day[day])]
        if not written and not or_closed:
            return rd.fault(self.never, node.place, key)
        hours = WeekHours(spans=week_of(written))
        own = tuple(tuple((s % DAY, s % DAY + e - s) for s, e in written if s // DAY == day) for day in range(7))
        return hours if hours.by_day == own else WeekHours(spans=hours.spans, as_written=tuple(written))

    def _by_day(self, node: Node, key: str, rd: Reading) -> dict[int, list[Span]] | Bad:
        if not isinstance(node, Map):
            spans = self._spans(node, key, rd)
            return BAD if isinstance(spans, Bad) else dict.fromkeys(range(7), spans)
        by_day: dict[int, list[Span]] = {}
        bad = not node.entries
        if bad:
            rd.expected(self.says, node, key)
        for words, entry in node.entries.items():
            at = joined(key, words)
            spans = self._spans(entry.node, at, rd)
            try:
                days = scalars.weekdays(words)
            except scalars.Misread as misread:
                rd.fault(str(misread), entry.place, at)
                bad = True
                continue
            for day in days:
                if day in by_day:
                    rd.fault(f"{scalars.WEEKDAYS[day]} has hours twice", entry.place, at)
                    bad = True
                by_day[day] = [] if isinstance(spans, Bad) else spans
            bad = bad or isinstance(spans, Bad)
        return BAD if bad else by_day

    def _spans(self, node: Node, key: str, rd: Reading) -> list[Span] | Bad:
        spans: list[Span] = []
        bad = False
        for item in node.items if isinstance(node, Items) else (node,):
            if not isinstance(item, Leaf) or item.empty:
                bad = True
                rd.expected("hours like 07:00-24:00, or closed", item, key)
                continue
            try:
                spans.extend(day_spans(item.text))
            except scalars.Misread as misread:
                bad = True
                rd.fault(str(misread), item.place, key)
        return BAD if bad else spans

    def spans_schema(self) -> Schema:
        """JSON Schema of the hours of one day."""
        time = scalars.TIME_OF_DAY
        span: Schema = {"type": "string", "pattern": f"^({time} ?- ?{time}|24h|closed)$"}
        return {"anyOf": [span, {"type": "array", "items": span}]}

    def schema(self, defs: dict[str, Schema]) -> Schema:
        spans = self.spans_schema()
        span = spans["anyOf"][0]
        day = scalars.WEEKDAY
        by_day: Schema = {
            "type": "object",
            "patternProperties": {f"^({day}(-{day})?|daily)$": spans},
            "additionalProperties": False,
        }
        return {"anyOf": [{"const": "24x7"}, span, spans["anyOf"][1], by_day]}


def _span_text(span: Span) -> str:
    return f"{scalars.clock_text(span[0])}-{scalars.clock_text((span[1] - 1) % DAY + 1)}"


def day_spans_text(spans: Iterable[Span]) -> str:
    """Hours of one day in short: `08:00-12:00 and 14:00-18:00`, or `closed`."""
    return " and ".join(_span_text(span) for span in spans) or "closed"


def hours_text(hours: WeekHours) -> str:
    """Opening hours in short: `07:00-21:00`, or `mon-fri 07:00-21:00, sat 09:00-17:00`."""
    if hours.spans == ((0, WEEK),):
        return "24x7"
    if not hours.spans:
        return "closed"
    by_day: dict[int, str] = {}
    for day, piece in _pieces(hours.spans):
        by_day[day] = f"{by_day[day]} and {_span_text(piece)}" if day in by_day else _span_text(piece)
    runs: list[tuple[int, int, str]] = []
    for day in sorted(by_day):
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == by_day[day]:
            runs[-1] = (runs[-1][0], day, by_day[day])
        else:
            runs.append((day, day, by_day[day]))
    if len(runs) == 1 and runs[0][:2] == (0, 6):
        return runs[0][2]
    names = scalars.WEEKDAYS
    return ", ".join(f"{names[a]}{'-' + names[b] if b > a else ''} {text}" for a, b, text in runs)


class WeekHours(Section):
    """Opening hours of a week."""

    spans: tuple[tuple[TimeOfDay, TimeOfDay], ...]
    """Open from and until, as microseconds since Monday 00:00 local time, sorted, without overlap; an end may
    lie in the next week."""
    as_written: tuple[tuple[TimeOfDay, TimeOfDay], ...] = ()
    """Spans before those that touch became one, where it matters to which day they belong; else empty."""

    @property
    def by_day(self) -> tuple[tuple[Span, ...], ...]:
        """[7] Open from and until by the weekday on which it opens, microseconds since its midnight."""
        return _by_day(self.spans, self.as_written)


WeekHours.form = HoursForm()
