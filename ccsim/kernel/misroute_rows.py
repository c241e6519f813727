"""What the kernel knows of contacts that begin in a wrong queue."""

from __future__ import annotations

from typing import NamedTuple

from ccsim.kernel.layout import Floats, Ints


class Misroutes(NamedTuple):
    """Contacts that begin in a wrong queue: by the kind of the queue that they are to join first."""

    first: Ints
    """[kinds] First row of `until`; of no kind where nobody is misrouted."""
    rows: Ints
    """[kinds] Number of its rows."""
    transfers: Ints
    """[kinds] Transfers of the kind: in `Queues.transfer` the wrong queues come after theirs."""
    triage: Ints
    """[kinds] Row of `triaged`, NONE without a triage."""
    until: Floats
    """[rows] Shares of the contacts, added up to here."""
    talk_law: Ints
    """[rows] Until it is found out; NONE: as with other contacts of the wrong queue."""
    wrap_law: Ints
    wrap_share: Floats
    triaged: Floats
    """[triages] Share of the contacts that begin in one of the wrong queues although they were triaged."""
    triaged_from: Ints
    """[triages, 2] Instant from which on it works, and the time in which it is brought in from then on."""
