"""A reader's profile compiled into watches: rows that a batch of news is simply joined with (house.md §2.13). Pure.

A watch says: from this day to that one, news of these topics about this child reaches this reader by this channel, so
often; or why they do not. For every piece of news about a child that a reader follows exactly one set of watches
matches: the ways in their order, or one reason. So nothing of it is decided a second time, in another language.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from core.events import BAD_BELOW, Channel, ConsentPurpose, GuardianshipState, SchoolSettings, SchoolTelling
from gateway.categories import Category, Duty, Topic, bits_of, purpose_of_category, topic_of
from gateway.content import Content, HomeworkContent, MarkContent
from gateway.planned_content import ControlWorkContent
from gateway.profiles import (
    HIGHEST_THRESHOLD,
    Frequency,
    Mode,
    Selection,
    SubscriptionRow,
    choice_of,
    insisted,
    insistence,
    insistent,
    letters_wait,
    own_rows,
    selection_of,
    silence,
    threshold,
)
from gateway.routing import PREFERENCE, AddressView, living_ways, refused
from gateway.states import Reason


class Sphere(StrEnum):
    """What ties a reader to what he is told of."""

    FAMILY = "family"
    DUTY = "duty"
    """He works at the school."""
    OWN = "own"
    """His own affairs."""


TOPICS: Mapping[Sphere, tuple[Topic, ...]] = {
    Sphere.FAMILY: tuple(Category),
    Sphere.DUTY: (Duty.ROLL, Duty.DISPUTE, Duty.SCHOOL),
    Sphere.OWN: (Duty.OWN,),
}
"""Of what a reader is told, by what ties him to it."""
MARKS: tuple[Topic, ...] = (Category.BAD_MARK, Category.MARK)


@dataclass(frozen=True, slots=True)
class Tie:
    """A reader's relation to a pupil, or to affairs that are followed like one."""

    relation: GuardianshipState
    sphere: Sphere = Sphere.FAMILY


@dataclass(frozen=True, slots=True)
class Policy:
    """What a school allows and demands."""

    settings: SchoolSettings
    allowed: frozenset[str]
    """Channels that it may lawfully use."""
    floor: frozenset[Category] = frozenset()
    """What it tells to whoever would be told nothing of it, as soon as ``profiles.insistence`` says; only where he
    consented, by verified addresses from which he has not unsubscribed."""
    telling: SchoolTelling = field(default_factory=SchoolTelling)
    """What its rules say of how families are told."""

    @classmethod
    def of(cls, settings: SchoolSettings, telling: SchoolTelling) -> "Policy":
        """Return the policy of a school by its settings and rules."""
        return cls(settings, frozenset(settings.allowed_channels), insisted(settings), telling)


@dataclass(frozen=True, slots=True)
class ReaderProfile:
    """All that decides what one reader is told: his rights and consents, his addresses, his choices, his school."""

    recipient: UUID
    ties: tuple[Tie, ...]
    addresses: tuple[AddressView, ...]
    rows: tuple[SubscriptionRow, ...]
    selections: tuple[Selection, ...]
    policy: Policy
    letters: bool = False
    """He asked for letters himself."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Of which marks and subjects a watch is."""

    mark_from: int = 0
    """Lowest value; a mark that was taken back counts as 0."""
    mark_below: int = HIGHEST_THRESHOLD
    subjects: tuple[str, ...] = ()
    """Names of subjects; none: of every subject."""
    others: bool = False
    """True: of every subject but these."""

    def passes(self, news: "News") -> bool:
        """Tell whether news get through."""
        named = not self.subjects or (news.subject_name in self.subjects) is not self.others
        return named and self.mark_from <= news.mark < self.mark_below


ALL = Filter()
NEVER = Frequency(Mode.OFF)


@dataclass(frozen=True, slots=True)
class Term:
    """What a watch says, but for whom, of what and when."""

    rank: int = 0
    """Ways are tried in this order."""
    channel: str | None = None
    frequency: Frequency = NEVER
    filter: Filter = ALL
    reason: Reason | None = None
    """Why nothing is told; then there is no channel."""


@dataclass(frozen=True, slots=True)
class Watch:
    """One row: a way to a reader, or the reason why there is none."""

    pupil: UUID
    recipient: UUID
    first: date
    last: date
    """The last day, inclusive; ``date.max``: for good."""
    topics: frozenset[Topic]
    term: Term

    @property
    def bits(self) -> int:
        """Return the topics as a number."""
        return bits_of(self.topics)


