"""A scenario reads no file from outside its folder, unless the user allows it, and quotes none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ccsim import api
from ccsim.cli import app
from ccsim.errors import CcsimError, ScenarioError
from ccsim.scenario import load
from ccsim.text.within import files_from_outside

DESK = (
    "scenario: desk\nhorizon: {start: 2026-03-02, length: 1d}\nhandle_time: {value: 1m}\npools: {desk: {staffing: 1}}\n"
)
CHILD = "extends: ../base.yaml\nscenario: child\nvariants: {more: {pools.desk.staffing: 2}}\n"
SECRET = "root:x:secret"


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A folder of a scenario, beside files that are none of its business."""
    (tmp_path / "secret.csv").write_text(f"{SECRET}\nstart,contacts\n")
    (tmp_path / "base.yaml").write_text(DESK + "demand: {calls: {per_hour: 1}}\n")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "link.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "day.csv").write_text("start,contacts\n2026-03-02 00:00,1\n2026-03-02 01:00,1\n")
    os.mkfifo(folder / "pipe.csv")
    return folder


@pytest.mark.parametrize("name", ["../secret.csv", "link.csv", "ABSOLUTE", "../mine/../secret.csv"])
@pytest.mark.parametrize("key", ["forecast", "trace"])
def test_data_from_outside_are_refused_and_not_quoted(inner: Path, name: str, key: str) -> None:
    name = str(inner.parent / "secret.csv") if name == "ABSOLUTE" else name
    (inner / "plan.yaml").write_text(DESK + f"demand: {{calls: {{{key}: {name}}}}}\n")
    with pytest.raises(ScenarioError) as error:
        load(inner / "plan.yaml")
    (fault,) = error.value.faults
    assert fault.key == f"demand.calls.{key}"
    assert "is outside the scenario's folder; move it there, or allow it with --allow-outside" in fault.message
    assert "secret" not in str(error.value).replace("secret.csv", "")


def test_files_within_may_be_named_in_any_way(inner: Path) -> None:
    for name in ("day.csv", "../mine/day.csv", str(inner / "day.csv")):
        (inner / "plan.yaml").write_text(DESK + f"demand: {{calls: {{forecast: {name}}}}}\n")
        assert load(inner / "plan.yaml").demand["calls"].rate is not None


def test_what_is_extended_lies_within_too(inner: Path) -> None:
    (inner / "plan.yaml").write_text("extends: ../base.yaml\nscenario: child\n")
    with pytest.raises(ScenarioError, match=r"plan\.yaml:1:10: extends: cannot read .* is outside"):
        load(inner / "plan.yaml")
    with files_from_outside():
        assert load(inner / "plan.yaml").scenario == "child"
    with pytest.raises(ScenarioError):
        load(inner / "plan.yaml")


def test_a_pipe_is_no_file(inner: Path) -> None:
    (inner / "plan.yaml").write_text(DESK + "demand: {calls: {forecast: pipe.csv}}\n")
    with pytest.raises(ScenarioError, match="is not a file"):
        load(inner / "plan.yaml")


def test_a_base_below_may_read_what_lies_in_the_scenarios_folder(inner: Path) -> None:
    (inner / "parts").mkdir()
    (inner / "parts" / "base.yaml").write_text(DESK + "demand: {calls: {forecast: ../day.csv}}\n")
    (inner / "plan.yaml").write_text("extends: parts/base.yaml\nscenario: child\n")
    assert load(inner / "plan.yaml").demand["calls"].rate is not None


@pytest.mark.parametrize("command", ["check", "explain", "diff", "run", "compare"])
def test_the_option_allows_it_for_one_command(inner: Path, command: str) -> None:
    plan = str(inner / "plan.yaml")
    (inner / "plan.yaml").write_text(CHILD)
    replications = ["--replications", "2", "--no-report", "--out", str(inner / "out")]
    words = {
        "explain": [plan, "scenario"],
        "diff": [plan, plan],
        "run": [plan, *replications],
        "compare": [plan, f"{plan}:more", *replications],
    }.get(command, [plan])
    runner = CliRunner()
    refused = runner.invoke(app, [command, *words])
    assert refused.exit_code == 2
    assert "allow it with --allow-outside" in refused.output
    assert runner.invoke(app, [command, *words, "--allow-outside"]).exit_code == 0
    again = runner.invoke(app, [command, *words, *(["--force"] if command in ("run", "compare") else [])])
    assert again.exit_code == 2, "what one command allows does not hold for the next"


def test_so_does_the_parameter_in_python(inner: Path) -> None:
    plan = inner / "plan.yaml"
    plan.write_text(CHILD)
    for refused in (
        lambda: api.load(plan),
        lambda: api.run(plan, replications=1),
        lambda: api.compare(plan, replications=2, all_variants=True),
        lambda: api.replay(plan),
    ):
        with pytest.raises(CcsimError, match="is outside"):
            refused()
    assert api.load(plan, allow_outside=True).scenario == "child"
    assert api.run(plan, replications=1, allow_outside=True).tables["replications"].shape[0] == 1
    assert len(api.compare(plan, replications=2, all_variants=True, allow_outside=True).alternatives) == 2
    assert "visits" in api.replay(plan, allow_outside=True)
    with files_from_outside():
        assert api.load(plan).scenario == "child", "the block around it holds"


