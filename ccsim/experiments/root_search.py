"""Where a noisy, monotone result crosses zero: a root search on paired differences with growing replications.

The search sees results by their intervals only. It brackets the root between points whose sign is decided, places
further points where straight lines between the points cross zero (regula falsi), and takes more replications once
noise, and not the distance of the points, is what keeps the root uncertain: retrospective approximation (Chen and
Schmeiser, IIE Transactions 33, 2001). The interval of the root holds every point at which a root is not refuted: it
ends where the ends of the results' intervals cross zero (the inversion of a test, as Fieller's).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from ccsim.kpis.verdicts import Direction, verdict_of_difference

MOST_LOOKS: Final = 40
JUMP: Final = 10.0
"""A crossing so many times as steep as the whole range is told as a jump."""

_SIGNS: Final[dict[Direction, int]] = {"higher": 1, "lower": -1, "not decided": 0}

Outcome = Literal["root", "neighbours", "jump", "steps", "no change", "several", "too noisy"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A result less its target at one point."""

    part: Fraction
    """Where, 0 to 1 of the range."""
    replications: int
    gap: float
    low: float
    high: float
    value: float | None = None
    """The result itself."""

    @property
    def side(self) -> int:
        """+1 or -1 where the whole interval is on one side of zero, else 0."""
        return _SIGNS[verdict_of_difference(self.low, self.high)]

    @property
    def exact(self) -> bool:
        """Whether it is zero in every replication."""
        return self.low == self.high == 0


@dataclass(frozen=True, slots=True)
class FoundRoot:
    """What a root search found."""

    outcome: Outcome
    """`root`; `neighbours`: of a whole number, the two between which it changes; `jump`: it changes at once;
    `steps`: it changes in steps between two points, as what follows the key (people) does so in whole numbers;
    `no change` of sign between the ends; `several` changes; `too noisy`: an end's sign is not decided with all
    replications."""
    root: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None
    """Of a root the ends of its interval; else the nearest points on either side whose sign is decided."""
    precise: bool = False
    """Whether the interval is as narrow as was asked for; of neighbours whether there is none between them."""
    replications: int = 0
    """Those of the last look."""
    looked: tuple[Gap, ...] = ()
    """The last look at each point, in order."""
    turns: bool = False
    """Whether the result goes back by more than its noise somewhere, though its sign changes once."""


