"""Faults between sections: each with its place, all at once."""

# One row a fault.
# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.scenario import load, loads
from tests.support.files import CENTRE
from tests.support.scenario_texts import LAB, faults, faults_of, lab, only_fault, scenario

TIERS = "{calls: {tiers: {t1: {escalated: 30%}, t2: {}}}}"


@pytest.mark.parametrize(
    ("parts", "key", "said"),
    [
        ({"pools": "{desk: {staffing: 1, workflows: [mail]}}", "demand": "{calls: {per_minute: 1}, mail: {per_minute: 1}}"},
         "demand.calls", "none takes workflow calls at tier t1 on channel phone"),
        ({"pools": "{desk: {staffing: 1, channels: [chat]}}", "channels": "{chat: {}}"}, "demand.calls", "no pool can serve it"),
        ({"workflows": TIERS}, "demand.calls", "none takes workflow calls at tier t2"),
        ({"workflows": "{calls: {tiers: {t1: {}}, pools: [desk]}}", "pools": "{desk: {staffing: 1, channels: chat}, b: {staffing: 1}}",
          "channels": "{chat: {}}"}, "demand.calls", "no pool can serve it"),
        ({"handle_time": ""}, "demand.calls", "there is no handle time for workflow calls at tier t1 on channel phone"),
        ({"handle_time": "", "channels": "{chat: {handle_time: 2m}, phone: {}}"}, "demand.calls", "no handle time"),
        ({"handle_time": "", "workflows": "{calls: {handle_time: {chat: 2m}}}", "channels": "{chat: {}}"}, "demand.calls",
         "no handle time"),
        ({"workflows": "{calls: {tiers: {t1: {escalated: 10%}}}}"}, "workflows.calls.tiers.t1.escalated", "t1 is the last tier"),
        ({"workflows": "{calls: {tiers: {t1: {escalated: 60%, resolved: 50%}, t2: {}}}}", "pools": "{desk: {staffing: 2, tier: [t1, t2]}}"}, "workflows.calls.tiers.t1.escalated",
         "110% together"),
        ({"workflows": "{calls: {pools: [dsk]}}"}, "workflows.calls.pools.0", "there is no pool 'dsk'; did you mean 'desk'"),
        ({"workflows": "{calls: {pools: [desk, [desk]]}}"}, "workflows.calls.pools", "twice"),
        ({"workflows": "{calls: {overflow: [{after: 1m, pools: [dsk]}]}}"}, "workflows.calls.overflow.0.pools.0", "did you mean 'desk'"),
        ({"workflows": "{calls: {pools: [desk], overflow: [{after: 1m, pools: [desk]}]}}"}, "workflows.calls.overflow",
         "desk may already answer"),
        ({"workflows": "{calls: {overflow: [{after: 2m, pools: [a]}, {after: 1m, pools: [desk]}]}}",
          "pools": "{a: {staffing: 1}, desk: {staffing: 1}}"}, "workflows.calls.overflow", "rising order"),
        ({"workflows": "{calls: {pools: [desk, a]}}", "demand": "{calls: {per_minute: 1}, mail: {per_minute: 1}}",
          "pools": "{desk: {staffing: 1}, a: {staffing: 1, workflows: [mail]}}"}, "workflows.calls.pools.1",
         "pool a does not have the skill calls; it has mail"),
        ({"workflows": "{calls: {pools: [desk, a]}, mail: {tiers: {t1: {}, t2: {}}}}",
          "pools": "{desk: {staffing: 1}, a: {staffing: 1, tier: t2}}"}, "workflows.calls.pools.1", "takes tiers t2"),
        ({"demand": "{calls: {workflow: sales, per_minute: 1}}", "workflows": "{sale: {}}"}, "demand.calls.workflow",
         "there is no workflow 'sales'; did you mean 'sale'"),
        ({"demand": "{calls: {channel: caht, per_minute: 1}}", "channels": "{chat: {}}"}, "demand.calls.channel",
         "did you mean 'chat'"),
        ({"queue_groups": "{a: {hours: 24x7}, b: {hours: 07:00-20:00}}"}, "queue_groups.b.hours",
         "has opening hours here and in queue_groups.a"),
        ({"queue_groups": "{a: {workflows: [sales]}}"}, "queue_groups.a.workflows.0", "there is no workflow 'sales'"),
        ({"queue_groups": "{a: {tiers: t2}}"}, "queue_groups.a.tiers", "there is no tier 't2'"),
        ({"queue_groups": "{a: {lines: 0}}"}, "queue_groups.a.lines", "at least 1"),
        ({"routing": "{choose_contact: earliest_deadline}", "channels": "{phone: {kind: deferred}}"}, "channels.phone",
         "needs a deadline"),
        ({"routing": "{choose_agent: [random, best_skill]}"}, "routing.choose_agent", "random picks one agent"),
        ({"routing": "{choose_agent: best_skil}"}, "routing.choose_agent", "did you mean 'best_skill'"),
        ({"channels": "{phone: {kind: deferred, patience: 2m}}"}, "channels.phone.patience", "do not abandon"),
        ({"channels": "{phone: {deadline: 2h}}"}, "channels.phone.deadline", "say `kind: deferred`"),
        ({"channels": "{phone: {concurrency: 3, speed: [1, 0.8]}}"}, "channels.phone.speed", "expected 3 speeds"),
        ({"channels": "{phone: {concurrency: 13}}"}, "channels.phone.concurrency", "at most 12"),
        ({"channels": "{a: {concurrency: 5}, b: {concurrency: 7}, c: {concurrency: 2}}",
          "demand": "{x: {channel: a, per_minute: 1}, y: {channel: b, per_minute: 1}, z: {channel: c, per_minute: 1}}"},
         "channels", "(a 5, b 7, c 2) have the least common multiple 70"),
        ({"demand": "{a: {per_minute: 1, draws_as: b}, b: {per_minute: 1}}"}, "demand.a.draws_as", "b already uses the random-number stream b"),
        ({"demand": "{a: {per_minute: 1, draws_as: c}, b: {per_minute: 1, draws_as: c}}"}, "demand.b.draws_as", "a already uses the random-number stream c"),
        ({"workflows": "{calls: {returns: {after_blocked: {share: 100%, after: 0s}}}}"}, "workflows.calls.returns.after_blocked.after",
         "above 0"),
        ({"time_zone": "Europe/Berln"}, "time_zone", "did you mean 'Europe/Berlin'"),
        ({"time_zone": "../etc/passwd"}, "time_zone", "there is no time zone"),
        ({"currency": "euro"}, "currency", "ISO code"),
        ({"title": "'a\n\n  b'"}, "title", "one line"),
        ({"horizon": "{start: 2026-01-01, length: 0s}"}, "horizon.length", "above 0s"),
        ({"horizon": "{start: 2026-01-01, length: 20h, interval: 7m}"}, "horizon.interval", "divides a day"),
        ({"horizon": "{start: 2026-01-01}"}, "horizon.length", "is missing"),
        ({"horizon": "{start: 9:30, length: 1d}"}, "horizon.start", "local time like"),
        ({"run": "{replications: 0}"}, "run.replications", "at least 1"),
        ({"run": "{replications: yes}"}, "run.replications", "a word is not a number"),
        ({"pools": ""}, "pools", "is missing"),
        ({"pools": "{}"}, "pools", "at least 1"),
        ({"demand": "{}"}, "demand", "at least 1"),
        ({"scenario": "two words"}, "scenario", "a name of letters"),
        ({"intraday": "{}"}, "intraday", "unknown key"),
        ({"goals": "[{kpi: servicelevel, at_least: 80%}]"}, "goals.0.kpi", "did you mean 'service_level'"),
        ({"goals": "[{kpi: service_level}]"}, "goals.0", "at_least or at_most"),
        ({"goals": "[{kpi: service_level, at_least: 80}]"}, "goals.0.at_least", "write 80%"),
        ({"goals": "[{kpi: asa, at_most: 30}]"}, "goals.0.at_most", "needs a unit"),
        ({"goals": "[{kpi: asa, at_most: 30s, within: 20s}]"}, "goals.0.within", "belongs to service_level"),
        ({"goals": "[{kpi: asa, at_most: 30s, pool: desk}]"}, "goals.0.pool", "asa is not counted by pool"),
        ({"goals": "[{kpi: occupancy, at_most: 90%, workflow: calls}]"}, "goals.0.workflow", "not counted by workflow"),
        ({"goals": "[{kpi: asa, at_most: 30s, channel: fax}]"}, "goals.0.channel", "there is no channel 'fax'"),
        ({"goals": "[{kpi: asa, at_most: 30s, channel: chat}]", "channels": "{chat: {}}"}, "goals.0", "no stream has this"),
        ({"goals": "[{kpi: service_level, at_least: 80%}]", "service_level": "{within: [20s, 30s]}"}, "goals.0", "say `within`"),
        ({"service_level": "{rule: answered}"}, "service_level.rule", "did you mean 'answered only'"),
        ({"service_level": "{within: []}"}, "service_level.within", "at least 1"),
    ],
)  # fmt: skip
def test_faults_have_their_key(parts: dict[str, str], key: str, said: str) -> None:
    fault = only_fault(**parts)
    assert fault.key == key
    assert said in fault.message
    assert fault.line > 0
    assert fault.column > 0


