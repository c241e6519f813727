"""Handle times that a file has beside its contacts, by row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from ccsim.language.file_tables import FileTable
from ccsim.language.refusals import Refused
from ccsim.text.clock import wall_time
from ccsim.units import SECOND

HANDLE_TIMES: Final = ("aht", "talk", "wrap_up", "handle_total", "handled")
"""Columns that they are made of."""

_HOLD: Final = re.compile(r"(?:.*[ _])?hold(?:[ _].*)?", re.IGNORECASE)
_SHORT: Final = 10 * SECOND
"""No contact is handled in less: what is shorter is in another unit."""


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
        held = next((head for head in opened.table.columns if _HOLD.fullmatch(head)), "")
        if held:
            opened.told.append(f"{held}: left alone, as talk times have hold in them")
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


def lacking(aht: Sequence[float], amounts: Sequence[float], first: int, width: int) -> str:
    """What is told of contacts in cells of a grid without a handle time; empty where all have one."""
    cells = [cell for cell, (time, amount) in enumerate(zip(aht, amounts, strict=True)) if amount > 0 >= time]
    if not cells:
        return ""
    contacts, begin = sum(amounts[cell] for cell in cells), wall_time(first + width * cells[0])
    return (
        f"{contacts:,.1f} of {sum(amounts):,.1f} contacts are in intervals without a handle time, the first at "
        f"{begin:%Y-%m-%d %H:%M}: that of the interval before holds (at the beginning, the next)"
    )


def too_short(aht: Sequence[float], stated: str | None) -> str:
    """What is told of handle times that cannot be seconds; empty where they may be, or their unit is stated."""
    there = [time for time in aht if time > 0]
    mean = sum(there) / len(there) if there else _SHORT
    if stated is not None or mean >= _SHORT:
        return ""
    return (
        f"handle times are {mean / SECOND:.3g} s on average; if that is not meant, say what they count: "
        "`durations: minutes`, or `days` for parts of a day"
    )
