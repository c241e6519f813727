"""How much is simulated, and the programs that simulate it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from experiments.benchmark.clock import Program
from experiments.benchmark.peers.shape import Row, Shape
from experiments.benchmark.subject import Subject

RATE = "contacts/s/core"
PeerProgram = Callable[[Shape, int, int], list[Row]]


@dataclass(frozen=True)
class Plan:
    """How much is simulated."""

    subject: Subject
    rounds: int
    """Runs of each program; the median counts."""
    contacts: int
    """Contacts of one timed replication of ccsim."""
    peer_contacts: int
    """Contacts of one timed run of a peer."""
    largest: int
    """Most contacts in the growth and memory parts."""
    replications: int
    """Replications of the small day."""
    beside: Path | None = None
    """Another checkout, which is measured in the same rounds."""

    def simulate(self, scenario: Path, settings: tuple[str, ...] = (), times: int = 1) -> Program:
        """A program that simulates a scenario, other replications each time; warmed up beforehand."""
        model = self.subject.prepare(scenario, settings)
        self.subject.simulate(model, replication=0)
        turn = 0

        def program() -> int:
            nonlocal turn
            contacts = 0
            for _ in range(times):
                turn += 1
                contacts += self.subject.simulate(model, replication=turn)
            return contacts

        return program


def length(contacts: float, per_minute: float) -> str:
    """The setting that makes a horizon of about so many contacts."""
    return f"horizon.length={max(1, round(contacts / per_minute))}m"


def peer_program(peer: PeerProgram, shape: Shape, contacts: int) -> Program:
    """A program that runs a peer, another seed each time."""
    seed = 0

    def program() -> int:
        nonlocal seed
        seed += 1
        return len(peer(shape, contacts, seed))

    return program
