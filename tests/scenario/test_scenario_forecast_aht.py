"""Handle times of a forecast's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.handling import FromForecast
from ccsim.scenario.load import Loaded, read_text
from ccsim.units import SECOND

TEXT = """\
scenario: aht
horizon: {{start: 2026-03-02 09:00, length: 90m, interval: 30m}}
demand: {{calls: {{forecast: {forecast}}}}}
workflows: {{calls: {{handle_time: {handle}}}}}
pools: {{desk: {{staffing: 30}}}}
"""


def read(folder: Path, rows: str, forecast: str, handle: str = "{from_forecast: yes, cv: 0.8}") -> Loaded:
    (folder / "f.csv").write_text(rows)
    return read_text(TEXT.format(forecast=forecast, handle=handle), base_dir=folder)


@pytest.mark.parametrize(
    ("head", "cells", "forecast"),
    [
        ("aht", ["240", "255", "250"], "f.csv"),
        ("Average Handle Time", ["00:04:00", "00:04:15", "00:04:10"], "{file: f.csv, columns: {aht: 3}}"),
        ("talk,wrap_up", ["200,40", "210,45", "205,45"], "f.csv"),
        ("aht", ["4", "4.25", "4.1666666666666667"], "{file: f.csv, durations: minutes}"),
        ("handled,handle_total", ["10,2400", "20,5100", "40,10000"], "f.csv"),
    ],
)
def test_handle_times_by_interval(tmp_path: Path, head: str, cells: list[str], forecast: str) -> None:
    rows = f"start,contacts,{head}\n" + "".join(
        f"2026-03-02 {time},40,{cell}\n" for time, cell in zip(("09:00", "09:30", "10:00"), cells, strict=True)
    )
    loaded = read(tmp_path, rows, forecast)
    aht = loaded.scenario.demand["calls"].aht
    assert aht is not None
    assert aht.start == "2026-03-02T09:00:00"
    assert [value / SECOND for value in aht.values] == pytest.approx([240, 255, 250])
    handle = loaded.scenario.workflows["calls"].handle_time
    assert handle is not None
    assert isinstance(handle.talk, FromForecast)


def test_handle_times_that_nobody_asks_for_disturb_nobody(tmp_path: Path) -> None:
    rows = "start,contacts,aht\n2026-03-02 09:00,40,odd\n2026-03-02 09:30,40,odd\n2026-03-02 10:00,40,odd\n"
    loaded = read(tmp_path, rows, "f.csv", handle="{mean: 4m, cv: 0.8}")
    assert loaded.scenario.demand["calls"].aht is None
    assert not [one for one in loaded.remarks if one.kind == "warning"]
    assert any("handle times are not taken" in one.message for one in loaded.remarks)
    unused = read(tmp_path, rows.replace("odd", "240"), "f.csv", handle="{mean: 4m, cv: 0.8}")
    assert unused.scenario.demand["calls"].aht is not None
    assert not [one for one in unused.remarks if one.kind == "warning"]
    assert any("no handle time is taken from" in one.message for one in unused.remarks if one.kind == "assumed")
    with pytest.raises(ScenarioError, match="odd"):
        read(tmp_path, rows, "{file: f.csv, columns: {aht: aht}}")
