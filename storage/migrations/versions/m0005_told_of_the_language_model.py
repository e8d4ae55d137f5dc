"""Whose language model a chat was told about: nothing of it is shown to one that its people do not know of."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("ALTER TABLE chats ADD COLUMN told_of TEXT NOT NULL DEFAULT ''")
