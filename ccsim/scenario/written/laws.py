"""Laws, patience and handle times as they are written: short where the keys tell which law is meant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from ccsim.scenario import scalars
from ccsim.scenario.csvs import read_csv
from ccsim.scenario.derive import keys_of, quantity
from ccsim.scenario.faults import near
from ccsim.scenario.forms import DictForm, EitherForm, Form, Key, ListForm, ScalarForm, Schema, SectionForm
from ccsim.scenario.laws import (
    Constant,
    Empirical,
    Gamma,
    HandleTime,
    Law,
    Lognormal,
    Patience,
    Triangular,
    Uniform,
    Weibull,
)
from ccsim.scenario.paths import joined
from ccsim.scenario.reading import BAD, Bad, Reading
from ccsim.scenario.section import Section
from ccsim.scenario.tree import Leaf, Map, Node, Place, shown

_MEAN: Final = quantity("duration", above=0)
_LAWS: Final[tuple[type[Section], ...]] = get_args(get_args(Law)[0])
BY_NAME: Final = {str(law.model_fields["law"].default): law for law in _LAWS}


def _lognormal(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if _one_of(values, ("cv", "sd", "median"), node, key, rd) is None:
        return BAD
    mean = values["mean"]
    if "sd" in values:
        values["cv"] = values.pop("sd") / mean
    elif "median" in values:
        median = values.pop("median")
        if not 0 < median <= mean:
            return rd.fault("expected a median above 0 and at most the mean", node.place, joined(key, "median"))
        values["cv"] = math.sqrt((mean / median) ** 2 - 1)
    if values["cv"] > 100:
        return rd.fault("expected a coefficient of variation of at most 100", node.place, key)
    return values


def _gamma(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if _one_of(values, ("shape", "cv"), node, key, rd) is None:
        return BAD
    if "cv" in values:
        cv = values.pop("cv")
        if not 0.001 <= cv <= 100:
            return rd.fault("expected a coefficient of variation from 0.001 to 100", node.place, joined(key, "cv"))
        values["shape"] = 1 / cv**2
    return values


def _weibull(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not 0.1 <= values["shape"] <= 100:
        return rd.fault("expected a shape from 0.1 to 100", node.place, joined(key, "shape"))
    return values


def _uniform(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if values["low"] > values["high"]:
        return rd.fault("expected low to be at most high", node.place, joined(key, "low"))
    return values


def _triangular(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if not values["low"] <= values["mode"] <= values["high"]:
        return rd.fault("expected low, mode and high in rising order", node.place, joined(key, "mode"))
    return values


def _one_of(values: Mapping[str, Any], names: Sequence[str], node: Map, key: str, rd: Reading) -> str | None:
    """The one of the names that is written; a fault and None where none is or several are."""
    written = [name for name in names if name in values]
    if len(written) == 1:
        return written[0]
    got = "none of them" if not written else " and ".join(written)
    rd.fault(f"expected one of {', '.join(names)}, got {got}", node.place, key)
    return None


class EmpiricalForm(SectionForm):
    """Observed times: in the scenario, or in a column of a CSV file."""

    def __init__(self) -> None:
        values = ListForm(quantity("duration"), least=1)
        csv_file = ScalarForm(str, "the name of a CSV file", {"type": "string"})
        super().__init__(
            Empirical,
            {
                "law": Key(ScalarForm(str, "empirical", {"const": "empirical"}), ""),
                "values": Key(values, "Observed times, each equally likely: `[30s, 2m]`."),
                "csv": Key(csv_file, "CSV file with observed times, in place of `values`."),
                "column": Key(csv_file, "Column of the CSV file; may be left out where there is only one."),
                "unit": Key(
                    ScalarForm(_unit, "a unit: s, m, h, ms", {"enum": sorted(scalars.UNITS)}),
                    "Unit of plain numbers in the CSV file.",
                ),
            },
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        assert isinstance(node, Map)
        values = self.values(node, key, rd)
        if BAD in values.values() or _one_of(values, ("values", "csv"), node, key, rd) is None:
            return BAD
        if "values" in values:
            for stray in ("column", "unit"):
                if stray in values:
                    return rd.fault("belongs to `csv`, not to `values`", node.place, joined(key, stray))
            return Empirical(values=tuple(sorted(values["values"])))
        times = self._times(node, values, key, rd)
        return BAD if isinstance(times, Bad) else Empirical(values=tuple(sorted(times)))

    def _times(self, node: Map, values: dict[str, Any], key: str, rd: Reading) -> list[int] | Bad:
        named = node.entries["csv"].node
        table = read_csv(named, joined(key, "csv"), rd, more=True)
        if isinstance(table, Bad):
            return BAD
        column = values.get("column") or (next(iter(table.columns)) if len(table.columns) == 1 else None)
        if column is None or column not in table.columns:
            what = "say which column" if column is None else f"there is no column {shown(column)}"
            return rd.fault(what + near(column or "", table.columns), named.place, joined(key, "column"))
        times: list[int] = []
        for row, cell in enumerate(table.cells(column)):
            try:
                times.append(_time(cell, values.get("unit")))
            except scalars.Misread as misread:
                rd.fault(str(misread), table.place(row, column), key)
        return times if len(times) == len(table.rows) else BAD


def _unit(text: str) -> str:
    if text not in scalars.UNITS:
        raise scalars.Misread(f"expected a unit, one of {', '.join(sorted(scalars.UNITS))}, got {shown(text)}")
    return text


def _time(cell: str, unit: str | None) -> int:
    """Microseconds in a cell: a duration, or a number in `unit`, rounded."""
    if unit is None:
        return scalars.duration(cell)
    micros = scalars.exact(cell) * scalars.UNITS[unit]
    if micros > scalars.LONGEST:
        raise scalars.Misread(f"expected a time of at most 100 years, got {shown(cell)}")
    return round(micros)


def _form(law: type[Section]) -> SectionForm:
    if law is Empirical:
        return EmpiricalForm()
    bounds: dict[str, Form] = {}
    for name in ("mean", "m1", "m2"):
        if name in law.model_fields:
            bounds[name] = _MEAN
    finish = {
        Lognormal: _lognormal,
        Gamma: _gamma,
        Weibull: _weibull,
        Uniform: _uniform,
        Triangular: _triangular,
    }.get(law)
    form = SectionForm(law, keys_of(law, {}, forms=bounds), finish=finish)
    extra = {
        Lognormal: {
            "sd": Key(_MEAN, "Standard deviation, in place of `cv`."),
            "median": Key(_MEAN, "Median, in place of `cv`."),
        },
        Gamma: {"cv": Key(quantity("ratio"), "Coefficient of variation, in place of `shape`.")},
    }.get(law, {})
    if extra:
        optional = {Lognormal: "cv", Gamma: "shape"}[law]
        plain = form.keys[optional]
        form.keys[optional] = Key(plain.form, plain.doc)
        form.keys.update(extra)
    return form


_FORMS: Final = {name: _form(law) for name, law in BY_NAME.items()}
LAW_KEYS: Final = frozenset(key for form in _FORMS.values() for key in form.keys)

#: Keys that tell the law where `law:` is left out, the most telling first.
_TELLING: Final = (
    ({"values"}, "empirical"),
    ({"csv"}, "empirical"),
    ({"p", "m1", "m2"}, "hyperexponential"),
    ({"mode"}, "triangular"),
    ({"low", "high"}, "uniform"),
    ({"value"}, "constant"),
    ({"mean", "k"}, "erlang"),
    ({"mean", "shape"}, "weibull"),
    ({"mean", "cv"}, "lognormal"),
    ({"mean", "sd"}, "lognormal"),
    ({"mean", "median"}, "lognormal"),
    ({"mean"}, "exponential"),
)


class LawForm(Form):
    """A law: a map with `law:`, a map whose keys tell the law, or a bare duration for a constant."""

    says = "a law like {mean: 3m, cv: 0.8}, or a duration like 90s"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            if node.empty:
                return rd.expected(self.says, node, key)
            try:
                return Constant(value=scalars.duration(node.text))
            except scalars.Misread as misread:
                return rd.fault(str(misread), node.place, key)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        name = self._name(node, key, rd)
        return name if isinstance(name, Bad) else _FORMS[name].read(node, key, rd)

    def _name(self, node: Map, key: str, rd: Reading) -> str | Bad:
        said = node.entries.get("law")
        if said is None:
            for telling, law in _TELLING:
                if telling <= node.entries.keys():
                    return law
            for written, entry in node.entries.items():
                if written not in LAW_KEYS:
                    return rd.unknown("unknown key", written, LAW_KEYS, entry.place, joined(key, written))
            return rd.fault(f"expected {self.says}; say `law:` or give its mean", node.place, key)
        at = joined(key, "law")
        if not isinstance(said.node, Leaf) or said.node.empty:
            return rd.expected("the name of a law", said.node, at)
        if said.node.text not in _FORMS:
            return rd.unknown("there is no law", said.node.text, _FORMS, said.node.place, at)
        return said.node.text

    def schema(self, defs: dict[str, Schema]) -> Schema:
        if "Law" not in defs:
            defs["Law"] = {}
            laws = [form.schema(defs) for form in _FORMS.values()]
            defs["Law"] = {
                "description": "A law of a time; a bare duration is constant. Without `law:` the keys tell "
                "it: mean and cv lognormal, mean and shape weibull, mean alone exponential, values or csv "
                "empirical.",
                "anyOf": [quantity("duration").schema(defs), *laws],
            }
        return {"$ref": "#/$defs/Law"}

    def child(self, name: str, rd: Reading) -> Form | None:
        for form in _FORMS.values():
            if name in form.keys:
                return form.keys[name].form
        return None

    def known(self, rd: Reading) -> Sequence[str]:
        return sorted(LAW_KEYS)

    def parts(self) -> Sequence[Form]:
        return tuple(_FORMS.values())


LAW: Final = LawForm()
LAW_SECTIONS: Final = tuple(_FORMS.values())


class PatienceForm(Form):
    """Patience: a law, `zero`, both, or the word `never`."""

    says = "a law of patience like {mean: 2m}, with zero: 10% for those who leave at once, or never"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text == "never":
            return Patience()
        zero: Any = 0.0
        if isinstance(node, Map) and "zero" in node.entries:
            zero = quantity("share").read(node.entries["zero"].node, joined(key, "zero"), rd)
            rest = {name: entry for name, entry in node.entries.items() if name != "zero"}
            if not rest:
                return BAD if zero is BAD else Patience(zero=zero)
            node = Map(rest, node.place)
        law = LAW.read(node, key, rd)
        return BAD if zero is BAD or law is BAD else Patience(time=law, zero=zero)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        if "Patience" not in defs:
            defs["Patience"] = {}
            LAW.schema(defs)
            zero = {**quantity("share").schema(defs), "description": " ".join(_doc(Patience, "zero").split())}
            with_zero = []
            for form in LAW_SECTIONS:
                schema = dict(defs[form.title])
                schema["properties"] = {**schema["properties"], "zero": zero}
                with_zero.append(schema)
            alone = {"type": "object", "properties": {"zero": zero}, "additionalProperties": False}
            defs["Patience"] = {
                "description": " ".join((Patience.__doc__ or "").split()),
                "anyOf": [{"const": "never"}, quantity("duration").schema(defs), *with_zero, alone],
            }
        return {"$ref": "#/$defs/Patience"}

    def child(self, name: str, rd: Reading) -> Form | None:
        return quantity("share") if name == "zero" else LAW.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return ["zero", *LAW.known(rd)]

    def parts(self) -> Sequence[Form]:
        return (LAW,)


def _doc(section: type[Section], name: str) -> str:
    return section.model_fields[name].description or ""


class WrapUpForm(Form):
    """Wrap-up: a law, or a share of talk."""

    says = "a law like {mean: 30s}, a duration, or a share of talk like 15%"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text.endswith("%"):
            return quantity("share").read(node, key, rd)
        return LAW.read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"type": "string", "pattern": rf"^{scalars.NUMBER} ?%$"}, LAW.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return LAW.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return LAW.known(rd)

    def parts(self) -> Sequence[Form]:
        return (LAW,)


def _handle_time(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    wrap_up = values.get("wrap_up")
    if isinstance(wrap_up, float):
        return {"talk": values["talk"], "wrap_up_share": wrap_up}
    return values


_TALK_AND_WRAP_UP: Final = SectionForm(
    HandleTime,
    {
        "talk": Key(LAW, _doc(HandleTime, "talk"), required=True),
        "wrap_up": Key(WrapUpForm(), "Wrap-up after the customer has left: a law, or a share of talk like 15%."),
    },
    finish=_handle_time,
)


class _TalkAloneForm(LawForm):
    """A law that stands for talk without wrap-up."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        law = super().read(node, key, rd)
        return BAD if law is BAD else HandleTime(talk=law)


