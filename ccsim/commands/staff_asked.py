"""What `ccsim staff` is asked: by its options, or by a question that the scenario's file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ccsim.commands import options
from ccsim.errors import CcsimError, ScenarioError

if TYPE_CHECKING:
    from ccsim.experiments.staffing_decisions import FoundDecisions
    from ccsim.experiments.staffing_found import FoundStaff
    from ccsim.scenario.questions import AskedQuestion


@dataclass(frozen=True, slots=True)
class StaffAsked:
    """A search for people, before anything is simulated."""

    source: str
    """The scenario, `FILE:VARIANT`."""
    settings: tuple[str, ...]
    given: tuple[str, ...]
    """Those of the settings that a plan is pasted or saved with: not the goals that a question keeps."""
    pools: tuple[str, ...]
    between: Mapping[str, tuple[int, int]]
    decisions: Mapping[str, tuple[str, ...]]
    """Values of keys that are no people."""
    level: float
    probability: float | None
    most: int | None
    seed: int | None
    text: str = ""
    """What heads the answer."""

    def searched(self, *, done: Callable[[int, int], None] | None = None, **given: Any) -> FoundStaff | FoundDecisions:
        """Search, with `workers`, `anyway`, `say` and `told` as of `ccsim.experiments.staffing_call.staff`, and with
        `done` as of `ccsim.experiments.staffing_decisions.staff_over`.
        """
        said: dict[str, Any] = {
            "pools": self.pools,
            "between": self.between,
            "level": self.level,
            "probability": self.probability,
            "most": self.most,
            "seed": self.seed,
            "settings": self.settings,
        }
        if self.decisions:
            from ccsim.experiments.staffing_decisions import staff_over

            return staff_over(self.source, self.decisions, done=done, **said, **given)
        from ccsim.experiments.staffing import search_for_people

        return search_for_people(self.source, **said, **given).whole()

    def answer_of(self, made: FoundStaff | FoundDecisions) -> FoundStaff:
        """The people that were found, with the best decisions where there are any."""
        from ccsim.experiments.staffing_found import FoundStaff

        return made if isinstance(made, FoundStaff) else made.answer

    def saved_with(self, made: FoundStaff | FoundDecisions) -> list[str]:
        """Settings that a plan is saved with: what was given, and what was decided."""
        best = getattr(made, "best", None) or ()
        return [*self.given, *(f"{key}={value}" for key, value in best)]


def asked_of(
    scenario: str,
    *,
    pools: str | None,
    between: list[str],
    vary: list[str],
    confidence: str | None,
    probability: str | None,
    most: int | None,
    seed: int | None,
    settings: list[str],
) -> StaffAsked:
    """What is asked; options go before what a question says. `CcsimError` with every fault."""
    from ccsim.experiments.staffing_pools import read_between
    from ccsim.experiments.sweep_factors import factors_of
    from ccsim.language.questions import SEARCHES_KEY, AskedSearch
    from ccsim.scenario.questions import question_of

    factors, faults = factors_of(vary)
    if faults:
        raise ScenarioError(faults)
    level = None if confidence is None else options.share_of(confidence, "--confidence")
    least = None if probability is None else options.share_of(probability, "--probability")
    question = question_of(scenario, SEARCHES_KEY)
    if question is not None:
        assert isinstance(question.said, AskedSearch)
        _check_options(question, {"--pools": pools, "--between": between, "--vary": vary})
        said = question.said
        return StaffAsked(
            source=question.source,
            settings=(*said.settings, *settings),
            given=(*(f"{key}={value}" for key, value in said.set.items()), *settings),
            pools=tuple(said.bounds),
            between=said.bounds,
            decisions={key: one.values for key, one in said.decisions.items()},
            level=said.confidence if level is None else level,
            probability=said.probability if least is None else least,
            most=said.max_replications if most is None else most,
            seed=said.seed if seed is None else seed,
            text=question.text,
        )
    named = [] if pools is None else [one.strip() for one in pools.split(",") if one.strip()]
    return StaffAsked(
        source=scenario,
        settings=tuple(settings),
        given=tuple(settings),
        pools=tuple(named),
        between=read_between(between),
        decisions={one.key: one.values for one in factors},
        level=0.95 if level is None else level,
        probability=least,
        most=most,
        seed=seed,
    )


def _check_options(question: AskedQuestion, said: Mapping[str, Sequence[str] | str | None]) -> None:
    faults = [f"{name}: the question {question.name} says this itself" for name, value in said.items() if value]
    if faults:
        raise CcsimError("\n".join(faults))
