"""Short forms of a first scenario: each says the same as its long form, twice is a fault, and `explain` knows both."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from ccsim.errors import ScenarioError
from ccsim.language.handling import HandleTime
from ccsim.language.laws import Exponential, Lognormal
from ccsim.scenario import Loaded, load, loads, read_text, to_canonical
from ccsim.scenario.explain import explain
from ccsim.scenario.schema import json_schema
from ccsim.units import MINUTE
from tests.scenario.editor_yaml import seen
from tests.support.scenario_texts import faults_of, put

SHORT = """
scenario: shop
time_zone: Europe/Vienna
horizon: {start: 2026-03-02, length: 1w}
markets:
  austria: {region: eu, time_zone: Europe/Vienna, languages: {de: 100%}}
  britain: {region: eu, time_zone: Europe/London, languages: {en: 100%}}
channels:
  phone: {kind: live, patience: 90s}
  chat: {kind: live, concurrency: 2}
  email: {kind: deferred, deadline: 1d}
workflows:
  parcels: {aht: {phone: 4m, chat: 7m, email: 5m}, fcr: 85%}
  refunds: {tiers: {t1: {aht: 6m, resolved: 70%, escalated: 20%}, t2: {aht: 15m}}}
demand:
  parcels:
    {per_week: 900, profile: business_day, markets: {austria: 70%, britain: 30%},
     channels: {phone: 60%, chat: 30%, email: 10%}}
  refunds: {per_week: 200, market: austria, channel: phone, profile: business_day}
opening_hours: {mon-fri: 10:00-17:00, sat: 10:00-14:00}
sites:
  graz: {region: eu, time_zone: Europe/Vienna, hours: {mon-sat: 07:00-21:00}}
vendors:
  own: {kind: in_house, paid_hour: 30, shrinkage: 20%}
  partner: {kind: vendor, paid_hour: 18}
shift_patterns:
  day: {paid: 8h, start: 09:00, breaks: [30m unpaid]}
  late: {paid: 8h, starts: 11:00}
pools:
  graz: {site: graz, vendor: own, headcount: 20, shifts: [day, late], tier: [t1, t2]}
  helpers: {site: graz, vendor: partner, headcount: 4, shifts: day, workflows: parcels}
routing:
  overflow: [{after: 20s, to: any_vendor}]
