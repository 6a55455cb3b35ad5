"""The request's bytes, and what is refused before sending; settings; turns and pauses."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.max import MaxNotifier
from notifiers.max_errors import MaxReason
from notifiers.max_request import call_of
from notifiers.max_settings import MaxSettings
from notifiers.max_turns import DialogueTurns, GrowingPauses
from notifiers.port import Button, Deferred, Message, Rejected

TOKEN = "AA-secret_token"
PLAIN = Message(key="k1", address="1001", text="Ёж & <мышь>")
YES = Button("Да", "a:1")


def decoded(message: Message) -> tuple[str, dict[str, Any]]:
    call = call_of(message)
    assert not isinstance(call, Rejected)
    body: dict[str, Any] = json.loads(call.body)
    return call.query, body


def test_plain_text_goes_plain_to_the_user() -> None:
    assert decoded(PLAIN) == ("user_id=1001", {"text": "Ёж & <мышь>"})


def test_html_goes_as_it_is_with_buttons_and_without_a_sound() -> None:
    rows = ((Button("Понятно", "a:1"), Button("Болеет", "b:1")), (Button("Опаздывает", "ц" * 32),))
    query, body = decoded(replace(PLAIN, html="<b>Нет на уроке</b>", protected=True, silent=True, buttons=rows))
    assert query == "user_id=1001"
    assert body == {
        "text": "<b>Нет на уроке</b>",
        "format": "html",
        "attachments": [
            {
                "type": "inline_keyboard",
                "payload": {
                    "buttons": [
                        [
                            {"type": "callback", "text": "Понятно", "payload": "a:1"},
                            {"type": "callback", "text": "Болеет", "payload": "b:1"},
                        ],
                        [{"type": "callback", "text": "Опаздывает", "payload": "ц" * 32}],
                    ]
                },
            }
        ],
        "notify": False,
    }


def test_an_edit_says_what_becomes_of_the_keyboard() -> None:
    edit = replace(PLAIN, provider_id="mid.0a_b-c", silent=True)
    assert decoded(edit) == ("message_id=mid.0a_b-c", {"text": PLAIN.text, "attachments": []})
    assert decoded(replace(edit, buttons=((YES,),)))[1]["attachments"][0]["payload"] == {
        "buttons": [[{"type": "callback", "text": "Да", "payload": "a:1"}]]
    }


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (replace(PLAIN, address="-1001"), MaxReason.BAD_ADDRESS),
        (replace(PLAIN, address="0"), MaxReason.BAD_ADDRESS),
        (replace(PLAIN, address="1001\n"), MaxReason.BAD_ADDRESS),
        (replace(PLAIN, address="١٢"), MaxReason.BAD_ADDRESS),
        (replace(PLAIN, address="1&chat_id=2"), MaxReason.BAD_ADDRESS),
        (replace(PLAIN, provider_id="mid.1&x=2"), MaxReason.BAD_PROVIDER_ID),
        (replace(PLAIN, provider_id=""), MaxReason.BAD_PROVIDER_ID),
        (replace(PLAIN, text="я" * 4001), MaxReason.TOO_LONG),
        (replace(PLAIN, text="я" * 4001, html="<b>" + "я" * 4000 + "</b>"), MaxReason.TOO_LONG),
        (replace(PLAIN, text=" \n"), MaxReason.BAD_TEXT),
        (replace(PLAIN, text="", html="я" * 4001), MaxReason.BAD_TEXT),
        (replace(PLAIN, text="\ud800"), MaxReason.BAD_TEXT),
        (replace(PLAIN, buttons=((Button("", "x"),),)), MaxReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((Button("я" * 129, "x"),),)), MaxReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((Button("Да", ""),),)), MaxReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((Button("Да", "ц" * 33),),)), MaxReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((),)), MaxReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((YES,) * 8,)), MaxReason.BAD_BUTTON),
        (replace(PLAIN, buttons=((YES,),) * 31), MaxReason.BAD_BUTTON),
    ],
)
def test_refused_before_sending(message: Message, reason: MaxReason) -> None:
    assert call_of(message) == Rejected(reason)


def test_the_largest_keyboard_and_the_longest_text_go() -> None:
    _, body = decoded(replace(PLAIN, text="я" * 4000, buttons=((YES,) * 7,) * 30))
    assert len(body["text"]) == 4000
    assert [len(row) for row in body["attachments"][0]["payload"]["buttons"]] == [7] * 30


def test_where_markup_takes_the_text_over_the_limit_it_goes_plain() -> None:
    _, body = decoded(replace(PLAIN, text="я" * 4000, html="<b>" + "я" * 4000 + "</b>"))
    assert body == {"text": "я" * 4000}


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_is_refused_or_carried_whole(text: str, label: str) -> None:
    call = call_of(replace(PLAIN, html=text, buttons=((Button(label, "x"),),)))
    if not isinstance(call, Rejected):
        read = json.loads(call.body)
        assert read["text"] == text
        assert read["attachments"][0]["payload"]["buttons"][0][0]["text"] == label


def test_settings_do_not_show_the_token_nor_the_proxy() -> None:
    settings = MaxSettings(TOKEN, proxy="http://user:pass@proxy:3128")
    shown = repr(settings) + repr(MaxNotifier(settings))
    assert "secret" not in shown
    assert "pass" not in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"token": "Bearer secret"},
        {"token": "secret\n"},
        {"token": ""},
        {"token": TOKEN, "base_url": "ftp://x"},
        {"token": TOKEN, "base_url": "https://x/?secret"},
        {"token": TOKEN, "proxy": "socks5://user:secret@x"},
        {"token": TOKEN, "concurrency": 0},
        {"token": TOKEN, "timeout": timedelta()},
    ],
)
def test_wrong_settings_get_a_sentence_without_secrets(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"[а-я]+") as caught:
        MaxSettings(**wrong)
    assert "secret" not in str(caught.value)


def test_a_file_of_certificates_that_cannot_be_used_is_told_of(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nне она\n", encoding="utf-8")
    empty = tmp_path / "empty.pem"
    empty.touch()
    for file, sentence in ((tmp_path / "none.pem", "не читается"), (broken, "нет сертификатов"), (empty, "нет серт")):
        with pytest.raises(ValueError, match=sentence):
            MaxNotifier(MaxSettings(TOKEN, ca_file=file))


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_two_calls_for_a_dialogue_then_the_third_waits() -> None:
    clock = Clock()
    turns = DialogueTurns(clock)
    turns.begin("1")
    clock.now += 0.5
    assert turns.next_for("1") <= clock.now
    turns.begin("1")
    assert turns.next_for("1") == pytest.approx(101.1)
    assert turns.next_for("2") <= clock.now
    clock.now = 101.1
    turns.begin("1")
    assert turns.next_for("1") == pytest.approx(101.6)


def test_old_turns_are_forgotten() -> None:
    clock = Clock()
    turns = DialogueTurns(clock)
    for dialogue in range(1000):
        turns.begin(str(dialogue))
        clock.now += 2
    assert len(turns._begun) <= 2


def told(seconds: int, *, whole: bool = False) -> Deferred:
    return Deferred(MaxReason.TOO_MANY_REQUESTS, timedelta(seconds=seconds), whole_credential=whole)


def test_pauses_of_a_dialogue_grow_until_it_answers() -> None:
    clock = Clock()
    pauses = GrowingPauses(clock)
    lengths = []
    for _ in range(9):
        refused = pauses.refused("1")
        assert refused.retry_after is not None
        lengths.append(refused.retry_after.total_seconds())
        clock.now += lengths[-1]
    assert lengths == [1, 2, 4, 8, 16, 32, 64, 64, 64]
    pauses.answered("1")
    assert pauses.refused("1") == told(1)
    assert pauses.standing("1") == Deferred(MaxReason.CHAT_PAUSED, timedelta(seconds=1))
    assert pauses.standing("2") is None


def test_a_429_of_long_ago_counts_no_more() -> None:
    clock = Clock()
    pauses = GrowingPauses(clock)
    pauses.refused("1")
    clock.now += 601
    assert pauses.refused("1") == told(1)


def test_two_dialogues_within_a_second_pause_the_bot() -> None:
    clock = Clock()
    pauses = GrowingPauses(clock)
    assert pauses.refused("1") == told(1)
    clock.now += 0.9
    assert pauses.refused("2") == told(1, whole=True)
    paused = pauses.standing("3")
    assert paused is not None
    assert (paused.reason, paused.whole_credential) == (MaxReason.CREDENTIAL_PAUSED, True)
