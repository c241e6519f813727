"""Numbers by days of the week or months of the year, as they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ccsim.language.forms import Form
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Map


def numbers_by(
    node: Map,
    key: str,
    rd: Reading,
    *,
    number: Form,
    what: str,
    places: Callable[[str], Sequence[int]],
    names: Sequence[str],
    unsaid: float,
) -> list[float] | Bad:
    """One number for every name, from `{mon-fri: 1, sat: 40%}`; `unsaid` for those that are not named.

    `places` reads the words of a key; a name that is told twice is a fault that says `what` it has twice.
    """
    numbers = [unsaid] * len(names)
    told: set[int] = set()
    bad = False
    for words, entry in node.entries.items():
        at = joined(key, words)
        value = number.read(entry.node, at, rd)
        try:
            found = places(words)
        except scalars.Misread as misread:
            rd.fault(str(misread), entry.place, at)
            bad = True
            continue
        twice = [names[place] for place in found if place in told]
        if twice:
            rd.fault(f"{', '.join(twice)} has a {what} twice", entry.place, at)
        bad = bad or bool(twice) or value is BAD
        told.update(found)
        for place in found if value is not BAD else ():
            numbers[place] = value
    return BAD if bad else numbers
