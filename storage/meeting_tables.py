"""The table of meetings. Their numbers: last_meeting."""

from sqlalchemy import Index, Table, text

from storage.columns import data, key, moment, number_key, words
from storage.tables import metadata

_TO_REMIND = text("due_at IS NOT NULL")

# due_at NULL: nobody is reminded any more. chats: (channel, chat, private). guests: (channel, person, name, chat …).
meetings = Table(
    "meetings",
    metadata,
    key("community"),
    number_key("number"),
    moment("at"),
    words("place"),
    words("topic"),
    data("chats"),
    words("by_staff"),
    moment("told_at"),
    moment("due_at", null=True),
    data("guests"),
    data("minutes"),
    moment("called_off_at", null=True),
    Index("meetings_at", "community", "at"),
    Index("meetings_due", "community", "due_at", sqlite_where=_TO_REMIND, postgresql_where=_TO_REMIND),
)
