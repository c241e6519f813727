"""A scenario file with all that it extends, as one tree."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ccsim.language.reading import FileUse, reason
from ccsim.text.compose import MOST_BYTES, Unreadable, compose, decode
from ccsim.text.faults import Faults
from ccsim.text.merge import Applied, merge
from ccsim.text.tree import Leaf, Map, Place, Source, kind_of
from ccsim.text.within import refusal

LONGEST_CHAIN: Final = 20


class Opening:
    """What opening a scenario brings: a tree, the files that were read, the values that were replaced, faults."""

    def __init__(self, home: Path, texts: Mapping[str, str] | None = None) -> None:
        """`home`: the folder in which files that are extended lie; `texts`: of what an editor holds, by real paths."""
        self.home = home
        self.texts = texts or {}
        self.faults = Faults(home)
        self.files: dict[str, FileUse] = {}
        self.applied: list[Applied] = []

    def file(self, source: Source, chain: list[str], asked: Place | None) -> Map:
        """The tree of a file and of all that it extends; `asked` is where another file names it.

        Raises `Unreadable` after noting why.
        """
        place, key = (asked, "extends") if asked else (Place(source), "")
        try:
            path = Path(source.name)
            why = refusal(path, self.home) if asked is not None else ""
            if why:
                self.faults.add(f"cannot read '{source.name}': {why}", place, key)
                raise Unreadable
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                self.faults.add("not a file" if asked is None else f"'{source.name}' is not a file", place, key)
                raise Unreadable
            if status.st_size > MOST_BYTES:
                self.faults.add(f"{status.st_size:,} bytes; at most {MOST_BYTES:,} are read", Place(source), "")
                raise Unreadable
            real = os.path.realpath(path)
            data = self.texts[real].encode("utf-8", "surrogatepass") if real in self.texts else path.read_bytes()
        except (OSError, ValueError) as error:
            what = "cannot be read" if asked is None else f"cannot read '{source.name}'"
            self.faults.add(f"{what}: {reason(error)}", place, key)
            raise Unreadable from None
        if real in chain:
            self.faults.add(f"'{source.name}' extends itself", place, key)
            raise Unreadable
        if len(chain) >= LONGEST_CHAIN:
            self.faults.add(f"more than {LONGEST_CHAIN} files extend one another", place, key)
            raise Unreadable
        return self.data(data, source, [*chain, real])

    def data(self, data: bytes, source: Source, chain: list[str]) -> Map:
        """The tree of a file's bytes, over that of the file which it extends."""
        self.files[source.name] = FileUse(source.name, hashlib.sha256(data).hexdigest())
        root = compose(decode(data, source, self.faults), source, self.faults)
        if not isinstance(root, Map):
            wanted = "expected a map with scenario, horizon, demand, pools"
            self.faults.add(f"{wanted}, got {kind_of(root)}", root.place)
            raise Unreadable
        extends = root.entries.get("extends")
        if extends is None:
            return root
        named = extends.node
        own = Map({key: entry for key, entry in root.entries.items() if key != "extends"}, root.place)
        if not isinstance(named, Leaf) or named.empty:
            self.faults.add(f"expected the name of a scenario file, got {kind_of(named)}", named.place, "extends")
            raise Unreadable
        name = os.path.normpath(source.folder / named.text)
        base = self.file(Source(name, Path(name).parent), chain, named.place)
        return merge(base, own, "", self.faults, self.applied)
