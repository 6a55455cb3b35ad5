"""Every command and query of core that asks for a right, as somebody would do it in one of the three places."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.account import accounts, logins, second_factor, sessions
from core.audit import audit_log, breaches, voiding
from core.audit.audit_log import Wanted
from core.consent import consent_sheets, consent_texts, consents
from core.consent.consent_entries import ConsentForm, Decision
from core.events import NoticeAct, ProposedReason, RemarkKind
from core.family import majority
from core.learning import attendance, diary, gradebook, homework, own_absences, remarks
from core.learning.attendance_day import DayKey
from core.notice import notice_boards, notices
from core.person import data_changes
from core.refusals import Forbidden
from core.staff import substitutions
from tests.integration.core_world import DAY
from tests.integration.rights_doings_api import ON_KEYS
from tests.integration.rights_doings_attendance import ON_ABSENCES as ON_LISTS
from tests.integration.rights_doings_expected import ON_ABSENCES
from tests.integration.rights_doings_office import ON_PUPILS, ON_STAFF, ON_THE_SCHOOL
from tests.integration.rights_doings_year import ON_MOVEMENT, ON_THE_TIMETABLE, ON_THE_YEAR
from tests.integration.rights_tries import Doing, Thing, Try
from tests.integration.rights_world import CODES, DRAFT, HASHER, NOTICE_HASH, NOW


async def _whole_diary(session: AsyncSession, it: Try) -> None:
    opened = await diary.open_week(session, it.act, it.at.pupil, DAY)
    written = [line for day in opened.days for line in day.lessons if line.marks or line.absence_code or line.homework]
    assert opened.whole == bool(written), "marks are shown to whoever sees the whole, and to nobody else"
    if not opened.whole:
        raise Forbidden("the timetable alone")


async def _consents_of_pupil(session: AsyncSession, it: Try) -> None:
    """Ask as queries do: nothing reads one pupil's consents for a guardian yet."""
    rights.demand(await rights.of_pupil(session, it.actor, it.at.pupil, NOW), Right.CONSENT_VIEW)


async def _login(session: AsyncSession, it: Try, person: UUID) -> None:
    issued = await logins.issue(session, it.act, HASHER, [person])
    assert [one.person for one in issued.logins] == [person]


def _decision(form: ConsentForm) -> Decision:
    return Decision(given=False, since=DAY, form=form)


