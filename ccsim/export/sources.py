"""Rows that facts are added up from, as SQL over a run's tables and the keys of its names."""

from __future__ import annotations

from typing import Final

from ccsim.export.columns import Fact, StarTable
from ccsim.metrics.sums import BY_ANSWERER
from ccsim.results.measured import Measured

PLAN: Final = """
    SELECT p.*, greatest(required_us - scheduled_us, 0) AS short_us, r.replication
    FROM run_workforce_plan p CROSS JOIN run_replications r
"""

_FLOWS: Final = """
    SELECT r.*, k.flow_key, k.has_deadline, k.time_zone, c.day_key, r.interval AS calendar_key
    FROM (SELECT * FROM run_flow_intervals UNION ALL BY NAME SELECT * FROM run_flow_calendar) r
    JOIN key_flow k USING (flow) JOIN dim_calendar c ON c.calendar_key = r.interval
"""


_BOT_SESSIONS: Final = """
    SELECT b.pool, r.replication, r.interval,
           (r.sessions - r.open_in_session) * b.session
               + (r.contained + r.falsely_contained - r.free_of_charge) * b.contained AS bot_cost
    FROM run_flow_intervals r JOIN key_flow k USING (flow) JOIN made_bot b ON b.bot = k.bot
"""
"""Sessions that are charged, where they began."""


def _pools(measured: Measured) -> str:
    """Pools by interval: of what is known of the whole time only, each interval has its part."""
    width, length = measured.interval, measured.length
    return f"""
    SELECT r.*, coalesce(r.minimum_cost + r.hours_cost + r.translation_cost, r.bot_cost) AS paid_cost,
           k.pool_key, k.time_zone, c.day_key, r.interval AS calendar_key
    FROM (
        SELECT p.*, rated_us / 3.6e9 * price AS hours_cost, answered * translation_each AS translation_cost,
               below_minimum * least({width}, {length} - p.interval::BIGINT * {width}) / {length} AS minimum_cost
        FROM run_pool_intervals p JOIN made_pool USING (pool, replication)
        UNION ALL BY NAME {PLAN}
        UNION ALL BY NAME {_BOT_SESSIONS}
        UNION ALL BY NAME
        SELECT pool, replication, interval, fixed * least({width}, {length} - interval * {width}) / {length} AS bot_cost
        FROM made_bot CROSS JOIN run_replications
        CROSS JOIN (SELECT unnest(range({-(-length // width)})) AS interval)
        UNION ALL BY NAME
        SELECT h.pool, p.replication, p.interval, p.signed_in_us / 3.6e9 * h.price AS bot_cost
        FROM run_pool_intervals p
        JOIN made_agent_hour h ON h.of_pool = p.pool AND p.interval::BIGINT * {width} >= h.since
    ) r JOIN key_pool k USING (pool) JOIN dim_calendar c ON c.calendar_key = r.interval
    """


_POOL_TOTALS: Final = f"""
    SELECT r.*, k.pool_key
    FROM (
        SELECT p.*, rated_us / 3.6e9 * price AS hours_cost, below_minimum AS minimum_cost,
               translation AS translation_cost, hours_cost + minimum_cost + translation_cost AS paid_cost,
               {", ".join(BY_ANSWERER)}
        FROM run_pool_sums p JOIN made_pool USING (pool, replication)
        UNION ALL BY NAME {PLAN}
        UNION ALL BY NAME
        SELECT pool, replication, bot_cost, bot_cost AS paid_cost FROM made_pool JOIN made_bot USING (pool)
    ) r JOIN key_pool k USING (pool)
"""

_QUEUE_TOTALS: Final = """
    SELECT r.*, k.queue_key, k.has_deadline
    FROM (SELECT * FROM run_queue_sums UNION ALL BY NAME SELECT * FROM made_queue) r JOIN key_queue k USING (queue)
"""

