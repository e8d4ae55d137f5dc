"""The forms that the database has had, oldest first. A new one: a file in versions/ and its name here."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
VERSION_TABLE = "louqun_version"