ON_LESSONS = (
    Doing(
        "read the roll", Thing.LESSON, Right.JOURNAL_VIEW, lambda s, it: attendance.roll(s, it.actor, it.lesson, NOW)
    ),
    Doing(
        "read the marks", Thing.LESSON, Right.JOURNAL_VIEW, lambda s, it: gradebook.page(s, it.actor, it.lesson, NOW)
    ),
    Doing(
        "read the homework given",
        Thing.LESSON,
        Right.JOURNAL_VIEW,
        lambda s, it: homework.set_at_lesson(s, it.actor, it.lesson, NOW),
    ),
    Doing(
        "call the roll",
        Thing.LESSON,
        Right.ATTENDANCE_RECORD,
        lambda s, it: attendance.record(s, it.act, it.lesson, {}),
    ),
    Doing(
        "give a mark", Thing.LESSON, Right.MARK_GIVE, lambda s, it: gradebook.give(s, it.act, it.lesson, it.learner, 5)
    ),
    Doing(
        "give a mark for a missed topic",
        Thing.LESSON,
        Right.MARK_GIVE,
        lambda s, it: gradebook.give_for_missed(s, it.act, it.lesson, it.learner, 5),
    ),
    Doing("correct a mark", Thing.LESSON, Right.MARK_GIVE, lambda s, it: gradebook.correct(s, it.act, it.mark, 3)),
    Doing("take a mark back", Thing.LESSON, Right.MARK_GIVE, lambda s, it: gradebook.take_back(s, it.act, it.mark)),
    Doing(
        "set homework", Thing.LESSON, Right.HOMEWORK_SET, lambda s, it: homework.set_at(s, it.act, it.lesson, "§ 13")
    ),
    Doing(
        "take homework back",
        Thing.WRITTEN,
        Right.HOMEWORK_WITHDRAW,
        lambda s, it: homework.take_back(s, it.act, it.homework),
        others=(Right.HOMEWORK_SET,),
    ),
    Doing(
        "write a remark",
        Thing.LESSON,
        Right.REMARK_WRITE,
        lambda s, it: remarks.write(s, it.act, it.lesson, it.learner, RemarkKind.REMARK, "Разговаривал."),
        signed=True,
    ),
    Doing(
        "write a remark outside lessons",
        Thing.PUPIL,
        Right.REMARK_WRITE_OUTSIDE,
        lambda s, it: remarks.write_as_class_teacher(s, it.act, it.at.pupil, RemarkKind.PRAISE, "Помог убрать класс."),
        signed=True,
    ),
    Doing(
        "take a remark back", Thing.WRITTEN, Right.REMARK_WITHDRAW, lambda s, it: remarks.withdraw(s, it.act, it.remark)
    ),
    Doing(
        "say who gives a lesson",
        Thing.LESSON,
        Right.SUBSTITUTION_RECORD,
        lambda s, it: substitutions.replace(s, it.act, it.lesson, it.at.spare),
    ),
)
FOR_FAMILIES = (
    Doing(
        "say why he is absent",
        Thing.PUPIL,
        Right.ABSENCE_EXPLAIN,
        lambda s, it: attendance.answer(s, it.act, DayKey(it.at.pupil, DAY), ProposedReason.ILL),
    ),
    Doing(
        "read what a letter asked of him",
        Thing.PUPIL,
        Right.ABSENCE_EXPLAIN,
        lambda s, it: own_absences.read(s, it.actor, DayKey(it.at.pupil, DAY), NOW),
    ),
    Doing("open the diary", Thing.PUPIL, Right.DIARY_VIEW, _whole_diary),
    Doing(
        "read the timetable",
        Thing.PUPIL,
        Right.TIMETABLE_VIEW,
        lambda s, it: diary.week(s, it.actor, it.at.pupil, DAY, NOW),
        others=(Right.DIARY_VIEW,),
    ),
    Doing(
        "publish a notice",
        Thing.CLASS,
        Right.NOTICE_PUBLISH,
        lambda s, it: notices.publish(s, it.act, it.at.school_class, DRAFT),
        signed=True,
    ),
    Doing(
        "take a notice back", Thing.CLASS, Right.NOTICE_PUBLISH, lambda s, it: notices.withdraw(s, it.act, it.at.notice)
    ),
    Doing(
        "read who answered",
        Thing.CLASS,
        Right.NOTICE_PUBLISH,
        lambda s, it: notice_boards.board(s, it.actor, it.at.notice, NOW),
    ),
    Doing(
        "list the notices of a class",
        Thing.CLASS,
        Right.NOTICE_PUBLISH,
        lambda s, it: notices.published_by(s, it.actor, it.at.school_class, NOW),
    ),
    Doing(
        "sign a notice",
        Thing.PUPIL,
        Right.NOTICE_ANSWER,
        lambda s, it: notices.answer(s, it.act, it.at.notice, NoticeAct.SIGNED, NOTICE_HASH),
        hides=True,
    ),
    Doing(
        "enter a paper about consent",
        Thing.PUPIL,
        Right.CONSENT_RECORD,
        lambda s, it: consents.record(s, it.act, it.at.pupil, it.at.guardian, _decision(ConsentForm.PAPER)),
    ),
    Doing(
        "withdraw one's consent",
        Thing.PUPIL,
        Right.CONSENT_GIVE,
        lambda s, it: consents.record(s, it.act, *it.relation, _decision(ConsentForm.ELECTRONIC)),
    ),
    Doing("see a pupil's consents", Thing.PUPIL, Right.CONSENT_VIEW, _consents_of_pupil),
    Doing(
        "see the consents of a class",
        Thing.CLASS,
        Right.CONSENT_VIEW,
        lambda s, it: consent_sheets.of_class(s, it.actor, it.at.school_class, NOW),
    ),
    Doing(
        "see the consents of a school",
        Thing.SCHOOL,
        Right.CONSENT_VIEW,
        lambda s, it: consent_sheets.of_school(s, it.actor, it.school, NOW),
    ),
    Doing(
        "publish a text of the consent",
        Thing.SCHOOL,
        Right.CONSENT_TEXT_PUBLISH,
        lambda s, it: consent_texts.publish(s, it.act, it.school, "Согласие на обработку данных."),
    ),
    Doing(
        "tell of changed data",
        Thing.PUPIL,
        Right.DATA_CHANGE_TELL,
        lambda s, it: data_changes.tell(s, it.act, it.at.pupil, "Новый телефон."),
    ),
    Doing(
        "list changed data",
        Thing.CLASS,
        Right.DATA_CHANGE_CLOSE,
        lambda s, it: data_changes.waiting(s, it.actor, it.at.school_class, NOW),
    ),
    Doing(
        "settle changed data",
        Thing.PUPIL,
        Right.DATA_CHANGE_CLOSE,
        lambda s, it: data_changes.close(s, it.act, it.at.told, "Исправлено."),
    ),
    Doing(
        "say who may look on",
        Thing.PUPIL,
        Right.MAJORITY_ANSWER,
        lambda s, it: majority.answer(s, it.act, it.at.pupil, ()),
        others=(Right.GUARDIANSHIP_WRITE,),
    ),
)
ON_ACCOUNTS = (
    Doing(
        "hand out a code",
        Thing.PUPIL,
        Right.CODE_ISSUE,
        lambda s, it: accounts.issue_codes(s, it.actor, CODES, [it.at.guardian], NOW),
    ),
    Doing(
        "hand out a login to an adult",
        Thing.PUPIL,
        Right.CODE_ISSUE,
        lambda s, it: _login(s, it, it.at.guardian),
        others=(Right.ACCOUNT_MANAGE,),
    ),
    Doing(
        "hand out a login to a pupil",
        Thing.PUPIL,
        Right.CODE_ISSUE,
        lambda s, it: _login(s, it, it.at.pupil),
        others=(Right.ACCOUNT_MANAGE,),
    ),
    Doing(
        "close a login",
        Thing.PERSON,
        Right.ACCOUNT_MANAGE,
        lambda s, it: logins.close(s, it.act, it.at.guardian, "left"),
    ),
    Doing(
        "take off a second factor",
        Thing.PERSON,
        Right.ACCOUNT_MANAGE,
        lambda s, it: second_factor.take_off_for(s, it.act, it.at.guardian),
    ),
    Doing(
        "end a stay",
        Thing.PERSON,
        Right.ACCOUNT_OWN,
        lambda s, it: sessions.end_one(s, it.visitor, it.stay, NOW),
        hides=True,
    ),
    Doing(
        "report a breach",
        Thing.PERSON,
        Right.BREACH_REPORT,
        lambda s, it: breaches.report(s, it.act, it.owner),
        others=(Right.BREACH_MANAGE,),
    ),
    Doing(
        "list breaches",
        Thing.SCHOOL,
        Right.BREACH_MANAGE,
        lambda s, it: breaches.of_school(s, it.actor, it.school, NOW),
    ),
    Doing(
        "list an account's operations",
        Thing.SCHOOL,
        Right.BREACH_MANAGE,
        lambda s, it: breaches.operations(s, it.actor, it.whole.breach, NOW),
    ),
    Doing(
        "void an account's operations",
        Thing.SCHOOL,
        Right.BREACH_VOID,
        lambda s, it: voiding.void(s, it.act, it.whole.breach, "7"),
    ),
    Doing(
        "read the audit",
        Thing.SCHOOL,
        Right.AUDIT_VIEW,
        lambda s, it: audit_log.lines(s, it.actor, it.school, Wanted(), NOW),
    ),
)
DOINGS = (
    *ON_LESSONS,
    *FOR_FAMILIES,
    *ON_ACCOUNTS,
    *ON_THE_SCHOOL,
    *ON_STAFF,
    *ON_PUPILS,
    *ON_ABSENCES,
    *ON_KEYS,
    *ON_LISTS,
    *ON_THE_YEAR,
    *ON_MOVEMENT,
    *ON_THE_TIMETABLE,
)
