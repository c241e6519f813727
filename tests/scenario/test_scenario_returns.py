"""Returns as a scenario says them: by channel, with caps and patience; what is refused, and chains without an end."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from ccsim.centre.comebacks import ReturnFlow, contacts_by_channel, spectral_radius
from ccsim.centre.foresee import foresee
from ccsim.centre.journeys import journey
from ccsim.centre.streams import streams_of
from ccsim.errors import ScenarioError
from ccsim.model import compile_model
from ccsim.model.visits import visits_of
from ccsim.scenario import loads, to_canonical
from ccsim.scenario.canonical import from_canonical
from ccsim.scenario.load import read_text

DESK = """
scenario: desk
horizon: {start: 2026-03-02, length: 1w}
channels: {phone: {kind: live}, chat: {kind: live}, email: {kind: deferred}}
handle_time: {value: 5m}
workflows:
  help:
    tiers: {t1: {resolved: RESOLVED}}
    returns: {RETURNS}
demand:
  ask: {workflow: help, channels: {phone: 50%, chat: 50%, email: 0%}, per_hour: 60}
pools: {desk: {staffing: 40}}
"""
BACK = "after_unresolved: {share: SHARE, after: {value: 1h}, channels: MIX}"


def text(
    returns: str = BACK, *, share: str = "50%", mix: str = "{phone: 60%, email: 40%}", resolved: str = "60%"
) -> str:
    return DESK.replace("RETURNS", returns).replace("SHARE", share).replace("MIX", mix).replace("RESOLVED", resolved)


def faults(said: str) -> list[tuple[str, str]]:
    with pytest.raises(ScenarioError) as told:
        loads(said)
    return [(fault.key, fault.message) for fault in told.value.faults]


def remarks(said: str, *, refused: bool = False) -> list[tuple[str, str]]:
    return [(one.key, one.message) for one in read_text(said).remarks if one.refused == refused]


# What is said


def test_shares_and_channels_by_the_channel_of_the_contact_before() -> None:
    mix = "{phone: {phone: 60%, email: 40%}, chat: {phone: 100%}}"
    scenario = loads(text(share="{phone: 55%, chat: 65%}", mix=mix, resolved="{phone: 80%, chat: 68%}"))
    back = scenario.workflows["help"].returns.after_unresolved
    assert back is not None
    assert (back.share, back.share_by_channel) == (0.0, {"phone": 0.55, "chat": 0.65})
    assert back.channels == {}
    assert back.channels_after == {"phone": {"phone": 0.6, "email": 0.4}, "chat": {"phone": 1.0}}
    assert scenario.workflows["help"].tiers["t1"].resolved_by_channel == {"phone": 0.8, "chat": 0.68}
    assert from_canonical(to_canonical(scenario)) == scenario


def test_a_channel_on_which_nobody_starts_is_there_if_customers_come_back_by_it() -> None:
    assert [stream.name for stream in streams_of(loads(text()))] == ["ask.chat", "ask.email", "ask.phone"]
    for mix in ("{phone: 100%}", "{phone: 100%, email: 0%}"):
        assert [stream.name for stream in streams_of(loads(text(mix=mix)))] == ["ask.chat", "ask.phone"]
    for share in ("0%", "{email: 50%}"):
        assert len(streams_of(loads(text(share=share)))) == 2


def test_another_volume_of_the_workflow_takes_those_who_come_back_by_its_channel() -> None:
    volumes = (
        "  calls: {workflow: help, channel: phone, per_hour: 60}\n  mail: {workflow: help, channel: email, per_hour: 6}"
    )
    said = text().replace(next(line for line in DESK.splitlines() if line.startswith("  ask")), volumes)
    model = compile_model(loads(said))
    assert model.streams == ("calls", "mail")
    assert model.rules.comebacks.sibling.tolist() == [[1, 0], [1, 0]]  # channels by name: email, phone
    unclear = said.replace("  mail:", "  letters: {workflow: help, channel: email, per_hour: 1}\n  mail:")
    assert any("letters and mail all have such contacts" in message for _, message in faults(unclear))


@pytest.mark.parametrize("said", ["80%", "[80%]", "0.8"])
def test_patience_on_return_is_a_factor(said: str) -> None:
    scenario = loads(text() + f"patience: {{mean: 2m, after_return: {said}}}\n")
    assert scenario.patience is not None
    assert scenario.patience.after_return == (0.8,)


def test_attempts_may_be_none() -> None:
    back = "after_unresolved: {share: 50%, after: {value: 1h}, attempts: none}"
    assert to_canonical(loads(text(back))) == to_canonical(loads(text(back.replace(", attempts: none", ""))))


def test_channels_that_shares_by_channel_leave_out_are_told() -> None:
    said = dict(remarks(text(share="{phone: 55%}", mix="{phone: {chat: 100%}}", resolved="{phone: 80%}")))
    assert "says nothing of chat: all that is not escalated" in said["workflows.help.tiers.t1.resolved"]
    assert "says nothing of chat: nobody comes back" in said["workflows.help.returns.after_unresolved.share"]
    assert "says nothing of chat: after contacts there" in said["workflows.help.returns.after_unresolved.channels"]


# What is refused


@pytest.mark.parametrize(
    ("wrong", "key", "message"),
    [
        ({"mix": "{phone: 60%, fax: 40%}"}, "channels.fax", "fax"),
        ({"mix": "{phone: 60%, email: 50%}"}, "channels", "the shares add up to 110%; expected 100%"),
        ({"mix": "{phone: 60%, email: 30%}"}, "channels", "the shares add up to 90%; expected 100%"),
        ({"mix": "{phone: {email: 120%}}"}, "channels.phone.email", "expected a share"),
        ({"mix": "{phone: {email: 100%}, chat: 40%}"}, "channels.chat", "expected a map"),
        ({"mix": "{}"}, "channels", "at least 1"),
        ({"share": "120%"}, "share", "expected a share"),
        ({"share": "{phone: 120%}"}, "share.phone", "expected a share"),
        ({"share": "{fax: 20%}"}, "share.fax", "fax"),
    ],
)
def test_wrong_shares_are_told_at_their_key(wrong: dict[str, str], key: str, message: str) -> None:
    found = faults(text(**wrong))
    assert [one for one, _ in found] == [f"workflows.help.returns.after_unresolved.{key}"]
    assert message in found[0][1]


@pytest.mark.parametrize("said", ["some", "-1", "1.5"])
def test_attempts_are_a_number_or_none(said: str) -> None:
    back = f"after_unresolved: {{share: 50%, after: {{value: 1h}}, attempts: {said}}}"
    assert [key for key, _ in faults(text(back))] == ["workflows.help.returns.after_unresolved.attempts"]


@pytest.mark.parametrize("said", ["0", "[]", "[80%, -1]", "never"])
def test_factors_of_patience_are_positive(said: str) -> None:
    found = faults(text() + f"patience: {{mean: 2m, after_return: {said}}}\n")
    assert all(key.startswith("patience.after_return") for key, _ in found)


def test_more_than_all_cannot_be_resolved_on_a_channel() -> None:
    wrong = text().replace("{resolved: 60%}", "{resolved: {phone: 80%, chat: 95%}, escalated: 10%}, t2: {}")
    found = faults(wrong)
    assert found[0][0] == "workflows.help.tiers.t1.escalated"
    assert "105% together on chat" in found[0][1]


def test_returns_to_a_channel_that_the_workflow_lacks_are_told_with_what_would_do() -> None:
    found = faults(text().replace(", email: 0%", ""))
    assert [key for key, _ in found] == ["workflows.help.returns.after_unresolved.channels"]
    assert "come back by email" in found[0][1]
    assert "name email among the `channels` of the volume (0% where nobody starts there)" in found[0][1]


# Chains


def _chain(unresolved: list[float], share: list[float], mix: list[list[float]], more: str = "") -> str:
    names = ["phone", "chat"][: len(share)]
    said = [
        "{" + ", ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True)) + "}"
        for values in ([1.0 - one for one in unresolved], share)
    ]
    rows = ["{" + ", ".join(f"{n}: {v}" for n, v in zip(names, row, strict=True)) + "}" for row in mix]
    mixes = "{" + ", ".join(f"{name}: {row}" for name, row in zip(names, rows, strict=True)) + "}"
    back = f"after_unresolved: {{share: {said[1]}, after: {{value: 1h}}, channels: {mixes}}}{more}"
    first = "{phone: 100%}" if len(names) == 1 else "{phone: 50%, chat: 50%}"
    return text(back, resolved=said[0]).replace("{phone: 50%, chat: 50%, email: 0%}", first)


CHAINS = {
    "ends": ([0.9], [0.9], [[1.0]], "", 0.81),
    "everything comes back": ([1.0], [1.0], [[1.0]], "", 1.0),
    "reopened": ([0.6], [1.0], [[1.0]], ", after_resolved: {share: 100%, after: {value: 1h}}", 1.0),
    "handed to and fro": ([1.0, 1.0], [1.0, 0.98], [[0.0, 1.0], [1.0, 0.0]], "", 0.98**0.5),
    "for ever to and fro": ([1.0, 1.0], [1.0, 1.0], [[0.0, 1.0], [1.0, 0.0]], "", 1.0),
    "one that keeps all": ([0.1, 1.0], [0.5, 1.0], [[0.9, 0.1], [0.0, 1.0]], "", 1.0),
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_without_an_end_are_refused_before_the_run(name: str) -> None:
    *chain, radius = CHAINS[name]
    said = _chain(*chain)
    if radius < 1:
        scenario = loads(said)
        assert remarks(said, refused=True) == []
        unresolved, share, mix, _ = chain
        step = np.array(unresolved)[:, None] * np.array(share)[:, None] * np.array(mix)
        wanted = np.linalg.inv(np.eye(len(step)) - step).sum(axis=1)
        for one, contacts in zip(("phone", "chat"), wanted, strict=False):
            assert journey(scenario, "help", one).contacts == pytest.approx(contacts, rel=1e-9)
    else:
        found = faults(said)
        assert found[0][0] == "workflows.help.returns.after_unresolved"
        assert "brings on 1 further ones, without end" in found[0][1]
        assert "give `attempts`, or a share below 100%" in found[0][1]
        capped = said.replace("after: {value: 1h}", "after: {value: 1h}, attempts: 5")
        assert loads(capped).workflows["help"].returns.after_unresolved.attempts == 5  # type: ignore[union-attr]


def test_the_chain_that_is_told_names_its_channels() -> None:
    *chain, _ = CHAINS["one that keeps all"]
    assert "each of its contacts on chat brings on" in faults(_chain(*chain))[0][1]


@pytest.mark.parametrize(
    ("returns", "told"),
    [
        ("after_abandon: {share: 100%, after: {value: 10m}}", True),
        ("after_abandon: {share: 99%, after: {value: 10m}}", False),
        ("after_abandon: {share: 100%, after: {value: 10m}, attempts: 9}", False),
        ("after_blocked: {share: 100%, after: {value: 10m}}", False),  # nobody is ever blocked here
        ("after_abandon: {share: 100%, after: {value: 10m}, channels: {email: 100%}}", False),  # email never abandons
    ],
)
def test_chains_of_those_who_leave_are_a_warning(returns: str, told: bool) -> None:
    said = text(returns) + "patience: {mean: 2m}\n"
    found = [key for key, message in remarks(said) if "grow without bound" in message]
    assert found == (["workflows.help.returns.after_abandon"] if told else [])
    loads(said)


def test_the_spectral_radius_is_that_of_the_eigenvalues() -> None:
    rng = np.random.default_rng(7)
    for size, _ in itertools.product(range(1, 7), range(20)):
        matrix = rng.random((size, size)) * (rng.random((size, size)) < 0.5)
        wanted = float(np.abs(np.linalg.eigvals(matrix)).max())
        assert spectral_radius(matrix.tolist())[0] == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert spectral_radius([[1.0, 1.0], [0.0, 1.0]])[0] == pytest.approx(1.0, abs=1e-9)  # no basis of eigenvectors
    assert spectral_radius([[0.0, 1.0], [0.0, 0.0]]) == (0.0, [])


def test_contacts_by_channel_follow_the_cap_of_each_cause() -> None:
    rng = np.random.default_rng(8)
    for caps in itertools.product((None, 0, 1, 3), repeat=2):
        steps = [ReturnFlow("w", str(i), cap, (rng.random((3, 3)) * 0.15).tolist()) for i, cap in enumerate(caps)]
        now, total = np.eye(3)[1], np.eye(3)[1]
        for number in range(400):
            now = now @ sum(
                (np.array(s.matrix) for s in steps if s.attempts is None or number < s.attempts), np.zeros((3, 3))
            )
            total = total + now
        assert contacts_by_channel(steps, 1, 3) == pytest.approx(total.tolist(), rel=1e-9)


# What is expected


def test_expected_visits_and_foreseen_ones_follow_the_mix() -> None:
    mix = "{phone: {phone: 50%, email: 50%}, chat: {phone: 100%}, email: {email: 100%}}"
    share, resolved = "{phone: 50%, chat: 80%, email: 25%}", "{phone: 60%, chat: 50%, email: 20%}"
    scenario = loads(text(share=share, mix=mix, resolved=resolved))
    order = ["chat", "email", "phone"]
    again = np.array([0.5 * 0.8, 0.8 * 0.25, 0.4 * 0.5])
    step = again[:, None] * np.array([[0, 0, 1], [0, 1, 0], [0, 0.5, 0.5]])
    wanted = np.linalg.inv(np.eye(3) - step)
    for i, channel in enumerate(order):
        found = visits_of(scenario, "help", channel)
        assert [found.get(name, {}).get(("help", "t1"), 0.0) for name in order] == pytest.approx(wanted[i].tolist())
    flows = np.array([30.0, 0.0, 30.0]) @ wanted
    assert foresee(scenario).visits == pytest.approx(float(flows.sum()) * 24 * 7)
