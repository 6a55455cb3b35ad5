"""People of the sandbox: what a person can do in a messenger, from a test, a demo or a page."""

from collections.abc import Callable

from zvonok.sandbox.chats import Chat, ChatMessage, Content, Press, PressAnswer
from zvonok.sandbox.happenings import first
from zvonok.sandbox.text_entities import MAX_TEXT, formatted
from zvonok.sandbox.world import World


class PersonError(Exception):
    """A person cannot do that (no such button, no chat, the bot is blocked); the text says why, in Russian."""


class Person:
    """One person with a messenger. ``bot_id`` may be left out while the sandbox has one bot."""

    def __init__(self, world: World, user_id: int) -> None:
        self._world = world
        self.user_id = user_id

    @property
    def chat(self) -> Chat:
        """The chat with the only bot; empty if it was never opened."""
        return self.chat_with()

    def chat_with(self, bot_id: int | None = None) -> Chat:
        """Return the chat with a bot; empty if it was never opened."""
        bot = self._bot(bot_id)
        return self._world.chat(bot, self.user_id) or Chat(bot, self._world.people[self.user_id])

    async def start(self, payload: str = "", *, bot_id: int | None = None) -> ChatMessage:
        """Press Start, perhaps by a link with a payload (``t.me/<bot>?start=<payload>``)."""
        return await self.send(f"/start {payload}".strip(), bot_id=bot_id)

    async def send(self, text: str, *, bot_id: int | None = None) -> ChatMessage:
        """Write to the bot; the first message opens the chat. ``PersonError`` if the bot is blocked."""
        bot = self._bot(bot_id)
        if self.chat_with(bot).blocked:
            raise PersonError("Бот заблокирован: сначала разблокируйте его.")
        shown = formatted(text, "", (), MAX_TEXT, "message is too long")
        if not shown.text:
            raise PersonError("Пустое сообщение отправить нельзя.")
        content = Content(shown.text, shown.entities, None, self._world.chronicle.clock())
        return self._world.say(bot, self.user_id, content)

    async def press(
        self, button: str, *, message_id: int | None = None, bot_id: int | None = None, within: float | None = None
    ) -> PressAnswer | None:
        """Press a button by its label or payload, under the newest message that has it or under the one named.

        With ``within`` it waits at most that many seconds for the bot's answer (``TimeoutError``), else returns None at
        once.
        ``PersonError`` if there is no such button.
        """
        message, payload = self._find_button(self._bot(bot_id), button, message_id)
        return await self._press(message, payload, within)

    async def forge_press(
        self, payload: str, *, message_id: int, bot_id: int | None = None, within: float | None = None
    ) -> PressAnswer | None:
        """Press a button that the message has not (an old keyboard still on the screen, a tampered client)."""
        message = self.chat_with(bot_id).all_messages.get(message_id)
        if message is None:
            raise PersonError(f"В чате нет сообщения {message_id}.")
        return await self._press(message, payload, within)

    async def _press(self, message: ChatMessage, payload: str, within: float | None) -> PressAnswer | None:
        with self._world.chronicle.happenings.watch() as watcher:
            press = self._world.press(message, payload)
            return None if within is None else await first(watcher, lambda: self._answer(press), within)

    def _answer(self, press: Press) -> PressAnswer | None:
        answers = self._world.presses[press.query_id].answers
        return answers[0] if answers else None

    def open_app(self, button: str, *, bot_id: int | None = None) -> str:
        """Press a button of a Mini App; return the address that opens, with what the messenger has signed behind it.

        ``PersonError`` if there is no such button, or its Mini App is none of this messenger's.
        """
        for message in reversed(self.chat_with(bot_id).messages):
            for found in (one for row in message.buttons for one in row if one.label == button and one.app is not None):
                try:
                    return self._world.launched(message, found)
                except LookupError:
                    raise PersonError(f"Мини-приложения кнопки «{button}» мессенджер не знает.") from None
        raise PersonError(f"Кнопки мини-приложения «{button}» в чате нет.")

    async def block(self, bot_id: int | None = None) -> None:
        """Stop the bot: it may write no more, and is told so. ``PersonError`` if the chat was never opened."""
        self._set_blocked(bot_id, blocked=True)

    async def unblock(self, bot_id: int | None = None) -> None:
        """Let the bot write again."""
        self._set_blocked(bot_id, blocked=False)

    async def wait_for(
        self, looks: Callable[[ChatMessage], bool], *, after: int = 0, bot_id: int | None = None, within: float = 5.0
    ) -> ChatMessage:
        """Wait until the person sees a message of the bot that looks so, with an id above ``after``; the newest such.

        ``TimeoutError`` after ``within`` seconds.
        """

        def seen() -> ChatMessage | None:
            newest_first = reversed(self.chat_with(bot_id).messages)
            fitting = (one for one in newest_first if one.from_bot and one.message_id > after and looks(one))
            return next(fitting, None)

        with self._world.chronicle.happenings.watch() as watcher:
            return await first(watcher, seen, within)

    def _set_blocked(self, bot_id: int | None, *, blocked: bool) -> None:
        bot = self._bot(bot_id)
        if self._world.chat(bot, self.user_id) is None:
            raise PersonError("Чат с ботом ещё не открыт: блокировать нечего.")
        self._world.block(bot, self.user_id, blocked=blocked)

    def _find_button(self, bot_id: int, button: str, message_id: int | None) -> tuple[ChatMessage, str]:
        for message in reversed(self.chat_with(bot_id).messages):
            if message_id not in (None, message.message_id):
                continue
            for found in (one for row in message.buttons for one in row):
                if button in (found.label, found.data):
                    if found.data is None:
                        raise PersonError(f"Кнопка «{found.label}» открывает ссылку, боту о ней не сообщается.")
                    return message, found.data
        raise PersonError(f"Кнопки «{button}» в чате нет.")

    def _bot(self, bot_id: int | None) -> int:
        if bot_id is not None and bot_id not in self._world.accounts:
            raise PersonError(f"Бота {bot_id} в песочнице нет.")
        if bot_id is None and len(self._world.accounts) != 1:
            raise PersonError("В песочнице не один бот: назовите нужный.")
        return bot_id if bot_id is not None else next(iter(self._world.accounts))
