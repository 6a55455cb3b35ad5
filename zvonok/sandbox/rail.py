"""The rail: the way of each event in plain words — tap, event, plan, delivery, outcome, receipt — and where it ends.

Where nothing is sent, the reason stands in its place. Times are the school's wall clock.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import Row

from core.database import Database
from texts.reader import Texts
from zvonok.reasons import in_words
from zvonok.sandbox.rail_records import Records, look

SHOWN = 30
TONES: Mapping[str, str] = {
    "accepted": "ok",
    "delivered": "ok",
    "pending": "wait",
    "claimed": "wait",
    "sending": "wait",
    "deferred": "wait",
    "open": "wait",
    "suppressed": "quiet",
    "expired": "quiet",
}
"""How a state or an outcome looks; all others are bad news."""

TELLING = ("code", "value", "reason", "act", "kind", "absent", "pupil")
"""Fields of an audit row worth showing, the most telling first."""

type Json = dict[str, Any]


class Rail:
    """Draws the rail of one school."""

    def __init__(self, core: Database, gateway: Database, texts: Texts, zone: str) -> None:
        self._core = core
        self._gateway = gateway
        self._words = _Words(texts, ZoneInfo(zone))

    async def draw(self) -> list[Json]:
        """Return the latest ways, newest first."""
        records = await look(self._core, self._gateway)
        ways = _ways(records, self._words)
        return sorted(ways, key=lambda way: (way["at"], way["subject"]), reverse=True)[:SHOWN]


def _ways(records: Records, words: "_Words") -> Iterable[Json]:
    acts: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for act in reversed(records.acts):
        acts[act.subject].append(act)
    waiting = {row.subject: row for row in reversed(records.waiting)}
    planned = set()
    for fact in records.facts:
        planned.add(fact.subject)
        yield _planned(fact, acts[fact.subject], waiting.get(fact.subject), records, words)
    for subject, row in waiting.items():
        if subject not in planned and "type" in row.data and subject in acts:
            planned.add(subject)
            steps = [*(words.act(act) for act in acts[subject]), words.event(row.at, row.version, waits=True)]
            yield _way(subject, row.at, words.title(row.data), steps, [])
    for subject, own in acts.items():
        if subject not in planned:
            yield _way(subject, own[-1].at, words.standalone(own[-1]), [words.act(act) for act in own], [])


def _planned(fact: Row[Any], acts: list[Row[Any]], waiting: Row[Any] | None, records: Records, words: "_Words") -> Json:
    threads = [
        words.thread(
            row,
            records.names.get(row.recipient, ""),
            [words.attempt(one) for one in records.attempts if one.delivery == row.id],
            [words.receipt(one) for one in records.receipts if one.delivery == row.id],
        )
        for row in records.threads
        if row.subject == fact.subject
    ]
    steps = [*(words.act(act) for act in acts), words.event(fact.occurred_at, fact.version, waits=False)]
    if waiting is not None:
        steps.append(words.event(waiting.at, waiting.version, waits=True))
    if fact.planned_at is not None:
        steps.append(words.plan(fact, len({row.recipient for row in records.threads if row.subject == fact.subject})))
    newest = max([fact.occurred_at, *(act.at for act in acts)])
    return _way(fact.subject, newest, words.title(fact.data), steps, threads)


def _way(subject: str, at: datetime, title: tuple[str, str], steps: list[Json], threads: list[Json]) -> Json:
    return {
        "subject": subject,
        "at": at.isoformat(),
        "title": title[0],
        "about": title[1],
        "steps": steps,
        "threads": threads,
    }


class _Words:
    """Puts records into sentences."""

    def __init__(self, texts: Texts, zone: ZoneInfo) -> None:
        self._texts = texts
        self._zone = zone

    def act(self, row: Row[Any]) -> Json:
        said = self._action(row)
        text = self._texts.format("rail-act", who=f"{row.surname} {row.given} {row.patronymic}".strip(), what=said)
        return self._step("act", "ok", row.at, text)

    def event(self, at: datetime, version: int, *, waits: bool) -> Json:
        text = self._texts.format("rail-event-waits" if waits else "rail-event", version=version)
        return self._step("event", "wait" if waits else "ok", at, text)

    def plan(self, fact: Row[Any], readers: int) -> Json:
        plan = "rail-plan" if "pupil_name" in fact.data else "rail-plan-class"
        if not fact.followers:
            return self._step("plan", "quiet", fact.planned_at, self._texts.format(f"{plan}-nobody"))
        text = self._texts.format(plan, followers=fact.followers, readers=readers)
        return self._step("plan", "ok" if readers else "quiet", fact.planned_at, text)

    def thread(self, row: Row[Any], name: str, attempts: list[Json], receipts: list[Json]) -> Json:
        tone = TONES.get(row.state, "bad")
        way = self._texts.format(f"trace-channel-{row.channel}")
        if row.purpose == "fallback":
            way = self._texts.format("rail-fallback", channel=way)
        return {
            "id": str(row.id),
            "recipient": str(row.recipient),
            "who": name,
            "channel": row.channel,
            "way": way,
            "tone": tone,
            "text": self._state(row),
            "steps": [*attempts, *receipts],
        }

    def attempt(self, row: Row[Any]) -> Json:
        outcome = row.outcome or "open"
        act = self._texts.format(f"rail-{row.act}")
        text = f"{act}: {self._texts.format(f'trace-outcome-{outcome}')}"
        return self._step("outcome", TONES.get(outcome, "bad"), row.started_at, text + self._because(row.reason))

    def receipt(self, row: Row[Any]) -> Json:
        text = self._either(f"rail-receipt-{row.kind}", "rail-receipt-other", "kind", row.kind)
        if row.detail is not None:
            text = f"{text}: {self._value(row.detail)}"
        return self._step("receipt", "ok", row.at, text)

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
        return str(format_date(date.fromisoformat(str(day)), "d MMMM", locale=self._texts.language)) if day else ""

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
        names = (f"{stem}-{shown}" for stem in ("trace-detail", "rail-value"))
        known = next((name for name in names if self._texts.has(name)), None)
        return shown if known is None else self._texts.format(known)

    def _state(self, row: Row[Any]) -> str:
        if row.state == "pending":
            if row.slot is not None:
                return self._texts.format("rail-waits-letter", at=self._clock(row.slot, row.created_at))
            because = self._because(row.reason)
            return self._texts.format("rail-waits", at=self._clock(row.due_at, row.created_at)) + because
        if row.state == "accepted" and self._texts.has(accepted := f"rail-accepted-{row.channel}"):
            return self._texts.format(accepted)
        return self._texts.format(f"trace-state-{row.state}") + self._because(row.reason)

    def _because(self, reason: str | None) -> str:
        return "" if reason is None else f": {in_words(self._texts, reason)}"

    def _either(self, message: str, other: str, name: str, value: str) -> str:
        if self._texts.has(message):
            return self._texts.format(message)
        return self._texts.format(other, **{name: value})

    def _step(self, kind: str, tone: str, at: datetime, text: str) -> Json:
        return {"kind": kind, "tone": tone, "when": _clock(at.astimezone(self._zone)), "text": text}

    def _clock(self, at: datetime, from_: datetime) -> str:
        """Say «18:00», with the day in front if it is another one."""
        there = at.astimezone(self._zone)
        clock = _clock(there)
        if there.date() == from_.astimezone(self._zone).date():
            return clock
        return f"{format_date(there.date(), 'd MMMM', locale=self._texts.language)}, {clock}"


def _shown(values: Mapping[str, Any]) -> str:
    """Return the one value of an audit row that says most; empty if it was taken away."""
    said = next((values[name] for name in TELLING if values.get(name) is not None), "")
    return str(said)


def _clock(there: datetime) -> str:
    return f"{there.hour}:{there.minute:02}"
