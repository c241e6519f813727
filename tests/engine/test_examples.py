"""The scenarios that the README shows: every variant replications, on any number of workers."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim import api, theory
from ccsim.scenario import read
from tests.support.files import SCENARIOS

EXAMPLES = [SCENARIOS / "erlang_a.yaml", SCENARIOS / "web_shop.yaml"]
NAMED = [(path, variant) for path in EXAMPLES for variant in ("", *read(path).variants)]


@pytest.mark.parametrize(("path", "variant"), NAMED, ids=lambda part: getattr(part, "stem", part))
def test_every_variant_simulates_under_the_same_draws(path: Path, variant: str) -> None:
    runs = [
        api.run(path, variants=[variant] if variant else [], replications=4, workers=workers) for workers in (1, 2, 3)
    ]
    assert len({run.digest for run in runs}) == 1
    assert runs[0].tables["replications"]["contacts"].min() > 1000


def test_a_variant_changes_what_it_names_and_no_arrival() -> None:
    base, fewer = (api.run(EXAMPLES[0], variants=v, replications=3) for v in ([], ["one_fewer"]))
    arrived = [run.tables["flow_intervals"]["arrived"].sum() for run in (base, fewer)]
    assert arrived[0] == arrived[1]
    assert base.digest != fewer.digest


def test_the_figures_of_the_readme() -> None:
    desk = theory.erlang_a(4.2, 2, 12, 1)
    assert f"{desk.sl_offered(1 / 3):.3%}" == "94.527%"
    assert f"{desk.p_abandon:.3%}" == "2.968%"
    run = api.run(EXAMPLES[0])
    for kpi, expected in (("service_level", desk.sl_offered(1 / 3)), ("abandonment", desk.p_abandon)):
        found = run.estimates[(run.estimates["kpi"] == kpi) & (run.estimates["scope"] == "all")].iloc[0]
        assert abs(found["estimate"] - expected) < 4 * found["standard_error"]
