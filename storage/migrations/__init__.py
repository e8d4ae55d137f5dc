"""The forms that the database has had, oldest first. A new one: a file in versions/, and one more here."""

NEWEST = 18
REVISIONS = tuple(f"{number:04}" for number in range(1, NEWEST + 1))
VERSION_TABLE = "louqun_version"
