"""Keys that were renamed: a setting of either word replaces the other, so that the later value holds."""

from __future__ import annotations

import pytest

from ccsim.scenario.load import read_text

DESK = """\
scenario: desk
horizon: {start: 2026-03-02, length: 1d, WORD: 1h}
demand: {calls: {per_minute: 1}}
handle_time: {mean: 4m, cv: 1}
pools: {a: {staffing: 6}}
variants: {old: {horizon.run_out: 4h}, new: {horizon.drain: 5h}}
"""


@pytest.mark.parametrize("word", ["drain", "run_out"])
@pytest.mark.parametrize("said", ["drain", "run_out"])
@pytest.mark.parametrize(("value", "hours"), [("2h", 2), ("+2h", 3), ("x2", 2)])
def test_a_setting_replaces_the_other_word(word: str, said: str, value: str, hours: int) -> None:
    read = read_text(DESK.replace("WORD", word), settings=[f"horizon.{said}={value}"])
    assert read.scenario.horizon.drain == hours * 3_600_000_000


@pytest.mark.parametrize("word", ["drain", "run_out"])
def test_the_last_of_variants_and_settings_holds_whatever_its_word(word: str) -> None:
    text = DESK.replace("WORD", word)
    assert read_text(text, variants=["old", "new"]).scenario.horizon.drain == 5 * 3_600_000_000
    assert (
        read_text(text, variants=["new"], settings=["horizon.run_out=6h"]).scenario.horizon.drain == 6 * 3_600_000_000
    )


def test_a_key_of_several_forms_is_found_under_its_old_word() -> None:
    text = DESK.replace("WORD", "drain").replace("{mean: 4m, cv: 1}", "{law: empirical, values: [3m, 4m]}")
    read = read_text(text, settings=["horizon.run_out=2h", "demand.calls.per_minute=2"])
    assert read.scenario.horizon.drain == 2 * 3_600_000_000
