"""The answer of a comparison: which alternatives meet all goals, which of those is the cheapest, and by how much.

Goals are thresholds: better than a goal that is met already is no gain, worse within it is no loss. Which alternative
is chosen is found in `ccsim.metrics.standing`; here it is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ccsim.kpis.verdicts import STANDINGS
from ccsim.metrics.standing import more_replications
from ccsim.report import sentences
from ccsim.report.compare_sizes import amount, beside_chosen, cost_words, half, in_agents, listed, way
from ccsim.report.compared import COST, Compared, Goal, about, percent
from ccsim.results.comparison import Alternative
from ccsim.results.text import ends_of, short

FEW: Final = 2
"""So many alternatives, or goals, are each named; of more, how many there are."""
NEVER_SURE: Final = 1e-4
"""One of the bootstrap's samples."""
NAMED: Final = 3
"""So many that meet all goals are named."""


def question(compared: Compared) -> str:
    """What was asked: `Which of desk and more_agents meets all 3 goals at the least cost?`."""
    names = [compared.short(one) for one in compared.made.alternatives]
    few = len(names) <= NAMED
    if not compared.made.goals:
        others = listed(names[1:]) if few else f"{len(names) - 1} variants"
        return f"How {'does' if len(names) == FEW else 'do'} {others} differ from {names[0]}?"
    which = listed(names).replace(" and ", " or ") if few else f"Which of {len(names)} alternatives"
    what = f"{all_goals(compared)} at the least cost?"
    return f"{which}: which meets {what}" if few else f"{which} meets {what}"


def all_goals(compared: Compared) -> str:
    """`the goal`, `both goals`, `all 5 goals`."""
    count = len(compared.made.goals)
    return {1: "the goal", 2: "both goals"}.get(count, f"all {count} goals")


def answer(compared: Compared) -> str:
    """Which alternatives meet all goals, which of those is the cheapest, by how much: one to three sentences."""
    made = compared.made
    if (made.differences["verdict"].isin(["equal", "missing"])).all():
        who = "The variant gives" if len(made.variants) == 1 else "All variants give"
        return f"{who} the same results as {compared.base_name}."
    if not made.goals:
        return _without_goals(compared)
    by = {kind: [one for one in made.alternatives if compared.standing(one)["meets"] == kind] for kind in STANDINGS}
    if by["yes"]:
        return " ".join([_met(compared, by["yes"]), *_cheaper(compared, by["probably"]), *_rest(compared, by["yes"])])
    if by["probably"]:
        return " ".join([_likely(compared, by["probably"]), *_rest(compared, by["probably"])])
    return _none(compared, certain=len(by["no"]) == len(made.alternatives))


def _name(compared: Compared, one: Alternative) -> str:
    """A name in a sentence; the base is said to be it."""
    return f"{compared.short(one)}, the base," if one is compared.made.alternatives[0] else compared.short(one)


def _met(compared: Compared, met: Sequence[Alternative]) -> str:
    alternatives = compared.made.alternatives
    if len(met) == 1:
        return f"Only {_name(compared, met[0])} meets {all_goals(compared)}{_for_cost(compared, met[0])}."
    if len(met) > NAMED:
        who = f"All {len(met)}" if len(met) == len(alternatives) else f"{len(met)} of {len(alternatives)}"
        who += " alternatives meet"
    else:
        who = f"{listed([compared.short(one) for one in met])} {'both ' if len(met) == FEW else ''}meet"
    return f"{who} {all_goals(compared)}; {_cheapest(compared, met)}."


def _for_cost(compared: Compared, one: Alternative) -> str:
    """What the only one costs beside the base: `, for 312 EUR a day more than desk (±12)`."""
    row = compared.row(one, COST)
    if row is None:
        return ""
    if row["verdict"] == "equal":
        return f", at the same cost as {compared.base_name}"
    if row["verdict"] == "not decided":
        return f"; whether it costs more than {compared.base_name} is not decided"
    more = f"{amount(row)} {'more' if row['difference'] > 0 else 'less'} than {compared.base_name} ({half(row)})"
    return f", for {more}"


def _cheapest(compared: Compared, met: Sequence[Alternative]) -> str:
    chosen, base = compared.chosen, compared.made.alternatives[0]
    assert chosen is not None
    rows = {one.name: beside_chosen(compared, one) for one in met if one is not chosen}
    known = {name: row for name, row in rows.items() if row is not None}
    if len(known) < len(rows):
        return "what they cost is not known"
    first = compared.short(chosen)
    by_name = {one.name: one for one in met}
    unsure = [name for name, row in known.items() if row["verdict"] == "not decided"]
    alike = [name for name, row in known.items() if row["verdict"] in ("equal", "alike")]
    agents = in_agents(next(iter(known.values())))
    if unsure:
        near = min(unsure, key=lambda name: abs(known[name]["difference"]))
        names = listed([first, *(compared.short(by_name[name]) for name in unsure)]).replace(" and ", " or ")
        more = known[near]["more_replications"]
        would = f"; about {about(more)} more replications would decide" if more else ""
        what = "needs the fewest agents" if agents else "is the cheapest"
        apart = f"difference {amount(known[near])}, {half(known[near])}"
        return f"which of them {what}, {names}, is not decided ({apart}{would})"
    if alike:
        names = listed([first, *(compared.short(by_name[name]) for name in alike)])
        same = "need about the same number of agents" if agents else "cost about the same"
        return f"{names} {same}{', less than the others' if len(alike) < len(known) else ''}"
    named = base.name if base.name in known else min(known, key=lambda name: float(known[name]["difference"]))
    row, other = known[named], compared.short(by_name[named])
    if agents:
        return f"{_name(compared, chosen)} needs the fewest agents, {amount(row)} fewer than {other} ({half(row)})"
    return f"{_name(compared, chosen)} is the cheapest, {amount(row)} less than {other} ({half(row)})"