def test_all_faults_at_once_and_in_order() -> None:
    found = faults_of(
        """\
scenario: many
time_zone: Mars/Olympus
horizon: {start: 2026-01-01, length: 1}
demand:
  a: {per_minute: -1}
  b: {per_hour: 3, channel: chat}
  c: {per_hour: 3}
handle_time: {mean: 2}
pools:
  p: {staffing: 0, channels: phone}
  q: {staffing: [[00:00, many]], workflows: [d], channels: phone}
  r: {stafing: 2}
"""
    )
    assert [(fault.line, fault.column, fault.key) for fault in found] == [
        (2, 12, "time_zone"),
        (3, 38, "horizon.length"),
        (5, 19, "demand.a.per_minute"),
        (8, 21, "handle_time.mean"),
        (10, 17, "pools.p.staffing"),
        (11, 26, "pools.q.staffing.0.1"),
        (11, 46, "pools.q.workflows.0"),
        (12, 7, "pools.r.stafing"),
    ]


def test_faults_between_sections_are_told_beside_others() -> None:
    found = faults(
        demand="{calls: {per_minute: many}, mail: {per_minute: 1, channel: chat}}",
        pools="{desk: {staffing: 0, channels: phone}}",
        run="{seed: -1}",
    )
    assert [(fault.key, fault.message[:12]) for fault in found] == [
        ("demand.calls.per_minute", "expected a n"),
        ("demand.mail", "no pool can "),
        ("pools.desk.staffing", "the pool has"),
        ("run.seed", "expected a w"),
    ] or sorted(fault.key for fault in found) == [
        "demand.calls.per_minute",
        "demand.mail",
        "pools.desk.staffing",
        "run.seed",
    ]


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("time_zone", "Mars"),
        ("horizon", "{start: 2026-01-01, length: 1d, intervall: 1h}"),
        ("patience", "often"),
        ("queue_groups", "{door: {hours: 99}}"),
        ("goals", "[{kpi: service_level}]"),
    ],
)
def test_contacts_that_no_pool_serves_are_told_beside_faults_of_what_does_not_decide_it(
    section: str, text: str
) -> None:
    centre = {
        "demand": "{calls: {per_minute: 1, language: fr}, sales: {per_minute: 1}}",
        "pools": "{desk: {staffing: 2, languages: en}, chef: {staffing: 1, languages: [en, fr], workflows: sales}}",
    }
    stranded = only_fault(**centre)
    assert stranded.message == (
        "no pool can serve it: none takes workflow calls at tier t1 on channel phone in language fr; "
        "desk takes it in other languages: add `fr` to its `languages`"
    )
    keys = [fault.key for fault in faults(**centre, **{section: text})]
    assert len(keys) == 2
    assert stranded.key in keys
    assert any(key.startswith(section) for key in keys)


