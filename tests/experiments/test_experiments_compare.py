import json
import sys

import pandas as pd
import pytest
from fake_play import SCENARIO, fake_play, replace_engine

from ccsim import api
from ccsim.errors import CcsimError, OutputError
from ccsim.experiments import compare as module
from ccsim.experiments.compare import Unfinished
from ccsim.experiments.compare_alternatives import NotComparable
from ccsim.experiments.progress import Quiet
from ccsim.experiments.replicate import Stop
from ccsim.experiments.until_rule import until_rule
from ccsim.results import store
from ccsim.results.comparison import Comparison
from ccsim.results.comparison_store import ComparisonFolderError
from ccsim.results.run import Run


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(store, "wide_tables", lambda estimates: {})  # files for people, slow to write
    monkeypatch.setattr(store, "write_csv", lambda path, frame: None)
    stand_ins = {}
    calls = replace_engine(stand_ins)
    for name, module_ in stand_ins.items():
        monkeypatch.setitem(sys.modules, name, module_)
    return calls


@pytest.fixture
def file(tmp_path, calls):
    path = tmp_path / "desk.yaml"
    path.write_text(SCENARIO)
    return path


def written(folder, name, *changes):
    text = SCENARIO
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / name).write_text(text)
    return folder / name


def test_all_are_played_with_the_luck_and_judged_by_the_goals_of_the_base(file, calls, tmp_path):
    made = api.compare(file, f"{file}:more", f"{file}:hard", seed=9, replications=3, out=tmp_path / "out")
    assert [one.name for one in made.alternatives] == ["desk-day", "desk-day+more", "desk-day+hard"]
    assert sorted({(c["seed"], c["replication"]) for c in calls}) == [(9, 0), (9, 1), (9, 2)]
    assert made.replications == 3
    assert made.runs["desk-day+hard"].goals[1]["at_most"] == 40  # not the variant's own 1 s
    assert made.alternatives[1].changes
    assert "desk" in made.alternatives[1].changes[0]
    assert made.alternatives[2].changes == ()  # goals change no result
    assert set(made.differences["variant"]) == {"desk-day+more", "desk-day+hard"}
    assert len(made.best) == 2 * 3


def test_a_stored_comparison_is_read_again(file, tmp_path):
    made = api.compare(file, f"{file}:more", out=tmp_path / "out")
    back = Comparison.read(tmp_path / "out")
    assert repr(back) == repr(made)
    assert back.alternatives == made.alternatives
    pd.testing.assert_frame_equal(back.differences, made.differences, check_dtype=False)
    pd.testing.assert_frame_equal(back.best, made.best, check_dtype=False)
    assert back.base.digest == made.base.digest == Run.read(tmp_path / "out" / "desk-day").digest
    assert back.difference("asa")["verdict"] == "equal"
    with pytest.raises(KeyError, match="expected one"):
        back.difference("service_level")
    moved = api.compare(file, f"{file}:more").save(tmp_path / "saved")
    assert Comparison.read(tmp_path / "saved").base.digest == moved.base.digest
    with pytest.raises(OutputError, match="finished comparison"):
        moved.save(tmp_path / "saved")
    json.loads((tmp_path / "out" / "compare.json").read_text(), parse_constant=pytest.fail)


@pytest.mark.parametrize("until", [None, "decided"])
def test_any_number_of_workers_gives_the_same_comparison(file, until, monkeypatch):
    monkeypatch.setattr(sys.modules["ccsim.engine"], "play", luck_of_its_own)
    given = {"until": until, "max_replications": 23} if until else {"replications": 5}
    one, other = (api.compare(file, f"{file}:more", workers=n, **given) for n in (1, 3))
    assert one.differences.equals(other.differences)
    assert [a.digest for a in one.alternatives] == [a.digest for a in other.alternatives]
    assert one.method == other.method


def luck_of_its_own(model, *, seed, replication, visits):
    """Each model has luck of its own, so that pairs differ by chance alone."""
    return fake_play(replication, seed=hash_of(model), visits=visits, volume=3)


MODELS: list[object] = []


def hash_of(model):
    known = next((i for i, one in enumerate(MODELS) if one is model), None)
    if known is None:
        MODELS.append(model)
        known = len(MODELS) - 1
    return known % 2


