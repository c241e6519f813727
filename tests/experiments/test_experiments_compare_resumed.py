"""A comparison that was not finished is gone on with, or thrown away; it is never misread."""

import json
import subprocess
import sys

import pytest

from ccsim import api
from ccsim.errors import OutputError
from ccsim.experiments import compare as module
from ccsim.experiments.compare import Unfinished
from ccsim.experiments.compare_alternatives import contestant
from ccsim.experiments.replicate import Stop
from ccsim.results.comparison import Comparison
from ccsim.results.comparison_store import ComparisonFolderError
from ccsim.results.run import Run
from tests.experiments.desk_files import unfinish


def test_what_is_finished_is_taken_as_it_is_and_nothing_else(file, calls, tmp_path, monkeypatch):
    out, stop = tmp_path / "out", Stop()
    simulated = module.simulate_run

    def stopped_after_two(plan, *given, **named):
        if plan.name == "desk-day+hard":
            stop.ask()
        return simulated(plan, *given, **named)

    monkeypatch.setattr(module, "simulate_run", stopped_after_two)
    ready = [api.prepare(name) for name in (file, f"{file}:more", f"{file}:hard")]
    base, *others = [contestant(ready[0], one) for one in ready]
    with pytest.raises(Unfinished, match="2 of 3 alternatives are finished"):
        module.compare(base, others, out=out, stop=stop)
    monkeypatch.setattr(module, "simulate_run", simulated)
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
def test_a_half_finished_one_of_another_plan_is_simulated_anew_only_with_force(file, calls, tmp_path, given):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    unfinish(out)
    before = sorted(out.rglob("*"))
    calls.clear()
    with pytest.raises(OutputError, match=r"unfinished comparison, and not this one: it differs in .*--force"):
        api.compare(file, f"{file}:more", out=out, **given)
    assert calls == []
    assert sorted(out.rglob("*")) == before
    made = api.compare(file, f"{file}:more", out=out, force=True, **given)
    assert len(calls) == 2 * made.replications
    assert made.differences.equals(api.compare(file, f"{file}:more", **given).differences)


def test_runs_of_other_versions_or_broken_ones_are_simulated_anew(file, calls, tmp_path):
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


def test_a_run_that_was_swapped_is_not_read(file, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    record = json.loads((out / "compare.json").read_text())
    record["alternatives"][1]["digest"] = "0" * 32
    (out / "compare.json").write_text(json.dumps(record))
    with pytest.raises(ComparisonFolderError, match=r"desk-day\+more is not the one"):
        Comparison.read(out)


def test_until_stores_anew_what_an_earlier_attempt_left(file, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", f"{file}:hard", out=out)
    unfinish(out)
    with pytest.raises(OutputError, match=r"scenario desk-day\+hard .only in the unfinished one"):
        api.compare(file, f"{file}:more", until="decided", out=out)
    made = api.compare(file, f"{file}:more", until="decided", out=out, force=True)
    assert sorted(one.name for one in out.iterdir() if one.is_dir()) == ["desk-day", "desk-day-more"]
    assert {Run.read(out / one.folder).replications for one in made.alternatives} == {20}


@pytest.mark.parametrize("table", ["waits", "queues", "estimates"])
def test_a_run_whose_file_is_cut_off_is_simulated_anew(file, calls, tmp_path, table):
    out = tmp_path / "out"
    made = api.compare(file, f"{file}:more", out=out)
    unfinish(out)
    cut = out / "desk-day" / f"{table}.parquet"
    cut.write_bytes(cut.read_bytes()[:-9])
    calls.clear()
    again = api.compare(file, f"{file}:more", out=out)
    assert len(calls) == 4  # of the base alone
    assert [one.digest for one in again.alternatives] == [one.digest for one in made.alternatives]
    assert again.differences.equals(made.differences)


def test_a_run_that_was_stopped_is_simulated_anew(file, calls, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out, replications=6)
    unfinish(out)
    for folder in ("desk-day", "desk-day-more"):  # as a Ctrl-C marks it
        record = json.loads((out / folder / "run.json").read_text())
        record["provenance"]["stopped"] = True
        (out / folder / "run.json").write_text(json.dumps(record))
    calls.clear()
    api.compare(file, f"{file}:more", out=out, replications=6)
    assert len(calls) == 12


def test_another_number_of_workers_goes_on_with_what_is_there(file, calls, tmp_path):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out, workers=1)
    unfinish(out)
    calls.clear()
    api.compare(file, f"{file}:more", out=out, workers=2)
    assert calls == []


@pytest.mark.parametrize("mark", ["", "{", "[]", "null", '{"format": "other"}', '{"format_version": 1}'])
def test_a_folder_with_another_mark_is_no_comparison(file, calls, tmp_path, mark):
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    unfinish(out)
    (out / "unfinished.json").write_text(mark)
    before = sorted(out.rglob("*"))
    calls.clear()
    for force in (False, True):
        with pytest.raises(OutputError, match="exists already"):
            api.compare(file, f"{file}:more", out=out, force=force)
    with pytest.raises(ComparisonFolderError, match="is not a comparison"):
        Comparison.read(out)
    assert calls == []
    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt, OSError])
