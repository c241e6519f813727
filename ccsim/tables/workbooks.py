"""The rows of a sheet of an Excel workbook (.xlsx): values only, of a file that may be hostile."""

from __future__ import annotations

import io
import re
import string
import struct
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import Any, Final, Self
from xml.etree import ElementTree as Xml

from ccsim.tables.cell_texts import KnownTexts
from ccsim.tables.delimited import Batch
from ccsim.tables.unfit import Unfit
from ccsim.text.faults import near
from ccsim.text.tree import shown

MOST_UNPACKED: Final = 400_000_000
"""Bytes of the parts of a workbook that are read, unpacked."""
MOST_CELLS: Final = 12_000_000
"""Cells of the rectangle that the filled cells of a sheet span."""
MOST_TEXT: Final = 400_000_000
"""Characters in the cells of a sheet."""
_MOST_LIST: Final = 2_000_000
_MOST_TOLD: Final = 100_000
_MOST_TAG: Final = 1000
_MOST_SMALL: Final = 5_000_000
_MOST_ROW: Final = 16_000_000
_PIECE: Final = 1 << 20
_ROWS: Final = 10_000
_CELL: Final = re.compile(rb"<(?:\w+:)?c[ >/]")
_PLACE: Final = re.compile(rb'<(?:\w+:)?c [^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_SHARED: Final = re.compile(rb'<(?:\w+:)?c [^>]*?\bt="s"[^>]*>\s*<(?:\w+:)?v>([0-9]{1,9})<')
_ERROR: Final = re.compile(
    rb'<(?:\w+:)?c (?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_UNSTORED: Final = re.compile(
    rb'<(?:\w+:)?c (?![^>]*\bt="str")[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*'
    rb"<(?:\w+:)?f(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STRING: Final = re.compile(rb"<(?:\w+:)?si(?:\s*/>|[ >])")


def sheet_rows(data: bytes | bytearray, sheet: str | None, skip: int) -> tuple[Iterator[Batch], list[str]]:
    """The rows of a sheet, the first if none is named, without the first `skip`; and what is told of it.

    Raises `Unfit` for a workbook that is packed hostilely, protected by a password or holds macros or links to
    other files, for a formula without a stored value, and beyond the limits, before more is unpacked than that.
    """
    _check_list(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _rows_of(packed, sheet, skip)
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        RuntimeError,
        KeyError,
        OverflowError,
    ) as error:
        raise Unfit("the workbook is damaged or no workbook: it cannot be unpacked") from error


def _check_list(data: bytes | bytearray) -> None:
    """Raise `Unfit` for a list of parts that is none or has no end."""
    at = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    if at < 0 or at + 22 > len(data):
        raise Unfit("the workbook is damaged or cut short: its end is missing")
    (size,) = struct.unpack("<I", data[at + 12 : at + 16])
    if size > _MOST_LIST:
        raise Unfit("the workbook has a list of parts beyond all measure; it is not read")


def _rows_of(packed: zipfile.ZipFile, sheet: str | None, skip: int) -> tuple[Iterator[Batch], list[str]]:
    names = set(packed.namelist())
    if any(part.flag_bits & 1 for part in packed.infolist()):
        raise Unfit("the workbook is protected by a password; save it without one")
    if "xl/workbook.xml" not in names:
        raise Unfit("the file is an archive (zip), and no Excel workbook (.xlsx); unpack it first")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unfit("the workbook holds macros; save it as an Excel workbook without them (.xlsx)")
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Unfit("the workbook is linked to other files; save a copy with values only")
    found = _sheets(packed)
    told = []
    if sheet is None:
        sheet = next(iter(found))
        if len(found) > 1:
            told.append(f"the first sheet, {shown(sheet)}, of {len(found)}")
    elif sheet not in found:
        raise Unfit(f"the workbook has no sheet {shown(sheet)}{near(sheet, found)}")
    with _Kept(packed) as kept:
        for name in _NEEDED:
            kept.take(name)
        if "xl/styles.xml" in names:
            kept.take("xl/styles.xml")
        if "xl/sharedStrings.xml" in names:
            kept.take("xl/sharedStrings.xml", kept.strings)
        scan = _Scan(kept.lengths)
        kept.take(found[sheet], scan.look)
        scan.check()
    return _values(kept.bytes, sheet, scan, skip, told)


_NEEDED: Final = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def _sheets(packed: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet that is shown, by its name."""
    targets = {}
    for relation in _small(packed, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target", "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if relation.get("Type", "").endswith("/worksheet") and part in packed.namelist():
            targets[relation.get("Id", "")] = part
    found = {}
    for one in _small(packed, "xl/workbook.xml").iter():
        if one.tag.rpartition("}")[2] == "sheet":
            number = next((value for key, value in one.attrib.items() if key.rpartition("}")[2] == "id"), "")
            if number in targets and one.get("state", "visible") == "visible":
                found[one.get("name", "")] = targets[number]
    if not found:
        raise Unfit("the workbook has no sheet of cells")
    return found


def _small(packed: zipfile.ZipFile, name: str) -> Xml.Element:
    if packed.getinfo(name).file_size > _MOST_SMALL:
        raise Unfit(f"the part {name} of the workbook has more than {_MOST_SMALL:,} bytes; it is not read")
    text = packed.read(name)
    _refuse_declarations(text)
    try:
        return Xml.fromstring(text)  # noqa: S314 - small, and without entities of its own
    except Xml.ParseError:
        raise Unfit("the workbook is damaged: its list of sheets cannot be read") from None


class _Kept:
    """The parts that are read, in an archive of their own: so nothing else is unpacked, and no part for longer."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self.bytes = io.BytesIO()
        """The archive, complete once this is left."""
        self._to = zipfile.ZipFile(self.bytes, "w")
        self._left = MOST_UNPACKED
        self.lengths: list[int] = []
        """Bytes of each shared text."""
        self._rest = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._to.close()
        self.bytes.seek(0)

    def take(self, name: str, look: Any = None) -> None:
        """Copy a part, showing each piece of it to `look`; the last of them is empty."""
        if self._packed.getinfo(name).file_size > self._left:
            raise self._large()
        with self._packed.open(name) as source, self._to.open(name, "w") as target:
            while piece := source.read(_PIECE):
                self._left -= len(piece)
                if self._left < 0:
                    raise self._large()
                target.write(piece)
                if look:
                    look(piece)
            if look:
                look(b"")

    @staticmethod
    def _large() -> Unfit:
        return Unfit(f"the workbook has more than {MOST_UNPACKED:,} bytes unpacked; no more are read: save it as CSV")

    def strings(self, piece: bytes) -> None:
        """Note the length of each shared text, up to where the next begins."""
        _refuse_declarations(piece)
        buffer = self._rest + piece
        cut = max(buffer.rfind(b"<"), 0) if piece and len(self._rest) < _MOST_TAG else len(buffer)
        self._rest = buffer[cut:]
        begun = [match.start() for match in _STRING.finditer(buffer, 0, cut)]
        if self.lengths:
            self.lengths[-1] += begun[0] if begun else cut
        self.lengths += [b - a for a, b in pairwise([*begun, cut])]


class _Scan:
    """What is known of a sheet before its cells are read: how far they reach, and cells that are told."""

    def __init__(self, lengths: list[int]) -> None:
        self._lengths = lengths
        self._rest = b""
        self._last_row = 0
        self._columns: set[bytes] = set()
        self._text = 0
        self.errors: dict[tuple[int, int], str] = {}
        """Errors that cells show, by row and column, from 1."""
        self._unstored: list[str] = []

    def look(self, piece: bytes) -> None:
        """Look at a piece; the last is empty."""
        _refuse_declarations(piece)
        buffer = self._rest + piece
        ended = buffer.rfind(b"row>") + 4  # with or without the prefix of a name space
        cut = len(buffer) if not piece else ended if ended > 3 else 0
        self._rest = buffer[cut:]
        if len(self._rest) > _MOST_ROW:
            raise Unfit(f"a row of the sheet has more than {_MOST_ROW:,} bytes; no more are read")
        places = _PLACE.findall(buffer, 0, cut)
        if len(places) != len(_CELL.findall(buffer, 0, cut)):
            raise Unfit("the sheet has cells that do not say where they stand; save it anew, or as CSV")
        if places:
            self._columns.update({column for column, _ in places})
            self._last_row = max(self._last_row, max(map(int, {row for _, row in places})))
        shared = map(int, _SHARED.findall(buffer, 0, cut))
        self._text += sum(self._lengths[at] for at in shared if at < len(self._lengths))
        if b'"e"' in buffer:
            for column, row, text in _ERROR.findall(buffer, 0, cut):
                self.errors[int(row), _number(column)] = text.decode(errors="replace")
        if b"<f" in buffer:
            self._unstored += [place.decode() for place in _UNSTORED.findall(buffer, 0, cut)]
        if len(self.errors) > _MOST_TOLD or len(self._unstored) > _MOST_TOLD:
            raise Unfit(f"the sheet has more than {_MOST_TOLD:,} cells with errors or without a stored value")

    def check(self) -> None:
        """Raise `Unfit` for a sheet that is too large to be read, or whose formulas have no stored values."""
        width = max(map(_number, self._columns), default=0)
        if self._last_row * width > MOST_CELLS:
            last = max(self._columns, key=_number).decode()
            why = f"the sheet reaches to column {last} and row {self._last_row:,}: more than {MOST_CELLS:,} cells"
            raise Unfit(f"{why}; no more are read: delete what stands apart, or save it as CSV")
        if self._text > MOST_TEXT:
            raise Unfit(f"the cells of the sheet hold more than {MOST_TEXT:,} characters; no more are read")
        if self._unstored:
            first = self._unstored[0]
            more = len(self._unstored) - 1
            others = f"; likewise {more:,} more" if more else ""
            why = f"the formula in cell {first} has no stored value; open the workbook and save it anew{others}"
            raise Unfit(why, int(first.lstrip(string.ascii_uppercase)))


def _refuse_declarations(piece: bytes) -> None:
    if b"<!" in piece:
        raise Unfit("the workbook has declarations or comments (<!...) in it, which no spreadsheet writes; not read")


def _number(column: bytes) -> int:
    """Number of a column, from 1, of its letters."""
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number


def _values(
    packed: io.BytesIO, name: str, scan: _Scan, skip: int, told: list[str]
) -> tuple[Iterator[Batch], list[str]]:
    """The rows of a sheet, read from the archive of the parts that count."""
    import python_calamine

    try:
        sheet = python_calamine.CalamineWorkbook.from_filelike(packed).get_sheet_by_name(name)
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise Unfit(f"the workbook is damaged: sheet {shown(name)} cannot be read") from error
    column = sheet.start[1] if sheet.start else 0
    if column:
        told.append(f"the table begins in column {column + 1} of the sheet")
    return _batches(sheet, column + 1, scan.errors, skip), told


def _batches(sheet: Any, column: int, errors: dict[tuple[int, int], str], skip: int) -> Iterator[Batch]:
    """The texts of a sheet's rows, some thousands at a time, from the first used column on, whose number is given."""
    if sheet.start is None:
        return
    wrong: dict[int, list[tuple[int, str]]] = {}
    for (at, place), text in errors.items():
        wrong.setdefault(at, []).append((place - column, text))
    rows = sheet.iter_rows()
    known = KnownTexts()
    row = 1
    while values := list(islice(rows, _ROWS)):
        texts = [list(map(known.of, one)) for one in values]
        for at in [at for at in range(row, row + len(texts)) if at in wrong]:
            for place, text in wrong[at]:
                texts[at - row][place] = text
        dropped = min(max(skip - row + 1, 0), len(texts))
        yield Batch(texts[dropped:], range(row + dropped, row + len(texts)))
        row += len(texts)
