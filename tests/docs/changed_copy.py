"""What is there to be seen of a change, on a small desk that is often full; printed as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ccsim
from ccsim import api, cli
from ccsim.engine import simulate
from ccsim.engine.reference import simulate_logs
from ccsim.errors import ScenarioError
from ccsim.export.dimensions import outcome_rows
from ccsim.kernel import layout
from ccsim.metrics.reference import kpis_markdown
from ccsim.model import compile_model
from ccsim.records.outcomes import OUTCOMES, TOLD_AS
from ccsim.results.reference import tables_markdown
from ccsim.results.tables import columns_of
from ccsim.scenario.schema import json_schema
from tests.support.stories import script

FULL_DESK = """
horizon: {start: 2026-01-01, length: 2h}
demand: {calls: {per_minute: 4, profile: flat}}
handle_time: {talk: {mean: 1m, cv: 1.0}, wrap_up: 1m}
patience: {law: exponential, mean: 5m}
pools: {desk: {staffing: 4}}
queue_groups: {entry: {lines: 5, max_waiting: 2}}
"""


def people_seated() -> int | None:
    """A setting of the desk as it is read; None where there is no such key."""
    try:
        pool = script(FULL_DESK.replace("staffing: 4", "staffing: 4, desks: 6")).pools["desk"]
    except ScenarioError:
        return None
    return int(getattr(pool, "desks"))  # noqa: B009


def told() -> dict[str, object]:
    """Of the desk: sums, KPIs, outcomes by engine, as the tables have them and as the log has them; and what the
    references, the export and the command line have."""
    scenario = script(FULL_DESK)
    model = compile_model(scenario)
    tables = simulate(model, seed=5, replication=0, visits=True).tables
    visits = simulate_logs(model, seed=5, replication=0).visits
    log = visits[visits[:, layout.LOG_COUNTED] & layout.CONTACT_COUNTS > 0, layout.LOG_OUTCOME].tolist()
    columns = [column.name for column in columns_of("queue_sums", model.thresholds)][1:]
    counted = dict(zip(columns, tables["queue_sums"].sum(axis=0).tolist(), strict=True))
    routes = [column.name for column in columns_of("routes", model.thresholds)][1:]
    estimates = api.run(scenario, replications=2, seed=5).estimates
    whole = estimates[(estimates["scope"] == "all") & estimates["threshold_s"].isna() & estimates["estimate"].notna()]
    return {
        "where": str(Path(ccsim.__file__).parent.parent),
        "columns": columns,
        "sums": counted,
        "routes": dict(zip(routes, tables["routes"].sum(axis=0).tolist(), strict=True)),
        "tables": {name: counted[name] for name in OUTCOMES},
        "reference": {name: log.count(code) for code, name in enumerate(OUTCOMES)},
        "star": outcome_rows(),
        "told_as": TOLD_AS,
        "page": tables_markdown(),
        "kpis": dict(zip(whole["kpi"].tolist(), whole["estimate"].tolist(), strict=True)),
        "kpi page": kpis_markdown(),
        "setting": people_seated(),
        "schema": json.dumps(json_schema()),
        "commands": [command.short_help for command in cli.app.registered_commands],
    }


if __name__ == "__main__":
    json.dump(told(), sys.stdout)
