"""Uncertain inputs: numbers of a scenario that nobody knows for sure, each drawn anew in every replication."""

from __future__ import annotations

from typing import Any, ClassVar, Final, Literal

from ccsim.language.derive import form_for, keys_of
from ccsim.language.forms import DictForm, ListForm, ScalarForm
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.language.section_forms import SectionForm
from ccsim.text import scalars
from ccsim.text.paths import parse_path
from ccsim.text.quantities import Name
from ccsim.text.tree import Map, shown

_MINUS: Final = "\N{MINUS SIGN}"
_EXPECTED: Final = "a number like 1.08, -2 or 40%"


def _number(text: str) -> float:
    negative = text.startswith(("-", _MINUS))
    bare = text.lstrip("+-" + _MINUS) if text[:1] in ("+", "-", _MINUS) else text
    exact = scalars.exact(bare[:-1].rstrip(), _EXPECTED) / 100 if bare.endswith("%") else scalars.exact(bare, _EXPECTED)
    return -float(exact) if negative else float(exact)


_NUMBER: Final = ScalarForm(
    _number, _EXPECTED, {"type": ["number", "string"], "pattern": rf"^[+-]?{scalars.NUMBER} ?%?$"}
)


def _rank(text: str) -> float:
    value = _number(text)
    if not -1 < value < 1:
        raise scalars.Misread(f"expected a rank correlation between -1 and 1, got {shown(text)}")
    return value


_RANK: Final = ScalarForm(_rank, "a rank correlation between -1 and 1", _NUMBER.schema({}))

NOT_UNCERTAIN: Final = {
    "run": "all replications have the same",
    "goals": "say what is wanted for sure",
    "report": "it changes no result",
    "uncertain": "it says what is uncertain",
    "variants": "name the keys that it changes",
    "extends": "name the keys of that file",
    "scenario": "it is only a name",
    "title": "it is only a name",
    "horizon": "all replications are as long",
    "time_zone": "all replications have the same",
    "currency": "results are in one; a rate of another may be: currencies.EUR",
    "files": "name the keys that are read from them",
    "service_level": "all replications are counted alike",
    "cases": "all replications are counted alike",
    "planning": "the plan is made before anybody knows",
    "profiles": "multiply the demand instead",
}
"""First parts of keys that cannot be uncertain, and why not or what to do instead."""

_NEEDS: Final = {
    "normal": ("mean", "sd"),
    "lognormal": ("mean", "sd"),
    "gamma": ("mean", "sd"),
    "beta": ("mean", "sd"),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "empirical": ("values",),
}
"""What each law is made of."""
_BY_KEYS: Final = {frozenset(_NEEDS[law]): law for law in ("uniform", "triangular", "empirical")}
"""Laws that their keys tell."""


def _key(text: str) -> str:
    try:
        path = parse_path(text)
    except ValueError as error:
        raise scalars.Misread(str(error)) from None
    if why := NOT_UNCERTAIN.get(path.parts[0]):
        raise scalars.Misread(f"{path.parts[0]} cannot be uncertain: {why}")
    return text.strip()


class NumberLaw(Section):
    """A law of a number. Its keys tell which: `low`, `mode` and `high` triangular, `low` and `high` uniform, `values`
    empirical; with `mean` and `sd` say `law:`."""

    law: Literal["normal", "lognormal", "gamma", "beta", "uniform", "triangular", "empirical"]
    """Name of the distribution; not needed where the other keys tell it."""
    mean: float | None = field(default=None, form=_NUMBER, shows="number")
    """Mean, before anything is cut off."""
    sd: float | None = field(default=None, form=_NUMBER, label="standard deviation", shows="number")
    """Standard deviation, before anything is cut off."""
    low: float | None = field(default=None, form=_NUMBER, shows="number")
    """Smallest value."""
    mode: float | None = field(default=None, form=_NUMBER, label="most likely", shows="number")
    """Most likely value."""
    high: float | None = field(default=None, form=_NUMBER, shows="number")
    """Largest value."""
    values: tuple[float, ...] | None = field(
        default=None, form=ListForm(_NUMBER, least=1, most=10_000), label="observed"
    )
    """Observed values, each equally likely: what the forecast was wrong by in past years."""
    least: float | None = field(default=None, form=_NUMBER, label="cut off below", shows="number")
    """Nothing below this is drawn: the law is cut off there, and its rest drawn in proportion."""
    most: float | None = field(default=None, form=_NUMBER, label="cut off above", shows="number")
    """Nothing above this is drawn."""

    told_first: ClassVar = ("law",)


