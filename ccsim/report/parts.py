"""What a page is made of: sections of sentences, figures and tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from markupsafe import Markup

from ccsim.report.csv_link import CsvLink, csv_link

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Cell:
    """One number (or word) of a table."""

    text: str
    """As it is shown; `-` where there is none."""
    interval: str = ""
    """Its interval in the same unit, `± 0.3` or `(78.1 to 83.4)`; empty without."""
    value: float | None = None
    """What a column is sorted by; None for words and missing numbers."""
    note: str = ""
    """Why it is missing."""
    unit: str = ""
    """Of a row's name: unit of the row; empty where the column has one."""
    kpi: str = ""
    """Of a row's name: KPI whose definition it links to."""


@dataclass(frozen=True, slots=True)
class Column:
    """Head of a column."""

    title: str
    unit: str = ""
    """Shown below the title; empty for counts of nothing and words."""
    kpi: str = ""
    """KPI whose definition it links to; empty without."""
    words: bool = False
    """Whether it holds words rather than numbers."""
    group: str = ""
    """Head above it that it shares with its neighbours; empty without."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: a column of names, then numbers."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    total: Sequence[Cell] = ()
    """Last row, which sorting leaves where it is; empty without."""
    sortable: bool = True
    """Whether its rows may be sorted; not where they differ in their units."""

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Shared heads with the number of columns below each; empty without any."""
        if not any(column.group for column in self.columns):
            return []
        found: list[tuple[str, int]] = []
        for column in self.columns:
            if found and found[-1][0] == column.group:
                found[-1] = (column.group, found[-1][1] + 1)
            else:
                found.append((column.group, 1))
        return found


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with the sentence that says what it shows."""

    title: str
    svg: Markup
    said: str
    """The result in a sentence."""
    note: str = ""
    """How to read it."""
    data: pd.DataFrame | None = None
    """The numbers that are drawn."""
    wide: bool = False
    """Whether it takes the whole width of the page."""
    key: bool = False
    """Whether it needs the key of agents required, scheduled and present."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Units of the columns of `data`."""
    csv: CsvLink | None = field(init=False, default=None)
    """The numbers as a file to save; None where there are none."""

    def __post_init__(self) -> None:
        if self.data is not None and not self.data.empty:
            name = re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")
            object.__setattr__(self, "csv", csv_link(name or "figure", self.data, self.units))


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the page; one without parts is left out."""

    key: str
    """Anchor in the page."""
    title: str
    said: str = ""
    """The result in a sentence or two."""
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()

    def __bool__(self) -> bool:
        return bool(self.charts or self.tables)


def word(text: str) -> Cell:
    """A cell that holds a name or a word."""
    return Cell(text)
