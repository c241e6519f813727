"""A scenario is checked and compiled by a copy of this process, while this one loads what simulates it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ccsim.copies import Copy, CopyEndedError

if TYPE_CHECKING:
    from ccsim.experiments.prepared import Prepared


def prepared_aside(scenario: str, **given: Any) -> Prepared:
    """What `ccsim.api.prepare` makes of the same parameters, where that is worth it by a copy; faults as there."""
    import numpy as np  # noqa: F401 - both need it

    import ccsim.scenario.load  # noqa: F401
    from ccsim import api

    prepare = partial(api.prepare, scenario, **given)
    with Copy() as copy:
        if copy.begin(prepare):
            for load in _LOADS:
                if copy.ended:
                    break
                load()
            # What is of no scenario's making happens here again, and is told as what it is.
            with suppress(CopyEndedError, RuntimeError):
                prepared: Prepared = copy.answer()
                return prepared
    return prepare()


def _load_engine() -> None:
    import ccsim.engine  # noqa: F401


def _load_special_functions() -> None:
    import ccsim.special_functions  # noqa: F401


def _load_kernel() -> None:
    from ccsim.engine import load_compiled

    load_compiled()


def _load_tables() -> None:
    import ccsim.experiments.runs
    import ccsim.results.store  # noqa: F401


_LOADS: Final[tuple[Callable[[], None], ...]] = (
    _load_engine,
    _load_special_functions,
    _load_kernel,
    _load_tables,
)
"""What a run needs, in the order in which it does: the next is loaded where there is still time."""
