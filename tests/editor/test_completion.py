"""What an editor offers at a place of a scenario."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccsim.editor.document import Document, alternatives
from ccsim.kpis.definitions import KPIS
from ccsim.language.forms import DictForm, Form, NameForm
from ccsim.language.goals import RESOLVED_IN_24H
from ccsim.language.names import KINDS
from ccsim.language.pools import POOL
from ccsim.language.questions import QUESTIONS
from ccsim.language.scenario import SCENARIO
from ccsim.language.section_forms import SectionForm
from ccsim.text.draft import MARK
from tests.editor.cursor import BASE, labels, proposed, typed
from tests.support.files import SCENARIOS

NAMES = BASE + (
    "markets: {uk: {languages: {en: 100%}}, de: {languages: {de: 90%, en: 10%}}}\n"
    "channels: {phone: {}, chat: {}}\nsegments: {gold: {}}\ncauses: {defect: {}}\nprofiles: {mine: {}}\n"
    "files: {wfm: {file: a.csv}}\nworkflows: {billing: {tiers: {t2: {}}}}\ndemand: {calls: {workflow: billing}}\n"
    "sites: {leeds: {region: emea}, lima: {region: latam}}\nvendors: {own: {}}\nshift_patterns: {early: {}, late: {}}\n"
    "pools: {first: {certifications: [gdpr]}}\nvariants: {more: {pools.first.headcount: +1}}\n"
)


def test_keys_of_the_scenario_required_ones_first() -> None:
    found = labels("¦")
    assert found[:4] == ["scenario", "horizon", "demand", "pools"]
    assert set(found) == {*SCENARIO.keys, *QUESTIONS, "extends", "variants"}
    assert "horizon" not in labels(BASE + "¦")


@pytest.mark.parametrize(
    "place",
    [
        "pools:\n  desk:\n    site: leeds\n    ¦\n",
        "pools:\n  desk:\n    site: leeds\n    ¦",
        "pools:\n  desk:\n    ¦\n    site: leeds\n",
        "pools:\n  desk:\n    he¦\n    site: leeds\n",
        "pools:\n  desk: {site: leeds, ¦}\n",
        "pools:\n  desk: {site: leeds, ¦\nsites: {}\n",
        "pools:\n  desk: {site: leeds,\n         he¦}\n",
        "pools: {desk: {¦, site: leeds}}\n",
        "pools: {desk: {site: leeds, 'he¦'}}\n",
    ],
)
def test_keys_of_a_pool_in_every_way_to_write_it(place: str) -> None:
    assert set(labels(BASE + place)) == set(POOL.keys) - {"site"}


def test_a_key_has_its_meaning_in_a_line() -> None:
    for one in proposed(BASE + "pools: {desk: {¦}}").items:
        assert one.means == POOL.keys[one.label].doc or one.means.startswith(POOL.keys[one.label].doc)
        assert "\n" not in one.means + one.detail
        assert one.insert == f"{one.label}: "


def test_keys_of_an_item_required_ones_first() -> None:
    for place in ("goals:\n  - ¦\n", "goals: [{¦}]", "goals:\n  - {¦\n", "goals:\n  - at_least: 80%\n    ¦\n"):
        assert labels(BASE + place)[0] == "kpi"
    assert labels(BASE + "sites: {leeds: {¦}}")[:3] == ["region", "time_zone", "hours"]


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("pools: {a: {site: ¦}}", ["leeds", "lima"]),
        ("pools:\n  a:\n    site: ¦\n    vendor: own\n", ["leeds", "lima"]),
        ("pools: {a: {site: le¦}}", ["leeds", "lima"]),
        ("pools: {a: {vendor: ¦}}", ["own"]),
        ("pools: {a: {headcount: 3, shifts: [early, ¦]}}", ["late"]),
        ("pools: {a: {languages: [en, ¦]}}", ["de"]),
        ("pools: {a: {languages: {en: 90%, ¦}}}", ["de"]),
        ("pools: {a: {workflows: ¦}}", ["billing"]),
        ("pools: {a: {skills: {¦}}}", ["billing"]),
        ("pools: {a: {tier: ¦}}", ["t1", "t2"]),
        ("pools: {a: {segments: ¦}}", ["all", "gold"]),
        ("demand: {a: {markets: {uk: 50%, ¦}}}", ["de"]),
        ("demand: {a: {channel: ¦}}", ["phone", "chat"]),
        ("demand: {a: {cause: ¦}}", ["defect"]),
        ("demand: {a: {forecast: ¦}}", ["wfm"]),
        ("demand: {a: {forecast: {file: ¦}}}", ["wfm"]),
        ("demand: {a: {profile: m¦}}", ["always_on", "mine"]),
        ("workflows: {a: {pools: [¦]}}", ["first"]),
        ("workflows: {a: {certification: ¦}}", ["gdpr"]),
        ("markets: {a: {residency: ¦}}", ["emea", "latam"]),
        ("markets: {a: {region: ¦}}", ["emea", "latam"]),
        ("surges: {a: {markets: [¦]}}", ["de", "uk"]),
        ("goals: [{kpi: occupancy, pool: ¦}]", ["first"]),
        ("routing: {overflow: [{after: 30s, to: {language: ¦}}]}", ["de", "en"]),
        ("variants: {b: {on: ¦}}", ["more"]),
        ("variants: {b: {pools.first.site: ¦}}", ["leeds", "lima"]),
        ("variants:\n  b:\n    pools.new: {vendor: ¦}\n", ["own"]),
    ],
)
def test_names_of_the_scenario_where_a_value_names_one(place: str, names: list[str]) -> None:
    section = place.partition(":")[0]
    rest = "".join(line for line in NAMES.splitlines(keepends=True) if not line.startswith(f"{section}:"))
    kept = next((line for line in NAMES.splitlines() if line.startswith(f"{section}:")), "")
    own = kept.partition("{")[2].rpartition("}")[0] if kept and place.startswith(f"{section}: {{") else ""
    text = rest + (f"{section}: {{{own}, " + place.partition("{")[2] if own else place)
    if kept and not own:
        text += "".join(f"  {one}\n" for one in [kept.partition("{")[2].rpartition("}")[0]])
    found = labels(text)
    assert set(names) <= set(found), found
    if "profile" not in place:
        assert set(found) <= {*names, "phone"}


def test_every_kind_of_name_is_offered_somewhere() -> None:
    """Each kind that the language knows is named by a field from which an editor offers it."""

    def forms(form: Form, seen: set[int]) -> Iterator[Form]:
        if id(form) not in seen:
            seen.add(id(form))
            yield form
            for part in form.parts():
                yield from forms(part, seen)

    offered = {form.offers for root in (SCENARIO, *QUESTIONS.values()) for form in forms(root, set())}
    assert offered - {None} >= set(KINDS) - {"streams", "spoken"}
    assert all(form.offers == form.of for form in forms(SCENARIO, set()) if isinstance(form, NameForm) and form.of)


def test_words_kpis_zones_and_calendars() -> None:
    assert labels(BASE + "goals: [{kpi: serv¦}]") == [*KPIS, RESOLVED_IN_24H]
    assert all(one.means for one in proposed(BASE + "goals: [{kpi: ¦}]").items)
    assert "Europe/London" in labels(BASE + "sites: {a: {time_zone: Eu¦}}")
    assert {"GB-ENG", "PH"} <= set(labels(BASE + "markets:\n  uk:\n    holidays: ¦"))
    assert labels(BASE + "service_level: {rule: ¦}")[0] == "abandons count against"
    assert labels(BASE + "pools: {a: {site: x, shifts: [{start: 09:00, breaks: [{paid: ¦}]}]}}")[:2] == ["yes", "no"]
    assert "never" in labels(BASE + "patience: ¦")
    assert "24x7" in labels(BASE + "sites: {a: {hours: ¦}}")
    assert labels(BASE + "planning: {¦}")


def test_a_law_offers_what_goes_with_what_is_written() -> None:
    everything = set(labels(BASE + "patience: {¦}"))
    assert {"mean", "cv", "shape", "law", "zero", "values"} <= everything
    assert set(labels(BASE + "patience: {law: weibull, ¦}")) == {"mean", "shape", "zero", "after_return"}
    assert {"cv", "shape"} <= set(labels(BASE + "patience: {mean: 2m, ¦}"))
    assert "values" not in labels(BASE + "patience: {mean: 2m, ¦}")
    by_channel = labels(BASE + "channels: {chat: {}}\nworkflows: {a: {handle_time: {¦}}}")
    assert {"chat", "talk", "mean"} <= set(by_channel)


def test_dotted_keys_of_a_variant() -> None:
    found = labels(NAMES.replace("variants: {", "variants: {a: {pools.¦}, "))
    assert found == ["pools.first"]
    found = labels(NAMES.replace("variants: {", "variants: {a: {pools.first.¦}, "))
    assert {"pools.first.headcount", "pools.first.site"} <= set(found)
    found = labels(NAMES.replace("variants: {", "variants: {a: {¦}, "))
    assert {"on", "pools", "routing"} <= set(found)
    assert "variants" not in found
    assert labels(BASE + "goals: [{kpi: asa}]\nvariants:\n  a:\n    goals.0.¦")[0] == "goals.0.kpi"


def test_what_is_taken_stands_in_place_of_what_was_typed() -> None:
    assert typed(BASE + "pools: {desk: {he¦}}", "headcount").endswith("{desk: {headcount: }}")
    assert typed(BASE + "pools: {desk: {head¦count: 5}}", "headcount").endswith("{desk: {headcount: 5}}")
    assert typed(BASE + "sites: {leeds: {}}\npools: {a: {site: l¦ima}}", "leeds").endswith("{site: leeds}}")
    assert typed(BASE + "service_level: {rule: short ab¦}", "answered only").endswith("{rule: answered only}")
    assert typed(BASE + "pools: {a: }\nvariants: {b: {pools.a.he¦}}", "pools.a.headcount").endswith(
        "{b: {pools.a.headcount: }}"
    )


@pytest.mark.parametrize(
    "place", ["# a comment ¦", "title: words ¦", "run: {seed: ¦}", "nonsense: {a: ¦}", 'title: "a ¦"']
)
def test_nothing_is_offered_where_nothing_is_known(place: str) -> None:
    assert [one for one in proposed(BASE + place).items if one.detail != "default"] == []


def test_names_of_a_file_that_is_extended(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(NAMES, encoding="utf-8")
    path = tmp_path / "mine.yaml"
    assert labels("extends: base.yaml\npools: {first: {site: ¦}}", path) == ["leeds", "lima"]
    assert labels("extends: base.yaml\npools: {first: {site: ¦", path) == ["leeds", "lima"]
    assert labels("extends: missing.yaml\npools: {first: {site: ¦}}", path) == []
    path.write_text("extends: mine.yaml\nsites: {a: {}}", encoding="utf-8")
    assert labels("extends: mine.yaml\nsites: {a: {}}\npools: {first: {site: ¦}}", path) == ["a"]


def test_names_of_a_file_from_outside_are_not_told(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(NAMES, encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    assert labels("extends: ../base.yaml\npools: {first: {site: ¦}}", inner / "mine.yaml") == []


def test_the_cursor_anywhere_in_a_scenario_that_is_cut_off() -> None:
    text = (SCENARIOS / "regional_desk.yaml").read_text(encoding="utf-8")
    found = [labels(text[:end] + "¦") for end in range(0, len(text), 4)]
    assert sum(map(bool, found)) > 200
    assert not any(MARK in label for one in found for label in one)
    found = [labels(text[:end] + "¦" + text[end:]) for end in range(0, len(text), 7)]
    assert sum(map(bool, found)) > 100


def test_every_key_of_the_shipped_scenarios_is_known_to_the_walk() -> None:
    """Each key that is written has a form: so hover and completion find every place of real scenarios."""
    for path in sorted(SCENARIOS.glob("*.yaml")):
        document = Document(path.read_text(encoding="utf-8"), path)
        for spot in document.draft.spots():
            if not spot.is_key or spot.path[0] in ("extends", "variants"):
                continue
            above = [one for form in document.forms_at(spot.path[:-1]) for one in alternatives(form)]
            if any(isinstance(one, (SectionForm, DictForm)) for one in above):  # other maps are of dates and weekdays
                assert document.forms_at(spot.path), spot.path


def test_alternatives_end() -> None:
    seen: set[int] = set()
    todo: list[Form] = [SCENARIO]
    while todo:
        form = todo.pop()
        if id(form) not in seen:
            seen.add(id(form))
            assert len(list(alternatives(form))) < 60
            todo += form.parts()
    assert sum(isinstance(one, SectionForm) for one in alternatives(SCENARIO)) == 1
