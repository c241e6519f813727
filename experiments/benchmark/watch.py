"""Timers around functions, without touching their modules: time in each, less the time in the others."""

from __future__ import annotations

import functools
import importlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class Watch:
    """Own seconds of processor time, and calls, by stage; functions may run on several threads."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._thread = threading.local()
        self._lock = threading.Lock()

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, timed as a stage."""
        self.seconds.setdefault(stage, 0.0)
        self.calls.setdefault(stage, 0)

        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            inside: list[float] = self._thread.__dict__.setdefault("inside", [])
            inside.append(0.0)
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                whole = time.thread_time() - began
                own = whole - inside.pop()
                if inside:
                    inside[-1] += whole
                with self._lock:
                    self.seconds[stage] += own
                    self.calls[stage] += 1

        return timed


@contextmanager
def watching(stages: Mapping[str, tuple[str, ...]], package: str = "ccsim") -> Iterator[Watch]:
    """Time functions named `module:function` or `module:Class.method`, wherever `package` has them by name.

    A function that is called from compiled code is not seen: its time is its caller's.
    """
    watch = Watch()
    undo: list[tuple[Any, str, Any]] = []
    try:
        for stage, names in stages.items():
            for name in names:
                module, _, path = name.partition(":")
                *owners, last = path.split(".")
                owner = functools.reduce(getattr, owners, importlib.import_module(module))
                original = getattr(owner, last)
                timed = watch.wrap(stage, original)
                for place, attribute in [(owner, last)] if owners else _places(original, package):
                    undo.append((place, attribute, original))
                    setattr(place, attribute, timed)
        yield watch
    finally:
        for place, attribute, original in undo:
            setattr(place, attribute, original)


def _places(original: Any, package: str) -> list[tuple[Any, str]]:
    """Modules and names under which a function is known."""
    modules = [m for n, m in list(sys.modules.items()) if n == package or n.startswith(package + ".")]
    return [(m, name) for m in modules for name, value in list(vars(m).items()) if value is original]
