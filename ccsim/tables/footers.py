"""Lines below a table that are no rows of it: who made the report and when, which page it is, what a sign means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from typing import Final

from ccsim.tables.columns import counted
from ccsim.tables.kinds import kind_of
from ccsim.tables.store import Texts
from ccsim.text.faults import MOST_NAMED
from ccsim.text.tree import shown

MOST_FOOTERS: Final = 20
"""More lines than this are no footers."""
_SAMPLE: Final = 200
_MOST_SHOWN: Final = 3
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_PAGE: Final = re.compile(r"(?:page|seite|página|pagina|pag\.?|side|sida|strona) [0-9]+(?: .*)?", re.IGNORECASE)
_LIKE_A_FOOTER: Final = re.compile(
    r"[*†‡©#—–-].*|(?:page|seite|página|pagina) [0-9]+.*|"
    r"(?:report|generated|created|printed|exported|produced|run|downloaded|prepared|source|note|notes|remark|legend|"
    r"footnote|end of|last|data|as of|all times|all figures|filter|filters|parameters|selected|total|rows|records|"
    r"confidential|copyright|preliminary|provisional|erstellt|gedruckt|stand|quelle|hinweis|généré|imprimé|édité|"
    r"generado|impreso|fuente|nota|gerado|fonte|generato|stampato)\b.*",
    re.IGNORECASE,
)
"""How lines below a table begin, where a name in the first column would be text as well."""


def is_page(text: str) -> bool:
    """Whether a text is the number of a page: `Page 1 of 3`."""
    return len(text) < 40 and _PAGE.fullmatch(text) is not None


def footers(columns: Sequence[Texts], rows: int, out: Container[int]) -> list[int]:
    """The rows at the end whose only text stands in the first cell, and is no value of that column; rising.

    `out`: rows that are left out anyway: blanks and totals.
    """
    first = columns[0]
    found: list[int] = []
    table = rows
    for row in range(rows - 1, -1, -1):
        if row in out:
            continue
        is_text = kind_of(first[row]) == "text" and _WORD.search(first[row]) is not None
        if not is_text or any(column[row] for column in columns[1:]):
            table = row + 1
            break
        found.append(row)
        if len(found) > MOST_FOOTERS:
            return []
    else:
        return []
    value = of_values(first, table)
    kept = next((n for n, row in enumerate(found) if not _fits(first, row, len(columns) == 1, value)), len(found))
    return found[:kept][::-1]


def _fits(column: Texts, row: int, sole: bool, value: bool) -> bool:
    """Whether a text is no value of a column: of one of dates or numbers no text is, of one of names few are not."""
    if value and not sole:
        return True
    return _LIKE_A_FOOTER.fullmatch(column[row]) is not None and (value or column.count(column[row]) == 1)


def of_values(column: Texts, rows: int) -> bool:
    """Whether a column holds dates, times or numbers."""
    kinds = Counter(kind_of(column[row]) for row in range(min(rows, _SAMPLE)))
    kinds.pop("", None)
    return bool(kinds) and kinds.most_common(1)[0][0] != "text"


def told_footers(texts: Sequence[str], lines: Sequence[int]) -> str:
    """What is told of lines below the table."""
    some = ", ".join(shown(text) for text in texts[:_MOST_SHOWN]) + (", ..." if len(texts) > _MOST_SHOWN else "")
    places = ", ".join(map(str, lines[:MOST_NAMED])) + (", ..." if len(lines) > MOST_NAMED else "")
    verb = "is" if len(texts) == 1 else "are"
    return (
        f"{counted(len(texts), 'line')} below the table (line{'s' * (len(lines) > 1)} {places}: {some}) {verb} left out"
    )
