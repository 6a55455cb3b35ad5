"""Since when a bot or mail account is refused: a message that waits long for it may leave by another way.

What stands there already is not touched: a run of refusals that lasts is noted with its next pause.
There is no way down.
"""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make room for the moment."""
    op.execute("ALTER TABLE gateway.credential ADD COLUMN refused_since timestamptz")
