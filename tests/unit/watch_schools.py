"""Random schools for the compiler of watches, and a slow evaluator of a profile that shares no rule with it.

Everything that the evaluator knows is written out here once more, question by question: it is asked about one piece of
news for one reader on one day, and looks at the raw profile only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from random import Random
from uuid import UUID

from core.events import (
    ConsentTerm,
    DefaultSubscriptions,
    GuardianshipState,
    RelationKind,
    SchoolSettings,
    SchoolTelling,
)
from gateway.categories import Category, Duty, Topic
from gateway.profiles import Frequency, Mode, Selection, SubscriptionRow
from gateway.routing import AddressView
from gateway.states import Reason
from gateway.watches import News, Policy, ReaderProfile, Sphere, Tie

TODAY = date(2026, 10, 20)
CHANNELS = ("telegram", "max", "mail")
"""In the order in which they are tried by whoever made no difference."""
SUBJECTS = ("математика", "физика", "труд")
BY_HAND = {Category.ABSENCE, Category.GONE, Category.ALL_CLEAR}
EVENING = (Category.BAD_MARK, Category.MARK, Category.PRAISE, Category.LATENESS, Category.TEST, Category.EVENT)
ATTENDANCE = {Category.ABSENCE, Category.GONE, Category.ALL_CLEAR, Category.LATENESS}
TAUGHT = (Category.BAD_MARK, Category.MARK, Category.FINAL_MARK, Category.HOMEWORK, Category.TEST)

type Told = tuple[tuple[str, str, int | None, int | None], ...]
"""Ways in their order: channel, mode, hour, weekday."""


@dataclass(frozen=True)
class Question:
    """One piece of news."""

    topic: Topic
    """Of a mark: bad, and the reader says whether it is."""
    mark: int = 0
    subject: str = ""

    @property
    def news(self) -> News:
        topics = {self.topic} | ({Category.MARK} if self.topic is Category.BAD_MARK else set())
        return News(frozenset(topics), self.mark, self.subject)


def questions(sphere: Sphere) -> list[Question]:
    """Return all that may be asked about a tie."""
    if sphere is Sphere.DUTY:
        return [Question(Duty.ROLL), Question(Duty.DISPUTE), Question(Duty.SCHOOL)]
    if sphere is Sphere.OWN:
        return [Question(Duty.OWN)]
    marks = [Question(Category.BAD_MARK, mark, subject) for mark, subject in product(range(6), SUBJECTS)]
    taught = [Question(one, 0, subject) for one, subject in product(TAUGHT[2:], SUBJECTS)]
    return [*marks, *taught, *(Question(one) for one in Category if one not in TAUGHT)]


# --- a random school --------------------------------------------------------------------------------------------------


def school(random: Random, pupils: int) -> list[ReaderProfile]:
    """Return the profiles of all adults of a school: families of one home and of two, the trusted, the school's own."""
    policy = _policy(random)
    children = [UUID(int=number + 1) for number in range(pupils)]
    readers = []
    while children:
        siblings = [children.pop() for _ in range(min(len(children), random.choice((1, 1, 2, 3))))]
        # One home or two: of the parents of two homes each may be kept from some of the children by a court.
        adults = random.choice((1, 2, 2, 3, 4))
        for place in range(adults):
            ties = tuple(Tie(_relation(random, child, place)) for child in siblings if random.random() < 0.9)
            readers.append(_reader(random, UUID(int=random.getrandbits(128)), ties, policy))
    return readers


def _policy(random: Random) -> Policy:
    default = random.choice(
        (DefaultSubscriptions.RECOMMENDED, DefaultSubscriptions.RECOMMENDED, DefaultSubscriptions.OFF)
    )
    settings = SchoolSettings(default_subscriptions=default)
    allowed = frozenset(random.sample(CHANNELS, random.choice((1, 2, 3, 3))))
    floor = frozenset(one for one in Category if random.random() < 0.15) if random.random() < 0.7 else frozenset()
    telling = SchoolTelling(
        absences_at_once=random.random() < 0.7,
        changes_at_once=random.random() < 0.7,
        weekly_letter_on=random.randint(1, 7),
    )
    return Policy(settings, allowed, floor, telling)


