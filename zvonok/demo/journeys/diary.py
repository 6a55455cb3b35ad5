"""A parent opens the diary and leafs back."""

from zvonok.demo.acting import ask, say, show, tap
from zvonok.demo.parts import Parts
from zvonok.demo.stage import Stage


async def open_the_diary(stage: Stage, parts: Parts) -> None:
    """Open this week, see the mark, and leaf one week back."""
    say("\nРодитель открывает дневник и листает на неделю назад.")
    parent = parts.of(parts.corrected)[0]
    phone = stage.emulator.person(parent.messenger)
    week = await ask(phone, "/diary", wanted="‹")
    show("Дневник", week.text)
    await tap(phone, week, "‹", then="›")
