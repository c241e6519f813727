"""Money: prices in the scenario's currency or in another one, and what the others are worth."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, Final

from ccsim.language.forms import DictForm, Form, ScalarForm, Schema
from ccsim.language.reading import BAD, Reading
from ccsim.text import scalars
from ccsim.text.faults import near
from ccsim.text.paths import joined
from ccsim.text.tree import Leaf, Map, Node, shown

CODE: Final = "[A-Z]{3}"
_AMOUNT: Final = re.compile(rf"({scalars.NUMBER}) ?({CODE})")
_BEFORE: Final = re.compile(
    rf"({CODE}|[A-Za-z]{{3}}|[$€£¥₹₱₩₺₽]) ?({scalars.NUMBER})|({scalars.NUMBER}) ?([$€£¥₹₱₩₺₽]|[A-Za-z]{{3}})"
)
_SIGNS: Final = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₱": "PHP",
    "₩": "KRW",
    "₺": "TRY",
    "₽": "RUB",
}
_RATE: Final = re.compile(rf"({scalars.NUMBER}) ?(?:(per) )?({CODE})")
SAYS: Final = "an amount like 41.50, or 41.50 EUR"
IN_CURRENCY: Final = (
    "a price names its currency, `paid_hour: 18.50 EUR`, and `currencies: {EUR: 1.08 USD}` says what that is worth"
)
_LEAST, _MOST = Fraction(1, 10**9), Fraction(10**9)


def currency_of(text: str) -> str:
    """The ISO code of a currency; raises `Misread`."""
    if not re.fullmatch(CODE, text):
        hint = f"; write {text.upper()}" if re.fullmatch("[A-Za-z]{3}", text) else ""
        hint = f"; write {_SIGNS[text]}" if text in _SIGNS else hint
        raise scalars.Misread(f"expected the ISO code of a currency like USD, got {shown(text)}{hint}")
    return text


class OwnCurrencyForm(ScalarForm):
    """The scenario's currency; later readers of prices use it."""

    def __init__(self) -> None:
        schema: Schema = {"type": "string", "pattern": f"^{CODE}$"}
        super().__init__(currency_of, "the ISO code of a currency like USD", schema)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        code = super().read(node, key, rd)
        rd.currency = "" if code is BAD else code
        return code


class MoneyForm(Form):
    """An amount in the scenario's currency; one that is written in another is converted as it is read."""

    says = SAYS

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        said = _AMOUNT.fullmatch(node.text)
        try:
            value = scalars.exact(said[1]) if said else scalars.number(node.text, self.says)
        except scalars.Misread as misread:
            return rd.fault(f"{misread}{_otherwise(node.text)}", node.place, key)
        if not said:
            return value
        code = said[2]
        # Where the scenario's own currency could not be read, that is told; no rate can be known to be missing.
        if code == rd.currency or not rd.currency:
            return float(value)
        if code in rd.unread_rates:
            return BAD
        rate = rd.rates.get(code)
        if rate is None:
            known = near(code, rd.rates) if rd.rates else ""
            remedy = f"say what one {code} is worth: `currencies: {{{code}: 1.08 {rd.currency}}}`"
            return rd.fault(f"no rate of {code} is known{known}; {remedy}", node.place, key)
        return float(value * rate)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        pattern = f"^{scalars.NUMBER}( ?{CODE})?$"
        return {"type": ["number", "string"], "pattern": pattern, "minimum": 0}


def _otherwise(text: str) -> str:
    """How an amount with its currency in front, or with a sign, is written; empty where it is none."""
    comma = re.fullmatch(rf"([0-9]+),([0-9]{{1,2}})( ?{CODE})", text)
    if comma:
        return f"; the decimal sign is a point: {comma[1]}.{comma[2]}{comma[3]}"
    said = _BEFORE.fullmatch(text)
    if not said:
        return ""
    amount, code = (said[2], said[1]) if said[2] else (said[3], said[4])
    return f"; write {amount} {_SIGNS.get(code, code.upper())}"


class RateForm(Form):
    """What one unit of a currency is worth: `1.08 USD`, or how many of it one is worth: `58.2 per USD`."""

    says = "what one is worth, like 1.08 USD, or how many one buys, like 58.2 per USD"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Leaf) or node.empty:
            return rd.expected(self.says, node, key)
        own, code = rd.currency or "USD", key.rpartition(".")[2]
        said = _RATE.fullmatch(node.text)
        if not said:
            worth = f"; if one {code} is worth so many {own}, write `{node.text} {own}`"
            buys = f"; if one {own} is worth so many {code}, write `{node.text} per {own}`"
            hint = worth + buys if re.fullmatch(scalars.NUMBER, node.text) else ""
            return rd.fault(f"expected {self.says}, got {shown(node.text)}{hint}", node.place, key)
        if said[3] != own:
            return rd.fault(
                f"expected a rate in {own}, the currency of all results, got {shown(node.text)}", node.place, key
            )
        rate = scalars.exact(said[1])
        if not _LEAST <= rate <= _MOST:
            return rd.fault(f"expected a rate from 1e-9 to 1e9, got {shown(node.text)}", node.place, key)
        return 1 / rate if said[2] else rate

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "string", "pattern": f"^{scalars.NUMBER} ?(per )?{CODE}$"}


class CurrenciesForm(DictForm):
    """What other currencies are worth, by code. Later readers of prices use it."""

    def __init__(self) -> None:
        super().__init__(RateForm(), most=200)
        self.says = "a map of rates like {EUR: 1.08 USD, PHP: 58.2 per USD}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        rates: dict[str, Fraction] = {}
        for name, entry in node.entries.items():
            at = joined(key, name)
            try:
                currency_of(name)
            except scalars.Misread as misread:
                rd.fault(str(misread), entry.place, at)
                rd.unread_rates.add(name.upper())
                continue
            if name == rd.currency:
                rd.fault(f"{name} is the scenario's own currency, worth 1; leave it out", entry.place, at)
                continue
            rate = self.value.read(entry.node, at, rd)
            if rate is BAD:
                rd.unread_rates.add(name)
            else:
                rates[name] = rate
        rd.rates = rates
        return {name: float(rate) for name, rate in rates.items()}

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^{CODE}$"},
            "additionalProperties": self.value.schema(defs),
        }

    def child(self, name: str, rd: Reading) -> Form | None:
        return self.value if re.fullmatch(CODE, name) else None


def in_unit_of(old: Node | None, value: Node) -> Node:
    """A plain number that replaces a rate, in the words of that rate: `1.12` in place of `1.08 USD` is `1.12 USD`."""
    if not (isinstance(old, Leaf) and isinstance(value, Leaf) and re.fullmatch(scalars.NUMBER, value.text)):
        return value
    said = _RATE.fullmatch(old.text)
    return Leaf(f"{value.text} {said[2] + ' ' if said[2] else ''}{said[3]}", True, value.place) if said else value
