"""What was sent to many groups at once, so that staff hear which of them it did not reach."""

from alembic import op

revision = "0016"
down_revision = "0015"

_STATEMENTS = (
    """
CREATE TABLE mailings (
    community TEXT NOT NULL, number BIGINT NOT NULL, sort TEXT NOT NULL, title TEXT NOT NULL, keys JSON NOT NULL,
    chats JSON NOT NULL, made_at BIGINT NOT NULL, due_at BIGINT, told BIGINT NOT NULL,
    PRIMARY KEY (community, number)
)
""",
    "CREATE INDEX mailings_due ON mailings (community, due_at) WHERE due_at IS NOT NULL",
    "CREATE INDEX mailings_made ON mailings (community, made_at)",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _STATEMENTS:
        op.execute(statement if sqlite else statement.replace(" TEXT", ' TEXT COLLATE "C"'))
