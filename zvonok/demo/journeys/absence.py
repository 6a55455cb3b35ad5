"""«н» → parents → answers → a correction."""

from functools import partial

from zvonok.demo.acting import PATIENCE_SECONDS, ask, button, press, say, show, tap, until, until_seen
from zvonok.demo.parts import CLASS_TEACHER_ID, TEACHER_ID, Parent, Parts
from zvonok.demo.stage import Stage
from zvonok.demo.wire import CORRECTED, Kind, on_the_wire


async def link_everybody(stage: Stage, parts: Parts) -> None:
    """Join the messengers of the cast by one-time codes."""
    say(f"\n{stage.school.name}: {len(stage.rows.pupils)} учеников. Подключаем мессенджеры по одноразовым кодам.")
    for user_id, name in ((TEACHER_ID, parts.teacher), (CLASS_TEACHER_ID, parts.class_teacher)):
        person = await stage.person(name)
        if not await stage.is_linked(user_id, person):
            await stage.emulator.person(user_id, name.given).start(await stage.code_for(person))
            await until(partial(stage.is_linked, user_id, person))
    for parent in parts.parents:
        if parent.user_id is not None:
            await _link_parent(stage, parent, parent.user_id)


async def _link_parent(stage: Stage, parent: Parent, user_id: int) -> None:
    phone = stage.emulator.person(user_id, parent.name.given)
    person = await stage.person(parent.name, child=parent.pupil.name)
    if await stage.is_linked(user_id, person):
        return
    await phone.start(await stage.code_for(person))
    await phone.wait_for(lambda message: str(parent.pupil.school_class) in message.text, within=PATIENCE_SECONDS)
    await phone.send(f"{parent.pupil.birth_date:%d.%m.%Y}")
    await until(partial(stage.is_linked, user_id, person))
    say(f"   {parent.name.in_full()}: код, дата рождения ребёнка — чат связан с журналом")


async def call_the_roll(stage: Stage, parts: Parts) -> None:
    """Mark three pupils absent."""
    say(f"\n8:31. {parts.teacher.in_full()} открывает перекличку и отмечает троих.")
    teacher = stage.emulator.person(TEACHER_ID)
    roster = await ask(teacher, "урок", wanted="Все на месте")
    for number, pupil in enumerate(parts.pupils, start=1):
        done = f"Готово: {'отсутствует' if number == 1 else 'отсутствуют'} {number}"
        await tap(teacher, roster, pupil.name.on_buttons(), then=done)
    summary = await tap(teacher, roster, "Готово: отсутствуют 3", then="Исправить")
    show("Учитель видит", summary.text)


async def parents_are_told(stage: Stage, parts: Parts) -> None:
    """Wait until everybody who must know has a message or a letter."""
    await until_seen(lambda: all(on_the_wire(stage, parent, Kind.ABSENCE).told for parent in parts.parents))
    say("\nРодителям пришло:")
    for parent in parts.parents:
        how = "в мессенджер" if on_the_wire(stage, parent, Kind.ABSENCE).messages else "письмом"
        say(f"   {parent.name.in_full()} — {how}")
    show("Так это выглядит", on_the_wire(stage, parts.explains, Kind.ABSENCE).messages[0].text)


async def parents_answer(stage: Stage, parts: Parts) -> None:
    """Let one parent explain and another acknowledge."""
    say("\nОдин родитель нажимает «Болеет», другой — «Понятно».")
    for parent, label, shown in (
        (parts.explains, "Болеет", "Ваш ответ: болеет"),
        (parts.acknowledges, "Понятно", "Вы отметили: понятно"),
    ):
        phone = stage.emulator.person(parent.messenger)
        message = next(m for m in reversed(on_the_wire(stage, parent, Kind.ABSENCE).messages) if button(m, label))
        answer = await press(phone, message, label)
        if answer is not None and answer.text:
            say(f"   {parent.name.in_full()}: «{answer.text}»")
        await until_seen(partial(_says, stage, parent, shown))


async def correct_one(stage: Stage, parts: Parts) -> None:
    """Take one absence back: the message is edited, the letter followed by another."""
    say("\nУчитель заметил ошибку: один ученик был на уроке. «Исправить» → «Готово».")
    teacher = stage.emulator.person(TEACHER_ID)
    summary = await ask(teacher, "урок", wanted="Исправить")
    seen = await tap(teacher, summary, "Исправить", then="Готово")
    if "болеет" in seen.text:
        say("   В списке класса уже виден ответ родителя: болеет")
    # Absent, late, here.
    await tap(teacher, seen, parts.corrected.name.on_buttons(), then="опозданий 1")
    await press(teacher, seen, parts.corrected.name.on_buttons())
    await teacher.wait_for(lambda one: "Готово: отсутствуют 2" in one.labels(), within=PATIENCE_SECONDS)
    await tap(teacher, seen, "Готово: отсутствуют 2", then="Исправить")
    await until_seen(lambda: all(_corrected(stage, parent) for parent in parts.of(parts.corrected)))
    for parent in parts.of(parts.corrected):
        messages = on_the_wire(stage, parent, Kind.ABSENCE).messages
        if messages:
            show("Сообщение родителя исправлено", messages[-1].text)
        else:
            say(f"   {parent.name.in_full()}: письмо «{CORRECTED}…»")


def _corrected(stage: Stage, parent: Parent) -> bool:
    return on_the_wire(stage, parent, Kind.ABSENCE).corrections > 0


def _says(stage: Stage, parent: Parent, wanted: str) -> bool:
    return any(wanted in message.text for message in on_the_wire(stage, parent, Kind.ABSENCE).messages)