def test_what_is_finished_is_taken_as_it_is_and_nothing_else(file, calls, tmp_path, monkeypatch):
    out, stop = tmp_path / "out", Stop()
    played = module.play_run

    def stopped_after_two(plan, *given, **named):
        if plan.name == "desk-day+hard":
            stop.ask()
        return played(plan, *given, **named)

    monkeypatch.setattr(module, "play_run", stopped_after_two)
    ready = [api.prepare(name) for name in (file, f"{file}:more", f"{file}:hard")]
    base, *others = [api._contestant(ready[0], one) for one in ready]
    with pytest.raises(Unfinished, match="2 of 3 alternatives are finished"):
        module.compare(base, others, out=out, stop=stop)
    monkeypatch.setattr(module, "play_run", played)
    with pytest.raises(ComparisonFolderError, match="not finished"):
        Comparison.read(out)
    calls.clear()
    made = api.compare(file, f"{file}:more", f"{file}:hard", out=out)
    assert len(calls) == 4  # one alternative of three
    assert made.differences.equals(api.compare(file, f"{file}:more", f"{file}:hard").differences)
    assert Comparison.read(out).replications == 4
    assert not (out / "unfinished.json").exists()


@pytest.mark.parametrize(
    "given",
    [{"seed": 5}, {"replications": 3}, {"settings": ["handle_time.mean=3m"]}, {"settings": ["goals.1.at_most=41s"]}],
)
def test_a_half_finished_one_of_another_plan_is_played_anew(file, calls, tmp_path, given):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    unfinish(out)
    calls.clear()
    made = api.compare(file, f"{file}:more", out=out, **given)
    assert len(calls) == 2 * made.replications
    assert made.differences.equals(api.compare(file, f"{file}:more", **given).differences)


