"""Several values in a line of text: a range and its number of values, `8..12:5`, or a list, `8,10,12`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ccsim.text import scalars
from ccsim.text.deltas import decimal_text

MOST_VALUES: Final = 10_000
"""Values of one factor."""
DIGITS: Final = 6
"""Significant digits of the span of a range to which its values are rounded where they do not come out even."""

_RANGE: Final = re.compile(r"(?P<first>.+?)\.\.(?P<last>.+?)(?::(?P<count>[^:]*))?")
_END: Final = re.compile(rf"(?P<sign>[+x-]?)(?P<number>{scalars.NUMBER}) ?(?P<unit>[%a-zA-Z]*(?: per [a-z]+)?)")


class UnfitError(ValueError):
    """Values that cannot be read; the text says what was found and what would do."""


@dataclass(frozen=True, slots=True)
class ValueSpan:
    """A range of numbers or times, from which values are taken."""

    first: Fraction
    last: Fraction
    sign: str
    """`+` for changes of what stands there, `x` for factors on it, empty for values."""
    unit: str
    """Stands behind the number; `us` where the ends are times of several parts."""
    whole: bool
    """Whether both ends are whole numbers, and samples are rounded to such."""

    def at(self, part: Fraction) -> str:
        """The value at a part of the way, 0 to 1, as a planner writes it."""
        return self._text(self.first + part * (self.last - self.first))

    def sampled(self, part: float) -> str:
        """The value of a sample, 0 <= part < 1; each whole number of a range of such has the same share."""
        if not self.whole:
            return self.at(Fraction(part))
        step = 1 if self.last >= self.first else -1
        return self._text(self.first + step * int(part * (abs(self.last - self.first) + 1)))

    def _text(self, value: Fraction) -> str:
        if self.unit == "us":
            return scalars.duration_text(round(value))
        text = decimal_text(abs(_short(value, self.last - self.first)))
        sign = self.sign if self.sign == "x" else "-" if value < 0 and text != "0" else self.sign
        return f"{sign}{text}{self.unit}"


def _short(value: Fraction, span: Fraction) -> Fraction:
    """A value of a few digits as it is, another rounded to `DIGITS` digits of the span."""
    if span == 0 or (value * 10**DIGITS).denominator == 1:
        return value
    power = 0
    while abs(span) * 10**power < 1:
        power += 1
    return round(value, DIGITS - 1 + power)


def values_of(text: str) -> tuple[str, ...]:
    """The values of a range or of a list; `UnfitError` where there are none, too many, or one is there twice."""
    found = _RANGE.fullmatch(text)
    return _checked(tuple(_of_range(text, found)) if found and _is_range(found) else tuple(_of_list(text)))


def _checked(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > MOST_VALUES:
        raise UnfitError(f"has {len(values):,} values; at most {MOST_VALUES:,} are simulated")
    twice = {value for value in values if values.count(value) > 1} if len(values) <= 1000 else set()
    if twice:
        raise UnfitError(f"has {sorted(twice)[0]} twice")
    return values


def _is_range(found: re.Match[str]) -> bool:
    """Whether it is a range of values and not a text with dots: dates are listed one by one."""
    return not any(sign in found["first"] for sign in ",{[\"'")


def ends_of_range(text: str) -> ValueSpan | None:
    """The range that a text says, without its number of values; None for a list. `UnfitError` as of `span_of`."""
    found = _RANGE.fullmatch(text)
    return span_of(found["first"], found["last"]) if found and _is_range(found) else None


def listed(values: list[str]) -> tuple[str, ...]:
    """Values of a list one by one; `UnfitError` where there are none or too many, or one is there twice."""
    if not values:
        raise UnfitError("expected at least one value, got an empty list")
    return _checked(tuple(values))


def span_of(first: str, last: str) -> ValueSpan:
    """The range between two values that are written alike; `UnfitError` where they are not."""
    a, b = _END.fullmatch(first.strip()), _END.fullmatch(last.strip())
    if a and b and (a["unit"] == b["unit"] or not a["unit"]):
        low, high = (scalars.exact(one["number"]) * (-1 if one["sign"] == "-" else 1) for one in (a, b))
        zero = [one["sign"] == "" and value == 0 for one, value in ((a, low), (b, high))]
        signs = [_kind(one["sign"]) for one, none in zip((a, b), zero, strict=True) if not none]
        if len(set(signs)) <= 1:
            whole = low.denominator == 1 and high.denominator == 1 and "." not in first + last and not b["unit"]
            return ValueSpan(low, high, signs[0] if signs else "", b["unit"], whole and "x" not in signs)
    if re.fullmatch(scalars.DURATION, first.strip()) and re.fullmatch(scalars.DURATION, last.strip()):
        return ValueSpan(
            Fraction(scalars.duration(first.strip())), Fraction(scalars.duration(last.strip())), "", "us", False
        )
    changes = [end.strip()[:1] in ("+", "-") for end in (first, last)]
    mixed = "; an end with + or - is a change of what stands there: give both ends a sign, or none"
    raise UnfitError(
        f"expected a range between two numbers, shares or times that are written alike, like 8..12:5, 10%..30%:3, "
        f"+0..+4:5 or 2m..4m:5, got {first}..{last}{mixed if any(changes) and not all(changes) else ''}"
    )


def stepped(span: ValueSpan, step: str) -> tuple[str, ...]:
    """The values of a range from its first end on by a step, as far as its last; `UnfitError` where the step does not
    fit it."""
    found = _END.fullmatch(step.strip())
    if found is not None and not found["sign"] and found["unit"] in (span.unit, "") and span.unit != "us":
        size = scalars.exact(found["number"])
    elif span.unit == "us" and re.fullmatch(scalars.DURATION, step.strip()):
        size = Fraction(scalars.duration(step.strip()))
    else:
        raise UnfitError(f"expected a step like the ends of the range, got {step}")
    if size <= 0:
        raise UnfitError(f"expected a step above 0, got {step}")
    whole = abs(span.last - span.first)
    count = int(whole / size) + 1
    if count > MOST_VALUES:
        raise UnfitError(f"has {count:,} values; at most {MOST_VALUES:,} are simulated")
    return tuple(span.at(i * size / whole) for i in range(count)) if whole else (span.at(Fraction(0)),)


def _kind(sign: str) -> str:
    return "+" if sign in ("+", "-") else sign


def _of_range(text: str, found: re.Match[str]) -> Iterator[str]:
    span = span_of(found["first"], found["last"])
    if found["count"] is None:
        if not span.whole:
            raise UnfitError(f"say how many values, like {text}:5")
        count = int(abs(span.last - span.first)) + 1
    else:
        try:
            count = scalars.count(found["count"].strip())
        except scalars.Misread as misread:
            raise UnfitError(f"the number of values behind the colon: {misread}") from None
        if count < 2:
            raise UnfitError(f"a range needs at least 2 values, got {count}; for one value say it alone")
    if count > MOST_VALUES:
        raise UnfitError(f"has {count:,} values; at most {MOST_VALUES:,} are simulated")
    if span.first == span.last:
        raise UnfitError(f"both ends are {found['first'].strip()}; for one value say it alone")
    yield from (span.at(Fraction(i, count - 1)) for i in range(count))


def _of_list(text: str) -> Iterator[str]:
    """Values apart at commas that stand in no bracket and no quote."""
    depth, quote, begin = 0, "", 0
    for i, sign in enumerate(f"{text},"):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "[{":
            depth += 1
        elif sign in "]}":
            depth -= 1
        elif sign == "," and depth <= 0:
            value = text[begin:i].strip()
            if not value:
                raise UnfitError(f"expected a value on either side of a comma, got {text!r}")
            begin = i + 1
            yield value
    if depth > 0 or quote:
        raise UnfitError(f"a bracket or a quote is not closed in {text!r}")


def number_text(span: ValueSpan, value: float, decimals: int) -> str:
    """A value between the ends of a range with so many decimals, as a planner writes it."""
    if span.unit == "us":
        return scalars.duration_text(round(value))
    text = decimal_text(round(Fraction(abs(value)), decimals))
    sign = span.sign if span.sign == "x" else "-" if value < 0 and text != "0" else span.sign
    return f"{sign}{text}{span.unit}"
