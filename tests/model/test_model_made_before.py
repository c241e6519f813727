"""What scenarios share that differ only in numbers: the same people make the same plan, and nothing else is shared."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ccsim.experiments.model_digest import digest_of_model
from ccsim.model import Model, compile_model, workforce
from ccsim.model.made_before import MadeBefore
from ccsim.scenario.load import Opened
from tests.support.files import ROOT

DESK = Opened(ROOT / "scenarios" / "regional_desk.yaml")
SAME_PEOPLE = [
    "channels.phone.patience.mean=2m",
    "vendors.own.paid_hour=30",
    "routing.overflow=[{after: 45s, to: any_region}]",
]
OTHER_PLANS = [
    "pools.leipzig.headcount=31",
    "pools.bari.shifts=[early]",
    "vendors.own.premiums.overtime=40%",
    "vendors.own.billed_in=15m",
    "queue_groups.front_line.hours={mon-fri: 08:00-19:00, sat-sun: closed}",
    "shift_patterns.early.breaks=[10m, 30m unpaid, 15m]",
    "shift_patterns.late.starts=[11:00, 12:00]",
    "demand.orders.per_week=14_000",
    "workflows.orders.tiers.t1.resolved=80%",
    "horizon.interval=15m",
]


def compiled(*settings: str) -> Model:
    return compile_model(DESK.loaded([], settings).scenario)


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workforce, "_MADE", MadeBefore(most_bytes=100_000_000))


@pytest.mark.parametrize("setting", SAME_PEOPLE)
def test_who_changes_no_people_shares_their_plan(setting: str) -> None:
    assert compiled(setting).plan is compiled().plan


@pytest.mark.parametrize("setting", OTHER_PLANS)
def test_what_was_made_before_changes_no_model(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = digest_of_model(compiled(setting))
    monkeypatch.setattr(workforce, "_MADE", MadeBefore(most_bytes=100_000_000))
    before = digest_of_model(compiled())
    assert digest_of_model(compiled(setting)) == alone != before
    assert digest_of_model(compiled()) == before


@dataclass
class Made:
    """Something of a size."""

    nbytes: int


def test_the_last_are_kept_as_far_as_they_fit() -> None:
    made = MadeBefore[Made](most_bytes=10)
    asked: list[int] = []

    def of(content: list[object], size: int) -> Made:
        return made.of(content, lambda: asked.append(size) or Made(size))

    shared = [1, 2]
    assert of([shared, shared], 4) is of([[1, 2], [1, 2]], 4)  # what parts share is no content
    assert of([[1, 2]], 5) is not of([[1, 2], [1, 2]], 4)
    of(["large"], 11)  # larger than all that may be kept
    assert asked == [4, 5, 11]
    assert of([[1, 2]], 5).nbytes == 5
    assert asked == [4, 5, 11, 5]
