"""Volumes: a flat rate, a curve, a forecast from a file, or a recorded trace."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from ccsim.language.aht import AhtForm
from ccsim.language.backlog import BACKLOG, Backlog
from ccsim.language.by_calendar import numbers_by
from ccsim.language.changes import PER, RATE_CHANGES, Change
from ccsim.language.curves import Grid, RateCurve, StepsForm, check_grid, flat, grid_keys, grid_of_steps
from ccsim.language.derive import form_for, quantity
from ccsim.language.files import SOURCE, SourceForm
from ccsim.language.forms import DictForm, Form, NameForm, ScalarForm, Schema, WordForm
from ccsim.language.from_until import from_before_until, nothing_outside
from ccsim.language.profiles import Profile, ProfileNameForm, profile_named
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Needs, Section, Short, field
from ccsim.language.section_forms import Key, SectionForm
from ccsim.language.shares import SplitForm
from ccsim.language.traces import Trace
from ccsim.language.volume_forecast import read_forecast, scaled
from ccsim.text import scalars, slips
from ccsim.text.paths import joined
from ccsim.text.quantities import Factor, LocalTime, Name, Ratio, Share
from ccsim.text.tree import Map, Node, shown

_AMOUNT: Final = quantity("number")


class VolumeForm(ScalarForm):
    """Contacts per unit of time. `12.000` is no number of them: twelve and twelve thousand are a thousandfold apart."""

    def __init__(self) -> None:
        super().__init__(_contacts, "a number", _AMOUNT.schema({}))


def _contacts(text: str) -> float:
    meant = slips.thousands_meant(text)
    if meant:
        plain = text.rstrip("0").rstrip(".")
        raise scalars.Misread(f"{shown(text)} may be {meant} or {plain}; write the one that is meant")
    return scalars.number(text)


_RATIO: Final = quantity("ratio")
_INTERPOLATE: Final = WordForm(("constant", "linear"))
FLAT: Final = tuple(f"per_{unit}" for unit in PER)
SOURCES: Final = (*FLAT, "rates", "forecast", "trace")
MOST_GROWTH: Final = 1_000
_TRACE: Final = SourceForm("a file like calls.csv, a name of `files`, or a map like {file: calls.csv, name: Billing}")


def _rates(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    linear = values.get("interpolate", "constant") == "linear"
    if "steps" in values:
        for stray in ("every", "values", "start"):
            if stray in values:
                return rd.fault("belongs to `values`, not to `steps`", node.entries[stray].place, joined(key, stray))
        grid = grid_of_steps(values["steps"], linear=linear)
    else:
        for needed in ("every", "values"):
            if needed not in values:
                return rd.fault("expected steps, or every and values", node.place, joined(key, needed))
        checked = check_grid(values, node, key, rd)
        if isinstance(checked, Bad):
            return BAD
        grid = Grid(every=values["every"], start=values.get("start"), values=values["values"])
    return {"grid": scaled(grid, PER[values["per"]]), "interpolate": values.get("interpolate", "constant")}


def _rates_form() -> SectionForm:
    keys = {
        "per": Key(WordForm(tuple(PER)), "Unit of the rates.", required=True),
        **{name: key.optional() for name, key in grid_keys(_AMOUNT).items()},
        "steps": Key(StepsForm(_AMOUNT), "Rates of one local day from times of day on: `[[00:00, 1.0], [04:00, 0]]`."),
        "interpolate": Key(
            _INTERPOLATE, "Constant until the next value, or linear between the values.", default="constant"
        ),
    }
    return SectionForm(RateCurve, keys, finish=_rates, title="Rates")


def _name(key: str) -> str:
    """The volume's name in its key `demand.NAME`."""
    return key.removeprefix("demand.").strip('"')


def _default_workflow(values: dict[str, Any], key: str, rd: Reading) -> None:
    values.setdefault("workflow", _name(key))


_SPLITS: Final = {"channels": "channel", "segments": "segment", "markets": "market", "causes": "cause"}
SHAPED: Final = ("season", "trend", "holidays")
"""What multiplies a volume that is spread by a profile."""


