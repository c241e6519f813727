"""Names of months and of days of the week in the languages of common exports."""

from __future__ import annotations

import unicodedata
from typing import Final

_MONTHS: Final = (
    "jan january januar jänner jän januari janvier janv enero ene janeiro gennaio gen stycznia sty",
    "feb february februar februari février févr fév febrero fevereiro fev febbraio lutego lut",
    "mar march märz mär maart mrt mars marzo março marca marts",
    "apr april avril avr abril abr aprile kwietnia kwi",
    "may mai mei mayo maio maggio mag maj maja",
    "jun june juni juin junio junho giugno giu czerwca cze",
    "jul july juli juillet juil julio julho luglio lug lipca lip",
    "aug august augustus août aoû agosto ago augusti sierpnia sie",
    "sep sept september septembre septiembre setembro set settembre września wrz",
    "oct october oktober okt octobre octubre outubro out ottobre ott października paź",
    "nov november novembre noviembre novembro listopada lis",
    "dec december dezember dez décembre déc diciembre dic dezembro dicembre desember grudnia gru",
)
_DAYS: Final = (
    "mon monday montag mo maandag ma lundi lun lunes segunda segunda-feira lunedì "
    "måndag mån mandag man poniedziałek pon pn pondělí pazartesi pzt maanantai luni hétfő "
    "понедельник пн понеділок 月 月曜日 月曜 星期一 周一 週一 월 월요일 الاثنين الإثنين Δευτέρα",
    "tue tues tuesday dienstag di dinsdag mardi mar martes terça terça-feira martedì "
    "tisdag tis tirsdag tir wtorek wto wt úterý salı tiistai marți kedd "
    "tu вторник вт вівторок 火 火曜日 火曜 星期二 周二 週二 화 화요일 الثلاثاء Τρίτη",
    "wed wednesday mittwoch mi woensdag wo mercredi mer miércoles mié quarta quarta-feira mercoledì "
    "onsdag ons środa śro śr středa çarşamba keskiviikko miercuri szerda "
    "we среда ср середа 水 水曜日 水曜 星期三 周三 週三 수 수요일 الأربعاء Τετάρτη",
    "thu thur thurs thursday donnerstag do donderdag jeudi jeu jueves jue quinta quinta-feira giovedì gio "
    "torsdag tors tor czwartek czw čtvrtek perşembe per torstai joi csütörtök "
    "th четверг чт четвер 木 木曜日 木曜 星期四 周四 週四 목 목요일 الخميس Πέμπτη",
    "fri friday freitag fr vrijdag vr vendredi ven viernes vie sexta sexta-feira venerdì "
    "fredag fre piątek pt pátek cuma cum perjantai vineri péntek "
    "пятница пт п’ятниця 金 金曜日 金曜 星期五 周五 週五 금 금요일 الجمعة Παρασκευή",
    "sat saturday samstag sa sonnabend zaterdag za samedi sam sábado sáb sabato sab "
    "lördag lör lørdag lør sobota sob cumartesi cmt lauantai sâmbătă szombat "
    "суббота сб субота 土 土曜日 土曜 星期六 周六 週六 토 토요일 السبت Σάββατο",
    "sun sunday sonntag so zondag zo dimanche dim domingo dom domenica "
    "söndag sön søndag niedziela niedz nie nd neděle pazar paz sunnuntai duminică vasárnap "
    "su воскресенье вс неділя 日 日曜日 日曜 星期日 星期天 周日 週日 일 일요일 الأحد Κυριακή",
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
