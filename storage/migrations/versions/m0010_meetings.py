"""Meetings, with who comes and what was agreed."""

from alembic import op

revision = "0010"
down_revision = "0009"

_STATEMENTS = (
    """
CREATE TABLE meetings (
    community TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, place TEXT NOT NULL, topic TEXT NOT NULL,
    chats JSON NOT NULL, by_staff TEXT NOT NULL, told_at BIGINT NOT NULL, due_at BIGINT, guests JSON NOT NULL,
    minutes JSON NOT NULL, called_off_at BIGINT,
    PRIMARY KEY (community, number)
)
""",
    "CREATE INDEX meetings_at ON meetings (community, at)",
    "CREATE INDEX meetings_due ON meetings (community, due_at) WHERE due_at IS NOT NULL",
    "ALTER TABLE communities ADD COLUMN last_meeting BIGINT NOT NULL DEFAULT 0",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _STATEMENTS:
        op.execute(statement if sqlite else statement.replace(" TEXT", ' TEXT COLLATE "C"'))
