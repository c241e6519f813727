"""Files of telephone and WFM systems: how each is written, and which of its columns is what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from ccsim.language.activities import ActivitiesForm, ActivitySkills
from ccsim.language.derive import OrFullForm, form_for
from ccsim.language.forms import DictForm, Form, ListForm, ScalarForm, Schema, WordForm
from ccsim.language.reading import BAD, Bad, Reading
from ccsim.language.section import Section, field
from ccsim.language.zones import ZONE
from ccsim.text import scalars
from ccsim.text.faults import near
from ccsim.text.paths import joined
from ccsim.text.quantities import Count, Duration
from ccsim.text.tree import Leaf, Map, Node, shown
from ccsim.units import SECOND, WEEK

FILE_COLUMNS: Final = {
    "start": "local date and time at which the interval begins, or a contact arrives",
    "date": "date, where date and time stand in two columns",
    "time": "time of the day, or the interval like 09:00-09:30",
    "minute": "minute of the hour, 0 to 59, beside a `time` that is the hour, 0 to 23",
    "period": "number of the interval in its day, from 1 (from 0 where one is 0), in place of a time",
    "name": "name by which a volume or a pool takes its rows: queue, skill, team",
    "contacts": "contacts offered or forecast in the interval",
    "per_minute": "contacts a minute",
    "per_hour": "contacts an hour",
    "agents": "agents on the line",
    "aht": "average handle time",
    "talk": "average talk time, hold included; in a trace that of one contact",
    "wrap_up": "average wrap-up time; in a trace that of one contact",
    "handle_time": "handle time of one contact, in a trace",
    "patience": "time after which one customer abandons, in a trace",
    "handled": "contacts handled, by which a total handle time is divided",
    "handle_total": "handle time of all contacts handled in the interval, added up",
    "agent": "name or number of one agent, in a roster",
    "end": "end of a row of a roster, beside its start; or end of an interval, where no column says its start",
    "activity": "what the agent does then, in a roster",
}
"""What a column may hold, by the word under which `columns:` names it."""
FORMER: Final = {"stream": "name"}
"""Words that heads of files may have for these, as earlier versions had."""
NOT_TAKEN: Final = "handle times are not taken: "
"""Begins what is told where columns of handle times that nobody named cannot be read."""
_ENDINGS: Final = re.compile(r".*\.(csv|csv\.gz|txt|tsv|xlsx|parquet)", re.IGNORECASE | re.DOTALL)
SECONDS: Final = "seconds"
"""How times are written that count from the start of the horizon."""
WEEKDAY_NUMBERS: Final = {"monday is 1": (1, 0), "sunday is 1": (1, 6), "monday is 0": (0, 0), "sunday is 0": (0, 6)}
"""How weekdays are written that are numbers: the first number, and the weekday that it is, Monday 0."""
_DATES: Final = ("day first", "month first", "iso", "excel", *WEEKDAY_NUMBERS, SECONDS)
_DELIMITERS: Final = (",", ";", "|", "tab", "^", "~")


def is_file_name(text: str) -> bool:
    """Whether a text ends as the name of a file that can be read does."""
    return _ENDINGS.fullmatch(text) is not None


def _file_name(text: str) -> str:
    if not is_file_name(text):
        raise scalars.Misread(
            f"expected a file like calls.csv, .csv.gz, .txt, .tsv, .xlsx or .parquet, got {shown(text)}"
        )
    return text


def _date_form(text: str) -> str:
    if text in _DATES:
        return text
    if "%" in text:
        from ccsim.tables.day_forms import stated_pattern

        try:
            return stated_pattern(text)
        except ValueError:
            why = f"expected a pattern that gives a whole date, like %d/%m/%Y, got {shown(text)}"
            raise scalars.Misread(why) from None
    raise scalars.Misread(f"expected {', '.join(_DATES)} or a pattern like %d/%m/%Y, got {shown(text)}")


def _column(text: str) -> str:
    return text.strip()


class ColumnsForm(DictForm):
    """Columns of a file by what they hold: `{contacts: Offered, name: Queue}`."""

    def __init__(self) -> None:
        super().__init__(ScalarForm(_column, "the name or the number of a column", {"type": ["string", "integer"]}))
        self.says = "columns by what they hold, like {contacts: Offered, name: Queue}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        strange = [name for name in node.entries if name not in FILE_COLUMNS]
        for name in strange:
            rd.unknown("no column is taken for", name, FILE_COLUMNS, node.entries[name].place, joined(key, name))
        found = super().read(node, key, rd)
        return BAD if strange else found

    def schema(self, defs: dict[str, Schema]) -> Schema:
        properties = {name: {**self.value.schema(defs), "description": means} for name, means in FILE_COLUMNS.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


_TEXT: Final = ScalarForm(str, "a text", {"type": "string"})
_TEXTS: Final = ListForm(_TEXT, one_will_do=True, least=1, distinct=True)
_ACTIVITIES: Final = ListForm(ScalarForm(str, "an activity", {"type": "string"}), one_will_do=True, distinct=True)


class WhereForm(Form):
    """Texts that rows must have, by column: `{Media Type: Voice}`; columns may be called as they like."""

    says = "texts by column like {Media Type: Voice}"

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if not isinstance(node, Map) or not node.entries:
            return rd.expected(self.says, node, key)
        texts = {name: _TEXTS.read(entry.node, joined(key, name), rd) for name, entry in node.entries.items()}
        return BAD if BAD in texts.values() else texts

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"type": "object", "additionalProperties": _TEXTS.schema(defs)}

    def child(self, name: str, rd: Reading) -> Form | None:
        return _TEXTS


class TableFile(Section):
    """A file, how it is written, and which of its columns is what. What is not said is recognised, and told by
    `ccsim check`; what could be read in two ways has to be said."""

    file: str = field(
        form=ScalarForm(_file_name, "the name of a file", {"type": "string"}), formerly="csv", silent=True
    )
    """The file, relative to the scenario: `.csv`, `.csv.gz`, `.txt`, `.tsv`, `.xlsx` or `.parquet`."""
    columns: dict[str, str] = field(default_factory=dict, form=ColumnsForm())
    """Which column holds what, by its name in the head or its number from 1: `{date: Date, time: Interval, name: Queue,
    contacts: Offered, aht: Average Handle Time}`; other columns are left alone. What is not said is found where a
    column is called so: `start`, or `date` with `time` or `period`, or `end` where intervals are named by their ends;
    `name`; `contacts`, `per_minute` or `per_hour`; `agents`; `aht`, `talk` and `wrap_up`, or `handle_total` and
    `handled`; in a roster `agent`, `date`, `start`, `end` and `activity`."""
    where: dict[str, tuple[str, ...]] = field(default_factory=dict, form=WhereForm())
    """Only rows with these texts in these columns count: `{Media Type: Voice}`, `{Media Type: [Voice, Callback]}`."""
    layout: Literal["long", "wide"] | None = field(default=None, none="by what the columns are called")
    """`long`: a row an interval; `wide`: the columns are times of the day, dates or weekdays."""
    date: str | None = field(
        default=None,
        form=ScalarForm(_date_form, f"{', '.join(_DATES)}, or a pattern like %d/%m/%Y", {"type": "string"}),
        none="recognised",
    )
    """How dates are written: `day first` (31/12/2026), `month first`, `iso`, `excel` (day numbers like 46083.375), or a
    pattern like `%d/%m/%Y`; of weekdays that are numbers `monday is 1`, `sunday is 1`, `monday is 0` or `sunday is 0`;
    in a trace also `seconds` from the start of the horizon."""
    decimal: Literal[".", ","] | None = field(default=None, form=WordForm((".", ",")), none="recognised")
    """Decimal sign of the numbers; the other one then groups thousands."""
    durations: Literal["seconds", "minutes", "days", "mm:ss", "h:mm"] | None = field(default=None, none="seconds")
    """Unit of handle times that are plain numbers (`days`: parts of a day, as Excel has them), or what 4:15 is: `mm:ss`
    or `h:mm`."""
    delimiter: Literal[",", ";", "|", "tab", "^", "~"] | None = field(
        default=None, form=WordForm(_DELIMITERS), none="recognised"
    )
    """What separates the cells."""
    encoding: str | None = field(default=None, form=_TEXT, none="recognised")
    """How letters are stored: `utf-8`, `utf-16`, `cp1252`."""
    head: bool | None = field(default=None, none="recognised")
    """Whether the first line holds the names of the columns."""
    skip: Count = field(default=0, most=1_000, unit="lines")
    """Lines above the head, like a title, that are passed over."""
    sheet: str | None = field(default=None, form=_TEXT, none="the first")
    """Sheet of a workbook."""
    time_zone: str | None = field(default=None, form=ZONE, none="that of the market or the site")
    """Time zone of the file's times, where they bear no offset: `UTC`."""
    every: Duration | None = field(default=None, least=SECOND, most=WEEK, none="by the rows")
    """Width of an interval."""
    missing: Literal["fault", "0", "repeat"] | None = field(
        default=None, form=WordForm(("fault", "0", "repeat")), none="closed hours 0, else a fault"
    )
    """Intervals between the first and the last that have no row: `0`, or `repeat` for the same time of the nearest week
    that has it. Without it hours and days on which the file never has a row are taken as closed, and other gaps are
    faults."""
    outside: Literal["fault", "0", "repeat"] = field(default="fault", form=WordForm(("fault", "0", "repeat")))
    """What holds at times of the horizon before the first and after the last row."""
    same_interval: Literal["fault", "add"] = field(default="fault")
    """Several rows of one interval, as where a queue has a row for each language or medium: `add` adds up their
    contacts or agents, and takes the mean of their handle times by contacts. Without it they are faults. An hour that
    stands twice because clocks are put back then counts once, with both."""
    rounding: Literal["up", "down", "nearest"] | None = field(default=None, none="a fault")
    """How agents that are not whole numbers are rounded."""
    on_the_line: tuple[str, ...] | None = field(
        default=None, form=_ACTIVITIES, none="every row, where no column holds activities"
    )
    """Activities of a roster in which agents are signed in for contacts: `[Phone, Chat]`."""
    activities: dict[str, ActivitySkills] = field(default_factory=dict, form=ActivitiesForm())
    """Activities of a roster in which agents are on the line for a part of the work only: `{Phone: {channels: phone},
    Back office: {workflows: claims}}`. Each is a pool of its own, `desk.phone`, for the same people; those on the line
    otherwise are `desk.on_the_line`."""
    unpaid: tuple[str, ...] = field(default=(), form=_ACTIVITIES)
    """Activities of a roster that are not paid: `[Lunch]`. All others are paid time away from the line."""


