"""One message out of the rows that leave together."""

from datetime import timedelta

from bot.texts import TextFile, compose
from domain.messages import Chat, Mention, Person, Reply
from domain.records import OutboxRow
from domain.vocabulary import MediaId, ReplyKind, TicketNumber
from tests.moments import NOON

CHAT = Chat("console", "g3")
TEXTS = TextFile()


def ack(number: int, name: str, template: str = "ack", **more) -> Reply:
    params = {
        "number": number, "title": f"3号楼{number}单元门口积水", "keepers": ["李敏"], "ask": None, "danger": None,
        "emergency": False, "duty_phone": "", "moved_to": "", "photos": 0, **more,
    }  # fmt: skip
    mention = Mention(Person("console", f"u-{name}"), name)
    return Reply(
        CHAT, template, params, ReplyKind.ACK, mentions=(mention,), tickets=(TicketNumber(number),),
        reply_to=f"m{number}", merge="ack",
    )  # fmt: skip


def step(number: int, step: str = "progress_accepted", **more) -> Reply:
    params = {
        "number": number,
        "title": "3号楼门口积水",
        "worker": "李敏",
        "minutes": 3,
        "words": "",
        "filed": 0,
        **more,
    }
    media = more.pop("media", ())
    return Reply(CHAT, step, params, ReplyKind.PROGRESS, tickets=(TicketNumber(number),), media=media, merge="progress")


def composed(*replies: Reply):
    return compose([OutboxRow(n, reply, NOON) for n, reply in enumerate(replies, 1)], TEXTS)


def test_one_row_is_its_text_with_the_name_in_front():
    one = composed(ack(7, "小林"))
    assert one.text.startswith("@小林 收到，已登记 #7：3号楼7单元门口积水。李敏负责跟进。")
    assert one.text.count("@小林") == 1
    assert (one.reply_to, one.tickets, one.kind) == ("m7", (7,), ReplyKind.ACK)


def test_a_burst_of_acknowledgements_names_each_person_and_number_once_a_line():
    names = [f"邻居{n}" for n in range(1, 16)]
    one = composed(*(ack(n, name) for n, name in enumerate(names, 1)))
    lines = one.text.splitlines()
    assert lines[1:16] == [f"@{name} #{n} 3号楼{n}单元门口积水，李敏跟进。" for n, name in enumerate(names, 1)]
    assert [m.name for m in one.mentions] == names
    assert one.tickets == tuple(range(1, 16))
    assert one.reply_to is None


def test_merged_acknowledgements_keep_questions_and_safety():
    joined = ack(2, "老赵", "joined", danger="electric", emergency=True)
    one = composed(ack(1, "小林", ask="unit_room"), joined, ack(3, "马哥", "facts_kept", ask="unit"))
    assert "请问是几单元几零几？" in one.text
    assert "先断电" in one.text
    assert "@马哥 #3 记下了" in one.text


def test_a_person_with_two_reports_is_called_on_both_lines_and_mentioned_once():
    one = composed(ack(1, "小林"), ack(2, "小林"))
    assert one.text.count("@小林 ") == 2
    assert len(one.mentions) == 1


def test_progress_leaves_together_and_says_nothing_twice():
    one = composed(step(1), step(2), step(1))
    assert one.text == "#1、#2 3号楼门口积水：李敏接单了（报修后3分钟）。"


def test_photos_are_enclosed_once_each():
    first, second = MediaId("a"), MediaId("b")
    one = composed(step(1, media=(first, second)), step(2, media=(second,)))
    assert one.media == (first, second)


def test_the_duty_phone_is_named_where_there_is_danger_and_one_is_known():
    one = composed(ack(1, "小林", danger="water", emergency=True, duty_phone="010-1234"))
    assert "值班电话 010-1234。" in one.text
    assert "值班电话" not in composed(ack(1, "小林", danger="water", emergency=True)).text
    assert "值班电话" not in composed(ack(1, "小林", duty_phone="010-1234")).text


def test_nothing_is_escaped():
    assert "<b>&老赵" in composed(ack(1, "<b>&老赵")).text


def test_a_name_that_looks_like_a_template_stays_a_name():
    assert "@{{ 7*7 }} " in composed(ack(1, "{{ 7*7 }}")).text


def late(*replies: Reply, minutes: int = 30):
    rows = [OutboxRow(n, reply, NOON) for n, reply in enumerate(replies, 1)]
    return compose(rows, TEXTS, NOON + timedelta(minutes=minutes)).text


def test_a_late_answer_says_from_when_it_is_and_keeps_all_it_had_to_say():
    assert late(ack(7, "小林")).startswith("@小林 （这是12:00的回复，送晚了，对不住。）收到，已登记 #7")
    assert late(ack(7, "小林"), minutes=9) == composed(ack(7, "小林")).text
    assert late(ack(1, "小林"), ack(2, "老赵")).count("这是12:00的回复") == 2


def test_late_news_carry_their_time():
    assert late(step(1), step(2)) == "【12:00】#1、#2 3号楼门口积水：李敏接单了（报修后3分钟）。"


def test_the_same_words_about_several_tickets_are_said_once():
    homes = {1: "3号楼2单元高层住户漏水", 2: "3号楼2单元高层住户漏水", 3: "3号楼1单元低层住户漏水"}
    dried = {"words": "等墙干", "next_at": "2021-08-25T14:00:00+08:00", "begun": True}
    waits = [step(n, "progress_waiting", title=title, minutes=60 - n, **dried) for n, title in homes.items()]
    assert composed(*waits).text == (
        "#1、#2 3号楼2单元高层住户漏水；#3 3号楼1单元低层住户漏水：等墙干。李敏说8月25日（周三）14:00继续。"
    )
    came = [step(n, "progress_arrived", title=homes[n], minutes=60 - n) for n in (1, 2)]
    assert composed(*came).text == "#1、#2 3号楼2单元高层住户漏水：李敏到现场了（最早的报修后59分钟）。"
    other = [step(1, "progress_arrived", title=homes[1]), step(3, "progress_arrived", title=homes[3], words="在抽水")]
    assert len(composed(*other).text.splitlines()) == 2
