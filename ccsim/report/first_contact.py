"""What first contact resolution was lost to: parts that add up to 100 %."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ccsim.records.outcomes import OF_SESSIONS, OUTCOMES, TOLD_AS
from ccsim.report import charts
from ccsim.report.facts import Facts
from ccsim.report.numbers import percent
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.results.held_tables import select

RESOLVED: Final = "resolved by the first contact with an agent"
NO_SOLUTION: Final = "closed unresolved by the first agent"
LATER: Final = "closed unresolved after an escalation or transfer"
LEFT_LATER: Final = "lost in a queue after an escalation or transfer"
BY_BOT: Final = "ended with a bot, and gave up"
ABANDONED: Final = "abandoned or balked, and gave up"
TURNED_AWAY: Final = "turned away, and gave up"
OTHERWISE: Final = "timed out, cleared or not called back, and gave up"
LOST_TO: Final = (NO_SOLUTION, LATER, LEFT_LATER, BY_BOT, ABANDONED, TURNED_AWAY, OTHERWISE)


def lost_first(facts: Facts) -> dict[str, int]:
    """Cases of `fcr` by what their first contact with an agent came to, all replications together.

    `RESOLVED` and those of `LOST_TO` that occur: together the denominator of `fcr`. Who never reached an agent counts
    once they have given up. Empty where every case was resolved at once.
    """
    if "missed_first" not in facts.tables:
        return {}
    frame = select(facts.tables, "missed_first", ["outcome", "later", "cases"])
    found = dict.fromkeys(LOST_TO, 0)
    for outcome, later, cases in zip(*(frame[name].tolist() for name in frame.columns), strict=True):
        found[_part(OUTCOMES[outcome], later=bool(later))] += cases
    if not any(found.values()):
        return {}
    fcr = facts.kpis["fcr"]
    whole = facts.sums.evaluate(fcr.numerator, fcr, np.zeros(len(facts.sums.queues), dtype=np.int64), 1)
    return {RESOLVED: int(whole.sum())} | {name: count for name, count in found.items() if count}


def _part(outcome: str, *, later: bool) -> str:
    if outcome == "unresolved":
        return LATER if later else NO_SOLUTION
    if later:
        return LEFT_LATER
    if outcome in OF_SESSIONS:
        return BY_BOT
    told = TOLD_AS[outcome]
    return {"abandoned": ABANDONED, "balked": ABANDONED, "turned_away": TURNED_AWAY}.get(told, OTHERWISE)


def first_contact_section(facts: Facts) -> Section:
    """What kept cases from being resolved at first contact."""
    key, title = "fcr", "First contact resolution: what it was lost to"
    found = lost_first(facts)
    if not found:
        return Section(key, title)
    facts.used.add("fcr")
    whole = sum(found.values())
    lost = {name: count for name, count in found.items() if name != RESOLVED}
    most = max(lost, key=lambda name: lost[name])
    text = (
        f"FCR is {percent(found[RESOLVED] / whole)}. Most of the rest was {most}: {percent(lost[most] / whole)} of the "
        "cases."
    )
    replications = facts.replications
    counted = "" if replications == 1 else f" All {replications} replications together."
    note = (
        "The lines add up to 100 %. A case that reached an agent counts by how that contact ended, escalations and "
        "transfers included; one that never did counts once its customer has given up. Cases that a bot or other "
        f"customers solved are not among them.{counted}"
    )
    rows = [_row(name, count, whole) for name, count in found.items()]
    columns = [Column("case", words=True), Column("Cases", "cases"), Column("Share", "%")]
    table = Table("Cases by their first contact", columns, rows, note, total=_row("all", whole, whole))
    shares = [count / whole * 100 for count in lost.values()]
    drawn = charts.signed_bars("fcr", list(lost), shares, "% of the cases", f"{title}. {text}")
    data = pd.DataFrame({"case": list(lost), "cases": list(lost.values()), "share": shares})
    chart = Chart("What FCR was lost to", drawn, "", counted.strip(), data, units={"cases": "cases", "share": "%"})
    return Section(key, title, text, [chart], [table])


def _row(name: str, count: int, whole: int) -> list[Cell]:
    share = count / whole * 100
    return [word(name), Cell(f"{count:,}", value=float(count)), Cell(f"{share:.1f}", value=share)]
