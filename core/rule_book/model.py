"""What rules there are: a setting for every row of DL and CONF, with its default and where that comes from.

What a school decides itself instead of what its profile says is kept with it; the code never holds a deadline of its
own. ``docs/reference/school-rules.md`` is made from this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from core.rule_book.values import (
    AbsenceClass,
    AbsenceCode,
    AbsenceCodes,
    AbsenceTold,
    Accounting,
    AddressPlace,
    Averages,
    BreachClock,
    ChangesTold,
    Export,
    FinalsClose,
    FinalsOpen,
    GradeSpan,
    HomeworkWay,
    LoginMethod,
    LoginMethods,
    NoConsent,
    NoMark,
    Period,
    RuleText,
    SuccessOf,
    Weekday,
    YearDay,
)


class Group(StrEnum):
    """Parts in which rules are shown."""

    ATTENDANCE = "attendance"
    MARKS = "marks"
    LESSONS = "lessons"
    FINALS = "finals"
    YEAR = "year"
    FORMS = "forms"
    FAMILIES = "families"
    ARCHIVE = "archive"
    ACCESS = "access"
    MONITORING = "monitoring"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a rule comes from."""

    group: Group
    rows: tuple[str, ...]
    """Rows of the tables of deadlines (DL) and of contradictions (CONF), or a requirement that asks for a choice."""
    source: str
    """Clauses of the documents: 000…004 as in the catalogue of requirements."""


CODES_A2 = (
    AbsenceCode(code="н", kind=AbsenceClass.UNEXCUSED, missed=True, told=True, meaning="без уважительной причины"),
    AbsenceCode(code="б", kind=AbsenceClass.ILLNESS, missed=True, told=False, meaning="болезнь"),
    AbsenceCode(code="ну", kind=AbsenceClass.EXCUSED, missed=True, told=False, meaning="уважительная причина"),
)
ALL_WAYS = (LoginMethod.PASSWORD, LoginMethod.PROVIDER)
KEPT_ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "CONF-25": "who enters data is a matter of rights, which a school gives to its roles one by one",
        "DL-28": "the hour of the daily letter is the setting `digest_hour`, which travels with the school's events",
    }
)
"""Rows answered, wholly or in part, outside these rules."""


