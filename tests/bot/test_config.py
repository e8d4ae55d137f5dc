"""config.yaml: what is refused, in which words; and the community that comes out."""

import re
from pathlib import Path

import pytest

from bot.config import load_config
from bot.roster import Added, community_of, grown
from domain.errors import ConfigError
from domain.messages import Chat
from domain.records import ChatRecord, Code
from domain.roster import Group
from domain.vocabulary import BuildingId, GroupRole, Role, StaffId, Urgency
from tests.moments import NOON

SHIPPED = (Path(__file__).parent.parent.parent / "config.yaml").read_text(encoding="utf-8")


def config(tmp_path: Path, text: str | bytes = SHIPPED):
    path = tmp_path / "config.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load_config(path)


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("\nbuildings:\n", "\ncolour: red\nbuildings:\n", ["colour: unknown key", "community, buildings, groups"]),
        ("phase: 一期", "phaze: 一期", ["buildings[0].phaze: unknown key", "rooms_per_floor"]),
        ("floors: 18", "floors: many", ["buildings[1].floors", "integer", "'many'", "for example 18"]),
        ("floors: 18", "floors: 0", ["buildings[1].floors", "greater than or equal to 1", "'0'"]),
        ("units: 3", "units: {}", ["buildings[1].units", "integer", "list of names"]),
        ("role: steward", "role: emperor", ["staff[2].role", "'steward'", "'emperor'", "social_worker"]),
        ('from: "23:00"', "from: 23:00", ["quiet_hours.from", "in quotes", '"23:00"']),
        ("timezone: Asia/Shanghai", "timezone: Beijing", ["community.timezone", "Asia/Shanghai", "'Beijing'"]),
        ('building: "3", role', 'building: "33", role', ["'g3'", "'33'", "1, 3, 5, 8, B"]),
        ("{id: g3,", "{id: g1,", ["groups", "'g1'", "twice"]),
        ("channels: {console: {}}", "channels: {consol: {}}", ["channels.consol: unknown key", "console, wechaty"]),
        ("channels: {console: {}}", "channels: {}", ["channels", "at least one channel"]),
        ("channels: {console: {}}", "channels: {wechaty: {endpoint: x}}", ["channels.wechaty.endpoint", "host:port"]),
        ("channels: {console: {}}", "channels: {console: {bind: 8765}}", ["channels.console.bind", "string"]),
        ("budgets: {group_posts: 6", "budgets: {group_posts: 0", ["budgets.group_posts"]),
        ("closing: {first_question_hours: 24, ", "closing: {", ["closing.first_question_hours: is missing"]),
        (
            "\nwarnings:",
            "\nlanguage_model: {provider: 某某, model: m, base_url: 'http://a.example/v1'}\nwarnings:",
            ["language_model.base_url", "https"],
        ),
        ("\nwarnings:", "\nlanguage_model: {model: m}\nwarnings:", ["language_model.provider: is missing", "深度求索"]),
        ("sources: []", "sources: [qweather]", ["warnings.sources[0]", "folder, feed, host or push"]),
        ("sources: []", "sources: [{file: x}]", ["warnings.sources[0]", "folder"]),
        ("open_storm_at: 蓝色", "open_storm_at: 紫色", ["warnings.open_storm_at", "蓝色"]),
        ("low: {沙袋: 100", "low: {沙袋: 许多", ["storm.low", "integer"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_path_and_what_was_expected(tmp_path, old: str, new: str, words: list[str]):
    assert old in SHIPPED
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, SHIPPED.replace(old, new, 1))
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    "text, words",
    [
        (b"", "expected the sections"),
        (b"- a\n- b\n", "expected the sections"),
        (b"community: {id: [", "expected YAML"),
        (b"\xff\xfe\x00", "expected UTF-8"),
        (b"a: &a [*a, *a]\n", "unknown key"),
    ],
)
def test_what_is_no_configuration_at_all_is_said(tmp_path, text: bytes, words: str):
    with pytest.raises(ConfigError, match=words):
        config(tmp_path, text)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigError, match=r"nowhere\.yaml.*--config"):
        load_config(tmp_path / "nowhere.yaml")


def test_a_key_in_the_place_of_its_variables_name_is_not_repeated(tmp_path):
    section = "language_model: {provider: 某某, model: m, base_url: 'https://a.example/v1', key_env: sk-hunter2}"
    with pytest.raises(ConfigError, match=r"language_model\.key_env.*environment variable") as caught:
        config(tmp_path, f"{SHIPPED}\n{section}\n")
    assert "hunter2" not in str(caught.value)


def test_the_models_provider_is_known_to_the_community(tmp_path):
    section = "language_model: {provider: 某某, model: m, base_url: 'https://a.example/v1', key_env: A_KEY}"
    assert community_of(config(tmp_path, f"{SHIPPED}\n{section}\n")).language_model == "某某"
    assert community_of(config(tmp_path)).language_model == ""


def test_a_password_belongs_into_the_environment_and_is_not_repeated(tmp_path):
    with pytest.raises(ConfigError, match=r"database\.url.*PGPASSWORD") as caught:
        config(tmp_path, f"{SHIPPED}\ndatabase: {{url: 'postgresql://me:hunter2@db/louqun'}}\n")
    assert "hunter2" not in str(caught.value)


def test_ids_may_be_written_without_quotes(tmp_path):
    plain = re.sub(r'"(\d)"', r"\1", SHIPPED)
    assert plain != SHIPPED
    assert community_of(config(tmp_path, plain)) == community_of(config(tmp_path))


def test_the_shipped_community(tmp_path):
    community = community_of(config(tmp_path))
    assert community.building("8") is not None
    assert community.buildings[BuildingId("8")].units == ("东", "西")
    assert community.buildings[BuildingId("3")].units == ("1", "2", "3")
    assert {group.channel for group in community.groups} == {"console"}
    assert community.staff[StaffId("sw-limin")].accounts == {"console": "sw-limin"}
    assert community.service_times[Urgency.EMERGENCY].arrive_minutes == 15
    assert {staff.role for staff in community.staff.values()} == set(Role)


def test_an_account_on_another_network_is_never_the_roster_id(tmp_path):
    """Somebody on a public network may have chosen the id sw-limin."""
    text = SHIPPED.replace("channels: {console: {}}", "channels: {wechaty: {endpoint: '127.0.0.1:8788'}}")
    community = community_of(config(tmp_path, text))
    assert {group.channel for group in community.groups} == {"wechaty"}
    assert all("wechaty" not in staff.accounts for staff in community.staff.values())


def test_a_replay_puts_everything_on_one_channel(tmp_path):
    community = community_of(config(tmp_path), everything_on="stage")
    assert {group.channel for group in community.groups} == {"stage"}
    assert community.staff[StaffId("sw-limin")].accounts == {"stage": "sw-limin"}


def test_what_was_bound_at_run_time_is_added_and_the_configuration_wins(tmp_path):
    community = community_of(config(tmp_path))
    bound = Group("console", "new", "8号楼邻里群", BuildingId("8"), GroupRole.BUILDING)
    other = Group("console", "g3", "改过的", BuildingId("8"), GroupRole.BUILDING)
    code = Code("d", StaffId("s1"), "李四", Role.REPAIRER, ("3",), NOON, NOON, NOON)
    chats = [ChatRecord(Chat("console", "new"), bound), ChatRecord(Chat("console", "g3"), other)]
    more = grown(community, Added(chats, [code]))
    assert more.groups == (*community.groups, bound)
    assert (more.staff[StaffId("s1")].name, more.staff[StaffId("s1")].buildings) == ("李四", ("3",))
    assert grown(community, Added()) is community
