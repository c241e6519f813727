"""How often customers come back, by which channels, and whether that ends: expected values from the scenario alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from ccsim.centre.legs import channel_at, tiers_of
from ccsim.centre.return_channels import mix_after, resolved_on, returns_of, share_after
from ccsim.language.scenario import Scenario

_SQUARINGS: Final = 60
_MOST_STEPS: Final = 10_000
"""Returns of a case that are followed one by one, where caps differ."""

Matrix = list[list[float]]


class ReturnFlow(NamedTuple):
    """What one cause brings on: `matrix[i][j]` returns by channel j after a contact on channel i, on average."""

    workflow: str
    cause: str
    attempts: int | None
    matrix: Matrix


def steps_of(
    scenario: Scenario, workflow: str, channels: Sequence[str], visits: Mapping[tuple[str, str], float]
) -> list[ReturnFlow]:
    """The returns after an answer, were everybody answered; `visits`: expected visits of a contact by workflow and
    tier before it ends."""
    place = {channel: i for i, channel in enumerate(channels)}
    found = []
    for name, cause, back in returns_of(scenario, workflow):
        if cause not in ("after_resolved", "after_unresolved"):
            continue
        matrix = [[0.0] * len(channels) for _ in channels]
        for (leg, tier_name), often in visits.items():
            if leg == name:
                for channel, i in place.items():
                    ended = often * _ends(scenario, leg, tier_name, channel, cause) * share_after(back, channel)
                    if ended > 0.0:
                        for other, share in mix_after(back, channel).items():
                            if other in place:
                                matrix[i][place[other]] += ended * share
        found.append(ReturnFlow(name, cause, back.attempts, matrix))
    return found


def _ends(scenario: Scenario, workflow: str, tier_name: str, channel: str, cause: str) -> float:
    """Share of the answered visits to a queue that end resolved, or unresolved."""
    tiers = tiers_of(scenario, workflow)
    tier = tiers[tier_name]
    last = list(tiers)[-1] == tier_name
    moved = (0.0 if last else tier.escalated) + tier.transferred
    resolved = min(resolved_on(tier, channel_at(scenario, workflow, tier_name, channel)), max(1.0 - moved, 0.0))
    share = resolved if cause == "after_resolved" else 1.0 - moved - resolved
    return share if share > 1e-12 else 0.0


def contacts_by_channel(steps: Sequence[ReturnFlow], first: int, size: int, most: float = math.inf) -> list[float]:
    """Expected contacts of a case by channel, the first and its returns; infinite where they never end.

    Args:
        steps: What each cause brings on.
        first: Channel of the first contact.
        size: Number of channels.
        most: A larger number is cut to this.
    """
    now = [float(i == first) for i in range(size)]
    total = now.copy()
    caps = [step.attempts for step in steps if step.attempts is not None]
    for number in range(min(max(caps, default=0), _MOST_STEPS)):
        now = _times(now, _sum_of([step for step in steps if step.attempts is None or number < step.attempts], size))
        total = [a + b for a, b in zip(total, now, strict=True)]
    endless = _sum_of([step for step in steps if step.attempts is None], size)
    if any(map(any, endless)):
        # without caps what follows is a geometric series, summed by doubling: A, A + A^2, A + ... + A^4, ...
        power, sums = endless, endless
        for _ in range(_SQUARINGS):
            sums = _plus(sums, _product(sums, power))
            power = _product(power, power)
            if max(map(max, sums)) > 1e12:
                break
            if max(map(max, power)) < 1e-18:
                break
        total = [a + b for a, b in zip(total, _times(now, sums), strict=True)]
    return [min(one, most) if one < 1e12 else min(math.inf, most) for one in total]


def uncapped(steps: Sequence[ReturnFlow], size: int) -> Matrix:
    """Expected returns of all causes without a cap."""
    return _sum_of([step for step in steps if step.attempts is None], size)


def spectral_radius(matrix: Matrix) -> tuple[float, list[int]]:
    """By what expected returns grow from one contact of a case to the next in the long run, and the channels that
    bring this about.

    Gelfand's formula along powers of two: |A^(2^k)|^(1 / 2^k), each power scaled to a norm of 1.
    """
    power, logarithm, scale = matrix, 0.0, 1.0
    for _ in range(_SQUARINGS):
        norm = max((sum(row) for row in power), default=0.0)
        if norm <= 0.0:
            return 0.0, []
        logarithm += scale * math.log(norm)
        power = [[one / norm for one in row] for row in power]
        power = _product(power, power)
        scale /= 2.0
    most = max(power[i][i] for i in range(len(power)))
    return math.exp(logarithm), [i for i in range(len(power)) if power[i][i] > 1e-6 * most]


def _sum_of(steps: Sequence[ReturnFlow], size: int) -> Matrix:
    total = [[0.0] * size for _ in range(size)]
    for step in steps:
        total = _plus(total, step.matrix)
    return total


def _plus(a: Matrix, b: Matrix) -> Matrix:
    return [[x + y for x, y in zip(one, other, strict=True)] for one, other in zip(a, b, strict=True)]


def _times(row: Sequence[float], matrix: Matrix) -> list[float]:
    return [sum(row[i] * matrix[i][j] for i in range(len(row))) for j in range(len(row))]


def _product(a: Matrix, b: Matrix) -> Matrix:
    return [_times(row, b) for row in a]
