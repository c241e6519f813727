"""`ccsim staff --save FILE`: the plan that was found as a variant, in a file of its own or in the scenario's."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ccsim.commands.output import write_whole
from ccsim.errors import CcsimError

if TYPE_CHECKING:
    from ccsim.experiments.staffing_found import FoundStaff

NAME: Final = "staff"
"""The variant's name; `staff_2` and so on where the scenario has it."""
_SECTION: Final = re.compile(r"^variants:[ \t]*(?P<rest>[^\n#]*?)[ \t]*(?:#[^\n]*)?$", re.MULTILINE)
_CHILD: Final = re.compile(r"^(?P<indent>[ ]+)[^ #\n]", re.MULTILINE)


class Saved:
    """Where the plan goes. Made before the search, so that a name that will not do is told at once."""

    def __init__(self, file: str, scenario: str, *, force: bool) -> None:
        """`CcsimError` where it cannot be written, or is another file that exists and is not to be replaced."""
        from ccsim.scenario.load import split_variants

        self.path = Path(file)
        source, self.variants = split_variants(scenario)
        self.source = Path(source)
        self.inside = self.path.exists() and self.source.exists() and self.path.samefile(self.source)
        if not self.path.parent.is_dir():
            raise CcsimError(f"--save {file}: there is no folder {self.path.parent}")
        self.base = os.path.relpath(self.source.resolve(), self.path.parent.resolve())
        if self.base.startswith(".."):
            raise CcsimError(
                f"--save {file}: a scenario may not extend a file from outside its folder: save it beside {source}"
            )
        if self.path.is_dir():
            raise CcsimError(f"--save {file}: is a folder; name a file")
        if self.path.exists() and not self.inside and not force:
            raise CcsimError(f"--save {file}: exists; take another name, or --force to replace it")
        if self.inside and (found := _SECTION.search(self._written())) is not None and found["rest"]:
            raise CcsimError(
                f"--save {file}: `variants:` stands in one line there, where nothing can be added; save to a file of "
                "its own"
            )

    def _written(self) -> str:
        return self.path.read_bytes().decode("utf-8")

    def write(self, made: FoundStaff, settings: Sequence[str]) -> str:
        """Write the plan; the scenario and variants by which it is run: `plan.yaml:staff`."""
        from ccsim.experiments.prepared import every_variant

        known = {one.rsplit(":", 1)[1] for one in every_variant(str(self.source))} | set(self.variants)
        name = next(one for one in (NAME, *(f"{NAME}_{n}" for n in range(2, 10_000))) if one not in known)
        if self.inside:
            text = _put_into(self._written(), name, made, settings)
        else:
            lines = [f"# {said(made)}", f"extends: {self.base}", "", "variants:", *_entries(name, made, settings, "  ")]
            text = "\n".join(lines) + "\n"
        write_whole(self.path, text)
        return shlex.quote(":".join([str(self.path), *self.variants, name]))


def said(made: FoundStaff) -> str:
    """What the plan is, in a line."""
    standing = "certified by fresh replications" if made.certified else "not certified"
    return f"Found by ccsim staff, seed {made.seed}: {standing}"


def _entries(name: str, made: FoundStaff, settings: Sequence[str], indent: str) -> list[str]:
    """The variant: what was set for the search, and then the people."""
    assert made.found is not None
    given = [one.partition("=") for one in settings]
    lines = [f"{key.strip()}: {value.strip()}" for key, _, value in given]
    lines += [f"{one.key}: {n}" for one, n in zip(made.levers, made.found.heads, strict=True)]
    return [f"{indent}{name}:", *(f"{indent}{indent}{line}" for line in lines)]


def _put_into(text: str, name: str, made: FoundStaff, settings: Sequence[str]) -> str:
    """The scenario's text with the variant; every other line stays as it is."""
    section = _SECTION.search(text)
    if section is None:
        gap = "" if not text or text.endswith("\n") else "\n"
        entries = _entries(name, made, settings, "  ")
        return "\n".join([text + gap, "variants:" + f"  # {said(made)}", *entries]) + "\n"
    child = _CHILD.match(text, section.end() + 1) or _CHILD.search(text, section.end())
    indent = child["indent"] if child is not None else "  "
    entries = _entries(name, made, settings, indent)
    entries[0] += f"  # {said(made)}"
    return text[: section.end()] + "\n" + "\n".join(entries) + text[section.end() :]
