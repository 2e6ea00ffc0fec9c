"""The interface's words, in Chinese and English.

Words live in ``locale/<language>/*.toml`` as dotted keys with ``{placeholders}``. Both languages
have the same keys and placeholders; a test sees to it, and that every key named in code exists.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

LOCALES = ("zh", "en")
_FOLDER = Path(__file__).with_name("locale")
_log = logging.getLogger(__name__)


@cache
def messages(locale: str) -> Mapping[str, str]:
    """All messages of ``locale`` by dotted key. Raises ValueError when two files define a key."""
    merged: dict[str, str] = {}
    for file in sorted((_FOLDER / locale).glob("*.toml")):
        for key, message in _flatten(tomllib.loads(file.read_text(encoding="utf-8"))):
            if key in merged:
                raise ValueError(f"{file.name}: {key!r} is defined in another file as well")
            merged[key] = message
    return merged


def translate(locale: str, key: str, **args: object) -> str:
    """The message ``key`` in ``locale``, filled in. An unknown key is logged and shown as it is."""
    message = messages(locale).get(key)
    if message is None:
        _log.error("no message %r in %r", key, locale)
        return key
    return message.format(**args) if args else message


def _flatten(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