_WHICH: Final = "say `law: normal`, `lognormal`, `gamma` or `beta`"
_EXAMPLES: Final = (
    "expected a law like {law: normal, mean: 1, sd: 8%}, {low: 0.9, mode: 1, high: 1.25}, {low: 0.9, high: 1.1} or "
    "{values: [0.93, 1.02, 1.08]}"
)


def _law(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    said = frozenset(values) - {"law", "least", "most"}
    law = values.get("law") or _BY_KEYS.get(said)
    if law is None:
        return rd.fault(_WHICH if said == {"mean", "sd"} else _EXAMPLES, node.place, key)
    wanted = _NEEDS[law]
    if said != set(wanted):
        got = ", ".join(sorted(said)) or "none of them"
        return rd.fault(f"expected {' and '.join(wanted)} of a {law} law, got {got}", node.place, key)
    values["law"] = law
    if reasons := _why_not(values):
        for why in reasons:
            rd.fault(why, node.place, key)
        return BAD
    if "values" in values:
        values["values"] = tuple(sorted(values["values"]))
    return values


def _why_not(values: dict[str, Any]) -> list[str]:
    """What keeps numbers from being those of their law."""
    law, least, most = values["law"], values.get("least"), values.get("most")
    found = []
    if "sd" in values and (why := _why_not_spread(law, values["mean"], values["sd"])):
        found.append(why)
    if "low" in values and not values["low"] <= values.get("mode", values["low"]) <= values["high"]:
        rising = "expected low, mode and high in rising order"
        found.append(rising if "mode" in values else "expected low to be at most high")
    if least is not None and most is not None and least > most:
        found.append("expected least to be at most most")
    return found


def _why_not_spread(law: str, mean: float, sd: float) -> str:
    if sd < 0:
        return "expected a standard deviation of 0 or more"
    if law in ("lognormal", "gamma") and not (mean > 0 and (sd == 0 or 1e-3 <= sd / mean <= 10)):
        return f"expected a mean above 0 and a standard deviation of 0.1 % to 1000 % of it, or 0, of a {law} law"
    if law == "beta" and not (0 < mean < 1 and sd * sd < 0.99 * mean * (1 - mean) and (sd == 0 or sd >= 1e-4)):
        return "expected a mean between 0 and 1 and a standard deviation below sqrt(mean (1 - mean)) of a beta law"
    return ""


_LAW: Final = form_for(NumberLaw, finish=_law)
_LAW.keys["law"] = _LAW.keys["law"].optional()


class Uncertain(Section):
    """A number that nobody knows for sure. In every replication it is drawn anew, once for all of its keys, and before
    anything is simulated; people and rosters are planned by the scenario as it is written."""

    of: tuple[str, ...] = field(
        form=ListForm(
            ScalarForm(_key, "a dotted key like demand.calls.rate", {"type": "string"}),
            one_will_do=True,
            least=1,
            most=200,
            distinct=True,
        ),
        label="keys",
    )
    """Which number: a dotted key as of `--set`, or several. `*` stands for every name of which the key is written:
    `demand.*.rate`."""
    times: NumberLaw | None = field(default=None, label="multiplied by")
    """What is written is multiplied by what is drawn."""
    add: NumberLaw | None = field(default=None, label="added")
    """What is drawn is added to what is written: people, points of a share, money."""
    set_to: NumberLaw | None = field(default=None, label="in place of what is written")
    """What is drawn stands in place of what is written."""
    moves_with: dict[Name, float] = field(
        default_factory=dict, form=DictForm(_RANK, most=50), label="rank correlation with", shows="number"
    )
    """Rank correlation (Spearman's) with other uncertain inputs, from -1 to 1: `{volume: 0.5}`. Said of one of the
    two; default: they have nothing to do with each other."""

    told_first: ClassVar = ("of",)

    @property
    def how(self) -> Literal["times", "add", "set_to"]:
        """What is done with what is drawn."""
        return "times" if self.times is not None else "add" if self.add is not None else "set_to"

    @property
    def law(self) -> NumberLaw:
        """What it is drawn from."""
        law = self.times or self.add or self.set_to
        assert law is not None
        return law


class UncertainForm(SectionForm):
    """An uncertain input; which of its laws is said is told whatever else is wrong."""

    def values(self, node: Map, key: str, rd: Reading) -> dict[str, Any]:
        values = super().values(node, key, rd)
        written = [name for name in ("times", "add", "set_to") if name in node.entries]
        # A key that is none may have been meant for one of them, and is told.
        if len(written) > 1 or (not written and node.entries.keys() <= self.keys.keys()):
            got = " and ".join(written) or "none of them"
            values["times"] = rd.fault(f"expected one of times, add, set_to, got {got}", node.place, key)
        return values


UNCERTAIN: Final = DictForm(UncertainForm(Uncertain, keys_of(Uncertain)), most=500)
