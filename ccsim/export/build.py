"""The star of a run or of a comparison, built in a DuckDB database from the files of its tables."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from ccsim.errors import CcsimError
from ccsim.export.columns import SCENARIO, StarTable, View, text
from ccsim.export.dimension_tables import ABOUT, DIFFERENCE, DIMENSIONS, ESTIMATE
from ccsim.export.dimensions import (
    Exported,
    NameKeys,
    Row,
    age_rows,
    bin_rows,
    calendar_rows,
    day_rows,
    midnight_rows,
    offset_rows,
    outcome_rows,
    scenario_row,
)
from ccsim.export.homes import OPEN, placed, schema_of, searched
from ccsim.export.sources import insert_fact
from ccsim.export.star import facts, visit_tables
from ccsim.export.times import Frame
from ccsim.export.views import views_of
from ccsim.export.visits import insert_cases, insert_visits, number_cases
from ccsim.metrics import cost
from ccsim.metrics.agent_hours import rows_with
from ccsim.metrics.bot_cost import rows_of_bots
from ccsim.metrics.sums import BY_ANSWERER, Sums, bots_paid, routed
from ccsim.metrics.surges import sums_of_surges
from ccsim.records.tables import TABLES, threshold_label
from ccsim.results.comparison import Comparison
from ccsim.results.held_tables import Tables
from ccsim.results.parquet import plain_rows
from ccsim.results.run import Run
from ccsim.results.tables import NAMES
from ccsim.units import HOUR

if TYPE_CHECKING:
    import duckdb

MOST_MEMORY: Final = "1GB"
"""What DuckDB may hold; more goes to its temporary folder."""

_ARROW: Final = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
    "DOUBLE": pa.float64(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "TINYINT": pa.int8(),
}

_KEYS: Final[dict[str, dict[str, pa.DataType]]] = {
    "queue": {"queue": pa.int32(), "queue_key": pa.int32(), "has_deadline": pa.int8(), "time_zone": pa.string(),
              "stream": pa.int32()},
    "flow": {"flow": pa.int32(), "flow_key": pa.int32(), "has_deadline": pa.int8(), "time_zone": pa.string(),
             "bot": pa.string()},
    "pool": {"pool": pa.int32(), "pool_key": pa.int32(), "time_zone": pa.string()},
    "vendor": {"vendor": pa.int32(), "vendor_key": pa.int32()},
    "cause": {"cause": pa.int32(), "shrinkage_cause_key": pa.int32()},
    "surge": {"surge": pa.int32(), "surge_key": pa.int32()},
    "midnight": {"day": pa.int32(), "day_key": pa.int32()},
    "clock": {"time_zone": pa.string(), "since_us": pa.int64(), "until_us": pa.int64(), "ahead_us": pa.int64()},
}  # fmt: skip
"""Columns of the tables that lead from a run's ids to keys."""


