"""The hardest events of the week, written by hand: what happens, and what each guardian concerned gets of it, when.

Written from house.md §2–4, parents.md and the issue, not from what the program does. Times are the school's own, to the
minute. ``T`` is a message of the messenger that rings, ``E`` a change of one that is there, ``M`` a letter by mail.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from core.events import NotHeld, NoticeAct, NoticeAnswer, ProposedReason
from tests.school_week.journal import ILLNESS, Journal, Told
from tests.school_week.people import GUARDIANS


@dataclass(frozen=True, slots=True)
class Way:
    """One message: by which channel, when, new or changed, and what it says and does not say."""

    channel: str
    at: str
    edits: bool = False
    says: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The reason that stands in the ledger; after ``ways``, if something was told before."""

    reason: str
    ways: tuple[Way, ...] = ()


type Expected = tuple[Way, ...] | Why


@dataclass(frozen=True, slots=True)
class Case:
    """One of the hardest events, with what each guardian gets."""

    name: str
    told: tuple[Told, ...]
    expected: dict[str, Expected]


def _way(channel: str, edits: bool, at: str, *says: str) -> Way:  # noqa: FBT001 - the words of the table say which
    told = tuple(one for one in says if not one.startswith("не:"))
    return Way(channel, at, edits, told, tuple(one[3:] for one in says if one.startswith("не:")))


T: Callable[..., Way] = partial(_way, "telegram", False)  # noqa: FBT003 - see above
E: Callable[..., Way] = partial(_way, "telegram", True)  # noqa: FBT003 - see above
M: Callable[..., Way] = partial(_way, "mail", False)  # noqa: FBT003 - see above


@dataclass
class Table:
    """Collects cases while the week is written."""

    journal: Journal
    cases: list[Case]

    def case(self, name: str, *told: Told, **expected: Expected | Way) -> None:
        """Add one; a lone way stands for itself."""
        for one in told:
            one.case = name
        kept = {code: (one,) if isinstance(one, Way) else one for code, one in expected.items()}
        self.cases.append(Case(name, told, kept))


def hardest(journal: Journal) -> list[Case]:
    """Write the hardest events into the journal, and return the table."""
    table = Table(journal, [])
    for part in (
        _first_day,
        _whom,
        _marks,
        _quiet,
        _plans,
        _consent,
        _outage,
        _block,
        _court,
        _holiday,
        _choices,
        _rest,
    ):
        part(table)
    return table.cases


def _first_day(table: Table) -> None:
    j, case = table.journal, table.case
    j.day("Mon 08:40", 20, [1])
    day = j.day("Mon 08:43", 20, [], attended=[1])
    back = (T("Mon 08:41", "отсутствует"), E("Mon 08:43", "снята"), T("Mon 08:43", "снята"))
    case("taken back after it was told: the message is changed, and rings once more", day, m20=back, d20=back)

    j.day("Mon 08:40", 21, [1])
    day = j.day("Mon 08:40:30", 21, [], attended=[1])
    case("taken back within the undo window: nobody hears", day, m21=Why("superseded"), d21=Why("superseded"))

    j.day("Mon 08:40", 30, [1])
    j.day("Mon 09:40", 30, [1, 2])
    day = j.day("Mon 10:40", 30, [1, 2, 3])
    grown = (T("Mon 08:41", "1-й"), E("Mon 09:41", "2-й"), E("Mon 10:41", "1-й", "2-й", "3-й"))
    letters = (M("Mon 08:41"), M("Mon 09:41"), M("Mon 10:41", "3-й"))
    case("lessons of a day are one message that grows", day, m30=grown, d30=letters)

    j.day("Mon 08:40", 31, [], attended=[1])
    day = j.day("Mon 10:40", 31, [3], attended=[1])
    gone = T("Mon 10:41", "посреди учебного дня")
    case("there at lesson 1, gone at lesson 3", day, m31=gone, d31=gone)

    j.day("Mon 08:40", 32, [1])
    day = j.day("Mon 09:35", 32, [1], attended=[2])
    came = (T("Mon 08:41", "отсутствует"), E("Mon 09:36", "Ребёнок в школе"), T("Mon 09:36", "Ребёнок в школе"))
    case("came to lesson 2: the all-clear is told", day, m32=came, d32=came)

    j.day("Mon 08:40", 27, [1])
    day = j.day("Mon 08:43", 27, [], attended=[1])
    twice = (M("Mon 08:41", "отсутствует"), M("Mon 08:43", "снята"))
    case("a letter cannot be changed: another one puts it right", day, m27=twice, d27=twice)


