"""The Mini App: stays that it began say so, and when a child was tapped on a page of the roll is kept for a while.

There is no way down.
"""

from alembic import op

revision = "0016"
down_revision = "0015"

STATEMENTS = (
    "ALTER TABLE core.session DROP CONSTRAINT session_proof_check",
    """ALTER TABLE core.session
  ADD CONSTRAINT session_proof_check CHECK (proof IN ('password', 'provider', 'link', 'code', 'app'))""",
    """CREATE TABLE core.roll_tap (
  lesson_id uuid NOT NULL REFERENCES core.lesson ON DELETE CASCADE,
  pupil_id uuid NOT NULL,
  page uuid NOT NULL,
  tapped_at timestamptz NOT NULL,
  taken_at timestamptz NOT NULL,
  PRIMARY KEY (lesson_id, pupil_id))""",
    "CREATE INDEX roll_tap_by_age ON core.roll_tap (taken_at)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.roll_tap TO core",
)


def upgrade() -> None:
    """Let stays be begun by a Mini App, and keep taps."""
    for statement in STATEMENTS:
        op.execute(statement)
