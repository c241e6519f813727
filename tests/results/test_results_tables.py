import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.records.tables import BY_INTERVAL, TABLES
from ccsim.results import tables as tables_module
from ccsim.results.digest import TableDigest, canonical_order
from ccsim.results.tables import SIMULATED, Assembler, columns_of, digests_of_frames, frame_of
from tests.support.stand_in.desk import desk_model, fake_replication, fake_run
from tests.support.stand_in.engine import FakeSimulated, empty_tables, rows_of


def assembler(model=None, **given):
    model = model or desk_model()
    return Assembler(model.names, model.workforce_plan, model.thresholds, **given)


def assemble(simulated, *, visits=False, sinks=None):
    made = assembler(visits=visits, sinks=sinks)
    for one in simulated:
        made.add(one)
    return made.finish()


def test_tables_have_the_columns_and_types_of_the_schema():
    run = fake_run(3, visits=True)
    for name in TABLES:
        columns = columns_of(name, run.measured.thresholds)
        assert [(c.name, c.dtype) for c in columns] == [
            (str(label), str(kind)) for label, kind in run.tables[name].dtypes.items()
        ], name
    assert run.tables["replications"]["replication"].tolist() == [0, 1, 2]


def test_the_digest_depends_neither_on_the_order_of_rows_nor_on_batches(monkeypatch):
    plain = assemble([fake_replication(r, visits=True) for r in range(5)], visits=True)[1]
    shuffled = assemble([fake_replication(r, visits=True, shuffle=True) for r in range(5)], visits=True)[1]
    monkeypatch.setattr(tables_module, "BATCH_REPLICATIONS", 2)
    batched = assemble([fake_replication(r, visits=True) for r in range(5)], visits=True)[1]
    assert plain == shuffled == batched
    assert "visits" in plain


@pytest.mark.parametrize("table", SIMULATED)
def test_any_changed_value_changes_the_digest(table):
    changed = fake_replication(1)
    changed.tables[table][-1, -1] += 1
    before = assemble([fake_replication(0), fake_replication(1)])[1]
    after = assemble([fake_replication(0), changed])[1]
    assert {name for name in before if before[name] != after[name]} == {table, "run"}


def test_a_value_that_moves_to_the_next_replication_changes_the_digest():
    rows = rows_of("routes", {})
    first = [FakeSimulated(empty_tables() | {"routes": rows}), FakeSimulated(empty_tables())]
    assert assemble(first)[1]["routes"] != assemble(first[::-1])[1]["routes"]


def test_a_renamed_queue_changes_the_digest():
    renamed = desk_model()
    renamed.names["queues"][0] = (0, "other", *renamed.names["queues"][0][2:])
    digests = [assembler(model).finish()[1] for model in (desk_model(), renamed)]
    assert digests[0]["queues"] != digests[1]["queues"]
    assert digests[0]["flows"] == digests[1]["flows"]
    assert digests[0]["run"] != digests[1]["run"]


def test_a_type_is_part_of_the_digest():
    rows = np.zeros((1, 2), dtype=np.int64)
    columns = TABLES["queues"][:2]
    made = []
    for name in ("int32", "int64"):
        digest = TableDigest("t", [type(c)(c.name, name, c.unit, c.meaning) for c in columns])
        digest.add(rows)
        made.append(digest.hex())
    assert made[0] != made[1]


def test_the_digest_can_be_made_again_from_the_tables():
    run = fake_run(4, visits=True)
    assert digests_of_frames(run.tables) == dict(run.digests)
    worse = {name: frame.copy() for name, frame in run.tables.items()}
    worse["waits"].loc[0, "answered"] += 1
    assert digests_of_frames(worse)["run"] != run.digest


def test_what_was_planned_is_part_of_the_digest_in_any_order():
    turned, other = desk_model(), desk_model()
    turned.workforce_plan = turned.workforce_plan[::-1].copy()
    other.workforce_plan[3, 2] += 1
    plain, same, changed = (assembler(model).finish() for model in (desk_model(), turned, other))
    assert plain[1] == same[1]
    pd.testing.assert_frame_equal(plain[0]["workforce_plan"], same[0]["workforce_plan"])
    assert plain[1]["workforce_plan"] != changed[1]["workforce_plan"]
    assert plain[1]["run"] != changed[1]["run"]


@pytest.mark.parametrize("table", ["visits", *BY_INTERVAL])
def test_tables_go_to_their_sink_and_not_into_memory(table, monkeypatch):
    monkeypatch.setattr(tables_module, "BATCH_REPLICATIONS", 2)
    seen = []
    replications = [fake_replication(r, visits=True) for r in range(5)]
    frames, digests = assemble(replications, visits=True, sinks={table: seen.append})
    assert table not in frames
    assert len(seen) == 3
    kept, same = assemble(replications, visits=True)
    assert digests == same
    columns = columns_of(table, desk_model().thresholds)
    pd.testing.assert_frame_equal(frame_of(np.concatenate(seen), columns), kept[table])


@pytest.mark.parametrize("rows", [np.zeros((2, 4)), np.zeros((2, 3), dtype=np.int64), np.zeros(3, dtype=np.int64)])
def test_rows_that_the_schema_does_not_know_are_refused(rows):
    with pytest.raises(ValueError, match="table flow_calendar: expected int64 rows of 4 columns"):
        assemble([FakeSimulated(empty_tables() | {"flow_calendar": rows})])
    model = desk_model()
    model.workforce_plan = rows
    with pytest.raises(ValueError, match="table workforce_plan: expected int64 rows of 5 columns"):
        assembler(model)


def test_canonical_order_sorts_by_the_first_key_first():
    rows = np.array([[1, 0], [0, 5], [0, 2]], dtype=np.int64)
    assert canonical_order(rows, [0, 1]).tolist() == [[0, 2], [0, 5], [1, 0]]
    ordered = canonical_order(rows, [0, 1])
    assert canonical_order(ordered, [0, 1]) is ordered


@settings(derandomize=True, max_examples=100)
@given(st.lists(st.tuples(*[st.one_of(st.integers(-3, 3), st.integers(-(1 << 62), 1 << 62))] * 3), max_size=30))
def test_canonical_order_is_that_of_tuples(listed):
    rows = np.array(listed, dtype=np.int64).reshape(-1, 3)
    assert [*map(tuple, canonical_order(rows, [2, 0, 1]).tolist())] == sorted(
        listed, key=lambda row: (row[2], row[0], row[1])
    )
