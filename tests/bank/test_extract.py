"""The numbers counted from the file, from the extract too; and every data file is what the extract gives."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bank_calls import (
    HIGH_TYPES,
    STREAMS,
    TYPES,
    count_table,
    high_priority,
    in_month,
    is_open,
    reached_centre,
    regular_days,
    streams,
)
from bank_laws import km_table
from bank_roster import pool_workflows, skills, staffing
from extract import EXTRACT_COLUMNS, main, write_laws, write_staffing, write_traces, write_volumes

COLUMNS = ["served_n", "mean_s", "sd_s", "median_s", "queued_n", "mean_wait_s", "abandoned"]
KM = ["km_30s", "km_60s", "km_120s", "km_300s", "median_s"]
# Published: served beyond 10 s (n, mean, sd, median), queued (n, mean wait, abandoned), Kaplan-Meier.
WHOLE = {
    "PS": (37016, 196.8, 217.0, 126, 22950, 65.4, 0.1445, 0.9251, 0.8567, 0.7685, 0.6209, 477),
    "NW": (8353, 114.5, 147.9, 67, 8068, 83.9, 0.3909, 0.8255, 0.7167, 0.5703, 0.3158, 166),
    "NE": (3740, 312.8, 345.4, 203, 2483, 87.5, 0.1067, 0.9678, 0.9243, 0.8669, 0.6956, 508),
    "IN": (381, 280.9, 323.3, 178, 387, 136.2, 0.3101, 0.9583, 0.8684, 0.7743, 0.5106, 303),
    "PE": (212, 275.8, 272.9, 196.5, 182, 84.0, 0.2088, 0.9196, 0.8186, 0.7382, 0.6058, 322),
    "TT": (1012, 158.2, 233.9, 84, 623, 64.0, 0.1894, 0.9128, 0.8792, 0.6852, 0.4322, 232),
    "all": (50714, 192.0, 226.2, 119, 34693, 72.2, 0.2021, 0.9040, 0.8259, 0.7178, 0.4986, 300),
}
# The same for the days that are compared, counted from the raw file's text by a program of its own.
REGULAR: dict[str, tuple[float | None, ...]] = {
    "PS": (14263, 195.1, 215.8, 124, 9457, 67.7, 0.1403, 0.9308, 0.8681, 0.7792, 0.6154, None),
    "NW": (3757, 116.8, 151.0, 67, 3897, 92.7, 0.4306, 0.8209, 0.7149, 0.5655, 0.3112, 166),
    "NE": (1997, 295.5, 302.4, 199, 1398, 90.4, 0.1180, 0.9665, 0.9175, 0.8429, 0.7051, 508),
    "IN": (162, 283.5, 311.0, 183, 184, 143.3, 0.3261, 0.9467, 0.8487, 0.7544, 0.5649, 325),
    "PE": (76, 280.4, 292.8, 185, 65, 79.0, 0.1385, 0.9318, 0.9079, 0.7936, 0.7936, 431),
    "TT": (523, 153.9, 202.6, 79, 239, 70.8, 0.1674, 0.9203, 0.8857, 0.7383, 0.5949, 405),
    "all": (20778, 190.6, 221.7, 116, 15240, 77.2, 0.2152, 0.9045, 0.8291, 0.7157, 0.4906, 282),
}
EXACT = 5e-5
CLOSE = 0.051


def check(calls: pd.DataFrame, expected: Mapping[str, tuple[float | None, ...]]) -> None:
    counts, curves = count_table(calls), km_table(calls)
    for kind, row in expected.items():
        found = [*counts.loc[kind, COLUMNS], *curves.loc[kind, KM]]
        for name, got, want in zip([*COLUMNS, *KM], found, row, strict=True):
            if want is None:
                assert np.isnan(got), (kind, name)
                continue
            near = EXACT if name in ("abandoned", *KM[:4]) else CLOSE
            assert got == pytest.approx(want, abs=near), (kind, name)


def test_the_whole_file_gives_the_published_table(raw: pd.DataFrame) -> None:
    check(raw[raw["type"].isin(TYPES)], WHOLE)


def test_the_extract_gives_the_table_of_its_days(regular: pd.DataFrame) -> None:
    check(regular, REGULAR)


def test_the_extract_is_the_month_of_the_raw_file(raw: pd.DataFrame, extract: pd.DataFrame) -> None:
    expected = in_month(reached_centre(raw))[EXTRACT_COLUMNS].reset_index(drop=True)
    found = extract[EXTRACT_COLUMNS].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_regular_days_are_comparable_weekdays() -> None:
    days = regular_days()
    assert len(days) == 18
    assert {day.day_name()[:3] for day in days} == {"Sun", "Mon", "Tue", "Wed", "Thu"}


def test_every_file_is_what_the_extract_gives(extract: pd.DataFrame, scenarios: Path, tmp_path: Path) -> None:
    calls = extract[is_open(extract)].reset_index(drop=True)
    write_traces(calls, tmp_path)
    write_volumes(calls, tmp_path)
    write_laws(calls[calls["date"].isin(regular_days())], tmp_path)
    write_staffing(calls, tmp_path)
    made = {p.relative_to(tmp_path): p for p in tmp_path.rglob("*") if p.is_file()}
    kept = {p.relative_to(scenarios): p for p in scenarios.rglob("*.csv*") if p.name != "calls.csv.gz"}
    assert made.keys() == kept.keys()
    for name, path in made.items():
        assert text_of(path) == text_of(kept[name]), name


def text_of(path: Path) -> str:
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode()


def test_the_extract_stays_small(scenarios: Path) -> None:
    assert sum(path.stat().st_size for path in scenarios.rglob("*") if path.is_file()) < 800_000


def test_priority_is_spread_over_callers_whom_nobody_identified(regular: pd.DataFrame) -> None:
    high = high_priority(regular)
    for kind in HIGH_TYPES:
        mine = regular["type"] == kind
        known = mine & regular["in_queue"]
        assert np.array_equal(high[known], regular.loc[known, "priority"] == 2)
        others = mine & ~regular["in_queue"]
        assert high[others].sum() == pytest.approx(high[known].mean() * others.sum(), abs=1)
    assert not high[~regular["type"].isin(HIGH_TYPES)].any()
    assert set(streams(regular)) == set(STREAMS)


def test_volumes_add_up_to_the_regular_days(regular: pd.DataFrame, scenarios: Path) -> None:
    total = 0.0
    for stream in STREAMS:
        table = pd.read_csv(scenarios / "volumes" / f"{stream}.csv.gz")
        total += table.loc[table["start"].str.startswith("1999-02-03"), "contacts"].sum()
    assert total == pytest.approx(len(regular) / 18, rel=1e-3)


def test_mean_staffing_keeps_the_mean_of_the_days(extract: pd.DataFrame, scenarios: Path) -> None:
    calls = extract[is_open(extract)]
    days = [(day - calls["date"].min()).days for day in regular_days()]
    for pool, column in staffing(calls).items():
        mean = pd.read_csv(scenarios / "staffing" / f"{pool}_mean.csv.gz")["agents"].to_numpy().reshape(28, 96)
        actual = column.to_numpy().reshape(28, 96)
        assert mean[days].mean() == pytest.approx(actual[days].mean(), abs=0.1)


def test_every_type_has_agents_who_take_it(extract: pd.DataFrame) -> None:
    pools = set(skills(extract))
    for kind in TYPES:
        assert any(kind in pool_workflows(pool) for pool in pools)


def test_extract_says_how_it_is_called(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["extract.py"])
    with pytest.raises(SystemExit):
        main()
    assert "RAW" in capsys.readouterr().err.upper()
