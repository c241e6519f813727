"""Time to restore after surges, as a table of the page."""

from __future__ import annotations

from ccsim.metrics.restored import restored_table, restored_text
from ccsim.report.facts import Facts
from ccsim.report.parts import Cell, Column, Section, Table, word
from ccsim.results.parquet import plain_rows


def restored_section(facts: Facts) -> Section:
    """How long after the beginning of a surge service is restored; empty where no surge says when it is."""
    if not facts.measured.restored:
        return Section("restored", "Time to restore")
    rows = plain_rows(restored_table(facts.tables, facts.measured))
    made = [
        [
            word(row["surge"]),
            word(row["asked"]),
            Cell(restored_text(row), value=row["time_to_restore_h"]),
            Cell(f"{row['restored']} of {row['replications']}", value=float(row["restored"])),
        ]
        for row in rows
    ]
    columns = [
        Column("Surge", words=True),
        Column("Restored", words=True),
        Column("Time from its beginning"),
        Column("Replications restored"),
    ]
    note = "Until the first report interval from which on the level holds; intervals without contacts are left out."
    first = rows[0]
    said = f"After {first['surge']} begins, service is restored in {restored_text(first)}."
    if not first["restored"]:
        said = f"After {first['surge']} begins, service is not restored within the counted time."
    return Section("restored", "Time to restore", said, tables=[Table("Time to restore", columns, made, note)])
