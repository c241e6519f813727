"""The section that follows contacts from their arrival to their outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from ccsim.records.outcomes import TOLD_ENDS, Where
from ccsim.report import charts
from ccsim.report.drawn_flow import can_draw, drawn_flow
from ccsim.report.facts import Facts
from ccsim.report.flow_map import AGAIN, FlowMap, flow_map
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.report.splits import named
from ccsim.report.whereabouts import whereabouts, whereabouts_text

_GROUPS: Final[tuple[tuple[Where | None, str, tuple[tuple[str, str], ...]], ...]] = (
    ("bot", "With a bot", ()),
    ("entry", "On arrival", (("offered", "Offered"),)),
    ("queue", "In the queue", (("answered", "Answered"),)),
    ("agent", "Handled", ()),
    (None, "At the end", ()),
)
"""Where visits end, its heading, and the columns that follow those of its ends."""


def _columns() -> Iterator[tuple[str, str, str]]:
    """Column, heading and heading of the group."""
    came = (("from_outside", "From customers"), ("from_inside", "From another tier or workflow"), ("came", "All"))
    yield from ((name, head, "Came") for name, head in came)
    for where, group, further in _GROUPS:
        ends = ((end.name, end.head) for end in TOLD_ENDS if end.where == where)
        yield from ((name, head, group) for name, head in (*ends, *further))


COLUMNS: Final = tuple(_columns())
_CALLED: Final = {f"end:{end.name}": end.words for end in TOLD_ENDS}
"""Words for the ends of the way."""
RARE: Final = ("from_inside", *(end.name for end in TOLD_ENDS if not end.always))
"""Columns that are left out where they are 0 everywhere."""


def flow_section(facts: Facts) -> Section:
    """Visits by channel, tier and outcome."""
    key, title = "flow", "Where the contacts went"
    data = whereabouts(facts.sums)
    if data.empty:
        return Section(key, title)
    text = whereabouts_text(data)
    replications = facts.replications
    counted = "" if replications == 1 else f" All {replications} replications together."
    ends = [(end.name, end.words) for end in TOLD_ENDS]
    drawn = charts.outcome_bars("flow", data, ends, f"Visits by channel, tier and outcome. {text}")
    units = {name: "visits" for name in data.columns if name not in ("channel", "tier")}
    chart = Chart(
        "Outcome of every visit",
        drawn,
        "",
        f"Share of the visits of a channel and tier.{counted}",
        data,
        wide=True,
        units=units,
    )
    tables = [_table(data, counted)]
    way = flow_map(facts.sums)
    if way is None:
        return Section(key, title, text, [chart], tables)
    tables.append(_way_table(way, counted))
    if not can_draw(way):
        return Section(key, title, text, [chart], tables)
    return Section(key, title, text, [_way_chart(way, text, counted), chart], tables)


def _way_chart(way: FlowMap, text: str, counted: str) -> Chart:
    """From channel through bots and tiers to an outcome, as ribbons."""
    note = f"Ribbons are as wide as what goes along them; shares are of the contacts from customers.{counted}"
    if any(node.name == AGAIN for node in way.nodes):
        on = "A visit that is transferred, or waits on in another queue, ends on the right and begins again on the left"
        note += f" {on} ({AGAIN})."
    drawn = drawn_flow(way, _CALLED, f"The way of the contacts. {text}")
    data = _told(way)
    return Chart("The way of the contacts", drawn, "", note, data, wide=True, units={"count": "visits"})


def _told(way: FlowMap) -> pd.DataFrame:
    """The links of a flow, with the words for its ends."""
    rows = [
        (named(_CALLED.get(source, source.partition(":")[2])), named(_CALLED.get(to, to.partition(":")[2])), count)
        for (source, to), count in _in_order(way)
    ]
    return pd.DataFrame(rows, columns=["from", "to", "count"])


def _in_order(way: FlowMap) -> list[tuple[tuple[str, str], int]]:
    place = {node.key: at for at, node in enumerate(way.nodes)}
    return sorted(way.links.items(), key=lambda link: (place[link[0][0]], place[link[0][1]]))


def _way_table(way: FlowMap, counted: str) -> Table:
    rows = [[word(source), word(to), _count(int(count))] for source, to, count in _told(way).itertuples(index=False)]
    note = f"What comes into every channel, bot and tier goes out of it.{counted}"
    columns = [Column("from", words=True), Column("to", words=True), Column("Count", "visits")]
    return Table("The way of the contacts, in numbers", columns, rows, note)


def _table(data: pd.DataFrame, counted: str) -> Table:
    kept = [(name, head, group) for name, head, group in COLUMNS if name not in RARE or data[name].any()]
    columns = [Column("channel", words=True), Column("tier", words=True)]
    columns += [Column(head, "visits", group=group) for _, head, group in kept]
    rows = [
        [word(named(row["channel"])), word(row["tier"]), *(_count(int(row[name])) for name, _, _ in kept)]
        for row in data.to_dict("records")
    ]
    total = [word("all"), word(""), *(_count(int(data[name].sum())) for name, _, _ in kept)]
    bots = "sessions with a bot (whatever their end) + " if data["handed_off"].any() else ""
    on = "queued on at the time-out + " if data["requeued"].any() else ""
    note = (
        f"Exact counts that add up: all visits = turned away + {bots}community deflection + {on}offered; offered "
        "= abandoned + balked + timed out or cleared + answered + still waiting; answered = handled + still active."
        f"{counted}"
    )
    return Table("Visits by channel, tier and outcome", columns, rows, note, total=total if len(rows) > 1 else ())


def _count(value: int) -> Cell:
    return Cell(f"{value:,}", value=float(value))
