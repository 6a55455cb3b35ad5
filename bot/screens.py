"""What a person sees: a text with buttons under it."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, WebAppInfo

type Rows = tuple[tuple["Button", ...], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button; the payload is opaque to the messenger, at most 64 bytes."""

    label: str
    payload: str = ""
    app: str | None = None
    """The Mini App that it opens instead of being told to the bot."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: plain text, no markup, so that no name can break it."""

    text: str
    rows: Rows = ()


def in_pairs(buttons: tuple[Button, ...]) -> Rows:
    """Lay buttons out two in a row."""
    return in_rows(buttons, 2)


def in_rows(buttons: tuple[Button, ...], width: int) -> Rows:
    """Lay buttons out so many in a row."""
    return tuple(buttons[place : place + width] for place in range(0, len(buttons), width))


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the rows as Telegram takes them; None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(inline_keyboard=[[_pressable(button) for button in row] for row in rows])


def _pressable(button: Button) -> InlineKeyboardButton:
    if button.app is not None:
        return InlineKeyboardButton(text=button.label, web_app=WebAppInfo(url=button.app))
    return InlineKeyboardButton(text=button.label, callback_data=button.payload)
