"""Names that other readers take for something else survive: `NA` is a region, `007` a pool, `true` a market."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ccsim import api
from ccsim.scenario import loads

ODD = """
scenario: odd
horizon: {start: 2026-03-02, length: 4h, drain: 1h, interval: 1h}
markets:
  "true": {region: NA, time_zone: UTC, languages: {en: 100%}}
  "null": {region: nan, time_zone: UTC, languages: {en: 100%}}
sites:
  None: {region: NA, time_zone: UTC, hours: 24x7}
  1e5: {region: nan, time_zone: UTC, hours: 24x7}
handle_time: {law: exponential, mean: 3m}
demand: {007: {per_hour: 20, markets: {"true": 50%, "null": 50%}}}
pools: {"007": {site: None, staffing: 2}, "-x": {site: 1e5, staffing: 1}}
"""


def test_odd_names_survive_the_folder_of_a_run(tmp_path: Path) -> None:
    text = ODD.replace('"-x"', "n-x")
    run = api.run(loads(text), replications=2, workers=1, out=tmp_path / "run")
    found = {path.stem: api.read_csv(path) for path in (tmp_path / "run").glob("*.csv")}
    assert found["by_region"]["region"].tolist() == ["NA", "nan"]
    assert sorted(found["by_market"]["market"]) == ["null", "true"]
    assert sorted(found["by_pool"]["pool"]) == ["007", "n-x"]
    assert sorted(found["by_site"]["site"]) == ["1e5", "None"]
    for name in ("pools", "queues", "flows"):
        wanted = run.tables[name]
        for column in wanted.columns:
            assert found[name][column].tolist() == wanted[column].tolist(), (name, column)
    again = api.read(tmp_path / "run")
    assert set(again.by("region").index) == {"NA", "nan"}
    rows = found["estimates"]
    assert rows["estimate"].dropna().tolist() == again.estimates["estimate"].dropna().tolist()
    assert set(rows.loc[rows["scope"] == "pool", "name"]) == {"007", "n-x"}


def test_what_looks_like_a_formula_comes_back_as_it_was(tmp_path: Path) -> None:
    from ccsim.results.parquet import read_csv, write_csv

    frame = pd.DataFrame({"name": ["=1+1", "'quoted", "-x", "NA", ""], "n": [1, 2, 3, 4, 5]})
    write_csv(tmp_path / "pools.csv", frame)
    again = read_csv(tmp_path / "pools.csv")
    assert again["name"].tolist() == frame["name"].tolist()
    assert again["n"].tolist() == [1, 2, 3, 4, 5]
