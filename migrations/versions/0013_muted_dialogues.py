"""Until when a reader hears no message of his messenger: what is urgent rather goes another way.

MAX alone tells of it; nobody is known to have muted anything so far. There is no way down.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make room for the moment."""
    op.execute("ALTER TABLE gateway.address ADD COLUMN muted_until timestamptz")
