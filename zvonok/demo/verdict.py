"""The verdict: counted on the wire and in the journal, not believed from the gateway's own ledger."""

from dataclasses import asdict, dataclass
from typing import Any

from babel.dates import format_date
from sqlalchemy import text

from core.database import Role
from zvonok.demo.parts import Parent, Parts
from zvonok.demo.stage import Stage
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.mail_spool import Mail

ABSENCES = text("""
SELECT count(*) FROM core.audit
WHERE action = 'attendance.record' AND before ->> 'code' IS NULL AND after ->> 'code' = 'н' AND at >= :since
""")
RECEIPTS = text("SELECT kind, count(*) AS total FROM gateway.receipt WHERE at >= :since GROUP BY kind")
# Of this performance's absences only: without a gateway the import's own events lie unread too.
UNREAD = text("SELECT count(*) FROM bus.outbox WHERE event ->> 'subject' LIKE 'attendance/%' AND at >= :since")
OPEN = text("""
SELECT count(*) FROM gateway.delivery
WHERE state IN ('pending', 'claimed', 'sending', 'unknown', 'failed', 'expired') AND created_at >= :since
""")
CORRECTED = "Исправлено"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of one performance."""

    absences: int
    messenger_messages: int
    letters: int
    acknowledged: int
    explained: int
    corrected: int
    lost: int
    duplicates: int

    def holds(self, parts: Parts) -> bool:
        """Tell whether everything happened as it must: nobody forgotten, nobody told twice, the correction told."""
        in_messenger = sum(parent.user_id is not None for parent in parts.parents)
        to_correct = parts.of(parts.corrected)
        by_letter = sum(parent.user_id is None for parent in to_correct)
        expected = Verdict(
            absences=len(parts.pupils),
            messenger_messages=in_messenger,
            letters=len(parts.parents) - in_messenger + by_letter,
            acknowledged=1,
            explained=1,
            corrected=len(to_correct),
            lost=0,
            duplicates=0,
        )
        return self == expected

    def as_json(self) -> dict[str, int]:
        """Return the figures for the last line."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Wire:
    """What really reached a parent about the pupil on this day."""

    parent: Parent
    messages: tuple[ChatMessage, ...]
    letters: tuple[Mail, ...]

    @property
    def told(self) -> bool:
        """Something about the absence arrived, one way or the other."""
        return bool(self.messages or self.letters)

    @property
    def corrections(self) -> int:
        """Messages that say now that it was a mistake, and letters that do."""
        edited = sum(message.text.startswith(CORRECTED) for message in self.messages)
        return edited + sum(letter.subject.startswith(CORRECTED) for letter in self.letters)

    @property
    def repeats(self) -> int:
        """Copies beyond the first: of a chat message, of a letter that says the same."""
        said = [letter.subject for letter in self.letters]
        return max(0, len(self.messages) - 1) + len(said) - len(set(said))


def on_the_wire(stage: Stage, parent: Parent) -> Wire:
    """Collect what the local Telegram and the mail spool hold for this parent about this pupil and day."""
    name, day = parent.pupil.name.in_lists(), day_words(stage)
    messages = () if parent.user_id is None else stage.emulator.person(parent.user_id).chat.messages
    letters = stage.catcher.spool.to(parent.cells.email) if parent.cells.email else ()
    return Wire(
        parent,
        tuple(one for one in messages if one.from_bot and name in one.text and day in one.text),
        tuple(one for one in letters if name in one.subject and day in one.subject),
    )


def day_words(stage: Stage) -> str:
    """Return the day as messages write it."""
    return str(format_date(stage.day, "EEEE, d MMMM", locale="ru"))


async def judge(stage: Stage, parts: Parts, since: Any) -> Verdict:
    """Count what happened since the performance began (school time)."""
    wires = [on_the_wire(stage, parent) for parent in parts.parents]
    async with stage.journal.begin() as session:
        absences = (await session.execute(ABSENCES, {"since": since})).scalar_one()
    async with stage.here.database(Role.GATEWAY) as database, database.begin() as session:
        receipts = {row.kind: row.total for row in await session.execute(RECEIPTS, {"since": since})}
        unread = (await session.execute(UNREAD, {"since": since})).scalar_one()
        still_open = (await session.execute(OPEN, {"since": since})).scalar_one()
    untold = sum(not wire.told for wire in wires)
    return Verdict(
        absences=absences,
        messenger_messages=sum(len(wire.messages) for wire in wires),
        letters=sum(len(wire.letters) for wire in wires),
        acknowledged=receipts.get("acknowledged", 0),
        explained=receipts.get("explained", 0),
        corrected=sum(wire.corrections for wire in wires if wire.parent.pupil is parts.corrected),
        # What is still open or unread may be the very thing that somebody was not told: counted once.
        lost=max(untold, unread + still_open),
        duplicates=sum(wire.repeats for wire in wires),
    )
