"""A bad mark and a remark: at once for one parent, in the evening letter for the other, as each of them chose."""

from core.school_time import at_school
from zvonok.demo.acting import ask, say, show, tap, until_seen
from zvonok.demo.parts import TEACHER_ID, Parts
from zvonok.demo.stage import EVENING, Stage
from zvonok.demo.wire import Kind, on_the_wire

REMARK = "Нет тетради или учебника"


async def choose_at_once(stage: Stage, parts: Parts) -> None:
    """Let the parent with a messenger ask for bad marks at once; the other one keeps the recommended letter."""
    say("\nРодитель выбирает: плохие оценки — сразу в мессенджер. Второй оставляет как советуют: вечернее письмо.")
    phone = stage.emulator.person(parts.of(parts.corrected)[0].messenger)
    overview = await ask(phone, "/subscriptions", wanted="Оценки 1 и 2")
    await tap(phone, overview, "Оценки 1 и 2", then="Не присылать")
    chosen = await tap(phone, overview, "Сразу, в мессенджер", then="Сейчас: сразу, в мессенджер")
    show("Родитель видит", chosen.text)


async def mark_and_remark(stage: Stage, parts: Parts) -> None:
    """Give a 2 and write a remark at the same lesson."""
    pupil = parts.corrected.name
    say(f"\nУчитель ставит 2 и пишет замечание: {pupil.in_lists()}.")
    teacher = stage.emulator.person(TEACHER_ID)
    card = await ask(teacher, "урок", wanted="Оценки")
    await tap(teacher, card, "Оценки", then="Кому поставить оценку?")
    await tap(teacher, card, pupil.on_buttons(), then="Какая оценка?")
    given = await tap(teacher, card, "2", then="Записано")
    show("Учитель видит", given.text)
    card = await ask(teacher, "урок", wanted="Замечание")
    await tap(teacher, card, "Замечание", then="О ком замечание?")
    await tap(teacher, card, pupil.on_buttons(), then=REMARK)
    await tap(teacher, card, REMARK, then="Отправить")
    await tap(teacher, card, "Отправить", then="Отправлено")


async def told_at_once(stage: Stage, parts: Parts) -> None:
    """Wait for the mark in the messenger, and for the remark at both parents."""
    at_once, by_letter = parts.of(parts.corrected)
    await until_seen(lambda: on_the_wire(stage, at_once, Kind.MARK).told)
    await until_seen(lambda: all(on_the_wire(stage, one, Kind.REMARK).told for one in (at_once, by_letter)))
    show("Сразу пришло", on_the_wire(stage, at_once, Kind.MARK).messages[0].text)
    say(f"   {by_letter.name.in_full()}: замечание — письмом сразу, оценка ждёт вечера")


async def evening(stage: Stage, parts: Parts) -> None:
    """Move the school's clock to the evening and wait for the letter."""
    say("\nЧасы школы переводим на 18:00.")
    stage.clock.move_to(at_school(stage.day, EVENING, stage.school.zone))
    _, by_letter = parts.of(parts.corrected)
    await until_seen(lambda: on_the_wire(stage, by_letter, Kind.DIGEST).told)
    letter = on_the_wire(stage, by_letter, Kind.DIGEST).letters[0]
    show("Вечернее письмо", letter.text or letter.subject)
