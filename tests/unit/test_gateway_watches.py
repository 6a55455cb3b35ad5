"""A compiled profile says what the profile says: of everything, on every day, the ways or one reason."""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest

from core.events import Channel, ConsentTerm, Insisted, SchoolSettings, SchoolTelling
from gateway.categories import BIT, Category, Duty, bits_of, topics_of
from gateway.profiles import OFF, Choice, Mode, Selection, SubscriptionRow, rows_of
from gateway.states import Reason
from gateway.watches import News, Policy, ReaderProfile, Sphere, Tie, Watch, compile_watches, matching
from tests.unit import watch_schools
from tests.unit.gateway_cases import PUPIL, READER, TODAY, address, follower
from tests.unit.watch_schools import CHANNELS, Told, questions, told

REASONS = (
    Reason.RIGHTS_LOST,
    Reason.BARRED,
    Reason.NO_CONTACT,
    Reason.LIMITED_VIEW,
    Reason.NO_CONSENT,
    Reason.UNSUBSCRIBED,
    Reason.NOT_RECOMMENDED,
    Reason.NOT_ASKED_FOR,
    Reason.OTHER_SUBJECT,
    Reason.ADDRESS_DEAD,
    Reason.CHANNEL_NOT_ALLOWED,
    Reason.CHANNEL_NOT_SET_UP,
    Reason.NO_ADDRESS,
)
"""All for which a profile can be silent."""


def said(met: tuple[Watch, ...]) -> Told | Reason:
    """Return what watches come to: ways in their order, or the one reason."""
    reasons = [watch.term.reason for watch in met if watch.term.reason is not None]
    if reasons:
        assert len(met) == 1, "a reason stands alone"
        return reasons[0]
    assert [watch.term.rank for watch in met] == list(range(len(met))), "every way once"
    assert met, "neither a way nor a reason"
    terms = [(watch.term, watch.term.frequency) for watch in met]
    return tuple((term.channel or "", often.mode, often.hour, often.weekday) for term, often in terms)


def days_of(tie: Tie, random: Random) -> set[date]:
    """Return days on which to ask: some at random, and each on which something of the tie begins or is over."""
    relation = tie.relation
    terms = (relation.achievement_consent, relation.attendance_consent)
    turns = [relation.since, relation.until]
    turns += [day for term in terms for day in (term.given_on, term.until, term.withdrawn_on)]
    around = [day + timedelta(days=step) for day in turns if day for step in (-1, 0, 1)]
    return {watch_schools.TODAY, *random.sample(around, min(3, len(around)))}


def compare(random: Random, readers: Iterable[ReaderProfile]) -> Counter[str]:
    """Ask both everything about all readers; return how often each answer was given."""
    counts: Counter[str] = Counter()
    for reader in readers:
        watches = compile_watches(reader, CHANNELS)
        for tie in reader.ties:
            of_pupil = [watch for watch in watches if watch.pupil == tie.relation.pupil]
            for day in days_of(tie, random):
                for asked in questions(tie.sphere):
                    expected = told(reader, tie, asked, day)
                    assert said(matching(of_pupil, tie.relation.pupil, asked.news, day)) == expected, (reader, asked)
                    counts[expected if isinstance(expected, Reason) else f"told by {len(expected)}"] += 1
    return counts


def schools(seeds: range) -> Counter[str]:
    counts: Counter[str] = Counter()
    for seed in seeds:
        random = Random(seed)  # noqa: S311 - a school to be made again, not a secret
        counts += compare(random, watch_schools.school(random, random.randint(20, 30)))
    sys.stdout.write(f"\n{len(seeds)} schools, {counts.total()} questions: {dict(sorted(counts.items()))}\n")
    return counts


def test_watches_say_what_a_slow_reading_of_the_profile_says() -> None:
    counts = schools(range(13, 18))
    assert {reason: counts[reason] for reason in REASONS if counts[reason] < 50} == {}
    assert all(counts[f"told by {ways}"] >= 50 for ways in (1, 2, 3))


