"""Laws as they are written: short where the keys tell which law is meant."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from ccsim.language.derive import form_for, quantity
from ccsim.language.files import TABLE_FILE, named_file
from ccsim.language.forms import Form, ListForm, ScalarForm, Schema
from ccsim.language.laws import Constant, Empirical, Exponential, Gamma, Law, Lognormal, Triangular, Uniform, Weibull
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section
from ccsim.language.section_forms import Key, SectionForm
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Leaf, Map, Node, flow, shown

_MEAN: Final = quantity("duration", above=0)
_LAWS: Final[tuple[type[Section], ...]] = get_args(Law)


_NAME_OF_LAW: Final = "Name of the distribution; not needed where the other keys tell it."
BY_NAME: Final = {str(law.model_fields["law"].default): law for law in _LAWS}


WILD: Final = 4.0
"""Coefficients of variation above this are told: hardly any time of work or of waiting spreads so."""


def _wild(cv: float, node: Map, key: str, rd: Reading) -> None:
    if cv > WILD and "cv" in node.entries:
        text = flow(node.entries["cv"].node)
        meant = f"; {text} % is {text}%" if re.fullmatch("[0-9.]+", text) and cv >= 10 else ""
        why = f"the standard deviation is {cv:g} times the mean, if that is meant{meant}"
        rd.warn(why, node.entries["cv"].node.place, joined(key, "cv"))


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
    _wild(values["cv"], node, key, rd)
    return values


def _gamma(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    if _one_of(values, ("shape", "cv"), node, key, rd) is None:
        return BAD
    if "cv" in values:
        cv = values.pop("cv")
        if not 0.001 <= cv <= 100:
            return rd.fault("expected a coefficient of variation from 0.001 to 100", node.place, joined(key, "cv"))
        _wild(cv, node, key, rd)
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


_OF_FILES: Final = ("where", "decimal", "durations", "delimiter", "encoding", "head", "skip", "sheet")
"""What may be said of the file of an empirical law, as under `files`."""


class EmpiricalForm(SectionForm):
    """Observed times: in the scenario, or in a column of a file."""

    def __init__(self) -> None:
        values = ListForm(quantity("duration"), least=1)
        file = ScalarForm(str, "a file like times.csv, or a name of `files`", {"type": "string"})
        column = ScalarForm(str, "the name or the number of a column", {"type": ["string", "integer"]})
        super().__init__(
            Empirical,
            {
                "law": Key(ScalarForm(str, "empirical", {"const": "empirical"}), _NAME_OF_LAW),
                "values": Key(values, "Observed times, each equally likely: `[30s, 2m]`."),
                "file": Key(file, "File with observed times, a row a time, instead of `values`.", formerly="csv"),
                "column": Key(column, "Column of the file; not needed where there is only one."),
                "unit": Key(
                    ScalarForm(_unit, "a unit: s, m, h, ms", {"enum": sorted(scalars.UNITS)}),
                    "Unit of plain numbers in the file.",
                ),
                **{name: TABLE_FILE.keys[name].optional() for name in _OF_FILES},
            },
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        assert isinstance(node, Map)
        node = self.with_new_names(node, key, rd)
        values = self.values(node, key, rd)
        if BAD in values.values() or _one_of(values, ("values", "file"), node, key, rd) is None:
            return BAD
        if "values" in values:
            for stray in ("column", "unit", *_OF_FILES):
                if stray in values:
                    return rd.fault("belongs to `file`, not to `values`", node.place, joined(key, stray))
            return Empirical(values=tuple(sorted(values["values"])))
        from ccsim.language.law_files import file_times  # with all that reads files: many scenarios name none

        at = joined(key, "file")
        source = named_file(values, node.entries["file"].node, at, rd)
        if isinstance(source, Bad):
            return BAD
        times = file_times(source, values.get("column"), values.get("unit"), at, rd)
        return BAD if isinstance(times, Bad) else Empirical(values=times)


def _unit(text: str) -> str:
    if text not in scalars.UNITS:
        raise scalars.Misread(f"expected a unit, one of {', '.join(sorted(scalars.UNITS))}, got {shown(text)}")
    return text


def _form(law: type[Section]) -> SectionForm:
    if law is Empirical:
        return EmpiricalForm()
    finish = {
        Lognormal: _lognormal,
        Gamma: _gamma,
        Weibull: _weibull,
        Uniform: _uniform,
        Triangular: _triangular,
    }.get(law)
    form = form_for(law, finish=finish)
    form.keys["law"] = Key(form.keys["law"].form, _NAME_OF_LAW, default=form.keys["law"].default)
    extra = {
        Lognormal: {
            "sd": Key(_MEAN, "Standard deviation, instead of `cv`."),
            "median": Key(_MEAN, "Median, instead of `cv`."),
        },
        Gamma: {"cv": Key(quantity("ratio"), "Coefficient of variation, instead of `shape`.")},
    }.get(law, {})
    if extra:
        optional = {Lognormal: "cv", Gamma: "shape"}[law]
        plain = form.keys[optional]
        form.keys[optional] = plain.optional()
        form.keys.update(extra)
    return form


_FORMS: Final = {name: _form(law) for name, law in BY_NAME.items()}


LAW_KEYS: Final = frozenset(key for form in _FORMS.values() for key in (*form.keys, *form.renamed))


#: Keys that tell the law where `law:` is left out, the most telling first.
_TELLING: Final = (
    ({"values"}, "empirical"),
    ({"file"}, "empirical"),
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
    """A law: a map with `law:`, a map whose keys tell the law, or a bare duration, which is taken as constant.

    What a short form is taken for is remarked, so that no law is chosen behind a planner's back.
    """

    says = "a law like {mean: 3m, cv: 0.8}, or a duration like 90s"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            if node.empty:
                return rd.expected(self.says, node, key)
            try:
                time = scalars.duration(node.text)
            except scalars.Misread as misread:
                return rd.fault(str(misread), node.place, key)
            return self.bare(time, node, key, rd) if time > 0 else Constant(value=0)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        name = self._name(node, key, rd)
        if isinstance(name, Bad):
            return name
        law = _FORMS[name].read(node, key, rd)
        if name == "exponential" and "law" not in node.entries and not isinstance(law, Bad):
            return self.mean_alone(law.mean, node, key, rd)
        return law

    def bare(self, time: int, node: Leaf, key: str, rd: Reading) -> Any:
        """The law that a bare duration above 0 is taken as."""
        rd.assume(
            f"{node.text} is taken as constant: it always takes exactly that; for a spread say "
            f"{{mean: {node.text}, cv: 0.8}}",
            node.place,
            key,
        )
        return Constant(value=time)

    def mean_alone(self, mean: int, node: Map, key: str, rd: Reading) -> Any:
        """The law that a mean without anything else is taken as."""
        said = scalars.duration_text(mean)
        rd.assume(f"a mean of {said} alone is taken as exponential; say `law:`, or a `cv` beside it", node.place, key)
        return Exponential(mean=mean)

    def _name(self, node: Map, key: str, rd: Reading) -> str | Bad:
        said = node.entries.get("law")
        if said is None:
            for telling, law in _TELLING:
                if telling <= node.entries.keys():
                    return law
            for written, entry in node.entries.items():
                if written not in LAW_KEYS:
                    return rd.unknown("unknown key", written, self.known(rd), entry.place, joined(key, written))
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
                "description": "A law of a time; a bare duration is constant (of patience and of the time between "
                "breaks the mean of an exponential law). Without `law:` the keys tell "
                "it: mean and cv lognormal, mean and shape weibull, mean alone exponential, values or file "
                "empirical.",
                "anyOf": [quantity("duration").schema(defs), *laws],
            }
        return {"$ref": "#/$defs/Law"}

    def child(self, name: str, rd: Reading) -> Form | None:
        return next((found for form in _FORMS.values() if (found := form.child(name, rd))), None)

    def known(self, rd: Reading) -> Sequence[str]:
        return sorted({key for form in _FORMS.values() for key in form.keys})

    def parts(self) -> Sequence[Form]:
        return tuple(_FORMS.values())


LAW: Final = LawForm()
LAW_SECTIONS: Final = tuple(_FORMS.values())

for _law in BY_NAME.values():
    _law.form = LAW  # wherever a law may stand, every law may
