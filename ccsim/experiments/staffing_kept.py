"""A search for people as it is kept in a folder: its answer in words, and tables of every plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ccsim.experiments import staffing_decisions_said, staffing_said
from ccsim.experiments.staffing_decisions import FoundDecisions, cost_of, said
from ccsim.results.comparison_store import frame_of_rows
from ccsim.results.provenance import recorded_now
from ccsim.results.staff import KeptStaff
from ccsim.results.staff_columns import TABLES_OF_STAFF
from ccsim.results.text import limits_of

if TYPE_CHECKING:
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.experiments.staffing_model import Heads
    from ccsim.experiments.staffing_trials import Trial

    Plan = tuple[Trial, str]

Row = dict[str, Any]

FRESH: Final = "fresh"
SEARCH: Final = "search"
MOST_NAMED: Final = 6
"""So many pools are named in a sentence."""


def kept_search(
    made: FoundStaff | FoundDecisions,
    question: str,
    given: Sequence[str],
    *,
    elapsed: float,
    agents: Sequence[Row] = (),
    command: Sequence[str] | None = None,
) -> KeptStaff:
    """The search with its tables.

    Parameters
    ----------
    question
        What was asked, where the scenario's file says it.
    given
        Settings that belong to the plan.
    elapsed
        Seconds that it took.
    agents
        Agents on duty, rows of `agents_on_duty`.
    command
        Command line for the provenance; default this process's.
    """
    over = made if isinstance(made, FoundDecisions) else None
    answer = made.answer if isinstance(made, FoundDecisions) else made
    plans = _plans(answer)
    rows = {
        "people": list(_people(answer)),
        "plans": [_plan(answer, number, *one) for number, one in enumerate(plans)],
        "people_of_plans": [
            {"plan": number, "name": one.name, "people": n}
            for number, (trial, _) in enumerate(plans)
            for one, n in zip(answer.levers, trial.heads, strict=True)
        ],
        "goals_of_plans": [
            _goal(number, place, goal)
            for number, (trial, _) in enumerate(plans)
            for place, goal in enumerate(trial.goals)
        ],
        "values": [] if over is None else list(_values(over)),
        "agents": list(agents),
    }
    frames: dict[str, Any] = {name: frame_of_rows(rows[name], columns) for name, columns in TABLES_OF_STAFF.items()}
    return KeptStaff(
        name=answer.name,
        told=_told(answer, over, question, given, plans),
        **frames,
        provenance=recorded_now(command, elapsed),
    )


def _told(
    made: FoundStaff, over: FoundDecisions | None, question: str, given: Sequence[str], plans: Sequence[Plan]
) -> Row:
    decided = [] if over is None else [f"{key}={value}" for key, value in over.best or ()]
    document = staffing_said.document(made) if over is None else staffing_decisions_said.document(over, question)
    return {
        "question": question,
        "lead": _lead(made, over),
        "binds": list(_binds(made, over, plans)),
        "notes": [] if over is None else list(staffing_decisions_said.notes(over)),
        "variant": [] if made.found is None else list(staffing_said.pasted(made, [*given, *decided])),
        "goal": _critical(made, plans),
        "certified": made.certified,
        "stopped": made.stopped,
        "confidence": made.level,
        "probability": made.probability,
        "seed": made.seed,
        "currency": made.currency if made.priced else "",
        "guessed": made.guessed,
        "simulated": {
            "plans": made.plans,
            "replications": made.replications,
            "certificate": 0 if made.certificate is None else made.certificate.replications,
        },
        "answer": document,
    }


def _lead(made: FoundStaff, over: FoundDecisions | None) -> str:
    """The answer in a sentence or two."""
    if made.found is None:
        if made.nearest is None:
            return f"{'Stopped' if made.stopped else 'The search ended'} before a plan met all goals."
        none = staffing_said.none_found(made.nearest)
        return f"{none[0].upper()}{none[1:]}; the one that comes nearest is shown."
    heads = made.found.heads
    cost = made.cost_of(heads)
    price = f" for {staffing_said.money(made, cost)} a day" if made.priced else ""
    decided = "" if over is None or over.best is None else f", with {said(over.best)}"
    whom = f"{_named(made, heads)}{price}{decided}"
    if made.certified:
        confidence = f"with {made.level * 100:g} % confidence, by fresh replications"
        told = f"{whom}: the cheapest people found that meet {staffing_said.what_is_met(made)}, {confidence}."
    else:
        why = "the search was stopped" if made.stopped else "fresh replications confirmed no plan"
        told = f"{whom}: the cheapest people that the search took for good, not certified, as {why}."
    change = cost - made.cost_of(made.now_heads)
    before = f"{sum(made.now_heads):,} people of {'the first guess' if made.guessed else 'today'}"
    if round(abs(change)) == 0:
        return f"{told} That is as much as the {before}."
    much = staffing_said.money(made, abs(change)) + (" a day" if made.priced else "")
    return f"{told} That is {much} {'more' if change > 0 else 'less' if made.priced else 'fewer'} than the {before}."


def _named(made: FoundStaff, heads: Heads) -> str:
    """`21 people (leeds 10, sofia 11)`."""
    several = f"{sum(heads):,} {'person' if sum(heads) == 1 else 'people'}"
    if len(made.levers) > MOST_NAMED:
        return f"{several} in {len(made.levers)} pools or shifts"
    return f"{several} ({', '.join(f'{one.name} {n}' for one, n in zip(made.levers, heads, strict=True))})"


def _binds(made: FoundStaff, over: FoundDecisions | None, plans: Sequence[Plan]) -> Iterator[str]:
    """What keeps the plan from being cheaper, or a plan from meeting the goals."""
    if made.found is None:
        yield from staffing_said.binding(made)
        return
    less = [one.trial for one in made.neighbours if one.one_less]
    for place, goal in enumerate(made.now.goals):
        missing = sum(place in one.missed() for one in less)
        if missing and made.probability is None:
            yield f"{staffing_said.goal_title(goal)} binds: {_of_those(missing, len(less))} it or may miss it."
    now = next(trial for trial, _ in plans if trial.heads == made.now_heads)
    if now.heads != made.found.heads and (lacks := staffing_said.missed(now)):
        values = "" if over is None or over.best is None else f", with {said(over.best)},"
        yield f"{'The first guess' if made.guessed else 'The plan of today'}{values} {lacks}."
    fixed = [one.name for one, n in zip(made.levers, made.found.heads, strict=True) if n == one.most]
    least = [one.name for one, n in zip(made.levers, made.found.heads, strict=True) if n == one.least]
    if fixed:
        yield f"At the most people that were allowed: {', '.join(fixed)}."
    if least:
        yield f"At the fewest people that were allowed: {', '.join(least)}."


def _of_those(some: int, every: int) -> str:
    """`both plans with one person less miss`."""
    if every == 1:
        return "the plan with one person less misses"
    plans = f"{some} of {every}" if some < every else "both" if every == 2 else f"all {every}"
    return f"{plans} plans with one person less {'misses' if some == 1 else 'miss'}"


def _critical(made: FoundStaff, plans: Sequence[Plan]) -> int:
    """Place of the goal that cheaper plans miss most often; of no plan the one that the nearest misses."""
    whole = np.inf if made.found is None else made.cost_of(made.found.heads)
    seen = [trial for trial, _ in plans if made.cost_of(trial.heads) < whole]
    missed = [0] * len(made.now.goals)
    for trial in seen:
        for place in trial.missed():
            missed[place] += 2 if trial.goals[place]["verdict"] == "fail" else 1
    return max(range(len(missed)), key=lambda place: (missed[place], -place))


def _plans(made: FoundStaff) -> list[Plan]:
    """Every plan once, by cost, with the customers that tell of it: fresh ones where there are, else the search's."""
    known: dict[Heads, tuple[Trial, str]] = {}
    search = [made.now, made.nearest, *made.undecided, *made.looked, made.found]
    fresh = [*made.refuted, *(one.trial for one in made.neighbours), made.certificate]
    for trials, customers in ((search, SEARCH), (fresh, FRESH)):
        for trial in trials:
            before = None if trial is None else known.get(trial.heads)
            if trial is not None and (
                before is None or before[1] != customers or trial.replications >= before[0].replications
            ):
                known[trial.heads] = trial, customers
    return sorted(known.values(), key=lambda one: (made.cost_of(one[0].heads), one[0].heads))


