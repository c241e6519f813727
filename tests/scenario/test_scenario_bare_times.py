"""Laws are never guessed: what a short form is taken for is said with its place."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.language.handling import HandleTime, Patience
from ccsim.language.laws import Constant, Exponential, Lognormal, Weibull
from ccsim.scenario.load import Loaded, Opened, read_text
from ccsim.units import MINUTE, SECOND

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
demand: {calls: {per_hour: 6}}
pools: {desk: {staffing: 2}}
"""


def desk(**keys: str) -> Loaded:
    return read_text(DESK + "".join(f"{key}: {value}\n" for key, value in keys.items()))


def assumed(loaded: Loaded) -> list[tuple[str, str]]:
    return [(one.key, one.message) for one in loaded.remarks if one.kind == "assumed"]


@pytest.mark.parametrize(
    ("written", "patience", "said"),
    [
        ("2m", Patience(time=Exponential(mean=2 * MINUTE)), "2m is taken as exponential patience with that mean"),
        (
            "{mean: 2m, zero: 10%}",
            Patience(time=Exponential(mean=2 * MINUTE), zero=0.1),
            "a mean of 2m alone is taken as exponential",
        ),
        ("{value: 2m}", Patience(time=Constant(value=2 * MINUTE)), ""),
        ("{law: constant, value: 2m}", Patience(time=Constant(value=2 * MINUTE)), ""),
        ("{law: exponential, mean: 2m}", Patience(time=Exponential(mean=2 * MINUTE)), ""),
        ("{mean: 2m, shape: 0.8}", Patience(time=Weibull(mean=2 * MINUTE, shape=0.8)), ""),
        ("{zero: 10%}", Patience(zero=0.1), ""),
        ("never", Patience(), ""),
        ("0s", Patience(time=Constant(value=0)), ""),
    ],
)
def test_patience(written: str, patience: Patience, said: str) -> None:
    loaded = desk(patience=written, handle_time="{law: exponential, mean: 3m}")
    assert loaded.scenario.patience == patience
    found = assumed(loaded)
    assert [key for key, _ in found] == (["patience"] if said else [])
    assert not said or found[0][1].startswith(said)


@pytest.mark.parametrize(
    ("written", "cv", "handle_time", "said"),
    [
        ("3m", "", HandleTime(talk=Constant(value=3 * MINUTE)), ["3m is taken as constant: every contact takes"]),
        (
            "{mean: 3m}",
            "",
            HandleTime(talk=Exponential(mean=3 * MINUTE)),
            ["a mean of 3m alone is taken as exponential"],
        ),
        ("{mean: 3m, cv: 0.5}", "", HandleTime(talk=Lognormal(mean=3 * MINUTE, cv=0.5)), []),
        ("3m", "80%", HandleTime(talk=Lognormal(mean=3 * MINUTE, cv=0.8)), ["3m is taken as the mean of a lognormal"]),
        ("{mean: 3m}", "0.8", HandleTime(talk=Lognormal(mean=3 * MINUTE, cv=0.8)), ["3m is taken as the mean of a"]),
        ("{value: 3m}", "0.8", HandleTime(talk=Constant(value=3 * MINUTE)), []),
        ("{law: exponential, mean: 3m}", "0.8", HandleTime(talk=Exponential(mean=3 * MINUTE)), []),
        (
            "{talk: 3m, wrap_up: 30s}",
            "0.8",
            HandleTime(talk=Lognormal(mean=3 * MINUTE, cv=0.8), wrap_up=Constant(value=30 * SECOND)),
            ["3m is taken as the mean of a", "30s is taken as constant: it always takes exactly that"],
        ),
    ],
)
def test_handle_times(written: str, cv: str, handle_time: HandleTime, said: list[str]) -> None:
    loaded = desk(handle_time=written, **({"handle_time_cv": cv} if cv else {}))
    assert loaded.scenario.handle_time == handle_time
    found = [message for _, message in assumed(loaded)]
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))


@pytest.mark.parametrize("cv", ["0", "101", "-20%", "much"])
def test_a_bad_cv_is_one_fault(cv: str) -> None:
    with pytest.raises(ScenarioError) as error:
        desk(handle_time="3m", handle_time_cv=cv)
    assert [fault.key for fault in error.value.faults] == ["handle_time_cv"]


def test_a_remark_has_its_place_and_comes_again_in_every_variant() -> None:
    text = DESK + "handle_time: {law: exponential, mean: 3m}\nchannels: {phone: {patience: 2m}}\n"
    opened = Opened("plan.yaml", text=text + "variants: {busy: {demand.calls.per_hour: 8}}\n")
    base, busy = opened.loaded(), opened.loaded(["busy"])
    assert str(base.remarks[0]).startswith("plan.yaml:7:30: assumed: channels.phone.patience: 2m is taken as")
    assert base.remarks == busy.remarks


def test_a_variant_with_a_cv_reads_all_handle_times_anew() -> None:
    text = DESK + "workflows: {calls: {handle_time: 3m}}\nvariants: {spread: {handle_time_cv: 50%}}\n"
    opened = Opened("plan.yaml", text=text)
    assert opened.loaded().scenario.workflows["calls"].handle_time == HandleTime(talk=Constant(value=3 * MINUTE))
    spread = opened.loaded(["spread"]).scenario.workflows["calls"].handle_time
    assert spread == HandleTime(talk=Lognormal(mean=3 * MINUTE, cv=0.5))


def test_check_lists_the_first_and_counts_the_rest() -> None:
    from ccsim.commands.check_text import MOST_ASSUMED, told

    channels = ", ".join(f"c{number}: {{handle_time: 3m}}" for number in range(9))
    lines = told(desk(channels=f"{{{channels}, phone: {{handle_time: 3m}}}}").remarks)
    assert len(lines) == MOST_ASSUMED + 1
    assert lines[-1] == "assumed: 6 more short forms; `ccsim check --json` lists them all"
