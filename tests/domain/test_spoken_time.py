from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.spoken_time import find_time
from tests.domain.values import ZONE

TUESDAY = datetime(2021, 8, 24, 10, 0, 30, tzinfo=ZONE)


def found(text: str, now: datetime = TUESDAY) -> tuple[str, str] | None:
    spoken = find_time(text, now)
    return (spoken.at.strftime("%Y-%m-%d %H:%M"), spoken.rest) if spoken else None


@pytest.mark.parametrize(
    "text, at",
    [
        pytest.param("明天9点", "2021-08-25 09:00", id="tomorrow, an hour"),
        pytest.param("明天上午9:30", "2021-08-25 09:30", id="tomorrow, minutes"),
        pytest.param("明天 晚上 8点", "2021-08-25 20:00", id="a space between part and hour"),
        pytest.param("明早8点", "2021-08-25 08:00", id="tomorrow morning in one word"),
        pytest.param("明晚", "2021-08-25 19:00", id="tomorrow evening, no hour"),
        pytest.param("明天", "2021-08-25 09:00", id="a day without an hour is nine"),
        pytest.param("明日一点", "2021-08-25 13:00", id="one o'clock is in the afternoon"),
        pytest.param("后天下午", "2021-08-26 14:00", id="the day after, afternoon"),
        pytest.param("大后天", "2021-08-27 09:00", id="in three days"),
        pytest.param("后天三点", "2021-08-26 15:00", id="three is in the afternoon"),
        pytest.param("后天03:00", "2021-08-26 03:00", id="unless written in full"),
        pytest.param("后天凌晨3点", "2021-08-26 03:00", id="or said to be at night"),
        pytest.param("今晚8点半", "2021-08-24 20:30", id="tonight, half past"),
        pytest.param("今天晚上八点一刻", "2021-08-24 20:15", id="a quarter past"),
        pytest.param("今晚上9点", "2021-08-24 21:00", id="tonight with 上"),
        pytest.param("今晚12点", "2021-08-25 00:00", id="midnight belongs to the evening before"),
        pytest.param("今晚2点", "2021-08-25 02:00", id="so do the small hours"),
        pytest.param("中午1点", "2021-08-24 13:00", id="one at noon"),
        pytest.param("中午12点半", "2021-08-24 12:30", id="half past noon"),
        pytest.param("24:00", "2021-08-25 00:00", id="24 o'clock"),
        pytest.param("下午", "2021-08-24 14:00", id="a part of today"),
        pytest.param("上午", "2021-08-25 09:00", id="a part of today that has begun is tomorrow's"),
        pytest.param("3点", "2021-08-24 15:00", id="an hour alone, afternoon"),
        pytest.param("9点", "2021-08-25 09:00", id="an hour that is over is tomorrow's"),
        pytest.param("10：30", "2021-08-24 10:30", id="full-width colon"),
        pytest.param("十点四十五", "2021-08-24 10:45", id="Chinese numerals"),
        pytest.param("14时30分", "2021-08-24 14:30", id="official form"),
        pytest.param("11点整", "2021-08-24 11:00", id="sharp"),
        pytest.param("8月24日14:00", "2021-08-24 14:00", id="a date that is today"),
        pytest.param("8月25号下午3点", "2021-08-25 15:00", id="a date and a part"),
        pytest.param("八月二十五日", "2021-08-25 09:00", id="a date in Chinese numerals"),
        pytest.param("8/25 14:00", "2021-08-25 14:00", id="a date with a slash"),
        pytest.param("08-25 14:00", "2021-08-25 14:00", id="a date with a dash"),
        pytest.param("2021-09-01", "2021-09-01 09:00", id="a date with its year"),
        pytest.param("2022年1月1日8点", "2022-01-01 08:00", id="another year"),
        pytest.param("8月20日", "2022-08-20 09:00", id="a date that is over is next year's"),
        pytest.param("12月31日 8:00", "2021-12-31 08:00", id="end of the year"),
        pytest.param("25号9点", "2021-08-25 09:00", id="a day of this month"),
        pytest.param("5号", "2021-09-05 09:00", id="a day of next month"),
        pytest.param("周四", "2021-08-26 09:00", id="a weekday"),
        pytest.param("周二下午", "2021-08-24 14:00", id="today's weekday, still to come"),
        pytest.param("周二8点", "2021-08-31 08:00", id="today's weekday, over"),
        pytest.param("星期天上午", "2021-08-29 09:00", id="Sunday"),
        pytest.param("下周三", "2021-09-01 09:00", id="next week's Wednesday, from Tuesday"),
        pytest.param("下周一", "2021-08-30 09:00", id="next week's Monday, from Tuesday"),
        pytest.param("下下周一", "2021-09-06 09:00", id="the week after next"),
        pytest.param("本周五10点", "2021-08-27 10:00", id="this week's"),
        pytest.param("半小时后", "2021-08-24 10:30", id="half an hour"),
        pytest.param("一个半小时后", "2021-08-24 11:30", id="an hour and a half"),
        pytest.param("两个小时之后", "2021-08-24 12:00", id="two hours"),
        pytest.param("20分钟后", "2021-08-24 10:20", id="minutes"),
        pytest.param("10-20分钟后", "2021-08-24 10:20", id="a range: its end"),
        pytest.param("两天后", "2021-08-26 09:00", id="days, no hour"),
        pytest.param("三天后下午4点", "2021-08-27 16:00", id="days and an hour"),
        pytest.param("一周后", "2021-08-31 09:00", id="weeks"),
        pytest.param("今天9点", "2021-08-24 21:00", id="today at nine, said at ten, is the evening"),
        pytest.param("今天", "2021-08-24 11:00", id="some time today"),
    ],
)
def test_a_time_is_found(text: str, at: str):
    assert found(text) == (at, "")