def _roles(made: FoundStaff, heads: Heads) -> Iterator[str]:
    if made.found is not None and heads == made.found.heads:
        yield "found"
    if heads == made.now_heads:
        yield "now"
    if any(heads == one.trial.heads for one in made.neighbours):
        yield "beside"
    if made.found is None and made.nearest is not None and heads == made.nearest.heads:
        yield "nearest"


def _plan(made: FoundStaff, number: int, trial: Trial, customers: str) -> Row:
    if trial.together is not None:
        one = trial.together
        share: tuple[float | None, ...] = (one.met / one.of, one.low, one.high)
    else:
        share = trial.share_met(made.level) or (None, None, None)
    roles = list(_roles(made, trial.heads))
    beside = made.found is not None and "beside" in roles
    return {
        "plan": number,
        "role": ", ".join(roles),
        "customers": customers,
        "differs": _differs(made, trial.heads),
        "people": sum(trial.heads),
        "cost": made.cost_of(trial.heads),
        "cost_of_centre": trial.cost,
        "verdict": trial.verdict,
        "replications": trial.replications,
        **dict(zip(("all_goals", "all_goals_low", "all_goals_high"), share, strict=True)),
        "misses": staffing_said.beside_it(made, trial) if beside else staffing_said.missed(trial),
    }


