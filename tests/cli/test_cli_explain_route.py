"""`ccsim explain SCENARIO route STREAM`: who may take a contact, as a planner reads it."""

from __future__ import annotations

from ccsim.commands.explain_route import route_document, route_lines
from tests.cli.small_centre import small

TEXT = """\
help.italy.it.gold.phone
  workflow help, market italy (EMEA, Europe/Rome), language it
  segment gold, channel phone (live), cause all
  14.58 % of the volume help

help t1: contacts come in here
  entry     front: mon-fri 08:00-20:00 by the market's clock (Europe/Rome); those who wait when it closes are \
sent away; 40 lines
  patience  exponential, mean 2m; 5 % leave at once when nobody is free
  priority  1 (1 is served first)
        pool   site         vendor  paid hour  pace        on shift
  75 % assigned to ace
  at once (nobody of ace in EMEA can take it):
    1.  texas  austin (NA)  ace     EUR 12.00  x1.2        24x7
  after 20s, every region: nobody else
  after 1m30s, every vendor:
    1.  roma   rome (EMEA)  own     EUR 30.00  x1.25       24x7
  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit):
    1.  plain  austin (NA)  ace     EUR 12.00  x1.5 in en  24x7
  25 % assigned to own
  at once:
    1.  roma   rome (EMEA)  own     EUR 30.00  x1.25       24x7
  after 20s, every region: nobody else
  after 1m30s, every vendor:
    1.  texas  austin (NA)  ace     EUR 12.00  x1.2        24x7
  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit):
    1.  plain  austin (NA)  ace     EUR 12.00  x1.5 in en  24x7
  barred    far (APAC); residency: contacts of italy stay in EMEA, NA

help t2: 10 % of what t1 handles goes on to it
  entry     no queue group: always open
  patience  exponential, mean 2m; 5 % leave at once when nobody is free
  priority  1 (1 is served first)
        pool    site         vendor  paid hour  on shift
  all assigned to own (the only one of `vendor_share` with a pool for it)
  at once:
    1.  expert  rome (EMEA)  own     EUR 30.00  09:00-17:00
  after 20s, every region; after 1m30s, every vendor; after 3m, whoever speaks en: nobody else

pay t1: 4 % of what help t1 handles is transferred to it
  entry     no queue group: always open
  needs     certification money
  patience  exponential, mean 9m
  priority  1 (1 is served first)
        pool     site         vendor  paid hour  pace        on shift
  at once:
    1.  cashier  rome (EMEA)  own     EUR 30.00  x1          24x7
  after 20s, every region; after 1m30s, every vendor: nobody else
  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit):
    1.  plain    austin (NA)  ace     EUR 12.00  x1.5 in en  24x7
  barred    far (APAC); residency: contacts of italy stay in EMEA, NA; not certified for money

Within a step, pool 1. is asked first (by cheapest). Among pools with the same number, the agent who has been idle \
longest takes the contact.
Times count from joining that queue. On shift: hours in which the pool may have agents, by the market's clock \
(Europe/Rome).
"""


def test_the_whole_text_of_a_small_centre() -> None:
    assert "\n".join(route_lines(small(), "help.italy.it.gold.phone")) + "\n" == TEXT


def test_steps_vendors_pace_and_translation() -> None:
    document = route_document(small(), "help.italy.it.gold.phone")
    first = document["legs"][0]
    eligibility = {eligible["vendor"]: eligible for eligible in first["eligibility"]}
    assert {vendor: eligible["share"] for vendor, eligible in eligibility.items()} == {"ace": 0.75, "own": 0.25}

    def pools(vendor: str) -> list[tuple[int, list[tuple[str, int, float, str | None]]]]:
        return [
            (
                step["after_us"] // 1_000_000,
                [(one["pool"], one["choice"], round(one["pace"], 6), one["translated"]) for one in step["pools"]],
            )
            for step in eligibility[vendor]["steps"]
        ]

    assert pools("own") == [
        (0, [("roma", 1, 1.25, None)]),
        (20, []),
        (90, [("texas", 1, 1.2, None)]),
        (180, [("plain", 1, 1.5, "en")]),
    ]
    # No pool of ace is in the market's region, so its pools are open at once.
    assert pools("ace") == [
        (0, [("texas", 1, 1.2, None)]),
        (20, []),
        (90, [("roma", 1, 1.25, None)]),
        (180, [("plain", 1, 1.5, "en")]),
    ]
    assert [(barred["pool"], barred["region"]) for barred in first["barred"]] == [("far", "APAC")]
    assert first["barred"][0]["why"] == "residency: contacts of italy stay in EMEA, NA"


