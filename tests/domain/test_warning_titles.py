"""Official warnings, read from what a person pasted: the grammar of their titles, and what is refused."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.warning_titles import LONGEST, Missing, read_warning
from domain.warnings import Action, OfficialWarning, Standing
from tests.moments import CHINA

NOW = datetime(2021, 8, 24, 8, tzinfo=CHINA)
BLUE = "北京市气象台2021年8月23日18时00分发布暴雨蓝色预警信号，预计23日20时至24日08时有大到暴雨，请注意防范。"


def read(text: str, now: datetime = NOW) -> OfficialWarning:
    found = read_warning(text, now)
    assert isinstance(found, OfficialWarning), found
    return found


@pytest.mark.parametrize(
    "text, issuer, name, action, issued",
    [
        (BLUE, "北京市气象台", "暴雨蓝色", Action.ALERT, "2021-08-23 18:00"),
        (
            "大兴区气象台8月23日18:00发布暴雨蓝色预警信号：预计",
            "大兴区气象台",
            "暴雨蓝色",
            Action.ALERT,
            "2021-08-23 18:00",
        ),
        ("大兴区气象台于23日19时发布雷电黄色预警", "大兴区气象台", "雷电黄色", Action.ALERT, "2021-08-23 19:00"),
        (
            "海淀区气象台23日21时30分升级发布暴雨橙色预警信号",
            "海淀区气象台",
            "暴雨橙色",
            Action.UPDATE,
            "2021-08-23 21:30",
        ),
        (
            "海淀区气象台23日20时继续发布雷雨大风黄色预警信号",
            "海淀区气象台",
            "雷雨大风黄色",
            Action.UPDATE,
            "2021-08-23 20:00",
        ),
        (
            "海淀区气象台23日20时变更发布高温红色预警信号[Ⅰ级/特别严重]",
            "海淀区气象台",
            "高温红色",
            Action.UPDATE,
            "2021-08-23 20:00",
        ),
        (
            "海淀区气象台23日20时将暴雨蓝色预警信号升级为暴雨黄色预警信号",
            "海淀区气象台",
            "暴雨黄色",
            Action.UPDATE,
            "2021-08-23 20:00",
        ),
        (
            "海淀区气象台23日20时变更暴雨蓝色预警信号为暴雨黄色预警信号",
            "海淀区气象台",
            "暴雨黄色",
            Action.UPDATE,
            "2021-08-23 20:00",
        ),
        (
            "海淀区气象台23日20时降级发布暴雨蓝色预警信号（原黄色）",
            "海淀区气象台",
            "暴雨蓝色",
            Action.UPDATE,
            "2021-08-23 20:00",
        ),
        (
            "海淀区气象台24日06时00分解除暴雨蓝色预警信号。",
            "海淀区气象台",
            "暴雨蓝色",
            Action.CANCEL,
            "2021-08-24 06:00",
        ),
        ("海淀区气象台24日06时00分暴雨蓝色预警信号解除", "海淀区气象台", "暴雨蓝色", Action.CANCEL, "2021-08-24 06:00"),
        ("海淀区气象台24日6时撤销大风黄色预警", "海淀区气象台", "大风黄色", Action.CANCEL, "2021-08-24 06:00"),
        ("筠连县2021年8月23日17时08分发布暴雨橙色预警信号", "筠连县", "暴雨橙色", Action.ALERT, "2021-08-23 17:08"),
        (
            "滨海新区气象台8月23日12时53分发布雷电黄色预警/Ⅲ级/较重",
            "滨海新区气象台",
            "雷电黄色",
            Action.ALERT,
            "2021-08-23 12:53",
        ),
        ("市防汛办23日16时启动全市防汛蓝色预警响应", "市防汛办", "防汛蓝色", Action.ALERT, "2021-08-23 16:00"),
        (
            "北京市防汛办8月23日20时启动防汛Ⅳ级应急响应，请各单位",
            "北京市防汛办",
            "防汛四级",
            Action.ALERT,
            "2021-08-23 20:00",
        ),
        ("北京市防汛办8月24日7时终止防汛四级应急响应", "北京市防汛办", "防汛四级", Action.CANCEL, "2021-08-24 07:00"),
        (
            "市规划自然资源委和市气象局8月23日19时联合发布地质灾害气象风险黄色预警",
            "市规划自然资源委和市气象局",
            "地质灾害气象风险黄色",
            Action.ALERT,
            "2021-08-23 19:00",
        ),
        (
            "北京市水文总站2021年8月23日22时00分发布洪水蓝色预警",
            "北京市水文总站",
            "洪水蓝色",
            Action.ALERT,
            "2021-08-23 22:00",
        ),
        (
            "【暴雨蓝色预警】北京市气象台8月23日18时发布暴雨蓝色预警信号",
            "北京市气象台",
            "暴雨蓝色",
            Action.ALERT,
            "2021-08-23 18:00",
        ),
        (
            "北京市气象台8月23日18时发布暴雨蓝色预警信号，解除雷电黄色预警信号",
            "北京市气象台",
            "暴雨蓝色",
            Action.ALERT,
            "2021-08-23 18:00",
        ),
        (
            "发布暴雨蓝色预警信号\n预计今夜有雨\n北京市气象台2021年8月23日18时00分",
            "北京市气象台",
            "暴雨蓝色",
            Action.ALERT,
            "2021-08-23 18:00",
        ),
        (
            "北京市气象台8月23日18时发布暴雨预警信号（黄色）",
            "北京市气象台",
            "暴雨黄色",
            Action.ALERT,
            "2021-08-23 18:00",
        ),
    ],
)
def test_the_grammar_of_titles(text: str, issuer: str, name: str, action: Action, issued: str):
    found = read(text)
    assert (found.issuer, found.name, found.action) == (issuer, name, action)
    assert f"{found.issued_at:%Y-%m-%d %H:%M}" == issued
    assert found.standing is Standing.ACTUAL


def test_the_words_stay_as_they_are():
    text = "  北京市气象台２０２１年８月２３日１８时发布暴雨蓝色预警信号［Ⅳ级／一般］：预计，２４小时内…  "
    found = read(text)
    assert found.text == text.strip()
    assert found.headline == "北京市气象台２０２１年８月２３日１８时发布暴雨蓝色预警信号［Ⅳ级／一般］"
    assert found.name == "暴雨蓝色"


@pytest.mark.parametrize(
    "text, missing",
    [
        ("今晚有大暴雨，大家注意关窗", Missing.TITLE),
        ("", Missing.TITLE),
        ("北京市气象台2021年8月23日18时发布", Missing.TITLE),
        ("暴雨蓝色预警", Missing.TITLE),
        ("【转发】气象台发布暴雨蓝色预警，大家关好门窗，非必要不出门", Missing.ISSUER),
        ("2021年8月23日18时发布暴雨蓝色预警信号", Missing.ISSUER),
        ("北京市气象台发布暴雨蓝色预警信号，预计23日20时至24日08时有暴雨", Missing.TIME),
        ("北京市气象台2021年13月40日18时发布暴雨蓝色预警信号", Missing.TIME),
        ("北京市气象台2021年8月24日18时发布暴雨蓝色预警信号", Missing.AHEAD),
        (BLUE + "雨" * LONGEST, Missing.TOO_LONG),
    ],
)
def test_what_lacks_something_is_no_warning(text: str, missing: Missing):
    assert read_warning(text, NOW) is missing


@pytest.mark.parametrize(
    "text, standing",
    [
        ("【演练】" + BLUE, Standing.EXERCISE),
        ("本次为演练：" + BLUE, Standing.EXERCISE),
        (BLUE + "（演习）", Standing.EXERCISE),
        ("【测试】" + BLUE, Standing.TEST),
        ("这是一条测试信息，" + BLUE, Standing.TEST),
        (BLUE + "各单位按应急演练预案做好准备。", Standing.ACTUAL),
        (BLUE + "监测显示降雨增强。", Standing.ACTUAL),
    ],
)
def test_exercises_and_tests_are_told_from_warnings(text: str, standing: Standing):
    assert read(text).standing is standing


@pytest.mark.parametrize(
    "said, issued",
    [
        ("8月23日晚8时", 20),
        ("8月23日下午6点30分", 18),
        ("2021-08-23 18:00:05", 18),
        ("8月23日上午9时", 9),
        ("23日早8时", 8),
    ],
)
def test_the_hours_of_a_day(said: str, issued: int):
    assert read(f"朝阳区气象台{said}发布暴雨蓝色预警信号").issued_at.hour == issued


def test_today_is_today():
    found = read("朝阳区气象台今天7时30分发布暴雨蓝色预警信号")
    assert (found.issuer, found.issued_at) == ("朝阳区气象台", NOW.replace(hour=7, minute=30))


@pytest.mark.parametrize(
    "now, said, issued",
    [
        (datetime(2022, 1, 1, 0, 30, tzinfo=CHINA), "12月31日23时", datetime(2021, 12, 31, 23, tzinfo=CHINA)),
        (datetime(2021, 9, 1, 0, 30, tzinfo=CHINA), "31日23时", datetime(2021, 8, 31, 23, tzinfo=CHINA)),
        (datetime(2021, 8, 24, 0, 5, tzinfo=CHINA), "23日24时", datetime(2021, 8, 24, tzinfo=CHINA)),
    ],
)
def test_what_a_time_leaves_out_is_the_latest_that_fits(now: datetime, said: str, issued: datetime):
    assert read(f"北京市气象台{said}发布暴雨蓝色预警信号", now).issued_at == issued


def test_an_identifier_is_the_key_and_else_what_the_text_says_of_itself():
    with_id = read(BLUE + " 11000041600000_20210823180512")
    assert with_id.key == "11000041600000_20210823180512"
    assert read(BLUE).key == read(BLUE.replace("，预计23日20时", "：预计20时")).key != with_id.key


@given(
    st.text(
        alphabet=st.sampled_from(
            "北京市气象台防汛办年月日时分发布解除升级为暴雨蓝黄橙红色预警信号响应四级0123456789，。：[]【】 \nⅣ"
        )
    )
)
def test_any_text_is_read_or_refused(text: str):
    found = read_warning(text, NOW)
    if isinstance(found, OfficialWarning):
        assert found.text == text.strip()
        assert found.headline in text
        assert found.level[0] in found.headline.translate(str.maketrans("ⅠⅡⅢⅣ", "一二三四"))
        assert found.issued_at <= NOW.replace(minute=10)
