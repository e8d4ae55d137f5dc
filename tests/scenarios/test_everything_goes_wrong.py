"""A night on which everything goes wrong, as chats: nothing is lost, doubled or said to the wrong people."""

import pytest

from tests.scenarios.town import STAFF, Town, town

REPORT = "2单元门口积水了，老人出不去"


@pytest.fixture
async def place(tmp_path):
    async with town(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize(
    "text",
    [
        "2单元\u200b门口\u200d积水\ufeff了，老人出不去",
        "2单元门口积水了\x00，老人出不去",
        "\ud83d2单元门口积水了，老人出不去\udc00",
        "２单元门口积水了，老人出不去\x07\x1b[31m",
        f"{REPORT}{'。' * 300_000}",
        f"{REPORT}\n{'水' * 300_000}",
        f"\u202e\u2066{REPORT}\u2069",
    ],
    ids=["zero width", "NUL", "half pairs", "control", "a million bytes of stops", "a million bytes of water", "bidi"],
)
async def test_odd_characters_and_lengths_take_no_report_away(place: Town, text: str):
    await place.says("r1", text, name="张\u200b阿姨\x00")
    [ticket] = await place.tickets()
    assert (ticket["unit"], ticket["place"]) == ("2", "unit_door")
    lines = place.lines()
    [ack] = [line for line in lines if line["group"] == "g3"]
    assert len(str(ack["text"])) < 500
    assert [line for line in lines if line["group"] == STAFF]
    assert all(len(str(line["text"])) < 1000 for line in lines)


async def test_the_same_id_with_other_words_is_the_first_message(place: Town):
    await place.says("r1", REPORT, id="same")
    await place.says("r1", "3单元1801卧室漏水", id="same")
    [ticket] = await place.tickets()
    assert ticket["unit"] == "2"
    assert len(place.lines("g3")) == 1


async def test_a_recall_that_overtakes_its_message_leaves_nothing(place: Town):
    await place.recalls("r1", "late")
    await place.says("r1", REPORT, id="late")
    assert await place.tickets() == []
    assert place.lines("g3") == []


async def test_an_answer_that_comes_before_its_question_is_taken_in_or_asked_for(place: Town):
    """The room arrives before the report: the network turned the two around."""
    await place.says("r1", "2单元502")
    await place.says("r1", "我家卧室漏水了")
    [ticket] = await place.tickets()
    [ack] = place.lines("g3")
    assert ticket["room"] == "502" or "几单元" in str(ack["text"])


async def test_the_bot_is_taken_out_and_brought_back_and_greets_once(place: Town):
    for _ in range(3):
        await place.joins("g3")
        await place.passes(minutes=30)
    notices = [text for text in place.heard("g3") if "不要记录我" in text]
    assert len(notices) == 1
    await place.says("r1", REPORT)
    assert len(place.heard("g3")) == 1


async def test_a_second_group_of_the_same_building_is_answered_where_it_asks(place: Town):
    await place.says("adm-zhou", "绑定 3号楼", group="g3b", mention=True)
    place.heard()
    await place.says("r1", REPORT, group="g3")
    await place.passes(minutes=1)
    await place.says("r2", "2单元门口全是水，我也看到了", group="g3b")
    lines = place.lines()
    acks = [(line["group"], line["mentions"]) for line in lines if line["kind"] == "ack"]
    assert acks == [("g3", ["r1"]), ("g3b", ["r2"])]
    assert len(await place.tickets()) == 1
    await place.passes(minutes=2)
    await place.says("sw-limin", "到场 #1", group=STAFF)
    assert {line["group"] for line in place.lines() if line["kind"] == "progress"} == {"g3", "g3b"}


async def test_a_command_that_is_given_twice_at_once_by_two_does_it_once(place: Town):
    await place.says("r1", REPORT)
    place.heard()
    for who in ("sw-limin", "sw-limin"):
        await place.says(who, "到场 #1", group=STAFF)
    assert len([line for line in place.lines("g3") if line["kind"] == "progress"]) == 1


async def test_thirty_reports_thirty_duplicates_and_a_recall_among_them(place: Town):
    for n in range(30):
        for _ in range(2):
            await place.says(f"r{n}", f"{n % 3 + 1}单元{n % 18 + 1:02}0{n % 4 + 1}卧室漏水", id=f"m{n}")
    await place.recalls("r7", "m7")
    await place.passes(minutes=2)
    tickets = await place.tickets()
    acknowledged = {n for line in place.lines("g3") if line["kind"] == "ack" for n in line["tickets"]}
    assert {t["number"] for t in tickets if t["status"] != "cancelled"} <= acknowledged
    reporters = [who for t in tickets for who in t["reporters"]]
    assert sorted(reporters) == sorted({f"r{n}" for n in range(30)})
