"""Every family once or twice with few contacts: the part of `make verify` that is in `make test`."""

from __future__ import annotations

import pytest

from .backend import Scenario
from .cases import REFERENCE, Library
from .report import lines_of, summary
from .runner import Answer, Effort, answer

SUBSET = (
    "EB04", "EC01", "EA02", "EA23", "MK09", "MK13", "MG14", "MG17", "PH05", "MD03", "M104", "GI01",
    "PR05", "PN01", "DI03", "VM03", "NM01", "XM01", "WM05", "TT01", "BL01", "CH02", "TI02", "RT01", "DF11",
    "TR01", "TR10", "DT01", "DT02", "DT03", "DT04", "DT05", "DT08", "DT10", "SR01", "SR02", "SR12", "PB13",
)  # fmt: skip
"""Cases that are played here."""

LIBRARY = Library(REFERENCE)
ANSWERS: dict[str, Answer] = {}


@pytest.mark.parametrize("name", SUBSET)
def test_the_engine_agrees_with_the_reference(name: str) -> None:
    case = next(c for c in LIBRARY.cases if c.id == name)
    found = ANSWERS[name] = answer(case, LIBRARY, Scenario, Effort(workers=2, quick=True))
    assert not found.refused
    assert not found.failed, "\n".join(lines_of(found, quiet=True))
    assert found.results


def test_the_subset_as_a_whole_is_neither_biased_nor_vague() -> None:
    if len(ANSWERS) < len(SUBSET):
        pytest.skip("only with the whole subset")
    total = summary(list(ANSWERS.values()))
    # fewer and shorter plays than `make verify`, so a wider range for the mean z^2
    assert 0.5 < total["mean_z_squared_by_case"] < 1.6
    assert total["exact"] > 150
