"""How much of the demand was caused by the service: contacts that are not the first of their case, by reason."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from ccsim.records.outcomes import RETURN_REASONS
from ccsim.report import charts
from ccsim.report.facts import Facts
from ccsim.report.numbers import percent
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.results.held_tables import select

FIRST: Final = "the first contact of a case"
TOLD: Final = {
    "after_unresolved": "after an end without a solution",
    "after_abandon": "after they abandoned or balked",
    "after_contained": "after false containment by a bot",
    "after_blocked": "after they were blocked",
    "after_closed": "after they found it closed, or were cleared",
    "after_resolved": "after a resolved end (reopened)",
}
"""Reasons to return in words, those that better service would spare first."""


def returns_by_reason(facts: Facts) -> dict[str, int]:
    """Counted contacts by why they came, `FIRST` and the names of reasons, all replications together.

    They add up to the contacts from customers. Empty where nobody came back.
    """
    if "repeats" not in facts.tables:
        return {}
    frame = select(facts.tables, "repeats", ["reason", "repeated"])
    counts = np.bincount(frame["reason"].to_numpy(), frame["repeated"].to_numpy(), len(RETURN_REASONS)).astype(int)
    if not counts.any():
        return {}
    found = dict(zip(RETURN_REASONS, counts.tolist(), strict=True))
    arrived = int(facts.sums.matrix("queue_sums", "arrived").sum())
    return {FIRST: arrived - int(counts.sum())} | {name: found[name] for name in TOLD if found[name]}


def loop_section(facts: Facts) -> Section:
    """What service yesterday made customers do today."""
    key, title = "loop", "Contacts that service caused"
    found = returns_by_reason(facts)
    if not found:
        return Section(key, title)
    whole = sum(found.values())
    caused = {TOLD[name]: count for name, count in found.items() if name != FIRST}
    shares = {name: count / whole * 100 for name, count in caused.items()}
    most = max(caused, key=lambda name: caused[name])
    facts.used.add("repeat_rate")
    text = (
        f"{percent(sum(caused.values()) / whole)} of the contacts from customers were returns: the customer had "
        f"contacted the centre before. Most came {most} ({percent(caused[most] / whole)})."
    )
    replications = facts.replications
    counted = "" if replications == 1 else f" All {replications} replications together."
    note = f"A return counts when it arrives, on the channel by which it comes.{counted}"
    rows = [_row(TOLD.get(name, name), count, whole) for name, count in found.items()]
    columns = [Column("contact", words=True), Column("Contacts", "contacts"), Column("Share", "%")]
    table = Table("Contacts from customers, by why they came", columns, rows, note, total=_row("all", whole, whole))
    unit = "% of the contacts from customers"
    drawn = charts.signed_bars("loop", list(shares), list(shares.values()), unit, f"{title}. {text}")
    data = pd.DataFrame({"reason": list(caused), "contacts": list(caused.values()), "share": list(shares.values())})
    chart = Chart("Returns by reason", drawn, "", counted.strip(), data, units={"contacts": "contacts", "share": "%"})
    return Section(key, title, text, [chart], [table])


def _row(name: str, count: int, whole: int) -> list[Cell]:
    share = count / whole * 100
    return [word(name), Cell(f"{count:,}", value=float(count)), Cell(f"{share:.1f}", value=share)]
