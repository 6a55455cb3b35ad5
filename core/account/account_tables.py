"""Tables of accounts with a login: passwords, second factors, sessions, tries, and what a provider's login needs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class Password(Table):
    """The password of an account, as its hash alone."""

    __tablename__ = "password"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"), primary_key=True)
    hash: Mapped[str]
    must_change: Mapped[bool]
    """A first password, from a sheet of paper: good for entering once."""
    changed_at: Mapped[datetime]


class SecondFactor(Table):
    """What an account shows beside its password: codes of an application."""

    __tablename__ = "second_factor"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"), primary_key=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime | None]
    """None until the first code proved that the application has the secret."""
    last_step: Mapped[int | None] = mapped_column(BigInteger)
    """Time step of the newest code that was accepted: neither it nor an older one is accepted again."""
    recovery: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Keyed hashes of the codes for a lost phone; a used one is taken out."""


class Session(Table):
    """A stay of an account in one browser."""

    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    """As whom he acts: one account may stand for persons in two schools."""
    method: Mapped[str]
    proof: Mapped[str]
    device: Mapped[str]
    """What the browser says of itself, cut short: by it the owner knows the session in a list."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    second_factor_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[str | None]


class LoginTry(Table):
    """A try that has not succeeded, under a keyed hash of what it was counted by."""

    __tablename__ = "login_try"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str]
    at: Mapped[datetime]


class PasswordReset(Table):
    """That somebody asked for a new password; the link is made by whoever sends it, and kept nowhere."""

    __tablename__ = "password_reset"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class EntryCode(Table):
    """A code that a chat gave its owner, under a keyed hash."""

    __tablename__ = "entry_code"
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"))
    expires_at: Mapped[datetime]


class FormerAccount(Table):
    """A chat that a person has left for another one of the same messenger: by it he acts no more."""

    __tablename__ = "former_account"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    linked_at: Mapped[datetime]
    left_at: Mapped[datetime]
    untold: Mapped[bool]
    """Whether the chat is still to be told."""
    tell_at: Mapped[datetime | None]
    """Not before, by the machine clock; None: at once."""
    tries: Mapped[int]


class ProviderIdentity(Table):
    """Whom an identity provider means: a keyed hash of its own number for him, and nothing else of its data."""

    __tablename__ = "provider_identity"
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"))
    joined_at: Mapped[datetime]


class ProviderLogin(Table):
    """A login that is under way at an identity provider."""

    __tablename__ = "provider_login"
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    nonce: Mapped[str]
    verifier_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
