"""Pools of agents, their skills, and who works when: a number, steps of a day, a list, a CSV, shifts or a roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar, Final
from zoneinfo import ZoneInfo

from ccsim.language.changes import AGENTS, MOST_AGENTS, STAFFING_CHANGES, Change
from ccsim.language.currencies import IN_CURRENCY
from ccsim.language.curves import Grid, StepsForm, flat, grid_form, grid_of_steps
from ccsim.language.derive import form_for
from ccsim.language.files import SOURCE, FileRows, SourceForm, is_file_name
from ccsim.language.forms import DictForm, Form, NameForm, Schema, names_of
from ccsim.language.from_until import from_before_until, nothing_outside
from ccsim.language.headcount import HEADCOUNT, PatternBounds, PeopleBounds, adds_up, people_are_read, people_by_pattern
from ccsim.language.quality import IN_QUALITY, QUALITY, Quality
from ccsim.language.random_breaks import RandomBreaks
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.rosters import PublishedRoster
from ccsim.language.section import Needs, Section, Short, field
from ccsim.language.shifts import Shift, ShiftsForm
from ccsim.language.shrinkage import SHRINKAGE, WorkedShare
from ccsim.language.skills import SKILL, LanguagesForm, Skill
from ccsim.language.special_days import DATES, told_outside
from ccsim.language.tenure import TENURE, Tenure
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Factor, LocalTime, Money, Name, Share
from ccsim.text.tree import Items, Leaf, Map, Node

_STEPS: Final = StepsForm(AGENTS)
_GRID: Final = grid_form(AGENTS, "StaffingGrid")
_ROSTER: Final = SourceForm(
    "a file like roster.csv, a name of `files`, or a map like {file: roster.csv, on_the_line: [Phone]}"
)


class StaffingForm(Form):
    """Agents signed in over local time."""

    says = "a number of agents, steps of a day like [[00:00, 12], [02:00, 3]], {every, values}, or a file"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if _names_file(node, rd):
            return SOURCE.read(node, key, rd)  # the rows are read when the site, whose clock they follow, is known
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
                SOURCE.schema(defs),
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


class _KeepFree(Section):
    """Agents kept free for live contacts."""

    keep_free: Count
    """Deferred work is taken only while more than this many agents of the pool are idle."""


_DEFERRED: Final = form_for(_KeepFree, title="Deferred")


def _final_names(values: dict[str, Any], key: str, rd: Reading) -> None:
    """Staffing or the roster of a file is read; `shifts` by name are the patterns of a roster."""
    site = values.get("site")
    zone = rd.site_zones.get(site, rd.zone) if isinstance(site, str) else rd.zone
    people = values.get("headcount")
    if isinstance(people, PeopleBounds):
        values["headcount"], values["searched"] = people.assumed, people
    staffing, roster = values.get("staffing"), values.get("roster")
    if isinstance(staffing, FileRows):
        values["staffing"] = _staffing_of(staffing, key, () if zone is None else (zone,), rd)
    if isinstance(roster, FileRows):
        values["roster"] = BAD if zone is None else _roster_of(roster, key, zone, rd)
    shifts = values.get("shifts")
    if isinstance(shifts, dict):
        people_by_pattern(values, shifts)
    elif isinstance(shifts, tuple) and isinstance(shifts[0], str):
        values["patterns"] = values.pop("shifts")


def _names_file(node: Node, rd: Reading) -> bool:
    """Whether staffing is that of a file."""
    if isinstance(node, Leaf):
        return is_file_name(node.text) or node.text in rd.named_files
    return isinstance(node, Map) and not node.entries.keys().isdisjoint({"file", "csv"})


def _staffing_of(source: FileRows, key: str, zones: Sequence[ZoneInfo], rd: Reading) -> Grid | Bad:
    from ccsim.language.forecasts import file_grid  # with all that reads files: many scenarios name none

    at = joined(key, "staffing")
    own = key.removeprefix("pools.").strip('"')
    found = file_grid(source, at, rd, ("agents",), own=own, zones=zones, stays=True)
    if isinstance(found, Bad):
        return BAD
    if found.grid.most > MOST_AGENTS:
        return rd.fault(f"expected at most {MOST_AGENTS:,} agents, got {found.grid.most:,.0f}", source.node.place, at)
    return found.grid


def _roster_of(source: FileRows, key: str, zone: ZoneInfo, rd: Reading) -> PublishedRoster | Bad:
    from ccsim.language.roster_files import file_roster

    at = joined(key, "roster")
    own = key.removeprefix("pools.").strip('"')
    found = file_roster(source, at, rd, own=own, zone=zone)
    if isinstance(found, PublishedRoster) and len(found.people) > MOST_AGENTS:
        return rd.fault(f"expected at most {MOST_AGENTS:,} agents, got {len(found.people):,}", source.node.place, at)
    return found


def _pool(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    ok = _one_plan(values, node, key, rd) and _leave(values, node, key, rd) and _dates(values, node, key, rd)
    if ok and not _has_agents(values):
        named = next(name for name in ("headcount", "staffing", "shifts") if name in node.entries)
        rd.fault("the pool has no agents at any time", node.entries[named].node.place, joined(key, named))
        ok = False
    return values if ok else BAD


def _one_plan(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether the pool says in one way who works when: a step curve, named shifts, or headcount and patterns."""
    if not people_are_read(values, node):
        return False
    plans = [name for name in ("staffing", "shifts", "headcount", "roster") if name in values]
    if "patterns" in values and "headcount" not in values:
        at = node.entries["shifts"]
        rd.fault("shifts by name need `headcount`: say how many people work them", at.node.place, joined(key, "shifts"))
        return False
    if len(plans) != 1:
        got = " and ".join(name if name in node.entries else "shifts" for name in plans) or "none of them"
        rd.fault(
            f"expected one of staffing, shifts, roster, or headcount with shifts by name, got {got}", node.place, key
        )
        return False
    ok = True
    if "headcount" in values:
        for needed, why in (("shifts", "name the shift patterns that they work"), ("site", "say where they sit")):
            if ("patterns" if needed == "shifts" else needed) not in values:
                said = "headcount" if "headcount" in node.entries else "shifts"
                message = f"headcount needs `{needed}:`; {why}" if said == "headcount" else f"needs `{needed}:`; {why}"
                rd.fault(message, node.entries[said].place, joined(key, needed))
                ok = False
    return adds_up(values, node, key, rd) and ok


