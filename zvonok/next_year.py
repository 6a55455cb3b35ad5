"""The passing to a new year and the closing of the old one at the command line."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.actor import OFFICE, Act, Actor
from core.movement import closing, rollover
from core.movement.closing import LeftToDo
from core.movement.movements import Order
from core.movement.rollover import Answers, Goer, Passing, Rolled, RolloverPlan
from core.person import people
from core.refusals import Conflict, Forbidden
from core.roster_file.fields import parse_class
from core.roster_file.rows import ClassTitle, fold
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_start
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format
FINISHES = "выпуск"
SHOWN = 60
"""So much of an answer is said again where it is wrong."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer as it was written, and where."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What the office gives to a passing: its answers, and to carry it out the plan it looked at, and the order."""

    answers: tuple[Said, ...]
    plan: str | None = None
    order: Order | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class CloseWish:
    """What the office wants of the closing: one of these, or only to look."""

    propose: str | None = None
    confirm: str | None = None
    reopen: str | None = None


def read_answers(file: Path | None, given: Sequence[str]) -> tuple[Said, ...]:
    """Read answers from a file, line by line, and from the command line. Raises ``OfficeError``: unreadable."""
    said = [Said(f"--set «{_shortened(one)}»", one) for one in given]
    if file is None:
        return tuple(said)
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OfficeError(_SAY("rollover-file-unreadable", path=str(file))) from error
    written = (line.partition("#")[0].strip() for line in lines)
    return (*(Said(f"Строка {number}", line) for number, line in enumerate(written, 1) if line), *said)


async def pass_on(here: Installation, school_name: str | None, year: int | None, wish: Wish) -> list[str]:
    """Show the passing to the next year; carry it out if the wish names the plan that was looked at."""
    if wish.plan is not None and wish.order is None:
        raise OfficeError(_SAY("rollover-order-needed"))
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        now = here.school_clock.now()
        today = school_date(now, school.zone)
        plan = await rollover.propose(session, OFFICE, school.id, year or _year(today), now)
        answers = answers_to(plan, wish, today)
        if wish.plan is None:
            return await _shown(session, plan, answers)
        # The plan that was looked at is the key: the same passing given twice acts once.
        act = Act(OFFICE, now, f"rollover:{school.id}:{wish.plan}")
        done = await rollover.carry_out(session, act, school.id, plan.year, wish.plan, answers)
    return [_SAY("rollover-again")] if done is None else _done(done)


def answers_to(plan: RolloverPlan, wish: Wish, today: date) -> Answers:
    """Read what was answered about whom. Raises ``OfficeError``, which names the line."""
    order = wish.order or Order("—", today)
    found = Answers(order, last_day=wish.last_day)
    if wish.plan is not None and not plan.classes:
        return found  # already carried out: nobody is left whom the answers could name
    classes: dict[UUID, str | None] = {}
    pupils: dict[UUID, str | None] = {}
    for one in wish.answers:
        who, sign, to = (part.strip() for part in one.text.partition("="))
        if not (who and sign and to):
            raise OfficeError(_SAY("rollover-line-odd", place=one.place))
        target = None if fold(to) == FINISHES else _target(plan, one, to)
        class_id = _class_meant(plan, who)
        into, meant = (pupils, _pupil_meant(plan, one, who)) if class_id is None else (classes, class_id)
        if meant in into:
            raise OfficeError(_SAY("rollover-line-twice", place=one.place, who=_shortened(who)))
        into[meant] = target
    return replace(found, classes=classes, pupils=pupils)


def _target(plan: RolloverPlan, said: Said, to: str) -> str:
    """Return the title of the new class; one that no list could name only if it is proposed. Raises ``OfficeError``."""
    found = _title(to)
    proposed = {title for one in plan.classes for title in (one.title, one.to_title)}
    if found not in proposed and not isinstance(parse_class(found), ClassTitle):
        raise OfficeError(_SAY("rollover-line-class", place=said.place))
    return found


def _shortened(written: str) -> str:
    plain = " ".join(free_text.plain(written).split())
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]}…"


def _title(written: str) -> str:
    read = parse_class(written)
    return str(read) if isinstance(read, ClassTitle) else written


def _class_meant(plan: RolloverPlan, who: str) -> UUID | None:
    wanted = {who.upper(), _title(who)}
    return next((one.class_id for one in plan.classes if one.title in wanted), None)


def _pupil_meant(plan: RolloverPlan, said: Said, who: str) -> UUID:
    name, _, born = (part.strip() for part in who.partition(","))
    called = [goer.pupil for one in plan.classes for goer in one.pupils if _is_called(goer, name, born)]
    if not called:
        raise OfficeError(_SAY("rollover-line-stranger", place=said.place, who=_shortened(who)))
    if len(called) > 1:
        raise OfficeError(_SAY("rollover-line-namesakes", place=said.place, who=_shortened(who), count=len(called)))
    return called[0]


def _is_called(goer: Goer, name: str, born: str) -> bool:
    if fold(name) not in {fold(goer.name.in_lists()), fold(goer.name.in_full())}:
        return False
    return not born or (goer.birth_date is not None and born == _day(goer.birth_date))


async def _shown(session: AsyncSession, plan: RolloverPlan, answers: Answers) -> list[str]:
    if not plan.classes:
        return [_SAY("rollover-empty", day=_day(plan.first_day))]
    teachers = await people.names(session, [one.teacher for one in plan.classes if one.teacher is not None])
    year = f"{plan.year}/{plan.year + 1}"
    lines = [_SAY("rollover-head", year=year, day=_day(plan.first_day))]
    for one in plan.classes:
        lines += _class_lines(one, answers, teachers)
    open_ = rollover.unanswered(plan, answers)
    if open_:
        return [*lines, _SAY("rollover-questions", classes=", ".join(open_))]
    finishing = any(one.kind.leads_away for one in rollover.ways(plan, answers))
    last_day = [_SAY("rollover-last-day")] if finishing and answers.last_day is None else []
    return [*lines, _SAY("rollover-ready", plan=plan.fingerprint), *last_day]


def _class_lines(one: Passing, answers: Answers, teachers: dict[UUID, str]) -> list[str]:
    answered = one.class_id in answers.classes
    to = answers.classes.get(one.class_id, one.to_title)
    teacher = _SAY("rollover-no-teacher")
    if to is None or (one.asked and not answered):
        teacher = ""
    elif one.teacher is not None:
        teacher = _SAY("rollover-teacher", name=teachers[one.teacher])
    shown = _SAY("rollover-asked") if one.asked and not answered else _words(to)
    head = _SAY("rollover-class", title=one.title, to=shown, count=len(one.pupils), teacher=teacher)
    apart = [(goer, answers.pupils[goer.pupil]) for goer in one.pupils if goer.pupil in answers.pupils]
    return [head, *(_SAY("rollover-pupil", name=goer.name.in_lists(), to=_words(to)) for goer, to in apart)]


def _words(to: str | None) -> str:
    return _SAY("rollover-finishes") if to is None else to


def _done(done: Rolled) -> list[str]:
    lines = [_SAY("rollover-done", up=done.moved_up, repeat=done.repeat, graduated=done.graduated)]
    lines += [_SAY("rollover-new-classes", classes=", ".join(done.new_classes))] if done.new_classes else []
    without = ", ".join(done.without_teacher)
    lines += [_SAY("rollover-without-teacher", classes=without)] if without else []
    return [*lines, _SAY("rollover-stays")]


async def close(here: Installation, school_name: str | None, year: int | None, wish: CloseWish) -> list[str]:
    """Show how far the closing of a year has come, after proposing, confirming or taking it back."""
    if sum(one is not None for one in (wish.propose, wish.confirm, wish.reopen)) > 1:
        raise OfficeError(_SAY("closing-one-of"))
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        now = here.school_clock.now()
        meant = year or _year(school_date(now, school.zone))
        if wish.propose is not None or wish.confirm is not None:
            await _demand_over(session, here, school, meant)
        if wish.propose is not None:
            act = await _in_the_name_of(session, here, school, wish.propose)
            await _allowed(closing.propose(session, act, school.id, meant), "propose", wish.propose)
        if wish.confirm is not None:
            act = await _in_the_name_of(session, here, school, wish.confirm)
            await _allowed(closing.confirm(session, act, school.id, meant), "confirm", wish.confirm)
        if wish.reopen is not None:
            await closing.reopen(session, _act(here, OFFICE), school.id, meant, wish.reopen)
            return [_SAY("closing-reopened", year=f"{meant}/{meant + 1}")]
        return await _closing_lines(session, here, school, meant)


async def _demand_over(session: AsyncSession, here: Installation, school: SchoolCard, year: int) -> None:
    """Say first that a year goes on, whoever asks. Raises ``Conflict``."""
    found = await closing.state(session, OFFICE, school.id, year, here.school_clock.now())
    until = next((one.until for one in found.left if one.what.forbids and one.until is not None), None)
    if until is not None and found.closed_at is None:
        raise Conflict("year-goes-on", year=f"{year}/{year + 1}", day=_day(until))


async def _allowed(doing: Awaitable[None], step: str, name: str) -> None:
    """Do a step of closing in somebody's name; say which role is missing. Raises ``OfficeError``."""
    try:
        await doing
    except Forbidden as refused:
        if refused.code != "not-allowed":
            raise
        raise OfficeError(_SAY(f"closing-no-role-{step}", name=name)) from None


