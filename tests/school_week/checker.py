"""The slow checker: from what was stated, by whom and when, says what each guardian must have got. Knows no gateway.

It has rules of its own, short ones: who may be told, when letters leave, what outlives the time until it leaves. Each
statement that outlives it is told once; what was told last must be true. What no row of the table tells is checked
whole; of the table's own events, and of guardians who chose something, only what must never happen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.events import AttendanceDayState, GuardianshipState, MarkState, RelationKind, RemarkKind, RemarkState
from notifiers.port import Rejected
from tests.school_week.journal import Journal, Told
from tests.school_week.people import DAYS, GUARDIANS, HOLIDAY, MAIL, TELEGRAM, URAL, Guardian, Place, day_of
from tests.school_week.wire import Post

MINUTE = timedelta(minutes=1)
SETTLE = timedelta(minutes=10)
TRIES = timedelta(minutes=25)
"""For so long a message is tried while the messenger is away, before a letter takes its place."""
REST = timedelta(minutes=6)
"""Between two of the tries that follow, if there is no mailbox."""
CHOSE = frozenset({"m14", "m18", "d20", "m30", "m16", "d21", "d32", "d34", "d38", "m41"})
"""Who chose something, or whose way broke: the table says what they get."""
LESSONS_END = {"5 «А»": time(13, 10), "9 «В»": time(18, 10)}
QUIET = {"d38": (time(20), time(9))}


@dataclass
class Findings:
    """What was looked at, and what was wrong."""

    wrong: list[str] = field(default_factory=list)
    pairs: int = 0
    posts: int = 0
    told: int = 0
    untold: int = 0


@dataclass(frozen=True)
class Checker:
    """All that happened, and all that was sent."""

    journal: Journal
    posts: Sequence[Post]
    reasons: Mapping[tuple[str, UUID], Sequence[tuple[str, str | None]]]
    """State and reason of each row of the ledger, by subject and reader."""
    subjects: Mapping[str, str]
    """Of each delivery: a short all-clear names no lesson, and so shows no token."""
    outage: tuple[datetime, datetime]

    def check(self) -> Findings:
        """Look at every subject and every guardian."""
        found = Findings()
        by_address = {guardian.address(way): guardian for guardian in GUARDIANS.values() for way in guardian.ways}
        for told in self.journal.told.values():
            mine = [post for post in self.posts if is_about(post, told, self.subjects)]
            for post in mine:
                found.posts += 1
                found.wrong += self._never(told, post, by_address.get(post.message.address))
            for guardian in GUARDIANS.values():
                if told.pupils.isdisjoint(pupil.id for pupil in guardian.pupils):
                    continue
                found.pairs += 1
                own = [post for post in mine if by_address.get(post.message.address) is guardian]
                if not told.case and guardian.code not in CHOSE and not told.subject.startswith("timetable"):
                    before = len(found.wrong)
                    self._whole(told, guardian, own, found)
                    found.wrong[before:] = [f"{told.subject} {guardian.code}: {one}" for one in found.wrong[before:]]
                if not any(post.arrived for post in own) and not self._recorded(told, guardian):
                    found.wrong.append(f"{told.subject} {guardian.code}: neither told nor a reason")
        return found

    # --- what must never happen -----------------------------------------------------------------------------------

    def _never(self, told: Told, post: Post, guardian: Guardian | None) -> Iterable[str]:
        if guardian is None or told.pupils.isdisjoint(pupil.id for pupil in guardian.pupils):
            yield f"{told.subject}: told to a stranger"
            return
        if why := self.refused(told, guardian, post.at):
            yield f"{told.subject} {guardian.code}: told although {why}"
        begins, ends = QUIET.get(guardian.code, (time(21), time(7)))
        clock = post.at.astimezone(ZoneInfo(guardian.place.zone)).time()
        if (clock >= begins or clock < ends) and not told.subject.startswith(("attendance", "timetable")):
            yield f"{told.subject} {guardian.code}: in quiet hours, {guardian.place.wall(post.at)}"

    def refused(self, told: Told, guardian: Guardian, at: datetime) -> str | None:
        """Say why this guardian may not be told of this at a moment; of two children, one is enough."""
        whys = [
            _refused(self._relation(pupil.id, guardian.id, at), told, at)
            for pupil in guardian.pupils
            if pupil.id in told.pupils
        ]
        return None if None in whys else whys[0]

    def _relation(self, pupil: UUID, guardian: UUID, at: datetime) -> GuardianshipState:
        return [
            state
            for moment, state in sorted(self.journal.relations, key=lambda one: one[0])
            if moment <= at and (state.pupil, state.guardian) == (pupil, guardian)
        ][-1]

    # --- what must have happened ----------------------------------------------------------------------------------

    def _recorded(self, told: Told, guardian: Guardian) -> bool:
        """Tell whether the ledger says why; of days as they always are nobody asks."""
        usual = told.subject.startswith("timetable") and not told.case
        return usual or any(reason for _, reason in self.reasons.get((told.subject, guardian.id), ()))

    def _whole(self, told: Told, guardian: Guardian, own: Sequence[Post], found: Findings) -> None:
        outliving = [] if not guardian.ways or guardian.unverified else _outliving(told)
        due = [(leaves, state) for leaves, state in outliving if not self.refused(told, guardian, leaves)]
        if not due:
            otherwise = "superseded" if guardian.ways and not guardian.unverified else "no-address"
            why = self.refused(told, guardian, leaves_at(told, told.versions[-1][0])) or otherwise
            self._silent(told, guardian, own, why, found)
            return
        away = [leaves for leaves, _ in due if self._away(leaves) and self._channel(told, guardian) == TELEGRAM]
        late = TRIES if MAIL in guardian.ways else REST
        if away and MAIL not in guardian.ways:
            due = self._when_back(told, guardian, due)
            away = [leaves for leaves, _ in due]
        found.told += bool(due)
        found.untold += not due
        if not due and "time-passed" not in {reason for _, reason in self.reasons.get((told.subject, guardian.id), ())}:
            found.wrong.append("its time passed, and the ledger does not say so")
        allowed = {leaves: late if leaves in away else MINUTE for leaves, _ in due}
        found.wrong += self._compared(told, guardian, [post for post in own if post.arrived], due, allowed)

    def _when_back(
        self, told: Told, guardian: Guardian, due: Sequence[tuple[datetime, object]]
    ) -> list[tuple[datetime, object]]:
        """Return what is told to whoever has no other way when the messenger is back, and when: what still stands."""
        attendance = told.subject.startswith("attendance")
        kept: list[tuple[datetime, object]] = []
        for leaves, state in due:
            back = leaves
            if self._away(leaves):
                back = self.outage[1] if attendance else _loud(guardian.place, self.outage[1])
            if attendance and told.place.wall(back)[:3] != told.place.wall(leaves)[:3]:
                continue
            kept = [(at, one) for at, one in kept if at < back]
            kept.append((back, state))
        return [(at, one) for at, one in kept if self._still(told, at, one)]

    def _still(self, told: Told, at: datetime, state: object) -> bool:
        """Tell whether a statement is the newest at a moment."""
        return [one for moment, one in told.versions if moment <= at][-1] is state

    def _compared(
        self,
        told: Told,
        guardian: Guardian,
        arrived: Sequence[Post],
        due: Sequence[tuple[datetime, object]],
        allowed: Mapping[datetime, timedelta],
    ) -> Iterable[str]:
        statements = [post for post in arrived if not _rings_only(post, arrived)]
        if len(statements) != len(due):
            yield f"{len(statements)} messages for {len(due)} statements: {self._times(statements, guardian)}"
            return
        for post, (leaves, state) in zip(statements, due, strict=True):
            if not leaves <= post.at <= leaves + allowed[leaves]:
                yield f"{guardian.place.wall(post.at)}, not {guardian.place.wall(leaves)}"
            if not _says(post, state, told.token):
                yield f"does not say {_words(state)}"

    def _silent(self, told: Told, guardian: Guardian, own: Sequence[Post], why: str, found: Findings) -> None:
        found.untold += 1
        if own:
            found.wrong.append(f"told, although {why}")
        said = {reason for _, reason in self.reasons.get((told.subject, guardian.id), ())}
        if why not in said:
            found.wrong.append(f"ledger says {said}, not {why}")

    def _times(self, posts: Sequence[Post], guardian: Guardian) -> str:
        return ", ".join(f"{post.channel} {guardian.place.wall(post.at)}" for post in posts)

    def _away(self, at: datetime) -> bool:
        return self.outage[0] <= at < self.outage[1]

    def _channel(self, told: Told, guardian: Guardian) -> str:
        first, other = (MAIL, TELEGRAM) if _by_letter(told) else (TELEGRAM, MAIL)
        return first if first in guardian.ways else other


def _outliving(told: Told) -> list[tuple[datetime, object]]:
    """Return the statements that still stood when they left, and when that was. Of nothing nobody is told."""
    found: list[tuple[datetime, object]] = []
    for place, (at, state) in enumerate(told.versions):
        leaves = leaves_at(told, at, back=bool(found) and not _stands(state))
        following = told.versions[place + 1][0] if place + 1 < len(told.versions) else None
        if (following is None or following > leaves) and (_stands(state) or found):
            found.append((leaves, state))
    return found


def leaves_at(told: Told, at: datetime, *, back: bool = False) -> datetime:
    """Return when what was stated at a moment leaves; what takes ``back`` waits for nobody's second thought."""
    if _by_letter(told):
        return _slot(told, at if back else at + SETTLE)
    return at if back else at + MINUTE


