"""Turns text from the environment, or a value from TOML, into a setting's value.

Each reader raises ``Unexpected`` with what it expected, in Chinese and in English.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from portal.core.addresses import is_address

LEAST_SECRET_CHARACTERS = 32
_LONGEST_RANGE = 60  # days; a longer one is a slip of the pen
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Unexpected(Exception):
    """What was expected, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en


def text(value: object) -> str:
    if not isinstance(value, str):
        raise Unexpected("一段文字", "text")
    return value.strip()


def email(value: object) -> str:
    given = text(value)
    if given and not is_address(given):
        raise Unexpected(
            "一个邮箱地址，如 xuetang@example.gov.cn",
            "an e-mail address such as academy@example.gov",
        )
    return given


def folder(value: object) -> Path:
    if not isinstance(value, str) or not value.strip():
        raise Unexpected("一个文件夹的路径", "the path of a folder")
    return Path(value.strip()).expanduser().resolve()


def file_name(value: object) -> str:
    given = text(value)
    if not given or given != Path(given).name:
        raise Unexpected("不带路径的文件名", "a file's name without a path")
    return given


def whole(least: int, most: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        try:
            number = int(value) if isinstance(value, str | int) else least - 1
        except ValueError:
            number = least - 1
        if isinstance(value, bool) or not least <= number <= most:
            raise Unexpected(f"{least} 到 {most} 的整数", f"a whole number from {least} to {most}")
        return number

    return read


def yes_no(value: object) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    found = value if isinstance(value, bool) else words.get(str(value).strip().lower())
    if found is None:
        raise Unexpected("true 或 false", "true or false")
    return found


def one_of(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise Unexpected(f"{'、'.join(choices)} 之一", f"one of {', '.join(choices)}")
        return str(value)

    return read


def names(value: object) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise Unexpected("以逗号分隔的列表", "a list, separated by commas")
    return tuple(part.strip() for part in parts if part.strip())


def days(value: object) -> tuple[date, ...]:
    """Single days and ranges ``2027-02-05..2027-02-11`` (both ends included), in order."""
    given = value if isinstance(value, list) else names(value)
    found: set[date] = set()
    for entry in given:
        first, _, last = str(entry).partition("..")
        try:
            begin, end = (
                date.fromisoformat(first.strip()),
                date.fromisoformat((last or first).strip()),
            )
        except ValueError:
            begin, end = date.max, date.min
        if not begin <= end <= begin + timedelta(days=_LONGEST_RANGE):
            raise Unexpected(
                "日期的列表，如 2027-01-01, 2027-02-05..2027-02-11",
                "a list of days such as 2027-01-01, 2027-02-05..2027-02-11",
            )
        found.update(begin + timedelta(days=n) for n in range((end - begin).days + 1))
    return tuple(sorted(found))


def networks(value: object) -> tuple[str, ...]:
    given = names(value)
    for name in given:
        try:
            ipaddress.ip_network(name, strict=False)
        except ValueError:
            raise Unexpected(
                "以逗号分隔的 IP 地址或网段", "IP addresses or networks, separated by commas"
            ) from None
    return given


def zone(value: object) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (OSError, ValueError, KeyError):
        raise Unexpected(
            "时区名称，如 Asia/Shanghai", "a time zone's name, such as Asia/Shanghai"
        ) from None


def origin(value: object) -> str:
    """``https://host[:port]`` as a browser writes it (no default port, no path), or nothing."""
    given = text(value).rstrip("/").lower()
    if not given:
        return ""
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    plain = f"{parts.scheme}://{parts.netloc}"
    named = parts.hostname and "@" not in parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or not named or given != plain:
        raise Unexpected(
            "网址，如 https://xuetang.example.gov.cn（不带路径）",
            "an address such as https://academy.example.gov (without a path)",
        )
    return plain.removesuffix(f":{port}") if port == _DEFAULT_PORTS[parts.scheme] else plain


def issuer(value: object) -> str:
    """An issuer exactly as it writes itself: a final slash counts."""
    given = text(value)
    parts = urlsplit(given)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if given and not (parts.hostname and (parts.scheme == "https" or local)):
        raise Unexpected("以 https:// 开头的网址", "an address that begins with https://")
    return given


def long_secret(value: object) -> str:
    given = text(value)
    if given and len(given) < LEAST_SECRET_CHARACTERS:
        raise Unexpected(
            f"至少 {LEAST_SECRET_CHARACTERS} 个随机字符",
            f"at least {LEAST_SECRET_CHARACTERS} random characters",
        )
    return given
