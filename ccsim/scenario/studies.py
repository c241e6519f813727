"""Reads the file of a study, describes it to editors, and writes its page of the reference."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ccsim.language.forms import Schema
from ccsim.language.names import Names
from ccsim.language.reading import BAD, Reading
from ccsim.language.sought import BEST, PLOT
from ccsim.language.studies import DESIGN, RANGE, STUDY, Study
from ccsim.scenario.opening import Opening
from ccsim.scenario.reference import section_markdown
from ccsim.text.compose import Unreadable
from ccsim.text.tree import Source


def is_study(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a study: it has a line `study: NAME`, which no scenario has, or lacks it and has the keys of
    one."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except (OSError, ValueError):
        return False
    keys = {line.partition(":")[0] for line in lines if ":" in line}
    return "study" in keys or ("scenarios" in keys and not keys.isdisjoint({"over", "factors"}))


def read_study(path: str | os.PathLike[str]) -> Study:
    """The study in a file; `ScenarioError` with every fault and its place."""
    source = Source(os.fspath(path), Path(path).parent)
    opening = Opening(source.folder)
    try:
        root = opening.file(source, [], None)
    except Unreadable:
        opening.faults.raise_if_any()
        raise AssertionError("unreadable without a fault") from None
    faults = opening.faults
    made = STUDY.read(root, "", Reading(faults, Names(root), home=source.folder))
    faults.raise_if_any()
    assert made is not BAD
    study: Study = made
    return study


def study_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a study's file."""
    defs: dict[str, Schema] = {}
    STUDY.schema(defs)
    root = defs.pop("Study")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "ccsim study", **root, "$defs": defs}


_INTRODUCTION = """\
# The language of studies

`python -m docs.generate` writes this page, and a test checks that it is up to date. A study is a YAML file of its
own, for `ccsim sweep study.yaml` ([recipe](../how-to/sweep.md)). `ccsim schema --study` prints it as a JSON Schema for
editors. A question about one scenario may stand beside it, in the scenario's file: its section
[`sweeps`](scenario.md#sweep) has the same keys without `study` and `scenarios`.

Values of a factor are a range and its number of values (`8..12:5`, `10%..30%:3`, `2m..4m:5`; whole numbers may leave
the number out) or its step (`{from: 20%, to: 60%, step: 5%}`), changes of what stands in the scenario (`+0..+4:5`,
`x0.9..x1.1:3`), or a list (`[8, 10, 12]`).
"""


def study_markdown() -> str:
    """The reference page of studies, Markdown."""
    return _INTRODUCTION + "".join(section_markdown(form) for form in (STUDY, DESIGN, RANGE, BEST, PLOT))
