"""`--until`: looks, caps, and what stops it."""

import sys
from dataclasses import replace

import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import CcsimError
from ccsim.experiments import compare as module
from ccsim.experiments import kept as kept_module
from ccsim.experiments.compare_alternatives import contestant
from ccsim.experiments.progress import Quiet
from ccsim.experiments.replicate import Stop
from ccsim.experiments.until_rule import until_rule
from ccsim.experiments.until_text import progress_line
from ccsim.metrics.decide import Open
from ccsim.results.comparison import Comparison
from tests.experiments.desk_files import draws_of_its_own
from tests.support.stand_in.desk import MEASURED


def test_until_stops_at_the_first_look_that_is_enough(file, tmp_path, monkeypatch):
    made = api.compare(file, f"{file}:more", until="decided", out=tmp_path / "out")
    assert (made.replications, made.decided, made.method["looks"]) == (20, True, [20])  # equal replications
    assert made.base.replications == 20
    assert not made.base.stopped
    assert made.base.digest == api.run(file, replications=20).digest
    assert Comparison.read(tmp_path / "out").method == made.method
    monkeypatch.setattr(sys.modules["ccsim.engine"], "simulate", draws_of_its_own)
    made = api.compare(file, f"{file}:more", until="precision=0.1%", max_replications=35)
    assert (made.replications, made.decided, made.method["looks"]) == (35, False, [20, 30, 35])
    assert "the limit of" in made.method["why"]
    wide = api.compare(file, f"{file}:more", until="precision=90%")
    assert (wide.decided, wide.replications) == (True, 20)


def test_what_is_kept_between_looks_may_lie_in_files(file, monkeypatch):
    monkeypatch.setattr(sys.modules["ccsim.engine"], "simulate", draws_of_its_own)
    asked = {"until": "precision=0.1%", "max_replications": 50}
    kept = api.compare(file, f"{file}:more", **asked)
    monkeypatch.setattr(kept_module, "IN_MEMORY_VALUES", 0)
    filed = api.compare(file, f"{file}:more", **asked)
    assert filed.method == kept.method
    assert len(kept.method["looks"]) > 2
    pd.testing.assert_frame_equal(filed.differences, kept.differences)
    pd.testing.assert_frame_equal(filed.best, kept.best)


def test_a_cap_below_the_first_look_is_looked_at_once_and_said(file, monkeypatch):
    monkeypatch.setattr(sys.modules["ccsim.engine"], "simulate", draws_of_its_own)
    made = api.compare(file, f"{file}:more", until="precision=0.1%", max_replications=12)
    assert (made.replications, made.decided, made.method["looks"]) == (12, False, [12])
    assert "12 replications are fewer than the 20 of a first look" in made.method["text"]
    enough = api.compare(file, f"{file}:more", until="precision=90%", max_replications=12)
    assert (enough.decided, enough.method["looks"]) == (True, [12])
    most = api.compare(file, f"{file}:more", until="precision=0.1%", max_replications=20)
    assert most.method["looks"] == [20]
    assert "fewer" not in most.method["text"]


def test_until_ends_with_the_time_or_the_stop_and_keeps_whole_pairs(file, monkeypatch):
    monkeypatch.setattr(sys.modules["ccsim.engine"], "simulate", draws_of_its_own)
    made = api.compare(file, f"{file}:more", until="precision=0.1%", max_time="1us", workers=1)
    assert made.method["why"] == "the time limit was reached"
    assert made.decided is False
    assert {run.replications for run in made.runs.values()} == {made.replications}
    ready = [api.prepare(name) for name in (file, f"{file}:more")]
    base, other = [contestant(ready[0], one) for one in ready]
    stop = Stop()
    made = module.compare(
        base, [other], until=until_rule("precision=0.1%"), stop=stop, progress=Asks(stop, 7), workers=1
    )
    assert made.method["why"] == "it was stopped"
    assert 7 <= made.replications < 2000
    stop.ask()
    with pytest.raises(KeyboardInterrupt, match="before 2"):
        module.compare(base, [other], until=until_rule("decided"), stop=stop)


