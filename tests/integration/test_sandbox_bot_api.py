"""The sandbox's Bot API over real HTTP, method by method, through a thin client."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiogram.types import File, Message, TelegramObject, Update, User, WebhookInfo

from tests.integration.sandbox_wire import BOT, BOT_ID, TOKEN, Wire, wire_to
from tests.unit.sandbox_clock import MovableClock
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.sandbox.people import Person, PersonError
from zvonok.sandbox.typed_phone import TypedPhone

PARENT = 1001
OK_BUTTON = {"inline_keyboard": [[{"text": "Понятно", "callback_data": "ok"}]]}
OTHER_BUTTON = {"inline_keyboard": [[{"text": "Болеет", "callback_data": "ill"}]]}


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def wire(clock: MovableClock) -> AsyncIterator[Wire]:
    async with wire_to(BotApiEmulator(BOT, clocks=clock.clocks)) as wire:
        yield wire


@pytest.fixture
async def parent(wire: Wire) -> Person:
    person = wire.emulator.person(PARENT, "Анна", last_name="Иванова")
    await person.start()
    return person


def known_fields_only(model: TelegramObject) -> list[str]:
    """Find what the Bot API's own types do not have: a misspelt key would pass unseen otherwise."""
    unknown = list(model.model_extra or ())
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in value if isinstance(value, list) else [value]:
            for each in one if isinstance(one, list) else [one]:
                if isinstance(each, TelegramObject):
                    unknown += [f"{name}.{inner}" for inner in known_fields_only(each)]
    return unknown


def read[T: TelegramObject](kind: type[T], result: Any) -> T:
    model = kind.model_validate(result)
    assert known_fields_only(model) == []
    return model


async def test_who_am_i(wire: Wire) -> None:
    me = read(User, await wire.ok("getMe"))
    assert (me.id, me.is_bot, me.username, me.first_name) == (BOT_ID, True, "school_bot", "Звонок")
    assert await wire.ok("GETME") == await wire.ok("getme")


async def test_strangers_and_unknown_methods(wire: Wire) -> None:
    assert await wire.refused("sendPigeon", chat_id=PARENT) == (404, "Not Found: method not found")
    wire.token = "1:unknown"
    assert await wire.refused("getMe") == (401, "Unauthorized")
    assert [request.bot_id for request in wire.emulator.log.requests] == [BOT_ID, None]


def test_a_token_must_look_like_one_and_stays_hidden() -> None:
    assert TOKEN not in repr(BOT)
    with pytest.raises(ValueError, match="Токен"):
        SandboxBot("secret")


async def test_nobody_is_written_to_first(wire: Wire) -> None:
    wire.emulator.person(PARENT, "Анна")
    forbidden = (403, "Forbidden: bot can't initiate conversation with a user")
    assert await wire.refused("sendMessage", chat_id=PARENT, text="а") == forbidden
    assert await wire.refused("sendMessage", chat_id=5, text="а") == (400, "Bad Request: chat not found")
    assert await wire.refused("sendMessage", chat_id="@x", text="а") == (400, "Bad Request: chat not found")
    assert await wire.refused("sendMessage", text="а") == (400, "Bad Request: chat_id is empty")


