"""The main job, as chats: a message in a building's group becomes a ticket, is answered at once, and is shown live."""

from datetime import timedelta

import pytest

from tests.scenarios.town import STAFF, Town


async def test_the_eight_minutes(town: Town):
    await town.says("r-zhang", "2单元门口积水了，老人出不去", name="张阿姨")
    [ack] = town.lines("g3")
    assert (ack["kind"], ack["mentions"], ack["tickets"]) == ("ack", ["r-zhang"], [1])
    assert [word for word in ("@张阿姨", "#1", "3号楼2单元门口积水", "李敏") if word not in str(ack["text"])] == []
    await town.passes(minutes=2)
    await town.says("sw-limin", "到场 #1")
    [arrived] = town.heard("g3")
    assert "#1" in arrived
    assert "李敏到现场了" in arrived
    assert "2分钟" in arrived
    await town.passes(minutes=6)
    await town.says("sw-limin", "完成 #1 树叶清掉了，水退了", photo=True)
    await town.passes(seconds=30)
    [closing] = town.lines("g3")
    assert closing["kind"] == "closing"
    assert "8分钟" in str(closing["text"])
    assert "树叶清掉了，水退了" in str(closing["text"])
    assert len(closing["media"]) == 1
    await town.says("r-zhang", "修好了")
    assert "#1" in town.heard("g3")[0]
    ticket = await town.ticket()
    assert ticket["status"] == "closed"
    assert ticket["confirmed_at"] is not None


async def test_staff_hear_of_a_report_by_name_and_in_private(town: Town):
    await town.says("r1", "2单元502卧室漏水", name="老周")
    lines = town.lines()
    [called] = [line for line in lines if line["group"] == STAFF]
    assert called["mentions"] == ["sw-limin"]
    assert "2单元502" in str(called["text"])
    assert [line["to"] for line in lines if line["to"]] == ["sw-limin"]


async def test_the_missing_room_is_asked_for_once_and_the_answer_taken_in(town: Town):
    await town.says("r1", "我家漏水了")
    [ack] = town.heard("g3")
    assert "几单元" in ack
    await town.says("r1", "2-502")
    [kept] = town.heard("g3")
    assert "2单元502" in kept
    assert "几单元" not in kept
    ticket = await town.ticket()
    assert (ticket["unit"], ticket["room"], ticket["floor"]) == ("2", "502", 5)


async def test_a_place_that_is_not_in_the_register_is_asked_about_and_not_believed(town: Town):
    await town.says("r1", "9单元502漏水")
    [ack] = town.heard("g3")
    assert "没有9单元" in ack
    assert (await town.ticket())["unit"] is None


async def test_the_same_message_twice_does_nothing_twice(town: Town):
    for _ in range(2):
        await town.says("r1", "2单元502卧室漏水", id="same")
    assert len(town.lines("g3")) == 1
    assert len(await town.tickets()) == 1


async def test_the_same_water_reported_by_three_is_one_ticket_and_each_is_told(town: Town):
    await town.says("r1", "2单元门口积水了")
    await town.passes(minutes=1)
    await town.says("r2", "2单元门口全是水，出不去了")
    await town.passes(minutes=1)
    await town.says("r3", "2单元门口那积水也太深了")
    lines = town.lines("g3")
    assert [line["mentions"] for line in lines] == [["r1"], ["r2"], ["r3"]]
    assert all("#1" in str(line["text"]) for line in lines)
    [ticket] = await town.tickets()
    assert ticket["reporters"] == ["r1", "r2", "r3"]


async def test_a_report_for_another_building_is_followed_there(town: Town):
    await town.says("r1", "我爸妈住5号楼1单元601，卫生间顶上往下滴水", group="g1")
    [ack] = town.heard("g1")
    assert "5号楼" in ack
    await town.passes(minutes=3)
    await town.says("sw-limin", "到场 #1", group=STAFF)
    lines = town.lines()
    assert {line["group"] for line in lines if line["kind"] == "progress"} == {"g5", "g1"}
    assert all("601" not in str(line["text"]) for line in lines if line["group"] in {"g1", "g5"})


