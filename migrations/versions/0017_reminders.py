"""Rolls are asked for in steps, and a school's administration is told which are late, and how its morning is.

There is no way down.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

STATEMENTS = (
    # What was told before was told when the roll was late, and by one reminder.
    """ALTER TABLE core.roll_deadline
  ADD COLUMN step int NOT NULL DEFAULT 3 CHECK (step BETWEEN 1 AND 3),
  ADD COLUMN rung int NOT NULL DEFAULT 1 CHECK (rung >= 0),
  ADD COLUMN silent boolean NOT NULL DEFAULT false""",
    "CREATE INDEX roll_deadline_by_teacher ON core.roll_deadline (teacher_id, day)",
    """CREATE TABLE core.school_rolls (
  school_id uuid NOT NULL REFERENCES core.school,
  day date NOT NULL,
  version int NOT NULL,
  lessons uuid[] NOT NULL,
  rung int NOT NULL,
  PRIMARY KEY (school_id, day))""",
    """CREATE TABLE core.school_morning (
  school_id uuid NOT NULL REFERENCES core.school,
  day date NOT NULL,
  PRIMARY KEY (school_id, day))""",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.school_rolls, core.school_morning TO core",
)


def upgrade() -> None:
    """Add the steps, and the two heads."""
    for statement in STATEMENTS:
        op.execute(statement)