#: What stands in a file from outside: a list of users, and secrets as cells, keys, values and broken YAML.
TEXTS = [
    "root:x:hunter2\nstart,contacts\n",
    'start,contacts\n2026-03-02 00:00,"hunter2\n',
    "start,contacts,stream\n2026-03-02 00:00,1,hunter2\n2026-03-02 01:00,1,hunter2\n",
    "time,talk\n0,hunter2\nhunter2,1\n",
    "hunter2\n1\n",
]
FORECASTS = [
    "start,contacts\n2026-03-02 00:00,hunter2\n2026-03-02 01:00,hunter2's\n",
    "start,hunter2\n2026-03-02 00:00,1\n2026-03-02 01:00,1\n",
]
TRACES = [
    "time,hunter2,name\n2026-03-02 00:00,1,hunter2\n",
    "time,talk\n2026-03-02 00:00,hunter2\n2026-03-02 01:00,hunter2's\n",
    "time,talk\nhunter2,1\nhunter2,2\n",
    "time,talk\n12.125,7\n13.125,hunter2\n",
]
LAWS = ["hunter2,b\n1,2\n", "times\nhunter2\n1\n", "times\n12 hunter2\n"]
#: What stands in a file from outside that is read as a table: heads, numbers and dates, which reasons give as written.
TABLES = [
    (
        "staffing: 1",
        "{forecast: ../users.csv}",
        "start,contacts\n2026-03-02 00:00,7.125\n2026-03-02 01:00,8.125\n",
        "7.125",
    ),
    ("staffing: 1", "{forecast: ../users.csv}", "start,contacts\n03/04/2031 00:00,5\n03/04/2031 01:00,5\n", "2031"),
    ("staffing: 1", "{forecast: ../users.csv}", "start,contacts\n2031-03-02 00:00,5\n2031-03-02 01:00,5\n", "2031"),
    ("roster: {file: ../users.csv, on_the_line: [Phone]}", "{per_hour: 1}", "hunter2,other\n1,2\n3,4\n", "hunter2"),
    (
        "roster: {file: ../users.csv, on_the_line: [Phone]}",
        "{per_hour: 1}",
        "agent,start,end,activity\nA,2026-03-02 00:00,2026-03-02 01:00,hunter2\n",
        "hunter2",
    ),
]
YAMLS = [
    "hunter2: 7\n",
    "hunter2\n",
    "scenario: [hunter2\n",
    "scenario: 'hunter2\n",
    DESK.replace("staffing: 1", "staffing: hunter2") + "demand: {calls: {per_hour: hunter2, hunter2: 3}}\n",
    DESK.replace("desk: {", "desk: {site: hunter2, ") + "demand: {calls: {per_hour: 1}}\n",
    DESK + "demand: {calls: {per_hour: 1}}\ngoals: ['hunter2 >= 7']\n",
    DESK + "demand: {calls: {per_hour: 1, channels: {hunter2: 20%, phone: 30%}}}\n",
]


@pytest.mark.parametrize(
    ("named", "text"),
    [
        *(("demand: {calls: {forecast: ../users.csv}}", text) for text in TEXTS + FORECASTS),
        *(("demand: {calls: {trace: ../users.csv}}", text) for text in TEXTS + TRACES),
        *(("demand: {calls: {per_hour: 1}}\npatience: {file: ../users.csv, unit: s}", text) for text in LAWS),
    ],
)
def test_faults_in_data_from_outside_quote_none_of_it(inner: Path, named: str, text: str) -> None:
    (inner.parent / "users.csv").write_text(text)
    (inner / "plan.yaml").write_text(f"{DESK}{named}\n")
    with files_from_outside(), pytest.raises(ScenarioError) as error:
        load(inner / "plan.yaml")
    assert error.value.faults
    assert "hunter2" not in str(error.value)
    assert "users.csv" in str(error.value)


@pytest.mark.parametrize(("desk", "calls", "text", "secret"), TABLES)
def test_faults_in_tables_from_outside_quote_none_of_them(
    inner: Path, desk: str, calls: str, text: str, secret: str
) -> None:
    (inner.parent / "users.csv").write_text(text)
    (inner / "plan.yaml").write_text(DESK.replace("staffing: 1", desk) + f"demand: {{calls: {calls}}}\n")
    with files_from_outside(), pytest.raises(ScenarioError) as error:
        load(inner / "plan.yaml")
    assert secret not in str(error.value)
    assert "users.csv" in str(error.value)
    (inner / "users.csv").write_text(text)
    (inner / "plan.yaml").write_text((inner / "plan.yaml").read_text().replace("../users.csv", "users.csv"))
    with pytest.raises(ScenarioError, match=secret):
        load(inner / "plan.yaml")


@pytest.mark.parametrize("text", YAMLS)
def test_faults_in_a_base_from_outside_quote_none_of_it(inner: Path, text: str) -> None:
    (inner.parent / "base.yaml").write_text(text)
    (inner / "plan.yaml").write_text("extends: ../base.yaml\nscenario: child\n")
    with files_from_outside(), pytest.raises(ScenarioError) as error:
        load(inner / "plan.yaml")
    assert "hunter2" not in str(error.value)
    assert "base.yaml" in str(error.value)
