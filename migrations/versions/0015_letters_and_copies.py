"""Two switches of a reader: letters at all where his school sends nothing unasked, and a duplicate by letter.

Both are off. Who has chosen something already goes on having his mailbox as a way: an upgrade takes none from anybody.
There is no way down.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS = (
    """ALTER TABLE gateway.recipient
  ADD COLUMN letters boolean NOT NULL DEFAULT false,
  ADD COLUMN copies boolean NOT NULL DEFAULT false""",
    """UPDATE gateway.recipient r SET letters = true
WHERE EXISTS (SELECT FROM gateway.subscription s WHERE s.recipient = r.id AND s.mode <> 'off')""",
)


def upgrade() -> None:
    """Add the two switches."""
    for statement in STATEMENTS:
        op.execute(statement)
