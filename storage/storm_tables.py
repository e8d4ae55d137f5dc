"""Tables of storms and of what is sent on somebody's word. Their numbers: last_storm, of plans last_plan."""

from sqlalchemy import Index, Table, text

from storage.columns import data, flag, key, moment, number, number_key, small, word, words
from storage.tables import metadata

_OPEN_DRAFT = text("ended_at IS NULL")

# What waits for somebody's 确认.
drafts = Table(
    "drafts",
    metadata,
    key("community"),
    number_key("id"),
    words("channel"),
    words("chat"),
    flag("private"),
    words("person"),
    word("kind"),
    data("content"),
    moment("made_at"),
    moment("ended_at", null=True),
    Index(
        "drafts_open", "community", "channel", "person", sqlite_where=_OPEN_DRAFT, postgresql_where=_OPEN_DRAFT
    ),
)  # fmt: skip

_PLANNED = text("due_at IS NOT NULL")

# Broadcasts for later. due_at NULL: said for the last time, or called off.
plans = Table(
    "plans",
    metadata,
    key("community"),
    number_key("number"),
    words("text"),
    data("buildings"),
    word("every"),
    moment("first_at"),
    moment("due_at", null=True),
    words("by_staff"),
    moment("made_at"),
    words("schedule"),
    words("spec"),
    Index("plans_due", "community", "due_at", sqlite_where=_PLANNED, postgresql_where=_PLANNED),
)

storms = Table(
    "storms",
    metadata,
    key("community"),
    number_key("id"),
    moment("opened_at"),
    words("level"),
    words("reason"),
    words("by_name"),
    moment("closed_at", null=True),
    words("closed_by"),
)

# Official warnings as they were read, and what became of them (domain.relaying). Only ever added to.
warnings = Table(
    "warnings",
    metadata,
    key("community"),
    number_key("id"),
    words("key"),
    words("issuer"),
    words("event"),
    words("level"),
    word("action"),
    word("standing"),
    moment("issued_at"),
    moment("effective_at", null=True),
    moment("expires_at", null=True),
    words("headline"),
    words("text"),
    words("instruction"),
    data("refs"),
    word("source"),
    words("credit"),
    moment("seen_at"),
    word("relay"),
    word("why"),
    words("by_name"),
    number("storm", null=True),
    Index("warnings_seen", "community", "seen_at"),
)

supply_moves = Table(
    "supply_moves",
    metadata,
    key("community"),
    number_key("id"),
    words("thing"),
    number("amount"),
    flag("counted"),
    moment("at"),
    words("by_staff"),
    words("place"),
)

patrol_checks = Table(
    "patrol_checks",
    metadata,
    key("community"),
    number_key("id"),
    words("spot"),
    words("words"),
    moment("at"),
    words("by_staff"),
    number("ticket", null=True),
    small("photos"),
    Index("patrol_checks_at", "community", "at"),
)

_TO_COME = text("due_at IS NOT NULL")

# What is watched over while a storm is open (domain.standby). due_at NULL: over.
storm_dues = Table(
    "storm_dues",
    metadata,
    key("community"),
    number_key("id"),
    number("storm"),
    word("what"),
    moment("due_at", null=True),
    small("step"),
    data("said"),
    Index("storm_dues_due", "community", "due_at", sqlite_where=_TO_COME, postgresql_where=_TO_COME),
)

storm_answers = Table(
    "storm_answers",
    metadata,
    key("community"),
    number_key("id"),
    number("storm"),
    words("staff"),
    moment("at"),
    words("item"),
    words("words"),
    flag("done"),
    Index("storm_answers_storm", "community", "storm"),
)

_TO_ASK = text("due_at IS NOT NULL")

# After which people are asked whether what was mended holds (domain.rains). due_at NULL: not known yet, or asked.
rains = Table(
    "rains",
    metadata,
    key("community"),
    number_key("id"),
    moment("began_at"),
    word("told"),
    moment("over_at", null=True),
    moment("due_at", null=True),
    moment("asked_at", null=True),
    data("tickets"),
    Index("rains_due", "community", "due_at", sqlite_where=_TO_ASK, postgresql_where=_TO_ASK),
)

# What was sent to many groups at once (domain.mailings). due_at NULL: nobody looks after it any more.
mailings = Table(
    "mailings",
    metadata,
    key("community"),
    number_key("number"),
    word("sort"),
    words("title"),
    data("keys"),
    data("chats"),
    moment("made_at"),
    moment("due_at", null=True),
    number("told"),
    Index("mailings_due", "community", "due_at", sqlite_where=_TO_COME, postgresql_where=_TO_COME),
    Index("mailings_made", "community", "made_at"),
)
