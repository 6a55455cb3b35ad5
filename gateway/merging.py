"""Two records become one: threads, receipts, choices and hours of the reader that goes become the kept one's.

Without this the kept reader would be told again whatever the other was told of today. What both were told of stays with
each; nothing that still waits for the one who goes will leave. A pupil's days keep their threads under the kept pupil's
name, so that an absence known already is no news. Runs under the partition's lock.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import PersonMergedState, attendance_subject
from gateway.partition import oldest_month

RECIPIENTS = text("""
INSERT INTO gateway.recipient AS r (id, school, rev) VALUES (:kept, :school, 1), (:gone, :school, 1)
ON CONFLICT (id) DO UPDATE SET rev = r.rev + 1
""")
# A pupil's days are named by him: they go on under the kept pupil's name, where he has none of that day.
DAYS = text("""
UPDATE gateway.fact f SET subject = :kept_days || substr(f.subject, length(:gone_days) + 1)
WHERE f.month >= :oldest AND f.pupils @> ARRAY[CAST(:gone AS uuid)] AND starts_with(f.subject, :gone_days)
  AND NOT EXISTS (SELECT FROM gateway.fact k WHERE k.month = f.month
    AND k.subject = :kept_days || substr(f.subject, length(:gone_days) + 1))
""")
THREADS_OF_DAYS = text("""
UPDATE gateway.delivery d SET subject = :kept_days || substr(d.subject, length(:gone_days) + 1)
WHERE d.month >= :oldest AND starts_with(d.subject, :gone_days)
  AND NOT EXISTS (SELECT FROM gateway.fact f WHERE f.month = d.month AND f.subject = d.subject)
""")
TIMERS_OF_DAYS = text("""
UPDATE gateway.timer t SET subject = :kept_days || substr(t.subject, length(:gone_days) + 1)
WHERE starts_with(t.subject, :gone_days)
  AND NOT EXISTS (SELECT FROM gateway.timer k WHERE k.recipient = t.recipient AND k.step = t.step
    AND k.subject = :kept_days || substr(t.subject, length(:gone_days) + 1))
""")
RECEIPTS_OF_DAYS = text("""
INSERT INTO gateway.receipt (key, month, delivery, subject, recipient, kind, detail, at)
SELECT c.key || '/' || CAST(CAST(:kept AS uuid) AS text), c.month, c.delivery,
  :kept_days || substr(c.subject, length(:gone_days) + 1), c.recipient, c.kind, c.detail, c.at
FROM gateway.receipt c WHERE starts_with(c.subject, :gone_days)
ON CONFLICT (key) DO NOTHING
""")
FACTS = text("""
UPDATE gateway.fact SET pupils = ARRAY(SELECT DISTINCT unnest(array_replace(pupils, CAST(:gone AS uuid),
  CAST(:kept AS uuid))))
WHERE month >= :oldest AND pupils @> ARRAY[CAST(:gone AS uuid)] AND NOT starts_with(subject, :gone_days)
""")
# What the kept reader was never told of makes room for a thread that the other was told by.
UNTOLD = text("""
DELETE FROM gateway.delivery k USING gateway.delivery g
WHERE k.month >= :oldest AND k.recipient = :kept AND g.month = k.month AND g.recipient = :gone
  AND g.subject = k.subject AND g.channel = k.channel AND g.purpose = k.purpose
  AND k.told IS NULL AND k.unknowns = 0 AND k.state IN ('pending', 'suppressed', 'expired', 'failed')
  AND (g.told IS NOT NULL OR g.unknowns > 0 OR g.state IN ('claimed', 'sending')
    OR (k.state <> 'pending' AND g.state = 'pending'))
""")
# What waits is stale until it is planned again, and of no letter. A message in another chat cannot be changed in this.
THREADS = text("""
UPDATE gateway.delivery d SET recipient = :kept, recipient_rev = -1,
  bundle = CASE WHEN d.state = 'pending' THEN NULL ELSE d.bundle END,
  provider_id = CASE WHEN EXISTS (SELECT FROM gateway.address k
      JOIN gateway.address g ON g.recipient = :gone AND g.channel = k.channel AND g.value_hmac <> k.value_hmac
      WHERE k.recipient = :kept AND k.channel = d.channel AND NOT k.ended) THEN NULL ELSE d.provider_id END
WHERE d.month >= :oldest AND d.recipient = :gone
  AND (d.state <> 'suppressed' OR d.told IS NOT NULL OR d.unknowns > 0)
  AND NOT EXISTS (SELECT FROM gateway.delivery k WHERE k.month = d.month AND k.subject = d.subject
    AND k.recipient = :kept AND k.channel = d.channel AND k.purpose = d.purpose)
