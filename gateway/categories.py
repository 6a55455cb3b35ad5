"""Categories of what families are told: the unit that a parent subscribes to. Pure."""

from enum import StrEnum
from typing import assert_never

from core.events import RemarkKind
from gateway.content import (
    AbsenceContent,
    Content,
    HomeworkContent,
    MarkContent,
    NoticeContent,
    PasswordLinkContent,
    RemarkContent,
)
from gateway.planned_content import ControlWorkContent, SchoolEventContent, TimetableContent


class Category(StrEnum):
    """What a parent may choose to be told of, in the order in which it is shown to him (NOTIF-08)."""

    ABSENCE = "absence"
    NOTICE = "notice"
    REMARK = "remark"
    BAD_MARK = "bad_mark"
    MARK = "mark"
    PRAISE = "praise"
    HOMEWORK = "homework"


URGENT = frozenset({Category.ABSENCE})
"""These pass quiet hours."""


def category_of(content: Content) -> Category | None:
    """Return the category of a content; None for what nobody subscribes to.

    Nobody does to what he has asked for himself, nor to what is not told yet. A mark that was taken back is told to
    whoever is told of the worst ones.
    """
    match content:
        case AbsenceContent():
            return Category.ABSENCE
        case MarkContent(value=value, bad=bad):
            return Category.BAD_MARK if bad or value is None else Category.MARK
        case RemarkContent(remark=kind):
            return Category.PRAISE if kind is RemarkKind.PRAISE else Category.REMARK
        case HomeworkContent():
            return Category.HOMEWORK
        case NoticeContent():
            return Category.NOTICE
        case PasswordLinkContent() | TimetableContent() | ControlWorkContent() | SchoolEventContent():
            return None
        case _ as never:
            assert_never(never)
