"""The forms that the database has had, oldest first: one file each in versions/, named by its number."""

from pathlib import Path

REVISIONS = tuple(sorted(path.stem[1:5] for path in (Path(__file__).parent / "versions").glob("m[0-9]*.py")))
VERSION_TABLE = "louqun_version"
