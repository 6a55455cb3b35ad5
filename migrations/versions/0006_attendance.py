"""Attendance whole: who came late or left early, absences announced and ordered, rolls of events, unlocks, API keys.

There is no way down.
"""

from alembic import op

revision = "0006"
down_revision = "0005"

ROLLS = (
    # The entry that a guardian disputes: «ребёнок в школе, это ошибка».
    "ALTER TABLE core.absence_answer ADD COLUMN lesson_id uuid REFERENCES core.lesson ON DELETE SET NULL",
    # Who was on the list when it was called; of rolls of before nobody knows.
    "ALTER TABLE core.roll_call ADD COLUMN learners uuid[]",
    # What an absence came to was looked up by its code; a school may now give the code another meaning later.
    """ALTER TABLE core.absence
  ADD COLUMN kind text NOT NULL DEFAULT 'unexplained'
    CHECK (kind IN ('unexplained', 'illness', 'excused', 'exempt')),
  ADD COLUMN missed boolean NOT NULL DEFAULT true,
  ADD COLUMN told boolean NOT NULL DEFAULT true""",
    "UPDATE core.absence SET kind = 'illness', told = false WHERE code = 'б'",
    "UPDATE core.absence SET kind = 'excused', told = false WHERE code = 'ну'",
    """CREATE TABLE core.partial_attendance (
  lesson_id uuid NOT NULL REFERENCES core.lesson,
  pupil_id uuid NOT NULL REFERENCES core.person,
  day date NOT NULL,
  late_minutes smallint CHECK (late_minutes BETWEEN 1 AND 240),
  left_early text CHECK (left_early IN ('permission', 'nurse', 'without')),
  recorded_by uuid REFERENCES core.person,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (lesson_id, pupil_id),
  CHECK (late_minutes IS NOT NULL OR left_early IS NOT NULL))""",
    "CREATE INDEX partial_attendance_by_pupil ON core.partial_attendance (pupil_id, day)",
    # The class teacher has gone over the absent of a day (DL-02).
    """CREATE TABLE core.absence_recheck (
  class_id uuid NOT NULL REFERENCES core.school_class,
  day date NOT NULL,
  rechecked_by uuid REFERENCES core.person,
  rechecked_at timestamptz NOT NULL,
  seen bigint[] NOT NULL,
  PRIMARY KEY (class_id, day))""",
    # That nobody called the roll of a lesson in time was told (DL-01); it is told once more when it is called.
    """CREATE TABLE core.roll_deadline (
  lesson_id uuid PRIMARY KEY REFERENCES core.lesson,
  day date NOT NULL,
  teacher_id uuid NOT NULL REFERENCES core.person,
  version int NOT NULL,
  overdue boolean NOT NULL)""",
    "CREATE INDEX roll_deadline_waiting ON core.roll_deadline (day) WHERE overdue",
)

EXPECTED = (
    """CREATE TABLE core.announced_absence (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  pupil_id uuid NOT NULL REFERENCES core.person,
  first date NOT NULL,
  last date NOT NULL CHECK (last >= first),
  reason text NOT NULL CHECK (reason IN ('illness', 'family', 'other')),
  note text NOT NULL DEFAULT '',
  certificate boolean NOT NULL DEFAULT false,
  announced_by uuid REFERENCES core.person,
  announced_at timestamptz NOT NULL,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  version int NOT NULL)""",
    "CREATE INDEX announced_absence_by_pupil ON core.announced_absence (pupil_id, first)",
    """CREATE TABLE core.release_order (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  number text NOT NULL,
  ordered_on date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('olympiad', 'competition', 'duty', 'event', 'other')),
  title text NOT NULL,
  first date NOT NULL,
  last date NOT NULL CHECK (last >= first),
  lessons smallint[],
  made_by uuid REFERENCES core.person,
  made_at timestamptz NOT NULL,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  version int NOT NULL)""",
    "CREATE INDEX release_order_by_school ON core.release_order (school_id, first)",
    """CREATE TABLE core.released_pupil (
  release_id uuid NOT NULL REFERENCES core.release_order,
  pupil_id uuid NOT NULL REFERENCES core.person,
  PRIMARY KEY (release_id, pupil_id))""",
    "CREATE INDEX released_pupil_by_pupil ON core.released_pupil (pupil_id)",
)

EVENTS = (
    """CREATE TABLE core.event_roll (
  event_id uuid PRIMARY KEY REFERENCES core.school_event,
  classes uuid[] NOT NULL DEFAULT '{}',
  recorded_by uuid REFERENCES core.person,
  recorded_at timestamptz NOT NULL,
  version int NOT NULL)""",
    """CREATE TABLE core.event_absence (
  event_id uuid NOT NULL REFERENCES core.school_event,
  pupil_id uuid NOT NULL REFERENCES core.person,
  code text NOT NULL,
  recorded_by uuid REFERENCES core.person,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (event_id, pupil_id))""",
)

LOCKS = (
    # The administration's leave to change what is locked (ATT-11, CONF-05). Append-only but for its end.
    """CREATE TABLE core.journal_unlock (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  lesson_id uuid NOT NULL REFERENCES core.lesson,
  until timestamptz NOT NULL,
  why text NOT NULL CHECK (why <> ''),
  given_by uuid,
  given_at timestamptz NOT NULL,
  ended_by uuid,
  ended_at timestamptz)""",
    "CREATE INDEX journal_unlock_by_lesson ON core.journal_unlock (lesson_id)",
    # Final marks of a subject stand for a period of a class: what lies in it is closed (CONF-05, AUDIT-04).
    """CREATE TABLE core.finals_lock (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  learners_id uuid NOT NULL,
  subject_id uuid NOT NULL REFERENCES core.subject,
  first date NOT NULL,
  last date NOT NULL CHECK (last >= first),
  set_by uuid,
  set_at timestamptz NOT NULL,
  UNIQUE (learners_id, subject_id, first))""",
)

KEYS = (
    # A program's way in. Of the key itself only a digest is kept.
    """CREATE TABLE core.api_key (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  title text NOT NULL,
  digest bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL,
  made_by uuid,
  made_at timestamptz NOT NULL,
  expires_on date,
  last_used_on date,
  revoked_by uuid,
  revoked_at timestamptz)""",
    "CREATE INDEX api_key_by_school ON core.api_key (school_id)",
)

GRANTS = (
    """GRANT SELECT, INSERT, UPDATE, DELETE ON core.partial_attendance, core.absence_recheck, core.roll_deadline,
  core.released_pupil, core.event_roll, core.event_absence, core.finals_lock TO core""",
    # What was announced, ordered, allowed or handed out is never struck out: it is withdrawn, ended or revoked.
    """GRANT SELECT, INSERT, UPDATE ON core.announced_absence, core.release_order, core.journal_unlock,
  core.api_key TO core""",
)


def upgrade() -> None:
    """Give attendance its tables."""
    for statement in (*ROLLS, *EXPECTED, *EVENTS, *LOCKS, *KEYS, *GRANTS):
        op.execute(statement)
