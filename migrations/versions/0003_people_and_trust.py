"""People, rights, audit, accounts, consent, backup: who may see, who may do, who did it, who agreed.

Authorities above schools; roles of people; dated duties of the cards; the sealed chain of the audit; passwords,
sessions and second factors; consents by purpose with the text that was agreed to; what a restored system holds back.
There is no way down.
"""

import hashlib
import json
import secrets

from alembic import op
from sqlalchemy import text

revision = "0003"
down_revision = "0002"

ORGANISATIONS = (
    """CREATE TABLE core.authority (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('region', 'municipality')),
  name text NOT NULL UNIQUE,
  parent_id uuid REFERENCES core.authority,
  CHECK ((kind = 'region') = (parent_id IS NULL)))""",
    """ALTER TABLE core.school
  ADD COLUMN authority_id uuid REFERENCES core.authority,
  ADD COLUMN head_school_id uuid REFERENCES core.school,
  ADD COLUMN profile text NOT NULL DEFAULT 'region-2020',
  ADD COLUMN rules jsonb NOT NULL DEFAULT '{}'""",
    # Officers of an authority are nobody's of a school; everybody else belongs to exactly one.
    """ALTER TABLE core.person
  ALTER COLUMN school_id DROP NOT NULL,
  ADD COLUMN authority_id uuid REFERENCES core.authority,
  ADD COLUMN merged_into uuid REFERENCES core.person,
  ADD CONSTRAINT person_belongs CHECK (num_nonnulls(school_id, authority_id) = 1)""",
)