class SchoolRules(BaseModel):
    """Rules of one school; the defaults are those of the tables DL and CONF."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    # --- Attendance ---
    absence_minutes: Annotated[int, Field(ge=1, le=240), Rule(Group.ATTENDANCE, ("DL-01",), "001 R3 2.9, A2.ST 7")] = 20
    """Minutes from the beginning of a lesson within which the absent are marked."""
    roll_bell_reminder: Annotated[bool, Rule(Group.ATTENDANCE, ("DL-01",), "001 R3 2.9")] = False
    """Whether a teacher is reminded of the roll at the beginning of each lesson, without a sound."""
    roll_reminder_minutes: Annotated[
        int | None, Field(ge=1, le=240), Rule(Group.ATTENDANCE, ("DL-01",), "001 R3 2.9")
    ] = 15
    """Minutes from the beginning of a lesson after which a teacher whose roll is empty is reminded."""
    roll_reminders_a_day: Annotated[int, Field(ge=0, le=20), Rule(Group.ATTENDANCE, ("DL-01",), "001 R3 2.9")] = 4
    """How many reminders of rolls come to one person in a day at most; what came already is changed beyond that."""
    absence_recheck: Annotated[bool, Rule(Group.ATTENDANCE, ("DL-02",), "002 17.5")] = True
    """Whether the class teacher looks through the absent again before the day ends."""
    absence_codes: Annotated[
        AbsenceCodes, Rule(Group.ATTENDANCE, ("CONF-01",), "001 R3 2.9, A2.ST 7, R1 L100; 002 17.5")
    ] = CODES_A2
    """Codes of absence: code, what it comes to, whether the lesson counts as missed, whether the family is told."""
    class_teacher_sets_absence: Annotated[bool, Rule(Group.ATTENDANCE, ("CONF-02",), "001 R3 2.4; 002 17.5")] = False
    """Whether the class teacher may enter absences and their causes."""
    absence_told: Annotated[AbsenceTold, Rule(Group.ATTENDANCE, ("CONF-20",), "001 A4, ORD 2–3")] = (
        AbsenceTold.AUTOMATIC
    )
    """Who tells the family of an absence: the journal at once, or the teacher, and the journal in the evening letter.

    Whoever chose himself is told as he chose."""
    morning_at: Annotated[time | None, Rule(Group.ATTENDANCE, ("ATT-15",), "001 A2.HD 14")] = time(9, 30)
    """When the administration is told of the school's morning: who is there, and what nobody has said yet."""
    missed_lessons_summed: Annotated[Period, Rule(Group.ATTENDANCE, ("DL-23",), "001 R1 L112")] = Period.MONTH
    """How often missed days and lessons are summed up."""

    # --- Marks ---
    lesson_marks_by: Annotated[time, Rule(Group.MARKS, ("DL-03", "CONF-03"), "001 R3 2.5; 002 17.4")] = time(21, 0)
    """Until when marks of a lesson are set on its day."""
    control_work_days: Annotated[
        int | None, Field(ge=1, le=60), Rule(Group.MARKS, ("DL-04", "CONF-03"), "001 R3 2.11")
    ] = 3
    """Days within which a control work of internal monitoring is marked."""
    written_work_days: Annotated[
        int | None, Field(ge=1, le=60), Rule(Group.MARKS, ("DL-05", "CONF-03"), "001 R3 2.12")
    ] = 7
    """Days within which a written work is marked, essays of grades 10–11 included."""
    next_lesson_grades: Annotated[GradeSpan | None, Rule(Group.MARKS, ("DL-06", "CONF-03"), "002 17.4")] = None
    """Grades in which a work is marked by the next lesson."""
    senior_work_days: Annotated[int | None, Field(ge=1, le=60), Rule(Group.MARKS, ("DL-07", "CONF-03"), "002 17.4")] = (
        None
    )
    """Days within which a work of grades 5–11 is marked."""
    creative_work_days: Annotated[
        int | None, Field(ge=1, le=60), Rule(Group.MARKS, ("DL-08", "CONF-03"), "002 17.4")
    ] = None
    """Days within which a written creative work of grades 5–11 is marked."""
    instead_of_mark: Annotated[tuple[NoMark, ...], Rule(Group.MARKS, ("CONF-10",), "001 R3 2.8, A2.ST 5; 000 L6")] = (
        tuple(NoMark)
    )
    """What may stand in a final mark's place."""

    # --- Lessons ---
    topic_by: Annotated[time, Rule(Group.LESSONS, ("DL-09", "CONF-04"), "002 17.4; 001 R3 2.6")] = time(21, 0)
    """Until when the topic of a lesson is entered on its day."""
    homework_minutes: Annotated[
        int | None, Field(ge=0, le=600), Rule(Group.LESSONS, ("DL-10", "CONF-04"), "001 R3 2.7; 000 L5")
    ] = 90
    """Minutes after the class's last lesson of the day within which homework is entered."""
    homework_by: Annotated[time | None, Rule(Group.LESSONS, ("DL-10", "CONF-04"), "002 17.4")] = None
    """Until when homework is entered on the day of the lesson; of two limits the earlier one holds."""
    homework_after_today: Annotated[bool, Rule(Group.LESSONS, ("DL-11",), "002 17.4")] = True
    """Whether homework must be due at a lesson after today."""
    nothing_set_from_grade: Annotated[
        int | None, Field(ge=1, le=11), Rule(Group.LESSONS, ("CONF-13",), "001 R3 2.7; 003 L224; 000 L7")
    ] = 2
    """The grade from which «не задано» has to be said where nothing is set."""
    homework_way: Annotated[HomeworkWay, Rule(Group.LESSONS, ("CONF-14",), "002 17.4; 000 L5; 003 L222")] = (
        HomeworkWay.GIVEN_AT
    )
    """To which lesson homework is written."""
    substitution_at_once: Annotated[bool, Rule(Group.LESSONS, ("DL-30",), "001 R3 2.10")] = True
    """Whether a substitution is recorded by the same act as what was entered at the lesson."""

    # --- Final marks, changes afterwards ---
    finals_open: Annotated[FinalsOpen, Rule(Group.FINALS, ("DL-13", "CONF-09"), "001 R3 2.13, R1 L102; 002 17.4")] = (
        FinalsOpen.LAST_WEEK
    )
    """From when final marks of a period may be set."""
    finals_close: Annotated[FinalsClose, Rule(Group.FINALS, ("DL-13", "CONF-09"), "001 R3 2.13; 002 17.4")] = (
        FinalsClose.NEXT_WORKING_DAY
    )
    """Until when final marks of a period are set."""
    results_shown_hours: Annotated[int, Field(ge=1, le=240), Rule(Group.FINALS, ("DL-14",), "001 R4 6")] = 24
    """Hours within which results of exams and final marks are shown to pupil and parents."""
    lock_after_finals: Annotated[bool, Rule(Group.FINALS, ("DL-12", "CONF-05"), "001 A2.ST")] = True
    """Whether a period may not be edited once its final marks are set."""
    lock_after_days: Annotated[
        int | None, Field(ge=1, le=365), Rule(Group.FINALS, ("DL-12", "CONF-05"), "002 17.4")
    ] = 7
    """Days from the lesson after which marks and attendance may be changed with the administration's leave only."""
    late_first_mark: Annotated[bool, Rule(Group.FINALS, ("CONF-05",), "002 17.4; 001 R3 2.12")] = True
    """Whether the first entry of a mark for a written work, still in its time, passes that lock."""

    # --- The school year ---
    sections_by: Annotated[YearDay, Rule(Group.YEAR, ("DL-15",), "001 R3 2.2, A2.HD 10")] = "05.09"
    """Until when the yearly sections are formed."""
    timetable_by: Annotated[YearDay, Rule(Group.YEAR, ("DL-16",), "002 17.3")] = "05.09"
    """Until when the administrator gets the timetable."""
    teaching_load_by: Annotated[YearDay, Rule(Group.YEAR, ("DL-17",), "002 17.3")] = "31.08"
    """Until when the administrator gets the teaching load."""
    tariff_list_on: Annotated[YearDay, Rule(Group.YEAR, ("DL-18",), "002 17.3")] = "01.09"
    """As of which day the tariff list is made."""
    verification_by: Annotated[YearDay, Rule(Group.YEAR, ("DL-19",), "002 17.5")] = "15.09"
    """Until when data of pupils and parents are verified, personal cards and the class card filled."""
    data_check_every: Annotated[Period, Rule(Group.YEAR, ("DL-20",), "002 17.5")] = Period.MONTH
    """How often the class teacher looks for changed data."""

    # --- Forms of education other than with the class ---
    accounting_family: Annotated[Accounting, Rule(Group.FORMS, ("YEAR-29",), "001 A1 L576–578")] = (
        Accounting.ASSESSMENT_ONLY
    )
    """Where achievement in family education is recorded."""
    accounting_self: Annotated[Accounting, Rule(Group.FORMS, ("YEAR-29",), "001 A1 L576–578")] = (
        Accounting.ASSESSMENT_ONLY
    )
    """Where achievement in self-education is recorded."""
    accounting_external: Annotated[Accounting, Rule(Group.FORMS, ("YEAR-29",), "001 A1 L576–578")] = (
        Accounting.ASSESSMENT_ONLY
    )
    """Where achievement of external study is recorded."""
    accounting_free: Annotated[Accounting, Rule(Group.FORMS, ("YEAR-29",), "001 A1 L576–578")] = (
        Accounting.CLASS_JOURNAL
    )
    """Where achievement is recorded under free attendance."""
    accounting_home: Annotated[Accounting, Rule(Group.FORMS, ("YEAR-30",), "001 R1 L112")] = Accounting.SEPARATE_SHEET
    """Where achievement of whoever is taught at home is recorded."""
    accounting_hospital: Annotated[Accounting, Rule(Group.FORMS, ("YEAR-30",), "001 R1 L112")] = Accounting.CERTIFICATE
    """Where achievement of whoever is taught in a hospital or sanatorium is recorded."""

    # --- Families ---
    achievement_notices_every: Annotated[Period, Rule(Group.FAMILIES, ("DL-21", "CONF-22"), "002 17.5")] = Period.MONTH
    """How often, at least, families are told of achievement electronically."""
    paper_notices_every: Annotated[Period, Rule(Group.FAMILIES, ("DL-22", "CONF-22"), "002 17.5; 001 R3 1.6")] = (
        Period.WEEK
    )
    """How often, at least, families without access get a print-out."""
    weekly_letter_on: Annotated[Weekday, Rule(Group.FAMILIES, ("DL-28", "CONF-12"), "001 A3 5")] = Weekday.SATURDAY
    """On which day weekly letters leave, unless their reader chose another."""
    changes_told: Annotated[ChangesTold, Rule(Group.FAMILIES, ("DL-29",), "001 A2.HD 10")] = ChangesTold.AT_ONCE
    """When substitutions and moved lessons are told to whoever chose nothing; a day without school always at once."""
    address_given_in: Annotated[AddressPlace, Rule(Group.FAMILIES, ("CONF-19",), "001 A3 2–3")] = AddressPlace.PROFILE
    """Where a parent states his mailbox."""
    reply_days: Annotated[int | None, Field(ge=1, le=30), Rule(Group.FAMILIES, ("DL-36",), "002 17.4; 003 L106")] = None
    """Days within which personal messages and requests are answered."""
    journal_told_at: Annotated[RuleText, Rule(Group.FAMILIES, ("DL-33",), "004 18")] = "первое собрание года"
    """When parents and pupils are told of the journal."""

    # --- Archive ---
    print_by: Annotated[YearDay, Rule(Group.ARCHIVE, ("DL-24",), "001 R3 3.4")] = "30.06"
    """Until when journal and summary sheets of the year are printed and certified."""
    sheet_to_archive: Annotated[bool, Rule(Group.ARCHIVE, ("DL-25", "CONF-08"), "001 R3 2.16, 3.2, A2.HD 16")] = True
    """Whether the year is not closed before its summary sheet is in the archive."""
    journal_years: Annotated[int, Field(ge=5, le=100), Rule(Group.ARCHIVE, ("DL-26", "CONF-07"), "001 R3 3.4.1")] = 5
    """Years for which journals are kept."""
    sheet_years: Annotated[
        int, Field(ge=25, le=100), Rule(Group.ARCHIVE, ("DL-26", "CONF-07"), "001 R3 3.4.2; 002 19")
    ] = 25
    """Years for which summary sheets are kept."""

    # --- Access ---
    breach_staff_hours: Annotated[
        int, Field(ge=1, le=72), Rule(Group.ACCESS, ("DL-27", "CONF-06"), "001 R3 4.3, A2")
    ] = 1
    """Hours within which an employee or a pupil reports that his account is no longer his own."""
    breach_parent_days: Annotated[int, Field(ge=1, le=10), Rule(Group.ACCESS, ("DL-27", "CONF-06"), "001 A1 L633")] = 1
    """Working days within which a parent does."""
    breach_counted_from: Annotated[BreachClock, Rule(Group.ACCESS, ("CONF-06",), "001 R3 4.3, A1 L727")] = (
        BreachClock.FOUND
    )
    """From what moment that time runs."""
    login_staff: Annotated[LoginMethods, Rule(Group.ACCESS, ("CONF-11",), "001 R3 4.2; 002 5; 004 9–10")] = ALL_WAYS
    """How employees may log in; a provider counts only where one is set up."""
    login_pupils: Annotated[LoginMethods, Rule(Group.ACCESS, ("CONF-11",), "001 R3 4.2; 003 L96; 004 9–11")] = ALL_WAYS
    """How pupils may."""
    login_parents: Annotated[LoginMethods, Rule(Group.ACCESS, ("CONF-11",), "001 R3 4.2; 003 L98; 004 9–11")] = ALL_WAYS
    """How parents may."""
    no_consent: Annotated[NoConsent, Rule(Group.ACCESS, ("CONF-21",), "002 5; 001 R4 1–2")] = NoConsent.PAPER
    """What a family without a consent gets in place of account and messages."""

    # --- Monitoring ---
    optimal_percent: Annotated[int, Field(ge=1, le=100), Rule(Group.MONITORING, ("CONF-15",), "003 L234–235")] = 98
    """Per cent from which all three rates are optimal."""
    low_percent: Annotated[int, Field(ge=0, le=100), Rule(Group.MONITORING, ("CONF-15",), "003 L285–297")] = 90
    """Per cent below which any rate is low."""
    success_of: Annotated[SuccessOf, Rule(Group.MONITORING, ("CONF-16",), "001 A1 L682–685")] = SuccessOf.SUBJECT
    """Of what the success rate of a class is the share."""
    quality_from: Annotated[
        int, Field(ge=3, le=5), Rule(Group.MONITORING, ("CONF-17",), "004 13.1 (no formula there)")
    ] = 4
    """The lowest mark that counts for the quality rate."""
    ungraded_succeed: Annotated[bool, Rule(Group.MONITORING, ("CONF-18",), "000 L7; 001 A1 L682")] = True
    """Whether pupils taught without marks count as successful."""
    averages: Annotated[Averages, Rule(Group.MONITORING, ("CONF-23",), "003 tables")] = Averages.BOTH
    """Which averages of a group of schools are shown; each names its method."""
    monitoring_export: Annotated[Export, Rule(Group.MONITORING, ("DL-35",), "003 L70")] = Export.ON_REQUEST
    """When the monitoring report of the school year is made."""

    # --- Organisation: what the program reminds of, and does not check ---
    transition_reports_every: Annotated[Period, Rule(Group.ORGANISATION, ("DL-31",), "001 R2.1 L269–271")] = (
        Period.QUARTER
    )
    """How often the passing from paper to the journal is reported."""
    duties_warned_months: Annotated[int, Field(ge=1, le=12), Rule(Group.ORGANISATION, ("DL-32",), "001 R5 L550")] = 2
    """Months before which employees are warned in writing of changed duties."""
    support_hours: Annotated[RuleText, Rule(Group.ORGANISATION, ("DL-34",), "001 A2.HD 24")] = "рабочие часы"
    """When users get technical support."""
    platform_address: Annotated[RuleText | None, Rule(Group.ORGANISATION, ("CONF-24",), "001 R1, R3 1.6")] = None
    """Address of the region's platform, for texts."""

    @model_validator(mode="after")
    def _low_is_below_optimal(self) -> Self:
        if self.low_percent > self.optimal_percent:
            raise PydanticCustomError("rule-low-above-optimal", "low is above optimal")
        return self


def rule_of(name: str) -> Rule:
    """Return where the rule of this name comes from. Raises ``LookupError`` for a field without it."""
    found = [one for one in SchoolRules.model_fields[name].metadata if isinstance(one, Rule)]
    if len(found) != 1:
        raise LookupError(name)
    return found[0]