def _leave(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether the dates on which everybody is on leave go with the plan."""
    dates = values.get("leave_on", ())
    if not dates:
        return True
    at = joined(key, "leave_on")
    place = node.entries["leave_on"].place
    if "staffing" in values:
        rd.fault("staffing says who is there: set it to 0 on that date", place, at)
        return False
    both = [day for day in dates if any(day in shift.on for shift in values.get("shifts", ()))]
    if both:
        rd.fault(f"a shift is worked on {both[0]}; say one of the two", place, at)
        return False
    told_outside(node.entries["leave_on"], at, rd)
    return True


def _dates(values: dict[str, Any], node: Map, key: str, rd: Reading) -> bool:
    """Whether the dates from when and until when the pool is there go with the plan."""
    for name, said in (("start", "from"), ("until", "until")):
        if name in values and "roster" in values:
            why = "a published roster says itself who is there on which date: leave rows out of it"
            rd.fault(why, node.entries[said].place, joined(key, said))
            return False
    return from_before_until(values, node, key, rd, "nobody of the pool ever works")


def _has_agents(values: dict[str, Any]) -> bool:
    if values.get("headcount") == 0:
        return False
    if "staffing" not in values or values["staffing"].most > 0:
        return True
    return any(change.add > 0 or (change.set_to or 0) > 0 for change in values.get("changes", ()))


class Pool(Section):
    """A pool of agents with the same skills, site and hours."""

    tier: tuple[Name, ...] = field(default=("t1",), form=names_of("tiers"), label="tiers")
    """Tiers that they handle. In YAML a name or a list."""
    skills: dict[Name, Skill] | None = field(
        default=None,
        form=DictForm(SKILL, of="workflows", least=1),
        label="workflows",
        none="all",
        short=Short(
            "workflows",
            names_of("workflows"),
            "Workflows they handle, all at level 1; instead of `skills`.",
            lambda named: dict.fromkeys(named, Skill()),
        ),
        decides_who_serves="names",
    )
    """Workflows they handle, with level and AHT factor. Default: every workflow at level 1. In YAML also
    `workflows: [a, b]`."""
    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all")
    """Channels they handle. Default: all."""
    staffing: Grid | None = field(default=None, form=StaffingForm(), decides_who_serves=False)
    """Agents signed in over local time, in steps; give this, or shifts, roster or headcount. In YAML a number,
    `[[00:00, 12], [02:00, 3]]`, or a CSV."""
    changes: tuple[Change, ...] = field(
        default=(),
        form=STAFFING_CHANGES,
        label="change",
        needs=Needs("staffing", "which they change"),
        decides_who_serves=False,
    )
    """Changes of the staffing, in the order in which they are written."""
    shifts: tuple[Shift, ...] = field(default=(), form=ShiftsForm(), label="shift", decides_who_serves=False)
    """Agents who sign in at the same time, shift by shift; with `headcount` names of shift patterns; or people by shift
    pattern, `{early: 8, late: 5}`: so many work each, whatever its `share`, and their sum is the headcount. `auto` or
    `{min: 2, max: 20}` for a number: `ccsim staff` finds it."""
    roster: PublishedRoster | None = field(default=None, form=_ROSTER, decides_who_serves=False)
    """A published roster: a file with a row for what each agent does when: `{file: roster.csv, columns: {agent: Agent,
    date: Date, start: Start, end: End, activity: Activity}, on_the_line: [Phone], unpaid: [Lunch]}`. All other
    activities are paid time away."""
    headcount: Count | None = field(
        default=None, form=HEADCOUNT, label="people", unit="people", decides_who_serves=False
    )
    """People employed. A roster is built for them from the shift patterns. In YAML with `shifts: [day_8h, late_8h]`.
    `auto` or `{min: 4, max: 12}`: `ccsim staff` finds the number; before it is found the scenario can be checked, but
    not run."""
    searched: PeopleBounds | None = field(
        default=None, key="headcount", written=False, label="people to be found", decides_who_serves=False
    )
    """Bounds between which `ccsim staff` finds the `headcount`."""
    patterns: tuple[Name, ...] = field(
        default=(), label="shift patterns", key="shifts", written=False, decides_who_serves=False
    )
    """Shift patterns that the roster is built from."""
    people_on: dict[Name, Count] | None = field(
        default=None,
        label="people by shift pattern",
        key="shifts",
        written=False,
        none="the roster's choice",
        decides_who_serves=False,
    )
    """People who work each shift pattern, where the pool says them. In YAML `shifts: {early: 8, late: 5}`."""
    searched_on: dict[Name, PatternBounds] | None = field(
        default=None, key="shifts", written=False, label="people to be found by shift pattern", decides_who_serves=False
    )
    """Bounds between which `ccsim staff` finds the people on shift patterns."""
    leave_on: tuple[str, ...] = field(default=(), form=DATES, label="on leave on", decides_who_serves=False)
    """Dates on which the whole pool is on leave, paid: nobody works a shift that begins then. For pools with shifts or
    headcount. In YAML a date or a list."""
    shrinkage: dict[Name, Share | WorkedShare] | None = field(
        default=None,
        form=SHRINKAGE,
        none="the vendor's",
        needs=Needs("headcount", "of which it is a part; other plans say who is there", ("roster",)),
        decides_who_serves=False,
    )
    """Shrinkage: paid time away by cause, each a share of the rostered time, so that causes add up; with `training:
    {share: 10%, of: worked}` a share of the time that remains after whole days away. `absence` and `leave` are whole
    days, drawn at random for each agent and shift. Every other cause (training, meetings, coaching) is a block in
    each shift that is worked, long enough to give the share over all rostered shifts. With a published `roster` only
    whole days: the roster says the rest. Default: the vendor's."""
    breaks: RandomBreaks | None = field(default=None, label="breaks at random", decides_who_serves=False)
    """Breaks that agents take at random, beside those that their shifts plan: `{every: {mean: 1h}, length: 3m, when:
    idle}`. For pools of every kind."""
    start: LocalTime | None = field(
        default=None, key="from", label="from", none="the beginning", decides_who_serves=False
    )
    """From when on the pool works and is paid, by the clock of its site: a date is its midnight. What of a shift lies
    before is neither worked nor paid. Not with a published `roster`. In YAML `from: 2026-06-15`."""
    until: LocalTime | None = field(default=None, label="until", none="the end", decides_who_serves=False)
    """Until when the pool works and is paid, exclusive, by the clock of its site: `until: 2026-09-01` ends with the
    last of August."""
    segments: tuple[Name, ...] | None = field(default=None, form=names_of("segments"), none="all")
    """Customer segments that they are reserved for: they serve these alone. In YAML a name or a list. Default: all."""
    severity: tuple[Name, ...] | None = field(
        default=None, form=names_of("severities"), label="reserved for severity", none="all"
    )
    """Severities of cases that they are reserved for: they serve contacts of these alone, and of their `segments`
    where both are given. In YAML a name or a list. Default: all."""
    site: Name | None = field(default=None, form=NameForm("sites"), none="none")
    """Their site."""
    vendor: Name | None = field(default=None, form=NameForm("vendors"))
    """Their vendor, who employs them."""
    languages: dict[Name, Share] | None = field(
        default=None, form=LanguagesForm(), none="all", decides_who_serves="names"
    )
    """Languages they speak, with their proficiency: handle times are divided by it. Default: every language. In YAML
    `[en, de]`, or `{de: 100%, en: 90%}`."""
    certifications: tuple[Name, ...] = field(default=(), form=names_of(None, least=0))
    """Certifications that they hold."""
    keep_free: Count = field(
        default=0,
        label="agents kept free for live work",
        key="deferred.keep_free",
        written=False,
        short=Short("deferred", _DEFERRED, "How the pool takes deferred work.", lambda deferred: deferred.keep_free),
        decides_who_serves=False,
    )
    """Deferred work is taken only while more than this many agents of the pool are idle.
    In YAML `deferred: {keep_free: 2}`."""
    handle_time: Factor = field(default=1.0, label="handle times multiplied by", decides_who_serves=False)
    """AHT factor of the pool for all its work; the skill's factor multiplies it."""
    quality: Quality | None = field(default=None, form=QUALITY, none="as the tier says", decides_who_serves=False)
    """Quality of their work: what they resolve, escalate and transfer of the contacts that they handle, beside what the
    tier says: `{resolved: {add: -4%}, escalated: 1.2}`. On top of the vendor's."""
    tenure: dict[Name, Tenure] = field(default_factory=dict, form=TENURE, decides_who_serves=False)
    """Agents who are new or learning, by a name of yours: `{new: {share: 20%, handle_time: 1.3}}`; the rest are as the
    pool says. They are spread evenly over the pool's agents. Required agents are planned with their mean AHT."""
    paid_hour: Money | None = field(
        default=None, label="price of a paid hour", none="the vendor's", decides_who_serves=False
    )
    """Price of a paid hour, in the scenario's currency. Default: the vendor's."""
    draws_as: Name | None = field(
        default=None, label="random-number stream of absences and breaks", decides_who_serves=False
    )
    """Name of the random-number stream of the pool's absences and breaks at random. Set it to the old name of a renamed
    pool, so that the same people are away on the same days."""

    @property
    def dated(self) -> bool:
        """Whether single dates have shifts of their own, or none."""
        return bool(self.leave_on) or any(shift.on for shift in self.shifts)

    @property
    def comes_or_goes(self) -> bool:
        """Whether it begins or ends on a date."""
        return self.start is not None or self.until is not None

    @property
    def all_changes(self) -> tuple[Change, ...]:
        """Changes of the staffing, with nobody before `from` and from `until` on."""
        return (*self.changes, *nothing_outside(self.start, self.until))

    def shifts_of(self, day: date) -> list[Shift]:
        """Named shifts that begin on a date, be its people on leave or not."""
        name = day.isoformat()
        return [shift for shift in self.shifts if name in shift.on] or [
            shift for shift in self.shifts if day.weekday() in shift.days
        ]

    told_first: ClassVar = ("headcount", "staffing", "roster", "shifts", "patterns", "site", "vendor")


_AWAY: Final = (
    "what takes people off the line at all times is `shrinkage: {training: 4%}`; for some days say who is away, paid: "
    "`leave_on: [2026-06-15]` of a pool of these people, or sites.NAME.special_days: {2026-06-15: 80%}"
)
POOL: Final = form_for(
    Pool,
    finish=_pool,
    early=_final_names,
    lenient=True,
    says="a map like {staffing: 12}",
    instead=IN_QUALITY
    | {
        "overtime": "people who stay longer are a pool of their own: "
        "shifts: [{on: 2026-06-16, start: 17:00, length: 2h, agents: 12}], or for a week "
        "{from: 2026-06-15, until: 2026-06-22, shifts: [{days: mon-fri, start: 17:00, length: 2h, agents: 12}]}",
        **dict.fromkeys(("training", "training_week", "activities", "meetings"), _AWAY),
        **dict.fromkeys(("like", "copy", "same_as", "extends"), "a pool is written out: it is no copy of another"),
        "currency": IN_CURRENCY,
        "premiums": "premiums are the vendor's: vendors.NAME.premiums; a pool may have its own `paid_hour`",
        "days": "days are those of its shifts: shift_patterns.NAME.days: mon-fri, or `days` of a named shift",
        "hours": "hours are those of its site: sites.NAME.hours; when people work say its shifts",
    },
)
