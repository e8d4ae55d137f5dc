"""Words and photos that are sent, odd ones most of all."""

import re
import struct
import zlib
from collections.abc import AsyncIterator
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from domain.vocabulary import MessageKind
from tests.channels.contract import photo
from tests.web.client import Client, Part, visiting
from tests.web.town import Town

ROOM = "/as/r-301/group/g3"


@pytest.fixture
async def client(here: Town) -> AsyncIterator[Client]:
    async with visiting(here) as client:
        await client.get(ROOM)
        yield client


def picture(form: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, form)
    return file.getvalue()


def huge_png() -> bytes:
    """Says that it has 64 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 8000, 8000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1001 * 8000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


async def test_words_and_several_photos_go_out_as_one_message(here: Town, client: Client):
    answer, told = await client.say(ROOM, "门口积水", photo(50), photo(51))
    assert answer.status == 200
    [message] = here.bot.messages
    assert (message.external_id, message.text, message.kind) == (told["line"], "门口积水", MessageKind.TEXT)
    assert [(await here.room.fetch(handle)).data for handle in message.media] == [photo(50), photo(51)]


@pytest.mark.parametrize(
    "form,mime", [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp"), ("GIF", "image/gif")]
)
async def test_a_photo_is_served_with_its_true_type_to_who_has_the_link(
    here: Town, client: Client, form: str, mime: str
):
    await client.say(ROOM, "", picture(form))
    _, page = await client.get(ROOM)
    link, small = (
        unescape(re.findall(r'class="photo" href="([^"]+)', page)[0]),
        unescape(re.findall(r'<img src="([^"]+)', page)[0]),
    )
    async with client.session.get(here.url(link)) as answer:
        assert (answer.status, answer.content_type, await answer.read()) == (200, mime, picture(form))
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    async with client.session.get(here.url(small)) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        with Image.open(BytesIO(await answer.read())) as image:
            assert image.size == (40, 30)


@pytest.mark.parametrize("change", ["by=0", "until=9", "until=99999999999", "until=abc", "until=²"])
async def test_a_forged_or_old_link_is_refused(client: Client, change: str):
    await client.say(ROOM, "", picture("PNG"))
    _, page = await client.get(ROOM)
    link = unescape(re.findall(r'class="photo" href="([^"]+)', page)[0])
    name = change.partition("=")[0]
    answer, words = await client.get(re.sub(rf"{name}=[^&]+", change, link))
    assert answer.status == 403
    assert "过期" in words


@pytest.mark.parametrize(
    "data,status,words",
    [
        (b"GIF89a<script>alert(1)</script>", 400, "照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 400, "不是能用的照片"),
        (b"MZ\x90 an old program", 400, "不是能用的照片"),
        (b"", 400, "不是能用的照片"),
        (photo(200)[:20_000], 400, "不完整"),
        (picture("PNG")[:-20], 400, "照片"),
        (huge_png(), 413, "像素太多"),
        (b"\xff\xd8\xff" + b"\0" * (20 * 1024 * 1024), 413, "一张最多 20 MB"),
    ],
    ids=["torn gif", "svg", "program", "empty", "torn jpeg", "torn png", "64 MP", "over 20 MB"],
)
async def test_what_is_no_usable_photo_is_refused_in_words(
    here: Town, client: Client, data: bytes, status: int, words: str
):
    answer, told = await client.say(ROOM, "看", data)
    assert (answer.status, words in told["error"]) == (status, True), told
    assert here.bot.messages == []


async def test_a_photo_of_just_20_mb_is_taken(here: Town, client: Client):
    data = photo(100)
    data += b"\0" * (20 * 1024 * 1024 - len(data))
    answer, _ = await client.say(ROOM, "", data)
    assert answer.status == 200
    [message] = here.bot.messages
    assert len((await here.room.fetch(message.media[0])).data) == 20 * 1024 * 1024


async def test_ten_photos_are_too_many(client: Client):
    answer, told = await client.say(ROOM, "", *[picture("PNG")] * 10)
    assert (answer.status, "最多发 9 张" in told["error"]) == (413, True)


@pytest.mark.parametrize(
    "name,shown",
    [("../../etc/passwd", "passwd"), ("a\u202egpj.exe", "agpj.exe"), ("<b>.jpg", "<b>.jpg"), ("", "照片")],
)
async def test_a_file_name_is_only_a_name(here: Town, client: Client, name: str, shown: str):
    answer, _ = await client.post(f"{ROOM}/say", Part("photos", picture("PNG"), name))
    assert answer.status == 200
    [message] = here.bot.messages
    assert message.media[0].name == shown


@pytest.mark.parametrize(
    "body,kind",
    [
        (b"text=hello", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"no boundary at all", "multipart/form-data; boundary=xyz"),
        (b"", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\n", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\nContent-Disposition: form-data; name=text\r\n\r\nhalf", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\n\r\n", "multipart/form-data"),
        (b"--xyz\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\nContent-Encoding: gzip\r\n\r\nnot gzip\r\n--xyz--\r\n", "multipart/form-data; boundary=xyz"),
        (b"--xyz\r\nContent-Transfer-Encoding: odd\r\n\r\nx\r\n--xyz--\r\n", "multipart/form-data; boundary=xyz"),
    ],
)
async def test_a_body_that_is_no_form_is_refused_in_words(here: Town, client: Client, body: bytes, kind: str):
    headers = {"Content-Type": kind, "Accept": "application/json", "X-CSRF-Token": client.token, "Origin": here.address}
    async with client.session.post(here.url(f"{ROOM}/say"), data=body, headers=headers) as answer:
        assert answer.status in {400, 413}
        assert (await answer.json())["error"].endswith("。")
    assert here.bot.messages == []


async def test_empty_words_are_refused(client: Client):
    answer, told = await client.say(ROOM, " \n ")
    assert (answer.status, "写点什么" in told["error"]) == (400, True)


async def test_one_megabyte_of_text_is_taken_and_shown_in_short(here: Town, client: Client):
    text = "水" * 333_000
    answer, told = await client.say(ROOM, text)
    assert answer.status == 200
    assert here.bot.messages[0].text == text
    _, page = await client.get(ROOM)
    assert "看全文" in page
    assert len(page) < 40_000
    answer, whole = await client.get(f"{ROOM}/text/{told['line']}")
    assert (answer.content_type, whole) == ("text/plain", text)


async def test_six_megabytes_of_text_are_refused_in_words(client: Client):
    answer, told = await client.say(ROOM, "水" * 2_000_000)
    assert (answer.status, "太长" in told["error"]) == (413, True)


async def test_the_same_request_sent_again_says_nothing_twice(here: Town, client: Client):
    first, second = [(await client.say(ROOM, "漏水", once="k-1"))[1] for _ in range(2)]
    assert first == second
    assert len(here.bot.messages) == 1
