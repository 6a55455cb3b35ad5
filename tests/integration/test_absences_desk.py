"""``zvonok absences`` and ``zvonok releases`` as the office uses them, and as the how-to page shows them."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.release_orders import ReleaseKind
from core.refusals import Invalid, NotFound
from core.year.span import Span
from tests.integration.core_world import DAY, refused
from tests.integration.test_office import Desk
from zvonok import absences, releases
from zvonok.absences import Whose
from zvonok.releases import Wanted
from zvonok.timetable_views import Days
from zvonok.trouble import OfficeError

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "absences.md"
ALYONA = "Королёва Алёна"
FIRST, LAST = date(2026, 12, 1), date(2026, 12, 4)
ILL = AbsenceDraft(days=Span(FIRST, LAST), reason=AbsenceReason.ILLNESS, certificate=True)
NUMBER = re.compile(r"[0-9a-f]{8}")
OLYMPIAD = Wanted(
    number="12-у",
    ordered_on=date(2026, 11, 23),
    kind=ReleaseKind.OLYMPIAD,
    title="Олимпиада по математике",
    days=Span(FIRST, FIRST),
    lessons=None,
    pupils=(ALYONA,),
    classes=(),
)


@pytest.fixture
async def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    made = Desk(database_url, tmp_path)
    await made.imports(made.files())
    return made


async def test_what_a_family_said_is_listed_as_the_page_shows_it_and_changed_by_its_number(desk: Desk) -> None:
    (said,) = await absences.announce(desk.here, None, ALYONA, ILL)
    number = NUMBER.findall(said)[-1]
    assert said == f"Записано: {ALYONA}, 01.12.2026 – 04.12.2026, болезнь. Номер записи — {number}."
    lines = await absences.listing(desk.here, None, Whose(), Days())
    (shown,) = re.findall(r"^```\n(Сообщено.*?)\n```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert "\n".join(lines) == shown.replace("3f9a21c4", number)
    for whose in (Whose(title="5а"), Whose(pupil=ALYONA)):
        assert await absences.listing(desk.here, None, whose, Days()) == lines
    assert await absences.change_last_day(desk.here, None, number.upper(), LAST + timedelta(days=4)) == [
        f"Записано: {ALYONA}, 01.12.2026 – 08.12.2026. Номер записи прежний — {number}."
    ]
    assert await absences.withdraw(desk.here, None, number) == [f"Запись {number} отменена."]
    nothing = ["Сообщено о пропусках, 24.11.2026 – 24.12.2026", "На эти дни никто ни о чём не предупреждал."]
    assert await absences.listing(desk.here, None, Whose(), Days()) == nothing
    for unknown in (number, "", "%"):
        with pytest.raises(OfficeError, match="такого номера нет"):
            await absences.withdraw(desk.here, None, unknown)
    assert await refused(absences.listing(desk.here, None, Whose(title="9Я"), Days())) == (NotFound, "class-unknown")


async def test_an_order_lets_pupils_or_classes_go(desk: Desk) -> None:
    (said,) = await releases.order(desk.here, None, OLYMPIAD)
    number = NUMBER.findall(said)[-1]
    assert said == (
        "Записано: приказ № 12-у от 23.11.2026. 01.12.2026: освобождён 1 ученик. Номер записи — " + f"{number}."
    )
    duty = Wanted(
        number="13-у",
        ordered_on=DAY,
        kind=ReleaseKind.DUTY,
        title="Дежурство по школе",
        days=Span(FIRST, LAST),
        lessons=frozenset({2, 1}),
        pupils=(),
        classes=("5а",),
    )
    (said,) = await releases.order(desk.here, None, duty)
    other = NUMBER.findall(said)[-1]
    assert await releases.listing(desk.here, None, Days()) == [
        "Освобождены от уроков, 24.11.2026 – 24.12.2026",
        f"  01.12.2026: олимпиада — Олимпиада по математике. Приказ № 12-у от 23.11.2026 ({number})",
        "    Королёва Алёна, 5А",
        f"  01.12.2026 – 04.12.2026, уроки 1, 2: дежурство — Дежурство по школе. Приказ № 13-у от 24.11.2026 ({other})",
        "    Королёва Алёна, 5А",
    ]
    assert await releases.withdraw(desk.here, None, number) == [f"Приказ {number} отменён: освобождения больше нет."]
    assert (await releases.listing(desk.here, None, Days(DAY, DAY)))[-1] == "На эти дни приказов об освобождении нет."
    nobody = Wanted(**{name: getattr(OLYMPIAD, name) for name in OLYMPIAD.__slots__} | {"pupils": ()})
    assert await refused(releases.order(desk.here, None, nobody)) == (Invalid, "release-pupils-needed")
