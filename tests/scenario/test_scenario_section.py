"""Sections: frozen records with named values."""

from __future__ import annotations

import copy
import pickle

import pytest

from ccsim.language.hours import WeekHours
from ccsim.language.markets import Market
from ccsim.language.pools import Pool
from ccsim.language.premiums import Premiums
from ccsim.language.sites import Site
from ccsim.language.skills import Skill
from ccsim.scenario import load
from ccsim.units import WEEK
from tests.support.files import GLOBE
from tests.support.scenario_texts import conforms

ALWAYS = WeekHours(spans=((0, WEEK),))


def test_a_section_is_frozen() -> None:
    skill = Skill(level=2)
    with pytest.raises(AttributeError, match="Skill is frozen; model_copy"):
        skill.level = 3  # type: ignore[misc]
    with pytest.raises(AttributeError, match="Skill is frozen"):
        del skill.level
    assert skill.model_copy(update={"level": 3}) == Skill(level=3)
    assert skill == Skill(level=2)


def test_values_are_named_and_complete() -> None:
    with pytest.raises(TypeError, match="Site: unknown zone; missing hours, time_zone"):
        Site(region="NA", zone="UTC")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unknown levels"):
        Skill().model_copy(update={"levels": 3})


def test_defaults_are_not_shared() -> None:
    one, other = (Market(region=region, time_zone="UTC") for region in ("NA", "EMEA"))
    assert one.languages == {}
    assert one.languages is not other.languages
    assert Pool().tier == ("t1",)


def test_equal_sections_are_equal_wherever_they_come_from() -> None:
    one, other = (Site(region="NA", time_zone="UTC", hours=ALWAYS) for _ in range(2))
    assert one == other
    assert hash(one.hours) == hash(other.hours)
    assert one != Site(region="NA", time_zone="UTC", hours=ALWAYS, on_holidays=0.5)
    assert one != "site"
    assert Premiums() != Skill()
    assert repr(Skill(level=2)) == "Skill(level=2, handle_time=1.0, quality=None)"


def test_sections_travel() -> None:
    scenario = load(GLOBE)
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    assert copy.deepcopy(scenario) == scenario
    conforms(scenario)


def test_docstrings_are_the_documentation() -> None:
    info = Pool.model_fields["headcount"]
    assert info.description.startswith("People employed")
    assert not info.is_required()
    assert Site.model_fields["region"].is_required()
