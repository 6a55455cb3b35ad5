"""From claimed deliveries to messages: each alone, or all of one evening letter together. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Row

from core.events import GuardianshipState, NoticeState, PasswordLinkState, SchoolState, Subject
from core.school_time import school_date
from gateway.addresses import AddressVault
from gateway.content import Content, content_for, read_content
from gateway.digest import Letter, Piece, digest_chat, digest_letter, in_order, message_key, piece_of
from gateway.links import Links
from gateway.rendering import AnyTelling, chat_message, letter
from gateway.routing import refusal
from gateway.states import Reason, State
from gateway.subjects import names_of, subject_state
from gateway.transitions import Act
from gateway.wording.words import Telling
from notifiers.port import Capabilities, Message
from texts.reader import Texts

_log = structlog.get_logger(__name__)

type Settled = tuple[State, str | None]
"""What a delivery is if there is nothing to send."""


@dataclass(frozen=True, slots=True)
class Part:
    """A claimed delivery with what is to be said of it."""

    row: Row[Any]
    attempt: UUID
    act: Act
    gen: int
    content_key: str
    telling: AnyTelling
    made: Message | Piece
    """A message of its own, or its piece of an evening letter."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message with all deliveries that it tells."""

    parts: tuple[Part, ...]
    message: Message


@dataclass(frozen=True, slots=True)
class Packer:
    """Makes the messages of one channel."""

    capabilities: Capabilities
    texts: Texts
    vault: AddressVault
    links: Links

    def part(self, row: Row[Any], now: datetime) -> Part | Settled:
        """Make what is to be said of a claimed row, or say what the delivery is if there is nothing to send."""
        try:
            return self._part(row, now)
        except Exception as error:  # noqa: BLE001 - whatever one row holds, the others of its batch must leave
            _log.error("message cannot be made", delivery=str(row.id), error=type(error).__name__)
            return State.FAILED, Reason.CANNOT_BE_MADE

    def parcels(self, parts: Sequence[Part]) -> list[Parcel]:
        """Put parts into messages: the pieces of one bundle into one."""
        bundles: dict[UUID, list[Part]] = {}
        parcels: list[Parcel] = []
        for part in parts:
            if isinstance(part.made, Message):
                parcels.append(Parcel((part,), part.made))
            else:
                bundles.setdefault(part.row.bundle, []).append(part)
        return [*parcels, *(self._letter(bundle, members) for bundle, members in bundles.items())]

    def _part(self, row: Row[Any], now: datetime) -> Part | Settled:
        if row.ended or row.dead_reason is not None or row.verified_at is None:
            return State.SUPPRESSED, Reason.ADDRESS_DEAD
        can = self.capabilities
        state = subject_state(row.data)
        school = SchoolState.model_validate(row.school_state)
        relations = _relations(row, state, school, now)
        if isinstance(relations, Reason):
            return State.SUPPRESSED, relations
        if isinstance(state, PasswordLinkState) and state.expires_at <= now:
            return State.EXPIRED, Reason.TIME_PASSED
        signs = any(relation.must_sign for relation in relations)
        content = content_for(state, row.recipient, acknowledged=row.acknowledged, interactive=can.edit, signs=signs)
        key = content.key()
        settled = _settled(row, content, key)
        if settled is not None:
            return settled
        edits = can.edit and row.provider_id is not None and row.bundle is None
        said_key = row.told_key if edits else row.said_key
        gen = row.gen if edits or row.last_key == key else row.gen + 1
        telling: AnyTelling = Telling(
            delivery=row.id,
            content=content,
            said=read_content(said_key) if said_key else None,
            state=state,
            school=school,
            children=names_of(state, {relation.pupil for relation in relations}),
            link=self._link(row, state),
            limited=all(relation.limited for relation in relations),
        )
        made = self._made(row, telling, f"{row.id.hex}.{gen}", edits=edits)
        return Part(row, uuid4(), Act.EDIT if edits else Act.SEND, gen, key, telling, made)

    def _link(self, row: Row[Any], state: Subject) -> str | None:
        match state:
            case NoticeState():
                return self.links.notice(row.id, row.value_hmac)
            case PasswordLinkState():
                return self.links.password(row.id, row.value_hmac)
            case _:
                return None

    def _made(self, row: Row[Any], telling: AnyTelling, key: str, *, edits: bool) -> Message | Piece:
        if row.bundle is not None:
            return piece_of(self.texts, telling)
        make = chat_message if self.capabilities.buttons else letter
        message = make(self.texts, telling, self.vault.open(row.value), key)
        if edits:
            return replace(message, provider_id=row.provider_id)
        return replace(message, in_reply_to=row.provider_id)

    def _letter(self, bundle: UUID, members: Sequence[Part]) -> Parcel:
        first = members[0]
        day = school_date(first.row.slot, first.telling.school.zone)
        pieces = in_order((part.telling, part.made) for part in members if isinstance(part.made, Piece))
        key = message_key(bundle, ((part.row.id, part.gen) for part in members))
        letter = Letter(day, self.vault.open(first.row.value), key, self.capabilities.max_text)
        make = digest_chat if self.capabilities.buttons else digest_letter
        return Parcel(tuple(members), make(self.texts, pieces, letter))


def _settled(row: Row[Any], content: Content, key: str) -> Settled | None:
    """Say what the delivery is if its reader need not be told: he knows, or there is nothing to know any more."""
    told = row.provider_id is not None or row.bundle is not None
    if key == row.told_key and row.unknowns == 0 and told:
        return State.ACCEPTED, None
    if row.told_key is None and row.unknowns == 0 and row.said_key is None and not content.alarming:
        return State.SUPPRESSED, Reason.SUPERSEDED
    return None


def _relations(row: Row[Any], state: Subject, school: SchoolState, now: datetime) -> list[GuardianshipState] | Reason:
    """Return the reader's relations to pupils of this subject of whom he may be told it, at least one; or why none.

    A right or a consent may have ended by its date, or his child have left the subject: no event raised his rev.
    """
    today = school_date(now, school.zone)
    asked = [GuardianshipState.model_validate(relation) for relation in row.relations]
    refusals = [refusal(relation, state, today) for relation in asked]
    told = [relation for relation, why in zip(asked, refusals, strict=True) if why is None]
    return told or next((why for why in refusals if why is not None), Reason.RIGHTS_LOST)
