"""Relative changes of a value: `+2`, `-1`, `x1.1`, `+30s`, `-5%`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from ccsim.text import scalars
from ccsim.text.tree import Items, Leaf, Map, Node, Place, shown
from ccsim.units import DAY, SECOND

_DELTA: Final = re.compile(rf"(?P<sign>[+-])(?P<amount>\S.*)|x(?P<times>{scalars.NUMBER})")

_MONEY: Final = re.compile(rf"(?P<amount>{scalars.NUMBER}) ?(?P<unit>(?:per )?[A-Z]{{3}})")


@dataclass(frozen=True, slots=True)
class Delta:
    """A change of an old value."""

    sign: int
    """+1 or -1 to add or take away, 0 to multiply."""
    text: str
    """What is added or multiplied by, without the sign."""
    place: Place

    def __str__(self) -> str:
        return {1: "+", -1: "-", 0: "x"}[self.sign] + self.text


def delta_of(node: Node) -> Delta | None:
    """The change that a plain scalar asks for, or None."""
    if not isinstance(node, Leaf) or not node.plain:
        return None
    match = _DELTA.fullmatch(node.text)
    if not match:
        return None
    if match["times"]:
        return Delta(0, match["times"], node.place)
    return Delta(1 if match["sign"] == "+" else -1, match["amount"], node.place)


def changed(old: Node, delta: Delta, *, whole: bool = False) -> Node:
    """The old value changed: a number, a share, a duration, a time of day, or a curve of numbers.

    `whole` rounds numbers to whole ones, halves up. Raises `Misread` where the value cannot be changed so.
    """
    if isinstance(old, Leaf):
        return Leaf(_scalar(old.text, delta, whole), True, delta.place)
    if isinstance(old, Items) and old.items and all(isinstance(item, Items) for item in old.items):
        steps = [_step(item, delta, whole) for item in old.items]
        return Items(tuple(steps), delta.place)
    if isinstance(old, Items) and old.items:
        return Items(tuple(changed(item, delta, whole=whole) for item in old.items), delta.place)
    if isinstance(old, Map):
        for name in ("values", "steps"):
            entry = old.entries.get(name)
            if entry is not None:
                new = type(entry)(changed(entry.node, delta, whole=whole), entry.place)
                return Map({**old.entries, name: new}, old.place)
        raise scalars.Misread(f"{delta} changes a number, a share, a duration or a curve; name one of the map's keys")
    raise scalars.Misread(f"{delta} changes a number, a share, a duration or a curve; an empty list stands here")


def _step(item: Node, delta: Delta, whole: bool) -> Node:
    if not isinstance(item, Items) or len(item.items) != 2:
        raise scalars.Misread("expected steps like [09:30, 12]")
    return Items((item.items[0], changed(item.items[1], delta, whole=whole)), item.place)


def _scalar(old: str, delta: Delta, whole: bool) -> str:
    for read in (_number, _percent, _money, _duration, _time_of_day):
        new = read(old, delta, whole)
        if new is not None:
            return new
    raise scalars.Misread(f"{delta} changes a number, a share, a duration or a curve; {shown(old)} stands here")


def _sum(old: Fraction, delta: Delta, amount: Fraction | None) -> Fraction:
    """Old value times the factor, or plus the signed amount; never below 0."""
    if delta.sign == 0:
        return old * scalars.exact(delta.text)
    assert amount is not None
    new = old + delta.sign * amount
    if new < 0:
        raise scalars.Misread(f"{delta} would make the value negative")
    return new


def _number(old: str, delta: Delta, whole: bool) -> str | None:
    if not re.fullmatch(scalars.NUMBER, old):
        return None
    if delta.sign and re.fullmatch(_MONEY, delta.text):
        raise scalars.Misread(
            f"{delta} names a currency, which {shown(old)} does not; say {_sign(delta)}so many, or the whole amount"
        )
    amount = None if delta.sign == 0 else _amount(delta)
    new = _sum(scalars.exact(old), delta, amount)
    return str(int(new + Fraction(1, 2))) if whole else decimal_text(new)


def _amount(delta: Delta) -> Fraction:
    if delta.text.endswith("%"):
        return scalars.exact(delta.text[:-1]) / 100
    return scalars.exact(delta.text, f"a number after {_sign(delta)}")


def _sign(delta: Delta) -> str:
    return "+" if delta.sign > 0 else "-"


def _percent(old: str, delta: Delta, whole: bool) -> str | None:
    if not re.fullmatch(rf"{scalars.NUMBER} ?%", old):
        return None
    amount = None if delta.sign == 0 else _amount(delta)
    return decimal_text(_sum(scalars.exact(old[:-1].rstrip()) / 100, delta, amount) * 100) + "%"


def _money(old: str, delta: Delta, whole: bool) -> str | None:
    """An amount with its currency, `18.50 EUR`, or a rate: more or less of the same; `+2` and `+2 EUR` are the same."""
    said = _MONEY.fullmatch(old)
    if not said:
        return None
    unit = said["unit"]
    if delta.sign and re.search("[A-Z]{3}$", delta.text) and not delta.text.endswith(unit):
        raise scalars.Misread(f"{delta} is in another unit than {shown(old)}; say {_sign(delta)}so many {unit}")
    bare = (
        delta
        if delta.sign == 0 or not delta.text.endswith(unit)
        else replace(delta, text=delta.text[: -len(unit)].rstrip())
    )
    return f"{_number(said['amount'], bare, whole)} {unit}"


def _duration(old: str, delta: Delta, whole: bool) -> str | None:
    if not re.fullmatch(scalars.DURATION, old):
        return None
    amount = None if delta.sign == 0 else Fraction(scalars.duration(delta.text))
    return scalars.duration_text(round(_sum(Fraction(scalars.duration(old)), delta, amount)))


def _time_of_day(old: str, delta: Delta, whole: bool) -> str | None:
    if not re.fullmatch(scalars.TIME_OF_DAY, old) or delta.sign == 0:
        return None
    new = _sum(Fraction(scalars.time_of_day(old)), delta, Fraction(scalars.duration(delta.text)))
    if new > DAY or int(new) % SECOND:
        raise scalars.Misread(f"{delta} would go beyond the day, or below whole seconds")
    return scalars.clock_text(int(new))


def decimal_text(value: Fraction) -> str:
    """The number in decimal digits; exact, unless it needs more than 30 of them behind the point."""
    digits = 0
    while (value * 10**digits).denominator != 1 and digits < 30:
        digits += 1
    scaled = round(value * 10**digits)
    text = str(scaled).rjust(digits + 1, "0")
    return f"{text[:-digits]}.{text[-digits:]}".rstrip("0").rstrip(".") if digits else text
