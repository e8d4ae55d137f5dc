"""Until when each channel was heard, and indexes for what a person must look at: parked, dead and unknown rows."""

from alembic import op

revision = "0004"
down_revision = "0003"

_HEARD = """
CREATE TABLE heard (
    community TEXT NOT NULL, channel TEXT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (community, channel)
)
"""
_INDEXES = (
    "CREATE INDEX outbox_dead ON outbox (community, channel, priority) WHERE state = 'dead'",
    "CREATE INDEX outbox_unknown ON outbox (community, channel, priority) WHERE state = 'unknown'",
    "CREATE INDEX inbox_parked ON inbox (community, id) WHERE state = 'parked'",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_HEARD if sqlite else _HEARD.replace(" TEXT", ' TEXT COLLATE "C"'))
    for index in _INDEXES:
        op.execute(index)
