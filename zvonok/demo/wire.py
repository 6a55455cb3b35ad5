"""What really reached people, read from the local Telegram and the mail spool; nobody's ledger is believed."""

from dataclasses import dataclass
from enum import StrEnum

from babel.dates import format_date

from zvonok.demo.parts import Parent
from zvonok.demo.stage import Stage
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.mail_spool import Mail

CORRECTED = "Исправлено"
SIGN_TITLE, READ_TITLE = "Поездка в музей", "Четверг начинается позже"


class Kind(StrEnum):
    """What somebody is told of."""

    ABSENCE = "absence"
    MARK = "mark"
    REMARK = "remark"
    DIGEST = "digest"
    SIGN = "sign"
    CONFIRM = "confirm"


@dataclass(frozen=True, slots=True)
class Wire:
    """What reached one parent of one kind on this day."""

    parent: Parent
    messages: tuple[ChatMessage, ...]
    letters: tuple[Mail, ...]

    @property
    def told(self) -> bool:
        """Something arrived, one way or the other."""
        return bool(self.messages or self.letters)

    @property
    def corrections(self) -> int:
        """Messages that say now that it was a mistake, and letters that do."""
        edited = sum(message.text.startswith(CORRECTED) for message in self.messages)
        return edited + sum(letter.subject.startswith(CORRECTED) for letter in self.letters)

    @property
    def repeats(self) -> int:
        """Copies beyond the first: of a chat message, of a letter that says the same; none on two channels."""
        said = [letter.subject for letter in self.letters]
        both = bool(self.messages and self.letters)
        return max(0, len(self.messages) - 1) + len(said) - len(set(said)) + both


def on_the_wire(stage: Stage, parent: Parent, kind: Kind) -> Wire:
    """Collect what the local Telegram and the mail spool hold for this parent of this kind and day."""
    messages = () if parent.user_id is None else stage.emulator.person(parent.user_id).chat.messages
    letters = stage.catcher.spool.to(parent.cells.email) if parent.cells.email else ()
    return Wire(
        parent,
        tuple(one for one in messages if one.from_bot and _message_is(stage, parent, kind, one)),
        tuple(one for one in letters if _letter_is(stage, parent, kind, one)),
    )


def letters_titled(stage: Stage, mailbox: str, title: str) -> int:
    """Count the letters of this performance with a notice's title in a mailbox."""
    return sum(_published(stage, title, letter) for letter in stage.catcher.spool.to(mailbox))


def day_words(stage: Stage) -> str:
    """Return the day as messages write it."""
    return str(format_date(stage.day, "EEEE, d MMMM", locale="ru"))


def short_day(stage: Stage) -> str:
    """Return the day as an evening letter writes it."""
    return str(format_date(stage.day, "d MMMM", locale="ru"))


def _message_is(stage: Stage, parent: Parent, kind: Kind, message: ChatMessage) -> bool:
    text, name = message.text, parent.pupil.name.in_lists()
    match kind:
        case Kind.ABSENCE:
            return name in text and day_words(stage) in text and "тсутств" in text.partition("\n")[0]
        case Kind.MARK:
            return text.startswith("Новая оценка") and name in text and day_words(stage) in text
        case Kind.REMARK:
            return text.startswith("Замечание учителя") and name in text and day_words(stage) in text
        case Kind.DIGEST:
            return text.startswith(f"Новости из школы за {short_day(stage)}")
        case Kind.SIGN | Kind.CONFIRM:
            return text.startswith(f"Объявление: {_title(kind)}") and _is_new(stage, message)


def _letter_is(stage: Stage, parent: Parent, kind: Kind, letter: Mail) -> bool:
    subject, name = letter.subject, parent.pupil.name.in_lists()
    match kind:
        case Kind.ABSENCE:
            begins = subject.startswith(("Отсутствие", CORRECTED))
            return begins and name in subject and day_words(stage) in subject
        case Kind.MARK:
            return _news(stage, name, subject) and "Новая оценка" in (letter.text or "")
        case Kind.REMARK:
            return _news(stage, name, subject) and "Замечание учителя" in (letter.text or "")
        case Kind.DIGEST:
            return subject.startswith(f"Новости из школы за {short_day(stage)}") and name in subject
        case Kind.SIGN | Kind.CONFIRM:
            return _published(stage, _title(kind), letter)


def _news(stage: Stage, name: str, subject: str) -> bool:
    return subject == f"Новости из школы: {name}, {day_words(stage)}"


def _title(kind: Kind) -> str:
    return SIGN_TITLE if kind is Kind.SIGN else READ_TITLE


def _published(stage: Stage, title: str, letter: Mail) -> bool:
    return letter.subject == f"Объявление школы: {title}" and letter.received_at >= stage.since


def _is_new(stage: Stage, message: ChatMessage) -> bool:
    return message.sent_at >= stage.since