async def test_a_message_with_everything(wire: Wire, parent: Person) -> None:
    first = await wire.ok("sendMessage", chat_id=PARENT, text="Раз")
    result = await wire.ok(
        "sendMessage",
        chat_id=str(PARENT),
        text="<b>Урок</b> 1 😀",
        parse_mode="HTML",
        reply_markup=OK_BUTTON,
        protect_content=True,
        reply_parameters={"message_id": first["message_id"]},
        link_preview_options={"is_disabled": True},
    )
    message = read(Message, result)
    assert (message.text, message.chat.first_name, message.has_protected_content) == ("Урок 1 😀", "Анна", True)
    assert message.reply_to_message is not None
    assert (message.reply_to_message.text, result["entities"]) == ("Раз", [{"type": "bold", "offset": 0, "length": 4}])
    assert (result["reply_markup"], result["link_preview_options"]) == (OK_BUTTON, {"is_disabled": True})
    seen = parent.chat.latest
    assert seen is not None
    assert (seen.text, seen.labels(), seen.protected, seen.from_bot) == ("Урок 1 😀", ("Понятно",), True, True)
    assert [one.message_id for one in parent.chat.messages] == [1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "<b> </b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "я" * 4097}, "message is too long"),
        ({"text": "<b", "parse_mode": "html"}, "can't parse entities: Unclosed start tag at byte offset 0"),
        ({"text": "а", "reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"text": "а", "reply_parameters": {"message_id": 77}}, "message to be replied not found"),
        ({"text": "\ud800"}, "strings must be encoded in UTF-8"),
    ],
)
async def test_what_is_no_message_is_refused(wire: Wire, parent: Person, wrong: Any, problem: str) -> None:
    assert await wire.refused("sendMessage", chat_id=PARENT, **wrong) == (400, f"Bad Request: {problem}")
    assert wire.emulator.log.delivered(PARENT) == ()
    assert len(parent.chat.messages) == 1


@pytest.mark.usefixtures("parent")
async def test_a_reply_to_nothing_may_be_allowed(wire: Wire) -> None:
    reply = {"message_id": 77, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_parameters=reply)


async def test_keyboards_under_the_input_field(wire: Wire, parent: Person) -> None:
    keyboard = {"keyboard": [[{"text": "Сегодня"}]], "resize_keyboard": True}
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="Меню", reply_markup=keyboard)
    assert "reply_markup" not in sent
    assert parent.chat.reply_keyboard == keyboard
    cannot = (400, "Bad Request: message can't be edited")
    assert await wire.refused("editMessageText", chat_id=PARENT, message_id=sent["message_id"], text="б") == cannot
    await wire.ok("sendMessage", chat_id=PARENT, text="Без меню", reply_markup={"remove_keyboard": True})
    assert parent.chat.reply_keyboard is None


async def test_edits(wire: Wire, parent: Person, clock: MovableClock) -> None:
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="Нет на уроке", reply_markup=OK_BUTTON)
    place = {"chat_id": PARENT, "message_id": sent["message_id"]}
    clock.move(minutes=5)
    edited = read(Message, await wire.ok("editMessageText", text="Урок идёт", reply_markup=OTHER_BUTTON, **place))
    assert (edited.text, edited.edit_date) == ("Урок идёт", int(clock.wall.timestamp()))
    clock.move(days=3)
    await wire.ok("editMessageReplyMarkup", reply_markup=OK_BUTTON, **place)
    await wire.ok("editMessageText", text="Пришёл", **place)
    seen = parent.chat.latest
    assert seen is not None
    assert (seen.text, seen.buttons, seen.edited_at) == ("Пришёл", (), clock.wall)
    assert [version.text for version in seen.earlier] == ["Нет на уроке", "Урок идёт", "Урок идёт"]
    assert seen.sent_at == clock.wall - timedelta(days=3, minutes=5)
    assert len(wire.emulator.log.delivered(PARENT)) == 1


async def test_edits_that_change_nothing_or_miss(wire: Wire, parent: Person) -> None:
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="<b>а</b>", parse_mode="HTML", reply_markup=OK_BUTTON)
    place = {"chat_id": PARENT, "message_id": sent["message_id"]}
    same = {"text": "<b>а</b>", "parse_mode": "HTML", "reply_markup": OK_BUTTON}
    _, problem = await wire.refused("editMessageText", **same, **place)
    assert problem.startswith("Bad Request: message is not modified: specified new message content and reply markup")
    _, problem = await wire.refused("editMessageReplyMarkup", reply_markup=OK_BUTTON, **place)
    assert problem.startswith("Bad Request: message is not modified")
    for wrong, expected in (
        ({"message_id": 99, "text": "б"}, "message to edit not found"),
        ({"message_id": 1, "text": "б"}, "message can't be edited"),
        ({**place, "text": "я" * 4097}, "MESSAGE_TOO_LONG"),
        ({**place, "text": "б", "reply_markup": {"force_reply": True}}, "inline keyboard expected"),
    ):
        answer = await wire.refused("editMessageText", **{"chat_id": PARENT, **wrong})
        assert answer == (400, f"Bad Request: {expected}")
    assert parent.chat.all_messages[sent["message_id"]].earlier == ()


