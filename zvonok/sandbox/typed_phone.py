"""A person's messenger in a terminal: what the bot writes is printed, what is typed goes to the bot.

Buttons are numbered within the newest message that has any; a number alone presses one.
"""

from collections.abc import AsyncIterator, Callable

from zvonok.called_as import as_called
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.chats import Button, ChatMessage, Content
from zvonok.sandbox.people import Person, PersonError

BUTTON_DIGITS = 2
"""A longer number is no button's: it is sent, as any other words."""
PRESS_SECONDS = 20.0
"""Given to the bot to answer a press."""


class TypedPhone:
    """One person's chat with the only bot of the sandbox. ``say`` prints a line."""

    def __init__(self, emulator: BotApiEmulator, user_id: int, name: str, say: Callable[[str], None]) -> None:
        self._emulator = emulator
        self._person: Person = emulator.person(user_id, name)
        self._say = say
        self._shown: dict[int, Content] = {one.message_id: one.content for one in self._person.chat.messages}

    async def show(self) -> None:
        """Print what the bot writes and rewrites, until cancelled."""
        with self._emulator.happenings.watch() as watcher:
            self._show_news()
            async for _ in watcher:
                self._show_news()

    async def obey(self, typed: AsyncIterator[str]) -> None:
        """Send or press what is typed, line by line, to the end of the lines."""
        async for line in typed:
            word = line.strip()
            if not word:
                continue
            try:
                await self._do(word)
            except PersonError as error:
                self._say(str(error))
            except TimeoutError:
                self._say(as_called("Бот пока не ответил на нажатие. Запущен ли «Звонок» (zvonok up)?"))

    async def _do(self, word: str) -> None:
        message = self._pressable()
        buttons = [] if message is None else _buttons(message)
        if message is None or not word.isdecimal() or len(word) > BUTTON_DIGITS:
            await self._person.send(word)
            return
        if not 1 <= int(word) <= len(buttons):
            self._say(f"Кнопки с номером {word} нет: последняя — {len(buttons)}. Боту ничего не послано.")
            return
        pressed = buttons[int(word) - 1]
        if pressed.data is None:
            self._say(f"Эта кнопка открывает ссылку: {pressed.url}")
            return
        answer = await self._person.press(pressed.data, message_id=message.message_id, within=PRESS_SECONDS)
        if answer is not None and answer.text:
            self._say(f"  ({answer.text})")

    def _pressable(self) -> ChatMessage | None:
        return next((one for one in reversed(self._person.chat.messages) if one.from_bot and one.buttons), None)

    def _show_news(self) -> None:
        for message in self._person.chat.messages:
            if not message.from_bot or self._shown.get(message.message_id) == message.content:
                continue
            self._shown[message.message_id] = message.content
            self._say("\n".join(["", "Бот:", *(f"  {line}" for line in message.text.splitlines()), *_choice(message)]))


def _buttons(message: ChatMessage) -> list[Button]:
    return [button for row in message.buttons for button in row]


def _choice(message: ChatMessage) -> list[str]:
    return [f"  [{number}] {button.label}" for number, button in enumerate(_buttons(message), 1)]
