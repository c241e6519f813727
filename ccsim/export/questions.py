"""Views for questions that are not KPIs by a part: months of vendors, backlog, first contact resolution."""

from __future__ import annotations

from typing import Final

from ccsim.export.columns import View, plain_name
from ccsim.records.tables import threshold_label

SAID: Final[dict[str, tuple[str, str]]] = {
    "scenario_key": ("key", "Row of `dim_scenario`"),
    "scenario_name": ("name", "Scenario with its variants"),
    "day_date": ("date", "Day of the scenario's clock"),
    "month_start": ("date", "First day of the month, by the clock of the pool's site; of a scorecard by the market's"),
    "week_start": ("date", "Monday of the week, by the market's clock"),
    "vendor_name": ("name", "Vendor"),
    "site_name": ("name", "Site"),
    "channel_name": ("name", "Channel"),
    "market_name": ("name", "Market"),
    "hour_number": ("h", "Hour of the day by the market's clock"),
    "start_utc": ("time", "Start of the interval, in UTC"),
    "local_start": ("time", "Start of the interval, by the clock of the site"),
    "productive_h_mean": ("h", "Agent time signed in"),
    "night_h_mean": ("h", "Of these, in intervals that begin from 22:00 to 06:00 by the clock of the site"),
    "paid_h_mean": ("h", "Paid time"),
    "rated_h_mean": ("h", "Paid time with premiums"),
    "hours_cost_mean": ("money", "Paid hours with premiums times their price"),
    "minimum_cost_mean": ("money", "What is missing to the vendor's minimum of hours, spread evenly over the time"),
    "translation_cost_mean": ("money", "Price of translated visits"),
    "bot_cost_mean": ("money", "Price of bots; they are paid by no vendor (`none`)"),
    "paid_cost_mean": ("money", "The four together"),
    "signed_in_h_mean": ("h", "Agent time signed in"),
    "in_hand_h_mean": ("h", "Agent time with at least one active contact"),
    "agents_mean": ("agents", "Agents signed in, on average over the interval"),
    "agents_required_mean": ("agents", "Agents that the expected demand requires; empty if nothing was planned"),
    "occupancy_share": ("share", "Time in hand over time signed in; empty if nobody was"),
    "waiting_mean": ("count", "Deferred visits that wait at the midnight with which the day begins"),
    "waiting_over_24h_mean": ("count", "Of these, those that joined their queue 24 hours ago or earlier"),
    "offered_mean": ("count", "Visits that joined a queue"),
    "abandoned_mean": ("count", "Visits whose customer left the queue"),
    "abandonment_share": ("share", "Abandoned over offered less those still waiting when the run ended"),
    "answered_mean": ("count", "Visits answered"),
    "handled_mean": ("count", "Answered visits that have ended"),
    "answered_at_once_share": ("share", "Answered without waiting over answered"),
    "handle_time_s": ("s", "Talk and wrap-up of answered visits that have ended, over answered"),
    "aht_s": ("s", "Talk and wrap-up over handled visits"),
    "asa_s": ("s", "Wait over answered visits"),
    "resolved_share": ("share", "Visits that resolved the case over handled"),
    "comes_back_share": ("share", "Visits after which the customer comes back over answered"),
    "cases_mean": ("count", "Cases that began in the counted time, but for those that other customers or a bot solved"),
    "first_contact_resolution_share": ("share", "Cases resolved by the first contact, without another, over cases"),
    "resolved_24h_share": ("share", "Cases resolved within 24 hours over cases"),
    "open_share": ("share", "Cases that were still open when the run ended over cases"),
    "contacts_per_case_ratio": ("ratio", "Contacts over cases"),
}

_SCENARIO: Final = "s.scenario_key, s.scenario_name"

_VENDOR_MONTH: Final = f"""
    SELECT {_SCENARIO}, p.vendor_name, date_trunc('month', f.local_start)::DATE AS month_start,
           sum(f.signed_in_h_mean) AS productive_h_mean,
           sum(CASE WHEN hour(f.local_start) >= 22 OR hour(f.local_start) < 6 THEN f.signed_in_h_mean ELSE 0 END)
               AS night_h_mean,
           sum(f.paid_h_mean) AS paid_h_mean, sum(f.rated_h_mean) AS rated_h_mean,
           sum(f.hours_cost_mean) AS hours_cost_mean, sum(f.minimum_cost_mean) AS minimum_cost_mean,
           sum(f.translation_cost_mean) AS translation_cost_mean, sum(f.bot_cost_mean) AS bot_cost_mean,
           sum(f.paid_cost_mean) AS paid_cost_mean
    FROM fact_pool_interval f JOIN dim_scenario s USING (scenario_key) JOIN dim_pool p USING (pool_key)
    GROUP BY ALL ORDER BY ALL
"""

