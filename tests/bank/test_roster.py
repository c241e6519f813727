"""Agents at work and their time between calls, from a day made by hand."""

import pandas as pd
import pytest
from bank_roster import agent_days, call_gaps, pool_workflows, skills, staffing


def day(*rows: tuple[str, int, int, int, str]) -> pd.DataFrame:
    """Calls `(server, arrival, wait, service, type)` of the first day."""
    calls = pd.DataFrame(rows, columns=["server", "arrival", "wait", "service", "type"])
    served = calls["server"] != "nobody"
    return calls.assign(
        date=pd.Timestamp("1999-01-31"),
        outcome=served.map({True: "AGENT", False: "HANG"}),
        in_queue=calls["wait"] > 0,
    )


MORNING = day(
    ("A", 28_800, 0, 100, "PS"),
    ("A", 28_930, 0, 60, "PS"),
    ("A", 28_900, 110, 40, "NE"),
    ("B", 36_000, 5, 300, "PS"),
    ("nobody", 36_000, 50, 0, "PS"),
    ("NO_SERVER", 50_000, 0, 4, "PS"),
)


def test_first_and_last_call_bound_the_day() -> None:
    table = agent_days(MORNING).set_index("server")
    assert table.loc["A", ["first", "last", "busy", "calls"]].tolist() == [28_800, 29_050, 200, 3]
    assert table.loc["B", ["first", "last"]].tolist() == [36_005, 36_305]
    assert set(table.index) == {"A", "B"}


def test_time_away_is_known_only_where_the_next_caller_waited() -> None:
    gaps = call_gaps(MORNING)
    assert gaps["gap"].tolist() == [30.0, 20.0]
    assert gaps["waited"].tolist() == [False, True]
    assert gaps["waiting"].tolist() == [1, 1]


def test_overlapping_calls_leave_no_negative_gap() -> None:
    assert call_gaps(day(("A", 0, 0, 500, "PS"), ("A", 100, 1, 50, "PS")))["gap"].tolist() == [0.0]


def test_staffing_counts_an_agent_from_first_to_last_call() -> None:
    calls = day(("A", 28_800, 0, 10, "PS"), ("A", 39_590, 0, 10, "PS"), ("B", 84_000, 0, 700, "PS"))
    table = staffing(calls)
    assert table["regular"].sum() == 12 + (88_200 - 84_000) // 900 + 1
    assert table["regular"][32:44].tolist() == [1] * 12
    assert table["regular"][44] == 0
    assert table["regular"].max() == 1


@pytest.mark.parametrize(
    ("pool", "takes"),
    [("all_round", {"NE", "NW"}), ("stock_net", {"NE", "IN"}), ("regular", {"NW"})],
)
def test_pools_take_what_their_agents_showed(pool: str, takes: set[str]) -> None:
    assert set(pool_workflows(pool)) == {"PS", "PE", "TT"} | takes


def test_a_skill_needs_more_than_a_stray_call() -> None:
    rows = [("A", i, 0, 1, "PS") for i in range(99)] + [("A", 100, 0, 1, "NE")]
    calls = day(*rows, ("B", 0, 0, 1, "NE"), ("B", 1, 0, 1, "NW"), ("B", 2, 0, 1, "IN"))
    assert skills(calls).to_dict() == {"A": "regular", "B": "all_round_net"}