@dataclass(slots=True)
class RootSearch:
    """One search."""

    look: Callable[[Sequence[Fraction], int], Iterable[Gap]]
    """Results at some points with so many replications, in the order of the points."""
    first: int
    """Replications of the first look."""
    most: int
    precision: Fraction = Fraction(1, 100)
    """Wanted half-width of the root's interval, as a part of the range."""
    steps: int | None = None
    """Of a whole number: how many steps the range has."""
    followed: Callable[[Fraction], object] | None = None
    """What follows the key in whole numbers at a point that was looked at: between points where it differs results go
    in steps, and a straight line says nothing."""
    _seen: dict[Fraction, Gap] = field(default_factory=dict)
    _n: int = 0

    def find(self) -> FoundRoot:
        """Search; the outcome says how it ended."""
        self._n = min(self.first, self.most)
        ended = self._ends()
        if ended is not None:
            return ended
        width = Fraction(2)
        for _ in range(MOST_LOOKS):
            if exact := [part for part, one in self._seen.items() if one.exact]:
                return self._made("root", exact[0], exact[0], exact[0], precise=True)
            a, b = self._bracket()
            if self.steps and b - a == Fraction(1, self.steps):
                return self._made("neighbours", None, a, b, precise=True)
            if self.followed is not None and self.followed(a) != self.followed(b):
                if stepped := self._by_steps(a, b):
                    return stepped
                continue
            root, low, high = self._crossings(a, b)
            half, noisy = (high - low) / 2, (b - a) <= 4 * (high - low)
            near = any(abs(part - root) <= max(self.precision / 4, half) for part in self._inside(a, b))
            if not self.steps and half <= self.precision and (near or b - a <= self.precision / 8):
                return self._ended(a, b, root, low, high, precise=True)
            new = self._new_points(a, b, root, low, high, halve=(b - a) * 2 > width)
            if not new and not noisy:
                new = sorted({self._snap((a + b) / 2)} - {a, b, *self._inside(a, b)})
            if noisy or not new:
                if self._n >= self.most and (not new or near):
                    if self.steps:
                        return self._made("neighbours", None, a, b, precise=False)
                    return self._ended(a, b, root, low, high, precise=half <= self.precision)
                new = sorted({a, b, *new, *self._inside(a, b)})
                self._grow(float(half / self.precision) if not self.steps else 2.0)
                self._seen = {part: one for part, one in self._seen.items() if part in (0, 1)}
            width = b - a
            self._take(new)
        return self._ended(*self._bracket(), *self._crossings(*self._bracket()), precise=False)

    def _by_steps(self, a: Fraction, b: Fraction) -> FoundRoot | None:
        """Halve what is not looked at between the decided ends and the points between whose sign is not decided; the
        outcome once nothing is left. More replications are taken only while points of different steps cannot be told
        from zero: within one step no number of them gives a better answer than the step.
        """
        assert self.followed is not None
        inside = self._inside(a, b)
        first, last = (inside[0], inside[-1]) if inside else (a, b)
        gaps = [(a, first), (last, b)] if inside else [(a, b)]
        new = [(low + high) / 2 for low, high in gaps if high - low > self.precision]
        alike = self.followed(first) == self.followed(last) if inside else True
        if not alike and self._n < self.most and len(inside) > 1:
            self._grow(2.0)
            self._seen = {part: one for part, one in self._seen.items() if part in (0, 1)}
            self._take([a, b, *inside])
        elif new:
            self._take(new)
        else:
            return self._made("steps", None, a, b, precise=alike)
        return None

    def _ends(self) -> FoundRoot | None:
        """Look at both ends and between them until the signs of the ends are decided; why there is no search."""
        parts = sorted({self._snap(Fraction(i, 4)) for i in range(5)})
        while True:
            self._take(parts)
            sides = [self._seen[part].side for part in parts]
            decided = [side for side in sides if side]
            changes = sum(one != other for one, other in pairwise(decided))
            exact = any(self._seen[part].exact for part in (parts[0], parts[-1]))
            if changes > 1:
                return self._made("several")
            if exact or (sides[0] and sides[-1]):
                return None if exact or changes == 1 else self._made("no change")
            if self._n >= self.most:
                return self._made("too noisy")
            self._grow(2.0)

    def _take(self, parts: Iterable[Fraction]) -> None:
        wanted = sorted(set(parts))
        self._seen |= {one.part: one for one in self.look(wanted, self._n)}

    def _grow(self, times: float) -> None:
        """More replications: as many as noise asks for, from twice to eight times."""
        self._n = min(self.most, math.ceil(self._n * min(max(times * times, 2.0), 8.0)))

    def _snap(self, part: Fraction) -> Fraction:
        return Fraction(round(part * self.steps), self.steps) if self.steps else part

    def _bracket(self) -> tuple[Fraction, Fraction]:
        """The nearest points around the change of sign whose signs are decided."""
        first = self._seen[Fraction(0)].side or -self._seen[Fraction(1)].side
        b = min((part for part, one in self._seen.items() if first and one.side == -first), default=Fraction(1))
        a = max(
            (part for part, one in self._seen.items() if first and one.side == first and part < b), default=Fraction(0)
        )
        return a, b

    def _inside(self, a: Fraction, b: Fraction) -> list[Fraction]:
        """Points strictly between two that were looked at with all replications of now."""
        return sorted(part for part, one in self._seen.items() if a < part < b and one.replications == self._n)

    def _crossings(self, a: Fraction, b: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        """Where the results cross zero, and the first and the last place where an end of their intervals does."""
        some = [self._seen[part] for part in sorted(self._seen) if a <= part <= b]
        rising = some[0].gap < some[-1].gap
        early = [one.high if rising else -one.low for one in some]
        late = [one.low if rising else -one.high for one in some]
        middle = [one.gap if rising else -one.gap for one in some]
        parts = [one.part for one in some]
        low, high = _crossing(parts, early, last=False), _crossing(parts, late, last=True)
        return min(max(_crossing(parts, middle, last=False), low), high), low, high

    def _new_points(
        self, a: Fraction, b: Fraction, root: Fraction, low: Fraction, high: Fraction, *, halve: bool
    ) -> list[Fraction]:
        """The root as it is now foreseen, and points beside its interval, inside the bracket and not looked at yet."""
        pad = max((high - low) / 2, self.precision / 2)
        wanted = [root, low - pad, high + pad, *([(a + b) / 2] if halve else [])]
        if self.steps:
            wanted += [Fraction(math.floor(root * self.steps), self.steps), (a + b) / 2]
        done = set(self._inside(a, b))
        parts = {self._snap(Fraction(round(part * 10**9), 10**9)) for part in wanted}
        return sorted(part for part in parts - done if a < part < b)

    def _ended(
        self, a: Fraction, b: Fraction, root: Fraction, low: Fraction, high: Fraction, *, precise: bool
    ) -> FoundRoot:
        """A root, or a jump between two points that are as near as was asked for."""
        ends = self._seen[Fraction(0)].gap, self._seen[Fraction(1)].gap
        step, slope = abs(self._seen[b].gap - self._seen[a].gap), abs(ends[1] - ends[0])
        if b - a <= 2 * self.precision and step > JUMP * float(b - a) * slope:
            return self._made("jump", None, a, b, precise=True)
        return self._made("root", root, low, high, precise=precise)

    def _made(
        self,
        outcome: Outcome,
        root: Fraction | None = None,
        low: Fraction | None = None,
        high: Fraction | None = None,
        *,
        precise: bool = False,
    ) -> FoundRoot:
        looked = tuple(self._seen[part] for part in sorted(self._seen))
        return FoundRoot(outcome, root, low, high, precise, self._n, looked, _turns(looked))


def _crossing(parts: Sequence[Fraction], values: Sequence[float], *, last: bool) -> Fraction:
    """Where straight lines between points cross zero from below, for the first or the last time; an end if nowhere."""
    pairs = list(zip(parts, values, strict=True))
    found = [(one, other) for one, other in pairwise(pairs) if one[1] <= 0 < other[1]]
    if not found:
        return parts[0] if values[0] > 0 else parts[-1]
    (a, at_a), (b, at_b) = found[-1 if last else 0]
    return a + (b - a) * Fraction(-at_a) / (Fraction(at_b) - Fraction(at_a))


def _turns(looked: Sequence[Gap]) -> bool:
    """Whether results go both up and down by more than their intervals."""
    ways = {
        1 if other.low > one.high else -1
        for i, one in enumerate(looked)
        for other in looked[i + 1 :]
        if other.low > one.high or other.high < one.low
    }
    return len(ways) > 1