_COST_BY_VENDOR_DAY: Final = f"""
    SELECT {_SCENARIO}, p.vendor_name, t.day_date, sum(f.paid_h_mean) AS paid_h_mean,
           sum(f.hours_cost_mean) AS hours_cost_mean, sum(f.minimum_cost_mean) AS minimum_cost_mean,
           sum(f.translation_cost_mean) AS translation_cost_mean, sum(f.bot_cost_mean) AS bot_cost_mean,
           sum(f.paid_cost_mean) AS paid_cost_mean
    FROM fact_pool_day f JOIN dim_scenario s USING (scenario_key) JOIN dim_pool p USING (pool_key)
    JOIN dim_day t USING (day_key)
    GROUP BY ALL ORDER BY ALL
"""

_OCCUPANCY: Final = f"""
    SELECT {_SCENARIO}, p.site_name, c.start_utc, f.local_start,
           sum(f.signed_in_h_mean) AS signed_in_h_mean, sum(f.in_hand_h_mean) AS in_hand_h_mean,
           sum(f.signed_in_h_mean) * 60 / any_value(s.interval_min) AS agents_mean,
           sum(f.required_h_mean) * 60 / any_value(s.interval_min) AS agents_required_mean,
           sum(f.in_hand_h_mean) / nullif(sum(f.signed_in_h_mean), 0) AS occupancy_share
    FROM fact_pool_interval f JOIN dim_scenario s USING (scenario_key) JOIN dim_pool p USING (pool_key)
    JOIN dim_calendar c USING (calendar_key)
    GROUP BY ALL ORDER BY ALL
"""

_BACKLOG: Final = f"""
    SELECT {_SCENARIO}, t.day_date, d.channel_name,
           coalesce(sum(f.waiting_mean), 0) AS waiting_mean,
           coalesce(sum(CASE WHEN a.from_h >= 24 THEN f.waiting_mean END), 0) AS waiting_over_24h_mean
    FROM dim_scenario s CROSS JOIN (SELECT day_key, day_date FROM dim_day WHERE is_backlog_counted = 1) t
    CROSS JOIN (SELECT flow_key, channel_name FROM dim_flow WHERE work_kind = 'deferred') d
    LEFT JOIN fact_backlog_midnight f
        ON f.scenario_key = s.scenario_key AND f.day_key = t.day_key AND f.flow_key = d.flow_key
    LEFT JOIN dim_age_band a USING (age_band_key)
    GROUP BY ALL ORDER BY ALL
"""

_BACKLOG_BY_CHANNEL: Final = """
    SELECT scenario_key, scenario_name, channel_name, avg(waiting_mean) AS waiting_mean,
           avg(waiting_over_24h_mean) AS waiting_over_24h_mean
    FROM backlog_by_day GROUP BY ALL ORDER BY ALL
"""

_ABANDONMENT: Final = f"""
    SELECT {_SCENARIO}, d.market_name, hour(f.local_start)::INTEGER AS hour_number,
           sum(f.offered_mean) AS offered_mean, sum(f.abandoned_mean) AS abandoned_mean,
           sum(f.abandoned_mean) / nullif(sum(f.offered_mean) - sum(f.open_waiting_mean), 0) AS abandonment_share
    FROM fact_flow_interval f JOIN dim_scenario s USING (scenario_key) JOIN dim_flow d USING (flow_key)
    WHERE d.work_kind = 'live'
    GROUP BY ALL ORDER BY ALL
"""

_ABANDONMENT_OF_VISITS: Final = f"""
    SELECT {_SCENARIO}, d.market_name, hour(v.joined_local)::INTEGER AS hour_number,
           sum(v.horizon_weight * v.is_offered) AS offered_mean,
           sum(CASE WHEN o.outcome_name = 'abandoned' THEN v.horizon_weight ELSE 0 END) AS abandoned_mean,
           sum(CASE WHEN o.outcome_name = 'abandoned' THEN 1 ELSE 0 END)
               / nullif(sum(CASE WHEN o.outcome_name <> 'open_waiting' THEN v.is_offered ELSE 0 END), 0)
               AS abandonment_share
    FROM fact_visit_by_replication v JOIN dim_scenario s USING (scenario_key) JOIN dim_queue d USING (queue_key)
    JOIN dim_outcome o USING (outcome_key)
    WHERE d.work_kind = 'live' AND v.is_session = 0
    GROUP BY ALL ORDER BY ALL
"""