def _whom(table: Table) -> None:
    j, case = table.journal, table.case
    alarm = T("Mon 08:41", "отсутствует")
    case("barred by a court", j.day("Mon 08:40", 22, [1]), m22=alarm, d22=Why("barred"))
    case("trusted with the child: absences yes", j.day("Mon 08:40", 23, [1]), m23=alarm, d23=alarm)
    case("no consent", j.day("Mon 08:40", 24, [1]), m24=alarm, d24=Why("no-consent"))
    case("no address", j.day("Mon 08:40", 25, [1]), m25=alarm, d25=Why("no-address"))
    case("wants no contact", j.day("Mon 08:40", 26, [1]), m26=alarm, d26=Why("no-contact"))
    case("mailbox never proved", j.day("Mon 08:40", 28, [1]), m28=alarm, d28=Why("no-address"))
    case("may not see", j.day("Mon 08:40", 29, [1]), m29=alarm, d29=Why("rights-lost"))
    remark = j.remark("Mon 10:00", 23, "r23", "Забыта сменная обувь")
    case("trusted with the child: remarks no", remark, m23=T("Mon 10:01", "обувь"), d23=Why("limited-view"))
    pair = (j.day("Tue 08:40", 0, [1]), j.day("Tue 08:40", 1, [1]))
    each = (T("Tue 08:41"), T("Tue 08:41"))
    case("brother and sister: each is told", *pair, m0=each, d0=(M("Tue 08:41"), M("Tue 08:41")))


def _marks(table: Table) -> None:
    j, case = table.journal, table.case
    mark = j.mark("Mon 12:00", 33, "k33", 2)
    case(
        "a bad mark waits for the letter after second-shift lessons",
        mark,
        m33=M("Mon 19:40", ": 2"),
        d33=M("Mon 19:40"),
    )

    j.mark("Mon 12:00", 34, "k34", 2)
    mark = j.mark("Mon 12:05", 34, "k34", 4)
    case("changed before it was told", mark, m34=M("Mon 19:40", ": 4", "не:: 2"), d34=T("Mon 19:40", ": 4", "не:: 2"))

    j.mark("Mon 12:00", 35, "k35", 5)
    mark = j.mark("Tue 11:00", 35, "k35", 3)
    put_right = (M("Mon 19:40", ": 5"), M("Tue 19:40", "было 5, стало 3"))
    case("changed after the letter: the next one puts it right", mark, m35=put_right, d35=put_right)

    j.mark("Mon 12:00", 12, "k12", 2)
    mark = j.mark("Mon 12:20", 12, "k12", None)
    case("taken back before the letter", mark, m12=Why("superseded"), d12=Why("superseded"))

    j.does("Mon 07:10", "m14", "bad-marks-now")
    j.mark("Mon 12:00", 14, "k14", 2)
    j.mark("Mon 12:05", 14, "k14", 1)
    mark = j.mark("Mon 13:00", 14, "k14", 4)
    now = (T("Mon 12:15", ": 1", "не:: 2"), E("Mon 13:10", "было 1, стало 4"))
    case("settles ten minutes from its last change, then is changed in place", mark, m14=now, d14=M("Mon 18:00", ": 4"))

    praise = j.remark("Mon 11:00", 47, "p47", "Отличный доклад", praise=True)
    case("praise waits for the letter", praise, m47=M("Mon 18:00", "доклад"), d47=M("Mon 18:00", "доклад"))


