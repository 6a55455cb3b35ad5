"""The whole shape, thin: marks, remarks, homework, diary views, notices, the consent register; subscriptions, bundles.

Consents leave the guardianship for a register of their own; facts of the gateway learn to concern several pupils.
There is no way down.
"""

from alembic import op

revision = "0002"
down_revision = "0001"

CORE = (
    """CREATE TABLE core.mark (
  id uuid PRIMARY KEY,
  lesson_id uuid NOT NULL REFERENCES core.lesson,
  pupil_id uuid NOT NULL REFERENCES core.person,
  day date NOT NULL,
  value smallint CHECK (value BETWEEN 1 AND 5),
  work text NOT NULL,
  given_by uuid REFERENCES core.person,
  given_at timestamptz NOT NULL,
  version int NOT NULL)""",
    "CREATE INDEX mark_by_pupil ON core.mark (pupil_id, day)",
    "CREATE INDEX mark_by_lesson ON core.mark (lesson_id)",
    """CREATE TABLE core.remark (
  id uuid PRIMARY KEY,
  pupil_id uuid NOT NULL REFERENCES core.person,
  lesson_id uuid REFERENCES core.lesson,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('remark', 'praise')),
  text text NOT NULL,
  author_id uuid NOT NULL REFERENCES core.person,
  written_at timestamptz NOT NULL,
  withdrawn boolean NOT NULL,
  version int NOT NULL)""",
    "CREATE INDEX remark_by_pupil ON core.remark (pupil_id, day)",
    """CREATE TABLE core.homework (
  lesson_id uuid PRIMARY KEY REFERENCES core.lesson,
  class_id uuid NOT NULL REFERENCES core.school_class,
  due_on date NOT NULL,
  set_on date NOT NULL,
  text text NOT NULL,
  nothing_set boolean NOT NULL,
  set_by uuid REFERENCES core.person,
  set_at timestamptz NOT NULL,
  withdrawn boolean NOT NULL,
  version int NOT NULL)""",
    "CREATE INDEX homework_by_class ON core.homework (class_id, due_on)",
    """CREATE TABLE core.diary_view (
  id uuid PRIMARY KEY,
  pupil_id uuid NOT NULL REFERENCES core.person,
  viewer_id uuid NOT NULL REFERENCES core.person,
  week date NOT NULL,
  via text NOT NULL,
  at timestamptz NOT NULL)""",
    "CREATE INDEX diary_view_by_pupil ON core.diary_view (pupil_id, week)",
    """CREATE TABLE core.notice (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  class_id uuid NOT NULL REFERENCES core.school_class,
  author_id uuid NOT NULL REFERENCES core.person,
  title text NOT NULL,
  text text NOT NULL,
  text_hash text NOT NULL,
  ask text NOT NULL CHECK (ask IN ('read', 'confirm', 'sign')),
  reply_by date,
  published_at timestamptz NOT NULL,
  withdrawn boolean NOT NULL,
  version int NOT NULL)""",
    "CREATE INDEX notice_by_class ON core.notice (class_id, published_at)",
    """CREATE TABLE core.notice_pupil (
  notice_id uuid NOT NULL REFERENCES core.notice,
  pupil_id uuid NOT NULL REFERENCES core.person,
  PRIMARY KEY (notice_id, pupil_id))""",
    "CREATE INDEX notice_pupil_by_pupil ON core.notice_pupil (pupil_id)",
    # Evidence of what was signed: added to, the newest row of a guardian counts, nothing removed.
    """CREATE TABLE core.notice_answer (
  id uuid PRIMARY KEY,
  notice_id uuid NOT NULL REFERENCES core.notice,
  guardian_id uuid NOT NULL REFERENCES core.person,
  pupils uuid[] NOT NULL CHECK (cardinality(pupils) > 0),
  act text NOT NULL CHECK (act IN ('confirmed', 'signed', 'refused')),
  text_hash text NOT NULL,
  via text NOT NULL,
  account_id uuid,
  at timestamptz NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY)""",
    "CREATE INDEX notice_answer_by_notice ON core.notice_answer (notice_id, guardian_id, seq)",
    """CREATE TABLE core.consent (
  id uuid PRIMARY KEY,
  pupil_id uuid NOT NULL REFERENCES core.person,
  guardian_id uuid NOT NULL REFERENCES core.person,
  given boolean NOT NULL,
  since date NOT NULL,
  form text NOT NULL CHECK (form IN ('paper', 'electronic')),
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY)""",
    "CREATE INDEX consent_by_relation ON core.consent (pupil_id, guardian_id, since, seq)",
)

