"""Checks of bots: a contact meets one at most, and every bot meets somebody."""

from __future__ import annotations

from typing import Final

from ccsim.scenario.checks.whole import Whole, channels_of


def met(whole: Whole) -> None:
    """No contact may meet two bots; a bot that meets nobody is told."""
    bots = whole.scenario.bots
    if not bots or whole.spoilt("bots") or whole.spoilt("demand") or whole.spoilt("markets"):
        return
    from ccsim.centre.bots import bots_of
    from ccsim.centre.return_channels import unstarted_channels
    from ccsim.centre.streams import split

    used: set[str] = set()
    told: set[tuple[str, str]] = set()
    for name, volume in sorted(whole.demand.items()):
        for stream in split(name, volume, whole.scenario, unstarted_channels(whole.scenario, volume)):
            found = [bot for bot, _ in bots_of(whole.scenario, stream)]
            used.update(found)
            pair = tuple(found[:2])
            if len(pair) == 2 and pair not in told:
                told.add(pair)
                whole.fault(
                    f"{found[0]} and {found[1]} would both meet the contacts of {stream.name}; say which of them does, "
                    "by `channels:`, `workflows:`, `markets:`, `languages:` or `segments:`",
                    *("bots", found[1]),
                )
    for name in sorted(bots.keys() - used):
        whole.warn("no volume brings contacts that it works for: it changes nothing", "bots", name, "channels")


def named(whole: Whole) -> None:
    """Who is paid has a name of their own."""
    scenario = whole.scenario
    if any(whole.spoilt(part) for part in ("pools", "bots", "deflections", "assists", "triage")):
        return
    taken = dict.fromkeys(scenario.pools or {}, "a pool") | dict.fromkeys(scenario.bots or {}, "a bot")
    for section, what in (("deflections", "a deflection"), ("assists", "an assist"), ("triage", "a triage")):
        for name, one in (getattr(scenario, section) or {}).items():
            if name in taken and not one.price.is_free:
                why = f"{taken[name]} has this name already, and its cost stands under it; choose another name"
                whole.fault(why, section, name)
            taken.setdefault(name, what)


def helping(whole: Whole) -> None:
    """An assist helps somebody with something."""
    scenario = whole.scenario
    if (
        not scenario.assists
        or not scenario.pools
        or any(whole.spoilt(part) for part in ("assists", "pools", "demand", "workflows"))
    ):
        return
    channels = {channel for volume in whole.demand.values() for channel in channels_of(volume)}
    for name, one in scenario.assists.items():
        hands = [pool for key, pool in scenario.pools.items() if one.pools is None or key in one.pools]
        if not any(one.vendors is None or pool.vendor in one.vendors for pool in hands):
            whole.warn("none of its pools is of its vendors: it changes nothing", "assists", name, "vendors")
        elif one.channels is not None and not channels.intersection(one.channels):
            whole.warn("no volume comes by its channels: it changes nothing", "assists", name, "channels")
        elif one.workflows is not None and not any(
            pool.skills is None or set(pool.skills).intersection(one.workflows)
            for pool in hands
            if one.vendors is None or pool.vendor in one.vendors
        ):
            whole.warn("none of its pools has the skill: it changes nothing", "assists", name, "workflows")


CHECKS: Final = (met, named, helping)
