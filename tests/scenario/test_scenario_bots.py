"""Bots in a scenario: short forms, and what is refused or told."""

from __future__ import annotations

from pathlib import Path

import pytest

from ccsim.errors import ScenarioError
from ccsim.scenario import loads, read, to_canonical

TEXT = """
scenario: bots
horizon: {start: 2026-03-02, length: 2d}
workflows: {orders: {handle_time: {value: 4m}}}
demand: {all: {workflow: orders, per_day: 1000, channels: {chat: 30%%, phone: 70%%}, profile: flat}}
pools: {desk: {staffing: 9}}
bots: {%s}
"""
BOT = "channels: [chat], session: {value: 2m}, contained: 40%"


def _faults(bots: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as caught:
        loads(TEXT % bots)
    return [(fault.key, fault.message) for fault in caught.value.faults]


def test_a_bot_in_the_words_of_its_price_list_is_the_same_bot() -> None:
    after = "after: {law: lognormal, mean: 24h, cv: 0.3}"
    back = f"comes_back: {{share: 20%, {after}, channel: phone}}"
    short = f"robot: {{channels: [chat], takes: 80%, contains: 35%, handle_time: {{value: 2m}}, {back}}}"
    long = (
        "robot: {channels: [chat], share: 80%, contained: 35%, session: {value: 2m}, falsely_contained: 20%, "
        f"returns: {{share: 100%, {after}, channels: {{phone: 100%}}}}}}"
    )
    assert to_canonical(loads(TEXT % short)) == to_canonical(loads(TEXT % long))


@pytest.mark.parametrize(
    ("said", "key", "message"),
    [
        ("contained: 60%, left: 50%", "contained", "contained and left are 110% together; they must not exceed 100%"),
        ("contained: 60%, left: 40%", "contained", "nobody who meets the bot ever reaches an agent"),
        ("contained: 60%, ramp: 3d", "ramp", "needs `from:` beside it"),
        ("contained: 60%, context_handle_time: 90%", "context_handle_time", "needs `context:` beside it"),
        ("contained: 60%, if_full: turn_away", "if_full", "needs `sessions:` beside it"),
        ("contained: 60%, returns: {share: 10%, after: 1d}", "returns", "needs `falsely_contained:` beside it"),
        (
            "contained: 60%, falsely_contained: 5%, comes_back: {share: 20%, after: 1d}",
            "falsely_contained",
            "say comes_back, or falsely_contained and returns, not both",
        ),
        ("contained: 160%", "contained", "at most"),
    ],
)
def test_what_no_bot_can_be_is_refused(said: str, key: str, message: str) -> None:
    ((at, found),) = _faults(f"robot: {{channels: [chat], session: {{value: 2m}}, {said}}}")
    assert at == f"bots.robot.{key}"
    assert message in found


def test_all_that_is_wrong_with_bots_is_told_at_once() -> None:
    found = _faults(
        "one: {channels: [chatt], contained: 60%}, two: {channels: [chat], session: 2m, contained: 1, left: 1}"
    )
    assert [key for key, _ in found] == ["bots.one.session", "bots.one.channels.0", "bots.two.contained"]


def test_no_contact_meets_two_bots() -> None:
    ((key, message),) = _faults(f"one: {{{BOT}}}, two: {{{BOT.replace('[chat]', '[chat, phone]')}}}")
    assert (key, message.partition(";")[0]) == ("bots.two", "one and two would both meet the contacts of all.chat")
    loads(TEXT % f"one: {{{BOT}}}, two: {{{BOT.replace('chat', 'phone')}}}")


def test_a_return_by_a_channel_that_nobody_answers_is_refused() -> None:
    back = "falsely_contained: 20%, returns: {share: 50%, after: 1d, channels: {email: 100%}}"
    text = (TEXT % f"robot: {{{BOT}, {back}}}") + "channels: {email: {kind: deferred}, chat: {}, phone: {}}\n"
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert [fault.key for fault in caught.value.faults] == ["bots.robot.returns.channels"]


def test_a_bot_that_meets_nobody_is_told(tmp_path: Path) -> None:
    file = tmp_path / "bots.yaml"
    bots = f"late: {{{BOT}, from: 2026-04-01}}, idle: {{{BOT.replace('[chat]', '[phone]')}, languages: [en]}}"
    file.write_text((TEXT % bots) + "markets: {uk: {region: emea, time_zone: Europe/London, languages: {en: 100%}}}\n")
    said = {remark.key: remark.message for remark in read(file).remarks}
    assert said["bots.late.from"] == "it begins after the end of the run: it changes nothing"
    assert said["bots.idle.channels"].startswith("no volume brings contacts that it works for")


def test_a_bot_may_meet_those_alone_who_come_back_by_its_channel(tmp_path: Path) -> None:
    head = """
scenario: back
horizon: {start: 2026-03-02, length: 1d}
handle_time: {value: 3m}
channels: {phone: {}, chat: {}}
workflows:
  care:
    tiers: {t1: {resolved: 50%}}
    returns: {after_unresolved: {share: 50%, after: {value: 1h}, CHANNELS attempts: 2}}
demand: {care: {per_day: 400, profile: flat, channels: {phone: 100%, chat: 0%}}}
pools: {desk: {staffing: 20}}
"""
    bots = "bots: {robot: {channels: [chat], session: {value: 1m}, contained: 60%}}\n"
    for channels, told in (("channels: {chat: 100%},", False), ("", True)):
        file = tmp_path / "back.yaml"
        file.write_text(head.replace("CHANNELS", channels) + bots)
        assert ("bots.robot.channels" in {remark.key for remark in read(file).remarks}) == told
    twice = bots.replace("}}\n", "}, other: {channels: [chat], session: {value: 1m}, contained: 10%}}\n")
    with pytest.raises(ScenarioError, match=r"would both meet the contacts of care\.chat"):
        loads(head.replace("CHANNELS", "channels: {chat: 100%},") + twice)


def test_a_pool_may_serve_those_alone_who_come_back_by_its_channels() -> None:
    text = """
scenario: back
horizon: {start: 2026-03-02, length: 1d}
handle_time: {value: 3m}
channels: {phone: {}, chat: {}}
workflows: {care: {returns: {after_abandon: {share: 50%, after: 1h, channels: {chat: 60%, phone: 40%}}}}}
demand: {care: {per_day: 400, profile: flat, channels: {phone: 100%, chat: 0%}}}
pools: {desk: {staffing: 20, channels: [phone]}, REST}
"""
    loads(text.replace("REST", "rest: {staffing: 2, channels: [chat]}"))
    with pytest.raises(ScenarioError, match="no pool can serve it") as caught:
        loads(text.replace(", REST", ""))
    assert [fault.key for fault in caught.value.faults] == ["demand.care"]
    assert "chat" in caught.value.faults[0].message
    none = text.replace("channels: {chat: 60%, phone: 40%}", "attempts: 3")  # nobody comes back by chat
    with pytest.raises(ScenarioError, match="no contacts are routed to this pool"):
        loads(none.replace("REST", "rest: {staffing: 2, channels: [chat]}"))


def test_a_hand_off_that_nobody_can_take_is_told_with_its_bot() -> None:
    text = (TEXT % f"robot: {{{BOT}}}").replace("staffing: 9", "staffing: 9, channels: [phone], skills: {orders: {}}")
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    ((key, message),) = [(fault.key, fault.message) for fault in caught.value.faults]
    assert key == "demand.all"
    assert "none takes workflow orders at tier t1 on channel chat" in message
    assert message.endswith("; the bot robot hands 60% of its sessions off to it")


def test_shares_over_100_per_cent_name_what_is_inherited(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(TEXT % f"robot: {{{BOT}}}", encoding="utf-8")
    path = tmp_path / "more.yaml"
    path.write_text("extends: base.yaml\nbots: {robot: {left: 70%}}\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read(path)
    (fault,) = caught.value.faults
    assert "are 110% together; they must not exceed 100%: contained 40%" in fault.message
    assert "left 70%" in fault.message
    assert "parts that are not written again are inherited" in fault.message
