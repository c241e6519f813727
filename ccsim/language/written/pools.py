"""Pools as they are written: agents on the line as a number, steps of a day, a list or a CSV; or shifts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from ccsim.language.csvs import told_once
from ccsim.language.derive import keys_of, quantity, section_form
from ccsim.language.forms import DictForm, EitherForm, Form, Key, ListForm, NameForm, Schema, SectionForm
from ccsim.language.pools import Break, Pool, Shift, Skill
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section
from ccsim.language.written.changes import AGENTS, MOST_AGENTS, STAFFING_CHANGES, agents
from ccsim.language.written.curves import StepsForm, flat, grid_form, grid_of_steps
from ccsim.language.written.days import DaysForm
from ccsim.language.written.intervals import csv_grid
from ccsim.language.written.places import SHRINKAGE
from ccsim.text import scalars
from ccsim.text.paths import joined
from ccsim.text.tree import Items, Leaf, Map, Node
from ccsim.units import DAY

_STEPS: Final = StepsForm(AGENTS)
_GRID: Final = grid_form(AGENTS, "StaffingGrid")


class _StaffingFile:
    """Stands for the staffing of a file that is not read yet."""

    def __init__(self, node: Leaf) -> None:
        self.node = node


class StaffingForm(Form):
    """Agents on the line over local time."""

    says = "a number of agents, steps of a day like [[00:00, 12], [02:00, 3]], {every, values}, or a CSV file"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and node.text.lower().endswith((".csv", ".csv.gz")):
            return _StaffingFile(node)  # read when the site, whose clock it follows, is known
        if isinstance(node, Leaf):
            value = AGENTS.read(node, key, rd)
            return BAD if value is BAD else flat(value)
        if isinstance(node, Items):
            steps = _STEPS.read(node, key, rd)
            return BAD if steps is BAD else grid_of_steps(steps)
        return _GRID.read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {
            "anyOf": [
                AGENTS.schema(defs),
                {"type": "string", "pattern": r"\.[cC][sS][vV](\.[gG][zZ])?$"},
                _STEPS.schema(defs),
                _GRID.schema(defs),
            ]
        }

    def child(self, name: str, rd: Reading) -> Form | None:
        return _GRID.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return _GRID.known(rd)

    def parts(self) -> Sequence[Form]:
        return (_GRID,)


class SkillForm(Form):
    """A skill: its level, or a map with level and pace."""

    says = "a level like 1, or a map like {level: 1, handle_time: 1.25}"

    def __init__(self) -> None:
        self.level = quantity("count", least=1, most=1000)
        self.full = section_form(Skill, {}, forms={"level": self.level})

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            level = self.level.read(node, key, rd)
            return BAD if level is BAD else Skill(level=level)
        return self.full.read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [self.level.schema(defs), self.full.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return self.full.child(name, rd)

    def known(self, rd: Reading) -> Sequence[str]:
        return self.full.known(rd)

    def parts(self) -> Sequence[Form]:
        return (self.full,)


def _shift(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    ok = True
    breaks = sorted(values.get("breaks", ()), key=lambda pause: pause.after)
    end = 0
    for pause in breaks:
        if pause.after < end:
            rd.fault("two breaks overlap", node.entries["breaks"].node.place, joined(key, "breaks"))
            ok = False
        end = pause.after + pause.length
    if end > values["length"]:
        over = f"a break ends {scalars.duration_text(end)} after the start of a shift of "
        over += scalars.duration_text(values["length"])
        rd.fault(over, node.entries["breaks"].node.place, joined(key, "breaks"))
        ok = False
    if breaks:
        values["breaks"] = tuple(breaks)
    return values if ok else BAD


_SHIFT: Final = section_form(
    Shift,
    {Break: section_form(Break, {}, forms={"length": quantity("duration", above=0)})},
    forms={
        "agents": quantity("count", least=1, most=MOST_AGENTS),
        "start": quantity("time_of_day", most=DAY - 1),
        "length": quantity("duration", above=0, most=DAY),
        "days": DaysForm(),
    },
    finish=_shift,
)


class _KeepFree(Section):
    """Agents held back for live contacts."""

    keep_free: int
    """Deferred work is taken only while more than this many agents of the pool are idle."""


_DEFERRED: Final = SectionForm(
    _KeepFree,
    {"keep_free": Key(quantity("count"), _KeepFree.model_fields["keep_free"], required=True)},
    title="Deferred",
)


class ShiftsForm(EitherForm):
    """Shifts of named agents, or names of the patterns that a roster is built from."""

    def __init__(self) -> None:
        self.named = ListForm(NameForm("patterns"), one_will_do=True, least=1, most=50, distinct=True)
        super().__init__(
            (ListForm(_SHIFT, least=1), self.named),
            _by_name,
            "shifts like [{agents: 5, start: 09:00, length: 8h}], or with `headcount` names of shift patterns",
        )


def _by_name(node: Node) -> int:
    """Whether names stand there rather than maps."""
    items = node.items if isinstance(node, Items) else (node,)
    return 1 if items and isinstance(items[0], Leaf) else 0


class LanguagesForm(EitherForm):
    """Languages: names, or a map with the proficiency in each."""

    def __init__(self) -> None:
        names = ListForm(NameForm(), one_will_do=True, least=1, distinct=True)
        proficiency = DictForm(quantity("share", above=0), least=1, most=1_000)
        super().__init__(
            (names, proficiency),
            lambda node: 1 if isinstance(node, Map) else 0,
            "languages like [en, de], or with proficiency like {de: 100%, en: 90%}",
        )

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        value = super().read(node, key, rd)
        return dict.fromkeys(value, 1.0) if isinstance(value, tuple) else value


def _final_names(values: dict[str, Any], key: str, rd: Reading) -> None:
    """`workflows`, `deferred` and `shifts` by name are short for fields of other names; staffing of a file is read."""
    if isinstance(values.get("staffing"), _StaffingFile):
        site = values.get("site")
        zone = rd.site_zones.get(site, rd.zone) if isinstance(site, str) else rd.zone
        zones = () if zone is None else (zone,)
        named, at = values["staffing"].node, joined(key, "staffing")
        found = told_once(rd, at, lambda: csv_grid(named, at, rd, ("agents",), agents, zones=zones))
        values["staffing"] = found if isinstance(found, Bad) else found[0]
    if "workflows" in values:
        named = values.pop("workflows")
        values["skills"] = BAD if named is BAD else dict.fromkeys(named, Skill())
    if "deferred" in values:
        deferred = values.pop("deferred")
        values["keep_free"] = BAD if deferred is BAD else deferred.keep_free
    shifts = values.get("shifts")
    if isinstance(shifts, tuple) and isinstance(shifts[0], str):
        values["patterns"] = values.pop("shifts")


def _pool(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    ok = _one_plan(values, node, key, rd)

    def refuse(message: str, name: str) -> None:
        nonlocal ok
        ok = False
        rd.fault(message, node.entries[name].place, joined(key, name))

    if ok and "changes" in values and "staffing" not in values:
        refuse("changes go with staffing", "changes")
    if ok and "shrinkage" in values and "headcount" not in values:
        refuse("shrinkage goes with headcount, of which it is a part; other plans say who is there", "shrinkage")
    if "workflows" in node.entries and "skills" in node.entries:
        refuse("say skills or workflows, not both", "workflows")
    if ok and not _has_agents(values):
        named = "headcount" if "headcount" in values else "staffing"
        rd.fault("the pool has no agents at any time", node.entries[named].node.place, joined(key, named))
        ok = False
    return values if ok else BAD


def _one_plan(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether the pool says in one way who works when: a step curve, named shifts, or headcount and patterns."""
    plans = [name for name in ("staffing", "shifts", "headcount") if name in values]
    if "patterns" in values and "headcount" not in values:
        at = node.entries["shifts"]
        rd.fault(
            "shifts by name go with headcount: say how many people work them", at.node.place, joined(key, "shifts")
        )
        return False
    if len(plans) != 1:
        got = " and ".join(plans) or "none of them"
        rd.fault(f"expected one of staffing, shifts or headcount with shifts by name, got {got}", node.place, key)
        return False
    ok = True
    if "headcount" in values:
        for needed, why in (("shifts", "name the shift patterns that they work"), ("site", "say where they sit")):
            if ("patterns" if needed == "shifts" else needed) not in values:
                rd.fault(f"headcount needs `{needed}:`; {why}", node.entries["headcount"].place, joined(key, needed))
                ok = False
    return ok


