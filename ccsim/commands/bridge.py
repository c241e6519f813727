"""`ccsim bridge`: why two stored runs cost what they cost, driver by driver."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ccsim.commands.options import Json
from ccsim.commands.output import ending, reading, tell

if TYPE_CHECKING:
    from ccsim.metrics.bridge import CostBridge
    from ccsim.results.run import Run


def bridge(
    base: Annotated[Path, typer.Argument(help="Folder of a run.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="Folder of another run.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Take the difference in cost a day between two stored runs apart: contacts, agent time per contact, occupancy,
    shrinkage, price of a paid hour, and what is not paid by the hour.

    The steps add up to the difference. The simulator is not loaded. Exit code 0: done; 2: no run there, or nothing to
    take apart; 5: a folder is damaged.
    """
    from ccsim.metrics.bridge import cost_bridge
    from ccsim.results.run import Run

    with ending():
        runs = []
        for folder in (base, new):
            with reading(folder):
                runs.append(Run.read(folder))
        made = cost_bridge(*runs)
    tell(lambda: _document(made, *runs), lambda: _lines(made, *runs), as_json=as_json)


def _document(made: CostBridge, base: Run, new: Run) -> dict[str, Any]:
    from ccsim.kpis.definitions import MAIN_COST
    from ccsim.metrics.bridge import DRIVERS

    return {
        "base": {"run": base.name, "digest": base.digest, MAIN_COST: made.base},
        "new": {"run": new.name, "digest": new.digest, MAIN_COST: made.new},
        "currency": base.measured.currency,
        "difference_per_day": made.difference,
        "difference_half_width": made.half_width,
        "paired": made.paired,
        "steps": [
            {
                "driver": one.driver,
                "unit": DRIVERS[one.driver][1].replace("money", base.measured.currency),
                "base": one.base,
                "new": one.new,
                "effect_per_day": one.effect,
                "effect_half_width": one.half_width,
                "shapley_per_day": one.shapley,
            }
            for one in made.steps
        ],
    }


def _lines(made: CostBridge, base: Run, new: Run) -> list[str]:
    from ccsim.metrics.bridge import DRIVERS
    from ccsim.results.summary import aligned
    from ccsim.results.text import few, rounded, three_digits

    currency = base.measured.currency
    head = f"Cost a day: {base.name} {rounded(made.base, 0)} {currency}, {new.name} {rounded(made.new, 0)} {currency}"
    rows = [("  what changed", base.name, new.name, f"{currency} a day", "in any order")]
    for one in made.steps:
        title, unit = DRIVERS[one.driver]
        mark = unit.replace("money", currency)
        rows.append(
            (
                f"  {title}, {mark}",
                three_digits(one.base),
                three_digits(one.new),
                _signed(one.effect, one.half_width),
                _signed(one.shapley, one.half_width, alone=True),
            )
        )
    rows.append(("  together", "", "", _signed(made.difference, made.half_width), ""))
    lines = [head, *aligned(rows)]
    lines.append("Each step changes one thing more, from the top; `in any order` is the mean over all orders.")
    if made.half_width is not None:
        kind = "paired differences" if made.paired else "runs that are not paired (other seeds or replications)"
        lines.append(f"95 % intervals of {kind}.")
    return [*lines, *filter(None, [few(base.replications)])]


def _signed(value: float, half: float | None, *, alone: bool = False) -> str:
    """An amount with its sign and, unless alone, the half-width of its interval."""
    from ccsim.results.text import decimals_for, rounded, three_digits

    if not half:
        text = three_digits(abs(value))
        return text if text == "0" else f"{'-' if value < 0 else '+'}{text}"
    decimals = decimals_for(half)
    text = rounded(abs(value), decimals)
    signed = text if not text.strip("0.,") else f"{'-' if value < 0 else '+'}{text}"
    return signed if alone else f"{signed} ± {rounded(half, decimals)}"
