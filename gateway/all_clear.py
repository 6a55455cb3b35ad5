"""The all-clear that rings: whoever was alarmed hears once, by a short message, that the alarm is over. Pure.

An edit makes no sound, and who is looking for a child does not look at old messages (parents.md §4.2). So beside the
edit of the alarm goes a second thread, of a purpose of its own, that is never edited. It rings once for each lesson of
an alarm: a teacher who cannot make up his mind does not ring again and again. A letter rings by itself.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from gateway import due_times
from gateway.absence_content import AbsenceContent, Whereabouts, cleared_in
from gateway.content import read_content
from gateway.routing import Route, Untold
from gateway.states import GIVEN_UP, IN_FLIGHT, TOLD, Purpose, Reason, State
from gateway.thread import Thread
from gateway.threads import Head, Plan, Reader, plan_threads

BEHIND = timedelta(seconds=10)
"""So long after the edit it rings. By then it is known whether there was anything to edit: else a new message rings."""


def plan_all(head: Head, reader: Reader, at: datetime) -> tuple[Plan, ...]:
    """Decide what each thread of one reader shall be, the all-clear's among them; ``at`` is the school clock."""
    plans = plan_threads(head, reader, at)
    content = reader.wanted.interactive
    if not isinstance(content, AbsenceContent):
        return plans
    plans = tuple(_rung_already(reader, content, one) for one in plans)
    beside = next((one for one in plans if one.state is State.PENDING), None)
    bell = next((one for one in reader.bells if one.state is State.PENDING), None)
    rung = (
        _rings(head, reader, content, beside, at) if bell is None else _waits(head, reader, content, bell, beside, at)
    )
    return plans if rung is None else (*plans, rung)


def _rung_already(reader: Reader, content: AbsenceContent, plan: Plan) -> Plan:
    """Keep silent where an alarm cannot be changed any more, and the all-clear that rang said all that is to be said.

    The edit may be refused, or its message gone, after the bell: another message would tell the same again.
    """
    alarm = reader.on(plan.channel)
    new = plan.state is State.PENDING and not _edits(reader, plan) and alarm is not None and alarm.may_be_known
    bell = next((one for one in reader.bells if one.channel == plan.channel and one.assures(content)), None)
    if not new or alarm is None or bell is None or not _is_last_word(bell, alarm):
        return plan
    return replace(plan, state=State.SUPPRESSED, reason=Reason.SUPERSEDED)


def _is_last_word(bell: Thread, alarm: Thread) -> bool:
    """Tell whether nothing was said of the alarm since the bell: it may have been changed into something else."""
    certain = alarm.told is not None and alarm.unknowns == 0
    return certain and bell.told is not None and alarm.told is not None and bell.told > alarm.told


def _rings(head: Head, reader: Reader, content: AbsenceContent, edit: Plan | None, at: datetime) -> Plan | None:
    """Ring if a message that told of an alarm is about to be changed into the all-clear."""
    alarm = reader.on(edit.channel) if edit is not None and _edits(reader, edit) else None
    if alarm is None or alarm.told_key is None or not reader.clear:
        return None
    said = read_content(alarm.told_key)
    over = content.clears(said) if isinstance(said, AbsenceContent) else frozenset()
    bell = next((one for one in reader.bells if one.channel == alarm.channel), None)
    rung = frozenset() if bell is None else _heard(bell)
    way = _way(reader, alarm.channel)
    if over <= rung or way is None or (bell is not None and bell.state in IN_FLIGHT):
        return None
    return _plan(head, way, content.ringing(over | rung), at, again=bell is not None and bell.has_message)


def _waits(
    head: Head, reader: Reader, content: AbsenceContent, bell: Thread, beside: Plan | None, at: datetime
) -> Plan:
    """Go on with an all-clear that waits, as long as it is one, and nothing else rings; ``beside``: what leaves too."""
    cleared = frozenset(cleared_in(bell.want_key))
    way, why = _way(reader, bell.channel), None
    if isinstance(reader.ways, Untold):
        why = reader.ways.reason
    elif way is None or (beside is not None and beside.channel != bell.channel):
        why = Reason.MOVED
    elif not content.is_over(cleared) or (beside is not None and not _edits(reader, beside)):
        why = Reason.SUPERSEDED
    elif not reader.clear:
        why = Reason.UNSUBSCRIBED
    if way is None or why is not None:
        timing = due_times.correction(at)
        return Plan(bell.channel, "", Purpose.ALL_CLEAR, State.SUPPRESSED, read_content(bell.want_key), timing, why)
    return _plan(head, way, content.ringing(cleared), at)


def _plan(head: Head, way: Route, content: AbsenceContent, at: datetime, *, again: bool = False) -> Plan:
    """Plan it: what takes an entry back leaves at once, that the child came waits for the teacher's second thought."""
    came = content.where is Whereabouts.CAME
    news = due_times.news(head.occurred_at, head.undo_window, head.day, head.zone)
    timing = news if came else due_times.correction(at)
    timing = replace(timing, not_before=timing.not_before + BEHIND, due_at=timing.due_at + BEHIND)
    return Plan(way.channel, way.credential, Purpose.ALL_CLEAR, State.PENDING, content, timing, None, again)


def _edits(reader: Reader, plan: Plan) -> bool:
    """Tell whether a plan changes a message that the reader has, without a sound."""
    thread = reader.on(plan.channel)
    return thread is not None and thread.editable and not plan.new_message


def _heard(bell: Thread) -> frozenset[int]:
    """Return the lessons of whose alarm this reader heard, or may have heard, that it is over."""
    told = () if bell.told_key is None else cleared_in(bell.told_key)
    tried = cleared_in(bell.want_key) if bell.state in TOLD | GIVEN_UP | IN_FLIGHT else ()
    return frozenset((*told, *tried))


def _way(reader: Reader, channel: str) -> Route | None:
    ways = () if isinstance(reader.ways, Untold) else reader.ways
    return next((way for way in ways if way.channel == channel), None)