class Asks(Quiet):
    """Progress that asks for a stop after some replications."""

    def __init__(self, stop, after):
        self.left, self.ask = after, stop.ask

    def advance(self, replications, visits):
        self.left -= replications
        if self.left <= 0:
            self.ask()


@pytest.mark.parametrize(
    "text", ["", "decided=1", "precision", "precision=0", "precision=100%", "precision=x", "Decided"]
)
def test_rules_that_are_none(text):
    with pytest.raises(CcsimError, match="--until"):
        until_rule(text)


@pytest.mark.parametrize("time", ["", "0s", "-1m", "soon", "1e400s"])
def test_times_that_are_none(time):
    with pytest.raises(CcsimError, match="--max-time"):
        until_rule("decided", most_time=time)


def test_goals_in_some_hours_are_looked_at_too(file, monkeypatch):
    monkeypatch.setattr(sys.modules["ccsim.engine"], "simulate", draws_of_its_own)
    asked = {"until": "precision=90%", "settings": ["goals.0.hours=00:00-02:00"]}
    made = api.compare(file, f"{file}:more", **asked)
    assert (made.decided, made.replications) == (True, 20)
    assert all(run.goals[0]["time"]["hours"] == "00:00-02:00" for run in made.runs.values())
    whole = api.compare(file, f"{file}:more", until="precision=90%")
    assert made.base.goals[0]["estimate"] != whole.base.goals[0]["estimate"]


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("cost_per_day", "cheaper (difference 10 USD/day ± 8 USD/day)"),
        ("agents", "the one with fewer agents (difference 10 agents ± 8 agents)"),
    ],
)
def test_what_cost_is_found_by_is_told(measure, said):
    one = Open("b", None, 10.0, 2.0, 18.0, 40, "a", measure)
    text = progress_line([one], [], replace(MEASURED, currency="USD"), 20, 200)
    start = "20 of at most 200 replications, not decided yet: is b or a"
    assert text == f"{start} {said}, about 40 more replications"


def test_best_chooses_one_and_says_when_the_others_were_out(file):
    made = api.compare(file, f"{file}:more", until="best=mean_wait,within=1s")
    assert (made.decided, made.replications) == (True, 20)
    assert made.method["until"] == "best=mean_wait,within=1s"
    first, second = made.runs  # equal replications: the first is chosen
    assert made.method["why"].startswith(f"{first} has the lowest mean wait, or one within 1.00 s of it, with 95 % ")
    assert made.method["why"].endswith(f"out were {second} after 20 replications")


def test_best_needs_no_goals_but_values(file):
    base, other = (api.prepare(name) for name in (file, f"{file}:more"))
    made = (contestant(base, one) for one in (base, other))
    ours, theirs = (replace(one, plan=replace(one.plan, goals=())) for one in made)
    assert module.compare(ours, [theirs], until=until_rule("best=mean_wait,within=1s")).decided
    with pytest.raises(CcsimError, match="containment_7d has no value in"):
        api.compare(file, f"{file}:more", until="best=containment_7d,within=1%")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("best", "--until: expected decided"),
        ("best=mean_wait", "the least difference that matters"),
        ("best=mean_wate,within=1s", "'mean_wate' is no KPI; did you mean 'mean_wait'"),
        ("best=occupancy,within=1%", "'occupancy' is no KPI that alternatives can be ranked by"),
        ("best=service_level,within=1%", "no KPI that alternatives can be ranked by"),
        ("best=mean_wait,within=1", "expected a duration"),
        ("best=abandonment,within=0%", "expected more than 0"),
    ],
)
def test_what_cannot_be_ranked_is_told(text, why):
    with pytest.raises(CcsimError, match=why):
        until_rule(text)
