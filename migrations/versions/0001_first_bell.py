"""The first bell: schemas, roles, the journal's slice, the outbox, the gateway's ledger in monthly partitions.

Each room has its schema and its role; the grants below are all that a room may do. There is no way down.
"""

from alembic import op

revision = "0001"
down_revision = None

ROLES = ("core", "bus", "gateway", "bot")

# Roles belong to the whole server, so another database of it may be creating them at this moment.
CREATE_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN CREATE ROLE {role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN RAISE NOTICE 'role {role} was created elsewhere';
END $$
"""
# Whoever logs in must be able to become each role. Since version 16 its maker has to grant himself that first.
JOIN_ROLE = """
DO $$
DECLARE may text := CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
  IF NOT pg_has_role(current_user, '{role}', may) THEN EXECUTE format('GRANT {role} TO %I', current_user); END IF;
END $$
"""

CORE = (
    """CREATE TABLE core.school (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('municipal', 'state', 'private', 'branch')),
  name text NOT NULL UNIQUE,
  zone text NOT NULL,
  settings jsonb NOT NULL,
  version int NOT NULL)""",
    """CREATE TABLE core.person (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  surname text NOT NULL,
  given text NOT NULL,
  patronymic text NOT NULL,
  birth_date date,
  sort_key text NOT NULL)""",
    "CREATE INDEX person_by_name ON core.person (school_id, surname, given)",
    """CREATE TABLE core.school_class (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  title text NOT NULL,
  class_teacher_id uuid REFERENCES core.person,
  UNIQUE (school_id, year, title))""",
    """CREATE TABLE core.pupil (
  person_id uuid PRIMARY KEY REFERENCES core.person,
  class_id uuid NOT NULL REFERENCES core.school_class)""",
    "CREATE INDEX pupil_by_class ON core.pupil (class_id)",
    """CREATE TABLE core.staff (
  person_id uuid PRIMARY KEY REFERENCES core.person,
  position text NOT NULL,
  administers boolean NOT NULL)""",
    """CREATE TABLE core.guardianship (
  pupil_id uuid NOT NULL REFERENCES core.person,
  guardian_id uuid NOT NULL REFERENCES core.person,
  relation text NOT NULL,
  may_see boolean NOT NULL,
  barred boolean NOT NULL,
  since date NOT NULL,
  until date,
  consent_given_on date,
  consent_withdrawn_on date,
  version int NOT NULL,
  PRIMARY KEY (pupil_id, guardian_id))""",
    "CREATE INDEX guardianship_by_guardian ON core.guardianship (guardian_id)",
    """CREATE TABLE core.contact (
  person_id uuid NOT NULL REFERENCES core.person,
  channel text NOT NULL,
  value text NOT NULL,
  verified_on date,
  version int NOT NULL,
  PRIMARY KEY (person_id, channel))""",
    """CREATE TABLE core.account (
  id uuid PRIMARY KEY,
  channel text NOT NULL,
  external_id text NOT NULL,
  UNIQUE (channel, external_id))""",
    """CREATE TABLE core.account_person (
  account_id uuid NOT NULL REFERENCES core.account,
  person_id uuid NOT NULL REFERENCES core.person,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (account_id, person_id))""",
    """CREATE TABLE core.link_code (
  code_hash text PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES core.person,
  expires_at timestamptz NOT NULL,
  wrong_answers smallint NOT NULL,
  offered_to text,
  offered_at timestamptz,
  used_at timestamptz,
  used_by text)""",
    "CREATE INDEX link_code_by_person ON core.link_code (person_id)",
    "CREATE INDEX link_code_by_offer ON core.link_code (offered_to) WHERE used_at IS NULL",
    "CREATE TABLE core.link_attempt (id uuid PRIMARY KEY, account text NOT NULL, at timestamptz NOT NULL)",
    "CREATE INDEX link_attempt_by_account ON core.link_attempt (account, at)",
    """CREATE TABLE core.subject (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  name text NOT NULL,
  UNIQUE (school_id, name))""",
    """CREATE TABLE core.slot (
  id uuid PRIMARY KEY,
  class_id uuid NOT NULL REFERENCES core.school_class,
  weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
  number smallint NOT NULL,
  starts time NOT NULL,
  ends time NOT NULL,
  subject_id uuid NOT NULL REFERENCES core.subject,
  teacher_id uuid NOT NULL REFERENCES core.person,
  room text NOT NULL,
  UNIQUE (class_id, weekday, number))""",
    """CREATE TABLE core.lesson (
  id uuid PRIMARY KEY,
  slot_id uuid NOT NULL REFERENCES core.slot,
  class_id uuid NOT NULL REFERENCES core.school_class,
  subject_id uuid NOT NULL REFERENCES core.subject,
  teacher_id uuid NOT NULL REFERENCES core.person,
  day date NOT NULL,
  number smallint NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  UNIQUE (slot_id, day))""",
    "CREATE INDEX lesson_by_teacher ON core.lesson (teacher_id, day)",
    "CREATE INDEX lesson_by_class ON core.lesson (class_id, day)",
    """CREATE TABLE core.roll_call (
  lesson_id uuid PRIMARY KEY REFERENCES core.lesson,
  recorded_by uuid REFERENCES core.person,
  recorded_at timestamptz NOT NULL,
  version int NOT NULL,
  withdrawn boolean NOT NULL,
  previous jsonb)""",
    """CREATE TABLE core.absence (
  lesson_id uuid NOT NULL REFERENCES core.lesson,
  pupil_id uuid NOT NULL REFERENCES core.person,
  day date NOT NULL,
  code text NOT NULL,
  recorded_by uuid REFERENCES core.person,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (lesson_id, pupil_id))""",
    "CREATE INDEX absence_by_pupil ON core.absence (pupil_id, day)",
    """CREATE TABLE core.attendance_day (
  pupil_id uuid NOT NULL REFERENCES core.person,
  day date NOT NULL,
  version int NOT NULL,
  PRIMARY KEY (pupil_id, day))""",
    """CREATE TABLE core.absence_answer (
  pupil_id uuid NOT NULL REFERENCES core.person,
  day date NOT NULL,
  guardian_id uuid NOT NULL REFERENCES core.person,
  reason text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (pupil_id, day, guardian_id))""",
    """CREATE TABLE core.audit (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL,
  at timestamptz NOT NULL,
  person_id uuid,
  account_id uuid,
  via text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  before jsonb,
  after jsonb)""",
    "CREATE INDEX audit_by_subject ON core.audit (subject, at)",
    "CREATE INDEX audit_by_account ON core.audit (account_id, at)",
    "CREATE TABLE core.command (key text PRIMARY KEY, at timestamptz NOT NULL)",
)

BUS = (
    """CREATE TABLE bus.outbox (
  id uuid PRIMARY KEY,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  part smallint NOT NULL,
  event jsonb NOT NULL,
  at timestamptz NOT NULL)""",
    "CREATE INDEX outbox_by_part ON bus.outbox (part, seq)",
)

GATEWAY = (
    """CREATE TABLE gateway.school (
  id uuid PRIMARY KEY,
  part smallint NOT NULL,
  version int NOT NULL,
  rev int NOT NULL,
  state jsonb NOT NULL)""",
    "CREATE TABLE gateway.recipient (id uuid PRIMARY KEY, school uuid NOT NULL, rev int NOT NULL)",
    """CREATE TABLE gateway.follow (
  pupil uuid NOT NULL,
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  version int NOT NULL,
  state jsonb NOT NULL,
  PRIMARY KEY (pupil, recipient))""",
    "CREATE INDEX follow_by_recipient ON gateway.follow (recipient)",
    """CREATE TABLE gateway.address (
  recipient uuid NOT NULL REFERENCES gateway.recipient,
  channel text NOT NULL,
  credential text NOT NULL,
  value bytea NOT NULL,
  value_hmac bytea NOT NULL,
  verified_at timestamptz,
  ended boolean NOT NULL,
  dead_reason text,
  dead_at timestamptz,
  version int NOT NULL,
  PRIMARY KEY (recipient, channel))""",
    "CREATE INDEX address_by_value ON gateway.address (channel, value_hmac)",
    """CREATE TABLE gateway.fact (
  month date NOT NULL,
  subject text NOT NULL,
  school uuid NOT NULL,
  part smallint NOT NULL,
  source text NOT NULL,
  category text NOT NULL,
  pupil uuid NOT NULL,
  day date NOT NULL,
  version int NOT NULL,
  event_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  data jsonb NOT NULL,
  planned_at timestamptz,
  followers int NOT NULL DEFAULT 0,
  PRIMARY KEY (month, subject)) PARTITION BY RANGE (month)""",
    "CREATE INDEX fact_by_pupil ON gateway.fact (pupil, day)",
    """CREATE TABLE gateway.delivery (
  month date NOT NULL,
  id uuid NOT NULL,
  subject text NOT NULL,
  recipient uuid NOT NULL,
  channel text NOT NULL,
  purpose text NOT NULL,
  school uuid NOT NULL,
  part smallint NOT NULL,
  credential text NOT NULL,
  lane smallint NOT NULL,
  not_before timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('pending', 'claimed', 'sending', 'accepted', 'delivered', 'bounced', 'unknown',
    'failed', 'suppressed', 'expired')),
  want int NOT NULL,
  want_key text NOT NULL,
  told int,
  told_key text,
  gen int NOT NULL,
  recipient_rev int NOT NULL,
  school_rev int NOT NULL,
  provider_id text,
  claim uuid,
  epoch bigint,
  lease_until timestamptz,
  attempts int NOT NULL,
  unknowns int NOT NULL,
  reason text,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (month, id),
  UNIQUE (month, subject, recipient, channel, purpose)) PARTITION BY RANGE (month)""",
    "CREATE INDEX delivery_by_id ON gateway.delivery (id)",
    "CREATE INDEX delivery_due ON gateway.delivery (credential, lane, due_at) WHERE state = 'pending'",
    """CREATE INDEX delivery_in_flight ON gateway.delivery (credential, lease_until)
  WHERE state IN ('claimed', 'sending')""",
    """CREATE TABLE gateway.attempt (
  id uuid PRIMARY KEY,
  month date NOT NULL,
  delivery uuid NOT NULL,
  act text NOT NULL CHECK (act IN ('send', 'edit')),
  gen int NOT NULL,
  version int NOT NULL,
  content_key text NOT NULL,
  epoch bigint NOT NULL,
  started_at timestamptz NOT NULL,
  finished_at timestamptz,
  outcome text CHECK (outcome IN ('accepted', 'deferred', 'rejected', 'unknown')),
  reason text,
  provider_id text)""",
    "CREATE INDEX attempt_by_delivery ON gateway.attempt (delivery, started_at)",
    """CREATE TABLE gateway.receipt (
  key text PRIMARY KEY,
  month date NOT NULL,
  delivery uuid NOT NULL,
  subject text NOT NULL,
  recipient uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('read', 'acknowledged', 'explained')),
  detail text,
  at timestamptz NOT NULL)""",
    "CREATE INDEX receipt_by_subject ON gateway.receipt (subject, recipient)",
    """CREATE TABLE gateway.timer (
  month date NOT NULL,
  subject text NOT NULL,
  recipient uuid NOT NULL,
  step text NOT NULL,
  part smallint NOT NULL,
  due_at timestamptz NOT NULL,
  PRIMARY KEY (subject, recipient, step))""",
    "CREATE INDEX timer_due ON gateway.timer (part, due_at)",
    """CREATE TABLE gateway.intake (
  source text NOT NULL,
  part smallint NOT NULL,
  horizon timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (source, part))""",
    """CREATE TABLE gateway.credential (
  id text PRIMARY KEY,
  owner uuid,
  epoch bigint NOT NULL,
  lease_until timestamptz,
  pause_until timestamptz,
  pause_reason text)""",
    """CREATE TABLE gateway.refused_event (
  id uuid PRIMARY KEY,
  part smallint NOT NULL,
  event jsonb NOT NULL,
  reason text NOT NULL,
  at timestamptz NOT NULL)""",
    # Partitions are made under the migrator's rights; the gateway may ask for a month and change nothing else.
    """CREATE FUNCTION gateway.open_month(wanted date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, gateway AS $$
DECLARE
  first date := date_trunc('month', wanted)::date;
  next date := (date_trunc('month', wanted) + interval '1 month')::date;
  parent text;
BEGIN
  IF to_regclass(format('gateway.%I', 'fact_' || to_char(first, 'YYYY_MM'))) IS NOT NULL
    AND to_regclass(format('gateway.%I', 'delivery_' || to_char(first, 'YYYY_MM'))) IS NOT NULL THEN RETURN; END IF;
  PERFORM pg_advisory_xact_lock(hashtext('zvonok.open_month'));
  FOREACH parent IN ARRAY ARRAY['fact', 'delivery'] LOOP
    IF to_regclass(format('gateway.%I', parent || '_' || to_char(first, 'YYYY_MM'))) IS NULL THEN
      -- Attached, not created as a partition: that would lock the parent against everybody, this locks out nobody.
      EXECUTE format('CREATE TABLE gateway.%I (LIKE gateway.%I INCLUDING ALL)',
        parent || '_' || to_char(first, 'YYYY_MM'), parent);
      EXECUTE format('ALTER TABLE gateway.%I ATTACH PARTITION gateway.%I FOR VALUES FROM (%L) TO (%L)',
        parent, parent || '_' || to_char(first, 'YYYY_MM'), first, next);
    END IF;
  END LOOP;
END $$""",
    "REVOKE ALL ON FUNCTION gateway.open_month(date) FROM PUBLIC",
)

BOT = (
    # Raw text, not jsonb: whatever a messenger may send (a NUL, half a surrogate pair) must be storable.
    """CREATE TABLE bot.inbox (
  credential text NOT NULL,
  update_key text NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  conversation text NOT NULL,
  body text NOT NULL,
  received_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  done_at timestamptz,
  failure text,
  PRIMARY KEY (credential, update_key))""",
    "CREATE INDEX inbox_waiting ON bot.inbox (credential, conversation, seq) WHERE done_at IS NULL",
    "CREATE INDEX inbox_done ON bot.inbox (done_at) WHERE done_at IS NOT NULL",
    """CREATE TABLE bot.draft (
  token text PRIMARY KEY,
  account text NOT NULL,
  kind text NOT NULL,
  data jsonb NOT NULL,
  made_at timestamptz NOT NULL)""",
    "CREATE INDEX draft_by_account ON bot.draft (account, made_at)",
)

GRANTS = (
    "GRANT USAGE ON SCHEMA core TO core",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA core TO core",
    # The audit is append-only by grant: not even core may change what was written (AUDIT-01).
    "REVOKE UPDATE, DELETE ON core.audit FROM core",
    "GRANT USAGE ON SCHEMA bus TO core, bus, gateway",
    "GRANT INSERT ON bus.outbox TO core",
    "GRANT SELECT, DELETE ON bus.outbox TO gateway, bus",
    "GRANT USAGE ON SCHEMA gateway TO gateway",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA gateway TO gateway",
    # Receipts and attempts are the evidence of what happened: added to, an attempt finished once, nothing removed.
    "REVOKE UPDATE, DELETE ON gateway.receipt FROM gateway",
    "REVOKE DELETE ON gateway.attempt FROM gateway",
    "GRANT EXECUTE ON FUNCTION gateway.open_month(date) TO gateway",
    "GRANT USAGE ON SCHEMA bot TO bot",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA bot TO bot",
)


def upgrade() -> None:
    """Build the rooms."""
    for role in ROLES:
        op.execute(CREATE_ROLE.format(role=role))
        op.execute(JOIN_ROLE.format(role=role))
        op.execute(f"CREATE SCHEMA {role}")
    for statement in (*CORE, *BUS, *GATEWAY, *BOT, *GRANTS):
        op.execute(statement)