@pytest.mark.deep
@pytest.mark.timeout(1800)
def test_watches_say_it_of_many_schools() -> None:
    counts = schools(range(1000, 1100))
    assert {reason: counts[reason] for reason in REASONS if counts[reason] < 1000} == {}


# --- by hand ----------------------------------------------------------------------------------------------------------

BOTH = (address(Channel.TELEGRAM), address(Channel.MAIL))
SETTINGS_WITH_FLOOR = SchoolSettings(allowed_channels=(Channel.TELEGRAM, Channel.MAIL))
SETTINGS = SETTINGS_WITH_FLOOR.model_copy(update={"floor": ()})
SCHOOL = Policy.of(SETTINGS, SchoolTelling())


def profile(**changes: object) -> ReaderProfile:
    values = {"addresses": BOTH, "rows": (), "selections": (), "policy": SCHOOL} | changes
    return ReaderProfile(READER, (Tie(follower().relation),), **values)  # type: ignore[arg-type] # made of keywords


def ways(reader: ReaderProfile, category: Category, mark: int = 0, subject: str = "") -> Reason | list[str]:
    topics = frozenset({Category.BAD_MARK, Category.MARK} if mark else {category})
    found = said(matching(compile_watches(reader), PUPIL, News(topics, mark, subject), TODAY))
    if isinstance(found, Reason):
        return found
    return [".".join(str(part) for part in (channel, *when) if part is not None) for channel, *when in found]


def test_bits_are_for_ever() -> None:
    attendance = ("absence", "gone", "clear", "late")
    marks = ("bad_mark", "mark", "final")
    words = ("remark", "praise", "message", "homework", "schedule", "test", "event", "notice", "consent", "digest")
    kept = (*attendance, *marks, *words, "roll", "dispute", "own", "school")
    assert {str(topic): bit for topic, bit in BIT.items()} == {name: 1 << place for place, name in enumerate(kept)}
    assert set(BIT) == {*Category, *Duty}
    assert topics_of(bits_of(Category)) == set(Category)


def test_a_parent_who_chose_nothing_is_a_handful_of_rows() -> None:
    watches = compile_watches(profile())
    in_force = [watch for watch in watches if watch.first <= TODAY <= watch.last]
    assert len(in_force) == 7
    assert len(watches) == 8
    (before,) = set(watches) - set(in_force)
    assert (before.term.reason, before.topics) == (Reason.RIGHTS_LOST, frozenset(Category))


def test_the_threshold_is_the_readers_own() -> None:
    at_once = rows_of(Category.BAD_MARK, Choice(Mode.NOW, "telegram"))
    reader = profile(rows=at_once, selections=(Selection(Category.BAD_MARK, None, 5),))
    assert ways(reader, Category.MARK, mark=4) == ["telegram.now", "mail.now"]
    assert ways(reader, Category.MARK, mark=5) == ["mail.daily", "telegram.daily"]
    every = profile(rows=at_once, selections=(Selection(Category.BAD_MARK, None, 6),))
    assert ways(every, Category.MARK, mark=5) == ["telegram.now", "mail.now"]


