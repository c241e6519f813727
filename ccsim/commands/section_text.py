"""A section of a page as text: what `ccsim report --days` prints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ccsim.report.parts import Cell, Column, Section, Table


def section_lines(section: Section) -> Iterator[str]:
    """Title, sentence and tables, numbers under each other."""
    yield section.title
    if section.said:
        yield f"  {section.said}"
    for table in section.tables:
        yield ""
        yield f"{table.title}{f' ({table.note})' if table.note else ''}"
        yield from _aligned([_heads(table.columns), *([_text(cell) for cell in row] for row in table.rows)], table)


def _heads(columns: Sequence[Column]) -> list[str]:
    return [column.title for column in columns]


def _text(cell: Cell) -> str:
    """A number with its interval, or the name of a row with its unit."""
    return " ".join(filter(None, (cell.text, cell.interval, f"[{cell.unit}]" if cell.unit else "")))


def _aligned(rows: Sequence[Sequence[str]], table: Table) -> Iterator[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [
            text.ljust(width) if column.words else text.rjust(width)
            for text, width, column in zip(row, widths, table.columns, strict=True)
        ]
        yield f"  {'  '.join(cells)}".rstrip()
