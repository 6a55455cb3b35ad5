"""Commands and queries about the school, its staff and the records of its pupils, as somebody would do them."""

from datetime import date

from core.access import Reach, Right, Role
from core.account import identity_documents
from core.account.identity_documents import Document
from core.audit import visits
from core.events import RelationKind
from core.family import guardian_lists, guardianships, majority
from core.family.guardianships import Terms
from core.lists import imports
from core.person import cards, class_register, education_forms, merging, newcomers, roster, twins, verifications
from core.person.education_forms import EducationForm, Ordered
from core.person.newcomers import Newcomer
from core.person.verifications import Duty
from core.roster_file import RosterFiles
from core.russian import FullName
from core.school import organisations, school_rules, school_settings
from core.staff import role_rights, roles, staffing
from core.staff.role_rights import Decided
from core.staff.roles import Term
from core.staff.staffing import Job
from tests.integration.core_world import DAY
from tests.integration.rights_tries import Doing, Thing
from tests.integration.rights_world import KEEPER, NOW

ORDER = "приказ № 3"
NEWCOMER = Newcomer(FullName("Орлова", "Анна"), date(1990, 5, 6))
SEPTEMBER = date(2026, 9, 1)
AS_IT_IS = Terms("мать", priority=2)
WITHOUT_SIGHT = Terms("мать", may_see=False, basis="решение суда № 4")


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
        "change a setting",
        Thing.SCHOOL,
        Right.SETTINGS_CHANGE,
        lambda s, it: school_settings.change(s, it.act.actor, it.school, {"undo_window_seconds": 5}, it.act.at),
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
        "look what lists would change",
        Thing.SCHOOL,
        Right.ROSTER_IMPORT,
        lambda s, it: imports.look(s, it.act, it.whole.school, RosterFiles((), (), ())),
    ),
    Doing(
        "list the imports",
        Thing.SCHOOL,
        Right.ROSTER_IMPORT,
        lambda s, it: imports.listed(s, it.actor, it.school, NOW),
    ),
    Doing(
        "name classes and subjects of imports",
        Thing.SCHOOL,
        Right.ROSTER_IMPORT,
        lambda s, it: imports.titles(s, it.actor, it.school, NOW),
    ),
    Doing(
        "see the schools under an authority",
        Thing.AUTHORITY,
        Right.FIGURES_VIEW,
        lambda s, it: organisations.under(s, it.actor, it.whole.authority, NOW),
    ),
    Doing(
        "count a school's visits",
        Thing.SCHOOL,
        Right.FIGURES_VIEW,
        lambda s, it: visits.counted(s, it.actor, it.school, DAY, DAY, NOW),
    ),
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
