"""What may move a scenario: volumes, handle times, people, prices, ... found in what is written, each by a step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from ccsim.text import scalars
from ccsim.text.deltas import Delta, changed, decimal_text
from ccsim.text.paths import joined
from ccsim.text.tree import Items, Leaf, Map, Node

KINDS_OF_DRIVERS: Final = {
    "volume": "contacts of each volume",
    "handle time": "handle times of each workflow and tier, of a channel or of everything",
    "patience": "patience",
    "resolved": "shares resolved, and first contact resolution",
    "returns": "shares of customers who come back",
    "people": "headcount, people on a shift pattern, or staffing, of each pool",
    "shrinkage": "shrinkage of each vendor and pool",
    "bot": "shares that meet a bot, and that it contains, rightly and falsely",
    "price": "prices of hours, bots, assists, deflections",
}
"""Kinds of inputs that are looked for, in the order in which they are told."""
MOST_EACH: Final = 12
"""Inputs of a kind that are moved one by one; more are moved together."""

_PATHS: Final = {
    ("demand", "*"): "volume",
    ("handle_time",): "handle time",
    ("aht",): "handle time",
    ("channels", "*", "handle_time"): "handle time",
    ("channels", "*", "aht"): "handle time",
    ("workflows", "*", "handle_time"): "handle time",
    ("workflows", "*", "aht"): "handle time",
    ("workflows", "*", "tiers", "*", "handle_time"): "handle time",
    ("workflows", "*", "tiers", "*", "aht"): "handle time",
    ("patience",): "patience",
    ("channels", "*", "patience"): "patience",
    ("workflows", "*", "patience"): "patience",
    ("workflows", "*", "fcr"): "resolved",
    ("workflows", "*", "tiers", "*", "resolved"): "resolved",
    ("workflows", "*", "returns", "*", "share"): "returns",
    ("pools", "*", "headcount"): "people",
    ("pools", "*", "shifts", "*"): "people",
    ("pools", "*", "staffing"): "people",
    ("vendors", "*", "shrinkage"): "shrinkage",
    ("pools", "*", "shrinkage"): "shrinkage",
    ("bots", "*", "share"): "bot",
    ("bots", "*", "takes"): "bot",
    ("bots", "*", "contained"): "bot",
    ("bots", "*", "contains"): "bot",
    ("bots", "*", "falsely_contained"): "bot",
    ("vendors", "*", "paid_hour"): "price",
    ("pools", "*", "paid_hour"): "price",
    ("bots", "*", "price"): "price",
    ("assists", "*", "price"): "price",
    ("deflections", "*", "price"): "price",
    ("triage", "*", "price"): "price",
}
"""Where inputs stand, and of which kind they are; `*` is any name."""
_PERCENT: Final = rf"{scalars.NUMBER} ?%"
_OF_VOLUMES: Final = ("per_second", "per_minute", "per_hour", "per_day", "per_week", "rates", "forecast", "intervals")
_TIMES: Final = ("handle time", "patience")
_SHARES: Final = ("resolved", "returns", "shrinkage", "bot")

_UNSAID: Final = frozenset(part for path in _PATHS for part in path if part not in (
    "takes", "contained", "contains", "falsely_contained", "fcr"
))  # fmt: skip
"""Parts of a key that its kind says already."""

Setting = tuple[str, str]
"""A dotted key and a value."""


@dataclass(frozen=True, slots=True)
class Driver:
    """An input, or several that are moved together, at two ends."""

    name: str
    kind: str
    low: tuple[Setting, ...]
    """What is set at the low end; nothing where there is none."""
    high: tuple[Setting, ...]
    ends: tuple[str, str]
    """Both in words: `27`, `x0.9`."""

    @property
    def keys(self) -> tuple[str, ...]:
        """What is moved."""
        return tuple(dict.fromkeys(key for key, _ in (*self.low, *self.high)))


def drivers_found(tree: Map, step: Fraction, kinds: Sequence[str] = (), *, each: bool = False) -> list[Driver]:
    """The inputs of a scenario, each by a step up and down, in the order of `KINDS_OF_DRIVERS`.

    Parameters
    ----------
    tree
        What is written, after all merging.
    step
        Part of the value, above 0 and below 1; people by one person at least, shares to 100 % at most.
    kinds
        Of `KINDS_OF_DRIVERS`; default all.
    each
        Move every input alone, however many of a kind there are.
    """
    found: dict[str, list[Driver]] = {kind: [] for kind in KINDS_OF_DRIVERS if not kinds or kind in kinds}
    for parts, node, kind in _inputs(tree):
        made = _driver(parts, node, kind, step) if kind in found else None
        if made is not None and any(one.name == made.name for one in found[kind]):  # a vendor and a pool of one name
            made = replace(made, name=f"{made.name} ({'.'.join(parts)})")
        if made is not None:
            found[kind].append(made)
    made_all: list[Driver] = []
    for kind, some in found.items():
        made_all += some if each or len(some) <= MOST_EACH else [_together(kind, some, step)]
    return made_all


def _together(kind: str, some: Sequence[Driver], step: Fraction) -> Driver:
    low, high = (tuple(pair for one in some for pair in getattr(one, end)) for end in ("low", "high"))
    return Driver(f"{kind}, all {len(some)}", kind, low, high, _factors(step))


def _inputs(tree: Map) -> Iterator[tuple[tuple[str, ...], Node, str]]:
    for path, kind in _PATHS.items():
        yield from ((parts, node, kind) for parts, node in _along(tree, path))


def _along(node: Node, path: Sequence[str], parts: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    if not path:
        yield parts, node
    elif isinstance(node, Map):
        for name, entry in node.entries.items():
            if path[0] in ("*", name):
                yield from _along(entry.node, path[1:], (*parts, name))


def _driver(parts: tuple[str, ...], node: Node, kind: str, step: Fraction) -> Driver | None:
    moved = _moved(parts, node, kind, step)
    low, high = (tuple((key, values[end]) for key, values in moved if values[end]) for end in (0, 1))
    if not low and not high:
        return None
    ends = moved[0][1] if len(moved) == 1 else _factors(step)
    shown = [part for part in parts if part not in _UNSAID]
    return Driver(" ".join([kind, *shown]), kind, low, high, ends)


def _factors(step: Fraction) -> tuple[str, str]:
    return f"x{decimal_text(1 - step)}", f"x{decimal_text(1 + step)}"


def _moved(parts: tuple[str, ...], node: Node, kind: str, step: Fraction) -> list[tuple[str, tuple[str, str]]]:
    """Keys with their values at both ends, an empty one where there is none."""
    key = ""
    for part in parts:
        key = joined(key, part)
    if kind == "volume":
        source = next((one for one in _OF_VOLUMES if isinstance(node, Map) and one in node.entries), None)
        held = node.get(source) if isinstance(node, Map) and source is not None else None
        if held is None:
            return []
        if isinstance(held, Leaf) and _is(scalars.NUMBER, held):
            return [(f"{key}.{source}", _scaled(held, step))]
        return [(f"{key}.rate", _factors(step))]
    if kind == "people":
        return [(key, _people(node, step))]
    return [(one, _scaled(leaf, step, most=kind in _SHARES)) for one, leaf in _leaves(node, key) if _fits(leaf, kind)]


def _leaves(node: Node, key: str) -> Iterator[tuple[str, Leaf]]:
    if isinstance(node, Leaf):
        yield key, node
    elif isinstance(node, Map):
        for name, entry in node.entries.items():
            yield from _leaves(entry.node, joined(key, name))


def _fits(leaf: Leaf, kind: str) -> bool:
    """Whether a value is what its kind is measured in: a mean is a time, its variation is none."""
    if kind in _TIMES:
        return _is(scalars.DURATION, leaf)
    return _is(scalars.NUMBER, leaf) or _is(_PERCENT, leaf)


def _scaled(leaf: Leaf, step: Fraction, *, most: bool = False) -> tuple[str, str]:
    """The value less and more a step; empty where that is no other value."""
    ends = []
    for factor in (1 - step, 1 + step):
        new = changed(leaf, Delta(0, decimal_text(factor), leaf.place))
        assert isinstance(new, Leaf)
        text = new.text
        if most and scalars.ratio(text) > 1:
            text = "100%" if text.endswith("%") else "1"
        ends.append("" if _same(text, leaf.text) else text)
    return ends[0], ends[1]


def _is(pattern: str, leaf: Leaf) -> bool:
    return re.fullmatch(pattern, leaf.text) is not None


def _same(one: str, other: str) -> bool:
    return one.replace("_", "").replace(" ", "") == other.replace("_", "").replace(" ", "")


def _people(node: Node, step: Fraction) -> tuple[str, str]:
    """People by a step, rounded, one at least; curves and files by a factor that moves their highest value by one."""
    if isinstance(node, Leaf) and _is(scalars.NUMBER, node):
        now = scalars.exact(node.text)
        by = max(round(now * step), 1)
        return decimal_text(now - by) if now > by else "", decimal_text(now + by)
    numbers = [scalars.exact(one.text) for one in _values(node) if _is(scalars.NUMBER, one)]
    most = max(numbers, default=Fraction(0))
    if isinstance(node, (Items, Map)) and most == 0:
        return "", ""
    return _factors(max(step, 1 / most) if most > 1 else step)


def _values(node: Node) -> Iterator[Leaf]:
    """Leaves of a curve that are numbers of agents: the second of each step, all of a list of values."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Items):
        for item in node.items:
            yield from _values(item.items[-1] if isinstance(item, Items) and len(item.items) == 2 else item)
    elif isinstance(node, Map):
        for name in ("values", "steps"):
            if name in node.entries:
                yield from _values(node.entries[name].node)