TABLE_FILE: Final = form_for(TableFile)


class FilesForm(DictForm):
    """Files by name; the volumes and pools that are read later name them."""

    def __init__(self) -> None:
        super().__init__(TABLE_FILE, of="files", most=1_000)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        files = super().read(node, key, rd)
        if isinstance(node, Map):
            for name, entry in node.entries.items():
                found = files.get(name) if isinstance(files, dict) else None
                rd.named_files[name] = (found if isinstance(found, TableFile) else None, entry.node)
        return files


FILES: Final = FilesForm()


@dataclass(frozen=True, slots=True)
class FileRows:
    """Rows of a file, as a volume or a pool names them."""

    written: TableFile
    name: tuple[str, ...] | None
    """Names of its rows, as the file writes them; None: its own name."""
    node: Node
    """Where they are named."""
    home: Node
    """Where the file is named: its path is relative to that scenario."""


class FromFile(Section):
    """Rows of a file: all keys of `files`, for what differs from the file named there, and the name of the rows."""

    file: str = field(
        form=ScalarForm(str, "a file, or a name of `files`", {"type": "string"}, offers="files"), formerly="csv"
    )
    """The file, or the name of one of `files`."""
    name: tuple[str, ...] | None = field(default=None, form=_TEXTS, none="its own name")
    """Name of its rows in the column `name`, as the file writes it; or a list of such, `[Billing EN, Billing ES]`,
    which are taken together: contacts and agents are added up, handle times are their mean by contacts."""
    written: TableFile | None = field(default=None, written=False)
    """How the file is written, once all is put together."""


