"""What the page shows, as JSON: people, chats, mailboxes, the clock, troubles. State, never edges."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core.events import Channel
from core.roster_file import LessonRow
from zvonok.sandbox.bells import presets, todays_lessons
from zvonok.sandbox.chats import Chat, ChatMessage, Content
from zvonok.sandbox.mail_spool import Mail
from zvonok.sandbox.residents import Neighbour
from zvonok.sandbox.world import World

SHOWN_MESSAGES = 80
"""Of one chat, the newest ones."""
SHOWN_LETTERS = 60

_MESSENGERS = {Channel.TELEGRAM: "Telegram", Channel.MAX: "MAX"}

type Json = dict[str, Any]


def person(neighbour: Neighbour) -> Json:
    """Show who somebody is."""
    resident = neighbour.resident
    return {
        "id": str(resident.person),
        "name": resident.name.in_full(),
        "short": f"{resident.name.surname} {resident.name.given}",
        "about": resident.about,
        "staff": resident.is_staff,
        "phone": neighbour.user_id,
        "messenger": None if neighbour.user_id is None else _MESSENGERS[neighbour.messenger],
        "email": resident.email,
    }


def phone(world: World, chat: Chat, zone: ZoneInfo) -> Json:
    """Show a chat as its owner sees it, with what was there before each edit and deletion."""
    messages = list(chat.all_messages.values())[-SHOWN_MESSAGES:]
    keyboard = chat.reply_keyboard
    return {
        "phone": chat.profile.user_id,
        "blocked": chat.blocked,
        "messages": [_message(message, zone) for message in messages],
        "keyboard": _reply_keyboard(keyboard),
        "commands": _commands(world, chat.bot_id),
    }


def _message(message: ChatMessage, zone: ZoneInfo) -> Json:
    document = message.document
    return _content(message.content, zone) | {
        "id": message.message_id,
        "mine": not message.from_bot,
        "sent": _clock(message.sent_at, zone),
        "day": _day(message.sent_at, zone),
        "edited": None if message.edited_at is None else _clock(message.edited_at, zone),
        "deleted": message.deleted,
        "earlier": [_content(one, zone) for one in message.earlier],
        "buttons": [
            [{"label": one.label, "data": one.data, "url": _web(one.url)} for one in row] for row in message.buttons
        ],
        "file": None
        if document is None
        else {"id": document.file_id, "name": document.name, "size": document.size, "mime": document.mime},
    }


def _content(content: Content, zone: ZoneInfo) -> Json:
    entities = [
        {name: entity[name] for name in ("type", "offset", "length", "url") if name in entity}
        for entity in content.entities
    ]
    return {"text": content.text, "entities": entities, "at": _clock(content.at, zone)}


def _web(url: str | None) -> str | None:
    return url if url is not None and url.startswith(("http://", "https://")) else None


def _reply_keyboard(markup: Json | None) -> list[list[str]]:
    rows = [] if markup is None else markup["keyboard"]
    return [[str(button["text"]) for button in row] for row in rows]


def _commands(world: World, bot_id: int) -> list[Json]:
    found = [commands for (bot, _, language), commands in world.commands.items() if (bot, language) == (bot_id, "")]
    # Telegram calls the word of a command so, MAX a name.
    return [
        {"command": one.get("command") or one["name"], "about": one["description"]}
        for one in (found[0] if found else [])
    ]


def mailbox(address: str, mails: Sequence[Mail], zone: ZoneInfo) -> Json:
    """Show a mailbox: the newest letters first, without their contents."""
    letters = [
        {
            "number": mail.number,
            "subject": mail.subject or "(без темы)",
            "from": str(mail.message.get("From", mail.sender)),
            "day": _day(mail.received_at, zone),
            "at": _clock(mail.received_at, zone),
        }
        for mail in reversed(mails[-SHOWN_LETTERS:])
    ]
    return {"address": address, "letters": letters}


def letter(mail: Mail) -> Json:
    """Show what is in a letter: its text, its links and files, its headers. Its HTML is served apart, caged."""
    html = mail.html
    return {
        "number": mail.number,
        "subject": mail.subject or "(без темы)",
        "to": list(mail.to),
        "text": mail.text,
        "html": html is not None,
        "links": links(html) if html is not None else [],
        "headers": [[name, value] for name, value in mail.headers.items()],
        "files": [_attachment(number, part) for number, part in enumerate(attachments(mail))],
    }


def attachments(mail: Mail) -> list[EmailMessage]:
    """List the files of a letter."""
    return [part for part in mail.message.iter_attachments() if isinstance(part, EmailMessage)]


def _attachment(number: int, part: EmailMessage) -> Json:
    body = part.get_payload(decode=True)
    size = len(body) if isinstance(body, bytes) else 0
    return {"number": number, "name": part.get_filename() or "файл", "mime": part.get_content_type(), "size": size}


_ANCHOR = re.compile(r"<a(?=[\s>])", re.IGNORECASE)


def apart(html: str) -> str:
    """Make each link of a letter open in a tab of its own that knows nothing of this page, as mail programs do.

    Of two attributes of one name a browser takes the first, so whatever the letter says of its links does not count.
    """
    return '<base target="_blank">' + _ANCHOR.sub('<a target="_blank" rel="noopener noreferrer"', html)


def links(html: str) -> list[Json]:
    """List the links of a page of HTML in their order, each address once; web addresses only."""
    reader = _Links()
    reader.feed(html)
    return [{"url": url, "text": " ".join(text.split())} for url, text in reader.found.items()]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open = _web(dict(attrs).get("href"))
            if self._open is not None:
                self.found.setdefault(self._open, "")

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.found[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None


def clock(now: datetime, last: datetime, zone: ZoneInfo, lessons: Sequence[LessonRow]) -> Json:
    """Show the school's clock, where it may be moved with one press, and who teaches the class today."""
    there = now.astimezone(zone)
    return {
        "now": there.isoformat(),
        "day": str(format_date(there.date(), "EEEE, d MMMM", locale="ru")),
        "time": f"{there.hour}:{there.minute:02}",
        "last": last.astimezone(zone).isoformat(),
        "presets": [
            {"id": one.id, "name": one.name, "when": one.when}
            for one in presets(lessons, now, zone.key)
            if one.at <= last
        ],
        "lessons": [
            {
                "begins": begins.isoformat(),
                "ends": ends.isoformat(),
                "number": row.number,
                "title": str(row.school_class),
                "subject": row.subject,
                "teacher": row.teacher,
            }
            for begins, ends, row in todays_lessons(lessons, now, zone.key)
        ],
    }


def _clock(at: datetime, zone: ZoneInfo) -> str:
    there = at.astimezone(zone)
    return f"{there.hour}:{there.minute:02}"


def _day(at: datetime, zone: ZoneInfo) -> str:
    return str(format_date(at.astimezone(zone).date(), "EEEE, d MMMM", locale="ru"))
