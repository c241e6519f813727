"""Handle times that a file has beside its contacts, by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ccsim.language.file_tables import FileTable
from ccsim.language.refusals import Refused

HANDLE_TIMES: Final = ("aht", "talk", "wrap_up", "handle_total", "handled")
"""Columns that they are made of."""


def with_zeros(values: Iterable[float | None]) -> list[float]:
    """The values, 0 where there is none, and two more: `NOTHING` and `IN_GAP`, the cells without one, name the last."""
    return [*[value or 0.0 for value in values], 0.0, 0.0]


def handle_times(opened: FileTable) -> list[float] | None:
    """The handle time of each row of a file, see `with_zeros`; made once. Why there are none is told the first time.

    Raises `Refused` and `BadCells`.
    """
    if "handle times" not in opened.values:
        opened.values["handle times"] = None
        times = _read(opened)
        opened.values["handle times"] = None if times is None else with_zeros(times)
    found: list[float] | None = opened.values["handle times"]
    return found


def _read(opened: FileTable) -> list[float | None] | None:
    if opened.has("aht"):
        return opened.durations("aht")
    if opened.has("talk"):
        talks = opened.durations("talk")
        if not opened.has("wrap_up"):
            return talks
        after = opened.durations("wrap_up")
        return [None if talk is None else talk + (more or 0.0) for talk, more in zip(talks, after, strict=True)]
    if opened.has("handle_total"):
        if not opened.has("handled"):
            raise Refused("`handle_total` needs the column `handled`, by which it is divided", 1)
        totals, handled = opened.durations("handle_total"), opened.numbers("handled")
        return [total / n if total and n else None for total, n in zip(totals, handled, strict=True)]
    return None
