"""Of which kind a single text looks: what tells the head of a table from its rows."""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(
    r"[-+(−]?[$€£¥]? ?[0-9][0-9.,'’ \u00a0\u2009\u202f]*(?:[eE][-+]?[0-9]+)?[ \u00a0]?[%$€£¥]?\)?"
)
_DATE: Final = re.compile(
    r"(?:[^\W\d_]+\.?,? )?(?:[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2(?:[0-9]{4}|[0-9]{2})"
    r"|[0-9]{1,2}\.?[-/ ]?[^\W\d_]{3,10}\.?,?[-/ ]?[0-9]{2,4}|[^\W\d_]{3,10}\.? [0-9]{1,2}(?:st|nd|rd|th)?,? [0-9]{4})"
)
_TIME: Final = re.compile(
    r"(?:[0-9]+[ .])?[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
    r"(?: ?(?:[-–—~]|to|bis) ?[0-9]{1,2}[:h][0-9]{2}(?::[0-9]{2})?(?: ?[AaPp]\.?[Mm]\.?)?)?"
)
_EMPTY: Final = frozenset({"", "-", "–", "—", "n/a", "na", "#n/a", "null", "none"})


def kind_of(text: str) -> str:
    """`""` for a blank or a sign for none, else `number`, `date`, `time` (also a duration), `instant` or `text`."""
    if text.lower() in _EMPTY:
        return ""
    if len(text) > 60:
        return "text"
    if text[0].isdigit() and _NUMBER.fullmatch(text):
        date = _DATE.fullmatch(text)
        return "date" if date else "number"
    if _NUMBER.fullmatch(text):
        return "number"
    if _TIME.fullmatch(text):
        return "time"
    date = _DATE.match(text)
    if date is None:
        return "text"
    rest = text[date.end() :]
    if not rest:
        return "date"
    rest = re.sub(r"(?: ?(?:Z|UTC|GMT|[-+][0-9]{2}:?(?:[0-9]{2})?))?$", "", rest.lstrip("T, "))
    return "instant" if _TIME.fullmatch(rest) or re.fullmatch(r"[0-9]{1,2}(:[0-9]{2}){1,2}\.[0-9]+", rest) else "text"
