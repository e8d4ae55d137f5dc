"""import-roster and export roster, as the person at the terminal meets them: good, late and wrong files."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from bot.app import beside
from bot.checking import holes
from bot.config import Config, load_config
from bot.roster import as_it_is
from bot.roster_import import export_roster, import_roster
from bot.running import database_url
from domain.errors import ConfigError
from domain.messages import Person
from domain.vocabulary import Role, StaffId

DEMO = Path(__file__).parent.parent.parent / "config.yaml"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("LOUQUN_DATABASE_URL", f"sqlite:///{tmp_path / 'louqun.sqlite3'}")
    return load_config(DEMO)


def sheet(folder: Path, *rows: list[object], name: str = "名册.xlsx") -> Path:
    book = Workbook()
    book.worksheets[0].title = "名册"
    for row in rows:
        book.worksheets[0].append(row)
    book.save(folder / name)
    return folder / name


async def staff(config: Config) -> dict[str, tuple[Role, tuple[str, ...], str]]:
    async with beside(config, database_url(config)) as here, here.store.begin(now := here.clock.now()) as work:
        community = await as_it_is(here.community, work, now)
    return {s.name: (s.role, tuple(s.buildings), s.phone) for s in community.staff.values()}


async def bound(config: Config, account: str) -> str | None:
    async with beside(config, database_url(config)) as here, here.store.begin(here.clock.now()) as work:
        return (await work.people.get(Person("console", account))).staff


HEAD: list[object] = ["编号", "姓名", "角色", "楼栋", "电话", "账号"]
LIMIN: list[object] = ["sw-limin", "李敏", "社工", "1号楼、3号楼", 13900000001, ""]
NEW: list[object] = ["", "吴晓梅", "社工", "5、8", "139-0000-0009", "wu-xm"]


async def test_the_first_run_only_says_what_would_change(config: Config, tmp_path: Path):
    file = sheet(tmp_path, HEAD, LIMIN, NEW)
    said = await import_roster(config, file, apply=False)
    assert "~ 李敏 (社工): buildings 1、3、5 → 1、3" in said
    assert "+ 吴晓梅 (社工): buildings 5、8, account on console: wu-xm" in said
    assert "--apply" in said[-1]
    assert "吴晓梅" not in await staff(config)


async def test_applied_it_stands_over_the_configuration_and_the_account_is_bound(config: Config, tmp_path: Path):
    await import_roster(config, sheet(tmp_path, HEAD, LIMIN, NEW), apply=True)
    now = await staff(config)
    assert now["李敏"] == (Role.SOCIAL_WORKER, ("1", "3"), "13900000001")
    assert now["吴晓梅"] == (Role.SOCIAL_WORKER, ("5", "8"), "139-0000-0009")
    assert "赵蕾" in now  # of the configuration, not in the file
    assert await bound(config, "wu-xm") is not None
    assert await bound(config, "sw-limin") == "sw-limin"


async def test_the_same_file_again_changes_nothing_and_keeps_who_is_who(config: Config, tmp_path: Path):
    file = sheet(tmp_path, HEAD, LIMIN, NEW)
    await import_roster(config, file, apply=True)
    before = await bound(config, "wu-xm")
    said = await import_roster(config, file, apply=True)
    assert "nothing changes" in said
    assert await bound(config, "wu-xm") == before


async def test_who_is_no_longer_in_the_file_leaves_and_an_old_account_has_no_say(config: Config, tmp_path: Path):
    await import_roster(config, sheet(tmp_path, HEAD, NEW), apply=True)
    other = [*NEW[:5], "wu-new-phone"]
    said = await import_roster(config, sheet(tmp_path, HEAD, other), apply=True)
    assert any("account on console: wu-new-phone" in line for line in said)
    assert (await bound(config, "wu-xm"), await bound(config, "wu-new-phone") is not None) == (None, True)
    said = await import_roster(config, sheet(tmp_path, HEAD, LIMIN), apply=True)
    assert "- 吴晓梅 (社工): no longer in the file" in said
    assert "吴晓梅" not in await staff(config)


async def test_every_wrong_cell_is_named_and_nothing_is_imported(config: Config, tmp_path: Path):
    file = sheet(
        tmp_path, ["本社区防汛人员"], HEAD,
        ["sw 1", "", "保安", "99号楼", "没有", ""],
        ["", "王五", "维修", datetime(2021, 3, 5), "", "same"],  # noqa: DTZ001  as a spreadsheet has it
        ["", "赵六", "维修", "", "", "same"],
        NEW,
    )  # fmt: skip
    with pytest.raises(ConfigError) as refused:
        await import_roster(config, file, apply=True)
    told = str(refused.value)
    cells = ("名册!A3", "名册!B3", "名册!C3", "名册!D3", "名册!E3", "名册!D4")
    assert [cell for cell in cells if f"{cell}: " not in told] == []
    assert "expected one of 社工、管家、维修、书记、管理员" in told
    assert "formatted as text" in told
    assert "吴晓梅" not in await staff(config)


async def test_two_lines_for_one_person_or_one_account(config: Config, tmp_path: Path):
    twice = sheet(tmp_path, HEAD, NEW, [*NEW[:5], "other"])
    with pytest.raises(ConfigError, match=r"名册!B3: 吴晓梅 stands in 名册!B2 already; an id"):
        await import_roster(config, twice, apply=True)
    shared = sheet(tmp_path, HEAD, NEW, ["", "周六", "维修", "", "", "wu-xm"])
    with pytest.raises(ConfigError, match=r"名册!B3: the account wu-xm stands in 名册!B2 already"):
        await import_roster(config, shared, apply=True)


async def test_an_account_of_the_configuration_stays_its_owners(config: Config, tmp_path: Path):
    thief = sheet(tmp_path, HEAD, ["", "张三", "书记", "", "", "adm-zhou"])
    with pytest.raises(ConfigError, match="the configuration gives the account adm-zhou to adm-zhou"):
        await import_roster(config, thief, apply=True)
    assert await bound(config, "adm-zhou") == "adm-zhou"


@pytest.mark.parametrize(
    "rows, words",
    [
        ([["随便", "写写"]], "expected a line with the column names 姓名 and 角色"),
        ([HEAD], "expected at least one person"),
        (
            [["姓名", "角色", "账号(dingtalk)"], ["李四", "社工", "x"]],
            "dingtalk is no channel; expected one of console",
        ),
        ([["姓名", "角色", "姓名"], ["李四", "社工", "李四"]], "the column 姓名 is there twice"),
    ],
)
async def test_a_file_of_another_form(config: Config, tmp_path: Path, rows: list[list[object]], words: str):
    with pytest.raises(ConfigError) as refused:
        await import_roster(config, sheet(tmp_path, *rows), apply=True)
    assert words in str(refused.value)


async def test_a_table_of_gbk_with_other_words_for_columns(config: Config, tmp_path: Path):
    file = tmp_path / "名册.csv"
    file.write_bytes("名字,岗位,包楼,手机,备注\n吴晓梅,物业管家,全部,13900000009,爱笑\n".encode("gb18030"))
    said = await import_roster(config, file, apply=True)
    assert said[0] == "名册.csv!E1: the column 备注 is not read"
    assert (await staff(config))["吴晓梅"] == (Role.STEWARD, (), "13900000009")


@pytest.mark.parametrize("name", ["out.xlsx", "out.csv"])
async def test_what_is_exported_can_be_imported_and_changes_nothing(config: Config, tmp_path: Path, name: str):
    await import_roster(config, sheet(tmp_path, HEAD, LIMIN, NEW), apply=True)
    assert await export_roster(config, tmp_path / name) == [f"9 people in {tmp_path / name}"]
    assert "nothing changes" in await import_roster(config, tmp_path / name, apply=True)
    if name.endswith("xlsx"):
        [out] = load_workbook(tmp_path / name).worksheets
        assert [cell.value for cell in out[1]] == ["编号", "姓名", "角色", "楼栋", "电话", "账号（console）"]
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


async def test_an_export_of_another_kind_or_to_nowhere(config: Config, tmp_path: Path):
    with pytest.raises(ConfigError, match=r"expected a name that ends in \.xlsx or \.csv"):
        await export_roster(config, tmp_path / "名册.doc")
    with pytest.raises(ConfigError, match="cannot be written"):
        await export_roster(config, tmp_path / "nowhere" / "名册.xlsx")


async def test_check_names_the_holes_before_a_storm(config: Config, tmp_path: Path):
    assert [line for line in await holes(config) if "bound" in line or "social worker" in line] == []
    assert not (tmp_path / "louqun.sqlite3").exists()
    await import_roster(config, sheet(tmp_path, HEAD, LIMIN, [*NEW[:5], ""]), apply=True)
    async with beside(config, database_url(config)) as here, here.store.begin(here.clock.now()) as work:
        for account in ("phone-1", "phone-2"):
            record = await work.people.get(Person("console", account))
            await work.people.save(type(record)(record.person, staff=StaffId("rp-liu")))
    told = "\n".join(await holes(config))
    assert "! 吴晓梅 is bound on no channel" in told
    assert "! 刘海 is 3 accounts on console" in told


async def test_check_names_a_building_without_a_social_worker(config: Config):
    only = tuple(s for s in config.staff if s.id != "sw-zhaolei")
    told = await holes(config.model_copy(update={"staff": only}))
    assert [line for line in told if "social worker" in line] == [
        "! 8号楼 has no social worker", "! B座 has no social worker",
    ]  # fmt: skip
