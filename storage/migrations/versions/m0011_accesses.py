"""Who saw, exported or erased data of persons."""

from alembic import op

revision = "0011"
down_revision = "0010"

_TABLE = """
CREATE TABLE accesses (
    community TEXT NOT NULL, id BIGINT NOT NULL, at BIGINT NOT NULL, who TEXT NOT NULL, staff TEXT, what TEXT NOT NULL,
    about TEXT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (community, id)
)
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_TABLE if sqlite else _TABLE.replace(" TEXT", ' TEXT COLLATE "C"'))
    op.execute("CREATE INDEX accesses_at ON accesses (community, at)")
    op.execute("ALTER TABLE communities ADD COLUMN last_access BIGINT NOT NULL DEFAULT 0")