def test_queues_that_a_contact_may_come_to() -> None:
    lines = route_lines(small(), "help.italy.it.gold.phone")
    heads = [line for line in lines if line.startswith(("help t", "pay t"))]
    assert heads == [
        "help t1: contacts come in here",
        "help t2: 10 % of what t1 handles goes on to it",
        "pay t1: 4 % of what help t1 handles is transferred to it",
    ]
    at = lines.index(heads[2])
    assert lines[at + 1 :][:4] == [
        "  entry     no queue group: always open",
        "  needs     certification money",
        "  patience  exponential, mean 9m",
        "  priority  1 (1 is served first)",
    ]
    assert "  barred    far (APAC); residency: contacts of italy stay in EMEA, NA; not certified for money" in lines
    text = "\n".join(lines)
    assert "  75 % assigned to ace\n" in text
    assert text.index("75 % assigned to ace") < text.index("25 % assigned to own")
    assert "(nobody of ace in EMEA can take it)" in text
    assert "whoever speaks en through a translator (handle times x1.5, EUR 0.25 a visit)" in text
    assert (
        "mon-fri 08:00-20:00 by the market's clock (Europe/Rome); those who wait when it closes are sent away" in text
    )
    assert "09:00-17:00" in text


def test_deferred_work_waits_without_leaving() -> None:
    lines = route_lines(small(), "help.italy.it.rest.email")
    assert "  segment rest, channel email (deferred), cause all" in lines
    assert lines.count("  deadline  to be answered within 4h: that of channel email") == 1
    assert lines.count("  patience  deferred: waits without abandoning") == 1
    assert "  priority  none: served after all that have one" in lines
    assert "help t1: contacts come in here, 20 % answered by other customers" in lines


def test_equals_share_a_number_and_empty_steps_are_told_together() -> None:
    lines = route_lines(
        small(**{"prefer: cheapest": "prefer: same_region", "paid_hour: 30": "paid_hour: 12"}),
        "help.italy.en.gold.phone",
    )
    english = [line.split()[:2] for line in lines if line.startswith("    ") and "plain" in line]
    assert english[0] == ["1.", "plain"]
    assert any(line.startswith("    1.  texas") for line in lines)
    assert any("; after 3m, whoever speaks en: nobody else" in line for line in lines)


def test_steps_at_0s_are_open_at_once_but_asked_later() -> None:
    share = "  vendor_share: {help: {own: 25%, ace: 75%}}\n"
    step = "    - {after: 90s, to: any_vendor}\n"
    lines = route_lines(small(**{"after: 20s": "after: 0s", share: "", step: ""}), "help.italy.it.gold.phone")
    at = lines.index("  at once:")
    assert [line.split()[:2] for line in lines[at + 1 : at + 3]] == [["1.", "roma"], ["2.", "texas"]]
    assert lines[at + 3].startswith("  after 3m, whoever speaks en through a translator (handle times x1.5, EUR 0.25")
    assert lines[at + 4].split()[:2] == ["1.", "plain"]


def test_translators_at_0s_are_told_with_their_price() -> None:
    share = "  vendor_share: {help: {own: 25%, ace: 75%}}\n"
    steps = "    - {after: 20s, to: any_region}\n    - {after: 90s, to: any_vendor}\n"
    lines = route_lines(small(**{share: "", steps: "", "after: 3m": "after: 0s"}), "help.italy.it.gold.phone")
    at = lines.index("  at once (translated: handle times x1.5, EUR 0.25 a visit):")
    assert [line.split()[:2] for line in lines[at + 1 : at + 4]] == [["1.", "texas"], ["2.", "roma"], ["3.", "plain"]]


def test_the_only_able_vendor_gets_all() -> None:
    lines = route_lines(
        small(**{"workflows: [help], handle_time: 1.2": "workflows: [help], channels: [email]"}), "help.phone"
    )
    assert any(line.startswith("  75 % assigned to ace") for line in lines)  # in English
    it = route_lines(
        small(**{"workflows: [help], handle_time: 1.2": "workflows: [help], channels: [email]"}), "help.it.phone"
    )
    assert any(line.startswith("  all assigned to own (the only one of `vendor_share`") for line in it)


def test_a_workflow_with_pools_of_its_own() -> None:
    scenario = small(**{"workflows:\n  help: {": "workflows:\n  help: {overflow: [{after: 40s, pools: [texas]}], "})
    lines = route_lines(scenario, "help.it.gold.phone")
    at = lines.index("  after 40s, overflow:")
    assert lines[at + 1].split()[:2] == ["1.", "texas"]
    assert not any("assigned to" in line for line in lines)
