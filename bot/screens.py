"""What a person sees: a text with buttons under it."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

type Rows = tuple[tuple["Button", ...], ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A button; the payload is opaque to the messenger, at most 64 bytes."""

    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Screen:
    """A message: plain text, no markup, so that no name can break it."""

    text: str
    rows: Rows = ()


def in_pairs(buttons: tuple[Button, ...]) -> Rows:
    """Lay buttons out two in a row."""
    return tuple(buttons[place : place + 2] for place in range(0, len(buttons), 2))


def keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    """Return the rows as Telegram takes them; None for none."""
    if not rows:
        return None
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=button.label, callback_data=button.payload) for button in row] for row in rows
        ]
    )
