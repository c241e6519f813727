"""Hostile YAML is refused with its place, quickly and without a traceback."""

from __future__ import annotations

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import load, loads
from ccsim.text.compose import MOST_BYTES, MOST_NODES
from tests.support.scenario_texts import LAB, faults_of


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("", 0, 0, "empty"),
        ("# only a comment\n", 0, 0, "empty"),
        ("- a\n- b\n", 1, 1, "expected a map"),
        ("just text\n", 1, 1, "expected a map"),
        ("a: 1\na: 2\n", 2, 1, "written twice in one map, first at <text>:1:1"),
        ("a: {b: 1, c: 2, b: 3}\n", 1, 17, "first at <text>:1:5"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second document"),
        ("a: &x 1\nb: *x\n", 1, 4, "anchors (&x)"),
        ("a: 1\nb: *x\n", 2, 4, "aliases (*x)"),
        ("a: !!python/object:os.system ls\n", 1, 4, "tags"),
        ("a: !mine 1\n", 1, 4, "tags"),
        ("a: {<<: {b: 1}}\n", 1, 5, "merge keys"),
        ("? [a, b]\n: 1\n", 1, 3, "a key must be text"),
        ("{{a: b}: c}\n", 1, 2, "a key must be text"),
        ("a: {~: 1}\n", 1, 5, "a key must be text, got nothing"),
        ("a: b: c\n", 1, 5, "not YAML"),
        ("a: [1, 2\n", 2, 1, "not YAML"),
        ("a: 'b\n", 2, 1, "not YAML"),
        ("\ta: 1\n", 1, 1, "not YAML"),
        ('a: "\\0"\n', 1, 4, "U+0000"),
        ('a: "\\u202e"\n', 1, 4, "U+202E"),
        ("a: 1\nb: \x07\n", 2, 4, "U+0007"),
        ("a: \u2028b\n", 1, 4, "U+2028"),
        ("a: \ud800\n", 1, 4, "UTF-8"),
        ("[" * 100_000, 1, 33, "nested deeper than 32"),
        ("{a: " * 100_000, 1, 129, "nested deeper than 32"),
        ("- " * 100_000, 1, 65, "nested deeper than 32"),
        ("? " * 100_000, 1, 3, "a key must be text"),
        ("a:\n" + "".join(" " * (n + 1) + "a:\n" for n in range(60)), 33, 33, "nested deeper than 32"),
        ("- a\n" * (MOST_NODES + 1), MOST_NODES, 3, "more than 200,000 values"),
        ("a" * 501 + ": 1\n", 1, 1, "a key of 501 characters"),
    ],
)
def test_hostile_yaml_is_a_fault_with_its_place(text: str, line: int, column: int, said: str) -> None:
    found = faults_of(text)
    assert said in found[0].message
    assert (found[0].file, found[0].line, found[0].column) == ("<text>", line, column)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\ndemand\n  support:\n    b: 2\n", "'demand' in line 2 needs a ':'"),
        ("demand\n  a: 1\n", "is a ':' missing in the line before"),
        ("title: Acme: ours\n", "Put a text with ': ' in quotes"),
        ("a:\n\tb: 1\n", "this is a tab: indent with spaces"),
        ("a: 1\r\nb:\r\n\tc: 1\r\n", "this is a tab: indent with spaces"),
        ("a: @x\n", "put a text that begins with @ in quotes"),
        ("a:\n  b: {x: 1\n  c: {y: 2}\n", "the bracket of line 2 is not closed by }"),
        ("a: [1, 2\n", "the bracket of line 1 is not closed by ]"),
        ("a: 1\nb: 'c\n", "the quote of line 2 is not closed"),
        ("a:\n   b: 1\n  c: 2\n", "is this line indented like those beside it"),
    ],
)
def test_text_that_is_no_yaml_is_told_with_what_would_do(text: str, said: str) -> None:
    (fault,) = faults_of(text)
    assert fault.message.startswith("not YAML: ")
    assert said in fault.message


def test_all_faults_of_the_text_are_told_at_once() -> None:
    messages = [str(fault) for fault in faults_of("a: &x 1\nb: *x\nc: !!str 1\nc: 2\n")]
    assert [message.split(": ")[0] for message in messages] == ["<text>:1:4", "<text>:2:4", "<text>:3:4", "<text>:4:1"]


def test_a_file_that_is_too_large_or_no_text_is_refused(tmp_path) -> None:  # type: ignore[no-untyped-def]
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"a" * (MOST_BYTES + 1))
    latin.write_bytes(b"scenario: x\ntitle: Z\xfcrich\n")
    with pytest.raises(ScenarioError, match=r"large\.yaml: .*at most 5,000,000"):
        load(large)
    with pytest.raises(ScenarioError, match=r"latin\.yaml:2:9: expected UTF-8 text, got the byte 0xfc"):
        load(latin)


@pytest.mark.parametrize(
    "name", ["", ".", "nowhere.yaml", "nowhere/x.yaml:variant", "a\0b", "x" * 5000, ":v", "/dev/null"]
)
def test_a_file_that_cannot_be_read_is_a_fault(name: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert len(caught.value.faults) == 1


def test_a_byte_order_mark_and_windows_lines_are_text(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + LAB.replace("\n", "\r\n").encode())
    assert load(path) == loads(LAB)


def test_words_stay_text() -> None:
    text = LAB.replace("profile: flat", "profile: flat, language: no, market: on").replace("erlang-a", "010")
    scenario = loads(text + "title: 09:30\n")
    stream = scenario.demand["calls"]
    assert (scenario.scenario, scenario.title, stream.language, stream.market) == ("010", "09:30", "no", "on")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("demand: {calls: {per_week: 22,000}}\n", "unknown key '000'; a comma ends a value within braces"),
        ("sites: {leeds: {from: 2026-03-04}}\n", "unknown key 'from'; known: "),
    ],
)
def test_a_key_that_was_plainly_meant_otherwise_is_told_what_would_do(text: str, said: str) -> None:
    assert any(said in fault.message for fault in faults_of(text)), faults_of(text)
