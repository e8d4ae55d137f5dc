import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commands import CommandBook, numbers_in, parse, tidy, without_numbers
from tests.domain.values import COMMANDS

BOOK = CommandBook(COMMANDS)


def read(text: str, *, addressed: bool = False) -> tuple[str, tuple[int, ...], str] | None:
    parsed = parse(text, BOOK, addressed=addressed)
    return (parsed.command.name, tuple(parsed.numbers), parsed.text) if parsed else None


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("接单 #12", ("接单", (12,), ""), id="plain"),
        pytest.param("接单＃12", ("接单", (12,), ""), id="full-width sign, glued"),
        pytest.param("接单 ＃１２", ("接单", (12,), ""), id="full-width digits"),
        pytest.param("接单\u200b #\u200b12", ("接单", (12,), ""), id="zero-width characters"),
        pytest.param("  接单   # 12  ", ("接单", (12,), ""), id="spaces everywhere"),
        pytest.param("#12 到场", ("到场", (12,), ""), id="number first"),
        pytest.param("#12到场", ("到场", (12,), ""), id="number first, glued"),
        pytest.param("接单12", ("接单", (12,), ""), id="no sign, glued"),
        pytest.param("接单 12", ("接单", (12,), ""), id="no sign"),
        pytest.param("接单 12、15", ("接单", (12, 15), ""), id="several without signs"),
        pytest.param("接单 12，15 18", ("接单", (12, 15, 18), ""), id="comma and space between"),
        pytest.param("接单12和15", ("接单", (12, 15), ""), id="joined by a word"),
        pytest.param("到场 #12 #15", ("到场", (12, 15), ""), id="several with signs"),
        pytest.param("到场#12#15", ("到场", (12, 15), ""), id="several with signs, glued"),
        pytest.param("到场 #12、15", ("到场", (12, 15), ""), id="one sign for both"),
        pytest.param("到场 #12 #12", ("到场", (12,), ""), id="said twice counts once"),
        pytest.param("接单 12号单", ("接单", (12,), ""), id="called a ticket"),
        pytest.param("接单 第12单", ("接单", (12,), ""), id="the twelfth"),
        pytest.param("接单 12号", ("接单", (12,), ""), id="called a number"),
        pytest.param("接单 #12号", ("接单", (12,), ""), id="called a number, with sign"),
        pytest.param("接单 #十二", ("接单", (12,), ""), id="Chinese numeral"),
        pytest.param("接单 十二", ("接单", (12,), ""), id="Chinese numeral without sign"),
        pytest.param("#十二到场", ("到场", (12,), ""), id="Chinese numeral, glued"),
        pytest.param("12号单 到场", ("到场", (12,), ""), id="called a ticket, first"),
        pytest.param("到场：#12", ("到场", (12,), ""), id="full-width colon"),
        pytest.param("到场了 #12", ("到场", (12,), ""), id="said as done"),
        pytest.param("完成了，换了水管 #12", ("完成", (12,), "换了水管"), id="said as done, with words"),
        pytest.param("已到场 #12", ("到场", (12,), ""), id="another word for it"),
        pytest.param("进展 #12 水泵到了，正在抽水", ("进展", (12,), "水泵到了,正在抽水"), id="number, then words"),
        pytest.param("进展 水泵到了 #12", ("进展", (12,), "水泵到了"), id="words, then number"),
        pytest.param("#12进展已抽水", ("进展", (12,), "已抽水"), id="number, word and words glued"),
        pytest.param("完成 #12\n换了水管\n试过水", ("完成", (12,), "换了水管\n试过水"), id="line breaks stay"),
        pytest.param("完成 #12 用了3袋水泥", ("完成", (12,), "用了3袋水泥"), id="figures in the words stay"),
        pytest.param("进展 #12 15分钟后到", ("进展", (12,), "15分钟后到"), id="minutes are no ticket"),
        pytest.param("改 #12 502", ("改", (12,), "502"), id="a room after #12 is no ticket"),
        pytest.param("改 #12 2单元502", ("改", (12,), "2单元502"), id="a unit after #12"),
        pytest.param("进展 3个师傅在抽水", ("进展", (), "3个师傅在抽水"), id="three people are no ticket"),
        pytest.param("接单 3号楼", ("接单", (), "3号楼"), id="a building is no ticket"),
        pytest.param("接单 三号楼", ("接单", (), "三号楼"), id="a building in Chinese numerals"),
        pytest.param("派单 #12 王师傅", ("派单", (12,), "王师傅"), id="a name behind"),
        pytest.param("派单 王师傅 #12", ("派单", (12,), "王师傅"), id="a name in front"),
        pytest.param("派单 @王师傅 #12", ("派单", (12,), "@王师傅"), id="a name by @ that is no address"),
        pytest.param("合并 #12 #15", ("合并", (12, 15), ""), id="two tickets"),
        pytest.param("合并 #12 15", ("合并", (12, 15), ""), id="two tickets, one sign"),
        pytest.param("待续 #12 等墙面干透 明天9点", ("待续", (12,), "等墙面干透 明天9点"), id="reason and time"),
        pytest.param("修好了", ("修好了", (), ""), id="a word by itself"),
        pytest.param("修好了。", ("修好了", (), ""), id="with a full stop"),
        pytest.param("满意！", ("修好了", (), ""), id="with an exclamation mark"),
        pytest.param("不满意 还在滴", ("不满意", (), "还在滴"), id="the longest word wins"),
        pytest.param("进度？", ("进度", (), ""), id="asking is what 进度 is for"),
        pytest.param("进度 12", ("进度", (12,), ""), id="progress of one"),
        pytest.param("帮助", ("帮助", (), ""), id="help"),
        pytest.param("ｈｅｌｐ", ("帮助", (), ""), id="full-width letters"),
    ],
)
def test_a_command_is_read_without_being_addressed(text: str, expected: tuple):
    assert read(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        pytest.param("@楼群 ＃12 到场", ("到场", (12,), ""), id="mention, full-width sign, number first"),
        pytest.param("@楼群\u2005到场 #12", ("到场", (12,), ""), id="WeChat's own space"),
        pytest.param("12 到场", ("到场", (12,), ""), id="bare number first"),
        pytest.param("绑定3号楼", ("绑定", (), "3号楼"), id="text glued to a word for staff"),
        pytest.param("绑定 3号楼", ("绑定", (), "3号楼"), id="text apart"),
        pytest.param("我是 李敏 483920", ("我是", (), "李敏 483920"), id="name and code"),
        pytest.param("到场了", ("到场", (), ""), id="said as done"),
        pytest.param("帮助 报修", ("帮助", (), "报修"), id="help with something"),
    ],
)
def test_a_command_is_read_when_the_bot_is_addressed(text: str, expected: tuple):
    assert read(text, addressed=True) == expected


