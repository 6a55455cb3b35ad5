"""The mail half of docs/reference/outcomes.md, read and fed to the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifiers.mail_errors import MailReason, Stage, outcome_of_greeting, outcome_of_login, outcome_of_reply
from notifiers.port import Deferred, Rejected

PAGE = (Path(__file__).parents[2] / "docs/reference/outcomes.md").read_text("utf-8")
SECTION = PAGE.partition("\n## Mail\n")[2]
STAGES = {stage.value: (stage,) for stage in Stage} | {"any": tuple(Stage)}


def in_words(outcome: Deferred | Rejected) -> tuple[str, str]:
    """The outcome and the reason as the page writes them."""
    if isinstance(outcome, Deferred):
        assert outcome.retry_after is None, "SMTP tells no times"
        return f"Deferred{', whole credential' if outcome.whole_credential else ''}", outcome.reason
    assert not outcome.message_is_gone, "there is nothing to edit"
    return f"Rejected{', address dead' if outcome.address_is_dead else ''}", outcome.reason


def replies() -> Iterator[tuple[Stage, int, str, str, str]]:
    for stages, code, text, outcome, reason in re.findall(
        r"^\| (\w+) \| `(\d+) (.+?)` \| (.+?) \| `(.+?)` \|$", SECTION, re.MULTILINE
    ):
        for stage in STAGES[stages]:
            yield stage, int(code), text, outcome, reason


@pytest.mark.parametrize(("stage", "code", "text", "outcome", "reason"), list(replies()))
def test_page_and_code_agree(stage: Stage, code: int, text: str, outcome: str, reason: str) -> None:
    assert in_words(outcome_of_reply(stage, code, text)) == (outcome, reason)


def before_letters() -> list[tuple[str, str, str, str, str]]:
    return re.findall(r"^\| (greeting|login) `(-?\d+) (.+?)` \| (.+?) \| `(.+?)` \|$", SECTION, re.MULTILINE)


@pytest.mark.parametrize(("step", "code", "text", "outcome", "reason"), before_letters())
def test_page_and_code_agree_before_letters(step: str, code: str, text: str, outcome: str, reason: str) -> None:
    read = outcome_of_greeting(int(code), text) if step == "greeting" else outcome_of_login(int(code))
    assert in_words(read) == (outcome, reason)


def test_every_row_of_the_page_was_understood() -> None:
    tables = SECTION.partition("### Replies")[2].partition("Notes.")[0]
    written = [line for line in tables.splitlines() if re.match(r"\| (?!Stage|Before)\w", line)]
    understood = re.findall(r"^\| (?:\w+ \|) `\d+ |^\| (?:greeting|login) `", tables, re.MULTILINE)
    assert len(written) == len(understood) > 35


def test_page_names_every_reason_and_no_other() -> None:
    assert set(re.findall(r"\| `([a-z0-9-]+)` \|$", SECTION, re.MULTILINE)) == set(MailReason)


def test_the_enhanced_code_may_stand_on_a_later_line_and_a_lookalike_is_none() -> None:
    two_lines = "we are sorry\n5.7.1 but no"
    assert outcome_of_reply(Stage.RECIPIENT, 550, two_lines).reason == MailReason.POLICY
    address = "5.7.1.9 is listed"
    assert outcome_of_reply(Stage.RECIPIENT, 550, address).reason == MailReason.REFUSED
