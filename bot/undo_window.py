"""How long an act may be taken back without anybody hearing of it, in words. Pure."""

from datetime import datetime, timedelta

from bot.wording import bell
from core.schools import SchoolCard
from texts.reader import Texts


def silent_until(texts: Texts, school: SchoolCard, at: datetime, told: str = "teacher-told-at-once") -> str:
    """Say until when families hear nothing of what was done at ``at``; they may have chosen to hear later still.

    ``told`` names what is said where there is no such time.
    """
    window = timedelta(seconds=school.settings.undo_window_seconds)
    if not window:
        return texts.format(told)
    return texts.format("teacher-silent-until", clock=bell(at + window, school.zone))