@pytest.mark.parametrize(
    "text, at, rest",
    [
        pytest.param("等墙面干透 明天9点", "2021-08-25 09:00", "等墙面干透", id="reason first"),
        pytest.param("明天9点，等墙面干透", "2021-08-25 09:00", "等墙面干透", id="time first"),
        pytest.param("等材料，后天下午", "2021-08-26 14:00", "等材料", id="the comma goes"),
        pytest.param("今天修不了，明天9点再来", "2021-08-25 09:00", "今天修不了，再来", id="the later day is meant"),
        pytest.param("9点到11点有人", "2021-08-25 09:00", "有人", id="a range begins"),
        pytest.param("3-2-502业主 14:00 在家", "2021-08-24 14:00", "3-2-502业主 在家", id="an address is no date"),
        pytest.param("8月24日14:00 活动室 二期漏水", "2021-08-24 14:00", "活动室 二期漏水", id="a meeting"),
        pytest.param("12号楼的泵 明天", "2021-08-25 09:00", "12号楼的泵", id="a building is no day"),
        pytest.param("明天晚一点", "2021-08-25 09:00", "晚一点", id="a bit later is no hour"),
    ],
)
def test_the_rest_is_what_is_left(text: str, at: str, rest: str):
    assert found(text) == (at, rest)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("等材料", id="no time"),
        pytest.param("快一点", id="a bit faster"),
        pytest.param("晚一点", id="a bit later"),
        pytest.param("等一点水泥", id="a bit of cement"),
        pytest.param("改天再说", id="some other day"),
        pytest.param("以后天天看", id="后天 in other words"),
        pytest.param("房屋四周三面漏水", id="周三 in other words"),
        pytest.param("2月30日", id="never"),
        pytest.param("13月5日", id="a thirteenth month"),
        pytest.param("25点", id="a 25th hour"),
        pytest.param("明天9点75分", id="a 75th minute"),
        pytest.param("2021-08-20", id="over, with its year"),
        pytest.param("8月24日9点", id="over, today's date"),
        pytest.param("今天上午8点", id="over, and said to be in the morning"),
        pytest.param("等2-502业主", id="an address"),
        pytest.param("1:3水泥砂浆", id="a mixture"),
        pytest.param("10-20袋沙子", id="an amount"),
        pytest.param("0分钟后", id="no time at all"),
    ],
)
def test_no_time_is_found(text: str):
    assert found(text) is None


@pytest.mark.parametrize(
    "now, text, at",
    [
        pytest.param(datetime(2021, 8, 31, 22, 0, tzinfo=ZONE), "明天9点", "2021-09-01 09:00", id="month's end"),
        pytest.param(datetime(2021, 12, 31, 22, 0, tzinfo=ZONE), "明天9点", "2022-01-01 09:00", id="year's end"),
        pytest.param(datetime(2021, 12, 31, 22, 0, tzinfo=ZONE), "1月1日", "2022-01-01 09:00", id="next year's date"),
        pytest.param(datetime(2021, 12, 30, 22, 0, tzinfo=ZONE), "3号", "2022-01-03 09:00", id="next year's day"),
        pytest.param(datetime(2021, 2, 10, 9, 0, tzinfo=ZONE), "31号", "2021-03-31 09:00", id="a month without it"),
        pytest.param(datetime(2023, 3, 1, 9, 0, tzinfo=ZONE), "2月29日", "2024-02-29 09:00", id="next year's leap day"),
        pytest.param(datetime(2021, 8, 24, 22, 30, tzinfo=ZONE), "2点", "2021-08-25 02:00", id="at night, the nearest"),
        pytest.param(datetime(2021, 8, 24, 2, 30, tzinfo=ZONE), "5点", "2021-08-24 05:00", id="in the small hours"),
        pytest.param(datetime(2021, 8, 24, 20, 0, tzinfo=ZONE), "今晚", "2021-08-24 21:00", id="the evening has begun"),
        pytest.param(datetime(2021, 8, 29, 9, 0, tzinfo=ZONE), "下周一", "2021-08-30 09:00", id="Sunday ends the week"),
        pytest.param(datetime(2021, 8, 27, 9, 0, tzinfo=ZONE), "下周三", "2021-09-01 09:00", id="from Friday"),
    ],
)
def test_a_time_depends_on_now(now: datetime, text: str, at: str):
    assert found(text, now) == (at, "")


def test_today_s_morning_is_over_in_the_evening():
    assert found("今天上午", TUESDAY.replace(hour=20)) is None


@given(
    st.lists(
        st.sampled_from(list("今明后天晚早上下午周一三五月日号点半时分钟小:/-0123456789十二两个 ，后")), max_size=14
    )
)
def test_what_is_found_lies_ahead_in_the_same_zone(characters: list[str]):
    spoken = find_time("".join(characters), TUESDAY)
    assert spoken is None or (spoken.at > TUESDAY and spoken.at.utcoffset() == timedelta(hours=8))


@given(st.text())
def test_no_text_is_too_odd(text: str):
    spoken = find_time(text, TUESDAY)
    assert spoken is None or spoken.at > TUESDAY
