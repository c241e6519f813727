"""Why a file cannot be read as a table, and limits that every kind of file has."""

from __future__ import annotations

from typing import Final

MOST_COLUMNS: Final = 10_000
MOST_LINE: Final = 100_000
"""Characters of a line."""


class Unfit(Exception):  # noqa: N818
    """The file cannot be read: why, and the line and column (from 1) where that shows."""

    def __init__(self, why: str, line: int = 0, column: int = 0) -> None:
        super().__init__(why)
        self.line = line
        self.column = column