def _relation(random: Random, child: UUID, place: int) -> GuardianshipState:
    return GuardianshipState(
        pupil=child,
        guardian=UUID(int=0),
        relation="parent",
        kind=random.choice((RelationKind.TRUSTED, RelationKind.PARENT)) if place == 2 else RelationKind.PARENT,
        may_see=random.random() < 0.93,
        barred=random.random() < (0.15 if place == 1 else 0.02),
        no_contact=random.random() < 0.06,
        since=_day(random, -60, 5),
        until=_day(random, 0, 40) if random.random() < 0.2 else None,
        achievement_consent=_consent(random),
        attendance_consent=_consent(random),
    )


def _consent(random: Random) -> ConsentTerm:
    given = _day(random, -60, 10) if random.random() < 0.93 else None
    until = _day(random, -10, 60) if random.random() < 0.15 else None
    withdrawn = _day(random, -60, 40) if random.random() < 0.15 else None
    return ConsentTerm(given_on=given, until=until, withdrawn_on=withdrawn)


def _day(random: Random, first: int, last: int) -> date:
    return TODAY + timedelta(days=random.randint(first, last))


def _reader(random: Random, recipient: UUID, ties: tuple[Tie, ...], policy: Policy) -> ReaderProfile:
    if random.random() < 0.2:
        affairs, always = UUID(int=random.getrandbits(128)), ConsentTerm(given_on=date(2000, 1, 1))
        own = _relation(random, affairs, 0).model_copy(update={"achievement_consent": always})
        ties = (*ties, Tie(own, random.choice((Sphere.DUTY, Sphere.OWN))))
    pupils = [tie.relation.pupil for tie in ties]
    rows = tuple(_rows(random, pupils)) if random.random() < 0.7 else ()
    selections = tuple(_selections(random, pupils)) if random.random() < 0.4 else ()
    letters = random.random() < 0.5
    return ReaderProfile(recipient, ties, _addresses(random), rows, selections, policy, letters)


def _addresses(random: Random) -> tuple[AddressView, ...]:
    found = [
        AddressView(
            channel,
            f"{channel}:1" if random.random() < 0.9 else "",
            verified=random.random() < 0.85,
            dead_reason="blocked-by-user" if random.random() < 0.15 else None,
            refused=random.random() < 0.12,
        )
        for channel in CHANNELS
        if random.random() < 0.6
    ]
    random.shuffle(found)
    return tuple(found)


def _rows(random: Random, pupils: list[UUID]) -> Iterable[SubscriptionRow]:
    for category, pupil in product(Category, [None, *pupils]):
        if random.random() < (0.4 if pupil is None else 0.15):
            channels = random.sample(CHANNELS, random.randint(1, 3))
            modes = [Frequency(Mode.OFF)] * 3 if random.random() < 0.2 else [_frequency(random) for _ in channels]
            for channel, often in zip(channels, modes, strict=False):
                yield SubscriptionRow(category, channel, often.mode, often.hour, often.weekday, pupil)


def _frequency(random: Random) -> Frequency:
    mode = random.choice(tuple(Mode))
    hour = random.choice((None, 16, 18, 20)) if mode in (Mode.DAILY, Mode.WEEKLY) else None
    return Frequency(mode, hour, random.randint(1, 7) if mode is Mode.WEEKLY else None)


def _selections(random: Random, pupils: list[UUID]) -> Iterable[Selection]:
    for category, pupil in product(TAUGHT, [None, *pupils]):
        if random.random() < 0.4:
            below = random.choice((None, 2, 3, 4, 5, 6)) if category is Category.BAD_MARK else None
            yield Selection(category, pupil, below, frozenset(random.sample(SUBJECTS, random.randint(0, 2))))


