"""What the terms of a source of warnings ask to be named beside them."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    kind = "TEXT" if sqlite else 'TEXT COLLATE "C"'
    op.execute(f"ALTER TABLE warnings ADD COLUMN credit {kind} NOT NULL DEFAULT ''")
