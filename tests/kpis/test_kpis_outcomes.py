"""What the registry of outcomes says, against the formulas and the pages that rest on it."""

import pytest

from ccsim.kernel import ends, layout
from ccsim.kpis.definitions import KPIS
from ccsim.records import outcomes


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
    assert ends.STILL_OPEN == (layout.OPEN_WAITING, layout.OPEN_IN_HAND, layout.OPEN_IN_SESSION)


def test_pages_tell_every_outcome_once_and_where_it_ends():
    told = {end.name: end for end in outcomes.TOLD_ENDS}
    assert len(told) == len(outcomes.TOLD_ENDS)
    assert set(outcomes.TOLD_AS.values()) == told.keys() | set(outcomes.NO_CONTACT)
    for one in outcomes._OUTCOMES:
        if one.where != "nowhere" and not one.is_open:
            assert told[outcomes.TOLD_AS[one.name]].where == one.where, one.name
