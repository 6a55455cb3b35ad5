"""Tables of schema ``core`` that hold what families are asked: notices, their answers, the register of consents."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class Notice(Table):
    """A notice to the families of a class."""

    __tablename__ = "notice"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    title: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str]
    ask: Mapped[str]
    reply_by: Mapped[date | None]
    published_at: Mapped[datetime]
    withdrawn: Mapped[bool]
    version: Mapped[int]


class NoticePupil(Table):
    """A pupil whose family a notice is meant for: the class as it was when the notice was published."""

    __tablename__ = "notice_pupil"
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("core.notice.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)


class NoticeAnswerRow(Table):
    """What a guardian did with a notice, for whom, when, through what, with the text's hash. Append-only by grant."""

    __tablename__ = "notice_answer"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("core.notice.id"))
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    pupils: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """For whom: the pupils it is meant for whom the guardian might see at that moment; it counts for nobody else."""
    act: Mapped[str]
    text_hash: Mapped[str]
    via: Mapped[str]
    account_id: Mapped[UUID | None]
    at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """Order of answering, under the notice's lock: of one guardian's answers for a pupil the last one counts."""


class ConsentText(Table):
    """One version of what families agree to. Append-only by grant: a text that somebody agreed to never changes."""

    __tablename__ = "consent_text"
    __table_args__ = (UniqueConstraint("school_id", "version"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    version: Mapped[int]
    text: Mapped[str]
    text_hash: Mapped[str]
    published_by: Mapped[UUID | None]
    published_at: Mapped[datetime]


class Consent(Table):
    """A consent to the processing of personal data, or its refusal or withdrawal (CONS-01). Append-only by grant.

    The newest row of a relation and a purpose, by its own date, decides.
    """

    __tablename__ = "consent"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    purpose: Mapped[str]
    given: Mapped[bool]
    since: Mapped[date]
    until: Mapped[date | None]
    """The last day."""
    form: Mapped[str]
    text_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.consent_text.id"))
    """What exactly was agreed to; None on paper of the school's own."""
    paper_ref: Mapped[str] = mapped_column(server_default="")
    """Where the sheet lies: its number, its folder."""
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime]
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """Order of recording; of two rows with one date the later one counts."""
