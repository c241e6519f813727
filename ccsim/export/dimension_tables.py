"""Columns of the dimensions of the star schema, and of the tables beside it."""

from __future__ import annotations

from typing import Final

from ccsim.export.columns import SCENARIO, StarColumn, StarTable, key


def _name(name: str, meaning: str) -> StarColumn:
    return StarColumn(name, "VARCHAR", "name", meaning)


def _time(name: str, meaning: str) -> StarColumn:
    return StarColumn(name, "TIMESTAMP", "time", meaning)


def _number(name: str, kind: str, unit: str, meaning: str, *, optional: bool = False) -> StarColumn:
    return StarColumn(name, kind, unit, meaning, optional=optional)


_DAY_PARTS: Final = (
    _number("day_date", "DATE", "date", "Date"),
    _number("week_start", "DATE", "date", "Monday of its week"),
    _number("iso_year", "INTEGER", "number", "Year of its ISO week"),
    _number("iso_week", "INTEGER", "number", "ISO week, from 1"),
    _number("month_start", "DATE", "date", "First day of its month"),
    _number("year_number", "INTEGER", "number", "Year"),
    _number("quarter_number", "INTEGER", "number", "Quarter, from 1"),
    _number("month_number", "INTEGER", "number", "Month, from 1"),
    _name("month_name", "Month in English: `March`"),
    _number("weekday_number", "INTEGER", "number", "Day of the week: 1 is Monday, 7 is Sunday"),
    _name("weekday_name", "Day of the week in English: `Monday`"),
    _number("is_weekend", "TINYINT", "0/1", "1 on Saturdays and Sundays"),
)

_PARTS: Final = (
    _name("workflow_name", "Workflow"),
    _name("market_name", "Market; of a flow `several` where it holds more than one"),
    _name("segment_name", "Segment; likewise"),
    _name("severity_name", "Severity; likewise"),
    _name("channel_name", "Channel"),
    _name("language_name", "Language; likewise"),
    _name("cause_name", "Cause; likewise"),
    _name("region_name", "Region of the market; likewise"),
    _name("tier_name", "Tier"),
    _name("bot_name", "Bot that contacts meet before they join; `none` without"),
    _name("work_kind", "live or deferred"),
    _name("time_zone", "Clock of its market (IANA); the scenario's where there is none, or more than one"),
    _number("has_deadline", "TINYINT", "0/1", "1 if it is deferred work with a deadline"),
)

