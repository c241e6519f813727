"""Goals side by side: the same question with another target, or another question."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.kpis.goals import SCOPES
from ccsim.language.goals import Goal, question_of, target_of
from ccsim.scenario.diff.text import pair
from ccsim.scenario.diff.walk import At, Found


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
            text = target_of(after[1], currencies[1])
            yield here.found("", text, f"new: {text}")
        elif before:
            text = target_of(before[1], currencies[0])
            yield here.found(text, "", f"gone: {text}")
    if not found:
        yield at.found("as written", "another order", "the same in another order")


def _by_question(goals: tuple[Goal, ...]) -> dict[str, tuple[int, Goal]]:
    """By what is asked (and, for a question that stands twice, how often): the place of a goal, and the goal."""
    found: dict[str, tuple[int, Goal]] = {}
    for place, goal in enumerate(goals):
        exact = "\n".join([question_of(goal), *(str(getattr(goal, name)) for name in SCOPES)])
        while exact in found:
            exact += "\nagain"
        found[exact] = (place, goal)
    return found


def _pair(before: Goal, after: Goal, currencies: tuple[str, str]) -> tuple[str, str]:
    first, second = target_of(before, currencies[0]), target_of(after, currencies[1])
    return (first, second) if first != second else pair(before, after)
