"""Categories of what people are told: the unit that a parent subscribes to, and what is told without being asked. Pure.

A category has a bit of its own for ever: rows of ``gateway.watch`` hold sets of them as numbers.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from core.events import ConsentPurpose, NoticeAsk, RemarkKind
from gateway.absence_content import AbsenceContent, Whereabouts
from gateway.content import (
    Content,
    HomeworkContent,
    MarkContent,
    NoticeContent,
    PasswordLinkContent,
    RemarkContent,
)
from gateway.duty_content import DisputeContent, MorningContent, RollContent, SchoolRollsContent
from gateway.learning_content import LearningContent
from gateway.mailbox_content import MailboxLinkContent
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent
from gateway.strange_entry_content import StrangeEntryContent


class Category(StrEnum):
    """What a parent may choose to be told of (NOTIF-08). At most eight letters: a button's payload holds no more."""

    ABSENCE = "absence"
    NOTICE = "notice"
    REMARK = "remark"
    BAD_MARK = "bad_mark"
    """Marks below the reader's threshold; one that was taken back is told to whoever is told of these."""
    MARK = "mark"
    """All other marks: with both, every mark."""
    PRAISE = "praise"
    HOMEWORK = "homework"
    GONE = "gone"
    """Was at school, and is not at a later lesson."""
    ALL_CLEAR = "clear"
    """Was missed, and is there."""
    LATENESS = "late"
    FINAL_MARK = "final"
    MESSAGE = "message"
    """What a teacher writes to one family."""
    CONSENT = "consent"
    """What asks for a signature."""
    TIMETABLE = "schedule"
    TEST = "test"
    """A control work to come."""
    EVENT = "event"
    """Of the school or of a class."""
    DIGEST = "digest"
    """How learning goes: averages, debts, what the week brought."""


class Duty(StrEnum):
    """What people are told of without having subscribed: the school's own people, and whoever asked for it himself."""

    ROLL = "roll"
    """The roll of a lesson is late (DL-01)."""
    DISPUTE = "dispute"
    """A guardian says that an entry is wrong."""
    SCHOOL = "school"
    """Late rolls of a whole school, and its morning, for its administration."""
    OWN = "own"
    """The reader's own affairs, such as a link to a new password."""


type Topic = Category | Duty

OFFERED = (
    Category.ABSENCE,
    Category.LATENESS,
    Category.NOTICE,
    Category.REMARK,
    Category.BAD_MARK,
    Category.MARK,
    Category.PRAISE,
    Category.HOMEWORK,
    Category.TIMETABLE,
    Category.TEST,
    Category.EVENT,
    Category.DIGEST,
)
"""What a parent may choose of, in the order in which it is shown to him. The others go with these, or wait."""
FOLLOWS = {
    Category.GONE: Category.ABSENCE,
    Category.ALL_CLEAR: Category.ABSENCE,
    Category.CONSENT: Category.NOTICE,
}
"""Of which category the reader's choice counts, as long as he has made none for this one: it was a part of it once."""
URGENT = frozenset({Category.ABSENCE, Category.GONE, Category.ALL_CLEAR})
"""These pass quiet hours."""
OF_ATTENDANCE = frozenset({Category.ABSENCE, Category.GONE, Category.ALL_CLEAR, Category.LATENESS})
"""What the consent to be told of attendance is for (CONS-02), and all that a trusted adult is told."""
BY_SUBJECT = frozenset({Category.BAD_MARK, Category.MARK, Category.FINAL_MARK, Category.HOMEWORK, Category.TEST})
"""What belongs to a subject taught, so that a reader may want some subjects only."""

_BITS: tuple[Topic, ...] = (
    Category.ABSENCE,
    Category.GONE,
    Category.ALL_CLEAR,
    Category.LATENESS,
    Category.BAD_MARK,
    Category.MARK,
    Category.FINAL_MARK,
    Category.REMARK,
    Category.PRAISE,
    Category.MESSAGE,
    Category.HOMEWORK,
    Category.TIMETABLE,
    Category.TEST,
    Category.EVENT,
    Category.NOTICE,
    Category.CONSENT,
    Category.DIGEST,
    Duty.ROLL,
    Duty.DISPUTE,
    Duty.OWN,
    Duty.SCHOOL,
)
"""In the order of their bits: only ever added to at its end."""
BIT = {topic: 1 << place for place, topic in enumerate(_BITS)}


def bits_of(topics: Iterable[Topic]) -> int:
    """Return a set of topics as a number."""
    return sum({BIT[topic] for topic in topics})


def topics_of(bits: int) -> frozenset[Topic]:
    """Return the topics of such a number."""
    return frozenset(topic for topic, bit in BIT.items() if bits & bit)


def purpose_of_category(category: Category) -> ConsentPurpose:
    """Return the purpose of the consent without which a category is not told (CONS-02)."""
    return ConsentPurpose.ATTENDANCE if category in OF_ATTENDANCE else ConsentPurpose.ACHIEVEMENT


def topic_of(content: Content) -> Topic:
    """Return the topic of a content; a mark that was taken back is of the bad ones."""
    match content:
        case AbsenceContent():
            return _of_day(content)
        case MarkContent(value=value, bad=bad):
            return Category.BAD_MARK if bad or value is None else Category.MARK
        case RemarkContent(remark=kind):
            return Category.PRAISE if kind is RemarkKind.PRAISE else Category.REMARK
        case NoticeContent(ask=ask):
            return Category.CONSENT if ask is NoticeAsk.SIGN else Category.NOTICE
        case _ as other:
            return _TOPICS[type(other)]


_TOPICS: Mapping[type[Content], Topic] = {
    HomeworkContent: Category.HOMEWORK,
    TimetableContent: Category.TIMETABLE,
    ControlWorkContent: Category.TEST,
    SchoolEventContent: Category.EVENT,
    LearningContent: Category.DIGEST,
    PasswordLinkContent: Duty.OWN,
    MailboxLinkContent: Duty.OWN,
    StrangeEntryContent: Duty.OWN,
    RollContent: Duty.ROLL,
    DisputeContent: Duty.DISPUTE,
    SchoolRollsContent: Duty.SCHOOL,
    MorningContent: Duty.SCHOOL,
}
"""Of contents that are always of one."""


def _of_day(content: AbsenceContent) -> Category:
    """Return the category of a day of attendance; an absence that is over is one all the same to who never knew."""
    if content.cleared or not (content.lessons or content.partly):
        return Category.ALL_CLEAR
    if content.standing and content.where is Whereabouts.GONE:
        return Category.GONE
    return Category.LATENESS if content.partly and not content.missed else Category.ABSENCE
