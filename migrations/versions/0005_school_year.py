"""The school year: calendars, rooms, plans, groups, who learns where by date, dated lessons and what changes them.

Who is in a class or a group on a day can never be told twice: the database itself refuses times that share a day.
There is no way down.
"""

from alembic import op

revision = "0005"
down_revision = "0004"

YEAR = (
    # Trusted since PostgreSQL 13: the owner of the database may have it without being a superuser.
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    # Calendar and bells are each one document: they are judged, changed and audited whole.
    """CREATE TABLE core.school_year (
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  calendar jsonb NOT NULL,
  bells jsonb NOT NULL DEFAULT '[]',
  version int NOT NULL,
  planned_until date,
  closing_proposed_by uuid,
  closing_proposed_at timestamptz,
  closed_by uuid,
  closed_at timestamptz,
  PRIMARY KEY (school_id, year))""",
    """CREATE TABLE core.room (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  name text NOT NULL,
  seats smallint CHECK (seats > 0),
  shared boolean NOT NULL DEFAULT false,
  closed boolean NOT NULL DEFAULT false,
  UNIQUE (school_id, name))""",
    """ALTER TABLE core.subject
  ADD COLUMN part text NOT NULL DEFAULT 'federal' CHECK (part IN ('federal', 'school')),
  ADD COLUMN service text NOT NULL DEFAULT 'basic' CHECK (service IN ('basic', 'extra-curricular', 'additional'))""",
    # 0: a title that names no grade.
    """ALTER TABLE core.school_class
  ADD COLUMN grade smallint NOT NULL
    GENERATED ALWAYS AS (coalesce(substring(title from '^[0-9]{1,2}')::smallint, 0)) STORED,
  ADD COLUMN shift smallint NOT NULL DEFAULT 1 CHECK (shift BETWEEN 1 AND 3)""",
    """CREATE TABLE core.study_plan (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('school', 'profile', 'individual')),
  service text NOT NULL CHECK (service IN ('basic', 'extra-curricular', 'additional')),
  name text NOT NULL,
  profile text NOT NULL DEFAULT '',
  pupil_id uuid REFERENCES core.person,
  CHECK ((kind = 'individual') = (pupil_id IS NOT NULL)),
  UNIQUE (school_id, year, name))""",
    """CREATE TABLE core.study_plan_line (
  plan_id uuid NOT NULL REFERENCES core.study_plan,
  grade smallint NOT NULL CHECK (grade BETWEEN 1 AND 11),
  subject_id uuid NOT NULL REFERENCES core.subject,
  hours_a_week numeric(4, 2) NOT NULL CHECK (hours_a_week > 0),
  PRIMARY KEY (plan_id, grade, subject_id))""",
    """CREATE TABLE core.class_plan (
  class_id uuid NOT NULL REFERENCES core.school_class,
  plan_id uuid NOT NULL REFERENCES core.study_plan,
  PRIMARY KEY (class_id, plan_id))""",
)

