"""Every command and query of core that asks for a right, as somebody would do it in one of the three places."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core import (
    accounts,
    attendance,
    audit_log,
    breaches,
    cards,
    class_register,
    consent_sheets,
    consent_texts,
    consents,
    data_changes,
    diary,
    education_forms,
    gradebook,
    guardian_lists,
    guardianships,
    homework,
    identity_documents,
    logins,
    majority,
    merging,
    newcomers,
    notices,
    organisations,
    remarks,
    rights,
    role_rights,
    roles,
    roster,
    school_rules,
    second_factor,
    sessions,
    staffing,
    substitutions,
    twins,
    verifications,
    voiding,
)
from core.access import Reach, Right, Role
from core.attendance_day import DayKey
from core.audit_log import Wanted
from core.consent_entries import ConsentForm, Decision
from core.education_forms import EducationForm, Ordered
from core.events import NoticeAct, ProposedReason, RelationKind, RemarkKind
from core.guardianships import Terms
from core.identity_documents import Document
from core.newcomers import Newcomer
from core.refusals import Forbidden
from core.role_rights import Decided
from core.roles import Term
from core.roster_file import RosterFiles
from core.russian import FullName
from core.staffing import Job
from core.verifications import Duty
from tests.integration.core_world import DAY
from tests.integration.rights_tries import Doing, Thing, Try
from tests.integration.rights_world import CODES, DRAFT, HASHER, KEEPER, NOTICE_HASH, NOW

ORDER = "приказ № 3"
NEWCOMER = Newcomer(FullName("Орлова", "Анна"), date(1990, 5, 6))
SEPTEMBER = date(2026, 9, 1)
AS_IT_IS = Terms("мать", priority=2)
WITHOUT_SIGHT = Terms("мать", may_see=False, basis="решение суда № 4")


async def _whole_diary(session: AsyncSession, it: Try) -> None:
    opened = await diary.open_week(session, it.act, it.at.pupil, DAY)
    written = [line for day in opened.days for line in day.lessons if line.marks or line.absence_code or line.homework]
    assert opened.whole == bool(written), "marks are shown to whoever sees the whole, and to nobody else"
    if not opened.whole:
        raise Forbidden("the timetable alone")


async def _figures_of_school(session: AsyncSession, it: Try) -> None:
    """Ask as queries do: those of a school's figures come with the reports (ROLE-29)."""
    rights.demand(await rights.of_school(session, it.actor, it.school, NOW), Right.FIGURES_VIEW)


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
        lambda s, it: notices.board(s, it.actor, it.at.notice, NOW),
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
        lambda s, it: consents.record(s, it.act, it.at.pupil, it.adult, _decision(ConsentForm.ELECTRONIC)),
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
ON_THE_SCHOOL = (
    Doing(
        "read the rules",
        Thing.SCHOOL,
        Right.SETTINGS_VIEW,
        lambda s, it: school_rules.read(s, it.actor, it.school, NOW),
    ),
    Doing(
        "list the branches",
        Thing.SCHOOL,
        Right.SETTINGS_VIEW,
        lambda s, it: organisations.branches(s, it.actor, it.school, NOW),
    ),
    Doing(
        "change a rule",
        Thing.SCHOOL,
        Right.SETTINGS_CHANGE,
        lambda s, it: school_rules.change(s, it.act, it.school, {"breach_staff_hours": 2}),
    ),
    Doing(
        "choose a profile of rules",
        Thing.SCHOOL,
        Right.SETTINGS_CHANGE,
        lambda s, it: school_rules.choose_profile(s, it.act, it.school, "school-2023"),
    ),
    Doing(
        "make an own role",
        Thing.SCHOOL,
        Right.RIGHTS_CHANGE,
        lambda s, it: role_rights.name_role(s, it.act, it.school, "librarian", "Библиотекарь"),
    ),
    Doing(
        "decide about a right",
        Thing.SCHOOL,
        Right.RIGHTS_CHANGE,
        lambda s, it: role_rights.decide(s, it.act, it.school, Decided(Role.CLERK, Right.STAFF_VIEW, Reach.SCHOOL)),
    ),
    Doing(
        "read what is decided about rights",
        Thing.SCHOOL,
        Right.SETTINGS_VIEW,
        lambda s, it: role_rights.decided_at(s, it.actor, it.school, NOW),
        others=(Right.RIGHTS_CHANGE,),
    ),
    Doing(
        "bring in lists",
        Thing.SCHOOL,
        Right.ROSTER_IMPORT,
        lambda s, it: roster.import_roster(s, it.act, it.whole.school, RosterFiles((), (), ())),
    ),
    Doing(
        "see the schools under an authority",
        Thing.AUTHORITY,
        Right.FIGURES_VIEW,
        lambda s, it: organisations.under(s, it.actor, it.whole.authority, NOW),
    ),
    Doing("see a school's figures", Thing.SCHOOL, Right.FIGURES_VIEW, _figures_of_school),
    Doing(
        "see overdue verifications",
        Thing.SCHOOL,
        Right.VERIFICATION_VIEW,
        lambda s, it: verifications.overdue(s, it.actor, it.school, NOW),
    ),
    Doing(
        "read a checklist",
        Thing.CLASS,
        Right.VERIFICATION_VIEW,
        lambda s, it: verifications.checklist(s, it.actor, it.at.school_class, NOW),
    ),
    Doing(
        "confirm a verification",
        Thing.CLASS,
        Right.VERIFICATION_CONFIRM,
        lambda s, it: verifications.confirm(s, it.act, it.at.school_class, Duty.QUESTIONNAIRES, SEPTEMBER),
    ),
    Doing(
        "fill a class's card",
        Thing.CLASS,
        Right.CLASS_CARD_WRITE,
        lambda s, it: cards.fill_class_card(s, it.act, it.at.school_class, {"room": "12"}, 0),
    ),
    Doing(
        "read a class's card",
        Thing.CLASS,
        Right.VERIFICATION_VIEW,
        lambda s, it: cards.class_card(s, it.actor, it.at.school_class, NOW),
        others=(Right.CLASS_CARD_WRITE,),
    ),
)
ON_STAFF = (
    Doing(
        "give a role",
        Thing.PERSON,
        Right.ROLE_GRANT,
        lambda s, it: roles.grant(s, it.act, it.at.free, Role.SUPPORT, Term(ORDER)),
    ),
    Doing("end a role", Thing.PERSON, Right.ROLE_GRANT, lambda s, it: roles.end(s, it.act, it.at.role, DAY, ORDER)),
    Doing(
        "read somebody's roles",
        Thing.PERSON,
        Right.STAFF_VIEW,
        lambda s, it: roles.of_person(s, it.actor, it.at.helper, NOW),
        others=(Right.ROLE_GRANT,),
    ),
    Doing(
        "read the roles of a school",
        Thing.SCHOOL,
        Right.STAFF_VIEW,
        lambda s, it: roles.of_school(s, it.actor, it.school, NOW),
        others=(Right.ROLE_GRANT,),
    ),
    Doing(
        "appoint a class teacher",
        Thing.CLASS,
        Right.CLASS_LEAD,
        lambda s, it: roles.lead(s, it.act, it.at.school_class, it.at.spare, ORDER),
    ),
    Doing(
        "appoint a stand-in",
        Thing.CLASS,
        Right.CLASS_LEAD,
        lambda s, it: roles.stand_in(s, it.act, it.at.school_class, it.at.employee, Term(ORDER)),
    ),
    Doing(
        "end a standing in",
        Thing.CLASS,
        Right.CLASS_LEAD,
        lambda s, it: roles.end(s, it.act, it.at.stand_in, DAY, ORDER),
    ),
    Doing(
        "hire",
        Thing.PERSON,
        Right.STAFF_MANAGE,
        lambda s, it: staffing.hire(s, it.act, it.at.free, Job("вахтёр", ORDER)),
    ),
    Doing(
        "dismiss",
        Thing.PERSON,
        Right.STAFF_MANAGE,
        lambda s, it: staffing.dismiss(s, it.act, it.at.employee, DAY, ORDER),
    ),
    Doing(
        "write down an employee",
        Thing.SCHOOL,
        Right.STAFF_MANAGE,
        lambda s, it: newcomers.employee(s, it.act, it.school, NEWCOMER),
    ),
    Doing(
        "see the staff", Thing.SCHOOL, Right.STAFF_VIEW, lambda s, it: staffing.of_school(s, it.actor, it.school, NOW)
    ),
    Doing(
        "fill a teacher's card",
        Thing.PERSON,
        Right.TEACHER_CARD_WRITE,
        lambda s, it: cards.fill_teacher_card(s, it.act, it.teacher, {"education": "высшее"}, 0),
    ),
    Doing(
        "read a teacher's card",
        Thing.PERSON,
        Right.TEACHER_CARD_WRITE,
        lambda s, it: cards.teacher_card(s, it.actor, it.teacher, NOW),
        others=(Right.STAFF_VIEW,),
    ),
)
ON_PUPILS = (
    Doing(
        "read his card", Thing.PUPIL, Right.PUPIL_VIEW, lambda s, it: cards.pupil_card(s, it.actor, it.at.pupil, NOW)
    ),
    Doing(
        "read how he learns",
        Thing.PUPIL,
        Right.PUPIL_VIEW,
        lambda s, it: education_forms.of_pupil(s, it.actor, it.at.pupil, NOW),
    ),
    Doing(
        "list who learns apart",
        Thing.SCHOOL,
        Right.PUPIL_VIEW,
        lambda s, it: education_forms.apart(s, it.actor, it.school, NOW),
    ),
    Doing(
        "read the general data of a class",
        Thing.CLASS,
        Right.PUPIL_VIEW,
        lambda s, it: class_register.register(s, it.actor, it.at.school_class, NOW),
    ),
    Doing(
        "list who has no parent recorded",
        Thing.SCHOOL,
        Right.PUPIL_VIEW,
        lambda s, it: class_register.without_parent(s, it.actor, it.school, NOW),
    ),
    Doing(
        "fill his card",
        Thing.PUPIL,
        Right.PUPIL_WRITE,
        lambda s, it: cards.fill_pupil_card(s, it.act, it.at.pupil, {"citizenship": "РФ"}, 0),
    ),
    Doing(
        "keep his document",
        Thing.PUPIL,
        Right.PUPIL_WRITE,
        lambda s, it: identity_documents.put(s, it.act, KEEPER, it.at.pupil, Document("passport", "4509 123456")),
    ),
    Doing(
        "change how he learns",
        Thing.PUPIL,
        Right.MOVEMENT_RECORD,
        lambda s, it: education_forms.change(
            s, it.act, it.at.pupil, Ordered(EducationForm.FAMILY, DAY, individual_plan=False, order=ORDER)
        ),
    ),
    Doing(
        "write down an adult",
        Thing.PUPIL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: newcomers.adult_of(s, it.act, it.at.pupil, NEWCOMER),
    ),
    Doing(
        "write down an institution",
        Thing.SCHOOL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: newcomers.institution(s, it.act, it.school, "Центр", "Центр помощи детям"),
    ),
    Doing(
        "record an adult",
        Thing.PUPIL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: guardianships.add(
            s, it.act, it.at.pupil, it.at.free, Terms("тётя", RelationKind.TRUSTED, must_sign=False)
        ),
    ),
    Doing(
        "change an adult's relation",
        Thing.PUPIL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: guardianships.change(s, it.act, it.at.pupil, it.at.guardian, AS_IT_IS),
    ),
    Doing(
        "end an adult's relation",
        Thing.PUPIL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: guardianships.end(s, it.act, it.at.pupil, it.at.guardian, DAY),
        others=(Right.CUSTODY_DECIDE,),
    ),
    Doing(
        "list his adults",
        Thing.PUPIL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: guardian_lists.of_pupil(s, it.actor, it.at.pupil, NOW),
        others=(Right.CUSTODY_DECIDE,),
    ),
    Doing(
        "list who has no guardian",
        Thing.SCHOOL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: guardian_lists.alone(s, it.actor, it.school, NOW),
        others=(Right.CUSTODY_DECIDE,),
    ),
    Doing(
        "list who has come of age",
        Thing.SCHOOL,
        Right.GUARDIANSHIP_WRITE,
        lambda s, it: majority.unanswered(s, it.actor, it.school, NOW),
    ),
    Doing(
        "bar by a court's order",
        Thing.PUPIL,
        Right.CUSTODY_DECIDE,
        lambda s, it: guardianships.bar(s, it.act, it.at.pupil, it.at.guardian, "решение суда № 4"),
    ),
    Doing(
        "take sight by a court's order",
        Thing.PUPIL,
        Right.CUSTODY_DECIDE,
        lambda s, it: guardianships.change(s, it.act, it.at.pupil, it.at.guardian, WITHOUT_SIGHT),
    ),
    Doing(
        "merge two records",
        Thing.PERSON,
        Right.PERSON_MERGE,
        lambda s, it: merging.merge(s, it.act, *it.at.twins, "дубль"),
    ),
    Doing(
        "list likely twins", Thing.SCHOOL, Right.PERSON_MERGE, lambda s, it: twins.listed(s, it.actor, it.school, NOW)
    ),
)
DOINGS = (*ON_LESSONS, *FOR_FAMILIES, *ON_ACCOUNTS, *ON_THE_SCHOOL, *ON_STAFF, *ON_PUPILS)
