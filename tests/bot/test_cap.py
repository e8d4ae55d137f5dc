"""Warnings as XML: both dialects into one value; bombs, half files and contradictions refused."""

from datetime import datetime

import pytest

from bot.sources.cap import LARGEST, read_cap
from bot.sources.safe_xml import Unreadable
from domain.warnings import Action, OfficialWarning, Standing
from tests.bot.cap_files import HEADLINE, IDENTIFIER, OLDER, TEXT, cap, national
from tests.moments import CHINA

ISSUED = datetime(2021, 8, 23, 18, tzinfo=CHINA)


def read(data: bytes) -> OfficialWarning:
    return read_cap(data, CHINA).warning


def test_cap_1_2_is_read_in_chinese_and_word_for_word():
    alert = read_cap(cap(references=f"Chaoyang_Observatory,{OLDER},2021-08-23T18:00:00+08:00"), CHINA)
    assert alert.warning == OfficialWarning(
        IDENTIFIER, "朝阳区气象台", "暴雨", "橙色", Action.ALERT, ISSUED, HEADLINE, TEXT, Standing.ACTUAL, None,
        datetime(2021, 8, 24, 18, tzinfo=CHINA), (OLDER,), "", "cap",
    )  # fmt: skip
    assert alert.areas == {"110105"}


def test_the_national_dialect_is_read():
    alert = read_cap(national(), CHINA)
    assert (alert.warning.key, alert.warning.name, alert.warning.action) == (IDENTIFIER, "暴雨橙色", Action.UPDATE)
    assert (alert.warning.issued_at, alert.warning.expires_at, alert.warning.references) == (ISSUED, None, (OLDER,))
    assert alert.areas == {"110105", "110106"}


@pytest.mark.parametrize(
    "data, action, standing",
    [
        (cap(type="Cancel"), Action.CANCEL, Standing.ACTUAL),
        (cap(headline="朝阳区气象台解除暴雨橙色预警信号"), Action.CANCEL, Standing.ACTUAL),
        (cap(status="Exercise"), Action.ALERT, Standing.EXERCISE),
        (cap(status="Test"), Action.ALERT, Standing.TEST),
        (cap(status="Something new"), Action.ALERT, Standing.TEST),
        (national(headline="【演练】" + HEADLINE), Action.UPDATE, Standing.EXERCISE),
    ],
)
def test_what_it_is(data: bytes, action: Action, standing: Standing):
    found = read(data)
    assert (found.action, found.standing) == (action, standing)


@pytest.mark.parametrize("sent", ["2021-08-23T10:00:00Z", "2021-08-23 18:00:00", "2021-08-23T18:00+08:00"])
def test_the_spellings_of_a_time(sent: str):
    assert read(cap(sent=sent)).issued_at == ISSUED


BOMB = """<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>"""


@pytest.mark.parametrize(
    "data, expected",
    [
        (cap(head=BOMB, text="&y;"), "without document types"),
        (cap(head='<?xml version="1.0"?><!DOCTYPE alert SYSTEM "file:///etc/passwd">'), "without document types"),
        (cap()[:-200], "a whole XML file"),
        (b"", "a whole XML file"),
        (b"\xff\xfe\x00garbage", "a whole XML file"),
        (cap(head='<?xml version="1.0" encoding="klingon"?>'), "a whole XML file"),
        (b"<rss><channel/></rss>", "an alert of CAP"),
        (b"<alert>" + b" " * LARGEST + b"</alert>", "at most"),
        (cap(type="Ack"), "msgType"),
        (cap(sent="tomorrow"), "the time it was sent"),
        (cap(identifier=""), "an identifier"),
        (cap(headline="Orange", text="Rain"), "in Chinese"),
        (cap(headline="请注意防范", text="雨很大"), "a headline of the form"),
        (cap(headline="发布暴雨橙色预警信号"), "the name of the station"),
        (national(severity="Red"), "its severity says 红色, its title 橙色"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_words(data: bytes, expected: str):
    with pytest.raises(Unreadable, match=expected):
        read_cap(data, CHINA)


NATIONAL = national().decode()
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.mark.parametrize(
    "data",
    [
        NATIONAL.replace("UTF-8", "UTF-16").encode("utf-16"),
        NATIONAL.replace("UTF-8", "GB18030").encode("gb18030"),
        NATIONAL.replace("UTF-8", "gb2312").encode("gb18030"),
        NATIONAL.encode("gb18030"),
        NATIONAL.replace(HEAD, "").encode("gb18030"),
        NATIONAL.replace("UTF-8", "GBK").encode(),
        NATIONAL.replace(HEAD, "").encode(),
        NATIONAL.encode("utf-8-sig"),
    ],
    ids=["UTF-16", "GB18030", "GB2312", "GB18030 that says UTF-8", "GB18030 that says nothing", "UTF-8 that says GBK",
         "UTF-8 that says nothing", "a byte order mark"],
)  # fmt: skip
def test_the_bytes_say_which_encoding_it_is(data: bytes):
    found = read(data)
    assert (found.text, found.headline) == (TEXT, HEADLINE)


@pytest.mark.parametrize("data", [NATIONAL.encode("big5", "replace"), NATIONAL.encode("gb18030")[:600] + b"\xff\xff"])
def test_another_encoding_is_refused(data: bytes):
    with pytest.raises(Unreadable):
        read_cap(data, CHINA)


@pytest.mark.parametrize(
    "sent, issued",
    [
        ("2021-08-23T18:05:12+08:00", ISSUED),
        ("2021-08-23T18:00:00+08:00", ISSUED),
        ("2021-08-23T23:05:12+08:00", ISSUED.replace(hour=23, minute=5, second=12)),
    ],
)
def test_the_time_of_entry_is_not_the_time_of_issue(sent: str, issued: datetime):
    assert read(cap(sent=sent)).issued_at == issued


def test_a_late_closing_tag_does_not_make_two_files_one():
    with pytest.raises(Unreadable, match="a whole XML file"):
        read_cap(cap() + cap(), CHINA)
