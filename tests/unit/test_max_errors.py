"""The MAX part of docs/reference/outcomes.md, read and fed to the code."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

import pytest

from notifiers.asked import NEW, Asked, Deed
from notifiers.max_errors import MaxReason, outcome_of_answer
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown

PAGE = (Path(__file__).parents[2] / "docs/reference/outcomes.md").read_text("utf-8")
SECTION = PAGE.partition("\n## MAX\n")[2].partition("\n## Mail\n")[0]
EDIT, RECALL = Asked(Deed.EDIT, "mid.5"), Asked(Deed.RECALL, "mid.5")


def in_words(outcome: Outcome) -> tuple[str, str]:
    """The outcome and the reason as the page writes them."""
    match outcome:
        case Accepted(provider_id):
            return f"Accepted {provider_id}", ""
        case Deferred(reason, retry_after, whole_credential):
            assert retry_after is None, "MAX tells no times"
            return f"Deferred{', whole credential' if whole_credential else ''}", reason
        case Rejected(reason, address_is_dead, message_is_gone):
            dead, gone = ", address dead" * address_is_dead, ", message gone" * message_is_gone
            return f"Rejected{dead}{gone}", reason
        case Unknown(reason):
            return "Unknown", reason
        case _ as never:
            assert_never(never)


def rows() -> Iterator[tuple[Asked, int, bytes, str, str]]:
    pattern = r"^\| (new|edit|recall|any) \| `(\d+) (.+?)` \| (.+?) \| (?:`(.+?)` )?\|$"
    deeds = {"any": (NEW, EDIT, RECALL), "new": (NEW,), "edit": (EDIT,), "recall": (RECALL,)}
    for request, status, answer, outcome, reason in re.findall(pattern, SECTION, re.MULTILINE):
        for asked in deeds[request]:
            yield asked, int(status), answer.encode(), outcome, reason


@pytest.mark.parametrize(("asked", "status", "body", "outcome", "reason"), list(rows()))
def test_page_and_code_agree(asked: Asked, status: int, body: bytes, outcome: str, reason: str) -> None:
    assert in_words(outcome_of_answer(status, body, asked=asked)) == (outcome, reason)


def test_every_row_of_the_page_was_understood() -> None:
    table = SECTION.partition("### Answers")[2].partition("Notes.")[0]
    written = [line for line in table.splitlines() if line.startswith("| ") and not line.startswith("| Request")]
    assert len(written) == len(re.findall(r"^\| (?:new|edit|recall|any) \| `\d+ ", table, re.MULTILINE)) > 30


def test_page_names_every_reason_and_no_other() -> None:
    assert set(re.findall(r"\| `([a-z-]+)` \|$", SECTION, re.MULTILINE)) == set(MaxReason)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"[]", b"null", b'"ok"', b"[" * 100_000, b'{"success":1}'])
@pytest.mark.parametrize("asked", [NEW, EDIT, RECALL])
def test_bodies_that_say_nothing(body: bytes, asked: Asked) -> None:
    assert outcome_of_answer(200, body, asked=asked) == Unknown(MaxReason.UNDECODABLE_ANSWER)


@pytest.mark.parametrize("mid", [7, None, "", "mid.1 2", "x" * 201, {}, []])
def test_accepted_needs_the_id_of_the_message(mid: object) -> None:
    body = json.dumps({"message": {"body": {"mid": mid}}}).encode()
    assert outcome_of_answer(200, body) == Unknown(MaxReason.UNDECODABLE_ANSWER)


@pytest.mark.parametrize("odd", [None, 7, [], {}])
def test_odd_codes_are_survived(odd: object) -> None:
    refused = outcome_of_answer(200, json.dumps({"success": False, "code": odd, "message": odd}).encode())
    assert refused == Rejected(MaxReason.REFUSED)
    answer = outcome_of_answer(400, json.dumps({"code": odd, "message": odd}).encode())
    assert answer == Unknown(MaxReason.UNDECODABLE_ANSWER)
