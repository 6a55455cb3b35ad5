"""One reader and one subject: what he is to be told of it, how soon, and by which ways he may be. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from core.events import ConsentPurpose, NoticeState, SchoolState, Subject
from core.school_time import school_date
from gateway.content import Content, content_for
from gateway.profiles import OFF, Choice
from gateway.routing import AT_ONCE, Follower, Route, Untold, refusal, refused, routes
from gateway.states import Reason
from gateway.thread import Wanted
from gateway.watches import Watch, matching, news_of

NOT_WANTED = frozenset({Reason.UNSUBSCRIBED, Reason.NOT_RECOMMENDED, Reason.NOT_ASKED_FOR, Reason.OTHER_SUBJECT})
"""Reasons that are the reader's or the default's, not the law's: what he knows already is set right all the same."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A reader with all his relations to the pupils of a subject: which of them opens a way to him."""

    followers: Sequence[Follower]
    about: Subject
    school: SchoolState
    at: datetime

    def ways(self, choice: Choice) -> tuple[Route, ...] | Untold:
        """Return the ways to a reader of several pupils, whatever he subscribed to: one of the pupils is enough."""
        today = school_date(self.at, self.school.zone)
        tried = [routes(one, self.about, self.school.settings, today, choice) for one in self.followers]
        return next((ways for ways in tried if not isinstance(ways, Untold)), tried[0])

    def subscribed(self, watches: Iterable[Watch], contents: Iterable[Content]) -> "Answer":
        """Return what his watches say of these contents: of several answers the most insistent, or the first reason."""
        today = school_date(self.at, self.school.zone)
        kept, said = tuple(watches), dict.fromkeys(news_of(content) for content in contents)
        answers = [
            _answer(matching(kept, one.relation.pupil, news, today), one) for news in said for one in self.followers
        ]
        told = [answer for answer in answers if not isinstance(answer.ways, Untold)]
        return max(told, key=lambda answer: answer.choice.frequency.strength, default=answers[0])

    def wanted(self, *, acknowledged: bool) -> Wanted:
        """Return what he is to be told, by what a channel can show."""
        shown = {"acknowledged": acknowledged, "signs": self.signs(), "attendance": self.attends()}
        said = partial(content_for, self.about, self.followers[0].recipient, **shown)
        return Wanted(interactive=said(interactive=True), plain=said(interactive=False))

    def attends(self) -> bool:
        """Tell whether he may be told of attendance beside what the subject is about."""
        today = school_date(self.at, self.school.zone)
        return any(refused(one.relation, ConsentPurpose.ATTENDANCE, today) is None for one in self.followers)

    def signs(self) -> bool:
        """Tell whether his signature is asked for one of the pupils of whom he may be told."""
        today = school_date(self.at, self.school.zone)
        told = (one.relation for one in self.followers if refusal(one.relation, self.about, today) is None)
        return isinstance(self.about, NoticeState) and any(relation.must_sign for relation in told)


@dataclass(frozen=True, slots=True)
class Answer:
    """How a reader is told of something, and by which ways; off, if he wants nothing of it."""

    choice: Choice
    ways: tuple[Route, ...] | Untold


def _answer(met: Sequence[Watch], follower: Follower) -> Answer:
    if not met:
        raise LookupError("a reader without watches")
    first = met[0].term
    if first.reason is not None:
        return Answer(OFF if first.reason in NOT_WANTED else AT_ONCE, Untold(first.reason))
    often, credentials = first.frequency, {one.channel: one.credential for one in follower.addresses}
    ways = tuple(Route(one.term.channel, credentials[one.term.channel]) for one in met if one.term.channel is not None)
    return Answer(Choice(often.mode, first.channel, often.hour, often.weekday), ways)
