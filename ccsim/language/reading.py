"""What readers share while they turn a tree into typed sections: faults, names, files, the horizon."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from ccsim.errors import Remark
from ccsim.language.names import Names
from ccsim.text.faults import Faults, near
from ccsim.text.tree import Leaf, Node, Place, kind_of, shown
from ccsim.text.within import refusal

if TYPE_CHECKING:
    from ccsim.language.files import TableFile
    from ccsim.language.profiles import Profile


class Bad:
    """Stands for a value that could not be read; its fault has been noted."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = Bad()


@dataclass(slots=True)
class FileUse:
    """A file that was read."""

    name: str
    """As the user named it."""
    sha256: str
    """Digest of its bytes."""


class Remembered:
    """Sections that were read without a fault, for further readings of the same tree.

    Nodes never change and the variants of a scenario share those that they leave alone; so a node under the same key
    is read once, as long as all that its reading looks at besides (names, zones, the horizon, profiles) is the same.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[Any, ...]] = {}
        self._sections: dict[tuple[int, str], tuple[Node, Any, Sequence[Remark]]] = {}
        self.files: dict[str, FileUse] = {}
        """Files that the sections were read from."""
        self.sound: dict[Any, Any] = {}
        """Eligible pools that checks found to be sound, by all that they depend on."""
        self.plans: dict[Any, Any] = {}
        """What the looks at plans share, by the demand that they depend on."""
        self.kept: list[Any] = []
        """Scenarios that were looked at: their sections stay, so that an id means one section."""

    def copy(self) -> Remembered:
        """The same, to which a reading can add what this one is not to keep."""
        other = Remembered()
        for name, value in vars(self).items():
            setattr(other, name, value.copy())
        return other

    def look(self, rd: Reading, section: str) -> bool:
        """Whether what was read before in a section may be used in a reading."""
        seen = (
            rd.names.kinds,
            rd.zone,
            rd.start,
            rd.simulated,
            rd.handle_time_cv,
            (rd.currency, tuple(rd.rates.items())),
            dict(rd.zones),
            dict(rd.site_zones),
            dict(rd.profiles),
            {name: one for name, (one, _) in rd.named_files.items()},
        )
        return self._seen.setdefault(section, seen) == seen

    def get(self, node: Node, key: str) -> tuple[Any, Sequence[Remark]]:
        """The section that was read at a node under a key, and what was remarked of it; None where there is none."""
        _, section, remarks = self._sections.get((id(node), key), (None, None, ()))
        return section, remarks

    def put(self, node: Node, key: str, section: Any, remarks: Sequence[Remark]) -> None:
        """Remember a section and its remarks; the node is kept, so that its id stays its own."""
        self._sections[id(node), key] = (node, section, remarks)


@dataclass(slots=True)
class Reading:
    """One reading of one scenario."""

    faults: Faults
    names: Names
    files: dict[str, FileUse] = field(default_factory=dict)
    """Files read, by name."""
    tables: dict[Any, Any] = field(default_factory=dict)
    """CSV files already read, so that streams may share one."""
    zone: ZoneInfo | None = None
    """Time zone, once it has been read without fault."""
    start: datetime | None = None
    """Local start of the horizon, once it has been read without fault."""
    simulated: timedelta | None = None
    """Longest simulated time: warm-up, length and drain period."""
    arriving: timedelta | None = None
    """Time in which contacts arrive: warm-up and length."""
    handle_time_cv: float | None = None
    """Coefficient of variation of talk of which only a mean is written."""
    currency: str = "USD"
    """The scenario's currency; empty where it could not be read."""
    rates: dict[str, Fraction] = field(default_factory=dict)
    """What one unit of other currencies is worth in it."""
    unread_rates: set[str] = field(default_factory=set)
    """Currencies whose rates could not be read, which was told."""
    zones: dict[str, ZoneInfo] = field(default_factory=dict)
    """Time zones of the markets that could be read."""
    site_zones: dict[str, ZoneInfo] = field(default_factory=dict)
    """Time zones of the sites that could be read."""
    profiles: dict[str, Profile] = field(default_factory=dict)
    """The scenario's own profiles that could be read."""
    pool_groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Pools that stand for several, by activity of their roster: their names by the one that is written."""
    named_files: dict[str, tuple[TableFile | None, Node]] = field(default_factory=dict)
    """The scenario's `files` by name, None for one that could not be read, and where each stands."""
    home: Path | None = None
    """Folder in which files lie; None: that of the file in which their name stands."""
    memory: Remembered = field(default_factory=Remembered)
    """What readings of other variants have found."""

    def zone_of(self, market: str | None) -> ZoneInfo | None:
        """Zone of the local times of a market: its own where it is defined, else the scenario's."""
        return self.zones.get(market or "", self.zone)

    def fault(self, message: str, place: Place, key: str) -> Bad:
        """Note a fault."""
        self.faults.add(message, place, key)
        return BAD

    def warn(self, message: str, place: Place, key: str) -> None:
        """Note what can be simulated but is probably not meant."""
        self.faults.remark(message, place, key)

    def assume(self, message: str, place: Place, key: str) -> None:
        """Note what a short form is taken for."""
        self.faults.remark(message, place, key, "assumed")

    def mirror(self, message: str, place: Place, key: str) -> None:
        """Note what was read from a file."""
        self.faults.remark(message, place, key, "read")

    def expected(self, what: str, node: Node, key: str) -> Bad:
        """Note that something else was expected where `node` stands."""
        hint = "; to keep the default, leave out the key" if isinstance(node, Leaf) and node.empty else ""
        return self.fault(f"expected {what}, got {kind_of(node)}{hint}", node.place, key)

    def unknown(self, what: str, name: str, known: Iterable[str], place: Place, key: str) -> Bad:
        """Note a name that nobody knows, with the nearest that are known."""
        hint = "" if self.faults.full else near(name, known)
        return self.fault(f"{what} {shown(name)}{hint}", place, key)

    def file(self, text: str, node: Node, key: str, most_bytes: int) -> tuple[str, bytes] | Bad:
        """Name and bytes of a file named at `node`, relative to the file in which its name stands."""
        folder = node.place.source.folder
        try:
            path = folder / text
            why = refusal(path, folder if self.home is None else self.home)
            if why:
                return self.fault(f"cannot read the file {shown(text)}: {why}", node.place, key)
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                return self.fault(f"{shown(text)} is not a file", node.place, key)
            if status.st_size > most_bytes:
                return self.fault(
                    f"{shown(text)} has {status.st_size:,} bytes; at most {most_bytes:,} are read",
                    node.place,
                    key,
                )
            data = path.read_bytes()
        except (OSError, ValueError) as error:
            return self.fault(f"cannot read the file {shown(text)}: {reason(error)}", node.place, key)
        name = str(path)
        self.files[name] = FileUse(name, hashlib.sha256(data).hexdigest())
        return name, data


def reason(error: Exception) -> str:
    """Why a file could not be read, in a few words."""
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return getattr(error, "strerror", None) or "not a usable file name"


def good(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that could be read."""
    return {key: value for key, value in values.items() if value is not BAD}
