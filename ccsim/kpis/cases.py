"""KPIs of cases: what became of them, counted where their first contact arrived."""

from __future__ import annotations

from typing import Final

from ccsim.kpis.kpi import Kpi
from ccsim.kpis.places import ShownIn

_CASES: Final = "arrived - repeated"
_PER_DAY: Final = 86_400e6
ENDED_CASES: Final = f"{_CASES} - cases_open"
"""Cases that have ended."""

CASES: Final = (
    Kpi("fcr", "FCR", "share",
        f"{_CASES} - cases_without_agent - cases_unanswered - cases_missed_first",
        f"{_CASES} - cases_without_agent - cases_unanswered",
        "First contact resolution: share of cases that were resolved by their first contact with an agent, the tiers "
        "and workflows that it went through included, also if they were reopened later. Cases that a bot or other "
        "customers resolved before any agent answered do not count; those that ended without any answer count as not "
        "resolved. By vendor, site and pool: of the cases whose first contact with an agent it answered first",
        "higher",
        by_answerer=True, first_answered=("cases - cases_missed_first", "cases"),
        shown=("by period", "key figures", "contacts", "workbook of contacts", ShownIn("agents", after="resolved"),
               ShownIn("workbook of agents", after="resolved"))),
    Kpi("fcr_measured", "FCR, measured", "share",
        f"{_CASES} - first_contacts_open - followed", f"{_CASES} - first_contacts_open",
        "First contact resolution as a telephone system can measure it: share of first contacts that no further "
        "contact of the case follows within `cases.repeat_window` (7 days unless said otherwise) of their end; who "
        "gives up counts as resolved. By vendor, site and pool: of the first contacts that it answered first", "higher",
        by_answerer=True, first_answered=("first_contacts - followed", "first_contacts"),
        shown=("key figures", "workbook of contacts", ShownIn("workbook of agents", after="fcr"))),
    Kpi("flr", "FLR", "share",
        f"{ENDED_CASES} - cases_given_up - cases_resolved_elsewhere", f"{ENDED_CASES} - cases_without_agent",
        "First level resolution: share of ended cases that the first tier resolved, with the first or a later "
        "contact; the contact that ended the case decides. Cases that a bot or other customers resolved before any "
        "agent answered do not count; those that a bot or other customers resolved after an agent had answered count "
        "as not resolved by the first tier", "higher",
        shown=("key figures", "workbook of contacts")),
    Kpi("case_resolution", "Cases resolved", "share",
        f"{ENDED_CASES} - cases_given_up", ENDED_CASES,
        "Share of ended cases that were resolved by their last contact: by an agent, a bot or other customers",
        "higher",
        shown=("key figures", "workbook of contacts")),
    Kpi("given_up_per_day", "Cases given up a day", "cases/day", "cases_given_up", "length",
        "Cases that ended unresolved, whose customer does not contact the centre again, per 24 h of the counted time; "
        "they are lost for good", "lower", scale=_PER_DAY, listed="if known",
        shown=("by period", "key figures", "workbook of contacts")),
    Kpi("resolved_in_time", "Cases resolved in time", "share",
        f"{ENDED_CASES} - cases_given_up - cases_late", f"{_CASES} - cases_young",
        "Share of cases that were resolved within `cases.resolved_within` (24 h unless said otherwise) of the arrival "
        "of their first contact. Cases that were open for less than that when the run ended do not count", "higher",
        shown=("by period", "key figures", "contacts", "workbook of contacts")),
    Kpi("contacts_per_case", "Contacts per case", "contacts/case", f"{_CASES} + further_contacts", _CASES,
        "Contacts of a case, the first and all that follow, by whatever channel they came", "lower",
        shown=("key figures", "workbook of contacts")),
    Kpi("stopped_by_cap", "Returns stopped", "share", "cases_stopped", ENDED_CASES,
        "Share of ended cases whose customer would have come back once more, had the cap (`attempts`) let them",
        "neither", listed="if any", shown=("key figures",)),
    Kpi("time_to_resolution", "Time to resolution", "s",
        "resolution_ms", f"{ENDED_CASES} - cases_given_up",
        "Average time from the arrival of the first contact of a case to the end of talk of the one that resolved it",
        "lower", scale=1e-3, shown=("key figures", "workbook of contacts")),
    Kpi("reopen_rate", "Reopened", "share", "reopened", "resolved",
        "Share of handled visits that resolved the case and after which the customer came back all the same", "lower",
        listed="if any", shown=("key figures", "workbook of contacts")),
)  # fmt: skip
