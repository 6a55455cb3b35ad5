"""A person acts by one chat of a messenger: those that he has left, and whether they were told.

Who has two chats of one messenger already, keeps them until he shows a new code. There is no way down.
"""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    """CREATE TABLE core.former_account (
  account_id uuid NOT NULL REFERENCES core.account,
  person_id uuid NOT NULL REFERENCES core.person,
  linked_at timestamptz NOT NULL,
  left_at timestamptz NOT NULL,
  untold boolean NOT NULL,
  tell_at timestamptz,
  tries int NOT NULL,
  PRIMARY KEY (account_id, person_id))""",
    "CREATE INDEX former_account_by_person ON core.former_account (person_id)",
    "CREATE INDEX former_account_untold ON core.former_account (tell_at) WHERE untold",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.former_account TO core",
)


def upgrade() -> None:
    """Add chats that were left."""
    for statement in STATEMENTS:
        op.execute(statement)
