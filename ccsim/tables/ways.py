"""Which of several ways to read a text fits a whole column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way(Generic[T]):
    """A way to read texts."""

    name: str
    """In words: `with the day first`."""
    read: Callable[[str], T | None]
    """The value of a text; none if it does not fit."""
    rank: int = 0
    """Of two ways that fit as many texts the one of lower rank is taken without a question."""
    say: str = ""
    """What is stated to have it."""


@dataclass(frozen=True, slots=True)
class Picked(Generic[T]):
    """The way that fits most texts, and their values."""

    way: Way[T]
    values: dict[str, T]


class Between(Exception, Generic[T]):  # noqa: N818
    """Ways that fit as many texts and differ for one of them: that text, and its values with their ways."""

    def __init__(self, text: str, readings: Sequence[tuple[Way[T], T]]) -> None:
        super().__init__(text)
        self.text = text
        self.readings = readings


def pick(texts: Iterable[str], ways: Sequence[Way[T]]) -> Picked[T] | None:
    """The way that fits most texts; none if none fits any. Raises `Between` where several fit as many and differ."""
    texts = list(texts)
    best: list[Picked[T]] = []
    most = 1
    for way in ways:
        values = _values(texts, way, most)
        if values:
            best = [one for one in best if len(one.values) == len(values)]
            best.append(Picked(way, values))
            most = len(values)
    if not best:
        return None
    least = min(one.way.rank for one in best)
    best = [one for one in best if one.way.rank == least]
    for text in best[0].values:
        different: dict[T, Way[T]] = {}
        for one in best:
            if text in one.values:
                different.setdefault(one.values[text], one.way)
        if len(different) > 1:
            raise Between(text, [(way, value) for value, way in different.items()])
    return best[0]


def _values(texts: Sequence[str], way: Way[T], least: int) -> dict[str, T]:
    """The values of the texts that a way fits; none once it cannot fit so many any more."""
    values: dict[str, T] = {}
    misfits = 0
    for text in texts:
        value = way.read(text)
        if value is not None:
            values[text] = value
        else:
            misfits += 1
            if misfits > len(texts) - least:
                return {}
    return values
