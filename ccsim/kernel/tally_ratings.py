"""What customers think of a contact that ended with an agent, by what they lived through: an ordered logit of log odds,
or an expected rating in points.

One uniform, the contact's own, is held against the probability of each rating: whatever raises the log odds, or the
expected rating, never lowers a rating. In points, a rating is at least k with the probability by which what is expected
exceeds k - 1, at most 1: it is the whole number below or above what is expected, and its mean is just that.

What moved the probability of being satisfied, or the expected rating, is told in parts: along the straight way from the
contact that has nothing against it to the one that was lived through, each factor has its part of what was added times
the mean slope of the curve (Aumann and Shapley, Values of Non-Atomic Games, 1974). So no factor is favoured by an
order, and the parts add up. In points the curve is straight but for the ends of the scale.
"""

from __future__ import annotations

import math
from typing import Final

from ccsim.draws.jit import kernel_call, kernel_step
from ccsim.draws.keys import RATING
from ccsim.draws.philox import two_uniforms
from ccsim.kernel import day_sums, layout, sums
from ccsim.kernel.ends import ENDED_WITH_BOT, is_one_of
from ccsim.kernel.layout import Ints
from ccsim.kernel.sum_rows import nobody, route_of
from ccsim.kernel.sums import Groups, Ratings, Tally
from ccsim.kernel.tally_assigned import row_of_pool_day
from ccsim.records import outcomes
from ccsim.records.satisfaction import BILLION, FACTORS, HIGHEST, LOWEST

_FACTORS: Final = tuple(factor.name for factor in FACTORS)
_WAIT: Final = _FACTORS.index("wait")
_UNRESOLVED: Final = _FACTORS.index("unresolved")
_REPEAT: Final = _FACTORS.index("repeat")
_TRANSFERRED: Final = _FACTORS.index("transferred")
_BOT: Final = _FACTORS.index("bot")
_ESCALATED: Final = _FACTORS.index("escalated")
_TRANSLATED: Final = _FACTORS.index("translated")
_ANSWERED_BY: Final = _FACTORS.index("answered_by")
_WORK: Final = _FACTORS.index("work")
_N: Final = len(FACTORS)

_SATISFIED: Final = 2
"""Place of the cut point at which a rating of 4 begins."""
_SAME: Final = 1e-5
"""Log odds that differ by less have the slope of the curve between them."""


