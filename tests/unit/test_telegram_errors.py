"""The Telegram half of docs/reference/outcomes.md, read and fed to the code."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import assert_never

import pytest

from notifiers.asked import NEW, Asked, Deed
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown
from notifiers.telegram_errors import TelegramReason, outcome_of_answer

PAGE = (Path(__file__).parents[2] / "docs/reference/outcomes.md").read_text("utf-8")
SECTION = PAGE.partition("\n## Telegram\n")[2].partition("\n## MAX\n")[0]
EDIT, RECALL = Asked(Deed.EDIT, "5"), Asked(Deed.RECALL, "5")


def in_words(outcome: Outcome) -> tuple[str, str]:
    """The outcome and the reason as the page writes them."""
    match outcome:
        case Accepted(provider_id):
            return f"Accepted {provider_id}", ""
        case Deferred(reason, retry_after, whole_credential):
            told = f" {retry_after.total_seconds():.0f} s" if retry_after else ""
            return f"Deferred{told}{', whole credential' if whole_credential else ''}", reason
        case Rejected(reason, address_is_dead, message_is_gone):
            dead, gone = ", address dead" * address_is_dead, ", message gone" * message_is_gone
            return f"Rejected{dead}{gone}", reason
        case Unknown(reason):
            return "Unknown", reason
        case _ as never:
            assert_never(never)


def body_of(answer: str, status: int) -> bytes:
    """A quoted answer is a raw body, or a description with optional parameters."""
    if answer.startswith(("{", "<")):
        return answer.encode()
    description, brace, parameters = answer.partition(" {")
    body: dict[str, object] = {"ok": False, "error_code": status, "description": description}
    if brace:
        body["parameters"] = json.loads("{" + parameters)
    return json.dumps(body).encode()


def rows() -> Iterator[tuple[Asked, int, bytes, str, str]]:
    pattern = r"^\| (new|edit|recall|any) \| `(\d+) (.+?)` \| (.+?) \| (?:`(.+?)` )?\|$"
    for request, status, answer, outcome, reason in re.findall(pattern, SECTION, re.MULTILINE):
        deeds = {"any": (NEW, EDIT, RECALL), "new": (NEW,), "edit": (EDIT,), "recall": (RECALL,)}
        for asked in deeds[request]:
            yield asked, int(status), body_of(answer, int(status)), outcome, reason


@pytest.mark.parametrize(("asked", "status", "body", "outcome", "reason"), list(rows()))
def test_page_and_code_agree(asked: Asked, status: int, body: bytes, outcome: str, reason: str) -> None:
    assert in_words(outcome_of_answer(status, body, asked=asked)) == (outcome, reason)


def test_every_row_of_the_page_was_understood() -> None:
    table = SECTION.partition("### Answers")[2].partition("Notes.")[0]
    written = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| Request")]
    assert len(written) == len(re.findall(r"^\| (?:new|edit|recall|any) \| `\d+ ", table, re.MULTILINE)) > 30


def test_page_names_every_reason_and_no_other() -> None:
    named = set(re.findall(r"\| `([a-z-]+)` \|$", SECTION, re.MULTILINE))
    assert named == set(TelegramReason)


@pytest.mark.parametrize("advice", [0, -1, 86_401, True, "7", None, 1.5])
def test_odd_retry_after_is_no_advice(advice: object) -> None:
    body = json.dumps({"ok": False, "error_code": 429, "parameters": {"retry_after": advice}}).encode()
    assert outcome_of_answer(429, body) == Deferred(TelegramReason.TOO_MANY_REQUESTS)


def test_longest_advice_is_taken() -> None:
    body = b'{"ok":false,"error_code":429,"parameters":{"retry_after":86400}}'
    told = outcome_of_answer(429, body)
    assert told == Deferred(TelegramReason.TOO_MANY_REQUESTS, timedelta(days=1))


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b'"ok"', b"[" * 100_000, b'{"ok":1,"result":{}}'])
def test_bodies_that_say_nothing(body: bytes) -> None:
    assert outcome_of_answer(200, body) == Unknown(TelegramReason.UNDECODABLE_ANSWER)


@pytest.mark.parametrize("result", [{"message_id": True}, {"message_id": "7"}, {"message_id": None}, {}, [], 7])
def test_accepted_needs_the_id_of_the_message(result: object) -> None:
    body = json.dumps({"ok": True, "result": result}).encode()
    assert outcome_of_answer(200, body) == Unknown(TelegramReason.UNDECODABLE_ANSWER)


def test_odd_parameters_and_description_are_survived() -> None:
    body = b'{"ok":false,"error_code":"x","description":null,"parameters":[1]}'
    assert outcome_of_answer(400, body) == Rejected(TelegramReason.REFUSED)
