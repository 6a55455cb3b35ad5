"""The bot as a whole: polling, inbox, worker, handlers. Everything comes as parameters; no setting is read here."""

import asyncio
from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BotCommand, Update
from aiogram.types.update import UpdateTypeLookupError
from pydantic import ValidationError

from bot import drafts, max_messages
from bot.classroom import Classroom
from bot.desk import Desk
from bot.diary import Diary
from bot.farewells import EVERY_SECONDS, Farewells
from bot.hook_keeping import keep
from bot.hooks import Doors
from bot.inbox import Inbox, StoredUpdate, addressee_of
from bot.line import BotSettings, Line, make_line
from bot.linking import Linking
from bot.menu import Menu
from bot.middleware import Turns
from bot.notice_answers import NoticeAnswers
from bot.parent import Parent
from bot.polling import Pause, PollingTools, poll
from bot.retry import UndecodableUpdateError, failure_code
from bot.site_entry import SiteEntry
from bot.stray import Stray
from bot.subscriptions import Subscriptions
from bot.teacher import Teacher
from bot.worker import Worker, WorkerTools

COMMANDS = ("start", "diary", "notices", "subscriptions", "me", "help", "why")
SITE = "site"
"""A command of schools that have pages."""
HOUSEKEEPING_SECONDS = 3600.0


class BotApp:
    """One bot in conversation. ``run`` until cancelled; a second ``run`` after that goes on where it stopped."""

    def __init__(
        self, settings: BotSettings, desk: Desk, *, pause: Pause = asyncio.sleep, doors: Doors | None = None
    ) -> None:
        """``doors`` take what the messenger sends, if the settings name a hook. Raises ``ValueError`` without them."""
        if settings.hook is not None and doors is None:
            raise ValueError("a hook needs doors")
        self._doors = doors
        self._settings = settings
        self._desk = desk
        self._pause = pause
        self._inbox = Inbox(desk.bot, settings.credential)

    async def run(self) -> None:
        """Converse for as long as the process lives. Raises ``TokenValidationError`` for what is no token at all."""
        settings = self._settings
        line = make_line(settings, self._desk, self._inbox, self._pause)
        bot, log = line.bot, self._desk.log
        handlers = _Handlers(bot, make_dispatcher(bot, self._desk, settings), self._desk)
        tools = WorkerTools(
            self._inbox, self._desk.machine_clock, handlers.handle, handlers.apologise, log, settings.slots
        )
        worker = Worker(tools)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(worker.run())
                group.create_task(self._listen(line, worker))
                group.create_task(self._set_commands(bot))
                group.create_task(self._keep_house())
                group.create_task(self._say_farewells(Farewells(bot, self._desk, settings.messenger)))
        finally:
            await bot.session.close()

    async def _listen(self, line: Line, worker: Worker) -> None:
        """Take what is sent, or fetch it; for as long as the process lives."""
        settings, log = self._settings, self._desk.log
        if settings.hook is None or self._doors is None:
            await poll(PollingTools(line.updates, self._pause, worker.wake, log), seconds=settings.poll_seconds)
            return
        with self._doors.opened(settings.hook, line.updates, worker.wake):
            await keep(line.keeper, settings.hook, settings.hook_url, self._pause, log)

    async def _set_commands(self, bot: Bot) -> None:
        texts = self._desk.texts
        names = (*COMMANDS, *((SITE,) if self._desk.site else ()))
        commands = [BotCommand(command=name, description=texts.format(f"bot-command-{name}")) for name in names]
        try:
            await bot.set_my_commands(commands)
        except Exception as failure:  # noqa: BLE001 - a missing menu must not keep the bot from working
            self._desk.log.warning("bot.commands-not-set", failure=failure_code(failure))

    async def _say_farewells(self, farewells: Farewells) -> None:
        """Tell chats that their owner has left them, if whoever was about to tell them died or met with trouble."""
        while True:
            try:
                await farewells.say_due()
            except Exception as failure:  # noqa: BLE001 - a minute later it is tried again
                self._desk.log.warning("bot.no-farewells", failure=failure_code(failure))
            await self._pause(EVERY_SECONDS)

    async def _keep_house(self) -> None:
        """Forget handled updates, old drafts and messages, every hour."""
        while True:
            now = self._desk.machine_clock.now()
            try:
                await self._inbox.forget(now)
                async with self._desk.bot.begin() as session:
                    await drafts.forget(session, now)
                await max_messages.forget(self._desk.bot, now)
            except Exception as failure:  # noqa: BLE001 - an hour later it is tried again
                self._desk.log.warning("bot.nothing-forgotten", failure=failure_code(failure))
            await self._pause(HOUSEKEEPING_SECONDS)


def make_dispatcher(bot: Bot, desk: Desk, settings: BotSettings) -> Dispatcher:
    """Put the routers together, in the order in which they are asked."""
    stray, teacher, subscriptions = Stray(desk), Teacher(desk), Subscriptions(desk)
    menu = Menu(desk, teacher, subscriptions)
    classroom = Classroom(desk)
    dispatcher = Dispatcher(disable_fsm=True)
    dispatcher.update.outer_middleware(Turns(bot, desk, settings.credential, settings.messenger))
    dispatcher.include_routers(
        classroom.typed(),
        stray.gate(),
        Linking(desk, menu, subscriptions, Farewells(bot, desk, settings.messenger)).router(),
        teacher.router(),
        classroom.router(),
        SiteEntry(desk).router(),
        Parent(desk, Diary(desk), NoticeAnswers(desk), subscriptions).router(),
        menu.router(),
        stray.leftover(),
    )
    return dispatcher


@dataclass(frozen=True, slots=True)
class _Handlers:
    """What the worker does with an update."""

    bot: Bot
    dispatcher: Dispatcher
    desk: Desk

    async def handle(self, stored: StoredUpdate) -> None:
        """Feed one update to the routers."""
        await self.dispatcher.feed_update(self.bot, self._decoded(stored))

    def _decoded(self, stored: StoredUpdate) -> Update:
        try:
            update = Update.model_validate(stored.update(), context={"bot": self.bot})
            # Asking for the kind now: aiogram would print a whole update of unknown kind into a warning.
            _ = update.event_type
        except (ValidationError, UpdateTypeLookupError) as error:
            raise UndecodableUpdateError from error
        return update

    async def apologise(self, stored: StoredUpdate) -> None:
        """Tell the person that his last act came to nothing; a spinner that still turns is stopped."""
        addressee = addressee_of(stored.update())
        if addressee.query is not None:
            try:
                await self.bot.answer_callback_query(addressee.query)
            except TelegramBadRequest:
                self.desk.log.debug("bot.press-too-old", update=stored.update_key)
        if addressee.chat is not None and addressee.is_private:
            await self.bot.send_message(addressee.chat, self.desk.texts.format("bot-apology"))