@kernel_step
def logistic(x: float) -> float:
    """Probability of log odds, without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    e = math.exp(x)
    return e / (1.0 + e)


@kernel_step
def _held_against(ratings: Ratings, u: float) -> float:
    """What a uniform is held against the cut points as: the log odds of it, once, in place of a probability for each
    cut point."""
    if ratings.law[0] == sums.BY_POINTS:
        return u
    return math.log(u / (1.0 - u))


@kernel_step
def _beyond(ratings: Ratings, held: float, x: float, cut: float) -> bool:
    """Whether a rating is beyond a cut point."""
    if ratings.law[0] == sums.BY_POINTS:
        return held < min(max(min(max(x, LOWEST), HIGHEST) - cut, 0.0), 1.0)
    return held < x - cut


@kernel_step
def _expected(ratings: Ratings, x: float) -> float:
    """What is told in parts: the probability of being satisfied, or the expected rating."""
    if ratings.law[0] == sums.BY_POINTS:
        return min(max(x, LOWEST), HIGHEST)
    return logistic(x - ratings.cuts[_SATISFIED])


@kernel_step
def begin_ratings(tally: Tally, groups: Groups) -> None:
    """What is expected of a contact that has nothing against it: the same for all of them."""
    tally.moved[_N] = _expected(groups.ratings, groups.ratings.base[0])


@kernel_step
def rates(groups: Groups) -> bool:
    """Whether contacts are rated."""
    return groups.ratings.base.shape[0] > 0


@kernel_call
def rate_visit(tally: Tally, groups: Groups, log: Ints, i: int, row: int) -> None:
    """The rating of a contact that had one visit, if that ended with an agent, or in a session, if these are rated."""
    outcome, visit = log[i, layout.LOG_OUTCOME], log[i, layout.LOG_PLACE] & 0xFFFF
    by_agent = visit == 0 and (outcome == outcomes.RESOLVED or outcome == outcomes.UNRESOLVED)
    if by_agent or (groups.ratings.sessions[0] == 1 and _ended_with_bot(outcome)):
        log[i, layout.LOG_LINE] = layout.NONE - _rate(tally, groups, log, i, row, outcome, 0, 0, 0, 0)


@kernel_step
def _ended_with_bot(outcome: int) -> bool:
    """Whether a session ended its contact."""
    return is_one_of(ENDED_WITH_BOT, outcome)


@kernel_call
def rate_contact(tally: Tally, groups: Groups, log: Ints, i: int, row: int) -> None:
    """The rating of a contact of several visits: its row has what it had lived through before the last one.

    It stands behind the row of that visit, which keeps the rating.
    """
    log[i - 1, layout.LOG_LINE] = layout.NONE - _rate(
        tally,
        groups,
        log,
        i,
        row,
        log[i, layout.LOG_WAITED],
        log[i, layout.LOG_OPENED],
        log[i, layout.LOG_HANDLED],
        log[i, layout.LOG_BACK],
        log[i, layout.LOG_LINE],
    )


@kernel_step
def _rate(
    tally: Tally,
    groups: Groups,
    log: Ints,
    i: int,
    row: int,
    outcome: int,
    live: int,
    deferred: int,
    transfers: int,
    translated: int,
) -> int:
    """The sums of one rating, and the rating; waits, transfers and translated visits: those before the last visit."""
    ratings = groups.ratings
    queue, pool, session = log[i, layout.LOG_QUEUE], nobody(tally), _ended_with_bot(outcome)
    if not session:
        pool = groups.pool[log[i, layout.LOG_AGENT]]
    wait, place = log[i, layout.LOG_LEFT] - log[i, layout.LOG_JOINED], log[i, layout.LOG_PLACE]
    if ratings.live[queue] == 1:
        live += wait
    else:
        deferred += wait
    translated += ratings.translated[queue, pool]
    weights, moved = ratings.weights, tally.moved
    moved[_WAIT] = weights[sums.WEIGHT_LIVE] * live + weights[sums.WEIGHT_DEFERRED] * deferred
    moved[_UNRESOLVED] = (
        0.0 if outcome == outcomes.RESOLVED or outcome == outcomes.CONTAINED else weights[sums.WEIGHT_UNRESOLVED]
    )
    moved[_REPEAT] = weights[sums.WEIGHT_REPEAT] if place >> 16 > 0 else 0.0
    moved[_TRANSFERRED] = weights[sums.WEIGHT_TRANSFERRED] * transfers
    escalations = (place & 0xFFFF) - transfers - log[i, layout.LOG_BEFORE]  # of a contact's row: how many were requeued
    moved[_ESCALATED] = 0.0 if session else weights[sums.WEIGHT_ESCALATED] * escalations
    moved[_BOT] = _of_bot(groups.ratings, log[i, layout.LOG_BOT], outcome)
    moved[_TRANSLATED] = weights[sums.WEIGHT_TRANSLATED] if translated > 0 else 0.0
    moved[_ANSWERED_BY] = 0.0
    if not session:
        group = ratings.group_of[log[i, layout.LOG_AGENT]]
        moved[_ANSWERED_BY] = ratings.of_group[ratings.workflow_of[queue], group]
    moved[_WORK] = ratings.of_queue[queue]
    change = 0.0
    for factor in range(_N):
        change += moved[factor]
    odds = ratings.base[0] + change
    stream = log[i, layout.LOG_DATE] >> 32
    u, u_response = two_uniforms(
        tally.rating_keys[stream, 0],
        tally.rating_keys[stream, 1],
        log[i, layout.LOG_DATE],
        log[i, layout.LOG_NUMBER],
        place,
        RATING,
    )
    route = route_of(tally, queue, pool)
    _count_parts(tally, groups, route, change, odds)
    score, held = 1, _held_against(ratings, u)
    for cut in range(4):
        if _beyond(ratings, held, odds, ratings.cuts[cut]):
            score += 1
    of_day = _row_by_day(tally, groups, row, pool)
    satisfied = 1 if score >= 4 else 0
    _count(tally, row, route, of_day, sums.RATING_RATED, 1)
    _count(tally, row, route, of_day, sums.RATING_SATISFIED, satisfied)
    _count(tally, row, route, of_day, sums.RATING_SCORE, score)
    if _beyond(ratings, held, odds, ratings.nps[1]):
        _count(tally, row, route, of_day, sums.RATING_PROMOTERS, 1)
    elif not _beyond(ratings, held, odds, ratings.nps[0]):
        _count(tally, row, route, of_day, sums.RATING_DETRACTORS, 1)
    if u_response < ratings.response[satisfied]:
        _count(tally, row, route, of_day, sums.RATING_RESPONDED, 1)
        _count(tally, row, route, of_day, sums.RATING_RESPONDED_SATISFIED, satisfied)
    return score


@kernel_step
def _of_bot(ratings: Ratings, flags: int, outcome: int) -> float:
    """What a bot adds that had met the contact, or the one before it."""
    weights, found = ratings.weights, 0.0
    if flags & layout.FROM_BOT != 0:
        found += weights[sums.WEIGHT_HANDED_OFF]
    if flags & layout.RETURNS == layout.RETURNED * (1 + layout.AFTER_CONTAINED):
        found += weights[sums.WEIGHT_AFTER_BOT]
    if outcome == outcomes.LEFT_BOT:
        found += weights[sums.WEIGHT_LEFT]
    elif outcome == outcomes.CONTAINED or outcome == outcomes.FALSELY_CONTAINED:
        found += weights[sums.WEIGHT_CONTAINED]
    return found


@kernel_step
def _row_by_day(tally: Tally, groups: Groups, row: int, pool: int) -> int:
    """Row of `pool_days` of a row of sums; NONE for a bot, which is in no pool."""
    if pool >= nobody(tally):
        return layout.NONE
    return row_of_pool_day(tally, groups, tally.row_keys[row] // tally.flow_rows.shape[1], pool)


@kernel_step
def _count(tally: Tally, row: int, route: int, of_day: int, column: int, value: int) -> None:
    """Add to a column of ratings, by interval, by queue and pool, and by day and pool."""
    tally.rare[row, sums.COHORT_RATED - sums.RARE + column] += value
    tally.ratings[route, column] += value
    if of_day >= 0:
        tally.pool_days[of_day, day_sums.POOL_DAY_RATED + column] += value


@kernel_step
def _count_parts(tally: Tally, groups: Groups, route: int, change: float, odds: float) -> None:
    """The part of each factor in what is expected, in whole billionths: they add up exactly."""
    ratings = groups.ratings
    likely, likely_base = _expected(ratings, odds), tally.moved[_N]
    slope = 1.0
    if abs(change) > _SAME:
        slope = (likely - likely_base) / change
    elif ratings.law[0] == sums.BY_ODDS:
        middle = (likely + likely_base) / 2.0
        slope = middle * (1.0 - middle)
    rest, largest = int(likely * BILLION + 0.5) - int(likely_base * BILLION + 0.5), 0
    for factor in range(_N):
        moved = tally.moved[factor]
        if moved != 0.0:
            part = math.floor(moved * slope * BILLION + 0.5)
            tally.ratings[route, sums.RATING_PARTS + factor] += part
            rest -= part
            if abs(moved) > abs(tally.moved[largest]):
                largest = factor
    tally.ratings[route, sums.RATING_PARTS + largest] += rest  # what rounding has left
