"""The page of a run: one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from ccsim.metrics.sums import Sums
from ccsim.report import method, overview, sentences
from ccsim.report.assumptions import assumptions
from ccsim.report.drawing import Figures, figures_last, load_drawing
from ccsim.report.facts import Facts
from ccsim.report.page import put_page, render_page, template_of
from ccsim.report.sections import all_sections, drawn_sections
from ccsim.report.service import Service
from ccsim.report.splits import Splits
from ccsim.report.staffing import staffing_of
from ccsim.report.trust import checks, remarks, summary
from ccsim.results.run import Run

TEMPLATE: Final = Path(__file__).parent / "run.html"


def run_page(run: Run, estimates: Callable[[], pd.DataFrame] | None = None, sums: Sums | None = None) -> str:
    """The page of a run as HTML; the same run gives the same text.

    `estimates` gives those of a run that has not all of them yet; it is called once all is made that needs none. `sums`
    are those of the run's tables, for who has them already.
    """
    with figures_last() as figures:
        return figures.put_into(_page(Facts(run, estimates, sums), figures))


def prepare_pages() -> None:
    """Load what makes a page, for one that will be asked for soon."""
    load_drawing()
    template_of(TEMPLATE)


def _page(facts: Facts, figures: Figures) -> str:
    run = facts.run
    service, staffing = Service(facts), staffing_of(run.tables, facts.clock)
    picture = overview.picture(facts, service, staffing)
    drawn = drawn_sections(facts, service, staffing)
    figures.begin()
    splits = Splits(facts, facts.threshold)
    splits.prepare()
    trust = checks(facts)
    assumed = assumptions(facts.scenario)
    goals, tiles = overview.goal_lines(facts), overview.tiles(facts)
    sections = all_sections(facts, staffing, splits, drawn)
    return render_page(
        TEMPLATE,
        title=facts.title,
        name=run.name,
        stopped=run.stopped,
        asked=run.provenance.get("replications_asked"),
        replications=run.replications,
        answer=sentences.answer(facts),
        summary=overview.summary_row(facts),
        goals=goals,
        tiles=tiles,
        picture=picture,
        sections=sections,
        trust=trust,
        trust_said=summary(trust),
        words=method.words(facts),
        definitions=method.definitions(facts, sorted(facts.used)),
        simulated=list(method.simulated(facts)),
        versions=method.versions(facts),
        files=method.files(facts),
        holidays=method.holidays(facts),
        assumptions=assumed,
        assumed=remarks(facts, "assumed"),
        read=remarks(facts, "read"),
    )


def write_report(run: Run, path: Path) -> None:
    """Write the page of a run, whole or not at all; `OutputError` if that cannot be done."""
    put_page(run_page(run), path)
