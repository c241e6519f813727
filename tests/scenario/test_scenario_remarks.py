"""Remarks: what can be simulated and its author should know; told once, with its place, by every command."""

from __future__ import annotations

from pathlib import Path

from ccsim.errors import Fault, Remark
from ccsim.text.faults import Faults
from ccsim.text.tree import Place, Source


def _place(line: int) -> Place:
    return Place(Source("plan.yaml", Path()), line, 3)


def test_a_remark_says_its_place_and_its_kind() -> None:
    said = Remark("nobody is there on Sundays", "pools.desk", "plan.yaml", 4, 3)
    assert str(said) == "plan.yaml:4:3: warning: pools.desk: nobody is there on Sundays"
    assert str(Remark("exponential", "patience", "plan.yaml", 2, 1, "assumed")) == (
        "plan.yaml:2:1: assumed: patience: exponential"
    )


def test_warnings_come_first_and_each_once() -> None:
    faults = Faults()
    faults.remark("taken as exponential", _place(1), "patience", "assumed")
    faults.remark("late", _place(9), "b")
    faults.remark("early", _place(3), "a")
    faults.remark("early", _place(3), "a")
    assert [one.message for one in faults.sorted_remarks] == ["early", "late", "taken as exponential"]


def test_a_remark_is_no_fault() -> None:
    faults = Faults()
    faults.remark("late", _place(9), "b")
    assert not faults
    assert (faults.count, len(faults.remarks)) == (0, 1)
    faults.raise_if_any()
    assert [type(one) for one in faults.copy().remarks] == [Remark]
    assert Fault("late", "b", "plan.yaml", 9, 3) != faults.remarks[0]
