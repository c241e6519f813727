"""What `ccsim staff` prints: people by pool, what one person less would miss, the certificate, and lines to paste."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ccsim.results.summary import aligned
from ccsim.results.text import ends_of, limits_of, rounded, shown

if TYPE_CHECKING:
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.experiments.staffing_model import Heads
    from ccsim.experiments.staffing_trials import Trial

SHORTER_FROM: Final = 12
"""From so many pools on, of another plan only what differs is said."""
SHOWN: Final = 12
"""So many pools of it at most."""


def lines(made: FoundStaff, given: Sequence[str] = ()) -> Iterator[str]:
    """The answer for people, line by line; `given`: settings that belong to the plan."""
    if made.found is None:
        yield from _not_met(made)
        return
    yield _head(made)
    yield ""
    yield from aligned(list(_table(made)), [True, False, False, False, True])
    yield from _free(made)
    yield ""
    yield from _certificate(made)
    yield from _others(made)
    yield ""
    yield f"{made.plans} plans and {made.replications:,} replications simulated, seed {made.seed}. To use it, paste:"
    yield ""
    yield from pasted(made, given)


def pasted(made: FoundStaff, given: Sequence[str]) -> Iterator[str]:
    """The plan as a variant in YAML, with the settings that belong to it."""
    assert made.found is not None
    yield "variants:"
    yield "  staff:"
    for key, _, value in (one.partition("=") for one in given):
        yield f"    {key.strip()}: {value.strip()}"
    for one, n in zip(made.levers, made.found.heads, strict=True):
        yield f"    {one.key}: {n}"


def what_is_met(made: FoundStaff) -> str:
    """The goals in words: `both goals`, `all 3 goals at once in at least 90 % of the replications`."""
    goals = len(made.now.goals)
    met = "the goal" if goals == 1 else "both goals" if goals == 2 else f"all {goals} goals"
    if made.probability is not None:
        met += f" at once in at least {made.probability * 100:g} % of the replications"
    return met


def _head(made: FoundStaff) -> str:
    if made.stopped:
        return f"{made.name}: stopped; the best so far, not certified"
    if not made.certified:
        return f"{made.name}: no plan was certified; the cheapest that the search took for good, not certified"
    level = f"{made.level * 100:g} %"
    return f"{made.name}: the cheapest people that meet {what_is_met(made)}, with a confidence of {level}"


def _table(made: FoundStaff) -> Iterator[list[str]]:
    found = made.found
    assert found is not None
    yield [
        "Pool",
        "guess" if made.guessed else "now",
        "found",
        "cost a day" if made.priced else "people",
        "one person less",
    ]
    for one, n, cost, less in zip(made.levers, found.heads, made.costs, one_less(made), strict=True):
        yield [one.name, str(one.now), str(n), money(made, cost * n), less]
    whole = made.cost_of(found.heads)
    change = whole - made.cost_of(made.now_heads)
    with_what = "the first guess" if made.guessed else "now"
    compared = f"{'+' if change >= 0 else '-'}{money(made, abs(change))} compared with {with_what}"
    yield ["all", str(sum(made.now_heads)), str(sum(found.heads)), money(made, whole), compared]


def one_less(made: FoundStaff) -> list[str]:
    """What one person less would miss, by pool; empty texts where no plan was found."""
    if made.found is None:
        return [""] * len(made.levers)
    less = {one.one_less: one.trial for one in made.neighbours if one.one_less}
    told = []
    for place, (one, n) in enumerate(zip(made.levers, made.found.heads, strict=True)):
        beside = beside_it(made, less[one.name]) if one.name in less else "at its least" if n == one.least else ""
        told.append(beside or (_foreseen(made, place) if place in made.foreseen else "not simulated"))
    return told


def _foreseen(made: FoundStaff, place: int) -> str:
    """What one person less in a pool is foreseen to change."""
    assert made.found is not None
    number, change = made.foreseen[place]
    goal = made.found.goals[number]
    share = goal["unit"] == "share"
    return f"foreseen: {goal_title(goal)} {change * (100 if share else 1):+.2g} {'points' if share else goal['unit']}"


def _free(made: FoundStaff) -> Iterator[str]:
    """Pools whose people cost nothing, where others have a price: a search takes as many as help."""
    free = [one.name for one, cost in zip(made.levers, made.costs, strict=True) if cost <= 0]
    if free:
        yield f"Without a price, so people cost nothing here: {', '.join(free)}; give a `paid_hour`, or see --pools"


def money(made: FoundStaff, value: float) -> str:
    """A cost, or people where nobody has a price."""
    return f"{rounded(value, 0)} {made.currency}" if made.priced else f"{value:.0f}"


def missed(trial: Trial) -> str:
    """What a plan misses."""
    if trial.together is not None:
        word = {"fail": "misses: ", "inconclusive": "may miss: "}.get(trial.verdict, "")
        return f"{word}{_at_once(trial)}" if word else ""
    said = []
    for goal in trial.goals:
        if goal["verdict"] != "pass":
            word = "misses" if goal["verdict"] == "fail" else "may miss"
            said.append(f"{word} {goal_title(goal)}: {shown(goal['estimate'], ends_of(goal), goal['unit'])}")
    return "; ".join(said)


def _at_once(trial: Trial) -> str:
    """The probability of all goals at once, with its exact interval."""
    one = trial.together
    assert one is not None
    return (
        f"all goals at once in {one.met / one.of * 100:.0f} % of the replications "
        f"({one.low * 100:.0f} to {one.high * 100:.0f} %)"
    )


def beside_it(made: FoundStaff, trial: Trial) -> str:
    """What a neighbour misses; of one that passed beside the plan, why it is not the answer."""
    refuted = trial.heads in {one.heads for one in made.refuted}
    return missed(trial) or ("passed here, refuted by other customers" if refuted else "passed here, not certified")


def goal_title(goal: Mapping[str, Any]) -> str:
    """The KPI of a judged goal and what it is of: `Service level, 20s (channel phone)`."""
    from ccsim.metrics.paired import title_of

    scope = "".join(f" ({what} {name})" for what, name in goal["scope"].items())
    return f"{title_of(goal['kpi'], goal['threshold_s'])}{scope}"


def _goal_rows(trial: Trial) -> list[list[str]]:
    return [
        [
            goal["verdict"],
            goal_title(goal),
            limits_of(goal),
            shown(goal["estimate"], ends_of(goal), goal["unit"]),
        ]
        for goal in trial.goals
    ]


def _indented(rows: list[list[str]]) -> Iterator[str]:
    return (f"  {line}" for line in aligned(rows))


def _certificate(made: FoundStaff) -> Iterator[str]:
    trial = made.certificate
    if trial is None:
        return
    held = " (intervals that hold for all goals at once)" if len(trial.goals) > 1 else ""
    yield f"Certificate: {trial.replications} fresh replications{held}"
    yield from _indented(_goal_rows(trial))
    if trial.together is not None:
        yield f"  {trial.verdict}  {_at_once(trial)}; asked: at least {trial.together.asked * 100:g} %"
    elif (share := trial.share_met(made.level)) is not None:
        met, low, high = (f"{one * 100:.0f} %" for one in share)
        yield f"  all goals are met in {met} of the replications taken alone ({low} to {high})"
    yield f"  cost a day of the whole centre: {money(made, trial.cost)}" if made.priced else "  nobody has a price"


def _others(made: FoundStaff) -> Iterator[str]:
    swaps = [one for one in made.neighbours if not one.one_less]
    if swaps:
        yield ""
        yield "Cheaper plans beside it"
        yield from _indented(
            [[_people(made, one.trial.heads), money(made, one.cost), beside_it(made, one.trial)] for one in swaps]
        )
    beside = {one.trial.heads for one in made.neighbours}
    assert made.found is not None
    whole = made.cost_of(made.found.heads)
    open_ = [one for one in (*made.undecided, *made.refuted) if one.verdict == "inconclusive"]
    known = [one for one in open_ if one.heads not in beside and made.cost_of(one.heads) < whole]
    if known:
        yield ""
        yield "Not certain to miss the goals: more replications (--max-replications) may tell"
        seen = {one.heads: one for one in known}
        yield from _indented(
            [
                [_people(made, one.heads), money(made, made.cost_of(one.heads)), missed(one)]
                for one in sorted(seen.values(), key=lambda one: (made.cost_of(one.heads), one.heads))[:5]
            ]
        )


def _people(made: FoundStaff, heads: Heads) -> str:
    """People by pool; of many pools those that differ from the plan that was found."""
    assert made.found is not None
    whole = list(zip(made.levers, heads, made.found.heads, strict=True))
    few = [(one, n, found) for one, n, found in whole if n != found] if len(whole) >= SHORTER_FROM else whole
    said = [f"{one.name} {n}" for one, n, _ in few]
    if len(said) > SHOWN:
        said = [*said[:SHOWN], f"and {len(said) - SHOWN} pools more that differ"]
    return ", ".join(said)


def none_found(nearest: Trial) -> str:
    """That no plan will do; if the nearest one may, that replications do not show it."""
    meets = "meets" if nearest.verdict == "fail" else "is shown to meet"
    return f"no plan was found within the bounds that {meets} all goals"


def _not_met(made: FoundStaff) -> Iterator[str]:
    """Where no plan will do: what the most people reach, and which pool would help most."""
    if made.nearest is None:
        yield f"{made.name}: {'stopped before' if made.stopped else 'the search ended before'} a plan met all goals"
        return
    top = all(n == one.most for one, n in zip(made.levers, made.nearest.heads, strict=True))
    near = "With the most people in every pool:" if top else "The one that comes nearest:"
    unsure = made.nearest.verdict != "fail"
    if unsure:
        near = f"{near[:-1]}, {made.nearest.replications} replications cannot tell (--max-replications):"
    yield f"{made.name}: {none_found(made.nearest)}. {near}"
    yield ""
    yield from _indented(_goal_rows(made.nearest))
    if (at_once := made.nearest.together) is not None:
        yield f"  {at_once.verdict}  {_at_once(made.nearest)}; asked: at least {at_once.asked * 100:g} %"
    if bound := list(binding(made)):
        yield ""
        yield from bound


def binding(made: FoundStaff) -> Iterator[str]:
    """Where no plan will do: which goals bind, and where people would help most."""
    if made.binding is None or made.nearest is None:
        return
    if len(made.binding.slopes) == 1 and made.nearest.together is not None:
        gains = made.binding.slopes[0]
        yield (
            f"more people in {made.levers[int(np.argmax(gains))].name} would help most"
            if gains.max() > 0
            else ("more people in no pool would help")
        )
        return
    for row, side in enumerate(_sides(made)):
        if side in made.nearest.missed():
            gains = made.binding.slopes[row]
            pool = made.levers[int(np.argmax(gains))]
            title = goal_title(made.nearest.goals[side])
            if gains.max() > 0:
                yield f"{title} binds: more people in {pool.name} would help most (its bound: {pool.most})"
            else:
                yield f"{title} binds: more people in no pool would help"


def _sides(made: FoundStaff) -> list[int]:
    """Goal of every row of the slopes: one for each limit."""
    assert made.nearest is not None
    limits = ((number, goal[name]) for number, goal in enumerate(made.nearest.goals) for name in _LIMITS)
    return [number for number, limit in limits if limit is not None]


_LIMITS = ("at_least", "at_most")


def document(made: FoundStaff) -> dict[str, Any]:
    """The answer as one JSON document."""
    found = made.found
    return {
        "scenario": made.name,
        "confidence": made.level,
        "probability": made.probability,
        "seed": made.seed,
        "certified": made.certified,
        "stopped": made.stopped,
        "currency": made.currency if made.priced else None,
        "pools": [
            {
                "pool": one.pool,
                "shift": one.shift or None,
                "key": one.key,
                "now": one.now,
                "found": None if found is None else found.heads[place],
                "least": one.least,
                "most": one.most,
                "cost_a_day_of_one": made.costs[place] if made.priced else None,
            }
            for place, one in enumerate(made.levers)
        ],
        "cost_a_day": None if found is None else made.cost_of(found.heads),
        "cost_a_day_now": made.cost_of(made.now_heads),
        "certificate": _trial(made, made.certificate),
        "cheaper": [
            {"one_less": one.one_less or None, "cost_a_day": one.cost} | (_trial(made, one.trial) or {})
            for one in made.neighbours
        ],
        "undecided": [_trial(made, one) for one in made.undecided],
        "refuted": [_trial(made, one) for one in made.refuted],
        "most_people": _trial(made, made.nearest),
        "plans": made.plans,
        "replications": made.replications,
    }


def _trial(made: FoundStaff, trial: Trial | None) -> dict[str, Any] | None:
    if trial is None:
        return None
    share = trial.share_met(made.level)
    return {
        "people": {one.name: n for one, n in zip(made.levers, trial.heads, strict=True)},
        "verdict": trial.verdict,
        "replications": trial.replications,
        "cost_a_day_of_centre": trial.cost,
        "all_goals_exact": None
        if trial.together is None
        else {
            "met": trial.together.met,
            "of": trial.together.of,
            "low": trial.together.low,
            "high": trial.together.high,
        },
        "all_goals": None if share is None else dict(zip(("share", "low", "high"), share, strict=True)),
        "goals": list(trial.goals),
    }