LEARNERS = (
    """CREATE TABLE core.study_group (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('group', 'stream', 'combined')),
  purpose text NOT NULL CHECK (purpose IN ('subgroup', 'profile', 'elective', 'facultative', 'club', 'project',
    'course', 'extended-day', 'stream', 'combined')),
  title text NOT NULL,
  subject_id uuid REFERENCES core.subject,
  division uuid,
  shift smallint NOT NULL DEFAULT 1 CHECK (shift BETWEEN 1 AND 3),
  closed boolean NOT NULL DEFAULT false,
  UNIQUE (school_id, year, title))""",
    """CREATE TABLE core.group_class (
  group_id uuid NOT NULL REFERENCES core.study_group,
  class_id uuid NOT NULL REFERENCES core.school_class,
  PRIMARY KEY (group_id, class_id))""",
    "CREATE INDEX group_class_by_class ON core.group_class (class_id)",
    """CREATE TABLE core.group_member (
  group_id uuid NOT NULL REFERENCES core.study_group,
  pupil_id uuid NOT NULL REFERENCES core.person,
  since date NOT NULL,
  until date CHECK (until >= since),
  division uuid,
  PRIMARY KEY (group_id, pupil_id, since),
  EXCLUDE USING gist (group_id WITH =, pupil_id WITH =, daterange(since, until, '[]') WITH &&),
  EXCLUDE USING gist (division WITH =, pupil_id WITH =, daterange(since, until, '[]') WITH &&))""",
    "CREATE INDEX group_member_by_pupil ON core.group_member (pupil_id, since)",
    "CREATE INDEX group_member_by_group ON core.group_member (group_id, since)",
    """CREATE TABLE core.enrolment (
  pupil_id uuid NOT NULL REFERENCES core.person,
  class_id uuid NOT NULL REFERENCES core.school_class,
  since date NOT NULL,
  until date CHECK (until >= since),
  PRIMARY KEY (pupil_id, since),
  EXCLUDE USING gist (pupil_id WITH =, daterange(since, until, '[]') WITH &&))""",
    "CREATE INDEX enrolment_by_class ON core.enrolment (class_id, since)",
    """INSERT INTO core.enrolment (pupil_id, class_id, since)
SELECT p.person_id, p.class_id, make_date(c.year, 9, 1)
FROM core.pupil p JOIN core.school_class c ON c.id = p.class_id""",
    # Of whoever has left: his last day.
    "ALTER TABLE core.pupil ADD COLUMN left_on date",
    """CREATE TABLE core.movement (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  pupil_id uuid NOT NULL REFERENCES core.person,
  kind text NOT NULL CHECK (kind IN ('arrived', 'transferred', 'left', 'expelled', 'graduated', 'moved-up', 'repeats',
    'corrected')),
  on_day date NOT NULL,
  from_class uuid REFERENCES core.school_class,
  to_class uuid REFERENCES core.school_class,
  order_number text NOT NULL,
  order_day date NOT NULL,
  other_school text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  places_before jsonb NOT NULL DEFAULT '[]',
  places_after jsonb NOT NULL DEFAULT '[]',
  recorded_by uuid,
  recorded_at timestamptz NOT NULL,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY)""",
    "CREATE INDEX movement_by_pupil ON core.movement (pupil_id, seq)",
    "CREATE INDEX movement_by_school ON core.movement (school_id, on_day)",
    """CREATE TABLE core.teaching_load (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  teacher_id uuid NOT NULL REFERENCES core.person,
  subject_id uuid NOT NULL REFERENCES core.subject,
  class_id uuid REFERENCES core.school_class,
  group_id uuid REFERENCES core.study_group,
  pupil_id uuid REFERENCES core.person,
  hours_a_week numeric(4, 2) NOT NULL CHECK (hours_a_week > 0),
  CHECK (num_nonnulls(class_id, group_id, pupil_id) = 1),
  UNIQUE NULLS NOT DISTINCT (school_id, year, teacher_id, subject_id, class_id, group_id, pupil_id))""",
)

