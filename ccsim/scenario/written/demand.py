"""Streams as they are written: a flat rate, a curve, a CSV of intervals, or a recorded trace."""

from __future__ import annotations

from typing import Any, Final

from ccsim.scenario import scalars
from ccsim.scenario.derive import keys_of, quantity, section_form
from ccsim.scenario.forms import DictForm, Key, NameForm, ScalarForm, SectionForm, WordForm
from ccsim.scenario.paths import joined
from ccsim.scenario.reading import BAD, Bad, Reading
from ccsim.scenario.sections import DayFactor, Grid, RateCurve, Stream
from ccsim.scenario.tree import Map
from ccsim.scenario.written.changes import PER, RATE_CHANGES
from ccsim.scenario.written.curves import StepsForm, check_grid, csv_grid, flat, grid_keys, grid_of_steps
from ccsim.scenario.written.traces import read_trace

_AMOUNT: Final = quantity("number")
_INTERPOLATE: Final = WordForm(("constant", "linear"))
FLAT: Final = tuple(f"per_{unit}" for unit in PER)
SOURCES: Final = (*FLAT, "rates", "intervals", "trace")
_FILE: Final = ScalarForm(str, "the name of a CSV file", {"type": "string"})


def _scaled(grid: Grid, unit: int) -> Grid:
    """The grid with its amounts per `unit` microseconds as contacts per microsecond."""
    return Grid(every=grid.every, start=grid.start, values=tuple(value / unit for value in grid.values))


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
    return {"grid": _scaled(grid, PER[values["per"]]), "interpolate": values.get("interpolate", "constant")}


def _rates_form() -> SectionForm:
    keys = {
        "per": Key(WordForm(tuple(PER)), "Unit of the rates.", required=True),
        **{name: Key(key.form, key.doc) for name, key in grid_keys(_AMOUNT).items()},
        "steps": Key(StepsForm(_AMOUNT), "Rates of one local day from times of day on: `[[00:00, 1.0], [04:00, 0]]`."),
        "interpolate": Key(
            _INTERPOLATE, "Constant until the next value, or linear between the values.", default="constant"
        ),
    }
    return SectionForm(RateCurve, keys, finish=_rates, title="Rates")


def _name(key: str) -> str:
    """The stream's name in its key `demand.NAME`."""
    return key.removeprefix("demand.").strip('"')


def _default_workflow(values: dict[str, Any], key: str) -> None:
    values.setdefault("workflow", _name(key))


def _stream(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    name = _name(key)
    written = [source for source in SOURCES if source in values]
    if len(written) != 1:
        got = " and ".join(written) or "none of them"
        hint = "; delete one with `~`" if len(written) > 1 else ""
        return rd.fault(f"expected one of {', '.join(SOURCES)}, got {got}{hint}", node.place, key)
    source = written[0]
    amount = values.pop(source)
    ok = _belongs(values, source, node, key, rd)
    values.pop("profile", None)
    interpolate = values.pop("interpolate", "constant")
    if source in FLAT:
        values["rate"] = RateCurve(grid=flat(amount / PER[source.removeprefix("per_")]))
    elif source == "rates":
        values["rate"] = amount
    elif source == "intervals":
        values["rate"] = _intervals(node, interpolate, key, rd)
    else:
        values["trace"] = read_trace(node.entries["trace"].node, joined(key, "trace"), name, rd)
    if "day_cv" in values:
        values["day_factor"] = DayFactor(cv=values.pop("day_cv"))
    return values if ok and BAD not in values.values() else BAD


def _belongs(values: dict[str, Any], source: str, node: Map, key: str, rd: Reading) -> bool:
    """Whether the other keys go with the source of the demand."""
    strays = {
        "profile": source not in FLAT and "belongs to a rate like per_minute",
        "interpolate": source != "intervals" and "belongs to `intervals` (or into `rates`)",
        "changes": source == "trace" and "a trace is played as recorded; it cannot be changed",
        "day_cv": (source == "trace" and "a trace is played as recorded; it has no random day factor")
        or ("day_factor" in values and "say day_cv or day_factor, not both"),
        "day_factor": source == "trace" and "a trace is played as recorded; it has no random day factor",
    }
    ok = True
    for stray, why in strays.items():
        if stray in values and why:
            rd.fault(str(why), node.entries[stray].place, joined(key, stray))
            ok = False
    return ok


def _intervals(node: Map, interpolate: str, key: str, rd: Reading) -> RateCurve | Bad:
    named = node.entries["intervals"].node
    at = joined(key, "intervals")
    found = csv_grid(named, at, rd, ("contacts", "per_minute"), scalars.number)
    if isinstance(found, Bad):
        return BAD
    grid, column = found
    if column == "contacts" and interpolate == "linear":
        return rd.fault(
            "linear needs a column `per_minute`; `contacts` are counts of whole intervals",
            node.entries["interpolate"].place,
            joined(key, "interpolate"),
        )
    unit = grid.every if column == "contacts" else PER["minute"]
    return RateCurve(grid=_scaled(grid, unit), interpolate="linear" if interpolate == "linear" else "constant")


DAY_FACTOR: Final = section_form(DayFactor, {}, forms={"cv": quantity("ratio", most=10)})


def _amount_key(unit: str) -> Key:
    return Key(_AMOUNT, f"Contacts per {unit}, the same at all times.")


STREAM: Final = SectionForm(
    Stream,
    {
        **keys_of(
            Stream,
            {DayFactor: DAY_FACTOR},
            without=("rate", "trace"),
            forms={
                "workflow": NameForm("workflows"),
                "channel": NameForm("channels"),
                "segment": NameForm("segments"),
                "changes": RATE_CHANGES,
            },
        ),
        **{f"per_{unit}": _amount_key(unit) for unit in PER},
        "profile": Key(WordForm(("flat",)), "Shape of a `per_...` rate over time.", default="flat"),
        "rates": Key(_rates_form(), "Rates over local time, in place of `per_...`."),
        "intervals": Key(
            _FILE,
            "CSV file with the columns `start` (local time on an equal grid of 1 s or more) and `contacts` "
            "(expected in the interval) or `per_minute`.",
        ),
        "interpolate": Key(_INTERPOLATE, "Between the rates of `intervals`.", default="constant"),
        "trace": Key(
            _FILE,
            "CSV file of recorded contacts: `time` (local ISO time, or seconds from the start of "
            "the horizon), optional `stream`, `handle_time` or `talk` and `wrap_up`, `patience`, in seconds; "
            "empty where drawn, `never` for a patience without end.",
        ),
        "day_cv": Key(quantity("ratio", most=10), "Random busyness of the day, short for `day_factor: {cv: ...}`."),
    },
    finish=_stream,
    lenient=True,
    early=_default_workflow,
    says="a map like {per_minute: 4.2}",
)
STREAM.keys["workflow"] = Key(STREAM.keys["workflow"].form, STREAM.keys["workflow"].doc)

DEMAND: Final = DictForm(STREAM, least=1, most=5_000)