_OTHERS: Final = {
    "fact_queue_total": _QUEUE_TOTALS,
    "fact_pool_total": _POOL_TOTALS,
    "fact_route_total": (
        "SELECT r.*, queue_key, pool_key FROM run_routes r JOIN key_queue USING (queue) JOIN key_pool USING (pool)"
    ),
    "fact_assigned_total": (
        "SELECT r.*, queue_key, vendor_key FROM run_assigned r JOIN key_queue USING (queue) "
        "JOIN key_vendor USING (vendor)"
    ),
    "fact_rating_total": (
        "SELECT r.*, queue_key, pool_key FROM run_ratings r JOIN key_queue USING (queue) "
        "LEFT JOIN key_pool USING (pool)"
    ),
    "fact_shrinkage_total": (
        "SELECT r.*, pool_key, shrinkage_cause_key FROM run_shrinkage r JOIN key_pool USING (pool) "
        "JOIN key_cause USING (cause)"
    ),
    "fact_backlog_midnight": (
        "SELECT r.*, flow_key, day_key, band AS age_band_key FROM run_backlog r JOIN key_flow USING (flow) "
        "JOIN key_midnight USING (day)"
    ),
    "fact_wait_total": "SELECT r.*, flow_key, bin AS wait_bin_key FROM run_waits r JOIN key_flow USING (flow)",
    "fact_surge_total": "SELECT r.*, surge_key FROM made_surge r JOIN key_surge USING (surge)",
    "fact_scenario_total": "SELECT * FROM run_replications",
}


def source_of(fact: Fact, measured: Measured) -> str:
    """Rows of a fact, with the columns of its keys, `replication`, and what its measures add up."""
    if fact.name in _OTHERS:
        return _OTHERS[fact.name]
    return _FLOWS if "flow" in fact.name else _pools(measured)


def insert_fact(
    fact: Fact, table: StarTable, measured: Measured, *, scenario: int, replications: int, counted_from: int,
) -> str:  # fmt: skip
    """The statement that adds a run's rows to a table of a fact.

    Parameters
    ----------
    fact, table
        The fact, and one of its tables.
    measured
        Of the run.
    scenario
        `scenario_key`.
    replications
        Replications of the run.
    counted_from
        Begin of the counted time, microseconds since 1970 in UTC.
    """
    local = [column.name for column in fact.keys if column.name.startswith("local")]
    keys = [column.name for column in table.columns if column.key and column.name != "scenario_key"]
    sums = []
    for measure, column in zip(table.measures, table.columns[-len(table.measures) :], strict=True):
        each = measure.source if measure.whole else f"CAST({measure.source} AS DECIMAL(38, 15))"
        total = f"coalesce(sum({each}), 0)"
        if not table.by_replication:
            total = f"{total}::DOUBLE / {measure.divisor} / {replications}"
        elif not measure.counted:
            total = f"{total}::DOUBLE / {measure.divisor}"
        sums.append(f"{total} AS {column.name}")
    grouped = [*keys, *(["time_zone"] if local else [])]
    by = f"GROUP BY {', '.join(grouped)}" if grouped else ""
    rows = f"SELECT *, replication AS replication_number FROM ({source_of(fact, measured)})"
    inner = f"SELECT {', '.join([*grouped, *sums])} FROM ({rows}) {by}"
    columns = ", ".join(column.name for column in table.columns)
    order = f"ORDER BY {', '.join(keys)}" if keys else ""
    if not local:
        return f"INSERT INTO {table.name} ({columns}) SELECT {scenario} AS scenario_key, * FROM ({inner}) {order}"
    start = f"({counted_from} + f.calendar_key::BIGINT * {measured.interval})"
    return f"""
    INSERT INTO {table.name} ({columns})
    SELECT {scenario} AS scenario_key, {", ".join(f"f.{name}" for name in keys)},
           make_timestamp({start} + z.ahead_us) AS local_start, {day_key_sql("local_start")},
           {", ".join(f"f.{column.name}" for column in table.columns[-len(table.measures) :])}
    FROM ({inner}) f {clock_of("f", start)}
    {order}
    """


def clock_of(row: str, at: str) -> str:
    """The join that gives a row `z.ahead_us`: what its `time_zone` is ahead of UTC at a moment, as SQL."""
    return f"JOIN key_clock z ON z.time_zone = {row}.time_zone AND {at} >= z.since_us AND {at} < z.until_us"


def day_key_sql(moment: str) -> str:
    """Key of the day of a timestamp, as SQL."""
    return f"(year({moment}) * 10000 + month({moment}) * 100 + day({moment}))::INTEGER"
