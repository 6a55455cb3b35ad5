"""Stays say by what their owner has entered: a link or a code is neither a password nor a provider to him.

What stands there already was entered by what its method says. There is no way down.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    "ALTER TABLE core.session ADD COLUMN proof text CHECK (proof IN ('password', 'provider', 'link', 'code'))",
    "UPDATE core.session SET proof = method",
    "ALTER TABLE core.session ALTER COLUMN proof SET NOT NULL",
)


def upgrade() -> None:
    """Add what stays say of themselves."""
    for statement in STATEMENTS:
        op.execute(statement)