@dataclass(frozen=True, slots=True)
class News:
    """What watches are asked about: something that concerns a pupil, on the day on which it is to be told."""

    topics: frozenset[Topic]
    """One, but for a mark: it is of both kinds, and the reader's threshold decides."""
    mark: int = 0
    subject_name: str = ""


def news_of(content: Content) -> News:
    """Return what a content is news of."""
    match content:
        case MarkContent(subject=subject, value=value):
            return News(frozenset(MARKS), value or 0, subject)
        case HomeworkContent(subject=subject) | ControlWorkContent(subject=subject):
            return News(frozenset({topic_of(content)}), subject_name=subject)
        case _:
            return News(frozenset({topic_of(content)}))


def compile_watches(profile: ReaderProfile, order: Sequence[str] = PREFERENCE) -> tuple[Watch, ...]:
    """Compile a profile; it depends on no clock, so that it changes only when the profile does.

    ``order`` is that of the channels among which the reader made no difference.
    """
    return tuple(watch for tie in profile.ties for watch in _of_tie(profile, tie, order))


def matching(watches: Iterable[Watch], pupil: UUID, news: News, today: date) -> tuple[Watch, ...]:
    """Return the watches of one reader that news about a pupil meet today, in the order of the ways.

    This is the join that the database makes; it is here for whoever asks about one reader only.
    """
    met = [
        watch
        for watch in watches
        if watch.pupil == pupil
        and watch.first <= today <= watch.last
        and watch.topics & news.topics
        and watch.term.filter.passes(news)
    ]
    return tuple(sorted(met, key=lambda watch: watch.term.rank))


type _Said = dict[Term, frozenset[Topic]]


def _of_tie(profile: ReaderProfile, tie: Tie, order: Sequence[str]) -> Iterable[Watch]:
    spans: list[tuple[date, date, _Said]] = []
    for first, last in _spans(tie.relation):
        said = _said(profile, tie, order, first)
        if spans and spans[-1][2] == said:
            first = spans.pop()[0]  # noqa: PLW2901 - the span begins with the one before it, which says the same
        spans.append((first, last, said))
    for first, last, said in spans:
        for term, topics in said.items():
            yield Watch(tie.relation.pupil, profile.recipient, first, last, topics, term)


def _spans(relation: GuardianshipState) -> Iterable[tuple[date, date]]:
    """Cut time into the spans within which neither the relation nor a consent begins or ends."""
    terms = (relation.achievement_consent, relation.attendance_consent)
    begins = {relation.since, *(term.given_on for term in terms), *(term.withdrawn_on for term in terms)}
    begins |= {_next_day(last) for last in (relation.until, *(term.until for term in terms))}
    cuts = sorted({date.min, *(day for day in begins if day is not None)})
    for first, following in zip(cuts, [*cuts[1:], None], strict=True):
        yield first, date.max if following is None else following - timedelta(days=1)


def _next_day(last: date | None) -> date | None:
    return None if last is None or last == date.max else last + timedelta(days=1)


