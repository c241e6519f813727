"""Reads a workbook back with nothing but zip and XML: what a spreadsheet program would see."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class Page:
    cells: dict[tuple[int, int], object] = field(default_factory=dict)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    frozen: str = ""
    filtered: str = ""
    widths: list[float] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    formulas: int = 0

    @cached_property
    def head(self) -> list[str]:
        return [str(self.cells[0, i]) for i in range(max(c for r, c in self.cells if r == 0) + 1)]

    @cached_property
    def rows(self) -> list[list[object]]:
        last = max(r for r, _ in self.cells)
        return [[self.cells.get((r, c)) for c in range(len(self.head))] for r in range(1, last + 1)]

    def column(self, head: str) -> list[object]:
        place = self.head.index(head)
        return [row[place] for row in self.rows]


def parts_of(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as workbook:
        assert workbook.testzip() is None
        return {name: workbook.read(name) for name in workbook.namelist()}


def pages_of(made: bytes) -> dict[str, Page]:
    parts = parts_of(made)
    strings = ["".join(t.text or "" for t in one.iter(f"{MAIN}t")) for one in _root(parts, "xl/sharedStrings.xml")]
    formats = _formats(_root(parts, "xl/styles.xml"))
    targets = {one.get("Id"): one.get("Target") for one in _root(parts, "xl/_rels/workbook.xml.rels")}
    found = {}
    for sheet in _root(parts, "xl/workbook.xml").iter(f"{MAIN}sheet"):
        found[str(sheet.get("name"))] = _page(
            _root(parts, f"xl/{targets[sheet.get(RELATED + 'id')]}"), strings, formats
        )
    return found


def _root(parts: dict[str, bytes], name: str) -> ElementTree.Element:
    return ElementTree.fromstring(parts[name])


def _formats(styles: ElementTree.Element) -> list[str]:
    codes = {one.get("numFmtId"): str(one.get("formatCode")) for one in styles.iter(f"{MAIN}numFmt")}
    builtin = {"0": "General", "1": "0", "2": "0.00", "3": "#,##0", "4": "#,##0.00", "9": "0%", "10": "0.00%"}
    cells = styles.find(f"{MAIN}cellXfs")
    assert cells is not None
    return [(codes | builtin).get(one.get("numFmtId"), "?") for one in cells]


def _page(root: ElementTree.Element, strings: list[str], formats: list[str]) -> Page:
    page = Page()
    for cell in root.iter(f"{MAIN}c"):
        place = _place(str(cell.get("r")))
        page.formulas += cell.find(f"{MAIN}f") is not None
        value = cell.findtext(f"{MAIN}v")
        if value is not None:
            assert cell.get("t") in (None, "s"), cell.attrib
            page.cells[place] = strings[int(value)] if cell.get("t") == "s" else float(value)
            page.formats[place] = formats[int(cell.get("s", "0"))]
    for pane in root.iter(f"{MAIN}pane"):
        assert pane.get("state") == "frozen"
        page.frozen = str(pane.get("topLeftCell"))
    page.filtered = next((str(one.get("ref")) for one in root.iter(f"{MAIN}autoFilter")), "")
    page.widths = [float(one.get("width", 0)) for one in root.iter(f"{MAIN}col")]
    page.links = [str(one.get("location")) for one in root.iter(f"{MAIN}hyperlink")]
    return page


def _place(name: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", name).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1