def test_no_fault_follows_from_another() -> None:
    assert len(faults(pools="{desk: {staffing: 1, tier: t9}}")) == 1
    assert len(faults(pools="{desk: {staffing: 1, skils: {mail: 1}}}")) == 1
    assert len(faults(handle_time="{mean: 2}")) == 1
    assert len(faults(workflows="{calls: {tiers: {t1: {escalated: many}}}}")) == 1
    assert len(faults(horizon="{start: tomorrow, length: 1d}")) == 1


def test_more_faults_than_anyone_reads_are_counted() -> None:
    text = LAB + "segments:\n" + "".join(f"  s{n}: {{prio: 1}}\n" for n in range(900))
    found = faults_of(text)
    assert len(found) == 201
    assert found[-1].message == "700 more faults are not listed"


def test_a_recorded_handle_time_will_do(tmp_path: Path) -> None:
    (tmp_path / "full.csv").write_text("time,talk\n1,30\n2,40\n")
    (tmp_path / "half.csv").write_text("time,talk\n1,30\n2,\n")
    demand = "{calls: {trace: NAME.csv}}"
    scenario(tmp_path, demand=demand.replace("NAME", "full"), handle_time="")
    assert "no handle time" in only_fault(tmp_path, demand=demand.replace("NAME", "half"), handle_time="").message
    returns = "{calls: {returns: {after_abandon: {share: 10%, after: 5m}}}}"
    fault = only_fault(tmp_path, demand=demand.replace("NAME", "full"), handle_time="", workflows=returns)
    assert "no handle time" in fault.message


