"""The built-in table of rights: how far each role may go with each right. Data alone; ``core.access`` reads it."""

from collections.abc import Mapping
from types import MappingProxyType

from core.access_names import Reach, Right, Role

_ADMINISTRATION = {Role.DIRECTOR: Reach.SCHOOL, Role.DEPUTY: Reach.SCHOOL}
_TEACHING = {Role.TEACHER: Reach.LESSON, Role.FURTHER_EDUCATION_TEACHER: Reach.LESSON, Role.SUBSTITUTE: Reach.LESSON}
_LEADING = {Role.CLASS_TEACHER: Reach.CLASS, Role.STAND_IN: Reach.CLASS}
_OFFICERS = frozenset({Role.MUNICIPAL_OFFICER, Role.REGIONAL_OFFICER})
"""The register of breaches is a school's; officers of an authority belong to none."""
_AT_WORK = (
    Role.DIRECTOR,
    Role.DEPUTY,
    Role.TEACHER,
    Role.FURTHER_EDUCATION_TEACHER,
    Role.ADMINISTRATOR,
    Role.ASSISTANT,
    Role.SECRETARY,
    Role.HR,
    Role.CLERK,
)
_STAFF_OF_SCHOOL = dict.fromkeys(_AT_WORK, Reach.SCHOOL)
_EVERYBODY = dict.fromkeys(Role, Reach.SELF)

