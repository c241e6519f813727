"""Ratings for random scenarios: every coefficient may be 0, of either sign, or certain."""

from __future__ import annotations

from random import Random

from ccsim.language.satisfaction import CsatCoefficients, NpsCutPoints, Satisfaction, SurveyResponse
from ccsim.language.scenario import Scenario


def rated(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with ratings of its contacts."""

    def odds() -> float:
        return random.choice((0.0, -50.0, 50.0, *(random.uniform(-2.0, 2.0) for _ in range(7))))

    def some(names: list[str]) -> dict[str, float]:
        return {name: odds() for name in names if random.random() < 0.5}

    detractor, promoter = sorted((odds(), odds()))
    response = SurveyResponse(satisfied=random.random(), not_satisfied=random.choice((0.0, 1.0, random.random())))
    said = Satisfaction(
        csat=CsatCoefficients(**{name: odds() for name in CsatCoefficients.model_fields}),
        cut_points=tuple(sorted(random.uniform(-3.0, 3.0) for _ in range(4))),
        nps=NpsCutPoints(detractor=detractor, promoter=promoter),
        vendors=some(sorted(scenario.vendors)),
        pools=some(sorted(scenario.pools)),
        workflows=some(sorted(scenario.workflows)),
        channels=some(sorted(scenario.channels)),
        response=random.choice((None, response)),
    )
    return scenario.model_copy(update={"satisfaction": said})
