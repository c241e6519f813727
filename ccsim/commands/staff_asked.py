"""What `ccsim staff` is asked: by its options, or by a question that the scenario's file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ccsim.errors import CcsimError, ScenarioError

if TYPE_CHECKING:
    from ccsim.experiments.staffing_asked import PeopleAsked, Watch
    from ccsim.experiments.staffing_decisions import FoundDecisions
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.scenario.questions import AskedQuestion


@dataclass(frozen=True, slots=True)
class StaffAsked:
    """A search for people, before anything is simulated."""

    people: PeopleAsked
    decisions: Mapping[str, tuple[str, ...]]
    """Values of keys that are no people."""
    given: tuple[str, ...]
    """Those of the settings that a plan is pasted or saved with: not the goals that a question keeps."""
    text: str = ""
    """What heads the answer."""

    def searched(self, watch: Watch, done: Callable[[int, int], None] | None) -> FoundStaff | FoundDecisions:
        """Search; `done` as of `ccsim.experiments.staffing_decisions.staff_over`."""
        if self.decisions:
            from ccsim.experiments.staffing_decisions import staff_over

            return staff_over(self.people, self.decisions, watch, done=done)
        from ccsim.experiments.staffing import search_for_people

        return search_for_people(self.people, watch).whole()

    def answer_of(self, made: FoundStaff | FoundDecisions) -> FoundStaff:
        """The people that were found, with the best decisions where there are any."""
        from ccsim.experiments.staffing_found import FoundStaff

        return made if isinstance(made, FoundStaff) else made.answer

    def saved_with(self, made: FoundStaff | FoundDecisions) -> list[str]:
        """Settings that a plan is saved with: what was given, and what was decided."""
        best = getattr(made, "best", None) or ()
        return [*self.given, *(f"{key}={value}" for key, value in best)]


def asked_of(given: PeopleAsked, vary: Sequence[str] = (), confidence: float | None = None) -> StaffAsked:
    """What is asked, by options or by a question that the source of these may name; options go before what that says.
    `CcsimError` with every fault.

    Parameters
    ----------
    vary
        What `--vary` says.
    confidence
        What `--confidence` says; None: nothing.
    """
    from ccsim.experiments.sweep_factors import factors_of
    from ccsim.language.questions import SEARCHES_KEY, AskedSearch
    from ccsim.scenario.questions import question_of

    factors, faults = factors_of(vary)
    if faults:
        raise ScenarioError(faults)
    given = given if confidence is None else replace(given, level=confidence)
    question = question_of(str(given.source), SEARCHES_KEY)
    if question is None:
        return StaffAsked(given, {one.key: one.values for one in factors}, tuple(given.settings))
    said = question.said
    assert isinstance(said, AskedSearch)
    _check_options(question, {"--pools": given.pools, "--between": given.between, "--vary": vary})
    people = replace(
        given,
        source=question.source,
        settings=(*said.settings, *given.settings),
        pools=tuple(said.bounds),
        between=said.bounds,
        level=said.confidence if confidence is None else confidence,
        probability=said.probability if given.probability is None else given.probability,
        most=said.max_replications if given.most is None else given.most,
        seed=said.seed if given.seed is None else given.seed,
    )
    return StaffAsked(
        people,
        {key: one.values for key, one in said.decisions.items()},
        (*(f"{key}={value}" for key, value in said.set.items()), *given.settings),
        question.text,
    )


def _check_options(question: AskedQuestion, said: Mapping[str, Sequence[str] | Mapping[str, object]]) -> None:
    faults = [f"{name}: the question {question.name} says this itself" for name, value in said.items() if value]
    if faults:
        raise CcsimError("\n".join(faults))
