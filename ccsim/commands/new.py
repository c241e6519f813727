"""`ccsim new`: a first scenario, from a few words."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeVar

import typer

from ccsim.commands.output import say, write_whole

if TYPE_CHECKING:
    from ccsim.new.wishes import Wishes

_Value = TypeVar("_Value")

ENDINGS: Final = (".yaml", ".yml")

_NAME = typer.Argument(help="Name of the scenario; it is written to NAME.yaml.", show_default=False)
_MARKETS = typer.Option(
    metavar="uk,germany", help="Where customers are: countries, or NAME=TIME_ZONE. Default: uk.", show_default=False
)
_CHANNELS = typer.Option(
    metavar="phone,chat", help="Of phone, chat, messaging, email, social. Default: phone.", show_default=False
)
_SITES = typer.Option(
    metavar="leeds,sofia",
    help="Where agents work: cities, countries, or NAME=TIME_ZONE. Default: one site in the first market.",
    show_default=False,
)
_LANGUAGES = typer.Option(
    metavar="en,de", help="Languages that are served. Default: those of the markets.", show_default=False
)
_CONTACTS = typer.Option("--contacts-per-week", metavar="N", help="Contacts a week. Default: 6000.", show_default=False)
_PEOPLE = typer.Option(
    metavar="N", help="People of all sites together. Default: as many as the load asks for.", show_default=False
)
_VENDOR = typer.Option(
    metavar="NAME", help="An outsourcing vendor, who has the last site or a third of the only one.", show_default=False
)
_ZONE = typer.Option(metavar="ZONE", help="Time zone of markets and sites that are not known.", show_default=False)
_START = typer.Option(
    metavar="DATE", help="A date in the first week. Default: the first Monday of next month.", show_default=False
)


def new(
    name: Annotated[str, _NAME],
    markets: Annotated[str | None, _MARKETS] = None,
    channels: Annotated[str | None, _CHANNELS] = None,
    sites: Annotated[str | None, _SITES] = None,
    languages: Annotated[str | None, _LANGUAGES] = None,
    contacts_per_week: Annotated[str | None, _CONTACTS] = None,
    people: Annotated[str | None, _PEOPLE] = None,
    vendor: Annotated[str | None, _VENDOR] = None,
    time_zone: Annotated[str | None, _ZONE] = None,
    start: Annotated[str | None, _START] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing: take the defaults.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a first scenario, with goals, prices, shifts and variants, that can be run at once.

    On a terminal it asks for what the options do not say. It prints the name of the file; what was assumed and what
    to type next go to stderr. Exit code 0: written; 2: an option cannot be understood, or the file exists.
    """
    from ccsim.new.sizing import staffed
    from ccsim.new.text import scenario_text

    path = _path(name)
    if path.exists() and not force:
        _refuse(f"{path}: exists; take another name, or --force to replace it")
    if not path.parent.is_dir():
        _refuse(f"{path}: there is no folder {path.parent}")
    asks = not yes and sys.stdin.isatty() and sys.stderr.isatty()
    wishes = _Wanted(asks, time_zone).wishes(
        markets, channels, sites, languages, contacts_per_week, people, vendor, start
    )
    from ccsim.new.wishes import name_of

    write_whole(path, scenario_text(name_of("NAME", path.stem), wishes, staffed(wishes)))
    say(str(path))
    file = shlex.quote(str(path))
    say("next:", err=True)
    for command in (f"check {file}", f"run {file}", f"compare {file} --all-variants"):
        say(f"  ccsim {command}", err=True)


def _path(name: str) -> Path:
    path = Path(name if name.lower().endswith(ENDINGS) else f"{name}.yaml")
    if not path.name.partition(".")[0].strip() or "\0" in name:
        _refuse(f"expected a name for the scenario, got '{name}'")
    return path


def _refuse(message: str) -> None:
    from ccsim.new.wishes import WishError

    raise WishError(message)


class _Wanted:
    """Takes wishes from options, from answers on a terminal, or from defaults, which are told."""

    def __init__(self, asks: bool, time_zone: str | None) -> None:
        from ccsim.new.wishes import zone_of

        self.asks = asks
        self.zone = None if time_zone is None else zone_of("--time-zone", time_zone)
        self.assumed: list[str] = []

    def of(self, option: str, said: str | None, question: str, default: str, read: Callable[[str], _Value]) -> _Value:
        """One wish: what is said, answered or assumed; an answer that cannot be understood is asked for again."""
        from ccsim.new.wishes import WishError

        if said is not None:
            return read(said)
        while self.asks:
            try:
                answer = self.answer(f"{question} [{default}]: " if default else f"{question}: ")
                return read(answer or default)
            except WishError as error:
                say(str(error), err=True)
        if default:
            self.assumed.append(f"{option} {default}")
        return read(default)

    def answer(self, question: str) -> str:
        """An answer on the terminal; at its end nothing more is asked. The question goes to stderr, unlike Python's."""
        print(question, end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        self.asks = bool(line)
        return line.strip()

    def wishes(
        self,
        markets: str | None,
        channels: str | None,
        sites: str | None,
        languages: str | None,
        contacts: str | None,
        people: str | None,
        vendor: str | None,
        start: str | None,
    ) -> Wishes:
        from ccsim.new import wishes as understood

        where = self.of(
            "--markets", markets, "Markets (countries)", "uk", lambda text: understood.markets_of(text, self.zone)
        )
        home = understood.city_in(where[0].time_zone)
        how = self.of("--channels", channels, "Channels", "phone", understood.channels_of)
        offices = self.of("--sites", sites, "Sites (cities)", home, lambda text: understood.sites_of(text, self.zone))
        many = self.of(
            "--contacts-per-week",
            contacts,
            "Contacts a week",
            "6000",
            lambda text: understood.number_of("--contacts-per-week", text, understood.MOST_CONTACTS),
        )
        partner = self.of(
            "--vendor", vendor, "Outsourcing vendor (empty: none)", "", lambda text: _named("--vendor", text)
        )
        first = self.of(
            "--start", start, "A date in the first week", str(understood.next_start(date.today())), understood.date_of
        )
        if self.assumed:
            say(f"assumed: {', '.join(self.assumed)}", err=True)
        return understood.Wishes(
            markets=where,
            channels=how,
            sites=offices,
            languages=understood.languages_of(languages) if languages is not None else (),
            contacts_per_week=many,
            people=None if people is None else understood.number_of("--people", people, understood.MOST_PEOPLE),
            vendor=partner,
            start=first,
        )


def _named(option: str, text: str) -> str | None:
    from ccsim.new.wishes import name_of

    return name_of(option, text) if text.strip() else None
