"""A section of a page as text: what `ccsim report --days` prints."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.report.parts import Cell, Section
from ccsim.results.summary import aligned


def section_lines(section: Section) -> Iterator[str]:
    """Title, sentence and tables, numbers under each other."""
    yield section.title
    if section.said:
        yield f"  {section.said}"
    for table in section.tables:
        yield ""
        yield f"{table.title}{f' ({table.note})' if table.note else ''}"
        heads = [f"  {table.columns[0].title}", *(column.title for column in table.columns[1:])]
        rows = [[f"  {_text(row[0])}", *map(_text, row[1:])] for row in table.rows]
        yield from aligned([heads, *rows], [column.words for column in table.columns])


def _text(cell: Cell) -> str:
    """A number with its interval, or the name of a row with its unit."""
    return " ".join(filter(None, (cell.text, cell.interval, f"[{cell.unit}]" if cell.unit else "")))
