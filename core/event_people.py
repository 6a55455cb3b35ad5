"""States of people as listeners know them: who may be told of whom, and by which address."""

from datetime import date
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from core.event_words import Channel, ConsentPurpose, RelationKind


class StateModel(BaseModel):
    """Base of all states: immutable, and strict about unknown fields, so that a misspelt field is not silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Addressee(StateModel):
    """A pupil whose family a message to many is meant for."""

    pupil: UUID
    name: str


_ONE_CONSENT = frozenset({"consent_given_on", "consent_withdrawn_on"})


class ConsentTerm(StateModel):
    """What stands of a consent for one purpose: its newest giving and its newest refusal or withdrawal, by date."""

    given_on: date | None = None
    until: date | None = None
    """The last day of what was given; it ends by itself, and no event says so."""
    withdrawn_on: date | None = None
    """Refused or withdrawn: from this day on it does not hold, unless it was given again later."""

    def in_force(self, today: date) -> bool:
        """Tell whether it holds on this day."""
        if self.given_on is None or self.given_on > today or self.ended_by(today):
            return False
        return self.withdrawn_on is None or self.withdrawn_on > today or self.withdrawn_on < self.given_on

    def ended_by(self, today: date) -> bool:
        """Tell whether its last day is over."""
        return self.until is not None and self.until < today


class GuardianshipState(StateModel):
    """Who may be told about whom; consent included, since without it nothing electronic leaves (CONF-21)."""

    type: Literal["guardianship"] = "guardianship"
    pupil: UUID
    guardian: UUID
    relation: str
    kind: RelationKind = RelationKind.PARENT
    may_see: bool
    barred: bool
    no_contact: bool = False
    """By a court's order or his own wish: he may look, and is told nothing."""
    must_sign: bool = True
    """His signature is asked for where one is needed."""
    priority: int = Field(default=1, ge=1, le=9)
    """Whom the school turns to first."""
    since: date
    until: date | None = None
    achievement_consent: ConsentTerm = ConsentTerm()
    attendance_consent: ConsentTerm = ConsentTerm()

    @model_validator(mode="before")
    @classmethod
    def _told_of_one_consent(cls, raw: Any) -> Any:
        """Read a state that was written before purposes were told apart: its one consent covered both (CONS-02)."""
        if not isinstance(raw, dict) or _ONE_CONSENT.isdisjoint(raw):
            return raw
        term = {"given_on": raw.get("consent_given_on"), "withdrawn_on": raw.get("consent_withdrawn_on")}
        rest = {name: value for name, value in raw.items() if name not in _ONE_CONSENT}
        return {"achievement_consent": term, "attendance_consent": term, **rest}

    def consent(self, purpose: ConsentPurpose) -> ConsentTerm:
        """Return what stands of the consent for a purpose."""
        return self.attendance_consent if purpose is ConsentPurpose.ATTENDANCE else self.achievement_consent

    @property
    def limited(self) -> bool:
        """Tell whether he sees only part of what parents see."""
        return self.kind is RelationKind.TRUSTED


class AddressState(StateModel):
    """A way to a person, as stated by the office, confirmed by himself, or made by linking a messenger.

    Also the mailbox of a claim (``MailboxLinkState``), which is asked one question and told nothing else.
    """

    type: Literal["address"] = "address"
    person: UUID
    channel: Channel
    value: str = Field(repr=False)
    """A chat id or a mailbox. Never logged."""
    verified_at: AwareDatetime | None
    ended: bool = False
    """True when the person or the office took the address back."""


class MailboxLinkState(StateModel):
    """That somebody gave a mailbox as his, and whoever holds it is asked. Holds no secret, and not the mailbox either.

    The mailbox is told apart, as the only address of a reader of whom nothing is known: the claim. So nothing that
    concerns a person goes there, whatever he follows, and his own address stays as it is until the holder confirms.
    """

    type: Literal["mailbox_link"] = "mailbox_link"
    claim: UUID
    person: UUID
    """Whoever gave it. He is not told: the mailbox is asked."""
    day: date
    expires_at: AwareDatetime
    """From then on the question is over: answered, replaced by another, or too old."""


class PersonMergedState(StateModel):
    """That two records were of one person: whoever knows the one that went carries what he knows over to the other.

    It comes before the events that give the kept person his relations and addresses.
    """

    type: Literal["person_merged"] = "person_merged"
    kept: UUID
    gone: UUID


class StrangeEntryState(StateModel):
    """That somebody entered by a password from a browser that was not known; the owner is asked whether it was he."""

    type: Literal["strange_entry"] = "strange_entry"
    stay: UUID
    person: UUID
    """The owner; nobody else is told."""
    day: date
    at: AwareDatetime
    browser: str
    """Such as «Chrome, Android»; empty if it is none that we know. Never its own words: a stranger may write there."""
    expires_at: AwareDatetime
    """Until when the link says that it was not he."""


class PasswordLinkState(StateModel):
    """That somebody asked for a new password to an account, whose owner is told how to set one. Holds no secret."""

    type: Literal["password_link"] = "password_link"
    reset: UUID
    person: UUID
    """The owner; nobody else is told."""
    day: date
    expires_at: AwareDatetime
