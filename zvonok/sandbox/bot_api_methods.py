"""The methods of the Bot API that the sandbox knows, each one step without waiting.

https://core.telegram.org/bots/api#available-methods. ``getUpdates`` waits and therefore lives in ``bot_api_server``.
A method gets a ``Call`` and returns the ``result`` of the answer, or raises ``RefusalError`` having changed nothing.
"""

import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from zvonok.sandbox import shapes
from zvonok.sandbox.chats import ChatMessage, Content, Document, PressAnswer
from zvonok.sandbox.keyboards import MarkupJson, is_inline, parse_reply_markup
from zvonok.sandbox.parameters import UNKNOWN_MIME, Parameters
from zvonok.sandbox.refusals import bad_request
from zvonok.sandbox.text_entities import MAX_CAPTION, MAX_TEXT, FormattedText, formatted
from zvonok.sandbox.world import World

type Json = dict[str, Any]

MAX_DOWNLOAD = 20 * 1024 * 1024
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_MAX_PRESS_ANSWER = 200
_MAX_COMMANDS = 100
_MAX_COMMAND_DESCRIPTION = 256
_CHAT_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request for one method."""

    world: World
    bot_id: int
    parameters: Parameters

    @property
    def chat_id(self) -> int | None:
        """The chat that it is about, if it is a number."""
        return self.parameters.integer("chat_id")

    def require_chat(self) -> None:
        """Refuse a request that names no chat at all."""
        if not self.parameters.text("chat_id"):
            raise bad_request("chat_id is empty")


def get_me(call: Call) -> Json:
    """GetMe."""
    return shapes.me(call.world.accounts[call.bot_id])


def send_message(call: Call) -> Json:
    """SendMessage."""
    call.require_chat()
    text = _text(call)
    markup = parse_reply_markup(call.parameters.values.get("reply_markup"))
    return _post(call, text, markup)


def send_document(call: Call) -> Json:
    """SendDocument: a new file, or one that this bot has uploaded before."""
    call.require_chat()
    caption = _caption(call)
    markup = parse_reply_markup(call.parameters.values.get("reply_markup"))
    call.world.writable_chat(call.bot_id, call.chat_id)
    _reply_target(call)
    return _post(call, caption, markup, _document(call))


def _post(call: Call, text: FormattedText, markup: MarkupJson | None, document: Document | None = None) -> Json:
    where = call.world.writable_chat(call.bot_id, call.chat_id)
    inline = markup if is_inline(markup) else None
    preview = call.parameters.nested("link_preview_options")
    no_preview = call.parameters.flag("disable_web_page_preview") or (
        isinstance(preview, dict) and preview.get("is_disabled") is True
    )
    message = ChatMessage(
        message_id=call.world.next_message_id(call.bot_id),
        bot_id=call.bot_id,
        chat_id=where.profile.user_id,
        from_bot=True,
        content=Content(text.text, text.entities, inline, call.world.chronicle.clock(), no_preview),
        document=document,
        protected=call.parameters.flag("protect_content"),
        reply_to=_reply_target(call),
        reply_keyboard=None if is_inline(markup) else markup,
    )
    return call.world.message_json(call.world.post(message))


def _text(call: Call) -> FormattedText:
    source = call.parameters.text("text")
    if not source:
        raise bad_request("message text is empty")
    mode = call.parameters.text("parse_mode")
    entities = call.parameters.nested("entities") or ()
    editing = "message_id" in call.parameters.values
    # Sends are measured by TDLib, edits by the server behind it: the wordings differ.
    text = formatted(source, mode, entities, MAX_TEXT, "MESSAGE_TOO_LONG" if editing else "message is too long")
    if not text.text:
        raise bad_request("text must be non-empty")
    return text


def _caption(call: Call) -> FormattedText:
    mode = call.parameters.text("parse_mode")
    entities = call.parameters.nested("caption_entities") or ()
    return formatted(call.parameters.text("caption"), mode, entities, MAX_CAPTION, "message caption is too long")


def _reply_target(call: Call) -> int | None:
    reply = call.parameters.nested("reply_parameters")
    given = reply if isinstance(reply, dict) else {}
    target = given.get("message_id", call.parameters.integer("reply_to_message_id"))
    if target is None:
        return None
    where = call.world.open_chat(call.bot_id, call.chat_id)
    if isinstance(target, int) and where.message(target) is not None:
        return target
    if given.get("allow_sending_without_reply") or call.parameters.flag("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _document(call: Call) -> Document:
    reference = call.parameters.text("document")
    name = reference.removeprefix("attach://") if reference.startswith("attach://") else "document"
    upload = call.parameters.uploads.get(name)
    if upload is not None:
        if not upload.body:
            raise bad_request("file must be non-empty")
        # Telegram goes by the name where the uploader does not say what it is.
        guessed = mimetypes.guess_type(upload.name)[0] if upload.mime == UNKNOWN_MIME else None
        file = call.world.files.keep(call.bot_id, upload.name, guessed or upload.mime, upload.body)
    elif not reference or reference.startswith("attach://"):
        raise bad_request("there is no document in the request")
    else:
        known = call.world.files.find(call.bot_id, reference)
        if known is None:
            # Telegram would also fetch an address; the sandbox reaches nothing outside.
            raise bad_request("wrong file identifier/HTTP URL specified")
        file = known
    return Document(file.file_id, file.name, file.mime, file.size)


def _message_to(call: Call, purpose: str) -> ChatMessage:
    call.require_chat()
    where = call.world.open_chat(call.bot_id, call.chat_id)
    message_id = call.parameters.integer("message_id")
    message = None if message_id is None else where.message(message_id)
    if message is None:
        raise bad_request(f"message to {purpose} not found")
    return message


def _message_to_edit(call: Call) -> ChatMessage:
    message = _message_to(call, "edit")
    if not message.from_bot or message.reply_keyboard is not None:
        raise bad_request("message can't be edited")
    return message


def edit_message_text(call: Call) -> Json:
    """EditMessageText: without a markup the inline keyboard goes; the bot's own messages have no age limit."""
    call.require_chat()
    text = _text(call)
    markup = _inline_markup(call)
    message = _message_to_edit(call)
    if message.document is not None:
        raise bad_request("there is no text in the message to edit")
    return _edited(call, message, text, markup)


