"""A small global centre, simulated over the night on which European clocks go back, and its star."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from ccsim import api
from ccsim.export.written import export
from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from tests.export.asked import Asked
from tests.support.small_globe import SMALL_GLOBE
from tests.support.stories import script

HORIZON = "start: 2026-10-22, warm_up: 36h, length: 4d"
AUTUMN = (
    SMALL_GLOBE.replace("start: 2026-03-04 00:00, warm_up: 6h, length: 2d", HORIZON)
    .replace("helper: {paid_hour: 12,", "helper: {paid_hour: 12, minimum_hours_per_week: 2000,")
    .replace("within: [20s, 60s]", "within: [0.5s, 20s, 60s]")
)
REPLICATIONS = 3


@pytest.fixture(scope="session")
def globe(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The run, stored with its visits."""
    place = tmp_path_factory.mktemp("globe") / "run"
    return api.run(script(AUTUMN), replications=REPLICATIONS, visits=True, workers=1, out=place)


@pytest.fixture(scope="session")
def star(globe: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Its star, open for reading."""
    place = tmp_path_factory.mktemp("star") / "globe.duckdb"
    assert export(globe, duckdb=place) == [place]
    with duckdb.connect(str(place), read_only=True) as connection:
        yield Asked(connection)


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Base and two variants: one has a pool more, one costs more."""
    place = tmp_path_factory.mktemp("compared") / "run"
    short = AUTUMN.replace("length: 4d", "length: 1d")
    night = "  night: {staffing: 2, tier: [t1], site: austin, vendor: helper}\n"
    more = short.replace("pools:\n", f"pools:\n{night}")
    dear = short.replace("own: {kind: in_house, paid_hour: 30", "own: {kind: in_house, paid_hour: 33")
    texts = {"base": short, "more": more, "dear": dear}
    base, *others = (script(f"scenario: {name}\n{text}") for name, text in texts.items())
    return api.compare(base, *others, replications=2, workers=1, out=place)