DIMENSIONS: Final = (
    StarTable(
        "dim_scenario",
        "One row for each scenario: the run, or the base and the variants of a comparison. Facts of alternatives must "
        "not be added up: choose one, or group by it.",
        (
            key("scenario_key", "INTEGER", "Number of the scenario, from 0: the run, or the base"),
            _name("scenario_name", "Scenario with its variants"),
            _name("scenario_title", "Its title"),
            _number("is_base", "TINYINT", "0/1", "1 for the run or the base, 0 for a variant"),
            _name("change_text", "How a variant differs from the base"),
            _name("run_digest", "Digest of the run's tables"),
            _name("scenario_digest", "SHA-256 of the scenario as it was simulated"),
            _number("random_seed", "BIGINT", "number", "Seed of all random numbers", optional=True),
            _number("replications_number", "INTEGER", "count", "Replications that means are made of"),
            _name("currency_code", "Currency of all money (ISO 4217)"),
            _name("time_zone", "The scenario's clock (IANA)"),
            _time("counted_from_utc", "Begin of the counted time, in UTC"),
            _time("counted_until_utc", "End of the counted time, in UTC"),
            _time("counted_from_local", "Begin of the counted time, by the scenario's clock"),
            _time("counted_until_local", "End of the counted time, by the scenario's clock"),
            _number("counted_h", "DOUBLE", "h", "Length of the counted time"),
            _number("midnights_number", "INTEGER", "count", "Midnights at which the backlog is counted"),
            _number("interval_min", "DOUBLE", "min", "Length of a report interval"),
            _name("service_level_rule", "Rule of the service level"),
            _number("short_abandon_s", "DOUBLE", "s", "An abandon within this is short"),
            _name("ccsim_version", "Version that simulated it"),
            _name("recorded_utc", "When it was simulated (ISO 8601)"),
            _name("facts_schema", "Schema of its facts in a DuckDB file, else their folder; `main`: beside this table"),
        ),
    ),
    StarTable(
        "dim_calendar",
        "One row for each report interval, without gaps, from the end of the warm-up to the last in any fact.",
        (
            key("calendar_key", "INTEGER", "Report interval since the end of the warm-up, from 0"),
            _time("start_utc", "Start of the interval, in UTC"),
            _time("end_utc", "End of the interval, in UTC"),
            _time("start_local", "Start by the scenario's clock"),
            _number("utc_offset_min", "INTEGER", "min", "The scenario's clock less UTC"),
            key("day_key", "INTEGER", "Row of `dim_day` of `start_local`"),
            *_DAY_PARTS,
            _number("hour_number", "INTEGER", "h", "Hour of the day by the scenario's clock, from 0 to 23"),
            _name("clock_time", "Time of the day by the scenario's clock: `09:30`"),
            _number("is_counted", "TINYINT", "0/1", "1 in the counted time, 0 after it"),
        ),
    ),
    StarTable(
        "dim_day",
        "One row for each day, without gaps: of the scenario's clock and of every local one.",
        (
            key("day_key", "INTEGER", "The date as a number: 20260302"),
            *_DAY_PARTS,
            _number("counted_h", "DOUBLE", "h", "Counted time of the day, by the scenario's clock"),
            _number("is_backlog_counted", "TINYINT", "0/1", "1 if the backlog is counted at the midnight with which it "
                    "begins"),
            _name("holiday_calendars", "Holiday calendars of the scenario with a public holiday on it, joined by +; "
                  "empty without"),
        ),
    ),
    StarTable(
        "dim_queue",
        "One row for each queue.",
        (
            key("queue_key", "INTEGER", "Number of the queue, from 0"),
            _name("queue_name", "Stream and tier"),
            key("flow_key", "INTEGER", "Row of `dim_flow`"),
            _name("stream_name", "Stream"),
            _name("volume_name", "Volume that the stream is a part of"),
            *_PARTS,
        ),
    ),
    StarTable(
        "dim_flow",
        "One row for each flow: the queues of one volume, workflow, channel and tier. Facts by interval and day are "
        "kept by flow.",
        (
            key("flow_key", "INTEGER", "Number of the flow, from 0"),
            _name("flow_name", "Volume, channel and tier"),
            _name("volume_name", "Volume"),
            *_PARTS,
        ),
    ),
    StarTable(
        "dim_pool",
        "One row for each pool; a pool that a variant changes has a row of its own with the same name.",
        (
            key("pool_key", "INTEGER", "Number of the pool, from 0"),
            _name("pool_name", "Pool"),
            _name("tier_names", "Tiers, joined by +"),
            key("site_key", "INTEGER", "Row of `dim_site`"),
            _name("site_name", "Site; `none` without"),
            key("vendor_key", "INTEGER", "Row of `dim_vendor`"),
            _name("vendor_name", "Vendor; `none` without"),
            _name("vendor_kind", "in_house, bpo, or `none`"),
            _name("region_name", "Region of the site; `none` without"),
            _name("language_names", "Languages, joined by +; `any` where it speaks all"),
            _name("time_zone", "Clock of its site (IANA); the scenario's without"),
            _number("headcount", "INTEGER", "people", "People employed; most agents of the staffing where none is "
                    "given"),
        ),
    ),
    StarTable(
        "dim_site",
        "One row for each site, and one named `none` for pools without.",
        (
            key("site_key", "INTEGER", "Number of the site, from 0"),
            _name("site_name", "Site"),
            _name("region_name", "Region"),
            _name("time_zone", "Clock (IANA); the scenario's for `none`"),
            _name("holiday_calendar", "Calendar of public holidays; empty without"),
        ),
    ),
    StarTable(
        "dim_vendor",
        "One row for each vendor, and one named `none` for pools without.",
        (
            key("vendor_key", "INTEGER", "Number of the vendor, from 0"),
            _name("vendor_name", "Vendor"),
            _name("vendor_kind", "in_house, bpo, or `none`"),
        ),
    ),
    StarTable(
        "dim_outcome",
        "How a visit may end.",
        (
            key("outcome_key", "TINYINT", "Code of the outcome"),
            _name("outcome_name", "Outcome"),
            _name("outcome_meaning", "What it means"),
            _name("outcome_group", "Under which outcome pages count it"),
        ),
    ),
    StarTable(
        "dim_price",
        "Lines of the rate cards as the scenario has them.",
        (
            key("price_key", "INTEGER", "Number of the line, from 0"),
            SCENARIO,
            key("vendor_key", "INTEGER", "Row of `dim_vendor`; empty where it is of none", optional=True),
            key("pool_key", "INTEGER", "Row of `dim_pool`; empty where it is of none", optional=True),
            _name("price_line", "What is priced: `paid hour`, `premium: night`, ..."),
            _name("applies_when", "Hours in the site's local time, or which visits; empty: always"),
            _number("price_value", "DOUBLE", "see price_unit", "The price, in `price_unit`"),
            _name("price_unit", "`money per paid hour`, `money per agent hour`, `share of the price`, "
                  "`money per visit`, `h per week`, `min`"),
        ),
    ),
    StarTable(
        "dim_shrinkage_cause",
        "Causes of time away.",
        (
            key("shrinkage_cause_key", "INTEGER", "Number of the cause, from 0"),
            _name("shrinkage_cause_name", "break, absence, leave, training, ..."),
        ),
    ),
    StarTable(
        "dim_surge",
        "Surges after which service is to be restored (`surges.X.restored`).",
        (
            key("surge_key", "INTEGER", "Number of the surge, from 0"),
            _name("surge_name", "Surge"),
            _name("restored_when", "When service counts as restored"),
            _number("target_h", "DOUBLE", "h", "Time in which it is to be restored; empty without one", optional=True),
        ),
    ),
    StarTable(
        "dim_age_band",
        "Ages of deferred work: time since it joined its queue.",
        (
            key("age_band_key", "INTEGER", "Number of the band, from 0"),
            _name("age_band_name", "From and to"),
            _number("from_h", "INTEGER", "h", "Least age"),
            _number("until_h", "INTEGER", "h", "Age at which the next band begins; empty for the last", optional=True),
        ),
    ),
    StarTable(
        "dim_wait_bin",
        "Bins of waits, at most 0.8 % wide; those that occur.",
        (
            key("wait_bin_key", "INTEGER", "Number of the bin, from 0"),
            _number("from_s", "DOUBLE", "s", "Shortest wait"),
            _number("until_s", "DOUBLE", "s", "Wait at which the next bin begins"),
        ),
    ),
)  # fmt: skip

