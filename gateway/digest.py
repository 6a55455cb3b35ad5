"""The evening letter: several subjects of one reader in one message, by child. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import NamedTuple
from uuid import UUID

from gateway.absence_content import AbsenceContent
from gateway.content import Content, HomeworkContent, MarkContent, NoticeContent, PasswordLinkContent, RemarkContent
from gateway.duty_content import DisputeContent, MorningContent, RollContent, SchoolRollsContent
from gateway.learning_content import LearningContent
from gateway.mailbox_content import MailboxLinkContent
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from gateway.rendering import AnyTelling, template, unsubscribing, words_of
from gateway.strange_entry_content import StrangeEntryContent
from gateway.wording.words import short_day
from notifiers.port import Message
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class Link:
    """Where the reader of a letter answers one thing of it."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Piece:
    """What one subject puts into the letter."""

    heading: str
    """The child, with the class."""
    lines: tuple[str, ...]
    private: bool
    school: str
    children: tuple[str, ...] = ()
    """Several children whom it concerns at once; they may stand in the letter by themselves, too."""
    link: Link | None = None
    """None if nothing is asked, or there are no pages; a messenger shows none."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One evening letter, before its words."""

    day: date
    address: str
    key: str
    longest: int
    """Characters of text that one message of the channel may hold."""
    unsubscribe: str | None = None
    """The page on which its reader says that he wants no more of these."""


def piece_of(texts: Texts, telling: AnyTelling) -> Piece:
    """Return the piece of one subject."""
    words = words_of(texts, telling)
    several = telling.children if len(telling.children) > 1 else ()
    link = None if words.link is None else Link(words.link, words.link_label or texts.format("letter-link"))
    return Piece(words.about[0], words.item, words.private, telling.school.name, several, link)


def message_key(bundle: UUID, members: Iterable[tuple[UUID, int]]) -> str:
    """Name the letter by what it holds: the same again is the same letter, anything else is another one."""
    told = ",".join(f"{delivery.hex}.{gen}" for delivery, gen in sorted(members))
    return f"{bundle.hex}.{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def digest_chat(texts: Texts, pieces: Sequence[Piece], letter: Letter) -> Message:
    """Return the evening message for a messenger: as much as one message holds, and how much more there is."""
    shown = len(pieces)
    while (message := _chat(texts, pieces, shown, letter)).length > letter.longest and shown > 1:
        shown -= 1
    protected = any(piece.private for piece in pieces)
    return Message(key=letter.key, address=letter.address, text=message.plain, html=message.html, protected=protected)


class _Paragraph(NamedTuple):
    """Lines of a letter about one child, and where they are answered."""

    lines: tuple[str, ...]
    link: Link | None


@dataclass(frozen=True, slots=True)
class _Chat:
    plain: str
    html: str

    @property
    def length(self) -> int:
        """Characters as messengers count them: units of UTF-16."""
        return len(self.plain.encode("utf-16-le")) // 2


def _chat(texts: Texts, pieces: Sequence[Piece], shown: int, letter: Letter) -> _Chat:
    title, parts, hidden = _title(texts, letter.day), _by_child(pieces[:shown]), len(pieces) - shown
    more = [texts.format("digest-more", count=hidden)] if hidden else []
    plain = "\n\n".join([title, *("\n".join((heading, *lines)) for heading, lines in parts), *more])
    html = [f"<b>{escape(title)}</b>"]
    html += [
        "\n".join((f"<b>{escape(heading)}</b>", *(escape(line, quote=False) for line in lines)))
        for heading, lines in parts
    ]
    return _Chat(plain, "\n\n".join([*html, *(escape(line, quote=False) for line in more)]))


