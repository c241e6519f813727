"""How long customers wait and agents work: patience and handle times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, Literal

from ccsim.language.derive import form_for, keys_of, quantity
from ccsim.language.forms import DictForm, EitherForm, Form, ListForm, ScalarForm, Schema
from ccsim.language.law_forms import LAW, LAW_KEYS, LAW_SECTIONS, LawForm
from ccsim.language.laws import Constant, Exponential, Law, Lognormal, mean_of
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, Short, field
from ccsim.language.section_forms import Key, SectionForm
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.quantities import Factor, Ratio, Share
from ccsim.text.tree import Leaf, Map, Node, Place


class _PatienceLawForm(LawForm):
    """A law of patience: a bare duration is the mean of an exponential law."""

    def bare(self, time: int, node: Leaf, key: str, rd: Reading) -> Any:
        rd.assume(
            f"{node.text} is taken as exponential patience with that mean; say {{law: ...}} for another law, "
            f"{{value: {node.text}}} where everybody waits exactly that",
            node.place,
            key,
        )
        return Exponential(mean=time)


_PATIENCE: Final = _PatienceLawForm()


_BESIDE: Final[dict[str, Form]] = {
    "zero": quantity("share"),
    "after_return": ListForm(quantity("factor"), one_will_do=True, least=1, most=100),
}
"""What may stand beside a law of patience."""


class PatienceForm(Form):
    """Patience: a law, `zero`, both, or the word `never`; with a law also `after_return`."""

    says = (
        "a law of patience like {mean: 2m}, with zero: 10% for those who abandon at once and after_return: 80% for "
        "those who come back, or never"
    )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text == "never":
            return Patience()
        beside: dict[str, Any] = {}
        if isinstance(node, Map):
            for name in node.entries.keys() & _BESIDE.keys():
                beside[name] = _BESIDE[name].read(node.entries[name].node, joined(key, name), rd)
            rest = {name: entry for name, entry in node.entries.items() if name not in beside}
            for name in rest.keys() - set(self.known(rd)):
                beside[name] = rd.unknown("unknown key", name, self.known(rd), rest.pop(name).place, joined(key, name))
            if not rest and "zero" in beside:
                return BAD if BAD in beside.values() else Patience(**beside)
            node = Map(rest, node.place)
        law = _PATIENCE.read(node, key, rd)
        return BAD if law is BAD or BAD in beside.values() else Patience(time=law, **beside)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        if "Patience" not in defs:
            defs["Patience"] = {}
            LAW.schema(defs)
            beside = {
                name: {**form.schema(defs), "description": Patience.model_fields[name].description}
                for name, form in _BESIDE.items()
            }
            with_zero = []
            for form in LAW_SECTIONS:
                schema = dict(defs[form.title])
                schema["properties"] = {**schema["properties"], **beside}
                with_zero.append(schema)
            alone = {"type": "object", "properties": {"zero": beside["zero"]}, "additionalProperties": False}
            defs["Patience"] = {
                "description": " ".join((Patience.__doc__ or "").split()),
                "anyOf": [{"const": "never"}, quantity("duration").schema(defs), *with_zero, alone],
            }
        return {"$ref": "#/$defs/Patience"}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _BESIDE[name] if name in _BESIDE else LAW.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return [*_BESIDE, *LAW.known(rd)]

    def parts(self) -> Sequence[Form]:
        return (LAW,)


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


class _TalkForm(LawForm):
    """A law of talk: of a mean alone it is lognormal where the scenario says a `handle_time_cv`."""

    def bare(self, time: int, node: Leaf, key: str, rd: Reading) -> Any:
        if rd.handle_time_cv is not None:
            return _lognormal(time, rd.handle_time_cv, node.place, key, rd)
        rd.assume(
            f"{node.text} is taken as constant: every contact takes exactly that; for a spread say "
            f"{{mean: {node.text}, cv: 0.8}}, or `handle_time_cv` for all",
            node.place,
            key,
        )
        return Constant(value=time)

    def mean_alone(self, mean: int, node: Map, key: str, rd: Reading) -> Any:
        if rd.handle_time_cv is not None:
            return _lognormal(mean, rd.handle_time_cv, node.place, key, rd)
        return super().mean_alone(mean, node, key, rd)


def _lognormal(mean: int, cv: float, place: Place, key: str, rd: Reading) -> Lognormal:
    said = scalars.duration_text(mean)
    rd.assume(f"{said} is taken as the mean of a lognormal law, with the scenario's handle_time_cv {cv:g}", place, key)
    return Lognormal(mean=mean, cv=cv)


TALK: Final = _TalkForm()


class Patience(Section):
    """How long a customer is prepared to wait."""

    time: Law | None = field(default=None, label="", none="for ever")
    """Distribution of the time after which a customer abandons; without it those who do not leave at once wait for
    ever. A bare duration is the mean of an exponential distribution."""
    zero: Share = field(default=0.0, label="share that leaves at once")
    """Share of customers who leave at once when no agent is free, whatever is announced. They count as abandoned with
    wait 0; who leaves at an announced wait is `balking`."""
    after_return: tuple[Factor, ...] = field(default=(), label="on a return", default_says="")
    """Patience of customers who come back, as a factor of that of a first contact: 80 % for all returns, or a list for
    the first return, the second, ...; the last factor holds for all that follow. Without it returns are as patient."""


class FromForecast(Section):
    """Handle times whose mean the forecast says: the `aht` of the contact's volume, at the local time at which the
    visit joins its queue."""

    law: Literal["from_forecast"] = field(default="from_forecast", written=False)
    cv: Ratio | None = field(
        default=None, most=100, label="CV", shows="number", default_says="", none="that of exponential times"
    )
    """Coefficient of variation of the times around that mean (lognormal). Default: the scenario's `handle_time_cv`;
    without one the times are exponential."""


class HandleTime(Section):
    """Time that an agent spends on one contact."""

    talk: Law | FromForecast = field(form=TALK)
    """Talk time, hold included."""
    wrap_up: Law | None = field(default=None, form=WrapUpForm(), label="wrap-up")
    """Wrap-up (after-call work): a distribution, or a share of talk like 15%."""
    wrap_up_share: Share = field(default=0.0, written=False, label="wrap-up share of talk")
    """Wrap-up as a share of talk, where it has no distribution of its own."""


_TALK_AND_WRAP_UP: Final = form_for(HandleTime, finish=_handle_time)


class _TalkAloneForm(_TalkForm):
    """A law that stands for talk without wrap-up."""

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        law = super().read(node, key, rd)
        return BAD if law is BAD else HandleTime(talk=law)


class _FromForecastForm(SectionForm):
    """A handle time whose mean is the forecast's."""

    def __init__(self) -> None:
        super().__init__(
            FromForecast,
            {
                "from_forecast": Key(
                    ScalarForm(scalars.truth, "yes", {"type": ["boolean", "string"]}),
                    "`yes`: the mean of talk and wrap-up together is the `aht` of the contact's volume.",
                    required=True,
                ),
                **keys_of(FromForecast),
                "wrap_up": Key(quantity("share"), "Wrap-up as a share of talk, like 15%; without it all is talk."),
            },
            says="a map like {from_forecast: yes, cv: 0.8}",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        assert isinstance(node, Map)
        strays = [name for name in node.entries if name not in self.keys and (name in LAW_KEYS or name == "talk")]
        if strays:
            why = "does not go with `from_forecast`: the forecast says the mean, `cv` the spread"
            return rd.fault(f"`{strays[0]}` {why}", node.entries[strays[0]].place, joined(key, strays[0]))
        values = self.values(node, key, rd)
        if BAD in values.values():
            return BAD
        if not values["from_forecast"]:
            why = "expected yes; for a handle time of your own give its mean in place of `from_forecast`"
            return rd.fault(why, node.entries["from_forecast"].node.place, joined(key, "from_forecast"))
        if "cv" not in values:
            said = "handle times of the forecast are taken as "
            cv = rd.handle_time_cv
            said += "exponential; say `cv:`" if cv is None else f"lognormal, with the scenario's handle_time_cv {cv:g}"
            rd.assume(said, node.place, key)
        talk = FromForecast(cv=values.get("cv", rd.handle_time_cv))
        return HandleTime(talk=talk, wrap_up_share=values.get("wrap_up", 0.0))


def _which(node: Node) -> int:
    """Which of the forms of a handle time a node is written in."""
    said = node.entries.keys() if isinstance(node, Map) else frozenset()
    return 2 if "from_forecast" in said else 0 if said.isdisjoint({"talk", "wrap_up"}) else 1


HANDLE_TIME: Final = EitherForm(
    (_TalkAloneForm(), _TALK_AND_WRAP_UP, _FromForecastForm()),
    _which,
    "a law of talk like {mean: 3m, cv: 0.8}, {talk: law, wrap_up: law or 15%}, or {from_forecast: yes, cv: 0.8}",
)
HandleTime.form = HANDLE_TIME
Patience.form = PatienceForm()


class ByChannelForm(EitherForm):
    """A handle time, or a map from channels to handle times; read as a `HandleTime` or a dict of them."""

    def __init__(self) -> None:
        self.by_channel = DictForm(HANDLE_TIME, of="channels", least=1)
        super().__init__(
            (HANDLE_TIME, self.by_channel),
            _which,
            HANDLE_TIME.says + ", or such by channel, like {phone: {mean: 4m}, chat: {mean: 9m}}",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        by_channel = isinstance(node, Map) and _is_by_channel(node, rd)
        return (self.by_channel if by_channel else HANDLE_TIME).read(node, key, rd)


def _is_by_channel(node: Map, rd: Reading) -> bool:
    if any(key in LAW_KEYS or key in ("talk", "wrap_up", "from_forecast") for key in node.entries):
        return False
    channels = rd.names.of("channels")
    return bool(node.entries) and (
        any(key in channels for key in node.entries)
        or all(isinstance(entry.node, Map) for entry in node.entries.values())
    )


class _MeanForm(ScalarForm):
    """The mean of talk and wrap-up together, microseconds."""

    def __init__(self) -> None:
        self.plain = quantity("duration", above=0)
        super().__init__(scalars.duration, "an average handle time like 5m", self.plain.schema({}))

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Map):
            why = "an average handle time is a duration like 5m; for a law say `handle_time:` in place of `aht:`"
            return rd.fault(why, node.place, key)
        return self.plain.read(node, key, rd)


_MEAN: Final = _MeanForm()


class AverageForm(EitherForm):
    """An average handle time, or one for each channel; read as a `HandleTime` or a dict of them."""

    def __init__(self, *, by_channel: bool) -> None:
        several = DictForm(_MEAN, of="channels", least=1)
        super().__init__(
            (_MEAN, several) if by_channel else (_MEAN,),
            lambda node: int(by_channel and isinstance(node, Map) and LAW_KEYS.isdisjoint(node.entries)),
            _MEAN.says + (", or one for each channel, like {phone: 5m, chat: 9m}" if by_channel else ""),
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        before = rd.faults.count
        means = super().read(node, key, rd)
        if rd.faults.count > before:
            return BAD
        cv = rd.handle_time_cv
        some = means.values() if isinstance(means, dict) else (means,)
        said = ", ".join(scalars.duration_text(mean) for mean in some)
        what = f"{said} {'are taken as means' if len(some) > 1 else 'is taken as the mean'} of"
        if cv is None:
            why = (
                "exponential handle times; for another spread say `handle_time_cv: 80%`, or `handle_time:` with a `cv`"
            )
            rd.assume(f"{what} {why}", node.place, key)
        else:
            rd.assume(f"{what} lognormal handle times, with the scenario's handle_time_cv {cv:g}", node.place, key)
        laws = [Exponential(mean=mean) if cv is None else Lognormal(mean=mean, cv=cv) for mean in some]
        handled = [HandleTime(talk=law) for law in laws]
        return dict(zip(means, handled, strict=True)) if isinstance(means, dict) else handled[0]


_MEANS: Final = (
    "Average handle time, talk and wrap-up together, in place of `handle_time`: lognormal with the scenario's "
    "`handle_time_cv`, without one exponential."
)
AHT: Final = Short("aht", AverageForm(by_channel=False), _MEANS, lambda handle_time: handle_time)
"""The key `aht` of a section whose `handle_time` is the same on every channel."""
AHT_BY_CHANNEL: Final = Short(
    "aht",
    AverageForm(by_channel=True),
    f"{_MEANS} In YAML also `{{phone: 5m, chat: 9m}}`.",
    lambda handle_time: handle_time,
)
"""The key `aht` of a section whose `handle_time` may differ by channel."""


def place_of(node: Map, name: str) -> Place:
    """Where the value of a key stands, or the map where it is not written."""
    entry = node.entries.get(name)
    return entry.node.place if entry else node.place


def mean_handle(handle: HandleTime, aht: float) -> float:
    """Mean of talk and wrap-up together, microseconds; `aht`: where it is the forecast's."""
    if isinstance(handle.talk, FromForecast):
        return aht
    talk = mean_of(handle.talk)
    return talk + (mean_of(handle.wrap_up) if handle.wrap_up is not None else talk * handle.wrap_up_share)
