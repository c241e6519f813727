"""What differs between two scenarios, in the planner's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ccsim.language.scenario import Scenario
from ccsim.language.section import Section
from ccsim.language.words import kind_of
from ccsim.scenario.diff.goals import goal_changes
from ccsim.scenario.diff.same import same
from ccsim.scenario.diff.walk import At, Found, Walk
from ccsim.text.paths import joined

__all__ = ["Difference", "differences"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One setting that two scenarios do not share."""

    section: str
    """Heading, `Pools`."""
    name: str
    """What it belongs to, `manila_ads`; empty where the section is the setting."""
    key: str
    """Dotted path in the scenario, `pools.manila_ads.headcount`."""
    what: str
    """The change in words, `12 people more (201 -> 213)`."""
    before: str
    """The first scenario's value in words; empty where it has none."""
    after: str
    """The second scenario's value in words; empty where it has none."""
    results: bool
    """Whether it may change a result; titles, names of files and goals do not."""

    def __str__(self) -> str:
        return f"{self.section} / {self.name}: {self.what}" if self.name else f"{self.section}: {self.what}"


def differences(a: Scenario, b: Scenario) -> tuple[Difference, ...]:
    """Everything that differs from scenario `a` to scenario `b`, section by section.

    There is no difference if and only if the two have the same canonical form: how they were written, in which
    order and in how many files does not matter.
    """
    walk = Walk((a.currency, b.currency))
    return tuple(one for name in Scenario.model_fields for one in _section(a, b, name, walk))


def _section(a: Scenario, b: Scenario, name: str, walk: Walk) -> Iterator[Difference]:
    """Differences below one key of the scenario."""
    old, new = getattr(a, name), getattr(b, name)
    field = Scenario.model_fields[name]
    title, results = field.title, not field.silent
    if same(old, new):
        return
    if isinstance(old, dict):
        for item in sorted(old.keys() | new.keys()):
            for found in _item(old.get(item), new.get(item), At(joined(name, item), field=field), walk):
                yield Difference(title, item, found.key, found.what, found.before, found.after, found.results)
        return
    plain = not isinstance(old, (Section, tuple)) and not isinstance(new, (Section, tuple))
    at = At(name, field.words if plain else "", field, kind_of(field), results)
    changes = goal_changes(old, new, at, walk.currencies) if name == "goals" else walk.values(old, new, at)
    for found in changes:
        yield Difference(title, found.label, found.key, found.change, found.before, found.after, found.results)


def _item(old: Any, new: Any, at: At, walk: Walk) -> Iterator[Found]:
    """Changes of one named part of a section."""
    if old is None or new is None:
        yield walk.odd(old, new, at)
    else:
        yield from walk.values(old, new, at)
