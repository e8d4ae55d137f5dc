"""Times behind us, as people say them."""

from datetime import datetime

import pytest

from domain.periods import FIRST_DAY, called, dated, word_in
from tests.moments import CHINA

NOW = datetime(2021, 8, 25, 10, 0, tzinfo=CHINA)  # a Wednesday


@pytest.mark.parametrize(
    "word, first, last",
    [
        ("今天", "2021-08-25", "2021-08-25"),
        ("昨天", "2021-08-24", "2021-08-24"),
        ("本周", "2021-08-23", "2021-08-25"),
        ("上周", "2021-08-16", "2021-08-22"),
        ("本月", "2021-08-01", "2021-08-25"),
        ("上月", "2021-07-01", "2021-07-31"),
        ("本年", "2021-01-01", "2021-08-25"),
        ("全部", FIRST_DAY.isoformat(), "2021-08-25"),
    ],
)
def test_words(word: str, first: str, last: str):
    period = called(word, NOW)
    assert (period.start.date().isoformat(), period.last_day.date().isoformat()) == (first, last)
    assert word_in(f"3号楼 {word}") == (word, "3号楼")


@pytest.mark.parametrize(
    "text, first, last",
    [
        ("8月20日到8月24日", "2021-08-20", "2021-08-24"),
        ("8月24日 8月20日", "2021-08-20", "2021-08-24"),
        ("八月二十号至八月二十四号", "2021-08-20", "2021-08-24"),
        ("2021-08-20~2021-08-24", "2021-08-20", "2021-08-24"),
        ("8/20-8/24", "2021-08-20", "2021-08-24"),
        ("８月２０日", "2021-08-20", "2021-08-20"),
        ("12月30日", "2020-12-30", "2020-12-30"),
        ("20号", "2021-08-20", "2021-08-20"),
        ("最近7天", "2021-08-19", "2021-08-25"),
    ],
)
def test_dates(text: str, first: str, last: str):
    found = dated(text, NOW)
    assert found is not None
    period, rest = found
    assert (period.start.date().isoformat(), period.last_day.date().isoformat(), rest) == (first, last, "")


@pytest.mark.parametrize("text", ["", "随便", "2月30日", "13月1日", "8月1日 8月2日 8月3日"])
def test_what_is_no_date(text: str):
    assert dated(text, NOW) is None
