"""Every table of the star schema, with its columns."""

from __future__ import annotations

from typing import Final

from ccsim.export.columns import (
    REPLICATION,
    SCENARIO,
    Fact,
    Measure,
    StarColumn,
    StarTable,
    key,
    measures_of,
    plain_name,
)
from ccsim.records.day_tables import OF_FIRST_ANSWERS
from ccsim.records.satisfaction import OF_RATINGS
from ccsim.records.tables import (
    BACKLOG,
    COHORT,
    FLOW_CALENDAR,
    HANDLED_BY_POOL,
    OF_ASSIGNED,
    OF_POOLS,
    OF_ROUTES,
    REPLICATIONS,
    SHRINKAGE,
    WAITS,
    WORKFORCE_PLAN,
    threshold_columns,
)
from ccsim.units import HOUR, SECOND

CALENDAR: Final = key("calendar_key", "INTEGER", "Row of `dim_calendar`: report interval since the end of the warm-up")
DAY: Final = key("day_key", "INTEGER", "Row of `dim_day`, as 20260302; days are those of the scenario's clock")
FLOW: Final = key("flow_key", "INTEGER", "Row of `dim_flow`")
QUEUE: Final = key("queue_key", "INTEGER", "Row of `dim_queue`")
POOL: Final = key("pool_key", "INTEGER", "Row of `dim_pool`")
VENDOR: Final = key("vendor_key", "INTEGER", "Row of `dim_vendor`")
CAUSE: Final = key("shrinkage_cause_key", "INTEGER", "Row of `dim_shrinkage_cause`")
SURGE: Final = key("surge_key", "INTEGER", "Row of `dim_surge`")
AGE: Final = key("age_band_key", "INTEGER", "Row of `dim_age_band`")
BIN: Final = key("wait_bin_key", "INTEGER", "Row of `dim_wait_bin`")
LOCAL_START: Final = StarColumn("local_start", "TIMESTAMP", "time", "Start of the interval by the clock of")
LOCAL_DAY: Final = StarColumn("local_day_key", "INTEGER", "key", "Row of `dim_day` of `local_start`")


def _local(of: str) -> tuple[StarColumn, StarColumn]:
    start = StarColumn(LOCAL_START.name, LOCAL_START.kind, LOCAL_START.unit, f"{LOCAL_START.meaning} {of}")
    return start, LOCAL_DAY


DUE: Final = Measure(
    "due", "count", "Ended visits of deferred work with a deadline", "(offered - open_waiting) * has_deadline"
)
SQUARES: Final = Measure(
    "wait_answered_squared_s2",
    "s^2",
    "Squared waits of the answered; with `wait_answered_s` and `answered` they give the standard deviation",
    "wait_answered_sq_hi::HUGEINT * 1099511627776 + wait_answered_sq_lo",
    SECOND * SECOND,
    counted=False,
)
ALLOCATED: Final = Measure(
    "allocated_cost",
    "money",
    "Cost of the pools, allocated to queues by the capacity that they used; see the KPI reference",
    "allocated_cost",
    whole=False,
    counted=False,
)
RESTORED: Final = (
    Measure("surges", "count", "1 for every surge", "surges"),
    Measure("restored", "count", "1 where service is restored within the counted time", "restored"),
    Measure("restored_within_target", "count", "1 where it is within `target_h`; without one as `restored`",
            "restored_within_target"),
    Measure("time_to_restore_h", "h", "Time until service is restored, 0 where it is not: divide by `restored`",
            "time_to_restore_us", HOUR, counted=False),
)  # fmt: skip
OF_BOTS: Final = Measure(
    "bot_cost",
    "money",
    "Of this, the cost of bots",
    "bot_cost",
    whole=False,
    counted=False,
)
ANSWERED: Final = (
    *measures_of(tuple(column for column in OF_ROUTES if column.name in HANDLED_BY_POOL), hours=True),
    *measures_of(OF_FIRST_ANSWERS, hours=True),
)
"""What came of the counted visits that a pool answered, and of the cases that it answered first."""
_SHORT: Final = Measure(
    "short_h", "h", "Required less scheduled agent time where it is above 0", "short_us", HOUR, counted=False
)


def _cost(name: str, meaning: str) -> Measure:
    return Measure(name, "money", meaning, name, whole=False, counted=False)


COSTS: Final = (
    _cost("hours_cost", "Paid hours with premiums times their price"),
    _cost("minimum_cost", "What is missing to a vendor's minimum of hours; by interval spread evenly over the time"),
    _cost("translation_cost", "Price of translated visits; by interval spread over the visits answered"),
    _cost("bot_cost", "Price of a bot, in its own row: of sessions where they began, of months spread over the time"),
    _cost("paid_cost", "The four together: what the pool or the bot is paid"),
)


