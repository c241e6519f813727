"""The field's words: the old ones of the glossary stay out of code, pages, docs, scenarios and tests."""

from __future__ import annotations

import re

import pytest

from tests.support.files import ROOT

OLD = {
    "play": r"(?<![a-z])(?:[Pp]lay(?:s|ed|er|ers|ing)?|PLAY(?:S|ED)?|unplayed)(?![a-z])",
    "luck": r"(?<![a-z])(?:[Ll]uck|LUCK)(?![a-z])",
    "surely": r"(?i)(?<![a-z])surely(?![a-z])",
    "door": r"(?<![a-z])(?:[Dd]oors|Door|DOORS?)(?![a-z])",
    "road": r"(?i)(?<![a-z])roads?(?![a-z])",
    "book": r"(?<![a-z])(?:[Bb]ooks?|BOOKS?)(?![a-z])",
    "tour": r"(?i)(?<![a-z])tours?(?![a-z])",
    "crew": r"(?<![a-z])(?:crews|Crews?|CREWS?|(?<=_)crew|crew(?=_))(?![a-z])",
    "busyness": r"(?i)busyness",
    "in the mean": r"(?i)\bin the mean\b",
    "run-out": r"(?i)\brun-out\b",
    "head start": r"(?i)\bhead start\b",
    "ring": r"(?<![A-Za-z])(?:rings|Rings?|RINGS?)(?![A-Za-z])",
}
"""How each is written, as a word or as a part of a name; `door` and `crew` may be names that a planner gives."""
ALLOWED = {
    "CHANGELOG.md": set(OLD),  # what was said when it was so
    "docs/glossary.md": set(OLD),  # the table of old words
    "experiments/benchmark/older.py": {"play"},  # what an older checkout calls it
    "tests/docs/test_words.py": set(OLD),
    "tests/scenario/test_scenario_special_days.py": {"door"},  # a placeholder of the scenario's text
    "tests/verify/families/transient.py": {"busyness"},  # a key of the reference cases
}
KINDS = {".py", ".md", ".yaml", ".html", ".js", ".css", ".toml", ".sql"}
PLACES = ("ccsim", "docs", "scenarios", "experiments", "tests")
FOUND = (path for place in PLACES for path in (ROOT / place).rglob("*") if path.suffix in KINDS)
TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in sorted([*FOUND, *(ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml"))])
}


@pytest.mark.parametrize("word", OLD)
def test_no_old_word_is_left(word: str) -> None:
    pattern, found = re.compile(OLD[word]), []
    for name, text in TEXTS.items():
        if word in ALLOWED.get(name, ()) or not pattern.search(text):
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)


def test_the_glossary_tells_what_is_said_now() -> None:
    table = TEXTS["docs/glossary.md"].partition("## Old words")[2]
    for word in OLD:
        assert re.search(rf"^\|[^|]*\b{re.escape(word)}\b", table, re.MULTILINE), word


@pytest.mark.parametrize(
    ("said", "word"),
    [("Played", "play"), ("without_plays", "play"), ("of_luck", "luck"), ("the doors", "door"), ("book_of", "book")],
)
def test_a_word_is_found_in_names(said: str, word: str) -> None:
    assert re.search(OLD[word], said)


@pytest.mark.parametrize(
    ("said", "word"),
    [("display", "play"), ("replay", "play"), ("lucky", "luck"), ("workbook", "book"), ("string", "ring")],
)
def test_a_word_within_another_is_none(said: str, word: str) -> None:
    assert not re.search(OLD[word], said)
