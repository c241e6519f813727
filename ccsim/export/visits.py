"""Visits and cases of a run that kept its visits, as SQL."""

from __future__ import annotations

from collections.abc import Iterable

from ccsim.export.columns import StarTable
from ccsim.export.sources import clock_of, day_key_sql
from ccsim.export.times import Frame
from ccsim.records.outcomes import HANDLED, NOT_OFFERED, OUTCOMES, STILL_OPEN, outcome
from ccsim.units import DAY


def _among(names: Iterable[str]) -> str:
    return f"({', '.join(str(outcome(name)) for name in names)})"


def number_cases(first: int) -> str:
    """The statement that keeps the cases of a run that began in the counted time, numbered from `first`."""
    peers, solved = outcome("by_peers"), _among(("resolved", "contained"))
    return f"""
    CREATE OR REPLACE TEMP TABLE run_cases AS
    SELECT {first} + row_number() OVER (ORDER BY replication, stream, date, number, case_queue) - 1 AS case_key, *
    FROM (
        SELECT v.replication, q.stream, v.case_queue, v.date, v.number,
               arg_min(v.queue, v.visit) FILTER (v.contact = 0) AS queue,
               min(v.joined_us) FILTER (v.contact = 0) AS came_us,
               (max(v.contact) + 1)::INTEGER AS contacts, (count(*) FILTER (v.visit >= 0))::INTEGER AS visits,
               (count(*) FILTER (v.visit < 0))::INTEGER AS sessions,
               arg_max(v.outcome, v.contact::BIGINT * 4294967296 + v.visit) AS outcome,
               min(v.ended_us) FILTER (v.outcome IN {solved}) AS resolved_us,
               bool_or(v.outcome = {peers} AND v.contact = 0) AS by_peers,
               bool_or(v.outcome = {outcome("contained")} AND v.contact = 0) AS by_bot
        FROM run_visits v JOIN key_queue q ON q.queue = v.case_queue WHERE v.outcome <> {outcome("deflected")}
        GROUP BY ALL HAVING bool_or(v.counted = 1 AND v.contact = 0)
    )
    """


def _moments(frame: Frame, us: str) -> tuple[str, str, str]:
    """A moment since the start of the horizon in UTC, by the clock of its market, and the join with that clock."""
    at = f"({frame.begin} + {us})"
    return f"make_timestamp({at})", f"make_timestamp({at} + z.ahead_us)", clock_of("q", at)


def insert_cases(table: StarTable, frame: Frame, scenario: int, replications: int) -> str:
    """The statement that adds the kept cases of a run."""
    utc, local, clock = _moments(frame, "c.came_us")
    measured = frame.measured
    return f"""
    INSERT INTO {table.name}
    SELECT {scenario}, c.replication, c.case_key, q.queue_key,
           ((c.came_us - {measured.warm_up}) // {measured.interval})::INTEGER, {utc}, {local},
           c.contacts, c.visits, c.sessions, c.outcome,
           (c.resolved_us IS NOT NULL)::TINYINT, (c.resolved_us IS NOT NULL AND c.contacts = 1)::TINYINT,
           coalesce(c.resolved_us - c.came_us <= {DAY}, false)::TINYINT, c.by_peers::TINYINT, c.by_bot::TINYINT,
           (c.outcome IN {_among(STILL_OPEN)})::TINYINT, (c.resolved_us - c.came_us) / 3.6e9, 1.0 / {replications}
    FROM run_cases c JOIN key_queue q USING (queue) {clock}
    ORDER BY c.case_key
    """


def insert_visits(table: StarTable, frame: Frame, scenario: int, replications: int) -> str:
    """The statement that adds the counted visits of a run."""
    utc, local, clock = _moments(frame, "v.joined_us")
    measured = frame.measured
    handled = f"v.outcome IN {_among(HANDLED)}"
    on_the_phone = "v.callback < 2"  # who is called back has not waited, and is no answered contact
    answered = f"{on_the_phone} AND v.outcome IN {_among((*HANDLED, 'open_in_hand'))}"
    offered = f"v.visit >= 0 AND v.outcome IN {_among(name for name in OUTCOMES if name not in NOT_OFFERED)}"
    within = "".join(
        f"({answered} AND v.left_us - v.joined_us + v.before_us <= {t})::TINYINT, " for t in measured.thresholds
    )
    return f"""
    INSERT INTO {table.name}
    SELECT {scenario}, v.replication, c.case_key, q.queue_key, p.pool_key,
           ((v.joined_us - {measured.warm_up}) // {measured.interval})::INTEGER, v.outcome, v.contact, v.visit,
           {utc}, {local} AS joined_local, {day_key_sql("joined_local")},
           CASE WHEN v.visit < 0 THEN (v.ended_us - v.left_us) / 1e6 END,
           CASE WHEN {on_the_phone} AND {offered} THEN (v.left_us - v.joined_us + v.before_us) / 1e6 END,
           CASE WHEN {handled} THEN (v.ended_us - v.left_us) / 1e6 END,
           CASE WHEN {handled} AND v.warm_wait_us >= 0 THEN v.warm_wait_us / 1e6 END,
           CASE WHEN {handled} THEN v.hand_over_us / 1e6 END,
           CASE WHEN {handled} THEN (v.wrapped_us - v.ended_us) / 1e6 END,
           CASE WHEN v.agent >= 0 THEN v.agent END,
           nullif(v.rating, 0)::TINYINT, (v.visit < 0)::TINYINT, (v.callback >= 1)::TINYINT, (v.callback = 2)::TINYINT,
           ({offered})::TINYINT, ({answered})::TINYINT, ({handled})::TINYINT, v.waited, v."returning",
           {within} 1.0 / {replications}
    FROM run_visits v JOIN key_queue q USING (queue) {clock}
    LEFT JOIN key_pool p USING (pool)
    LEFT JOIN run_cases c ON c.replication = v.replication AND c.case_queue = v.case_queue
                         AND c.date = v.date AND c.number = v.number
    WHERE v.counted = 1 AND v.outcome <> {outcome("deflected")}
    """