class Star:
    """The star of one or more alternatives, in the database of a connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, alternatives: Sequence[Exported]) -> None:
        """Alternatives, the run or the base first; all with the same horizon, thresholds, rule and currency."""
        self.connection, self.alternatives = connection, tuple(alternatives)
        runs = [one.run for one in alternatives]
        self.thresholds = runs[0].measured.thresholds
        self.facts = facts(self.thresholds)
        labels = tuple(map(threshold_label, self.thresholds))
        self.with_visits = all("visits" in run.tables for run in runs)
        self.visits = visit_tables(labels) if self.with_visits else ()
        self.tables: list[StarTable] = [*DIMENSIONS]
        """Tables in the open: of all alternatives."""
        fact_tables = (table for fact in self.facts for table in fact.tables)
        self.own: list[StarTable] = [*fact_tables, *self.visits, ESTIMATE]
        """Tables that each alternative has in its schema."""
        self.views: list[View] = []
        """Views that each alternative has in its schema."""
        self.schemas = [schema_of(one.key, one.run.name, len(self.alternatives)) for one in self.alternatives]
        self._bins: set[int] = set()
        self._names = NameKeys()
        self._holidays: dict[str, Sequence[str]] = {}
        for run in runs:
            self._holidays |= run.provenance.get("holidays") or {}
        self._cases = 0

    def build(self, differences: Iterable[Row] | None = None) -> None:
        """Make and fill every table and view.

        Parameters
        ----------
        differences
            Rows of `kpi_difference`; None: it is no comparison.
        """
        if differences is not None:
            self.tables.append(DIFFERENCE)
        self.ask("BEGIN")  # else every statement waits for the disk
        for table in self.tables:
            self.ask(_made(table))
        self.ask("COMMIT")
        for one, schema in zip(self.alternatives, self.schemas, strict=True):
            self.ask("BEGIN")
            self.ask(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            self.ask(searched([schema, OPEN]))
            for table in self.own:
                self.ask(_made(table))
            self.ask("COMMIT")
            self._add(one, schema)
        self.ask(searched([OPEN]))
        self.ask("BEGIN")
        names = self._names
        for name, rows in {
            "dim_queue": names.queues.rows, "dim_flow": names.flows.rows, "dim_pool": names.pools.rows,
            "dim_site": names.sites.rows, "dim_vendor": names.vendors.rows, "dim_price": names.prices,
            "dim_shrinkage_cause": names.causes.rows, "dim_surge": names.surges.rows,
            "dim_outcome": outcome_rows(), "dim_age_band": age_rows(),
        }.items():  # fmt: skip
            self._fill(name, rows)
        self._fill("dim_wait_bin", bin_rows(sorted(self._bins)))
        if differences is not None:
            self._fill(DIFFERENCE.name, differences)
        self.views = views_of([one.run for one in self.alternatives], self.thresholds, with_visits=self.with_visits)
        for one, schema in zip(self.alternatives, self.schemas, strict=True):
            self._view(one, schema)
        self._tell()
        self.ask("COMMIT")

    def _view(self, one: Exported, schema: str) -> None:
        """Make the views of an alternative, also on its own rows of dimensions that have rows of each alternative."""
        own = {table.name for table in self.own} | {view.name for view in (*self.views, *self._rows_of(schema))}
        for view in self._rows_of(schema):
            self.ask(f"CREATE VIEW {schema}.{view.name} AS {view.sql} WHERE scenario_key = {one.key}")
        for view in self.views:
            self.ask(f"CREATE VIEW {schema}.{view.name} AS {placed(view.sql, own, schema)}")

    def _rows_of(self, schema: str) -> Sequence[View]:
        """Views in the schema of an alternative on its own rows of a dimension; none in the open."""
        return () if schema == OPEN else OWN_ROWS

    def ask(self, sql: str) -> list[Row]:
        """Let a statement be done, to its end, and take its rows."""
        return self.connection.execute(sql).fetchall()

    def named(self) -> Iterator[tuple[str, str]]:
        """Schema and name of every table and view."""
        yield from ((OPEN, table.name) for table in self.tables)
        for schema in self.schemas:
            yield from ((schema, view.name) for view in self._rows_of(schema))
            yield from ((schema, table.name) for table in self.own)
            yield from ((schema, view.name) for view in self.views)

    def table(self, name: str) -> StarTable:
        """A table by its name."""
        return next(table for table in (*self.tables, *self.own) if table.name == name)

    def _add(self, one: Exported, schema: str) -> None:
        run, measured = one.run, one.run.measured
        self._read(run)
        last = self.ask("SELECT coalesce(max(interval), 0) FROM run_flow_intervals")[0]
        frame = Frame(measured, max(-(-measured.length // measured.interval) - 1, int(last[0])))
        self._fill("dim_scenario", [scenario_row(one, frame, schema)])
        known = self.ask("SELECT coalesce(max(calendar_key), -1) FROM dim_calendar")[0]
        self._fill("dim_calendar", (row for row in calendar_rows(frame) if row[0] > known[0]))
        days = set(self.ask("SELECT day_key FROM dim_day"))
        self._fill("dim_day", (row for row in day_rows(frame, self._holidays) if (row[0],) not in days))
        self._lead(one, frame)
        self._measure(run)
        for fact in self.facts:
            for table in fact.tables:
                self.ask(
                    insert_fact(
                        fact, table, measured, scenario=one.key, replications=run.replications,
                        counted_from=frame.counted_from,
                    )
                )  # fmt: skip
        if self.with_visits:
            self._add_visits(one, frame)
        self._fill(ESTIMATE.name, _estimates(one))
        self._bins.update(number for (number,) in self.ask("SELECT DISTINCT wait_bin_key FROM fact_wait_total"))

    def _add_visits(self, one: Exported, frame: Frame) -> None:
        cases, visits = self.visits
        self.ask(number_cases(self._cases))
        self.ask(insert_cases(cases, frame, one.key, one.run.replications))
        self.ask(insert_visits(visits, frame, one.key, one.run.replications))
        found = self.ask("SELECT count(*) FROM run_cases")[0]
        self._cases += found[0]
        self.ask("DROP TABLE run_cases")

    def _read(self, run: Run) -> None:
        """Let the files of a run's tables be read by their names, with `run_` before them."""
        for name in TABLES:
            if name not in run.tables or name in NAMES:
                continue
            file = run.tables.file(name) if isinstance(run.tables, Tables) else None
            if file is None:
                raise CcsimError("only a stored run can be exported: give it a folder")
            place = text(glob.escape(str(file)))
            self.ask(f"CREATE OR REPLACE TEMP VIEW run_{name} AS SELECT * FROM read_parquet({place})")

    def _lead(self, one: Exported, frame: Frame) -> None:
        """Let a run's ids be told the keys."""
        maps = self._names.add(one)
        streams = {name: i for i, name in enumerate(dict.fromkeys(one.run.tables["queues"]["stream"]))}
        of_queue = [streams[name] for name in one.run.tables["queues"]["stream"]]
        maps["flow"] = [(*row, str(bot)) for row, bot in zip(maps["flow"], one.run.tables["flows"]["bot"], strict=True)]
        maps["queue"] = [(*row, stream) for row, stream in zip(maps["queue"], of_queue, strict=True)]
        zones = sorted({str(row[3]) for name in ("queue", "flow") for row in maps[name]} | {r[2] for r in maps["pool"]})
        maps |= {"midnight": midnight_rows(frame), "clock": offset_rows(zones, frame)}
        for name, rows in maps.items():
            fields = _KEYS[name]
            arrays = [pa.array([row[i] for row in rows], type=kind) for i, kind in enumerate(fields.values())]
            self._take(f"key_{name}", pa.table(arrays, names=list(fields)))

    def _measure(self, run: Run) -> None:
        """Let what ccsim makes of a run's sums be read: costs, and what pools resolved."""
        sums = Sums(run.tables, run.measured)
        rated = sums.matrix("pool_sums", "rated_us")
        answered, translating = sums.matrix("pool_sums", "answered"), routed(sums).translating
        pools, queues, replications = len(sums.pools), len(sums.queues), sums.replications
        self._take(
            "made_pool",
            _by_replication(
                "pool", pools, replications,
                price=cost.drawn_prices_of(sums.pools, run.measured, replications).ravel(),
                below_minimum=cost.below_minimum(rated / HOUR, sums.pools, run.measured),
                translation=translating,
                translation_each=translating / np.where(answered > 0, answered, 1),
                **{name: sums.matrix("pool_sums", name) for name in BY_ANSWERER},
                bot_cost=bots_paid(sums),
            ),
        )  # fmt: skip
        rows = rows_of_bots(sums.pools, run.measured) if run.measured.bots else {}
        prices = np.array([run.measured.bots[bot] for bot in rows]).reshape(-1, 3)
        kinds = {"pool": pa.int32(), "bot": pa.string()} | dict.fromkeys(
            ("session", "contained", "fixed"), pa.float64()
        )
        columns = [list(rows.values()), list(rows), *prices.T]
        arrays = [pa.array(one, type=kind) for one, kind in zip(columns, kinds.values(), strict=True)]
        self._take("made_bot", pa.table(arrays, names=list(kinds)))
        self._take("made_agent_hour", _agent_hours(sums, rows))
        allocated = sums.matrix("queue_sums", "allocated_cost")
        of_bots = sums.matrix("queue_sums", "bot_cost")
        costs = {"allocated_cost": allocated, "bot_cost": of_bots}
        self._take("made_queue", _by_replication("queue", queues, replications, **costs))
        made = sums_of_surges(sums)
        self._take("made_surge", _by_replication("surge", len(sums.surges), replications, **made))

    def _take(self, name: str, table: pa.Table) -> None:
        self.connection.register("taken", table)
        self.ask(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM taken")
        self.connection.unregister("taken")

    def _fill(self, name: str, rows: Iterable[Row]) -> None:
        table, listed = self.table(name), list(rows)
        arrays = [
            pa.array([row[i] for row in listed], type=_ARROW[column.kind]) for i, column in enumerate(table.columns)
        ]
        self.connection.register("taken", pa.table(arrays, names=[column.name for column in table.columns]))
        self.ask(f"INSERT INTO {name} SELECT * FROM taken")
        self.connection.unregister("taken")

    def _tell(self) -> None:
        """Say of every table and column what it is: in comments, and all of it in `about_columns`."""
        self.ask(_made(ABOUT))
        self.tables.append(ABOUT)
        rows: list[Row] = []
        for table in (*self.tables, *self.own):
            rows += [(table.name, column.name, column.kind, column.unit, column.meaning) for column in table.columns]
        for view in self.views:
            described = self.ask(f"DESCRIBE {self.schemas[0]}.{view.name}")
            rows += [(view.name, column, kind, *view.meanings[column]) for column, kind, *_ in described]
        self._fill(ABOUT.name, rows)
        for table in self.tables:
            self._comment(OPEN, table)
        for schema in self.schemas:
            for table in self.own:
                self._comment(schema, table)
            for view in (*self.views, *self._rows_of(schema)):
                self.ask(f"COMMENT ON VIEW {schema}.{view.name} IS {text(view.about)}")

    def _comment(self, schema: str, table: StarTable) -> None:
        """Say in comments what a table and its columns are."""
        self.ask(f"COMMENT ON TABLE {schema}.{table.name} IS {text(table.about)}")
        if table.measures and table.by_replication:
            return  # as in the table of means: a thousand comments more take a second
        for column in table.columns:
            said = text(f"{column.meaning} [{column.unit}]")
            self.ask(f"COMMENT ON COLUMN {schema}.{table.name}.{column.name} IS {said}")


OWN_ROWS: Final = tuple(
    View(table.name, f"{table.about} Of the alternative of this schema.", f"SELECT * FROM {OPEN}.{table.name}", {})
    for table in DIMENSIONS
    if SCENARIO in table.columns or table.name == "dim_scenario"
)
"""In the schema of an alternative: dimensions with rows of each."""


def _made(table: StarTable) -> str:
    columns = ", ".join(
        f"{column.name} {column.kind}{' NOT NULL' if column.key and not column.optional else ''}"
        for column in table.columns
    )
    return f"CREATE TABLE {table.name} ({columns})"


def _by_replication(owner: str, owners: int, replications: int, **columns: Any) -> pa.Table:
    """Matrices of shape [owners, replications] as columns beside owner and replication."""
    keys = {
        owner: pa.array(np.repeat(np.arange(owners, dtype=np.int32), replications)),
        "replication": pa.array(np.tile(np.arange(replications, dtype=np.int32), owners)),
    }
    return pa.table(keys | {name: pa.array(np.asarray(one).ravel()) for name, one in columns.items()})


def _agent_hours(sums: Sums, rows: Mapping[str, int]) -> pa.Table:
    """Who has the assists that are paid by agent hours: row of the payee and of the pool, price, since (us)."""
    lines = [
        (rows[name], int(pool), price, since)
        for name, (price, _, since) in sums.measured.by_agent_hour.items()
        for pool in rows_with(sums.pools, sums.measured, name)
    ]
    kinds = {"pool": pa.int32(), "of_pool": pa.int32(), "price": pa.float64(), "since": pa.int64()}
    arrays = [pa.array([line[i] for line in lines], type=kind) for i, kind in enumerate(kinds.values())]
    return pa.table(arrays, names=list(kinds))


def _estimates(one: Exported) -> list[Row]:
    names = ("kpi", "scope", "name", "threshold_s", "estimate", "low", "high", "unit", "note")
    return [(one.key, *(row[name] for name in names)) for row in plain_rows(one.run.estimates)]


def alternatives_of(made: Run | Comparison) -> list[Exported]:
    """The run alone, or the base and the variants of a comparison."""
    if isinstance(made, Run):
        return [Exported(0, made)]
    return [Exported(i, made.runs[one.name], one.changes) for i, one in enumerate(made.alternatives)]


def differences_of(made: Run | Comparison) -> list[Row] | None:
    """Rows of `kpi_difference`; None for a run."""
    if isinstance(made, Run):
        return None
    keys = {one.name: i for i, one in enumerate(made.alternatives)}
    names = ("kpi", "scope", "name", "threshold_s", "base", "value", "difference", "low", "high", "verdict", "good",
             "unit")  # fmt: skip
    return [(keys[row["variant"]], *(row[name] for name in names)) for row in plain_rows(made.differences)]
