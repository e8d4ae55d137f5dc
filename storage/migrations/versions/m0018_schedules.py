"""Broadcasts of the configuration among the plans."""

from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    text = "TEXT" if op.get_bind().dialect.name == "sqlite" else 'TEXT COLLATE "C"'
    for column in ("schedule", "spec"):
        op.execute(f"ALTER TABLE plans ADD COLUMN {column} {text} NOT NULL DEFAULT ''")
