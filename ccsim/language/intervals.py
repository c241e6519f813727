"""CSV files of values on an equal grid of local time: volumes by interval, staffing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import islice, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from ccsim.language.csvs import Csv, read_csv
from ccsim.language.curves import MOST_CELLS, Grid, Repeated
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.text import scalars
from ccsim.text.clock import in_gap, is_ambiguous, put_back_on
from ccsim.text.faults import near
from ccsim.text.quantities import LocalTime
from ccsim.text.tree import Node, Place, shown
from ccsim.units import DAY, SECOND

_STEP: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_MOST_SAID: Final = 8
"""Times that a remark names."""


_WITH_PASSAGES: Final = timedelta(hours=2)
_LOOKED_AT: Final = 1_000
"""Rows that tell the width of an interval: the most common step between them."""


def csv_grid(
    node: Node,
    key: str,
    rd: Reading,
    columns: Sequence[str],
    parse: Callable[[str], float],
    *,
    volume: str | None = None,
    zones: Sequence[ZoneInfo] = (),
) -> tuple[Grid, str] | Bad:
    """Values on the grid of a CSV file, and the name of their column, one of `columns`.

    The column `start` holds local times on an equal grid of 1 s or more. With `volume` there may be a column `stream`:
    only rows with that name are taken. Gaps and duplicates are faults, unless the clocks of all `zones` explain them:
    intervals within a gap of the clock may be missing (they get 0; agents stay as they were); intervals that start in
    a repeated hour may stand twice, and the first row is that of the first passage, in whatever order times stand.
    """
    optional = (*columns, "stream") if volume is not None else columns
    table = read_csv(node, key, rd, required=("start",), optional=optional)
    if isinstance(table, Bad):
        return BAD
    present = [name for name in columns if table.has(name)]
    if len(present) != 1:
        got = " and ".join(present) or "none"
        return rd.fault(f"expected one of the columns {', '.join(columns)}, got {got}", Place(table.source, 1, 1), key)
    rows = _rows_of(table, volume, key, rd)
    if isinstance(rows, Bad):
        return BAD
    if len(rows) > MOST_CELLS:
        return rd.fault(f"more than {MOST_CELLS:,} intervals", table.place(rows[MOST_CELLS], "start"), key)
    starts, values = _read(table, rows, present[0], parse, key, rd)
    if len(starts) < len(rows) or len(values) < len(rows):
        return BAD
    width = _width(table, rows, starts, key, rd)
    if isinstance(width, Bad):
        return BAD
    cells = _Cells(table, rows, width, zones, key, rd, stays=volume is None)
    found = cells.read(starts, values)
    if isinstance(found, Bad):
        return BAD
    cells.tell(node.place)
    grid = Grid(
        every=width // _STEP,
        start=LocalTime(starts[0].isoformat()),
        values=tuple(found),
        repeated=tuple(cells.repeated[cell] for cell in sorted(cells.repeated)),
    )
    return grid, present[0]


def _rows_of(table: Csv, volume: str | None, key: str, rd: Reading) -> Sequence[int] | Bad:
    """Positions of the rows of a volume."""
    if volume is None or not table.has("stream"):
        return range(len(table.rows))
    groups = table.rows_by("stream")
    if volume not in groups:
        message = f"no row belongs to the volume {shown(volume)}{near(volume, groups)}"
        return rd.fault(message, Place(table.source, 1, 1), key)
    return groups[volume]


def _read(
    table: Csv, rows: Sequence[int], column: str, parse: Callable[[str], float], key: str, rd: Reading
) -> tuple[list[datetime], list[float]]:
    """The starts and the values that could be read, row by row, so that a row is taken apart once."""
    starts: list[datetime] = []
    values: list[float] = []
    start_at, value_at = table.columns["start"], table.columns[column]
    for row in rows:
        cells = table.rows[row]
        try:
            starts.append(scalars.instant(cells[start_at].strip()))
        except scalars.Misread as misread:
            rd.fault(str(misread), table.place(row, "start"), key)
        try:
            values.append(parse(cells[value_at].strip()))
        except scalars.Misread as misread:
            rd.fault(str(misread), table.place(row, column), key)
    return starts, values


def _width(table: Csv, rows: Sequence[int], starts: list[datetime], key: str, rd: Reading) -> timedelta | Bad:
    """Width of the cells: the step that is the most common among the first rows."""
    if len(starts) < 2:
        place = table.place(rows[0], "start")
        return rd.fault("expected at least two rows, to tell the width of an interval", place, key)
    steps = Counter(b - a for a, b in islice(pairwise(starts), _LOOKED_AT) if b > a)
    width = steps.most_common(1)[0][0] if steps else timedelta(0)
    if not SECOND <= width // _STEP <= 7 * DAY:
        place = table.place(rows[1], "start")
        if width > timedelta(days=7):
            days = width // timedelta(days=1)
            step = "a month" if 28 <= days <= 31 else f"every {days} days"
            why = "; give intervals of 2 h or less, or such counts as `per_week` with a `profile:` and a `season:`"
            return rd.fault(f"expected intervals from 1 s to a week, got one row {step}{why}", place, key)
        return rd.fault("expected intervals from 1 s to a week, in rising order", place, key)
    return width


class _Cells:
    """Puts the rows of a file on their grid."""

    def __init__(
        self,
        table: Csv,
        rows: Sequence[int],
        width: timedelta,
        zones: Sequence[ZoneInfo],
        key: str,
        rd: Reading,
        *,
        stays: bool,
    ) -> None:
        """`stays`: in a gap of the clock values stay as they were, and do not fall to 0."""
        self.table = table
        self.rows = rows
        self.width = width
        self.zones = zones
        self.key = key
        self.rd = rd
        self.stays = stays
        self.repeated: dict[int, Repeated] = {}
        self.once: list[datetime] = []

    def read(self, starts: list[datetime], values: list[float]) -> list[float] | Bad:
        """Values of the cells from the first row on."""
        cells: list[float] = []
        bad = False
        self._start = following = starts[0]
        for at, (start, value) in enumerate(zip(starts, values, strict=True)):
            if start > following and self._missing(following, start):
                cells.extend([cells[-1] if self.stays else 0.0] * ((start - following) // self.width))
                following = start
            if start == following:
                cells.append(value)
                following += self.width
                continue
            cell, rest = divmod(start - self._start, self.width)
            if not rest and 0 <= cell < len(cells) and cell not in self.repeated:
                first = self._first_passage(start)
                if first is not None:
                    self.repeated[cell] = Repeated(cell=cell, first=first // _STEP, value=value)
                    continue
            self._fault(at, start, following)
            bad = True
            following = start + self.width
        return BAD if bad or not self._whole_nights(starts, len(cells)) else cells

    def tell(self, place: Place) -> None:
        """Say which rows were taken for which passage of a repeated hour."""
        name = self.table.source.name
        if self.repeated:
            said = _listed([self._start + self.width * cell for cell in sorted(self.repeated)])
            what = "stand" if len(self.repeated) > 1 else "stands"
            self.rd.assume(
                f"{name}: {said} {what} twice, as clocks are put back: the first row is taken for the first passage",
                place,
                self.key,
            )
        elif self.once:
            what = "stand" if len(self.once) > 1 else "stands"
            both = (
                "the agents are there in both passages"
                if self.stays
                else "the amount is split evenly over both passages"
            )
            self.rd.assume(
                f"{name}: {_listed(self.once)} {what} once, though clocks show it twice: {both}", place, self.key
            )

    def _whole_nights(self, starts: list[datetime], cells: int) -> bool:
        """Whether the rows of one repeated hour stand all once or all twice; notes the rows that stand once."""
        alone = [cell for cell in self._seen_twice(cells) if cell not in self.repeated]
        self.once = [self._start + self.width * cell for cell in alone]
        nights = {(self._start + self.width * cell).date() for cell in self.repeated}
        bad = [start for start in self.once if start.date() in nights]
        for start in bad:
            self.rd.fault(
                f"{start.isoformat(' ')} is there once, though other rows of that repeated hour are there twice",
                self.table.place(self.rows[starts.index(start)], "start"),
                self.key,
            )
        return not bad

    def _seen_twice(self, cells: int) -> Iterator[int]:
        """Cells whose start clocks show twice, date by date: few dates have any."""
        midnight = datetime.combine(self._start, time.min)
        while self.zones and self._start + self.width * cells > midnight:
            after = midnight + _DAY
            if all(put_back_on(midnight, zone) for zone in self.zones):
                first = max(-((self._start - midnight) // self.width), 0)
                for cell in range(first, min(-((self._start - after) // self.width), cells)):
                    if self._first_passage(self._start + self.width * cell) is not None:
                        yield cell
            midnight = after

    def _missing(self, since: datetime, until: datetime) -> bool:
        """Whether the cells between two times all lie in a gap of the clock."""
        missing, rest = divmod(until - since, self.width)
        return (
            bool(self.zones)
            and not rest
            and missing * self.width <= timedelta(days=1)
            and all(in_gap(edge, zone) for zone in self.zones for edge in (since, until - _STEP))
        )

    def _first_passage(self, start: datetime) -> timedelta | None:
        """How long clocks go on in a cell until they are put back; None where they do not show its start twice.

        Rows of more than two hours hold both passages.
        """
        if not self.zones or self.width > _WITH_PASSAGES or not self._ambiguous(start):
            return None
        low, high = start, start + self.width
        if not self._ambiguous(high - _STEP):
            while high - low > _STEP:
                middle = low + (high - low) // 2
                low, high = (middle, high) if self._ambiguous(middle) else (low, middle)
        return high - start

    def _ambiguous(self, at: datetime) -> bool:
        return all(is_ambiguous(at, zone) for zone in self.zones)

    def _fault(self, at: int, start: datetime, following: datetime) -> None:
        if start <= following - self.width:
            same = start == following - self.width
            what = "the same interval again" if same else "times that fall"
        elif (start - following) % self.width:
            what = "an interval out of step"
        else:
            what = "a gap"
        expected = f"expected {following.isoformat(' ')}, got {start.isoformat(' ')}"
        self.rd.fault(f"{what}: {expected}", self.table.place(self.rows[at], "start"), self.key)


def _listed(starts: Sequence[datetime]) -> str:
    """Some local times: `2026-11-01 01:00 and 01:30`."""
    said = [starts[0].isoformat(" ", "minutes")]
    for before, start in pairwise(starts):
        said.append(start.isoformat(" ", "minutes") if start.date() != before.date() else f"{start:%H:%M}")
    if len(said) > _MOST_SAID:
        said = [*said[: _MOST_SAID - 1], f"{len(said) - _MOST_SAID + 1} more"]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
