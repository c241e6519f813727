"""People that automation sets free at the same service: what each alternative requires less than the base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ccsim.kpis.definitions import MAIN_COST
from ccsim.report.compared import MOST_VARIANTS, Compared
from ccsim.report.facts import Facts
from ccsim.report.numbers import amount, shown_in
from ccsim.report.parts import Cell, Column, Section, Table, word

REQUIRED: Final = "agents_required"
SAID: Final = (
    "Agents required follow from the expected demand by the method in planning. A bot that ends more contacts requires "
    "fewer agents for the same service. What an alternative requires less than the base, pool by pool, it sets free: "
    "as people employed, as many as the base employs for an agent scheduled, and at what the base pays for them. "
    "The runs themselves keep everybody whom the alternative keeps. Whether customers were really helped is told by "
    "cases resolved and repeat contacts."
)


@dataclass(frozen=True, slots=True)
class SetFree:
    """What an alternative requires less than the base; negative where it requires more."""

    agents: float
    """Agents required on average over the counted time."""
    people: float | None
    """People employed for them; None where the base does not say."""
    paid_per_day: float | None
    """What the base pays for these agents a day, in its currency; None without prices."""


def set_free(base: Facts, other: Facts) -> SetFree:
    """What `other` requires less than `base`, summed over pools that both have."""
    ours, theirs = base.parts(REQUIRED, "pool"), other.parts(REQUIRED, "pool")
    agents = people = paid = 0.0
    told, priced = True, True
    for pool in ours.keys() & theirs.keys():
        less = (ours[pool]["estimate"] or 0.0) - (theirs[pool]["estimate"] or 0.0)
        if not less:
            continue
        agents += less
        scheduled, employed, cost = (base.one(kpi, "pool", pool) for kpi in ("agents_scheduled", "employed", MAIN_COST))
        on_the_line = scheduled["estimate"] if scheduled else 0.0
        told &= bool(on_the_line) and employed is not None
        priced &= bool(on_the_line) and cost is not None
        if on_the_line and employed is not None:
            people += less * employed["estimate"] / on_the_line
        if on_the_line and cost is not None:
            paid += less * cost["estimate"] / on_the_line
    return SetFree(agents, people if told else None, paid if priced else None)


def bots_per_day(facts: Facts) -> float:
    """What bots cost a day, in the currency of the run."""
    by_payee = facts.parts(MAIN_COST, "pool")
    bots = [name for name, row in facts.parts("containment", "bot").items() if row["estimate"] is not None]
    return sum(by_payee[name]["estimate"] or 0.0 for name in bots if name in by_payee)


def freed_section(compared: Compared) -> Section:
    """The table of people set free; empty where no alternative has a bot, or none requires other agents."""
    made = compared.made
    base = compared.facts
    variants = made.variants[:MOST_VARIANTS]
    every = {one.name: Facts(made.runs[one.name]) for one in variants}
    free = {name: set_free(base, facts) for name, facts in every.items()}
    with_bots = any(facts.parts("containment", "bot") for facts in (base, *every.values()))
    if not with_bots or not any(one.agents for one in free.values()):
        return Section("freed", "")
    base.used.update((REQUIRED, MAIN_COST))
    money = shown_in(base.kpis[MAIN_COST].unit.replace("money", base.measured.currency)).unit
    columns = [
        Column("alternative", words=True),
        Column("Agents required", "agents", REQUIRED),
        Column("Set free", "agents"),
        Column("Set free", "people employed"),
        Column("Paid for them", money),
        Column("Bots cost more", money),
        Column("Net saving", money),
    ]
    bots = bots_per_day(base)
    first = [word(compared.base_name), _cell(_required(base)), *[Cell("-")] * 5]
    rows = [first] + [
        [
            word(compared.short(one)),
            _cell(_required(every[one.name])),
            *_freed(free[one.name], bots_per_day(every[one.name]) - bots),
        ]
        for one in variants
    ]
    note = "" if len(made.variants) <= MOST_VARIANTS else f"The first {MOST_VARIANTS} variants."
    table = Table("People set free at the same service", columns, rows, note, sortable=False)
    return Section("freed", "People set free at the same service", SAID, tables=[table])


def _required(facts: Facts) -> float | None:
    row = facts.one(REQUIRED)
    return None if row is None else float(row["estimate"])


def _freed(free: SetFree, dearer: float) -> list[Cell]:
    saving = None if free.paid_per_day is None else free.paid_per_day - dearer
    return [_cell(value) for value in (free.agents, free.people, free.paid_per_day, dearer, saving)]


def _cell(value: float | None) -> Cell:
    return Cell("-") if value is None else Cell(amount(value).replace("-", "\N{MINUS SIGN}"), value=value)