def _said(profile: ReaderProfile, tie: Tie, order: Sequence[str], day: date) -> _Said:
    asked = _Asked(profile, tie, order, day)
    found: dict[Term, set[Topic]] = {}
    for topics, terms in asked.everything():
        for term in terms:
            found.setdefault(term, set()).update(topics)
    return {term: frozenset(topics) for term, topics in found.items()}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One tie of a reader on one day."""

    profile: ReaderProfile
    tie: Tie
    order: Sequence[str]
    day: date

    def everything(self) -> Iterable[tuple[Collection[Topic], Sequence[Term]]]:
        """Return what is said of all topics of the tie; of both kinds of marks at once, if it is the same."""
        terms = {topic: self.terms(topic) for topic in TOPICS[self.tie.sphere]}
        whole = {tuple(_of_every_mark(term) for term in terms.get(topic, ())) for topic in MARKS}
        if len(whole) == 1:
            terms = {topic: said for topic, said in terms.items() if topic not in MARKS}
            yield MARKS, whole.pop()
        for topic, said in terms.items():
            yield (topic,), said

    def terms(self, topic: Topic) -> Sequence[Term]:
        """Return what is said of a topic: the ways in their order, or a reason; twice, if a filter splits it."""
        relation = self.tie.relation
        if isinstance(topic, Duty):
            why = refused(relation, ConsentPurpose.ACHIEVEMENT, self.day)
            # Nobody has subscribed to it, and nobody can unsubscribe: it is work, or was asked for just now.
            addresses = [replace(address, refused=False) for address in self.profile.addresses]
            return (Term(reason=why),) if why else self._ways(addresses, Frequency(Mode.NOW), (), ALL)
        why = refused(relation, purpose_of_category(topic), self.day)
        return (Term(reason=why),) if why else self._of_category(topic)

    def _of_category(self, category: Category) -> Sequence[Term]:
        profile, pupil = self.profile, self.tie.relation.pupil
        own = own_rows(profile.rows, category, pupil)
        choice = choice_of(own, category, profile.policy.settings, profile.policy.telling)
        marks = self._marks(category)
        if marks.mark_from == marks.mark_below:
            return ()
        if choice.mode is Mode.OFF:
            why = silence([category], profile.rows, profile.policy.settings, pupil)
            return self._at_least(category, Term(filter=marks, reason=why), own)
        subjects = tuple(sorted(selection_of(profile.selections, category, pupil).subjects))
        wanted = Term(channel=choice.channel, frequency=choice.frequency, filter=replace(marks, subjects=subjects))
        found = self._at_least(category, wanted, own)
        if subjects:
            rest = Term(filter=replace(wanted.filter, others=True), reason=Reason.OTHER_SUBJECT)
            found = (*found, *self._at_least(category, rest, own))
        return found

    def _at_least(self, category: Category, wanted: Term, own: Sequence[SubscriptionRow]) -> Sequence[Term]:
        """Return the ways for what is wanted; if that comes to nothing, those for what the school insists on."""
        never = {row.channel for row in own if row.mode is Mode.OFF}
        found = (wanted,) if wanted.reason is not None else self._as_wanted(wanted, own, never)
        if found[0].reason is None or category not in self.profile.policy.floor:
            return found
        by_school = Frequency(insistence(category, self.profile.policy.telling))
        frequency = by_school if wanted.reason is not None else wanted.frequency
        rather = [channel for channel in self.order if channel not in never]
        return self._ways(self.profile.addresses, frequency, rather, wanted.filter)

    def _as_wanted(self, wanted: Term, own: Sequence[SubscriptionRow], never: Collection[str]) -> Sequence[Term]:
        first = [row.channel for row in insistent(own) if row.mode is not Mode.OFF] or [wanted.channel or ""]

        def but(closed: Collection[str]) -> Sequence[Term]:
            addresses = [
                replace(address, refused=True) if address.channel in closed else address
                for address in self.profile.addresses
            ]
            return self._ways(addresses, wanted.frequency, first, wanted.filter)

        if not letters_wait(self.profile.policy.settings, asked=self.profile.letters):
            return but(never)
        found = but({*never, Channel.MAIL.value})
        by_letter_only = found[0].reason is Reason.UNSUBSCRIBED and but(never)[0].reason is None
        return (Term(filter=wanted.filter, reason=Reason.NOT_ASKED_FOR),) if by_letter_only else found

    def _ways(
        self, addresses: Sequence[AddressView], frequency: Frequency, first: Sequence[str], passes: Filter
    ) -> Sequence[Term]:
        ways = living_ways(addresses, self.profile.policy.allowed, (*first, *self.order))
        if isinstance(ways, Reason):
            return (Term(filter=passes, reason=ways),)
        return tuple(Term(rank, way.channel, frequency, passes) for rank, way in enumerate(ways))

    def _marks(self, category: Category) -> Filter:
        """Return which marks are of a category, by the reader's threshold; what the school demands raises it."""
        below = threshold(self.profile.selections, self.tie.relation.pupil)
        if Category.BAD_MARK in self.profile.policy.floor:
            below = max(below, BAD_BELOW)
        match category:
            case Category.BAD_MARK:
                return Filter(mark_below=below)
            case Category.MARK:
                return Filter(mark_from=below)
            case _:
                return ALL


def _of_every_mark(term: Term) -> Term:
    return replace(term, filter=replace(term.filter, mark_from=0, mark_below=HIGHEST_THRESHOLD))
