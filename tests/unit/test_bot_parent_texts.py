"""Every sentence of a parent's conversation: used, and short enough for where it is shown."""

import re
from pathlib import Path

import pytest

from bot.parent_payloads import ADVISED, ADVISED_SURE, ASK_SILENCE, LATER, SHOW, SILENCE
from bot.quiet_hours import ZONES
from bot.turn import MAX_TOAST
from core.events import AbsenceKind, Channel, NoticeAct, NoticeAsk, ProposedReason, RemarkKind
from core.learning.diary_gaps import NoLessons
from gateway.categories import OFFERED
from gateway.profiles import DAYS, Mode
from texts.reader import FOLDER, LANGUAGES, load

IDS = re.compile(r"^([a-z][a-z0-9-]*) =", re.MULTILINE)
TOASTS = (
    "parent-subs-chosen",
    "parent-notice-thanks-confirmed",
    "parent-notice-thanks-signed",
    "parent-notice-thanks-refused",
    "parent-notice-card-old",
    "parent-notice-answered-so",
    "refusal-no-children-here",
    "refusal-channel-not-yours",
    "refusal-subject-not-taught",
    "refusal-hours-not-offered",
    "refusal-link-not-told-yet",
)
LONGEST_LABEL = 28
"""Characters of a button of ours that stands alone in its row, on a phone of 390 px."""


def built() -> set[str]:
    """Name the sentences whose names the code puts together."""
    categories = [one.replace("_", "-") for one in OFFERED]
    ways = [f"{mode}-{channel}" for mode in (Mode.NOW, Mode.DAILY, Mode.WEEKLY) for channel in Channel] + ["off"]
    asks = [one for one in NoticeAsk if one is not NoticeAsk.READ]
    return {
        *(f"parent-subs-{one}" for one in categories),
        *(f"parent-subs-about-{one}" for one in categories),
        *(f"parent-way-{one}" for one in ways),
        *(f"parent-{what}-day-{day}" for what in ("when", "button") for day in DAYS),
        *(f"parent-button-{one}" for one in ways),
        *(f"parent-diary-absent-{kind}" for kind in AbsenceKind),
        *(f"parent-diary-{kind}{place}" for kind in RemarkKind for place in ("", "-lesson")),
        *(f"parent-notice-own-{act}" for act in NoticeAct),
        *(f"parent-notice-thanks-{act}" for act in NoticeAct),
        *(f"parent-notice-ask-{ask}" for ask in NoticeAsk),
        *(f"parent-notice-ask-{ask}-until" for ask in asks),
        "parent-notice-late",
        *(f"parent-notice-question-{act}" for act in (NoticeAct.SIGNED, NoticeAct.REFUSED)),
        *(f"parent-diary-{where}-{why}" for where in ("day", "week") for why in NoLessons),
        *(f"parent-diary-said-{reason}" for reason in ProposedReason),
        *(f"parent-zone-{place}" for place in range(len(ZONES))),
        *(f"parent-subs-offer-{what}" for what in ("on", "off", "unsigned")),
        *(f"parent-subs-done-{what}" for what in ("advised", "silent")),
        *(f"bot-command-{name}" for name in ("diary", "notices", "subscriptions")),
    }


def test_every_sentence_is_said_and_every_said_one_is_there() -> None:
    paths = sorted((FOLDER.parent / "bot").glob("*.py"))
    code = "\n".join(Path(path).read_text(encoding="utf-8") for path in paths)
    source, chosen, changes = (
        (FOLDER / "ru" / name).read_text(encoding="utf-8")
        for name in ("bot_parent.ftl", "bot_subscriptions.ftl", "bot_timetable.ftl")
    )
    there = (
        set(IDS.findall(source))
        | set(IDS.findall(chosen))
        | {one for one in IDS.findall(changes) if one.startswith("parent-")}
    )
    words = set(re.findall(r'"([a-z][a-z-]*[a-z])"', code))
    said = {one for one in there if one in words or one.removeprefix("refusal-") in words} | built()
    buttons = {one for one in there if one.removeprefix("parent-button-") in words}
    assert said - there == set()
    assert there - said - buttons == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_to_a_press_fit_its_bubble(language: str) -> None:
    texts = load(language)
    assert [one for one in TOASTS if len(texts.format(one)) > MAX_TOAST] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_short(language: str) -> None:
    files = ("bot_parent.ftl", "bot_subscriptions.ftl")
    source = "\n".join((FOLDER / language / name).read_text(encoding="utf-8") for name in files)
    labels = re.findall(r"^parent-button-[a-z-]+ = ([^{}\n]+)$", source, re.MULTILINE)
    assert len(labels) > 20
    assert [one for one in labels if len(one) > LONGEST_LABEL] == []


def test_letters_of_a_profile_are_different() -> None:
    assert len({SHOW, ADVISED, ADVISED_SURE, ASK_SILENCE, SILENCE, LATER}) == 6
