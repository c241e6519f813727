"""Time to restore as lines of the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.results.run import Run


def restored_lines(run: Run, of: str = "") -> Iterator[str]:
    """Time to restore, a line for each surge that says when service is restored; `of`: what the line is told of."""
    if not run.measured.restored:
        return
    from ccsim.metrics.restored import restored_table, restored_text
    from ccsim.results.parquet import plain_rows

    for row in plain_rows(restored_table(run.tables, run.measured)):
        whose = f" in {of}" if of else f" ({row['asked']})"
        yield f"  Time to restore, {row['surge']}: {restored_text(row)}{whose}"