def _has_talk(node: Node) -> int:
    return 1 if isinstance(node, Map) and not node.entries.keys().isdisjoint({"talk", "wrap_up"}) else 0


HANDLE_TIME: Final = EitherForm(
    (_TalkAloneForm(), _TALK_AND_WRAP_UP),
    _has_talk,
    "a law of talk like {mean: 3m, cv: 0.8}, or {talk: law, wrap_up: law or 15%}",
)


class ByChannelForm(EitherForm):
    """A handle time, or a map from channels to handle times; read as a `HandleTime` or a dict of them."""

    def __init__(self) -> None:
        self.by_channel = DictForm(HANDLE_TIME, of="channels", least=1)
        super().__init__(
            (HANDLE_TIME, self.by_channel),
            _has_talk,
            HANDLE_TIME.says + ", or such by channel, like {phone: {mean: 4m}, chat: {mean: 9m}}",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        by_channel = isinstance(node, Map) and _is_by_channel(node, rd)
        return (self.by_channel if by_channel else HANDLE_TIME).read(node, key, rd)


def _is_by_channel(node: Map, rd: Reading) -> bool:
    if any(key in LAW_KEYS or key in ("talk", "wrap_up") for key in node.entries):
        return False
    channels = rd.names.of("channels")
    return bool(node.entries) and (
        any(key in channels for key in node.entries)
        or all(isinstance(entry.node, Map) for entry in node.entries.values())
    )


def place_of(node: Map, name: str) -> Place:
    """Where the value of a key stands, or the map where it is not written."""
    entry = node.entries.get(name)
    return entry.node.place if entry else node.place


SPECIAL: Final[dict[type, Form]] = {Patience: PatienceForm(), HandleTime: HANDLE_TIME}
SPECIAL.update(dict.fromkeys(_LAWS, LAW))
