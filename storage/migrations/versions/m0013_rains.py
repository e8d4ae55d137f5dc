"""Rains, after which people are asked whether what was mended holds, and when each ticket was."""

from alembic import op

revision = "0013"
down_revision = "0012"

_STATEMENTS = (
    """
CREATE TABLE rains (
    community TEXT NOT NULL, id BIGINT NOT NULL, began_at BIGINT NOT NULL, told TEXT NOT NULL, over_at BIGINT,
    due_at BIGINT, asked_at BIGINT, tickets JSON NOT NULL,
    PRIMARY KEY (community, id)
)
""",
    "CREATE INDEX rains_due ON rains (community, due_at) WHERE due_at IS NOT NULL",
    "ALTER TABLE tickets ADD COLUMN asked_after_rain BIGINT",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _STATEMENTS:
        op.execute(statement if sqlite else statement.replace(" TEXT", ' TEXT COLLATE "C"'))