# --- the slow evaluator -----------------------------------------------------------------------------------------------


def told(reader: ReaderProfile, tie: Tie, asked: Question, day: date) -> Told | Reason:
    """Return by which ways a reader is told, or why he is not: by the raw profile, one question at a time."""
    if tie.sphere is not Sphere.FAMILY:
        return _right(tie.relation, attendance=False, day=day) or _by(
            reader, Frequency(Mode.NOW), [], set(), every=True
        )
    category = _category(reader, tie.relation.pupil, asked)
    why = _right(tie.relation, attendance=category in ATTENDANCE, day=day)
    return why or _wanted(reader, tie.relation.pupil, category, asked)


def _right(relation: GuardianshipState, day: date, *, attendance: bool) -> Reason | None:
    if day < relation.since or (relation.until is not None and day > relation.until) or not relation.may_see:
        return Reason.RIGHTS_LOST
    if relation.barred:
        return Reason.BARRED
    if relation.no_contact:
        return Reason.NO_CONTACT
    if relation.kind is RelationKind.TRUSTED and not attendance:
        return Reason.LIMITED_VIEW
    term = relation.attendance_consent if attendance else relation.achievement_consent
    holds = term.given_on is not None and term.given_on <= day
    if term.until is not None and term.until < day:
        holds = False
    if term.withdrawn_on is not None and term.withdrawn_on <= day and not term.withdrawn_on < (term.given_on or day):
        holds = False
    return None if holds else Reason.NO_CONSENT


def _category(reader: ReaderProfile, pupil: UUID, asked: Question) -> Category:
    """Say which category it is to this reader: of a mark his threshold decides."""
    assert isinstance(asked.topic, Category)
    if asked.topic is not Category.BAD_MARK:
        return asked.topic
    below = 3
    for of in (None, pupil):
        for one in reader.selections:
            if one.category is Category.BAD_MARK and one.pupil == of:
                below = one.below or 3
    if Category.BAD_MARK in reader.policy.floor and below < 3:
        below = 3
    return Category.BAD_MARK if asked.mark < below else Category.MARK


def _wanted(reader: ReaderProfile, pupil: UUID, category: Category, asked: Question) -> Told | Reason:
    part_of = {Category.GONE: Category.ABSENCE, Category.ALL_CLEAR: Category.ABSENCE, Category.CONSENT: Category.NOTICE}
    own: list[SubscriptionRow] = []
    for of, child in (
        (category, pupil),
        (category, None),
        (part_of.get(category), pupil),
        (part_of.get(category), None),
    ):
        if not own:
            own = [row for row in reader.rows if row.category is of and row.pupil == child]
    on = [row for row in own if row.mode is not Mode.OFF]
    never = {row.channel for row in own if row.mode is Mode.OFF}
    first = [
        row.channel
        for mode in (Mode.NOW, Mode.DAILY, Mode.WEEKLY)
        for channel in CHANNELS
        for row in on
        if row.mode is mode and row.channel == channel
    ]
    often, why = Frequency(Mode.OFF), Reason.UNSUBSCRIBED
    if on:
        often = next(row.frequency for row in on if row.channel == first[0])
    elif not own:
        often, why, first = _by_default(reader, category)
    if often.mode is not Mode.OFF and not _of_his_subjects(reader, pupil, category, asked):
        often, why = Frequency(Mode.OFF), Reason.OTHER_SUBJECT
    answer = why if often.mode is Mode.OFF else _by_asked(reader, often, first, never)
    if isinstance(answer, Reason) and category in reader.policy.floor:
        # The school insists: by what he left open of it first, then by what he switched off; never by one-click's.
        by_hand = category in BY_HAND and not reader.policy.telling.absences_at_once
        insisted = Frequency(Mode.DAILY if by_hand else Mode.NOW)
        at_least = insisted if often.mode is Mode.OFF else often
        left_open = [channel for channel in CHANNELS if channel not in never]
        return _by(reader, at_least, left_open, set())
    return answer


