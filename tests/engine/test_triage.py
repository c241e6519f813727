"""Triage, and hand-offs of a bot to a wrong queue: who begins in a wrong queue, from when on, and what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from ccsim import api
from ccsim.engine import simulate
from ccsim.errors import ScenarioError
from ccsim.language.scenario import Scenario
from ccsim.model import compile_model
from tests.support.engines import compare
from tests.support.planned_load import loaded
from tests.support.stories import VISIT, script

TECH, WRONG = 1, 2
"""Queues in order of their names: bill/t1, tech/t1, tech/bill/t1."""
HOUR_US = 3_600_000_000


def desk(extra: str = "", misrouted: str = "{bill: {share: 20%, aht: 90s}}") -> Scenario:
    """Two workflows with plenty of agents; a share of `tech` begins in `bill`."""
    return script(
        "horizon: {start: 2026-01-05, length: 2d, drain: 5h, interval: 1h}\n"
        "channels: {phone: {patience: never}, email: {kind: deferred, deadline: 1d}}\n"
        f"workflows: {{bill: {{aht: 4m}}, tech: {{aht: 6m, misrouted: {misrouted}}}}}\n"
        "demand: {bill: {per_minute: 1}, tech: {per_minute: 3}}\n"
        "pools: {bills: {skills: {bill: {}}, staffing: 60}, techs: {skills: {tech: {}}, staffing: 60}}\n" + extra
    )


def begun(scenario: Scenario) -> dict[tuple[int, int], tuple[int, bool]]:
    """First visits of technical contacts by case: when they joined, and whether in the wrong queue."""
    visits = simulate(compile_model(scenario), seed=6, replication=0, visits=True).tables["visits"]
    first = visits[(visits[:, VISIT["case_queue"]] == TECH) & (visits[:, VISIT["visit"]] == 0)]
    columns = [VISIT[name] for name in ("date", "number", "joined_us", "queue")]
    return {(date, number): (joined, queue == WRONG) for date, number, joined, queue in first[:, columns].tolist()}


def wrong_share(contacts: list[tuple[int, bool]]) -> tuple[float, int]:
    """Share in the wrong queue, and of how many."""
    wrong = [one for _, one in contacts]
    return float(np.mean(wrong)), len(wrong)


@pytest.mark.parametrize(("share", "of"), [("5%", 0.05), ("0%", 0.0), ("60%", 0.6)])
def test_a_triage_says_how_many_begin_in_a_wrong_queue(share: str, of: float) -> None:
    found, count = wrong_share(list(begun(desk(f"triage: {{reader: {{misrouted: {share}}}}}\n")).values()))
    assert count > 8_000
    assert found == pytest.approx(of, abs=4 * (of * (1 - of) / count) ** 0.5)


def test_with_the_share_of_the_workflow_a_triage_changes_nothing() -> None:
    plain = compare(compile_model(desk()), seed=4).tables
    same = compare(compile_model(desk("triage: {reader: {misrouted: 20%}}\n")), seed=4).tables
    assert all(np.array_equal(plain[name], same[name]) for name in plain)


def test_a_better_triage_spares_some_of_the_same_contacts_and_misroutes_no_other() -> None:
    wrong = [
        {name for name, (_, one) in begun(desk(extra)).items() if one}
        for extra in ("triage: {reader: {misrouted: 5%}}\n", "triage: {reader: {misrouted: 10%}}\n", "")
    ]
    assert wrong[0] < wrong[1] < wrong[2]


def test_it_is_brought_in_evenly_from_its_date() -> None:
    """20 % until noon of the first day, 0 % a day later: in the hours between, in proportion."""
    extra = "triage: {reader: {misrouted: 0%, from: 2026-01-05T12:00, ramp: 24h}}\n"
    contacts = list(begun(desk(extra)).values())
    for low, high, of in ((0, 12, 0.2), (12, 24, 0.15), (24, 36, 0.05), (36, 48, 0.0)):
        found, count = wrong_share([one for one in contacts if low * HOUR_US <= one[0] < high * HOUR_US])
        assert count > 2_000
        assert found == pytest.approx(of, abs=4 * (of * (1 - of) / count) ** 0.5)


def test_it_reads_only_the_contacts_of_its_channels_and_divides_as_the_workflow_does() -> None:
    """Two wrong queues at 15 % and 5 % keep their proportion; a triage of mails leaves calls alone."""
    more = "{bill: {share: 15%, aht: 90s}, sales: {share: 5%, aht: 90s}}"
    scenario = script(
        "horizon: {start: 2026-01-05, length: 2d, drain: 5h, interval: 1h}\n"
        "channels: {phone: {patience: never}, email: {kind: deferred, deadline: 1d}}\n"
        f"workflows: {{bill: {{aht: 4m}}, sales: {{aht: 3m}}, tech: {{aht: 6m, misrouted: {more}}}}}\n"
        "demand: {calls: {workflow: tech, per_minute: 3}, mails: {workflow: tech, channel: email, per_minute: 3}}\n"
        "pools: {all: {channels: [phone, email], staffing: 120}}\n"
        "triage: {reader: {misrouted: 40%, channels: [email]}}\n"
    )
    model = compile_model(scenario)
    names = [str(row[1]) for row in model.names["queues"]]
    visits = simulate(model, seed=2, replication=0, visits=True).tables["visits"]
    first = visits[visits[:, VISIT["visit"]] == 0]
    counts = dict(zip(names, np.bincount(first[:, VISIT["queue"]], minlength=len(names)).tolist(), strict=True))
    for volume, shares in (("calls", (0.15, 0.05)), ("mails", (0.3, 0.1))):
        whole = sum(count for name, count in counts.items() if name.startswith(volume))
        for workflow, share in zip(("bill", "sales"), shares, strict=True):
            found = sum(n for name, n in counts.items() if name.startswith(volume) and workflow in name) / whole
            assert found == pytest.approx(share, abs=4 * (share * (1 - share) / whole) ** 0.5)


BOT = "bots: {{helper: {{channels: [phone], workflows: [tech], session: 1m, contained: 0%, context: 40%{more}}}}}\n"


@pytest.mark.parametrize(
    ("more", "of"), [("", 0.2), (", misrouted: 50%", 0.5), (", misrouted: 0%", 0.0), (", share: 0%", 0.2 / 0.6)]
)
def test_a_bot_hands_off_to_a_wrong_queue_as_often_as_it_says(more: str, of: float) -> None:
    found, count = wrong_share(list(begun(desk(BOT.format(more=more))).values()))
    of *= 0.6  # what is handed off with context comes to the right queue
    assert found == pytest.approx(of, abs=4 * (of * (1 - of) / count) ** 0.5)


def test_both_engines_agree() -> None:
    extra = BOT.format(more=", misrouted: 50%, share: 50%")
    extra += "triage: {reader: {misrouted: 5%, from: 2026-01-05T12:00, ramp: 6h}}\n"
    compare(compile_model(desk(extra)), seed=3)


def test_plans_count_as_many_in_wrong_queues() -> None:
    text = (
        "workflows: {calls: {misrouted: {bill: {share: 20%, aht: 90s}}}, bill: {}}\n"
        "demand: {calls: {per_week: 1000, profile: flat}}\n"
        "pools: {desk: {skills: {calls: {}}, staffing: 3}, bills: {skills: {bill: {}}, staffing: 3}}\n"
    )
    plain, _, _ = loaded(text)
    triaged, _, _ = loaded(text + "triage: {reader: {misrouted: 4%}}\n")
    assert triaged["desk"] == pytest.approx(plain["desk"])
    assert triaged["bills"] == pytest.approx(plain["bills"] / 5)
    bot = "bots: {helper: {channels: [phone], session: 1m, share: 50%, contained: 0%, context: 40%, misrouted: 10%}}\n"
    with_bot, _, _ = loaded(text + bot)
    assert with_bot["bills"] == pytest.approx(plain["bills"] * (0.5 + 0.5 * 0.6 * 0.5))


def test_its_price_of_a_month_is_paid_by_the_contacts_that_it_reads() -> None:
    """In two days at 365 a month of 365/12 days: 24."""
    extra = "triage: {reader: {misrouted: 5%, workflows: [tech]PRICE}}\n"
    plain, priced = (
        api.run(desk(extra.replace("PRICE", price)), replications=2, seed=2) for price in ("", ", price: {month: 365}")
    )
    for scope, more in (((), 48.0), (("workflow", "bill"), 0.0), (("workflow", "tech"), 48.0)):
        costs = [run.estimate("cost_per_day", *scope)["numerator"] for run in (plain, priced)]
        assert costs[1] - costs[0] == pytest.approx(more, abs=1e-6), scope


@pytest.mark.parametrize(
    ("extra", "key", "why"),
    [
        ("triage: {reader: {}}\n", "triage.reader.misrouted", "is missing"),
        ("triage: {reader: {misrouted: 120%}}\n", "triage.reader.misrouted", "100"),
        ("triage: {reader: {misrouted: 5%, ramp: 2d}}\n", "triage.reader.ramp", "needs `from:` beside it"),
        ("triage: {reader: {misrouted: 5%, workflows: [bill]}}\n", "triage.reader", "there is no wrong queue"),
        ("triage: {a: {misrouted: 5%}, b: {misrouted: 4%}}\n", "triage.b", "a and b would both triage tech on phone"),
        (
            "bots: {helper: {channels: [phone], workflows: [bill], session: 1m, contained: 0%, misrouted: 5%}}\n",
            "bots.helper.misrouted",
            "there is no wrong queue",
        ),
    ],
)
def test_bad_triage_is_told_with_its_place(extra: str, key: str, why: str) -> None:
    with pytest.raises(ScenarioError, match=why) as told:
        desk(extra)
    assert key in str(told.value)
