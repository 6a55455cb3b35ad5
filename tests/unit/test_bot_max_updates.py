"""Updates of MAX in the shape of the Bot API: what aiogram reads of them, and which are the same."""

from typing import Any

import pytest
from aiogram.types import ChatMemberMember, ChatMemberRestricted, Update

from bot.inbox import addressee_of, conversation_of
from bot.max_updates import NAMELESS, key_of, mids_of, press_of, translated

NUMBERS = {"mid.1": 11, "mid.2": 12}
AT = 1_790_000_000_123
"""Milliseconds, as MAX counts."""
ANNA = {"user_id": 501, "first_name": "Анна", "last_name": "Ёлкина", "is_bot": False, "last_activity_time": AT}
BOT = {"user_id": 9, "first_name": "Звонок", "is_bot": True}


def message(mid: str = "mid.1", sender: Any = ANNA, chat_type: str = "dialog", **body: Any) -> dict[str, Any]:
    """Return a message as MAX shows it."""
    return {
        "sender": sender,
        "recipient": {"chat_id": 70, "chat_type": chat_type, "user_id": 9},
        "timestamp": AT,
        "body": {"mid": mid, "seq": 1, "text": "Здравствуйте", "attachments": None} | body,
    }


def created(**changes: Any) -> dict[str, Any]:
    """Return the update of a message."""
    return {"update_type": "message_created", "timestamp": AT, "message": message(**changes)}


def pressed(callback: str = "c1", **changes: Any) -> dict[str, Any]:
    """Return the update of a press under the bot's message."""
    press = {"timestamp": AT, "callback_id": callback, "payload": "d:x", "user": ANNA}
    under = message("mid.2", sender=BOT)
    return {"update_type": "message_callback", "timestamp": AT, "callback": press, "message": under} | changes


def of_person(kind: str, **changes: Any) -> dict[str, Any]:
    """Return an update of a person and the bot."""
    return {"update_type": kind, "timestamp": AT, "chat_id": 70, "user": ANNA} | changes


def read(update: dict[str, Any]) -> list[Update]:
    """Read what it is translated to as aiogram does."""
    return [Update.model_validate(one) for one in translated(update, NUMBERS)]


def test_a_message_is_one_in_the_dialogue_with_its_person() -> None:
    (update,) = read(created())
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.text, update.message.message_id) == ("Здравствуйте", 11)
    assert (update.message.chat.id, update.message.chat.type, update.message.from_user.id) == (501, "private", 501)
    assert update.message.from_user.full_name == "Анна Ёлкина"
    assert update.message.date.timestamp() == AT // 1000


def test_a_press_stands_under_the_bots_message_in_the_dialogue_of_whoever_pressed() -> None:
    (update,) = read(pressed())
    query = update.callback_query
    assert query is not None
    assert query.message is not None
    assert (press_of(query.id), query.data, query.from_user.id) == ((501, "c1"), "d:x", 501)
    assert (query.message.message_id, query.message.chat.id) == (12, 501)
    (raw,) = translated(pressed(), NUMBERS)
    assert conversation_of(raw) == "501"
    assert addressee_of(raw).query == "501/c1"
    assert addressee_of(raw).is_private


def test_a_press_under_a_message_that_max_does_not_show_can_be_answered_and_not_edited() -> None:
    (update,) = read(pressed(message=None))
    assert update.callback_query is not None
    assert update.callback_query.message is not None
    assert update.callback_query.message.message_id == NAMELESS
    assert update.callback_query.message.chat.id == 501


@pytest.mark.parametrize(("payload", "text"), [(None, "/start"), ("ABCD2345", "/start ABCD2345")])
def test_whoever_starts_the_bot_lets_it_in_and_says_start(payload: str | None, text: str) -> None:
    let_in, start = read(of_person("bot_started", payload=payload))
    assert let_in.my_chat_member is not None
    assert let_in.my_chat_member.new_chat_member.status == "member"
    assert start.message is not None
    assert (start.message.text, start.message.chat.id) == (text, 501)
    assert let_in.update_id != start.update_id


@pytest.mark.parametrize("kind", ["bot_stopped", "dialog_removed"])
def test_whoever_stops_the_bot_shuts_it_out(kind: str) -> None:
    (update,) = read(of_person(kind))
    assert update.my_chat_member is not None
    assert (update.my_chat_member.chat.id, update.my_chat_member.new_chat_member.status) == (501, "kicked")