async def test_deleting_within_48_hours(wire: Wire, parent: Person, clock: MovableClock) -> None:
    ids = [(await wire.ok("sendMessage", chat_id=PARENT, text="а"))["message_id"] for _ in range(2)]
    clock.move(hours=47, minutes=59)
    assert await wire.ok("deleteMessage", chat_id=PARENT, message_id=ids[0]) is True
    clock.move(minutes=1)
    too_late = (400, "Bad Request: message can't be deleted for everyone")
    assert await wire.refused("deleteMessage", chat_id=PARENT, message_id=ids[1]) == too_late
    gone = (400, "Bad Request: message to delete not found")
    assert await wire.refused("deleteMessage", chat_id=PARENT, message_id=ids[0]) == gone
    nameless = (400, "Bad Request: message identifier is not specified")
    assert await wire.refused("deleteMessage", chat_id=PARENT) == nameless
    assert parent.chat.all_messages[ids[0]].deleted
    assert [one.message_id for one in parent.chat.messages] == [1, ids[1]]


async def updates(wire: Wire, **parameters: Any) -> list[Update]:
    return [read(Update, one) for one in await wire.ok("getUpdates", **parameters)]


async def listening(wire: Wire) -> None:
    """Wait until a getUpdates has come to the server and waits there."""
    for _ in range(500):
        if wire.emulator.world.updates.listens(BOT_ID):
            return
        await asyncio.sleep(0.01)
    pytest.fail("no getUpdates came")


async def test_updates_wait_until_they_are_confirmed(wire: Wire, parent: Person) -> None:
    await parent.send("/start code-1")
    first, second = await updates(wire)
    assert (await updates(wire))[0] == first
    assert second.message is not None
    assert second.message.entities is not None
    assert (second.message.text, second.message.entities[0].type) == ("/start code-1", "bot_command")
    assert [one.update_id for one in await updates(wire, limit=1)] == [first.update_id]
    assert await updates(wire, offset=second.update_id) == [second]
    assert await updates(wire, offset=second.update_id + 1) == []
    await parent.send("а")
    await parent.send("б")
    assert [one.update_id for one in await updates(wire, offset=-1)] == [second.update_id + 2]
    assert len(await updates(wire)) == 1
    info = read(WebhookInfo, await wire.ok("getWebhookInfo"))
    assert (info.url, info.pending_update_count) == ("", 1)
    assert await wire.ok("deleteWebhook", drop_pending_updates="true") is True
    assert await updates(wire) == []


async def test_a_poll_waits_for_what_comes(wire: Wire, parent: Person) -> None:
    await wire.ok("deleteWebhook", drop_pending_updates=True)
    poll = asyncio.create_task(updates(wire, timeout=9))
    await listening(wire)
    await parent.send("Здравствуйте")
    assert [one.message.text for one in await poll if one.message] == ["Здравствуйте"]


async def test_of_two_consumers_the_one_that_waits_is_told(wire: Wire, parent: Person) -> None:
    await wire.ok("deleteWebhook", drop_pending_updates=True)
    waiting = asyncio.create_task(wire.post("getUpdates", timeout=9))
    await listening(wire)
    other = asyncio.create_task(updates(wire, timeout=9))
    status, body = await waiting
    assert (status, body["description"].partition(";")[0]) == (
        409,
        "Conflict: terminated by other getUpdates request",
    )
    await parent.send("а")
    assert len(await other) == 1