def _quiet(table: Table) -> None:
    j, case = table.journal, table.case
    remark = j.remark("Mon 21:30", 36, "r36", "Нужна тетрадь")
    case("written at night: told at seven", remark, m36=T("Tue 07:00", "тетрадь"), d36=M("Tue 07:00", "тетрадь"))
    j.does("Mon 12:00", "d38", "sleeps-20-to-9")
    remark = j.remark("Tue 08:00", 38, "r38", "Нужен альбом")
    case("hours of one's own", remark, m38=T("Tue 08:01", "альбом"), d38=T("Tue 09:00", "альбом"))
    alarm = T("Tue 08:41", "отсутствует")
    case("alarms pass hours of one's own", j.day("Tue 08:40", 38, [1]), m38=alarm, d38=alarm)
    east, west = j.day("Tue 08:40", 26, [1]), j.day("Tue 08:40", 37, [1])
    case("a quarter to nine in the east is no hour in the west", east, west, m26=alarm, m37=alarm, d37=alarm)


def _plans(table: Table) -> None:
    j, case = table.journal, table.case
    closed = dict.fromkeys((1, 2, 3), NotHeld.WEATHER)
    day = j.timetable("Tue 05:30", range(48, 60), "Tue", "14:00", not_held=closed)
    early = T("Tue 05:31", "химия")
    case("school closed for the frost: told before it is light", day, m48=early, d48=M("Tue 05:31", "химия"), d50=early)
    j.timetable("Mon 15:00", range(12, 24), "Tue", "13:00", not_held={3: NotHeld.NO_TEACHER})
    day = j.timetable("Mon 16:00", range(12, 24), "Tue", "13:00")
    both = (T("Mon 15:01", "химия"), T("Mon 16:00", "Извините"))
    case("a lesson falls out, and is held after all", day, m16=both, d18=(M("Mon 15:01"), M("Mon 16:00", "Извините")))
    notice = j.notice("Tue 14:00", range(36, 48), "Поездка")
    signed = NoticeAnswer(guardian=GUARDIANS["m44"].id, act=NoticeAct.SIGNED, at=GUARDIANS["m44"].place.at("Tue 14:30"))
    j.notice("Tue 14:30", range(36, 48), "Поездка", answers=[signed])
    j.notice("Thu 10:00", range(36, 48), "Поездка", answers=[signed], withdrawn=True)
    case(
        "a notice to sign: at once, with buttons; signed by one, withdrawn for all",
        notice,
        m44=(T("Tue 14:01", "Поездка"), E("Tue 14:30", "Вы подписали"), E("Thu 10:00", "отозвано")),
        d44=(T("Tue 14:01", "Поездка"), E("Thu 10:00", "отозвано")),
        d36=(M("Tue 14:01", "Поездка"), M("Thu 10:00", "отозвано")),
        d45=Why("limited-view"),
    )
    notice = j.notice("Tue 15:00", range(12), "Собрание")
    case("one notice for two children of a family", notice, m2=T("Tue 15:01"), d2=T("Tue 15:01"))


def _consent(table: Table) -> None:
    j, case = table.journal, table.case
    day = j.day("Tue 09:59:30", 39, [2])
    j.withdraws("Tue 10:00", "m39")
    case("consent withdrawn while it waits", day, m39=Why("no-consent"), d39=M("Tue 10:00", "отсутствует"))
    remark = j.remark("Tue 12:00", 39, "r39", "Нужна форма")
    case("consent withdrawn before", remark, m39=Why("no-consent"), d39=M("Tue 12:01", "форма"))
    j.day("Tue 08:40", 40, [1])
    j.withdraws("Tue 11:00", "m40")
    day = j.day("Tue 11:30", 40, [], attended=[1])
    heard = T("Tue 08:41", "отсутствует")
    case(
        "consent withdrawn between the alarm and its end",
        day,
        m40=Why("no-consent", (heard,)),
        d40=(heard, E("Tue 11:30", "снята"), T("Tue 11:30", "снята")),
    )


