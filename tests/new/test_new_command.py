"""`ccsim new` on the command line."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from ccsim.cli import app
from ccsim.new.wishes import next_start
from ccsim.scenario import load
from tests.support.processes import environment

START = ("--start", "2026-06-01")


def new(place: Path, *words: str) -> Result:
    os.chdir(place)
    return CliRunner().invoke(app, ["new", *words])


def code(result: Result) -> int:
    """The exit code, of an error too that the process turns into its own (`ccsim.exits.guarded`)."""
    return int(getattr(result.exception, "exit_code", result.exit_code))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_writes_a_file_and_tells_what_to_type_next(here: Path) -> None:
    result = new(here, "acme", *START)
    assert result.exit_code == 0
    assert result.stdout == "acme.yaml\n"
    assert result.stderr == (
        "assumed: --markets uk, --channels phone, --sites london, --contacts-per-week 6000\nnext:\n"
        "  ccsim check acme.yaml\n  ccsim run acme.yaml\n  ccsim compare acme.yaml --all-variants\n"
    )
    assert sorted(path.name for path in here.iterdir()) == ["acme.yaml"]
    assert load("acme.yaml").scenario == "acme"


def test_the_commands_that_it_tells_are_commands(here: Path) -> None:
    result = new(here, "my desk", *START)
    assert result.exit_code == 0
    assert "  ccsim check 'my desk.yaml'\n" in result.stderr
    assert load("my desk.yaml").scenario == "my_desk"
    told = [line.split()[1] for line in result.stderr.splitlines() if line.startswith("  ccsim ")]
    assert set(told) <= {command.name or command.callback.__name__ for command in app.registered_commands}


def test_the_same_words_make_the_same_file(here: Path) -> None:
    words = ("--markets", "uk,japan", "--sites", "leeds,manila", "--vendor", "Balkan BPO", *START)
    new(here, "a", *words)
    first = Path("a.yaml").read_text(encoding="utf-8")
    assert new(here, "a.yaml", *words, "--force").exit_code == 0
    assert Path("a.yaml").read_text(encoding="utf-8") == first
    assert "balkan_bpo" in first


def test_a_file_that_exists_is_kept(here: Path) -> None:
    Path("acme.yaml").write_text("mine", encoding="utf-8")
    result = new(here, "acme")
    assert code(result) == 2
    assert "exists" in str(result.exception)
    assert Path("acme.yaml").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--markets", "germny"), "did you mean 'germany'?"),
        (("--markets", "atlantis"), "--time-zone for all that are not known"),
        (("--markets", "atlantis", "--time-zone", "Nowhere"), "--time-zone: there is no time zone 'Nowhere'"),
        (("--channels", "phone,fax"), "there is no channel 'fax'"),
        (("--sites", "lissbon"), "did you mean 'lisbon'?"),
        (("--sites", "leeds,leeds"), "named twice"),
        (("--contacts-per-week", "many"), "expected a whole number"),
        (("--contacts-per-week", "0"), "expected a whole number"),
        (("--people", "-3"), "expected a whole number"),
        (("--people", "1e9"), "expected a whole number"),
        (("--start", "June"), "expected a date like 2026-06-01"),
        (("--vendor", "???"), "expected a name"),
        (("--languages", ""), "expected names between commas"),
    ],
)
def test_what_cannot_be_understood_is_told_and_nothing_is_written(
    here: Path, words: tuple[str, ...], message: str
) -> None:
    result = new(here, "acme", *words)
    assert code(result) == 2
    assert message in str(result.exception)
    assert list(here.iterdir()) == []


def test_places_that_are_not_known_with_their_time_zones(here: Path) -> None:
    words = ("--markets", "atlantis=Europe/Lisbon,mu", "--sites", "hq,lab=Asia/Kolkata", "--time-zone", "Asia/Tokyo")
    assert new(here, "acme", *words, *START).exit_code == 0
    scenario = load("acme.yaml")
    assert [market.time_zone for market in scenario.markets.values()] == ["Europe/Lisbon", "Asia/Tokyo"]
    assert [site.time_zone for site in scenario.sites.values()] == ["Asia/Tokyo", "Asia/Kolkata"]
    assert scenario.markets["atlantis"].holidays is None


def test_a_folder_that_is_not_there(here: Path) -> None:
    assert "there is no folder" in str(new(here, "sub/acme").exception)
    Path("sub").mkdir()
    assert new(here, "sub/acme", *START).stdout == f"{Path('sub/acme.yaml')}\n"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["--markets", "--channels", "--sites", "--languages", "--people", "--vendor", "--start"]),
            st.text(alphabet="ukde,=/ 0123-_äß🙂'\"{}[]:#\t\n", max_size=12),
        ),
        max_size=3,
    )
)
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_words_end_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]) -> None:
    before = Path.cwd()
    place = tmp_path_factory.mktemp("words")
    try:
        result = new(place, "acme", *[f"{option}={text}" for option, text in pairs])
    finally:
        os.chdir(before)
    if result.exit_code == 0:
        load(place / "acme.yaml")
    else:
        assert code(result) == 2, result.exception
        assert list(place.iterdir()) == []


def test_a_name_that_is_none(here: Path) -> None:
    for name in ("", ".yaml", "???", "a\0b"):
        assert code(new(here, name)) == 2


def test_the_first_monday_of_next_month() -> None:
    assert next_start(date(2026, 5, 31)) == date(2026, 6, 1)
    assert next_start(date(2026, 6, 1)) == date(2026, 7, 6)
    assert next_start(date(2026, 12, 31)) == date(2027, 1, 4)
    assert all(next_start(date(2026, 1, 1 + day)).weekday() == 0 for day in range(31))


def test_on_a_terminal_it_asks_and_asks_again(tmp_path: Path) -> None:
    leader, follower = pty.openpty()
    start = "import sys; from ccsim.start import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", start, "new", "acme", *START, "--vendor", "partner"],
        stdin=follower,
        stderr=follower,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
        env=environment(),
    )
    os.close(follower)
    os.write(leader, b"germny\ngermany\nphone,email\n\n9000\n")
    assert process.stdout is not None
    with process.stdout as stdout:
        assert stdout.read() == b"acme.yaml\n"
    assert process.wait(60) == 0
    talk = b""
    try:
        while piece := os.read(leader, 65_536):
            talk += piece
    except OSError:  # how Linux tells that the other side has gone
        pass
    os.close(leader)
    assert b"did you mean 'germany'?" in talk
    assert talk.count(b"Markets") == 2
    scenario = load(tmp_path / "acme.yaml")
    assert list(scenario.markets) == ["germany"]
    assert list(scenario.sites) == ["berlin"]
    assert set(scenario.channels) == {"phone", "email"}


def test_with_yes_it_does_not_ask(here: Path) -> None:
    result = new(here, "acme", "--yes", *START)
    assert result.exit_code == 0
    assert "Markets" not in result.stderr
