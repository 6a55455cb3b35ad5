"""Bot API objects as they go over the wire (https://core.telegram.org/bots/api#available-types)."""

import hashlib
from typing import Any

from zvonok.sandbox.chats import Account, Chat, ChatMessage, Document, Press, Profile, StoredFile

type Json = dict[str, Any]


def bot_user(account: Account) -> Json:
    """User: the bot as others see it."""
    return {"id": account.bot_id, "is_bot": True, "first_name": account.first_name, "username": account.username}


def me(account: Account) -> Json:
    """User: the bot as getMe tells it to itself."""
    abilities = dict.fromkeys(
        (
            "can_join_groups",
            "can_read_all_group_messages",
            "supports_inline_queries",
            "can_connect_to_business",
            "has_main_web_app",
        ),
        False,
    )
    return bot_user(account) | abilities


def _names(profile: Profile) -> Json:
    names = {"first_name": profile.first_name, "last_name": profile.last_name, "username": profile.username}
    return {name: value for name, value in names.items() if value}


def person_user(profile: Profile) -> Json:
    """User: a person."""
    user = {"id": profile.user_id, "is_bot": False} | _names(profile)
    return user | ({"language_code": profile.language_code} if profile.language_code else {})


def chat(profile: Profile) -> Json:
    """Chat: the private chat with a person."""
    return {"id": profile.user_id, "type": "private"} | _names(profile)


def document(file: Document) -> Json:
    """Document."""
    return {
        "file_id": file.file_id,
        "file_unique_id": unique_file_id(file.file_id),
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": file.size,
    }


def unique_file_id(file_id: str) -> str:
    """``file_unique_id``: stable, and of no use for downloading."""
    return hashlib.sha256(file_id.encode()).hexdigest()[:16]


def stored_file(file: StoredFile) -> Json:
    """File."""
    return {
        "file_id": file.file_id,
        "file_unique_id": unique_file_id(file.file_id),
        "file_size": file.size,
        "file_path": file.path,
    }


def message(account: Account, where: Chat, shown: ChatMessage, *, quoting: bool = True) -> Json:
    """Message; a message that it answers is shown inside it, one level deep."""
    result: Json = {
        "message_id": shown.message_id,
        "from": bot_user(account) if shown.from_bot else person_user(where.profile),
        "chat": chat(where.profile),
        "date": int(shown.sent_at.timestamp()),
    }
    if shown.edited_at is not None:
        result["edit_date"] = int(shown.edited_at.timestamp())
    if shown.protected:
        result["has_protected_content"] = True
    if quoting and shown.reply_to is not None and (quoted := where.message(shown.reply_to)) is not None:
        result["reply_to_message"] = message(account, where, quoted, quoting=False)
    result |= _body(shown)
    if shown.content.inline_keyboard is not None:
        result["reply_markup"] = shown.content.inline_keyboard
    return result


def _body(shown: ChatMessage) -> Json:
    content = shown.content
    text, entities = ("text", "entities") if shown.document is None else ("caption", "caption_entities")
    body: Json = {} if shown.document is None else {"document": document(shown.document)}
    if content.text:
        body[text] = content.text
    if content.entities:
        body[entities] = list(content.entities)
    if content.no_preview:
        body["link_preview_options"] = {"is_disabled": True}
    return body


def callback_query(account: Account, where: Chat, shown: ChatMessage, press: Press) -> Json:
    """CallbackQuery."""
    return {
        "id": press.query_id,
        "from": person_user(where.profile),
        "message": message(account, where, shown),
        "chat_instance": _chat_instance(press.bot_id, press.chat_id),
        "data": press.payload,
    }


def _chat_instance(bot_id: int, chat_id: int) -> str:
    digest = hashlib.sha256(f"{bot_id}:{chat_id}".encode()).digest()
    return str(int.from_bytes(digest[:8], signed=True))


def membership(account: Account, where: Chat, date: int, *, blocked: bool) -> Json:
    """ChatMemberUpdated: the person stopped the bot, or let it write again."""
    bot = bot_user(account)
    member: Json = {"user": bot, "status": "member"}
    kicked: Json = {"user": bot, "status": "kicked", "until_date": 0}
    return {
        "chat": chat(where.profile),
        "from": person_user(where.profile),
        "date": date,
        "old_chat_member": member if blocked else kicked,
        "new_chat_member": kicked if blocked else member,
    }
