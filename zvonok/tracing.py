"""``zvonok trace``: the way of a message in words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core import people, schools
from core.database import Role
from core.schools import SchoolCard
from gateway import trace as gateway_trace
from gateway.trace import AttemptSeen, ReceiptSeen, ThreadSeen, Way
from texts.reader import Texts, load
from zvonok.installation import Installation
from zvonok.reasons import in_words
from zvonok.trouble import OfficeError


async def trace(here: Installation, what: str, day: str | None, school_name: str | None) -> list[str]:
    """Return the lines that tell what became of ``what``: a pupil's name, an event's id, or a subject.

    Raises ``OfficeError`` for a day that is none, ``NotFound`` for a school that is none.
    """
    wanted: dict[str, Any] = {"day": _day(day)}
    async with here.database(Role.CORE) as core, here.database(Role.GATEWAY) as gateway:
        async with core.begin() as session:
            school = await schools.find(session, school_name)
            searches = await _searches(what, session, school)
        found: list[Way] = []
        async with gateway.begin() as session:
            for search in searches:
                found += await gateway_trace.ways(session, **wanted, **search)
        async with core.begin() as session:
            readers = [thread.recipient for way in found for thread in way.threads]
            names = await people.names(session, readers)
    words = _Words(load("ru"), ZoneInfo(school.zone), names)
    return [line for way in found for line in words.way(way)] or [words.texts.format("trace-nothing")]


async def _searches(what: str, session: Any, school: SchoolCard) -> list[dict[str, Any]]:
    if "/" in what:
        return [{"subject": what}]
    try:
        return [{"event_id": UUID(what)}]
    except ValueError:
        return [{"pupil": person} for person in await people.by_name(session, school, what)]


def _day(day: str | None) -> date | None:
    try:
        return None if day is None else date.fromisoformat(day)
    except ValueError:
        raise OfficeError(f"«{day}» — не день: нужен вид 2026-11-24.") from None


ATTENDANCE, WAITING = "attendance_day", "pending"


class _Words:
    """Puts a way into sentences of the school's time zone."""

    def __init__(self, texts: Texts, zone: ZoneInfo, names: Mapping[UUID, str]) -> None:
        self.texts = texts
        self._zone = zone
        self._names = names

    def way(self, way: Way) -> list[str]:
        head = self.texts.format(
            "trace-event",
            day=f"{way.day:%d.%m.%Y}",
            subject=way.subject,
            version=way.version,
            event=str(way.event_id),
            at=self._clock(way.occurred_at),
        )
        absences = [self.texts.format("trace-absences", count=way.absences)]
        facts = [
            *(absences if way.category == ATTENDANCE else [self.texts.format(f"trace-about-{way.category}")]),
            self.texts.format("trace-followers", count=way.followers),
        ]
        return [head, *(f"  {fact}" for fact in facts), *(line for one in way.threads for line in self.thread(one))]

    def thread(self, thread: ThreadSeen) -> list[str]:
        line = self._with(
            "trace-thread",
            "reason",
            thread.reason,
            name=self._names.get(thread.recipient, str(thread.recipient)),
            channel=self.texts.format(f"trace-channel-{thread.channel}"),
            purpose=self.texts.format(f"trace-purpose-{thread.purpose}"),
            state=self._state(thread),
            told=thread.told or 0,
            want=thread.want,
        )
        happened: Sequence[AttemptSeen | ReceiptSeen] = (*thread.attempts, *thread.receipts)
        return [f"  {line}", *(f"    {self._happened(one)}" for one in happened)]

    def _state(self, thread: ThreadSeen) -> str:
        if thread.state != WAITING:
            return self.texts.format(f"trace-state-{thread.state}")
        due = thread.due_at.astimezone(self._zone)
        return self.texts.format("trace-state-pending-until", day=f"{due:%d.%m.%Y}", clock=f"{due:%H:%M}")

    def _happened(self, one: AttemptSeen | ReceiptSeen) -> str:
        if isinstance(one, ReceiptSeen):
            detail = None if one.detail is None else self.texts.format(f"trace-detail-{one.detail}")
            kind = self.texts.format(f"trace-kind-{one.kind}")
            return self._with("trace-receipt", "detail", detail, at=self._clock(one.at), kind=kind)
        return self._with(
            "trace-attempt",
            "reason",
            one.reason,
            at=self._clock(one.started_at),
            act=self.texts.format(f"trace-act-{one.act}"),
            version=one.version,
            outcome=self.texts.format(f"trace-outcome-{one.outcome or 'open'}"),
        )

    def _with(self, message_id: str, name: str, value: str | None, /, **args: str | int) -> str:
        if value is None:
            return self.texts.format(message_id, **args)
        shown = in_words(self.texts, value) if name == "reason" else value
        return self.texts.format(f"{message_id}-{name}", **args, **{name: shown})

    def _clock(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%H:%M:%S}"
