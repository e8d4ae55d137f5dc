"""Every table. The first column of every key is the community. Times are microseconds since 1970 in UTC.

A change here needs a migration beside it (storage/migrations/versions); a test compares the two.
"""

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, text

from storage.columns import data, flag, flag_key, foreign_key, key, moment, number, number_key, small, word, words

metadata = MetaData()

# version grows with every commit under the lock; the others are the last numbers given out.
communities = Table(
    "communities",
    metadata,
    key("community"),
    number("version"),
    number("last_ticket"),
    number("last_event"),
    number("last_outbox"),
    number("last_look"),
    number("last_correction"),
    number("last_storm"),
    number("last_plan"),
    number("last_meeting"),
    number("last_access"),
)

# A row of its own, so that ingest never waits for the community's lock.
arrivals = Table("arrivals", metadata, key("community"), number("last_inbox"))

_PROMISED = text("due_at IS NOT NULL")

# due_…: what happens to it next when nobody does anything (domain.tickets.Promise).
tickets = Table(
    "tickets",
    metadata,
    key("community"),
    number_key("number"),
    number("version"),  # the community's, when it was last written
    word("status"),
    word("kind"),
    word("scope"),
    word("urgency"),
    words("building", null=True),
    words("unit", null=True),
    words("room", null=True),
    small("floor", null=True),
    word("place", null=True),
    words("channel"),
    words("chat"),
    flag("private"),
    words("words"),
    moment("reported_at"),
    moment("acknowledged_at", null=True),
    moment("accepted_at", null=True),
    moment("arrived_at", null=True),
    moment("cleared_at", null=True),
    moment("confirmed_at", null=True),
    moment("since"),
    moment("updated"),
    words("assignee", null=True),
    number("incident", null=True),
    number("merged_into", null=True),
    words("source_room", null=True),
    moment("next_at", null=True),
    flag("photo_consent", null=True),
    flag("photo_asked"),
    word("ruling", null=True),
    data("media"),
    moment("last_words_at", null=True),
    moment("reopened_at", null=True),
    moment("told_at", null=True),
    moment("asked_after_rain", null=True),
    words("care", null=True),
    word("due_awaits", null=True),
    small("due_step", null=True),
    moment("due_since", null=True),
    moment("due_origin", null=True),
    moment("due_at", null=True),
    Index("tickets_due", "community", "due_at", sqlite_where=_PROMISED, postgresql_where=_PROMISED),
    Index("tickets_version", "community", "version"),
    Index("tickets_status", "community", "status", "since"),
    Index("tickets_home", "community", "building", "room"),
)

ticket_reporters = Table(
    "ticket_reporters",
    metadata,
    key("community"),
    number_key("ticket"),
    number_key("position"),
    words("channel"),
    words("person"),
    words("name"),
    words("chat_channel"),
    words("chat"),
    flag("private"),
    words("message"),
    moment("at"),
    ForeignKeyConstraint(["community", "ticket"], ["tickets.community", "tickets.number"]),
    Index("ticket_reporters_person", "community", "channel", "person"),
)

# Only ever added to: triggers refuse UPDATE and DELETE.
ticket_events = Table(
    "ticket_events",
    metadata,
    key("community"),
    number_key("id"),
    number("ticket"),
    moment("at"),
    word("what"),
    words("by_name"),
    words("by_channel", null=True),
    words("by_person", null=True),
    words("by_staff", null=True),
    words("source"),
    data("details"),
    ForeignKeyConstraint(["community", "ticket"], ["tickets.community", "tickets.number"]),
    Index("ticket_events_ticket", "community", "ticket", "id"),
)

_BOUND = text("staff IS NOT NULL")

people = Table(
    "people",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("person"),
    words("name"),
    words("staff", null=True),
    moment("bound_at", null=True),
    words("building", null=True),
    words("unit", null=True),
    words("room", null=True),
    small("floor", null=True),
    word("place", null=True),
    flag("opted_out"),
    flag("volunteer"),
    Index("people_staff", "community", "staff", sqlite_where=_BOUND, postgresql_where=_BOUND),
)

codes = Table(
    "codes",
    metadata,
    key("community"),
    key("digest"),
    words("staff"),
    words("name"),
    word("role"),
    data("buildings"),
    moment("issued_at"),
    moment("expires_at"),
    moment("used_at", null=True),
)

chats = Table(
    "chats",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("chat"),
    flag_key("private"),
    words("group_name", null=True),
    words("group_building", null=True),
    word("group_role", null=True),
    flag("asked_to_bind"),
    flag("notice_posted"),
    moment("muted_until", null=True),
    word("told_of"),
)

_WAITING, _PARKED = text("state = 'waiting'"), text("state = 'parked'")
_GONE = text("state = 'erased'")
_ERASABLE = text("trace = 'fresh' AND handled_at IS NOT NULL")

