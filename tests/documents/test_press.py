"""Papers: drawn from words, the same each time, in their own words whatever these hold."""

from io import BytesIO

import pytest
from PIL import Image

from bot.texts import TextFile
from documents.press import draw
from domain.errors import DocumentFailed
from domain.messages import Document, Json

SLIP: dict[str, Json] = {
    "community": "广达路社区",
    "number": 12,
    "home": "3号楼2单元502",
    "worker": "李敏",
    "came": "2021-08-24T10:05:00+08:00",
    "next_at": "2021-08-25T09:00:00+08:00",
    "phone": "010-12345678",
    "blank": "＿＿＿＿＿＿",
}


def paper(layout: str = "slip", link: str = "") -> Document:
    return Document(layout, "slip_words", SLIP, "联系单12", ("pdf", "png"), link)


def words(**changed: Json) -> str:
    return TextFile().render("slip_words", {**SLIP, **changed})


def picture(document: Document, said: str) -> Image.Image:
    return Image.open(BytesIO(draw(document, said)[1].data))


def test_a_slip_is_one_sheet_for_the_printer_and_one_picture():
    pdf, png = draw(paper(), words())
    assert (pdf.name, pdf.mime, pdf.data[:5]) == ("联系单12.pdf", "application/pdf", b"%PDF-")
    assert (png.name, png.mime) == ("联系单12.png", "image/png")
    width, height = Image.open(BytesIO(png.data)).size
    assert height / width == pytest.approx(210 / 148, rel=0.01)


def test_the_same_words_give_the_same_bytes():
    assert draw(paper(link="https://louqun.example.org/3"), words()) == draw(
        paper(link="https://louqun.example.org/3"), words()
    )


def test_a_code_stands_on_the_slip_where_there_is_a_page_to_lead_to():
    without, with_it = picture(paper(), words()), picture(paper(link="https://louqun.example.org/3"), words())
    lower = (0, without.height * 3 // 4, without.width, without.height)
    assert len(set(without.convert("L").crop(lower).get_flattened_data())) == 1
    assert len(set(with_it.convert("L").crop(lower).get_flattened_data())) > 1


@pytest.mark.parametrize("said", ["#panic()", "$x", "*[](", "\\#", '"}]', "= ", "@here <a>", "/* //", "𠮷🌧️\u202e\x01"])
def test_words_are_shown_and_never_carried_out(said: str):
    plain = picture(paper(), words(home=""))
    assert picture(paper(), words(home=said)).size == plain.size


def test_the_longest_of_everything_still_fits_on_one_sheet():
    long = words(
        home="丁香花园北区二期高层128号楼东单元3201B", worker="欧阳慧敏慧敏", phone="010-12345678转88888", number=123456
    )
    assert [file.name for file in draw(paper(link="https://" + "a" * 470), long)] == ["联系单12.pdf", "联系单12.png"]


def test_what_takes_more_pages_is_as_many_pictures():
    files = draw(paper("minutes"), "# 纪要\n" + "\n".join(f"- 第{n}条，楼顶防水由物业免费修" for n in range(90)))
    assert [file.name for file in files][:3] == ["联系单12.pdf", "联系单12-1.png", "联系单12-2.png"]


def test_a_layout_that_is_not_there_is_said():
    with pytest.raises(DocumentFailed, match="nothing"):
        draw(paper("nothing"), words())


PANIC = (
    "\u200d\U0001f6a1w侒₳\u202eڼ\u200d\U0001f5ec\u202e下ע\u202eַ\U0001f3fd\U0001f4e0\u200dǨ״ƈײ※ـ\u200d⃱\U0001f8a2₎ļ丷₳⃁ɋ\U0001f5c3Ɇ⃌ǜǯ\ufeff佸乸"
    "\u202e佳₦\u202e\ufeff\u200d\u202e\u2062ǔĝ⁂þ֫ٓ\u200dⁿ\u200d\u200dƤ\u202e\u206f\ufeff\x9d佉丐\U0001f455以\ufeff\ufeff\U0001f53d⃞\u202e\u200d\u200d\ufeff\u200bĄ\u200d\u200dpmú؋"
)
"""On which Typst 0.15 panicked, as found by trying at random."""


def test_heaps_of_signs_that_turn_the_writing_are_drawn():
    assert len(draw(paper("minutes"), f"# 纪要\n- {PANIC}")) == 2


def test_a_panic_inside_typst_is_a_paper_that_failed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("documents.press._UNSHOWN", frozenset())
    try:
        files = draw(paper("minutes"), f"# 纪要\n- {PANIC}")
    except DocumentFailed:
        return
    assert len(files) == 2  # a Typst that has learnt it


def photo(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (400, 300), colour).save(out, "JPEG")
    return out.getvalue()


def rows(image: Image.Image, band: int) -> list[int]:
    """Where the middle of the page is coloured by this band alone (0 red, 2 blue)."""
    found = []
    for y in range(image.height):
        pixel = image.getpixel((image.width // 2, y))
        assert isinstance(pixel, tuple)
        if pixel[band] > 200 and sum(pixel) - pixel[band] < 60:
            found.append(y)
    return found


def test_pictures_stand_where_their_lines_are():
    minutes, said = Document("minutes", "", {}, "账", ("png",)), "# 账\n^ 门口\n^ 地库\n完"
    [both] = draw(minutes, said, [photo("red"), photo("blue")])
    shown = Image.open(BytesIO(both.data)).convert("RGB")
    assert 0 < max(rows(shown, 0)) < min(rows(shown, 2))


def test_a_picture_that_could_not_be_had_takes_its_line_along():
    minutes = Document("minutes", "", {}, "账", ("png",))
    [one] = draw(minutes, "# 账\n^ 门口\n^ 地库\n完", [None, photo("blue")])
    assert one.data == draw(minutes, "# 账\n^ 地库\n完", [photo("blue")])[0].data


def test_a_plan_shows_its_photos_and_has_room_for_signatures():
    said = "# 一房一案\n- 卧室漏水\n^ 报修\n^ 维修\n以书面认定为准\n* 住户\n* 物业\n* 社区"
    plan = Document("plan", "home_plan", {}, "一房一案", ("png",))
    pages = [
        draw(plan, said, shown) for shown in ((), (None, None), (photo("red"), None), (photo("red"), photo("blue")))
    ]
    plain, missing, one, two = (Image.open(BytesIO(page.data)).convert("RGB") for [page] in pages)
    assert plain.tobytes() == missing.tobytes()
    reds = [sum(n for n, c in image.getcolors(10**7) or [] if isinstance(c, tuple) and c[0] > 200 and c[1] < 60)
            for image in (plain, one, two)]  # fmt: skip
    assert reds[0] == 0
    assert reds[1] == reds[2] > 20_000


def test_words_alone_make_a_plan_too():
    assert draw(Document("plan", "home_plan", {}, "一房一案"), "只有一行")[0].data.startswith(b"%PDF-")
