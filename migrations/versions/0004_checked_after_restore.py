"""What came back from a backup waits until somebody says that he has looked at what the backup could not know.

There is no way down.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Let a quarantine remember when the sheets were checked; one that was released before counts as checked."""
    op.execute("ALTER TABLE gateway.quarantine ADD COLUMN checked_at timestamptz")
    op.execute("UPDATE gateway.quarantine SET checked_at = released_at")
