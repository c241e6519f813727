"""What refuses a file that was named: told with its line, each cause once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.row_times import Unplaced
from ccsim.text.tree import Place, Source
from ccsim.text.within import is_foreign

T = TypeVar("T")

_NOT_TOLD: Final = "cannot be used as it is; why is not told, as that quotes a file from outside the scenario's folder"
"""Reasons give heads, dates and numbers of the file as they are written."""


class Refused(Exception):  # noqa: N818
    """A file cannot be used: why, and the line that shows it, 0 for none."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


class BadCells(Exception):  # noqa: N818
    """Cells that cannot be read: their lines, and why."""

    def __init__(self, cells: Sequence[tuple[int, str]]) -> None:
        super().__init__(cells[0][1])
        self.cells = cells


class ToldBefore(Exception):  # noqa: N818
    """A file cannot be used for what was told when another volume or pool wanted it."""


def told_faults(
    source: Source, line_of: Callable[[int], int], key: str, rd: Reading, read: Callable[[], T | Bad]
) -> T | Bad:
    """What reading the rows of a file gives; what refuses them is told with its line, each cause once."""
    before = len(rd.faults.found)
    found: T | Bad = BAD
    faults: list[tuple[str, int]] = []
    try:
        found = read()
    except Refused as refused:
        faults = [(str(refused), max(refused.line, 1))]
    except BadCells as misread:
        faults = [(why, line) for line, why in misread.cells]
    except ToldBefore:
        pass
    except Unplaced as unplaced:
        several = (unplaced, *unplaced.others)
        faults = [(str(one), 1 if one.row is None else line_of(one.row)) for one in several]
    home = rd.faults.home
    if home is not None and is_foreign(source, home):
        faults = [(_NOT_TOLD, line) for _, line in faults]
    for why, line in faults:
        rd.fault(why, Place(source, line, 1), key)
    rd.faults.fold(before)
    return found