def test_recorded_patience_needs_a_live_channel(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("time,patience\n1,30\n")
    fault = only_fault(
        tmp_path, demand="{calls: {trace: trace.csv}}", channels="{phone: {kind: deferred}}", patience=""
    )
    assert fault.key == "demand.calls.trace"


def test_a_trace_beside_a_key_that_nobody_knows(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("time,patience\n1,30\n")
    fault = only_fault(tmp_path, demand="{calls: {trace: trace.csv, chanel: phone}}")
    assert fault.key == "demand.calls.chanel"


def test_goals_add_their_threshold() -> None:
    found = scenario(goals="[{kpi: service_level, at_least: 80%, within: 30s}, {kpi: asa, at_most: 1m30s}]")
    assert found.service_level.within == (20_000_000, 30_000_000)
    assert (found.goals[0].at_least, found.goals[1].at_most) == (0.8, 90.0)


def test_defaults() -> None:
    found = scenario()
    assert (found.horizon.drain, found.horizon.interval) == (3 * 86_400_000_000, 1_800_000_000)
    assert (found.run.replications, found.run.seed, found.time_zone) == (100, 2026, "UTC")
    assert scenario(channels="{chat: {speed: [1, 0.6]}, mail: {concurrency: 2}}").channels["chat"].concurrency == 2
    assert scenario(
        workflows="{calls: {tiers: {t1: {escalated: 30%}, t2: {}}}}", pools="{d: {tier: [t1, t2], staffing: 1}}"
    ).workflows["calls"].tiers["t1"].resolved == pytest.approx(0.7)


def test_the_centre_is_fine_in_every_variant() -> None:
    for variant in ("more", "wednesday", "lean"):
        assert load(f"{CENTRE}:{variant}") != load(CENTRE)


def test_what_streams_use_need_not_be_listed() -> None:
    found = loads(
        lab(
            demand="{a: {workflow: w, channel: chat, per_minute: 1}}",
            pools="{d: {staffing: 1, workflows: w, channels: chat}}",
        )
    )
    assert found.channels == {}
    assert found.workflows == {}


def test_one_language_that_nobody_speaks_is_told_once_for_all_channels() -> None:
    stranded = only_fault(
        markets="{canada: {region: na, time_zone: America/Toronto, languages: {fr: 50%, en: 50%}}}",
        demand="{calls: {per_minute: 1, markets: {canada: 100%}, channels: {phone: 60%, mail: 40%}}}",
        channels="{mail: {kind: deferred}}",
        pools="{desk: {staffing: 2, languages: en}, post: {staffing: 1, channels: [mail], languages: en}}",
    )
    assert stranded.message == (
        "no pool can serve it: none takes workflow calls at tier t1 on channels mail, phone in language fr; "
        "desk takes it in other languages: add `fr` to its `languages` (stream calls.canada.fr.mail)"
    )
