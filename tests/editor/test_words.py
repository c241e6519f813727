"""Hover and definitions: what a word means, and where it is defined."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.editor.document import Document
from ccsim.editor.symbols import symbols
from ccsim.editor.words import definition, meaning
from ccsim.language.section_forms import SectionForm
from tests.editor.cursor import BASE, goes_to, hover
from tests.support.files import SCENARIOS

DESK = BASE + (
    "markets: {uk: {region: emea, languages: {en: 100%}}}\nsites:\n  leeds: {region: emea, hours: 24x7}\n"
    "vendors: {own: {kind: in_house}}\nshift_patterns: {early: {paid: 8h, starts: 08:00}}\n"
    "workflows: {billing: {tiers: {t2: {}}}}\ndemand: {calls: {workflow: billing, channel: chat}}\n"
)


def test_hover_says_label_unit_bounds_default_and_where_to_read_on() -> None:
    said = hover(BASE + "pools: {desk: {head¦count: 5}}")
    assert said.startswith("**headcount**: people\n\nPeople employed.")
    assert "A whole number of at most 1_000_000, or `auto` or bounds like {min: 4, max: 12}" in said
    assert said.endswith("[Pool in the reference](file:///reference.md#pool)")
    said = hover(BASE + "run:\n  repli¦cations: 4\n")
    assert "of at least 1 and at most" in said
    assert "default: 20" in said
    assert "without it: the vendor's" in hover(BASE + "pools: {desk: {paid_hour¦: 27}}")
    assert "required" in hover(BASE + "sites: {leeds: {re¦gion: x}}")
    assert "now `drain`" in hover(BASE.replace("length: 4w", "run_o¦ut: 2d"))


def test_hover_says_nothing_twice() -> None:
    """Of every word of a scenario: no line and no part of it stands there twice."""
    seen = 0
    for name in ("regional_desk", "web_shop"):
        path = SCENARIOS / f"{name}.yaml"
        document = Document(path.read_text(encoding="utf-8"), path)
        for spot in list(document.draft.spots()):
            found = meaning(document, spot.place.line, spot.place.column) if spot.width else None
            if found is not None:
                seen += 1
                parts = [part for part in found.text.split("\n\n") if part]
                assert len(parts) == len(set(parts))
                assert "||" not in found.text
                assert found.text.count(f"**{spot.text}**") <= 1
    assert seen > 300


def test_every_key_of_the_language_has_a_hover() -> None:
    from ccsim.scenario.reference import sections

    keys = [(form, name, key) for form in sections() for name, key in form.keys.items()]
    assert len(keys) > 200
    assert [f"{form.title}.{name}" for form, name, key in keys if not key.doc] == []
    assert all(isinstance(form, SectionForm) and key.head(name).startswith(name) for form, name, key in keys)


def test_hover_of_words_and_names() -> None:
    assert hover(BASE + "goals: [{kpi: service¦_level}]").startswith("**service_level**\n\nService level: Share of")
    said = hover(DESK + "pools: {a: {site: lee¦ds}}")
    assert said.startswith("**leeds**: a site")
    assert "leeds: {region: emea, hours: 24x7}" in said
    assert hover(DESK + "demand: {a: {profile: business¦_day}}") == "**business_day**: a profile that is built in"
    said = hover(DESK + "pools: {a: {headcount: 12}}\nvariants: {more: {pools.a.head¦count: +3}}")
    assert "**headcount**: people" in said
    assert "pools.a.headcount: 12" in said
    assert hover("ex¦tends: base.yaml").startswith("**extends**")
    assert hover(BASE + "vari¦ants: {}").startswith("**variants**")
    assert hover(BASE + "# a com¦ment") == ""
    assert hover(BASE + "sites: {leeds: {region: em¦ea}}").startswith("**emea**")


@pytest.mark.parametrize(
    ("place", "line", "column"),
    [
        ("pools: {a: {site: lee¦ds}}", 5, 3),
        ("pools: {a: {site: lee¦ds", 5, 3),
        ("pools:\n  a:\n    vendor: ¦own\n", 6, 11),
        ("pools: {a: {headcount: 3, shifts: [ear¦ly]}}", 7, 18),
        ("pools: {a: {workflows: billing¦}}", 8, 13),
        ("pools: {a: {tier: t2¦}}", 8, 31),
        ("pools: {a: {channels: ch¦at}}", 9, 46),
        ("surges: {a: {markets: [u¦k]}}", 3, 11),
        ("goals: [{kpi: asa, market: u¦k}]", 3, 11),
        ("goals: [{kpi: asa, language: e¦n}]", 3, 42),
        ("pools: {a: {staffing: 3}}\nvariants: {more: {pools.¦a.staffing: +1}}", 10, 9),
        ("pools: {a: {staffing: 3}}\nvariants: {more: {pools.a.staff¦ing: +1}}", 10, 13),
        ("variants: {more: {}, most: {on: mo¦re}}", 10, 12),
    ],
)
def test_a_name_leads_to_its_definition(place: str, line: int, column: int) -> None:
    found = goes_to(DESK + place)
    assert found is not None
    assert (found.line, found.column) == (line, column)


def test_a_key_that_is_a_name_leads_to_its_definition() -> None:
    found = goes_to(DESK.replace("demand: {calls: {", "demand: {calls: {markets: {u¦k: 100%}, "))
    assert found is not None
    assert (found.line, found.column) == (3, 11)


@pytest.mark.parametrize(
    "place", ["pools: {a: {site: nowh¦ere}}", "pools: {a: {staff¦ing: 5}}", "# co¦mment", "title: wo¦rd"]
)
def test_what_is_defined_nowhere_leads_nowhere(place: str) -> None:
    assert goes_to(DESK + place) is None


def test_a_definition_in_the_file_that_is_extended(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(DESK, encoding="utf-8")
    found = goes_to("extends: base.yaml\npools: {a: {site: lee¦ds}}", tmp_path / "mine.yaml")
    assert found is not None
    assert (Path(found.source.name), found.line, found.column) == (tmp_path / "base.yaml", 5, 3)


def test_every_word_of_a_text_that_is_cut_off_can_be_asked_for() -> None:
    text = (SCENARIOS / "web_shop.yaml").read_text(encoding="utf-8")
    for end in range(0, len(text), 97):
        document = Document(text[:end], Path("x.yaml"))
        for line, written in enumerate(text[:end].split("\n"), 1):
            for column in (1, len(written) // 2 + 1, len(written) + 1) if line % 5 == 0 else ():
                meaning(document, line, column)
                definition(document, line, column)
        symbols(document)


def test_symbols_are_sections_and_names() -> None:
    found = {one.name: [inner.name for inner in one.inner] for one in symbols(Document(DESK, Path("x.yaml")))}
    assert found["sites"] == ["leeds"]
    assert list(found)[:2] == ["scenario", "horizon"]
