"""From rows of sums to rows of tables: row by row, as a column of all rows would touch the same lines of the cache
once more for every column. And what tables say another way round than the tally counts."""

from __future__ import annotations

from ccsim.draws.jit import kernel_entry
from ccsim.kernel.layout import Ints


@kernel_entry
def rows_in_use(often: Ints, rare: Ints, rows: Ints, of_often: Ints, of_rare: Ints, out: Ints) -> int:
    """Those of some rows that have a sum that is not 0, in their order; returns how many.

    Parameters
    ----------
    often, rare
        [rows of sums, columns] Sums, and what is rare in them.
    rows
        [rows] Which are asked about.
    of_often, of_rare
        [columns, 2] Which columns of both are looked at, as `copy_columns` has them.
    out
        [rows] Room for what is found.
    """
    found = 0
    for row in rows:
        used = False
        for k in range(of_often.shape[0]):
            if often[row, of_often[k, 0]] != 0:
                used = True
                break
        if not used:
            for k in range(of_rare.shape[0]):
                if rare[row, of_rare[k, 0]] != 0:
                    used = True
                    break
        if used:
            out[found] = row
            found += 1
    return found


@kernel_entry
def copy_columns(often: Ints, rare: Ints, rows: Ints, of_often: Ints, of_rare: Ints, out: Ints) -> None:
    """Copy some columns of some rows.

    Parameters
    ----------
    often, rare
        [rows of sums, columns] Sums, and what is rare in them.
    rows
        [rows] Which are copied.
    of_often, of_rare
        [columns, 2] Column of the sums, or of what is rare, and the column of `out` that it goes to.
    out
        [rows, columns] Table; its other columns stay as they are.
    """
    for n in range(rows.shape[0]):
        row = rows[n]
        for k in range(of_often.shape[0]):
            out[n, of_often[k, 1]] = often[row, of_often[k, 0]]
        for k in range(of_rare.shape[0]):
            out[n, of_rare[k, 1]] = rare[row, of_rare[k, 0]]


@kernel_entry
def put_within(table: Ints, first: int, thresholds: int, every: Ints) -> None:
    """Where a table has what is beyond each threshold, and not the next, put what is within each.

    Parameters
    ----------
    table
        [rows, columns]
    first
        Column of the first threshold; each has a column of every kind.
    thresholds
        How many there are.
    every
        [kinds, 2] Column of what there is of a kind whatever the wait, and the column of what is among that and has no
        wait, NONE without.
    """
    kinds = every.shape[0]
    for n in range(table.shape[0]):
        for kind in range(kinds):
            left = table[n, every[kind, 0]]
            if every[kind, 1] >= 0:
                left -= table[n, every[kind, 1]]
            for t in range(thresholds - 1, -1, -1):
                left -= table[n, first + t * kinds + kind]
                table[n, first + t * kinds + kind] = left
