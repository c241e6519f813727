"""A model is made without the compiler, and SciPy's special functions without what SciPy only lists."""

from __future__ import annotations

import subprocess
import sys

import scipy.special

from ccsim import special_functions


def said(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_model_is_made_without_the_compiler() -> None:
    code = (
        "import sys, ccsim.model; print(sorted({'numba', 'llvmlite', 'pandas', 'scipy', 'simpy'} & set(sys.modules)))"
    )
    assert said(code) == "[]"


def test_special_functions_are_scipys() -> None:
    for name in special_functions.__all__:
        assert getattr(special_functions, name) is getattr(scipy.special, name)


def test_what_scipy_only_lists_is_loaded_once_it_is_used() -> None:
    code = """
import sys, ccsim.special_functions
import numpy as np
print("numpy.testing._private.utils" in sys.modules, "numpy.f2py.crackfortran" in sys.modules)
np.testing.assert_allclose(1.0, 1.0)
import numpy.f2py
print("numpy.testing._private.utils" in sys.modules, callable(numpy.f2py.get_include))
"""
    assert said(code) == "False False\nTrue True"