def _outage(table: Table) -> None:
    j, case = table.journal, table.case
    mail = M("Wed 08:45", "отсутствует")
    case("messenger down: after four minutes by mail, once", j.day("Wed 08:40", 20, [1]), m20=mail, d20=mail)
    case(
        "messenger down, no mailbox: tried until its day is over",
        j.day("Wed 08:40", 31, [1]),
        m31=mail,
        d31=Why("time-passed"),
    )
    day = j.day("Wed 08:40", 43, [1])
    back = T("Wed 21:02", "отсутствует")
    case("messenger back on the same day by the western clock", day, m43=M("Wed 08:45", "отсутствует"), d43=back)
    remark = j.remark("Wed 12:00", 31, "r31w", "Нужен пенал")
    case(
        "messenger down, no mailbox: told when it is back",
        remark,
        m31=M("Wed 12:24", "пенал"),
        d31=T("Thu 07:00", "пенал"),
    )
    mark = j.mark("Wed 12:00", 34, "k34w", 4)
    case(
        "messenger down: a letter without a mailbox waits for the chat",
        mark,
        m34=M("Wed 19:40"),
        d34=T("Thu 07:00", ": 4"),
    )
    j.day("Wed 08:40", 24, [1])
    day = j.day("Thu 09:00", 24, [], attended=[1], of="Wed")
    case(
        "told by mail, put right when the messenger is back",
        day,
        m24=(mail, T("Thu 09:00", "снята")),
        d24=Why("no-consent"),
    )
    remark = j.remark("Wed 12:00", 23, "r23w", "Нужен циркуль")
    case("messenger down: what is not urgent, too", remark, m23=M("Wed 12:24", "циркуль"), d23=Why("limited-view"))


def _block(table: Table) -> None:
    j, case = table.journal, table.case
    j.does("Thu 07:30", "d32", "blocks-bot")
    alarm = T("Thu 08:41", "отсутствует")
    case("bot blocked: at once by mail", j.day("Thu 08:40", 32, [1]), m32=alarm, d32=M("Thu 08:41", "отсутствует"))
    remark = j.remark("Thu 12:00", 32, "r32", "Нужен атлас")
    case("bot blocked: never tried again", remark, m32=T("Thu 12:01", "атлас"), d32=M("Thu 12:01", "атлас"))
    j.does("Thu 07:30", "d34", "blocks-bot")
    case("bot blocked, no mailbox", j.day("Thu 08:40", 34, [1]), m34=alarm, d34=Why("blocked"))
    remark = j.remark("Thu 12:00", 34, "r34", "Нужен глобус")
    case("bot blocked: the next is not even tried", remark, m34=T("Thu 12:01"), d34=Why("address-dead"))
    j.does("Sat 11:00", "d34", "lets-bot-in")
    j.address(GUARDIANS["d34"].place.at("Sat 11:00"), GUARDIANS["d34"], GUARDIANS["d34"].ways[0])
    remark = j.remark("Sat 12:00", 34, "r34s", "Нужна карта")
    case("bot let in again", remark, m34=T("Sat 12:01"), d34=T("Sat 12:01", "карта"))
    j.does("Tue 08:00", "m41", "no-answer")
    twice = (T("Tue 08:41"), T("Tue 08:41", "отсутствует"))
    case("no answer came: at most twice", j.day("Tue 08:40", 41, [1]), m41=twice, d41=T("Tue 08:41"))


def _court(table: Table) -> None:
    j, case = table.journal, table.case
    mark = j.mark("Wed 11:50", 42, "k42", 5)
    j.bars("Wed 12:00", "d42")
    case("a court order while it waits for the letter", mark, m42=M("Wed 18:00", ": 5"), d42=Why("barred"))
    j.day("Thu 08:40", 43, [1])
    j.bars("Thu 09:00", "d43")
    day = j.day("Thu 09:30", 43, [], attended=[1])
    heard = T("Thu 08:41", "отсутствует")
    case(
        "a court order between the alarm and its end",
        day,
        m43=(heard, E("Thu 09:30", "снята"), T("Thu 09:30", "снята")),
        d43=Why("barred", (heard,)),
    )


