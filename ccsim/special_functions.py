"""SciPy's special functions, loaded in two thirds of the time.

SciPy makes a list of all that NumPy has, and so has NumPy load its compiler of Fortran and its test tools. Here these
are loaded once something of them is used.
"""

from __future__ import annotations

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from typing import Final

import numpy as np

_LISTED: Final = ("f2py", "testing")
"""Modules of NumPy that SciPy asks for and does not use."""


def _load_once_used(name: str) -> None:
    """A module of NumPy that is there, but loads itself when something of it is asked for."""
    full = f"numpy.{name}"
    spec = None if full in sys.modules else find_spec(full)
    if spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    sys.modules[full] = module = module_from_spec(spec)
    spec.loader.exec_module(module)
    setattr(np, name, module)


for _name in _LISTED:
    _load_once_used(_name)

from scipy.special import (  # noqa: E402
    betainc,
    betaincinv,
    expit,
    gammaincc,
    gammaincinv,
    gammaln,
    logit,
    ndtri,
    stdtr,
    stdtrit,
)

__all__ = [
    "betainc",
    "betaincinv",
    "expit",
    "gammaincc",
    "gammaincinv",
    "gammaln",
    "logit",
    "ndtri",
    "stdtr",
    "stdtrit",
]
