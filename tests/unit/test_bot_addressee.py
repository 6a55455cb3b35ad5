from typing import Any

import pytest

from bot.inbox import ELSEWHERE, Addressee, addressee_of, conversation_of

CHAT = {"id": 100, "type": "private"}
PRIVATE = Addressee(100, is_private=True, query=None)
NOWHERE = Addressee(None, is_private=False, query=None)
SENDER = {"id": 100, "is_bot": False, "first_name": "А"}


@pytest.mark.parametrize(
    ("update", "expected"),
    [
        ({"update_id": 1, "message": {"message_id": 5, "chat": CHAT, "from": SENDER}}, PRIVATE),
        ({"update_id": 1, "edited_message": {"chat": CHAT}}, PRIVATE),
        (
            {"update_id": 1, "my_chat_member": {"chat": CHAT | {"type": "group"}}},
            Addressee(100, is_private=False, query=None),
        ),
        (
            {
                "update_id": 1,
                "callback_query": {"id": "77", "chat_instance": "1", "data": "x", "message": {"chat": CHAT}},
            },
            Addressee(100, is_private=True, query="77"),
        ),
        ({"update_id": 1, "callback_query": {"id": "77", "data": "x"}}, Addressee(None, is_private=False, query="77")),
        ({"update_id": 1}, NOWHERE),
        ({"update_id": 1, "message": None}, NOWHERE),
        ({"update_id": 1, "message": {"chat": "nonsense"}}, NOWHERE),
        ({"update_id": 1, "message": {"chat": {"id": "nonsense"}}}, NOWHERE),
    ],
)
def test_finds_where_an_answer_may_go_whatever_came(update: dict[str, Any], expected: Addressee) -> None:
    assert addressee_of(update) == expected
    assert conversation_of(update) == (ELSEWHERE if expected.chat is None else str(expected.chat))
