"""Writes entries about where pupils learn; the other way round it puts them back, into their groups as well."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from core.family.relation_tables import Majority
from core.lists.difference import Entry, Values, What
from core.lists.work import GROUPS, Work, about, day, first_ids
from core.movement import enrolments
from core.movement.movement_tables import Enrolment

DAY = timedelta(days=1)
_TIMES = """unnest(CAST(:groups AS uuid[]), CAST(:pupils AS uuid[]), CAST(:sinces AS date[]), CAST(:untils AS date[]))
  AS w (group_id, pupil_id, since, until)"""
_BACK_INTO_GROUPS = f"""
INSERT INTO core.group_member (group_id, pupil_id, since, until, division)
SELECT w.group_id, w.pupil_id, w.since, w.until, g.division
FROM {_TIMES} JOIN core.study_group g ON g.id = w.group_id
ON CONFLICT (group_id, pupil_id, since) DO UPDATE SET until = excluded.until"""  # noqa: S608 - no value is in it
# Whoever was to join a group only later has never been in it.
_OUT_OF_GROUPS = f"""
DELETE FROM core.group_member m USING {_TIMES}
WHERE (m.group_id, m.pupil_id, m.since) = (w.group_id, w.pupil_id, w.since) AND m.since > w.until"""  # noqa: S608 - the same
_TO_THE_LAST_DAY = f"""
UPDATE core.group_member m SET until = w.until FROM {_TIMES}
WHERE (m.group_id, m.pupil_id, m.since) = (w.group_id, w.pupil_id, w.since) AND m.since <= w.until"""  # noqa: S608 - the same

type Time = tuple[UUID, UUID, date, date | None]
"""A pupil's time in a group: group, pupil, first day, last day."""


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
    ending = [
        (group, pupil, first, date.fromisoformat((entry.after or {})["since"]) - DAY)
        for entry in changed
        for group, pupil, first, _ in _times(entry, entry.before)
    ]
    await _write_times(work, ending, _OUT_OF_GROUPS, _TO_THE_LAST_DAY)


async def _move_back(work: Work, changed: Sequence[Entry], stand: Mapping[UUID, Values]) -> None:
    back = [
        (pupil, UUID((entry.after or {})["class"]), date.fromisoformat(stand[pupil]["since"]))
        for entry in changed
        for pupil in [UUID(entry.key[0])]
    ]
    await enrolments.turn_back(work.session, back, today=work.today)
    times = [one for entry in changed for one in _times(entry, entry.after)]
    await _write_times(work, times, _BACK_INTO_GROUPS)


def _times(entry: Entry, values: Values | None) -> list[Time]:
    """Return the times in groups that an entry names with a class."""
    pupil, named = UUID(entry.key[0]), (values or {}).get(GROUPS, ())
    return [(UUID(group), pupil, date.fromisoformat(first), day(last)) for group, first, last in named]


async def _write_times(work: Work, times: Sequence[Time], *statements: str) -> None:
    if not times:
        return
    columns = dict(zip(("groups", "pupils", "sinces", "untils"), map(list, zip(*times, strict=True)), strict=True))
    for statement in statements:
        await work.session.execute(text(statement), columns)


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
