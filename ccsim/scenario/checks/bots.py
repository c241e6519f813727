"""Checks of bots: a contact meets one at most, and every bot meets somebody."""

from __future__ import annotations

from typing import Final

from ccsim.scenario.checks.whole import Whole


def met(whole: Whole) -> None:
    """No contact may meet two bots; a bot that meets nobody is told."""
    bots = whole.scenario.bots
    if not bots or whole.spoilt("bots") or whole.spoilt("demand") or whole.spoilt("markets"):
        return
    from ccsim.centre.bots import bots_of
    from ccsim.centre.streams import split

    used: set[str] = set()
    told: set[tuple[str, str]] = set()
    for name, volume in sorted(whole.demand.items()):
        for stream in split(name, volume, whole.scenario):
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
    taken = dict.fromkeys(whole.scenario.pools, "a pool") | dict.fromkeys(whole.scenario.bots, "a bot")
    for name, one in whole.scenario.deflections.items():
        if name in taken and one.price.month > 0.0:
            why = f"{taken[name]} has this name already, and its cost stands under it; choose another name"
            whole.fault(why, "deflections", name)


CHECKS: Final = (met, named)
