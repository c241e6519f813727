"""Faults and warnings at their places: all that `ccsim check` says."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

from ccsim.commands.check_text import checked
from ccsim.editor.diagnostics import extent, findings
from tests.support.files import SCENARIOS

FAULTY = """\
scenario: x
horizon: {start: 2026-06-01, length: 1d}
demand: {calls: {per_day: 22,000, markets: {uk: 60%}}}
handle_time: {mean: 3m}
pools:
  desk: {staffing: 12, sit: leeds, paid_hour: 27 EUR, site: nowhere}
"""


def test_all_faults_at_their_words() -> None:
    found = findings(FAULTY, Path("x.yaml"), {})[Path("x.yaml")]
    lines = FAULTY.split("\n")
    words = {}
    for one in found:
        line, start, end = extent(lines, one)
        words[lines[line][start:end]] = one.message
    assert {"000", "sit", "27", "nowhere"} <= words.keys()
    assert "did you mean 'site'" in words["sit"]
    assert all(one.weight == "fault" for one in found)


def test_what_check_says_is_what_the_editor_shows() -> None:
    for path in sorted(SCENARIOS.glob("*.yaml")):
        with redirect_stdout(io.StringIO()) as out:
            checked(str(path), [], [], as_json=True)
        said = [one for one in json.loads(out.getvalue())["remarks"] if one["kind"] != "read"]
        found = [one for file in findings(path.read_text(encoding="utf-8"), path, {}).values() for one in file]
        assert {(one["line"], one["column"], one["kind"]) for one in said} == {
            (one.line, one.column, one.weight) for one in found
        }
        assert len(found) == len({(one["key"], one["message"], one["line"], one["column"]) for one in said})


def test_faults_of_a_variant_and_warnings_of_the_rest() -> None:
    text = (SCENARIOS / "erlang_a.yaml").read_text(encoding="utf-8") + "  odd: {pools.desk.staffin: +1}\n"
    (fault,) = (one for one in findings(text, Path("x.yaml"), {})[Path("x.yaml")] if one.weight == "fault")
    assert "(variant odd)" in fault.message
    assert text.split("\n")[fault.line - 1][fault.column - 1 :].startswith("pools.desk.staffin")


def test_a_fault_in_the_file_that_is_extended_stands_there(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(FAULTY, encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    found = findings("extends: base.yaml\nscenario: mine\n", mine, {})
    assert found[mine] == []
    assert len(found[base]) >= 4


def test_of_a_base_that_is_open_the_text_of_the_editor_counts(tmp_path: Path) -> None:
    base = tmp_path / "base.yaml"
    base.write_text(FAULTY, encoding="utf-8")
    fine = (SCENARIOS / "erlang_a.yaml").read_text(encoding="utf-8")
    mine = tmp_path / "mine.yaml"
    found = findings("extends: base.yaml\nscenario: mine\n", mine, {str(base.resolve()): fine})
    assert [one for file in found.values() for one in file if one.weight == "fault"] == []


def test_a_file_that_cannot_be_extended(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    (one,) = findings("extends: missing.yaml\n", mine, {})[mine]
    assert (one.line, one.column) == (1, 10)
    assert "no such file" in one.message


def test_any_text_has_findings_and_no_traceback() -> None:
    text = (SCENARIOS / "web_shop.yaml").read_text(encoding="utf-8")
    for end in range(0, len(text), 61):
        for path, found in findings(text[:end], Path("x.yaml"), {}).items():
            assert path == Path("x.yaml")
            for one in found:
                line, start, stop = extent(text[:end].split("\n"), one)
                assert 0 <= start <= stop
                assert 0 <= line <= text[:end].count("\n")
    for odd in ("", "\x00", "\ud800", "a\n---\nb", "&a [*a]", "[" * 9_999):
        assert findings(odd, Path("x.yaml"), {})[Path("x.yaml")]