async def test_a_bot_gets_only_the_kinds_it_asked_for(wire: Wire, parent: Person) -> None:
    await wire.ok("getUpdates", offset=-1, allowed_updates=["callback_query"])
    await parent.send("а")
    assert len(await updates(wire, offset=1_000_002)) == 0
    assert (await wire.ok("getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await wire.ok("getUpdates", allowed_updates="[]")
    await parent.send("б")
    assert [one.message.text for one in await updates(wire) if one.message] == ["б"]


async def test_updates_do_not_wait_for_ever(wire: Wire, parent: Person, clock: MovableClock) -> None:
    await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_markup=OK_BUTTON)
    await parent.press("Понятно")
    assert len(await updates(wire)) == 2
    clock.move(seconds=150)
    assert [one.event_type for one in await updates(wire)] == ["message"]
    clock.move(hours=24)
    assert await updates(wire) == []


async def test_a_press_and_its_answer(wire: Wire, parent: Person, clock: MovableClock) -> None:
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_markup=OK_BUTTON)
    await wire.ok("sendMessage", chat_id=PARENT, text="б", reply_markup=OTHER_BUTTON)
    press = asyncio.create_task(parent.press("ok", message_id=sent["message_id"], within=5))
    await asyncio.sleep(0)
    query = (await updates(wire))[-1].callback_query
    assert query is not None
    assert query.message is not None
    assert (query.data, query.message.message_id, query.from_user.id) == ("ok", sent["message_id"], PARENT)
    assert query.chat_instance
    assert await wire.refused("answerCallbackQuery", callback_query_id=query.id, text="я" * 201) == (
        400,
        "Bad Request: MESSAGE_TOO_LONG",
    )
    assert await wire.ok("answerCallbackQuery", callback_query_id=query.id, text="я" * 200, show_alert=True) is True
    answer = await press
    assert answer is not None
    assert (answer.text, answer.show_alert) == ("я" * 200, True)
    clock.move(seconds=151)
    old = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    assert await wire.refused("answerCallbackQuery", callback_query_id=query.id) == old
    assert await wire.refused("answerCallbackQuery", callback_query_id="5") == old


async def test_a_press_that_nobody_answers(wire: Wire, parent: Person) -> None:
    await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_markup=OK_BUTTON)
    with pytest.raises(TimeoutError):
        await parent.press("Понятно", within=0.01)


async def test_what_a_person_cannot_do(wire: Wire, parent: Person) -> None:
    link = {"inline_keyboard": [[{"text": "Сайт", "url": "https://example.ru"}]]}
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_markup=link)
    with pytest.raises(PersonError, match="Понятно"):
        await parent.press("Понятно")
    with pytest.raises(PersonError, match="ссылку"):
        await parent.press("Сайт")
    with pytest.raises(PersonError, match="99"):
        await parent.forge_press("x", message_id=99)
    with pytest.raises(PersonError, match="Пустое"):
        await parent.send(" ")
    with pytest.raises(PersonError, match="не открыт"):
        await wire.emulator.person(5, "Олег").block()
    with pytest.raises(KeyError):
        wire.emulator.person(6)
    await parent.forge_press("чужая", message_id=sent["message_id"])
    query = (await updates(wire))[-1].callback_query
    assert query is not None
    assert query.data == "чужая"


async def test_blocking(wire: Wire, parent: Person) -> None:
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="а")
    await parent.block()
    await parent.block()
    blocked = (403, "Forbidden: bot was blocked by the user")
    assert await wire.refused("sendMessage", chat_id=PARENT, text="б") == blocked
    assert await wire.refused("sendChatAction", chat_id=PARENT, action="typing") == blocked
    await wire.ok("editMessageText", chat_id=PARENT, message_id=sent["message_id"], text="в")
    with pytest.raises(PersonError, match="заблокирован"):
        await parent.send("я")
    await parent.unblock()
    await wire.ok("sendMessage", chat_id=PARENT, text="б")
    told = [one.my_chat_member for one in await updates(wire) if one.my_chat_member]
    changes = [(one.old_chat_member.status, one.new_chat_member.status) for one in told]
    assert changes == [("member", "kicked"), ("kicked", "member")]


