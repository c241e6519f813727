"""What premiums hold when, against a plain look at the clock minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccsim.kernel.layout import Ints
from ccsim.model import compile_model
from ccsim.scenario import loads
from ccsim.centre.calendars import holidays_between
from ccsim.units import MINUTE

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONES = (
    ("Europe/Berlin", "DE", "2026-03-28"),
    ("Europe/Berlin", "DE", "2026-10-24"),
    ("Australia/Lord_Howe", "AU", "2026-04-04"),  # clocks change by half an hour
    ("Asia/Kathmandu", "IN", "2026-01-24"),
    ("America/Santiago", "CL", "2026-04-04"),  # clocks change at midnight
    ("America/Santiago", "CL", "2026-09-05"),
    ("Asia/Tokyo", "JP", "2026-05-02"),
)

window = st.tuples(
    st.integers(0, 6), st.integers(0, 95), st.integers(1, 95), st.sampled_from((0.1, 0.25, 0.5, 1.0))
)  # day, start and length in quarters of an hour, what it adds


def clock(quarters: int) -> str:
    return f"{quarters // 4 % 24:02d}:{quarters % 4 * 15:02d}"


def written(windows: list[tuple[int, int, int, float]]) -> str:
    parts = [f'{{{NAMES[d]}: "{clock(at)}-{clock(at + n)}", add: {extra}}}' for d, at, n, extra in windows]
    return f"[{', '.join(parts)}]"


def looked_at(local: datetime, windows: list[tuple[int, int, int, float]], calendar: str, combine: str) -> float:
    """What is added at a local time, by the words of the reference."""
    quarter = local.weekday() * 96 + local.hour * 4 + local.minute // 15
    extras = [x for day, at, n, x in windows if (quarter - day * 96 - at) % (7 * 96) < n]
    if local.hour >= 22 or local.hour < 6:
        extras.append(0.2)
    if local.weekday() >= 5:
        extras.append(0.3)
    if local.date() in holidays_between(calendar, local.date(), local.date()):
        extras.append(0.7)
    return sum(extras) if combine == "add" else max(extras, default=0.0)


@settings(derandomize=True, max_examples=40, deadline=None)
@given(st.lists(window, min_size=1, max_size=4), st.sampled_from(ZONES), st.sampled_from(("add", "highest")))
def test_premiums_hold_when_the_clock_says(
    windows: list[tuple[int, int, int, float]], where: tuple[str, str, str], combine: str
) -> None:
    zone, calendar, start = where
    model = compile_model(
        loads(f"""
scenario: clocks
horizon: {{start: {start}, warm_up: 5h, length: 3d, drain: 0s}}
handle_time: 4m
demand: {{calls: {{per_hour: 6}}}}
sites: {{there: {{region: ap, time_zone: {zone}, hours: 24x7, holidays: {calendar}, on_holidays: 100%}}}}
vendors:
  partner:
    paid_hour: 20
    premiums: {{night: 20%, weekend: 30%, holiday: 70%, hours: {written(windows)}, combine: {combine}}}
pools: {{seat: {{site: there, vendor: partner, staffing: 1}}}}
""")
    )
    rates, span = model.groups.rates, model.span
    moments: Ints = np.arange(span.counted_from, span.counted_until, 15 * MINUTE, dtype=np.int64)
    row = np.searchsorted(rates.at, moments, side="right") - 1
    of = rates.of[row, 0]
    found = np.where(of >= 0, model.premium[0, of], 0)
    utc = datetime(1970, 1, 1, tzinfo=UTC)
    wanted = [
        round(looked_at((utc + timedelta(microseconds=span.start_utc + int(at))).astimezone(ZoneInfo(zone)), windows,
                        calendar, combine) * 1_000_000)
        for at in moments
    ]  # fmt: skip
    assert found.tolist() == pytest.approx(wanted, abs=1)
    assert (rates.at % (15 * MINUTE) == 0).all()  # nothing changes between two looks