ESTIMATE: Final = StarTable(
    "kpi_estimate",
    "Every KPI of ccsim with its interval, for every part: ratios, which cannot be added up.",
    (
        SCENARIO,
        StarColumn("kpi_name", "VARCHAR", "name", "KPI, see the KPI reference", key=True),
        StarColumn("split_by", "VARCHAR", "name", "all, or channel, market, site, vendor, ...", key=True),
        StarColumn("part_name", "VARCHAR", "name", "Which of them; `all` for everything", key=True),
        StarColumn("threshold_s", "DOUBLE", "s", "Threshold of a service level; empty for other KPIs", key=True,
                   optional=True),
        _number("kpi_value", "DOUBLE", "see kpi_unit", "Estimate; empty where there is none", optional=True),
        _number("low_value", "DOUBLE", "see kpi_unit", "Lower end of the 95 % interval", optional=True),
        _number("high_value", "DOUBLE", "see kpi_unit", "Upper end of this interval", optional=True),
        _name("kpi_unit", "Unit; `share` is from 0 to 1"),
        _name("note_text", "Why a value or its interval is missing, or what was left out; empty otherwise"),
    ),
)  # fmt: skip

DIFFERENCE: Final = StarTable(
    "kpi_difference",
    "Every KPI of every variant against the base, of a comparison.",
    (
        key("scenario_key", "INTEGER", "Row of `dim_scenario`: the variant"),
        *ESTIMATE.columns[1:5],
        _number("base_value", "DOUBLE", "see kpi_unit", "Value of the base", optional=True),
        _number("kpi_value", "DOUBLE", "see kpi_unit", "Value of the variant", optional=True),
        _number("difference_value", "DOUBLE", "see kpi_unit", "The variant less the base", optional=True),
        _number("low_value", "DOUBLE", "see kpi_unit", "Lower end of the difference's interval", optional=True),
        _number("high_value", "DOUBLE", "see kpi_unit", "Upper end of this interval", optional=True),
        _name("verdict_name", "higher, lower, equal, not decided, or missing"),
        _name("better_or_worse", "Whether a decided difference is better or worse; empty where neither is"),
        _name("kpi_unit", "Unit; `share` is from 0 to 1"),
    ),
)  # fmt: skip

ABOUT: Final = StarTable(
    "about_columns",
    "Every column of every table and view, with its unit and meaning.",
    (
        StarColumn("table_name", "VARCHAR", "name", "Table or view", key=True),
        StarColumn("column_name", "VARCHAR", "name", "Column", key=True),
        _name("sql_type", "Type"),
        _name("unit_name", "Unit"),
        _name("meaning_text", "Meaning"),
    ),
)