@pytest.mark.usefixtures("parent")
async def test_chat_actions(wire: Wire) -> None:
    assert await wire.ok("sendChatAction", chat_id=PARENT, action="upload_document") is True
    wrong = (400, "Bad Request: wrong parameter action in request")
    assert await wire.refused("sendChatAction", chat_id=PARENT, action="dance") == wrong


async def test_commands_by_scope_and_language(wire: Wire) -> None:
    menu = [{"command": "start", "description": "Начать"}]
    assert await wire.ok("setMyCommands", commands=menu, language_code="ru") is True
    assert await wire.ok("setMyCommands", commands=[], scope={"type": "chat", "chat_id": PARENT}) is True
    assert await wire.ok("getMyCommands", language_code="ru") == menu
    assert await wire.ok("getMyCommands") == []
    assert await wire.ok("deleteMyCommands", language_code="ru") is True
    assert await wire.ok("getMyCommands", language_code="ru") == []
    for wrong, problem in (
        ([{"command": "Старт", "description": "а"}], "BOT_COMMAND_INVALID"),
        ([{"command": "start", "description": ""}], "BOT_COMMAND_DESCRIPTION_INVALID"),
        ([{"command": "start"}], "can't parse BotCommand: expected an Object"),
        ("x", "expected an Array of BotCommand"),
        (menu * 101, "BOT_COMMANDS_TOO_MUCH"),
    ):
        assert await wire.refused("setMyCommands", commands=wrong) == (400, f"Bad Request: {problem}")


def upload(name: str, body: bytes, **fields: str) -> aiohttp.FormData:
    # Quoted, the name would come to Telegram as "%D0%A1…", and so it does to the sandbox.
    form = aiohttp.FormData(fields, quote_fields=False)
    form.add_field("document", body, filename=name)
    return form


async def test_documents_are_kept_and_come_back(wire: Wire, parent: Person) -> None:
    base = f"{wire.emulator.base_url}/bot{TOKEN}"
    form = upload("../../Справка.pdf", b"%PDF", chat_id=str(PARENT), caption="<i>Справка</i>", parse_mode="HTML")
    async with wire.session.post(f"{base}/sendDocument", data=form) as response:
        sent = (await response.json())["result"]
    message = read(Message, sent)
    assert message.document is not None
    assert (message.caption, message.document.file_name, message.document.mime_type, message.document.file_size) == (
        "Справка",
        "Справка.pdf",
        "application/pdf",
        4,
    )
    file = read(File, await wire.ok("getFile", file_id=message.document.file_id))
    async with wire.session.get(f"{wire.emulator.base_url}/file/bot{TOKEN}/{file.file_path}") as response:
        assert await response.read() == b"%PDF"
    again = await wire.ok("sendDocument", chat_id=PARENT, document=message.document.file_id)
    assert again["document"] == sent["document"]
    seen = parent.chat.all_messages[sent["message_id"]]
    assert (seen.text, seen.document and seen.document.name) == ("Справка", "Справка.pdf")
    no_text = (400, "Bad Request: there is no text in the message to edit")
    assert await wire.refused("editMessageText", chat_id=PARENT, message_id=seen.message_id, text="б") == no_text
    assert wire.emulator.log.of("sendDocument")[0].parameters["document"] == {
        "file_name": "../../Справка.pdf",
        "size": 4,
    }


