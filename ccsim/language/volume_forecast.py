"""The forecast of a volume: what its file says, as rates, counts by day and handle times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ccsim.language.changes import PER
from ccsim.language.curves import Grid, RateCurve
from ccsim.language.files import FileRows
from ccsim.language.profiles import profile_named
from ccsim.language.reading import Bad, Reading
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Map
from ccsim.units import HOUR

if TYPE_CHECKING:
    from ccsim.language.forecasts import FileGrid

_RATES: Final = {"per_minute": "minute", "per_hour": "hour"}
"""Columns of rates, and what each is a rate by."""
_LONGEST: Final = 2 * HOUR
"""Counts of longer intervals would hide the shape of the day."""


def read_forecast(
    name: str,
    values: dict[str, Any],
    source: FileRows,
    interpolate: str,
    profile: str | None,
    node: Map,
    key: str,
    rd: Reading,
) -> bool:
    """Put what the file of a forecast holds among the values; whether that could be done."""
    from ccsim.language.forecasts import EVEN, file_grid  # with all that reads files: many scenarios name none

    at = joined(key, "forecast")
    markets = values.get("markets") or (values.get("market"),)
    # Nothing, or the sum of two, put into a gap or a repeated hour would bend a line on either side of it.
    zones = [] if interpolate == "linear" else [zone for market in markets if (zone := rd.zone_of(market)) is not None]
    shape = None if profile is None else profile_named(profile, rd.profiles)
    weights = shape.weekdays if shape is not None else EVEN
    columns = ("contacts", *_RATES)
    found = file_grid(source, at, rd, columns, own=name, zones=zones, weights=weights)
    if isinstance(found, Bad):
        return False
    file = source.written.file
    if found.aht is not None:
        values.setdefault("aht", found.aht)
    if found.unit is not None and found.column == "contacts":
        if shape is None:
            return _needs_profile(f"{file} has one row a {found.unit}", source, at, rd)
        values["counts"], values["profile"] = found.grid, shape
        return True
    if shape is not None and profile != "flat":
        why = f"a profile spreads counts of days; {file} has a row every {scalars.duration_text(found.grid.every)}"
        rd.fault(why, node.entries["profile"].node.place, joined(key, "profile"))
        return False
    rate = _rate_of(found, interpolate, node, key, rd)
    if isinstance(rate, Bad):
        return False
    values["rate"] = rate
    unit = found.grid.every if found.column == "contacts" else PER[_RATES[found.column]]
    if found.grid.every > _LONGEST and interpolate != "linear" and profile != "flat":
        every = scalars.duration_text(found.grid.every)
        hourly = next((value for value in found.grid.values if value > 0), 0.0) / unit * HOUR
        rd.warn(
            f"{file} has one row every {every}: spread evenly, that is {hourly:,.3g} contacts an hour all through the "
            "first that is not 0; give intervals of 2 h or less, or counts by day with a `profile:`; if flat is meant, "
            "say `profile: flat`",
            source.node.place,
            at,
        )
    return True


def _needs_profile(what: str, source: FileRows, at: str, rd: Reading) -> bool:
    why = "say by which `profile:` it is spread over the day, like `profile: business_day`, or `flat` for evenly"
    rd.fault(f"{what}: {why}", source.node.place, at)
    return False


def _rate_of(found: FileGrid, interpolate: str, node: Map, key: str, rd: Reading) -> RateCurve | Bad:
    grid = found.grid
    if found.column == "contacts" and interpolate == "linear":
        return rd.fault(
            "linear needs a column `per_minute` or `per_hour`; `contacts` are counts of whole intervals",
            node.entries["interpolate"].place,
            joined(key, "interpolate"),
        )
    rates = _rates_of_counts(grid) if found.column == "contacts" else scaled(grid, PER[_RATES[found.column]])
    return RateCurve(grid=rates, interpolate="linear" if interpolate == "linear" else "constant")


def scaled(grid: Grid, unit: int) -> Grid:
    """The grid with its amounts per `unit` microseconds as contacts per microsecond."""
    repeated = tuple(one.model_copy(update={"value": one.value / unit}) for one in grid.repeated)
    values = tuple([value / unit for value in grid.values])
    return Grid(every=grid.every, start=grid.start, values=values, repeated=repeated)


def _rates_of_counts(grid: Grid) -> Grid:
    """The grid with contacts of whole cells as contacts per microsecond."""
    rates = scaled(grid, grid.every)
    values = list(rates.values)
    for one in grid.repeated:  # the first passage of a cell may be cut short
        values[one.cell] = grid.values[one.cell] / one.first
    return rates.model_copy(update={"values": tuple(values)})