RIGHTS_OF: Mapping[Right, Mapping[Role, Reach]] = MappingProxyType(
    {
        Right.JOURNAL_VIEW: _TEACHING | _LEADING | _ADMINISTRATION,
        Right.ATTENDANCE_RECORD: _TEACHING | _ADMINISTRATION,
        Right.ABSENCE_EXPLAIN: {Role.GUARDIAN: Reach.CHILD},
        Right.ABSENCE_ANNOUNCE: _LEADING | {Role.GUARDIAN: Reach.CHILD},
        Right.ABSENCE_CONFIRM: _LEADING | _ADMINISTRATION,
        Right.ABSENCES_VIEW: _LEADING | _ADMINISTRATION,
        Right.RELEASE_ORDER: _ADMINISTRATION,
        Right.JOURNAL_UNLOCK: _ADMINISTRATION,
        Right.MARK_GIVE: _TEACHING | _ADMINISTRATION,
        Right.HOMEWORK_SET: _TEACHING | _ADMINISTRATION,
        Right.HOMEWORK_WITHDRAW: {Role.TEACHER: Reach.SELF, Role.FURTHER_EDUCATION_TEACHER: Reach.SELF},
        Right.REMARK_WRITE: _TEACHING | _ADMINISTRATION,
        Right.REMARK_WRITE_OUTSIDE: _LEADING | _ADMINISTRATION,
        Right.REMARK_WITHDRAW: _ADMINISTRATION
        | {
            Role.TEACHER: Reach.SELF,
            Role.FURTHER_EDUCATION_TEACHER: Reach.SELF,
            Role.CLASS_TEACHER: Reach.SELF,
            Role.STAND_IN: Reach.SELF,
        },
        Right.DIARY_VIEW: {Role.GUARDIAN: Reach.CHILD, Role.PUPIL: Reach.SELF},
        Right.TIMETABLE_VIEW: {Role.GUARDIAN: Reach.CHILD, Role.TRUSTED_ADULT: Reach.CHILD, Role.PUPIL: Reach.SELF},
        Right.NOTICE_PUBLISH: _LEADING | _ADMINISTRATION,
        Right.NOTICE_ANSWER: {Role.GUARDIAN: Reach.CHILD},
        Right.SUBSTITUTION_RECORD: _ADMINISTRATION,
        Right.CONSENT_RECORD: _LEADING | _ADMINISTRATION | {Role.SECRETARY: Reach.SCHOOL},
        Right.CONSENT_GIVE: {Role.GUARDIAN: Reach.CHILD},
        Right.CONSENT_VIEW: _LEADING | _ADMINISTRATION | {Role.SECRETARY: Reach.SCHOOL, Role.GUARDIAN: Reach.CHILD},
        Right.CONSENT_TEXT_PUBLISH: _ADMINISTRATION,
        Right.CODE_ISSUE: _LEADING | {Role.ADMINISTRATOR: Reach.SCHOOL, Role.ASSISTANT: Reach.SCHOOL},
        Right.ACCOUNT_MANAGE: {Role.ADMINISTRATOR: Reach.SCHOOL, Role.ASSISTANT: Reach.SCHOOL},
        Right.API_KEY_MANAGE: {Role.DIRECTOR: Reach.SCHOOL, Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.ACCOUNT_OWN: _EVERYBODY,
        Right.SETTINGS_VIEW: _ADMINISTRATION | {Role.ADMINISTRATOR: Reach.SCHOOL, Role.ASSISTANT: Reach.SCHOOL},
        Right.SETTINGS_CHANGE: {Role.ADMINISTRATOR: Reach.SCHOOL, Role.DIRECTOR: Reach.SCHOOL},
        Right.RIGHTS_CHANGE: {Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.ROLE_GRANT: {Role.DIRECTOR: Reach.SCHOOL, Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.CLASS_LEAD: _ADMINISTRATION,
        Right.STAFF_MANAGE: {Role.HR: Reach.SCHOOL, Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.STAFF_VIEW: _ADMINISTRATION
        | {
            Role.HR: Reach.SCHOOL,
            Role.ADMINISTRATOR: Reach.SCHOOL,
            Role.ASSISTANT: Reach.SCHOOL,
            Role.SECRETARY: Reach.SCHOOL,
        },
        Right.TEACHER_CARD_WRITE: {
            Role.TEACHER: Reach.SELF,
            Role.FURTHER_EDUCATION_TEACHER: Reach.SELF,
            Role.HR: Reach.SCHOOL,
        },
        Right.PUPIL_VIEW: _LEADING
        | _ADMINISTRATION
        | {
            Role.SECRETARY: Reach.SCHOOL,
            Role.ADMINISTRATOR: Reach.SCHOOL,
            Role.ASSISTANT: Reach.SCHOOL,
            Role.CLERK: Reach.SCHOOL,
            Role.HR: Reach.SCHOOL,
            Role.PUPIL: Reach.SELF,
            Role.GUARDIAN: Reach.CHILD,
        },
        Right.PUPIL_WRITE: _LEADING
        | _ADMINISTRATION
        | {
            Role.SECRETARY: Reach.SCHOOL,
            Role.ADMINISTRATOR: Reach.SCHOOL,
            Role.ASSISTANT: Reach.SCHOOL,
            Role.CLERK: Reach.SCHOOL,
            Role.HR: Reach.SCHOOL,
        },
        Right.MOVEMENT_RECORD: _ADMINISTRATION | {Role.SECRETARY: Reach.SCHOOL},
        Right.GUARDIANSHIP_WRITE: _LEADING
        | {
            Role.SECRETARY: Reach.SCHOOL,
            Role.ADMINISTRATOR: Reach.SCHOOL,
            Role.ASSISTANT: Reach.SCHOOL,
            Role.CLERK: Reach.SCHOOL,
        },
        Right.CUSTODY_DECIDE: _ADMINISTRATION | {Role.SECRETARY: Reach.SCHOOL},
        Right.MAJORITY_ANSWER: {Role.PUPIL: Reach.SELF},
        Right.PERSON_MERGE: {Role.SECRETARY: Reach.SCHOOL, Role.ADMINISTRATOR: Reach.SCHOOL, Role.HR: Reach.SCHOOL},
        Right.CLASS_CARD_WRITE: _LEADING | {Role.DEPUTY: Reach.SCHOOL},
        Right.VERIFICATION_CONFIRM: _LEADING,
        Right.VERIFICATION_VIEW: _LEADING | _ADMINISTRATION,
        Right.DATA_CHANGE_TELL: {Role.GUARDIAN: Reach.CHILD, Role.PUPIL: Reach.SELF},
        Right.DATA_CHANGE_CLOSE: _LEADING | {Role.SECRETARY: Reach.SCHOOL, Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.AUDIT_VIEW: _ADMINISTRATION,
        Right.BREACH_REPORT: {role: Reach.SELF for role in Role if role not in _OFFICERS},
        Right.BREACH_MANAGE: {
            Role.DIRECTOR: Reach.SCHOOL,
            Role.ADMINISTRATOR: Reach.SCHOOL,
            Role.SUPPORT: Reach.SCHOOL,
        },
        Right.BREACH_VOID: {Role.DIRECTOR: Reach.SCHOOL},
        Right.ROSTER_IMPORT: {Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.YEAR_VIEW: _STAFF_OF_SCHOOL,
        Right.YEAR_SET: _ADMINISTRATION | {Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.YEAR_CLOSE_PROPOSE: {Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.YEAR_CLOSE: _ADMINISTRATION,
        Right.GROUP_WRITE: _LEADING | _ADMINISTRATION,
        Right.LOAD_SET: _ADMINISTRATION,
        Right.TIMETABLE_SET: _ADMINISTRATION | {Role.ADMINISTRATOR: Reach.SCHOOL},
        Right.CONTROL_WORK_PLAN: _TEACHING | _ADMINISTRATION,
        Right.FIGURES_VIEW: _ADMINISTRATION
        | {Role.MUNICIPAL_OFFICER: Reach.AUTHORITY, Role.REGIONAL_OFFICER: Reach.AUTHORITY},
    }
)
"""A role that a right does not name may not do it."""