# What stood in the guardianship becomes rows of the register: a consent on its date, a withdrawal on its own.
MOVE_CONSENTS = (
    """INSERT INTO core.consent (id, pupil_id, guardian_id, given, since, form, recorded_at)
SELECT gen_random_uuid(), pupil_id, guardian_id, true, consent_given_on, 'paper', consent_given_on::timestamptz
FROM core.guardianship WHERE consent_given_on IS NOT NULL""",
    """INSERT INTO core.consent (id, pupil_id, guardian_id, given, since, form, recorded_at)
SELECT gen_random_uuid(), pupil_id, guardian_id, false, consent_withdrawn_on, 'paper', consent_withdrawn_on::timestamptz
FROM core.guardianship WHERE consent_withdrawn_on IS NOT NULL""",
    "ALTER TABLE core.guardianship DROP COLUMN consent_given_on, DROP COLUMN consent_withdrawn_on",
)

GATEWAY = (
    "ALTER TABLE gateway.recipient ADD COLUMN quiet_from time, ADD COLUMN quiet_until time",
    """CREATE TABLE gateway.subscription (
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  category text NOT NULL,
  channel text NOT NULL,
  mode text NOT NULL CHECK (mode IN ('now', 'daily', 'off')),
  hour smallint CHECK (hour BETWEEN 16 AND 20),
  chosen_at timestamptz NOT NULL,
  PRIMARY KEY (recipient, category, channel),
  CHECK ((mode = 'daily') = (hour IS NOT NULL)))""",
    "ALTER TABLE gateway.fact ADD COLUMN pupils uuid[]",
    "UPDATE gateway.fact SET pupils = ARRAY[pupil]",
    "ALTER TABLE gateway.fact ALTER COLUMN pupils SET NOT NULL",
    "DROP INDEX gateway.fact_by_pupil",
    "ALTER TABLE gateway.fact DROP COLUMN pupil",
    "CREATE INDEX fact_by_pupils ON gateway.fact USING gin (pupils)",
    # One letter of a slot: what waits for it leaves together, and nothing joins it once it was closed.
    """CREATE TABLE gateway.bundle (
  id uuid PRIMARY KEY,
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  channel text NOT NULL,
  slot timestamptz NOT NULL,
  closed_at timestamptz,
  UNIQUE (recipient, channel, slot))""",
    "ALTER TABLE gateway.delivery ADD COLUMN bundle uuid, ADD COLUMN leave_by timestamptz",
    "CREATE INDEX delivery_by_bundle ON gateway.delivery (bundle) WHERE bundle IS NOT NULL",
    "DROP INDEX gateway.delivery_due",
    """CREATE INDEX delivery_due ON gateway.delivery (credential, lane, due_at)
  WHERE state = 'pending' AND bundle IS NULL""",
    """CREATE INDEX delivery_due_in_bundle ON gateway.delivery (credential, due_at)
  WHERE state = 'pending' AND bundle IS NOT NULL""",
)

GRANTS = (
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.mark, core.remark, core.homework TO core",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.notice, core.notice_pupil TO core",
    "GRANT SELECT, INSERT ON core.diary_view, core.notice_answer, core.consent TO core",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON gateway.subscription, gateway.bundle TO gateway",
)


def upgrade() -> None:
    """Add the rooms' new tables and move what stood elsewhere."""
    for statement in (*CORE, *MOVE_CONSENTS, *GATEWAY, *GRANTS):
        op.execute(statement)
