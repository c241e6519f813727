"""Uncertain inputs: what is drawn in each replication, and the scenario that it makes.

Numbers depend on the seed, the replication and the name of their input alone: the same replication has the same inputs
in every variant, and an input that is added or left out moves no other one, nor any contact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ccsim.draws import keys
from ccsim.draws.number_laws import CutOffLaw, normal_share
from ccsim.errors import CcsimError, Fault, ScenarioError
from ccsim.experiments.model_digest import digest_of_model
from ccsim.language.scenario import Scenario
from ccsim.language.uncertain import Uncertain
from ccsim.model import compile_model
from ccsim.results.frame import measured_of
from ccsim.results.measured import DrawnPrices, Measured
from ccsim.results.spread_columns import UNCERTAIN_INPUTS
from ccsim.scenario.drawn import as_written, overrides_of_draws, place_of
from ccsim.scenario.load import Loaded, Opened, split_variants
from ccsim.scenario.overrides import Override
from ccsim.text.faults import Faults
from ccsim.text.tree import Map
from ccsim.text.within import files_allowed, files_from_outside

if TYPE_CHECKING:
    import pandas as pd

_PRICES: Final = ("paid_hour", "minimum_hours", "bots")
"""What may differ in what is measured: prices, which are applied to what was simulated."""

Values = dict[str, float]


@dataclass(frozen=True)
class Uncertainty:
    """The uncertain inputs of a scenario. Made, its ends have been checked: each input alone at its smallest and at its
    largest number, and all together at both.
    """

    opened: Opened
    variants: tuple[str, ...]
    settings: tuple[str, ...]
    scenario: Scenario
    """As it is written: people are planned by it."""
    measured: Measured
    """What it counts, and its prices."""
    names: tuple[str, ...]
    """Of the inputs, sorted."""
    laws: tuple[CutOffLaw, ...]
    mixing: Any
    """[inputs, inputs] Lower triangle by which independent normal numbers become correlated ones."""
    allow_outside: bool
    simulating: frozenset[str] = frozenset()
    """Inputs that change what is simulated; the others are prices alone."""
    pricing: frozenset[str] = frozenset()
    """Inputs that change a price."""

    def values(self, seed: int, replication: int) -> Values:
        """What is drawn of each input in a replication, by name."""
        from ccsim.draws.philox import uniforms

        drawn = []
        for name in self.names:
            key = keys.stream_key(seed, replication, keys.UNCERTAIN, name)
            drawn.append(uniforms(*key, 0, 0, 0, 0)[0])
        mixed = _mixed(drawn, self.mixing)
        made = {name: law.at(u) for name, law, u in zip(self.names, self.laws, mixed, strict=True)}
        return {name: float(as_written(value)) for name, value in made.items()}

    def loaded(self, values: Mapping[str, float]) -> Loaded:
        """The scenario with some inputs at some numbers. `ScenarioError` where it cannot be such."""
        draws = partial(_draws, uncertain=self.scenario.uncertain, values=values)
        with files_from_outside(self.allow_outside):
            return self.opened.loaded(self.variants, self.settings, draws)

    def model(self, base: Any, seed: int, replication: int) -> Any:
        """What is simulated in a replication; `base` is the scenario as it is written, compiled."""
        if not self.simulating:
            return base
        values = {name: value for name, value in self.values(seed, replication).items() if name in self.simulating}
        told = ", ".join(f"{name} {as_written(value)}" for name, value in values.items())
        try:
            model = compile_model(self.loaded(values).scenario, self.scenario)
        except ScenarioError as error:
            faults = [
                replace(one, message=f"{one.message} (replication {replication}: {told})") for one in error.faults
            ]
            raise ScenarioError(faults) from None
        if _shape(model) != _shape(base):
            raise CcsimError(
                f"replication {replication} has other queues, flows or pools than the scenario as written ({told}); "
                "an uncertain input may not make or drop any: keep it away from 0"
            )
        return model

    def table(self, seed: int, replications: int) -> pd.DataFrame:
        """What is drawn in so many replications, columns as in `ccsim.results.spread_columns`."""
        import pandas as pd

        rows = [
            (replication, name, self.scenario.uncertain[name].how, value, int(name not in self.simulating))
            for replication in range(replications)
            for name, value in self.values(seed, replication).items()
        ]
        columns = list(zip(*rows, strict=True))
        return pd.DataFrame(
            {one.name: pd.Series(columns[i], dtype=one.dtype) for i, one in enumerate(UNCERTAIN_INPUTS)}
        )

    def measured_in(self, seed: int, replications: int) -> Measured:
        """What is counted, with the prices of so many replications where any is uncertain."""
        if not self.pricing:
            return self.measured
        made = []
        for replication in range(replications):
            values = {name: value for name, value in self.values(seed, replication).items() if name in self.pricing}
            made.append(measured_of(self.loaded(values).scenario, self.measured.thresholds))
        return replace(self.measured, drawn=_prices(self.measured, made))


def _draws(
    root: Map, faults: Faults, *, uncertain: Mapping[str, Uncertain], values: Mapping[str, float]
) -> list[Override]:
    """As `overrides_of_draws`, as a reading asks for it; may be handed to another process."""
    return overrides_of_draws(root, uncertain, values, faults)


def uncertainty_of(
    file: str, variants: Sequence[str], settings: Sequence[str], model: Any = None, measured: Measured | None = None
) -> Uncertainty | None:
    """The uncertain inputs of a scenario's file, checked; None where it has none.

    Without a model it is only checked, not found out which inputs are prices. `ScenarioError` with every fault: a law
    of which nothing is left, an end that its key does not take, correlations that no inputs can have.
    """
    path, named = split_variants(file)
    opened = Opened(path)
    loaded = opened.loaded([*named, *variants], settings)
    scenario = loaded.scenario
    if not scenario.uncertain:
        return None
    names = tuple(sorted(scenario.uncertain))
    laws, faults = _laws(loaded, names)
    mixing, unmixed = _mixing(loaded, names)
    if faults or unmixed:
        raise ScenarioError([*faults, *unmixed])
    made = Uncertainty(
        opened=opened,
        variants=(*named, *variants),
        settings=tuple(settings),
        scenario=scenario,
        measured=measured or measured_of(scenario, tuple(scenario.service_level.within)),
        names=names,
        laws=laws,
        mixing=mixing,
        allow_outside=files_allowed(),
    )
    return _found_out(made, loaded, model)


def _laws(loaded: Loaded, names: Sequence[str]) -> tuple[tuple[CutOffLaw, ...], list[Fault]]:
    """Laws of the inputs, and faults of those of which nothing is left."""
    made, faults = [], []
    for name in names:
        one = loaded.scenario.uncertain[name]
        key = f"uncertain.{name}.{one.how}"
        try:
            law = CutOffLaw(one.law)
        except ValueError as error:
            faults.append(_fault(loaded.tree, name, key, str(error)))
            continue
        made.append(law)
        low, high = law.ends
        if one.how == "times" and low < 0:
            told = f"expected factors of 0 or more, but {_range(low, high)} would be drawn; say `least`"
            faults.append(_fault(loaded.tree, name, key, told))
    return tuple(made), faults


def _fault(root: Map, name: str, key: str, message: str) -> Fault:
    place = place_of(root, name)
    return Fault(message, key, place.source.name, place.line, place.column)


def _range(low: float, high: float) -> str:
    return f"{low:.6g} to {high:.6g}"


def _found_out(made: Uncertainty, loaded: Loaded, model: Any) -> Uncertainty:
    """The same, its ends looked at; with a model also which inputs are simulated and which are prices."""
    faults: dict[Fault, None] = {}
    simulating, pricing = set(), set()
    digest = None if model is None else digest_of_model(model)[0]
    for name, law in zip(made.names, made.laws, strict=True):
        for number, (end, value) in enumerate(zip(("smallest", "largest"), law.ends, strict=True)):
            if number and value == law.ends[0]:
                continue
            try:
                scenario = made.loaded({name: float(as_written(value))}).scenario
            except ScenarioError as error:
                faults |= dict.fromkeys(_told(error, made, loaded, name, end, value))
                continue
            differs = _differs(made.measured, measured_of(scenario, made.measured.thresholds))
            if differs - set(_PRICES):
                what = ", ".join(sorted(differs - set(_PRICES))).replace("_", " ")
                why = f"changes what is counted ({what}), which must be the same in all replications"
                faults[_fault(loaded.tree, name, f"uncertain.{name}.of", why)] = None
            if differs:
                pricing.add(name)
            if not differs or (digest and digest_of_model(compile_model(scenario, made.scenario))[0] != digest):
                simulating.add(name)
    if not faults and len(made.names) > 1:
        faults |= dict.fromkeys(_faults_together(made))
    if faults:
        raise ScenarioError(list(faults))
    return replace(made, simulating=frozenset(simulating), pricing=frozenset(pricing))


def _faults_together(made: Uncertainty) -> list[Fault]:
    """Faults of the scenario with all inputs at their ends."""
    for end, which in enumerate(("smallest", "largest")):
        values = {name: law.ends[end] for name, law in zip(made.names, made.laws, strict=True)}
        try:
            made.loaded({name: float(as_written(value)) for name, value in values.items()})
        except ScenarioError as error:
            more = f" (with every uncertain input at its {which})"
            return [replace(one, message=one.message + more) for one in error.faults]
    return []


def _told(error: ScenarioError, made: Uncertainty, loaded: Loaded, name: str, end: str, value: float) -> list[Fault]:
    """Faults at an end of an input, with what is drawn of it and what would do."""
    low, high = made.laws[made.names.index(name)].ends
    how = made.scenario.uncertain[name].how
    word = "least" if end == "smallest" else "most"
    drawn = f"{how} {_range(low, high)} is drawn" if low != high else f"{how} {low:.6g}"
    more = f" (uncertain {name} at its {end}, {value:.6g}: {drawn}; `{word}:` cuts it off)"
    place = place_of(loaded.tree, name)
    return [
        one  # of the input itself, whatever its number
        if one.key.startswith("uncertain.")
        else replace(one, message=one.message + more, file=place.source.name, line=place.line, column=place.column)
        for one in error.faults
    ]


def _differs(base: Measured, one: Measured) -> set[str]:
    """Names of what differs in what is measured."""
    mine, other = base.as_dict(), one.as_dict()
    return {name for name in mine if mine[name] != other[name]}


def _prices(base: Measured, each: Sequence[Measured]) -> DrawnPrices:
    """Prices by replication, of what does not cost the same in all of them."""
    made: dict[str, dict[str, tuple[Any, ...]]] = {}
    for field in _PRICES:
        found: dict[str, tuple[Any, ...]] = {}
        written: Mapping[str, Any] = getattr(base, field)
        for name in sorted(written.keys() | {name for one in each for name in getattr(one, field)}):
            if any(name not in getattr(one, field) for one in each) or name not in written:
                raise CcsimError(
                    f"an uncertain price of {name} may not be 0 in one replication and something in another"
                )
            prices = tuple(getattr(one, field)[name] for one in each)
            if any(price != written[name] for price in prices):
                found[name] = prices
        made[field] = found
    return DrawnPrices(**made)


def _shape(model: Any) -> Any:
    """What must be the same in all replications: queues, flows and pools by name; not how many people a pool has."""
    names = {table: [tuple(row) for row in rows] for table, rows in model.names.items()}
    names["pools"] = [row[:-1] for row in names.get("pools", [])]
    return names, model.thresholds, model.workforce_plan.shape


def _mixing(loaded: Loaded, names: Sequence[str]) -> tuple[Any, list[Fault]]:
    """The lower triangle of a Cholesky factor: of normal numbers whose ranks are correlated as was said; or a fault."""
    matrix = np.eye(len(names))
    first = ""
    for name, one in loaded.scenario.uncertain.items():
        for other, rank in one.moves_with.items():
            i, j = names.index(name), names.index(other)
            # Pearson's correlation of normal numbers with this rank correlation (Pearson 1907)
            matrix[i, j] = matrix[j, i] = 2.0 * math.sin(math.pi * rank / 6.0)
            first = first or name
    if first and float(np.linalg.eigvalsh(matrix)[0]) < 1e-6:
        why = "no numbers can have these rank correlations with each other: two that move with a third move together"
        return matrix, [_fault(loaded.tree, first, f"uncertain.{first}.moves_with", why)]
    return np.linalg.cholesky(matrix), []


def _mixed(drawn: Sequence[float], mixing: Any) -> list[float]:
    """Uniforms with the correlations that were asked for; those of inputs without any are not touched."""
    from ccsim.draws.normal import normal_quantile

    made = []
    for i, u in enumerate(drawn):
        beside = np.flatnonzero(mixing[i, :i])
        if len(beside):
            z = mixing[i, i] * normal_quantile(u)
            for j in beside.tolist():
                z += mixing[i, j] * normal_quantile(drawn[j])
            u = normal_share(float(z))
        made.append(u)
    return made
