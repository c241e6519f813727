"""`--engine reference` on the command line and in Python: the kernel's results, and the run says who simulated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.errors import CcsimError
from tests.engine.busy_centres import GLOBE
from tests.support.stories import script

DESK = """\
scenario: desk
horizon: {start: 2026-03-02 08:00, length: 4h, interval: 30m}
demand: {calls: {per_hour: 40}, mails: {channel: email, per_hour: 8, backlog: 5}}
channels: {phone: {patience: {mean: 90s}}, email: {kind: deferred, deadline: 2h}}
handle_time: {talk: {mean: 4m, cv: 1}, wrap_up: 30s}
pools: {desk: {staffing: 4}}
run: {replications: 3, seed: 4}
"""


def test_the_command_gives_the_digest_of_the_kernel_and_says_that_it_is_slow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("desk.yaml").write_text(DESK)
    said = {}
    for engine in ("kernel", "reference"):
        done = CliRunner().invoke(
            app, ["run", "desk.yaml", "--engine", engine, "--out", engine, "--visits", "--no-report"]
        )
        assert done.exit_code == 0, done.output
        said[engine] = json.loads(Path(engine, "run.json").read_text())
        assert ("the reference engine is slow" in done.stderr) == (engine == "reference")
        assert said[engine]["provenance"]["engine"] == engine
    assert said["kernel"]["digest"] == said["reference"]["digest"]


def test_an_engine_that_there_is_not_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("desk.yaml").write_text(DESK)
    done = CliRunner().invoke(app, ["run", "desk.yaml", "--engine", "refrence", "--out", "x"])
    assert done.exit_code == 2
    assert "there is no engine 'refrence': expected kernel or reference" in done.stderr
    assert not Path("x").exists()
    with pytest.raises(CcsimError, match="expected kernel or reference"):
        api.run("desk.yaml", engine="simpy")


def test_a_global_centre_has_the_same_tables_in_python() -> None:
    globe = script(
        GLOBE.format(agent="random", contact="oldest", patience="exponential, mean: 2m", closing="clear", lines=3)
    )
    kernel, reference = (
        api.run(globe, replications=2, visits=True, workers=2, engine=engine) for engine in ("kernel", "reference")
    )
    assert kernel.digests == reference.digests
    assert {"backlog", "visits", "pool_intervals", "waits"} <= kernel.digests.keys()
    assert (kernel.provenance["engine"], reference.provenance["engine"]) == ("kernel", "reference")
