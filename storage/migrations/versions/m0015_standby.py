"""What is watched over while a storm is open: what is due when, who answered; photos of a patrol."""

from alembic import op

revision = "0015"
down_revision = "0014"

_STATEMENTS = (
    """
CREATE TABLE storm_dues (
    community TEXT NOT NULL, id BIGINT NOT NULL, storm BIGINT NOT NULL, what TEXT NOT NULL, due_at BIGINT,
    step INTEGER NOT NULL, said JSON NOT NULL,
    PRIMARY KEY (community, id)
)
""",
    "CREATE INDEX storm_dues_due ON storm_dues (community, due_at) WHERE due_at IS NOT NULL",
    """
CREATE TABLE storm_answers (
    community TEXT NOT NULL, id BIGINT NOT NULL, storm BIGINT NOT NULL, staff TEXT NOT NULL, at BIGINT NOT NULL,
    item TEXT NOT NULL, words TEXT NOT NULL, done BOOLEAN NOT NULL,
    PRIMARY KEY (community, id)
)
""",
    "CREATE INDEX storm_answers_storm ON storm_answers (community, storm)",
    "ALTER TABLE patrol_checks ADD COLUMN photos INTEGER NOT NULL DEFAULT 0",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _STATEMENTS:
        op.execute(statement if sqlite else statement.replace(" TEXT", ' TEXT COLLATE "C"'))