PEOPLE = (
    """CREATE TABLE core.role_assignment (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES core.person,
  school_id uuid REFERENCES core.school,
  authority_id uuid REFERENCES core.authority,
  role text NOT NULL,
  class_id uuid REFERENCES core.school_class,
  since date NOT NULL,
  until date,
  why text NOT NULL,
  by_list boolean NOT NULL,
  granted_by uuid,
  granted_at timestamptz NOT NULL,
  CHECK (num_nonnulls(school_id, authority_id) = 1),
  CHECK (until >= since))""",
    "CREATE INDEX role_assignment_by_person ON core.role_assignment (person_id)",
    "CREATE INDEX role_assignment_by_class ON core.role_assignment (class_id) WHERE class_id IS NOT NULL",
    """CREATE TABLE core.own_role (
  school_id uuid NOT NULL REFERENCES core.school,
  code text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (school_id, code))""",
    # A school's own answer to "may this role do this": a reach, or 'none'; without a row the built-in table answers.
    """CREATE TABLE core.role_right (
  school_id uuid NOT NULL REFERENCES core.school,
  role text NOT NULL,
  act text NOT NULL,
  reach text NOT NULL,
  changed_by uuid,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (school_id, role, act))""",
    """ALTER TABLE core.guardianship
  ADD COLUMN kind text NOT NULL DEFAULT 'parent' CHECK (kind IN ('parent', 'adoptive', 'guardian', 'trustee', 'foster',
    'institution', 'trusted')),
  ADD COLUMN must_sign boolean NOT NULL DEFAULT true,
  ADD COLUMN no_contact boolean NOT NULL DEFAULT false,
  ADD COLUMN priority smallint NOT NULL DEFAULT 1 CHECK (priority BETWEEN 1 AND 9),
  ADD COLUMN basis text NOT NULL DEFAULT ''""",
    "CREATE TABLE core.institution (person_id uuid PRIMARY KEY REFERENCES core.person, full_name text NOT NULL)",
    """CREATE TABLE core.majority (
  pupil_id uuid PRIMARY KEY REFERENCES core.person,
  came_on date NOT NULL,
  asked_at timestamptz NOT NULL,
  answered_at timestamptz)""",
    """CREATE TABLE core.identity_document (
  person_id uuid PRIMARY KEY REFERENCES core.person,
  kind text NOT NULL,
  number_hash text NOT NULL,
  tail text NOT NULL)""",
    """CREATE TABLE core.personal_card (
  person_id uuid NOT NULL REFERENCES core.person,
  kind text NOT NULL CHECK (kind IN ('pupil', 'teacher')),
  data jsonb NOT NULL,
  version int NOT NULL,
  PRIMARY KEY (person_id, kind))""",
    """CREATE TABLE core.class_card (
  class_id uuid PRIMARY KEY REFERENCES core.school_class,
  data jsonb NOT NULL,
  version int NOT NULL)""",
    # That a class teacher has verified the data of a class: once a year, or once a month.
    """CREATE TABLE core.verification (
  class_id uuid NOT NULL REFERENCES core.school_class,
  duty text NOT NULL CHECK (duty IN ('questionnaires', 'personal-cards', 'class-card', 'monthly')),
  period date NOT NULL,
  done_by uuid,
  done_at timestamptz NOT NULL,
  PRIMARY KEY (class_id, duty, period))""",
    """CREATE TABLE core.data_change (
  id uuid PRIMARY KEY,
  about_id uuid NOT NULL REFERENCES core.person,
  told_by uuid NOT NULL REFERENCES core.person,
  text text NOT NULL,
  told_at timestamptz NOT NULL,
  closed_by uuid,
  closed_at timestamptz,
  outcome text)""",
    "CREATE INDEX data_change_by_about ON core.data_change (about_id)",
    """ALTER TABLE core.pupil
  ADD COLUMN education_form text NOT NULL DEFAULT 'full-time' CHECK (education_form IN ('full-time', 'family', 'self',
    'external', 'free', 'home', 'hospital')),
  ADD COLUMN form_since date,
  ADD COLUMN individual_plan boolean NOT NULL DEFAULT false""",
    "ALTER TABLE core.lesson ADD COLUMN substitute_id uuid REFERENCES core.person",
    "CREATE INDEX lesson_by_substitute ON core.lesson (substitute_id, day) WHERE substitute_id IS NOT NULL",
    # What was signed, agreed to and read nobody may change; of a person recorded twice it becomes the one's.
    """CREATE FUNCTION core.hand_over_evidence(gone uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, core AS $$
DECLARE kept uuid := (SELECT p.merged_into FROM core.person p WHERE p.id = gone);
BEGIN
  IF kept IS NULL THEN RAISE EXCEPTION 'person is not merged'; END IF;
  UPDATE core.consent SET pupil_id = kept WHERE pupil_id = gone;
  UPDATE core.consent SET guardian_id = kept WHERE guardian_id = gone;
  UPDATE core.diary_view SET pupil_id = kept WHERE pupil_id = gone;
  UPDATE core.diary_view SET viewer_id = kept WHERE viewer_id = gone;
  UPDATE core.notice_answer SET guardian_id = kept WHERE guardian_id = gone;
  UPDATE core.notice_answer SET pupils = ARRAY(SELECT DISTINCT unnest(array_replace(pupils, gone, kept)))
  WHERE gone = ANY(pupils);
END $$""",
    "REVOKE ALL ON FUNCTION core.hand_over_evidence(uuid) FROM PUBLIC",
    # Positions that administered the journal become roles.
    """INSERT INTO core.role_assignment (id, person_id, school_id, role, since, why, by_list, granted_at)
SELECT gen_random_uuid(), s.person_id, p.school_id,
  CASE WHEN lower(s.position) LIKE 'директор%' THEN 'director' ELSE 'deputy' END, DATE '2000-01-01', s.position, true,
  TIMESTAMPTZ '2000-01-01 00:00:00+00'
FROM core.staff s JOIN core.person p ON p.id = s.person_id WHERE s.administers""",
    "ALTER TABLE core.staff DROP COLUMN administers, ADD COLUMN since date, ADD COLUMN until date",
)

