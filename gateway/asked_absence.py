"""An absence behind the link of a letter: whom it was told, what he heard of it, and the words of its page.

The page says what the message in a chat says, with the same answers, of the day as it stands now.
"""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import AttendanceDayState, SchoolState, attendance_subject
from gateway import receipts
from gateway.absence_content import AbsenceContent, absence_content
from gateway.content import read_content
from gateway.links import Links, Use
from gateway.receipts import ToldMessage
from gateway.wording.absence import absence_words
from gateway.wording.words import Telling, Words
from texts.reader import Texts

FIND = text("""
SELECT d.told_key, CAST(s.state AS text) AS school,
  EXISTS (SELECT FROM gateway.receipt c WHERE c.subject = d.subject AND c.recipient = d.recipient
    AND c.kind = 'acknowledged') AS acknowledged
FROM gateway.delivery d JOIN gateway.school s ON s.id = d.school
WHERE d.month = :month AND d.id = :delivery
""")


@dataclass(frozen=True, slots=True)
class AskedAbsence:
    """A message that told an absence and asked for its cause."""

    message: ToldMessage
    school: SchoolState
    said: AbsenceContent | None
    """What it told last; None if that is not certain."""
    acknowledged: bool

    def words(self, texts: Texts, state: AttendanceDayState) -> Words:
        """Put the day as it stands now into words, with the buttons that a chat would have."""
        shown = {"acknowledged": self.acknowledged, "interactive": True}
        content = absence_content(state, self.message.recipient, **shown)
        return absence_words(texts, Telling(self.message.delivery, content, self.said, state, self.school))


async def behind(session: AsyncSession, links: Links, token: str) -> AskedAbsence | None:
    """Find the absence of a link; None if we made no such link, or its mailbox has been taken back or corrected."""
    message = await receipts.delivery_behind(session, links, token, Use.ABSENCE)
    if message is None or len(message.pupils) != 1:
        return None
    if message.subject != attendance_subject(message.pupil, message.day):
        return None
    row = (await session.execute(FIND, {"month": message.month, "delivery": message.delivery})).one_or_none()
    if row is None:
        return None
    said = read_content(row.told_key) if row.told_key else None
    told = said if isinstance(said, AbsenceContent) else None
    return AskedAbsence(message, SchoolState.model_validate_json(row.school), told, row.acknowledged)
