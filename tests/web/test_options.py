"""Streamlit's options: each is one that the pinned Streamlit knows, and each is in force."""

from __future__ import annotations

import pytest
from streamlit import config

from portal.settings import Settings
from portal.web import options

# what the gate, the speed and the records rely on; the reasons are in ADR 0002
NEEDED = {
    "runner.postScriptGC": False,
    "runner.magicEnabled": False,
    "browser.gatherUsageStats": False,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.enableAgentApi": False,
    "server.enableWebsocketCompression": False,
    "client.allowedOrigins": [],
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "server.trustedUserHeaders": {"X-Portal-User": "uid"},
}


@pytest.mark.parametrize("key", sorted({*options.from_file(), *NEEDED}))
def test_streamlit_knows_the_option(key: str) -> None:
    assert key in config._config_options_template


def test_the_options_are_in_force() -> None:
    before = {
        key: config.get_option(key)
        for key in {*options.from_file(), *options.from_settings(Settings())}
    }
    try:
        options.apply(Settings(secret="s" * 32, max_upload_mb=7))
        assert {key: config.get_option(key) for key in NEEDED} == NEEDED
        assert config.get_option("server.maxUploadSize") == 7
        assert config.get_option("server.cookieSecret") == "s" * 32
        assert config.get_option("theme.light.primaryColor") == "#1D4E89"
        assert config.get_option("theme.dark.primaryColor") == "#8FB8E8"
    finally:
        for key, value in before.items():
            config.set_option(key, value)
