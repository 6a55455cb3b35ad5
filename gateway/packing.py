"""From claimed deliveries to messages: each alone, or all of one evening letter together. Writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import NamedTuple
from uuid import UUID, uuid4

import structlog

from core.events import (
    AttendanceDayState,
    ConsentPurpose,
    GuardianshipState,
    LearningWeekState,
    MailboxLinkState,
    NoticeState,
    PasswordLinkState,
    SchoolState,
    StrangeEntryState,
    Subject,
)
from core.school_time import school_date
from gateway.absence_content import AbsenceContent, cleared_in
from gateway.addresses import AddressVault
from gateway.categories import Category, topic_of
from gateway.claimed import ClaimedRow
from gateway.content import Content, content_for, read_content
from gateway.digest import Letter, Piece, digest_chat, digest_letter, in_order, message_key, piece_of
from gateway.links import Links
from gateway.rendering import AnyTelling, chat_message, letter
from gateway.retry import MAX_UNKNOWN_SENDS
from gateway.routing import refusal, refused
from gateway.states import Reason, State
from gateway.subjects import names_of, subject_state
from gateway.transitions import Act
from gateway.wording.words import Telling
from notifiers.port import Capabilities, Message
from texts.reader import Texts

_log = structlog.get_logger(__name__)

SUBJECTS_KEPT = 64
"""Subjects kept read: a notice names hundreds of pupils, and lies in the claimed batch hundreds of times on end."""
RELATIONS_KEPT = 4096
"""Relations kept read: a family's are the same in each of its messages of a day."""


class Settled(NamedTuple):
    """What a delivery is if there is nothing to send."""

    state: State
    reason: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A claimed delivery with what is to be said of it."""

    row: ClaimedRow
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
class _Known:
    """A claimed row, read."""

    row: ClaimedRow
    school: SchoolState
    state: Subject
    relations: Sequence[GuardianshipState]
    """The reader's to pupils of whom he may be told it; at least one."""
    today: date
    """At the school."""


@dataclass(slots=True)
class _Draft:
    """A claimed row of which something is to be said."""

    row: ClaimedRow
    act: Act
    gen: int
    content_key: str
    telling: AnyTelling
    address: str = ""
    """Opened by the next step; what goes into a letter of many has none of its own."""


@dataclass(frozen=True, slots=True)
class Packer:
    """Makes the messages of one channel."""

    capabilities: Capabilities
    texts: Texts
    vault: AddressVault
    links: Links
    copies: int = MAX_UNKNOWN_SENDS
    """How often a message may be sent while nobody knows whether it arrived."""

    def parts(
        self, rows: Sequence[ClaimedRow], schools: Mapping[UUID, SchoolState], now: datetime
    ) -> list[Part | Settled]:
        """Make what is to be said of each claimed row, in order, or say what it is if there is nothing to send.

        A row whose school is missing cannot be made. One step is taken for the whole batch before the next one: the
        processor then finds its code at hand, and the batch takes two thirds of what it takes row by row.
        """
        read = [_guarded(row, partial(_read, row, schools.get(row.school)), now) for row in rows]
        drafts = [one if isinstance(one, Settled) else _guarded(one.row, self._draft, one) for one in read]
        addressed = [one if isinstance(one, Settled) else _guarded(one.row, self._addressed, one) for one in drafts]
        return [one if isinstance(one, Settled) else _guarded(one.row, self._part, one) for one in addressed]

    def parcels(self, parts: Sequence[Part]) -> list[Parcel]:
        """Put parts into messages: the pieces of one bundle into one."""
        bundles: dict[UUID | None, list[Part]] = {}
        parcels: list[Parcel] = []
        for part in parts:
            if isinstance(part.made, Message):
                parcels.append(Parcel((part,), part.made))
            else:
                bundles.setdefault(part.row.bundle, []).append(part)
        return [*parcels, *map(self._letter, bundles.values())]

    def _draft(self, known: _Known) -> _Draft | Settled:
        row, can = known.row, self.capabilities
        signs = any(relation.must_sign for relation in known.relations)
        attends = isinstance(known.state, LearningWeekState) and _attends(known)
        shown = {"acknowledged": row.acknowledged, "interactive": can.edit}
        content = content_for(known.state, row.recipient, **shown, signs=signs, attendance=attends)
        if (cleared := frozenset(cleared_in(row.want_key))) and isinstance(content, AbsenceContent):
            if not content.is_over(cleared):
                return Settled(State.SUPPRESSED, Reason.SUPERSEDED)
            content = content.ringing(cleared)
        key = content.key()
        settled = _settled(row, content, key)
        if settled is not None:
            return settled
        edits = can.edit and row.provider_id is not None and row.bundle is None
        if not edits and row.maybe_copies >= self.copies:
            # Something else was wanted in between, never left, and is wanted no more.
            return Settled(State.UNKNOWN, Reason.MAYBE_TOLD)
        said_key = row.told_key if edits else row.said_key
        telling: AnyTelling = Telling(
            delivery=row.id,
            content=content,
            said=read_content(said_key) if said_key else None,
            state=known.state,
            school=known.school,
            children=names_of(known.state, {relation.pupil for relation in known.relations}),
            link=self._link(row, known.state),
            limited=all(relation.limited for relation in known.relations),
        )
        gen = row.gen if edits or row.last_key == key else row.gen + 1
        return _Draft(row, Act.EDIT if edits else Act.SEND, gen, key, telling)

    def _addressed(self, draft: _Draft) -> _Draft:
        if draft.row.bundle is None:
            draft.address = self.vault.open(draft.row.value)
        return draft

    def _part(self, draft: _Draft) -> Part:
        made = self._made(draft)
        return Part(draft.row, uuid4(), draft.act, draft.gen, draft.content_key, draft.telling, made)

    def _link(self, row: ClaimedRow, state: Subject) -> str | None:
        match state:
            case NoticeState():
                return self.links.notice(row.id, row.value_hmac)
            case AttendanceDayState():
                return self.links.absence(row.id, row.value_hmac)
            case PasswordLinkState():
                return self.links.password(row.id, row.value_hmac)
            case MailboxLinkState():
                return self.links.mailbox(row.id, row.value_hmac)
            case StrangeEntryState():
                return self.links.strange_entry(row.id, row.value_hmac)
            case _:
                return None

    def _made(self, draft: _Draft) -> Message | Piece:
        row = draft.row
        if row.bundle is not None:
            return piece_of(self.texts, draft.telling)
        message = self._alone(draft)
        if row.provider_id is None:
            return message
        if draft.act is Act.EDIT:
            return replace(message, provider_id=row.provider_id)
        return replace(message, in_reply_to=row.provider_id)

    def _alone(self, draft: _Draft) -> Message:
        row, telling, key = draft.row, draft.telling, f"{draft.row.id.hex}.{draft.gen}"
        if self.capabilities.buttons:
            return chat_message(self.texts, telling, draft.address, key)
        return letter(self.texts, telling, draft.address, key, unsubscribe=self._unsubscribe(row, telling.content))

    def _unsubscribe(self, row: ClaimedRow, content: Content) -> str | None:
        """Return where the reader unsubscribes; nobody does from his work, nor from what he has just asked for."""
        subscribed = isinstance(topic_of(content), Category)
        return self.links.unsubscribe(row.recipient, row.value_hmac) if subscribed else None

    def _letter(self, members: Sequence[Part]) -> Parcel:
        first = members[0]
        bundle, slot = first.row.bundle, first.row.slot
        if bundle is None or slot is None:
            raise LookupError("pieces of no letter")
        day = school_date(slot, first.telling.school.zone)
        pieces = in_order((part.telling, part.made) for part in members if isinstance(part.made, Piece))
        key = message_key(bundle, ((part.row.id, part.gen) for part in members))
        unsubscribe = self._unsubscribe(first.row, first.telling.content)
        letter = Letter(day, self.vault.open(first.row.value), key, self.capabilities.max_text, unsubscribe)
        make = digest_chat if self.capabilities.buttons else digest_letter
        return Parcel(tuple(members), make(self.texts, pieces, letter))