def _loud(place: Place, at: datetime) -> datetime:
    """Return the first moment outside the usual quiet hours."""
    clock = at.astimezone(ZoneInfo(place.zone))
    if time(7) <= clock.time() < time(21):
        return at
    day = clock.date() + timedelta(days=clock.time() >= time(21))
    return _at(place, day, time(7))


def is_about(post: Post, told: Told, subjects: Mapping[str, str]) -> bool:
    """Tell whether a message tells a subject."""
    return told.token in post.message.text or subjects.get(post.delivery) == told.subject


def _refused(relation: GuardianshipState, told: Told, at: datetime) -> str | None:
    attendance = told.subject.startswith("attendance")
    term = relation.attendance_consent if attendance else relation.achievement_consent
    today = at.astimezone(ZoneInfo(told.place.zone)).date()
    given = term.given_on is not None and term.given_on <= today
    for why, holds in (
        ("rights-lost", not relation.may_see),
        ("barred", relation.barred),
        ("no-contact", relation.no_contact),
        ("limited-view", relation.kind is RelationKind.TRUSTED and not attendance),
        ("no-consent", not given or (term.withdrawn_on is not None and term.withdrawn_on <= today)),
    ):
        if holds:
            return why
    return None


def _by_letter(told: Told) -> bool:
    state = told.versions[-1][1]
    return isinstance(state, MarkState) or (isinstance(state, RemarkState) and state.kind is RemarkKind.PRAISE)