TIMETABLE = (
    """INSERT INTO core.room (id, school_id, name)
SELECT gen_random_uuid(), c.school_id, s.room FROM core.slot s JOIN core.school_class c ON c.id = s.class_id
WHERE s.room <> '' GROUP BY c.school_id, s.room""",
    "ALTER TABLE core.slot DROP CONSTRAINT slot_class_id_weekday_number_key",
    """ALTER TABLE core.slot
  ADD COLUMN school_id uuid REFERENCES core.school,
  ADD COLUMN year smallint,
  ADD COLUMN group_id uuid REFERENCES core.study_group,
  ADD COLUMN pupil_id uuid REFERENCES core.person,
  ADD COLUMN room_id uuid REFERENCES core.room,
  ADD COLUMN shift smallint NOT NULL DEFAULT 1 CHECK (shift BETWEEN 1 AND 3),
  ADD COLUMN since date,
  ADD COLUMN until date CHECK (until >= since),
  ADD COLUMN every text NOT NULL DEFAULT 'week' CHECK (every IN ('week', 'odd', 'even')),
  ADD COLUMN service text NOT NULL DEFAULT 'basic' CHECK (service IN ('basic', 'extra-curricular', 'additional')),
  ALTER COLUMN class_id DROP NOT NULL,
  ALTER COLUMN starts DROP NOT NULL,
  ALTER COLUMN ends DROP NOT NULL""",
    """UPDATE core.slot s SET school_id = c.school_id, year = c.year,
  room_id = (SELECT r.id FROM core.room r WHERE r.school_id = c.school_id AND r.name = s.room)
FROM core.school_class c WHERE c.id = s.class_id""",
    """ALTER TABLE core.slot
  ALTER COLUMN school_id SET NOT NULL,
  ALTER COLUMN year SET NOT NULL,
  DROP COLUMN room,
  ADD CONSTRAINT slot_of_learners CHECK (num_nonnulls(class_id, group_id, pupil_id) = 1),
  ADD CONSTRAINT slot_hours CHECK (num_nonnulls(starts, ends) <> 1 AND ends > starts),
  ADD CONSTRAINT slot_once UNIQUE NULLS NOT DISTINCT (class_id, group_id, pupil_id, weekday, number, every, since)""",
    "CREATE INDEX slot_by_year ON core.slot (school_id, year)",
    "CREATE INDEX slot_by_teacher ON core.slot (teacher_id)",
    "ALTER TABLE core.lesson DROP CONSTRAINT lesson_slot_id_day_key",
    """ALTER TABLE core.lesson
  ADD COLUMN school_id uuid REFERENCES core.school,
  ADD COLUMN planned_day date,
  ADD COLUMN group_id uuid REFERENCES core.study_group,
  ADD COLUMN pupil_id uuid REFERENCES core.person,
  ADD COLUMN classes uuid[],
  ADD COLUMN distant uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN room_id uuid REFERENCES core.room,
  ADD COLUMN cancelled text CHECK (cancelled IN ('weather', 'quarantine', 'no-teacher', 'short-day', 'event',
    'emergency', 'other')),
  ADD COLUMN cancelled_note text NOT NULL DEFAULT '',
  ALTER COLUMN class_id DROP NOT NULL""",
    """UPDATE core.lesson l SET school_id = s.school_id, planned_day = l.day, classes = ARRAY[l.class_id],
  room_id = s.room_id FROM core.slot s WHERE s.id = l.slot_id""",
    """ALTER TABLE core.lesson
  ALTER COLUMN school_id SET NOT NULL,
  ALTER COLUMN planned_day SET NOT NULL,
  ALTER COLUMN classes SET NOT NULL,
  ADD CONSTRAINT lesson_of_learners CHECK (num_nonnulls(class_id, group_id, pupil_id) = 1),
  ADD CONSTRAINT lesson_of_slot UNIQUE (slot_id, planned_day)""",
    "CREATE INDEX lesson_by_school ON core.lesson (school_id, day)",
    "CREATE INDEX lesson_by_plan ON core.lesson (school_id, planned_day)",
    # Who gives it, and who learns at it, are each one of several columns: these answer whichever it is.
    "CREATE INDEX lesson_by_giver ON core.lesson ((coalesce(substitute_id, teacher_id)), day)",
    "CREATE INDEX lesson_by_learners ON core.lesson ((coalesce(class_id, group_id, pupil_id)), day)",
    "CREATE INDEX remark_by_lesson ON core.remark (lesson_id) WHERE lesson_id IS NOT NULL",
    "CREATE INDEX lesson_by_group ON core.lesson (group_id, day) WHERE group_id IS NOT NULL",
    "CREATE INDEX lesson_by_pupil ON core.lesson (pupil_id, day) WHERE pupil_id IS NOT NULL",
    # Whose homework it is stands in the lesson.
    "ALTER TABLE core.homework DROP COLUMN class_id",
    """CREATE TABLE core.timetable_change (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('substitution', 'move', 'cancellation', 'day-act')),
  slot_id uuid REFERENCES core.slot,
  first date NOT NULL,
  last date NOT NULL CHECK (last >= first),
  data jsonb NOT NULL,
  why text NOT NULL DEFAULT '',
  made_by uuid,
  made_at timestamptz NOT NULL,
  withdrawn_by uuid,
  withdrawn_at timestamptz,
  seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  CHECK ((kind = 'day-act') = (slot_id IS NULL)))""",
    """CREATE INDEX timetable_change_by_year ON core.timetable_change (school_id, year, first)
  WHERE withdrawn_at IS NULL""",
    "CREATE INDEX timetable_change_by_slot ON core.timetable_change (slot_id, first) WHERE withdrawn_at IS NULL",
    # Substitutions that were written into lessons become changes, so that planning again keeps them.
    """INSERT INTO core.timetable_change (id, school_id, year, kind, slot_id, first, last, data, made_at)
SELECT gen_random_uuid(), l.school_id, s.year, 'substitution', l.slot_id, l.planned_day, l.planned_day,
  jsonb_build_object('teacher', l.substitute_id), l.starts_at
FROM core.lesson l JOIN core.slot s ON s.id = l.slot_id WHERE l.substitute_id IS NOT NULL""",
    # Head of the subject "the timetable of a class, group or pupil on a day".
    """CREATE TABLE core.timetable_day (
  learners_id uuid NOT NULL,
  day date NOT NULL,
  version int NOT NULL,
  PRIMARY KEY (learners_id, day))""",
    """CREATE TABLE core.control_work (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  year smallint NOT NULL,
  lesson_id uuid NOT NULL REFERENCES core.lesson,
  form text NOT NULL,
  topic text NOT NULL,
  for_control boolean NOT NULL DEFAULT false,
  planned_by uuid,
  planned_at timestamptz NOT NULL,
  withdrawn boolean NOT NULL DEFAULT false,
  version int NOT NULL)""",
    "CREATE UNIQUE INDEX control_work_by_lesson ON core.control_work (lesson_id) WHERE NOT withdrawn",
    "CREATE INDEX control_work_of_lesson ON core.control_work (lesson_id)",
    "CREATE INDEX control_work_by_year ON core.control_work (school_id, year)",
    """CREATE TABLE core.school_event (
  id uuid PRIMARY KEY,
  school_id uuid NOT NULL REFERENCES core.school,
  classes uuid[],
  title text NOT NULL,
  place text NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  planned_by uuid,
  planned_at timestamptz NOT NULL,
  withdrawn boolean NOT NULL DEFAULT false,
  version int NOT NULL)""",
    "CREATE INDEX school_event_by_school ON core.school_event (school_id, starts_at)",
)

