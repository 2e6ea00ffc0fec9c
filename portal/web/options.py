"""Streamlit's options: those of ``.streamlit/config.toml``, and those that follow from settings.

Streamlit itself looks for the file in the folder it is started from. Reading it here makes the
portal run the same from anywhere, and overrules a ``~/.streamlit/config.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from streamlit import config

from portal.settings import HOME, Settings

FILE = HOME / ".streamlit" / "config.toml"


def apply(settings: Settings) -> None:
    """Set every option, before Streamlit builds its routes.

    Raises OSError when the file is missing and RuntimeError on an option Streamlit lacks.
    """
    for key, value in {**from_file(), **from_settings(settings)}.items():
        config.set_option(key, value)


def from_file() -> dict[str, Any]:
    """The file's options by dotted key."""
    return dict(_flatten(tomllib.loads(FILE.read_text(encoding="utf-8"))))


def from_settings(settings: Settings) -> dict[str, Any]:
    """What only this installation knows, and what the gate relies on."""
    return {
        "server.cookieSecret": settings.secret,
        "server.maxUploadSize": settings.max_upload_mb,
        # the gate sets this header and drops a client's own: Streamlit's sessions belong to it
        "server.trustedUserHeaders": {"X-Portal-User": "uid"},
    }


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
