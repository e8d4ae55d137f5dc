"""What happened at a home is asked for with every report from it."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("CREATE INDEX tickets_home ON tickets (community, building, room)")
