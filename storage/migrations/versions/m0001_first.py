"""The first form.

Plain SQL that both databases read alike, and two triggers that they do not: history is only ever added to.
"""

from alembic import op

revision = "0001"
down_revision = None

_TICKETS = """
CREATE TABLE communities (
    community TEXT NOT NULL, version BIGINT NOT NULL, last_ticket BIGINT NOT NULL, last_event BIGINT NOT NULL,
    last_outbox BIGINT NOT NULL, last_look BIGINT NOT NULL, PRIMARY KEY (community)
);
CREATE TABLE tickets (
    community TEXT NOT NULL, number BIGINT NOT NULL, version BIGINT NOT NULL, status TEXT NOT NULL, kind
    TEXT NOT NULL, scope TEXT NOT NULL, urgency TEXT NOT NULL, building TEXT, unit TEXT, room TEXT, floor INTEGER,
    place TEXT, channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL, words TEXT NOT NULL,
    reported_at BIGINT NOT NULL, acknowledged_at BIGINT, accepted_at BIGINT, arrived_at BIGINT, cleared_at BIGINT,
    confirmed_at BIGINT, since BIGINT NOT NULL, updated BIGINT NOT NULL, assignee TEXT, incident BIGINT,
    merged_into BIGINT, source_room TEXT, next_at BIGINT, photo_consent BOOLEAN, photo_asked BOOLEAN NOT NULL,
    ruling TEXT, media JSON NOT NULL, last_words_at BIGINT, PRIMARY KEY (community, number)
);
CREATE INDEX tickets_status ON tickets (community, status, since);
CREATE INDEX tickets_version ON tickets (community, version);
CREATE TABLE ticket_reporters (
    community TEXT NOT NULL, ticket BIGINT NOT NULL, position BIGINT NOT NULL, channel TEXT NOT NULL, person
    TEXT NOT NULL, name TEXT NOT NULL, chat_channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL,
    message TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (community, ticket, position), FOREIGN KEY(community,
    ticket) REFERENCES tickets (community, number)
);
CREATE INDEX ticket_reporters_person ON ticket_reporters (community, channel, person);
CREATE TABLE ticket_events (
    community TEXT NOT NULL, id BIGINT NOT NULL, ticket BIGINT NOT NULL, at BIGINT NOT NULL, what TEXT NOT NULL,
    by_name TEXT NOT NULL, by_channel TEXT, by_person TEXT, by_staff TEXT, source TEXT NOT NULL, details
    JSON NOT NULL, PRIMARY KEY (community, id), FOREIGN KEY(community, ticket) REFERENCES tickets (community,
    number)
);
CREATE INDEX ticket_events_ticket ON ticket_events (community, ticket, id);
"""

_PEOPLE = """
CREATE TABLE people (
    community TEXT NOT NULL, channel TEXT NOT NULL, person TEXT NOT NULL, name TEXT NOT NULL, staff TEXT, bound_at
    BIGINT, building TEXT, unit TEXT, room TEXT, floor INTEGER, place TEXT, opted_out BOOLEAN NOT NULL, volunteer
    BOOLEAN NOT NULL, PRIMARY KEY (community, channel, person)
);
CREATE INDEX people_staff ON people (community, staff) WHERE staff IS NOT NULL;
CREATE TABLE codes (
    community TEXT NOT NULL, digest TEXT NOT NULL, staff TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL,
    buildings JSON NOT NULL, issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT, PRIMARY KEY
    (community, digest)
);
CREATE TABLE chats (
    community TEXT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL, group_name TEXT,
    group_building TEXT, group_role TEXT, asked_to_bind BOOLEAN NOT NULL, notice_posted BOOLEAN NOT NULL,
    muted_until BIGINT, PRIMARY KEY (community, channel, chat, private)
);
"""

_MESSAGES = """
CREATE TABLE arrivals (
    community TEXT NOT NULL, last_inbox BIGINT NOT NULL, PRIMARY KEY (community)
);
CREATE TABLE inbox (
    community TEXT NOT NULL, id BIGINT NOT NULL, channel TEXT NOT NULL, external_id TEXT NOT NULL, chat
    TEXT NOT NULL, private BOOLEAN NOT NULL, sender TEXT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL,
    sender_name TEXT NOT NULL, text TEXT NOT NULL, media JSON, mentions_bot BOOLEAN NOT NULL, quote_id TEXT,
    quote_text TEXT, recalls TEXT, arrived_at BIGINT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    verdict JSON, error TEXT NOT NULL, handled_at BIGINT, trace TEXT NOT NULL, recalled BOOLEAN NOT NULL, PRIMARY
    KEY (community, id), CONSTRAINT inbox_external_id UNIQUE (community, channel, external_id)
);
CREATE INDEX inbox_chat ON inbox (community, channel, chat, private, id);
CREATE INDEX inbox_erasable ON inbox (community, handled_at) WHERE trace = 'fresh' AND handled_at IS NOT NULL;
CREATE INDEX inbox_waiting ON inbox (community, id) WHERE state = 'waiting';
CREATE TABLE message_tickets (
    community TEXT NOT NULL, channel TEXT NOT NULL, external_id TEXT NOT NULL, ticket BIGINT NOT NULL, PRIMARY KEY
    (community, channel, external_id, ticket)
);
CREATE TABLE looks (
    community TEXT NOT NULL, id BIGINT NOT NULL, inbox BIGINT NOT NULL, reason TEXT NOT NULL, decided_at BIGINT,
    decision TEXT, decided_by TEXT, PRIMARY KEY (community, id)
);
CREATE INDEX looks_inbox ON looks (community, inbox);
CREATE TABLE questions (
    community TEXT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL, person
    TEXT NOT NULL, asks TEXT NOT NULL, ticket BIGINT, asked_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
    PRIMARY KEY (community, channel, chat, private, person)
);
CREATE TABLE photo_windows (
    community TEXT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL, person
    TEXT NOT NULL, tickets JSON NOT NULL, purpose TEXT NOT NULL, until BIGINT NOT NULL, PRIMARY KEY (community,
    channel, chat, private, person)
);
CREATE TABLE media (
    community TEXT NOT NULL, id TEXT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private
    BOOLEAN NOT NULL, sender TEXT NOT NULL, message TEXT NOT NULL, handle TEXT NOT NULL, kind TEXT NOT NULL, at
    BIGINT NOT NULL, state TEXT NOT NULL, name TEXT NOT NULL, mime TEXT NOT NULL, digest TEXT NOT NULL, size
    BIGINT NOT NULL, ticket BIGINT, by_staff BOOLEAN NOT NULL, attempts INTEGER NOT NULL, error TEXT NOT NULL,
    next_at BIGINT NOT NULL, PRIMARY KEY (community, id)
);
CREATE INDEX media_message ON media (community, channel, message);
CREATE INDEX media_ticket ON media (community, ticket);
CREATE INDEX media_waiting ON media (community, next_at) WHERE state = 'waiting';
"""