def test_a_group_is_never_taken_for_a_person() -> None:
    (joined,) = read(of_person("bot_added", chat_id=501))
    (said,) = read(created(chat_type="chat"))
    assert joined.my_chat_member is not None
    assert said.message is not None
    assert (joined.my_chat_member.chat.id, joined.my_chat_member.chat.type) == (-501, "group")
    assert (said.message.chat.id, said.message.chat.type) == (-70, "group")


@pytest.mark.parametrize("text", [None, ""])
def test_a_picture_is_no_text(text: str | None) -> None:
    (update,) = read(created(text=text, attachments=[{"type": "image", "payload": {"url": "https://i.example"}}]))
    assert update.message is not None
    assert update.message.text is None
    assert update.message.document is not None


def test_what_is_forwarded_says_so() -> None:
    forwarded = created(text=None)
    forwarded["message"]["link"] = {"type": "forward", "sender": {"name": "Пётр"}, "message": {"text": "Чужие слова"}}
    (update,) = read(forwarded)
    assert update.message is not None
    assert update.message.forward_origin is not None
    assert update.message.text == "Чужие слова"


def test_what_is_edited_is_no_new_message() -> None:
    (update,) = read({"update_type": "message_edited", "timestamp": AT, "message": message()})
    assert update.message is None
    assert update.edited_message is not None


@pytest.mark.parametrize("kind", ["dialog_cleared", "message_removed", "something_new"])
def test_what_is_no_business_of_the_conversation_is_left_out(kind: str) -> None:
    assert translated(of_person(kind), NUMBERS) == []


@pytest.mark.parametrize(
    "broken",
    [
        {"update_type": "message_created", "timestamp": AT},
        {"update_type": "message_created", "timestamp": AT, "message": {"body": {"mid": "mid.1"}}},
        {"update_type": "message_callback", "timestamp": AT, "callback": {"callback_id": "c1"}},
        {"timestamp": AT},
        created(sender=None),
        {"update_type": "message_created", "timestamp": AT, "message": message() | {"recipient": None}},
        {"update_type": "message_created", "timestamp": AT, "message": {"body": None}},
        {"update_type": "message_created", "timestamp": AT, "message": message() | {"timestamp": float("inf")}},
        {"update_type": "bot_started", "timestamp": float("nan"), "user": ANNA},
        created(mid="mid.\0"),
        created(mid="m" * 3000),
        {"update_type": "bot_started", "timestamp": AT, "user": [ANNA]},
    ],
    ids=[
        *("no message", "no sender", "no person", "no kind", "nobody's dialogue", "nobody", "no words", "no end"),
        *("no number", "a sign that is none", "a name without end", "a list for a person"),
    ],
)
def test_what_cannot_be_read_is_kept_as_it_came(broken: dict[str, Any]) -> None:
    (kept,) = translated(broken, NUMBERS)
    assert kept["max"] == broken
    assert Update.model_validate(kept).update_id == kept["update_id"]


def test_a_repeated_delivery_is_the_same_update_and_another_press_is_another_one() -> None:
    assert translated(pressed(), NUMBERS) == translated(pressed(), NUMBERS)
    kept = [
        created(),
        created(mid="mid.2"),
        pressed(),
        pressed("c2"),
        of_person("bot_started"),
        of_person("bot_stopped"),
    ]
    later = of_person("bot_started", timestamp=AT + 1)
    keys = [key_of(one) for one in (*kept, later)]
    assert len(set(keys)) == len(keys)


def test_messages_are_named_once_each_and_in_order() -> None:
    assert mids_of([pressed(), created(), pressed("c2"), of_person("bot_started")]) == ["mid.2", "mid.1"]


@pytest.mark.parametrize(
    ("until", "lasts"),
    [(AT + 3_600_000, 3600), (0, None), (AT - 1, None), ("soon", None), (True, None)],
    ids=["an hour", "for good", "over", "no number", "no moment"],
)
def test_whoever_mutes_the_dialogue_is_a_member_who_hears_nothing_until_a_moment(until: Any, lasts: int | None) -> None:
    (update,) = read(of_person("dialog_muted", muted_until=until))
    told = update.my_chat_member
    assert told is not None
    assert isinstance(told.new_chat_member, ChatMemberRestricted)
    found = int((told.new_chat_member.until_date - told.date).total_seconds())
    assert found == lasts if lasts is not None else found <= 0
    (again,) = read(of_person("dialog_unmuted"))
    assert again.my_chat_member is not None
    assert isinstance(again.my_chat_member.old_chat_member, ChatMemberRestricted)
    assert isinstance(again.my_chat_member.new_chat_member, ChatMemberMember)
