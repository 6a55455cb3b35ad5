"""Rules of how families are told travel to the gateway: what schools decided of before counts from now on.

No table changes. A state of a school that the gateway keeps, or has not read yet, says what the school's own rules say;
its new revision lets the first pass compile its readers anew. There is no way down.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

# Neither profile decides any of them, so that only what a school decided itself differs from the defaults.
DECIDED = """SELECT id, jsonb_build_object(
  'absences_at_once', coalesce(rules ->> 'absence_told', 'automatic') = 'automatic',
  'changes_at_once', coalesce(rules ->> 'changes_told', 'at-once') = 'at-once',
  'weekly_letter_on', array_position(
    ARRAY['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
    coalesce(rules ->> 'weekly_letter_on', 'saturday'))) AS telling
  FROM core.school WHERE rules ?| ARRAY['absence_told', 'changes_told', 'weekly_letter_on']"""
KNOWN = f"""UPDATE gateway.school g SET state = jsonb_set(g.state, '{{telling}}', d.telling), rev = g.rev + 1
FROM ({DECIDED}) d WHERE d.id = g.id"""  # noqa: S608 - made of nothing that anybody typed
UNREAD = f"""UPDATE bus.outbox o SET event = jsonb_set(o.event, '{{data,telling}}', d.telling)
FROM ({DECIDED}) d WHERE o.event ->> 'type' = 'zvonok.school' AND o.event ->> 'school' = d.id::text"""  # noqa: S608 - the same


def upgrade() -> None:
    """Let the rules that schools have decided count."""
    for statement in (KNOWN, UNREAD):
        op.execute(statement)
