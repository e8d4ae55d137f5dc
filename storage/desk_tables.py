"""The tables of the office: who works here, and when."""

from sqlalchemy import Index, Table

from storage.columns import data, flag, foreign_key, key, moment, number_key, word, words
from storage.tables import metadata

# Staff from a spreadsheet: these rows stand over the configuration's.
roster = Table(
    "roster",
    metadata,
    key("community"),
    key("staff"),
    words("name"),
    word("role"),
    data("buildings"),
    words("phone"),
)

duty_words = Table("duty_words", metadata, key("community"), key("staff"), flag("on_duty"), moment("at"))

# Who saw, exported or erased data of persons. Only ever added to.
accesses = Table(
    "accesses",
    metadata,
    key("community"),
    number_key("id"),
    moment("at"),
    words("who"),
    words("staff", null=True),
    words("what"),
    words("about"),
    words("source"),
    Index("accesses_at", "community", "at"),
)

hotline_orders = Table(
    "hotline_orders",
    metadata,
    key("community"),
    foreign_key("order_number"),
    moment("at"),
    words("by_staff", null=True),
    words("words"),
    data("tickets"),
)