def edit_message_reply_markup(call: Call) -> Json:
    """EditMessageReplyMarkup."""
    markup = _inline_markup(call)
    message = _message_to_edit(call)
    return _edited(call, message, FormattedText(message.text, message.content.entities), markup)


def _inline_markup(call: Call) -> MarkupJson | None:
    markup = parse_reply_markup(call.parameters.values.get("reply_markup"))
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    return markup


def _edited(call: Call, message: ChatMessage, text: FormattedText, markup: MarkupJson | None) -> Json:
    now = call.world.chronicle.clock()
    content = Content(text.text, text.entities, markup, now, message.content.no_preview)
    if content.says_the_same(message.content):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    return call.world.message_json(call.world.edit(message, content))


def delete_message(call: Call) -> bool:
    """DeleteMessage: within 48 hours, from either side (in private chats a bot may delete both)."""
    for name, problem in (("chat_id", "chat identifier"), ("message_id", "message identifier")):
        if not call.parameters.text(name):
            raise bad_request(f"{problem} is not specified")
    call.world.delete(_message_to(call, "delete"))
    return True


def answer_callback_query(call: Call) -> bool:
    """AnswerCallbackQuery."""
    text = call.parameters.text("text")
    if len(text) > _MAX_PRESS_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = PressAnswer(text, call.parameters.flag("show_alert"), call.parameters.text("url"))
    call.world.answer_press(call.bot_id, call.parameters.text("callback_query_id"), answer)
    return True


def send_chat_action(call: Call) -> bool:
    """SendChatAction."""
    call.require_chat()
    if call.parameters.text("action").lower() not in _CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.writable_chat(call.bot_id, call.chat_id)
    return True


def get_file(call: Call) -> Json:
    """GetFile."""
    file_id = call.parameters.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    file = call.world.files.find(call.bot_id, file_id)
    if file is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if file.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return shapes.stored_file(file)


def set_my_commands(call: Call) -> bool:
    """SetMyCommands."""
    commands = call.parameters.nested("commands")
    if not isinstance(commands, list):
        raise bad_request("expected an Array of BotCommand")
    if len(commands) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    _keep_commands(call, [_command(command) for command in commands])
    return True


def _command(command: Any) -> Json:
    if not isinstance(command, dict) or not all(
        isinstance(command.get(name), str) for name in ("command", "description")
    ):
        raise bad_request("can't parse BotCommand: expected an Object")
    if not re.fullmatch(r"/?[a-z0-9_]{1,32}", command["command"]):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(command["description"]) <= _MAX_COMMAND_DESCRIPTION:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command["command"].removeprefix("/"), "description": command["description"]}


def delete_my_commands(call: Call) -> bool:
    """DeleteMyCommands."""
    _keep_commands(call, [])
    return True


def _keep_commands(call: Call, commands: list[Json]) -> None:
    call.world.set_commands(call.bot_id, *_commands_key(call), commands)


def _commands_key(call: Call) -> tuple[str, str]:
    scope = call.parameters.nested("scope") or {"type": "default"}
    if not isinstance(scope, dict) or not isinstance(scope.get("type"), str):
        raise bad_request("can't parse BotCommandScope: expected an Object")
    parts = (scope["type"], *(str(scope[name]) for name in ("chat_id", "user_id") if name in scope))
    return "/".join(parts), call.parameters.text("language_code")


def get_my_commands(call: Call) -> list[Json]:
    """GetMyCommands."""
    return call.world.commands.get((call.bot_id, *_commands_key(call)), [])


def set_webhook(call: Call) -> bool:
    """SetWebhook, of an address of this machine; the secret is of 1 to 256 letters, figures, ``_`` and ``-``."""
    url, secret = call.parameters.text("url"), call.parameters.text("secret_token")
    if not url:
        return delete_webhook(call)
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    try:
        call.world.webhooks.put(call.bot_id, url, secret or None)
    except ValueError:
        raise bad_request("bad webhook: the sandbox calls addresses of its own machine only") from None
    kinds = call.parameters.nested("allowed_updates")
    call.world.updates.allow(call.bot_id, kinds if isinstance(kinds, list) else None)
    return True


def delete_webhook(call: Call) -> bool:
    """DeleteWebhook."""
    call.world.webhooks.drop(call.bot_id)
    if call.parameters.flag("drop_pending_updates"):
        call.world.updates.drop(call.bot_id)
    return True


def get_webhook_info(call: Call) -> Json:
    """GetWebhookInfo."""
    updates, hook = call.world.updates, call.world.webhooks.of(call.bot_id)
    info: Json = {
        "url": "" if hook is None else hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(updates.pending(call.bot_id)),
    }
    if hook is not None and hook.since is not None:
        info |= {"last_error_date": int(hook.since.timestamp()), "last_error_message": hook.failed}
    allowed = updates.allowed(call.bot_id)
    return info if allowed is None else info | {"allowed_updates": sorted(allowed)}


METHODS: dict[str, Callable[[Call], Any]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "sendChatAction": send_chat_action,
    "getFile": get_file,
    "setMyCommands": set_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getMyCommands": get_my_commands,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
"""By Telegram's spelling; callers may write them in any case."""
