"""aiogram's models, completed in our order: every one of them, and nothing of pydantic left changed."""

from typing import Any

from aiogram import types
from aiogram.types import Update
from pydantic import BaseModel

from bot import quick_import

MODELS = [getattr(types, name) for name in types.__all__ if hasattr(getattr(types, name), "model_rebuild")]


class Leaf(BaseModel):
    size: int


class Branch(BaseModel):
    leaves: "list[Leaf]"


class Tree(BaseModel):
    branches: "list[Branch]"
    grown_from: "Tree | None" = None


class Message(BaseModel):
    text: str


def test_every_model_is_complete() -> None:
    assert len(MODELS) > 400
    assert [model.__name__ for model in MODELS if not model.__pydantic_complete__] == []


def test_an_update_is_read_to_its_depth() -> None:
    chat = {"id": 5, "type": "private"}
    message = {"message_id": 1, "date": 1_790_000_000, "chat": chat, "text": "н"}
    press = {"id": "7", "from": {"id": 5, "is_bot": False, "first_name": "Я"}, "chat_instance": "1", "message": message}
    update = Update.model_validate({"update_id": 1, "callback_query": press})
    assert update.callback_query is not None
    assert isinstance(update.callback_query.message, types.Message)
    assert update.callback_query.message.chat.id == 5


def test_what_others_lead_to_comes_first_and_a_message_before_all() -> None:
    asked: list[tuple[type[BaseModel], dict[str, Any]]] = [(model, {}) for model in (Tree, Branch, Leaf, Message)]
    assert [model for model, _ in quick_import._in_order(asked)] == [Message, Leaf, Branch, Tree]


def test_pydantic_is_left_as_it_was() -> None:
    before = vars(BaseModel)["model_rebuild"]
    with quick_import._putting_off() as asked:
        Branch.model_rebuild(_types_namespace={"Leaf": Leaf})
        assert Branch.model_rebuild(force=True) is True
    assert [model for model, _ in asked] == [Branch]
    assert vars(BaseModel)["model_rebuild"] is before
