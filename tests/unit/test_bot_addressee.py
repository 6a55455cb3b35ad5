from typing import Any

import pytest

from bot.inbox import ELSEWHERE, Addressee, addressee_of, conversation_of

CHAT = {"id": 100, "type": "private"}
SENDER = {"id": 100, "is_bot": False, "first_name": "А"}


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ({"update_id": 1, "message": {"message_id": 5, "chat": CHAT, "from": SENDER}}, Addressee(100, True, None)),
        ({"update_id": 1, "edited_message": {"chat": CHAT}}, Addressee(100, True, None)),
        ({"update_id": 1, "my_chat_member": {"chat": CHAT | {"type": "group"}}}, Addressee(100, False, None)),
        (
            {"update_id": 1, "callback_query": {"id": "77", "chat_instance": "1", "data": "x", "message": {"chat": CHAT}}},
            Addressee(100, True, "77"),
        ),
        ({"update_id": 1, "callback_query": {"id": "77", "data": "x"}}, Addressee(None, False, "77")),
        ({"update_id": 1}, Addressee(None, False, None)),
        ({"update_id": 1, "message": None}, Addressee(None, False, None)),
        ({"update_id": 1, "message": {"chat": "nonsense"}}, Addressee(None, False, None)),
        ({"update_id": 1, "message": {"chat": {"id": "nonsense"}}}, Addressee(None, False, None)),
    ],
)
def test_finds_where_an_answer_may_go_whatever_came(update: dict[str, Any], expected: Addressee) -> None:
    assert addressee_of(update) == expected
    assert conversation_of(update) == (ELSEWHERE if expected.chat is None else str(expected.chat))
