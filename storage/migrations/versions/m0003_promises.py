"""What is due about a ticket stands with it. Tickets from before get theirs from the auditor, within a minute."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    columns = ("reopened_at BIGINT", "told_at BIGINT", "due_awaits TEXT", "due_step INTEGER")
    for column in (*columns, "due_since BIGINT", "due_origin BIGINT", "due_at BIGINT"):
        op.execute(f"ALTER TABLE tickets ADD COLUMN {column}")
    op.execute("CREATE INDEX tickets_due ON tickets (community, due_at) WHERE due_at IS NOT NULL")