def test_a_finished_one_stays_until_the_new_one_is_complete(file, calls, tmp_path, monkeypatch, error):
    out = tmp_path / "out"
    first = api.compare(file, f"{file}:more", out=out)
    (out / "notes.txt").write_text("of the planner")
    simulated = module.simulate_run

    def stopped(plan, *given, **named):
        if "hard" in plan.name:
            raise error
        return simulated(plan, *given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(module, "simulate_run", stopped)
        with pytest.raises((error, Unfinished)):
            api.compare(file, f"{file}:hard", seed=5, out=out, force=True)
    assert Comparison.read(out).alternatives == first.alternatives
    calls.clear()
    made = api.compare(file, f"{file}:hard", seed=5, out=out, force=True)
    assert len(calls) == 4  # the base was finished by the attempt that was stopped
    assert Comparison.read(out).alternatives == made.alternatives
    assert all(len(run.tables["queue_sums"]) for run in made.runs.values())
    assert (out / "notes.txt").read_text() == "of the planner"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["desk.yaml", "out"]


def test_one_killed_between_the_two_renames_is_put_back(file, tmp_path):
    out = tmp_path / "out"
    first = api.compare(file, f"{file}:more", out=out)
    out.rename(tmp_path / ".out.replaced")
    with pytest.raises(OutputError, match="holds a finished comparison"):
        api.compare(file, f"{file}:hard", out=out)
    assert Comparison.read(out).alternatives == first.alternatives


def test_two_into_one_folder_are_refused_and_the_lock_dies_with_its_holder(file, tmp_path):
    out = tmp_path / "out"
    code = (
        "import sys, pathlib; from ccsim.results.lock import PlaceLock\n"
        "place = pathlib.Path(sys.argv[1]); PlaceLock(place, place).take(); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(out)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match=f"out: process {holder.pid} is writing there"):
            api.compare(file, f"{file}:more", out=out)
        with pytest.raises(OutputError, match=f"out: process {holder.pid} is writing there"):
            api.run(file, out=out)
        holder.kill()
    assert (tmp_path / ".out.lock").exists()
    assert api.compare(file, f"{file}:more", out=out).folder == out
    assert not (tmp_path / ".out.lock").exists()


def test_one_that_was_killed_with_its_last_breath_is_finished(file, tmp_path):
    out = tmp_path / "out"
    made = api.compare(file, f"{file}:more", out=out)
    (out / "unfinished.json").write_text('{"format": "ccsim comparison", "format_version": 1}')  # not yet removed
    assert Comparison.read(out).alternatives == made.alternatives
    with pytest.raises(OutputError, match="finished comparison"):
        api.compare(file, f"{file}:more", out=out)


def test_another_content_of_the_same_files_is_simulated_anew(file, calls, tmp_path):
    rows = [f"2026-01-01T{hour:02}:{half},30" for hour in range(4) for half in ("00", "30")]
    forecast, text = tmp_path / "forecast.csv", file.read_text()
    assert "{calls: {per_minute: 1}}" in text
    file.write_text(text.replace("{calls: {per_minute: 1}}", "{calls: {forecast: forecast.csv}}"))
    forecast.write_text("\n".join(["start,contacts", *rows]) + "\n")
    out = tmp_path / "out"
    api.compare(file, f"{file}:more", out=out)
    for content, replications in ((rows, 0), ([*rows[:-1], rows[-1] + "1"], 8)):
        unfinish(out)
        forecast.write_text("\n".join(["start,contacts", *content]) + "\n")
        calls.clear()
        api.compare(file, f"{file}:more", out=out, force=replications > 0)
        assert len(calls) == replications
