"""Several rows of one interval, as of the queues that a volume is made of: taken together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ccsim.language.file_tables import FileTable
from ccsim.language.row_times import TimedRows

Added = dict[int, list[int]]
"""The first row of an interval that has more than one, and all of its rows; numbers of rows of the table."""


def rows_added(rows: TimedRows, opened: FileTable, *, each_name: bool) -> tuple[TimedRows, Added]:
    """Rows with one for each interval, and what belongs together.

    `each_name`: only rows of different names do, so that a name that has an interval twice is still seen.
    """
    names = opened.table.cells(opened.columns["name"]) if each_name and opened.has("name") else None
    often: Counter[tuple[int, bool, str]] = Counter()
    groups: dict[tuple[int, bool, int], list[int]] = {}
    for start, row in zip(rows.starts, rows.at, strict=True):
        second, number = row in rows.second, 0
        if names is not None:
            number = often[start, second, names[row]]
            often[start, second, names[row]] += 1
        groups.setdefault((start, second, number), []).append(row)
    firsts = [several[0] for several in groups.values()]
    kept = TimedRows([start for start, _, _ in groups], firsts, rows.told, set(firsts) & set(rows.second))
    return kept, {several[0]: several for several in groups.values() if len(several) > 1}


def added_up(values: Sequence[float | None], added: Added) -> list[float | None]:
    """Values by row, where the first row of an interval has the sum of its rows."""
    sums = list(values)
    for first, several in added.items():
        there = [value for row in several if (value := values[row]) is not None]
        sums[first] = sum(there) if there else None
    return sums


def mean_times(times: Sequence[float], contacts: Sequence[float | None], added: Added) -> list[float]:
    """Handle times by row, where the first row of an interval has the mean of its rows by contacts; 0 says nothing."""
    means = list(times)
    for first, several in added.items():
        told = [row for row in several if times[row]]
        weights = [contacts[row] or 0.0 for row in told]
        if not any(weights):
            weights = [1.0] * len(told)
        means[first] = sum(times[row] * weight for row, weight in zip(told, weights, strict=True)) / (
            sum(weights) or 1.0
        )
    return means