EVIDENCE = (
    # Orders of movement are evidence too: of a person recorded twice they become the one's.
    """CREATE OR REPLACE FUNCTION core.hand_over_evidence(gone uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, core AS $$
DECLARE kept uuid := (SELECT p.merged_into FROM core.person p WHERE p.id = gone);
BEGIN
  IF kept IS NULL THEN RAISE EXCEPTION 'person is not merged'; END IF;
  UPDATE core.consent SET pupil_id = kept WHERE pupil_id = gone;
  UPDATE core.consent SET guardian_id = kept WHERE guardian_id = gone;
  UPDATE core.diary_view SET pupil_id = kept WHERE pupil_id = gone;
  UPDATE core.diary_view SET viewer_id = kept WHERE viewer_id = gone;
  UPDATE core.movement SET pupil_id = kept WHERE pupil_id = gone;
  UPDATE core.notice_answer SET guardian_id = kept WHERE guardian_id = gone;
  UPDATE core.notice_answer SET pupils = ARRAY(SELECT DISTINCT unnest(array_replace(pupils, gone, kept)))
  WHERE gone = ANY(pupils);
END $$""",
)

GRANTS = (
    """GRANT SELECT, INSERT, UPDATE, DELETE ON core.school_year, core.room, core.study_plan, core.study_plan_line,
  core.class_plan, core.study_group, core.group_class, core.group_member, core.enrolment, core.teaching_load,
  core.timetable_day TO core""",
    # What was ordered and what was changed is never struck out: it is corrected by another row, or withdrawn.
    "GRANT SELECT, INSERT ON core.movement TO core",
    "GRANT SELECT, INSERT, UPDATE ON core.timetable_change, core.control_work, core.school_event TO core",
)


def upgrade() -> None:
    """Give the year its tables; what was one class's becomes one of a class, a group or a pupil."""
    for statement in (*YEAR, *LEARNERS, *TIMETABLE, *EVIDENCE, *GRANTS):
        op.execute(statement)
