"""What an operator can set, and from where: defaults < TOML file < environment < command line.

The file is ``$PORTAL_CONFIG``, or ``portal.toml`` in the data folder when there is one. An
environment variable is the setting's name in capitals behind ``PORTAL_``. A wrong value stops the
start with a sentence that names key, value and expectation.
"""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from portal.settings import secret as secret_file
from portal.settings.catalogue import SETTINGS, Setting, Value
from portal.settings.read import Unexpected

__all__ = ["SETTINGS", "Setting", "Settings", "SettingsError", "Value", "load", "with_secret"]

HOME = Path(__file__).resolve().parents[2]
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_BY_VARIABLE = {setting.variable: setting for setting in SETTINGS}
_CONFIG_VARIABLE = "PORTAL_CONFIG"
_log = logging.getLogger(__name__)

_Given = tuple[str, object]  # how the operator would find it again, and the value


class SettingsError(ValueError):
    """One line a problem: ``key = value: what was expected``, in Chinese and English."""


@dataclass(frozen=True)
class Settings:
    """All that may differ between two installations; ``SETTINGS`` says what each field means."""

    data_dir: Path = HOME / "data"
    database: str = "portal.db"
    content_dir: Path = HOME
    host: str = "127.0.0.1"
    port: int = 8501
    base_url: str = ""
    tz: str = "Asia/Shanghai"
    password_profile: str = "djbh2"  # noqa: S105 (a profile's name)
    idle_minutes: int = 120
    absolute_hours: int = 12
    tls: bool = False
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    max_upload_mb: int = 20
    content_review: str = "second"
    statutes_dir: str = "statutes"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)
    oidc_login_claim: str = "preferred_username"
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    smtp_host: str = ""
    smtp_port: int = 587
    smtp_security: str = "starttls"
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    mail_from: str = ""
    secret: str = field(default="", repr=False)


def load(
    environ: Mapping[str, str] = os.environ, overrides: Mapping[str, str | None] | None = None
) -> Settings:
    """The settings of this start; ``overrides`` (from the command line) win, None means not given.

    Reads the TOML file and the data folder's secret and writes nothing. Raises SettingsError
    with every problem found.
    """
    problems: list[str] = []
    stronger = {**_from_environment(environ), **_from_command_line(overrides or {})}
    folder = _data_dir(stronger)
    given = {**_from_file(environ.get(_CONFIG_VARIABLE), folder, problems), **stronger}
    values = dict(_read(given, problems))
    settings = Settings(**values)  # type: ignore[arg-type]
    problems.extend(_disagreements(settings, "tls" in values))
    if settings.data_dir.exists() and not settings.data_dir.is_dir():
        problems.append(f"--data = '{settings.data_dir}': 应为文件夹 / expected a folder")
    if problems:
        raise SettingsError("\n".join(problems))
    return replace(
        settings,
        tls=settings.tls or settings.base_url.startswith("https://"),
        secret=settings.secret or secret_file.kept(settings.data_dir),
    )


def with_secret(settings: Settings) -> Settings:
    """``settings`` with a secret, made and kept in the data folder if need be. Raises OSError."""
    return (
        settings
        if settings.secret
        else replace(settings, secret=secret_file.make(settings.data_dir))
    )


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Given]:
    given: dict[str, _Given] = {}
    for variable, value in environ.items():
        if variable in _BY_VARIABLE:
            given[_BY_VARIABLE[variable].name] = (variable, value)
        elif variable.startswith("PORTAL_") and variable != _CONFIG_VARIABLE:
            _log.warning("%s: 没有这个设置，忽略 / no such setting, ignored", variable)
    return given


def _from_command_line(overrides: Mapping[str, str | None]) -> dict[str, _Given]:
    return {
        name: (f"--{name.removesuffix('_dir').replace('_', '-')}", value)
        for name, value in overrides.items()
        if value is not None
    }


def _data_dir(stronger: Mapping[str, _Given]) -> Path:
    """Where ``portal.toml`` is looked for: known before the file itself can be read."""
    found = dict(_read({k: v for k, v in stronger.items() if k == "data_dir"}, []))
    folder = found.get("data_dir", HOME / "data")
    assert isinstance(folder, Path)
    return folder


def _from_file(chosen: str | None, folder: Path, problems: list[str]) -> dict[str, _Given]:
    file = Path(chosen).expanduser() if chosen else folder / "portal.toml"
    if not chosen and not file.exists():
        return {}
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{file}: 读不了这个设置文件 / cannot read this file of settings: {error}")
        return {}
    problems.extend(
        f"{file}: {key} = {value!r}: 没有这个设置，应为其中之一 / no such setting, "
        f"expected one of {', '.join(_BY_NAME)}"
        for key, value in values.items()
        if key not in _BY_NAME
    )
    return {key: (f"{file}: {key}", value) for key, value in values.items() if key in _BY_NAME}


def _read(given: Mapping[str, _Given], problems: list[str]) -> Iterator[tuple[str, Value]]:
    for name, (where, value) in given.items():
        setting = _BY_NAME[name]
        try:
            yield name, setting.read(value)
        except Unexpected as unexpected:
            shown = "…" if setting.hidden else repr(value)
            problems.append(f"{where} = {shown}: 应为{unexpected.zh} / expected {unexpected.en}")


def _disagreements(settings: Settings, tls_given: bool) -> Iterator[str]:
    """What is right by itself and wrong together."""
    if settings.base_url.startswith("https://") and tls_given and not settings.tls:
        yield f"tls = False: base_url 是 https，应为 true / expected true: {settings.base_url}"
    if settings.smtp_host and not settings.mail_from:
        yield "mail_from = '': 设了 smtp_host，应有值 / expected a value, since smtp_host is set"
    if settings.smtp_user and settings.smtp_security == "none":
        yield (
            "smtp_security = 'none': 设了 smtp_user，密码不能明文传输 / expected starttls or tls, "
            "since smtp_user is set: a password must not travel in the clear"
        )
    if settings.oidc_issuer:
        for name in ("oidc_client_id", "oidc_login_claim", "base_url"):
            if not getattr(settings, name):
                yield (
                    f"{name} = '': 设了 oidc_issuer，应有值 / expected a value, "
                    "since oidc_issuer is set"
                )
