"""What differs between the questions of two files: asked on one side alone, or otherwise. It changes no result."""

from __future__ import annotations

from collections.abc import Iterator

from ccsim.scenario.diff import Difference
from ccsim.scenario.load import Loaded
from ccsim.scenario.question_names import written_questions
from ccsim.text.paths import joined
from ccsim.text.tree import flow

_LONGEST = 100_000
_SHOWN = 100


def differences_of_questions(a: Loaded, b: Loaded) -> Iterator[Difference]:
    """Every question that is not asked alike in both, by section and name."""
    old, new = _asked(a), _asked(b)
    for section, name in sorted(old.keys() | new.keys()):
        before, after = old.get((section, name), ""), new.get((section, name), "")
        if before == after:
            continue
        what = "asked in the second alone" if not before else "asked in the first alone" if not after else "changed"
        if before and after:
            what += f" ({_short(before)} -> {_short(after)})"
        yield Difference(section.capitalize(), name, joined(section, name), what, before, after, results=False)


def _asked(loaded: Loaded) -> dict[tuple[str, str], str]:
    """Every question as a line of YAML."""
    written = written_questions(loaded.questions) if loaded.questions is not None else ()
    return {(section, name): flow(entry.node, _LONGEST) for section, name, entry in written}


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
