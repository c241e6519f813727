"""What `ccsim solve` says: the answer with its interval, and the points that it rests on."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ccsim.kpis.definitions import KPIS
from ccsim.results.summary import aligned
from ccsim.results.text import decimals_for, plain, short, shown
from ccsim.text.ranges import number_text

if TYPE_CHECKING:
    from ccsim.experiments.root_search import Gap
    from ccsim.experiments.solve import Solved


def told_of(made: Solved) -> dict[str, Any]:
    """The answer for its page and folder."""
    target = "that of the base" if made.target.value is None else plain(made.target.value, made.unit.partition("/")[0])
    title = KPIS[made.target.kpi].title
    return document(made) | {
        "question": f"At which {made.key} is {title[0].lower() + title[1:]} {target}?",
        "answer": list(answer(made)),
        "kpi_unit": made.unit,
    }


def document(made: Solved) -> dict[str, Any]:
    """The answer as one JSON document."""
    found = made.found

    def value(part: Fraction | None) -> float | None:
        return None if part is None else made.at(part)

    return {
        "solve": made.scenario,
        "key": made.key,
        "from": made.said(Fraction(0)),
        "to": made.said(Fraction(1)),
        "unit": "microseconds" if made.span.unit == "us" else made.span.unit,
        "until": made.target.said,
        "kpi": made.target.kpi,
        "base": made.base or None,
        "target": made.base_value if made.target.value is None else made.target.value,
        "outcome": found.outcome,
        "value": value(found.root),
        "low": value(found.low),
        "high": value(found.high),
        "precise": found.precise,
        "not_monotone": found.turns,
        "replications": found.replications,
        "seed": made.seed,
        "points": [
            {
                "value": one.said,
                "at": made.at(one.gap.part),
                "result": one.gap.value,
                "difference": one.gap.gap,
                "low": _finite(one.gap.low),
                "high": _finite(one.gap.high),
                "replications": one.gap.replications,
            }
            for one in made.looked
        ],
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def lines(made: Solved) -> Iterator[str]:
    """The answer for people, line by line."""
    unit = made.unit.partition("/")[0]
    title = KPIS[made.target.kpi].title
    yield from answer(made)
    yield ""
    against = "difference" if made.target.value is None else "above it"
    cells = [[made.key, title, against, "replications"]]
    cells += [
        [one.said, short(one.gap.value, None, unit), _gap(one.gap, unit), str(one.gap.replications)]
        for one in made.looked
    ]
    yield from aligned(cells)
    yield ""
    yield (
        f"Common random numbers, seed {made.seed}; intervals hold with 95 %, that of the answer has every value "
        "at which it is not refuted."
    )
    yield f"Results: {made.sweep.folder}" if made.sweep is not None else "Results were not stored"


def answer(made: Solved) -> Iterator[str]:
    """The answer in sentences."""
    unit = made.unit.partition("/")[0]
    if made.target.value is None:
        goal = f"that of {made.base}, {short(made.base_value, None, unit)}"
    else:
        goal = plain(made.target.value, unit)
    between = f"{made.said(Fraction(0))} and {made.said(Fraction(1))}"
    yield from _answer(made, KPIS[made.target.kpi].title, goal, between)
    if made.found.turns:
        yield "It goes back by more than its noise somewhere in the range: see the points."


def _answer(made: Solved, title: str, goal: str, between: str) -> Iterator[str]:
    found = made.found
    low, high = found.low, found.high
    if found.outcome == "root":
        assert found.root is not None
        assert low is not None
        assert high is not None
        yield f"{title} is {goal} at {made.key} = {_with_ends(made, found.root, low, high)}."
        if not found.precise:
            yield f"{found.replications} replications do not tell it more exactly; --max-replications gives it more."
    elif found.outcome in ("neighbours", "jump", "steps"):
        assert low is not None
        assert high is not None
        ends = [next(one for one in made.looked if one.gap.part == part) for part in (low, high)]
        ways = [f"{'above' if one.gap.gap > 0 else 'below'} it at {one.said}" for one in ends]
        yield f"{title} passes {goal} between {made.key} = {ends[0].said} and {ends[1].said}: {' and '.join(ways)}."
        if found.outcome == "jump":
            yield "It jumps there: no value between has it."
        elif found.outcome == "steps":
            yield "People follow in whole numbers, so it changes in steps between these: the answer is the interval."
            if not found.precise:
                yield (
                    f"{found.replications} replications do not tell on which of several steps; --max-replications "
                    "gives it more."
                )
        elif not found.precise:
            yield (
                f"{found.replications} replications do not tell on which side the values between them are; "
                "--max-replications gives it more."
            )
    elif found.outcome == "no change":
        way = "above" if made.looked[0].gap.gap > 0 else "below"
        yield f"{title} does not reach {goal} between {between} of {made.key}: it is {way} at both ends."
    elif found.outcome == "several":
        yield f"{title} passes {goal} more than once between {between} of {made.key}: see the points."
    else:
        yield (
            f"It is not decided whether {title} reaches {goal} between {between} of {made.key}: at an end it cannot be "
            f"told from that with {found.replications} replications."
        )


def _with_ends(made: Solved, root: Fraction, low: Fraction, high: Fraction) -> str:
    ends = sorted((made.at(low), made.at(high)))
    if ends[0] == ends[1]:
        return made.said(root)
    half = (ends[1] - ends[0]) / 2
    if made.span.unit == "us":
        half_digits = decimals_for(half)
        return f"{_time(made.at(root), half_digits)} ({_time(ends[0], half_digits)} to {_time(ends[1], half_digits)})"
    decimals = decimals_for(half)
    texts = [number_text(made.span, value, decimals) for value in (made.at(root), *ends)]
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


def _time(micros: float, decimals: int) -> str:
    from ccsim.text.scalars import duration_text

    return duration_text(round(round(micros, decimals)))


def _gap(gap: Gap, unit: str) -> str:
    """A difference with its interval; shares in points."""
    if not math.isfinite(gap.low):
        return "-"
    scale, name = (100.0, "") if unit == "share" else (1.0, unit)
    text = (
        shown(gap.gap * scale, (gap.low * scale, gap.high * scale), name).replace(" )", ")").replace("  ", " ").strip()
    )
    text = text.removesuffix(" in every replication")
    return f"+{text}" if gap.gap > 0 else text
