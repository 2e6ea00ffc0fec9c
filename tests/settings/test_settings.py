"""Where settings come from, and what is said when one is wrong."""

from __future__ import annotations

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from portal.settings import HOME, SETTINGS, Settings, SettingsError, load, with_secret
from portal.settings.table import table

GUIDES = {"zh": "operator.zh.md", "en": "operator.en.md"}


def problems(environ: dict[str, str], **overrides: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environ, overrides)
    return str(caught.value).splitlines()


def test_defaults(tmp_path: Path) -> None:
    settings = load({"PORTAL_DATA_DIR": str(tmp_path)})
    assert settings == Settings(data_dir=tmp_path)
    assert (settings.tz, settings.password_profile) == ("Asia/Shanghai", "djbh2")
    assert (settings.idle_minutes, settings.absolute_hours) == (120, 12)


def test_the_command_line_beats_the_environment_which_beats_the_file(tmp_path: Path) -> None:
    (tmp_path / "portal.toml").write_text('port = 1001\ntz = "UTC"\nhost = "::1"\n')
    environ = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_PORT": "1002", "PORTAL_HOST": "::"}
    assert load(environ, {"port": "1003", "host": None}) == Settings(
        data_dir=tmp_path, tz="UTC", host="::", port=1003
    )


def test_another_file_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "elsewhere.toml"
    file.write_text(f'data_dir = "{tmp_path}"\nallowed_hosts = ["a.example", "b.example"]\n')
    settings = load({"PORTAL_CONFIG": str(file)})
    assert settings == Settings(data_dir=tmp_path, allowed_hosts=("a.example", "b.example"))
    assert problems({"PORTAL_CONFIG": str(tmp_path / "nothing.toml")})[0].startswith(
        f"{tmp_path}/nothing.toml: 读不了这个设置文件 / cannot read this file of settings"
    )


WRONG = [
    (
        {"PORTAL_PORT": "abc"},
        "PORTAL_PORT = 'abc': 应为0 到 65535 的整数 / expected a whole number from 0 to 65535",
    ),
    (
        {"PORTAL_IDLE_MINUTES": "0"},
        "PORTAL_IDLE_MINUTES = '0': 应为5 到 1440 的整数 / expected a whole number from 5 to 1440",
    ),
    (
        {"PORTAL_TZ": "Asia/Nowhere"},
        "PORTAL_TZ = 'Asia/Nowhere': 应为时区名称，如 Asia/Shanghai / "
        "expected a time zone's name, such as Asia/Shanghai",
    ),
    (
        {"PORTAL_PASSWORD_PROFILE": "none"},
        "PORTAL_PASSWORD_PROFILE = 'none': 应为djbh2、asvs 之一 / expected one of djbh2, asvs",
    ),
    ({"PORTAL_TLS": "on"}, "PORTAL_TLS = 'on': 应为true 或 false / expected true or false"),
    (
        {"PORTAL_TRUSTED_PROXIES": "10.0.0.0/8, proxy"},
        "PORTAL_TRUSTED_PROXIES = '10.0.0.0/8, proxy': 应为以逗号分隔的 IP 地址或网段 / "
        "expected IP addresses or networks, separated by commas",
    ),
    (
        {"PORTAL_OIDC_ISSUER": "http://sso.example"},
        "PORTAL_OIDC_ISSUER = 'http://sso.example': 应为以 https:// 开头的网址 / "
        "expected an address that begins with https://",
    ),
    (
        {"PORTAL_SECRET": "too short"},
        "PORTAL_SECRET = …: 应为至少 32 个随机字符 / expected at least 32 random characters",
    ),
]