def _stands(state: object) -> bool:
    match state:
        case MarkState():
            return state.value is not None
        case RemarkState():
            return not state.withdrawn
        case AttendanceDayState():
            return bool(state.absences)
    raise TypeError(type(state).__name__)


def _words(state: object) -> tuple[str, ...]:
    match state:
        case MarkState(value=None):
            return ("снята",)
        case MarkState(value=value):
            return (f": {value} (", f"стало {value} (")
        case RemarkState():
            return ("снято",) if state.withdrawn else ("Замечание учителя",)
        case AttendanceDayState():
            return ("отсутствует",) if state.absences else ("снята",)
    raise TypeError(type(state).__name__)


def _says(post: Post, state: object, token: str) -> bool:
    """Tell whether it states this; of the marks in a letter, in the line of this very one."""
    lines = post.message.text.splitlines()
    own = [line for line in lines if token in line or not isinstance(state, MarkState)]
    return any(words in line for words in _words(state) for line in own)


def _rings_only(post: Post, arrived: Sequence[Post]) -> bool:
    """Tell whether it is the all-clear that rings beside the change of the alarm."""
    if post.edits or post.channel != "telegram":
        return False
    return any(other.edits and abs(other.at - post.at) < MINUTE for other in arrived)


def _slot(told: Told, ready: datetime) -> datetime:
    """Return when the letter leaves that takes what is ready at a moment."""
    state = told.versions[-1][1]
    assert isinstance(state, MarkState | RemarkState)
    day = ready.astimezone(ZoneInfo(told.place.zone)).date()
    while (slot := _evening(told.place, day, state.class_title)) < ready:
        day += timedelta(days=1)
    if told.place is URAL and day == day_of(HOLIDAY):
        eve = _at(told.place, day - timedelta(days=1), time(20, 30))
        return eve if ready <= eve else _evening(told.place, day + timedelta(days=1), state.class_title)
    return slot


def _evening(place: Place, day: date, class_title: str) -> datetime:
    """Return when the letter of a day leaves: an hour and a half after lessons, not before four; else at six."""
    name = DAYS[day.weekday()]
    if class_title == "7 «Б»" and name == "Tue":
        return _at(place, day, time(16))
    if class_title not in LESSONS_END or name in (HOLIDAY, "Sun"):
        return _at(place, day, time(18))
    after = datetime.combine(day, LESSONS_END[class_title]) + timedelta(minutes=90)
    return _at(place, day, max(after.time(), time(16)))


def _at(place: Place, day: date, clock: time) -> datetime:
    return place.at(f"{DAYS[day.weekday()]} {clock:%H:%M}")


def dead_tried_again(posts: Sequence[Post]) -> list[str]:
    """Return what was sent to an address that had refused for good; letting the bot in again clears it."""
    refused: dict[str, datetime] = {}
    wrong = []
    for post in posts:
        if post.message.address in refused and isinstance(post.outcome, Rejected):
            wrong.append(f"{post.channel}: tried again")
        if isinstance(post.outcome, Rejected):
            refused[post.message.address] = post.at
    return wrong
