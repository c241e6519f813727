"""Questions to a scenario, by name: sweeps, and searches for people. They stand beside it and change no result."""

from __future__ import annotations

from typing import Any, Final

from ccsim.kpis.definitions import MAIN_COST
from ccsim.language.derive import form_for
from ccsim.language.forms import DictForm, WordForm, names_of
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.sought import KEPT
from ccsim.language.studies import (
    INSTEAD,
    LINE,
    AnyForm,
    KeysForm,
    StudiedValues,
    Swept,
    ValuesForm,
    check_swept,
    not_varied,
)
from ccsim.text.paths import joined, parse_path
from ccsim.text.quantities import Count, Share
from ccsim.text.tree import Map

ON: Final = names_of("variants")
SWEEPS_KEY: Final = "sweeps"
SEARCHES_KEY: Final = "searches"


class AskedSweep(Swept):
    """A question to the scenario that a sweep answers: `ccsim sweep FILE:NAME`; with `find` also `ccsim solve
    FILE:NAME`."""

    on: tuple[str, ...] = field(default=(), form=ON, none="the scenario as written")
    """Variant that is swept, or a list of such; point 0 is then the scenario without it, and the base of `find`."""


SWEEP: Final = form_for(
    AskedSweep,
    title="Sweep",
    finish=check_swept,
    instead=INSTEAD | {"scenarios": "it is the scenario of this file"},
)


def heads_of(key: str) -> str:
    """The pool whose number of people a key says, and its shift pattern if it says that of one, `leeds late`; nothing
    where it says something else.
    """
    try:
        parts = parse_path(key).parts
    except ValueError:
        return ""
    if len(parts) == 3 and parts[0] == "pools" and parts[2] in ("headcount", "staffing", "shifts"):
        return parts[1]
    if len(parts) == 4 and (parts[0], parts[2]) == ("pools", "shifts"):
        return f"{parts[1]} {parts[3]}"
    return ""


class AskedSearch(Section):
    """A question to the scenario that a search for people answers: `ccsim staff FILE:NAME`."""

    question: str = field(default="", form=LINE)
    """What is to be found out, in a line; it heads the answer."""
    on: tuple[str, ...] = field(default=(), form=ON, none="the scenario as written")
    """Variant whose people are searched, or a list of such."""
    minimise: str = field(default=MAIN_COST, form=WordForm((MAIN_COST,)))
    """What is to be low: the planned cost of people a day; their number, where nobody has a price."""
    keep: str = field(default="", form=KEPT, none="the scenario's goals")
    """Goals that the people are to meet."""
    change: dict[str, StudiedValues] = field(
        default_factory=dict, form=KeysForm(ValuesForm(), 0), default_says="all pools that have a head count"
    )
    """What may change: people of pools within bounds (`pools.leeds.headcount: 30..80`; of each named shift
    `pools.leeds.shifts: 1..9`; on a shift pattern `pools.leeds.shifts.late: 0..9`), and values of any other key, such
    as a vendor's share; for each of these the cheapest people are searched."""
    set: dict[str, str] = field(default_factory=dict, form=KeysForm(AnyForm(), 0))
    """Changes that hold for the search, as `--set` makes them."""
    confidence: Share = 0.95
    """How sure it must be that the means of all goals meet their limits."""
    probability: Share | None = field(default=None, none="the means are asked for")
    """Probability that one replication meets all goals at once, in place of their means."""
    max_replications: Count | None = field(default=None, least=2, most=10_000_000, none="160; 32 from 12 pools on")
    """Most replications of a plan, and those of the certificate."""
    seed: Count | None = field(default=None, none="the scenario's")
    """Seed of the simulation."""

    @property
    def settings(self) -> list[str]:
        """Changes that hold for the search; the goals that are kept among them."""
        kept = [f"goals={self.keep}"] if self.keep else []
        return [*(f"{key}={value}" for key, value in self.set.items()), *kept]

    @property
    def bounds(self) -> dict[str, tuple[int, int]]:
        """Least and most people by pool, or by pool and shift pattern."""
        found = {}
        for key, said in self.change.items():
            if (pool := heads_of(key)) and said.span is not None:
                found[pool] = (int(said.span.first), int(said.span.last))
        return found

    @property
    def decisions(self) -> dict[str, StudiedValues]:
        """Values of all other keys."""
        return {key: said for key, said in self.change.items() if not heads_of(key)}


def _fewest(key: str) -> int:
    """Fewest people that a key may say: a shift pattern may go without anybody."""
    return 0 if len(parse_path(key).parts) == 4 else 1


def _search(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    bad = []
    for name, found in values.get("change", {}).items():
        at = joined(key, "change") + f".{name}"
        span = found.span
        if why := not_varied(name):
            bad.append(rd.fault(f"cannot be changed: {why}", found.place, at))
        elif not heads_of(name):
            if not found.values:
                bad.append(rd.fault("say a step, like {from: 20%, to: 60%, step: 5%}", found.place, at))
        elif (
            span is None or not span.whole or span.sign or span.last < max(span.first, 1) or span.first < _fewest(name)
        ):
            why = "expected the least and the most people, like {from: 30, to: 80} or 30..80"
            bad.append(rd.fault(why, found.place, at))
    for name in ("confidence", "probability"):
        if values.get(name) is not None and not 0 < values[name] < 1:
            place = node.entries[name].node.place
            bad.append(rd.fault("expected more than 0 % and less than 100 %", place, joined(key, name)))
    return BAD if bad else values


SEARCH: Final = form_for(
    AskedSearch,
    title="Search",
    finish=_search,
    instead={
        "pools": "say `change`, like {pools.leeds.headcount: {from: 30, to: 80}}",
        "between": "say `change`, like {pools.leeds.headcount: {from: 30, to: 80}}",
        "over": "what a search may change is `change`; a sweep has `over`",
        "goals": "say `keep`",
        "subject_to": "say `keep`",
        "best": "say `minimise` and `keep`",
    },
)
MOST_QUESTIONS: Final = 1_000
QUESTIONS: Final = {
    SEARCHES_KEY: DictForm(SEARCH, most=MOST_QUESTIONS),
    SWEEPS_KEY: DictForm(SWEEP, most=MOST_QUESTIONS),
}
"""Sections of a scenario's file that ask something of it, each a map from names."""
MEANS: Final = {
    SEARCHES_KEY: "Questions by name: the cheapest people that meet goals; `ccsim staff FILE:NAME` answers.",
    SWEEPS_KEY: "Questions by name: what changes with the values of some keys; `ccsim sweep FILE:NAME` answers.",
}
QUESTION_COMMANDS: Final = {SEARCHES_KEY: "staff", SWEEPS_KEY: "sweep"}
QUESTION_WORDS: Final = {SEARCHES_KEY: "search", SWEEPS_KEY: "sweep"}
