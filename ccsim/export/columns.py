"""Columns, measures and tables of the star schema: name, type, unit and meaning, said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from ccsim.records.columns import Column
from ccsim.records.satisfaction import BILLION
from ccsim.units import HOUR, SECOND

MILLISECONDS: Final = 1_000
"""In a second."""
MEAN: Final = "_mean"
"""Ending of every measure that is a mean over the replications."""
BY_REPLICATION: Final = "_by_replication"
"""Ending of every table that has a row for each replication."""


@dataclass(frozen=True, slots=True)
class StarColumn:
    """A column of a table of the star that is no measure: a key, a name, a time."""

    name: str
    kind: str
    """SQL type."""
    unit: str
    """`key`, `name`, `time`, `0/1`, `h`, ...; empty where there is none."""
    meaning: str
    key: bool = False
    """Whether it names the row."""
    optional: bool = False
    """Whether it may be empty."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that adds up: over the replications its mean, in a table by replication its own value."""

    name: str
    """In a table by replication; the mean ends with `_mean`."""
    unit: str
    meaning: str
    source: str
    """What is added up, as SQL over the rows of a run's tables."""
    divisor: int = 1
    """Sums of the source over this are in the unit."""
    whole: bool = True
    """Whether the source is a whole number; another is added up as a decimal, so that the order changes nothing."""
    counted: bool = True
    """Whether the sums over the divisor are whole numbers, too."""

    @property
    def mean(self) -> StarColumn:
        """Its column in a table of means."""
        return StarColumn(self.name + MEAN, "DOUBLE", self.unit, f"{self.meaning}; mean over the replications")

    @property
    def exact(self) -> StarColumn:
        """Its column in a table by replication."""
        return StarColumn(self.name, "BIGINT" if self.counted else "DOUBLE", self.unit, self.meaning)


@dataclass(frozen=True, slots=True)
class StarTable:
    """One table of the star."""

    name: str
    about: str
    columns: tuple[StarColumn, ...]
    measures: tuple[Measure, ...] = ()
    """Measures among the columns, in their order."""

    @property
    def by_replication(self) -> bool:
        """Whether it has a row for each replication."""
        return self.name.endswith(BY_REPLICATION)


@dataclass(frozen=True, slots=True)
class Fact:
    """Measures by keys, and the tables that hold them: means, and on request values by replication."""

    name: str
    about: str
    keys: tuple[StarColumn, ...]
    measures: tuple[Measure, ...]
    each: bool = True
    """Whether there is a table by replication, too."""

    @property
    def tables(self) -> tuple[StarTable, ...]:
        """Its table of means, and that by replication."""
        means = StarTable(self.name, self.about, (*self.keys, *(m.mean for m in self.measures)), self.measures)
        if not self.each:
            return (means,)
        about = f"`{self.name}` with a row for each replication: its sums count every replication."
        first, *others = self.keys
        keys = (first, REPLICATION, *others)
        exact = (m.exact for m in self.measures)
        return means, StarTable(self.name + BY_REPLICATION, about, (*keys, *exact), self.measures)


Said = Mapping[str, tuple[str, str]]
"""Unit and meaning by column."""


@dataclass(frozen=True, slots=True)
class View:
    """A question and its answer."""

    name: str
    about: str
    sql: str
    meanings: Said


def key(name: str, kind: str, meaning: str, *, optional: bool = False) -> StarColumn:
    """A column that names the row and leads to another table."""
    return StarColumn(name, kind, "key", meaning, key=True, optional=optional)


SCENARIO: Final = key("scenario_key", "INTEGER", "Row of `dim_scenario`")
REPLICATION: Final = StarColumn("replication_number", "INTEGER", "index", "Replication, from 0", key=True)


def measures_of(columns: Iterable[Column], hours: bool) -> tuple[Measure, ...]:
    """Measures of a run's columns of sums: counts as they are, times in seconds or in hours, probabilities added up."""
    made = []
    for column in columns:
        if column.key or "^2" in column.unit:
            continue
        name = plain_name(RENAMED.get(column.name, column.name))
        if column.unit == "us":
            unit, divisor = ("h", HOUR) if hours else ("s", SECOND)
            name = f"{name.removesuffix('_us')}_{unit}"
            made.append(Measure(name, unit, column.meaning, quoted(column.name), divisor, counted=False))
        elif column.unit == "ms":
            name = f"{name.removesuffix('_ms')}_s"
            made.append(Measure(name, "s", column.meaning, quoted(column.name), MILLISECONDS, counted=False))
        elif column.unit == "1e-9":
            name = f"{name.removesuffix('_e9')}_satisfied"
            made.append(Measure(name, "count", column.meaning, quoted(column.name), BILLION, counted=False))
        else:
            made.append(Measure(name, column.unit, column.meaning, quoted(column.name)))
    return tuple(made)


RENAMED: Final = {"returning": "comes_back"}
"""Columns of a run that have another name in the star: words of SQL."""


def quoted(name: str) -> str:
    """A name in SQL, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    """A text in SQL."""
    return "'" + value.replace("'", "''") + "'"


def plain_name(label: str) -> str:
    """A label as part of a column's name: letters, digits and underscores."""
    return re.sub(r"\W", "_", label)
