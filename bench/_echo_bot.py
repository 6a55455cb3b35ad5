"""A bare bot on aiogram: it shows one button, and redraws its message at every press. A process of its own.

``python -m bench._echo_bot TOKEN BASE_URL``
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

PAYLOAD = "again"
_KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="again", callback_data=PAYLOAD)]])


async def on_message(message: Message) -> None:
    """Echo it, with a button."""
    await message.answer(message.text or "", reply_markup=_KEYBOARD)


async def on_press(press: CallbackQuery) -> None:
    """Redraw the message, and answer the press: the two requests that a tap on a roll takes."""
    if isinstance(press.message, Message):
        await press.message.edit_text(f"press {press.id}", reply_markup=_KEYBOARD)
    await press.answer()


async def main(token: str, base_url: str) -> None:
    """Converse until told to stop."""
    bot = Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base_url)))
    dispatcher = Dispatcher()
    dispatcher.message.register(on_message)
    dispatcher.callback_query.register(on_press)
    await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