def digest_letter(texts: Texts, pieces: Sequence[Piece], letter: Letter) -> Message:
    """Return the evening letter; its subject names the children and the day, and tells nothing."""
    title, parts = _title(texts, letter.day), _paragraphs(pieces)
    subject = texts.format("letter-subject-digest", day=short_day(texts, letter.day), names=_names(pieces))
    greeting, why = texts.format("letter-greeting"), texts.format("digest-why")
    signature = texts.format("letter-signature", school=pieces[0].school)
    html = template("digest.html.j2").render(
        language=texts.language,
        subject=subject,
        greeting=greeting,
        title=title,
        parts=parts,
        signature=signature,
        why=why,
        unsubscribe=letter.unsubscribe,
        unsubscribe_label=texts.format("letter-unsubscribe-label"),
    )
    blocks = [greeting, title, *("\n".join((heading, *_lines(said))) for heading, said in parts), "--", signature, why]
    blocks += unsubscribing(texts, letter.unsubscribe)
    text = "\n\n".join(blocks) + "\n"
    return Message(
        key=letter.key,
        address=letter.address,
        text=text,
        html=html,
        subject=subject,
        unsubscribe=letter.unsubscribe,
    )


def _title(texts: Texts, day: date) -> str:
    return texts.format("digest-title", day=short_day(texts, day))


def _by_child(pieces: Sequence[Piece]) -> list[tuple[str, tuple[str, ...]]]:
    """Put the pieces under their children, in the order in which each child is first met."""
    found: dict[str, tuple[str, ...]] = {}
    for piece in pieces:
        found[piece.heading] = (*found.get(piece.heading, ()), *piece.lines)
    return list(found.items())


def _paragraphs(pieces: Sequence[Piece]) -> list[tuple[str, list[_Paragraph]]]:
    """Put the pieces under their children for a letter: lines, up to the link by which they are answered."""
    found: dict[str, list[_Paragraph]] = {}
    for piece in pieces:
        told = found.setdefault(piece.heading, [])
        before = told.pop().lines if told and told[-1].link is None else ()
        told.append(_Paragraph((*before, *piece.lines), piece.link))
    return list(found.items())


def _lines(paragraphs: Iterable[_Paragraph]) -> Iterable[str]:
    for lines, link in paragraphs:
        yield from lines
        if link is not None:
            yield f"{link.label}: {link.url}"


def _with_class(heading: str, headings: Iterable[str]) -> str:
    """Return how else the letter names this child, with its class; what concerns the whole school names no class."""
    fuller = {one for one in headings if one.startswith(f"{heading}, ")}
    return fuller.pop() if len(fuller) == 1 else heading


def _names(pieces: Sequence[Piece]) -> str:
    """Name each child once: what concerns several of them names nobody who is named by himself."""
    alone = {piece.heading for piece in pieces if not piece.children}

    def said(child: str) -> bool:
        return any(one == child or one.startswith(f"{child}, ") for one in alone)

    shown = (piece.heading for piece in pieces if not piece.children or not all(map(said, piece.children)))
    return "; ".join(dict.fromkeys(shown))


def in_order(tellings: Iterable[tuple[AnyTelling, Piece]]) -> tuple[Piece, ...]:
    """Return the pieces in the order in which they are read: by child, then by kind, then by day."""
    known = tuple(tellings)
    headings = {piece.heading for _, piece in known}
    named = [(telling, replace(piece, heading=_with_class(piece.heading, headings))) for telling, piece in known]

    def place(told: tuple[AnyTelling, Piece]) -> tuple[str, str, tuple[str, ...]]:
        telling, piece = told
        return piece.heading, _kind(telling.content), piece.lines

    return tuple(piece for _, piece in sorted(named, key=place))


_ORDER: tuple[type[Content], ...] = (
    AbsenceContent,
    TimetableContent,
    MarkContent,
    RemarkContent,
    HomeworkContent,
    ControlWorkContent,
    SchoolEventContent,
    NoticeContent,
    LearningContent,
    RollContent,
    DisputeContent,
    SchoolRollsContent,
    MorningContent,
    PasswordLinkContent,
    MailboxLinkContent,
    StrangeEntryContent,
)
"""In which order a letter tells of a child; how learning goes closes it."""


def _kind(content: Content) -> str:
    return f"{_ORDER.index(type(content)):02}"