async def test_a_post_goes_to_the_group_of_the_report_wherever_the_command_was_given(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    town.heard()
    for group, word in ((STAFF, "接单 #1"), (None, "到场 #1"), ("g5", "进展 #1 在查管道")):
        await town.passes(minutes=4)
        await town.says("sw-limin", word, group=group)
        posts = [line for line in town.lines() if line["group"] == "g3"]
        assert [line["kind"] for line in posts] == ["progress"], word


@pytest.mark.parametrize("word", ["＃1 到场", "到场1", "到场 #一", "@楼群小助手 到场 #1", "#1到场"])
async def test_signs_and_order_are_forgiven(town: Town, word: str):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("sw-limin", word)
    assert (await town.ticket())["arrived_at"] is not None


async def test_a_photo_after_a_command_belongs_to_it_for_two_minutes(town: Town):
    await town.says("r1", "地库积水了", group="g3")
    await town.says("sw-limin", "到场 #1")
    await town.passes(seconds=90)
    town.heard()
    await town.says("sw-limin", photo=True)
    await town.passes(seconds=60)
    assert [line["media"] != [] for line in town.lines("g3")] == [True]
    await town.passes(minutes=5)
    await town.says("sw-limin", photo=True)
    await town.passes(seconds=60)
    assert town.lines("g3") == []
    assert (await town.ticket())["media"] == 1


async def test_a_photo_that_quotes_a_post_of_the_bot_is_progress_on_its_ticket(town: Town):
    await town.says("r1", "2单元门口积水了")
    [ack] = town.lines("g3")
    await town.passes(minutes=3)
    await town.says("rp-wang", "水泵开了", photo=True, quote=ack["id"])
    await town.passes(seconds=60)
    [post] = town.lines("g3")
    assert (post["kind"], len(post["media"])) == ("progress", 1)
    assert "水泵开了" in str(post["text"])


async def test_not_fixed_reopens_and_tells_who_closed_it(town: Town):
    await town.says("r1", "2单元502卧室漏水")
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    town.heard()
    await town.passes(hours=2)
    await town.says("r1", "没修好，还在滴")
    lines = town.lines()
    assert any(line["to"] == "rp-wang" for line in lines)
    assert (await town.ticket())["status"] == "reopened"


async def test_a_withdrawal_ends_it_and_staff_need_not_go(town: Town):
    await town.says("r1", "2单元门口积水了")
    town.heard()
    await town.says("r1", "看错了，是影子")
    assert (await town.ticket())["status"] == "cancelled"
    assert any("#1" in text for text in town.heard(STAFF))


async def test_merging_keeps_the_first_and_tells_both_once(town: Town):
    await town.says("r1", "地库进水了", group="g3")
    await town.passes(minutes=1)
    await town.says("r2", "地下车库进水了", group="g8")
    town.heard()
    await town.says("sw-limin", "合并 #1 #2", group=STAFF)
    lines = [line for line in town.lines() if line["group"] in {"g3", "g8"}]
    assert sorted(person for line in lines for person in line["mentions"]) in (["r2"], ["r1", "r2"])
    assert [(await town.ticket(n))["status"] for n in (1, 2)] == ["registered", "merged"]
    assert (await town.ticket(1))["reporters"] == ["r1", "r2"]


async def test_waiting_needs_a_reason_and_a_date(town: Town):
    await town.says("r1", "2单元502卧室渗水")
    await town.says("rp-wang", "待续 #1", group=None)
    assert any("待续 #12" in text for text in town.heard(to="rp-wang"))
    await town.says("rp-wang", "待续 #1 等墙干 明天9点", group=None)
    await town.passes(minutes=1)
    assert (await town.ticket())["status"] == "waiting"
    assert any("8月24日" in text and "等墙干" in text for text in town.heard("g3"))


async def test_thirty_reports_in_a_minute_get_few_merged_answers_that_name_everybody(town: Town):
    start = town.now
    for n in range(30):
        await town.says(f"r{n}", f"2单元{n % 18 + 1}0{n % 4 + 1}卧室漏水了", name=f"邻居{n}")
        await town.passes(seconds=2)
    await town.passes(seconds=62)
    acks = [line for line in town.lines("g3") if line["kind"] == "ack"]
    assert len(acks) <= 10
    assert {person for line in acks for person in line["mentions"]} == {f"r{n}" for n in range(30)}
    text = "\n".join(str(line["text"]) for line in acks)
    assert [n for n in range(30) if f"@邻居{n} " not in text and f"@邻居{n}，" not in text] == []
    for ticket in await town.tickets():
        waited = _time(ticket["acknowledged_at"]) - _time(ticket["reported_at"])
        assert f"#{ticket['number']}" in text
        assert waited <= timedelta(seconds=60)
    assert _time(acks[0]["at"]) - start <= timedelta(seconds=5)


def _time(value: object):
    from datetime import datetime  # noqa: PLC0415

    return datetime.fromisoformat(str(value))


@pytest.mark.parametrize(
    "text",
    ["晚上一起跳广场舞吗", "我真是脑子进水了", "周末去漂流，全身都湿透了", "", "👍👍👍", "\u200b\u200b", "哈" * 5000],
)
async def test_chatter_is_never_answered(town: Town, text: str):
    await town.says("r1", text)
    await town.passes(minutes=5)
    assert town.heard() == []


@pytest.mark.parametrize(
    "text", ["2单元502漏水" + "啊" * 1_000_000, "\x00\x01漏水\ud800", "漏\u200b水\u202e了 2单元502"]
)
async def test_odd_text_is_borne(town: Town, text: str):
    await town.says("r1", text)
    await town.says("r2", "2单元门口积水了")
    assert any("@r2" in heard for heard in town.heard("g3"))


async def test_what_staff_tell_each_other_is_no_report_unless_it_says_where(town: Town):
    await town.says("sec-chen", "李敏你先去2单元顶层那两家看看，帮着接接水，天花板还在滴", group=STAFF)
    assert await town.tickets() == []
    await town.says("st-hedong", "8号楼地库坡道积水了", group=STAFF)
    assert (await town.ticket())["building"] == "8"


async def test_what_staff_tell_each_other_of_homes_on_record_is_no_new_report(town: Town):
    await town.says("r1", "2单元1801客厅漏水")
    await town.says("r2", "2单元1802卧室漏水")
    await town.says("sw-limin", "王师傅，3号楼2单元顶层两家都在滴，一会咱们上楼顶看看", group=STAFF)
    assert len(await town.tickets()) == 2
    await town.says("sw-limin", "3号楼1单元902卫生间也漏水，住户打电话来的", group=STAFF)
    assert [t["room"] for t in await town.tickets()] == ["1801", "1802", "902"]


@pytest.mark.parametrize("ended", [True, False])
async def test_water_at_home_is_another_matter_than_water_at_the_door(town: Town, ended: bool):
    await town.says("r1", "2单元门口积水了")
    if ended:
        await town.says("sw-limin", "完成 #1 扫干净了")
        await town.says("r1", "修好了")
    await town.passes(minutes=3)
    await town.says("r1", "我家漏水了")
    await town.says("r1", "2-1801")
    door, home = await town.tickets()
    assert (door["scope"], door["room"], door["status"]) == ("public", None, "closed" if ended else "registered")
    assert (home["scope"], home["unit"], home["room"]) == ("household", "2", "1801")


async def test_plain_words_reopen_as_well(town: Town):
    await town.says("r1", "2单元502厨房顶上漏水")
    await town.says("rp-wang", "完成 #1 换了接头", group=None)
    await town.says("r1", "修好了")
    await town.passes(hours=3)
    town.heard()
    await town.says("r1", "厨房顶上又漏了")
    [ticket] = await town.tickets()
    assert ticket["status"] == "reopened"
    lines = town.lines()
    assert ["r1"] in [line["mentions"] for line in lines if line["group"] == "g3"]
    assert any(line["to"] == "rp-wang" for line in lines)
