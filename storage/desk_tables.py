"""The tables of the office: who works here, and when."""

from sqlalchemy import Table

from storage.columns import data, flag, key, moment, word, words
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
