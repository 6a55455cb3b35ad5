"""What a teacher does beside the roll call: marks, remarks, homework, weeks; a class teacher's notices."""

from dataclasses import dataclass

from aiogram import Router

from bot.announce import AbsenceBook
from bot.announce_making import AbsenceWriting
from bot.board import NoticeBoard
from bot.class_choice import ClassChoice
from bot.class_day import ClassDayBook
from bot.desk import Desk
from bot.homework import HomeworkBook
from bot.homework_screens import HomeworkWriting
from bot.marks import MarkBook
from bot.notice_making import NoticeWriting
from bot.notices import NoticeBook
from bot.own_data import MailboxWriting, OwnData
from bot.remark_screens import RemarkWriting
from bot.remarks import RemarkBook
from bot.school_now import SchoolNowBook
from bot.substitutions import SubstitutionBook
from bot.teaching_week import TeachingWeek
from bot.typed import Scribe, TurningAway, Typed
from bot.unreached import UnreachedBoard


@dataclass(frozen=True, slots=True)
class Classroom:
    """The books of a teacher."""

    desk: Desk

    def typed(self) -> Router:
        """Return the router of what is typed while something asks for words; to be included before all others."""
        scribes: dict[str, Scribe] = {
            RemarkWriting.KIND: RemarkBook(self.desk),
            HomeworkWriting.KIND: HomeworkBook(self.desk),
            NoticeWriting.KIND: NoticeBook(self.desk),
            AbsenceWriting.KIND: AbsenceBook(self.desk),
            MailboxWriting.KIND: OwnData(self.desk),
        }
        return Typed(self.desk, scribes).router()

    def router(self) -> Router:
        """Return the router of the buttons of all books."""
        router = Router(name="classroom")
        books = (
            MarkBook(self.desk),
            RemarkBook(self.desk),
            HomeworkBook(self.desk),
            NoticeBook(self.desk),
            NoticeBoard(self.desk),
            UnreachedBoard(self.desk),
            ClassChoice(self.desk),
            ClassDayBook(self.desk),
            SchoolNowBook(self.desk),
            SubstitutionBook(self.desk),
            TeachingWeek(self.desk),
        )
        router.callback_query.middleware(TurningAway(self.desk))
        router.include_routers(*(book.router() for book in books))
        return router