AUDIT = (
    """ALTER TABLE core.audit
  ADD COLUMN seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  ADD COLUMN why text,
  ADD COLUMN salt bytea,
  ADD COLUMN commitment bytea,
  ADD COLUMN sealed boolean NOT NULL DEFAULT false""",
    "CREATE INDEX audit_unsealed ON core.audit (school_id, seq) WHERE NOT sealed",
    "CREATE INDEX audit_by_person ON core.audit (person_id, at)",
    """CREATE TABLE core.audit_seal (
  school_id uuid NOT NULL,
  number bigint NOT NULL,
  audit_id uuid NOT NULL UNIQUE,
  hash bytea NOT NULL,
  sealed_at timestamptz NOT NULL,
  PRIMARY KEY (school_id, number))""",
    "CREATE TABLE core.audit_head (school_id uuid PRIMARY KEY, number bigint NOT NULL, hash bytea NOT NULL)",
    """CREATE TABLE core.audit_erasure (
  audit_id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  person_id uuid,
  why text NOT NULL)""",
    # The one way to take words out of the audit; who, what and when stay, and so does the chain.
    """CREATE FUNCTION core.erase_audit_words(wanted uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, core AS $$
  UPDATE core.audit SET before = NULL, after = NULL, why = NULL, salt = NULL
  WHERE id = wanted AND EXISTS (SELECT FROM core.audit_erasure e WHERE e.audit_id = wanted)
$$""",
    "REVOKE ALL ON FUNCTION core.erase_audit_words(uuid) FROM PUBLIC",
    """CREATE TABLE core.breach (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL,
  person_id uuid NOT NULL REFERENCES core.person,
  account_id uuid NOT NULL REFERENCES core.account,
  found_at timestamptz NOT NULL,
  report_by timestamptz NOT NULL,
  reported_at timestamptz NOT NULL,
  reported_by uuid,
  act_number text,
  act_at timestamptz,
  act_by uuid)""",
    "CREATE INDEX breach_by_account ON core.breach (account_id)",
    """CREATE TABLE core.breach_told (
  breach_id uuid NOT NULL REFERENCES core.breach,
  whom text NOT NULL CHECK (whom IN ('head', 'support')),
  at timestamptz NOT NULL,
  PRIMARY KEY (breach_id, whom))""",
    """CREATE TABLE core.voided (
  audit_id uuid PRIMARY KEY,
  breach_id uuid NOT NULL REFERENCES core.breach,
  at timestamptz NOT NULL,
  undone boolean NOT NULL,
  note text NOT NULL)""",
)

ACCOUNTS = (
    "ALTER TABLE core.account ADD COLUMN closed_at timestamptz, ADD COLUMN closed_why text",
    """CREATE TABLE core.password (
  account_id uuid PRIMARY KEY REFERENCES core.account,
  hash text NOT NULL,
  must_change boolean NOT NULL,
  changed_at timestamptz NOT NULL)""",
    """CREATE TABLE core.second_factor (
  account_id uuid PRIMARY KEY REFERENCES core.account,
  secret_sealed bytea NOT NULL,
  confirmed_at timestamptz,
  last_step bigint,
  recovery text[] NOT NULL)""",
    """CREATE TABLE core.session (
  id uuid PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  account_id uuid NOT NULL REFERENCES core.account,
  person_id uuid NOT NULL REFERENCES core.person,
  method text NOT NULL CHECK (method IN ('password', 'provider')),
  device text NOT NULL,
  created_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  idle_seconds int NOT NULL,
  second_factor_at timestamptz,
  ended_at timestamptz,
  ended_why text)""",
    "CREATE INDEX session_by_account ON core.session (account_id) WHERE ended_at IS NULL",
    """CREATE TABLE core.login_try (
  id uuid PRIMARY KEY,
  key text NOT NULL,
  at timestamptz NOT NULL)""",
    "CREATE INDEX login_try_by_key ON core.login_try (key, at)",
    # The link itself is kept nowhere: the gateway signs it for one delivery to one address.
    """CREATE TABLE core.password_reset (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES core.account,
  person_id uuid NOT NULL REFERENCES core.person,
  expires_at timestamptz NOT NULL,
  used_at timestamptz)""",
    "CREATE INDEX password_reset_by_account ON core.password_reset (account_id) WHERE used_at IS NULL",
    """CREATE TABLE core.provider_identity (
  subject_hash bytea PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES core.account,
  joined_at timestamptz NOT NULL)""",
    """CREATE TABLE core.provider_login (
  state_hash bytea PRIMARY KEY,
  nonce text NOT NULL,
  verifier_sealed bytea NOT NULL,
  expires_at timestamptz NOT NULL)""",
)

CONSENTS = (
    """CREATE TABLE core.consent_text (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  version int NOT NULL,
  text text NOT NULL,
  text_hash text NOT NULL,
  published_by uuid,
  published_at timestamptz NOT NULL,
  UNIQUE (school_id, version))""",
    # One consent covered both purposes (CONS-02): each entry becomes two, in the order of recording.
    """ALTER TABLE core.consent
  ADD COLUMN purpose text CHECK (purpose IN ('achievement', 'attendance')),
  ADD COLUMN until date CHECK (until >= since),
  ADD COLUMN text_id uuid REFERENCES core.consent_text,
  ADD COLUMN paper_ref text NOT NULL DEFAULT ''""",
    """INSERT INTO core.consent (id, pupil_id, guardian_id, given, since, form, recorded_by, recorded_at, purpose)
SELECT gen_random_uuid(), pupil_id, guardian_id, given, since, form, recorded_by, recorded_at, 'attendance'
FROM core.consent ORDER BY seq""",
    "UPDATE core.consent SET purpose = 'achievement' WHERE purpose IS NULL",
    "ALTER TABLE core.consent ALTER COLUMN purpose SET NOT NULL",
    "DROP INDEX core.consent_by_relation",
    "CREATE INDEX consent_by_relation ON core.consent (pupil_id, guardian_id, purpose, since, seq)",
)

