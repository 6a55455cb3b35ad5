"""A class teacher's notices: one to be signed, in the chat and on the page behind a letter; one to be confirmed."""

import re
from html import unescape

import aiohttp
from sqlalchemy import text

from zvonok.demo.acting import PATIENCE_SECONDS, WentWrongError, ask, press, say, show, tap, until_seen
from zvonok.demo.parts import CLASS_TEACHER_ID, Parts
from zvonok.demo.stage import Stage
from zvonok.demo.wire import READ_TITLE, SIGN_TITLE, Kind, on_the_wire
from zvonok.sandbox.chats import ChatMessage
from zvonok.sandbox.people import Person

SIGN_TEXT = "В пятницу едем в краеведческий музей, автобус в 9:00. Нужно ваше согласие."
READ_TEXT = "В четверг первый урок начнётся в 9:25: медосмотр."
LINK = re.compile(r"https?://\S+/n/[A-Za-z0-9_-]+")
HASH = re.compile(r'name="text_hash" value="([0-9a-f]{64})"')
ANSWERS = text("SELECT count(*) FROM core.notice_answer WHERE at >= :since")
OK, SEE_OTHER = 200, 303


async def publish(stage: Stage, parts: Parts) -> None:
    """Publish a notice that asks for a signature, and one that asks to confirm."""
    say(f"\n{parts.class_teacher.in_full()} пишет классу: одно объявление подписать, другое прочитать.")
    teacher = stage.emulator.person(CLASS_TEACHER_ID)
    for ask_for, title, words in (
        ("Подписать", SIGN_TITLE, SIGN_TEXT),
        ("Подтвердить, что прочитали", READ_TITLE, READ_TEXT),
    ):
        await _publish_one(teacher, ask_for, f"{title}\n{words}")
    await until_seen(
        lambda: all(on_the_wire(stage, one, kind).told for one in parts.parents for kind in (Kind.SIGN, Kind.CONFIRM))
    )
    show("Родителям пришло", on_the_wire(stage, parts.explains, Kind.SIGN).messages[0].text)


async def _publish_one(teacher: Person, ask_for: str, words: str) -> None:
    menu = await _class_notices(teacher)
    await tap(teacher, menu, "Объявление классу", then=ask_for)
    await tap(teacher, menu, ask_for, then="одним сообщением")
    dates = await ask(teacher, words, wanted="Через неделю")
    await tap(teacher, dates, "Через неделю", then="Отправить")
    await tap(teacher, dates, "Отправить", then="Отправлено")


async def _class_notices(teacher: Person) -> ChatMessage:
    """Open the class's notices: from the list of lessons, or by it from the roll call that is on."""
    sent = await teacher.send("/start")
    menu = await teacher.wait_for(
        lambda one: one.message_id > sent.message_id and (_offers(one, "Объявления") or _offers(one, "К урокам")),
        within=PATIENCE_SECONDS,
    )
    if not _offers(menu, "Объявления"):
        await tap(teacher, menu, "К урокам", then="Объявления")
    return await tap(teacher, menu, "Объявления", then="Объявление классу")


async def sign_in_the_chat(stage: Stage, parts: Parts) -> None:
    """Let one parent sign with the second press, after the exact text was shown once more."""
    say("\nРодитель подписывает в чате: «Подписать» показывает точный текст, и только второе нажатие — подпись.")
    phone = stage.emulator.person(parts.explains.messenger)
    message = on_the_wire(stage, parts.explains, Kind.SIGN).messages[-1]
    await press(phone, message, "Подписать")
    question = await phone.wait_for(lambda one: SIGN_TEXT in one.text and _offers(one, "Подписываю"), within=20.0)
    await press(phone, question, "Подписываю")
    await until_seen(lambda: "Вы подписали" in on_the_wire(stage, parts.explains, Kind.SIGN).messages[-1].text)


async def open_the_link(stage: Stage, parts: Parts, *, careless: bool = False) -> None:
    """Open the link of a letter as mail scanners do: nothing may come of it.

    ``careless`` plants what a page would do that signs when it is opened.
    """
    before = await _answers(stage)
    async with aiohttp.ClientSession() as browser:
        for method in ("GET", "HEAD", "GET", "HEAD"):
            async with browser.request(method, _link(stage, parts)) as page:
                if page.status != OK:
                    raise WentWrongError(f"Страница по ссылке из письма ответила {page.status}.")
    if careless:
        await _forge_signature(stage, parts)
    if await _answers(stage) != before:
        raise WentWrongError("Подпись появилась оттого, что ссылку открыли.")
    say("   Почтовый робот открыл ссылку из письма дважды: ничего не подписано")


async def sign_on_the_page(stage: Stage, parts: Parts) -> None:
    """Sign on the page behind the letter, with its button."""
    link = _link(stage, parts)
    async with aiohttp.ClientSession() as browser:
        async with browser.get(link) as page:
            found = HASH.search(await page.text())
        if found is None:
            raise WentWrongError("На странице нечего подписать.")
        form = {"act": "signed", "text_hash": found[1]}
        async with browser.post(link, data=form, allow_redirects=False) as answer:
            if answer.status != SEE_OTHER:
                raise WentWrongError(f"Страница не приняла подпись: {answer.status}.")
    say("   Второй родитель подписал на странице из письма")


async def confirm(stage: Stage, parts: Parts) -> None:
    """Let a parent confirm the other notice, and look at the board."""
    phone = stage.emulator.person(parts.acknowledges.messenger)
    message = on_the_wire(stage, parts.acknowledges, Kind.CONFIRM).messages[-1]
    await press(phone, message, "Прочитано")
    await until_seen(lambda: "Вы подтвердили" in on_the_wire(stage, parts.acknowledges, Kind.CONFIRM).messages[-1].text)


async def look_at_the_board(stage: Stage, parts: Parts) -> None:
    """Show the class teacher who has signed."""
    del parts
    teacher = stage.emulator.person(CLASS_TEACHER_ID)
    menu = await _class_notices(teacher)
    board = await tap(teacher, menu, SIGN_TITLE, then="Подписали 2 из")
    show("Доска классного руководителя", board.text)


async def _forge_signature(stage: Stage, parts: Parts) -> None:
    _, by_letter = parts.of(parts.corrected)
    person = await stage.person(by_letter.name, child=by_letter.pupil.name)
    forged = text("""
    INSERT INTO core.notice_answer (id, notice_id, guardian_id, pupils, act, text_hash, via, at)
    SELECT gen_random_uuid(), id, :person, ARRAY(SELECT pupil_id FROM core.notice_pupil WHERE notice_id = notice.id),
      'signed', text_hash, 'web', :at FROM core.notice
    WHERE title = :title AND published_at >= :since
    """)
    now = stage.here.school_clock.now()
    async with stage.journal.begin() as session:
        values = {"person": person, "at": now, "title": SIGN_TITLE, "since": stage.since}
        await session.execute(forged, values)


def _link(stage: Stage, parts: Parts) -> str:
    _, by_letter = parts.of(parts.corrected)
    letter = on_the_wire(stage, by_letter, Kind.SIGN).letters[-1]
    found = LINK.search(unescape(letter.text or ""))
    if found is None:
        raise WentWrongError("В письме об объявлении нет ссылки.")
    return found[0]


async def _answers(stage: Stage) -> int:
    async with stage.journal.begin() as session:
        return int((await session.execute(ANSWERS, {"since": stage.since})).scalar_one())


def _offers(message: ChatMessage, label: str) -> bool:
    return any(label in one.label for row in message.buttons for one in row)
