"""Long tables: written while they are made, read when and as far as somebody asks."""

import tracemalloc

import pandas as pd
import pyarrow.parquet as pq
import pytest

from ccsim.errors import OutputError
from ccsim.metrics.by_interval import by_interval
from ccsim.records.tables import BY_INTERVAL
from ccsim.results import store, tables
from ccsim.results.held_tables import Tables, select
from ccsim.results.run import Run
from ccsim.results.store import RunFolder
from tests.support.stand_in.desk import INTERVALS, desk_model, fake_replication, fake_run, interval_row
from tests.support.stand_in.engine import FakeSimulated


@pytest.fixture
def stored(tmp_path):
    with RunFolder(tmp_path / "run") as folder:
        return fake_run(5, folder=folder)


def test_tables_by_interval_lie_in_files_and_give_the_same_run(stored, monkeypatch):
    kept = fake_run(5)
    assert stored.digests == kept.digests
    assert not any(stored.tables.held(name) for name in BY_INTERVAL)
    assert stored.tables.held("queue_sums")
    for name in kept.tables:
        pd.testing.assert_frame_equal(stored.tables[name], kept.tables[name])
    monkeypatch.setattr(tables, "BATCH_REPLICATIONS", 2)
    assert fake_run(5).digests == kept.digests


def test_some_columns_and_rows_are_read_and_nothing_is_kept(stored):
    back = Run.read(stored.folder)
    whole = fake_run(5).tables["flow_intervals"]
    some = back.tables.select("flow_intervals", ["offered", "interval"], {"flow": [2, 0], "replication": [1, 4]})
    mine = whole[whole["flow"].isin([0, 2]) & whole["replication"].isin([1, 4])]
    pd.testing.assert_frame_equal(some, mine[["offered", "interval"]].reset_index(drop=True))
    assert not back.tables.held("flow_intervals")
    for given in (back.tables, {"flow_intervals": whole}):
        assert select(given, "flow_intervals", ["flow"]).columns.tolist() == ["flow"]
        assert len(select(given, "flow_intervals")) == len(whole)
        none = select(given, "flow_intervals", ["offered"], {"flow": []})
        assert none.empty
        assert none["offered"].dtype == "int64"
    by_channel = {"within": {"channel": "phone"}}
    pd.testing.assert_frame_equal(
        by_interval(back.tables, back.measured, "asa", **by_channel),
        by_interval(fake_run(5).tables, back.measured, "asa", **by_channel),
    )
    assert not back.tables.held("flow_intervals")


def test_a_run_that_is_stored_again_is_copied_not_read(stored, tmp_path):
    back = Run.read(stored.folder)
    again = back.write(tmp_path / "again")
    assert not back.tables.held("visits" if "visits" in back.tables else "waits")
    assert Run.read(again.folder).digest == stored.digest
    for name in ("waits", "replications"):
        pd.testing.assert_frame_equal(Run.read(again.folder).tables[name], stored.tables[name])


def test_long_tables_have_no_csv(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "CSV_ROWS", 3 * 3 * INTERVALS - 1)
    with RunFolder(tmp_path / "run") as folder:
        fake_run(3, folder=folder)
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert "flow_intervals.parquet" in names
    assert not {"flow_intervals.csv", "waits.csv"} & names
    assert {"pool_intervals.csv", "queue_sums.csv", "flows.csv", "workforce_plan.csv", "backlog.csv"} <= names


def test_intervals_without_anything_have_no_row(tmp_path):
    def simulate(replication):
        made = fake_replication(replication)
        rows = [] if replication else [interval_row(interval=3, flow=1, offered=5, answered=5)]
        return FakeSimulated(made.tables | {"flow_intervals": rows[0] if rows else made.tables["flow_intervals"][:0]})

    with RunFolder(tmp_path / "run") as folder:
        run = fake_run(4, folder=folder, simulate=simulate)
    assert pq.read_metadata(run.tables.file("flow_intervals")).num_rows == 1
    frame = by_interval(run.tables, run.measured, "offered_per_day")
    assert frame["estimate"].tolist() == [pytest.approx(5 / 4 * 48 if i == 3 else 0) for i in range(INTERVALS)]


def test_no_rows_at_all_are_an_empty_table(tmp_path):
    def simulate(replication):
        made = fake_replication(replication).tables
        return FakeSimulated(made | {name: made[name][:0] for name in BY_INTERVAL})

    with RunFolder(tmp_path / "run") as folder:
        run = fake_run(2, folder=folder, simulate=simulate)
    back = Run.read(run.folder)
    assert all(back.tables[name].empty for name in BY_INTERVAL)
    assert by_interval(back.tables, back.measured, "asa")["estimate"].isna().all()


def test_memory_does_not_grow_with_the_tables_by_interval(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH_VALUES", 100_000)
    model, one = desk_model(), fake_replication(0).tables
    rows = one["flow_intervals"].repeat(300, axis=0)

    def peak(replications):
        with RunFolder(tmp_path / f"run{replications}") as folder:
            sinks = folder.sinks(model.thresholds)
            made = tables.Assembler(model.names, model.workforce_plan, model.thresholds, sinks=sinks)
            tracemalloc.start()
            for _ in range(replications):
                made.add(FakeSimulated(one | {"flow_intervals": rows}))
            made.finish()
            seen = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return seen

    peak(1)
    assert peak(16) < peak(4) + 2 * rows.nbytes


def test_a_full_disk_while_simulating_is_said_and_leaves_nothing(tmp_path, monkeypatch):
    def full(self, frame):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ccsim.results.parquet.TableWriter.append", full)
    with (
        pytest.raises(OutputError, match=r"run: could not be written: No space left"),
        RunFolder(tmp_path / "run") as folder,
    ):
        fake_run(2, folder=folder)
    assert list(tmp_path.iterdir()) == []


def test_wide_tables_have_a_row_a_part_and_the_unit_in_every_name(stored):
    frame = pd.read_csv(stored.folder / "by_channel.csv")
    assert frame["channel"].tolist() == ["email", "phone"]
    phone = frame.set_index("channel").loc["phone"]
    for kpi, column, threshold in [
        ("asa", "asa_s", None),
        ("service_level", "service_level_60s_share", 60),
        ("cost_per_contact", "cost_per_contact_USD_per_contact", None),
    ]:
        row = stored.estimate(kpi, "channel", "phone", threshold_s=threshold)
        assert phone[column] == pytest.approx(row["estimate"])
        assert phone[f"{column}_low"] == pytest.approx(row["low"])
        assert phone[f"{column}_high"] == pytest.approx(row["high"])
    assert {"by_site.csv", "by_vendor.csv", "by_cause.csv", "by_tier.csv"} <= {p.name for p in stored.folder.iterdir()}
    assert "by_all.csv" not in {p.name for p in stored.folder.iterdir()}


def test_tables_say_what_they_hold():
    held = Tables({"waits": pd.DataFrame({"flow": [1, 2]})})
    assert held.held("waits")
    assert held.file("waits") is None
    assert held.select("waits", where={"flow": [2]})["flow"].tolist() == [2]
