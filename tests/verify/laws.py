"""Probability laws and times as the cases write them, and as a scenario says them."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable
from typing import Any

MINUTE = 60_000_000
"""Microseconds."""

Law = dict[str, Any]

_PAIR = re.compile(r"\b(mean|shape|scv|c2|cv|m1|m2|low|high|mode|k|p)\s*=?\s*(\d[\d.]*)")
_NUMBER = re.compile(r"\d+\.?\d*")


class CannotSay(Exception):  # noqa: N818
    """A case that the language has no words for (yet), with the reason."""


def duration(micros: float) -> str:
    """Duration in seconds with up to six decimals."""
    whole, rest = divmod(round(micros), 1_000_000)
    return f"{whole}s" if rest == 0 else f"{whole}.{rest:06d}".rstrip("0") + "s"


def exponential(mean: float, unit: float = MINUTE) -> Law:
    """Exponential law of a mean in units of `unit` microseconds."""
    return {"law": "exponential", "mean": duration(mean * unit)}


def by_moments(mean: float, second: float, unit: float = MINUTE) -> Law:
    """A law with a mean and a second moment: constant, exponential or lognormal."""
    scv = second / mean**2 - 1
    if abs(scv) < 1e-12:
        return {"law": "constant", "value": duration(mean * unit)}
    if abs(scv - 1) < 1e-12:
        return exponential(mean, unit)
    return {"law": "lognormal", "mean": duration(mean * unit), "cv": math.sqrt(scv)}


def second_moment(law: Law, unit: float = MINUTE) -> float:
    """Second moment of a law of this module, in units^2."""

    def at(key: str) -> float:
        return float(law[key][:-1]) * 1_000_000 / unit

    kind = law["law"]
    if kind == "empirical":
        return sum((float(v[:-1]) * 1_000_000 / unit) ** 2 for v in law["values"]) / len(law["values"])
    if kind == "uniform":
        low, high = at("low"), at("high")
        return (low * low + low * high + high * high) / 3
    if kind == "triangular":
        a, c, b = at("low"), at("mode"), at("high")
        return (a * a + b * b + c * c + a * b + a * c + b * c) / 6
    if kind == "hyperexponential":
        share = float(law["p"])
        return 2 * (share * at("m1") ** 2 + (1 - share) * at("m2") ** 2)
    if kind == "constant":
        return at("value") ** 2
    return float(at("mean") ** 2 * (1 + _scv(law)))


def _scv(law: Law) -> float:
    kind = law["law"]
    if kind == "exponential":
        return 1.0
    if kind == "lognormal":
        return float(law["cv"]) ** 2
    if kind == "erlang":
        return 1 / float(law["k"])
    if kind == "gamma":
        return 1 / float(law["shape"])
    shape = float(law["shape"])
    return math.gamma(1 + 2 / shape) / math.gamma(1 + 1 / shape) ** 2 - 1


def mean_of(law: Law, unit: float = MINUTE) -> float:
    """Mean of a law of this module, in units."""

    def at(key: str) -> float:
        return float(law[key][:-1]) * 1_000_000 / unit

    kind = law["law"]
    if kind == "empirical":
        return sum(float(v[:-1]) * 1_000_000 / unit for v in law["values"]) / len(law["values"])
    if kind == "uniform":
        return (at("low") + at("high")) / 2
    if kind == "triangular":
        return (at("low") + at("mode") + at("high")) / 3
    if kind == "hyperexponential":
        return float(law["p"]) * at("m1") + (1 - float(law["p"])) * at("m2")
    return at("value") if kind == "constant" else at("mean")


def law_of(text: str, unit: float = MINUTE, mean: float = 1.0) -> Law:
    """The law that a case names in text: `det(0.1)`, `exp 1`, `lognormal cv=2`, `E2 mean 1`, `LN(1,4) mean 1`.

    A mean that is not stated is `mean`.
    """
    words = text.strip().lower()
    named = {key: float(value) for key, value in _PAIR.findall(words)}
    head = re.match(r"[a-z]+", words)
    if head is None:
        raise CannotSay(f"a law written {text!r}")
    name = head.group()
    rest = _PAIR.sub(" ", words[head.end() :])
    numbers = [float(n) for n in _NUMBER.findall(rest)]

    def time(value: float) -> str:
        return duration(value * unit)

    def mean_or(default: float) -> float:
        return named.get("mean", default)

    if name in ("m", "exp", "exponential"):
        return {"law": "exponential", "mean": time(mean_or(numbers[0] if numbers else mean))}
    if name in ("d", "det", "deterministic", "const", "constant"):
        return {"law": "constant", "value": time(mean_or(numbers[0] if numbers else mean))}
    if name in ("e", "erlang"):
        stages = named.get("k", numbers[0] if numbers else 0)
        if stages < 1:
            raise CannotSay(f"a law written {text!r}: stages not stated")
        average = mean_or(numbers[1] if len(numbers) > 1 and "k" not in named else mean)
        return {"law": "erlang", "mean": time(average), "k": int(stages)}
    if name in ("unif", "uniform", "u"):
        low, high = named.get("low", numbers[0]), named.get("high", numbers[-1])
        return {"law": "uniform", "low": time(low), "high": time(high)}
    if name in ("tri", "triangular") and len(numbers) == 3:
        low, mode, high = numbers
        return {"law": "triangular", "low": time(low), "mode": time(mode), "high": time(high)}
    if name in ("gamma", "weibull") and "shape" in named:
        return {"law": name, "mean": time(mean_or(mean)), "shape": named["shape"]}
    if name in ("ln", "lognormal"):
        return _lognormal(text, named, numbers, time, mean)
    if name in ("h", "hyperexp", "hyperexponential"):
        return _hyperexponential(text, named, time, mean)
    raise CannotSay(f"a law written {text!r}")


def _lognormal(
    text: str, named: dict[str, float], numbers: list[float], time: Callable[[float], str], mean: float
) -> Law:
    if len(numbers) == 2 and "cv" not in named:
        average, scv = numbers  # LN(m, c2): mean and squared coefficient of variation
        return {"law": "lognormal", "mean": time(average), "cv": math.sqrt(scv)}
    if "cv" in named:
        cv = named["cv"]
    elif "scv" in named or "c2" in named:
        cv = math.sqrt(named.get("scv", named.get("c2", 0.0)))
    else:
        raise CannotSay(f"a law written {text!r}: spread not stated")
    return {"law": "lognormal", "mean": time(named.get("mean", mean)), "cv": cv}


def _hyperexponential(text: str, named: dict[str, float], time: Callable[[float], str], mean: float) -> Law:
    if {"p", "m1", "m2"} <= named.keys():
        return _branches(named["p"], time(named["m1"]), time(named["m2"]))
    scv = named.get("scv", named.get("c2", named.get("cv", 0.0) ** 2))
    if scv <= 1:
        raise CannotSay(f"a law written {text!r}: branches not stated")
    share = (1 + math.sqrt((scv - 1) / (scv + 1))) / 2  # balanced means
    average = named.get("mean", mean)
    return _branches(share, time(average / (2 * share)), time(average / (2 * (1 - share))))


def _branches(share: float, first: str, second: str) -> Law:
    return {"law": "hyperexponential", "p": share, "m1": first, "m2": second}


def function_of_time(text: str) -> Callable[[float], float]:
    """The rate that a case writes as `20+8*sin(2*pi*t/60) per min`, as a function of t."""
    body = text.split(" per ")[0].strip()
    tree = ast.parse(body, mode="eval")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in ("t", "pi", "sin", "cos", "exp", "max", "min"):
            raise CannotSay(f"a rate written {text!r}")
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Lambda):
            raise CannotSay(f"a rate written {text!r}")
    code = compile(tree, "<rate>", "eval")
    words = {"pi": math.pi, "sin": math.sin, "cos": math.cos, "exp": math.exp, "max": max, "min": min}

    def rate(t: float) -> float:
        return float(eval(code, {"__builtins__": {}}, words | {"t": t}))

    return rate


def patience_of(law: Law | None, zero: float = 0.0) -> dict[str, Any] | None:
    """Patience with a share that leaves at once; None where nobody ever leaves."""
    if law is None and not zero:
        return None
    said: dict[str, Any] = dict(law) if law else {}
    if zero:
        said["zero"] = zero
    return said
