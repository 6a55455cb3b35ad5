"""Who acts: a person through an account, a program by a key, or the school's office at the command line."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.access_names import Right


@dataclass(frozen=True, slots=True)
class Program:
    """A program that acts in a school's name: it may there what its key says, and nothing besides."""

    school: UUID
    rights: frozenset[Right]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever gives a command; stands in every audit row (AUDIT-01)."""

    via: str
    """``office`` or the channel, such as ``telegram``; ``api`` of a program."""
    person: UUID | None = None
    account: UUID | None = None
    """Of a program: its key."""
    program: Program | None = None

    @property
    def is_office(self) -> bool:
        """True for the operator of the installation at the command line, who stands outside the school's roles."""
        return self.via == "office" and self.person is None


OFFICE = Actor(via="office")
"""The operator at the command line."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act of an actor at a moment of the school clock, under a key that makes a repeat harmless."""

    actor: Actor
    at: datetime
    key: str
    """Unique to the act: the id of the update that caused it, or a name given at the command line."""