def cohort(thresholds: tuple[int, ...]) -> tuple[Measure, ...]:
    """Measures of visits by where and when they joined."""
    columns = (*COHORT, *threshold_columns(thresholds))
    calendar = measures_of(FLOW_CALENDAR, hours=True)  # time of contacts, by the hour as that of agents
    return (*measures_of(columns, hours=False), DUE, SQUARES, *calendar)


_WORK: Final = (*measures_of(OF_POOLS, hours=True), *COSTS, *measures_of(WORKFORCE_PLAN, hours=True), _SHORT)
_ABOUT_FLOWS: Final = (
    "Visits by the interval in which they joined their queue or were turned away: contacts that arrived in the counted "
    "time. A later visit may join after the counted time (`dim_calendar.is_counted` is 0). `waiting_h` is of every "
    "contact, in the counted time. By flow: the queues of one volume, workflow, channel and tier."
)
_ABOUT_POOLS: Final = (
    "Agent time, visits answered, cost and plan of pools in the counted time; bots that cost anything are rows with "
    "nothing but their cost (`dim_pool.tier_names` is `bot`)."
)


def facts(thresholds: tuple[int, ...]) -> tuple[Fact, ...]:
    """Facts of a run; service level thresholds in microseconds."""
    visits = cohort(thresholds)
    market, site = _local("the flow's market (`dim_flow.time_zone`)"), _local("the pool's site (`dim_pool.time_zone`)")
    return (
        Fact("fact_flow_interval", _ABOUT_FLOWS, (SCENARIO, CALENDAR, FLOW, *market), visits, each=False),
        Fact("fact_flow_day", f"The same by day. {_ABOUT_FLOWS}", (SCENARIO, DAY, FLOW), visits),
        Fact("fact_queue_total", "Visits of queues over the whole counted time.", (SCENARIO, QUEUE),
             (*visits, ALLOCATED, OF_BOTS)),
        Fact("fact_pool_interval", _ABOUT_POOLS, (SCENARIO, CALENDAR, POOL, *site), _WORK, each=False),
        Fact("fact_pool_day", f"{_ABOUT_POOLS} By day.", (SCENARIO, DAY, POOL), _WORK),
        Fact("fact_pool_total", f"{_ABOUT_POOLS} As a whole.", (SCENARIO, POOL), (*_WORK, *ANSWERED)),
        Fact("fact_route_total", "Which pools answered which queues.", (SCENARIO, QUEUE, POOL),
             measures_of((*OF_ROUTES, *threshold_columns(thresholds, ("answered",))), hours=True)),
        Fact("fact_assigned_total", "Visits by the vendor that they were assigned to, where there are vendor shares.",
             (SCENARIO, QUEUE, VENDOR), measures_of(OF_ASSIGNED, hours=True)),
        Fact("fact_rating_total",
             "What customers think of contacts that ended with an agent, and what moved it, by the queue and the pool "
             "of the last visit, those that ended with a bot without a pool; where the scenario has `satisfaction`.",
             (SCENARIO, QUEUE, key("pool_key", "INTEGER", "Row of `dim_pool`; empty if a bot was last", optional=True)),
             measures_of(OF_RATINGS, hours=True)),
        Fact("fact_shrinkage_total", "Agent time away by cause.", (SCENARIO, POOL, CAUSE),
             measures_of(SHRINKAGE, hours=True)),
        Fact("fact_backlog_midnight",
             "Deferred visits that wait at the midnight with which a day begins. Add them over flows and ages, never "
             "over days: whoever waits for two midnights is in both rows.", (SCENARIO, DAY, FLOW, AGE),
             measures_of(BACKLOG, hours=True)),
        Fact("fact_surge_total", "When service is restored after surges that say so (`surges.X.restored`).",
             (SCENARIO, SURGE), RESTORED),
        Fact("fact_wait_total", "Answered visits by their wait, in bins: for quantiles.", (SCENARIO, FLOW, BIN),
             measures_of(WAITS, hours=True)),
        Fact("fact_scenario_total", "Contacts and cases of a whole horizon.", (SCENARIO,),
             tuple(m for m in measures_of(REPLICATIONS, hours=True) if m.name in ("contacts", "cases", "open_at_end"))),
    )  # fmt: skip


_SHARE_OF_HORIZON: Final = StarColumn(
    "horizon_weight", "DOUBLE", "weight", "1 over the replications: its sum is the expected number in one horizon"
)


def _flag(name: str, meaning: str, *, optional: bool = False) -> StarColumn:
    return StarColumn(name, "TINYINT", "0/1", meaning, optional=optional)


