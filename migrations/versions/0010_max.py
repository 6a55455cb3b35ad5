"""MAX: numbers for its messages, and every school may use it.

The conversation edits a message by a number, MAX names it by a text. The country's own messenger is open to schools of
every kind; what a school had allowed so far was chosen before there was MAX. There is no way down.
"""

from alembic import op

revision = "0010"
down_revision = "0009"

MESSAGES = """CREATE TABLE bot.max_message (
  credential text NOT NULL,
  mid text NOT NULL,
  number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (credential, mid),
  UNIQUE (credential, number))"""
# Nobody has an address there yet, so that nothing is planned otherwise; later versions of a school say the same.
ALLOWED = """UPDATE {table} SET {column} = jsonb_set({column}, '{path}', {column} #> '{path}' || '["max"]')
WHERE {column} #> '{path}' IS NOT NULL AND NOT {column} #> '{path}' ? 'max'"""


def upgrade() -> None:
    """Make room for the messages, and open the way."""
    op.execute(MESSAGES)
    op.execute("CREATE INDEX max_message_seen ON bot.max_message (seen_at)")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON bot.max_message TO bot")
    schools = (
        ("core.school", "settings", "{allowed_channels}"),
        ("gateway.school", "state", "{settings,allowed_channels}"),
    )
    for table, column, path in schools:
        op.execute(ALLOWED.format(table=table, column=column, path=path))
