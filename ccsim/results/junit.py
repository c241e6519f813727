"""Goals as a JUnit file, which continuous integration knows how to show."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from ccsim.errors import OutputError
from ccsim.results.parquet import sync

#: Signs that XML 1.0 does not know, even escaped.
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Case:
    """One goal of a run."""

    name: str
    verdict: str
    """pass, fail or inconclusive; the last is an error in JUnit's words, so that nobody takes it for a pass."""
    text: str
    """What was found, in a line."""


def junit_text(suite: str, cases: Sequence[Case]) -> str:
    """The file's text; the same cases give the same text."""
    counts = {word: str(sum(one.verdict == word for one in cases)) for word in ("fail", "inconclusive")}
    root = Element("testsuites")
    top = SubElement(
        root,
        "testsuite",
        {
            "name": _clean(suite),
            "tests": str(len(cases)),
            "failures": counts["fail"],
            "errors": counts["inconclusive"],
            "skipped": "0",
        },
    )
    for one in cases:
        case = SubElement(top, "testcase", {"classname": f"goals.{_clean(suite)}", "name": _clean(one.name)})
        if one.verdict == "pass":
            SubElement(case, "system-out").text = _clean(one.text)
        else:
            kind = "failure" if one.verdict == "fail" else "error"
            SubElement(case, kind, {"type": one.verdict, "message": _clean(one.text)})
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def check_junit_place(path: Path) -> None:
    """`OutputError` where a JUnit file cannot be written: anything else that is there is never replaced."""
    try:
        if path.is_dir():
            raise OutputError(f"{path}: is a folder")
        if path.exists() and not path.read_bytes().lstrip().startswith((b"<?xml", b"<testsuite")):
            raise OutputError(f"{path}: exists and is not a JUnit file; it is not replaced")
        if not path.absolute().parent.is_dir():
            raise OutputError(f"{path}: there is no folder {path.parent}")
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from None


def write_junit(path: Path, suite: str, cases: Sequence[Case]) -> None:
    """Write the file, whole or not at all; `OutputError` if that cannot be done."""
    check_junit_place(path)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        try:
            draft.write_text(junit_text(suite, cases), encoding="utf-8")
            sync(draft)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from None