def visit_tables(labels: tuple[str, ...]) -> tuple[StarTable, ...]:
    """Tables of a run that kept its visits; labels of the thresholds: `20s`."""
    case_key = StarColumn("case_key", "BIGINT", "key", "Number of the case in the scenario, of all replications",
                          key=True)  # fmt: skip
    within = tuple(
        _flag(f"answered_within_{plain_name(label)}", f"1 if it was answered with a wait <= {label}")
        for label in labels
    )
    return (
        StarTable(
            "fact_case_by_replication",
            "One row for each case that began in the counted time, in every replication. `count(*)` counts every "
            "replication: `sum(horizon_weight)` is the expected number.",
            (
                SCENARIO, REPLICATION, case_key,
                key("queue_key", "INTEGER", "Row of `dim_queue`: where its first contact came"), CALENDAR,
                StarColumn("opened_utc", "TIMESTAMP", "time", "When its first contact came, in UTC"),
                StarColumn("opened_local", "TIMESTAMP", "time", "The same by the clock of its market"),
                StarColumn("contacts", "INTEGER", "count", "Its contacts until the run ended"),
                StarColumn("visits", "INTEGER", "count", "Visits of all of these to queues"),
                StarColumn("sessions", "INTEGER", "count", "Their sessions with bots"),
                key("outcome_key", "TINYINT", "Row of `dim_outcome`: how its last visit or session ended"),
                _flag("is_resolved", "1 if a visit or a bot resolved it (it may have been reopened)"),
                _flag("is_first_contact_resolved", "1 if its first contact resolved it and no other came"),
                _flag("is_resolved_24h", "1 if it was first resolved within 24 hours after its first contact came"),
                _flag("is_by_peers", "1 if other customers answered its first contact"),
                _flag("is_by_bot", "1 if a bot solved its first contact, so that no agent was needed"),
                _flag("is_open", "1 if its last visit had not ended when the run ended"),
                StarColumn("resolution_h", "DOUBLE", "h", "From its first contact to the first visit or session that "
                           "resolved it; empty if none did", optional=True),
                _SHARE_OF_HORIZON,
            ),
        ),
        StarTable(
            "fact_visit_by_replication",
            "One row for each visit of a counted contact to a queue (`is_session` 0) and each session with a bot "
            "before it (`is_session` 1), in every replication. `count(*)` counts every replication: "
            "`sum(horizon_weight)` is the expected number.",
            (
                SCENARIO, REPLICATION,
                key("case_key", "BIGINT", "Row of `fact_case_by_replication`; empty if the case began before the "
                    "counted time", optional=True),
                QUEUE, key("pool_key", "INTEGER", "Row of `dim_pool`; empty if nobody answered", optional=True),
                CALENDAR, key("outcome_key", "TINYINT", "Row of `dim_outcome`: how it ended"),
                StarColumn("contact_number", "INTEGER", "index", "Contact of the case, from 0"),
                StarColumn("visit_number", "INTEGER", "index", "Visit of the contact, from 0; -1 is the session with a "
                           "bot before it"),
                StarColumn("joined_utc", "TIMESTAMP", "time", "Joined its queue or was turned away, in UTC"),
                StarColumn("joined_local", "TIMESTAMP", "time", "The same by the clock of its market"),
                StarColumn("local_day_key", "INTEGER", "key", "Row of `dim_day` of `joined_local`"),
                StarColumn("session_s", "DOUBLE", "s", "Time of the session with a bot; empty for a visit",
                           optional=True),
                StarColumn("waited_s", "DOUBLE", "s", "Queue wait; empty if turned away or called back", optional=True),
                StarColumn("talk_s", "DOUBLE", "s", "Talk, hold and hand-over included; empty unless it was handled",
                           optional=True),
                StarColumn("warm_wait_s", "DOUBLE", "s", "Of the talk: the agent stayed until somebody answered; empty "
                           "without a warm transfer", optional=True),
                StarColumn("hand_over_s", "DOUBLE", "s", "Of the talk: hand-over; empty unless it was handled",
                           optional=True),
                StarColumn("wrap_up_s", "DOUBLE", "s", "Wrap-up; empty unless it was handled", optional=True),
                StarColumn("agent_number", "INTEGER", "index", "Number of the agent in the pool; empty if nobody "
                           "answered", optional=True),
                StarColumn("rating_points", "TINYINT", "points", "Rating of its contact, 1 to 5, at the last visit; "
                           "empty if it is not rated", optional=True),
                _flag("is_session", "1 for a session with a bot, 0 for a visit to a queue"),
                _flag("is_callback_offered", "1 if a callback was offered"),
                _flag("is_callback", "1 if the customer accepted a callback"),
                _flag("is_offered", "1 if it joined a queue"),
                _flag("is_answered", "1 if an agent answered it"),
                _flag("is_handled", "1 if it was answered and has ended"),
                _flag("is_delayed", "1 if it found no free agent"),
                _flag("comes_back", "1 if the customer comes back as a new contact"),
                *within, _SHARE_OF_HORIZON,
            ),
        ),
    )  # fmt: skip