def _merged(values: dict[str, Any], node: Map, key: str, rd: Reading) -> Any:
    """What a use of a file says on top of what `files` says of it."""
    found = named_file(values, node.entries["file"].node, joined(key, "file"), rd)
    if isinstance(found, Bad):
        return BAD
    return {"file": values["file"], "name": values.get("name"), "written": found.written}


def named_file(
    values: Mapping[str, Any], node: Node, key: str, rd: Reading, where: Node | None = None
) -> FileRows | Bad:
    """The rows of a file that `values` name: the `file`, or a name of `files`, and what differs from what stands there.

    The file's name stands at `node`; the rows are told at `where`, or there too.
    """
    text: str = values["file"]
    if text in rd.named_files:
        known, home = rd.named_files[text]
        if known is None:
            return BAD
    elif is_file_name(text):
        known, home = TableFile(file=text), node
    else:
        among = f"{near(text, rd.named_files)} among `files`" if rd.named_files else ""
        wanted = "a file like calls.csv or a name of `files`"
        return rd.fault(f"expected {wanted}, got {shown(text)}{among}", node.place, key)
    said = {name: values[name] for name in TableFile.model_fields if name in values and name != "file"}
    return FileRows(known.model_copy(update=said), values.get("name"), node, home)


class SourceForm(OrFullForm):
    """A file: its name, the name of one of `files`, or a map with either and what differs."""

    says = "a file like calls.csv, a name of `files`, or a map like {file: calls.csv, name: Billing}"

    offers = "files"

    def __init__(self, says: str = says) -> None:
        self.says = says
        also = {name: key.optional() for name, key in TABLE_FILE.keys.items() if name != "file"}
        self.full = form_for(FromFile, also=also, finish=_merged, says=self.says)

    def read(self, node: Node, key: str, rd: Reading) -> Any:
        if isinstance(node, Leaf) and not node.empty:
            return named_file({"file": node.text}, node, key, rd)
        if not isinstance(node, Map):
            return rd.expected(self.says, node, key)
        read = self.full.read(node, key, rd)
        if read is BAD:
            return BAD
        home = rd.named_files[read.file][1] if read.file in rd.named_files else node
        return FileRows(read.written, read.name, node, home)

    def schema(self, defs: dict[str, Schema]) -> Schema:
        return {"anyOf": [{"type": "string"}, self.full.schema(defs)]}


SOURCE: Final = SourceForm()
