"""What tables keep by flow: known for parts that are made of whole flows, and refused for pieces."""

import numpy as np
import pytest

from ccsim.language.goals import Goal
from ccsim.metrics.by_interval import by_interval
from ccsim.metrics.goals import judge
from tests.support.stand_in.desk import (
    desk_model,
    interval_row,
    queue_row,
    run_of_rows,
)

SEVERAL = {
    "queues": [
        (
            0,
            "ads.us.en/t1",
            0,
            "ads.us.en",
            "ads",
            "ads",
            "us",
            "all",
            "phone",
            "en",
            "all",
            "NA",
            "t1",
            "none",
            "live",
            "none",
        ),
        (
            1,
            "ads.us.es/t1",
            0,
            "ads.us.es",
            "ads",
            "ads",
            "us",
            "all",
            "phone",
            "es",
            "all",
            "NA",
            "t1",
            "none",
            "live",
            "none",
        ),
        (2, "shop/t1", 1, *["shop"] * 3, "uk", "all", "phone", "en", "all", "EMEA", "t1", "none", "live", "none"),
    ],
    "flows": [
        (0, "ads/t1", "ads", "ads", "us", "all", "phone", "several", "all", "NA", "t1", "none", "live", "none"),
        (1, "shop/t1", "shop", "shop", "uk", "all", "phone", "en", "all", "EMEA", "t1", "none", "live", "none"),
    ],
}


def two_flows():
    model = desk_model()
    model.names |= SEVERAL
    sums = np.concatenate([queue_row(queue=q, offered=10 * (q + 1), answered=10 * (q + 1)) for q in range(3)])
    flows = np.concatenate([interval_row(flow=f, offered=30, answered=30) for f in range(2)])
    waits = np.array([[0, 5, 30], [1, 90, 30]])
    return run_of_rows(sums, sums, flow_intervals=[flows] * 2, waits=[waits] * 2, model=model)


def test_what_is_kept_by_flow_is_known_for_whole_flows_only():
    run = two_flows()
    assert run.estimate("asa", "language", "es")["denominator"] == 40
    assert run.estimate("wait_p50")["denominator"] == 120
    assert run.estimate("wait_p50", "market", "us")["denominator"] == 60
    assert run.estimate("wait_p50", "flow", "ads/t1")["estimate"] == pytest.approx(0.005, abs=1e-3)
    for language in ("en", "es"):
        row = run.estimate("wait_p50", "language", language)
        assert row["estimate"] is None
        assert row["note"] == "kept by flow, and it holds only a part of one"
    for kpi in ("wait_p90", "backlog"):
        goal = judge([Goal(kpi=kpi, at_most=9, language="es")], run.tables, run.measured)[0]
        assert (goal["verdict"], goal["probability"]) == ("inconclusive", None)
        assert "part of one" in goal["note"]


def test_intervals_are_known_for_whole_flows_only():
    run = two_flows()
    for within, offered in [({}, 120), ({"market": "us"}, 60), ({"channel": "phone", "volume": "shop"}, 60)]:
        frame = by_interval(run.tables, run.measured, "offered_per_day", within=within)
        assert frame["estimate"][0] == pytest.approx(offered / 2 * 48), within
    with pytest.raises(ValueError, match="language en holds only a part of ads/t1"):
        by_interval(run.tables, run.measured, "asa", within={"language": "en"})
    with pytest.raises(ValueError, match="asa is not known by site"):
        by_interval(run.tables, run.measured, "asa", within={"site": "manila"})