def _holiday(table: Table) -> None:
    j, case = table.journal, table.case
    mark = j.mark("Thu 19:00", 15, "k15", 5)
    case("on the eve of a holiday, after the letter", mark, m14=M("Thu 20:30", ": 5"), d14=M("Thu 20:30", ": 5"))
    mark = j.mark("Fri 12:00", 15, "k15f", 4)
    case("on the holiday: with the letter after it", mark, m14=M("Sat 18:00", ": 4"), d14=M("Sat 18:00", ": 4"))
    mark = j.mark("Fri 12:00", 56, "k56", 4)
    case("no holiday in the other school", mark, m56=M("Fri 18:00", ": 4"), d56=M("Fri 18:00", ": 4"))


def _choices(table: Table) -> None:
    j, case = table.journal, table.case
    mark = j.mark("Tue 12:00", 16, "k16", 5)
    j.does("Tue 15:00", "m16", "unsubscribes-mail")
    case("unsubscribed from letters while one waits", mark, m16=T("Tue 16:00", ": 5"), d16=T("Tue 16:00", ": 5"))
    j.does("Tue 12:00", "d21", "unsubscribes-mail")
    day = j.day("Thu 08:40", 21, [1])
    case("unsubscribed from the only way", day, m21=T("Thu 08:41"), d21=Why("unsubscribed"))
    j.does("Mon 07:10", "m18", "marks-weekly")
    mark = j.mark("Mon 12:00", 18, "k18", 5)
    case("weekly letter at an hour of one's own", mark, m18=M("Sat 17:00", ": 5"), d18=M("Mon 18:00", ": 5"))
    j.does("Mon 07:10", "d20", "no-remarks")
    remark = j.remark("Tue 12:00", 20, "r20", "Нужен фартук")
    case("wants no remarks", remark, m20=T("Tue 12:01", "фартук"), d20=Why("unsubscribed"))
    j.does("Mon 07:10", "m30", "homework-now")
    work = j.homework("Tue 15:00", range(30, 32), "h30", "§ 7", "Thu")
    case("homework is told to who asked for it", work, m30=T("Tue 15:01", "§ 7"), d30=Why("not-recommended"))


def _rest(table: Table) -> None:
    j, case = table.journal, table.case
    late = j.day("Tue 12:00", 46, [2], of="Mon")
    case("entered a day later: labelled, no alarm", late, m46=T("Tue 12:01", "внесено позже"), d46=Why("no-consent"))
    day = j.day("Tue 08:50", 47, late={1: 15})
    case("late: with the letter", day, m47=M("Tue 18:00", "опоздание"), d47=M("Tue 18:00", "опоздание"))
    j.day("Tue 08:40", 33, [1])
    j.day("Tue 08:50", 33, [1], answers={"m33": ProposedReason.ILL})
    day = j.day("Tue 12:00", 33, {1: ILLNESS}, answers={"m33": ProposedReason.ILL})
    mother = (T("Tue 08:41", "Знаете причину"), E("Tue 08:50", "болеет"), E("Tue 12:00", "по болезни"))
    case(
        "an answer is shown to who gave it; the cause is told quietly",
        day,
        m33=mother,
        d33=(M("Tue 08:41", "не:болеет"), M("Tue 12:00", "по болезни", "не:Ваш ответ")),
    )
    names = [f"b{number}" for number in range(7)]
    seven = [j.remark(f"Thu 1{number}:00", 50, name, f"Замечание {name}") for number, name in enumerate(names)]
    at_once = tuple(T(f"Thu 1{number}:01") for number in range(5))
    case("the sixth ring of a day goes with the letter", *seven, m50=(*at_once, T("Thu 18:00"), T("Thu 18:00")))
    j.does("Thu 08:41:30", "m44", "gateway-stops")
    day = j.day("Thu 08:42", 44, [1])
    j.does("Thu 08:50", "m44", "gateway-starts")
    late_by = T("Thu 08:50", "отсутствует")
    case("the gateway was away for eight minutes", day, m44=late_by, d44=late_by)