def _cheaper(compared: Compared, likely: Sequence[Alternative]) -> Iterator[str]:
    """Those that cost less than the chosen one and probably meet all goals, too."""
    for one in likely[:FEW]:
        row = beside_chosen(compared, one)
        if row is not None and row["verdict"] == "lower":
            verb = "needs" if in_agents(row) else "costs"
            less = "fewer" if in_agents(row) else "less"
            yield (
                f"{compared.short(one)} {verb} {amount(row)} {less} ({half(row)}) and probably meets "
                f"{'it' if len(compared.made.goals) == 1 else 'them'}, too ({_chance(compared, one)})."
            )


def _rest(compared: Compared, told: Sequence[Alternative]) -> Iterator[str]:
    """What those miss that were not told of: of few, each; else how many."""
    left = [
        one for one in compared.made.alternatives if one not in told and compared.standing(one)["meets"] != "probably"
    ]
    if len(left) <= FEW:
        for one in left:
            yield f"{_name(compared, one)} {status(compared, one, values=False)}."
    elif left:
        yield f"The other {len(left)} do not."


def _likely(compared: Compared, likely: Sequence[Alternative]) -> str:
    told = [f"{compared.short(one)} ({_chance(compared, one)})" for one in likely[:NAMED]]
    more = f" and {len(likely) - NAMED} more" if len(likely) > NAMED else ""
    verb = "meets" if len(likely) == 1 else "meet"
    text = f"Not decided: {listed(told)}{more} probably {verb} {all_goals(compared)}"
    first = compared.chosen if compared.chosen in likely else likely[0]
    assert first is not None
    open_goals = compared.misses(first, "inconclusive")
    names = _goal_names(open_goals)
    who = "" if len(likely) == 1 else f" of {compared.short(first)}"
    text += f", but {names}{who} {'is' if len(open_goals) == 1 else 'are'} too close to the limit"
    simulated = compared.made.runs[first.name].replications
    needs = [more_replications(goal, simulated) for goal in open_goals]
    most = max((one for one in needs if one), default=0)
    return f"{text}; about {about(most)} more replications would decide." if most and None not in needs else f"{text}."


def _none(compared: Compared, *, certain: bool) -> str:
    count, chosen = len(compared.made.alternatives), compared.chosen
    start = "Neither alternative" if count == FEW else "No alternative"
    text = f"{start} meets {all_goals(compared)}"
    if not certain:
        text = f"Not decided, but probably {start[0].lower()}{start[1:]} meets {all_goals(compared)}"
    if chosen is None:
        return f"{text}."
    base = chosen is compared.made.alternatives[0]
    cost = "" if base or compared.row(chosen, COST) is None else f"; it {cost_words(compared, chosen)}"
    return f"{text}. {_name(compared, chosen)} comes nearest: it {status(compared, chosen)}{cost}."


def _chance(compared: Compared, one: Alternative) -> str:
    """How likely an alternative of which some goals are inconclusive meets all: never quite certain, nor impossible."""
    share = compared.standing(one)["probability_all_goals"]
    return f"probability {percent(None if share is None else min(max(share, NEVER_SURE), 1 - NEVER_SURE))} %"


def status(compared: Compared, one: Alternative, *, values: bool = True) -> str:
    """What an alternative does about the goals: `meets all 3 goals`, `misses 1 of 3 goals: abandonment, 6.1 % ...`.

    Parameters
    ----------
    values
        Say also what the missed goals' KPIs are.
    """
    standing = compared.standing(one)
    chance = _chance(compared, one)
    goals = all_goals(compared)
    if standing["meets"] == "yes":
        return f"meets {goals}"
    if standing["meets"] == "probably":
        return f"probably meets {goals} ({chance})"
    if standing["meets"] == "probably not":
        return f"probably does not meet {goals} ({chance})"
    if standing["meets"] == "unknown":
        return f"may meet {goals} or not: {_goal_names(compared.misses(one, 'inconclusive'))} is not known"
    failed, count = compared.misses(one), len(compared.made.goals)
    start = "misses the goal" if count == 1 else f"misses {len(failed)} of {count} goals"
    names = [_with_value(goal) if values else sentences.goal_name(goal) for goal in failed[:FEW]]
    more = f" and {len(failed) - FEW} more" if len(failed) > FEW else ""
    if count == 1 and not values:
        return start
    return f"{start}: {'; '.join(names) if values else ', '.join(names)}{more}"


def _with_value(goal: Goal) -> str:
    """`abandonment is 6.1 %, goal at most 5 %`."""
    value = short(goal["estimate"], ends_of(goal), goal["unit"])
    return f"{sentences.goal_name(goal)} is {value}, goal {sentences.goal_target(goal)}"


def _goal_names(goals: Sequence[Goal]) -> str:
    names = [sentences.goal_name(goal) for goal in goals[:FEW]]
    return f"{', '.join(names)} and {len(goals) - FEW} more" if len(goals) > FEW else listed(names or ["a goal"])


def _without_goals(compared: Compared) -> str:
    """Without goals nothing says what is good enough: what each does to service and cost."""
    variants, asked = compared.made.variants, compared.questions[0]
    start = "No goals are set, so nothing says what is good enough"
    if len(variants) > FEW:
        return f"{start}; what the {len(variants)} variants do to service and cost is below."
    told = []
    for one in variants:
        row = compared.answer_to(asked, one)
        service = [] if row is None else [f"{asked.words} is {way(row)}"]
        told.append(f"{compared.short(one)} {' and '.join([cost_words(compared, one), *service])}")
    return f"{start}: {'; '.join(told)}."
