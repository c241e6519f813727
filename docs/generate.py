"""Write the reference pages that are made from the code: `python -m docs.generate`."""

from __future__ import annotations

from pathlib import Path

from ccsim.export.reference import star_markdown
from ccsim.metrics.reference import kpis_markdown
from ccsim.results.reference import tables_markdown
from ccsim.scenario.reference import reference
from ccsim.scenario.studies import study_markdown

FOLDER = Path(__file__).parent / "reference"
PAGES = {
    "kpis.md": kpis_markdown,
    "tables.md": tables_markdown,
    "star.md": star_markdown,
    "scenario.md": reference,
    "studies.md": study_markdown,
}


def main() -> None:
    for name, text in PAGES.items():
        (FOLDER / name).write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
