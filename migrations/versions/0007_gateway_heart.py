"""The gateway's heart: choices by child, weekly letters, thresholds, unsubscribing; profiles compiled into watches.

Dead letters are found, counted and tried again. There is no way down.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

CHOICES = (
    "ALTER TABLE gateway.subscription DROP CONSTRAINT subscription_pkey",
    "ALTER TABLE gateway.subscription DROP CONSTRAINT subscription_mode_check",
    "ALTER TABLE gateway.subscription DROP CONSTRAINT subscription_check",
    # Letters without an hour leave after the lessons. A row of a pupil counts for him only; without a pupil, for every
    # child for whom nothing else was chosen.
    """ALTER TABLE gateway.subscription
  ADD COLUMN weekday smallint CHECK (weekday BETWEEN 1 AND 7),
  ADD COLUMN pupil uuid,
  ADD CHECK (mode IN ('now', 'daily', 'weekly', 'off')),
  ADD CHECK (hour IS NULL OR mode IN ('daily', 'weekly')),
  ADD CHECK ((mode = 'weekly') = (weekday IS NOT NULL)),
  ADD UNIQUE NULLS NOT DISTINCT (recipient, category, channel, pupil)""",
    "CREATE INDEX subscription_by_pupil ON gateway.subscription (pupil) WHERE pupil IS NOT NULL",
    # Which marks are bad to him, and of which subjects he wants to hear: whichever the way.
    """CREATE TABLE gateway.selection (
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  category text NOT NULL,
  pupil uuid,
  below smallint CHECK (below BETWEEN 2 AND 6),
  subjects text[] NOT NULL DEFAULT '{}',
  chosen_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (recipient, category, pupil))""",
    # Unsubscribed from a channel with one click: stronger than any choice before it, and than what the school demands.
    """CREATE TABLE gateway.opt_out (
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  channel text NOT NULL,
  via text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (recipient, channel))""",
)

# Beside the chosen way the others stood as off, and were tried all the same when the chosen one failed. From now on off
# means never, and what stays open has no row.
MOVE_CHOICES = (
    """DELETE FROM gateway.subscription s WHERE s.mode = 'off' AND EXISTS (
  SELECT FROM gateway.subscription o
  WHERE o.recipient = s.recipient AND o.category = s.category AND o.mode <> 'off')""",
    # Whoever wanted nothing at all wants nothing of what there is to choose now either. Whatever was a part of
    # something else goes with it.
    """INSERT INTO gateway.subscription (recipient, category, channel, mode, chosen_at)
SELECT s.recipient, c.category, w.channel, 'off', max(s.chosen_at) FROM gateway.subscription s
CROSS JOIN unnest(ARRAY['late', 'final', 'message', 'schedule', 'test', 'event', 'digest']) AS c (category)
CROSS JOIN unnest(ARRAY['telegram', 'mail']) AS w (channel)
GROUP BY s.recipient, c.category, w.channel
HAVING bool_and(s.mode = 'off') AND count(DISTINCT s.category) = 7""",
    # Who switched absences off was promised silence. A school of before insists on nothing until it says so itself.
    """UPDATE core.school SET settings = settings || '{"floor": []}'""",
    "UPDATE gateway.school SET state = jsonb_set(state, '{settings,floor}', '[]')",
)

WATCHES = (
    # From one day to another, news of these topics about this pupil reach this reader by this channel, so often; or why
    # they do not. Topics are bits, as gateway/categories.py numbers them.
    """CREATE TABLE gateway.watch (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  pupil uuid NOT NULL,
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  first date NOT NULL,
  last date NOT NULL CHECK (last >= first),
  topics int NOT NULL CHECK (topics > 0),
  rank smallint NOT NULL,
  channel text,
  mode text NOT NULL CHECK (mode IN ('now', 'daily', 'weekly', 'off')),
  hour smallint,
  weekday smallint,
  mark_from smallint NOT NULL,
  mark_below smallint NOT NULL,
  subjects text[] NOT NULL,
  others boolean NOT NULL,
  reason text,
  made_at timestamptz NOT NULL,
  CHECK ((channel IS NULL) = (reason IS NOT NULL)),
  CHECK ((channel IS NULL) = (mode = 'off')))""",
    "CREATE INDEX watch_by_pupil ON gateway.watch (pupil)",
    "CREATE INDEX watch_by_recipient ON gateway.watch (recipient)",
    # Who is to be compiled anew: everybody whose revision was raised, whoever raised it. Added to without waiting for
    # anybody, since couriers raise revisions beside the planner; taken away by the planner of the partition alone.
    """CREATE TABLE gateway.unwatched (
  id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  part smallint NOT NULL,
  recipient uuid NOT NULL)""",
    "CREATE INDEX unwatched_by_part ON gateway.unwatched (part, id)",
    # The partition is that of the school's id, as core/events.py reckons it: the school itself may not be known yet.
    """CREATE FUNCTION gateway.note_unwatched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO gateway.unwatched (part, recipient) VALUES (get_byte(uuid_send(NEW.school), 15) & 63, NEW.id);
  RETURN NULL;
