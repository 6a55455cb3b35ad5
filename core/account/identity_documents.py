"""Identity documents of people: only a keyed hash of the number is kept, and its tail for whoever compares by eye."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core import free_text, rights
from core.access import Right
from core.account.account_keeper import AccountKeeper
from core.actor import Act
from core.journal import Change, audit, first_time
from core.refusals import Invalid
from core.tables import Person, Table

TAIL = 4
KIND_LONGEST = 60
FEWEST_SIGNS = 4


class IdentityDocument(Table):
    """The document by which an identity provider's word is compared with the school's (AUTH-03)."""

    __tablename__ = "identity_document"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    kind: Mapped[str]
    number_hash: Mapped[str]
    tail: Mapped[str]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as somebody shows it: passport, birth certificate, foreign passport."""

    kind: str
    number: str = field(repr=False)
    """Series and number together; blanks and signs between them do not matter."""

    def plain(self) -> str:
        """Return letters and digits alone."""
        return re.sub(r"[\W_]+", "", self.number).upper()

    def hash(self, keeper: AccountKeeper) -> str:
        """Return the keyed hash under which it is kept: ten digits could be tried out otherwise."""
        return keeper.hash("document", self.plain()).hex()


async def put(session: AsyncSession, act: Act, keeper: AccountKeeper, person_id: UUID, document: Document) -> None:
    """Keep a person's document. Raises ``Forbidden``, ``NotFound``, ``Invalid`` (no number, no kind)."""
    facts = await rights.of_person(session, act.actor, person_id, act.at)
    rights.demand(facts, Right.PUPIL_WRITE)
    plain = document.plain()
    if len(plain) < FEWEST_SIGNS:
        raise Invalid("document-number-short")
    kind = free_text.fit(" ".join(free_text.plain(document.kind).split()), KIND_LONGEST)
    if not await first_time(session, act.key, act.at):
        return
    values = {"kind": kind, "number_hash": document.hash(keeper), "tail": plain[-TAIL:]}
    statement = insert(IdentityDocument).values(person_id=person_id, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["person_id"], set_=values))
    person = await session.get_one(Person, person_id)
    place = person.school_id or person.authority_id
    if place is not None:
        change = Change("document.put", f"person/{person_id}", None, {"kind": kind})
        await audit(session, act.actor, place, act.at, change)
