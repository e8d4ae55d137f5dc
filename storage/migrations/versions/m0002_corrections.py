"""Corrections by staff, kept as labelled examples."""

from alembic import op

revision = "0002"
down_revision = "0001"

_CORRECTIONS = """
CREATE TABLE corrections (
    community TEXT NOT NULL, id BIGINT NOT NULL, at BIGINT NOT NULL, what TEXT NOT NULL, by_staff TEXT NOT NULL,
    ticket BIGINT, look BIGINT, text TEXT NOT NULL, before JSON NOT NULL, after JSON NOT NULL,
    PRIMARY KEY (community, id)
)
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("ALTER TABLE communities ADD COLUMN last_correction BIGINT NOT NULL DEFAULT 0")
    op.execute(_CORRECTIONS if sqlite else _CORRECTIONS.replace(" TEXT", ' TEXT COLLATE "C"'))
