"""Staff from a spreadsheet, and who said that they are on duty."""

from alembic import op

revision = "0008"
down_revision = "0007"

_TABLES = (
    """
CREATE TABLE roster (
    community TEXT NOT NULL, staff TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, buildings JSON NOT NULL,
    phone TEXT NOT NULL, PRIMARY KEY (community, staff)
)
""",
    """
CREATE TABLE duty_words (
    community TEXT NOT NULL, staff TEXT NOT NULL, on_duty BOOLEAN NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (community, staff)
)
""",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _TABLES:
        op.execute(table if sqlite else table.replace(" TEXT", ' TEXT COLLATE "C"'))