END $$""",
    # Not while the owner loads a backup: the watches come with it.
    """CREATE TRIGGER recipient_unwatched AFTER INSERT OR UPDATE OF rev ON gateway.recipient
  FOR EACH ROW WHEN (current_user = 'gateway') EXECUTE FUNCTION gateway.note_unwatched()""",
    "CREATE INDEX recipient_by_school ON gateway.recipient (school)",
    # With which revision of a school its policy was read, and what it was: of nobody's yet, so that the first pass
    # compiles everybody.
    """ALTER TABLE gateway.school
  ADD COLUMN watched_rev int NOT NULL DEFAULT 0, ADD COLUMN policy text NOT NULL DEFAULT ''""",
    "CREATE INDEX school_unwatched ON gateway.school (part) WHERE watched_rev <> rev",
)

DEAD_LETTERS = (
    # The list pages by (changed_at, id); what is still news is counted. Partial: finished rows cost nothing.
    "CREATE INDEX delivery_dead ON gateway.delivery (changed_at, id) WHERE state IN ('failed', 'unknown')",
    """CREATE INDEX delivery_dead_news ON gateway.delivery (expires_at) INCLUDE (channel, reason)
  WHERE state IN ('failed', 'unknown')""",
    "CREATE INDEX delivery_suppressed ON gateway.delivery (changed_at) INCLUDE (reason) WHERE state = 'suppressed'",
    "CREATE INDEX refused_event_by_reason ON gateway.refused_event (reason)",
    # Who had a dead letter tried again, when and why: added to, nothing changed or removed.
    """CREATE TABLE gateway.replay (
  id uuid PRIMARY KEY,
  month date NOT NULL,
  delivery uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('failed', 'unknown')),
  reason text,
  maybe_told boolean NOT NULL,
  by text NOT NULL,
  why text NOT NULL,
  at timestamptz NOT NULL)""",
    "CREATE INDEX replay_by_delivery ON gateway.replay (delivery, at)",
)

TIMES = (
    # What rings at a reader already on a day; without it planning reads whole months.
    """CREATE INDEX delivery_rings ON gateway.delivery (recipient, not_before) INCLUDE (subject)
  WHERE lane = 1 AND bundle IS NULL""",
    # First change that was not told: the cap on settling. NULL: of the newest.
    "ALTER TABLE gateway.delivery ADD COLUMN began_at timestamptz",
    # A reader's own zone (NULL: the school's) and days off; not all seven, or nothing could ever be told.
    """ALTER TABLE gateway.recipient ADD COLUMN zone text, ADD COLUMN days_off smallint[] NOT NULL DEFAULT '{}'
  CONSTRAINT recipient_days_off CHECK (days_off <@ '{1,2,3,4,5,6,7}'::smallint[] AND cardinality(days_off) < 7)""",
)

QUEUES = (
    # The claim's own order, so that a long queue is not read whole and sorted for each batch.
    "DROP INDEX gateway.delivery_due",
    """CREATE INDEX delivery_due ON gateway.delivery (credential, lane, due_at, id)
  WHERE state = 'pending' AND bundle IS NULL AND NOT held""",
    # What each pass of a planner looks for: without it the whole past is read twice a second.
    "CREATE INDEX delivery_pending ON gateway.delivery (part, expires_at) WHERE state = 'pending'",
)

LETTERS = (
    # Letters of several subjects as they went on the wire, so that any of them can be shown again byte for byte.
    """CREATE TABLE gateway.letter (
  bundle uuid NOT NULL REFERENCES gateway.bundle,
  key text NOT NULL,
  body bytea NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (bundle, key))""",
    # Schools that were asked how learning goes, by day: again, by whoever else, asks nothing twice.
    """CREATE TABLE gateway.learning_asked (
  school uuid NOT NULL,
  day date NOT NULL,
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (school, day))""",
)

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.selection, gateway.opt_out, gateway.watch TO gateway",
    "GRANT SELECT, INSERT, DELETE ON gateway.unwatched TO gateway",
    "GRANT SELECT, INSERT ON gateway.replay, gateway.letter, gateway.learning_asked TO gateway",
)


def upgrade() -> None:
    """Give the gateway its heart, and move what was chosen before."""
    for statement in (*CHOICES, *MOVE_CHOICES, *WATCHES, *DEAD_LETTERS, *TIMES, *QUEUES, *LETTERS, *GRANTS):
        op.execute(statement)