def test_runs_of_other_versions_or_broken_ones_are_played_anew(file, calls, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    unfinish(out)
    record = json.loads((out / "desk-day" / "run.json").read_text())
    record["provenance"]["versions"]["ccsim"] = "0.0.1"
    (out / "desk-day" / "run.json").write_text(json.dumps(record))
    (out / "desk-day-more" / "waits.parquet").unlink()
    (out / ".desk-day.99.partial").mkdir()
    calls.clear()
    api.compare(file, f"{file}:more", out=out)
    assert len(calls) == 8
    assert not list(out.glob(".*"))


def unfinish(out):
    (out / "compare.json").unlink()
    (out / "unfinished.json").write_text('{"format": "ccsim comparison", "format_version": 1}')


def test_a_run_that_was_swapped_is_not_read(file, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    record = json.loads((out / "compare.json").read_text())
    record["alternatives"][1]["digest"] = "0" * 32
    (out / "compare.json").write_text(json.dumps(record))
    with pytest.raises(ComparisonFolderError, match=r"desk-day\+more is not the one"):
        Comparison.read(out)


def test_places_that_are_taken_are_left_alone(file, tmp_path, calls):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "precious").write_text("x")
    for force in (False, True):
        with pytest.raises(OutputError, match="exists already"):
            api.compare(file, f"{file}:more", out=tmp_path / "taken", force=force)
    (tmp_path / "link").symlink_to(tmp_path / "taken")
    with pytest.raises(OutputError, match="is a link"):
        api.compare(file, f"{file}:more", out=tmp_path / "link", force=True)
    assert [one.name for one in (tmp_path / "taken").iterdir()] == ["precious"]
    assert calls == []
    api.compare(file, f"{file}:more", out=tmp_path / "out")
    with pytest.raises(OutputError, match="--force to replace"):
        api.compare(file, f"{file}:hard", out=tmp_path / "out")
    (tmp_path / "out" / "report.html").write_text("of the old one")
    made = api.compare(file, f"{file}:hard", out=tmp_path / "out", force=True)
    assert not (tmp_path / "out" / "report.html").exists()
    assert sorted(one.name for one in (tmp_path / "out").iterdir() if one.is_dir()) == ["desk-day", "desk-day-hard"]
    assert Comparison.read(tmp_path / "out").alternatives == made.alternatives


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("length: 4h", "length: 5h"), "horizon, its length is: 5h, not 4h"),
        (("length: 4h", "warm_up: 1h, length: 4h"), "warm-up: 1h, not 0s"),
        (("start: 2026-01-01", "start: 2026-01-02"), "horizon, it starts at: 2026-01-02"),
        (("length: 4h", "length: 4h, interval: 1h"), "report interval: 1h, not 30m"),
        (("length: 4h", "length: 4h, run_out: 1d"), "run-out: 1d, not 3d"),
        (("horizon:", "currency: EUR\nhorizon:"), "currency: EUR, not USD"),
        (("within: [20s, 60s]", "within: [20s, 30s]"), "thresholds .*: 20s and 30s, not 20s and 60s"),
        (("within: [20s, 60s]", "within: [20s, 60s], rule: answered only"), "rule of service level: answered only"),
        (("within: [20s, 60s]", "within: [20s, 60s], short_abandon: 3s"), "short abandon: 3s, not 5s"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(file, tmp_path, calls, change, reason):
    other = written(tmp_path, "other.yaml", change)
    with pytest.raises(NotComparable, match=reason):
        api.compare(file, other, out=tmp_path / "out")
    assert calls == []
    assert not (tmp_path / "out").exists()


def test_missing_goals_are_no_hindrance_and_every_reason_is_told(file, tmp_path):
    less = written(
        tmp_path, "less.yaml", ("  - {kpi: asa, at_most: 40s}\n", ""), ("  hard: {goals.1.at_most: 1s}\n", "")
    )
    made = api.compare(file, less)
    assert len(made.runs["desk-day-2"].goals) == 2  # of the base; and the same name is told apart
    odd = written(tmp_path, "odd.yaml", ("length: 4h", "length: 5h"), ("horizon:", "currency: EUR\nhorizon:"))
    with pytest.raises(NotComparable) as refused:
        api.compare(file, odd, f"{odd}:more")
    assert len(str(refused.value).splitlines()) == 4


def test_what_makes_no_comparison_is_said(file, calls):
    for given, reason in (
        ({}, "nothing to compare with"),
        ({"replications": 1}, "at least 2 replications"),
        ({"max_replications": 5}, "need until"),
        ({"until": "decided", "replications": 5}, "say max_replications"),
        ({"until": "soon"}, "expected decided, or precision"),
        ({"until": "decided", "settings": ["goals=~"]}, "it has none"),
    ):
        variants = [f"{file}:more"] if given else []
        with pytest.raises(CcsimError, match=reason):
            api.compare(file, *variants, **given)
    with pytest.raises(CcsimError) as refused:
        api.compare(file, f"{file}:no_such", "nowhere.yaml")
    assert "no_such" in str(refused.value)
    assert "nowhere.yaml" in str(refused.value)
    assert calls == []


def test_a_scenario_that_was_read_is_compared_too(file):
    base = api.load(file)
    made = api.compare(base, api.load(file, variants=["more"]))
    assert made.replications == 4
    with pytest.raises(CcsimError, match="need the scenario's file"):
        api.compare(base, all_variants=True)
    assert len(api.compare(file, all_variants=True).variants) == 2
    assert [one.name for one in api.compare(f"{file}:more", all_variants=True).variants] == ["desk-day+more+hard"]


def test_names_that_would_meet_are_told_apart(file, tmp_path):
    odd = written(tmp_path, "odd.yaml", ("scenario: desk-day", "scenario: compare.json"))
    made = api.compare(file, odd, f"{file}:more", f"{file}:more", out=tmp_path / "out")
    names = [one.folder for one in made.alternatives]
    assert names == ["desk-day", "compare.json-2", "desk-day-more", "desk-day-more-2"]
    assert Comparison.read(tmp_path / "out").alternatives == made.alternatives


def test_until_stops_at_the_first_look_that_is_enough(file, tmp_path, monkeypatch):
    made = api.compare(file, f"{file}:more", until="decided", out=tmp_path / "out")
    assert (made.replications, made.decided, made.method["looks"]) == (10, True, [10])  # equal plays
    assert made.base.replications == 10
    assert not made.base.stopped
    assert made.base.digest == api.run(file, replications=10).digest
    assert Comparison.read(tmp_path / "out").method == made.method
    monkeypatch.setattr(sys.modules["ccsim.engine"], "play", luck_of_its_own)
    made = api.compare(file, f"{file}:more", until="precision=0.1%", max_replications=25)
    assert (made.replications, made.decided, made.method["looks"]) == (25, False, [10, 15, 23, 25])
    assert "most replications" in made.method["why"]
    wide = api.compare(file, f"{file}:more", until="precision=90%")
    assert (wide.decided, wide.replications) == (True, 10)


def test_until_ends_with_the_time_or_the_stop_and_keeps_whole_pairs(file, monkeypatch):
    monkeypatch.setattr(sys.modules["ccsim.engine"], "play", luck_of_its_own)
    made = api.compare(file, f"{file}:more", until="precision=0.1%", max_time="1us", workers=1)
    assert made.method["why"] == "the time was over"
    assert made.decided is False
    assert {run.replications for run in made.runs.values()} == {made.replications}
    ready = [api.prepare(name) for name in (file, f"{file}:more")]
    base, other = [api._contestant(ready[0], one) for one in ready]
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


def test_until_stores_anew_what_an_earlier_attempt_left(file, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", f"{file}:hard", out=out)
    unfinish(out)
    made = api.compare(file, f"{file}:more", until="decided", out=out)
    assert sorted(one.name for one in out.iterdir() if one.is_dir()) == ["desk-day", "desk-day-more"]
    assert {Run.read(out / one.folder).replications for one in made.alternatives} == {10}


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
