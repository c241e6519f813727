"""KPIs of sessions with bots."""

from __future__ import annotations

from typing import Final

from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import ShownIn

_SESSIONS: Final = "sessions - open_in_session"
_CONTAINED: Final = "contained + falsely_contained"
_SECONDS: Final = 1e-6
_PER_DAY: Final = 86_400e6

BOTS: Final = (
    Kpi("sessions_per_day", "Bot sessions a day", "contacts/day", "sessions", "length",
        "Sessions with a bot per 24 h of the counted time", "neither", scale=_PER_DAY, listed="if any",
        shown=("key figures", "by period", ShownIn("bots", "Sessions"))),
    Kpi("met_bot", "Met a bot", "share", "sessions", "arrived",
        "Share of contacts from customers that had a session with a bot", "neither", listed="if any",
        shown=("key figures",)),
    Kpi("containment", "Containment", "share", _CONTAINED, _SESSIONS,
        "Share of sessions that the bot ended by itself, as bots report it: falsely contained ones are among them",
        "neither", listed="if any",
        shown=("by period", "main KPIs", "key figures", "contacts", "workbook of contacts", "bots")),
    Kpi("containment_24h", "Containment without return in 24 h", "share",
        f"{_CONTAINED} - false_followed_24h", _SESSIONS,
        "Share of sessions that the bot ended by itself and that no contact of the case follows within 24 h of their "
        "end", "higher", listed="if any", shown=("key figures",)),
    Kpi("containment_7d", "Containment without return in 7 days", "share",
        f"{_CONTAINED} - false_followed_7d", _SESSIONS,
        "Share of sessions that the bot ended by itself and that no contact of the case follows within 7 days of "
        "their end", "higher", listed="if any",
        shown=("main KPIs", "key figures", "workbook of contacts", ShownIn("bots", "Without return in 7 days"))),
    Kpi("containment_true", "True containment", "share", "contained", _SESSIONS,
        "Share of sessions that solved the customer's issue, whether or not the others come back", "higher",
        listed="if any", shown=("key figures", "workbook of contacts", "bots")),
    Kpi("false_containment", "Falsely contained", "share", "falsely_contained", _CONTAINED,
        "Share of contained sessions after which the customer still needs help", "lower", listed="if any",
        shown=("key figures", "workbook of contacts")),
    Kpi("handed_off", "Handed off", "share", "handed_off", _SESSIONS,
        "Share of sessions that were handed off to agents", "lower", listed="if any",
        shown=("key figures", "workbook of contacts", "bots")),
    Kpi("left_bot", "Left in the bot", "share", "left_bot", _SESSIONS,
        "Share of sessions in which the customer gave up and left", "lower", listed="if any",
        shown=("key figures", "workbook of contacts", "bots")),
    Kpi("sessions_full", "All sessions taken", "share", "sessions_full", "sessions + sessions_full",
        "Share of contacts for a bot that found all its sessions taken", "lower", listed="if any",
        shown=("key figures", "bots")),
    Kpi("session_time", "Session time", "s", "session_us", _SESSIONS,
        "Average time of a session with a bot", "neither", scale=_SECONDS, listed="if any",
        shown=("key figures", "bots")),
    Kpi("sessions_in_progress", "Sessions in progress", "contacts", "in_session_us", "length",
        "Sessions with a bot in progress, on average over the counted time", "neither", listed="if any",
        shown=("key figures",)),
    Kpi("deflection", "Deflection", "share", "contained + by_peers + deflected", "arrived + deflected",
        "Share of contacts from customers that no agent was needed for: avoided by articles and messages, or solved by "
        "a bot or other customers", "higher", listed="if any", shown=("key figures",)),
    Kpi("deflected_per_day", "Avoided contacts a day", "contacts/day", "deflected", "length",
        "New cases per 24 h of the counted time whose customers did not get in touch, as an article or a proactive "
        "message had spared them that", "neither", scale=_PER_DAY, listed="if any",
        shown=("main KPIs", "key figures")),
    Kpi("cost_per_session", "Cost per session", "money/contact", "bot_cost", _SESSIONS,
        "What a bot costs per session that has ended", "lower", listed="if any", shown=("key figures", "bots")),
    Kpi("cost_per_true_resolution", "Cost per true resolution", "money/case", "bot_cost", "contained",
        "What a bot costs per session that solved the customer's issue; falsely contained ones are paid and count for "
        "nothing", "lower", listed="if any", shown=("key figures", "bots")),
)  # fmt: skip
