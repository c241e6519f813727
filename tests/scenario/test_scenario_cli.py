"""The commands check, schema and explain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ccsim.cli import app
from tests.support.files import CENTRE, GLOBE
from tests.support.scenario_texts import LAB, lab


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def lab_file(tmp_path: Path) -> Path:
    path = tmp_path / "lab.yaml"
    path.write_text(LAB + "variants: {more: {pools.desk.staffing: +2}, none: {pools.desk.staffing: 12}}\n")
    return path


def test_check_says_that_all_is_fine(lab_file: Path) -> None:
    done = run("check", lab_file)
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    (foreseen,) = [line for line in lines if line.startswith("  to run")]  # it names this machine's processors
    assert foreseen.startswith("  to run    about 5,292 visits a replication, 100 replications: some ")
    assert [line for line in lines if line != foreseen] == [
        "erlang-a: fine",
        "  horizon   2026-01-01 01:00 to 2026-01-01 21:00 UTC",
        "  warm-up   1h before",
        "  contacts  5,040 expected, without returns",
        "  volume    calls: 5,040 contacts",
        "  pool      desk: up to 12 agents on the line",
        "  variants  more, none",
    ]


def test_check_tells_the_end_that_clocks_show(tmp_path: Path) -> None:
    path = tmp_path / "march.yaml"
    start = "time_zone: Europe/Berlin\nhorizon: {start: 2026-03-29, length: 1d}"
    rest = "demand: {calls: {per_hour: 6}}\nhandle_time: 1m\npools: {desk: {staffing: 2}}\n"
    path.write_text(f"scenario: march\n{start}\n{rest}")
    done = run("check", path)
    assert "  horizon   2026-03-29 00:00 to 2026-03-30 00:00 Europe/Berlin" in done.stdout.splitlines()


def test_check_with_variant_and_setting(lab_file: Path) -> None:
    done = run("check", lab_file, "--variant", "more", "--set", "demand.calls.rate=x0.5")
    assert done.exit_code == 0
    assert "  changed   pools.desk.staffing: 12 -> 14 (variant more)" in done.stdout
    assert "  changed   demand.calls.rate: 4.2 -> 2.1 (--set)" in done.stdout
    assert run("check", f"{lab_file}:more").exit_code == 0


def test_check_prints_every_fault_and_exits_2(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(lab(run="{replications: many, seeds: 3}", handle_time="{mean: 2}"))
    done = run("check", path)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert [line.removeprefix(str(path)).split(":", 3)[:3] for line in done.stderr.splitlines()] == [
        ["", "6", "21"],
        ["", "6", "27"],
        ["", "7", "21"],
    ]


def test_check_of_a_centre_with_sites() -> None:
    done = run("check", GLOBE)
    assert done.exit_code == 0
    assert [line for line in done.stderr.splitlines() if "assumed: " not in line] == [
        f"{GLOBE}:14:21: warning: markets.us.region: no pool in NA takes ads, risk: pools of every "
        "region may answer contacts of us from the first second, not only when `any_region` opens",
        f"{GLOBE}:28:54: warning: workflows.ads.tiers.t1.transfers: tier t1 of risk has nobody on the line for "
        "germany de phone on mon-fri 10:00-13:00 (UTC), while t1 works and transfers to it",
    ]
    lines = done.stdout.splitlines()
    assert lines[0] == "globe: can be run, with 2 warnings (Two sites, two vendors, three languages)"
    assert lines[3].endswith(" expected, without returns, before public holidays")
    assert [line.partition(":")[0] for line in lines[4:6]] == ["  volume    ads", "  volume    risk"]
    assert lines[4].endswith(" contacts in 36 streams")
    assert lines[6:10] == [
        "  pool      experts: up to 9 agents on the line",
        "  pool      krakow_risk: 9 people on split",
        "  pool      krakow_t1: 80 people on day, half",
        "  pool      manila_t1: 240 people on around",
    ]


def test_many_pools_are_told_by_site(tmp_path: Path) -> None:
    pools = "".join(f"  more{n}: {{site: krakow, headcount: 5, shifts: day, workflows: ads}}\n" for n in range(12))
    path = tmp_path / "many.yaml"
    path.write_text(GLOBE.read_text().replace("planning:", pools + "planning:"))
    done = run("check", path)
    assert done.exit_code == 0, done.stderr
    assert "  site      krakow: 15 pools, 149 people" in done.stdout
    assert "  site      manila: 1 pool, 240 people" in done.stdout


def test_check_looks_at_every_variant(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(LAB + "variants:\n  fine: {run.seed: 3}\n  bad: {pools.desk.staffing: 0}\n")
    done = run("check", path)
    assert done.exit_code == 2
    assert f"{path}:10:30: pools.desk.staffing: the pool has no agents at any time (variant bad)" in done.stderr
    assert run("check", path, "--variant", "fine").exit_code == 0
    assert run("check", f"{path}:fine").exit_code == 0, "that variant alone"
    assert run("check", f"{path}:bad").exit_code == 2


def test_check_as_json(lab_file: Path) -> None:
    fine = json.loads(run("check", lab_file, "--json").stdout)
    assert (fine["ok"], fine["faults"], fine["summary"]["volumes"]) == (
        True,
        [],
        {"calls": {"contacts": pytest.approx(5040), "streams": 1}},
    )
    done = run("check", lab_file, "--json", "--set", "pools.desk.staffing=0")
    bad = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (2, "")
    assert bad["ok"] is False
    assert [fault["key"] for fault in bad["faults"]] == ["pools.desk.staffing"]
    assert "summary" not in bad


@pytest.mark.parametrize(
    "words", [("check",), ("check", "nowhere.yaml"), ("check", "."), ("explain", "nowhere.yaml", "x")]
)
def test_bad_input_exits_2_without_a_traceback(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    assert "Traceback" not in done.stderr


def test_odd_file_names_and_terminals_do_no_harm(lab_file: Path) -> None:
    code = "import sys; from ccsim.cli import main; sys.argv = ['ccsim', *sys.argv[1:]]; main()"
    odd = lab_file.with_name("l\u00e4b.yaml")
    odd.write_text(LAB + 'title: "\u00e4\u263a"\n', encoding="utf-8")
    for words, end in (
        (["check", str(odd)], 0),
        (["check", b"\xff.yaml", "--json"], 2),
        (["explain", str(odd), "title"], 0),
    ):
        for encoding in ("ascii", "utf-8"):
            done = subprocess.run(
                [sys.executable, "-c", code, *words],
                capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"},
            )  # fmt: skip
            assert (done.returncode, b"Traceback" in done.stderr) == (end, False), done.stderr


def test_explain_says_where_a_value_comes_from(lab_file: Path) -> None:
    done = run("explain", f"{lab_file}:more", "pools.desk.staffing")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == f"pools.desk.staffing: 14    # {lab_file}:8:40, variant more"
    assert lines[1] == (f"  changed by variant more: pools.desk.staffing: 12 ({lab_file}:6:28) -> 14 ({lab_file}:8:40)")
    assert "Agents on the line" in done.stdout


def test_explain_names_files_and_settings(tmp_path: Path, lab_file: Path) -> None:
    child = tmp_path / "child.yaml"
    child.write_text("extends: lab.yaml\nhandle_time: {mean: 3m}\n")
    done = run("explain", child, "handle_time", "--set", "handle_time.mean=x2")
    assert done.stdout.splitlines()[:4] == [
        f"handle_time.law: exponential    # {lab_file}:4:20",
        "handle_time.mean: 6m    # --set handle_time.mean=x2",
        f"  changed by extends: handle_time.mean: 2m ({lab_file}:4:39) -> 3m ({child}:2:21)",
        f"  changed by --set: handle_time.mean: 3m ({child}:2:21) -> 6m (--set handle_time.mean=x2)",
    ]


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("run.seed", "run.seed: 2026    # default"),
        ("horizon.drain", "horizon.drain: 3d    # default"),
        ("routing", "routing: not set    # default"),
        ("channels.phone.kind", "channels.phone.kind: live    # default"),
        ("workflows.calls.tiers.t1.escalated", "workflows.calls.tiers.t1.escalated: 0%    # default"),
        ("title", "title: not set    # default"),
    ],
)
def test_explain_knows_defaults(lab_file: Path, key: str, line: str) -> None:
    done = run("explain", lab_file, key)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == line
    assert "meaning: " in done.stdout


def test_explain_a_rate_with_its_changes(lab_file: Path) -> None:
    done = run("explain", lab_file, "demand.calls.rate", "--set", "demand.calls.rate[2026-01-01 09:00..10:00]=x1.1")
    assert "demand.calls.per_minute: 4.2" in done.stdout
    assert "demand.calls.changes.0.times: 1.1" in done.stdout
    assert "changed by --set: demand.calls.rate[2026-01-01 09:00..10:00]: 4.2" in done.stdout


@pytest.mark.parametrize("key", ["pools.dsk", "pools.desk.staffing.x", "nothing", "", "a..b", "demand.x.rate"])
def test_explain_refuses_keys_that_are_not_there(lab_file: Path, key: str) -> None:
    done = run("explain", lab_file, key)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{lab_file}: ")


def test_every_key_that_is_written_can_be_explained() -> None:
    for key in (
        "demand.mail.rates.values",
        "workflows.billing.tiers.t1.handle_time.phone.talk.k",
        "goals.0.within",
        "pools.south.shifts.0.breaks.1.paid",
        "queue_groups.voice.hours.sat",
        "channels.chat.speed",
        "segments.premium.wait_credit",
        "patience.zero",
        "workflows.billing.returns.after_abandon.share",
        "pools.desk.skills.billing.handle_time",
        "service_level.within",
        "demand.billing.day_factor.cv",
    ):
        done = run("explain", CENTRE, key)
        assert done.exit_code == 0, done.stderr
        assert "meaning: " in done.stdout, key
        assert str(CENTRE) in done.stdout


@pytest.mark.parametrize(
    "key",
    [
        "markets.us.languages.es", "markets.germany.residency", "causes.bug.fixed", "profiles.shop.weekdays",
        "surges.launch.for", "demand.ads.season", "demand.ads.day_factor.correlation", "demand.ads.rate",
        "sites.krakow.hours.sat", "vendors.northwind.premiums.night", "shift_patterns.split.split.gap",
        "pools.krakow_t1.languages.en", "pools.manila_t1.shifts", "routing.overflow.2.to.translated.price",
        "routing.vendor_share.ads.in_house", "queue_groups.german_phone.clock", "workflows.ads.tiers.t1.transfers",
    ],
)  # fmt: skip
def test_every_key_of_planners_can_be_explained(key: str) -> None:
    done = run("explain", GLOBE, key)
    assert done.exit_code == 0, done.stderr
    assert "meaning: " in done.stdout
    assert str(GLOBE) in done.stdout


def test_check_tells_faults_of_variants_beside_those_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(
        "scenario: two\nhorizon: {start: 2026-03-02, length: 1d}\npatience: {men: 3m}\nhandle_time: 1m\n"
        "demand: {calls: {per_hour: 6}}\npools: {desk: {staffing: 2}}\nvariants: {a: {pools.desk.stafing: 3}}\n"
    )
    done = run("check", path)
    assert "patience.men: unknown key 'men'" in done.stderr
    assert "pools.desk.stafing: there is no key 'stafing'" in done.stderr
    assert done.stderr.count("patience.men") == 1
