"""What agents serve during an activity of a published roster: `{Phone: {channels: phone}}`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ccsim.language.derive import form_for
from ccsim.language.forms import Form, Schema, names_of
from ccsim.language.names import UNRESTRICTED, group_names
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Name
from ccsim.text.tree import Map, Node

MOST_ACTIVITIES: Final = 50


class ActivitySkills(Section):
    """What agents serve during an activity of a published roster, out of what their pool does."""

    channels: tuple[Name, ...] | None = field(default=None, form=names_of("channels"), none="all of the pool")
    """Channels. In YAML a name or a list."""
    workflows: tuple[Name, ...] | None = field(default=None, form=names_of("workflows"), none="all of the pool")
    """Workflows; level and AHT factor stay those of the pool's skill."""
    languages: tuple[Name, ...] | None = field(default=None, form=names_of("languages"), none="all of the pool")
    """Languages; proficiency stays that of the pool."""


def groups_of(
    on_the_line: Sequence[str], activities: Mapping[str, ActivitySkills]
) -> tuple[dict[str, ActivitySkills], dict[str, str]]:
    """Groups of the people of a roster, with what each serves; and the group of each activity on the line."""
    of = group_names(activities)
    groups = {of[activity]: skills for activity, skills in activities.items()}
    rest = [activity for activity in on_the_line if activity not in of]
    if rest:
        groups[UNRESTRICTED] = ActivitySkills()
        of |= dict.fromkeys(rest, UNRESTRICTED)
    return groups, of


_SKILLS: Final = form_for(ActivitySkills, says="a map like {channels: [phone], workflows: [claims], languages: [en]}")


class ActivitiesForm(Form):
    """Activities by the names that the file has for them, each with what agents serve then."""

    says = "activities with what agents serve then, like {Phone: {channels: phone}, Back office: {workflows: claims}}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map) or not node.entries:
            return rd.expected(self.says, node, key)
        if len(node.entries) > MOST_ACTIVITIES:
            return rd.fault(f"expected at most {MOST_ACTIVITIES} activities", node.place, key)
        found: dict[str, Any] = {}
        names: dict[str, str] = {}
        before = rd.faults.count
        for (activity, name), entry in zip(group_names(node.entries).items(), node.entries.values(), strict=True):
            at = joined(key, activity)
            found[activity] = _SKILLS.read(entry.node, at, rd)
            if name == UNRESTRICTED:
                rd.fault(f"{UNRESTRICTED} is the pool of the other activities", entry.place, at)
            elif name in names:
                rd.fault(f"is {name} in names, as {names[name]!r} is: give one of them another name", entry.place, at)
            names.setdefault(name, activity)
        return BAD if rd.faults.count > before or BAD in found.values() else found

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "object", "additionalProperties": _SKILLS.schema(defs)}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _SKILLS

    def parts(self) -> tuple[Form, ...]:
        return (_SKILLS,)
