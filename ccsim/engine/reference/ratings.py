"""What customers think of contacts that ended with an agent, worked out contact by contact in plain Python."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from ccsim.draws import keys
from ccsim.kernel import layout
from ccsim.kernel import sums as places
from ccsim.model import Model
from ccsim.records import outcomes
from ccsim.records.satisfaction import BILLION, FACTORS, HIGHEST, LOWEST

VISITS_OF_A_CONTACT = 1 << 16
_ENDED_WITH_BOT = tuple(outcomes.outcome(name) for name in outcomes.ENDED_WITH_BOT)
_AFTER_BOT = layout.RETURNED * (1 + layout.AFTER_CONTAINED)

if TYPE_CHECKING:
    from ccsim.engine.reference.draws import Draws
    from ccsim.engine.reference.visit import Visit


class Rater:
    """Ratings of counted contacts: sums by interval, queue, pool and name, see `ccsim.records.satisfaction`."""

    def __init__(self, model: Model, draws: Draws) -> None:
        self._said, self._span, self._draws = model.groups.ratings, model.span, draws
        self.found: Counter[tuple[int, int, int, str]] = Counter()
        """By interval in which the last visit joined, its queue and pool (NONE: a session), and name of the sum."""

    @property
    def asked(self) -> bool:
        """Whether contacts are rated."""
        return len(self._said.base) > 0

    def translated(self, visit: Visit) -> int:
        """1 if the agent of a visit does not speak the customer's language, as its talk ends."""
        if visit.translated is not None:  # who writes it up may work for another pool by now
            return visit.translated
        return int(self._said.translated[visit.queue, self._pool(visit)]) if self.asked else 0

    def rates(self, visit: Visit) -> bool:
        """Whether the contact of a visit that has ended is rated: it ended with an agent, or with a bot."""
        ends = (outcomes.RESOLVED, outcomes.UNRESOLVED, *(_ENDED_WITH_BOT if self._said.sessions[0] else ()))
        return self.asked and visit.outcome in ends

    def rate(self, visit: Visit) -> None:
        """Rate the contact of a visit that has ended."""
        if not visit.counted or not self.rates(visit):
            return
        moves = self._moves(visit)
        base = float(self._said.base[0])
        odds = base + sum(moves.values())
        u, u_response = self._draws.of(visit, keys.RATING)
        below = [u < self._chance(odds, cut) for cut in self._said.cuts.tolist()]
        rating = 1 + sum(below)
        no_detractor, promoter = (u < self._chance(odds, cut) for cut in self._said.nps.tolist())
        responds = u_response < float(self._said.response[int(rating > 3)])
        self._add(
            visit,
            rated=1,
            satisfied=int(rating > 3),
            score=rating,
            promoters=int(promoter),
            detractors=int(not no_detractor),
            responded=int(responds),
            responded_satisfied=int(responds and rating > 3),
            **self._parts(moves, base),
        )

    def _add(self, visit: Visit, **values: int) -> None:
        interval = (visit.joined - self._span.counted_from) // self._span.interval
        for name, value in values.items():
            pool = layout.NONE if visit.agent is None else self._pool(visit)
            self.found[interval, visit.queue, pool, name] += value

    def _pool(self, visit: Visit) -> int:
        """Number of the pool that answered; one more than the last for a session with a bot."""
        return self._said.translated.shape[1] - 1 if visit.agent is None else visit.agent.team.number

    def _answered_by(self, visit: Visit) -> float:
        """What those add who answered last: vendor, pool, skill and tenure."""
        said = self._said
        if visit.agent is None:
            return 0.0
        return float(said.of_group[said.workflow_of[visit.queue], said.group_of[visit.agent.row]])

    def _moves(self, visit: Visit) -> dict[str, float]:
        """What each factor adds to the log odds, or in points to the expected rating."""
        said, weight = self._said, self._said.weights.tolist()
        visits = [*visit.before, visit]
        live = sum(one.left - one.joined for one in visits if said.live[one.queue])
        deferred = sum(one.left - one.joined for one in visits if not said.live[one.queue])
        ends = [one.outcome for one in visits]
        return {
            "wait": weight[places.WEIGHT_LIVE] * live + weight[places.WEIGHT_DEFERRED] * deferred,
            "unresolved": weight[places.WEIGHT_UNRESOLVED]
            * (visit.outcome not in (outcomes.RESOLVED, outcomes.CONTAINED)),
            "repeat": weight[places.WEIGHT_REPEAT] * (visit.place // VISITS_OF_A_CONTACT > 0),
            "transferred": weight[places.WEIGHT_TRANSFERRED] * ends.count(outcomes.TRANSFERRED),
            "escalated": weight[places.WEIGHT_ESCALATED] * ends.count(outcomes.ESCALATED),
            "bot": weight[places.WEIGHT_HANDED_OFF] * bool(visits[0].bot_flags & layout.FROM_BOT)
            + weight[places.WEIGHT_AFTER_BOT] * (visits[0].bot_flags & layout.RETURNS == _AFTER_BOT)
            + weight[places.WEIGHT_LEFT] * (visit.outcome == outcomes.LEFT_BOT)
            + weight[places.WEIGHT_CONTAINED] * (visit.outcome in (outcomes.CONTAINED, outcomes.FALSELY_CONTAINED)),
            "translated": weight[places.WEIGHT_TRANSLATED] * any(self.translated(one) for one in visits),
            "answered_by": self._answered_by(visit),
            "work": float(said.of_queue[visit.queue]),
        }

    @property
    def _in_points(self) -> bool:
        return int(self._said.law[0]) == places.BY_POINTS

    def _chance(self, x: float, cut: float) -> float:
        """Probability of a rating beyond a cut point."""
        if self._in_points:
            return min(max(self._expected(x) - cut, 0.0), 1.0)
        return _likely(x - cut)

    def _expected(self, x: float) -> float:
        """What is told in parts: the expected rating, or the probability of being satisfied."""
        return min(max(x, LOWEST), HIGHEST) if self._in_points else _likely(x - float(self._said.cuts[2]))

    def _parts(self, moves: dict[str, float], base: float) -> dict[str, int]:
        """Of what is expected, each factor's part of the way there, in whole billionths."""
        change = sum(moves.values())
        start, end = self._expected(base), self._expected(base + change)
        mean = (start + end) / 2
        at_one_point = 1.0 if self._in_points else mean * (1 - mean)
        slope = (end - start) / change if abs(change) > 1e-5 else at_one_point
        made = {name: math.floor(move * slope * BILLION + 0.5) for name, move in moves.items()}
        whole, first = math.floor(end * BILLION + 0.5), math.floor(start * BILLION + 0.5)
        largest = max((factor.name for factor in FACTORS), key=lambda name: abs(moves[name]))
        made[largest] += whole - first - sum(made.values())
        return {"expected_e9": whole, "base_e9": first, **{f"{name}_e9": part for name, part in made.items()}}


def _likely(odds: float) -> float:
    """Probability of log odds."""
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0
