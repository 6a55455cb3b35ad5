"""The courier's statements: claim, mark as on the wire, record outcomes, recover what a dead courier left.

A claim takes no partition lock: it skips rows that somebody holds, compares revs instead of rights, and respects the
horizon, so that what lies unread in the outbox is not overtaken (house.md §2.6–7, §2.10). What a restore has held is
left alone (``gateway.quarantine``); a letter leaves without it.
"""

from sqlalchemy import text

# The months of what is due are asked for first: else every open one is searched for each row.
CLAIM = text("""
WITH due AS MATERIALIZED (
  SELECT p.month, p.id FROM gateway.delivery p
  JOIN gateway.intake i ON i.source = 'core' AND i.part = p.part
  JOIN gateway.recipient r ON r.id = p.recipient AND r.rev = p.recipient_rev
  JOIN gateway.school s ON s.id = p.school AND s.rev = p.school_rev
  WHERE p.month >= :oldest AND p.credential = :credential AND p.state = 'pending' AND p.bundle IS NULL
    AND NOT p.held
    AND p.expires_at > :now AND p.due_at <= LEAST(CAST(:now AS timestamptz), i.horizon)
    AND (p.leave_by IS NULL OR p.leave_by > :now)
  ORDER BY p.lane, p.due_at, p.id LIMIT :limit FOR UPDATE OF p SKIP LOCKED)
UPDATE gateway.delivery AS d SET state = 'claimed', claim = :claim, epoch = :epoch, lease_until = :lease_until,
  changed_at = :now
WHERE d.month >= :oldest AND d.month >= (SELECT min(month) FROM due) AND d.month <= (SELECT max(month) FROM due)
  AND d.id = ANY(ARRAY(SELECT id FROM due))
RETURNING d.month, d.id
""")
# An evening letter is claimed whole: all that waits in its bundle is due and free, or nothing of it is taken. First the
# bundles are locked: what joins them meanwhile is seen by the second statement, or waits for the next letter.
READY_BUNDLES = text("""
SELECT b.id FROM gateway.bundle b WHERE b.id IN (
  SELECT p.bundle FROM gateway.delivery p
  JOIN gateway.intake i ON i.source = 'core' AND i.part = p.part
  JOIN gateway.recipient r ON r.id = p.recipient JOIN gateway.school s ON s.id = p.school
  WHERE p.month >= :oldest AND p.credential = :credential AND p.state = 'pending' AND p.bundle IS NOT NULL
    AND NOT p.held AND p.due_at <= :now
  GROUP BY p.bundle
  HAVING bool_and(r.rev = p.recipient_rev AND s.rev = p.school_rev AND p.expires_at > :now AND p.due_at <= i.horizon
      AND (p.leave_by IS NULL OR p.leave_by > :now))
    AND NOT EXISTS (SELECT FROM gateway.delivery q
      WHERE q.month >= :oldest AND q.bundle = p.bundle AND q.state = 'pending' AND NOT q.held
        AND q.due_at > :now)
  ORDER BY min(p.due_at) LIMIT :limit)
FOR UPDATE OF b SKIP LOCKED
""")
CLAIM_BUNDLES = text("""
WITH members AS (
  SELECT p.month, p.id, p.bundle FROM gateway.delivery p
  JOIN gateway.intake i ON i.source = 'core' AND i.part = p.part
  JOIN gateway.recipient r ON r.id = p.recipient AND r.rev = p.recipient_rev
  JOIN gateway.school s ON s.id = p.school AND s.rev = p.school_rev
  WHERE p.month >= :oldest AND p.bundle = ANY(CAST(:bundles AS uuid[])) AND p.credential = :credential
    AND p.state = 'pending' AND NOT p.held AND p.expires_at > :now
    AND p.due_at <= LEAST(CAST(:now AS timestamptz), i.horizon) AND (p.leave_by IS NULL OR p.leave_by > :now)
  FOR UPDATE OF p SKIP LOCKED),
whole AS (
  SELECT m.bundle FROM members m GROUP BY m.bundle
  HAVING count(*) = (SELECT count(*) FROM gateway.delivery d
    WHERE d.month >= :oldest AND d.bundle = m.bundle AND d.state = 'pending' AND NOT d.held)),
closed AS (
  UPDATE gateway.bundle b SET closed_at = COALESCE(b.closed_at, :now) FROM whole WHERE b.id = whole.bundle)
UPDATE gateway.delivery AS d SET state = 'claimed', claim = :claim, epoch = :epoch, lease_until = :lease_until,
  changed_at = :now
WHERE d.month >= :oldest
  AND d.month >= (SELECT min(month) FROM members) AND d.month <= (SELECT max(month) FROM members)
  AND d.id = ANY(ARRAY(SELECT m.id FROM members m JOIN whole w ON w.bundle = m.bundle))
RETURNING d.month, d.id, d.bundle
""")
# The columns of ``claimed.ClaimedRow``, in its order.
READ = text("""
SELECT d.month, d.id, d.subject, d.recipient, d.channel, d.part, d.want, d.want_key, d.told_key, d.gen, d.provider_id,
  d.attempts, d.unknowns, d.bundle, d.lane, f.version, CAST(f.data AS text), f.occurred_at, d.school, a.value,
  a.dead_reason, a.verified_at, a.ended, a.value_hmac, said.content_key AS said_key, last.content_key AS last_key,
  EXISTS (SELECT FROM gateway.receipt c WHERE c.subject = d.subject AND c.recipient = d.recipient
    AND c.kind = 'acknowledged') AS acknowledged,
  ARRAY(SELECT CAST(w.state AS text) FROM gateway.follow w
    WHERE w.recipient = d.recipient AND w.pupil = ANY(f.pupils)) AS relations,
  b.slot,
  CASE WHEN d.unknowns = 0 THEN 0 ELSE (SELECT count(*) FROM gateway.attempt t
    WHERE t.delivery = d.id AND t.outcome = 'unknown' AND t.content_key = d.want_key
      AND NOT EXISTS (SELECT FROM gateway.attempt a
        WHERE a.delivery = d.id AND a.outcome = 'accepted' AND a.started_at > t.started_at)
      AND NOT EXISTS (SELECT FROM gateway.replay r
        WHERE r.delivery = d.id AND r.maybe_told AND r.at >= t.started_at)) END AS maybe_copies
FROM gateway.delivery d
JOIN gateway.fact f ON f.month = d.month AND f.subject = d.subject
JOIN gateway.address a ON a.recipient = d.recipient AND a.channel = d.channel
LEFT JOIN gateway.bundle b ON b.id = d.bundle
LEFT JOIN LATERAL (SELECT t.content_key FROM gateway.delivery o
  JOIN gateway.attempt t ON t.delivery = o.id AND t.outcome IN ('accepted', 'unknown') AND t.content_key <> d.want_key
  WHERE o.month = d.month AND o.subject = d.subject AND o.recipient = d.recipient
  ORDER BY t.started_at DESC, t.version DESC LIMIT 1) said ON true
LEFT JOIN LATERAL (SELECT t.content_key FROM gateway.attempt t WHERE t.delivery = d.id
  ORDER BY t.started_at DESC, t.version DESC LIMIT 1) last ON true
WHERE d.month BETWEEN :first AND :last AND d.id = ANY(CAST(:ids AS uuid[]))
ORDER BY d.created_at, d.id
""")
SCHOOLS = text("SELECT id, state FROM gateway.school WHERE id = ANY(CAST(:schools AS uuid[]))")
# A whole batch in one statement. Made from what a planner wanted then: what has been raised meanwhile is made again.
# Rows are locked in the order in which they were read, which is the planner's (``planning.THREADS``).
ON_THE_WIRE = text("""
WITH asked AS (
  SELECT * FROM unnest(CAST(:months AS date[]), CAST(:ids AS uuid[]), CAST(:versions AS int[]),
    CAST(:content_keys AS text[]), CAST(:gens AS int[]), CAST(:acts AS text[]), CAST(:attempts AS uuid[]),
    CAST(:planned AS int[]), CAST(:planned_keys AS text[]))
    AS k (month, id, version, content_key, gen, act, attempt, planned, planned_key)),
marked AS (
  UPDATE gateway.delivery d SET state = 'sending', want = k.version, want_key = k.content_key,
    attempts = d.attempts + 1, gen = k.gen, changed_at = :now
  FROM asked k
  WHERE d.month = k.month AND d.id = k.id
    AND d.state = 'claimed' AND claim = :claim AND epoch = :epoch
    AND d.want = k.planned AND d.want_key = k.planned_key
  RETURNING d.id),
begun AS (
  INSERT INTO gateway.attempt (id, month, delivery, act, gen, version, content_key, epoch, started_at)
  SELECT k.attempt, k.month, k.id, k.act, k.gen, k.version, k.content_key, :epoch, :now
  FROM asked k JOIN marked m ON m.id = k.id)
SELECT id FROM marked
""")
NOTHING_TO_SEND = text("""
UPDATE gateway.delivery SET state = :state, reason = CAST(:reason AS text), claim = NULL, lease_until = NULL,
  changed_at = :now
WHERE month = :month AND id = :id AND state = 'claimed' AND claim = :claim
  AND want = :planned AND want_key = :planned_key
RETURNING id
""")
# Whatever comes back is stale until it is planned again: no rev is -1. Its letter leaves without it, so that it is put
# into the next one.
PUT_BACK = text("""
UPDATE gateway.delivery SET state = 'pending', due_at = GREATEST(due_at, :now), claim = NULL, lease_until = NULL,
  changed_at = :now, bundle = NULL, recipient_rev = -1
WHERE month = :month AND id = :id AND state = 'claimed' AND claim = :claim
RETURNING id
""")
END_ATTEMPT = text("""
UPDATE gateway.attempt SET finished_at = :now, outcome = :outcome, reason = CAST(:reason AS text),
  provider_id = CAST(:provider_id AS text)
WHERE id = :attempt AND outcome IS NULL
""")
# A whole batch in one statement. A planner may have raised what is wanted while a message was on the wire: then it is
# asked what follows from that. Until it has answered the row is stale, and no longer of the letter that has just left.
ACCEPTED = text("""
WITH asked AS (
  SELECT * FROM unnest(CAST(:months AS date[]), CAST(:ids AS uuid[]), CAST(:attempts AS uuid[]),
    CAST(:versions AS int[]), CAST(:content_keys AS text[]), CAST(:provider_ids AS text[]))
    AS k (month, id, attempt, version, content_key, provider_id)),
ended AS (
  UPDATE gateway.attempt a SET finished_at = :now, outcome = 'accepted', provider_id = k.provider_id
  FROM asked k WHERE a.id = k.attempt AND a.outcome IS NULL)
UPDATE gateway.delivery d SET told = k.version, told_key = k.content_key, attempts = 0,
  provider_id = CASE WHEN d.bundle IS NULL THEN k.provider_id END, unknowns = 0,
  state = CASE WHEN d.want_key = k.content_key THEN 'accepted' ELSE 'pending' END,
  due_at = CASE WHEN d.want_key = k.content_key THEN d.due_at ELSE :now END,
  expires_at = CASE WHEN d.want_key = k.content_key THEN d.expires_at ELSE GREATEST(d.expires_at, :correct_until) END,
  bundle = CASE WHEN d.want_key = k.content_key THEN d.bundle END,
  recipient_rev = CASE WHEN d.want_key = k.content_key THEN d.recipient_rev ELSE -1 END,
  reason = NULL, claim = NULL, lease_until = NULL, changed_at = :now
FROM asked k
WHERE d.month = k.month AND d.id = k.id
  AND d.state = 'sending' AND d.claim = :claim
RETURNING d.id, d.want_key <> k.content_key AS raised
""")
# Where a message was out of reach, a new one rings by itself: first the planner takes back what was to ring beside it.
NOT_ACCEPTED = text("""
UPDATE gateway.delivery SET reason = CAST(:reason AS text),
  state = CASE WHEN :state IN ('failed', 'unknown') AND want_key <> :content_key THEN 'pending' ELSE :state END,
  due_at = COALESCE(CAST(:due_at AS timestamptz), due_at), unknowns = unknowns + :unknown,
  attempts = attempts - :not_counted,
  provider_id = CASE WHEN CAST(:new_message AS boolean) THEN NULL ELSE provider_id END,
  recipient_rev = CASE WHEN CAST(:new_message AS boolean) THEN -1 ELSE recipient_rev END,
  claim = NULL, lease_until = NULL, changed_at = :now
WHERE month = :month AND id = :id AND state = 'sending' AND claim = :claim
RETURNING want_key <> :content_key AS raised
""")
ADDRESS_DIED = text("""
UPDATE gateway.address SET dead_reason = :reason, dead_at = :now
WHERE recipient = :recipient AND channel = :channel AND value_hmac = :value_hmac AND dead_reason IS NULL
""")
REPLAN = text("""
INSERT INTO gateway.timer (month, subject, recipient, step, part, due_at)
VALUES (:month, :subject, :recipient, :step, :part, :now) ON CONFLICT DO NOTHING
""")
NEW_REV = text("UPDATE gateway.recipient SET rev = rev + 1 WHERE id = :recipient")
# Certainly unsent: back in the queue. What this very courier still has in hand is his own affair.
UNCLAIM = text("""
UPDATE gateway.delivery SET state = 'pending', due_at = GREATEST(due_at, :now), claim = NULL, lease_until = NULL,
  changed_at = :now, recipient_rev = -1
WHERE month >= :oldest AND credential = :credential AND state = 'claimed'
  AND (epoch < :epoch OR lease_until <= :machine) AND claim <> ALL(CAST(:in_hand AS uuid[]))
RETURNING month, subject, recipient, part
""")
# The request may have left: nobody will ever know from this side.
ABANDONED = text("""
SELECT d.month, d.id, d.subject, d.recipient, d.channel, d.part, d.claim, d.attempts, d.unknowns, d.lane, d.told_key,
  t.id AS attempt, t.act, t.content_key
FROM gateway.delivery d
JOIN LATERAL (SELECT a.id, a.act, a.content_key FROM gateway.attempt a
  WHERE a.delivery = d.id AND a.outcome IS NULL ORDER BY a.started_at DESC, a.id LIMIT 1) t ON true
WHERE d.month >= :oldest AND d.credential = :credential AND d.state = 'sending'
  AND (d.epoch < :epoch OR d.lease_until <= :machine) AND d.claim <> ALL(CAST(:in_hand AS uuid[]))
FOR UPDATE OF d SKIP LOCKED
""")
