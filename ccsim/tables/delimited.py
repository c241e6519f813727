"""The rows of a text whose cells stand between delimiters: which delimiter, which quotes, which lines."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import methodcaller
from typing import Any, Final

from ccsim.tables.kinds import kind_of
from ccsim.tables.unfit import MOST_COLUMNS, MOST_LINE, Unfit
from ccsim.text.tree import shown

SIGNS: Final = {";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes", ",": "commas"}
"""Delimiters that are recognised, the likelier first where two would do, and their names in words."""
_WORDS: Final = {
    **{"semicolon": ";", "tab": "\t", "\\t": "\t", "comma": ",", "pipe": "|", "bar": "|", "space": " "},
    **{"caret": "^", "tilde": "~"},
}
_SEP: Final = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
_SAMPLE: Final = 200
"""Lines that decide on the delimiter."""
_SIGNED: Final = re.compile(r"[-+]?[0-9][0-9.,]*%?")
_MOST_TOGETHER: Final = 100
"""Lines that one row may have by line breaks within quotes."""


def stated_delimiter(stated: str) -> str:
    """The sign of a delimiter that is stated by itself or by its name. Raises `Unfit` for more than one sign."""
    sign = _WORDS.get(stated.strip().lower().removesuffix("s"), stated)
    if len(sign) != 1 or sign in '"\r\n' or sign.isalnum():
        raise Unfit(f"expected one sign as a delimiter, like ; or , or | or tab, got {shown(stated)}")
    return sign


def sep_line(line: str) -> str | None:
    """The delimiter that the first line of a file states as `sep=;`."""
    match = _SEP.fullmatch(line.strip(" "))
    return match[1] if match else None


def delimiter_of(lines: Sequence[str]) -> str | None:
    """The delimiter by which most of the first lines have as many cells; none where there is one column.

    Where two are as even, the one whose cells hold fewer of the others: `12,5;13,5` has semicolons.
    """
    sample = [line for line in lines if line.strip()][:_SAMPLE]
    shares: dict[str, float] = {}
    cells: dict[str, list[list[str]]] = {}
    for sign in SIGNS:
        if not any(sign in line for line in sample):
            continue
        rows = cells[sign] = _lenient(sample, sign)
        widths = Counter(map(len, rows))
        width, often = max(widths.items(), key=lambda one: (one[1], one[0]))
        if width > 1 and 2 * often >= len(rows):
            shares[sign] = often / len(rows)
    if not shares:
        return None
    best = max(shares.values())
    even = [sign for sign, share in shares.items() if share == best]
    found = even[0] if len(even) == 1 else min(even, key=lambda sign: _unclean(cells[sign], even))
    if found == "," and all(re.fullmatch("[0-9]+,[0-9]+", line.strip()) for line in sample):
        why = (
            f"{sample[0].strip()} is two cells with a comma between, or one with a decimal comma; say delimiter: "
            '"," for two, or ";" for one'
        )
        raise Unfit(why, 1)
    return found


def _lenient(lines: Iterable[str], sign: str) -> list[list[str]]:
    """The cells of some lines, each for itself: a first look that no quote leads astray."""
    rows = []
    for line in lines:
        try:
            rows.append(next(csv.reader([line], delimiter=sign, skipinitialspace=True), []))
        except csv.Error:
            rows.append([line])
    return rows


def _unclean(rows: list[list[str]], signs: Sequence[str]) -> float:
    """Share of the filled cells that hold one of the signs that might be the delimiter, numbers left out."""
    filled = [cell.strip() for row in rows for cell in row if cell.strip()]
    unclean = [cell for cell in filled if any(sign in cell for sign in signs) and not _SIGNED.fullmatch(cell)]
    return len(unclean) / max(len(filled), 1)


class Batch:
    """Some rows in order: the cells of each, and the line in which each begins."""

    def __init__(self, rows: Sequence[Sequence[str]], lines: Sequence[int]) -> None:
        self._rows = rows
        self.lines = lines

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        """The cells of each row."""
        return self._rows

    def columns(self, width: int) -> Sequence[Sequence[str]] | None:
        """The cells of each of so many columns; none where some row has more or fewer."""
        return list(zip(*self._rows, strict=True)) if set(map(len, self._rows)) == {width} else None


class _Unquoted(Batch):
    """Rows of lines without quotes: columns are cut from them all at once, in a third of the time of `csv`."""

    def __init__(self, texts: list[str], delimiter: str, lines: Sequence[int]) -> None:
        super().__init__((), lines)
        self._texts = texts
        self._delimiter = delimiter

    @property
    def rows(self) -> Sequence[Sequence[str]]:
        return [text.split(self._delimiter) if text else [] for text in self._texts]

    def columns(self, width: int) -> Sequence[Sequence[str]] | None:
        if set(map(methodcaller("count", self._delimiter), self._texts)) != {width - 1}:
            return None
        cells = self._delimiter.join(self._texts).split(self._delimiter)
        return [cells[at::width] for at in range(width)]


def batches(pieces: Iterable[list[str]], delimiter: str | None, skip: int) -> Iterator[Batch]:
    """The rows of pieces of lines, without the first `skip` lines. Blank lines are rows without cells.

    A quoted cell may have line breaks. Raises `Unfit` for quotes that do not close.
    """
    line = 1
    open_lines: list[str] = []
    for piece in pieces:
        lines = open_lines + piece
        if skip:
            dropped = min(skip, len(lines))
            lines, skip, line = lines[dropped:], skip - dropped, line + dropped
        batch, open_lines = _batch(lines, line, delimiter)
        yield batch
        line += len(lines) - len(open_lines)
        if len(open_lines) > _MOST_TOGETHER or sum(map(len, open_lines)) > MOST_LINE:
            raise _never_closes(open_lines[0], line, delimiter)
    if open_lines:
        raise _never_closes(open_lines[0], line, delimiter)


def _batch(lines: list[str], line: int, delimiter: str | None) -> tuple[Batch, list[str]]:
    """The rows of some lines, of which the first is `line`, and the lines at the end that are still open."""
    if delimiter is None:
        delimiter = "\x1f"  # none of the text: each line is one cell, in quotes or not
    if '"' not in "".join(lines):
        return _Unquoted(lines, delimiter, range(line, line + len(lines))), []
    try:
        rows = list(_reader(lines, delimiter))
        if len(rows) == len(lines):
            return Batch(rows, range(line, line + len(lines))), []
    except csv.Error:
        pass
    rows = []
    begun: list[int] = []
    reader = _reader([f"{text}\n" for text in lines], delimiter)
    while True:
        at = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return Batch(rows, begun), []
        except csv.Error as error:
            if reader.line_num == len(lines) and "unexpected end" in str(error):
                return Batch(rows, begun), lines[at:]
            raise _never_closes(lines[at], line + at, delimiter) from None
        if reader.line_num - at > _MOST_TOGETHER:
            raise _never_closes(lines[at], line + at, delimiter)
        rows.append(row)
        begun.append(line + at)


def _reader(lines: list[str], delimiter: str) -> Any:
    return csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=delimiter != " ")


def _never_closes(text: str, line: int, delimiter: str | None) -> Unfit:
    """What is wrong with the quotes of a line."""
    opened = -1
    fresh = True
    at = 0
    while at < len(text):
        character = text[at]
        if opened < 0:
            if character == '"' and fresh:
                opened = at
            fresh = character == (delimiter or ",")
        elif character == '"':
            if text[at + 1 : at + 2] == '"':
                at += 1
            elif text[at + 1 : at + 2] in ("", delimiter or ","):
                opened = -1
            else:
                why = 'not CSV: text after a closing quote; within quotes write "" for a quote'
                return Unfit(why, line, at + 2)
        at += 1
    why = "a quote opens here and does not close as it should; close it, or take it out"
    return Unfit(why, line, max(opened, 0) + 1)


def check_width(width: int, line: int) -> None:
    """Raise `Unfit` for a row of more cells than are read."""
    if width > MOST_COLUMNS:
        raise Unfit(f"the line has {width:,} cells; at most {MOST_COLUMNS:,} columns are read", line)


def too_wide(row: Sequence[str], names: Sequence[str], line: int, others: str, delimiter: str | None) -> Unfit:
    """What is told of rows that have more filled cells than there are columns."""
    last = shown(names[-1]) if names else "the last"
    more = len(row) - len(names)
    why = f"after the cell of the last column, {last}, "
    why += f"the line goes on with {shown(row[len(names)])}" + (f" and {more - 1:,} more cells" if more > 1 else "")
    if delimiter == ",":
        if any(kind_of(cell) == "number" for cell in row[-2:]):
            why += "; a number with a comma in it must stand in quotes, or cells be separated by semicolons"
    elif delimiter is None:
        why += "; say delimiter"
    return Unfit(f"{why}; lines above the head are left out by skip{others}", line)
