"""What a run measures, from its scenario and back from its file."""

import json

import pytest

from ccsim.results.frame import measured_of, planning_in_words
from ccsim.results.measured import Measured
from ccsim.scenario import loads
from ccsim.language.planning import Planning

SCENARIO = """\
scenario: two-languages
currency: EUR
time_zone: Europe/Berlin
horizon: {start: 2026-03-02, warm_up: 1d, length: 2d}
service_level: {within: [20s, 60s]}
channels:
  phone: {kind: live}
  email: {kind: deferred, deadline: 24h}
  post: {kind: deferred}
demand: {calls: {per_minute: 1}, mails: {per_minute: 1, channel: email}, letters: {per_minute: 1, channel: post}}
handle_time: {law: exponential, mean: 2m}
vendors: {house: {kind: in_house, paid_hour: 31}}
pools: {desk: {staffing: 9, vendor: house}, help: {staffing: 2, paid_hour: 12.5}, free: {staffing: 1}}
routing:
  overflow: [{after: 1m, to: any_region}, {after: 4m, to: {language: en, translated: {handle_time: 1.2, price: 0.35}}}]
"""


def test_prices_deadlines_translations_and_midnights_come_from_the_scenario():
    made = measured_of(loads(SCENARIO), (20_000_000, 60_000_000))
    assert made.paid_hour == {"desk": 31.0, "help": 12.5, "free": 0.0}
    assert made.deadlines == {"email": 24 * 3_600_000_000}
    assert made.translations == (("en", 0.35),)
    assert made.labels == ("20s", "60s")
    assert made.planning == "Erlang C for 80 % answered within 20 s, at most 85 % occupied"
    assert made.midnights == (0, 86_400_000_000, 172_800_000_000)
    assert Measured.from_dict(json.loads(json.dumps(made.as_dict()))) == made


@pytest.mark.parametrize(
    ("planning", "words"),
    [
        (Planning(required="square_root", occupancy=0.9), "load plus its square root, at most 90 % occupied"),
        (Planning(required="workload"), "load over 85 % occupied"),
    ],
)
def test_the_method_of_required_is_said_in_words(planning, words):
    assert planning_in_words(planning) == words


def test_a_run_of_an_earlier_version_without_the_new_settings_has_their_defaults():
    made = measured_of(loads(SCENARIO), (20_000_000,)).as_dict()
    for name in ("translations", "deadlines", "planning"):
        del made[name]
    assert Measured.from_dict(made).translations == ()
