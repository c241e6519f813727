"""The opening backlog: contacts that lie there when the simulated time begins."""

from __future__ import annotations

from typing import Any, Final

from ccsim.language.derive import form_for, quantity
from ccsim.language.forms import Form, ListForm, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.language.section import Section, field
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration
from ccsim.text.scalars import duration_text
from ccsim.text.tree import Leaf, Map, Node

MOST_CONTACTS: Final = 1_000_000


class Backlog(Section):
    """Contacts that wait when the simulated time begins."""

    contacts: Count = field(least=1, most=MOST_CONTACTS, unit="contacts")
    """How many: exactly so many."""
    oldest: Duration = field(default=0, label="oldest")
    """How long before the start the oldest of them came. The others came at even distances after it."""
    youngest: Duration = field(default=0, label="youngest")
    """How long before the start the youngest of them came."""

    told_first = ("contacts",)


def _batch(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    oldest, youngest = values.get("oldest", 0), values.get("youngest", 0)
    if youngest > oldest:
        said = f"the youngest ({duration_text(youngest)}) is older than the oldest ({duration_text(oldest)})"
        return rd.fault(said, node.entries["youngest"].node.place, joined(key, "youngest"))
    return values


_BATCH: Final = form_for(Backlog, finish=_batch, says="a map like {contacts: 200, oldest: 3d}")
_NUMBER: Final = quantity("count", least=1, most=MOST_CONTACTS)


class BacklogForm(Form):
    """A number of contacts that came just now, or a map with their ages."""

    says = "a whole number like 200, or a map like {contacts: 200, oldest: 3d}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf):
            contacts = _NUMBER.read(node, key, rd)
            return BAD if contacts is BAD else Backlog(contacts=contacts)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        made = _BATCH.read(node, key, rd)
        return made if isinstance(made, Backlog) else BAD

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [_NUMBER.schema(defs), _BATCH.schema(defs)]}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _BATCH.child(name, rd)

    def known(self, rd: Reading) -> list[str]:
        return list(_BATCH.known(rd))

    def parts(self) -> tuple[Form, ...]:
        return (_BATCH,)


BACKLOG: Final = ListForm(BacklogForm(), one_will_do=True, least=1, most=100)
