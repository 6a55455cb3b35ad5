"""What the office's word for an adult of a pupil comes to in law."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from uuid import UUID

from core.events import RelationKind
from core.roster_file.rows import RELATION_WORDS, Relation
from core.tables import Guardianship

KIND_OF_WORD: Mapping[str, RelationKind] = MappingProxyType(
    {
        RELATION_WORDS[Relation.ADOPTER]: RelationKind.ADOPTIVE,
        RELATION_WORDS[Relation.GUARDIAN]: RelationKind.GUARDIAN,
        RELATION_WORDS[Relation.TRUSTEE]: RelationKind.TRUSTEE,
        RELATION_WORDS[Relation.FOSTER_PARENT]: RelationKind.FOSTER,
    }
)
"""Whoever is none of these stands in a list as parents do: the office has seen his papers."""


def first_of_list(pupil: UUID, adult: UUID, word: str, today: date) -> Guardianship:
    """Return the relation of an adult whom a list names for the first time; its events state version 1."""
    return Guardianship(
        pupil_id=pupil,
        guardian_id=adult,
        relation=word,
        kind=KIND_OF_WORD.get(word, RelationKind.PARENT).value,
        may_see=True,
        must_sign=True,
        no_contact=False,
        priority=1,
        basis="",
        barred=False,
        since=today,
        version=1,
    )
