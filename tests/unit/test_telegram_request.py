"""The request's bytes, and what is refused before sending; settings; pauses."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.pauses import Pauses
from notifiers.port import Button, Deferred, Message, Rejected
from notifiers.telegram import TelegramNotifier, TelegramSettings, request_of
from notifiers.telegram_errors import PAUSED, TelegramReason

TOKEN = "42:AA-secret_token"
PLAIN = Message(key="k1", address="1001", text="Ёж & <мышь>")


def decoded(message: Message) -> dict[str, Any]:
    body = request_of(message)
    assert isinstance(body, bytes)
    decoded: dict[str, Any] = json.loads(body)
    return decoded


def test_plain_text_is_escaped() -> None:
    assert decoded(PLAIN) == {
        "chat_id": 1001,
        "text": "Ёж &amp; &lt;мышь&gt;",
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


def test_html_goes_as_it_is_with_protection_and_buttons() -> None:
    rows = ((Button("Понятно", "a:1"), Button("Болеет", "b:1")), (Button("Опаздывает", "ц" * 32),))
    body = decoded(replace(PLAIN, html="<b>Нет на уроке</b>", protected=True, buttons=rows))
    assert body["text"] == "<b>Нет на уроке</b>"
    assert body["protect_content"] is True
    assert body["reply_markup"] == {
        "inline_keyboard": [
            [{"text": "Понятно", "callback_data": "a:1"}, {"text": "Болеет", "callback_data": "b:1"}],
            [{"text": "Опаздывает", "callback_data": "ц" * 32}],
        ]
    }


def test_edit_names_the_message_and_leaves_protection_alone() -> None:
    body = decoded(replace(PLAIN, provider_id="77", protected=True))
    assert body["message_id"] == 77
    assert "protect_content" not in body


def test_group_chat_ids_are_negative_numbers() -> None:
    assert decoded(replace(PLAIN, address="-1001234567890"))["chat_id"] == -1001234567890


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(PLAIN, address="@channel"), TelegramReason.BAD_ADDRESS),
        (replace(PLAIN, address=""), TelegramReason.BAD_ADDRESS),
        (replace(PLAIN, address="1001\n"), TelegramReason.BAD_ADDRESS),
        (replace(PLAIN, address="١٢"), TelegramReason.BAD_ADDRESS),
        (replace(PLAIN, provider_id="<x@y>"), TelegramReason.BAD_PROVIDER_ID),
        (replace(PLAIN, text="я" * 4097), TelegramReason.TOO_LONG),
        (replace(PLAIN, html="<b>" + "я" * 4097 + "</b>"), TelegramReason.TOO_LONG),
        (replace(PLAIN, text=" \n"), TelegramReason.BAD_TEXT),
        (replace(PLAIN, text="\ud800"), TelegramReason.BAD_TEXT),
        (replace(PLAIN, buttons=((Button("", "x"),),)), TelegramReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((Button("Да", ""),),)), TelegramReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((Button("Да", "ц" * 33),),)), TelegramReason.BAD_BUTTON),
    ],
)
def test_refused_before_sending(message: Message, reason: TelegramReason) -> None:
    assert request_of(message) == Rejected(reason)


@pytest.mark.parametrize(
    "message",
    [
        replace(PLAIN, text="я" * 4096),
        replace(PLAIN, text="&" * 4096),
        replace(PLAIN, text="", html="<b>" + "&amp;" * 4096 + "</b>"),
    ],
)
def test_the_limit_counts_what_is_shown(message: Message) -> None:
    assert isinstance(request_of(message), bytes)


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_is_refused_or_carried_whole(text: str, label: str) -> None:
    body = request_of(replace(PLAIN, html=text, buttons=((Button(label, "x"),),)))
    if isinstance(body, bytes):
        read = json.loads(body)
        assert read["text"] == text
        assert read["reply_markup"]["inline_keyboard"][0][0]["text"] == label


def test_settings_do_not_show_the_token_nor_the_proxy() -> None:
    settings = TelegramSettings(TOKEN, proxy="http://user:pass@proxy:3128")
    shown = repr(settings) + repr(TelegramNotifier(settings))
    assert "secret" not in shown
    assert "pass" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "secret-without-number"},
        {"token": TOKEN + "\n"},
        {"token": TOKEN, "base_url": "ftp://x"},
        {"token": TOKEN, "base_url": "https://x/?secret"},
        {"token": TOKEN, "proxy": "socks5://user:secret@x"},
        {"token": TOKEN, "concurrency": 0},
        {"token": TOKEN, "timeout": timedelta()},
    ],
)
def test_wrong_settings_get_a_sentence_without_secrets(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"[а-я]+") as caught:
        TelegramSettings(**wrong)
    assert "secret" not in str(caught.value)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(seconds: int | None) -> Deferred:
    return Deferred(TelegramReason.TOO_MANY_REQUESTS, timedelta(seconds=seconds) if seconds else None)


def test_a_429_pauses_its_chat_only() -> None:
    clock = Clock()
    pauses = Pauses(clock, PAUSED)
    assert pauses.refused("1", told(5)) == told(5)
    assert pauses.standing("2") is None
    clock.now += 2
    assert pauses.standing("1") == Deferred(TelegramReason.CHAT_PAUSED, timedelta(seconds=3))
    clock.now += 3
    assert pauses.standing("1") is None


def test_two_chats_within_a_second_pause_the_bot() -> None:
    clock = Clock()
    pauses = Pauses(clock, PAUSED)
    assert pauses.refused("1", told(5)).whole_credential is False
    clock.now += 1
    assert pauses.refused("2", told(4)) == Deferred(told(4).reason, told(4).retry_after, whole_credential=True)
    assert pauses.standing("3") == Deferred(
        TelegramReason.CREDENTIAL_PAUSED, timedelta(seconds=4), whole_credential=True
    )
    clock.now += 4
    assert [pauses.standing(chat) for chat in ("1", "2", "3")] == [None] * 3


def test_two_chats_further_apart_do_not() -> None:
    clock = Clock()
    pauses = Pauses(clock, PAUSED)
    pauses.refused("1", told(5))
    clock.now += 1.01
    assert pauses.refused("2", told(5)).whole_credential is False
    assert pauses.standing("3") is None


def test_the_same_chat_again_is_one_chat_and_never_shortens_its_pause() -> None:
    clock = Clock()
    pauses = Pauses(clock, PAUSED)
    pauses.refused("1", told(9))
    assert pauses.refused("1", told(2)).whole_credential is False
    assert pauses.standing("1") == Deferred(TelegramReason.CHAT_PAUSED, timedelta(seconds=9))


def test_a_429_without_advice_leaves_the_pause_to_the_caller() -> None:
    pauses = Pauses(Clock(), PAUSED)
    assert pauses.refused("1", told(None)) == told(None)
    assert pauses.standing("1") is None


def test_old_pauses_are_forgotten() -> None:
    clock = Clock()
    pauses = Pauses(clock, PAUSED)
    for chat in range(1000):
        pauses.refused(str(chat), told(1))
        clock.now += 2
    assert len(pauses._chat_until) + len(pauses._refused_at) <= 2