def _guarded[Step, Made](row: ClaimedRow, step: Callable[[Step], Made | Settled], taken: Step) -> Made | Settled:
    """Take one step for one row: whatever it holds, the others of its batch must leave."""
    try:
        return step(taken)
    except Exception as error:  # noqa: BLE001 - see above
        _log.error("message cannot be made", delivery=str(row.id), error=type(error).__name__)
        return Settled(State.FAILED, Reason.CANNOT_BE_MADE)


def _read(row: ClaimedRow, school: SchoolState | None, now: datetime) -> _Known | Settled:
    if school is None:
        return Settled(State.FAILED, Reason.CANNOT_BE_MADE)
    if row.ended or row.dead_reason is not None or row.verified_at is None:
        return Settled(State.SUPPRESSED, Reason.ADDRESS_DEAD)
    state = _state_of(row.data)
    today = school_date(now, school.zone)
    relations = _relations(row, state, today)
    if isinstance(relations, Reason):
        return Settled(State.SUPPRESSED, relations)
    if isinstance(state, PasswordLinkState | MailboxLinkState | StrangeEntryState) and state.expires_at <= now:
        return Settled(State.EXPIRED, Reason.TIME_PASSED)
    return _Known(row, school, state, relations, today)


@lru_cache(SUBJECTS_KEPT)
def _state_of(data: str) -> Subject:
    """Read a subject that many may be told of, once for all who come one after the other."""
    return subject_state(data)


@lru_cache(RELATIONS_KEPT)
def _relation_of(data: str) -> GuardianshipState:
    return GuardianshipState.model_validate_json(data)


def _settled(row: ClaimedRow, content: Content, key: str) -> Settled | None:
    """Say what the delivery is if its reader need not be told: he knows, or there is nothing to know any more."""
    told = row.provider_id is not None or row.bundle is not None
    if key == row.told_key and row.unknowns == 0 and told:
        return Settled(State.ACCEPTED, None)
    if row.told_key is None and row.unknowns == 0 and row.said_key is None and not content.alarming:
        return Settled(State.SUPPRESSED, Reason.SUPERSEDED)
    return None


def _attends(known: _Known) -> bool:
    """Tell whether the reader of a week may be told of attendance."""
    return any(refused(one, ConsentPurpose.ATTENDANCE, known.today) is None for one in known.relations)


def _relations(row: ClaimedRow, state: Subject, today: date) -> list[GuardianshipState] | Reason:
    """Return the reader's relations to pupils of this subject of whom he may be told it, at least one; or why none.

    A right or a consent may have ended by its date, or his child have left the subject: no event raised his rev.
    """
    asked = [_relation_of(relation) for relation in row.relations]
    refusals = [refusal(relation, state, today) for relation in asked]
    told = [relation for relation, why in zip(asked, refusals, strict=True) if why is None]
    return told or next((why for why in refusals if why is not None), Reason.RIGHTS_LOST)
