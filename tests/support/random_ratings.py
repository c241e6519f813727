"""Ratings for random scenarios: every coefficient may be 0, of either sign, or certain."""

from __future__ import annotations

from random import Random

from ccsim.language.linear_satisfaction import BotPoints, LinearSatisfaction, MovingPoints, NpsRatings, PointsOfTime
from ccsim.language.pools import Pool
from ccsim.language.quality import Quality
from ccsim.language.satisfaction import BotOdds, CsatCoefficients, NpsCutPoints, Satisfaction
from ccsim.language.scenario import Scenario
from ccsim.language.survey import SurveyResponse
from ccsim.units import DAY, MINUTE


def rated(scenario: Scenario, random: Random) -> Scenario:
    """The scenario with ratings of its contacts."""

    def odds() -> float:
        return random.choice((0.0, -50.0, 50.0, *(random.uniform(-2.0, 2.0) for _ in range(7))))

    def some(names: list[str]) -> dict[str, float]:
        return {name: odds() for name in names if random.random() < 0.5}

    scenario = scenario.model_copy(update={"pools": _moved_by_who_answers(scenario)})
    if random.random() < 0.4:
        return scenario.model_copy(update={"satisfaction": _in_points(scenario, random)})
    detractor, promoter = sorted((odds(), odds()))
    response = SurveyResponse(satisfied=random.random(), not_satisfied=random.choice((0.0, 1.0, random.random())))
    said = Satisfaction(
        csat=CsatCoefficients(**{name: odds() for name in CsatCoefficients.model_fields}),
        cut_points=tuple(sorted(random.uniform(-3.0, 3.0) for _ in range(4))),
        nps=NpsCutPoints(detractor=detractor, promoter=promoter),
        bots=BotOdds(
            handed_off=odds(),
            after_false_containment=odds(),
            sessions=random.random() < 0.5,
            contained=odds(),
            left=odds(),
        ),
        vendors=some(sorted(scenario.vendors)),
        pools=some(sorted(scenario.pools)),
        workflows=some(sorted(scenario.workflows)),
        channels=some(sorted(scenario.channels)),
        response=random.choice((None, response)),
    )
    return scenario.model_copy(update={"satisfaction": said})


def _moved_by_who_answers(scenario: Scenario) -> dict[str, Pool]:
    """Pools some of which satisfy more or less; drawn apart, so that all else of the scenario is as without."""
    random, pools = Random(scenario.run.seed), dict(scenario.pools)
    for name, pool in sorted(pools.items()):
        if random.random() < 0.3:
            added = random.uniform(-1.0, 1.0)
            pools[name] = pool.model_copy(
                update={"quality": (pool.quality or Quality()).model_copy(update={"satisfaction": added})}
            )
    return pools


def _in_points(scenario: Scenario, random: Random) -> LinearSatisfaction:
    """Ratings in points: of either sign, in the middle of the scale, at its ends and beyond them."""

    def points() -> float:
        return random.choice((0.0, -4.0, 4.0, *(random.uniform(-1.0, 1.0) for _ in range(7))))

    def some(names: list[str]) -> dict[str, float]:
        return {name: points() for name in names if random.random() < 0.5}

    def of_time(longest: int) -> PointsOfTime | None:
        return random.choice((None, PointsOfTime(per=random.randint(1, longest), by=points())))

    below, promoters = sorted(random.choice((2.0, 3.5, 4.5, 5.0, random.uniform(1.1, 5.0))) for _ in range(2))
    moved = {name: points() for name in MovingPoints.model_fields if name not in ("wait", "deferred_wait")}
    return LinearSatisfaction(
        base=random.choice((1.0, 5.0, random.uniform(1.0, 5.0))),
        moved_by=MovingPoints(wait=of_time(10 * MINUTE), deferred_wait=of_time(DAY), **moved),
        bots=BotPoints(
            handed_off=points(),
            after_false_containment=points(),
            sessions=random.random() < 0.5,
            contained=points(),
            left=points(),
        ),
        nps=NpsRatings(promoters_from=promoters, detractors_below=below),
        vendors=some(sorted(scenario.vendors)),
        pools=some(sorted(scenario.pools)),
        workflows=some(sorted(scenario.workflows)),
        channels=some(sorted(scenario.channels)),
        response=random.choice((None, SurveyResponse(satisfied=random.random(), not_satisfied=random.random()))),
    )
