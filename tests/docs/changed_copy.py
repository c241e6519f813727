"""Both engines on a small desk that is often full, and what tables and pages say of its visits; printed as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ccsim
from ccsim.engine import simulate
from ccsim.engine.reference import simulate_logs
from ccsim.export.dimensions import outcome_rows
from ccsim.kernel import layout
from ccsim.model import compile_model
from ccsim.records.outcomes import OUTCOMES, TOLD_AS
from ccsim.results.reference import tables_markdown
from ccsim.results.tables import columns_of
from tests.support.stories import script

FULL_DESK = """
horizon: {start: 2026-01-01, length: 2h}
demand: {calls: {per_minute: 4, profile: flat}}
handle_time: {talk: {mean: 1m, cv: 1.0}, wrap_up: 1m}
patience: {law: exponential, mean: 5m}
pools: {desk: {staffing: 4}}
queue_groups: {entry: {lines: 5, max_waiting: 2}}
"""


def told() -> dict[str, object]:
    """Counts of outcomes by engine, as the tables have them and as the log has them; and what is said of outcomes."""
    model = compile_model(script(FULL_DESK))
    tables = simulate(model, seed=5, replication=0, visits=True).tables
    visits = simulate_logs(model, seed=5, replication=0).visits
    log = visits[visits[:, layout.LOG_COUNTED] & layout.CONTACT_COUNTS > 0, layout.LOG_OUTCOME].tolist()
    columns = [column.name for column in columns_of("queue_sums", model.thresholds)][1:]
    counted = dict(zip(columns, tables["queue_sums"].sum(axis=0).tolist(), strict=True))
    return {
        "where": str(Path(ccsim.__file__).parent.parent),
        "columns": columns,
        "tables": {name: counted[name] for name in OUTCOMES},
        "reference": {name: log.count(code) for code, name in enumerate(OUTCOMES)},
        "star": outcome_rows(),
        "told_as": TOLD_AS,
        "page": tables_markdown(),
    }


if __name__ == "__main__":
    json.dump(told(), sys.stdout)
