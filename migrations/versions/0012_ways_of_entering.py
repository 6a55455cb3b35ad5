"""Other ways to enter: by a link, and by a code that a chat gives; stays say by what their owner has entered.

What stands there already was entered by what its method says. There is no way down.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    "ALTER TABLE core.session ADD COLUMN proof text CHECK (proof IN ('password', 'provider', 'link', 'code'))",
    "UPDATE core.session SET proof = method",
    "ALTER TABLE core.session ALTER COLUMN proof SET NOT NULL",
    """CREATE TABLE core.entry_code (
  code_hash bytea PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES core.account,
  expires_at timestamptz NOT NULL)""",
    "CREATE INDEX entry_code_by_account ON core.entry_code (account_id)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.entry_code TO core",
)


def upgrade() -> None:
    """Add what stays say of themselves."""
    for statement in STATEMENTS:
        op.execute(statement)