BACKUP = (
    """CREATE TABLE core.backup (
  id uuid PRIMARY KEY,
  snapshot_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  file text NOT NULL,
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  verified_at timestamptz)""",
    """CREATE TABLE gateway.quarantine (
  id uuid PRIMARY KEY,
  snapshot_at timestamptz NOT NULL,
  restored_at timestamptz NOT NULL,
  released_at timestamptz,
  released_by text)""",
    # Set on what was due, or happened, before a restore: it waits until the operator has looked.
    "ALTER TABLE gateway.delivery ADD COLUMN held boolean NOT NULL DEFAULT false",
    "DROP INDEX gateway.delivery_due",
    """CREATE INDEX delivery_due ON gateway.delivery (credential, lane, due_at)
  WHERE state = 'pending' AND bundle IS NULL AND NOT held""",
    "DROP INDEX gateway.delivery_due_in_bundle",
    """CREATE INDEX delivery_due_in_bundle ON gateway.delivery (credential, due_at)
  WHERE state = 'pending' AND bundle IS NOT NULL AND NOT held""",
    "CREATE INDEX delivery_held ON gateway.delivery (due_at) WHERE held",
)

GRANTS = (
    """GRANT SELECT, INSERT, UPDATE ON core.authority, core.role_assignment, core.own_role, core.institution,
  core.majority, core.identity_document, core.personal_card, core.class_card, core.verification, core.data_change
  TO core""",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.role_right TO core",
    "GRANT DELETE ON core.role_assignment TO core",
    # Of a person recorded twice the second card, document and the like go.
    "GRANT DELETE ON core.personal_card, core.identity_document, core.institution, core.majority TO core",
    "GRANT EXECUTE ON FUNCTION core.hand_over_evidence(uuid) TO core",
    # Only whether a row is sealed may ever change in the audit; its words go by a function that leaves a trace.
    "GRANT UPDATE (sealed) ON core.audit TO core",
    "GRANT SELECT, INSERT ON core.audit_seal, core.audit_erasure, core.breach_told, core.voided TO core",
    "GRANT SELECT, INSERT, UPDATE ON core.audit_head, core.breach TO core",
    "GRANT EXECUTE ON FUNCTION core.erase_audit_words(uuid) TO core",
    """GRANT SELECT, INSERT, UPDATE, DELETE ON core.password, core.second_factor, core.session, core.login_try,
  core.password_reset, core.provider_identity, core.provider_login TO core""",
    "GRANT SELECT, INSERT ON core.consent_text, core.backup TO core",
    "GRANT SELECT, INSERT, UPDATE ON gateway.quarantine TO gateway",
)


def upgrade() -> None:
    """Add what trust needs; what stood elsewhere moves."""
    for statement in (*ORGANISATIONS, *PEOPLE, *AUDIT):
        op.execute(statement)
    _commit_to_old_rows()
    for statement in (*ACCOUNTS, *CONSENTS, *BACKUP, *GRANTS):
        op.execute(statement)


def _commit_to_old_rows() -> None:
    """Give each audit row written so far the salted commitment that the chain will hold in place of its words."""
    bind = op.get_bind()
    write = text("UPDATE core.audit SET salt = :salt, commitment = :commitment WHERE id = :id")
    for row in bind.execute(text("SELECT id, before, after FROM core.audit ORDER BY seq")).all():
        salt = secrets.token_bytes(16)
        bind.execute(write, {"id": row.id, "salt": salt, "commitment": _commitment(salt, row.before, row.after)})
    op.execute("ALTER TABLE core.audit ALTER COLUMN commitment SET NOT NULL")


def _commitment(salt: bytes, before: object, after: object, why: str | None = None) -> bytes:
    """Compute as ``core.audit_words`` does; written out, since a migration must not change with the program."""
    words = json.dumps([before, after, why], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + words.encode()).digest()
