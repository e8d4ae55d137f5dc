"""Why a home comes first, with its tickets. Empty: it does no more."""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    text = "TEXT" if op.get_bind().dialect.name == "sqlite" else 'TEXT COLLATE "C"'
    op.execute(f"ALTER TABLE tickets ADD COLUMN care {text}")
