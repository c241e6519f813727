"""The scenario's values in words, from the canonical form that a run keeps: what was put in, not measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ccsim.report.clock import WEEKDAYS
from ccsim.units import DAY, HOUR, MINUTE, SECOND, WEEK

SECTIONS: Final = (
    ("demand", "Demand: volumes, shares, shapes, randomness of days"),
    ("surges", "Launches, campaigns, incidents"),
    ("profiles", "Profiles"),
    ("causes", "Causes"),
    ("workflows", "Workflows: handle times, outcomes, returns, certifications"),
    ("handle_time", "Handle time where nothing nearer says one"),
    ("handle_time_cv", "CV of talk of which only a mean is written"),
    ("patience", "Patience where nothing nearer says one"),
    ("channels", "Channels: patience, concurrency, deadlines"),
    ("segments", "Segments"),
    ("markets", "Markets: zones, languages, holidays, residency"),
    ("sites", "Sites"),
    ("vendors", "Vendors: prices, premiums, shrinkage"),
    ("shift_patterns", "Shift patterns"),
    ("pools", "Pools: people, skills, languages, shrinkage, pace"),
    ("queue_groups", "Doors: hours, lines, places"),
    ("routing", "Routing"),
    ("planning", "Planning: how many agents are required"),
    ("service_level", "How service level is counted"),
    ("horizon", "Horizon"),
    ("goals", "Goals"),
)
"""Sections of a scenario in the order of the page, with their titles."""

MOST_LINES: Final = 1_500
"""Longer sections are cut; run.json has every value."""
FEW: Final = 16
"""Longer lists of numbers are summed up."""

LONG: Final = 100_000
"""Whole numbers from here on are microseconds: nothing else is counted so high but what `_COUNTS` names."""
_COUNTS: Final = ("headcount", "agents", "lines", "max_waiting", "number", "seed")
_FIRST: Final = ("law", "mean", "kind", "kpi")
"""Keys that stand first on a line."""
_TIMES_OF_DAY: Final = ("starts", "start")
_SHARES: Final = (
    "share", "zero", "resolved", "escalated", "peers", "holidays", "on_holidays", "remaining", "occupancy", "answered",
    "correlation", "cv", "handle_time_cv", "night", "weekend", "holiday", "overtime",
)  # fmt: skip
"""Keys whose numbers are shown in per cent."""
_OF_SHARES: Final = (
    "markets", "channels", "segments", "causes", "languages", "shrinkage", "transfers", "vendor_share",
)  # fmt: skip
"""Keys of maps from names to shares."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """One section of a scenario as text."""

    title: str
    text: str
    """Indented lines, `key: value`."""


def assumptions(scenario: Mapping[str, Any]) -> list[Assumed]:
    """The sections of a canonical scenario that say anything; values that are not set are left out."""
    found = []
    for key, title in SECTIONS:
        if _said(scenario.get(key)):
            lines = list(_lines(scenario[key], (key,), 0))
            cut = lines[:MOST_LINES]
            if len(lines) > len(cut):
                cut.append(f"... {len(lines) - len(cut)} more lines; run.json has every value")
            found.append(Assumed(title, "\n".join(cut)))
    return found


def _said(value: Any) -> bool:
    """Whether there is anything in a value."""
    if isinstance(value, Mapping):
        return any(_said(inner) for inner in value.values())
    return value is not None and value not in ("", [], ())


def _lines(value: Any, path: tuple[str, ...], depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not _said(inner):
                continue
            if key == "spans" and _are_spans(inner):
                yield f"{pad}open: {', '.join(_span(span) for span in inner)}"
            elif _is_short(inner):
                yield f"{pad}{key}: {_text(inner, (*path, str(key)))}"
            else:
                yield f"{pad}{key}:"
                yield from _lines(inner, (*path, str(key)), depth + 1)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for i, inner in enumerate(value):
            if _is_short(inner):
                yield f"{pad}- {_text(inner, path)}"
            else:
                name = inner.get("name", i + 1) if isinstance(inner, Mapping) else i + 1
                yield f"{pad}- {name}:"
                rest = {k: v for k, v in inner.items() if k != "name"} if isinstance(inner, Mapping) else inner
                yield from _lines(rest, path, depth + 1)
    else:
        yield f"{pad}{_text(value, path)}"


def _is_short(value: Any) -> bool:
    """Whether a value fits on one line."""
    if isinstance(value, Mapping):
        said = [inner for inner in value.values() if _said(inner)]
        return len(said) <= 6 and all(not isinstance(v, (Mapping, list, tuple)) for v in said)
    if isinstance(value, (list, tuple)):
        return all(not isinstance(v, (Mapping, list, tuple)) for v in value)
    return True


def _are_spans(value: Any) -> bool:
    """Whether these are pairs of instants of a week."""
    return isinstance(value, (list, tuple)) and all(
        isinstance(span, (list, tuple)) and len(span) == 2 and all(isinstance(moment, int) for moment in span)
        for span in value
    )


def _span(span: Sequence[int]) -> str:
    """Opening hours of a day of the week: `Mon 07:00 to 21:00`."""
    (first, opens), (last, closes) = (divmod(moment, DAY) for moment in span)
    if closes == 0 and last == first + 1:
        last, closes = first, DAY
    day = "" if last == first else f"{WEEKDAYS[last % 7]} "
    return f"{WEEKDAYS[first % 7]} {_time_of_day(opens)} to {day}{_time_of_day(closes)}"


def _time_of_day(micros: int) -> str:
    return f"{micros // HOUR:02d}:{micros % HOUR // MINUTE:02d}"


def _text(value: Any, path: tuple[str, ...]) -> str:
    if isinstance(value, Mapping):
        said = sorted(((k, v) for k, v in value.items() if _said(v)), key=lambda pair: pair[0] not in _FIRST)
        return ", ".join(f"{k} {_text(v, (*path, str(k)))}" for k, v in said)
    if isinstance(value, (list, tuple)):
        return _list(value, path)
    if isinstance(value, (bool, str)):
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    return _number(value, path)


def _list(values: Sequence[Any], path: tuple[str, ...]) -> str:
    if path[-1] == "days" and all(isinstance(v, int) and 0 <= v < 7 for v in values):
        return "every day" if len(values) == 7 else ", ".join(WEEKDAYS[v] for v in values)
    if len(values) > FEW and all(isinstance(v, (int, float)) for v in values):
        low, high = (_number(value, path) for value in (min(values), max(values)))
        return f"{len(values)} values from {low} to {high}"
    return ", ".join(_text(v, path) for v in values)


def _is_share(value: float, path: tuple[str, ...]) -> bool:
    """Whether it stands in a map from names to shares, `demand.ads.markets.us` (not `channels.phone.concurrency`)."""
    inside = path[1:-1]
    return 0 <= value <= 1 and bool(inside) and (inside[-1] in _OF_SHARES or "vendor_share" in inside)


def _number(value: float, path: tuple[str, ...]) -> str:
    key = path[-1]
    if "rate" in path and key == "values":
        return f"{value * HOUR:.4g} an hour"
    if key == "trend":
        return f"{value * WEEK * 100:.3g} % a week"
    if key in _SHARES or _is_share(value, path):
        return f"{value * 100:.6g} %"
    if isinstance(value, int) and key in _TIMES_OF_DAY:
        return _time_of_day(value)
    if isinstance(value, int) and key not in _COUNTS and abs(value) >= LONG:
        return duration(value)
    return f"{value:.6g}" if isinstance(value, float) else f"{value}"


def duration(micros: int) -> str:
    """A duration as a planner writes it: `2m30s`, `1w`, `8h`."""
    if micros == 0:
        return "0s"
    parts, rest = [], abs(micros)
    for unit, name in ((WEEK, "w"), (DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count}{name}")
    if rest:
        parts.append(f"{rest / SECOND:g}s")
    return ("-" if micros < 0 else "") + "".join(parts)
