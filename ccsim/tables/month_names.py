"""Names of months and of days of the week in the languages of common exports."""

from __future__ import annotations

import unicodedata
from typing import Final

_MONTHS: Final = (
    "jan january januar jänner jän januari janvier janv enero ene janeiro gennaio gen",
    "feb february februar februari février févr fév febrero fevereiro fev febbraio",
    "mar march märz mär maart mrt mars marzo março",
    "apr april avril avr abril abr aprile",
    "may mai mei mayo maio maggio mag",
    "jun june juni juin junio junho giugno giu",
    "jul july juli juillet juil julio julho luglio lug",
    "aug august augustus août aoû agosto ago",
    "sep sept september septembre septiembre setembro set settembre",
    "oct october oktober okt octobre octubre outubro out ottobre ott",
    "nov november novembre noviembre novembro",
    "dec december dezember dez décembre déc diciembre dic dezembro dicembre",
)
_DAYS: Final = (
    "mon monday montag mo maandag ma lundi lun lunes segunda segunda-feira lunedì",
    "tue tues tuesday dienstag di dinsdag mardi mar martes terça terça-feira martedì",
    "wed wednesday mittwoch mi woensdag wo mercredi mer miércoles mié quarta quarta-feira mercoledì",
    "thu thur thurs thursday donnerstag do donderdag jeudi jeu jueves jue quinta quinta-feira giovedì gio",
    "fri friday freitag fr vrijdag vr vendredi ven viernes vie sexta sexta-feira venerdì",
    "sat saturday samstag sa sonnabend zaterdag za samedi sam sábado sáb sabato sab",
    "sun sunday sonntag so zondag zo dimanche dim domingo dom domenica",
)


def plain(name: str) -> str:
    """A name in small letters without accents and without a point behind."""
    apart = unicodedata.normalize("NFD", name.lower().rstrip("."))
    return "".join(character for character in apart if not unicodedata.combining(character))


def _numbered(names: tuple[str, ...], start: int) -> dict[str, int]:
    return {plain(name): at for at, several in enumerate(names, start) for name in several.split()}


MONTH_NUMBERS: Final = _numbered(_MONTHS, 1)
"""Number of a month, January 1, by its plain name."""
DAY_NUMBERS: Final = _numbered(_DAYS, 0)
"""Number of a day of the week, Monday 0, by its plain name."""
