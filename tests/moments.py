"""The times that tests agree on."""

from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
NOON = datetime(2021, 8, 23, 12, 0, tzinfo=CHINA)
