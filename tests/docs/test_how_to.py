"""The pages of `docs/how-to` about files: each file is read, and `check` says what the page says."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from ccsim.centre.expected import expected_contacts
from ccsim.commands.check_text import facts_of, summary
from ccsim.scenario import loads
from ccsim.scenario.load import read
from tests.docs.pages import fences
from tests.support.files import ROOT

FOLDER = ROOT / "docs" / "how-to"
EVERY = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
PAGES = [path for path in EVERY if "```check" in path.read_text(encoding="utf-8")]
"""Pages of files; the others are recipes, see `test_recipes`."""


def said(page: Path, folder: Path) -> tuple[str, str]:
    """What a page says that `check` prints of its files, and what it prints."""
    shown = ""
    scenario = ""
    for language, name, text in fences(page):
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
    for page in EVERY:
        assert f"({page.name})" in listed


def test_the_first_scenario_of_the_readme_reads_its_files(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    scenario = text.partition("Begin with your own file.")[2].partition("```yaml\n")[2].partition("```")[0]
    starts = [datetime(2026, 6, 1) + timedelta(days=n // 18, minutes=30 * (18 + n % 18)) for n in range(14 * 18)]
    rows = [f"{at:%d/%m/%Y},{at:%H:%M},Billing (EN),20,{300 + at.hour}" for at in starts]
    (tmp_path / "export.csv").write_text("\n".join(["Date,Interval,Queue,Offered,AHT", *rows]) + "\n")
    workbook = xlsxwriter.Workbook(tmp_path / "staff.xlsx")
    sheet = workbook.add_worksheet()
    sheet.write_row(0, 0, ["start", "agents"])
    for row, at in enumerate(starts, 1):
        sheet.write_datetime(row, 0, at, workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"}))
        sheet.write(row, 1, 5.5)
    workbook.close()
    loaded = loads(scenario, base_dir=tmp_path)
    assert expected_contacts(loaded)["billing"] == pytest.approx(14 * 18 * 20)
    staffing = loaded.pools["desk"].staffing
    assert staffing is not None
    assert staffing.most == 6
