"""Profiles: shapes of a week, the scenario's own and those that are built in."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from ccsim.language.by_calendar import numbers_by
from ccsim.language.curves import Grid, StepsForm, grid_of_steps
from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import DictForm, Form, NameForm, Schema
from ccsim.language.names import BUILT_IN_PROFILES
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section, field
from ccsim.text import scalars
from ccsim.text.quantities import Ratio
from ccsim.text.tree import Map, Node
from ccsim.units import MINUTE

_WEIGHT: Final = quantity("ratio")
_EVERY_DAY: Final = (1.0,) * 7


_WEIGHTS: Final = {
    "flat": ("1", _EVERY_DAY),
    "business_day": (
        "0 0 0 0 0 0 0 0 0 0 0 0 1 2 6 13 30 50 70 84 94 98 100 96 86 78 76 80 86 90 92 90 86 78 66 52 36 22 12 "
        "7 4 2 1 "
        "0 0 0 0 0",
        (1.08, 1.04, 1.0, 0.98, 0.9, 0.0, 0.0),
    ),
    "extended_day": (
        "2 1 1 1 0 0 0 0 0 0 1 2 4 8 16 26 38 52 66 78 86 92 96 98 96 92 90 90 92 94 96 98 100 98 94 88 80 72 64 58 52 "
        "46 38 30 20 12 7 4",
        (1.06, 1.03, 1.0, 1.0, 0.97, 0.62, 0.48),
    ),
    "evening": (
        "26 18 12 8 5 4 3 2 2 2 2 3 4 6 9 12 16 20 24 28 32 35 38 40 42 43 44 45 47 50 53 57 62 68 74 80 86 91 "
        "95 98 100 "
        "99 96 90 80 66 50 36",
        (0.94, 0.94, 0.95, 0.98, 1.06, 1.12, 1.1),
    ),
    "always_on": (
        "52 48 44 42 40 39 38 38 39 40 43 46 51 56 62 68 74 80 85 89 93 96 98 99 100 99 98 98 98 99 99 100 100 "
        "99 97 95 "
        "93 91 88 86 83 80 77 73 69 64 60 56",
        (1.02, 1.0, 1.0, 1.0, 1.0, 0.94, 0.92),
    ),
    "weekend_shop": (
        "14 9 6 4 3 2 2 2 2 3 4 6 10 15 22 30 40 50 60 70 79 86 92 96 98 98 97 96 96 97 98 99 100 99 97 94 92 "
        "92 93 95 96 "
        "94 88 78 64 48 34 22",
        (0.82, 0.8, 0.82, 0.88, 1.02, 1.36, 1.3),
    ),
}
"""Weights of the half-hours from midnight, and of the days from Monday. Invented, but shaped as such desks know them:
offices with a dip at noon, long days, homes after work, round the clock, shops at the weekend."""


@cache
def built_in(name: str) -> Profile:
    """A profile that need not be defined: one of `BUILT_IN_PROFILES`."""
    hours, weekdays = _WEIGHTS[name]
    weights = [float(weight) for weight in hours.split()]
    steps = [(at * 30 * MINUTE, weight) for at, weight in enumerate(weights)]
    return Profile(hours=grid_of_steps(steps, linear=True), weekdays=weekdays)


class WeekdaysForm(Form):
    """Weights of the days of the week."""

    says = "weights by day like {mon-fri: 1, sat: 40%}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map) or not node.entries:
            return rd.expected(self.says, node, key)
        weights = numbers_by(
            node,
            key,
            rd,
            number=_WEIGHT,
            what="weight",
            places=scalars.weekdays,
            names=scalars.WEEKDAYS,
            unsaid=0.0,
        )
        if isinstance(weights, Bad):
            return BAD
        if not any(weights):
            return rd.fault("expected a weight above 0 for one day at least", node.place, key)
        return tuple(weights)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        day = scalars.WEEKDAY
        return {
            "type": "object",
            "minProperties": 1,
            "patternProperties": {f"^({day}(-{day})?|daily)$": _WEIGHT.schema(defs)},
            "additionalProperties": False,
        }


class HoursOfDayForm(StepsForm):
    """Weights over a day, linear between the steps."""

    def __init__(self) -> None:
        super().__init__(_WEIGHT)
        self.says = "weights over the day like [[00:00, 1], [08:00, 6], [18:00, 3]]"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        steps = super().read(node, key, rd)
        if steps is BAD:
            return BAD
        if not any(weight for _, weight in steps):
            return rd.fault("expected a weight above 0 at one time at least", node.place, key)
        if any(time % MINUTE for time, _ in steps):
            return rd.fault("expected steps at whole minutes", node.place, key)
        return grid_of_steps(steps, linear=True)


class Profile(Section):
    """Profile: how a volume spreads over the hours of a day and the days of a week."""

    hours: Grid = field(form=HoursOfDayForm(), label="hours of the day", shows="weights")
    """Weights over the local day, linear between steps; only their proportions count. In YAML steps
    `[[00:00, 1], [08:00, 6], [18:00, 3]]`."""
    weekdays: tuple[Ratio, Ratio, Ratio, Ratio, Ratio, Ratio, Ratio] = field(
        default=(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0),
        form=WeekdaysForm(),
        default_says="daily: 1",
        places=scalars.WEEKDAYS,
    )
    """Weights of the days from Monday to Sunday; only their proportions count. In YAML `{mon-fri: 1, sat: 40%}`;
    days that are not named have weight 0."""


class ProfilesForm(DictForm):
    """Profiles; the volumes that are read later name them."""

    def __init__(self) -> None:
        super().__init__(form_for(Profile), of="profiles", most=1_000)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        profiles = super().read(node, key, rd)
        if profiles is not BAD:
            rd.profiles.update(profiles)
        return profiles


PROFILES: Final = ProfilesForm()


class ProfileNameForm(NameForm):
    """The name of a profile; editors are offered those that are built in."""

    def __init__(self) -> None:
        super().__init__("profiles")
        self.says = f"the name of a profile: one of `profiles`, or {', '.join(BUILT_IN_PROFILES)}"

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"enum": list(BUILT_IN_PROFILES)}, super().schema(defs)]}


def profile_named(name: str, own: dict[str, Profile]) -> Profile | None:
    """The profile of a name: the scenario's own before one that is built in; None where it could not be read."""
    if name in own:
        return own[name]
    return built_in(name) if name in BUILT_IN_PROFILES else None
