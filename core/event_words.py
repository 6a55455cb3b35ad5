"""Words of the contract between the journal and whoever listens: closed sets, each value as it stands in events."""

from enum import StrEnum


class SchoolKind(StrEnum):
    """Kinds of organisations (MON-21); what a school may lawfully use depends on it."""

    MUNICIPAL = "municipal"
    STATE = "state"
    PRIVATE = "private"
    BRANCH = "branch"


class Channel(StrEnum):
    """Ways to a person."""

    TELEGRAM = "telegram"
    MAX = "max"
    MAIL = "mail"


class AbsenceKind(StrEnum):
    """What an absence code means, whatever letters a school uses for it (CONF-01)."""

    UNEXPLAINED = "unexplained"
    ILLNESS = "illness"
    EXCUSED = "excused"
    EXEMPT = "exempt"
    """Released by the school itself: by an order, from lessons of physical education."""


class DaySituation(StrEnum):
    """How a pupil's day stands, by the lessons whose roll was called."""

    PRESENT = "present"
    """At every lesson of which it is known."""
    NOT_COME = "not-come"
    """Absent from the first lesson of which it is known on, and seen at none yet."""
    GONE = "gone"
    """Was there, and is not at the last lesson of which it is known: more alarming than not to have come."""
    CAME_LATER = "came-later"
    """Was absent, and is there at the last lesson of which it is known: the all-clear."""
    ABSENT_ALL_DAY = "absent-all-day"
    """Absent from every lesson that the pupil had."""


class LeftEarly(StrEnum):
    """How a pupil left before the end of a lesson."""

    PERMISSION = "permission"
    NURSE = "nurse"
    WITHOUT = "without"
    """Without leave."""


class ProposedReason(StrEnum):
    """What a parent says of an absence; the school decides whether to accept it."""

    ILL = "ill"
    FAMILY = "family"
    LATE = "late"
    UNAWARE = "unaware"
    AT_SCHOOL = "at-school"
    """«Ребёнок в школе, это ошибка»: a matter for the lesson's teacher."""


class DefaultSubscriptions(StrEnum):
    """What those get who have chosen nothing (parents.md §1)."""

    RECOMMENDED = "recommended"
    """The recommended set, in force from the parent's own act of linking, or of giving a verified address."""
    OFF = "off"
    """Nothing until he chooses (NOTIF-04)."""


class Insisted(StrEnum):
    """What a school may insist on telling: whoever switched it off is told by whichever way is open all the same.

    Never without a consent, nor by an address that is not verified, nor to whoever unsubscribed with one click.
    """

    ABSENCE = "absence"
    NOTICE = "notice"
    REMARK = "remark"
    BAD_MARK = "bad_mark"
    FINAL_MARK = "final"
    MESSAGE = "message"
    TIMETABLE = "schedule"


class RelationKind(StrEnum):
    """What an adult is to a pupil in law."""

    PARENT = "parent"
    ADOPTIVE = "adoptive"
    GUARDIAN = "guardian"
    """Опекун, of a child under fourteen."""
    TRUSTEE = "trustee"
    """Попечитель, of a child of fourteen and more."""
    FOSTER = "foster"
    INSTITUTION = "institution"
    """An orphanage or the like that stands in for parents."""
    TRUSTED = "trusted"
    """Somebody whom the parents, or the grown pupil himself, let look on: no rights in law, and a limited view."""


class RemarkKind(StrEnum):
    """What a teacher writes about a pupil."""

    REMARK = "remark"
    PRAISE = "praise"


class NoticeAsk(StrEnum):
    """What a notice asks of its readers."""

    READ = "read"
    """To know of it."""
    CONFIRM = "confirm"
    """To say that it was read."""
    SIGN = "sign"
    """To agree with it by name."""


class NoticeAct(StrEnum):
    """What a reader did with a notice; always an act of his own, never the opening of a link."""

    CONFIRMED = "confirmed"
    SIGNED = "signed"
    REFUSED = "refused"


class ConsentPurpose(StrEnum):
    """What a consent to the processing of personal data is for (CONS-02); each may be given and withdrawn alone."""

    ACHIEVEMENT = "achievement"
    """Marks, remarks, homework, the diary, notices of the school."""
    ATTENDANCE = "attendance"
    """Absences, and what is said of them."""


class NotHeld(StrEnum):
    """Why a lesson is not held (TT-15)."""

    WEATHER = "weather"
    """Актированный день."""
    QUARANTINE = "quarantine"
    NO_TEACHER = "no-teacher"
    SHORT_DAY = "short-day"
    """The shortened bells of the day do not reach to it."""
    EVENT = "event"
    EMERGENCY = "emergency"
    OTHER = "other"