# state: waiting, or what became of it (domain.records.Outcome). trace: fresh, kept (with a ticket) or erased.
inbox = Table(
    "inbox",
    metadata,
    key("community"),
    number_key("id"),
    words("channel"),
    words("external_id"),
    words("chat"),
    flag("private"),
    words("sender"),
    moment("at"),
    word("kind"),
    words("sender_name"),
    words("text"),
    data("media", null=True),
    flag("mentions_bot"),
    words("quote_id", null=True),
    words("quote_text", null=True),
    words("recalls", null=True),
    moment("arrived_at"),
    word("state"),
    small("attempts"),
    data("verdict", null=True),
    words("error"),
    moment("handled_at", null=True),
    word("trace"),
    flag("recalled"),
    UniqueConstraint("community", "channel", "external_id", name="inbox_external_id"),
    Index("inbox_waiting", "community", "id", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("inbox_chat", "community", "channel", "chat", "private", "id"),
    Index("inbox_parked", "community", "id", sqlite_where=_PARKED, postgresql_where=_PARKED),
    Index("inbox_erasable", "community", "handled_at", sqlite_where=_ERASABLE, postgresql_where=_ERASABLE),
)

message_tickets = Table(
    "message_tickets",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("external_id"),
    number_key("ticket"),
)

questions = Table(
    "questions",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("chat"),
    flag_key("private"),
    foreign_key("person"),
    word("asks"),
    number("ticket", null=True),
    moment("asked_at"),
    moment("expires_at"),
)

photo_windows = Table(
    "photo_windows",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("chat"),
    flag_key("private"),
    foreign_key("person"),
    data("tickets"),
    word("purpose"),
    moment("until"),
)

media = Table(
    "media",
    metadata,
    key("community"),
    key("id"),
    words("channel"),
    words("chat"),
    flag("private"),
    words("sender"),
    words("message"),
    words("handle"),
    word("kind"),
    moment("at"),
    word("state"),
    words("name"),
    word("mime"),
    word("digest"),
    number("size"),
    number("ticket", null=True),
    flag("by_staff"),
    small("attempts"),
    words("error"),
    moment("next_at"),
    Index("media_message", "community", "channel", "message"),
    Index("media_ticket", "community", "ticket"),
    Index("media_waiting", "community", "next_at", sqlite_where=_WAITING, postgresql_where=_WAITING),
    Index("media_erased", "community", "id", sqlite_where=_GONE, postgresql_where=_GONE),
)

looks = Table(
    "looks",
    metadata,
    key("community"),
    number_key("id"),
    number("inbox"),
    words("reason"),
    moment("decided_at", null=True),
    word("decision", null=True),
    words("decided_by", null=True),
    Index("looks_inbox", "community", "inbox"),
)

# Labelled examples by staff, masked. what: see domain.records.Corrected.
corrections = Table(
    "corrections",
    metadata,
    key("community"),
    number_key("id"),
    moment("at"),
    word("what"),
    words("by_staff"),
    number("ticket", null=True),
    number("look", null=True),
    words("text"),
    data("before"),
    data("after"),
)

_AWAKE = text("ready_at IS NOT NULL")

# The head of one chat's queue. ready_at: when somebody may look (NULL: nothing to send). blocked_until: lease,
# back-off or rate gap, never shortened by a put. seen: the newest outbox row when it was last claimed.
queues = Table(
    "queues",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("chat"),
    flag_key("private"),
    small("top_priority"),
    moment("ready_at", null=True),
    moment("blocked_until"),
    number("lease_token"),
    number("seen"),
    small("fails"),
    moment("last_sent_at", null=True),
    Index(
        "queues_ready", "community", "channel", "top_priority", "ready_at",
        sqlite_where=_AWAKE, postgresql_where=_AWAKE,
    ),
    postgresql_with={"fillfactor": 50},
)  # fmt: skip

_QUEUED, _SENT = text("state = 'queued'"), text("state = 'sent'")
_DEAD, _UNKNOWN = text("state = 'dead'"), text("state = 'unknown'")
_EXPIRING = text("state = 'queued' AND expires_at IS NOT NULL")

# state: queued, sent, expired, outdated, dead or unknown. due: not before this.
outbox = Table(
    "outbox",
    metadata,
    key("community"),
    number_key("id"),
    words("channel"),
    words("chat"),
    flag("private"),
    word("state"),
    small("priority"),
    moment("due"),
    moment("expires_at", null=True),
    words("dedupe_key", null=True),
    word("kind"),
    words("merge", null=True),
    flag("own_accord"),
    flag("may_wait"),
    data("reply"),
    moment("created_at"),
    small("attempts"),
    moment("ended_at", null=True),
    words("error"),
    UniqueConstraint("community", "channel", "chat", "private", "dedupe_key", name="outbox_dedupe_key"),
    Index(
        "outbox_queued", "community", "channel", "chat", "private", "priority", "id",
        sqlite_where=_QUEUED, postgresql_where=_QUEUED,
    ),
    Index(
        "outbox_due", "community", "channel", "chat", "private", "due", sqlite_where=_QUEUED, postgresql_where=_QUEUED
    ),
    Index("outbox_dead", "community", "channel", "priority", sqlite_where=_DEAD, postgresql_where=_DEAD),
    Index("outbox_unknown", "community", "channel", "priority", sqlite_where=_UNKNOWN, postgresql_where=_UNKNOWN),
    Index("outbox_expiring", "community", "expires_at", sqlite_where=_EXPIRING, postgresql_where=_EXPIRING),
    Index(
        "outbox_recent", "community", "channel", "chat", "private", "ended_at",
        sqlite_where=_SENT, postgresql_where=_SENT,
    ),
)  # fmt: skip

# One post may become several messages on the network; each can be quoted.
sent_ids = Table(
    "sent_ids",
    metadata,
    key("community"),
    foreign_key("channel"),
    foreign_key("remote_id"),
    number("outbox"),
    data("tickets"),
)

leases = Table("leases", metadata, key("community"), key("name"), word("holder"), number("token"), moment("until"))

fired_jobs = Table("fired_jobs", metadata, key("community"), key("name"), number_key("fire_at"))

heard = Table("heard", metadata, key("community"), key("channel"), moment("until"))  # until when it was heard
