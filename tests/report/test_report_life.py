"""What a page tells of the life of contacts: their way, returns, first contact, open cases, bots; against the log."""

import re
from collections import Counter

import pandas as pd
import pytest

from ccsim import api
from ccsim.metrics.sums import Sums
from ccsim.records.outcomes import OUTCOMES
from ccsim.records.tables import CASE_AGE_BANDS
from ccsim.report.backlog import CASE_BAND_NAMES, open_cases_by_day
from ccsim.report.drawn_flow import can_draw
from ccsim.report.facts import Facts
from ccsim.report.first_contact import LOST_TO, RESOLVED, lost_first
from ccsim.report.flow_map import AGAIN, flow_map
from ccsim.report.loop import FIRST, returns_by_reason
from ccsim.report.run_page import run_page
from ccsim.units import HOUR
from tests.report.page_reader import text_of
from tests.support.stand_in.centre import lab_run

DESK = """
scenario: desk
horizon: {start: 2026-03-02, warm_up: 12h, length: 4d, drain: 4d}
demand:
  phone: {per_day: 300, profile: flat, workflow: support, channel: phone}
  chat: {per_day: 200, profile: flat, workflow: support, channel: chat}
  mail: {per_day: 60, profile: flat, workflow: billing, channel: email}
channels: {phone: {kind: live}, chat: {kind: live}, email: {kind: deferred}}
workflows:
  support:
    patience: 2m
    returns:
      after_unresolved: {share: 50%, after: 20h}
      after_abandon: {share: 60%, after: 2h}
      after_resolved: {share: 4%, after: 40h}
    tiers:
      t1: {handle_time: 6m, resolved: 66%, escalated: 15%, transfers: {billing: 6%}}
      t2: {handle_time: 12m, resolved: 85%}
  billing:
    patience: 4m
    returns: {after_unresolved: {share: 60%, after: 20h}}
    tiers:
      t1: {handle_time: 7m, resolved: 80%, escalated: 8%}
      t2: {handle_time: 15m, resolved: 90%}
bots:
  ada:
    channels: [chat]
    contained: 45%
    falsely_contained: 20%
    left: 5%
    session: 3m
    returns: {share: 60%, after: 5h}
pools:
  house: {staffing: 3, skills: {support: {}, billing: {}}}
  experts: {tier: t2, staffing: 1, skills: {support: {}, billing: {}}}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("desk") / "desk.yaml"
    path.write_text(DESK, "utf-8")
    return api.run(path, replications=2, seed=5, visits=True)


@pytest.fixture(scope="module")
def visits(run) -> pd.DataFrame:
    """The log in the order of each case, with what its contact before was like."""
    key = ["replication", "case_queue", "date", "number"]
    made = run.tables["visits"].sort_values([*key, "contact", "visit"], ignore_index=True)
    made["what"] = [OUTCOMES[code] for code in made["outcome"]]
    made["case"] = made.groupby(key, sort=False).ngroup()
    made["before"] = made.groupby("case")["what"].shift()
    made["opened"] = made.groupby("case")["joined_us"].transform("first")
    return made


def test_what_comes_into_every_place_goes_out_of_it(run, visits):
    way = flow_map(Sums(run.tables, run.measured))
    assert way is not None
    assert can_draw(way)
    into, out = Counter(), Counter()
    for (source, to), count in way.links.items():
        out[source] += count
        into[to] += count
    for node in way.nodes:
        if node.key.startswith(("bot:", "tier:")):
            assert into[node.key] == out[node.key] == way.through(node.key) > 0
    counted = visits[visits["counted"] == 1]
    assert out[f"channel:{AGAIN}"] == into["end:transferred"] == (counted["what"] == "transferred").sum()
    first = counted.groupby(["case", "contact"]).head(1)
    assert sum(count for key, count in out.items() if key.startswith("channel:") and AGAIN not in key) == len(first)
    ends = sum(count for key, count in into.items() if key.startswith("end:") and key != "end:transferred")
    assert ends == len(first)
    assert way.links["tier:t1", "tier:t2"] == (counted["what"] == "escalated").sum()
    assert way.links["bot:ada", "tier:t1"] == (counted["what"] == "handed_off").sum()


def test_contacts_by_why_they_came_are_those_of_the_log(run, visits):
    first = visits[visits["counted"] == 1].groupby(["case", "contact"]).head(1)
    again = first[first["contact"] > 0]
    reasons = {"abandoned": "after_abandon", "unresolved": "after_unresolved", "resolved": "after_resolved"}
    reasons["falsely_contained"] = "after_contained"
    wanted = Counter(reasons[what] for what in again["before"])
    found = returns_by_reason(Facts(run))
    assert found.pop(FIRST) == (first["contact"] == 0).sum()
    assert found == wanted
    assert len(wanted) == 4


def test_what_first_contact_resolution_was_lost_to_adds_up(run):
    found = lost_first(Facts(run))
    fcr = run.estimate("fcr")
    assert found[RESOLVED] == fcr["numerator"]
    assert sum(found.values()) == fcr["denominator"]
    assert set(found) - {RESOLVED} <= set(LOST_TO)
    assert len(found) >= 5


def test_open_cases_are_those_between_their_first_contact_and_the_end_of_their_last(run, visits):
    span = visits.groupby("case").agg(
        replication=("replication", "first"), opened=("opened", "first"), end=("ended_us", "last"),
        what=("what", "last"), returning=("returning", "last"),
    )  # fmt: skip
    unfinished = span["what"].str.startswith("open") | (span["returning"] == 1)
    span.loc[unfinished, "end"] = 1 << 60
    data = open_cases_by_day(run.tables, run.measured)
    begin = run.measured.warm_up
    for day, after in enumerate(run.measured.midnights):
        at = begin + after
        there = span[(span["opened"] < at) & (span["end"] >= at)]
        ages = (at - there["opened"]) // HOUR
        for low, high, name in zip(CASE_AGE_BANDS, [*CASE_AGE_BANDS[1:], 10**6], CASE_BAND_NAMES, strict=True):
            assert data[name][day] == pytest.approx(((ages >= low) & (ages < high)).sum() / run.replications)
    assert data[CASE_BAND_NAMES[1]].max() > 1


def test_the_page_tells_them_and_only_where_there_are_such(run):
    html = run_page(run)
    seen = text_of(html)
    titles = (
        "The way of the contacts",
        "Contacts that service caused",
        "What FCR was lost to",
        "Open cases by age",
        "By bot",
    )
    assert all(title in seen for title in titles)
    assert re.search(r"\d % of the contacts from customers were returns", seen)
    assert "after false containment by a bot" in seen
    bare = run_page(lab_run())
    for key in ("loop", "fcr", "open-cases", "bots"):
        assert f'<section id="{key}"' in html
        assert f'<section id="{key}"' not in bare