@pytest.mark.usefixtures("parent")
async def test_documents_that_are_none(wire: Wire) -> None:
    base = wire.emulator.base_url
    form = upload("a.txt", b"", chat_id=str(PARENT))
    async with wire.session.post(f"{base}/bot{TOKEN}/sendDocument", data=form) as response:
        assert (await response.json())["description"] == "Bad Request: file must be non-empty"
    for parameters, problem in (
        ({}, "there is no document in the request"),
        ({"document": "attach://x"}, "there is no document in the request"),
        ({"document": "https://example.ru/a.pdf"}, "wrong file identifier/HTTP URL specified"),
        ({"document": "x", "caption": "я" * 1025}, "message caption is too long"),
    ):
        answer = await wire.refused("sendDocument", **{"chat_id": PARENT, **parameters})
        assert answer == (400, f"Bad Request: {problem}")
    assert await wire.refused("getFile") == (400, "Bad Request: file_id not specified")
    assert (await wire.refused("getFile", file_id="x"))[1].startswith("Bad Request: wrong file_id")
    for path in (f"/file/bot{TOKEN}/documents/x.pdf", "/file/bot1:x/documents/x.pdf"):
        async with wire.session.get(base + path) as response:
            assert response.status == 404


async def test_parameters_come_in_any_form(wire: Wire, parent: Person) -> None:
    url = f"{wire.emulator.base_url}/bot{TOKEN}/sendMessage"
    async with wire.session.get(url, params={"chat_id": str(PARENT), "text": "строка"}) as response:
        assert (await response.json())["ok"]
    async with wire.session.post(url, data={"chat_id": str(PARENT), "text": "форма"}) as response:
        assert (await response.json())["ok"]
    with aiohttp.MultipartWriter("form-data") as parts:
        for name, value in (("chat_id", str(PARENT)), ("text", "части")):
            parts.append(value).set_content_disposition("form-data", name=name)
        async with wire.session.post(url, data=parts) as response:
            assert (await response.json())["ok"]
    assert [one.text for one in parent.chat.messages[1:]] == ["строка", "форма", "части"]


@pytest.mark.usefixtures("parent")
@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff{}"])
async def test_a_body_that_cannot_be_read(wire: Wire, body: bytes) -> None:
    url = f"{wire.emulator.base_url}/bot{TOKEN}/sendMessage"
    async with wire.session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
        assert (response.status, (await response.json())["ok"]) == (400, False)
    multipart = {"Content-Type": "multipart/form-data"}
    async with wire.session.post(url, data=body, headers=multipart) as response:
        assert (response.status, (await response.json())["ok"]) == (400, False)


async def test_two_bots_do_not_see_each_others_chats(wire: Wire, parent: Person) -> None:
    other = SandboxBot("77:BBother", "teachers_bot")
    wire.emulator.add_bot(other)
    with pytest.raises(PersonError, match="не один бот"):
        await parent.send("а")
    await parent.send("а", bot_id=77)
    await wire.ok("sendMessage", chat_id=PARENT, text="от первого")
    wire.token = other.token
    assert [one.message.text for one in await updates(wire) if one.message] == ["а"]
    assert [one.text for one in parent.chat_with(77).messages] == ["а"]
    assert [request.bot_id for request in wire.emulator.log.delivered(PARENT)] == [BOT_ID]


async def test_a_number_that_is_no_buttons_is_not_sent_and_one_too_long_for_a_button_is(wire: Wire) -> None:
    said: list[str] = []
    phone = TypedPhone(wire.emulator, PARENT, "Анна", said.append)

    async def typed(*lines: str) -> AsyncIterator[str]:
        for line in lines:
            yield line

    await phone.obey(typed("/start"))
    await wire.ok("sendMessage", chat_id=PARENT, text="Выберите", reply_markup=OK_BUTTON)
    await phone.obey(typed("99", "7", "271828", "2 дня"))
    assert said == [f"Кнопки с номером {one} нет: последняя — 1. Боту ничего не послано." for one in ("99", "7")]
    sent = [one.text for one in wire.emulator.person(PARENT).chat.messages if not one.from_bot]
    assert sent == ["/start", "271828", "2 дня"]
