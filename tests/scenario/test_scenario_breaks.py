"""Breaks at random of a pool: how they are written, what is refused and what is told."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.laws import Constant, Exponential, Lognormal, Uniform
from ccsim.language.random_breaks import RandomBreaks
from ccsim.scenario.diff import differences
from ccsim.scenario.load import Loaded, Opened, read_text
from ccsim.units import HOUR, MINUTE, SECOND

HEAD = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
channels: {email: {kind: deferred}}
demand: {mails: {per_hour: 6, channel: email}}
handle_time: {law: exponential, mean: 3m}
sites: {here: {region: eu, time_zone: UTC, hours: 24x7}}
shift_patterns: {day: {paid: 8h, starts: 09:00, days: daily}}
"""


def desk(breaks: str, people: str = "staffing: 2") -> Loaded:
    return read_text(f"{HEAD}pools: {{desk: {{{people}, breaks: {breaks}}}}}\n")


def read(breaks: str) -> RandomBreaks | None:
    return desk(breaks).scenario.pools["desk"].breaks


@pytest.mark.parametrize(
    ("written", "breaks"),
    [
        (
            "{every: {mean: 1h}, length: 3m, when: idle}",
            RandomBreaks(every=Exponential(mean=HOUR), length=Constant(value=3 * MINUTE)),
        ),
        ("{every: 1h, length: 3m}", RandomBreaks(every=Exponential(mean=HOUR), length=Constant(value=3 * MINUTE))),
        (
            "{every: {value: 1h}, length: {mean: 3m}, when: after_contact, paid: no}",
            RandomBreaks(
                every=Constant(value=HOUR), length=Exponential(mean=3 * MINUTE), when="after_contact", paid=False
            ),
        ),
        (
            "{every: {low: 30m, high: 2h}, length: {mean: 3m, cv: 0.5}}",
            RandomBreaks(every=Uniform(low=30 * MINUTE, high=2 * HOUR), length=Lognormal(mean=3 * MINUTE, cv=0.5)),
        ),
    ],
)
def test_breaks_are_laws_and_a_word(written: str, breaks: RandomBreaks) -> None:
    assert read(written) == breaks


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{every: 1h, length: 3m}", ["1h is taken as the mean of exponential times", "3m is taken as constant"]),
        ("{every: {mean: 1h}, length: {value: 3m}}", ["a mean of 1h alone is taken as exponential"]),
        ("{every: {value: 1h}, length: {mean: 3m, cv: 1}}", []),
    ],
)
def test_what_a_short_form_is_taken_as_is_said(written: str, said: list[str]) -> None:
    found = [one.message for one in desk(written).remarks if one.kind == "assumed"]
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("written", "key", "said"),
    [
        ("{length: 3m}", "every", "is missing"),
        ("{every: 1h}", "length", "is missing"),
        ("{every: 0s, length: 3m}", "every", "expected breaks that fall due at least 1m apart on average, got 0s"),
        ("{every: {mean: 59s}, length: 3m}", "every", "at least 1m apart on average, got 59s"),
        ("{every: -1h, length: 3m}", "every", "-1h"),
        ("{every: 1h, length: 0s}", "length", "expected breaks of more than 0s and at most 1d on average, got 0s"),
        ("{every: 1h, length: {low: 0s, high: 0s}}", "length", "got 0s"),
        ("{every: 1h, length: 25h}", "length", "at most 1d on average, got 1d1h"),
        ("{every: 1h, length: 3m, when: always}", "when", "expected one of idle, after_contact, got 'always'"),
        ("{every: 1h, length: 3m, cause: coffee}", "cause", "unknown key"),
        ("[15m]", "", "expected a map like {every: {mean: 1h}, length: 3m, when: idle}"),
    ],
)
def test_nonsense_is_refused_at_its_key(written: str, key: str, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        desk(written)
    (fault,) = error.value.faults
    assert fault.key == "pools.desk.breaks" + (f".{key}" if key else "")
    assert said in fault.message


def test_all_faults_of_it_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as error:
        desk("{every: 10s, length: 2d}")
    assert [fault.key for fault in error.value.faults] == ["pools.desk.breaks.every", "pools.desk.breaks.length"]


@pytest.mark.parametrize(("length", "warned"), [("59m", False), ("1h", False), ("61m", True)])
def test_breaks_that_take_more_than_half_of_the_time_are_told(length: str, warned: bool) -> None:
    found = [one for one in desk(f"{{every: {{value: 1h}}, length: {length}}}").remarks if one.kind != "assumed"]
    assert [one.key for one in found] == ["pools.desk.breaks"] * warned
    if warned:
        assert "take up to 50.4% of the time of the agents" in found[0].message


@pytest.mark.parametrize(
    "people",
    [
        "staffing: [[00:00, 0], [08:00, 2], [17:00, 0]]",
        "shifts: [{agents: 2, start: 08:00, length: 9h}]",
        "site: here, headcount: 4, shifts: [day]",
    ],
)
def test_pools_of_every_kind_have_them(people: str) -> None:
    assert desk("{every: 1h, length: 3m}", people).scenario.pools["desk"].breaks is not None


VARIANTS = """pools: {desk: {staffing: 2}, other: {staffing: 1, breaks: {every: {value: 1h}, length: 3m}}}
variants:
  breaks: {pools.desk.breaks: {every: {mean: 1h}, length: 3m, when: after_contact}}
  longer: {pools.other.breaks.length: 5m}
  none: {pools.other.breaks: ~}
"""


def test_a_variant_adds_changes_and_takes_them_away() -> None:
    opened = Opened("plan.yaml", text=HEAD + VARIANTS)
    base = opened.loaded().scenario
    made = {name: opened.loaded([name]).scenario for name in ("breaks", "longer", "none")}
    assert made["breaks"].pools["desk"].breaks == RandomBreaks(
        every=Exponential(mean=HOUR), length=Constant(value=180 * SECOND), when="after_contact"
    )
    longer = made["longer"].pools["other"].breaks
    assert longer is not None
    assert longer.length == Constant(value=300 * SECOND)
    assert made["none"].pools["other"].breaks is None
    assert base.pools["desk"].breaks is None
    assert [str(one) for one in differences(base, made["breaks"])] == [
        "Pools / desk: breaks at random: none -> time until the next (exponential, mean 1h), length always 3m, "
        "when after contact"
    ]
    assert [str(one) for one in differences(base, made["longer"])] == [
        "Pools / other: breaks at random length value 3m -> 5m"
    ]
