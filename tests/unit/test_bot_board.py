"""The board of a notice: every child stands in one place, whole classes fit into one message."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from bot.board_screens import Standing, board, places
from core import access
from core.access import Thing
from core.events import NoticeAct, NoticeAsk, SchoolKind, SchoolSettings
from core.learning.class_rights import ClassFacts
from core.notice.notice_boards import Board, BoardGuardian, BoardLine
from core.rights import Facts
from core.russian import FullName
from core.school.schools import SchoolCard
from gateway.reach import Reached
from gateway.states import Reason
from texts.reader import load

TEXTS = load("ru")
AT = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
SCHOOL = SchoolCard(UUID(int=9), SchoolKind.PRIVATE, "Школа", "Asia/Yekaterinburg", SchoolSettings())
FACTS = ClassFacts(
    UUID(int=8), SCHOOL, "5А", Facts(access.Standing(UUID(int=7)), Thing(class_teacher=UUID(int=7)), SCHOOL)
)
TOLD = Reached(told=True, unsure=False, acted=False, channel="telegram", waiting=False, reason=None)
LONGEST_MESSAGE = 4096


def adult(act: NoticeAct | None = None) -> BoardGuardian:
    return BoardGuardian(uuid4(), FullName("Иванов", "Пётр"), act, AT if act else None)


def on_paper() -> BoardGuardian:
    return replace(adult(), on_paper=True)


def line(*guardians: BoardGuardian) -> BoardLine:
    return BoardLine(uuid4(), FullName("Иванова", "Анна"), guardians)


def untold(reason: str | None, *, waiting: bool = False) -> Reached:
    return Reached(told=False, unsure=False, acted=False, channel=None, waiting=waiting, reason=reason)


def shown(*lines: BoardLine, ask: NoticeAsk = NoticeAsk.SIGN) -> Board:
    return Board(UUID(int=1), "5А", "Экскурсия", "Едем.", ask, date(2026, 10, 23), AT, withdrawn=False, lines=lines)


SIGNED, REFUSED = NoticeAct.SIGNED, NoticeAct.REFUSED
SEEN = replace(TOLD, acted=True)
UNSURE = replace(TOLD, told=False, unsure=True)


@pytest.mark.parametrize(
    ("acts", "ways", "standing"),
    [
        ((SIGNED, None), (), Standing.SIGNED),
        ((NoticeAct.CONFIRMED,), (), Standing.SIGNED),
        ((SIGNED, REFUSED), (TOLD, TOLD), Standing.SPLIT),
        ((REFUSED, None), (TOLD, TOLD), Standing.REFUSED),
        ((None, None), (TOLD, SEEN), Standing.SEEN),
        ((None, None), (untold("no-consent"), TOLD), Standing.TOLD),
        ((None, None), (untold("no-consent"), untold(None, waiting=True)), Standing.WAITING),
        ((None, None), (UNSURE, TOLD), Standing.TOLD),
        ((None, None), (UNSURE, untold(None, waiting=True)), Standing.WAITING),
        ((None, None), (untold("no-consent"), UNSURE), Standing.UNSURE),
        ((None, None), (untold("no-consent"), untold("no-address")), Standing.UNREACHED),
        ((None,), (), Standing.UNREACHED),
        ((), (), Standing.UNREACHED),
    ],
)
def test_of_several_adults_the_one_who_went_farthest_counts(
    acts: tuple[NoticeAct | None, ...], ways: tuple[Reached, ...], standing: Standing
) -> None:
    guardians = [adult(act) for act in acts]
    reached = dict(zip((one.person for one in guardians), ways, strict=False))
    (place,) = places(TEXTS, [line(*guardians)], reached)
    assert place.standing is standing
    assert bool(place.refused_by) == (REFUSED in acts)


def test_whoever_withdrew_his_consent_is_asked_on_paper_whatever_was_told_before() -> None:
    one, other = on_paper(), adult()
    told = {one.person: TOLD, other.person: TOLD}
    (place,) = places(TEXTS, [line(one)], told)
    assert (place.standing, place.reasons) == (Standing.UNREACHED, ("нет согласия родителя",))
    (place,) = places(TEXTS, [line(one, other)], told)
    assert place.standing is Standing.TOLD
    (place,) = places(TEXTS, [line(replace(one, act=SIGNED, at=AT))], told)
    assert place.standing is Standing.SIGNED, "what was answered stands"


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_of_the_gateway_has_words(reason: Reason) -> None:
    one = adult()
    (place,) = places(TEXTS, [line(one)], {one.person: untold(reason.value)})
    assert place.reasons == (TEXTS.format(f"reason-{reason.value}"),)


def test_what_nobody_knows_is_not_made_up() -> None:
    known, unknown = adult(), adult()
    (place,) = places(TEXTS, [line(known, unknown)], {known.person: untold("of-another-version")})
    assert place.reasons == ("ещё не отправлялось",)
    (alone,) = places(TEXTS, [line()], {})
    assert alone.reasons == ("в журнале нет взрослых, которым можно сообщить",)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (NoticeAsk.READ, ("Отправлено: 2 из 3.", "Нажали «Понятно» (1): ", "Отправлено (1): ")),
        (NoticeAsk.CONFIRM, ("Подтвердили 0 из 3.", "Отправлено, ответа пока нет (2): ")),
        (NoticeAsk.SIGN, ("Подписали 0 из 3.", "Отправлено, ответа пока нет (2): ")),
    ],
)
def test_the_board_speaks_of_what_was_asked(ask: NoticeAsk, said: tuple[str, ...]) -> None:
    one, two, three = adult(), adult(), adult()
    ways = {one.person: TOLD, two.person: SEEN, three.person: untold("no-consent")}
    text = board(TEXTS, FACTS, shown(line(one), line(two), line(three), ask=ask), ways, AT).text
    assert all(words in text for words in said)
    assert "Не дошло (1):\nнет согласия родителя: " in text


@pytest.mark.parametrize(
    ("ask", "count"), [(NoticeAsk.READ, "Отправлено: 1 из 3."), (NoticeAsk.SIGN, "Подписали 0 из 3.")]
)
def test_whom_it_may_have_reached_is_neither_told_nor_unreached(ask: NoticeAsk, count: str) -> None:
    told, perhaps, silent = adult(), adult(), adult()
    ways = {told.person: TOLD, perhaps.person: UNSURE, silent.person: untold("no-consent")}
    text = board(TEXTS, FACTS, shown(line(told), line(perhaps), line(silent), ask=ask), ways, AT).text
    assert count in text
    assert "Возможно, дошло, но подтверждения нет" in text
    assert "Не дошло (1):\nнет согласия родителя: " in text


def test_a_whole_class_with_long_names_fits_into_one_message() -> None:
    reasons = [reason.value for reason in Reason]
    lines: list[BoardLine] = []
    ways: dict[UUID, Reached] = {}
    for number in range(40):
        guardians = (adult(REFUSED if number % 2 else None), adult())
        lines.append(BoardLine(uuid4(), FullName("Константинопольский", f"А{number}лександр"), guardians))
        ways |= {one.person: untold(reasons[(number + at) % len(reasons)]) for at, one in enumerate(guardians)}
    text = board(TEXTS, FACTS, shown(*lines), ways, AT).text
    assert len(text) <= LONGEST_MESSAGE


def test_under_the_board_stands_when_it_was_made() -> None:
    later = AT.replace(hour=9, minute=5)
    said = board(TEXTS, FACTS, shown(line(adult(SIGNED))), {}, later).text.splitlines()[-1]
    assert said == "Доска на 14:05, вторник, 20 октября. Новые ответы появятся, когда вы нажмёте «Обновить»."
