"""What a sweep varies: a dotted key and the values that it takes one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ccsim.errors import Fault
from ccsim.text.ranges import UnfitError, values_of

Values = tuple[tuple[str, str], ...]
"""Key and value of a point, in the order of the factors."""

FORMS: Final = "KEY=8..12:5 (a range and its number of values) or KEY=8,10,12"


@dataclass(frozen=True, slots=True)
class Varied:
    """One key that is varied."""

    key: str
    values: tuple[str, ...]
    """As a planner writes them."""
    place: str = "--vary"
    """Where it was said."""
    line: int = 0
    column: int = 0

    def fault(self, message: str) -> Fault:
        """A fault of this factor."""
        return Fault(message, self.key, self.place, self.line, self.column)


def factor_of(text: str) -> Varied:
    """A factor as `--vary` says it: `KEY=a..b:n` or `KEY=v1,v2,...`; `UnfitError` where it cannot be read."""
    key, equals, values = text.partition("=")
    if not equals or not key.strip() or not values.strip():
        raise UnfitError(f"expected {FORMS}, got {text!r}")
    return Varied(key.strip(), values_of(values.strip()), place=f"--vary {text}" if len(text) <= 80 else "--vary")


def factors_of(texts: Sequence[str]) -> tuple[list[Varied], list[Fault]]:
    """The factors of several `--vary`, and the faults of those that cannot be read or say a key again."""
    made: list[Varied] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            made.append(factor_of(text))
        except UnfitError as unfit:
            faults.append(Fault(str(unfit), text.partition("=")[0] if "=" in text else "", "--vary"))
    return made, [*faults, *repeated(made)]


def repeated(factors: Sequence[Varied]) -> list[Fault]:
    """Faults of keys that are varied twice."""
    seen: set[str] = set()
    faults = []
    for one in factors:
        if one.key in seen:
            faults.append(one.fault("is varied twice; give all its values at once"))
        seen.add(one.key)
    return faults