def _by_asked(reader: ReaderProfile, often: Frequency, first: list[str], never: set[str]) -> Told | Reason:
    """Where nothing is sent unasked, who did not ask for letters has no mailbox; if it is all he has, that is why."""
    with_letters = _by(reader, often, first, never)
    if reader.letters or reader.policy.settings.default_subscriptions is not DefaultSubscriptions.OFF:
        return with_letters
    if isinstance(with_letters, tuple) and {way[0] for way in with_letters} == {"mail"}:
        return Reason.NOT_ASKED_FOR
    return _by(reader, often, first, never | {"mail"})


def _by_default(reader: ReaderProfile, category: Category) -> tuple[Frequency, Reason, list[str]]:
    settings = reader.policy.settings
    off = Frequency(Mode.OFF)
    if settings.default_subscriptions is DefaultSubscriptions.OFF:
        return off, Reason.NOT_ASKED_FOR, []
    if category is Category.HOMEWORK:
        return off, Reason.NOT_RECOMMENDED, []
    if category is Category.DIGEST:
        return Frequency(Mode.WEEKLY, None, reader.policy.telling.weekly_letter_on), Reason.NOT_RECOMMENDED, ["mail"]
    if category is Category.TIMETABLE and not reader.policy.telling.changes_at_once:
        return Frequency(Mode.DAILY), Reason.NOT_RECOMMENDED, ["telegram"]
    if category in EVENING or (category in BY_HAND and not reader.policy.telling.absences_at_once):
        return Frequency(Mode.DAILY), Reason.NOT_RECOMMENDED, ["mail"]
    return Frequency(Mode.NOW), Reason.NOT_RECOMMENDED, ["telegram"]


def _of_his_subjects(reader: ReaderProfile, pupil: UUID, category: Category, asked: Question) -> bool:
    of_all = [one for one in reader.selections if one.category is category and one.pupil is None]
    of_child = [one for one in reader.selections if one.category is category and one.pupil == pupil]
    wanted = next((one.subjects for one in (*of_child, *of_all)), frozenset[str]())
    return not wanted or asked.subject in wanted


def _by(
    reader: ReaderProfile, often: Frequency, first: list[str], never: set[str], *, every: bool = False
) -> Told | Reason:
    """Try every address of his; where none will do, say what the one that came furthest lacks."""
    fit, lacking = [], []
    for channel in [*first, *(one for one in CHANNELS if one not in first)]:
        for address in reader.addresses:
            if address.channel == channel:
                lacks = _lacks(reader, address, never, every=every)
                lacking += [lacks] if lacks else []
                fit += [] if lacks else [(channel, often.mode.value, often.hour, often.weekday)]
    if fit:
        return tuple(fit)
    return _nearest(lacking)


def _nearest(lacking: list[Reason]) -> Reason:
    if Reason.UNSUBSCRIBED in lacking:
        return Reason.UNSUBSCRIBED
    if Reason.ADDRESS_DEAD in lacking:
        return Reason.ADDRESS_DEAD
    if lacking and set(lacking) == {Reason.CHANNEL_NOT_ALLOWED}:
        return Reason.CHANNEL_NOT_ALLOWED
    if lacking and set(lacking) <= {Reason.CHANNEL_NOT_ALLOWED, Reason.CHANNEL_NOT_SET_UP}:
        return Reason.CHANNEL_NOT_SET_UP
    return Reason.NO_ADDRESS


def _lacks(reader: ReaderProfile, address: AddressView, never: set[str], *, every: bool) -> Reason | None:
    if address.channel not in reader.policy.allowed:
        return Reason.CHANNEL_NOT_ALLOWED
    if not address.credential:
        return Reason.CHANNEL_NOT_SET_UP
    if not address.verified:
        return Reason.NO_ADDRESS
    if address.dead_reason is not None:
        return Reason.ADDRESS_DEAD
    if not every and (address.refused or address.channel in never):
        return Reason.UNSUBSCRIBED
    return None
