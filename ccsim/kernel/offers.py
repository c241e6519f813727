"""When a kind of queues offers callbacks: columns of `Callbacks.rows`, and the codes that stand in them."""

from __future__ import annotations

from typing import Final

OFFER_HOW: Final = 0
OFFER_FROM: Final = 1  # number waiting from which, or announced wait above which
OFFER_IDLE: Final = 2  # 1: taken when agents are idle, 0: stays in line
OFFER_TALK: Final = 3  # law of talk, NONE: as with other contacts
OFFER_WRAP: Final = 4
OFFER_ATTEMPTS: Final = 5  # after so many the callback is given up
OFFER_UNANSWERED: Final = 6  # time of an attempt that nobody answers
OFFER_BETWEEN: Final = 7
OFFER_EXPIRES: Final = 8  # time after acceptance at which it is dropped, FAR if never
OFFER_AFTER: Final = 9  # time since joining after which it is offered to who still waits, FAR if never
OFFER_LOSES: Final = 10  # 1: goes to the end of the line as it is accepted, 0: keeps its place
OFFER_CLOCK: Final = 11  # working clock that runs in the hours in which customers are called, NONE: at all hours
OFFER_WIDTH: Final = 12

OFFER_NEVER: Final = 0
OFFER_ALL: Final = 1  # by all who wait
OFFER_LIVE: Final = 2  # by those who wait on the phone
OFFER_ANNOUNCED: Final = 3
