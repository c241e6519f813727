"""The page of a comparison: one HTML file that opens without a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ccsim.report import compare_answer, compare_charts, compare_trust, compare_words, method
from ccsim.report.chosen_compared import chosen_of_comparison
from ccsim.report.compare_freed import freed_section
from ccsim.report.compare_goals import goal_table, matrix
from ccsim.report.compare_tables import side_by_side
from ccsim.report.compare_tiles import shown_alternative, tiles
from ccsim.report.compared import Compared
from ccsim.report.drawing import figures_last
from ccsim.report.method import Definition
from ccsim.report.page import put_page, render_page
from ccsim.report.trust import summary
from ccsim.results.comparison import Alternative, Comparison

TEMPLATE: Final = Path(__file__).parent / "compare.html"
WORDS: Final = (
    Definition(
        "best",
        "Best: P(mean is best)",
        "Probability that the alternative's true mean is the best of all: the share of bootstrap "
        "samples of whole replications in which it is.",
    ),
    Definition(
        "won",
        "Won",
        "Share of single replications in which the alternative was the best; ties are shared. A small "
        "but significant advantage may win only slightly more than its rivals.",
    ),
    Definition(
        "not-decided",
        "Not decided",
        "The interval of the difference includes 0. The number of further replications assumes that "
        "the difference stays as it is.",
    ),
)


def compare_page(made: Comparison) -> str:
    """The page of a comparison as HTML; the same comparison gives the same text."""
    with figures_last() as figures:
        return figures.put_into(_page(made))


def _page(made: Comparison) -> str:
    compared = Compared(made)
    picture, charts = compare_charts.trade(compared), compare_charts.differences(compared)
    if picture is None and charts:
        picture, *charts = charts
    trust = compare_trust.checks(compared)
    others = len(made.variants)
    shown: dict[str, Any] = {
        "matrix": matrix(compared),
        "goals": goal_table(compared),
        "tiles": tiles(compared),
        "shown": compared.short(shown_alternative(compared)),
        "side": side_by_side(compared),
    }
    return render_page(
        TEMPLATE,
        title=f"{compared.facts.title}: {others} variant{'s' * (others != 1)} compared",
        name=compared.base_name,
        question=compare_answer.question(compared),
        answer=compare_answer.answer(compared),
        summary=[
            made.replications_told,
            f"seed {made.seed}",
            f"base {made.base.name}",
            "± is half a 95 % interval, (from to) its ends",
        ],
        until=made.method if made.decided is not None else None,
        variants=[_variant(compared, one) for one in made.variants],
        picture=picture,
        charts=charts,
        how=compare_charts.HOW,
        chosen=chosen_of_comparison(compared),
        freed=freed_section(compared),
        trust=trust,
        trust_said=summary(trust),
        intervals=made.method["text"],
        words=[*(one for one in method.words(compared.facts) if one.key == "interval"), *WORDS],
        definitions=method.definitions(compared.facts, sorted(compared.facts.used)),
        simulated=list(method.simulated(compared.facts)),
        versions=method.versions(compared.facts),
        **shown,
    )


def _variant(compared: Compared, variant: Alternative) -> Mapping[str, object]:
    """Name, effect and changes of a variant."""
    short = compare_words.changes_in_short(variant.changes)
    return {
        "name": compared.short(variant),
        "sentence": compare_words.sentence(compared, variant),
        "short": short.replace(" -> ", " \N{RIGHTWARDS ARROW} "),
        "changes": [one.replace(" -> ", " \N{RIGHTWARDS ARROW} ") for one in variant.changes],
        "folded": short != "; ".join(variant.changes),
    }


def write_compare_report(made: Comparison, path: Path) -> None:
    """Write the page of a comparison, whole or not at all; `OutputError` if that cannot be done."""
    put_page(compare_page(made), path)
