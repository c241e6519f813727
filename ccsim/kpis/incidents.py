"""KPIs of surges that say when service is restored after them."""

from __future__ import annotations

from typing import Final

from ccsim.kpis.kpi import OF_SURGES, Kpi

INCIDENTS: Final = (
    Kpi("restored_in_time", "Restored in time", "share", "restored_within_target", "surges",
        "Share of replications in which service is restored after the surge within the `target` of its `restored`, or, "
        "where it has none, within the counted time; one in which service is not restored counts as late", "higher",
        table=OF_SURGES),
    Kpi("time_to_restore", "Time to restore", "s", "time_to_restore_us", "restored",
        "Time from the beginning of the surge until service is restored, on average over the replications in which it "
        "is. It is no goal: where some are not restored there is no mean of all; `restored_in_time` is", "lower",
        table=OF_SURGES, scale=1e-6),
)  # fmt: skip
