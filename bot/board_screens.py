"""The board of a notice: who has answered, who has not, whom it has not reached and why. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bot.labels import labels_of
from bot.notice_making import reply_words
from bot.screens import Button, Screen
from bot.teacher_payloads import AskToWithdraw, Notices, WithdrawNotice, pack
from bot.teacher_payloads import Board as BoardPress
from bot.wording import bell, commas, day_words, lines, paragraphs
from core.events import NoticeAct, NoticeAsk
from core.learning.class_rights import ClassFacts
from core.notice.notice_boards import Board, BoardGuardian, BoardLine
from core.school_time import school_date
from gateway.reach import Reached
from gateway.states import Reason
from texts.reader import Texts


class Standing(StrEnum):
    """How a pupil stands on the board; of several adults the one that is farthest counts."""

    SIGNED = "signed"
    SPLIT = "split"
    """One adult has signed, another has refused."""
    REFUSED = "refused"
    SEEN = "seen"
    """Somebody did something with the message, though no answer is owed."""
    TOLD = "told"
    """A message was taken by the messenger or the mail server: more is not known."""
    WAITING = "waiting"
    """It is still on its way."""
    UNSURE = "unsure"
    """It may have arrived: how the sending ended nobody knows. Neither told nor not reached."""
    UNREACHED = "unreached"


_AGREED = frozenset({NoticeAct.SIGNED, NoticeAct.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Place:
    """One pupil on the board: the label, how he stands, who answered how, and why nobody was reached."""

    label: str
    standing: Standing
    signed_by: tuple[str, ...] = ()
    refused_by: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def board(texts: Texts, facts: ClassFacts, shown: Board, reached: Mapping[UUID, Reached], at: datetime) -> Screen:
    """Return the board as it stands ``at`` this moment, with the ways to look again and to withdraw the notice."""
    again = Button(texts.format("teacher-board-refresh"), pack(BoardPress(shown.id)))
    withdraw = Button(texts.format("teacher-notice-withdraw"), pack(AskToWithdraw(shown.id)))
    back = Button(texts.format("teacher-button-notices"), pack(Notices(facts.id)))
    blocks = _blocks(texts, shown, places(texts, shown.lines, reached))
    text = paragraphs(_title(texts, facts, shown), *blocks, _made(texts, facts, at, again.label))
    return Screen(text, ((again,) if shown.withdrawn else (again, withdraw), (back,)))


def really(texts: Texts, shown: Board) -> Screen:
    """Ask whether the notice is really to be withdrawn."""
    yes = Button(texts.format("teacher-notice-withdraw-yes"), pack(WithdrawNotice(shown.id)))
    no = Button(texts.format("teacher-notice-withdraw-no"), pack(BoardPress(shown.id)))
    return Screen(texts.format("teacher-notice-withdraw-really", title=shown.title), ((yes,), (no,)))


def places(texts: Texts, listed: Sequence[BoardLine], reached: Mapping[UUID, Reached]) -> tuple[Place, ...]:
    """Place every pupil of the class list."""
    labels = labels_of([line.name for line in listed])
    return tuple(_place(texts, line, label, reached) for line, label in zip(listed, labels, strict=True))


def _place(texts: Texts, line: BoardLine, label: str, reached: Mapping[UUID, Reached]) -> Place:
    signed_by = tuple(one.name.in_lists() for one in line.guardians if one.act in _AGREED)
    refused_by = tuple(one.name.in_lists() for one in line.guardians if one.act is NoticeAct.REFUSED)
    if signed_by or refused_by:
        agreed = Standing.SIGNED if signed_by else Standing.REFUSED
        return Place(label, Standing.SPLIT if signed_by and refused_by else agreed, signed_by, refused_by)
    ways = [reached[one.person] for one in line.guardians if one.person in reached and not one.on_paper]
    for standing, is_so in (
        (Standing.SEEN, any(way.acted for way in ways)),
        (Standing.TOLD, any(way.told for way in ways)),
        (Standing.WAITING, any(way.waiting for way in ways)),
        (Standing.UNSURE, any(way.unsure for way in ways)),
    ):
        if is_so:
            return Place(label, standing)
    return Place(label, Standing.UNREACHED, reasons=_reasons(texts, line.guardians, reached))


def _reasons(texts: Texts, guardians: Sequence[BoardGuardian], reached: Mapping[UUID, Reached]) -> tuple[str, ...]:
    """Return why nobody was reached, each reason once, in words."""
    if not guardians:
        return (texts.format("teacher-board-no-family"),)
    return tuple(dict.fromkeys(_why(texts, one, reached.get(one.person)) for one in guardians))


def _why(texts: Texts, adult: BoardGuardian, way: Reached | None) -> str:
    """Say why an adult is not reached. Without his consent he is asked on paper, whatever came to him before."""
    if adult.on_paper:
        return _words(texts, Reason.NO_CONSENT)
    return texts.format("teacher-board-unknown") if way is None else _words(texts, way.reason)


def _words(texts: Texts, reason: str | None) -> str:
    return texts.format(f"reason-{reason}" if texts.has(f"reason-{reason}") else "teacher-board-unknown")


def _title(texts: Texts, facts: ClassFacts, shown: Board) -> str:
    zone = facts.school.zone
    day = school_date(shown.published_at, zone)
    published = texts.format("teacher-board-published", day=day_words(texts, day), clock=bell(shown.published_at, zone))
    asked = (
        texts.format("teacher-board-withdrawn")
        if shown.withdrawn
        else reply_words(texts, shown.ask, shown.reply_by, day)
    )
    return lines(texts.format("teacher-board-title", class_title=facts.title, title=shown.title), published, asked)


def _made(texts: Texts, facts: ClassFacts, at: datetime, again: str) -> str:
    """Say when the board was made: the message stays as it is, whoever answers later."""
    zone = facts.school.zone
    day = day_words(texts, school_date(at, zone))
    return texts.format("teacher-board-at", clock=bell(at, zone), day=day, button=again)


def _blocks(texts: Texts, shown: Board, placed: Sequence[Place]) -> list[str]:
    total = len(placed)
    answered = _with(placed, Standing.SIGNED)
    seen = _with(placed, Standing.SEEN)
    ask = shown.ask
    if ask is NoticeAsk.READ:
        count = texts.format("teacher-board-read", told=len(_with(placed, Standing.TOLD)) + len(seen), pupils=total)
    else:
        count = texts.format(f"teacher-board-{ask.value}", answered=len(answered), pupils=total)
    waiting = [*(seen if ask is not NoticeAsk.READ else ()), *_with(placed, Standing.TOLD)]
    ordered = [one for one in placed if one in waiting]
    return [
        count,
        _names(texts, f"teacher-board-names-{ask.value}", answered),
        _names(texts, "teacher-board-names-seen", seen if ask is NoticeAsk.READ else []),
        _split(texts, _with(placed, Standing.SPLIT)),
        _refused(texts, _with(placed, Standing.REFUSED)),
        _names(texts, "teacher-board-names-told" if ask is NoticeAsk.READ else "teacher-board-names-not-yet", ordered),
        _names(texts, "teacher-board-names-waiting", _with(placed, Standing.WAITING)),
        _names(texts, "teacher-board-names-unsure", _with(placed, Standing.UNSURE)),
        _unreached(texts, _with(placed, Standing.UNREACHED)),
    ]


def _with(placed: Sequence[Place], standing: Standing) -> list[Place]:
    return [one for one in placed if one.standing is standing]


def _names(texts: Texts, text_id: str, placed: Sequence[Place]) -> str:
    if not placed:
        return ""
    return texts.format(text_id, count=len(placed), names=commas(one.label for one in placed))


def _split(texts: Texts, placed: Sequence[Place]) -> str:
    """Say of whom the adults have answered differently, with both answers by name."""
    if not placed:
        return ""
    said = [
        texts.format(
            "teacher-board-split-by", name=one.label, signed=commas(one.signed_by), refused=commas(one.refused_by)
        )
        for one in placed
    ]
    return lines(texts.format("teacher-board-split", count=len(placed)), *said)


def _refused(texts: Texts, placed: Sequence[Place]) -> str:
    """Say who refused, by name."""
    if not placed:
        return ""
    said = [texts.format("teacher-board-refused-by", name=one.label, adults=commas(one.refused_by)) for one in placed]
    return lines(texts.format("teacher-board-refused", count=len(placed)), *said)


def _unreached(texts: Texts, placed: Sequence[Place]) -> str:
    """Say whom nothing has reached, together those of one reason."""
    if not placed:
        return ""
    by_reason: dict[tuple[str, ...], list[str]] = {}
    for one in placed:
        by_reason.setdefault(one.reasons, []).append(one.label)
    said = [
        texts.format("teacher-board-unreached-because", reason=commas(reasons), names=commas(labels))
        for reasons, labels in by_reason.items()
    ]
    return lines(texts.format("teacher-board-unreached", count=len(placed)), *said)
