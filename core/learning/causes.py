"""The cause of absences that are on record: «н» at the twentieth minute means that nobody knew it yet (ATT-04).

A cause that becomes known is no correction: the pupil was absent all the same, and nobody has to be sorry.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ARRAY, Text, case, cast, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.events import AbsenceKind
from core.journal import Change, audit
from core.learning import attendance_day
from core.learning.absence_codes import KINDS, code_of, unknown_codes
from core.learning.attendance_day import DayKey
from core.refusals import Invalid
from core.school import school_rules
from core.school.schools import SchoolCard
from core.tables import Absence, Lesson, RollCall


async def change_causes(
    session: AsyncSession, act: Act, school: SchoolCard, key: DayKey, written: str
) -> tuple[UUID, ...]:
    """Give this code to all absences of a pupil's day whose cause is not known; return their lessons.

    Whoever calls has asked for the right, for the open year and for the key. Raises ``Invalid``: no such code.
    """
    rules = await school_rules.of_school(session, school.id)
    code = code_of(rules, written)
    if code is None:
        raise Invalid("absence-code-unknown", code=written)
    unknown = (
        Absence.pupil_id == key.pupil,
        Absence.day == key.day,
        Absence.kind == AbsenceKind.UNEXPLAINED.value,
        Absence.code != code.code,
    )
    # As whoever calls a roll does, and in one order: what is read next stays true.
    of_them = select(Lesson.id).where(Lesson.id.in_(select(Absence.lesson_id).where(*unknown)))
    await session.execute(of_them.order_by(Lesson.id).with_for_update(key_share=True))
    before = select(Absence.lesson_id, Absence.code).where(*unknown).order_by(Absence.lesson_id)
    found = [(lesson, stood) for lesson, stood in await session.execute(before)]
    if not found:
        return ()
    values = {"code": code.code, "kind": KINDS[code.kind].value, "missed": code.missed, "told": code.told}
    await session.execute(update(Absence).where(*unknown).values(values))
    await _let_rolls_know(session, key, [lesson for lesson, _ in found], unknown_codes(rules), code.code)
    await attendance_day.raise_and_publish(session, school, [key], act.at)
    changes = [
        Change("attendance.record", f"lesson/{lesson}/{key.pupil}", {"code": stood}, {"code": code.code})
        for lesson, stood in found
    ]
    await audit(session, act.actor, school.id, act.at, *changes)
    return tuple(lesson for lesson, _ in found)


async def _let_rolls_know(
    session: AsyncSession, key: DayKey, lessons: Sequence[UUID], unknown: Sequence[str], code: str
) -> None:
    """Raise the versions of these rolls, so that whoever saw the older entry looks again before he writes.

    What a roll would stand as if its last calling were taken back learns the cause too: it is known by now.
    """
    stood = RollCall.previous.op("->>")(str(key.pupil))
    caused = func.jsonb_set(RollCall.previous, cast([str(key.pupil)], ARRAY(Text)), func.to_jsonb(literal(code, Text)))
    values = {
        "version": RollCall.version + 1,
        "previous": case((stood.in_(unknown), caused), else_=RollCall.previous),
    }
    await session.execute(update(RollCall).where(RollCall.lesson_id.in_(lessons)).values(values))
