"""Days of the week as they are written."""

from __future__ import annotations

from typing import Any

from ccsim.language.forms import Form, ScalarForm, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.text import scalars
from ccsim.text.tree import Items, Node


class DaysForm(Form):
    """Days of the week."""

    says = "days like mon-fri, or [sat, sun]"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        items = node.items if isinstance(node, Items) else (node,)
        if not items:
            return rd.expected(self.says, node, key)
        days: set[int] = set()
        bad = False
        for item in items:
            found = ScalarForm(scalars.weekdays, self.says, {}).read(item, key, rd)
            if found is BAD:
                bad = True
            else:
                days.update(found)
        return BAD if bad else tuple(sorted(days))

    def schema(self, defs: dict[str, Schema]) -> Schema:
        day = scalars.WEEKDAY
        one: Schema = {"type": "string", "pattern": f"^({day}(-{day})?|daily)$"}
        return {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]}
