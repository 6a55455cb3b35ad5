"""Names of subjects: what an event is about, the same name for ever, since the newest state of a name counts."""

from datetime import date
from uuid import UUID

from core.event_words import Channel


def attendance_subject(pupil: UUID, day: date) -> str:
    """Name the subject "this pupil's attendance on this day"."""
    return f"attendance/{pupil}/{day.isoformat()}"


def mark_subject(mark: UUID) -> str:
    """Name the subject "this mark"."""
    return f"mark/{mark}"


def remark_subject(remark: UUID) -> str:
    """Name the subject "this remark"."""
    return f"remark/{remark}"


def homework_subject(lesson: UUID) -> str:
    """Name the subject "the homework for this lesson"."""
    return f"homework/{lesson}"


def notice_subject(notice: UUID) -> str:
    """Name the subject "this notice"."""
    return f"notice/{notice}"


def timetable_subject(learners: UUID, day: date) -> str:
    """Name the subject "the timetable of this class, group or pupil on this day"."""
    return f"timetable/{learners}/{day.isoformat()}"


def control_work_subject(work: UUID) -> str:
    """Name the subject "this control work"."""
    return f"control-work/{work}"


def school_event_subject(event: UUID) -> str:
    """Name the subject "this event of the school or of its classes"."""
    return f"school-event/{event}"


def password_link_subject(reset: UUID) -> str:
    """Name the subject "this link to a new password"."""
    return f"password-link/{reset}"


def mailbox_link_subject(claim: UUID) -> str:
    """Name the subject "this question to the holder of a mailbox"."""
    return f"mailbox-link/{claim}"


def strange_entry_subject(stay: UUID) -> str:
    """Name the subject "this entering from a browser that was not known"."""
    return f"strange-entry/{stay}"


def guardianship_subject(pupil: UUID, guardian: UUID) -> str:
    """Name the subject "this adult's relation to this pupil"."""
    return f"guardianship/{pupil}/{guardian}"


def address_subject(person: UUID, channel: Channel) -> str:
    """Name the subject "this person's address on this channel"."""
    return f"address/{person}/{channel}"


def merged_subject(gone: UUID) -> str:
    """Name the subject "the record that went"."""
    return f"person/{gone}"


def school_subject(school: UUID) -> str:
    """Name the subject "this school and its settings"."""
    return f"school/{school}"
