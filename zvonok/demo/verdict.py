"""The verdict: counted on the wire and in the journal, not believed from the gateway's own ledger."""

from collections import Counter
from dataclasses import asdict, dataclass

from sqlalchemy import text

from core.database import Role
from zvonok.demo.parts import Parent, Parts
from zvonok.demo.stage import Stage
from zvonok.demo.wire import READ_TITLE, SIGN_TITLE, Kind, Wire, letters_titled, on_the_wire

ABSENCES = text("""
SELECT count(*) FROM core.audit
WHERE action = 'attendance.record' AND before ->> 'code' IS NULL AND after ->> 'code' = 'н' AND at >= :since
""")
ANSWERS = text("SELECT act, count(*) AS total FROM core.notice_answer WHERE at >= :since GROUP BY act")
VIEWS = text("SELECT count(*) FROM core.diary_view WHERE at >= :since")
RECEIPTS = text("""
SELECT kind, count(*) AS total FROM gateway.receipt WHERE at >= :since AND subject LIKE 'attendance/%' GROUP BY kind
""")
# Of this performance's subjects only: without a gateway the import's own events lie unread too.
UNREAD = text("""
SELECT count(*) FROM bus.outbox
WHERE split_part(event ->> 'subject', '/', 1) IN ('attendance', 'mark', 'remark', 'notice') AND at >= :since
""")
OPEN = text("""
SELECT count(*) FROM gateway.delivery
WHERE state IN ('pending', 'claimed', 'sending', 'unknown', 'failed', 'expired') AND created_at >= :since
""")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The figures of one performance."""

    absences: int
    messenger_messages: int
    letters: int
    acknowledged: int
    explained: int
    corrected: int
    digests: int
    marks_told: int
    remarks_told: int
    signed: int
    read: int
    diary_opened: int
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
            digests=by_letter,
            marks_told=len(to_correct),
            remarks_told=len(to_correct),
            signed=2,
            read=1,
            diary_opened=2,
            lost=0,
            duplicates=0,
        )
        return self == expected

    def as_json(self) -> dict[str, int]:
        """Return the figures for the last line."""
        return asdict(self)


async def judge(stage: Stage, parts: Parts) -> Verdict:
    """Count what happened since the performance began (school time)."""
    wires = {kind: [on_the_wire(stage, parent, kind) for parent in parts.parents] for kind in Kind}
    absent, family = wires[Kind.ABSENCE], parts.of(parts.corrected)
    since = {"since": stage.since}
    async with stage.journal.begin() as session:
        absences = (await session.execute(ABSENCES, since)).scalar_one()
        answers = {row.act: row.total for row in await session.execute(ANSWERS, since)}
        views = (await session.execute(VIEWS, since)).scalar_one()
    async with stage.here.database(Role.GATEWAY) as database, database.begin() as session:
        receipts = {row.kind: row.total for row in await session.execute(RECEIPTS, since)}
        unread = (await session.execute(UNREAD, since)).scalar_one()
        still_open = (await session.execute(OPEN, since)).scalar_one()
    notices = [_notices(stage, parts, title) for title in (SIGN_TITLE, READ_TITLE)]
    return Verdict(
        absences=absences,
        messenger_messages=sum(len(wire.messages) for wire in absent),
        letters=sum(len(wire.letters) for wire in absent),
        acknowledged=receipts.get("acknowledged", 0),
        explained=receipts.get("explained", 0),
        corrected=sum(wire.corrections for wire in absent if wire.parent.pupil is parts.corrected),
        digests=sum(len(wire.messages) + len(wire.letters) for wire in wires[Kind.DIGEST]),
        marks_told=sum(_mark_is_told(wires, parent) for parent in family),
        remarks_told=sum(wire.told for wire in wires[Kind.REMARK]),
        signed=answers.get("signed", 0),
        read=answers.get("confirmed", 0),
        diary_opened=views,
        # What is still open or unread may be the very thing that somebody was not told: counted once.
        lost=max(_untold(wires, parts) + sum(lost for lost, _ in notices), unread + still_open),
        duplicates=sum(wire.repeats for of_kind in wires.values() for wire in of_kind)
        + sum(twice for _, twice in notices),
    )


def _untold(wires: dict[Kind, list[Wire]], parts: Parts) -> int:
    """Count what did not arrive: absences, notices, and the mark and remark of the one pupil."""
    to_all = sum(not wire.told for kind in (Kind.ABSENCE, Kind.SIGN, Kind.CONFIRM) for wire in wires[kind])
    family = parts.of(parts.corrected)
    marks = sum(not _mark_is_told(wires, parent) for parent in family)
    remarks = sum(not wire.told for wire in wires[Kind.REMARK] if wire.parent in family)
    return to_all + marks + remarks


def _mark_is_told(wires: dict[Kind, list[Wire]], parent: Parent) -> bool:
    """Tell whether a parent knows of the mark, by a message of its own or in the evening letter."""
    found = (wire for kind in (Kind.MARK, Kind.DIGEST) for wire in wires[kind] if wire.parent is parent)
    return any(wire.told for wire in found)


def _notices(stage: Stage, parts: Parts, title: str) -> tuple[int, int]:
    """Count the classmates' families without a letter of this title, and the letters beyond the first."""
    wanted = Counter(parts.classmates)
    found = {mailbox: letters_titled(stage, mailbox, title) for mailbox in wanted}
    lost = sum(max(0, count - found[mailbox]) for mailbox, count in wanted.items())
    twice = sum(max(0, found[mailbox] - count) for mailbox, count in wanted.items())
    return lost, twice
