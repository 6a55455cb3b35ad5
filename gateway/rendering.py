"""From a content to the words of a message. Pure: the same input gives the same bytes.

Texts are neutral to the sex of the child, decline no names, and begin with the fact. Nothing of the other guardian
enters: a content has only the reader's own answer.
"""

from functools import cache
from html import escape
from pathlib import Path
from typing import cast
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.events import (
    AbsenceDisputedState,
    AttendanceDayState,
    ControlWorkState,
    HomeworkState,
    LearningWeekState,
    MailboxLinkState,
    MarkState,
    NoticeState,
    PasswordLinkState,
    RemarkState,
    RollOverdueState,
    SchoolEventState,
    SchoolMorningState,
    SchoolRollsState,
    StrangeEntryState,
    Subject,
    TimetableDayState,
)
from gateway.absence_content import AbsenceContent
from gateway.content import Content, HomeworkContent, MarkContent, NoticeContent, PasswordLinkContent, RemarkContent
from gateway.duty_content import DisputeContent, MorningContent, RollContent, SchoolRollsContent
from gateway.learning_content import LearningContent
from gateway.mailbox_content import MailboxLinkContent
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from gateway.strange_entry_content import StrangeEntryContent
from gateway.wording.absence import AbsenceTelling, absence_words
from gateway.wording.duties import DisputeTelling, RollTelling, dispute_words, roll_words
from gateway.wording.learning import (
    HomeworkTelling,
    MarkTelling,
    RemarkTelling,
    homework_words,
    mark_words,
    remark_words,
)
from gateway.wording.learning_week import LearningTelling, learning_words
from gateway.wording.mailbox_link import MailboxLinkTelling, mailbox_link_words
from gateway.wording.notice import NoticeTelling, notice_words
from gateway.wording.password_link import PasswordLinkTelling, password_link_words
from gateway.wording.planned import (
    ControlWorkTelling,
    SchoolEventTelling,
    TimetableTelling,
    control_work_words,
    school_event_words,
    timetable_words,
)
from gateway.wording.school_words import MorningTelling, SchoolRollsTelling, morning_words, school_rolls_words
from gateway.wording.strange_entry import StrangeEntryTelling, strange_entry_words
from gateway.wording.words import Telling, Words
from notifiers.port import Button, Message
from texts.reader import Texts

LETTERS = Path(__file__).parent / "letters"

type AnyTelling = Telling[Subject, Content]


def words_of(texts: Texts, telling: AnyTelling) -> Words:
    """Put any subject into words. Raises ``TypeError`` if content and state are of different kinds."""
    # What the patterns have shown of its parts, the checker does not know of the whole.
    match telling.content, telling.said, telling.state:
        case AbsenceContent(), None | AbsenceContent(), AttendanceDayState():
            return absence_words(texts, cast("AbsenceTelling", telling))
        case MarkContent(), None | MarkContent(), MarkState():
            return mark_words(texts, cast("MarkTelling", telling))
        case RemarkContent(), None | RemarkContent(), RemarkState():
            return remark_words(texts, cast("RemarkTelling", telling))
        case HomeworkContent(), None | HomeworkContent(), HomeworkState():
            return homework_words(texts, cast("HomeworkTelling", telling))
        case NoticeContent(), None | NoticeContent(), NoticeState():
            return notice_words(texts, cast("NoticeTelling", telling))
    return _account_words(texts, telling) or _own_words(texts, telling) or _planned_words(texts, telling)


def _account_words(texts: Texts, telling: AnyTelling) -> Words | None:
    match telling.content, telling.said, telling.state:
        case PasswordLinkContent(), None | PasswordLinkContent(), PasswordLinkState():
            return password_link_words(texts, cast("PasswordLinkTelling", telling))
        case MailboxLinkContent(), None | MailboxLinkContent(), MailboxLinkState():
            return mailbox_link_words(texts, cast("MailboxLinkTelling", telling))
        case StrangeEntryContent(), None | StrangeEntryContent(), StrangeEntryState():
            return strange_entry_words(texts, cast("StrangeEntryTelling", telling))
    return None