_SENDING = """
CREATE TABLE queues (
    community TEXT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private BOOLEAN NOT NULL, top_priority
    INTEGER NOT NULL, ready_at BIGINT, blocked_until BIGINT NOT NULL, lease_token BIGINT NOT NULL, seen
    BIGINT NOT NULL, fails INTEGER NOT NULL, last_sent_at BIGINT, PRIMARY KEY (community, channel, chat, private)
);
CREATE INDEX queues_ready ON queues (community, channel, top_priority, ready_at) WHERE ready_at IS NOT NULL;
CREATE TABLE outbox (
    community TEXT NOT NULL, id BIGINT NOT NULL, channel TEXT NOT NULL, chat TEXT NOT NULL, private
    BOOLEAN NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL, due BIGINT NOT NULL, expires_at BIGINT,
    dedupe_key TEXT, kind TEXT NOT NULL, merge TEXT, own_accord BOOLEAN NOT NULL, may_wait BOOLEAN NOT NULL, reply
    JSON NOT NULL, created_at BIGINT NOT NULL, attempts INTEGER NOT NULL, ended_at BIGINT, error TEXT NOT NULL,
    PRIMARY KEY (community, id),
    CONSTRAINT outbox_dedupe_key UNIQUE (community, channel, chat, private, dedupe_key)
);
CREATE INDEX outbox_queued ON outbox (community, channel, chat, private, priority, id) WHERE state = 'queued';
CREATE INDEX outbox_due ON outbox (community, channel, chat, private, due) WHERE state = 'queued';
CREATE INDEX outbox_expiring ON outbox (community, expires_at) WHERE state = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX outbox_recent ON outbox (community, channel, chat, private, ended_at) WHERE state = 'sent';
CREATE TABLE sent_ids (
    community TEXT NOT NULL, channel TEXT NOT NULL, remote_id TEXT NOT NULL, outbox BIGINT NOT NULL, tickets
    JSON NOT NULL, PRIMARY KEY (community, channel, remote_id)
);
"""

_JOBS = """
CREATE TABLE leases (
    community TEXT NOT NULL, name TEXT NOT NULL, holder TEXT NOT NULL, token BIGINT NOT NULL, until
    BIGINT NOT NULL, PRIMARY KEY (community, name)
);
CREATE TABLE fired_jobs (
    community TEXT NOT NULL, name TEXT NOT NULL, fire_at BIGINT NOT NULL, PRIMARY KEY (community, name, fire_at)
);
"""

_SQLITE_HISTORY = (
    """
CREATE TRIGGER ticket_events_no_update BEFORE UPDATE ON ticket_events
BEGIN SELECT RAISE(ABORT, 'ticket_events is only ever added to'); END
""",
    """
CREATE TRIGGER ticket_events_no_delete BEFORE DELETE ON ticket_events
BEGIN SELECT RAISE(ABORT, 'ticket_events is only ever added to'); END
""",
)
_POSTGRESQL_HISTORY = (
    """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$
""",
    """
CREATE TRIGGER ticket_events_no_change BEFORE UPDATE OR DELETE ON ticket_events
FOR EACH ROW EXECUTE FUNCTION refuse_change()
""",
    """
CREATE TRIGGER ticket_events_no_truncate BEFORE TRUNCATE ON ticket_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
""",
    "ALTER TABLE queues SET (fillfactor = 50)",  # its rows change with every send: room for that beside them
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for group in (_TICKETS, _PEOPLE, _MESSAGES, _SENDING, _JOBS):
        # Sorted by code points on both, whatever the server's language: the order in which locks are taken.
        same_order = group if sqlite else group.replace(" TEXT", ' TEXT COLLATE "C"')
        for statement in filter(str.strip, same_order.split(";\n")):
            op.execute(statement)
    for statement in _SQLITE_HISTORY if sqlite else _POSTGRESQL_HISTORY:
        op.execute(statement)
