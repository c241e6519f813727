"""What bots and deflections cost, and the queues that they cost it for: prices of sessions, and of the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ccsim.results.measured import Measured

if TYPE_CHECKING:
    import pandas as pd

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Whole = NDArray[np.int64]
Charged = tuple[Whole, Whole]
"""Sessions, and contained sessions, that are charged, shape [queues, replications]."""


def with_bots(pools: pd.DataFrame, measured: Measured) -> pd.DataFrame:
    """The table of pools, and a row after them for each bot that costs anything (`rows_of_bots`): who is paid."""
    if not measured.bots:
        return pools
    import pandas as pd

    texts = {name: "none" for name in pools.columns if name not in ("pool", "headcount")}
    rows = [
        texts | {"pool": len(pools) + i, "name": name, "tier": "bot", "languages": "any", "headcount": 0}
        for i, name in enumerate(sorted(measured.bots))
    ]
    return pd.concat([pools, pd.DataFrame(rows).astype(pools.dtypes)], ignore_index=True)


def rows_of_bots(pools: pd.DataFrame, measured: Measured) -> dict[str, int]:
    """Row of each bot that costs anything in a table of `with_bots`."""
    return {bot: row for row, bot in enumerate(sorted(measured.bots), len(pools) - len(measured.bots))}


def prices_of_bot(bot: str, measured: Measured, replications: int) -> Matrix:
    """Price of a session, of a contained session and of the counted time of a bot, shape [3, replications]; 0 where it
    costs nothing."""
    drawn = measured.drawn.bots if measured.drawn is not None else {}
    if bot in drawn:
        return np.array(drawn[bot][:replications], dtype=np.float64).T
    return np.repeat(np.array(measured.bots.get(bot, (0.0, 0.0, 0.0)))[:, None], replications, axis=1)


def session_prices(bots: Iterable[str], measured: Measured, replications: int) -> Matrix:
    """Price of a session, and of a contained session, of each bot, shape [bots, 2, replications]; 0 where it costs
    nothing."""
    names = list(map(str, bots))
    of_bot = {bot: prices_of_bot(bot, measured, replications)[:2] for bot in set(names)}
    made = [of_bot[bot] for bot in names]
    return np.array(made, dtype=np.float64).reshape(-1, 2, replications)


def charged(column: Callable[[str], Any]) -> Charged:
    """Sessions that are charged, from columns of sums: those that have ended, and of the contained those that no
    contact followed too soon."""
    contained = column("contained") + column("falsely_contained") - column("free_of_charge")
    return column("sessions") - column("open_in_session"), contained


def of_sessions(measured: Measured, queues: pd.DataFrame, counts: Charged) -> Matrix:
    """Price of the sessions of queues, shape [queues, replications]."""
    sessions, contained = counts
    prices = session_prices(queues["bot"], measured, sessions.shape[1])
    made: Matrix = sessions * prices[:, 0] + contained * prices[:, 1]
    return made


def bot_cost(
    measured: Measured, pools: pd.DataFrame, queues: pd.DataFrame, counts: Charged, hours: Mapping[str, Vector]
) -> Matrix:
    """Cost of bots in the rows of those who are paid, shape [pools, replications]; `hours`: what is paid by agent
    hours, by name."""
    of_queues = of_sessions(measured, queues, counts)
    made = np.zeros((len(pools), of_queues.shape[1]))
    names = queues["bot"].to_numpy(dtype=object)
    for bot, row in rows_of_bots(pools, measured).items():
        made[row] = of_queues[names == bot].sum(axis=0) + prices_of_bot(bot, measured, made.shape[1])[2]
        made[row] += hours.get(bot, 0.0)
    return made


def bot_cost_of_queues(measured: Measured, queues: pd.DataFrame, counts: Charged) -> Matrix:
    """Cost of bots by queue, shape [queues, replications]: what does not go by the session is spread over a bot's
    queues in proportion to its sessions, evenly where it had none; a bot that works on no queue is in none."""
    made = of_sessions(measured, queues, counts)
    names = queues["bot"].to_numpy(dtype=object)
    for bot in measured.bots:
        mine = np.flatnonzero(names == bot)
        fixed = prices_of_bot(bot, measured, made.shape[1])[2]
        if fixed.any() and len(mine):
            sessions = counts[0][mine].astype(np.float64)
            whole = sessions.sum(axis=0)
            made[mine] += np.where(whole > 0, sessions / np.where(whole > 0, whole, 1.0), 1.0 / len(mine)) * fixed
    return made


def standing_cost_of_queues(
    measured: Measured, queues: pd.DataFrame, column: Callable[[str], Any], hours: Mapping[str, Vector]
) -> Matrix:
    """Cost by queue of what has no sessions (deflections), shape [queues, replications].

    Parameters
    ----------
    column
        Gives a column of sums, shape [queues, replications].
    hours
        What is paid by agent hours, by name, shape [replications].
    """
    made = np.zeros(column("arrived").shape)
    for name, (by, to) in measured.goes_to.items():
        mine = np.ones(len(queues), bool)
        for key, names in to.items():
            mine &= queues[key].isin(names).to_numpy()
        rows = np.flatnonzero(mine)
        if len(rows):
            weight = column(by)[rows].astype(np.float64)
            whole = weight.sum(axis=0)
            parts = np.where(whole > 0, weight / np.where(whole > 0, whole, 1.0), 1.0 / len(rows))
            made[rows] += parts * (prices_of_bot(name, measured, made.shape[1])[2] + hours.get(name, 0.0))
    return made