def _own_words(texts: Texts, telling: AnyTelling) -> Words | None:
    match telling.content, telling.said, telling.state:
        case LearningContent(), None | LearningContent(), LearningWeekState():
            return learning_words(texts, cast("LearningTelling", telling))
        case RollContent(), None | RollContent(), RollOverdueState():
            return roll_words(texts, cast("RollTelling", telling))
        case DisputeContent(), None | DisputeContent(), AbsenceDisputedState():
            return dispute_words(texts, cast("DisputeTelling", telling))
        case SchoolRollsContent(), None | SchoolRollsContent(), SchoolRollsState():
            return school_rolls_words(texts, cast("SchoolRollsTelling", telling))
        case MorningContent(), None | MorningContent(), SchoolMorningState():
            return morning_words(texts, cast("MorningTelling", telling))
    return None


def _planned_words(texts: Texts, telling: AnyTelling) -> Words:
    match telling.content, telling.said, telling.state:
        case TimetableContent(), None | TimetableContent(), TimetableDayState():
            return timetable_words(texts, cast("TimetableTelling", telling))
        case ControlWorkContent(), None | ControlWorkContent(), ControlWorkState():
            return control_work_words(texts, cast("ControlWorkTelling", telling))
        case SchoolEventContent(), None | SchoolEventContent(), SchoolEventState():
            return school_event_words(texts, cast("SchoolEventTelling", telling))
    raise TypeError(f"{type(telling.content).__name__} of {type(telling.state).__name__}")


def chat_message(texts: Texts, telling: AnyTelling, address: str, key: str) -> Message:
    """Return the message for a messenger: text, HTML, buttons."""
    words = words_of(texts, telling)
    blocks = [*words.blocks, *words.closing, *words.own]
    plain = "\n\n".join(blocks)
    html = "\n\n".join([f"<b>{escape(words.title)}</b>", *(escape(block, quote=False) for block in blocks[1:])])
    asked = payload(telling.delivery, "")
    buttons = tuple(tuple(Button(button.label, asked + button.verb) for button in row) for row in words.keys)
    return Message(
        key=key,
        address=address,
        text=plain,
        html=html,
        buttons=buttons,
        protected=words.private,
        silent=words.quiet,
    )


def letter(texts: Texts, telling: AnyTelling, address: str, key: str, *, unsubscribe: str | None = None) -> Message:
    """Return the same as a letter: text and HTML, and a subject that says the fact and no reason.

    ``unsubscribe``: the page on which its reader says that he wants no more of these.
    """
    words = words_of(texts, telling)
    closing = (*words.closing, *([] if words.reply is None else [words.reply]))
    greeting, why = texts.format("letter-greeting"), words.why or texts.format("letter-why")
    signature = texts.format("letter-signature", school=telling.school.name)
    link = [] if words.link is None else [words.link]
    html = template("alert.html.j2").render(
        language=texts.language,
        subject=words.subject,
        greeting=greeting,
        title=words.title,
        about=words.about,
        body=words.body,
        closing=closing,
        link=words.link,
        link_label=words.link_label or texts.format("letter-link"),
        calm=words.calm,
        signature=signature,
        why=why,
        unsubscribe=unsubscribe,
        unsubscribe_label=texts.format("letter-unsubscribe-label"),
    )
    blocks = [greeting, *words.blocks, *closing, *link, "--", signature, why, *unsubscribing(texts, unsubscribe)]
    text = "\n\n".join(blocks) + "\n"
    return Message(key=key, address=address, text=text, html=html, subject=words.subject, unsubscribe=unsubscribe)


def unsubscribing(texts: Texts, page: str | None) -> tuple[str, ...]:
    """Return the last block of a letter's text: where its reader says that he wants no more; none without pages."""
    return () if page is None else (texts.format("letter-unsubscribe", url=page),)


def payload(delivery: UUID, verb: str) -> str:
    """Return the payload of a button: opaque, 64 bytes at most, its meaning kept by us (channels.md §0)."""
    return f"a:{delivery.hex}:{verb}"


@cache
def template(name: str) -> Template:
    """Return a letter's template, read once; everything put into it is escaped."""
    environment = Environment(loader=FileSystemLoader(LETTERS), autoescape=True, undefined=StrictUndefined)
    return environment.get_template(name)
