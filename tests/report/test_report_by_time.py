"""Figure data of service by time: ratios of sums, and bands of single weeks."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ccsim.report.by_time import FEWEST, FlowSums, columns_for, kpi_by_step
from ccsim.report.clock import Clock
from ccsim.report.facts import Facts
from ccsim.report.service import SHOWN, Service
from ccsim.results.held_tables import Tables
from ccsim.results.run import Run
from tests.support.stand_in.centre import FLOWS, MEASURED, centre_run


@pytest.mark.parametrize("kpi", SHOWN)
@pytest.mark.parametrize("channel", ["phone", "chat"])
def test_steps_weighted_are_the_estimate(run: Run, kpi: str, channel: str) -> None:
    facts = Facts(run)
    service = Service(facts)
    expected = facts.one(kpi, "channel", channel)
    assert expected is not None
    data = service.by_step(kpi, channel, facts.clock.folded())
    assert np.average(data["estimate"], weights=data["weight"]) == pytest.approx(expected["estimate"], rel=1e-12)


def test_one_step_by_hand(run: Run) -> None:
    frame = run.tables["flow_intervals"]
    phone = [f[0] for f in FLOWS if f[6] == "phone"]
    clock = Clock(MEASURED)
    steps = clock.folded()
    tuesday_noon = steps.labels.index("Tue 12:00")
    mine = frame[frame["flow"].isin(phone) & frame["interval"].isin(np.flatnonzero(steps.of_interval == tuesday_noon))]
    row = Service(Facts(run)).by_step("abandonment", "phone", steps).set_index("time").loc["Tue 12:00"]
    assert row["estimate"] == pytest.approx(mine["abandoned"].sum() / mine["offered"].sum())
    single = mine.groupby(["replication", "interval"])[["abandoned", "offered"]].sum()
    assert len(single) == 12  # six replications of two Tuesdays
    band = np.percentile(single["abandoned"] / single["offered"], [10, 90])
    assert [row["band_low"], row["band_high"]] == pytest.approx(band.tolist())
    assert row["low"] <= row["estimate"] <= row["high"]


def test_steps_without_contacts_are_left_out_and_one_replication_has_no_interval() -> None:
    measured = replace(MEASURED, warm_up=0, length=24 * MEASURED.interval)
    frame = pd.DataFrame(
        {"replication": [0, 0, 0], "interval": [3, 5, 30], "flow": [0, 0, 0], "offered": [4, 0, 9], "open_waiting": 0}
        | {"abandoned": [1, 0, 9]}
    )
    tables = Tables({"flow_intervals": frame, "replications": pd.DataFrame({"replication": [0]})})
    kpi = Facts(centre_run(1)).kpis["abandonment"]
    clock = Clock(measured)
    sums = FlowSums(tables, clock, [0], 1, columns_for([kpi], None))
    data = kpi_by_step(sums, kpi, None, 0, clock.folded())
    assert data["step"].tolist() == [3]  # interval 5 has no contacts, interval 30 is after the counted time
    assert data["estimate"].tolist() == [0.25]
    assert data[["low", "high", "band_low", "band_high"]].isna().all(axis=None)
    assert FEWEST > 1