_HANDLED: Final = f"""
    SELECT {_SCENARIO}, p.vendor_name, q.channel_name, sum(f.answered_mean) AS answered_mean,
           sum(f.answered_at_once_mean) / nullif(sum(f.answered_mean), 0) AS answered_at_once_share,
           (sum(f.talk_h_mean) + sum(f.wrap_up_h_mean)) * 3600 / nullif(sum(f.answered_mean), 0) AS handle_time_s
    FROM fact_route_total f JOIN dim_scenario s USING (scenario_key) JOIN dim_queue q USING (queue_key)
    JOIN dim_pool p USING (pool_key)
    GROUP BY ALL ORDER BY ALL
"""

_RESOLUTION: Final = f"""
    SELECT {_SCENARIO}, q.channel_name, sum(c.horizon_weight) AS cases_mean,
           avg(c.is_first_contact_resolved) AS first_contact_resolution_share,
           avg(c.is_resolved_24h) AS resolved_24h_share, avg(c.is_open) AS open_share,
           avg(c.contacts) AS contacts_per_case_ratio
    FROM fact_case_by_replication c JOIN dim_scenario s USING (scenario_key) JOIN dim_queue q USING (queue_key)
    WHERE c.is_by_peers = 0 AND c.is_by_bot = 0
    GROUP BY ALL ORDER BY ALL
"""


_SCORECARDS: Final = {
    "channel": ("q.channel_name", "Scorecard by vendor and channel, of answered visits; of the run's visits."),
    "week": ("date_trunc('week', v.joined_local)::DATE AS week_start",
             "The same by week of the market's clock, from Monday, in which the visit joined its queue."),
    "month": ("date_trunc('month', v.joined_local)::DATE AS month_start", "The same by month: a partner's scorecard."),
}  # fmt: skip
"""What scorecards of vendors are split by, and what they are of."""


def _scorecard(thresholds: tuple[int, ...], by: str) -> View:
    column, about = _SCORECARDS[by]
    labels = [threshold_label(threshold) for threshold in thresholds]
    names = [f"answered_within_{plain_name(label)}" for label in labels]
    within = "".join(f"avg(v.{name}) AS {name}_share, " for name in names)
    said = {f"{name}_share": ("share", f"Answered with a wait <= {label} over answered")
            for name, label in zip(names, labels, strict=True)}  # fmt: skip
    sql = f"""
    SELECT {_SCENARIO}, p.vendor_name, {column}, sum(v.horizon_weight) AS answered_mean,
           sum(v.horizon_weight * v.is_handled) AS handled_mean, avg(v.waited_s) AS asa_s,
           avg(v.talk_s + v.wrap_up_s) AS aht_s, {within}
           avg(CASE WHEN v.is_handled = 1 THEN (o.outcome_name = 'resolved')::TINYINT END) AS resolved_share,
           avg(v.comes_back) AS comes_back_share
    FROM fact_visit_by_replication v JOIN dim_scenario s USING (scenario_key) JOIN dim_queue q USING (queue_key)
    JOIN dim_pool p USING (pool_key) JOIN dim_outcome o USING (outcome_key)
    WHERE v.is_answered = 1
    GROUP BY ALL ORDER BY ALL
    """
    return View(f"scorecard_by_vendor_{by}", about, sql, SAID | said)


def questions(thresholds: tuple[int, ...], *, with_visits: bool) -> list[View]:
    """The views, some of them only with visits; thresholds in microseconds."""
    by_hour = (
        ("Abandonment of live work by market and hour of its day; of the run's visits.", _ABANDONMENT_OF_VISITS)
        if with_visits
        else ("Abandonment of live work by market and hour of its day. Flows of several markets are in a row "
              "`several`, by the scenario's clock unless all have the same: a run with visits tells them apart.",
              _ABANDONMENT)
    )  # fmt: skip
    made = [
        View("vendor_month", "A vendor's months: productive, night and paid hours, and what they cost.", _VENDOR_MONTH,
             SAID),
        View("cost_by_vendor_day", "What vendors are paid, by day.", _COST_BY_VENDOR_DAY, SAID),
        View("occupancy_by_site_interval", "Agents and occupancy by site and report interval.", _OCCUPANCY, SAID),
        View("backlog_by_day", "Deferred work that waits at midnight, by day and channel. Never add it over days.",
             _BACKLOG, SAID),
        View("backlog_by_channel", "Deferred work that waits at midnight, by channel, on average over the midnights.",
             _BACKLOG_BY_CHANNEL, SAID),
        View("abandonment_by_market_hour", *by_hour, SAID),
        View("handled_by_vendor_channel", "Who answered what: visits and handle time by vendor and channel.", _HANDLED,
             SAID),
    ]  # fmt: skip
    if with_visits:
        made += [
            View("resolution_by_first_channel",
                 "First contact resolution and resolution within 24 hours, by the channel of the first contact.",
                 _RESOLUTION, SAID),
            *(_scorecard(thresholds, by) for by in _SCORECARDS),
        ]  # fmt: skip
    return made
