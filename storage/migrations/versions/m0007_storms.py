"""Storms with their warnings, supplies and patrols; drafts; broadcasts for later."""

from alembic import op

revision = "0007"
down_revision = "0006"

_TABLES = """
CREATE TABLE drafts (
    community TEXT NOT NULL, id BIGINT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL,
    person TEXT NOT NULL, kind TEXT NOT NULL, content JSON NOT NULL, made_at BIGINT NOT NULL, ended_at BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX drafts_open ON drafts (community, channel, person) WHERE ended_at IS NULL;
CREATE TABLE plans (
    community TEXT NOT NULL, number BIGINT NOT NULL, text TEXT NOT NULL, buildings JSON NOT NULL, every TEXT NOT NULL,
    first_at BIGINT NOT NULL, due_at BIGINT, by_staff TEXT NOT NULL, made_at BIGINT NOT NULL,
    PRIMARY KEY (community, number)
);
CREATE INDEX plans_due ON plans (community, due_at) WHERE due_at IS NOT NULL;
CREATE TABLE storms (
    community TEXT NOT NULL, id BIGINT NOT NULL, opened_at BIGINT NOT NULL, level TEXT NOT NULL, reason TEXT NOT NULL,
    by_name TEXT NOT NULL, closed_at BIGINT, closed_by TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE TABLE warnings (
    community TEXT NOT NULL, id BIGINT NOT NULL, key TEXT NOT NULL, issuer TEXT NOT NULL, event TEXT NOT NULL,
    level TEXT NOT NULL, action TEXT NOT NULL, standing TEXT NOT NULL, issued_at BIGINT NOT NULL, effective_at BIGINT,
    expires_at BIGINT, headline TEXT NOT NULL, text TEXT NOT NULL, instruction TEXT NOT NULL, refs JSON NOT NULL,
    source TEXT NOT NULL, seen_at BIGINT NOT NULL, relay TEXT NOT NULL, why TEXT NOT NULL, by_name TEXT NOT NULL,
    storm BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX warnings_seen ON warnings (community, seen_at);
CREATE TABLE supply_moves (
    community TEXT NOT NULL, id BIGINT NOT NULL, thing TEXT NOT NULL, amount BIGINT NOT NULL, counted BOOLEAN NOT NULL,
    at BIGINT NOT NULL, by_staff TEXT NOT NULL, place TEXT NOT NULL,
    PRIMARY KEY (community, id)
);
CREATE TABLE patrol_checks (
    community TEXT NOT NULL, id BIGINT NOT NULL, spot TEXT NOT NULL, words TEXT NOT NULL, at BIGINT NOT NULL,
    by_staff TEXT NOT NULL, ticket BIGINT,
    PRIMARY KEY (community, id)
);
CREATE INDEX patrol_checks_at ON patrol_checks (community, at)
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for column in ("last_storm", "last_plan"):
        op.execute(f"ALTER TABLE communities ADD COLUMN {column} BIGINT NOT NULL DEFAULT 0")
    for statement in (_TABLES if sqlite else _TABLES.replace(" TEXT", ' TEXT COLLATE "C"')).split(";\n"):
        op.execute(statement)
