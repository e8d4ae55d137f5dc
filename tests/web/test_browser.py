"""The web chat in a real browser, as people use it."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, FilePayload, Page, expect

from domain.chatroom import Saying
from domain.messages import Chat, Mention, Outgoing, Person
from domain.vocabulary import MessageKind
from tests.channels.contract import photo
from tests.web.town import G3, Town, town

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
Visit = Callable[..., Awaitable[Page]]


@pytest.fixture
async def visit(here: Town, browser: Browser) -> AsyncIterator[Visit]:
    """Opens a page in a browser of its own. Every error on any page fails the test."""
    errors: list[str] = []

    async def visit(path: str, **look) -> Page:
        page = await (await browser.new_context(**look)).new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda told: errors.append(told.text) if "Content Security Policy" in told.text else None)
        await page.goto(here.url(path))
        return page

    yield visit
    assert errors == []


async def say(page: Page, words: str) -> None:
    await page.locator("#text").fill(words)
    await page.locator("#text").press("Enter")


def jpeg(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}


def words(page: Page):
    return page.locator("#log .words")


async def test_two_people_see_each_other_and_the_bot_live(here: Town, visit: Visit):
    zhang, zhou = await visit("/as/r-301/group/g3"), await visit("/as/r-302/group/g3")
    await say(zhang, "2单元门口积水了")
    for page in (zhang, zhou):
        await expect(words(page)).to_have_text(["2单元门口积水了", "@张阿姨 听到了:2单元门口积水了"])
    await expect(zhang.locator("#log .line").first).to_have_class(re.compile("mine"))
    await expect(zhang.locator("#log .line").last).to_have_class(re.compile("to-me"))
    await expect(zhou.locator("#log .line.mine, #log .line.to-me")).to_have_count(0)
    await say(zhou, "我家也看到水了")
    await expect(words(zhang)).to_have_count(4)
    assert [message.sender.id for message in here.bot.messages] == ["r-301", "r-302"]


async def test_a_newcomer_picks_a_person_and_is_answered(visit: Visit):
    page = await visit("/")
    await page.get_by_role("link", name="张阿姨").click()
    await page.get_by_role("link", name="3号楼邻里群").click()
    await page.get_by_role("button", name="2单元门口积水了").click()
    await page.get_by_role("button", name="发送").click()
    await expect(words(page)).to_have_count(2)
    await page.get_by_role("navigation").get_by_role("link", name="李敏").click()
    assert urlsplit(page.url).path == "/as/sw-limin/group/g3"
    await expect(words(page)).to_have_count(2)


async def test_photos_are_chosen_shown_and_sent(here: Town, visit: Visit):
    page = await visit("/as/r-301/group/g3")
    files = [jpeg(f"{n}.jpg", photo(60 + n)) for n in range(3)]
    await page.locator("#photos").set_input_files(files)
    await expect(page.locator("#chosen img")).to_have_count(3)
    await page.get_by_role("button", name="不发第 2 张").click()
    await page.get_by_role("button", name="发送").click()
    await expect(page.locator("#log .photo img")).to_have_count(4)
    await expect(page.locator("#chosen")).to_be_hidden()
    drawn = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    await page.wait_for_function(f"({drawn})([...document.querySelectorAll('#log .photo img')])")
    [message] = here.bot.messages
    assert [(await here.room.fetch(handle)).data for handle in message.media] == [photo(60), photo(62)]
    await page.locator("#log .photo").first.click()
    await expect(page.get_by_role("dialog", name="照片")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="照片")).to_be_hidden()


async def test_what_is_no_photo_is_refused_in_words_and_nothing_is_lost(here: Town, visit: Visit):
    page = await visit("/as/r-301/group/g3")
    await page.locator("#text").fill("看这里")
    await page.locator("#photos").set_input_files(jpeg("a.jpg", b"not one"))
    await page.get_by_role("button", name="发送").click()
    await expect(page.get_by_role("alert")).to_contain_text("不是能用的照片")
    await expect(page.locator("#text")).to_have_value("看这里")
    await page.locator("#photos").set_input_files(jpeg("b.jpg", b"\0" * (20 * 1024 * 1024 + 1)))
    await expect(page.get_by_role("alert")).to_contain_text("最多 20 MB")
    assert here.bot.messages == []


async def test_quoting_by_the_menu(here: Town, visit: Visit):
    said = await here.room.say(Saying("r-302", G3, "地库也有"))
    page = await visit("/as/r-301/group/g3")
    await page.locator(".bubble").click(button="right")
    await page.get_by_role("menuitem", name="引用").click()
    await expect(page.locator("#quoting")).to_contain_text("老周")
    await say(page, "在哪儿?")
    await expect(page.locator("#log .quote")).to_contain_text("地库也有")
    await expect(page.locator("#quoting")).to_be_hidden()
    quote = here.bot.messages[-1].quote
    assert quote is not None
    assert (quote.external_id, quote.text) == (said.id, "地库也有")


async def test_taking_ones_own_message_back_with_the_keyboard_alone(here: Town, visit: Visit):
    said = await here.room.say(Saying("r-301", G3, "看错了"))
    other = await here.room.say(Saying("r-302", G3, "怎么了"))
    page, watcher = await visit("/as/r-301/group/g3"), await visit("/as/r-302/group/g3")
    await page.locator(f"#m-{other.id} .more").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="撤回")).to_be_hidden()
    await page.keyboard.press("Escape")
    await page.locator(f"#m-{said.id} .more").focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#m-{said.id}")).to_have_text(re.compile("你撤回了一条消息"))
    await expect(watcher.locator(f"#m-{said.id}")).to_have_text(re.compile("“张阿姨”撤回了一条消息"))
    ids = await watcher.locator("#log .line").evaluate_all("lines => lines.map(line => line.dataset.id)")
    assert ids == [said.id, other.id]
    assert (here.bot.messages[-1].kind, here.bot.messages[-1].recalls) == (MessageKind.RECALL, said.id)


async def test_the_at_button_addresses_the_bot(here: Town, visit: Visit):
    page = await visit("/as/sw-limin/group/g3")
    await page.get_by_role("button", name="@楼群小助手", exact=True).click()
    await page.keyboard.type("到场 #12")
    await page.keyboard.press("Enter")
    await expect(words(page)).to_have_count(2)
    assert [(m.mentions_bot, m.text) for m in here.bot.messages] == [(True, "到场 #12")]


async def test_the_private_chat_is_seen_by_its_person_only(here: Town, visit: Visit):
    page, other = await visit("/as/r-301/bot"), await visit("/as/r-302/bot")
    await say(page, "进度")
    await expect(words(page)).to_have_count(2)
    await say(other, "在吗")
    await expect(words(other)).to_have_text(["在吗", "@老周 听到了:在吗"])
    assert here.bot.messages[0].chat == Chat("console", "r-301", private=True)


async def test_the_list_tells_of_news_elsewhere(here: Town, visit: Visit):
    page = await visit("/as/r-301/bot")
    group = page.get_by_role("link", name="3号楼邻里群")
    await expect(group.locator(".dot")).to_be_hidden()
    zhang = Mention(Person("console", "r-301"), "张阿姨")
    await here.room.send(Outgoing((1,), G3, "@张阿姨 #1 已登记", mentions=(zhang,)))
    await expect(group.locator(".dot")).to_be_visible()
    await expect(group).to_contain_text("[有人@我]楼群小助手: @张阿姨 #1 已登记")
    await expect(page.locator("#rooms .room").first).to_contain_text("3号楼邻里群")
    await group.click()
    await expect(page.locator("#rooms .dot:visible")).to_have_count(0)
    await page.reload()
    await expect(page.locator("#rooms .dot:visible")).to_have_count(0)


ATTACKS = (
    "<script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "</textarea><svg onload=document.title='owned'>",
    "javascript:document.title='owned'",
    "https://a.example/\"onmouseover=\"document.title='owned'",
    "{{ 7 * 7 }} {% raw %}",
)


async def test_what_people_write_stays_words(here: Town, visit: Visit):
    watcher = await visit("/as/r-302/group/g3")
    for n, attack in enumerate(ATTACKS):
        line = await here.room.say(Saying("r-301", G3, attack))
        await here.room.say(Saying("r-302", G3, f"引{n}", quote=line.id))
    await expect(words(watcher)).to_have_count(2 * len(ATTACKS))
    loaded = await visit("/as/r-301/group/g3")
    for page in (watcher, loaded):
        shown = [text for text in await words(page).all_text_contents() if not text.startswith("引")]
        assert shown == list(ATTACKS)
        assert await page.locator("#log script, #log img, #log svg, #log [onmouseover]").count() == 0
        await page.locator("#log .words a").hover()
        assert "owned" not in await page.title()


async def test_the_browser_itself_refuses_what_the_policy_forbids(here: Town, browser: Browser):
    page = await browser.new_page()
    await page.goto(here.url("/as/r-301/group/g3"))
    tried = """() => new Promise(done => {
        document.addEventListener('securitypolicyviolation', event => done(event.violatedDirective));
        document.body.insertAdjacentHTML('beforeend', '<img src=https://evil.example/x.png>');
    })"""
    assert await page.evaluate(tried) == "img-src"


async def test_a_cut_line_is_shown_and_what_was_missed_comes_once(tmp_path: Path, browser: Browser):
    async with town(tmp_path / "town") as here:
        port = urlsplit(here.address).port or 0
        page = await browser.new_page()
        await page.goto(here.url("/as/r-301/group/g3"))
        await say(page, "一,水")
        await expect(words(page)).to_have_count(2)
        await here.stop()
        await expect(page.get_by_role("status")).to_contain_text("连接断了")
        await say(page, "没人收到的")
        await expect(page.get_by_role("alert")).to_contain_text("没有发出去")
        await here.room.say(Saying("r-302", G3, "二"))
    async with town(tmp_path / "town", port=port) as again:
        await again.room.say(Saying("r-302", G3, "三"))
        await expect(page.get_by_role("status")).to_be_hidden(timeout=8000)
        await expect(words(page)).to_have_text(["一,水", "@张阿姨 听到了:一,水", "二", "三"])
        await page.get_by_role("button", name="发送").click()
        await expect(words(page)).to_have_count(5)
        assert [message.text for message in again.bot.messages] == ["三", "没人收到的"]


async def test_on_a_phone_list_and_chat_are_two_screens(here: Town, visit: Visit):
    page = await visit("/as/r-301", **PHONE)
    await expect(page.locator("#log")).to_have_count(0)
    await page.get_by_role("link", name="3号楼邻里群").tap()
    await expect(page.locator("#rooms")).to_be_hidden()
    await page.locator("#text").fill("门口有水")
    await page.get_by_role("button", name="发送").tap()
    await expect(words(page)).to_have_count(2)
    assert await page.evaluate("document.documentElement.scrollWidth") == 390
    for button in ("@楼群小助手", "发送", "返回群聊列表"):
        named = page.get_by_label(button, exact=True).or_(page.get_by_role("button", name=button, exact=True))
        box = await named.first.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 38  # a thumb
    await page.get_by_label("返回群聊列表").tap()
    await expect(page.locator("#rooms")).to_be_visible()


async def test_a_long_press_opens_the_menu(here: Town, visit: Visit):
    await here.room.say(Saying("r-302", G3, "楼道漏水"))
    page = await visit("/as/r-301/group/g3", **PHONE)
    box = await page.locator(".bubble").first.bounding_box()
    assert box is not None
    finger = await page.context.new_cdp_session(page)
    point = {"x": box["x"] + 20, "y": box["y"] + 15}
    await finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    await expect(page.get_by_role("menu")).to_be_visible()
    await finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await expect(page.get_by_role("menu")).to_be_visible()
    await page.get_by_role("menuitem", name="引用").tap()
    await expect(page.locator("#quoting")).to_contain_text("楼道漏水")


async def test_the_hint_stays_away_once_it_was_put_away(visit: Visit):
    page = await visit("/as/r-301/group/g3")
    await page.get_by_role("button", name="收起提示").click()
    await page.reload()
    await expect(page.locator("#story")).to_be_hidden()


async def test_reading_back_is_not_disturbed_by_news(here: Town, visit: Visit):
    for n in range(60):
        await here.room.say(Saying("r-302", G3, f"第{n}条"))
    page = await visit("/as/r-301/group/g3")
    await page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
    await here.room.say(Saying("r-302", G3, "新的"))
    await expect(page.get_by_role("button", name="有新消息")).to_be_visible()
    assert await page.locator("#log").evaluate("log => log.scrollTop") == 0
    await page.get_by_role("button", name="有新消息").click()
    await expect(words(page).last).to_be_in_viewport()
    await expect(page.get_by_role("button", name="有新消息")).to_be_hidden()
