"""How each family of cases is said in the language."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from zlib import crc32

from ..cases import Case, Leaf, Library, leaves
from ..laws import CannotSay
from ..replications import Simulation
from . import (
    balking,
    bot,
    callback,
    case_clocks,
    centre,
    priority,
    published,
    recorded,
    reference_runs,
    returns,
    satisfaction,
    single,
    skills,
    transfer,
    transient,
)

FAMILIES: dict[str, Callable[[Case], list[Simulation]]] = {
    "erlang_b": single.erlang_b,
    "erlang_c": single.erlang_c,
    "erlang_a": single.erlang_a,
    "mmnk": single.mmnk,
    "mmn_g": single.mmn_g,
    "mph": single.mph,
    "mdc": single.mdc,
    "mg1": single.mg1,
    "disciplines": single.disciplines,
    "gim1": recorded.gim1,
    "mg1_priority": priority.mg1_priority,
    "mmn_priority": priority.mmn_priority,
    "v_model": skills.skills,
    "n_model": skills.skills,
    "x_model": skills.skills,
    "w_model": skills.skills,
    "three_types": skills.skills,
    "blending": centre.blending,
    "chat": centre.chat,
    "tiers": centre.tiers,
    "retrial": centre.retrial,
    "day_factor": centre.day_factor,
    "trace": recorded.trace,
    "sim_reference": reference_runs.sim_reference,
    "published": published.published,
    "returns": returns.returns,
    "bot": bot.bot,
    "callback": callback.callback,
    "balking": balking.balking,
    "satisfaction": satisfaction.satisfaction,
    "cases": case_clocks.cases,
    "transfer": transfer.transfer,
}
"""Translators by family."""

OF_THE_LIFE = ("returns", "cases", "bot", "balking", "satisfaction", "transfer")
"""Families whose cases look alike: each case has a seed of its own."""


def replications_of_all(case: Case, library: Library) -> list[Simulation]:
    """The replications of a case; `CannotSay` with the reason if there are none."""
    if case.family not in FAMILIES and case.family != "transient":
        raise CannotSay(f"no way to say the family {case.family}")
    try:
        if case.family == "transient":
            return transient.transient(case, library)
        replications = FAMILIES[case.family](case)
        own = crc32(case.id.encode()) % 100_000 if case.family in OF_THE_LIFE else 0
        return [simulate.with_(seed=own) for simulate in replications]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise CannotSay(f"a model that is not like its family's: {error!r}") from error


def expected_values(case: Case) -> Iterator[Leaf]:
    """Every expected value with its path, as [value] or [value, standard error, ...]."""
    if case.with_se:
        yield from reference_runs.leaves_with_se(case.expected)
        return
    values: Any = case.expected or case.published
    for path, value in leaves(values):
        if path[-1] == "wait_p90" and value:
            yield (*path, "share within"), [0.9]
        if case.family == "trace":
            yield path, [recorded.expected_number(path, value)]
        elif isinstance(value, int | float):
            yield path, [float(value)]