async def _closing_lines(session: AsyncSession, here: Installation, school: SchoolCard, year: int) -> list[str]:
    found = await closing.state(session, OFFICE, school.id, year, here.school_clock.now())
    names = await people.names(session, [one for one in (found.proposed_by, found.closed_by) if one is not None])
    year_words = f"{year}/{year + 1}"
    left = [_left(one) for one in found.left]
    notes = [*(left or [_SAY("closing-nothing-left")]), _SAY("closing-not-looked-at")]
    for key, person, at in (
        ("closing-closed", found.closed_by, found.closed_at),
        ("closing-proposed", found.proposed_by, found.proposed_at),
    ):
        if at is not None:
            day = _day(school_date(at, school.zone))
            return [_SAY(key, year=year_words, name=names.get(person, "—") if person else "—", day=day), *notes]
    return [_SAY("closing-open", year=year_words), *notes]


def _left(one: LeftToDo) -> str:
    if one.until is not None:
        return _SAY(f"closing-left-{one.what}", day=_day(one.until))
    return _SAY(f"closing-left-{one.what}", count=one.count, classes=", ".join(one.classes))


async def _in_the_name_of(session: AsyncSession, here: Installation, school: SchoolCard, person: str) -> Act:
    """Act as somebody who has signed on paper: by his rights, entered by the office."""
    return _act(here, Actor("office", await named.somebody(session, school, person)))


def _act(here: Installation, actor: Actor) -> Act:
    return Act(actor, here.school_clock.now(), f"closing:{uuid4()}")


def _year(today: date) -> int:
    return school_year_start(today).year


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
