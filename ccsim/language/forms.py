"""Forms: what may stand at a place of a scenario, how it is read, and how it is described."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from ccsim.language.names import KINDS
from ccsim.language.reading import BAD, Reading, good
from ccsim.text.faults import near
from ccsim.text.paths import joined
from ccsim.text.scalars import Misread
from ccsim.text.tree import Items, Leaf, Map, Node, shown

Schema = dict[str, Any]

NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+\-]{0,99}")


class Form(ABC):
    """What may stand at one place."""

    says: str = ""
    """What would do, in words: `a duration like 90s`."""
    listed = False
    """Whether it stands in a list, whose items a file that extends another says whole."""
    offers: str | None = None
    """Kind of names, see `KINDS`, that an editor offers here although others will do too."""

    @abstractmethod
    def read(self, node: Node, key: str, rd: Reading) -> Any:
        """The typed value, or BAD after noting every fault."""

    @abstractmethod
    def schema(self, defs: dict[str, Schema]) -> Schema:
        """JSON Schema of what a planner writes; sections go into `defs`."""

    def child(self, name: str, rd: Reading) -> Form | None:
        """The form under a key that may be written here although it is not, or None."""
        return None

    def known(self, rd: Reading) -> Sequence[str]:
        """Keys that may be written here."""
        return ()

    def meant(self, name: str) -> str:
        """What to say in place of a word that is no key here but is plainly meant; empty where that is not known."""
        return ""

    def other_name(self, name: str) -> str:
        """The other name of a key that was renamed: the new one of an old one, or the old one; empty where none was."""
        return ""

    def parts(self) -> Sequence[Form]:
        """Forms of what may stand inside."""
        return ()


class ScalarForm(Form):
    """One scalar, read by a function of its text that raises `Misread`."""

    def __init__(self, parse: Callable[[str], Any], says: str, schema: Schema, *, offers: str | None = None) -> None:
        self.parse = parse
        self.says = says
        self.offers = offers
        self._schema = schema

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        try:
            return self.parse(node.text)
        except Misread as misread:
            return rd.fault(str(misread), node.place, key)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return dict(self._schema)


class WordForm(Form):
    """One word of a list; `also`: words that mean the same as one of them."""

    def __init__(
        self,
        words: Sequence[str],
        meanings: Mapping[str, str] | None = None,
        also: Mapping[str, str] = MappingProxyType({}),
        instead: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.words = (*words, *also)
        self.also = also
        self.instead = instead
        """What to say in place of words that are none of these but are plainly meant."""
        self.meanings = meanings or {}
        """What a word means, for editors; not every word needs it."""
        self.says = "one of " + ", ".join(self.words)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        if node.text not in self.words:
            if instead := self.instead.get(node.text):
                return rd.fault(f"unknown {shown(node.text)}; say `{instead}`", node.place, key)
            hint = near(node.text, self.words)
            hint = "" if hint.startswith("; known") else hint
            return rd.fault(f"expected {self.says}, got {shown(node.text)}{hint}", node.place, key)
        return self.also.get(node.text, node.text)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"enum": list(self.words)}


class NameForm(Form):
    """A name; where `of` is given, one that the scenario defines."""

    def __init__(self, of: str | None = None, *, offers: str | None = None) -> None:
        self.of = of
        self.offers = of or offers
        self.says = f"the name of {KINDS[of][0]}" if of else "a name of letters, digits and _ . + -"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        if not NAME.fullmatch(node.text):
            return rd.expected("a name of letters, digits and _ . + -", node, key)
        if self.of and not rd.names.knows(self.of, node.text):
            return rd.unknown(KINDS[self.of][1], node.text, rd.names.of(self.of), node.place, key)
        return node.text

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": ["string", "number", "boolean"], "pattern": f"^{NAME.pattern}$"}  # `true` and `1e5` are names


class ListForm(Form):
    """A list; `one_will_do`: a single item need not be in brackets."""

    def __init__(
        self,
        item: Form,
        *,
        one_will_do: bool = False,
        least: int = 0,
        most: int = 1_000_000,
        distinct: bool = False,
    ) -> None:
        self.item = item
        self.one_will_do = one_will_do
        self.least = least
        self.most = most
        self.distinct = distinct
        self.says = f"{item.says}, or a list of such" if one_will_do else f"a list; each item {item.says}"
        item.listed = True

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Items):
            if not self.one_will_do:
                return rd.expected("a list", node, key)
            value = self.item.read(node, key, rd)
            return value if value is BAD else (value,)
        if not self.least <= len(node.items) <= self.most:
            bound = f"at least {self.least}" if len(node.items) < self.least else f"at most {self.most}"
            return rd.fault(f"expected {bound} in the list, got {len(node.items)}", node.place, key)
        values = []
        seen = set()
        for number, child in enumerate(node.items):
            at = f"{key}.{number}"
            value = self.item.read(child, at, rd)
            if self.distinct and value is not BAD:
                if value in seen:
                    value = rd.fault(f"{value} appears twice in the list", child.place, at)
                seen.add(value)
            values.append(value)
        return BAD if any(value is BAD for value in values) else tuple(values)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        items: Schema = {"type": "array", "items": self.item.schema(defs)}
        if self.least:
            items["minItems"] = self.least
        return {"anyOf": [self.item.schema(defs), items]} if self.one_will_do else items

    def parts(self) -> Sequence[Form]:
        return (self.item,)


def names_of(kind: str | None, *, least: int = 1) -> ListForm:
    """One name or a list of different ones; of the things of a kind where one is given."""
    return ListForm(NameForm(kind), one_will_do=True, least=least, distinct=True)


def _colon(name: str) -> str:
    """What to write where a name holds its value, `absence 5%`, or a space."""
    words = name.split()
    if len(words) == 2 and words[1][:1].isdecimal():
        return f"; a colon stands between them: `{words[0]}: {words[1]}`"
    joint = "_".join(words)
    return f"; write {joint}" if len(words) > 1 and NAME.fullmatch(joint) else ""


class DictForm(Form):
    """A map from names to equal things; where `of` is given, the names are defined elsewhere."""

    def __init__(
        self,
        value: Form,
        *,
        of: str | None = None,
        offers: str | None = None,
        least: int = 0,
        most: int = 100_000,
    ) -> None:
        self.value = value
        self.of = of
        self.offers = of or offers
        self.least = least
        self.most = most
        self.says = f"a map from names{' of ' + of if of else ''}; each value {value.says}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected("a map", node, key)
        if len(node.entries) < self.least:
            return rd.fault(f"expected at least {self.least} in the map, got none", node.place, key)
        if len(node.entries) > self.most:
            return rd.fault(f"expected at most {self.most:,} in the map", node.place, key)
        values = {}
        # Entries of a whole part of a scenario, `pools.desk`, are read once for all variants that share them.
        shared = "." not in key and rd.memory.look(rd, key)
        for name, entry in node.entries.items():
            at = joined(key, name)
            known, remarks = rd.memory.get(entry.node, at) if shared else (None, ())
            if known is not None:
                values[name] = known
                rd.faults.remarks += remarks
            elif not NAME.fullmatch(name):
                rd.fault(f"expected a name of letters, digits and _ . + -, got '{name}'{_colon(name)}", entry.place, at)
            elif self.of and not rd.names.knows(self.of, name):
                rd.unknown(KINDS[self.of][1], name, rd.names.of(self.of), entry.place, at)
            else:
                before, remarked = rd.faults.count, len(rd.faults.remarks)
                values[name] = self.value.read(entry.node, at, rd)
                if shared and rd.faults.count == before:
                    rd.memory.put(entry.node, at, values[name], rd.faults.remarks[remarked:])
        return good(values)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        schema: Schema = {
            "type": "object",
            "propertyNames": {"pattern": f"^{NAME.pattern}$"},
            "additionalProperties": self.value.schema(defs),
        }
        if self.least:
            schema["minProperties"] = self.least
        return schema

    def child(self, name: str, rd: Reading) -> Form | None:
        return self.value if self.offers and rd.names.knows(self.offers, name) else None

    def known(self, rd: Reading) -> Sequence[str]:
        return sorted(rd.names.of(self.offers)) if self.offers else ()

    def parts(self) -> Sequence[Form]:
        return (self.value,)


class EitherForm(Form):
    """One of several forms; `choose` looks at the node and says which."""

    def __init__(self, forms: Sequence[Form], choose: Callable[[Node], int], says: str) -> None:
        self.forms = tuple(forms)
        self.choose = choose
        self.says = says

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        return self.forms[self.choose(node)].read(node, key, rd)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [form.schema(defs) for form in self.forms]}

    def child(self, name: str, rd: Reading) -> Form | None:
        for form in self.forms:
            child = form.child(name, rd)
            if child is not None:
                return child
        return None

    def known(self, rd: Reading) -> Sequence[str]:
        return [name for form in self.forms for name in form.known(rd)]

    def other_name(self, name: str) -> str:
        return next((other for form in self.forms if (other := form.other_name(name))), "")

    def parts(self) -> Sequence[Form]:
        return self.forms
