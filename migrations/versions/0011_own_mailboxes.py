"""Mailboxes that people give themselves: asked for, confirmed by whoever holds them, or refused for good.

A line of ``contact`` says whether its person confirmed it himself: lists of the school do not overwrite that one. What
stands there already was stated by the school. There is no way down.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

CLAIMS = (
    """CREATE TABLE core.mailbox_claim (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES core.person,
  value text NOT NULL,
  folded text NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  sent boolean NOT NULL,
  outcome text CHECK (outcome IN ('confirmed', 'refused', 'replaced', 'withdrawn')))""",
    "CREATE INDEX mailbox_claim_by_person ON core.mailbox_claim (person_id)",
    "CREATE INDEX mailbox_claim_by_mailbox ON core.mailbox_claim (folded)",
    "CREATE INDEX mailbox_claim_by_end ON core.mailbox_claim (expires_at)",
    """CREATE TABLE core.mailbox_refusal (
  id uuid PRIMARY KEY,
  person_id uuid NOT NULL REFERENCES core.person,
  salt bytea NOT NULL,
  digest bytea NOT NULL,
  at timestamptz NOT NULL)""",
    "CREATE INDEX mailbox_refusal_by_person ON core.mailbox_refusal (person_id)",
    "ALTER TABLE core.contact ADD COLUMN own boolean NOT NULL DEFAULT false",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON core.mailbox_claim TO core",
    # Whoever said «it is not me» is asked no more, so that nothing takes that back.
    "GRANT SELECT, INSERT, UPDATE ON core.mailbox_refusal TO core",
)


def upgrade() -> None:
    """Make room for mailboxes that wait for a confirmation."""
    for statement in CLAIMS:
        op.execute(statement)
