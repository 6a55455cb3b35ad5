"""How long an act may be taken back without anybody hearing of it, in words. Pure."""

from datetime import datetime, timedelta

from bot.wording import bell
from core.school.schools import SchoolCard
from texts.reader import Texts


def silent_until(
    texts: Texts, school: SchoolCard, at: datetime, button: str, told: str = "teacher-told-at-once"
) -> str:
    """Say until when nothing is sent of what was done at ``at``; families may have chosen to hear later still.

    ``button`` names the text of the button that takes it back; ``told`` is what is said where there is no such time.
    """
    window = timedelta(seconds=school.settings.undo_window_seconds)
    if not window:
        return texts.format(told, button=texts.format(button))
    return texts.format("teacher-silent-until", clock=bell(at + window, school.zone), button=texts.format(button))