def _differs(made: FoundStaff, heads: Heads) -> str:
    """How the people differ from those that were found: `leeds 9 (-1), sofia 12 (+1)`."""
    base = made.now_heads if made.found is None else made.found.heads
    return ", ".join(
        f"{one.name} {n} ({n - found:+d})" for one, n, found in zip(made.levers, heads, base, strict=True) if n != found
    )


def _goal(plan: int, place: int, goal: Mapping[str, Any]) -> Row:
    same = ("kpi", "at_least", "at_most", "estimate", "low", "high", "unit", "verdict", "probability")
    named = {"title": staffing_said.goal_title(goal), "asked": limits_of(goal)}
    return {"plan": plan, "goal": place, **named, **{name: goal[name] for name in same}}


def _people(made: FoundStaff) -> Iterator[Row]:
    found = [None] * len(made.levers) if made.found is None else list(made.found.heads)
    for one, n, cost, less in zip(made.levers, found, made.costs, staffing_said.one_less(made), strict=True):
        yield {
            "name": one.name,
            "pool": one.pool,
            "shift": one.shift,
            "key": one.key,
            "now": one.now,
            "found": n,
            "least": one.least,
            "most": one.most,
            "cost_of_one": cost if made.priced else None,
            "cost_now": cost * one.now if made.priced else None,
            "cost_found": cost * n if made.priced and n is not None else None,
            "one_less": less,
        }


def _values(made: FoundDecisions) -> Iterator[Row]:
    looked = dict(made.looked)
    every = sorted([*looked, *made.not_looked], key=lambda values: _order(made, values))
    for number, values in enumerate(every):
        found = looked.get(values)
        heads = None if found is None or found.found is None else found.found.heads
        for key, value in values:
            yield {
                "value": number,
                "key": key,
                "set_to": value,
                "state": _state(made, values, found),
                "people": None if heads is None else sum(heads),
                "cost": None if found is None or heads is None else cost_of(found),
                "people_by_pool": ""
                if found is None or heads is None
                else ", ".join(f"{one.name} {n}" for one, n in zip(found.levers, heads, strict=True)),
            }


def _order(made: FoundDecisions, values: Sequence[tuple[str, str]]) -> list[int]:
    return [made.decisions[key].index(value) for key, value in values]


def _state(made: FoundDecisions, values: Any, found: FoundStaff | None) -> str:
    if found is None:
        return "not looked at"
    if values == made.best:
        return "best"
    return "stopped" if found.stopped else "no plan" if found.found is None else "looked at"
