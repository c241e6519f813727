"""The page of a comparison: one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ccsim.errors import OutputError
from ccsim.report import compared as parts
from ccsim.report import method
from ccsim.report.compared import Compared
from ccsim.report.facts import Facts
from ccsim.report.numbers import amount
from ccsim.report.page import render_page, write_page
from ccsim.report.trust import checks, summary
from ccsim.results.comparison import Comparison
from ccsim.results.parquet import plain_rows

TEMPLATE: Final = Path(__file__).parent / "compare.html"


def compare_page(made: Comparison) -> str:
    """The page of a comparison as HTML; the same comparison gives the same text."""
    compared = Compared(made)
    goals, picture = parts.goal_table(compared), parts.differences(compared)
    trade, side = parts.trade(compared), parts.side_by_side(compared)
    others = len(made.variants)
    return render_page(
        TEMPLATE,
        title=f"{compared.facts.title}: {others} variant{'s' * (others != 1)} compared",
        name=made.base.name,
        summary=[f"{made.replications} paired replications", f"seed {made.seed}", f"base {made.base.name}"],
        answer=parts.answer(compared),
        until=made.method if made.decided is not None else None,
        variants=parts.variant_lines(compared),
        goals=goals,
        picture=picture,
        trade=trade,
        side=side,
        trust=list(_trust(made)),
        intervals=made.method["text"],
        words=[one for one in method.words(compared.facts) if one.key == "interval"],
        definitions=method.definitions(compared.facts, sorted(compared.facts.used)),
        played=list(method.played(compared.facts)),
        versions=method.versions(compared.facts),
    )


def _trust(made: Comparison) -> Iterator[tuple[str, str]]:
    """What is known of the pairing, then the checks of every alternative's run."""
    saved = sorted(row["pairing_saved"] for row in plain_rows(made.differences) if row["pairing_saved"] is not None)
    if saved:
        yield (
            "Pairing",
            "The same contacts have the same luck in every alternative. Without that, the variance of a difference "
            f"would be {amount(saved[len(saved) // 2])} times as large (median over KPIs and parts).",
        )
    for one in made.alternatives:
        yield one.name, summary(checks(Facts(made.runs[one.name])))


def write_compare_report(made: Comparison, path: Path) -> None:
    """Write the page of a comparison, whole or not at all; `OutputError` if that cannot be done."""
    text = compare_page(made)
    try:
        write_page(text, path)
    except (OSError, ValueError) as error:
        raise OutputError(f"{path}: could not be written: {getattr(error, 'strerror', None) or error}") from None