def test_the_floor_tells_by_what_is_left_and_unsubscribing_beats_it() -> None:
    demanded = Policy(SETTINGS, SCHOOL.allowed, frozenset({Category.ABSENCE}))
    off = rows_of(Category.ABSENCE, OFF)
    assert ways(profile(rows=off), Category.ABSENCE) == Reason.UNSUBSCRIBED
    assert ways(profile(rows=off, policy=demanded), Category.ABSENCE) == ["telegram.now", "mail.now"]
    assert ways(profile(rows=off, policy=demanded), Category.PRAISE) == ["mail.daily", "telegram.daily"]
    unverified = (replace(BOTH[1], verified=False),)
    assert ways(profile(rows=off, policy=demanded, addresses=unverified), Category.ABSENCE) == Reason.NO_ADDRESS
    left = tuple(replace(one, refused=True) for one in BOTH)
    assert ways(profile(policy=demanded, addresses=(left[0], BOTH[1])), Category.ABSENCE) == ["mail.now"]
    assert ways(profile(policy=demanded, addresses=left), Category.ABSENCE) == Reason.UNSUBSCRIBED
    assert ways(profile(rows=off, policy=demanded, addresses=(left[0], BOTH[1])), Category.ABSENCE) == ["mail.now"]
    # Whoever is told as he wished is told so, and what he switched off is the last way of all.
    letters = rows_of(Category.ABSENCE, Choice(Mode.DAILY, "mail"))
    assert ways(profile(rows=letters, policy=demanded), Category.ABSENCE) == ["mail.daily", "telegram.daily"]
    no_telegram = (SubscriptionRow(Category.ABSENCE, "telegram", Mode.OFF),)
    assert ways(profile(rows=no_telegram, policy=demanded), Category.ABSENCE) == ["mail.now", "telegram.now"]
    dead = (BOTH[0], replace(BOTH[1], dead_reason="no-such-mailbox"))
    failed = (*letters, *no_telegram)
    assert ways(profile(rows=failed, addresses=dead), Category.ABSENCE) == Reason.UNSUBSCRIBED
    assert ways(profile(rows=failed, policy=demanded, addresses=dead), Category.ABSENCE) == ["telegram.daily"]


def test_where_the_teacher_tells_of_absences_the_floor_is_the_evening_letter_as_for_everybody() -> None:
    by_hand = SchoolTelling(absences_at_once=False, changes_at_once=False)
    policy = Policy.of(SETTINGS_WITH_FLOOR, by_hand)
    off, now = rows_of(Category.ABSENCE, OFF), rows_of(Category.ABSENCE, Choice(Mode.NOW, "mail"))
    for attendance in (Category.ABSENCE, Category.GONE, Category.ALL_CLEAR):
        assert ways(profile(policy=policy), attendance) == ["mail.daily", "telegram.daily"]
        assert ways(profile(policy=policy, rows=off), attendance) == ["telegram.daily", "mail.daily"]
        assert ways(profile(policy=policy, rows=now), attendance) == ["mail.now", "telegram.now"], "his own word"
    assert ways(profile(policy=policy), Category.TIMETABLE) == ["telegram.daily", "mail.daily"]
    assert ways(profile(policy=policy), Category.NOTICE) == ["telegram.now", "mail.now"]


def test_a_school_insists_on_absences_unless_it_says_otherwise_and_on_nothing_without_a_consent() -> None:
    assert Policy.of(SchoolSettings(), SchoolTelling()).floor == {Category.ABSENCE, Category.GONE, Category.ALL_CLEAR}
    both = SchoolSettings(floor=(Insisted.NOTICE, Insisted.BAD_MARK))
    assert Policy.of(both, SchoolTelling()).floor == {Category.NOTICE, Category.CONSENT, Category.BAD_MARK}
    assert {one.value for one in Insisted} <= {one.value for one in Category}
    relation = follower(attendance_consent=ConsentTerm(), consent_given_on=None).relation
    unsigned = replace(profile(policy=Policy.of(SETTINGS_WITH_FLOOR, SchoolTelling())), ties=(Tie(relation),))
    assert ways(unsigned, Category.ABSENCE) == Reason.NO_CONSENT


def test_work_and_own_affairs_know_no_subscriptions() -> None:
    relation = follower().relation
    refused = tuple(replace(one, refused=True) for one in BOTH)
    reader = ReaderProfile(UUID(int=9), (Tie(relation, Sphere.DUTY),), refused, (), (), SCHOOL)
    watches = compile_watches(reader)
    for duty in (Duty.ROLL, Duty.DISPUTE, Duty.SCHOOL):
        met = said(matching(watches, PUPIL, News(frozenset({duty})), TODAY))
        assert met == (("telegram", "now", None, None), ("mail", "now", None, None))
    assert matching(watches, PUPIL, News(frozenset({Category.ABSENCE})), TODAY) == ()
