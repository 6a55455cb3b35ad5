"""From a content to the words of a message. Pure: the same input gives the same bytes.

Texts are neutral to the sex of the child, decline no names, and begin with the fact. Nothing of the other guardian
enters: a content has only the reader's own answer.
"""

from functools import cache
from html import escape
from pathlib import Path
from uuid import UUID

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from core.events import (
    AttendanceDayState,
    HomeworkState,
    MarkState,
    NoticeState,
    PasswordLinkState,
    RemarkState,
    Subject,
)
from gateway.content import (
    AbsenceContent,
    Content,
    HomeworkContent,
    MarkContent,
    NoticeContent,
    PasswordLinkContent,
    RemarkContent,
)
from gateway.wording.absence import absence_words
from gateway.wording.learning import homework_words, mark_words, remark_words
from gateway.wording.notice import notice_words
from gateway.wording.password_link import password_link_words
from gateway.wording.words import Telling, Words
from notifiers.port import Button, Message
from texts.reader import Texts

LETTERS = Path(__file__).parent / "letters"

type AnyTelling = Telling[Subject, Content]


def words_of(texts: Texts, telling: AnyTelling) -> Words:
    """Put any subject into words. Raises ``TypeError`` if content and state are of different kinds."""
    state, content, said = telling.state, telling.content, telling.said
    parts = (telling.delivery, content, said, state, telling.school, telling.children, telling.link, telling.limited)
    match parts:
        case (_, AbsenceContent(), None | AbsenceContent(), AttendanceDayState(), *_):
            return absence_words(texts, Telling(*parts))
        case (_, MarkContent(), None | MarkContent(), MarkState(), *_):
            return mark_words(texts, Telling(*parts))
        case (_, RemarkContent(), None | RemarkContent(), RemarkState(), *_):
            return remark_words(texts, Telling(*parts))
        case (_, HomeworkContent(), None | HomeworkContent(), HomeworkState(), *_):
            return homework_words(texts, Telling(*parts))
        case (_, NoticeContent(), None | NoticeContent(), NoticeState(), *_):
            return notice_words(texts, Telling(*parts))
        case (_, PasswordLinkContent(), None | PasswordLinkContent(), PasswordLinkState(), *_):
            return password_link_words(texts, Telling(*parts))
    raise TypeError(f"{type(content).__name__} of {type(state).__name__}")


def chat_message(texts: Texts, telling: AnyTelling, address: str, key: str) -> Message:
    """Return the message for a messenger: text, HTML, buttons."""
    words = words_of(texts, telling)
    blocks = [*words.blocks, *words.closing, *words.own]
    plain = "\n\n".join(blocks)
    html = "\n\n".join([f"<b>{escape(words.title)}</b>", *(escape(block, quote=False) for block in blocks[1:])])
    buttons = tuple(
        tuple(Button(button.label, payload(telling.delivery, button.verb)) for button in row) for row in words.keys
    )
    return Message(key=key, address=address, text=plain, html=html, buttons=buttons, protected=words.private)


def letter(texts: Texts, telling: AnyTelling, address: str, key: str) -> Message:
    """Return the same as a letter: text and HTML, and a subject that says the fact and no reason."""
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
    )
    blocks = [greeting, *words.blocks, *closing, *link, "--", signature, why]
    return Message(key=key, address=address, text="\n\n".join(blocks) + "\n", html=html, subject=words.subject)


def payload(delivery: UUID, verb: str) -> str:
    """Return the payload of a button: opaque, 64 bytes at most, its meaning kept by us (channels.md §0)."""
    return f"a:{delivery.hex}:{verb}"


@cache
def template(name: str) -> Template:
    """Return a letter's template, read once; everything put into it is escaped."""
    environment = Environment(loader=FileSystemLoader(LETTERS), autoescape=True, undefined=StrictUndefined)
    return environment.get_template(name)
