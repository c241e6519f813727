"""Goals side by side: the same question with another target, or another question."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.goals import SCOPES, value_of
from ccsim.language.goals import Goal
from ccsim.scenario.diff.text import money, number, pair, percent
from ccsim.scenario.diff.walk import At, Found
from ccsim.text.scalars import duration_text
from ccsim.units import SECOND


def goal_changes(a: tuple[Goal, ...], b: tuple[Goal, ...], at: At, currencies: tuple[str, str]) -> Iterator[Found]:
    """Every change between two lists of goals."""
    old, new = _by_question(a), _by_question(b)
    found = False
    for question in sorted(old.keys() | new.keys()):
        before, after = old.get(question), new.get(question)
        if before and after and before[1] == after[1]:
            continue
        found = True
        place = (after or before or (0, None))[0]
        here = At(f"{at.key}.{place}", question.partition("\n")[0], at.field, results=at.results)
        if before and after:
            first, second = _pair(before[1], after[1], currencies)
            word = first[: len("at least ")] if before[1].at_least is not None else first[: len("at most ")]
            same_word = second.startswith(word) and " and " not in first + second
            yield here.found(first, second, f"{first} -> {second.removeprefix(word)}" if same_word else "")
        elif after:
            text = _target(after[1], currencies[1])
            yield here.found("", text, f"new: {text}")
        elif before:
            text = _target(before[1], currencies[0])
            yield here.found(text, "", f"gone: {text}")
    if not found:
        yield at.found("as written", "another order", "the same in another order")


def _by_question(goals: tuple[Goal, ...]) -> dict[str, tuple[int, Goal]]:
    """By what is asked (and, for a question that stands twice, how often): the place of a goal, and the goal."""
    found: dict[str, tuple[int, Goal]] = {}
    for place, goal in enumerate(goals):
        scope = [str(getattr(goal, name)) for name in SCOPES if getattr(goal, name) is not None]
        question = goal.kpi.replace("_", " ") + (f" of {', '.join(scope)}" if scope else "")
        question += "" if goal.within is None else f" within {duration_text(goal.within)}"
        exact = "\n".join([question, *(str(getattr(goal, name)) for name in SCOPES)])
        while exact in found:
            exact += "\nagain"
        found[exact] = (place, goal)
    return found


def _pair(before: Goal, after: Goal, currencies: tuple[str, str]) -> tuple[str, str]:
    first, second = _target(before, currencies[0]), _target(after, currencies[1])
    return (first, second) if first != second else pair(before, after)


def _target(goal: Goal, currency: str) -> str:
    parts = [("at least", goal.at_least), ("at most", goal.at_most)]
    return " and ".join(f"{word} {_value(goal.kpi, value, currency)}" for word, value in parts if value is not None)


def _value(kpi: str, value: float, currency: str) -> str:
    unit = value_of(KPIS[kpi]) if kpi in KPIS else ""
    if unit == "share":
        return percent(value)
    if unit == "time":
        return duration_text(round(value * SECOND))
    return f"{money(value)} {currency}".rstrip() if unit == "money" else number(value)
