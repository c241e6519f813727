"""The pages of `docs/how-to`: each file and scenario on them is read, and `check` says what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ccsim.commands.check_text import facts_of, summary
from ccsim.scenario.load import read
from tests.support.files import ROOT

FOLDER = ROOT / "docs" / "how-to"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
_FENCE = re.compile(r"^```(\w+)(?: ([\w.-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def said(page: Path, folder: Path) -> tuple[str, str]:
    """What a page says that `check` prints of its files, and what it prints."""
    shown = ""
    scenario = ""
    for language, name, text in _FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "check":
            shown = text
        elif name:
            (folder / name).write_text(text, encoding="utf-8")
            scenario = name if language == "yaml" else scenario
    loaded = read(folder / scenario)
    lines = summary(facts_of(loaded), loaded.remarks)
    wanted = ("  contacts", "  volume", "  file")
    return shown, "".join(f"{line}\n" for line in lines if line.startswith(wanted))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_check_prints(page: Path, tmp_path: Path) -> None:
    shown, printed = said(page, tmp_path)
    assert printed
    assert shown == printed


def test_every_page_is_listed() -> None:
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(PAGES) >= 5
    for page in PAGES:
        assert f"({page.name})" in listed