@pytest.mark.parametrize("addressed", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        pytest.param("完成得很好", id="praise"),
        pytest.param("#12 完成得很好", id="praise with a number"),
        pytest.param("改天再说", id="改 in another word"),
        pytest.param("我是3楼的", id="我是 of a resident"),
        pytest.param("我是3楼的，家里漏水", id="我是 before a report"),
        pytest.param("进度慢死了", id="anger"),
        pytest.param("误报了吧", id="doubt"),
        pytest.param("#12 误报了吧", id="doubt with a number"),
        pytest.param("合并单元", id="合并 in other talk"),
        pytest.param("#12 修好了吗", id="a question is no confirmation"),
        pytest.param("#12修好了？", id="a question mark is enough"),
        pytest.param("#12 修好了没有", id="a question without a mark"),
        pytest.param("#12 到场了吗", id="asking who is there"),
        pytest.param("到场？", id="a bare word asked"),
        pytest.param("#12 到场时间定了", id="time of arrival"),
        pytest.param("满意度调查", id="满意 in another word"),
        pytest.param("接单员是谁", id="接单 in another word"),
        pytest.param("帮助老人", id="帮助 as a verb"),
        pytest.param("12号到场", id="on the twelfth"),
        pytest.param("今天天气不错", id="chatter"),
        pytest.param("门口积水了", id="a report"),
        pytest.param("#12", id="a number alone"),
        pytest.param("", id="nothing"),
        pytest.param("😀👍", id="emoji only"),
    ],
)
def test_talk_is_no_command(text: str, addressed: bool):
    assert read(text, addressed=addressed) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("@王师傅 接单 #12", id="said to somebody else"),
        pytest.param("@王师傅 #12 到场了吗", id="asked of somebody else"),
        pytest.param("帮助 老人搬家", id="a verb with its object"),
        pytest.param("绑定3号楼", id="glued text"),
        pytest.param("我是 3单元的", id="who lives where"),
        pytest.param("进度 怎么这么慢", id="a complaint"),
        pytest.param("12 到场", id="twelve people came"),
    ],
)
def test_talk_that_is_not_addressed_is_no_command(text: str):
    assert read(text) is None


@pytest.mark.parametrize(
    "text, numbers",
    [
        pytest.param("#12", (12,), id="plain"),
        pytest.param("看看#12和#15", (12, 15), id="two in a sentence"),
        pytest.param("#12、15、18", (12, 15, 18), id="a list"),
        pytest.param("＃７", (7,), id="full width"),
        pytest.param("#12 12345", (12,), id="the hotline is no ticket"),
        pytest.param("2#1202漏水", (), id="a building and a room"),
        pytest.param("2#楼", (), id="a building"),
        pytest.param("B#502", (), id="a lettered building"),
        pytest.param("#3号楼", (), id="a building with the sign in front"),
        pytest.param("#3-2-502", (), id="an address"),
        pytest.param("#12楼顶补好了", (12,), id="a roof is no building"),
        pytest.param("#一定要关窗#", (), id="a hashtag"),
        pytest.param("#0", (), id="there is no ticket 0"),
        pytest.param("#1234567", (), id="too long"),
        pytest.param("#١٢", (), id="digits of another script"),
    ],
)
def test_the_numbers_in_a_text(text: str, numbers: tuple[int, ...]):
    assert numbers_in(text) == numbers


def test_numbers_are_taken_out_of_the_words():
    assert without_numbers("进展 #12、15 已抽水") == "进展 已抽水"


def test_a_megabyte_is_cut_before_it_is_read():
    assert len(tidy("㍿" * 1_000_000)) <= 20_000


@given(st.text(), st.booleans())
def test_parse_never_raises(text: str, addressed: bool):
    parsed = parse(text, BOOK, addressed=addressed)
    assert parsed is None or all(n > 0 for n in parsed.numbers)


PIECES = st.sampled_from(
    [word for command in COMMANDS for word in command.words] + list("#＃ ,，、十二12号单楼@？?了吗。\n\u200b")
)


@given(st.lists(PIECES, max_size=12).map("".join), st.booleans())
def test_parse_never_raises_on_what_looks_like_a_command(text: str, addressed: bool):
    parsed = parse(text, BOOK, addressed=addressed)
    assert parsed is None or len(set(parsed.numbers)) == len(parsed.numbers)


@given(
    st.integers(1, 99_999), st.sampled_from(["接单 #{}", "接单{}", "#{} 接单", "接单 ＃{}", "＃{}接单", "接单 {}号单"])
)
def test_a_number_is_read_back_in_every_form(number: int, form: str):
    assert read(form.format(number)) == ("接单", (number,), "")
