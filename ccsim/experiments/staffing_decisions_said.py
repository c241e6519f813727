"""What `ccsim staff` prints where decisions, such as a vendor's share, are searched beside the people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.experiments import staffing_said
from ccsim.experiments.staffing_decisions import cost_of, said
from ccsim.results.summary import aligned

if TYPE_CHECKING:
    from ccsim.experiments.staffing_decisions import Decided, FoundDecisions

MOST_NAMED: Final = 12
"""Values that are named of those that were not looked at."""


def lines(made: FoundDecisions, text: str = "", given: Sequence[str] = ()) -> Iterator[str]:
    """The answer for people: the values that were looked at, then the people of the best."""
    if text:
        yield text
    if made.best is not None:
        yield f"{made.answer.name}: cheapest with {said(made.best)}"
    elif all(one.found is None for _, one in made.looked):
        yield f"{made.answer.name}: no plan was found that meets all goals at any value that was looked at"
    else:
        what = "stopped; the cheapest so far" if made.stopped else "no plan was certified; the cheapest"
        yield f"{made.answer.name}: {what}, not certified"
    yield ""
    yield from aligned(list(_table(made)))
    yield ""
    yield from notes(made)
    yield ""
    decided = [f"{key}={value}" for key, value in made.best or ()]
    yield from staffing_said.lines(made.answer, [*given, *decided])


def notes(made: FoundDecisions) -> Iterator[str]:
    """What to know of the values: how sure they are, which were not looked at, what lies beyond the range."""
    if made.best is not None and len(made.looked) > 1:
        yield "Only the best is certified; the people of the other values are searched roughly."
    if made.not_looked:
        named = [_values(one) for one in made.not_looked]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        why = (
            " Cost is taken to fall and then to rise along the values, so the lowest lies between the neighbours that "
            "were looked at."
        )
        yield f"Not looked at: {', '.join(named[:MOST_NAMED])}{more}.{'' if made.stopped else why}"
    for key in made.at_an_end:
        yield f"{dict(made.best or ())[key]} is at the end of what {key} may be: values beyond it may cost less still."
    for values, trial in made.refuted:
        yield f"Fresh replications did not confirm {said(values)}: {staffing_said.missed(trial)}"


def _table(made: FoundDecisions) -> Iterator[list[str]]:
    """A row for each value that was looked at."""
    pools = [one.name for one in made.answer.levers]
    money = "Cost a day" if made.answer.priced else "People"
    yield [*made.decisions, *pools, money, "from the best", ""]
    best = cost_of(made.answer)
    for values, found in made.looked:
        row = [value for _, value in values]
        if found.found is None:
            yield [*row, *(["-"] * len(pools)), "-", "", "stopped" if found.stopped else "no plan meets all goals"]
            continue
        cost = cost_of(found)
        apart = (
            ""
            if values == made.best or cost == best
            else f"{'+' if cost >= best else '-'}{staffing_said.money(made.answer, abs(cost - best))}"
        )
        note = "the best, certified" if values == made.best else "stopped" if found.stopped else ""
        yield [*row, *map(str, found.found.heads), staffing_said.money(made.answer, cost), apart, note]


def _values(values: Decided) -> str:
    return values[0][1] if len(values) == 1 else said(values)


def document(made: FoundDecisions, text: str = "") -> dict[str, Any]:
    """The answer as one JSON document: that of the best, and all that was looked at."""
    return staffing_said.document(made.answer) | {
        "question": text or None,
        "decisions": {key: list(values) for key, values in made.decisions.items()},
        "best": None if made.best is None else dict(made.best),
        "certified": made.certified,
        "looked_at": [
            {
                "values": dict(values),
                "people": None
                if found.found is None
                else {one.name: n for one, n in zip(found.levers, found.found.heads, strict=True)},
                "cost_a_day_of_centre": None if found.found is None else found.found.cost,
                "certified": found.certified,
            }
            for values, found in made.looked
        ],
        "not_looked_at": [dict(values) for values in made.not_looked],
    }