def _has_agents(values: dict[str, Any]) -> bool:
    if values.get("headcount") == 0:
        return False
    if "staffing" not in values or values["staffing"].most > 0:
        return True
    return any(change.add > 0 or (change.set_to or 0) > 0 for change in values.get("changes", ()))


POOL: Final = SectionForm(
    Pool,
    {
        **keys_of(
            Pool,
            {},
            without=("keep_free", "patterns"),
            forms={
                "tier": ListForm(NameForm("tiers"), one_will_do=True, least=1, distinct=True),
                "skills": DictForm(SkillForm(), of="workflows", least=1),
                "channels": ListForm(NameForm("channels"), one_will_do=True, least=1, distinct=True),
                "staffing": StaffingForm(),
                "changes": STAFFING_CHANGES,
                "shifts": ShiftsForm(),
                "headcount": quantity("count", most=MOST_AGENTS),
                "shrinkage": SHRINKAGE,
                "site": NameForm("sites"),
                "vendor": NameForm("vendors"),
                "languages": LanguagesForm(),
                "certifications": ListForm(NameForm(), one_will_do=True, distinct=True),
            },
        ),
        "workflows": Key(
            ListForm(NameForm("workflows"), one_will_do=True, least=1, distinct=True),
            "Workflows they handle, all at level 1; in place of `skills`.",
        ),
        "deferred": Key(_DEFERRED, "How the pool takes deferred work."),
    },
    finish=_pool,
    lenient=True,
    early=_final_names,
    says="a map like {staffing: 12}",
)
POOLS: Final = DictForm(POOL, least=1, most=2_000)
