"""One mutant's trial: a forked process imports the package with one module changed and runs the tests of its room.

What the package needs is imported once, before forking; the package itself and the tests are imported in each fork, so
that the change is seen wherever its module is used. No file is written.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import os
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import CodeType
from typing import Any, Final

_NEEDED: Final = (
    "numpy", "pandas", "numba", "numba.extending", "scipy.special", "scipy.stats", "scipy.sparse", "simpy", "highspy",
    "pydantic", "yaml", "holidays", "jinja2", "pyarrow", "pyarrow.parquet", "typer", "rich.console", "hypothesis",
    "hypothesis.strategies", "pytest", "_pytest.assertion.rewrite",
)  # fmt: skip
_MEMORY: Final = 6 << 30
#: A mutant may take so many times the processor time of the unchanged module, and at least so many seconds.
_TIMES, _LEAST = 1.5, 5.0


@dataclass(frozen=True)
class Verdict:
    """How a trial ended."""

    outcome: str
    """`survived`, `killed` by a test, or `timed out` or `crashed`, which count as killed."""
    by: str
    """The first test that failed, or why no test ran."""
    seconds: float
    """Processor time."""

    @property
    def killed(self) -> bool:
        """Whether the tests saw the change."""
        return self.outcome != "survived"


def prepare() -> None:
    """Import what every trial needs but the package; the kernel stays uncompiled."""
    assert os.environ.get("NUMBA_DISABLE_JIT") == "1", "the kernel must be simulated uncompiled"
    for name in _NEEDED:
        import_module(name)
    assert not any(name.split(".")[0] in ("ccsim", "tests") for name in sys.modules)


def trial(tests: Sequence[str], module: str = "", source: str = "", usual: float = 0.0) -> Verdict:
    """Run tests with a module's source changed, in a process of its own.

    Parameters
    ----------
    module, source
        Path of the module and its whole text; without, the package as it is.
    usual
        Processor time of the tests as it is, seconds; sets the time limit. Without, there is none.
    """
    with tempfile.TemporaryFile("w+") as out:
        child = os.fork()
        if child == 0:
            _simulate(tests, module, source, out.fileno(), int(_TIMES * usual + _LEAST) if usual else 0)
        status, seconds = _wait(child, 20 * (_TIMES * usual + _LEAST) if usual else 3600.0)
        out.seek(0)
        text = out.read()
    if os.WIFSIGNALED(status):
        number = signal.Signals(os.WTERMSIG(status))
        late = number in (signal.SIGXCPU, signal.SIGKILL)
        return Verdict("timed out" if late else "crashed", number.name, seconds)
    if os.WEXITSTATUS(status) == 0:
        return Verdict("survived", "", seconds)
    found = re.search(r"^(?:FAILED|ERROR) (\S+(?: [^-]\S*)*)", text, re.MULTILINE)
    return Verdict("killed", found.group(1) if found else text.strip()[-300:], seconds)


def _wait(child: int, longest: float) -> tuple[int, float]:
    end = time.monotonic() + longest
    while True:
        done, status, used = os.wait4(child, os.WNOHANG)
        if done:
            return status, used.ru_utime + used.ru_stime
        if time.monotonic() > end:
            os.killpg(child, 9)
        time.sleep(0.02)


def _simulate(tests: Sequence[str], module: str, source: str, out: int, limit: int) -> None:
    """In the forked process: never returns."""
    code = 3
    try:
        os.setpgid(0, 0)
        os.dup2(out, 1)
        os.dup2(out, 2)
        if limit:
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        if module:
            sys.meta_path.insert(0, _Changed(module, source))
        import pytest
        from hypothesis import Phase, settings

        # a failure need not be made small, and nothing is kept
        settings.register_profile("trial", database=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
        settings.load_profile("trial")
        quiet = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]
        code = int(pytest.main([*quiet, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]))
    except BaseException:  # noqa: BLE001  # the fork must not go on as its parent
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


class _Changed(importlib.abc.MetaPathFinder):
    """Finds one module with another text."""

    def __init__(self, module: str, source: str) -> None:
        self._path, self._source = module, source
        self._name = module.removesuffix(".py").replace("/", ".")

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        whole = str(Path(self._path).resolve())
        loader = _Loader(fullname, whole, self._source)
        return importlib.machinery.ModuleSpec(fullname, loader, origin=whole)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)
