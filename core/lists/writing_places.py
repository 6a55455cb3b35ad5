"""Writes entries about where pupils learn; the other way round it puts them back, into their groups as well."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from core.family.relation_tables import Majority
from core.lists.difference import Entry, Values, What
from core.lists.work import GROUPS, Work, about, day, first_ids
from core.movement import enrolments
from core.movement.movement_tables import Enrolment
from core.plan import groups

DAY = timedelta(days=1)
_BACK_INTO_GROUP = """
INSERT INTO core.group_member (group_id, pupil_id, since, until, division)
SELECT g.id, :pupil, CAST(:since AS date), CAST(:until AS date), g.division FROM core.study_group g WHERE g.id = :group
ON CONFLICT (group_id, pupil_id, since) DO UPDATE SET until = excluded.until"""


async def pupils(work: Work, entries: Sequence[Entry]) -> None:
    """Write who learns in which class from which day on. Of whoever goes, the question of his majority goes too."""
    found = about(entries, What.PUPIL)
    if not found:
        return
    await enrolments.lock(work.session, first_ids(found))
    stand = await _latest(work, first_ids(found))
    fit = [entry for entry in found if work.fits(entry, stand.get(UUID(entry.key[0])))]
    await _enrol(work, [entry for entry in fit if entry.before is None])
    changed = [entry for entry in fit if entry.before is not None and entry.after is not None]
    await (_move_back(work, changed, stand) if work.is_taking_back else _move(work, changed))
    if going := first_ids(entry for entry in fit if entry.after is None):
        await work.session.execute(delete(Majority).where(Majority.pupil_id.in_(going)))
        await enrolments.strike_out(work.session, going)


async def _enrol(work: Work, new: Sequence[Entry]) -> None:
    for since, places in _by_day(new):
        await enrolments.enrol(work.session, places, since, today=work.today)


async def _move(work: Work, changed: Sequence[Entry]) -> None:
    for since, places in _by_day(changed):
        await enrolments.move(work.session, places, since, today=work.today)
    for entry in changed:
        before, after = entry.before or {}, entry.after or {}
        if GROUPS in before:
            last_day = date.fromisoformat(after["since"]) - DAY
            pupil, to = UUID(entry.key[0]), UUID(after["class"])
            await groups.leave_all(work.session, pupil, [UUID(before["class"])], last_day, to=to)


async def _move_back(work: Work, changed: Sequence[Entry], stand: Mapping[UUID, Values]) -> None:
    for entry in changed:
        pupil, after = UUID(entry.key[0]), entry.after or {}
        since = date.fromisoformat(stand[pupil]["since"])
        await enrolments.reopen(work.session, pupil, since, UUID(after["class"]), today=work.today)
        for group, first, last in after.get(GROUPS, ()):
            await work.session.execute(text(_BACK_INTO_GROUP), _membership(pupil, group, first, last))


def _by_day(entries: Sequence[Entry]) -> list[tuple[date, list[tuple[UUID, UUID]]]]:
    """Return pupils and their classes by the day from which they learn there."""
    found: dict[date, list[tuple[UUID, UUID]]] = {}
    for entry in entries:
        after = entry.after or {}
        since = date.fromisoformat(after["since"])
        found.setdefault(since, []).append((UUID(entry.key[0]), UUID(after["class"])))
    return sorted(found.items())


async def _latest(work: Work, pupils: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Return where each of these learns, or is to learn, last."""
    latest = (
        select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.since)
        .where(Enrolment.pupil_id.in_(pupils))
        .ext(distinct_on(Enrolment.pupil_id))
        .order_by(Enrolment.pupil_id, Enrolment.since.desc())
    )
    rows = (await work.session.execute(latest)).all()
    return {pupil: {"class": str(class_id), "since": since.isoformat()} for pupil, class_id, since in rows}


def _membership(pupil: UUID, group: str, since: str, until: str | None) -> dict[str, Any]:
    return {"pupil": pupil, "group": UUID(group), "since": date.fromisoformat(since), "until": day(until)}
