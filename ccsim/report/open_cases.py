"""Cases that are open at midnight, by age."""

from __future__ import annotations

from ccsim.report import charts
from ccsim.report.backlog import CASE_BAND_NAMES, open_cases_by_day
from ccsim.report.facts import Facts
from ccsim.report.numbers import amount, percent
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word


def open_cases_section(facts: Facts) -> Section:
    """How many cases are open, and for how long; nothing where none is open for a day."""
    key, title = "open-cases", "Open cases"
    data = open_cases_by_day(facts.tables, facts.measured)
    old = list(CASE_BAND_NAMES[1:])
    if data.empty or not data[old].any(axis=None):
        return Section(key, title)
    ages = [*CASE_BAND_NAMES, "total"]
    mean = {name: float(data[name].mean()) for name in ages}
    older = sum(mean[name] for name in old)
    text = (
        f"At midnight {amount(mean['total'])} cases are open on average, {percent(older / mean['total'])} of them for "
        f"a day or longer; {amount(float(data['total'].iloc[-1]))} at the last midnight, {data['time'].iloc[-1]}."
    )
    note = (
        "A case is open from the arrival of its first contact to the end of its last. Mean of the replications, every "
        "case, those before the counted time included."
    )
    rows = [[word("mean of all midnights"), *(_cell(mean[name]) for name in ages)]]
    rows += [[word(f"{said}, {data['time'].iloc[at]}"), *(_cell(float(data[name].iloc[at])) for name in ages)]
             for at, said in ((0, "first"), (-1, "last"))]  # fmt: skip
    columns = [Column("midnight", words=True), *(Column(name, "cases") for name in ages)]
    table = Table("Open cases by age", columns, rows, note, sortable=False)
    drawn = charts.backlog_bars("open-cases", data, CASE_BAND_NAMES, "cases", f"Cases open at midnight by age. {text}")
    units = dict.fromkeys((*ages, "low", "high"), "cases")
    return Section(key, title, text, [Chart("Open at midnight by age", drawn, "", data=data, units=units)], [table])


def _cell(value: float) -> Cell:
    return Cell(amount(value), value=value)