@pytest.mark.parametrize(("environ", "sentence"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_value_is_named_with_what_was_expected(
    environ: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    assert problems({"PORTAL_DATA_DIR": str(tmp_path), **environ}) == [sentence]


@pytest.mark.parametrize(
    "address",
    [
        "academy.example",
        "ftp://academy.example",
        "https://",
        "https://academy.example/path",
        "https://academy.example?x",
        "https://user@academy.example",
        "https://academy.example:port",
        "https://[",
    ],
)
def test_a_base_url_is_an_origin(address: str, tmp_path: Path) -> None:
    given = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_BASE_URL": address}
    assert "expected an address such as https://academy.example.gov" in problems(given)[0]


def test_a_base_url_is_written_as_browsers_write_it_and_turns_tls_on(tmp_path: Path) -> None:
    given = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_BASE_URL": "HTTPS://Academy.example:443/"}
    settings = load(given)
    assert (settings.base_url, settings.tls) == ("https://academy.example", True)
    [problem] = problems({**given, "PORTAL_TLS": "false"})
    assert problem.startswith("tls = False: base_url 是 https，应为 true / expected true")


def test_all_problems_are_told_at_once_and_a_typing_error_is_one(tmp_path: Path) -> None:
    (tmp_path / "portal.toml").write_text('prot = 8501\nidle_minutes = "x"\n')
    found = problems({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_PORT": "-1"}, host="a b")
    assert len(found) == 3
    assert "prot = 8501: 没有这个设置" in found[0] and "expected one of data_dir, " in found[0]


def test_an_unknown_variable_is_told_but_does_no_harm(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    load({"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_SERVICE_HOST": "10.0.0.1"})
    assert "PORTAL_SERVICE_HOST" in caplog.text


def test_oidc_needs_what_belongs_to_it(tmp_path: Path) -> None:
    given = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_OIDC_ISSUER": "https://sso.example/"}
    assert [line.split(" ")[0] for line in problems(given)] == ["oidc_client_id", "base_url"]
    given |= {"PORTAL_OIDC_CLIENT_ID": "x", "PORTAL_BASE_URL": "https://a.example"}
    assert load(given).oidc_issuer == "https://sso.example/", "an issuer's last slash counts"


def test_mail_needs_a_sender_and_a_password_needs_encryption(tmp_path: Path) -> None:
    given = {
        "PORTAL_DATA_DIR": str(tmp_path),
        "PORTAL_SMTP_HOST": "mail.example.gov",
        "PORTAL_SMTP_USER": "academy",
        "PORTAL_SMTP_PASSWORD": "geheim-1234",
        "PORTAL_SMTP_SECURITY": "none",
    }
    assert [line.split(" ")[0] for line in problems(given)] == ["mail_from", "smtp_security"]
    assert "geheim" not in "".join(problems(given))
    given |= {"PORTAL_MAIL_FROM": "academy@example.gov", "PORTAL_SMTP_SECURITY": "tls"}
    settings = load({**given, "PORTAL_SMTP_PORT": "465"})
    assert (settings.smtp_port, settings.smtp_password) == (465, "geheim-1234")
    assert "geheim" not in repr(settings)
    for name, wrong in (("MAIL_FROM", "Li <a@b.cn>"), ("SMTP_PORT", "0"), ("SMTP_SECURITY", "ssl")):
        found = problems({**given, f"PORTAL_{name}": wrong})
        assert found[0].startswith(f"PORTAL_{name} = "), found


def test_the_secret_is_made_once_readable_by_nobody_else_and_the_same_for_all(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    settings = load({"PORTAL_DATA_DIR": str(folder)})
    assert settings.secret == "" and not folder.exists(), "reading settings writes nothing"
    with ThreadPoolExecutor(8) as several:
        made = {with_secret(one).secret for one in several.map(lambda _: settings, range(8))}
    assert len(made) == 1 and len(made.pop()) >= 32
    assert stat.S_IMODE((folder / "secret").stat().st_mode) == 0o600
    assert [file.name for file in folder.iterdir()] == ["secret"]
    again = load({"PORTAL_DATA_DIR": str(folder)})
    assert with_secret(again) == again
    given = load({"PORTAL_DATA_DIR": str(folder), "PORTAL_SECRET": "s" * 40})
    assert with_secret(given).secret == "s" * 40


def test_holidays_are_days_and_ranges_from_a_file_or_the_environment(tmp_path: Path) -> None:
    (tmp_path / "portal.toml").write_text(
        'holidays = [2027-01-01, "2027-02-05..2027-02-07"]', encoding="utf-8"
    )
    given = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_WORKDAYS": "2027-02-20"}
    settings = load(given)
    assert settings.holidays == (
        date(2027, 1, 1),
        date(2027, 2, 5),
        date(2027, 2, 6),
        date(2027, 2, 7),
    )
    assert settings.workdays == (date(2027, 2, 20),)
    for wrong in ("2027-02-30", "2027-02-07..2027-02-05", "2027-01-01..2028-01-01", "x"):
        [problem] = problems({**given, "PORTAL_WORKDAYS": wrong})
        assert "a list of days such as 2027-01-01" in problem


def test_secrets_are_not_shown() -> None:
    shown = repr(Settings(secret="hidden-1", oidc_client_secret="hidden-2"))
    assert "hidden" not in shown


def test_every_field_is_described_and_every_description_is_a_field() -> None:
    fields = [field.name for field in dataclasses.fields(Settings)]
    assert [setting.name for setting in SETTINGS] == fields
    assert all(setting.zh and setting.en for setting in SETTINGS)


@pytest.mark.parametrize("locale", ["zh", "en"])
def test_the_operators_guide_shows_the_table(locale: str) -> None:
    guide = (HOME / "portal" / "docs" / GUIDES[locale]).read_text(encoding="utf-8")
    _, _, rest = guide.partition("<!-- settings: python -m portal.settings.table -->\n")
    assert rest.startswith("\n" + table(locale)), "write it again: python -m portal.settings.table"
