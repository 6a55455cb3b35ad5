"""The rail: the way of each event in plain words — tap, event, plan, delivery, outcome, receipt — and where it ends.

One card for each event, the one that moved last on top; in it one line for each reader, with all his ways in their
order: the letter stands behind the message whose place it took. Where nothing is sent, the reason stands in its place.
Times are the school's wall clock.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import Row

from core.database import Database
from gateway.states import State
from gateway.thread import NO_CHANNEL
from texts.reader import Texts
from zvonok.reasons import in_words
from zvonok.sandbox.rail_people import TONES, Standing, Sum, in_turn, is_past, of_reader, of_thread
from zvonok.sandbox.rail_records import Records, look
from zvonok.sandbox.rail_times import dated

SHOWN = 30
OUTCOMES: Mapping[str, str] = {"accepted": "ok", "deferred": "wait", "open": "wait"}
"""How the outcome of an attempt looks; all others are bad news."""

ROLL = "attendance.roll"
"""The act that ends a roll call."""
TELLING = ("code", "value", "reason", "act", "kind", "absent", "pupil")
"""Fields of an audit row worth showing, the most telling first."""

type Json = dict[str, Any]


class Rail:
    """Draws the rail of one school; ``now`` is its clock."""

    def __init__(self, core: Database, gateway: Database, texts: Texts, zone: str, now: Callable[[], datetime]) -> None:
        self._core = core
        self._gateway = gateway
        self._texts = texts
        self._zone = ZoneInfo(zone)
        self._now = now

    async def draw(self) -> list[Json]:
        """Return the latest ways, the one that moved last first."""
        records = await look(self._core, self._gateway)
        ways = _ways(records, Words(self._texts, self._zone, self._now()))
        return sorted(ways, key=lambda way: (way["moved"], way["subject"]), reverse=True)[:SHOWN]


def _ways(records: Records, words: "Words") -> Iterable[Json]:
    acts: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for act in reversed(records.acts):
        acts[act.subject].append(act)
    threads: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in records.threads:
        threads[row.subject].append(row)
    traces = Traces.of(records)
    waiting = {row.subject: row for row in reversed(records.waiting)}
    for fact in records.facts:
        yield _planned(
            fact, acts.pop(fact.subject, []), waiting.pop(fact.subject, None), threads[fact.subject], traces, words
        )
    for subject, row in waiting.items():
        if "type" in row.data and subject in acts:
            own = acts.pop(subject)
            steps = [*(words.act(act) for act in own), words.event(row.at, row.version, waits=True)]
            yield _way(subject, _moved(own, [row.at]), words.title(row.data), own, steps, words)
    for subject, own in acts.items():
        steps = [words.act(act) for act in _told_apart(own)]
        yield _way(subject, _moved(own, []), words.standalone(own[-1]), own, steps, words)


def _told_apart(acts: Sequence[Row[Any]]) -> list[Row[Any]]:
    """Of a roll call that was ended again with nothing changed since, show the last time: its card bears it too."""
    follows = zip(acts[1:], acts, strict=False)
    again = {id(before) for one, before in follows if one.action == ROLL == before.action and _same(one, before)}
    return [one for one in acts if id(one) not in again]


def _same(one: Row[Any], other: Row[Any]) -> bool:
    return bool((one.actor, one.after) == (other.actor, other.after))


def _moved(acts: Sequence[Row[Any]], others: Iterable[datetime]) -> datetime:
    moments: list[datetime] = [*others, *(act.at for act in acts)]
    return max(moments)


def _planned(
    fact: Row[Any],
    acts: list[Row[Any]],
    waiting: Row[Any] | None,
    threads: list[Row[Any]],
    traces: "Traces",
    words: "Words",
) -> Json:
    readers: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in threads:
        readers[row.recipient].append(row)
    steps = words.path(fact, acts)
    moments = [fact.occurred_at, *(at for row in threads for at in traces.moments(row))]
    if waiting is not None:
        steps.append(words.event(waiting.at, waiting.version, waits=True))
        moments.append(waiting.at)
    if fact.planned_at is not None:
        steps.append(words.plan(fact, len(readers)))
    way = _way(fact.subject, _moved(acts, moments), words.title(fact.data), acts, steps, words)
    people = [words.person(own, traces) for own in readers.values()]
    people.sort(key=lambda one: (_TROUBLE_FIRST.index(one["standing"]), one["name"]))
    return way | words.summed(fact, list(readers.values())) | {"people": people}


_TROUBLE_FIRST = (Standing.MISSED, Standing.WAITS, Standing.TOLD, Standing.FORBIDDEN, Standing.UNNEEDED)


def _way(
    subject: str, moved: datetime, title: tuple[str, str], acts: list[Row[Any]], steps: list[Json], words: "Words"
) -> Json:
    return {
        "subject": subject,
        "moved": moved.isoformat(),
        "when": words.clock(moved),
        "title": title[0],
        "about": title[1],
        "actors": sorted({str(act.actor) for act in acts}),
        "steps": steps,
        "head": None,
        "counts": [],
        "people": [],
    }


@dataclass(frozen=True, slots=True)
class Traces:
    """What happened to each delivery."""

    names: Mapping[UUID, str]
    attempts: Mapping[UUID, list[Row[Any]]]
    receipts: Mapping[UUID, list[Row[Any]]]

    @classmethod
    def of(cls, records: Records) -> "Traces":
        """Sort what was recorded by its delivery."""
        attempts: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
        for attempt in records.attempts:
            attempts[attempt.delivery].append(attempt)
        receipts: defaultdict[UUID, list[Row[Any]]] = defaultdict(list)
        for receipt in records.receipts:
            receipts[receipt.delivery].append(receipt)
        return cls(records.names, attempts, receipts)

    def moments(self, row: Row[Any]) -> Iterable[datetime]:
        """When anything happened to a delivery that can be seen; plans that change nothing move no card."""
        yield from (one.finished_at or one.started_at for one in self.attempts.get(row.id, ()))
        yield from (one.at for one in self.receipts.get(row.id, ()))
        if row.state in {State.EXPIRED, State.BOUNCED}:
            yield row.changed_at


class Words:
    """Puts records into sentences."""

    def __init__(self, texts: Texts, zone: ZoneInfo, now: datetime) -> None:
        self._texts = texts
        self._zone = zone
        self._now = now

    def act(self, row: Row[Any]) -> Json:
        """Tell what somebody did."""
        said = self._action(row)
        text = self._texts.format("rail-act", who=f"{row.surname} {row.given} {row.patronymic}".strip(), what=said)
        return self._step("act", "ok", row.at, text)

    def event(self, at: datetime, version: int, *, waits: bool) -> Json:
        """Tell that it stands in the journal; ``waits``: the gateway does not know of it yet."""
        changed = "rail-event" if version == 1 else "rail-event-changed"
        text = self._texts.format("rail-event-waits" if waits else changed)
        return self._step("event", "wait" if waits else "ok", at, text)

    def path(self, fact: Row[Any], acts: Sequence[Row[Any]]) -> list[Json]:
        """Tell what was done and that it stands in the journal; of the first record too, whatever came later."""
        recorded = self.event(fact.occurred_at, fact.version, waits=False)
        first, later = acts[:1], [self.act(act) for act in acts[1:]]
        begun = [self.act(act) for act in first]
        if fact.version == 1:
            return [*begun, recorded, *later]
        return [*begun, *(self.event(act.at, 1, waits=False) for act in first), *later, recorded]

    def plan(self, fact: Row[Any], readers: int) -> Json:
        """Tell how many are to be told."""
        plan = "rail-plan" if "pupil_name" in fact.data else "rail-plan-class"
        if not fact.followers:
            return self._step("plan", "quiet", fact.planned_at, self._texts.format(f"{plan}-nobody"))
        text = self._texts.format(plan, followers=fact.followers, readers=readers)
        return self._step("plan", "ok" if readers else "quiet", fact.planned_at, text)

    def summed(self, fact: Row[Any], readers: Sequence[Sequence[Row[Any]]]) -> Json:
        """Count the readers: the head of the card, and the counts below it."""
        if not readers:
            nobody = {"tone": "quiet", "text": self._texts.format("rail-head-nobody")}
            return {"head": None if fact.planned_at is None or fact.followers else nobody}
        counted = Sum.of((of_reader(own), self._waits(own)) for own in readers)
        return {"head": counted.head(self._texts), "counts": counted.counts(self._texts)}

    def person(self, threads: Sequence[Row[Any]], traces: Traces) -> Json:
        """Draw the line of one reader: all his ways in their order, and what he answered."""
        standing = of_reader(threads)
        idle = Standing.UNNEEDED
        told = in_turn([row for row in threads if of_thread(row) is not idle] or threads[-1:], traces.attempts)
        receipts = [one for row in threads for one in traces.receipts.get(row.id, ())]
        steps = [
            (one.started_at, self.attempt(one, row)) for row in threads for one in traces.attempts.get(row.id, ())
        ] + [(one.at, self.receipt(one)) for one in receipts]
        answered = max(receipts, key=lambda one: one.at, default=None)
        return {
            "id": str(threads[0].recipient),
            "name": traces.names.get(threads[0].recipient, ""),
            "standing": standing,
            "tone": TONES[standing],
            "legs": [{"tone": TONES[of_thread(row)], "text": self._leg(row, past=is_past(row, told))} for row in told],
            "answer": "" if answered is None else self._answer(answered),
            "steps": [step for _, step in sorted(steps, key=lambda one: one[0])],
        }

    def _leg(self, row: Row[Any], *, past: bool) -> str:
        """Say how it stands on one way: «Телеграм: бот заблокирован»; ``past``: what it told is not the newest."""
        text = self._state(row)
        if row.channel == NO_CHANNEL:
            return text
        return self._texts.format("rail-leg-before" if past else "rail-leg", way=self._way(row), text=text)

    def _waits(self, threads: Sequence[Row[Any]]) -> str:
        """Say what a reader waits for, by itself; empty if for nothing."""
        waiting = next((row for row in reversed(threads) if of_thread(row) is Standing.WAITS), None)
        if waiting is None:
            return ""
        return self._until(waiting, "rail-waits" if waiting.slot is None else "rail-waits-letter")

    def attempt(self, row: Row[Any], thread: Row[Any]) -> Json:
        """Tell one attempt and its outcome."""
        outcome = row.outcome or "open"
        act = self._texts.format("rail-leg", way=self._way(thread), text=self._texts.format(f"rail-{row.act}"))
        text = f"{act}: {self._texts.format(f'trace-outcome-{outcome}')}"
        return self._step("outcome", OUTCOMES.get(outcome, "bad"), row.started_at, text + self._because(row.reason))

    def _way(self, row: Row[Any]) -> str:
        return self._texts.format("rail-way-letter" if row.slot is not None else f"rail-way-{row.channel}")

    def receipt(self, row: Row[Any]) -> Json:
        """Tell what a reader did with the message."""
        return self._step("receipt", "ok", row.at, self._answer(row))

    def _answer(self, row: Row[Any]) -> str:
        """Say an answer as itself, without how it came: «ответ: не подписывает»."""
        if row.detail is not None and self._texts.has(own := f"rail-receipt-{row.detail}"):
            return self._texts.format(own)
        text = self._either(f"rail-receipt-{row.kind}", "rail-receipt-other", "kind", row.kind)
        return text if row.detail is None else f"{text}: {self._value(row.detail)}"

    def title(self, data: Mapping[str, Any]) -> tuple[str, str]:
        """Name what an event is about: whom, and what of him."""
        child = f"{data.get('pupil_name', '')}, {data.get('class_title', '')}".strip(", ")
        values = {
            "subject": str(data.get("subject_name") or ""),
            "day": self._day(data),
            "value": str(data.get("value") or ""),
            "kind": str(data.get("kind", "")),
            "name": str(data.get("title", "")),
        }
        message = f"rail-title-{str(data.get('type', '')).replace('_', '-')}"
        if message == "rail-title-mark" and data.get("value") is None:
            message = "rail-title-mark-taken-back"
        about = self._texts.format(message, **values) if self._texts.has(message) else str(data.get("type", ""))
        return child, about

    def standalone(self, row: Row[Any]) -> tuple[str, str]:
        """Name an act that no message follows from."""
        where = self._texts.format("rail-lesson", number=row.number, title=row.class_title) if row.number else ""
        return where or f"{row.surname} {row.given}", self._action(row)

    def _day(self, data: Mapping[str, Any]) -> str:
        day = data.get("day") or data.get("due_on") or data.get("published_on")
        if not day:
            return ""
        # A day and its month stay on one line.
        return str(format_date(date.fromisoformat(str(day)), "d\u00a0MMMM", locale=self._texts.language))

    def _action(self, row: Row[Any]) -> str:
        before, after = row.before or {}, row.after or {}
        values = {"before": self._value(_shown(before)), "after": self._value(_shown(after))}
        message = f"rail-action-{row.action.replace('.', '-').replace('_', '-')}"
        if after and _shown(after) == "" and self._texts.has(f"{message}-undone"):
            message = f"{message}-undone"
        if not self._texts.has(message):
            return self._texts.format("rail-action-other", action=row.action)
        return self._texts.format(message, **values)

    def _value(self, shown: str) -> str:
        names = (f"{stem}-{shown}" for stem in ("rail-value", "trace-detail"))
        known = next((name for name in names if self._texts.has(name)), None)
        return shown if known is None else self._texts.format(known)

    def _state(self, row: Row[Any]) -> str:
        standing = of_thread(row)
        if standing is Standing.WAITS:
            return self._until(row, "rail-waits") + (self._because(row.reason) if row.state == State.PENDING else "")
        if row.state == State.ACCEPTED:
            return self._texts.format(f"rail-accepted-{row.channel}")
        if row.reason is not None and row.state in {State.SUPPRESSED, State.FAILED, State.EXPIRED}:
            return in_words(self._texts, row.reason)
        return self._texts.format(f"trace-state-{row.state}") + self._because(row.reason)

    def _until(self, row: Row[Any], message: str) -> str:
        if row.state != State.PENDING:
            return self._texts.format("rail-flies")
        return self._texts.format(
            message, at=dated(row.slot or row.due_at, row.created_at, self._zone, self._texts.language)
        )

    def _because(self, reason: str | None) -> str:
        return "" if reason is None else f": {in_words(self._texts, reason)}"

    def _either(self, message: str, other: str, name: str, value: str) -> str:
        if self._texts.has(message):
            return self._texts.format(message)
        return self._texts.format(other, **{name: value})

    def clock(self, at: datetime) -> str:
        """Say «18:00», or «8 сент., 18:00» of a day that is over."""
        return dated(at, self._now, self._zone, self._texts.language, "d MMM")

    def _step(self, kind: str, tone: str, at: datetime, text: str) -> Json:
        return {"kind": kind, "tone": tone, "when": self.clock(at), "text": text}


def _shown(values: Mapping[str, Any]) -> str:
    """Return the one value of an audit row that says most; empty if it was taken away."""
    said = next((values[name] for name in TELLING if values.get(name) is not None), "")
    return str(said)