""")
LEFT_BEHIND = text("""
UPDATE gateway.delivery SET state = 'suppressed', reason = 'superseded', changed_at = :at
WHERE month >= :oldest AND state = 'pending' AND (recipient = :gone OR starts_with(subject, :gone_days))
""")
TIMERS = text("""
UPDATE gateway.timer t SET recipient = :kept WHERE t.recipient = :gone
  AND NOT EXISTS (SELECT FROM gateway.timer k
    WHERE k.recipient = :kept AND k.subject = t.subject AND k.step = t.step)
""")
TIMERS_LEFT = text("DELETE FROM gateway.timer WHERE recipient = :gone OR starts_with(subject, :gone_days)")
RECEIPTS = text("""
INSERT INTO gateway.receipt (key, month, delivery, subject, recipient, kind, detail, at)
SELECT c.key || '/' || CAST(CAST(:kept AS uuid) AS text), c.month, c.delivery, c.subject, :kept, c.kind, c.detail, c.at
FROM gateway.receipt c WHERE c.recipient = :gone
ON CONFLICT (key) DO NOTHING
""")
CHOICES = text("""
INSERT INTO gateway.subscription (recipient, category, channel, mode, hour, weekday, pupil, chosen_at)
SELECT :kept, g.category, g.channel, g.mode, g.hour, g.weekday, g.pupil, g.chosen_at FROM gateway.subscription g
WHERE g.recipient = :gone AND NOT EXISTS (SELECT FROM gateway.subscription k
  WHERE k.recipient = :kept AND k.category = g.category AND k.pupil IS NOT DISTINCT FROM g.pupil)
""")
CHOICES_LEFT = text("DELETE FROM gateway.subscription WHERE recipient = :gone OR pupil = :gone")
SELECTIONS = text("""
INSERT INTO gateway.selection (recipient, category, pupil, below, subjects, chosen_at)
SELECT :kept, g.category, g.pupil, g.below, g.subjects, g.chosen_at FROM gateway.selection g WHERE g.recipient = :gone
ON CONFLICT DO NOTHING
""")
SELECTIONS_LEFT = text("DELETE FROM gateway.selection WHERE recipient = :gone OR pupil = :gone")
# What was chosen of a child goes on of the kept child, where nothing was chosen of that one.
CHOICES_OF_PUPIL = text("""
UPDATE gateway.subscription g SET pupil = :kept WHERE g.pupil = :gone AND NOT EXISTS (
  SELECT FROM gateway.subscription k
  WHERE k.recipient = g.recipient AND k.category = g.category AND k.pupil = :kept)
""")
SELECTIONS_OF_PUPIL = text("""
UPDATE gateway.selection g SET pupil = :kept WHERE g.pupil = :gone AND NOT EXISTS (
  SELECT FROM gateway.selection k WHERE k.recipient = g.recipient AND k.category = g.category AND k.pupil = :kept)
""")
# Whoever unsubscribed is obeyed, whichever of the two he was.
OPT_OUTS = text("""
INSERT INTO gateway.opt_out (recipient, channel, via, at)
SELECT :kept, g.channel, g.via, g.at FROM gateway.opt_out g WHERE g.recipient = :gone ON CONFLICT DO NOTHING
""")
HOURS = text("""
UPDATE gateway.recipient k SET quiet_from = g.quiet_from, quiet_until = g.quiet_until, zone = g.zone,
  days_off = g.days_off
FROM gateway.recipient g
WHERE k.id = :kept AND g.id = :gone AND k.quiet_from IS NULL AND k.zone IS NULL AND k.days_off = '{}'
""")
# Asked for by one of the two, he asked for it.
SWITCHES = text("""
UPDATE gateway.recipient k SET letters = k.letters OR g.letters, copies = k.copies OR g.copies
FROM gateway.recipient g WHERE k.id = :kept AND g.id = :gone
""")
IN_ORDER = (
    RECIPIENTS,
    DAYS,
    THREADS_OF_DAYS,
    TIMERS_OF_DAYS,
    RECEIPTS_OF_DAYS,
    FACTS,
    UNTOLD,
    THREADS,
    LEFT_BEHIND,
    TIMERS,
    TIMERS_LEFT,
    RECEIPTS,
    CHOICES_OF_PUPIL,
    SELECTIONS_OF_PUPIL,
    CHOICES,
    CHOICES_LEFT,
    SELECTIONS,
    SELECTIONS_LEFT,
    OPT_OUTS,
    HOURS,
    SWITCHES,
)


async def carry_over(session: AsyncSession, state: PersonMergedState, school: UUID, at: datetime) -> None:
    """Carry everything over; doing it again changes nothing. ``at`` is the school clock."""
    values = {
        "kept": state.kept,
        "gone": state.gone,
        "school": school,
        "kept_days": _days_of(state.kept),
        "gone_days": _days_of(state.gone),
        "oldest": oldest_month(at),
        "at": at,
    }
    for statement in IN_ORDER:
        await session.execute(statement, {name: values[name] for name in statement.compile().params})


def _days_of(pupil: UUID) -> str:
    """Return the beginning of the names of a pupil's days."""
    return attendance_subject(pupil, date.min).removesuffix(date.min.isoformat())
