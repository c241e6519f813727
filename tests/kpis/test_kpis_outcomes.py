"""What the registry of outcomes says, against the formulas and the pages that rest on it."""

import pytest

from ccsim.kernel import ends
from ccsim.kpis.definitions import KPIS
from ccsim.records import outcomes
from ccsim.records.columns import total, woven
from ccsim.records.tables import COHORT


@pytest.mark.parametrize("kpi", ["aht", "mean_talk", "resolved", "escalation_rate", "transfer_rate"])
def test_what_agents_handled_is_what_the_registry_ends_with_an_agent(kpi):
    assert sorted(KPIS[kpi].denominator.split(" + ")) == sorted(outcomes.HANDLED)


def test_where_visits_end():
    assert set(outcomes.NOT_OFFERED) == {"blocked", "closed", "by_peers", "requeued"}
    assert set(outcomes.STILL_OPEN) == {"open_waiting", "open_in_hand", "open_in_session"}
    assert set(outcomes.GOES_ON) == {"escalated", "transferred", "handed_off", "requeued"}
    assert set(outcomes.RESOLVES) == {"resolved", "by_peers", "contained"}
    assert set(outcomes.ENDED_WITH_BOT) == {"contained", "falsely_contained", "left_bot"}
    assert set(outcomes.OF_SESSIONS) == {*outcomes.ENDED_WITH_BOT, "handed_off", "open_in_session"}
    assert ends.STILL_OPEN == 1 << outcomes.OPEN_WAITING | 1 << outcomes.OPEN_IN_HAND | 1 << outcomes.OPEN_IN_SESSION


def test_pages_tell_every_outcome_once_and_where_it_ends():
    told = {end.name: end for end in outcomes.TOLD_ENDS}
    assert len(told) == len(outcomes.TOLD_ENDS)
    assert set(outcomes.TOLD_AS.values()) == told.keys() | set(outcomes.NO_CONTACT)
    for one in outcomes._OUTCOMES:
        if one.where != "nowhere" and not one.is_open:
            assert told[outcomes.TOLD_AS[one.name]].where == one.where, one.name


def test_codes_are_unique_without_a_gap_and_called_as_the_outcome():
    codes = {one.name: one.code for one in outcomes._OUTCOMES}
    assert sorted(codes.values()) == list(range(len(outcomes._OUTCOMES)))
    assert codes == {name: getattr(outcomes, name.upper()) for name in codes}
    assert codes == {name: outcomes.outcome(name) for name in outcomes.OUTCOMES}


def test_every_outcome_is_counted_behind_the_column_that_it_names():
    names = [column.name for column in COHORT]
    assert len(set(names)) == len(names)
    for one in outcomes._OUTCOMES:
        assert names[names.index(one.name) - 1] == one.after
        assert COHORT[names.index(one.name)] == total(one.name, "count", one.counted)


def test_columns_are_woven_in():
    a, b, c, d = (total(name, "count", name) for name in "abcd")
    assert woven([a, d], [("b", c), ("a", b)]) == (a, b, c, d)
    assert woven([a], [("a", c), ("a", b)]) == (a, b, c)
    with pytest.raises(ValueError, match="no column 'e' for 'c'"):
        woven([a, d], [("a", b), ("e", c)])