def _volume(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    name = _name(key)
    written = [source for source in SOURCES if source in values]
    if len(written) != 1:
        got = " and ".join(written) or "none of them"
        hint = "; delete one with `~`" if len(written) > 1 else ""
        return rd.fault(f"expected one of {', '.join(SOURCES)}, got {got}{hint}", node.place, key)
    source = written[0]
    amount = values.pop(source)
    ok = _belongs(values, source, node, key, rd)
    ok = _split_once(values, source, node, key, rd) and ok
    ok = _bounded(values, node, key, rd) and _begins(values, node, key, rd) and ok
    profile = values.pop("profile", None)
    interpolate = values.pop("interpolate", "constant")
    shaped = profile is not None and (profile != "flat" or any(name in values for name in SHAPED))
    if source in FLAT and ok and shaped and amount > 0:
        values["per_week"] = amount * (7 if source == "per_day" else 1)
        values["profile"] = profile_named(profile, rd.profiles) or BAD
    elif source in FLAT:
        values["rate"] = RateCurve(grid=flat(amount / PER[source.removeprefix("per_")]))
    elif source == "rates":
        values["rate"] = amount
    elif source == "forecast":
        ok = read_forecast(name, values, amount, interpolate, profile, node, key, rd) and ok
    else:
        from ccsim.language.trace_files import file_trace  # with all that reads files: many scenarios name none

        zone = rd.zone_of(values.get("market"))
        values["trace"] = file_trace(amount, joined(key, "trace"), rd, own=name, zone=zone)
    return values if ok and BAD not in values.values() else BAD


def _belongs(values: dict[str, Any], source: str, node: Map, key: str, rd: Reading) -> bool:
    """Whether the other keys go with the source of the demand."""
    shape = values.get("profile")
    weekly = source in ("per_day", "per_week")
    needs = "needs per_day or per_week with a `profile:`" + ("" if weekly else f"; {source} already has the shape")
    recorded = source == "trace" and "a trace is replayed as recorded; "
    strays = {
        "profile": (
            source not in (*FLAT, "forecast") and "belongs to a rate like per_week, or to counts by day of a `forecast`"
        )
        or (
            shape != "flat"
            and not weekly
            and source != "forecast"
            and f"a profile spreads per_day or per_week, not {source}"
        ),
        **dict.fromkeys(SHAPED, (not weekly or shape is None) and needs),
        "interpolate": source != "forecast" and "belongs to `forecast` (or into `rates`)",
        "changes": recorded and recorded + "it cannot be changed",
        "day_factor": recorded and recorded + "it has no random day factor",
        **dict.fromkeys(("start", "until"), recorded and recorded + "leave rows out of the file"),
    }
    ok = True
    for stray, why in strays.items():
        if stray in values and why:
            written = "day_cv" if stray == "day_factor" and "day_cv" in node.entries else stray
            written = "from" if stray == "start" else written
            rd.fault(str(why), node.entries[written].place, joined(key, written))
            ok = False
    return ok


def _bounded(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether a trend stays within bounds until the end of the run."""
    if "trend" not in values or rd.simulated is None:
        return True
    growth = abs(values["trend"]) * (rd.simulated / timedelta(microseconds=1))
    if growth <= math.log(MOST_GROWTH):
        return True
    what = f"multiplies or divides demand by more than {MOST_GROWTH:,} until the end of the run"
    rd.fault(f"the trend {what}", node.entries["trend"].node.place, joined(key, "trend"))
    return False


def _begins(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether the dates from when and until when it comes go together, and with what waits at the start."""
    start = values.get("start")
    later = start is not None and rd.start is not None and datetime.fromisoformat(start) > rd.start + timedelta(days=1)
    if later and values.get("backlog"):
        why = "the volume begins later than the run: nothing of it can wait at the start"
        rd.fault(why, node.entries["backlog"].place, joined(key, "backlog"))
        return False
    return from_before_until(values, node, key, rd, "nothing of it ever comes")


def _split_once(values: dict[str, Any], source: str, node: Map, key: str, rd: Reading) -> bool:
    """Whether each part of a volume is said once: one, or shares of several."""
    ok = True
    for several, one in _SPLITS.items():
        if several in values and one in values:
            rd.fault(f"say {one} or {several}, not both", node.entries[several].place, joined(key, several))
            ok = False
        elif several in values and source == "trace":
            why = f"a trace is replayed as recorded; say one {one}"
            rd.fault(why, node.entries[several].place, joined(key, several))
            ok = False
    return ok


class DayFactor(Section):
    """Day-to-day volume uncertainty: each local day's volume is multiplied by a random factor with mean 1 (gamma),
    drawn once for each volume (or shared name) and date."""

    cv: Ratio = field(most=10, label="CV", shows="ratio")
    """Coefficient of variation of the factor; 0: every day as planned."""
    shared: Name | None = None
    """Name of a shared factor: volumes that name the same one are busy on the same days."""
    correlation: Share = field(default=1.0, needs=Needs("shared", "the factor that it is a correlation with"))
    """How closely this volume's day factor follows the shared one: the correlation of the normal scores of two volumes
    that share it (a Gaussian copula); 1: the same factor."""


form_for(DayFactor)


class SeasonForm(Form):
    """Factors of months; read as the factors of all twelve."""

    says = "factors by month like {dec: 140%, jun-aug: 80%}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map) or not node.entries:
            return rd.expected(self.says, node, key)
        factors = numbers_by(
            node, key, rd, number=_RATIO, what="factor", places=scalars.months, names=scalars.MONTHS, unsaid=1.0
        )
        return BAD if isinstance(factors, Bad) else tuple(factors)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        month = f"({'|'.join(scalars.MONTHS)})"
        return {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {f"^{month}(-{month})?$": _RATIO.schema(defs)},
            "additionalProperties": False,
        }


_TREND: Final = ScalarForm(
    scalars.trend, "a trend like 0.5% per week", {"type": "string", "pattern": f"^{scalars.TREND}$"}
)


_VOLUME: Final = VolumeForm()


def _amount_key(unit: str) -> Key:
    spread = "; with a `profile` they are spread by it" if unit in ("day", "week") else ""
    return Key(_VOLUME, f"Contacts per {unit}, the same at all times{spread}.")


class Volume(Section):
    """A volume of contacts: of one kind, or split by shares into streams."""

    workflow: Name = field(default="", default_says="", form=NameForm("workflows"))
    """Workflow. Default: the volume's name."""
    channel: Name = field(default="phone", form=NameForm("channels"))
    """Channel, where `channels` does not split it."""
    segment: Name = field(default="all", form=NameForm("segments"))
    """Segment, where `segments` does not split it."""
    market: Name = field(default="all", form=NameForm("markets"))
    """Market, where `markets` does not split it."""
    language: Name | None = field(default=None, form=NameForm("languages"), none="those of its markets")
    """Language; none: the languages of its markets by their shares, `any` without a market."""
    cause: Name | None = field(default=None, form=NameForm("causes"))
    """Cause, where `causes` does not split it."""
    channels: dict[Name, Share] | None = field(default=None, form=SplitForm("channels"))
    """Shares of channels, 100 % together."""
    segments: dict[Name, Share] | None = field(default=None, form=SplitForm("segments"))
    """Shares of segments, 100 % together."""
    markets: dict[Name, Share] | None = field(default=None, form=SplitForm("markets"))
    """Shares of markets, 100 % together."""
    causes: dict[Name, Share] | None = field(default=None, form=SplitForm("causes"))
    """Shares of causes, 100 % together."""
    rate: RateCurve | None = field(default=None, written=False)
    """Arrival rate by the market's local time; give this, a `profile` or a trace."""
    per_week: Factor | None = field(default=None, label="contacts a week", unit="contacts a week", written=False)
    """Contacts in a normal week, spread by `profile`; in YAML also `per_day` with a profile (times 7)."""
    counts: Grid | None = field(default=None, label="contacts by day", written=False)
    """Contacts of each local date, of a `forecast` by day, week or month; spread by `profile`. None on other dates."""
    profile: Profile | None = field(default=None, written=False)
    """Shape of the week, in the market's local time. In YAML a name: one of `profiles`, or a built-in one."""
    season: tuple[Ratio, ...] = field(default=(), form=SeasonForm(), places=scalars.MONTHS)
    """Seasonal factors of the twelve months, 1 where a month is not named; empty: no season. In YAML `{jan: 110%, dec:
    140%}`."""
    trend: float = field(default=0.0, form=_TREND, shows="trend")
    """Growth of demand, compounded, from the start of the horizon. In YAML `2% per month`; kept as growth of the
    logarithm per microsecond."""
    holidays: Ratio = field(default=1.0, label="demand on public holidays")
    """Factor on public holidays of the market."""
    changes: tuple[Change, ...] = field(default=(), form=RATE_CHANGES, label="change")
    """Changes of the rate, in the order in which they are written."""
    start: LocalTime | None = field(default=None, key="from", label="from", none="the beginning")
    """From when on it comes, by the clock of its market: a date is its midnight. In YAML `from: 2026-06-22`."""
    until: LocalTime | None = field(default=None, label="until", none="the end")
    """Until when it comes, exclusive, by the clock of its market: `until: 2026-09-01` ends with the last of August."""
    backlog: tuple[Backlog, ...] = field(default=(), form=BACKLOG, label="opening backlog", decides_who_serves=False)
    """Opening backlog: contacts of a deferred channel that wait when the simulated time begins, besides those that come
    later. In YAML `200`, `{contacts: 200, oldest: 3d}`, or a list of such for several ages."""
    trace: Trace | None = field(default=None, label="recorded contacts", written=False)
    """Recorded contacts in place of a rate."""
    day_factor: DayFactor | None = field(
        default=None,
        label="day-to-day volume uncertainty",
        short=Short(
            "day_cv",
            quantity("ratio", most=10),
            "Day-to-day volume uncertainty, short for `day_factor: {cv: ...}`.",
            lambda cv: DayFactor(cv=cv),
        ),
    )
    """Day-to-day volume uncertainty. `day_cv: 9%` is short for `day_factor: {cv: 9%}`."""
    aht: Grid | None = field(
        default=None, form=AhtForm(), label="forecast AHT", shows="duration", decides_who_serves=False
    )
    """Average handle time (talk and wrap-up together) that the forecast says for contacts by their local time of
    arrival in the market; for handle times that are `from_forecast`. In YAML `320s`, `[[00:00, 320s], [12:00, 290s]]`
    or `{every: 30m, start: 2026-06-01, values: [320s, 310s]}`. 0 says nothing: the nearest value before it holds,
    else the nearest after it."""
    draws_as: Name | None = field(default=None, label="random-number stream")
    """Name of the volume's random-number stream. Set it to the old name of a renamed volume to keep the same random
    numbers."""

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """Changes of the rate, with nothing before `from` and from `until` on."""
        return (*self.changes, *nothing_outside(self.start, self.until))

    told_first: ClassVar = ("per_week", "counts", "rate", "trace", "profile")


VOLUME: Final = form_for(
    Volume,
    also={
        **{f"per_{unit}": _amount_key(unit) for unit in PER},
        "profile": Key(
            ProfileNameForm(),
            "Shape of the week by which `per_week`, `per_day` or counts by day of a `forecast` are spread, in the "
            "market's local time; without it the rate is flat.",
        ),
        "rates": Key(_rates_form(), "Rates over local time, in place of `per_...`."),
        "forecast": Key(
            SOURCE,
            "File of contacts by interval, day, week or month, by the market's local time: `calls.csv`, a name of "
            "`files`, or a map like `{file: wfm, name: Billing, missing: 0}` with all keys of `files`. Counts of a day "
            "or more are spread by `profile`; only rows of the volume's name count where the file has names.",
            formerly="intervals",
        ),
        "interpolate": Key(
            _INTERPOLATE, "How rates run between the values of `forecast`: in steps, or linear.", default="constant"
        ),
        "trace": Key(
            _TRACE,
            "File of recorded contacts, a row a contact: `calls.csv`, a name of `files`, or a map like `{file: calls, "
            "name: Billing}` with all keys of `files`. Columns: `time` (or `date` and `time`), where wanted `name`, "
            "`handle_time` or `talk` and `wrap_up`, `patience`. What is not recorded is drawn at random; `never` is a "
            "customer who does not abandon.",
        ),
    },
    finish=_volume,
    lenient=True,
    early=_default_workflow,
    says="a map like {per_minute: 4.2}",
)


DEMAND: Final = DictForm(VOLUME, least=1, most=5_000)
