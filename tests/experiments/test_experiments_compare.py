"""Paired replications of a base and its variants: what is simulated, what is kept, what it is called."""

import json
import sys

import pandas as pd
import pytest

from ccsim import api
from ccsim.errors import CcsimError, OutputError
from ccsim.results.comparison import Comparison
from ccsim.results.run import Run
from tests.experiments.desk_files import draws_of_its_own, written


def test_all_are_simulated_with_the_draws_and_judged_by_the_goals_of_the_base(file, calls, tmp_path):
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
    monkeypatch.setattr(sys.modules["ccsim.engine"], "simulate", draws_of_its_own)
    given = {"until": until, "max_replications": 23} if until else {"replications": 5}
    one, other = (api.compare(file, f"{file}:more", workers=n, **given) for n in (1, 3))
    assert one.differences.equals(other.differences)
    assert [a.digest for a in one.alternatives] == [a.digest for a in other.alternatives]
    assert one.method == other.method


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
    assert names == ["desk-day", "odd", "desk-day-more", "desk"]
    assert Comparison.read(tmp_path / "out").alternatives == made.alternatives


def test_unrelated_scenarios_are_told_before_they_are_simulated(file, tmp_path, calls, caplog):
    other = written(tmp_path, "other.yaml", ("{calls:", "{mails:"))
    calls.clear()
    made = api.compare(file, other)
    (said,) = [record.message for record in caplog.records]
    assert (
        "no volume of desk-day-2 is in desk-day (new: mails)" in said or "no volume of desk-day is in desk-day" in said
    )
    assert [one["said"] for one in made.runs[made.variants[0].name].provenance["remarks"] if one["kind"] == "warning"]
    caplog.clear()
    api.compare(file, f"{file}:more")
    assert not caplog.records, "a variant is no other centre"