"""  # fmt: skip

LONG = (
    ("aht: {phone: 4m, chat: 7m, email: 5m}, fcr: 85%",
     "handle_time: {phone: {mean: 4m}, chat: {mean: 7m}, email: {mean: 5m}}, tiers: {t1: {resolved: 85%}}"),
    ("{aht: 6m, resolved", "{handle_time: {law: exponential, mean: 6m}, resolved"),
    ("t2: {aht: 15m}", "t2: {handle_time: {mean: 15m}}"),
    ("opening_hours: {mon-fri: 10:00-17:00, sat: 10:00-14:00}",
     "queue_groups: {opening_hours: {channels: [chat, phone], tiers: t1, clock: market, "
     "hours: {mon-fri: 10:00-17:00, sat: 10:00-14:00}}}"),
    ("shrinkage: 20%", "shrinkage: {unspecified: 20%}"),
    ("kind: vendor", "kind: bpo"),
    ("start: 09:00", "starts: [09:00]"),
    ("concurrency: 2", "concurrency: 2, speed: [1, 1]"),
    ("patience: 90s", "patience: {law: exponential, mean: 90s}"),
)  # fmt: skip


def faults(*changes: tuple[str, str]) -> list[tuple[str, int, str]]:
    return [(one.key, one.line, one.message) for one in faults_of(put(SHORT, *changes))]


def remarks(loaded: Loaded, kind: str) -> dict[str, str]:
    return {one.key: one.message for one in loaded.remarks if one.kind == kind}


def line_of(words: str, text: str = SHORT) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize("change", LONG, ids=lambda change: change[0][:20])
def test_a_short_form_is_its_long_form(change: tuple[str, str]) -> None:
    assert to_canonical(loads(put(SHORT, change))) == to_canonical(loads(SHORT))


def test_all_short_forms_are_their_long_forms() -> None:
    assert to_canonical(loads(put(SHORT, *LONG))) == to_canonical(loads(SHORT))


def test_an_editor_accepts_what_is_read() -> None:
    editor = Draft202012Validator(json_schema())
    assert editor.is_valid(seen(SHORT))
    assert editor.is_valid(seen(put(SHORT, *LONG)))
    assert not editor.is_valid(seen(put(SHORT, ("start: 09:00", "start: [09:00, 10:00]"))))
    assert not editor.is_valid(seen(put(SHORT, ("aht: 6m", "aht: [6m]"))))
    defs = json_schema()["$defs"]
    assert defs["Vendor"]["properties"]["kind"]["enum"] == ["in_house", "bpo", "vendor"]


def test_an_average_is_a_mean_and_takes_the_spread_of_the_scenario() -> None:
    assert loads(put(SHORT, ("workflows:\n", "aht: 3m\nworkflows:\n"))).handle_time == HandleTime(
        talk=Exponential(mean=3 * MINUTE)
    )
    spread = loads(put(SHORT, ("workflows:\n", "handle_time_cv: 70%\nworkflows:\n")))
    lognormal = HandleTime(talk=Lognormal(mean=7 * MINUTE, cv=0.7))
    assert spread.workflows["parcels"].by_channel["chat"] == lognormal
    channel = loads(put(SHORT, ("kind: deferred, deadline", "kind: deferred, aht: 5m, deadline"),
                        ("email: 5m}", "phone: 4m}"),
                        ("{phone: 4m, chat: 7m, phone: 4m}", "{phone: 4m, chat: 7m}")))  # fmt: skip
    assert channel.channels["email"].handle_time == HandleTime(talk=Exponential(mean=5 * MINUTE))


def test_what_short_forms_are_taken_for_is_said_once() -> None:
    said = remarks(read_text(SHORT), "assumed")
    assert said == {
        "channels.phone.patience": "90s is taken as exponential patience with that mean; say {law: ...} for another "
        "law, {value: 90s} where everybody waits exactly that",
        "channels.chat.concurrency": "each of 2 contacts at once takes as long as one alone; if agents are slower "
        "then, say `speed: [1, 0.65]`",
        "workflows.parcels.aht": "4m, 7m, 5m are taken as means of exponential handle times; for another spread say "
        "`handle_time_cv: 80%`, or `handle_time:` with a `cv`",
        "workflows.refunds.tiers.t1.aht": "6m is taken as the mean of exponential handle times; for another spread "
        "say `handle_time_cv: 80%`, or `handle_time:` with a `cv`",
        "workflows.refunds.tiers.t2.aht": "15m is taken as the mean of exponential handle times; for another spread "
        "say `handle_time_cv: 80%`, or `handle_time:` with a `cv`",
        "workflows.parcels": "nobody comes back, though contacts leave cases unresolved (15% at t1); say `returns:`",
        "workflows.refunds": "nobody comes back, though contacts leave cases unresolved (10% at t1); say `returns:`",
        "opening_hours": "holds for chat, phone at tier t1, by the clock of each market; email takes contacts at all "
        "hours",
        "vendors.own.shrinkage": "20% of the rostered time is taken as a block in each shift, staggered over the "
        "agents; of named causes `absence` and `leave` are whole days at random",
    }


def test_a_step_that_adds_nobody_is_told() -> None:
    warned = remarks(read_text(SHORT), "warning")
    assert warned["routing.overflow.0.to"] == (
        "any_vendor adds no pool: without `vendor_share` every vendor may answer from the first second; to let your "
        "own agents answer first say `prefer: in_house_first`"
    )


@pytest.mark.parametrize(
    ("old", "new", "key", "said"),
    [
        ("aht: {phone: 4m, chat: 7m, email: 5m}",
         "handle_time: 4m, aht: {phone: 4m}", "workflows.parcels.aht",
         "say handle_time or aht, not both; handle_time stands in line 13"),
        ("{aht: 6m, resolved", "{aht: 6m, handle_time: 6m, resolved", "workflows.refunds.tiers.t1.aht",
         "say handle_time or aht, not both; handle_time stands in line 14"),
        ("fcr: 85%}", "fcr: 85%, tiers: {t1: {}}}", "workflows.parcels.fcr",
         "say fcr or tiers, not both; tiers stands in line 13: `fcr` is for a workflow of one tier, each tier says its "
         "own `resolved`"),
        ("fcr: 85%", "fcr: 85", "workflows.parcels.fcr", "expected a share of at most 100%, got '85'"),
        ("{aht: 6m, resolved", "{aht: {mean: 6m, cv: 0.8}, resolved", "workflows.refunds.tiers.t1.aht",
         "an average handle time is a duration like 5m; for a law say `handle_time:` in place of `aht:`"),
        ("{aht: 6m, resolved", "{aht: 0s, resolved", "workflows.refunds.tiers.t1.aht", "above 0s, got '0s'"),
        ("email: 5m}, fcr", "mail: 5m}, fcr", "workflows.parcels.aht.mail", "there is no channel 'mail'"),
        ("shrinkage: 20%", "shrinkage: 100%", "vendors.own.shrinkage", "100% of the paid time is away"),
        ("shrinkage: 20%", "shrinkage: 20", "vendors.own.shrinkage", "for a percentage write 20%"),
        ("shrinkage: 20%", "shrinkage: [20%]", "vendors.own.shrinkage",
         "expected shares by cause like {absence: 6%, training: 3%}, or a total like 30%, got a list"),
        ("start: 09:00", "start: 09:00, starts: [10:00]", "shift_patterns.day.start",
         "say starts or start, not both; starts stands in line 27"),
        ("start: 09:00, ", "", "shift_patterns.day.starts", "is missing: expected a start of a shift like 07:30"),
        ("start: 09:00", "start: [09:00, 10:00]", "shift_patterns.day.start", "expected a start of a shift like 07:30"),
        ("opening_hours: {mon-fri: 10:00-17:00,", "opening_hours: {mon-fry: 09:00-18:00,", "opening_hours.mon-fry",
         "expected days like mon, mon-fri or daily"),
        ("kind: vendor", "kind: vender", "vendors.partner.kind", "one of in_house, bpo, vendor, got 'vender'"),
    ],
)  # fmt: skip
def test_faults_name_what_stands_where(old: str, new: str, key: str, said: str) -> None:
    [(at, _, message)] = faults((old, new))
    assert at == key
    assert said in message


def test_a_spelling_from_another_file_is_named_with_it(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(SHORT)
    (tmp_path / "own.yaml").write_text("extends: base.yaml\nworkflows:\n  parcels: {handle_time: {mean: 4m}}\n")
    with pytest.raises(ScenarioError) as caught:
        load(tmp_path / "own.yaml")
    [fault] = caught.value.faults
    assert (fault.key, Path(fault.file).name, fault.line) == ("workflows.parcels.aht", "base.yaml", 13)
    assert fault.message.startswith("say handle_time or aht, not both; handle_time stands in ")
    assert fault.message.endswith("own.yaml:3:13")


def test_a_variant_changes_the_short_form() -> None:
    text = (
        SHORT
        + "variants: {slow: {workflows.parcels.aht.phone: +1m, opening_hours.sat: closed, "
        + "vendors.own.shrinkage: +5%}}\n"
    )
    changed = read_text(text, variants=["slow"]).scenario
    assert changed.workflows["parcels"].by_channel["phone"] == HandleTime(talk=Exponential(mean=5 * MINUTE))
    assert (
        changed.queue_groups["opening_hours"].hours
        == loads(
            put(
                SHORT,
                ("opening_hours: {mon-fri: 10:00-17:00, sat: 10:00-14:00}", "opening_hours: {mon-fri: 10:00-17:00}"),
            )
        )
        .queue_groups["opening_hours"]
        .hours
    )
    assert changed.vendors["own"].shrinkage == pytest.approx({"unspecified": 0.25})


@pytest.mark.parametrize(
    ("key", "found", "value"),
    [
        ("workflows.parcels.handle_time", "workflows.parcels.aht", "4m"),
        ("workflows.parcels.handle_time.chat", "workflows.parcels.aht.chat", "7m"),
        ("workflows.parcels.handle_time.chat.mean", "workflows.parcels.aht.chat", "7m"),
        ("workflows.parcels.tiers.t1.resolved", "workflows.parcels.fcr", "85%"),
        ("workflows.parcels.tiers", "workflows.parcels.fcr", "85%"),
        ("workflows.refunds.tiers.t2.handle_time", "workflows.refunds.tiers.t2.aht", "15m"),
        ("workflows.refunds.fcr", "workflows.refunds.tiers.t1.resolved", "70%"),
        ("shift_patterns.day.starts", "shift_patterns.day.start", "09:00"),
        ("queue_groups.opening_hours.hours.sat", "opening_hours.sat", "10:00-14:00"),
        ("queue_groups", "opening_hours", "10:00-17:00"),
        ("pools.helpers.skills", "pools.helpers.workflows", "parcels"),
        ("pools.graz.shrinkage", "vendors.own.shrinkage", "20%"),
    ],
)  # fmt: skip
def test_explain_says_where_a_value_comes_from(key: str, found: str, value: str) -> None:
    explained = explain(read_text(SHORT, name="shop.yaml"), key)
    assert explained.key == found
    assert explained.parts[0].value == value
    assert explained.parts[0].origin.startswith(f"shop.yaml:{line_of(found.split('.')[-1] + ':')}:") or "." in found


def test_explain_finds_the_long_form_where_the_short_one_is_not_written() -> None:
    loaded = read_text(put(SHORT, *LONG))
    assert explain(loaded, "workflows.parcels.aht").key == "workflows.parcels.handle_time"
    assert explain(loaded, "workflows.parcels.fcr").key == "workflows.parcels.tiers.t1.resolved"
    assert explain(loaded, "opening_hours").key == "queue_groups.opening_hours.hours"
    assert [part.value for part in explain(read_text(SHORT), "workflows.refunds.patience").parts] == [
        "not set: the channel's"
    ]


def test_those_who_come_back_though_resolved_are_told() -> None:
    loaded = read_text(
        put(SHORT, ("fcr: 85%", "fcr: 80%, returns: {after_resolved: {share: 10%, after: {mean: 1d, cv: 1}}}"))
    )
    assert remarks(loaded, "warning")["workflows.parcels.fcr"] == (
        "80% is the share that seems resolved; 10% of these come back (`returns.after_resolved`), so that 72% stay "
        "resolved"
    )
    assert "workflows.parcels" not in remarks(loaded, "assumed")


class TestOpeningHours:
    def test_dates_stand_beside_the_weekdays(self) -> None:
        hours = "opening_hours: {mon-fri: 10:00-17:00, 2026-03-04: 09:00-12:00, 2026-03-05..2026-03-06: closed}"
        made = loads(put(SHORT, ("opening_hours: {mon-fri: 10:00-17:00, sat: 10:00-14:00}", hours)))
        group = made.queue_groups["opening_hours"]
        assert sorted(group.special_days) == ["2026-03-04", "2026-03-05", "2026-03-06"]
        assert group.special_days["2026-03-06"].closed
        assert group.clock == "market"

    def test_a_queue_group_may_limit_places_beside_it(self) -> None:
        made = loads(SHORT + "queue_groups: {hotline: {channels: phone, lines: 20}}\n")
        assert sorted(made.queue_groups) == ["hotline", "opening_hours"]

    def test_hours_of_other_queues_may_stand_beside_it(self) -> None:
        made = loads(SHORT + "queue_groups: {second: {tiers: t2, hours: 24x7}}\n")
        assert sorted(made.queue_groups) == ["opening_hours", "second"]

    def test_hours_of_the_same_queue_are_a_fault_with_both_places(self) -> None:
        more = ("routing:\n", "queue_groups:\n  hotline: {workflows: refunds, hours: 24x7}\nrouting:\n")
        [(key, line, message)] = faults(more)
        assert (key, line) == ("queue_groups.hotline.hours", line_of("hotline", put(SHORT, more)))
        assert message == (
            "workflow refunds at tier t1 on channel phone has opening hours here and in opening_hours; give them once"
        )

    def test_a_group_of_the_same_name_is_a_fault(self) -> None:
        [(key, _, message)] = faults(("routing:\n", "queue_groups: {opening_hours: {lines: 5}}\nrouting:\n"))
        assert key == "opening_hours"
        assert "makes a queue group of this name, and there is one; queue_groups stands in line 32" in message

    def test_first_tiers_may_have_any_name(self) -> None:
        made = loads(
            put(SHORT,
                ("tiers: {t1: {aht: 6m, resolved: 70%, escalated: 20%}", "tiers: {front: {aht: 6m, escalated: 20%}"),
                ("tier: [t1, t2]", "tier: [t1, front, t2]"))
        )  # fmt: skip
        assert made.queue_groups["opening_hours"].tiers == ("front", "t1")

    def test_a_tier_that_is_first_here_and_later_there_is_a_fault(self) -> None:
        [(key, _, message)] = faults(
            ("{t1: {aht: 6m, resolved: 70%, escalated: 20%}, t2", "{front: {aht: 6m, escalated: 20%}, t1"),
            ("tier: [t1, t2]", "tier: [t1, front]"),
        )  # fmt: skip
        assert key == "opening_hours"
        assert message.startswith("tier t1 is the first of one workflow and a later one of another")

    def test_without_live_channels_it_changes_nothing_and_says_so(self) -> None:
        loaded = read_text(
            put(SHORT, ("channels: {phone: 60%, chat: 30%, email: 10%}", "channel: email"),
                ("channel: phone", "channel: email"), ("aht: {phone: 4m, chat: 7m, email: 5m}", "aht: 5m"))
        )  # fmt: skip
        assert loaded.scenario.queue_groups == {}
        assert remarks(loaded, "warning")["opening_hours"].startswith("changes nothing: no channel is live")
