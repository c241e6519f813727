"""Collects the faults of a scenario, and the remarks on it, so that all are reported at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from ccsim.errors import Fault, Remark, RemarkKind, ScenarioError
from ccsim.text.tree import Place
from ccsim.text.within import is_foreign, unquoted

MOST_FAULTS: Final = 200
"""More faults than this are counted, not listed; what is assumed is not noted beyond."""
MOST_COMPARED: Final = 500
"""A name is compared with at most this many others."""
MOST_NAMED: Final = 5
"""Further lines that a fault names."""
MOST_ALIKE: Final = 3
"""Rows of a file with faults alike that are told one by one: each may be a slip of its own."""

#: What differs between faults of one cause in several cells: the quoted text, times and numbers.
_DIFFERS: Final = re.compile(r"'.*'|[0-9]+", re.DOTALL)


class Faults:
    """The faults and remarks found so far."""

    def __init__(self, home: Path | None = None) -> None:
        """`home`: the scenario's folder; a fault in a file from outside it does not quote that file."""
        self.home = home
        self.found: list[Fault] = []
        self.unlisted = 0
        self.remarks: list[Remark] = []

    def add(self, message: str, place: Place, key: str = "") -> None:
        """Note a fault at a place."""
        if self.full:
            self.unlisted += 1
            return
        if self.home is not None and is_foreign(place.source, self.home):
            message, key = unquoted(message), "" if message.startswith("unknown") else key
        self.found.append(Fault(message, key, place.source.name, place.line, place.column))

    def remark(
        self,
        message: str,
        place: Place,
        key: str = "",
        kind: RemarkKind = "warning",
        *,
        refused: bool = False,
    ) -> None:
        """Note something that refuses nothing: a warning, what a short form was taken for, or what a file holds."""
        if kind == "warning" or len(self.remarks) < MOST_FAULTS:
            self.remarks.append(Remark(message, key, place.source.name, place.line, place.column, kind, refused))

    @property
    def full(self) -> bool:
        """Whether further faults are only counted."""
        return len(self.found) >= MOST_FAULTS

    def __bool__(self) -> bool:
        return bool(self.found)

    def copy(self) -> Faults:
        """The same faults, to which others can be added."""
        copy = Faults(self.home)
        copy.found = list(self.found)
        copy.unlisted = self.unlisted
        copy.remarks = list(self.remarks)
        return copy

    @property
    def count(self) -> int:
        """How many faults were noted so far, those that are not listed too."""
        return len(self.found) + self.unlisted

    def fold(self, since: int, more: str = "") -> None:
        """Tell what was noted of the rows of a file, from a position on, once for each cause: at its first line.

        `more` is said behind the last cause.
        """
        alike: dict[tuple[str, ...], list[Fault]] = {}
        for fault in self.found[since:]:
            kind = _DIFFERS.sub("", fault.message) if fault.line > 1 else f"{fault.column} {fault.message}"
            alike.setdefault((fault.file, fault.key, kind), []).append(fault)
        told = [one for faults in alike.values() for one in _told(faults)]
        if told and more:
            told[-1] = replace(told[-1], message=f"{told[-1].message}; {more}")
        self.found[since:] = told

    @property
    def sorted_remarks(self) -> tuple[Remark, ...]:
        """The remarks, each once, warnings first, in the order of their places."""
        return tuple(
            sorted(set(self.remarks), key=lambda r: (r.kind != "warning", r.file, r.line, r.column, r.key, r.message))
        )

    def raise_if_any(self) -> None:
        """Raise all faults as one `ScenarioError`."""
        if not self.found:
            return
        found = list(self.found)
        if self.unlisted:
            found.append(Fault(f"{self.unlisted} more faults are not listed", file="~"))
        raise ScenarioError(found)


def _told(alike: list[Fault]) -> list[Fault]:
    if len(alike) <= MOST_ALIKE:
        return alike
    first, *others = sorted(alike, key=lambda fault: fault.line)
    lines = [fault.line for fault in others]
    return [replace(first, message=first.message + likewise(lines[:MOST_NAMED], len(lines)))]


def likewise(lines: Sequence[int], count: int) -> str:
    """Where else a cause shows: the first lines of so many, or nothing where there are none."""
    if not count:
        return ""
    said = ", ".join(f"{line}" for line in lines)
    if count > len(lines):
        said += f" and {count - len(lines):,} more"
    return f"; likewise in line{'s' if count > 1 else ''} {said}"


def near(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` for the nearest of the known names, or a list of them where there are few."""
    if len(name) > 100:
        return ""
    import difflib

    names = sorted({other if len(other) <= 60 else other[:57] + "..." for other in known})
    # Nothing shorter or longer can be alike by the cutoff of 0.6.
    alike = [other for other in names if 3 * len(name) <= 7 * len(other) <= 17 * len(name)]
    close = difflib.get_close_matches(name, alike[:MOST_COMPARED], n=3, cutoff=0.6) or [
        other for other in names if other.lower() == name.lower()
    ]
    if close:
        return "; did you mean " + " or ".join(f"'{other}'" for other in close) + "?"
    if not names:
        return ""
    return f"; known: {', '.join(names)}" if len(names) <= 12 else f"; known: {', '.join(names[:12])}, ..."


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> list[str]:
    """The known name that a misspelt one is most like, if any is that much like it (0: not at all, 1: the same)."""
    import difflib

    return difflib.get_close_matches(name[:100], list(known), n=1, cutoff=likeness)
